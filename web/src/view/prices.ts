// The prices of an attestation, and how they were found.

import { showDecimal } from "../encoding/decimal.ts";
import type { Prices } from "../rules/prices.ts";
import { type Volatility, showVolatility } from "../rules/volatility.ts";
import { amount, showNumber } from "../words/numbers.ts";
import { say } from "../words/say.ts";
import { showTime } from "../words/times.ts";
import { type Child, details, element, heading, pairs } from "./dom.ts";
import { table } from "./table.ts";

/** Every price, what was refused one, and what open interest and volatilities are stated. */
export function viewPrices(all: Prices, quote: string, isOpen: boolean): Child[] {
  const { prices, openInterest, refused, volatilities, asOf, method, source } = all;
  const values = { count: prices.size, quote, time: showTime(asOf) };
  const own = (text: string) => element("bdi", {}, text);
  return [
    heading(3, say("prices.title")),
    details(
      "prices",
      say("prices.summary", values),
      [
        pairs([
          [say("prices.method"), own(method), "W"],
          [say("prices.source"), source === undefined ? say("prices.no.source") : own(source), "W"],
        ]),
        table(
          say("prices.caption", { quote }),
          [say("prices.of"), [say("prices.price"), "W"]],
          1,
          [...prices].map(([name, price]) => ({ cells: [name, showNumber(showDecimal(price))] })),
        ),
        openInterest.size === 0
          ? []
          : table(
              say("prices.open.interest"),
              [say("markets.market"), [say("prices.stated"), "W"]],
              1,
              [...openInterest].map(([name, { mantissa, scale }]) => ({
                cells: [name, amount(mantissa, scale)],
              })),
            ),
        refused.size === 0
          ? []
          : table(
              say("prices.refused"),
              [say("assets.asset"), [say("prices.reason"), "W"]],
              2,
              [...refused].map(([name, reason]) => ({ cells: [name, reason] })),
            ),
        volatilities.size === 0 ? [] : viewVolatilities(volatilities),
      ],
      isOpen,
    ),
  ];
}

function viewVolatilities(all: ReadonlyMap<string, readonly Volatility[]>): HTMLElement {
  return table(
    say("prices.volatilities"),
    [say("prices.of"), say("prices.what"), [say("prices.stated"), "W"]],
    2,
    [...all].flatMap(([asset, list]) =>
      list.map((one) => ({
        cells: [
          asset,
          `${showVolatility(one)}, ${showTime(one.asOf)}`,
          amount(one.annual.mantissa, one.annual.scale),
        ],
      })),
    ),
  );
}
