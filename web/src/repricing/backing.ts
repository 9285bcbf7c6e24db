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
  /** The same over owed at least, rounded up. */
  readonly coverageAtMost: bigint | undefined;
  /** All reserves less what others are owed at most: what is left for the fund. */
  readonly fundAtLeast: bigint | undefined;
}

/**
 * One for mark and every stress that has figures, in order, from a bound for each scenario that
 * has. Where the fund
 * is a class of accounts, only a twin says what all others are owed.
 */
export function backingThere(
  { now, priced, asProved, reserves }: Repriced,
  bounds: readonly Bound[],
): BackingThere[] {
  const hasClass = now.classes.some((one) => one.class === "insurance");
  return priced.flatMap((number, i) => {
    if (!isReported(now.scenarios[number]!)) return [];
    const bound = bounds[i]!;
    const twin = priced.findIndex((other) => {
      const one = now.scenarios[other]!;
      return one.kind === "twin" && one.stress === number;
    });
    const others = hasClass ? bounds[twin] : bound;
    const worth = (purpose: "customers" | "insurance") =>
      reserves ? reservesWorth(reserves, now, purpose, number) : 0n;
    const [customers, insurance] = [worth("customers"), worth("insurance")];
    const parts = customers * ten(4);
    const { owedAtMost: most, owedAtLeast: least } = bound;
    return [
      {
        bound,
        asProved: asProved[number]!,
        others,
        customers,
        insurance,
        coverageAtLeast: most === 0n ? undefined : parts / most,
        coverageAtMost: least === 0n ? undefined : (parts + least - 1n) / least,
        fundAtLeast: others && customers + insurance - others.owedAtMost,
      },
    ];
  });
}
