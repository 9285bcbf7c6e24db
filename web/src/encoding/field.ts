// The scalar field of BN254, whose elements are bigints in [0, r), and halo2's roots of unity in
// it.

import { bn254 } from "@noble/curves/bn254.js";

/** Arithmetic modulo r. */
export const Fr = bn254.fields.Fr;

/** The order r of the scalar field. */
export const R = Fr.ORDER;

/** The root of unity of order 2^k that halo2 uses: 7^((r - 1) / 2^k). */
export function rootOfUnity(k: number): bigint {
  return Fr.pow(7n, (R - 1n) >> BigInt(k));
}

/**
 * The coefficients, lowest first, of the polynomial of degree below P that has these P values at
 * `offset * root^s`, s = 0 .. P-1; P is a power of two and `root` of that order.
 */
export function interpolate(values: readonly bigint[], root: bigint, offset: bigint): bigint[] {
  const transformed = transform(values, Fr.inv(root));
  const shrink = Fr.inv(offset);
  let scale = Fr.inv(BigInt(values.length));
  return transformed.map((coefficient) => {
    const scaled = Fr.mul(coefficient, scale);
    scale = Fr.mul(scale, shrink);
    return scaled;
  });
}

/** `sum_s values[s] root^(s j)` for every j. */
function transform(values: readonly bigint[], root: bigint): bigint[] {
  if (values.length === 1) return [...values];
  const square = Fr.sqr(root);
  const even = transform(
    values.filter((_, s) => s % 2 === 0),
    square,
  );
  const odd = transform(
    values.filter((_, s) => s % 2 === 1),
    square,
  );
  let power = 1n;
  const turned = odd.map((value) => {
    const product = Fr.mul(value, power);
    power = Fr.mul(power, root);
    return product;
  });
  return [
    ...even.map((value, j) => Fr.add(value, turned[j]!)),
    ...even.map((value, j) => Fr.sub(value, turned[j]!)),
  ];
}
