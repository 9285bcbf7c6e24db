// The figures of a book, from its totals: owed, bad debt, open interest. Twin of
// attestation/src/figures/mod.rs. Amounts are whole numbers of units, with
// their decimals beside them.

import type { Class } from "../rules/schema.ts";
import { type ClassRows, type Compiled, isReported } from "../rules/table.ts";
import type { Total } from "./totals.ts";

export interface ScenarioFigures {
  readonly name: string;
  /** The equity of accounts with equity, in value units; in mark, what the venue owes them. */
  readonly owed: bigint;
  /** The sum of shortfalls, in value units. */
  readonly badDebt: bigint;
  readonly accountsWithEquity: bigint;
  readonly accountsWithShortfall: bigint;
}

export interface AssetFigures {
  readonly name: string;
  readonly decimals: number;
  readonly deposits: bigint;
  /** Credited or not. */
  readonly borrows: bigint;
  /** The borrows by their labels; undefined if the rules have no credit scenario. */
  readonly credit: AssetCredit | undefined;
}

export interface AssetCredit {
  readonly credited: bigint;
  readonly uncredited: bigint;
  /** What counts against deposits. */
  readonly counted: bigint;
}

/** What is taken off the credited borrows of each asset, in value units. */
export interface CreditFigures {
  readonly scenario: string;
  /** The bad debt of the credit scenario. */
  readonly shortfalls: bigint;
  /** Gains without an account that loses them: positions and quote currency together at mark. */
  readonly unmatched: bigint;
  readonly taken: bigint;
}

export interface MarketFigures {
  readonly name: string;
  readonly decimals: number;
  readonly long: bigint;
  readonly short: bigint;
}

export interface ContingencyFigures {
  readonly name: string;
  readonly decimals: number;
  /** The worst losses of all accounts together. */
  readonly required: bigint;
  readonly accounts: bigint;
}

/** The worth of a class's accounts together, in mark and every stress, of either sign. */
export interface ClassFigures {
  readonly class: Class;
  readonly worth: readonly { readonly scenario: string; readonly units: bigint }[];
}

/** Owed to all but the insurance fund in a stress that has a twin, in value units. */
export interface FundFigures {
  readonly scenario: string;
  readonly owedToOthers: bigint;
}

export interface Figures {
  /** One for each scenario of the rules but constraints. */
  readonly scenarios: readonly ScenarioFigures[];
  readonly funds: readonly FundFigures[];
  readonly contingencies: readonly ContingencyFigures[];
  readonly assets: readonly AssetFigures[];
  readonly credit: CreditFigures | undefined;
  readonly markets: readonly MarketFigures[];
  /** Every class, customers first; empty if there are only customers. */
  readonly classes: readonly ClassFigures[];
}

/** The figures of the totals of every row of the table. */
export function figuresOf(compiled: Compiled, totals: readonly Total[]): Figures {
  const sum = (rows: readonly number[]) =>
    rows.reduce((sum, row) => sum + totals[row]!.quantity, 0n);
  const credit = creditFigures(compiled, totals);
  return {
    credit,
    scenarios: compiled.scenarios.filter(isReported).map(({ name, equity, shortfall }) => ({
      name,
      owed: sum([equity]),
      badDebt: sum([shortfall]),
      accountsWithEquity: totals[equity]!.count,
      accountsWithShortfall: totals[shortfall]!.count,
    })),
    funds: compiled.scenarios.flatMap((twin) =>
      twin.kind === "twin"
        ? [{ scenario: compiled.scenarios[twin.stress]!.name, owedToOthers: sum([twin.equity]) }]
        : [],
    ),
    contingencies: compiled.contingencies.map(({ name, row }) => ({
      name,
      decimals: compiled.rows[row]!.decimals,
      required: sum([row]),
      accounts: totals[row]!.count,
    })),
    // Of all classes together.
    assets: compiled.assets.map(({ name, decimals }) => {
      const rows = compiled.classes.flatMap(({ assets }) =>
        assets.filter((one) => one.name === name),
      );
      const credited = rows.flatMap(({ borrow }) => borrow ?? []);
      const uncredited = rows.flatMap((one) => one.uncredited ?? []);
      const deposits = rows.flatMap(({ deposits }) => deposits);
      const price = credited.length === 0 ? 0n : -compiled.rows[credited[0]!]!.values[0]!;
      return {
        name,
        decimals,
        deposits: sum(deposits),
        borrows: sum(credited) + sum(uncredited),
        credit: credit && assetCredit(credit, price, sum(credited), sum(uncredited)),
      };
    }),
    markets: compiled.markets.map(({ name, decimals }) => {
      const rows = compiled.classes.flatMap(({ markets }) =>
        markets.filter((one) => one.name === name),
      );
      const long = sum(rows.flatMap(({ longs }) => longs));
      return { name, decimals, long, short: sum(rows.flatMap(({ shorts }) => shorts)) };
    }),
    classes:
      compiled.classes.length === 1
        ? []
        : compiled.classes.map((one) => classFigures(compiled, totals, one)),
  };
}

/** Shortfalls, and gains that no account's loss pays for. */
function creditFigures(compiled: Compiled, totals: readonly Total[]): CreditFigures | undefined {
  const scenario = compiled.scenarios.filter(isReported).find(({ kind }) => kind === "credit");
  if (!scenario) return undefined;
  const shortfalls = totals[scenario.shortfall]!.quantity;
  const claims = compiled.rows.reduce((sum, { role, values }, row) => {
    const isClaim = ["long", "short", "quote credit", "quote debit"].includes(role.kind);
    return isClaim ? sum + totals[row]!.quantity * values[0]! : sum;
  }, 0n);
  const unmatched = claims < 0n ? 0n : claims;
  return { scenario: scenario.name, shortfalls, unmatched, taken: shortfalls + unmatched };
}

function assetCredit(
  { taken }: CreditFigures,
  price: bigint,
  credited: bigint,
  uncredited: bigint,
): AssetCredit {
  // An account can borrow any amount of an asset worth 0 and stay solvent.
  const off = price === 0n ? credited : (taken + price - 1n) / price;
  return { credited, uncredited, counted: off < credited ? credited - off : 0n };
}

/** Totals times values over the rows of a class, in mark and in every stress. */
function classFigures(compiled: Compiled, totals: readonly Total[], held: ClassRows): ClassFigures {
  const rows = [
    ...held.assets.flatMap(({ deposits, borrow, uncredited }) =>
      [...deposits, borrow ?? [], uncredited ?? []].flat(),
    ),
    ...held.markets.flatMap(({ longs, shorts }) => [...longs, ...shorts]),
    held.quoteCredit,
    held.quoteDebit,
  ];
  const worth = compiled.scenarios.flatMap(({ name, kind }, i) => {
    if (kind !== "mark" && kind !== "stress") return [];
    const value = (row: number) => totals[row]!.quantity * compiled.rows[row]!.values[i]!;
    return [{ scenario: name, units: rows.reduce((sum, row) => sum + value(row), 0n) }];
  });
  return { class: held.class, worth };
}
