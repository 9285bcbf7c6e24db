// Tiers of haircuts and margins: bounds that grow, and rates that never reward size.

import { type Decimal, compareDecimals, exactUnits, floorUnits, showDecimal, whole } from "../../encoding/decimal.ts";
import { refuse } from "../../encoding/refused.ts";
import type { AssetRule, Margin, Tier } from "../schema.ts";
import { QUANTITY_BITS } from "../../circuit/shape.ts";

/** The tiers of an asset, of which there is one without an end where the rule has none. */
export function assetTiers(rule: AssetRule): readonly Tier[] {
  const { maintenance, initial } = rule;
  return rule.tiers ?? [{ upTo: undefined, upToValue: undefined, maintenance, initial }];
}

/** Where the tiers of one list end, the last apart: how much is in each, or the value of it all. */
export type Bounds =
  | { readonly in: "quantities"; readonly caps: readonly bigint[] }
  | { readonly in: "values"; readonly ends: readonly Decimal[] };

/** A tier of a table: its number in the rules, from 0, and how much is in it. */
export interface CappedTier {
  readonly tier: number;
  readonly cap: bigint | undefined;
}

/** Where tiers end: bounds grow, and a cap is in [1, 2^90) units of 10^-decimals. */
export function tierBounds(key: string, tiers: readonly Tier[], decimals: number): Bounds {
  const inValues = tiers.some(({ upToValue }) => upToValue !== undefined);
  if (tiers.length === 0) refuse(`rules: ${key}.tiers: there is no tier`);
  if (inValues && tiers.some(({ upTo }) => upTo !== undefined)) {
    refuse(`rules: ${key}.tiers end all at quantities or all at values`);
  }
  const last = tiers[tiers.length - 1]!;
  if (last.upTo ?? last.upToValue) refuse(`rules: ${key}.tiers: the last tier has no end`);
  let before = whole(0n);
  const ends = tiers.slice(0, -1).map((tier, i) => {
    const path = `rules: ${key}.tiers[${i}]`;
    const end = tier.upTo ?? tier.upToValue;
    if (!end) return refuse(`${path}: only the last tier has no end`);
    if (compareDecimals(end, before) <= 0) refuse(`${path}: tiers have to grow`);
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
    if (units === undefined) return refuse(`${path}[${i}]: ${showDecimal(end)} has too many digits`);
    const cap = units - before;
    if (cap > MOST) refuse(`${path}[${i}]: a cap is below 2^90 units`);
    before = units;
    return cap;
  });
}

/**
 * The tiers where one unit is worth `unit` units of value. A value is divided by that and rounded down,
 * which is against the account; a tier in which no unit fits is left out.
 */
export function tiersAt(bounds: Bounds, unit: bigint, valueDecimals: number): CappedTier[] {
  if (bounds.in === "quantities") {
    const { caps } = bounds;
    return [...caps.map((cap, tier) => ({ tier, cap })), { tier: caps.length, cap: undefined }];
  }
  let before = 0n;
  const capped = bounds.ends.flatMap((end, tier) => {
    const units = unit === 0n ? MOST : floorUnits(end, valueDecimals) / unit;
    const bound = units < MOST ? units : MOST;
    const cap = bound - before;
    before = bound;
    return cap === 0n ? [] : [{ tier, cap }];
  });
  return [...capped, { tier: bounds.ends.length, cap: undefined }];
}

/** The most that an account can hold. */
const MOST = (1n << BigInt(QUANTITY_BITS)) - 1n;

/** Rates are there where `needed`, in [0, 1], and `inOrder` after the one before. */
export function checkRates(
  key: string,
  tiers: readonly Tier[],
  margin: Margin,
  needed: boolean,
  inOrder: (rate: Decimal, before: Decimal) => boolean,
): void {
  let before: Decimal | undefined;
  tiers.forEach((tier, i) => {
    const rate = tier[margin];
    const path = `rules: ${key}, tier ${i + 1}, ${margin}`;
    if (!rate) {
      if (needed) refuse(`${path}: a margin scenario needs it`);
      return;
    }
    if (rate.mantissa < 0n || compareDecimals(rate, whole(1n)) > 0) {
      refuse(`${path}: ${showDecimal(rate)} is not between 0 and 1`);
    }
    if (before && !inOrder(rate, before)) refuse(`${path}: a larger size cannot be treated better`);
    before = rate;
  });
}
