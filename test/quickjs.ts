/** A JavaScript engine that is not V8: QuickJS (Bellard and Gordon), compiled to WebAssembly. It has nothing of a host. */

import { newQuickJSWASMModuleFromVariant } from "quickjs-emscripten-core";

/** Runs a script there, once; what it returns then gives the value of an expression, which must be JSON. */
export async function quickJs(script: string): Promise<(expression: string) => unknown> {
  const engine = await newQuickJSWASMModuleFromVariant(import("@jitl/quickjs-wasmfile-release-sync"));
  const context = engine.newContext();
  const evaluate = (code: string): unknown => {
    const result = context.evalCode(code);
    const value: unknown = context.dump(result.error ?? result.value);
    if (result.error !== undefined) throw new Error(`QuickJS: ${JSON.stringify(value)}`);
    result.dispose();
    return value;
  };
  evaluate(`${script}\n0`);
  return (expression) => JSON.parse(evaluate(`JSON.stringify(${expression})`) as string);
}
