// What the totals of a book say: what is owed, bad debt, open interest. Units are whole numbers; the
// decimals stand beside them.

import type { Class } from "./rules.ts";
import { type ClassRows, type Compiled, isBalanced } from "./table.ts";
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

/** What the accounts of a class are worth together in one scenario, of either sign. */
export interface ClassFigures {
  readonly class: Class;
  readonly worth: readonly { readonly scenario: string; readonly units: bigint }[];
}

export interface Figures {
  readonly scenarios: readonly ScenarioFigures[];
  readonly contingencies: readonly ContingencyFigures[];
  readonly assets: readonly AssetFigures[];
  readonly markets: readonly MarketFigures[];
  /** Every class, customers first; none where there are only customers. */
  readonly classes: readonly ClassFigures[];
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
    // Of all classes together.
    assets: compiled.assets.map(({ name, decimals }) => {
      const rows = compiled.classes.flatMap(({ assets }) => assets.filter((one) => one.name === name));
      const borrows = rows.flatMap(({ borrow }) => (borrow === undefined ? [] : [borrow]));
      const deposits = rows.flatMap(({ deposits }) => deposits);
      return { name, decimals, deposits: sum(deposits), borrows: sum(borrows) };
    }),
    markets: compiled.markets.map(({ name, decimals }) => {
      const rows = compiled.classes.flatMap(({ markets }) => markets.filter((one) => one.name === name));
      const [longs, shorts] = [rows.flatMap(({ longs }) => longs), rows.flatMap(({ shorts }) => shorts)];
      return { name, decimals, long: sum(longs), short: sum(shorts) };
    }),
    classes:
      compiled.classes.length === 1 ? [] : compiled.classes.map((one) => classFigures(compiled, totals, one)),
  };
}

/** Total times value over what a class holds, in mark and in every stress. */
function classFigures(compiled: Compiled, totals: readonly Total[], held: ClassRows): ClassFigures {
  const rows = [
    ...held.assets.flatMap(({ deposits, borrow }) => (borrow === undefined ? deposits : [...deposits, borrow])),
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
