/**
 * A golden interaction script: commands at the beginning of their lines, beneath each of them what it caused, four
 * spaces in, and comments after a #. Whoever plays a script again gets the same text, or something has changed. (The
 * idea is that of the interaction tests of etcd-io/raft.)
 */

/** What a script says makes no sense: where is added by `play`. */
export class Mistake extends Error {}

const INDENT = "    ";

/**
 * Performs a script's commands one after the other and returns the script with what each has caused now beneath it.
 * Throws an error with file and line for a mistake in the script, and for whatever else a command throws.
 */
export function play(file: string, script: string, perform: (command: string) => readonly string[]): string {
  const lines: string[] = [];
  let begun = false;
  for (const [i, line] of script.split("\n").entries()) {
    const isOutput = line.startsWith(INDENT);
    if (!isOutput) lines.push(line);
    if (isOutput ? begun : line === "" || line.startsWith("#")) continue;
    try {
      if (isOutput) throw new Mistake("expected a command first: this is what one has caused");
      if (line.trim() !== line)
        throw new Mistake("expected a command at the line's beginning, without more around it");
      lines.push(...perform(line).map((caused) => INDENT + caused));
    } catch (error) {
      const { message } = error as Error;
      const what = error instanceof Mistake ? message : `${JSON.stringify(line)} threw: ${message}`;
      throw new Error(`${file}:${i + 1}: ${what}`, { cause: error });
    }
    begun = true;
  }
  return lines.join("\n");
}
