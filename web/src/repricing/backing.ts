// The reserves at other prices over what is owed there, in mark and in every stress.

import { reservesWorth } from "../attestation/reserves.ts";
import { ten } from "../encoding/decimal.ts";
import { isReported } from "../rules/table.ts";
import type { Bound } from "./bound.ts";
import type { Repriced } from "./values.ts";

/** In value units. */
export interface BackingThere {
  /** In mark or a stress. */
  readonly bound: Bound;
  /** Whether everything is worth there what it is worth in the proof, whose figures then stand. */
  readonly asProved: boolean;
  /** The bound of what all but the insurance fund are owed; undefined if no scenario says it. */
  readonly others: Bound | undefined;
  /** The reserves for customers. */
  readonly customers: bigint;
  /** The reserves for the insurance fund. */
  readonly insurance: bigint;
  /** Customers' reserves over owed at most, in 1e-4, rounded down; undefined if nothing is owed. */
  readonly coverageAtLeast: bigint | undefined;
  /** The same over owed at least. */
  readonly coverageAtMost: bigint | undefined;
  /** All reserves less what others are owed at most: what is left for the fund. */
  readonly fundAtLeast: bigint | undefined;
}

/**
 * One for mark and every stress, in order, from a bound for every priced scenario. Where the fund
 * is a class of accounts, only a twin says what all others are owed.
 */
export function backingThere(
  { now, asProved, reserves }: Repriced,
  bounds: readonly Bound[],
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
    const coverage = (owed: bigint) => (owed === 0n ? undefined : (customers * ten(4)) / owed);
    return [
      {
        bound,
        asProved: asProved[number]!,
        others,
        customers,
        insurance,
        coverageAtLeast: coverage(bound.owedAtMost),
        coverageAtMost: coverage(bound.owedAtLeast),
        fundAtLeast: others && customers + insurance - others.owedAtMost,
      },
    ];
  });
}
