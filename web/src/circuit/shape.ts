// The sizes of a circuit, and what follows from them (circuits/src/shape.rs).

import { refuse } from "../encoding/refused.ts";

/** Pages that touch the blinding rows: nothing in them is counted or balanced. */
const PAGES_OFF = 7;

const MAX_INSTRUMENTS = 1024;

export const MAX_SCENARIOS = 256;

/** Bits of a quantity. */
export const QUANTITY_BITS = 90;

export interface Shape {
  /** Rows, as a power of two. */
  readonly k: number;
  readonly scenarios: number;
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

/** The shape of these sizes, refused where they make no circuit. */
export function shapeOf(k: number, scenarios: number, pageSize: number): Shape {
  if (k < 11 || k > 24) refuse(`k = ${k} is not between 11 and 24`);
  if (scenarios < 1 || scenarios > MAX_SCENARIOS) {
    refuse(`${scenarios} scenarios are not between 1 and ${MAX_SCENARIOS}`);
  }
  if (![2, 4, 8, 16, 32, 64, 128, 256, 512].includes(pageSize)) {
    refuse(`a page of ${pageSize} slots is not a power of two from 2 to 512`);
  }
  const stride = 2 ** k / pageSize;
  const pages = stride - PAGES_OFF;
  if (pages <= 0) refuse(`2^${k} rows hold no page of ${pageSize} slots`);
  const limbBits = k < 16 ? 10 : k < 19 ? 15 : 18;
  return {
    k,
    scenarios,
    pageSize,
    stride,
    pages,
    lines: pages * pageSize,
    limbBits,
    limbs: QUANTITY_BITS / limbBits,
    instruments: Math.min(MAX_INSTRUMENTS, 2 ** (limbBits - 1)),
  };
}
