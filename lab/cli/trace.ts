/**
 * `linlab run --trace`: the run as a table that grows downwards, a column per server, as people read Raft's logs. Where
 * the terminal has no room for the columns, each line names its server instead.
 */

import type { Line, Topic } from "../run/index.ts";
import { type Style, styled } from "./style.ts";

const STYLES: Readonly<Record<Topic, Style>> = {
  TIMER: "dim",
  VOTE: "yellow",
  LEAD: "bold",
  LOG: "blue",
  COMMIT: "green",
  SNAP: "magenta",
  PERSIST: "dim",
  DROP: "red",
  CLIENT: "cyan",
  FAULT: "red",
};

/** Milliseconds and the topic come before the columns. */
const MARGIN = 19;
/** Five servers fit into 80 columns. */
const NARROWEST = 12;
const WIDEST = 36;
/** Of a terminal that does not say, or of a pipe. */
const USUAL = 80;

/** Prints line by line; a text that is too long for its column goes on below. */
export function tracePrinter(
  servers: number,
  terminal = process.stdout.columns ?? USUAL,
  print = (text: string) => void process.stdout.write(text),
): (line: Line) => void {
  const share = Math.floor((terminal - MARGIN) / servers);
  const hasColumns = share >= NARROWEST;
  const width = hasColumns ? Math.min(WIDEST, share) : terminal - MARGIN;
  const names = Array.from({ length: servers }, (_, i) => `n${i + 1}`.padEnd(width)).join("");
  const head = `${"ms".padStart(10)} topic   ${hasColumns ? names : ""}`;
  print(`${styled("bold", head.trimEnd())}\n`);
  return ({ time, topic, node, text }) => {
    const column = hasColumns && node !== null ? Number(node.slice(1)) - 1 : 0;
    const room = node === null ? terminal - MARGIN : width - 1;
    const indent = " ".repeat(column * width);
    const said = hasColumns || node === null ? text : `${node} ${text}`;
    for (const [i, part] of wrapped(said, room).entries()) {
      const margin =
        i === 0 ? `${(time / 1000).toFixed(3).padStart(10)} ${topic.padEnd(8)}` : " ".repeat(MARGIN);
      print(`${margin}${indent}${styled(STYLES[topic], part)}\n`);
    }
  };
}

function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1)!;
    if (line !== "" && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines;
}
