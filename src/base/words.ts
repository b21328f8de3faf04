/** Small words about numbers, in reports and on the command line. */

/** Such as "1 seed" and "2 seeds". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
