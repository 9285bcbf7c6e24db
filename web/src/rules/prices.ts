// The prices in an attestation. Twin of rules/src/prices.rs.

import type { Field, Fields } from "../encoding/canonical.ts";
import { type Decimal, compareDecimals, whole } from "../encoding/decimal.ts";
import { refuse } from "../encoding/refused.ts";
import { type Surfaces, checkSurfaces, readSurfaces } from "./black76/surface.ts";
import { checkName, isBlank } from "./names.ts";
import { type Volatilities, checkVolatilities, readVolatilities } from "./volatility.ts";

export interface Prices {
  readonly asOf: string;
  readonly quote: string;
  readonly method: string;
  readonly source: string | undefined;
  /** The price of one whole unit, by asset or market, in order. */
  readonly prices: ReadonlyMap<string, Decimal>;
  /** The volatilities of options, by underlying, in order; empty if the file states none. */
  readonly vols: Surfaces;
  /** Open interest by market, in whole units, in order; empty if the file states none. */
  readonly openInterest: ReadonlyMap<string, Decimal>;
  /** The assets without a price that sources agree on, each with the reason, in order. */
  readonly refused: ReadonlyMap<string, string>;
  /** The volatilities that rates follow, by asset, in order; empty if the file states none. */
  readonly volatilities: Volatilities;
}

/** Reads prices: only their form. */
export function readPrices(fields: Fields): Prices {
  const asOf = fields.field("as_of").time();
  const quote = fields.field("quote").text();
  const method = fields.field("method").text();
  const source = fields.optional("source")?.text();
  const entries = fields.field("prices").map();
  const vols = readSurfaces(fields.optional("vols"));
  const open = fields.optional("open_interest");
  const openEntries = open?.map() ?? [];
  if (open && openEntries.length === 0) open.fail("is empty: it must be left out instead");
  const without = fields.optional("refused");
  const refusedEntries = without?.map() ?? [];
  if (without && refusedEntries.length === 0) {
    without.fail("is empty: it must be left out instead");
  }
  const volatilities = readVolatilities(fields.optional("volatilities"));
  fields.end();
  const [prices, openInterest] = [decimals(entries), decimals(openEntries)];
  const refused = new Map(refusedEntries.map(([name, field]) => [name, field.text()]));
  return { asOf, quote, method, source, prices, vols, openInterest, refused, volatilities };
}

function decimals(entries: readonly [string, Field][]): Map<string, Decimal> {
  return new Map(entries.map(([name, field]) => [name, field.decimal()]));
}

/** Refuses invalid prices: names are names, none is negative, the quote currency's is 1. */
export function checkPrices(all: Prices): void {
  const { quote, prices, vols, openInterest, refused, volatilities } = all;
  checkName("prices.quote", quote);
  for (const [asset, price] of prices) {
    checkName("prices", asset);
    if (price.mantissa < 0n) refuse(`the price of ${asset} is negative`);
    if (asset === quote && compareDecimals(price, whole(1n)) !== 0) {
      refuse(`the price of the quote currency ${quote} must be 1`);
    }
  }
  checkSurfaces(vols);
  for (const [market, amount] of openInterest) {
    checkName("prices.open_interest", market);
    if (amount.mantissa < 0n) refuse(`the open interest of ${market} is negative`);
  }
  for (const [asset, reason] of refused) {
    checkName("prices.refused", asset);
    if (asset === quote || prices.has(asset)) {
      refuse(`a price of ${asset} was refused, and yet there is one`);
    }
    if (isBlank(reason)) refuse(`the price of ${asset} was refused without a reason`);
  }
  checkVolatilities(volatilities);
}

/** The price of `name`: the one given, or 1 for the quote currency. */
export function priceOf(prices: Prices, name: string): Decimal | undefined {
  return prices.prices.get(name) ?? (name === prices.quote ? whole(1n) : undefined);
}
