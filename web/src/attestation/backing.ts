// What stands behind a book in mark and in every stress: the reserves valued there, over what is owed
// there (prover/src/backing.rs). Reserves are the publisher's word; what is owed is proved.

import { ten } from "../encoding/decimal.ts";
import type { Figures } from "./figures.ts";
import { type Reserves, reservesWorth } from "./reserves.ts";
import { type Compiled, isReported } from "../rules/compile.ts";

/** In value units. */
export interface Backing {
  /** Mark or a stress. */
  readonly scenario: string;
  readonly customers: bigint;
  /** The reserves of the purpose `insurance`. */
  readonly insurance: bigint;
  /** What is owed, to the insurance fund's own accounts as well. */
  readonly owed: bigint;
  readonly badDebt: bigint;
  readonly accountsShort: bigint;
  /** Customers' reserves over what is owed, in 1e-4, rounded down; none where nothing is owed. */
  readonly coverage: bigint | undefined;
  /** What all but the insurance fund are owed; none where the fund is a class and there is no twin. */
  readonly owedToOthers: bigint | undefined;
  /** All reserves less that: what is left for the fund, below zero where it is missing. */
  readonly fund: bigint | undefined;
}

/** One for mark and every stress, in the table's order. Without reserves nothing stands behind it. */
export function backingOf(compiled: Compiled, figures: Figures, reserves: Reserves | undefined): Backing[] {
  const hasClass = compiled.classes.some((one) => one.class === "insurance");
  return compiled.scenarios.flatMap((one, index) => {
    if (!isReported(one) || (one.kind !== "mark" && one.kind !== "stress")) return [];
    const { owed, badDebt, accountsShort } = figures.scenarios.find(({ name }) => name === one.name)!;
    const worth = (purpose: "customers" | "insurance") =>
      reserves ? reservesWorth(reserves, compiled, purpose, index) : 0n;
    const [customers, insurance] = [worth("customers"), worth("insurance")];
    const twin = figures.funds.find(({ scenario }) => scenario === one.name);
    const owedToOthers = hasClass ? twin?.owedToOthers : owed;
    return [
      {
        scenario: one.name,
        customers,
        insurance,
        owed,
        badDebt,
        accountsShort,
        coverage: owed === 0n ? undefined : (customers * ten(4)) / owed,
        owedToOthers,
        fund: owedToOthers === undefined ? undefined : customers + insurance - owedToOthers,
      },
    ];
  });
}
