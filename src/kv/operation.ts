/** What a client can ask of the store, and what it is told. */

/** A key that was never put, or was deleted, is *absent*: null. */
export type Operation =
  | { readonly kind: "get"; readonly key: string }
  | { readonly kind: "put"; readonly key: string; readonly value: string }
  /** To an absent key it is a put. */
  | { readonly kind: "append"; readonly key: string; readonly value: string }
  | { readonly kind: "delete"; readonly key: string }
  /** Put `value` if the key now holds `expected`; null expects it to be absent. */
  | { readonly kind: "cas"; readonly key: string; readonly expected: string | null; readonly value: string };

export type Result =
  | { readonly kind: "value"; readonly value: string | null }
  | { readonly kind: "done" }
  | { readonly kind: "swapped"; readonly swapped: boolean };
