// Tiers of haircuts and margins: bounds that grow, and rates that never reward size.

import { type Decimal, compareDecimals, exactUnits, floorUnits, showDecimal, whole } from "./decimal.ts";
import { refuse } from "./refused.ts";
import type { AssetRule, Margin, Tier } from "./rules.ts";
import { QUANTITY_BITS } from "./shape.ts";

/** The tiers of an asset, of which there is one without an end where the rule has none. */
export function assetTiers(rule: AssetRule): readonly Tier[] {
  return rule.tiers ?? [{ upTo: undefined, maintenance: rule.maintenance, initial: rule.initial }];
}

/** The caps of all tiers but the last, in units of 10^-decimals, each in [1, 2^90). */
export function tierCaps(key: string, tiers: readonly Tier[], decimals: number): bigint[] {
  if (tiers.length === 0) refuse(`rules: ${key}.tiers: there is no tier`);
  if (tiers[tiers.length - 1]!.upTo) refuse(`rules: ${key}.tiers: the last tier has no end`);
  let before = whole(0n);
  return tiers.slice(0, -1).map(({ upTo }, i) => {
    const path = `rules: ${key}.tiers[${i}].up_to`;
    if (!upTo) return refuse(`${path}: only the last tier has no end`);
    if (compareDecimals(upTo, before) <= 0) refuse(`${path}: tiers have to grow`);
    const units = exactUnits(upTo, decimals);
    if (units === undefined) return refuse(`${path}: ${showDecimal(upTo)} has too many digits`);
    const cap = units - floorUnits(before, decimals);
    if (cap < 1n || cap >> BigInt(QUANTITY_BITS) !== 0n) refuse(`${path}: a cap is below 2^90 units`);
    before = upTo;
    return cap;
  });
}

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
