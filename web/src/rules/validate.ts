// What rules have to satisfy before prices are known (prover/src/rules/validate.rs).

import { isDate } from "../encoding/canonical.ts";
import { type Decimal, compareDecimals, exactUnits, ten, whole } from "../encoding/decimal.ts";
import { checkName, isBlank, parseHeld } from "./names.ts";
import { quoted, refuse } from "../encoding/refused.ts";
import {
  type AssetRule,
  CLASSES,
  type Delta,
  MARGINS,
  type Margin,
  type MarketRule,
  type Rules,
  type Scenario,
} from "./schema.ts";
import { checkPolicy } from "./validate/policy.ts";
import { MAX_SCENARIOS } from "../circuit/shape.ts";
import { assetTiers, checkRates, tierBounds } from "./validate/tiers.ts";

const MAX_DECIMALS = 38;

/** Refuses rules that make no sense, whatever the prices. */
export function checkRules(rules: Rules): void {
  for (const key of ["name", "source", "exactness"] as const) {
    if (isBlank(rules[key])) refuse(`rules: ${key} is empty`);
  }
  if (!isDate(rules.date)) refuse(`rules: ${quoted(rules.date)} is not a date`);
  checkName("rules: quote", rules.quote);
  if (rules.valueDecimals > MAX_DECIMALS) refuse("rules: value_decimals is more than 38");
  checkDecimals(rules, "quote_decimals", rules.quoteDecimals);
  checkScenarios(rules);
  checkAssets(rules);
  for (const [name, market] of rules.markets) {
    const key = `markets.${name}`;
    checkName(`rules: ${key}`, name);
    checkName(`rules: ${key}.underlying`, market.underlying);
    checkDecimals(rules, key, market.decimals);
    tierBounds(key, market.tiers, market.decimals);
    for (const margin of MARGINS) {
      const rises = (rate: Decimal, before: Decimal) => compareDecimals(rate, before) >= 0;
      checkRates(key, market.tiers, margin, needs(rules, margin), rises);
    }
    checkCaps(key, market);
  }
  checkClasses(rules);
  checkContingencies(rules);
  checkPolicy(rules);
}

/** Open interest scales the initial rates of all tiers, between two values that grow. */
function checkCaps(key: string, { tiers, openInterest }: MarketRule): void {
  if (!openInterest) return;
  const { lower, upper } = openInterest;
  if (tiers.some(({ initial }) => !initial)) refuse(`rules: ${key}: open interest scales initial rates`);
  if (lower.mantissa < 0n) refuse(`rules: ${key}.open_interest.lower is negative`);
  if (compareDecimals(upper, lower) <= 0) refuse(`rules: ${key}.open_interest.upper is not above lower`);
}

/** Every asset with a rule of its own. */
export function listedAssets(rules: Rules): Map<string, AssetRule> {
  const listed = new Map<string, AssetRule>();
  for (const [name, rule] of rules.assets) {
    for (const asset of [name, ...rule.also]) listed.set(asset, rule);
  }
  return listed;
}

/** The rule for an asset, without a map of them all: lists are as long as the publisher likes. */
export function ruleOf({ assets, assetDefault }: Rules, name: string): AssetRule | undefined {
  return assets.get(name) ?? [...assets.values()].find(({ also }) => also.includes(name)) ?? assetDefault;
}

function checkScenarios({ scenarios, ...rules }: Rules): void {
  if (scenarios.length === 0) refuse("rules: there is no scenario");
  if (scenarios.length > MAX_SCENARIOS) refuse(`rules: ${scenarios.length} scenarios are too many`);
  const names = new Set<string>();
  scenarios.forEach((scenario, i) => {
    const key = `rules: scenarios[${i}]`;
    checkName(key, scenario.name);
    if ((scenario.kind === "mark") !== (i === 0) || (scenario.name === "mark") !== (i === 0)) {
      refuse(`${key}: the first scenario is \`mark\`, and no other is`);
    }
    if (names.has(scenario.name)) refuse(`${key}: ${quoted(scenario.name)} stands twice`);
    names.add(scenario.name);
    if (scenario.kind === "credit" && scenarios.findIndex(({ kind }) => kind === "credit") < i) {
      refuse(`${key}: rules have one credit scenario at most`);
    }
    checkScenario({ scenarios, ...rules }, key, scenario);
  });
}

function checkScenario(rules: Rules, key: string, scenario: Scenario): void {
  const { kind, margin, defaultMove, moves } = scenario;
  if ((kind === "margin" || kind === "credit") !== (margin !== undefined)) {
    refuse(`${key}: a margin or credit scenario, and no other, says which margin`);
  }
  checkConstraint(rules, key, scenario);
  if ((kind !== "stress" && kind !== "constraint") || scenario.rates.size > 0 || scenario.delta) {
    if (defaultMove || moves.size > 0) refuse(`${key}: a scenario of its kind has no moves`);
    return;
  }
  if (!defaultMove) return refuse(`${key}: default_move is missing`);
  checkMove(key, defaultMove);
  for (const [asset, move] of moves) {
    checkMoved(rules, `${key}.moves`, asset);
    checkMove(key, move);
  }
}

/** An asset whose price may move: it can be held, or a market follows it. */
function checkMoved(rules: Rules, key: string, asset: string): void {
  checkName(key, asset);
  if (asset === rules.quote) refuse(`${key}: the quote currency does not move`);
  const isFollowed = [...rules.markets.values()].some(({ underlying }) => underlying === asset);
  if (!isFollowed && !hasAsset(rules, asset)) refuse(`${key}: there is no asset ${asset}`);
}

/** What a constraint has, and nothing else. */
function checkConstraint(rules: Rules, key: string, scenario: Scenario): void {
  const { contingency, weight, only, rates, ratesOf, delta } = scenario;
  if (scenario.kind !== "constraint") {
    if (contingency !== undefined || weight || only || rates.size > 0 || ratesOf || delta) {
      refuse(`${key}: only a constraint bounds a contingency`);
    }
    return;
  }
  if (contingency === undefined || !rules.contingencies.has(contingency)) {
    refuse(`${key}.contingency: a constraint bounds a contingency of these rules`);
  }
  if (delta && (weight || rates.size > 0)) refuse(`${key}: a scenario with a delta has no weight or rates`);
  if (ratesOf && rates.size === 0) refuse(`${key}.rates_of: there are no rates`);
  if (rates.size > 0) {
    if (weight || only) refuse(`${key}: a scenario with rates has neither weight nor only`);
    checkGains(rules, key, rates);
    return;
  }
  if (weight && weight.mantissa <= 0n) refuse(`${key}.weight is not above 0`);
  for (const name of only ?? []) {
    checkName(`${key}.only`, name);
    if (!hasAsset(rules, name) && !rules.markets.has(name)) {
      refuse(`${key}.only: there is no asset or market ${name}`);
    }
  }
  if (delta) checkDelta(rules, key, delta, only ?? []);
}

/** A delta is of an asset that something follows, and gross is a loss to both sides. */
function checkDelta(rules: Rules, key: string, delta: Delta, only: readonly string[]): void {
  checkMoved(rules, `${key}.delta.underlying`, delta.underlying);
  if (delta.gross.mantissa < 0n) refuse(`${key}.delta.gross is negative`);
  for (const name of only) {
    const follows = [name, rules.markets.get(name)?.underlying].includes(delta.underlying);
    if (!follows) refuse(`${key}.only: ${name} does not follow ${delta.underlying}`);
  }
}

/** Rates are of what can be held, and two sides never gain together. */
function checkGains(rules: Rules, key: string, rates: ReadonlyMap<string, Decimal>): void {
  for (const [name, rate] of rates) {
    const held = parseHeld(name);
    if (!held || !canGain(rules, held)) refuse(`${key}.rates: ${quoted(name)} gains nothing`);
    const other = rates.get(`${OTHER_SIDE[held.side]} ${held.of}`) ?? whole(0n);
    const both = rate.mantissa * ten(other.scale) + other.mantissa * ten(rate.scale);
    if (both > 0n) refuse(`${key}.rates: both sides of ${held.of} gain together`);
  }
}

const OTHER_SIDE = { deposit: "borrow", borrow: "deposit", long: "short", short: "long" } as const;

function canGain(rules: Rules, { side, of }: { side: keyof typeof OTHER_SIDE; of: string }): boolean {
  switch (side) {
    case "deposit":
      return hasAsset(rules, of);
    case "borrow":
      return ruleOf(rules, of)?.borrow ?? false;
    default:
      return rules.markets.has(of);
  }
}

function hasAsset(rules: Rules, name: string): boolean {
  return ruleOf(rules, name) !== undefined;
}

/** How many times a contingency counts in a scenario; undefined where that is no margin scenario. */
export function contingencyTimes(rules: Rules, name: string, { margin }: Scenario): Decimal | undefined {
  return margin && rules.contingencies.get(name)![margin];
}

/** Digits of the unit that makes every count of a contingency a whole number. */
export function contingencyShift(rules: Rules, name: string): number {
  let shift = 0;
  for (const scenario of rules.scenarios) {
    const times = contingencyTimes(rules, name, scenario);
    while (times && exactUnits(times, shift) === undefined) shift += 1;
  }
  return shift;
}

/** Classes are those of the house, and hold what the rules have, each once. */
function checkClasses(rules: Rules): void {
  for (const [name, { assets, markets }] of rules.classes) {
    const key = `rules: classes.${name}`;
    if (name === "customer" || !CLASSES.some((known) => known === name)) refuse(`${key} is no class`);
    const check = (list: readonly string[] | undefined, isKnown: (one: string) => boolean) =>
      list?.forEach((one, i) => {
        checkName(key, one);
        if (!isKnown(one)) refuse(`${key}: there is no ${one}`);
        if (list.indexOf(one) < i) refuse(`${key}: ${one} stands twice`);
      });
    check(assets, (one) => hasAsset(rules, one));
    check(markets, (one) => rules.markets.has(one));
  }
}

function checkContingencies(rules: Rules): void {
  for (const [name, contingency] of rules.contingencies) {
    const key = `rules: contingencies.${name}`;
    checkName(key, name);
    for (const margin of MARGINS) {
      const times = contingency[margin];
      if (!times && needs(rules, margin)) refuse(`${key}: a margin scenario needs ${margin}`);
      if (times && times.mantissa < 0n) refuse(`${key}.${margin} is negative`);
    }
    const counts = rules.scenarios.some((one) => (contingencyTimes(rules, name, one)?.mantissa ?? 0n) !== 0n);
    if (!counts) refuse(`${key} counts in no margin scenario`);
    if (!rules.scenarios.some((one) => one.contingency === name)) {
      refuse(`${key} is bounded by no constraint scenario`);
    }
    if (contingencyShift(rules, name) > rules.valueDecimals) refuse(`${key}: too many decimals`);
  }
}

function checkMove(key: string, move: Decimal): void {
  if (compareDecimals(move, whole(-1n)) < 0) refuse(`${key}: a price cannot fall by more than all`);
}

function checkAssets(rules: Rules): void {
  const names = new Set<string>();
  for (const [name, rule] of rules.assets) {
    for (const asset of [name, ...rule.also]) {
      checkName("rules: assets", asset);
      if (names.has(asset)) refuse(`rules: the asset ${asset} stands twice`);
      names.add(asset);
    }
    checkAsset(rules, `assets.${name}`, rule);
  }
  if (!rules.assetDefault) return;
  if (rules.assetDefault.also.length > 0) refuse("rules: asset_default has no `also`");
  checkAsset(rules, "asset_default", rules.assetDefault);
}

function checkAsset(rules: Rules, key: string, rule: AssetRule): void {
  checkDecimals(rules, key, rule.decimals);
  if (rule.tiers && (rule.maintenance || rule.initial)) {
    refuse(`rules: ${key}: where there are tiers, the weights stand in them`);
  }
  for (const weight of [rule.borrowMaintenance, rule.borrowInitial]) {
    if (!weight) continue;
    if (!rule.borrow) refuse(`rules: ${key}: an asset that cannot be borrowed has no such weight`);
    if (compareDecimals(weight, whole(1n)) < 0) refuse(`rules: ${key}: a loan weighs at least 1`);
  }
  const tiers = assetTiers(rule);
  tierBounds(key, tiers, rule.decimals);
  for (const margin of MARGINS) {
    const falls = (rate: Decimal, before: Decimal) => compareDecimals(rate, before) <= 0;
    checkRates(key, tiers, margin, needs(rules, margin), falls);
  }
}

function needs(rules: Rules, margin: Margin): boolean {
  return rules.scenarios.some((scenario) => scenario.margin === margin);
}

function checkDecimals(rules: Rules, key: string, decimals: number): void {
  if (decimals > rules.valueDecimals) refuse(`rules: ${key}: more decimals than value_decimals`);
}
