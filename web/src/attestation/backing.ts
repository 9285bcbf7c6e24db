// The backing of a book, in mark and in every stress: the reserves valued there, over what is owed
// there. Twin of attestation/src/backing.rs. Reserves are the publisher's word; what is owed is
// proved.

import { ten } from "../encoding/decimal.ts";
import { type Compiled, isReported } from "../rules/table.ts";
import type { Figures } from "./figures.ts";
import { type Reserves, reservesWorth } from "./reserves.ts";

/** In value units. */
export interface Backing {
  /** Mark or a stress. */
  readonly scenario: string;
  /** The reserves for customers. */
  readonly customers: bigint;
  /** The reserves for the insurance fund. */
  readonly insurance: bigint;
  /** Owed to all accounts, those of the insurance fund included. */
  readonly owed: bigint;
  readonly badDebt: bigint;
  readonly accountsWithShortfall: bigint;
  /** Customers' reserves over owed, in 1e-4, rounded down; undefined if nothing is owed. */
  readonly coverage: bigint | undefined;
  /** Owed to all but the insurance fund; undefined if the fund is a class and has no twin here. */
  readonly owedToOthers: bigint | undefined;
  /** All reserves less that: what is left for the fund, negative if reserves are missing. */
  readonly fund: bigint | undefined;
}

/** One for mark and every stress, in the table's order. Reserves that are not given count as 0. */
export function backingOf(
  compiled: Compiled,
  figures: Figures,
  reserves: Reserves | undefined,
): Backing[] {
  const hasClass = compiled.classes.some((one) => one.class === "insurance");
  return compiled.scenarios.flatMap((one, index) => {
    if (!isReported(one) || (one.kind !== "mark" && one.kind !== "stress")) return [];
    const own = figures.scenarios.find(({ name }) => name === one.name)!;
    const { owed, badDebt, accountsWithShortfall } = own;
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
        accountsWithShortfall,
        coverage: owed === 0n ? undefined : (customers * ten(4)) / owed,
        owedToOthers,
        fund: owedToOthers === undefined ? undefined : customers + insurance - owedToOthers,
      },
    ];
  });
}
