// Applies the changes of rules and prices that the native compiler's tests list.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { refuse } from "../src/encoding/refused.ts";
import { parsePrices } from "../src/repricing/prices-file.ts";
import { compileTable } from "../src/rules/compile.ts";
import { parseRules } from "../src/rules/parse.ts";
import type { Prices } from "../src/rules/prices.ts";
import type { Rules } from "../src/rules/schema.ts";
import type { Compiled } from "../src/rules/table.ts";
import { checkRules } from "../src/rules/validate.ts";

export interface Change {
  from?: string;
  to?: string;
  price_from?: string;
  price_to?: string;
  prices?: object;
}

/** The line by which these folders' rules do without plain and covered rows. */
const WITHOUT_COVER = "cover = false\n";

/**
 * The changed rules and prices of a folder, and their table; throws if they are refused. `cover`
 * replaces the line by which the rules do without plain and covered rows.
 */
export function compileChanged(
  folder: string,
  change: Change,
  cover = WITHOUT_COVER,
): { rules: Rules; prices: Prices; compiled: Compiled } {
  const { from = "", to = "", price_from = "", price_to = "" } = change;
  const replaced = (file: string, from: string, to: string) => {
    const text = readFileSync(`../rules/tests/books/${folder}/${file}`, "utf8");
    assert.ok(text.includes(from), from);
    return text.replace(from, () => to);
  };
  const text = change.prices
    ? JSON.stringify(change.prices)
    : replaced("prices.json", price_from, price_to);
  const toml = replaced("rules.toml", from, to);
  const rules = parseRules(toml.replace(WITHOUT_COVER, cover));
  checkRules(rules);
  const prices = parsePrices(text);
  // A time of a prices file in another spelling than its shortest stands in no attestation.
  if (!text.includes(`"${prices.asOf}"`)) refuse("the time is not in its shortest form");
  return { rules, prices, compiled: compileTable(rules, prices) };
}
