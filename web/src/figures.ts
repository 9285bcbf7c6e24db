// What the totals of a book say: what is owed, bad debt, open interest. Units are whole numbers; the
// decimals stand beside them.

import { type Compiled, isBalanced } from "./table.ts";
import type { Total } from "./totals.ts";

export interface ScenarioFigures {
  readonly name: string;
  /** What is left over for accounts, in value units; in mark, what is owed to them. */
  readonly owed: bigint;
  /** What accounts lack, in value units. */
  readonly badDebt: bigint;
  readonly accountsWithEquity: bigint;
  readonly accountsShort: bigint;
}

export interface AssetFigures {
  readonly name: string;
  readonly decimals: number;
  readonly deposits: bigint;
  readonly borrows: bigint;
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

export interface Figures {
  readonly scenarios: readonly ScenarioFigures[];
  readonly contingencies: readonly ContingencyFigures[];
  readonly assets: readonly AssetFigures[];
  readonly markets: readonly MarketFigures[];
}

/** The figures of the totals of every row of the table. */
export function figuresOf(compiled: Compiled, totals: readonly Total[]): Figures {
  const sum = (rows: readonly number[]) => rows.reduce((sum, row) => sum + totals[row]!.quantity, 0n);
  return {
    scenarios: compiled.scenarios.filter(isBalanced).map(({ name, equity, shortfall }) => ({
      name,
      owed: sum([equity]),
      badDebt: sum([shortfall]),
      accountsWithEquity: totals[equity]!.count,
      accountsShort: totals[shortfall]!.count,
    })),
    contingencies: compiled.contingencies.map(({ name, row }) => ({
      name,
      decimals: compiled.rows[row]!.decimals,
      required: sum([row]),
      accounts: totals[row]!.count,
    })),
    assets: compiled.assets.map(({ name, decimals, deposits, borrow }) => ({
      name,
      decimals,
      deposits: sum(deposits),
      borrows: borrow === undefined ? 0n : sum([borrow]),
    })),
    markets: compiled.markets.map(({ name, decimals, longs, shorts }) => ({
      name,
      decimals,
      long: sum(longs),
      short: sum(shorts),
    })),
  };
}
