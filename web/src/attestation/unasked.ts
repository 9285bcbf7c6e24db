// What no clause of a policy asks: a policy holds whatever it does not ask about.

import type { Policy, Rules } from "../rules/schema.ts";

/** What a reader may miss, in words that follow "none asks about". */
export function notAsked({ policy, markets, scenarios }: Rules): string[] {
  const { minCoverage, perAsset, coverage, badDebt, openInterestMatched, maxDistance, leftOut } = policy;
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
  ];
  return missing.filter(([, isMissing]) => isMissing).map(([what]) => what);
}

function asksOfReserves({ minCoverage, perAsset, coverage, badDebt }: Policy): boolean {
  return Boolean(minCoverage || perAsset) || coverage.size > 0 || [...badDebt.values()].includes("insurance");
}
