// Initial rates that rise with a market's open interest. Twin of rules/src/value/scaling.rs.

import { type Decimal, divFloor, floorUnits, ten } from "../../encoding/decimal.ts";
import { refuse } from "../../encoding/refused.ts";
import type { OpenInterestCaps } from "../schema.ts";

/** Decimals of a scaled rate. */
const RATE_DECIMALS = 18;

/**
 * Takes a tier's rate to the rate at the market's open interest. Between the lower and the upper
 * cap the rate rises in a straight line to 1, rounded up.
 */
export function scaling(
  market: string,
  caps: OpenInterestCaps,
  stated: ReadonlyMap<string, Decimal>,
  unit: bigint,
  decimals: number,
  valueDecimals: number,
): (base: Decimal) => Decimal {
  const open = stated.get(market);
  if (!open) return refuse(`rules: markets.${market}: the prices have no open interest for it`);
  const product = open.scale + valueDecimals;
  const scale = Math.max(product, caps.lower.scale, caps.upper.scale);
  const value = open.mantissa * unit * ten(decimals + scale - product);
  const [lower, upper] = [floorUnits(caps.lower, scale), floorUnits(caps.upper, scale)];
  const all = upper - lower;
  const part = value < lower ? 0n : value > upper ? all : value - lower;
  return (base) => {
    if (part === 0n) return base;
    const one = ten(base.scale);
    const rate = all * base.mantissa + (one - base.mantissa) * part;
    return { mantissa: -divFloor(-rate * ten(RATE_DECIMALS), one * all), scale: RATE_DECIMALS };
  };
}
