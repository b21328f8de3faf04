/**
 * Splitting an object by what its operations touch, where the model says so.
 *
 * Operations without a part of the state in common commute, and neither decides what the other one may answer. So
 * operations that share parts, directly or through others, form a *component*; components are as independent as
 * objects are, and the history is linearizable exactly if each component is (locality: Herlihy & Wing, 1990).
 */
import type { Model } from "../model/model.ts";

/** Groups operations by the parts that they touch: a union-find over parts. */
export class Footprints {
  private readonly nodes = new Map<string, number>();
  private readonly parents: number[] = [];
  /** By object: the node of everything in it, once an operation touches all of it. */
  private readonly wholes = new Map<number, number>();

  /** Enters an operation of the object. */
  add(model: Model<unknown, unknown, unknown>, object: number, input: unknown): void {
    const parts = model.traits!.footprint!(input);
    if (parts === null) this.whole(object);
    else for (const part of parts) this.join(this.node(object, part), this.node(object, parts[0]!));
  }

  /** The component of an operation, once all have been entered; null if it touches nothing and nobody. */
  componentOf(model: Model<unknown, unknown, unknown>, object: number, input: unknown): number | null {
    const whole = this.wholes.get(object);
    if (whole !== undefined) return whole;
    const parts = model.traits!.footprint!(input);
    return parts === null || parts.length === 0 ? null : this.root(this.node(object, parts[0]!));
  }

  /** From now on the object is one component. */
  private whole(object: number): void {
    if (!this.wholes.has(object)) this.wholes.set(object, this.make());
  }

  private node(object: number, part: string): number {
    const name = `${object}:${part}`;
    let node = this.nodes.get(name);
    if (node === undefined) {
      node = this.make();
      this.nodes.set(name, node);
    }
    return node;
  }

  private make(): number {
    this.parents.push(this.parents.length);
    return this.parents.length - 1;
  }

  private root(node: number): number {
    let root = node;
    while (this.parents[root] !== root) {
      this.parents[root] = this.parents[this.parents[root]!]!;
      root = this.parents[root]!;
    }
    return root;
  }

  private join(a: number, b: number): void {
    this.parents[this.root(a)] = this.root(b);
  }
}
