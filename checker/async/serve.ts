/** The worker's side: checks what it is given, and answers with plain data. */
import { check, type HistoryEvent, type Model, models, type ObjectResult } from "../index.ts";
import type { Answer, Task } from "./message.ts";
import { listen, type Port } from "./port.ts";

type AnyModel = Model<unknown, unknown, unknown>;

/**
 * Makes a worker one that `checkAsync` can use. It knows the shipped models by their names, and those given here: for a
 * worker of one's own, where a bundler leaves no module to import a model from. Throws TypeError if a name is taken.
 */
export function serve<State, Input, Output>(
  port: Port,
  own: readonly Model<State, Input, Output>[] = [],
): void {
  const known = new Map(Object.entries(models as unknown as Record<string, AnyModel>));
  for (const model of own) {
    if (known.has(model.name))
      throw new TypeError(`two models are named ${model.name}: give yours another name`);
    known.set(model.name, model as unknown as AnyModel);
  }
  const tell = (answer: Answer): void => port.postMessage(answer);
  listen<Task>(port, async (task) => {
    try {
      const model = await modelOf(task, known);
      tell({ kind: "checked", batch: task.batch, results: resultsOf(model, task, tell) });
    } catch (error) {
      const { message, stack } = error instanceof Error ? error : new Error(String(error));
      tell({ kind: "failed", message, stack: stack ?? "" });
    }
  });
}

async function modelOf({ model: source }: Task, known: ReadonlyMap<string, AnyModel>): Promise<AnyModel> {
  if (typeof source === "string") {
    const model = known.get(source);
    if (model !== undefined) return model;
    throw new TypeError(
      `the worker knows no model named ${source}: give checkAsync its \`source\`, or give it to serve in the worker`,
    );
  }
  const exports: Readonly<Record<string, unknown>> = await import(source.module);
  const model = exports[source.name] as AnyModel | undefined;
  if (typeof model?.step === "function") return model;
  throw new TypeError(
    `${source.module} exports no model ${source.name}: check the \`source\` given to checkAsync`,
  );
}

function resultsOf(
  model: AnyModel,
  { batch, objects, options, isTold }: Task,
  tell: (answer: Answer) => void,
): readonly ObjectResult[] {
  let before = 0;
  const onProgress = ({ steps }: { readonly steps: number }): void =>
    tell({ kind: "progress", batch, steps: before + steps });
  return objects.map((events: readonly HistoryEvent<unknown, unknown>[]) => {
    const { objects: results, steps } = check(model, events, isTold ? { ...options, onProgress } : options);
    before += steps;
    return plain(results[0]!);
  });
}

/** With everything worked out that a result works out when it is asked. */
function plain(result: ObjectResult): ObjectResult {
  const { object, verdict, steps, linearization, partials, explanation, statistics, ended } = result;
  return { object, verdict, steps, linearization, partials, explanation, statistics, ended };
}
