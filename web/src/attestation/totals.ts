// The totals of an attestation: in bounds, and added up over its volumes. Twin of
// circuits/src/totals.rs.

import { QUANTITY_BITS, type Shape } from "../circuit/shape.ts";
import { refuse } from "../encoding/refused.ts";
import type { VolumeProof } from "./attestation.ts";

export interface Total {
  readonly count: bigint;
  readonly quantity: bigint;
}

const MAX_QUANTITY = (1n << BigInt(QUANTITY_BITS)) - 1n;

/** The totals of all volumes together, one per instrument of a table of `rows` rows. */
export function sumTotals(volumes: readonly VolumeProof[], shape: Shape, rows: number): Total[] {
  if (rows > shape.instruments) {
    refuse(`the table has ${rows} instruments, but the circuit allows ${shape.instruments}`);
  }
  let sums: Total[] = Array.from({ length: rows }, () => ({ count: 0n, quantity: 0n }));
  volumes.forEach((volume, index) => {
    checkVolume(volume, index, shape, rows);
    sums = sums.map((sum, row) => ({
      count: sum.count + volume.counts[row]!,
      quantity: sum.quantity + volume.quantities[row]!,
    }));
  });
  if (sums.some((sum) => sum.quantity >> 128n !== 0n || sum.count >> 64n !== 0n)) {
    refuse("the totals of all volumes overflow");
  }
  return sums;
}

function checkVolume(volume: VolumeProof, index: number, shape: Shape, rows: number): void {
  const { counts, quantities } = volume;
  const wrong = (what: string) => refuse(`volume ${index}: ${what}`);
  if (counts.length !== rows || quantities.length !== rows) {
    wrong(`${counts.length} counts and ${quantities.length} quantities for ${rows} instruments`);
  }
  counts.forEach((count, row) => {
    if (quantities[row]! > count * MAX_QUANTITY) {
      wrong(`${count} lines cannot hold ${quantities[row]} of instrument ${row}`);
    }
  });
  if (quantities[0] !== 0n) wrong("empty slots cannot hold anything");
  const lines = counts.reduce((sum, count) => sum + count, 0n);
  if (lines !== BigInt(shape.lines)) wrong(`expected ${shape.lines} lines, got ${lines}`);
}
