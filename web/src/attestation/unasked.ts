// What no clause of a policy asks about, so that a reader sees what a policy that holds leaves
// open. Twin of attestation/src/policy/unasked.rs.

import { type Policy, type Rules, ratesThatFollow } from "../rules/schema.ts";

/** The subjects that no clause covers, as text that follows "none of them asks about". */
export function unasked(rules: Rules): string[] {
  const { policy, markets, scenarios } = rules;
  const { minCoverage, perAsset, coverage, badDebt, openInterestMatched } = policy;
  const { maxDistance, leftOut, volatility } = policy;
  const follows = ratesThatFollow(rules).length > 0;
  const hasStress = scenarios.some(({ kind }) => kind === "stress");
  const fund = [...badDebt].filter(([, limit]) => limit === "insurance").map(([name]) => name);
  const stressed = coverage.size > 0 || fund.some((name) => name !== "mark");
  const missing: [string, boolean][] = [
    ["reserves", !minCoverage && !perAsset && coverage.size === 0 && fund.length === 0],
    ["reserves in a stress", hasStress && !stressed && asksOfReserves(policy)],
    ["reserves of each asset", !perAsset && asksOfReserves(policy)],
    ["bad debt", badDebt.size === 0],
    ["open interest", markets.size > 0 && !openInterestMatched],
    ["how far apart the times are", !maxDistance],
    ["what is left out", !leftOut],
    ["how old volatilities are", follows && volatility?.maxAge === undefined],
    ["how many sources state volatilities", follows && volatility?.leastSources === undefined],
    ["whether volatilities are understated", follows && !volatility?.band],
  ];
  return missing.filter(([, isMissing]) => isMissing).map(([what]) => what);
}

function asksOfReserves({ minCoverage, perAsset, coverage, badDebt }: Policy): boolean {
  const fund = [...badDebt.values()].includes("insurance");
  return Boolean(minCoverage || perAsset) || coverage.size > 0 || fund;
}
