/** Histories in a readable spelling: a list of begins and ends. */
import type { HistoryEvent } from "porcupine-ts";

export interface Script<Input, Output> {
  begin(operation: number, input: Input): Script<Input, Output>;
  end(operation: number, output: Output): Script<Input, Output>;
  giveUp(operation: number): Script<Input, Output>;
  /** Begins and ends with nothing in between. */
  call(operation: number, input: Input, output: Output): Script<Input, Output>;
  readonly history: readonly HistoryEvent<Input, Output>[];
}

export function script<Input, Output>(): Script<Input, Output> {
  const history: HistoryEvent<Input, Output>[] = [];
  const self: Script<Input, Output> = {
    history,
    begin(operation, input) {
      history.push({ kind: "invoke", operation, client: `c${operation}`, input, time: history.length });
      return self;
    },
    end(operation, output) {
      history.push({ kind: "response", operation, output, time: history.length });
      return self;
    },
    giveUp(operation) {
      history.push({ kind: "indeterminate", operation, time: history.length });
      return self;
    },
    call(operation, input, output) {
      return self.begin(operation, input).end(operation, output);
    },
  };
  return self;
}
