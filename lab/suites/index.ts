/** The suites that students of the Go labs know, without a test runner in them. */
export { appendProblem, type GenericOptions, genericTest, type SuiteResult } from "./generic.ts";
