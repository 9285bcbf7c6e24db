// The prices in an attestation (prover/src/prices.rs).

import type { Fields } from "./canonical.ts";
import { type Decimal, compareDecimals, parseDecimal, whole } from "./decimal.ts";
import { checkName } from "./names.ts";
import { CannotCheck, refuse } from "./refused.ts";

export interface Prices {
  readonly asOf: string;
  readonly quote: string;
  readonly method: string;
  readonly source: string | undefined;
  /** The price of one whole unit, by asset or market, in order. */
  readonly prices: ReadonlyMap<string, Decimal>;
  /** How much is open in markets, in whole units, in order; empty where nothing is said. */
  readonly openInterest: ReadonlyMap<string, Decimal>;
}

/** What the page says of an attestation that it does not value. */
export const HAS_OPTIONS =
  "this attestation has options, which this page does not value: check it with the command line";

/** Reads and checks prices: names are names, none is negative, the quote currency's is 1. */
export function readPrices(fields: Fields): Prices {
  const asOf = fields.field("as_of").time();
  const quote = fields.field("quote").text();
  const method = fields.field("method").text();
  const source = fields.optional("source")?.text();
  const entries = fields.field("prices").map();
  // Option values take arithmetic that this page does not have.
  if (fields.optional("vols") !== undefined) throw new CannotCheck(HAS_OPTIONS);
  const open = fields.optional("open_interest")?.map();
  if (open?.length === 0) refuse("prices.open_interest is empty, and then left out");
  fields.end();
  checkName("prices.quote", quote);
  const prices = new Map<string, Decimal>();
  for (const [asset, field] of entries) {
    checkName("prices", asset);
    const price = parseDecimal(field.text());
    if (price.mantissa < 0n) refuse(`the price of ${asset} is negative`);
    if (asset === quote && compareDecimals(price, whole(1n)) !== 0) {
      refuse(`the price of the quote currency ${quote} is not 1`);
    }
    prices.set(asset, price);
  }
  const openInterest = new Map<string, Decimal>();
  for (const [market, field] of open ?? []) {
    checkName("prices.open_interest", market);
    const amount = parseDecimal(field.text());
    if (amount.mantissa < 0n) refuse(`the open interest of ${market} is negative`);
    openInterest.set(market, amount);
  }
  return { asOf, quote, method, source, prices, openInterest };
}

/** The price of `name`: the one given, or 1 for the quote currency. */
export function priceOf(prices: Prices, name: string): Decimal | undefined {
  return prices.prices.get(name) ?? (name === prices.quote ? whole(1n) : undefined);
}
