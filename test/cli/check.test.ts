/** `linlab check` on files of other people's. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { unpack } from "../../visualizer/columns.ts";
import type { Drawn } from "../../visualizer/index.ts";
import { ROOT } from "../source.ts";
import { linlab } from "./command.ts";

const directory = mkdtempSync(join(tmpdir(), "linlab-check-"));

function file(name: string, ...lines: string[]): string {
  writeFileSync(join(directory, name), `${lines.join("\n")}\n`);
  return name;
}

const ok = file(
  "ok.edn",
  "[{:process 0 :type :invoke :f :write :value 1}",
  " {:process 0 :type :ok :f :write :value 1}",
  " {:process 1 :type :invoke :f :cas :value [1 2]}",
  " {:process 1 :type :ok :f :cas :value [1 2]}]",
);
const stale = file(
  "stale.log",
  "INFO  jepsen.util - 0\t:invoke\t:write\t1",
  "INFO  jepsen.util - 0\t:ok\t:write\t1",
  "INFO  jepsen.util - 1\t:invoke\t:read\tnil",
  "INFO  jepsen.util - 1\t:ok\t:read\tnil",
);
const queue = file(
  "queue.json",
  JSON.stringify([
    { process: 0, type: "invoke", f: "enqueue", value: 1 },
    { process: 0, type: "ok", f: "enqueue", value: 1 },
    { process: 0, type: "invoke", f: "dequeue", value: null },
    { process: 0, type: "ok", f: "dequeue", value: null },
  ]),
);
/** Linearizable only if the register began as 0, or if the refused cas is dropped. */
const began = file(
  "began.edn",
  "({:process 0 :type :invoke :f :read :value nil} {:process 0 :type :ok :f :read :value 0}",
  " {:process 1 :type :invoke :f :cas :value [0 2]} {:process 1 :type :fail :f :cas :value [0 2]})",
);
const torn = file("torn.edn", "[{:process 0 :type :invoke :f :write :value 1}", " {:process");

const at = { cwd: directory };

/** The lines about files, without the reasons beneath them. */
const verdicts = (stdout: string) => stdout.match(/^\S+: (ok|illegal|unknown).*$/gm);

test("tells format and model by the content, and judges a line a file", async () => {
  const { code, stdout, stderr } = await linlab(["check", ok, stale, queue], at);
  expect(verdicts(stdout)).toEqual([
    "ok.edn: ok (cas-register, 2 operations, 1 object)",
    "stale.log: illegal on register (register, 2 operations, 1 object)",
    "queue.json: illegal on queue (queue, 2 operations, 1 object)",
  ]);
  expect(stdout.replace(/\s+/g, " ")).toContain("a stale read, one version behind");
  expect(stderr).toBe("");
  expect(code).toBe(1);
});

test("threads change nothing but the time", async () => {
  const files = [stale, ok, queue, ok, stale];
  const alone = await linlab(["check", ...files, "--json"], at);
  const spread = await linlab(["check", ...files, "--json", "--workers", "2"], at);
  expect(JSON.parse(alone.stdout).files.map(({ file }: { file: string }) => file)).toEqual(files);
  expect(spread).toEqual(alone);
  const lines = await linlab(["check", ...files, "--workers", "3"], at);
  expect(verdicts(lines.stdout)!.map((line) => line.split(":")[0])).toEqual(files);
});

test("a file that cannot be judged is told with its line, and keeps no other from being judged", async () => {
  for (const more of [[], ["--workers", "2"]]) {
    const { code, stdout, stderr } = await linlab(["check", torn, "nowhere", stale, ...more], at);
    expect(stderr).toBe(
      "linlab: torn.edn:3: expected } to close the { of line 2, found the end of the file\n" +
        "linlab: cannot read nowhere: no such file or directory\n",
    );
    expect(stdout).toMatch(/^stale.log: illegal/);
    expect(code).toBe(2);
  }
});

test("the state at first, refusals and nil reads are as the flags say", async () => {
  const verdict = async (name: string, ...flags: string[]) => {
    const { stdout } = await linlab(["check", name, ...flags], at);
    return stdout.split(" ")[1];
  };
  expect(await verdict(began)).toBe("illegal");
  expect(await verdict(began, "--initial", "0")).toBe("illegal");
  expect(await verdict(began, "--initial", "0", "--refusals", "drop")).toBe("ok");
  expect(await verdict(stale, "--nil-reads", "unseen")).toBe("ok");
  expect(await verdict(stale, "--model", "cas-register")).toBe("illegal");
});

test("--html writes a page of the one history, with the command that writes it again", async () => {
  const { code, stdout } = await linlab(["check", stale, "--html", "pages/it's.html"], at);
  expect(verdicts(stdout)).toEqual(["stale.log: illegal on register (register, 2 operations, 1 object)"]);
  expect(code).toBe(1);
  const page = readFileSync(join(directory, "pages/it's.html"), "utf8");
  expect(page).toContain("a stale read, one version behind.");
  expect(page).toContain("npx linlab check stale.log --html &#39;pages/it&#39;\\&#39;&#39;s.html&#39;");
  const [, json] = /<script type="application\/json" id="report"[^>]*>([^<]*)<\/script>/.exec(page)!;
  const { operations, clients } = unpack<Drawn>(JSON.parse(json!));
  expect(clients).toEqual(["0", "1"]);
  // The log has no times: its lines are a millisecond apart.
  expect(operations.map(({ words, call, return: end }) => [words, call, end])).toEqual([
    ["write 1", 0, 1000],
    ["read -> null", 2000, 3000],
  ]);
});

test("standard input is a file too", () => {
  const command = [join(ROOT, "lab/cli/linlab.mjs"), "check", "-", "--initial", "[1]"];
  const input =
    '{"process":0,"type":"invoke","f":"dequeue"}\n{"process":0,"type":"ok","f":"dequeue","value":1}\n';
  const { stdout, status } = spawnSync(process.execPath, command, { input, encoding: "utf8" });
  expect(stdout).toBe("-: ok (queue, 1 operation, 1 object)\n");
  expect(status).toBe(0);
});

test.each<[string[], string]>([
  [["--model", "bank"], "--model bank: expected one of register, cas-register"],
  [["--format", "xml"], "--format xml: expected ndjson, jepsen-edn, jepsen-json, jepsen-log"],
  [["--nil-reads", "x"], "--nil-reads x: expected unseen, absent"],
  [["--refusals", "x"], "--refusals x: expected keep, drop"],
  [["--budget", "many"], "--budget many: expected a whole number"],
  [["--html", "page.html", "other.edn"], "--html draws one history into one file"],
  [["--html", "ok.edn/page.html"], "--html ok.edn: cannot write there"],
  [["--workers", "0"], "--workers 0: expected a whole number"],
  [["--initial", "{1"], "--initial:1: expected } to close the { of line 1"],
  [
    ["--initial", "[1]"],
    "ok.edn: expected a state of cas-register as text, number or null, not [1]; see --initial",
  ],
  [["--format", "jepsen-json"], "ok.edn:1: expected JSON"],
])("%s is refused", async (flags, message) => {
  const { code, stdout, stderr } = await linlab(["check", ok, ...flags], at);
  expect(stderr).toContain(message);
  expect(stdout).toBe("");
  expect(code).toBe(2);
});
