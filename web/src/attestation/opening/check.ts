// Whether a page holds given values (docs/formats.md, "Statement"). Twin of
// attestation/src/opening/check.rs.

import type { Shape } from "../../circuit/shape.ts";
import { Fr, interpolate, rootOfUnity } from "../../encoding/field.ts";
import { type G1Point, G2, pairsEqually, times } from "../../encoding/points.ts";
import type { Setup } from "../setup.ts";

/** Whether the polynomial under `commitment` has `values`, slot 0 first, on a page. */
export function holdsPage(
  setup: Setup,
  shape: Shape,
  commitment: G1Point,
  page: number,
  values: readonly bigint[],
  opening: G1Point,
): boolean {
  const omega = rootOfUnity(shape.k);
  const offset = Fr.pow(omega, BigInt(page));
  const root = Fr.pow(omega, BigInt(shape.stride));
  const interpolation = setup.commit(interpolate(values, root, offset));
  // Z(X) = X^P - c on the page.
  const c = Fr.pow(offset, BigInt(shape.pageSize));
  const left = commitment.subtract(interpolation).add(times(opening, c));
  return pairsEqually(left, G2.BASE, opening, setup.tauPage);
}
