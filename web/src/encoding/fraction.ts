// Fractions of whole numbers, exact.

import { type Decimal, divFloor, ten } from "./decimal.ts";

/** `over / under`, not in lowest terms; `under` is positive. */
export interface Fraction {
  readonly over: bigint;
  readonly under: bigint;
}

export const NOTHING: Fraction = { over: 0n, under: 1n };

/** A decimal as a fraction. */
export function fraction({ mantissa, scale }: Decimal): Fraction {
  return { over: mantissa, under: ten(scale) };
}

/** A whole number as a fraction. */
export function wholeFraction(number: bigint): Fraction {
  return { over: number, under: 1n };
}

export function plus(a: Fraction, b: Fraction): Fraction {
  if (a.under === b.under) return { over: a.over + b.over, under: a.under };
  return { over: a.over * b.under + b.over * a.under, under: a.under * b.under };
}

export function negated({ over, under }: Fraction): Fraction {
  return { over: -over, under };
}

export function minus(a: Fraction, b: Fraction): Fraction {
  return plus(a, negated(b));
}

export function times(a: Fraction, b: Fraction): Fraction {
  return { over: a.over * b.over, under: a.under * b.under };
}

/** The quotient of fractions of which the second is not zero. */
export function quotient(a: Fraction, b: Fraction): Fraction {
  const [over, under] = [a.over * b.under, a.under * b.over];
  return under < 0n ? { over: -over, under: -under } : { over, under };
}

/** Negative, 0 or positive as `a` is below, equal to or above `b`. */
export function compareFractions(a: Fraction, b: Fraction): number {
  const difference = a.over * b.under - b.over * a.under;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The larger of two. */
export function larger(a: Fraction, b: Fraction): Fraction {
  return compareFractions(a, b) < 0 ? b : a;
}

/** The whole number next below or at a fraction. */
export function floorOf({ over, under }: Fraction): bigint {
  return divFloor(over, under);
}

/** The whole number next above or at a fraction. */
export function ceilOf(number: Fraction): bigint {
  return -floorOf(negated(number));
}

/** The same fraction in lowest terms: what is computed with again and again stays small. */
export function reduced({ over, under }: Fraction): Fraction {
  let [a, b] = [over < 0n ? -over : over, under];
  while (b !== 0n) [a, b] = [b, a % b];
  return { over: over / a, under: under / a };
}
