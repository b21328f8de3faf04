/** Several objects of one kind in one history: an input's key says which; without keys there is one. */

export interface Keyed {
  readonly key?: string;
}

/** A model's `objectOf`; the name is what the one object is called where inputs carry no key. */
export function objectOr(name: string): (input: Keyed) => string {
  return (input) => input.key ?? name;
}

/** How a description begins: `x: ` for the object x. */
export function keyOf(input: Keyed): string {
  return input.key === undefined ? "" : `${input.key}: `;
}
