/** A failure as a vitest test that is red for as long as the bug is there: the story as its comment, the file in it. */

import { type Failure, signatureText, writeFailure } from "../replay/index.ts";
import { storyOf } from "./story.ts";

/** `from` is the module that exports readFailure and replay, as the test's file must name it. */
export function regressionTest(failure: Failure, from: string): string {
  const story = storyOf(failure).map((sentence) => ` * ${oneLine(sentence)}`);
  const name = JSON.stringify(`${signatureText(failure)}, found by seed ${failure.seed}`);
  return `import { expect, test } from "vitest";
import { readFailure, replay } from ${JSON.stringify(from)};

/*
${story.join("\n")}
 */
const failure = ${writeFailure(failure).trimEnd()};

test(${name}, () => {
  const { finding } = replay(readFailure(JSON.stringify(failure), "this test"));
  expect(finding, finding?.sentence).toBeNull();
});
`;
}

/** Values are the users': none of them may end the comment. */
function oneLine(sentence: string): string {
  return sentence.replaceAll("*/", "* /").replace(/\s+/g, " ");
}
