// The reserves at other prices over what is owed there, in mark and in every stress.

import { type Reserves, reservesWorth } from "../attestation/reserves.ts";
import { ten } from "../encoding/decimal.ts";
import { isReported } from "../rules/table.ts";
import type { Bound } from "./bound.ts";
import type { Repriced } from "./values.ts";

/** In value units. */
export interface BackingThere {
  /** In mark or a stress. */
  readonly bound: Bound;
  /** The bound of what all but the insurance fund are owed; undefined if no scenario says it. */
  readonly others: Bound | undefined;
  /** The reserves for customers. */
  readonly customers: bigint;
  /** The reserves for the insurance fund. */
  readonly insurance: bigint;
  /** Customers' reserves over owed at most, in 1e-4, rounded down; undefined if nothing is owed. */
  readonly coverageAtLeast: bigint | undefined;
  /** All reserves less what others are owed at most: what is left for the fund. */
  readonly fundAtLeast: bigint | undefined;
}

/**
 * One for mark and every stress, in order, from a bound for every priced scenario. Where the fund
 * is a class of accounts, only a twin says what all others are owed. An asset of the reserves
 * without a price counts as nothing.
 */
export function backingThere(
  { now }: Repriced,
  bounds: readonly Bound[],
  reserves: Reserves | undefined,
): BackingThere[] {
  const hasClass = now.classes.some((one) => one.class === "insurance");
  return now.scenarios.flatMap((scenario, number) => {
    if (!isReported(scenario)) return [];
    const bound = bounds[number]!;
    const twin = now.scenarios.findIndex((one) => one.kind === "twin" && one.stress === number);
    const others = hasClass ? bounds[twin] : bound;
    const worth = (purpose: "customers" | "insurance") =>
      reserves ? reservesWorth(reserves, now, purpose, number) : 0n;
    const [customers, insurance] = [worth("customers"), worth("insurance")];
    const { owedAtMost } = bound;
    return [
      {
        bound,
        others,
        customers,
        insurance,
        coverageAtLeast: owedAtMost === 0n ? undefined : (customers * ten(4)) / owedAtMost,
        fundAtLeast: others && customers + insurance - others.owedAtMost,
      },
    ];
  });
}

/** Assets of the reserves that had a price in the proof and have none there: they count as 0. */
export function unpriced({ proved, now }: Repriced, reserves: Reserves | undefined): string[] {
  const has = ({ assets, quote }: Repriced["now"], asset: string) =>
    asset === quote || assets.some(({ name }) => name === asset);
  const held = new Set(reserves?.reserves.map(({ asset }) => asset));
  return [...held].filter((asset) => has(proved, asset) && !has(now, asset));
}
