// The prices of an attestation, and how they were found.

import { grouped, showAmount, showDecimal } from "../encoding/decimal.ts";
import type { Prices } from "../rules/prices.ts";
import { type Child, details, heading, pairs, table } from "./dom.ts";

/** Every price, and the open interest that the prices state. */
export function viewPrices({ prices, openInterest, refused, ...rest }: Prices, quote: string): Child[] {
  return [
    heading(3, "Prices"),
    details(`${prices.size} prices in ${quote}, as of ${rest.asOf}`, [
      pairs([
        ["Method", rest.method, "W"],
        ["Source", rest.source ?? "not stated", "W"],
      ]),
      table(
        `Prices in ${quote}: compare them with another source`,
        ["Of", ["Price of one", "W"]],
        1,
        [...prices].map(([name, price]) => ({ cells: [name, grouped(showDecimal(price))] })),
      ),
      ...(openInterest.size === 0
        ? []
        : [
            table(
              "Open interest that initial rates follow, in whole units",
              ["Market", ["Stated", "W"]],
              1,
              [...openInterest].map(([name, { mantissa, scale }]) => ({
                cells: [name, grouped(showAmount(mantissa, scale))],
              })),
            ),
          ]),
      ...(refused.size === 0
        ? []
        : [
            table(
              "Assets that sources gave no price of that could be used",
              ["Asset", ["Reason", "W"]],
              2,
              [...refused].map(([name, reason]) => ({ cells: [name, reason] })),
            ),
          ]),
    ]),
  ];
}
