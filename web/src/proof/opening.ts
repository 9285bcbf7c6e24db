// The multi-opening (SHPLONK): all commitments of a proof, each opened at its points, as two points
// of the first group that one pairing equation compares.

import { Fr } from "../encoding/field.ts";
import { G1, type G1Point, combine } from "../encoding/points.ts";
import { refuse } from "../encoding/refused.ts";

/** A commitment, as a sum of points with weights, and its values by the points it is opened at. */
export interface Opened {
  readonly commitment: readonly (readonly [point: G1Point, weight: bigint])[];
  readonly values: ReadonlyMap<bigint, bigint>;
}

/** The challenges and commitments of the multi-opening itself. */
export interface OpeningProof {
  readonly y: bigint;
  readonly v: bigint;
  readonly u: bigint;
  /** The commitment to the combined quotient, and the one to its opening at u. */
  readonly quotient: G1Point;
  readonly atU: G1Point;
}

/** The equation `e(left, [tau]_2) = e(right, [1]_2)`. */
export interface Sides {
  readonly left: G1Point;
  readonly right: G1Point;
}

/** The two sides for these commitments in the order in which the proof's values name them first. */
export function sidesOf(opened: readonly Opened[], proof: OpeningProof): Sides {
  const { y, v, u, quotient, atU } = proof;
  const sets = groupBySet(opened);
  const points = new Set(opened.flatMap(({ values }) => [...values.keys()]));
  const vanishing = (at: readonly bigint[]) =>
    at.reduce((product, point) => Fr.mul(product, Fr.sub(u, point)), 1n);
  const missing = (set: readonly Opened[]) =>
    vanishing([...points].filter((point) => !set[0]!.values.has(point)));
  const first = sets[0]!;
  const scale = invert(missing(first));

  const terms: (readonly [G1Point, bigint])[] = [];
  let value = 0n;
  let powerOfV = 1n;
  for (const set of sets) {
    let weight = Fr.mul(powerOfV, Fr.mul(missing(set), scale));
    for (const { commitment, values } of set) {
      for (const [point, factor] of commitment) terms.push([point, Fr.mul(weight, factor)]);
      value = Fr.add(value, Fr.mul(weight, interpolateAt(values, u)));
      weight = Fr.mul(weight, y);
    }
    powerOfV = Fr.mul(powerOfV, v);
  }
  terms.push([G1.BASE, Fr.neg(value)]);
  terms.push([quotient, Fr.neg(vanishing([...first[0]!.values.keys()]))]);
  terms.push([atU, u]);
  const right = combine(
    terms.map(([point]) => point),
    terms.map(([, weight]) => weight),
  );
  return { left: atU, right };
}

/** Commitments that are opened at the same points, in the order of the first of each set. */
function groupBySet(opened: readonly Opened[]): Opened[][] {
  const sets: Opened[][] = [];
  for (const one of opened) {
    const isAlike = ([other]: Opened[]) =>
      other!.values.size === one.values.size &&
      [...one.values.keys()].every((point) => other!.values.has(point));
    const set = sets.find(isAlike);
    if (set) set.push(one);
    else sets.push([one]);
  }
  return sets;
}

/** The value at u of the polynomial of least degree through these points. */
function interpolateAt(values: ReadonlyMap<bigint, bigint>, u: bigint): bigint {
  let sum = 0n;
  for (const [at, value] of values) {
    let [above, below] = [value, 1n];
    for (const other of values.keys()) {
      if (other === at) continue;
      above = Fr.mul(above, Fr.sub(u, other));
      below = Fr.mul(below, Fr.sub(at, other));
    }
    sum = Fr.add(sum, Fr.mul(above, invert(below)));
  }
  return sum;
}

/** The inverse. That there is none has a chance that is negligible. */
export function invert(number: bigint): bigint {
  if (number === 0n) refuse("a challenge of the proof makes a denominator zero");
  return Fr.inv(number);
}
