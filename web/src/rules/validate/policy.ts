// A policy must ask for something, and only for what the rules have. Twin of rules/src/validate.

import { type Decimal, compareDecimals, whole } from "../../encoding/decimal.ts";
import { quoted, refuse } from "../../encoding/refused.ts";
import { listedAssets } from "../assets.ts";
import { checkName } from "../names.ts";
import {
  type LeftOut,
  type MaxDistance,
  type Policy,
  type Rules,
  type Scenario,
  type VolatilityLimits,
  ratesThatFollow,
} from "../schema.ts";

/** Refuses a policy that asks for nothing, in whole or in a part, or for what the rules lack. */
export function checkPolicy(rules: Rules): void {
  const { policy } = rules;
  const { minCoverage, perAsset, badDebt, coverage, openInterestMatched } = policy;
  const { maxDistance, leftOut, drawn, volatility } = policy;
  const ofTimes = maxDistance || drawn || volatility;
  const asks = minCoverage || perAsset || openInterestMatched || leftOut || ofTimes;
  if (!asks && badDebt.size === 0 && coverage.size === 0) {
    refuse("rules: the policy asks for nothing");
  }
  if (minCoverage) checkCoverage("min_coverage", minCoverage);
  for (const [name, least] of coverage) {
    const { kind } = scenarioOf(rules, "coverage", name);
    if (kind !== "stress") {
      refuse(`rules: policy.coverage.${name} is not a stress; use min_coverage for mark`);
    }
    checkCoverage(`coverage.${name}`, least);
  }
  checkAssets(rules, policy);
  for (const [name, limit] of badDebt) {
    checkBadDebt(rules, scenarioOf(rules, "bad_debt", name), limit);
  }
  if (openInterestMatched && rules.markets.size === 0 && rules.options.size === 0) {
    refuse("rules: policy.open_interest_matched: the rules have no market and no option");
  }
  if (maxDistance) checkDistance(maxDistance);
  if (leftOut) checkLeftOut(leftOut);
  if (volatility) checkVolatility(rules, volatility);
}

function scenarioOf({ scenarios }: Rules, clause: string, name: string): Scenario {
  const scenario = scenarios.find((scenario) => scenario.name === name);
  return scenario ?? refuse(`rules: policy.${clause}: the rules have no scenario ${quoted(name)}`);
}

function checkCoverage(key: string, least: Decimal): void {
  if (least.mantissa <= 0n) refuse(`rules: policy.${key} must be above 0`);
}

function checkAssets(rules: Rules, { perAsset, perAssetCredit }: Policy): void {
  if (perAsset && perAsset !== "all") {
    if (perAsset.length === 0) refuse("rules: policy.per_asset is empty");
    const listed = listedAssets(rules);
    perAsset.forEach((asset, i) => {
      checkName("rules: policy.per_asset", asset);
      if (!rules.assetDefault && !listed.has(asset)) {
        refuse(`rules: policy.per_asset: the rules have no asset ${quoted(asset)}`);
      }
      if (perAsset.indexOf(asset) < i) {
        refuse(`rules: policy.per_asset: duplicate ${quoted(asset)}`);
      }
    });
  }
  if (!perAssetCredit) return;
  // Collateral of an asset that needs no reserves could be made of nothing.
  if (perAsset !== "all") refuse('rules: policy.per_asset_credit needs per_asset = "all"');
  if (!rules.scenarios.some(({ kind }) => kind === "credit")) {
    refuse("rules: policy.per_asset_credit: the rules have no credit scenario");
  }
}

function checkBadDebt(rules: Rules, { name, kind }: Scenario, limit: Decimal | "insurance"): void {
  const key = `rules: policy.bad_debt.${name}`;
  if (kind === "constraint") refuse(`${key}: a constraint has no bad debt`);
  if (limit !== "insurance") {
    if (limit.mantissa < 0n) refuse(`${key} is negative`);
    return;
  }
  if (kind !== "mark" && kind !== "stress") {
    refuse(`${key}: reserves are valued only in mark and in stresses`);
  }
  if (!rules.classes.has("insurance")) return;
  // What the fund has left at mark is the reserves less all that others are owed.
  if (kind === "mark") {
    refuse(`${key}: use min_coverage where the insurance fund is a class of accounts`);
  }
  const { minCoverage } = rules.policy;
  if (!minCoverage || compareDecimals(minCoverage, whole(1n)) < 0) {
    refuse(
      `${key} needs a min_coverage of at least 1 where the insurance fund is a class of accounts`,
    );
  }
}

function checkDistance({ prices, reserves }: MaxDistance): void {
  if (prices === undefined && reserves === undefined) {
    refuse("rules: policy.max_distance asks for nothing");
  }
}

function checkVolatility(rules: Rules, { maxAge, leastSources, band }: VolatilityLimits): void {
  const key = "rules: policy.volatility";
  const asks = maxAge !== undefined || leastSources !== undefined || band;
  if (!asks) refuse(`${key} asks for nothing`);
  if (ratesThatFollow(rules).length === 0) refuse(`${key}: no rate follows a volatility`);
  if (leastSources !== undefined && (leastSources < 1n || leastSources >> 32n !== 0n)) {
    refuse(`${key}.least_sources must be at least 1 and below 2^32`);
  }
  if (band && (band.mantissa < 0n || compareDecimals(band, whole(1n)) >= 0)) {
    refuse(`${key}.band must be at least 0 and below 1`);
  }
}

function checkLeftOut({ accounts, assets, rounding }: LeftOut): void {
  if (accounts === undefined && !assets && !rounding) {
    refuse("rules: policy.left_out asks for nothing");
  }
  for (const [name, most] of assets ?? []) {
    checkName("rules: policy.left_out.assets", name);
    if (most.mantissa < 0n) refuse(`rules: policy.left_out.assets.${name} is negative`);
  }
  if (rounding && rounding.mantissa < 0n) refuse("rules: policy.left_out.rounding is negative");
}
