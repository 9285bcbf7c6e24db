// The prices in an attestation (prover/src/prices.rs).

import type { Field, Fields } from "../encoding/canonical.ts";
import { type Decimal, compareDecimals, whole } from "../encoding/decimal.ts";
import { checkName } from "./names.ts";
import { CannotCheck, refuse } from "../encoding/refused.ts";

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

/** Reads prices: their form. */
export function readPrices(fields: Fields): Prices {
  const asOf = fields.field("as_of").time();
  const quote = fields.field("quote").text();
  const method = fields.field("method").text();
  const source = fields.optional("source")?.text();
  const entries = fields.field("prices").map();
  // Option values take arithmetic that this page does not have.
  if (fields.optional("vols") !== undefined) throw new CannotCheck(HAS_OPTIONS);
  const openInterest = fields.optional("open_interest");
  const open = openInterest?.map();
  if (open?.length === 0) openInterest!.fail("is empty, and then left out");
  fields.end();
  const decimals = (entries: [string, Field][]) => entries.map(([name, field]) => [name, field.decimal()] as const);
  return { asOf, quote, method, source, prices: new Map(decimals(entries)), openInterest: new Map(decimals(open ?? [])) };
}

/** Refuses prices that are none: names are names, none is negative, the quote currency's is 1. */
export function checkPrices({ quote, prices, openInterest }: Prices): void {
  checkName("prices.quote", quote);
  for (const [asset, price] of prices) {
    checkName("prices", asset);
    if (price.mantissa < 0n) refuse(`the price of ${asset} is negative`);
    if (asset === quote && compareDecimals(price, whole(1n)) !== 0) {
      refuse(`the price of the quote currency ${quote} is not 1`);
    }
  }
  for (const [market, amount] of openInterest) {
    checkName("prices.open_interest", market);
    if (amount.mantissa < 0n) refuse(`the open interest of ${market} is negative`);
  }
}

/** The price of `name`: the one given, or 1 for the quote currency. */
export function priceOf(prices: Prices, name: string): Decimal | undefined {
  return prices.prices.get(name) ?? (name === prices.quote ? whole(1n) : undefined);
}
