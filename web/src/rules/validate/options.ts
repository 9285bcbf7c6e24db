// Options and their margins: as many as a table has rows for, their numbers in range. Twin of
// rules/src/validate/options.rs and rules/src/validate/expiries.rs.

import { MAX_INSTRUMENTS } from "../../circuit/shape.ts";
import { isTime } from "../../encoding/canonical.ts";
import { type Decimal, compareDecimals, showDecimal, whole } from "../../encoding/decimal.ts";
import { quoted, refuse } from "../../encoding/refused.ts";
import { checkName } from "../names.ts";
import {
  MARGINS,
  type OptionMargin,
  type OptionRule,
  type Rules,
  type Scenario,
} from "../schema.ts";

/** Most options times scenarios: everyone computes them before any proof is looked at. */
const MAX_OPTION_VALUES = 1 << 17;

/** The number of options that a table has room for, beside the rows that all tables have. */
function mostOptions({ scenarios, classes, contingencies, cover }: Rules): number {
  const closings = scenarios.reduce((sum, { kind }) => sum + (kind === "constraint" ? 1 : 2), 0);
  const quotes = 2 * (1 + classes.size);
  // Of customers' options there are a plain and a covered long and a covered short besides, of
  // quote currency three forms, and one row closes `cover`.
  const [forms, ofCover] = cover ? [3, 3 + 1] : [0, 0];
  const others = 1 + quotes + contingencies.size + closings + ofCover;
  const holders = 1 + [...classes.values()].filter(({ markets }) => markets === undefined).length;
  return Math.floor(Math.max(MAX_INSTRUMENTS - others, 0) / (2 * holders + forms));
}

/** Refuses options and margins that make no sense, and too many of them. */
export function checkOptions(rules: Rules): void {
  const { options, optionMargins, scenarios } = rules;
  const most = mostOptions(rules);
  if (options.size > most) {
    refuse(`rules: options: a table has room for ${most}, and there are ${options.size}`);
  }
  if (options.size * scenarios.length > MAX_OPTION_VALUES) {
    refuse(
      `rules: options: ${options.size} options in ${scenarios.length} scenarios are more than ` +
        `${MAX_OPTION_VALUES} values`,
    );
  }
  for (const [underlying, margins] of optionMargins) {
    const key = `rules: option_margins.${underlying}`;
    checkName(key, underlying);
    for (const margin of MARGINS) {
      const rates = margins[margin];
      if (rates) checkMargin(`${key}.${margin}`, rates);
    }
  }
  for (const [name, option] of options) checkOption(rules, name, option);
}

function checkOption(rules: Rules, name: string, option: OptionRule): void {
  const { underlying, strike, expiry, decimals } = option;
  const key = `rules: options.${name}`;
  checkName(key, name);
  checkName(`${key}.underlying`, underlying);
  if (decimals > rules.valueDecimals) {
    refuse(`${key}: expected at most value_decimals decimals, got ${decimals}`);
  }
  if (!isTime(expiry)) refuse(`${key}.expiry: ${quoted(expiry)} is not a UTC time`);
  if (rules.markets.has(name)) refuse(`${key}: a market has the same name`);
  if (strike.mantissa <= 0n) refuse(`${key}.strike must be above 0`);
  for (const margin of MARGINS) {
    const isNeeded = rules.scenarios.some((scenario) => scenario.margin === margin);
    if (isNeeded && !rules.optionMargins.get(underlying)?.[margin]) {
      refuse(
        `rules: option_margins.${underlying}.${margin} is missing: a margin scenario needs it`,
      );
    }
  }
}

function checkMargin(key: string, { long, call, put }: OptionMargin): void {
  if (!isPart(long)) refuse(`${key}.long: ${showDecimal(long)} is not from 0 to 1`);
  for (const [side, margin] of Object.entries({ call, put })) {
    for (const [name, part] of Object.entries(margin) as [string, Decimal][]) {
      if (part.mantissa < 0n) refuse(`${key}.${side}.${name} is negative`);
    }
  }
}

/** Refuses differences of an expiry that no option has, that say nothing or make no sense. */
export function checkExpiries(rules: Rules, key: string, { kind, expiries }: Scenario): void {
  const known = new Set([...rules.options.values()].map(({ expiry }) => expiry));
  for (const [expiry, { move, volMove, discount, weight }] of expiries) {
    const path = `${key}.expiries.${expiry}`;
    if (!isTime(expiry)) refuse(`${key}.expiries: ${quoted(expiry)} is not a UTC time`);
    if (!known.has(expiry)) refuse(`${path}: no option expires then`);
    if (!move && !volMove && !discount && !weight) refuse(`${path} says nothing`);
    for (const moved of [move, volMove]) if (moved) checkMove(path, moved);
    if ((discount || weight) && kind !== "constraint") {
      refuse(`${path}: only a constraint scenario has a discount or a weight`);
    }
    if (discount && !isPart(discount)) refuse(`${path}.discount is not from 0 to 1`);
    if (weight && weight.mantissa <= 0n) refuse(`${path}.weight must be above 0`);
  }
}

/** Refuses a relative move that would leave less than nothing. */
export function checkMove(key: string, move: Decimal): void {
  if (compareDecimals(move, whole(-1n)) < 0) refuse(`${key}: a move cannot be below -1`);
}

function isPart(number: Decimal): boolean {
  return number.mantissa >= 0n && compareDecimals(number, whole(1n)) <= 0;
}
