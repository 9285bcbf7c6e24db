// A proof, read in the order of its words with the challenges drawn between (docs/formats.md,
// "Proof").

import type { Shape } from "../circuit/shape.ts";
import type { G1Point } from "../encoding/points.ts";
import { refuse } from "../encoding/refused.ts";
import { systemOf } from "./circuit.ts";
import type { OpeningProof } from "./opening.ts";
import type { Columns } from "./public.ts";
import { Transcript } from "./transcript.ts";

/** What is in a proof, and the challenges that follow from it. */
export interface ReadProof {
  /** To the advice columns, and to `random`. */
  readonly commitments: ReadonlyMap<string, G1Point>;
  /** To the parts of the quotient, which are 2^k powers apart. */
  readonly quotient: readonly G1Point[];
  /** What is queried, and `random`, at x. */
  readonly values: ReadonlyMap<string, bigint>;
  /** Those of the circuit, by name, y and x. */
  readonly challenges: Challenges;
  readonly opening: OpeningProof;
}

type Challenges = Readonly<Record<string, bigint>> & { readonly y: bigint; readonly x: bigint };

/** Parts of the quotient: constraints have degree 3. */
const QUOTIENT_PARTS = 2;

/** Challenges that halo2 draws for lookups and permutations, of which the circuit has none. */
const UNUSED_CHALLENGES = 3;

/** Refuses a proof that does not have the length of those of this shape. */
export function checkLength(shape: Shape, proof: Uint8Array): void {
  const { advice, queries } = systemOf(shape);
  const points = advice.flat().length + 1 + QUOTIENT_PARTS + 2;
  const values = queries.advice.length + queries.fixed.length + 1;
  const expected = 64 * points + 32 * values;
  if (proof.length !== expected) refuse(`the proof has ${proof.length} bytes, not ${expected}`);
}

/** The first points of a proof: the commitments to `last`, `instrument` and the limbs. */
export function linesOf(shape: Shape, proof: Uint8Array): Uint8Array {
  return proof.subarray(0, 64 * (2 + shape.limbs));
}

/**
 * Reads a proof whose length was checked. `circuit` is the circuit's word, `columns` are the public
 * ones. Every word that is not canonical and every point that is not on the curve is refused.
 */
export function readProof(
  shape: Shape,
  circuit: bigint,
  columns: Columns,
  proof: Uint8Array,
): ReadProof {
  const system = systemOf(shape);
  const transcript = new Transcript(proof);
  const commitments = new Map<string, G1Point>();
  const challenges: Record<string, bigint> = {};
  const values = new Map<string, bigint>();
  const point = (what: string) => transcript.point(`${what} in the proof`);
  const commit = (column: string) => commitments.set(column, point(`the commitment to ${column}`));
  const value = (query: string) =>
    values.set(query, transcript.scalar(`the value of ${query} in the proof`));

  transcript.absorb(circuit);
  for (const name of system.instance) columns[name]!.forEach((cell) => transcript.absorb(cell));
  system.advice[0].forEach(commit);
  system.challenges.forEach((name) => (challenges[name] = transcript.challenge()));
  system.advice[1].forEach(commit);
  for (let i = 0; i < UNUSED_CHALLENGES; i++) transcript.challenge();
  commit("random");
  const y = transcript.challenge();
  const quotient: G1Point[] = [];
  for (let i = 0; i < QUOTIENT_PARTS; i++) quotient.push(point(`part ${i} of the quotient`));
  const x = transcript.challenge();
  system.queries.advice.forEach(value);
  system.queries.fixed.forEach(value);
  value("random");
  const openingY = transcript.challenge();
  const v = transcript.challenge();
  const combined = point("the opening");
  const u = transcript.challenge();
  const atU = point("the opening at u");
  const opening = { y: openingY, v, quotient: combined, u, atU };
  return { commitments, quotient, values, challenges: { ...challenges, y, x }, opening };
}
