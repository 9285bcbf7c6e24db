// Reads what an opening needs from a volume's proof (docs/formats.md, "Proof"). Twin of
// attestation/src/opening/opened.rs. The proof itself is not checked here, but the form of every
// word is: commitments are points of the curve and evaluations are below r.

import type { Shape } from "../../circuit/shape.ts";
import { Words, keccak, toField, word } from "../../encoding/digest.ts";
import { Fr } from "../../encoding/field.ts";
import { type G1Point, combine, parseG1, parseScalar } from "../../encoding/points.ts";
import { refuse } from "../../encoding/refused.ts";

/** The challenge and the commitment under which a volume's columns are opened together. */
export interface Opened {
  readonly gamma: bigint;
  /** The commitment to `seal + gamma instrument + gamma^2 quantity + gamma^3 last`. */
  readonly commitment: G1Point;
}

/** Reads a volume's proof, draws gamma and combines the opened columns' commitments. */
export function readOpened(
  shape: Shape,
  proof: Uint8Array,
  context: bigint,
  volume: number,
): Opened {
  const { limbs, limbBits } = shape;
  const phase1 = 6 + limbs;
  const phase2 = 4 + limbs;
  const points = phase1 + phase2 + 3;
  const evaluations = phase1 + phase2 + (limbs + 3) + 5 + 1;
  const expected = 64 * points + 32 * evaluations + 2 * 64;
  if (proof.length !== expected) {
    refuse(`the proof of volume ${volume}: expected ${expected} bytes, got ${proof.length}`);
  }
  const what = (kind: string, i: number) => `${kind} ${i} in the proof of volume ${volume}`;
  const commitments = Array.from({ length: points }, (_, i) =>
    parseG1(proof.subarray(64 * i, 64 * i + 64), what("commitment", i)),
  );
  const rest = proof.subarray(64 * points);
  for (let i = 0; i < evaluations; i++) {
    parseScalar(rest.subarray(32 * i, 32 * i + 32), what("evaluation", i));
  }
  for (let i = 0; i < 2; i++) {
    const point = rest.subarray(32 * evaluations + 64 * i, 32 * evaluations + 64 * i + 64);
    parseG1(point, what("opening", i));
  }

  const words = new Words("pacioli.open.v1").digest(word(context));
  const gamma = toField(words.digest(keccak(proof.subarray(0, 64 * phase1))).finish());
  // last, instrument, limbs, cap, worth, seal, multiplicity.
  const [last, instrument] = commitments as [G1Point, G1Point];
  const limb = commitments.slice(2, 2 + limbs);
  const seal = commitments[4 + limbs]!;
  const square = Fr.sqr(gamma);
  const weights = limb.map((_, i) => Fr.mul(square, Fr.pow(2n, BigInt(i * limbBits))));
  const columns = [seal, instrument, last, ...limb];
  return { gamma, commitment: combine(columns, [1n, gamma, Fr.mul(square, gamma), ...weights]) };
}
