/** What the matcher finds out about a history, and how it says so. */
import {
  type CheckOptions,
  type CheckResult,
  check,
  type Ended,
  explanationText,
  type History,
  type Model,
  type Operation,
} from "../index.ts";

/** What a test asks; the history is whatever was given to `expect`. */
export interface Asked {
  readonly history: unknown;
  readonly model: Model<unknown, unknown, unknown>;
  readonly options?: CheckOptions | undefined;
}

export interface Judged {
  readonly result: CheckResult;
  /** As vitest wants it: the assertion fails if this is equal to `isNot`. */
  readonly pass: boolean;
  /** Why the assertion fails. Explaining takes a while, so it is only done when asked. */
  message(): string;
}

/** Throws HistoryError, and TypeError if the value is no list or the model is none. */
export function judged({ history, model, options }: Asked, isNot: boolean): Judged {
  if (!Array.isArray(history)) {
    const type = history === null ? "null" : typeof history;
    throw new TypeError(
      `toBeLinearizable judges a list of events or operations, and this is of type ${type}: give the history itself`,
    );
  }
  if (typeof model?.step !== "function") {
    throw new TypeError("toBeLinearizable needs the model to judge by, such as toBeLinearizable(kv)");
  }
  const result = check(model, history as History<unknown, unknown> | Operation<unknown, unknown>[], options);
  const { verdict } = result;
  const pass = verdict === "unknown" ? isNot : verdict === "ok";
  return { result, pass, message: () => (verdict === "ok" ? okText(model, result) : reasons(result)) };
}

/** Objects explained in one message. */
const MOST_EXPLAINED = 3;

/** The explanations of what gave the verdict. */
function reasons({ verdict, objects }: CheckResult): string {
  const bad = objects.filter((object) => object.verdict === verdict);
  const texts = bad.slice(0, MOST_EXPLAINED).map((object) => {
    const text = object.explanation === null ? "" : explanationText(object.explanation);
    return object.ended === null ? text : text + undecidedText(object.ended);
  });
  const more = bad.length - texts.length;
  if (more > 0) texts.push(`${more} more ${more === 1 ? "object is" : "objects are"} ${verdict}.\n`);
  return texts.join("\n").trimEnd();
}

function undecidedText({ budget }: Ended): string {
  const option = budget === "steps" ? "budget" : "memory";
  return `Undecided is neither linearizable nor not: a larger \`${option}\`, an option of toBeLinearizable, may decide it.\n`;
}

function okText(model: Model<unknown, unknown, unknown>, { objects }: CheckResult): string {
  const operations = objects.reduce((sum, { statistics }) => sum + statistics.operations, 0);
  const count = `${operations} ${operations === 1 ? "operation" : "operations"}`;
  return `expected a history that is not linearizable, but some order of its ${count} explains every answer (${model.name})`;
}
