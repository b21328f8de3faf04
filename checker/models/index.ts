/** The shipped models by the names under which the command line and history files call them. */
import { casRegister } from "./cas-register.ts";
import { kv } from "./kv.ts";
import { register } from "./register.ts";

export const models = { register, "cas-register": casRegister, kv } as const;
