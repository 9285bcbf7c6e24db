// What a policy has to ask for: something, of what there is (prover/src/rules/validate.rs).

import { type Decimal, compareDecimals, whole } from "../../encoding/decimal.ts";
import { checkName } from "../names.ts";
import { quoted, refuse } from "../../encoding/refused.ts";
import { listedAssets } from "../validate.ts";
import type { LeftOut, MaxDistance, Policy, Rules, Scenario } from "../schema.ts";

/** Refuses a policy that asks for nothing, in whole or in a part, or for what the rules have not. */
export function checkPolicy(rules: Rules): void {
  const { policy } = rules;
  const { minCoverage, perAsset, badDebt, coverage, openInterestMatched, maxDistance, leftOut } = policy;
  const asks = minCoverage || perAsset || openInterestMatched || maxDistance || leftOut;
  if (!asks && badDebt.size === 0 && coverage.size === 0) refuse("rules: the policy asks for nothing");
  if (minCoverage) checkCoverage("min_coverage", minCoverage);
  for (const [name, least] of coverage) {
    const { kind } = scenarioOf(rules, "coverage", name);
    if (kind !== "stress") refuse(`rules: policy.coverage.${name} is no stress; mark is that of min_coverage`);
    checkCoverage(`coverage.${name}`, least);
  }
  checkAssets(rules, policy);
  for (const [name, limit] of badDebt) checkBadDebt(rules, scenarioOf(rules, "bad_debt", name), limit);
  if (openInterestMatched && rules.markets.size === 0) {
    refuse("rules: policy.open_interest_matched: there is no market");
  }
  if (maxDistance) checkDistance(maxDistance);
  if (leftOut) checkLeftOut(leftOut);
}

function scenarioOf({ scenarios }: Rules, clause: string, name: string): Scenario {
  const scenario = scenarios.find((scenario) => scenario.name === name);
  return scenario ?? refuse(`rules: policy.${clause}: there is no scenario ${quoted(name)}`);
}

function checkCoverage(key: string, least: Decimal): void {
  if (least.mantissa <= 0n) refuse(`rules: policy.${key} is not above 0`);
}

function checkAssets(rules: Rules, { perAsset, perAssetCredit }: Policy): void {
  if (perAsset && perAsset !== "all") {
    if (perAsset.length === 0) refuse("rules: policy.per_asset is empty");
    const listed = listedAssets(rules);
    perAsset.forEach((asset, i) => {
      checkName("rules: policy.per_asset", asset);
      if (!rules.assetDefault && !listed.has(asset)) {
        refuse(`rules: policy.per_asset: there is no asset ${asset}`);
      }
      if (perAsset.indexOf(asset) < i) refuse(`rules: policy.per_asset: ${asset} stands twice`);
    });
  }
  if (!perAssetCredit) return;
  // Collateral of an asset that needs no reserves would be made of nothing.
  if (perAsset !== "all") refuse("rules: policy.per_asset_credit goes with per_asset of all");
  if (!rules.scenarios.some(({ kind }) => kind === "credit")) {
    refuse("rules: policy.per_asset_credit: there is no credit scenario");
  }
}

function checkBadDebt(rules: Rules, { name, kind }: Scenario, limit: Decimal | "insurance"): void {
  const key = `rules: policy.bad_debt.${name}`;
  if (kind === "constraint") refuse(`${key}: it has no bad debt`);
  if (limit !== "insurance") {
    if (limit.mantissa < 0n) refuse(`${key} is negative`);
    return;
  }
  if (kind !== "mark" && kind !== "stress") refuse(`${key}: reserves are valued in mark and stresses alone`);
  if (!rules.classes.has("insurance")) return;
  // What the fund has left at mark is what reserves have left over all that others are owed.
  if (kind === "mark") refuse(`${key}: where the fund is a class of accounts, min_coverage says it`);
  const { minCoverage } = rules.policy;
  if (!minCoverage || compareDecimals(minCoverage, whole(1n)) < 0) {
    refuse(`${key}: where the fund is a class of accounts, it goes with a min_coverage of at least 1`);
  }
}

function checkDistance({ prices, reserves }: MaxDistance): void {
  if (prices === undefined && reserves === undefined) refuse("rules: policy.max_distance asks for nothing");
}

function checkLeftOut({ accounts, assets, rounding }: LeftOut): void {
  if (accounts === undefined && !assets && !rounding) refuse("rules: policy.left_out asks for nothing");
  for (const [name, most] of assets ?? []) {
    checkName("rules: policy.left_out.assets", name);
    if (most.mantissa < 0n) refuse(`rules: policy.left_out.assets.${name} is negative`);
  }
  if (rounding && rounding.mantissa < 0n) refuse("rules: policy.left_out.rounding is negative");
}
