/** What `npm pack` makes of the checker works where the repository is not: in Node, in a page, for tsc and for vitest. */
import { readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, transformSync } from "esbuild";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type FoundBrowser, launch } from "../browser.ts";
import { ROOT } from "../source.ts";
import { consumer, emptyFolder, packInto, run } from "./packing.ts";

const folder = emptyFolder();
let project = "";
let tarball = "";

beforeAll(() => {
  tarball = packInto(folder);
  project = consumer(folder, "consumer", tarball);
});
afterAll(() => rmSync(folder, { recursive: true }));

const STALE = `[
  { kind: "invoke", operation: 1, client: "a", input: { kind: "put", key: "x", value: "1" }, time: 0 },
  { kind: "response", operation: 1, output: { kind: "done" }, time: 5 },
  { kind: "invoke", operation: 2, client: "b", input: { kind: "get", key: "x" }, time: 7 },
  { kind: "response", operation: 2, output: { kind: "value", value: null }, time: 9 },
]`;

const SENTENCE =
  "b's get x began 2 us after a's put x \"1\" had finished, yet returned absent: a stale read, one version behind.";

/** A file of the project's own. */
function written(name: string, text: string): string {
  writeFileSync(join(project, name), text);
  return join(project, name);
}

function installed(): string {
  return join(project, "node_modules/porcupine-ts");
}

test("it holds scripts, declarations, the schema, README and licence, and nothing else", () => {
  const files = readdirSync(installed(), { recursive: true, encoding: "utf8" }).map((name) =>
    name.replaceAll("\\", "/"),
  );
  const top = readdirSync(installed()).sort();
  expect(top).toEqual(["LICENSE", "README.md", "dist", "history.schema.json", "package.json"]);
  expect(files.filter((name) => /\.\w+$/.test(name) && !/\.(js|d\.ts|json|md)$/.test(name))).toEqual([]);
  expect(files).not.toContain("dist/pack");
  // What a bundler must not leave out, though nothing is imported from it.
  const { sideEffects } = JSON.parse(read("package.json"));
  expect(sideEffects).toEqual(
    ["vitest/index", "worker/node", "worker/web"].map((each) => `./dist/${each}.js`),
  );
  expect(files).toEqual(expect.arrayContaining(sideEffects.map((name: string) => name.slice(2))));
  const sources = files.filter((name) => /\.(js|ts)$/.test(name)).map((name) => [name, read(name)]);
  expect(sources.length).toBeGreaterThan(100);
  expect(sources.filter(([, text]) => /"\.[^"\n]*\.ts"/.test(text!)).map(([name]) => name)).toEqual([]);
});

function read(name: string): string {
  return readFileSync(join(installed(), name), "utf8");
}

test("packing leaves the sources as they were", () => {
  const before = join(ROOT, "checker/package.json");
  const after = join(folder, "sources/checker/package.json");
  expect(readFileSync(after, "utf8")).toBe(readFileSync(before, "utf8"));
  expect(readdirSync(join(folder, "sources/checker"))).not.toContain("dist");
});

test("every door opens under plain Node", () => {
  const doors = Object.keys(JSON.parse(read("package.json")).exports).filter(
    (door) => !["./vitest", "./worker"].includes(door),
  );
  expect(doors.length).toBeGreaterThan(2);
  const file = written(
    "doors.mjs",
    `const doors = ${JSON.stringify(doors.map((door) => door.replace(/^\./, "porcupine-ts")))};
for (const door of doors) {
  const module = await import(door, door.endsWith(".json") ? { with: { type: "json" } } : {});
  console.log(door, Object.keys(module).length > 0);
}`,
  );
  expect(run(project, process.execPath, "--no-warnings", file)).toBe(
    doors.map((door) => `${door.replace(/^\./, "porcupine-ts")} true\n`).join(""),
  );
});

test("it judges, explains and records under plain Node", () => {
  const file = written(
    "plain.mjs",
    `import { check, kv } from "porcupine-ts";
import { Recording, record } from "porcupine-ts/record";
console.log(check(kv, ${STALE}).objects[0].explanation.sentence);
const recording = new Recording();
const client = record({ get: async () => null }, {
  recording,
  client: "a",
  input: (kind, [key]) => ({ kind, key }),
  output: (_, value) => ({ kind: "value", value }),
});
await client.get("x");
console.log(check(kv, recording.history).verdict);`,
  );
  expect(run(project, process.execPath, file)).toBe(`${SENTENCE}\nok\n`);
});

/** What a thread makes of the history; its worker is the package's own. */
const ASYNC = `const { verdict, objects } = await checkAsync(kv, ${STALE}, { createWorker, workers: 2 });
const words = \`\${verdict}: \${objects[0].explanation.sentence}\`;`;

test("it judges on worker threads of plain Node, which end", () => {
  const file = written(
    "threads.mjs",
    `import { Worker } from "node:worker_threads";
import { kv } from "porcupine-ts";
import { checkAsync } from "porcupine-ts/async";
const createWorker = () => new Worker(new URL(import.meta.resolve("porcupine-ts/worker")));
${ASYNC}
console.log(words);
const reason = await checkAsync(kv, ${STALE}, { createWorker, signal: AbortSignal.abort("no") }).catch((error) => error);
console.log(reason);`,
  );
  expect(run(project, process.execPath, file)).toBe(`illegal: ${SENTENCE}\nno\n`);
});

describe("its declarations", () => {
  const consumption = `import { check, type History, ILLEGAL, type KvInput, type KvOutput, kv, type Model } from "porcupine-ts";
import { Recording } from "porcupine-ts/record";

const flag: Model<boolean, { set: boolean }, boolean> = {
  name: "flag",
  initial: false,
  step: (state, input, output) => (output === null || output === state ? input.set : ILLEGAL),
  stateKey: String,
  objectOf: () => "flag",
  describe: (input, output) => \`\${input.set} \${output}\`,
};
const recording = new Recording<{ set: boolean }, boolean>();
const { verdict } = check(flag, recording.history);
const word: "ok" | "illegal" | "unknown" = verdict;
const history: History<KvInput, KvOutput> = [];
const order: readonly number[] | null | undefined = check(kv, history).objects[0]?.linearization;
export { order, word };
`;
  const options = { strict: true, noEmit: true, skipLibCheck: false, types: [], target: "es2023" };

  test.each(["nodenext", "bundler"])("satisfy a strict consumer that resolves modules like %s", (how) => {
    const file = written("strict.ts", consumption);
    const module = how === "nodenext" ? how : "preserve";
    expect(typeCheck(file, { ...options, module, moduleResolution: how })).toBe("");
  });

  test("take a browser's workers and signals", () => {
    const file = written(
      "browser.ts",
      `import { kv } from "porcupine-ts";
import { checkAsync, serve } from "porcupine-ts/async";
const createWorker = () => new Worker("worker.js", { type: "module" });
export const { verdict } = await checkAsync(kv, [], { createWorker, signal: AbortSignal.timeout(1) });
serve(self);
`,
    );
    expect(typeCheck(file, { ...options, lib: ["es2023", "dom"], module: "nodenext" })).toBe("");
  });

  test("refuse what does not fit", () => {
    const wrong = consumption.replace("check(kv, history)", 'check(kv, [{ kind: "failed" }])');
    const file = written("wrong.ts", wrong);
    expect(() => typeCheck(file, { ...options, module: "nodenext" })).toThrow(/TS2322|TS2345/);
  });
});

function typeCheck(file: string, compilerOptions: object): string {
  const config = written("tsconfig.json", JSON.stringify({ compilerOptions, files: [file] }));
  return run(project, process.execPath, join(ROOT, "node_modules/typescript/bin/tsc"), "-p", config);
}

test("what the README shows is what happens, and its types fit", () => {
  const blocks = [...read("README.md").matchAll(/```ts\n([\s\S]*?)```/g)].map(([, text]) => text!);
  const examples = blocks.filter((text) => !text.includes("vitest"));
  expect(examples.length).toBe(3);
  const options = { strict: true, noEmit: true, skipLibCheck: true, target: "es2023", module: "nodenext" };
  examples.forEach((text, i) => {
    const types = { types: ["node"], typeRoots: [join(ROOT, "node_modules/@types")] };
    expect(typeCheck(written(`example-${i}.ts`, text), { ...options, ...types })).toBe("");
    const script = written(`example-${i}.mjs`, transformSync(text, { loader: "ts" }).code);
    const promised = [...text.matchAll(/\/\/ => (.*)/g)].map(([, line]) => `${line}\n`);
    expect(run(project, process.execPath, script)).toBe(promised.join(""));
  });
});

test("vitest gets the matcher from it, with its types, where vitest is there", () => {
  const other = consumer(folder, "tested", tarball);
  symlinkSync(join(ROOT, "node_modules/vitest"), join(other, "node_modules/vitest"));
  writeFileSync(
    join(other, "stale.test.ts"),
    `import { kv } from "porcupine-ts";
import { expect, test } from "vitest";
import "porcupine-ts/vitest";
test("stale", () => {
  expect([]).toBeLinearizable(kv);
  expect(${STALE}).toBeLinearizable(kv);
});
`,
  );
  const vitest = join(other, "node_modules/vitest/vitest.mjs");
  expect(() => run(other, process.execPath, vitest, "run", "--root", other)).toThrow(
    /1 failed[\s\S]*Error: b's get x began 2 us after a's put x "1" had finished/,
  );
  const compilerOptions = { strict: true, noEmit: true, skipLibCheck: true, types: [], module: "nodenext" };
  const config = join(other, "tsconfig.json");
  writeFileSync(config, JSON.stringify({ compilerOptions, files: ["stale.test.ts"] }));
  expect(run(other, process.execPath, join(ROOT, "node_modules/typescript/bin/tsc"), "-p", config)).toBe("");
});

const found: FoundBrowser | null = inject("browser");

describe.skipIf(found === null)("in a page", () => {
  test("it bundles without a complaint, judges and explains, and does so on a worker of the page", async () => {
    const page = await bundled(
      "page.mjs",
      `import { check, kv } from "porcupine-ts";
import { checkAsync } from "porcupine-ts/async";
document.title = check(kv, ${STALE}).objects[0].explanation.sentence;
const createWorker = () => new Worker("worker.js");
globalThis.judged = async () => {
  ${ASYNC}
  return words;
};
globalThis.lost = () =>
  checkAsync(kv, ${STALE}, { createWorker: () => new Worker("nowhere.js") }).catch((error) => error.message);`,
    );
    const files = new Map([
      ["/", ["text/html", `<!doctype html><script src="page.js"></script>`]],
      ["/page.js", ["text/javascript", page]],
      ["/worker.js", ["text/javascript", await bundled("worker.mjs", `import "porcupine-ts/worker";`)]],
    ]);
    const browser = await launch(found!);
    try {
      const tab = await browser.newPage();
      await tab.route("http://page.test/**", (route) => {
        const [contentType, body] = files.get(new URL(route.request().url()).pathname) ?? [];
        return body === undefined
          ? route.fulfill({ status: 404 })
          : route.fulfill({ contentType: contentType!, body });
      });
      await tab.goto("http://page.test/");
      expect(await tab.title()).toBe(SENTENCE);
      expect(await tab.evaluate("judged()")).toBe(`illegal: ${SENTENCE}`);
      expect(await tab.evaluate("lost()")).toBe("a worker failed: its script could not be loaded");
    } finally {
      await browser.close();
    }
  });
});

async function bundled(name: string, text: string): Promise<string> {
  const { outputFiles, warnings } = await build({
    entryPoints: [written(name, text)],
    bundle: true,
    write: false,
    platform: "browser",
    format: "iife",
    absWorkingDir: project,
  });
  expect(warnings).toEqual([]);
  return outputFiles[0]!.text;
}
