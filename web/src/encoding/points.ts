// Points of the two groups as bytes: big-endian words, one encoding each, every one checked. Twin
// of attestation/src/encoding.rs.

import { pippenger } from "@noble/curves/abstract/curve.js";
import { bn254 } from "@noble/curves/bn254.js";

import { bytesOf, numberOf } from "./digest.ts";
import { Fr, R } from "./field.ts";
import { refuse } from "./refused.ts";

export const G1 = bn254.G1.Point;
export const G2 = bn254.G2.Point;
export type G1Point = typeof G1.BASE;
export type G2Point = typeof G2.BASE;

/** The order of the base field, below which coordinates are. */
export const Q = bn254.fields.Fp.ORDER;

/** A point of the first group, not infinity, from x and y; `what` names it in the refusal. */
export function parseG1(bytes: Uint8Array, what: string): G1Point {
  const [x, y] = coordinates(bytes, what) as [bigint, bigint];
  if (x === 0n && y === 0n) refuse(`${what} is the point at infinity`);
  // Every point of the curve is in the group.
  if ((y * y - x * x * x - 3n) % Q !== 0n) refuse(`${what} is not on the curve`);
  return G1.fromAffine({ x, y });
}

/** The same, or infinity as 64 zero bytes. */
export function parseG1OrInfinity(bytes: Uint8Array, what: string): G1Point {
  return bytes.every((byte) => byte === 0) ? G1.ZERO : parseG1(bytes, what);
}

/** A point of the second group: x.c1, x.c0, y.c1, y.c0, as in EIP-197. */
export function parseG2(bytes: Uint8Array, what: string): G2Point {
  const [x1, x0, y1, y0] = coordinates(bytes, what) as [bigint, bigint, bigint, bigint];
  const point = (() => {
    try {
      return G2.fromAffine({ x: { c0: x0, c1: x1 }, y: { c0: y0, c1: y1 } });
    } catch {
      return refuse(`${what} is not a point of its group`);
    }
  })();
  try {
    point.assertValidity();
  } catch {
    refuse(`${what} is not a point of its group`);
  }
  return point;
}

function coordinates(bytes: Uint8Array, what: string): bigint[] {
  const words = Array.from({ length: bytes.length / 32 }, (_, i) =>
    numberOf(bytes.subarray(32 * i, 32 * i + 32)),
  );
  if (words.some((word) => word >= Q)) refuse(`${what} has a coordinate that is not below q`);
  return words;
}

/** The encoding that `parseG1` reads. */
export function g1Bytes(point: G1Point): Uint8Array {
  const { x, y } = point.toAffine();
  return new Uint8Array([...bytesOf(x, 32), ...bytesOf(y, 32)]);
}

/** The encoding that `parseG2` reads. */
export function g2Bytes(point: G2Point): Uint8Array {
  const { x, y } = point.toAffine();
  return new Uint8Array([x.c1, x.c0, y.c1, y.c0].flatMap((part) => [...bytesOf(part, 32)]));
}

/** The point times a number modulo r. Nothing here is secret. */
export function times<P extends G1Point | G2Point>(point: P, scalar: bigint): P {
  return point.multiplyUnsafe(scalar) as P;
}

/** `sum_i scalars[i] points[i]`, with scalars modulo r. */
export function combine(points: readonly G1Point[], scalars: readonly bigint[]): G1Point {
  if (scalars.some((scalar) => scalar < 0n || scalar >= R))
    throw new RangeError("a scalar is not below r");
  return pippenger(G1, [...points], [...scalars]);
}

/** e(a, b) = e(c, d). */
export function pairsEqually(a: G1Point, b: G2Point, c: G1Point, d: G2Point): boolean {
  // A pairing with infinity is one.
  const pairs = [
    { g1: a, g2: b },
    { g1: c.negate(), g2: d },
  ].filter(({ g1, g2 }) => !g1.is0() && !g2.is0());
  const { Fp12 } = bn254.fields;
  return pairs.length === 0 || Fp12.eql(bn254.pairingBatch(pairs), Fp12.ONE);
}

/** A word as an element of the scalar field: it must be below r. */
export function parseScalar(bytes: Uint8Array, what: string): bigint {
  const number = numberOf(bytes);
  return Fr.isValid(number) ? number : refuse(`${what} is not below r`);
}
