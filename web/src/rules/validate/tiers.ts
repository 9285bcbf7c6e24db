// Tiers of weights and margins: bounds that grow, and rates that never reward size. Twin of
// rules/src/validate/tiers.rs.

import { QUANTITY_BITS } from "../../circuit/shape.ts";
import {
  type Decimal,
  compareDecimals,
  exactUnits,
  floorUnits,
  showDecimal,
  whole,
} from "../../encoding/decimal.ts";
import { refuse } from "../../encoding/refused.ts";
import { type AssetRule, type Margin, type Tier, fixed } from "../schema.ts";

/** The tiers of an asset; a rule without tiers has one, without an end. */
export function assetTiers(rule: AssetRule): readonly Tier[] {
  const { maintenance, initial } = rule;
  return rule.tiers ?? [{ upTo: undefined, upToValue: undefined, maintenance, initial }];
}

/** The ends of all tiers but the last: the size of each, or the value up to its end. */
export type Bounds =
  | { readonly in: "quantities"; readonly caps: readonly bigint[] }
  | { readonly in: "values"; readonly ends: readonly Decimal[] };

/** A tier of a table: its number in the rules, from 0, and its size; the last has no cap. */
export interface CappedTier {
  readonly tier: number;
  readonly cap: bigint | undefined;
}

/** The ends of tiers: bounds grow, and a cap is in [1, 2^90) units of 10^-decimals. */
export function tierBounds(key: string, tiers: readonly Tier[], decimals: number): Bounds {
  const inValues = tiers.some(({ upToValue }) => upToValue !== undefined);
  if (tiers.length === 0) refuse(`rules: ${key}.tiers is empty`);
  if (inValues && tiers.some(({ upTo }) => upTo !== undefined)) {
    refuse(`rules: ${key}.tiers must all end at quantities or all at values`);
  }
  const last = tiers[tiers.length - 1]!;
  if (last.upTo ?? last.upToValue) refuse(`rules: ${key}.tiers: the last tier cannot have an end`);
  let before = whole(0n);
  const ends = tiers.slice(0, -1).map((tier, i) => {
    const path = `rules: ${key}.tiers[${i}]`;
    const end = tier.upTo ?? tier.upToValue;
    if (!end) return refuse(`${path}: every tier but the last must have an end`);
    if (compareDecimals(end, before) <= 0) {
      refuse(`${path}: a tier must end above the tier before it`);
    }
    before = end;
    return end;
  });
  return inValues
    ? { in: "values", ends }
    : { in: "quantities", caps: quantityCaps(`rules: ${key}.tiers`, ends, decimals) };
}

function quantityCaps(path: string, ends: readonly Decimal[], decimals: number): bigint[] {
  let before = 0n;
  return ends.map((end, i) => {
    const units = exactUnits(end, decimals);
    if (units === undefined) {
      return refuse(
        `${path}[${i}]: expected at most ${decimals} decimals, got ${showDecimal(end)}`,
      );
    }
    const cap = units - before;
    if (cap > MOST) refuse(`${path}[${i}]: the size of a tier must be below 2^90 units`);
    before = units;
    return cap;
  });
}

/**
 * The tiers at a price of `unit` units of value. An end in value is divided by that and rounded
 * down, against the account; a tier in which no unit fits is left out. `price` is that of what the
 * ends are amounts of: 1 for the quote currency.
 */
export function tiersAt(
  bounds: Bounds,
  unit: bigint,
  valueDecimals: number,
  price: Decimal = whole(1n),
): CappedTier[] {
  if (bounds.in === "quantities") {
    const { caps } = bounds;
    return [...caps.map((cap, tier) => ({ tier, cap })), { tier: caps.length, cap: undefined }];
  }
  let before = 0n;
  const capped = bounds.ends.flatMap((end, tier) => {
    const worth = { mantissa: end.mantissa * price.mantissa, scale: end.scale + price.scale };
    const units = unit === 0n ? MOST : floorUnits(worth, valueDecimals) / unit;
    const bound = units < MOST ? units : MOST;
    const cap = bound - before;
    before = bound;
    return cap === 0n ? [] : [{ tier, cap }];
  });
  return [...capped, { tier: bounds.ends.length, cap: undefined }];
}

/** The most that an account can hold. */
const MOST = (1n << BigInt(QUANTITY_BITS)) - 1n;

/** Refuses rates that are missing if `needed`, outside [0, 1], or not `inOrder` after the last. */
export function checkRates(
  key: string,
  tiers: readonly Tier[],
  margin: Margin,
  needed: boolean,
  inOrder: (rate: Decimal, before: Decimal) => boolean,
): void {
  let before: Decimal | undefined;
  tiers.forEach((tier, i) => {
    const stated = tier[margin];
    const path = `rules: ${key}, tier ${i + 1}, ${margin}`;
    if (!stated) {
      if (needed) refuse(`${path} is missing: a margin scenario needs it`);
      return;
    }
    // What follows a volatility is looked at when that is known (inTierOrder).
    const rate = fixed(stated);
    if (!rate) return;
    if (rate.mantissa < 0n || compareDecimals(rate, whole(1n)) > 0) {
      refuse(`${path}: ${showDecimal(rate)} is not between 0 and 1`);
    }
    if (before && !inOrder(rate, before)) refuse(`${path}: a larger size cannot be treated better`);
    before = rate;
  });
}

/** Whether the rates of the day only rise, or only fall, from tier to tier. */
export function inTierOrder(
  rates: readonly (Decimal | undefined)[],
  direction: "rise" | "fall",
): boolean {
  const known = rates.filter((rate) => rate !== undefined);
  return known.every((rate, i) => {
    const change = i === 0 ? 0 : compareDecimals(rate, known[i - 1]!);
    return direction === "rise" ? change >= 0 : change <= 0;
  });
}
