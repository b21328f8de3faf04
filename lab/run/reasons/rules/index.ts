/** All rules. Of two that one deed breaks, the first is said. */

import { answerRules } from "./answer.ts";
import { durabilityRules } from "./durability.ts";
import { electionRules } from "./election.ts";
import { leaseRules } from "./lease.ts";
import { logRules } from "./log.ts";
import { membershipRules } from "./membership.ts";
import { progressRules } from "./progress.ts";
import type { Rule } from "./rule.ts";
import { stateRules } from "./state.ts";

export { answerRules } from "./answer.ts";
export type { Rule } from "./rule.ts";

export const rules: readonly Rule[] = [
  ...electionRules,
  ...leaseRules,
  ...logRules,
  ...durabilityRules,
  ...membershipRules,
  ...stateRules,
  ...answerRules,
  ...progressRules,
];
