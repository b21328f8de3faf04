/** What servers count by, held against what their logs say. */

import { expect, test } from "vitest";
import { Configurations } from "../../lab/oracles/configurations.ts";
import { type Configuration, configurationOf, type Raft } from "../../src/raft/index.ts";

const first = configurationOf(["n1", "n2", "n3"]);
const joint = configurationOf(["n2", "n4"], ["n1", "n2", "n3"]);
const last = configurationOf(["n2", "n4"]);

function watched() {
  const said: string[] = [];
  const configurations = new Configurations(["n1", "n2", "n3"], (name, message) =>
    said.push(`${name}: ${message}`),
  );
  const server = (id: string, configuration: Configuration, commitIndex = 0, snapshotIndex = 0) =>
    ({ id, configuration, commitIndex, log: { snapshotIndex } }) as unknown as Raft;
  return { said, configurations, server };
}

test("a server counts by the latest configuration in its log, from when it is there", () => {
  const { said, configurations, server } = watched();
  configurations.check(server("n1", first));
  configurations.appended("n1", 4, { kind: "noop" });
  configurations.appended("n1", 5, joint);
  configurations.check(server("n1", joint));
  expect(said).toEqual([]);
  configurations.check(server("n1", first));
  expect(said).toEqual(["latest configuration: n1 counts by n1 n2 n3, its log says n1 n2 n3 and n2 n4"]);
});

test("when it is cut off, the one before counts again", () => {
  const { said, configurations, server } = watched();
  configurations.appended("n1", 5, joint);
  configurations.appended("n1", 7, last);
  configurations.cutFrom("n1", 6);
  configurations.check(server("n1", joint));
  configurations.cutFrom("n1", 5);
  configurations.check(server("n1", first));
  expect(said).toEqual([]);
  configurations.check(server("n1", joint));
  expect(said).toHaveLength(1);
});

test("a snapshot stands for those that were committed up to its end", () => {
  const { said, configurations, server } = watched();
  configurations.appended("n1", 5, joint);
  configurations.appended("n1", 7, last);
  configurations.committedBy(server("n1", last, 6), 0);
  configurations.check(server("n4", joint, 6, 6));
  configurations.check(server("n4", first, 4, 4));
  expect(said).toEqual([]);
  configurations.check(server("n4", last, 6, 6));
  expect(said).toEqual(["latest configuration: n4 counts by n2 n4, its log says n1 n2 n3 and n2 n4"]);
});

test("what a server had before a snapshot took its place is no configuration that anybody agreed on", () => {
  const { said, configurations, server } = watched();
  configurations.appended("n1", 5, joint);
  configurations.committedBy(server("n1", first, 9, 8), 8);
  configurations.check(server("n1", first, 9, 8));
  expect(said).toEqual([]);
});
