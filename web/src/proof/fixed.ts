// The fixed columns of a circuit where tau is known: then no points are needed to commit to them.
// Twin of circuits/src/fixed.rs.

import type { Shape } from "../circuit/shape.ts";
import { Fr, rootOfUnity } from "../encoding/field.ts";
import { G1, type G1Point, times } from "../encoding/points.ts";
import type { Pause } from "./pause.ts";

/** Rows of the table that are looked at before a pause. */
const CHUNK = 4096;

/** Rows that hide a column, and the last usable one before them. */
const ROWS_OFF = 7;

/**
 * Commitments to `line_on`, `row_on`, `is_end`, `table_entry` and `is_instrument` under this tau.
 */
export async function fixedCommitments(
  shape: Shape,
  tau: bigint,
  pause: Pause,
): Promise<G1Point[]> {
  return (await fixedAt(shape, tau, pause)).map((value) => times(G1.BASE, value));
}

/** The fixed columns' polynomials at x, which is no row's root of unity. */
async function fixedAt(shape: Shape, x: bigint, pause: Pause): Promise<bigint[]> {
  const { k, pageSize, stride, pages, limbBits, instruments } = shape;
  const n = 2 ** k;
  const omega = rootOfUnity(k);
  const toPage = (base: bigint) => Fr.pow(base, BigInt(pageSize));

  // A page is a coset: in X^P its rows are one row of 2^k / P.
  const onPagesOff = lagrange(rowsFrom(pages, stride), stride, toPage(omega), toPage(x));
  const onRowsOff = lagrange(rowsFrom(n - ROWS_OFF, n), n, omega, x);
  let [entries, isInstrument] = [0n, 0n];
  const tableRows = instruments + 2 ** limbBits;
  for (let start = 0; start < tableRows; start += CHUNK) {
    const rows = rowsFrom(start, Math.min(start + CHUNK, tableRows));
    lagrange(rows, n, omega, x).forEach((value, i) => {
      const row = rows[i]!;
      const entry = row < instruments ? row : row - instruments;
      entries = Fr.add(entries, Fr.mul(value, BigInt(entry)));
      if (row < instruments) isInstrument = Fr.add(isInstrument, value);
    });
    await pause();
  }
  const [first] = lagrange([0], n, omega, x) as [bigint];
  return [
    onPagesOff.reduce((rest, value) => Fr.sub(rest, value), 1n),
    onRowsOff.reduce((rest, value) => Fr.sub(rest, value), 1n),
    Fr.add(first, onRowsOff[0]!),
    entries,
    isInstrument,
  ];
}

/** The rows from one to before another. */
export function rowsFrom(first: number, end: number): number[] {
  return Array.from({ length: end - first }, (_, i) => first + i);
}

/**
 * The values at x of the polynomials that are 1 in one of these rows and 0 in all the others of
 * `n`, `omega` being the root of unity of that order. x is no power of it.
 */
export function lagrange(
  rows: readonly number[],
  n: number,
  omega: bigint,
  x: bigint,
): readonly bigint[] {
  const scale = Fr.mul(Fr.sub(Fr.pow(x, BigInt(n)), 1n), Fr.inv(BigInt(n)));
  let row = 0;
  let power = 1n;
  const powers = rows.map((next) => {
    power = Fr.mul(power, next === row + 1 ? omega : Fr.pow(omega, BigInt(next - row)));
    row = next;
    return power;
  });
  const inverses = Fr.invertBatch(powers.map((power) => Fr.sub(x, power)));
  return powers.map((power, i) => Fr.mul(Fr.mul(power, scale), inverses[i]!));
}
