// The sizes of a circuit, and what follows from them. Twin of circuits/src/shape.rs.

import { refuse } from "../encoding/refused.ts";

/** Pages that touch the blinding rows, and so are neither counted nor balanced. */
const PAGES_OFF = 7;

/** The most rows that a table can have. */
export const MAX_INSTRUMENTS = 2048;

/** The most scenarios that a table can have, twins and `cover` included. */
export const MAX_SCENARIOS = 1024;

/** Bits of a quantity. */
export const QUANTITY_BITS = 90;

export interface Shape {
  /** Rows, as a power of two. */
  readonly k: number;
  readonly pageSize: number;
  /** Rows between two slots of a page. */
  readonly stride: number;
  /** Pages that hold accounts. */
  readonly pages: number;
  /** Lines of a volume, empty slots included. */
  readonly lines: number;
  readonly limbBits: number;
  readonly limbs: number;
  /** The most instruments a table can have. */
  readonly instruments: number;
}

/** The shape of these sizes; sizes that no circuit can have are refused. */
export function shapeOf(k: number, pageSize: number): Shape {
  if (k < 11 || k > 24) refuse(`k must be from 11 to 24, got ${k}`);
  if (![2, 4, 8, 16, 32, 64, 128, 256, 512].includes(pageSize)) {
    refuse(`the slots of a page must be a power of two from 2 to 512, got ${pageSize}`);
  }
  const stride = 2 ** k / pageSize;
  const pages = stride - PAGES_OFF;
  if (pages <= 0) refuse(`2^${k} rows cannot hold a page of ${pageSize} slots`);
  const limbBits = k < 16 ? 10 : k < 19 ? 15 : 18;
  return {
    k,
    pageSize,
    stride,
    pages,
    lines: pages * pageSize,
    limbBits,
    limbs: QUANTITY_BITS / limbBits,
    instruments: Math.min(MAX_INSTRUMENTS, 2 ** (limbBits - 1)),
  };
}
