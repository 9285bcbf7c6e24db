// What rules must satisfy before prices are known. Twin of rules/src/validate.

import { MAX_SCENARIOS } from "../circuit/shape.ts";
import { isDate } from "../encoding/canonical.ts";
import { type Decimal, compareDecimals, whole } from "../encoding/decimal.ts";
import { quoted, refuse } from "../encoding/refused.ts";
import { hasAsset, listedAssets } from "./assets.ts";
import { checkName, isBlank } from "./names.ts";
import {
  type AssetRule,
  CLASSES,
  MARGINS,
  type MarketRule,
  type Rules,
  fixed,
  hasMarket,
} from "./schema.ts";
import { twinsOf } from "./twins.ts";
import { checkOptions } from "./validate/options.ts";
import { checkPolicy } from "./validate/policy.ts";
import { checkVolatilityRates } from "./validate/rates.ts";
import { checkContingencies, checkScenarios, hasMargin } from "./validate/scenarios.ts";
import { assetTiers, checkRates, tierBounds } from "./validate/tiers.ts";
import { checkTokens } from "./validate/tokens.ts";

const MAX_DECIMALS = 38;

/** Refuses rules that are invalid whatever the prices. */
export function checkRules(rules: Rules): void {
  for (const key of ["name", "source", "exactness"] as const) {
    if (isBlank(rules[key])) refuse(`rules: ${key} is empty`);
  }
  if (!isDate(rules.date)) refuse(`rules: ${quoted(rules.date)} is not a date`);
  checkName("rules: quote", rules.quote);
  if (rules.valueDecimals > MAX_DECIMALS) {
    refuse(`rules: value_decimals must be at most ${MAX_DECIMALS}`);
  }
  checkDecimals(rules, "quote_decimals", rules.quoteDecimals);
  checkScenarios(rules);
  checkAssets(rules);
  checkMarkets(rules);
  checkClasses(rules);
  checkVolatilityRates(rules);
  checkOptions(rules);
  checkContingencies(rules);
  checkTokens(rules);
  checkPolicy(rules);
  checkRoom(rules);
}

/** A table has room for the twins that the policy asks for, and for `cover`. */
function checkRoom(rules: Rules): void {
  const own = rules.scenarios.length;
  const twins = twinsOf(rules).length;
  if (own + twins > MAX_SCENARIOS) {
    refuse(
      `rules: scenarios: ${own} scenarios and ${twins} twins, one for each stress with the ` +
        `clause \`insurance\`, are more than the ${MAX_SCENARIOS} that a table can have`,
    );
  }
  if (rules.cover && own + twins === MAX_SCENARIOS) {
    refuse(
      `rules: cover: the scenario \`cover\` is one more than the ${MAX_SCENARIOS} that a table ` +
        "can have: write `cover = false`, or a scenario less",
    );
  }
}

function checkAssets(rules: Rules): void {
  const names = new Set<string>();
  for (const [name, rule] of rules.assets) {
    for (const asset of [name, ...rule.also]) {
      checkName("rules: assets", asset);
      if (names.has(asset)) refuse(`rules: assets: duplicate ${quoted(asset)}`);
      names.add(asset);
    }
    checkAsset(rules, `assets.${name}`, rule);
  }
  if (!rules.assetDefault) return;
  if (rules.assetDefault.also.length > 0) refuse("rules: asset_default cannot have `also`");
  checkAsset(rules, "asset_default", rules.assetDefault);
}

function checkAsset(rules: Rules, key: string, rule: AssetRule): void {
  checkDecimals(rules, key, rule.decimals);
  if (rule.tiers && (rule.maintenance || rule.initial)) {
    refuse(`rules: ${key}: an asset with tiers must have its weights in them`);
  }
  for (const weight of [rule.borrowMaintenance, rule.borrowInitial]) {
    if (!weight) continue;
    if (!rule.borrow) {
      refuse(`rules: ${key}: an asset that cannot be borrowed cannot have a borrow weight`);
    }
    const number = fixed(weight);
    if (number && compareDecimals(number, whole(1n)) < 0) {
      refuse(`rules: ${key}: a borrow weight must be at least 1`);
    }
  }
  const tiers = assetTiers(rule);
  tierBounds(key, tiers, rule.decimals);
  for (const margin of MARGINS) {
    const falls = (rate: Decimal, before: Decimal) => compareDecimals(rate, before) <= 0;
    checkRates(key, tiers, margin, hasMargin(rules, margin), falls);
  }
}

function checkMarkets(rules: Rules): void {
  const assets = listedAssets(rules);
  for (const [name, market] of rules.markets) {
    const key = `markets.${name}`;
    checkName(`rules: ${key}`, name);
    checkName(`rules: ${key}.underlying`, market.underlying);
    // A price of the market's own would be the asset's.
    if ((name === rules.quote || assets.has(name)) && market.underlying !== name) {
      refuse(`rules: ${key}.underlying: an asset has the market's name, and its price`);
    }
    checkDecimals(rules, key, market.decimals);
    const ends = tierBounds(key, market.tiers, market.decimals);
    if (market.tiersIn !== undefined) {
      checkName(`rules: ${key}.tiers_in`, market.tiersIn);
      if (ends.in === "quantities") refuse(`rules: ${key}.tiers_in: no tier ends at a value`);
    }
    for (const margin of MARGINS) {
      const rises = (rate: Decimal, before: Decimal) => compareDecimals(rate, before) >= 0;
      checkRates(key, market.tiers, margin, hasMargin(rules, margin), rises);
    }
    checkCaps(key, market);
  }
}

/** Open interest scales the initial rates of all tiers, from one value to a larger one. */
function checkCaps(key: string, { tiers, openInterest }: MarketRule): void {
  if (!openInterest) return;
  const { lower, upper } = openInterest;
  if (tiers.some(({ initial }) => !initial)) {
    refuse(`rules: ${key}.open_interest scales initial rates: every tier must have one`);
  }
  if (lower.mantissa < 0n) refuse(`rules: ${key}.open_interest.lower is negative`);
  if (compareDecimals(upper, lower) <= 0) {
    refuse(`rules: ${key}.open_interest.upper must be above lower`);
  }
}

/** Classes are those of own accounts, and hold what the rules have, without duplicates. */
function checkClasses(rules: Rules): void {
  for (const [name, { assets, markets }] of rules.classes) {
    const key = `rules: classes.${name}`;
    if (name === "customer" || !CLASSES.some((known) => known === name)) {
      refuse(`${key}: the class must be house, insurance or pool`);
    }
    const check = (list: readonly string[] | undefined, isKnown: (one: string) => boolean) =>
      list?.forEach((one, i) => {
        checkName(key, one);
        if (!isKnown(one)) refuse(`${key}: the rules have no ${quoted(one)}`);
        if (list.indexOf(one) < i) refuse(`${key}: duplicate ${quoted(one)}`);
      });
    check(assets, (one) => hasAsset(rules, one));
    check(markets, (one) => hasMarket(rules, one));
  }
}

function checkDecimals(rules: Rules, key: string, decimals: number): void {
  if (decimals > rules.valueDecimals) {
    refuse(`rules: ${key}: expected at most value_decimals decimals, got ${decimals}`);
  }
}
