// Open interest (prover/src/open_interest.rs, prover/src/rules/open_interest.rs): it scales initial
// rates, and a book may not have more open than the prices state.

import { type Decimal, divFloor, floorUnits, showAmount, showDecimal, ten } from "../encoding/decimal.ts";
import type { MarketFigures } from "./figures.ts";
import { refuse } from "../encoding/refused.ts";
import type { OpenInterestCaps } from "../rules/schema.ts";

/** Digits of a scaled rate. */
const RATE_DIGITS = 18;

/**
 * From the rate of a tier to that at a market's open interest: the way from it to 1 that open interest
 * has gone from the lower cap to the upper one, rounded up.
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
  if (!open) return refuse(`rules: markets.${market}: the prices have no open interest of it`);
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
    return { mantissa: -divFloor(-rate * ten(RATE_DIGITS), one * all), scale: RATE_DIGITS };
  };
}

/** Refuses a book in which more is open, on either side, than the prices state. */
export function checkOpenInterest(
  markets: readonly MarketFigures[],
  stated: ReadonlyMap<string, Decimal>,
): void {
  for (const { name, decimals, long, short } of markets) {
    const most = stated.get(name);
    for (const [side, open] of [["longs", long], ["shorts", short]] as const) {
      if (most && open * ten(most.scale) > most.mantissa * ten(decimals)) {
        refuse(
          `the prices state an open interest of ${showDecimal(most)} in ${name}, and the ${side} of ` +
            `the book are ${showAmount(open, decimals)}: initial margin would be too low`,
        );
      }
    }
  }
}
