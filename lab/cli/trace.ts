/** `linlab run --trace`: the run as a table that grows downwards, a column per server, as people read Raft's logs. */

import type { Line, Topic } from "../run/index.ts";
import { type Style, styled } from "./style.ts";

const STYLES: Readonly<Record<Topic, Style>> = {
  TIMER: "dim",
  VOTE: "yellow",
  LEAD: "bold",
  LOG: "blue",
  COMMIT: "green",
  PERSIST: "dim",
  DROP: "red",
  CLIENT: "cyan",
  FAULT: "magenta",
};

/** Milliseconds and the topic come before the columns. */
const MARGIN = 19;
const NARROWEST = 14;
const WIDEST = 36;

/** Prints line by line; a text that is too long for its column goes on below. */
export function tracePrinter(servers: number): (line: Line) => void {
  const columns = process.stdout.columns ?? MARGIN + servers * WIDEST;
  const width = Math.min(WIDEST, Math.max(NARROWEST, Math.floor((columns - MARGIN) / servers)));
  const names = Array.from({ length: servers }, (_, i) => `n${i + 1}`.padEnd(width)).join("");
  process.stdout.write(styled("bold", `${"ms".padStart(10)} topic   ${names.trimEnd()}\n`));
  return ({ time, topic, node, text }) => {
    const column = node === null ? 0 : Number(node.slice(1)) - 1;
    const room = node === null ? width * servers : width - 1;
    const indent = " ".repeat(column * width);
    for (const [i, part] of wrapped(text, room).entries()) {
      const margin =
        i === 0 ? `${(time / 1000).toFixed(3).padStart(10)} ${topic.padEnd(8)}` : " ".repeat(MARGIN);
      process.stdout.write(`${margin}${indent}${styled(STYLES[topic], part)}\n`);
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
