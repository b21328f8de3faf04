/** What a request is known by, in the log and on its way. */

/** How a request is called: the session's number and its own. */
export function numberOf(session: number, request: number): string {
  return `${session}:${request}`;
}
