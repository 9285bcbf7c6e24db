// The circuit's constraint system as data, and the value of its constraints. The data is generated
// from the Rust (verifier-contract/src/generate/page.rs), never written by hand.

import { Fr } from "../encoding/field.ts";

/**
 * A polynomial over what is queried, by name. A number is written `0x..`. The tree is that of the
 * constraint system, sum by sum, so that the circuit's word follows from it.
 */
export type Term =
  | string
  | readonly ["constant", string]
  | readonly ["-", Term]
  | readonly ["+" | "*", Term, Term]
  | readonly ["scaled", Term, string];

/**
 * Everything about a circuit but its number of rows. A query is the name of a column, and, where it
 * is not asked for on its own row, a blank and `next_row` or `next_line`.
 */
export interface ConstraintSystem {
  readonly fixed: readonly string[];
  readonly instance: readonly string[];
  /** The advice columns of the first phase, and those of the second. */
  readonly advice: readonly [readonly string[], readonly string[]];
  /** Drawn between the two. */
  readonly challenges: readonly string[];
  /** In the order in which a proof gives their values. */
  readonly queries: {
    readonly fixed: readonly string[];
    readonly instance: readonly string[];
    readonly advice: readonly string[];
  };
  readonly gates: readonly (readonly [name: string, polynomial: Term])[];
}

/** Where a query looks, seen from its own row. */
export type Rotation = "" | "next_row" | "next_line";

/** A query's column and rotation. */
export function readQuery(query: string): readonly [column: string, rotation: Rotation] {
  const [column = "", rotation = ""] = query.split(" ");
  return [column, rotation as Rotation];
}

/** How many rows on a query looks, in pages whose lines are `stride` rows apart. */
export function rowsOn(rotation: Rotation, stride: number): number {
  return { "": 0, next_row: 1, next_line: stride }[rotation];
}

/** The value of a polynomial where what is queried has the values `at`. */
export function evaluate(term: Term, at: (name: string) => bigint): bigint {
  if (typeof term === "string") return at(term);
  switch (term[0]) {
    case "constant":
      return BigInt(term[1]);
    case "-":
      return Fr.neg(evaluate(term[1], at));
    case "+":
      return Fr.add(evaluate(term[1], at), evaluate(term[2], at));
    case "*":
      return Fr.mul(evaluate(term[1], at), evaluate(term[2], at));
    case "scaled":
      return Fr.mul(evaluate(term[1], at), BigInt(term[2]));
  }
}

/** All constraints together: the first has the highest power of y. */
export function combineGates(
  { gates }: ConstraintSystem,
  y: bigint,
  at: (name: string) => bigint,
): bigint {
  return gates.reduce((sum, [, term]) => Fr.add(Fr.mul(sum, y), evaluate(term, at)), 0n);
}
