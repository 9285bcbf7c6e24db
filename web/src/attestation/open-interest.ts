// Open interest as the prices state it, held against the book. Twin of
// attestation/src/open_interest.rs.

import { type Decimal, showAmount, showDecimal, ten } from "../encoding/decimal.ts";
import { refuse } from "../encoding/refused.ts";
import type { MarketFigures } from "./figures.ts";

/** Refuses a book in which more is open, on either side, than the prices state. */
export function checkOpenInterest(
  markets: readonly MarketFigures[],
  stated: ReadonlyMap<string, Decimal>,
): void {
  for (const { name, decimals, long, short } of markets) {
    const most = stated.get(name);
    for (const [side, open] of [
      ["longs", long],
      ["shorts", short],
    ] as const) {
      if (most && open * ten(most.scale) > most.mantissa * ten(decimals)) {
        refuse(
          `the prices state an open interest of ${showDecimal(most)} in ${name}, and the ${side} ` +
            `of the book are ${showAmount(open, decimals)}: initial margin would be too low`,
        );
      }
    }
  }
}
