// What a rate that follows a volatility comes to, exactly. Twin of rules/src/value/rate.rs.

import { type Decimal, compareDecimals, floorUnits, ten } from "../../encoding/decimal.ts";
import type { VolatilityRate } from "../schema.ts";

/** The seconds of the year that a volatility is for: 365 days. */
const YEAR = 365n * 86_400n;

/**
 * The rate at a volatility: multiple * annual * sqrt(horizon / 365 days), rounded up to a multiple
 * of the step, at most the ceiling and at least the floor. Squares of whole numbers are compared.
 */
export function rateAt(rate: VolatilityRate, annual: Decimal): Decimal {
  const { multiple, horizon, floor, ceiling, step } = rate;
  const moved = multiple.mantissa * annual.mantissa;
  const above = moved * moved * horizon * ten(2 * step.scale);
  const below = step.mantissa * step.mantissa * YEAR * ten(2 * (multiple.scale + annual.scale));
  const units = rootUp((above + below - 1n) / below) * step.mantissa;
  const stepped =
    units <= floorUnits(ceiling, step.scale) ? { mantissa: units, scale: step.scale } : ceiling;
  return compareDecimals(stepped, floor) < 0 ? floor : stepped;
}

/** The least whole number whose square is at least `square`, which is not negative. */
function rootUp(square: bigint): bigint {
  if (square < 2n) return square;
  // From above, Newton's steps fall until they reach the root rounded down.
  let root = 1n << BigInt((square.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (root + square / root) >> 1n;
    if (next >= root) break;
    root = next;
  }
  return root * root < square ? root + 1n : root;
}
