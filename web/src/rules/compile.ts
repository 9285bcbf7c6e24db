// From rules and prices to the public instrument table. Twin of rules/src/compile. The rows, in
// order:
//
// - the empty slot;
// - the assets by name, each with its deposit tiers, a headroom after each capped one, its borrow
//   and, in rules with a credit scenario, its uncredited borrow;
// - the markets by name, each with its long and then its short tiers;
// - the options by name, each with its long and its short;
// - `quote credit` and `quote debit`;
// - the same again for every class of own accounts;
// - the contingencies by name;
// - unless the rules say no, the forms of the customers' rows (cover.ts): `plain X`, `covered X`;
// - the rows that close each scenario S: `slack:S` for a constraint, `equity:S` and `shortfall:S`
//   for any other. The twins of stresses (twins.ts) follow the scenarios of the rules, and then
//   comes `cover`, closed by `slack:cover`.

import { refuse } from "../encoding/refused.ts";
import { listedAssets } from "./assets.ts";
import { Compiler } from "./compiler.ts";
import { formsOf } from "./cover.ts";
import { inOrder, lowerAscii } from "./names.ts";
import type { Prices } from "./prices.ts";
import { type AssetRule, CLASSES, type Rules } from "./schema.ts";
import { checkTable } from "./soundness.ts";
import type { Compiled } from "./table.ts";
import { FIXED } from "./value/terms.ts";

/** Compiles checked rules and prices: the same table from the same files, always. */
export function compileTable(rules: Rules, prices: Prices): Compiled {
  if (rules.quote !== prices.quote) {
    refuse(`the rules are in ${rules.quote} and the prices in ${prices.quote}`);
  }
  const compiler = new Compiler(rules, prices);
  const values = rules.scenarios.map(() => 0n);
  compiler.push({
    name: "",
    role: { kind: "empty" },
    decimals: 0,
    cap: undefined,
    values,
    valuation: FIXED,
  });
  checkRefused(rules, prices);
  const ruled = inOrder(ruledAssets(rules, prices));
  const options = compiler.optionWorths();
  const all = { assets: undefined, markets: undefined };
  const customers = compiler.classRows("customer", all, ruled, options);
  const own = CLASSES.flatMap((name) => {
    const rule = rules.classes.get(name);
    return rule ? [compiler.classRows(name, rule, ruled, options)] : [];
  });
  compiler.class = "customer";
  const contingencies = inOrder(rules.contingencies).map(([name], i) =>
    compiler.contingency(name, i),
  );
  const forms = rules.cover ? formsOf(customers) : [];
  for (const one of forms) compiler.forms(one);
  const compiled: Compiled = {
    ...customers,
    classes: [customers, ...own],
    contingencies,
    scenarios: compiler.closings(),
    rows: compiler.rows,
    quote: rules.quote,
    valueDecimals: rules.valueDecimals,
    followed: compiler.rates.followed,
    volatilities: new Map(
      [...prices.volatilities].filter(([name]) =>
        compiler.rates.followed.some(({ asset }) => asset === name),
      ),
    ),
  };
  if (rules.cover) compiler.cover(compiled, forms);
  checkTable(compiled);
  return compiled;
}

/** Refuses a market whose price was refused: its underlying's does not stand in for it. */
function checkRefused(rules: Rules, { refused }: Prices): void {
  const names = new Set([...refused.keys()].map(lowerAscii));
  for (const [market] of inOrder(rules.markets)) {
    if (names.has(lowerAscii(market))) {
      refuse(`rules: markets.${market}: its price was refused, and no other stands in for it`);
    }
  }
}

/** The assets that have a price and a rule. */
function ruledAssets(rules: Rules, prices: Prices): Map<string, AssetRule> {
  const listed = listedAssets(rules);
  const ruled = new Map<string, AssetRule>();
  for (const [name, rule] of listed) {
    if (prices.prices.has(name) || name === prices.quote) ruled.set(name, rule);
  }
  for (const name of prices.prices.keys()) {
    const market = rules.markets.get(name);
    // The price of a market is an asset's too only if the market has its underlying's name.
    if (ruled.has(name) || (market && market.underlying !== name)) continue;
    if (rules.assetDefault) ruled.set(name, rules.assetDefault);
  }
  return ruled;
}
