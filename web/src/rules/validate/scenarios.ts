// What scenarios, constraints and contingencies must satisfy. Twin of
// rules/src/validate/scenarios.rs and rules/src/validate/constraints.rs.

import { MAX_SCENARIOS } from "../../circuit/shape.ts";
import { type Decimal, ten, whole } from "../../encoding/decimal.ts";
import { quoted, refuse } from "../../encoding/refused.ts";
import { hasAsset, ruleOf } from "../assets.ts";
import { contingencyShift, contingencyTimes } from "../contingencies.ts";
import { COVER } from "../cover.ts";
import { type Side, checkName, parseHeld } from "../names.ts";
import {
  type Delta,
  MARGINS,
  type Margin,
  type Rules,
  type Scenario,
  hasMarket,
} from "../schema.ts";
import { checkExpiries, checkMove } from "./options.ts";

/** Refuses scenarios that are invalid by themselves or together. */
export function checkScenarios({ scenarios, ...rules }: Rules): void {
  if (scenarios.length === 0) refuse("rules: scenarios is empty");
  if (scenarios.length > MAX_SCENARIOS) {
    refuse(`rules: expected at most ${MAX_SCENARIOS} scenarios, got ${scenarios.length}`);
  }
  const names = new Set<string>();
  scenarios.forEach((scenario, i) => {
    const key = `rules: scenarios[${i}]`;
    checkName(key, scenario.name);
    if ((scenario.kind === "mark") !== (i === 0) || (scenario.name === "mark") !== (i === 0)) {
      refuse(`${key}: the first scenario, and only that, must be \`mark\``);
    }
    if (scenario.name === COVER) {
      refuse(`${key}: ${quoted(COVER)} is the name of the scenario of covered rows`);
    }
    if (names.has(scenario.name)) refuse(`${key}: duplicate ${quoted(scenario.name)}`);
    names.add(scenario.name);
    if (scenario.kind === "credit" && scenarios.findIndex(({ kind }) => kind === "credit") < i) {
      refuse(`${key}: rules can have only one credit scenario`);
    }
    checkScenario({ scenarios, ...rules }, key, scenario);
  });
}

/** Whether some scenario of the rules applies this margin. */
export function hasMargin(rules: Rules, margin: Margin): boolean {
  return rules.scenarios.some((scenario) => scenario.margin === margin);
}

function checkScenario(rules: Rules, key: string, scenario: Scenario): void {
  const { kind, margin, defaultMove, moves, volMove, expiries } = scenario;
  if ((kind === "margin" || kind === "credit") !== (margin !== undefined)) {
    refuse(`${key}: margin and credit scenarios, and only those, must have \`margin\``);
  }
  checkConstraint(rules, key, scenario);
  if ((kind !== "stress" && kind !== "constraint") || scenario.rates.size > 0 || scenario.delta) {
    if (defaultMove || moves.size > 0 || volMove || expiries.size > 0) {
      refuse(`${key}: a scenario of this kind cannot have moves`);
    }
    return;
  }
  if (!defaultMove) return refuse(`${key}: default_move is missing`);
  checkMove(key, defaultMove);
  if (volMove) {
    if (rules.options.size === 0) refuse(`${key}.vol_move: there are no options`);
    checkMove(key, volMove);
  }
  for (const [asset, move] of moves) {
    checkMoved(rules, `${key}.moves`, asset);
    checkMove(key, move);
  }
  checkExpiries(rules, key, scenario);
}

/** An asset whose price may move: it can be held, or a market or option follows it. */
function checkMoved(rules: Rules, key: string, asset: string): void {
  checkName(key, asset);
  if (asset === rules.quote) refuse(`${key}: the price of the quote currency cannot move`);
  const { markets, options } = rules;
  const followers = [...markets.values(), ...options.values()];
  const isFollowed = followers.some(({ underlying }) => underlying === asset);
  if (!isFollowed && !hasAsset(rules, asset)) {
    refuse(`${key}: the rules have no asset ${quoted(asset)}`);
  }
}

/** A constraint has all that it needs, and no other scenario has any of it. */
function checkConstraint(rules: Rules, key: string, scenario: Scenario): void {
  const { contingency, weight, only, rates, ratesOf, delta } = scenario;
  if (scenario.kind !== "constraint") {
    if (contingency !== undefined || weight || only || rates.size > 0 || ratesOf || delta) {
      refuse(`${key}: only a constraint can bound a contingency`);
    }
    return;
  }
  if (contingency === undefined || !rules.contingencies.has(contingency)) {
    refuse(`${key}.contingency: a constraint must bound a contingency of these rules`);
  }
  if (delta && (weight || rates.size > 0)) {
    refuse(`${key}: a scenario with a delta cannot have a weight or rates`);
  }
  if (ratesOf && rates.size === 0) refuse(`${key}.rates_of: the scenario has no rates`);
  if (rates.size > 0) {
    if (weight || only) refuse(`${key}: a scenario with rates cannot have \`weight\` or \`only\``);
    checkGains(rules, key, rates);
    return;
  }
  if (weight && weight.mantissa <= 0n) refuse(`${key}.weight must be above 0`);
  for (const name of only ?? []) {
    checkName(`${key}.only`, name);
    if (!hasAsset(rules, name) && !hasMarket(rules, name)) {
      refuse(`${key}.only: the rules have no asset or market ${quoted(name)}`);
    }
  }
  if (delta) checkDelta(rules, key, delta, only ?? []);
}

/** A delta is of an asset that something follows, and gross is a loss to both sides. */
function checkDelta(rules: Rules, key: string, delta: Delta, only: readonly string[]): void {
  checkMoved(rules, `${key}.delta.underlying`, delta.underlying);
  if (delta.gross.mantissa < 0n) refuse(`${key}.delta.gross is negative`);
  for (const name of only) {
    const { markets, options } = rules;
    const followed = [name, markets.get(name)?.underlying, options.get(name)?.underlying];
    if (!followed.includes(delta.underlying)) {
      refuse(`${key}.only: ${name} does not follow ${delta.underlying}`);
    }
  }
}

/** Rates are of what can be held, and two sides never gain together. */
function checkGains(rules: Rules, key: string, rates: ReadonlyMap<string, Decimal>): void {
  for (const [name, rate] of rates) {
    const held = parseHeld(name);
    if (!held || !canGain(rules, held)) {
      refuse(`${key}.rates: the rules have no instrument ${quoted(name)}`);
    }
    const other = rates.get(`${OTHER_SIDE[held.side]} ${held.of}`) ?? whole(0n);
    const both = rate.mantissa * ten(other.scale) + other.mantissa * ten(rate.scale);
    if (both > 0n) refuse(`${key}.rates: both sides of ${held.of} cannot gain together`);
  }
}

const OTHER_SIDE = { deposit: "borrow", borrow: "deposit", long: "short", short: "long" } as const;

function canGain(rules: Rules, { side, of }: { side: Side; of: string }): boolean {
  switch (side) {
    case "deposit":
      return hasAsset(rules, of);
    case "borrow":
      return ruleOf(rules, of)?.borrow ?? false;
    default:
      return hasMarket(rules, of);
  }
}

/**
 * Refuses a contingency that nothing bounds, that counts nowhere, or that cannot be a whole unit.
 */
export function checkContingencies(rules: Rules): void {
  for (const [name, contingency] of rules.contingencies) {
    const key = `rules: contingencies.${name}`;
    checkName(key, name);
    for (const margin of MARGINS) {
      const times = contingency[margin];
      if (!times && hasMargin(rules, margin)) {
        refuse(`${key}: \`${margin}\` is missing: a margin scenario needs it`);
      }
      if (times && times.mantissa < 0n) refuse(`${key}.${margin} is negative`);
    }
    const counts = rules.scenarios.some(
      (one) => (contingencyTimes(rules, name, one)?.mantissa ?? 0n) !== 0n,
    );
    if (!counts) refuse(`${key} counts in no margin scenario`);
    if (!rules.scenarios.some((one) => one.contingency === name)) {
      refuse(`${key} is bounded by no constraint scenario`);
    }
    if (contingencyShift(rules, name) > rules.valueDecimals) refuse(`${key} has too many decimals`);
  }
}
