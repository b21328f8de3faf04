/** A failure as sentences: what is told to happen and what the clients see of it, in the order of time. */

import {
  counted,
  type Duration,
  type Instant,
  MILLISECOND,
  type NodeId,
  SECOND,
} from "../../src/base/index.ts";
import type { KvMessage, Operation, Result } from "../../src/kv/index.ts";
import { defaultSettings, type Settings } from "../cluster/index.ts";
import { type Decision, type Failure, observeStage, type Taken } from "../replay/index.ts";
import { defaultOptions, type FaultBand, type Run, wordingOf } from "../run/index.ts";

interface Line {
  readonly at: Instant;
  readonly text: string;
}

/** One sentence a line; the first says in what world, the last what is wrong. */
export function storyOf(failure: Failure): readonly string[] {
  const { run, taken } = observeStage(failure);
  const settings = settingsOf(taken);
  const lines = [
    // Of what happens at one instant, what is asked comes before what becomes of the messages.
    ...(run === null ? [] : [...faultLines(run), ...operationLines(run)]),
    ...taken.flatMap((each) => decisionLine(each, settings)),
    ...(run === null ? [] : leaderLines(run)),
  ];
  lines.sort((a, b) => a.at - b.at);
  return [
    worldOf(failure, settings),
    ...lines.map(({ at, text }) => `At ${seconds(at)} ${text}.`),
    failure.sentence,
  ];
}

function worldOf({ options }: Failure, settings: Settings): string {
  const { servers, clients, mutant } = options;
  const names = Object.keys(defaultSettings) as (keyof Settings)[];
  const unusual = names
    .filter((name) => JSON.stringify(settings[name]) !== JSON.stringify(defaultSettings[name]))
    .map((name) => `${name} ${valueText(settings[name])}`);
  const broken = mutant === defaultOptions.mutant ? [] : [`with the deliberate bug ${mutant}`];
  const world = [counted(servers, "server"), counted(clients, "client"), ...broken, ...unusual];
  return `${world.join(", ")}.`;
}

function valueText(value: Settings[keyof Settings]): string {
  if (typeof value !== "object" || value === null) return String(value);
  const fields = Object.entries(value).map(([name, each]) => {
    const isTime = typeof each === "number" && each >= MILLISECOND;
    return `${name} ${isTime ? milliseconds(each) : each}`;
  });
  return `(${fields.join(", ")})`;
}

function settingsOf(taken: readonly Taken[]): Settings {
  const found = taken.map(({ decision }) => decision).find((decision) => decision.kind === "settings");
  return found?.settings ?? defaultSettings;
}

// --- What is told ---

function faultLines({ report }: Run): readonly Line[] {
  return report.bands
    .filter(({ kind }) => kind !== "healing")
    .map((band) => ({ at: band.at, text: faultText(band) }));
}

/** In the words of the run: whom it struck stands there by name. */
function faultText({ kind, label, until }: FaultBand): string {
  if (kind === "transfer" || kind === "membership") return label;
  const cut = /^cut (.*) \| (.*)$/.exec(label);
  const what = cut === null ? label : `cut ${listed(cut[1]!.split(" "))} from ${listed(cut[2]!.split(" "))}`;
  return `${what}, until ${seconds(until)}`;
}

function decisionLine({ decision, at, payload }: Taken, { timing }: Settings): readonly Line[] {
  const line = (text: string): readonly Line[] => [{ at, text }];
  switch (decision.kind) {
    case "draw":
      return decision.node.startsWith("n")
        ? line(
            `${decision.node} waits for ${milliseconds(timing.electionTimeout + decision.value)} before it stands for election`,
          )
        : line(`${decision.node} draws ${decision.value} for whom to ask or how long to pause`);
    case "message": {
      const { from, to } = decision;
      return line(`${messageText(from, to, payload!)}: the message ${fateText(decision)}`);
    }
    case "unanswered":
      return line(
        `${decision.from} will hear after ${milliseconds(decision.delay)} that it cannot reach ${decision.to}`,
      );
    case "disk":
      return line(
        `the disk of ${decision.node} keeps ${counted(decision.kept, "unsynced write")} through the crash`,
      );
    case "leader":
      return line(`the leader is ${decision.node ?? "nobody"}`);
    case "rest":
      return decision.nodes.length === 0
        ? []
        : line(`${listed(decision.nodes)} stay cut off while the others heal`);
    case "manners": {
      const patience =
        decision.patience === null ? "" : `, and gives up after ${milliseconds(decision.patience)}`;
      return line(
        `${decision.client} waits ${milliseconds(decision.attemptTimeout)} for a server${patience}`,
      );
    }
    case "command":
    case "settings":
    case "conditions":
      // Told as operations, and with the world.
      return [];
  }
}

function messageText(from: NodeId, to: NodeId, payload: KvMessage): string {
  const wording = wordingOf(from, to, payload);
  if (wording === null)
    return payload.kind === "appendEntries" ? `${from} sends ${to} a heartbeat` : `${from} answers ${to}`;
  // What a client asks is worded for the column of the server that it asks.
  return wording.node === from ? `${from} ${wording.text}` : `${wording.text} of ${to}`;
}

function fateText({ lost, delay, copyDelay }: Decision & { kind: "message" }): string {
  const again = copyDelay === null ? "" : `, and again after ${milliseconds(copyDelay)}`;
  return `${lost ? "is lost" : `arrives after ${milliseconds(delay)}`}${again}`;
}

// --- What comes of it ---

function leaderLines({ report }: Run): readonly Line[] {
  return report.servers.flatMap(({ id, spans }) =>
    spans
      .filter(({ status }, i) => status === "leader" && spans[i - 1]?.status !== "leader")
      .map(({ from, term }) => ({ at: from, text: `${id} leads term ${term}` })),
  );
}

function operationLines({ history }: Run): readonly Line[] {
  const answers = new Map<number, { readonly time: Instant; readonly output: Result }>();
  for (const event of history) if (event.kind === "response") answers.set(event.operation, event);
  return history.flatMap((event): readonly Line[] => {
    if (event.kind !== "invoke") return [];
    const answer = answers.get(event.operation);
    const asks = `${event.client} ${operationText(event.input)}`;
    if (answer === undefined) return [{ at: event.time, text: `${asks}, and never hears the answer` }];
    return [
      { at: event.time, text: asks },
      { at: answer.time, text: `${event.client} hears ${resultText(event.input, answer.output)}` },
    ];
  });
}

function operationText(operation: Operation): string {
  const { key } = operation;
  switch (operation.kind) {
    case "get":
      return `reads ${key}`;
    case "put":
      return `puts ${key} = ${quote(operation.value)}`;
    case "append":
      return `appends ${quote(operation.value)} to ${key}`;
    case "delete":
      return `deletes ${key}`;
    case "cas":
      return `puts ${key} = ${quote(operation.value)} if it is ${quote(operation.expected)}`;
  }
}

function resultText({ kind, key }: Operation, result: Result): string {
  if (result.kind === "value") return `that ${key} is ${quote(result.value)}`;
  if (result.kind === "swapped") return `that ${key} was ${result.swapped ? "swapped" : "not swapped"}`;
  return `that the ${kind} is done`;
}

function quote(value: string | null): string {
  return value === null ? "absent" : JSON.stringify(value);
}

function seconds(time: Instant): string {
  return `${(time / SECOND).toFixed(3)} s`;
}

function milliseconds(time: Duration): string {
  return `${time / MILLISECOND} ms`;
}

function listed(ids: readonly NodeId[]): string {
  return ids.length < 2 ? (ids[0] ?? "nobody") : `${ids.slice(0, -1).join(", ")} and ${ids.at(-1)}`;
}
