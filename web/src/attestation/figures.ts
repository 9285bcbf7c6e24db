// The figures of a book, from its totals: owed, bad debt, open interest. Twin of
// attestation/src/figures/mod.rs. Amounts are whole numbers of units, with
// their decimals beside them.
//
// A holding counts in whatever form it is booked. What plain and covered lines are worth is in no
// closing line, and is added to what is owed: their sum is never negative, and so each figure stays
// an upper bound however forms are mixed in an account.

import { contingencyUnit, lossOf } from "../rules/cover.ts";
import { inOrder } from "../rules/names.ts";
import type { Class } from "../rules/schema.ts";
import {
  type ClassRows,
  type Compiled,
  type ScenarioRows,
  isReported,
  standsFor,
  worthOf,
} from "../rules/table.ts";
import { type OptionFigures, optionFigures } from "./greeks.ts";
import type { Total } from "./totals.ts";

export interface ScenarioFigures {
  readonly name: string;
  /**
   * The equity of accounts with equity, and what is held plain and covered, in value units; in
   * mark, what the venue owes them. Of such holdings margins count the first tier, and no loss.
   */
  readonly owed: bigint;
  /** The sum of shortfalls, in value units. */
  readonly badDebt: bigint;
  /** Undefined if accounts can have equity without a line that says so. */
  readonly accountsWithEquity: bigint | undefined;
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
  /** The worst losses of all accounts together, at most. */
  readonly required: bigint;
  /** Undefined if accounts can have a worst loss without a line that says so. */
  readonly accounts: bigint | undefined;
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
  /** One for each market and option, by name. */
  readonly markets: readonly MarketFigures[];
  readonly options: readonly OptionFigures[];
  /** Every class, customers first; empty if there are only customers. */
  readonly classes: readonly ClassFigures[];
}

/** The figures of the totals of every row of the table. */
export function figuresOf(compiled: Compiled, totals: readonly Total[]): Figures {
  const { scenarios } = compiled;
  const held = inAllForms(compiled, totals);
  const sum = (rows: readonly number[]) => rows.reduce((sum, row) => sum + held[row]!, 0n);
  const credit = creditFigures(compiled, held);
  const hasCover = scenarios.some(({ kind }) => kind === "cover");
  return {
    credit,
    scenarios: scenarios.filter(isReported).map((one) => ({
      name: one.name,
      owed: owedIn(compiled, totals, one),
      badDebt: totals[one.shortfall]!.quantity,
      accountsWithEquity: hasCover ? undefined : totals[one.equity]!.count,
      accountsWithShortfall: totals[one.shortfall]!.count,
    })),
    funds: scenarios.flatMap((one) =>
      one.kind === "twin"
        ? [{ scenario: scenarios[one.stress]!.name, owedToOthers: owedIn(compiled, totals, one) }]
        : [],
    ),
    contingencies: compiled.contingencies.map(({ name, row }, number) => ({
      name,
      decimals: compiled.rows[row]!.decimals,
      required: requiredOf(compiled, totals, number),
      accounts: hasCover ? undefined : totals[row]!.count,
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
    markets: byName(compiled.markets).map(({ name, decimals }) => {
      const rows = compiled.classes.flatMap(({ markets }) =>
        markets.filter((one) => one.name === name),
      );
      const long = sum(rows.flatMap(({ longs }) => longs));
      return { name, decimals, long, short: sum(rows.flatMap(({ shorts }) => shorts)) };
    }),
    options: optionFigures(compiled, held),
    classes:
      compiled.classes.length === 1
        ? []
        : compiled.classes.map((one) => classFigures(compiled, held, one)),
  };
}

function byName<T extends { readonly name: string }>(all: readonly T[]): T[] {
  return inOrder(all.map((one): [string, T] => [one.name, one])).map(([, one]) => one);
}

/** The quantity of every row, with those of the rows that stand for it. */
function inAllForms({ rows }: Compiled, totals: readonly Total[]): bigint[] {
  const held = totals.map(({ quantity }) => quantity);
  rows.forEach((row, i) => {
    const of = standsFor(row);
    if (of !== undefined) held[of] = held[of]! + totals[i]!.quantity;
  });
  return held;
}

/** The sum over plain and covered rows of quantity times `worth`. */
function ofForms(
  { rows }: Compiled,
  totals: readonly Total[],
  worth: (row: number) => bigint,
): bigint {
  return rows.reduce((sum, row, i) => {
    return standsFor(row) === undefined ? sum : sum + totals[i]!.quantity * worth(i);
  }, 0n);
}

/** All equity of a scenario, and what is held plain and covered. */
function owedIn(
  compiled: Compiled,
  totals: readonly Total[],
  scenario: ScenarioRows & { readonly equity: number },
): bigint {
  const number = compiled.scenarios.indexOf(scenario);
  const forms = ofForms(compiled, totals, (row) => worthOf(compiled, row, number));
  // Of accounts that were proved they are not negative.
  return totals[scenario.equity]!.quantity + (forms > 0n ? forms : 0n);
}

/**
 * A contingency's worst losses as accounts state them, and those of all that is held plain and
 * covered, line by line and together rounded up to the contingency's unit.
 */
function requiredOf(compiled: Compiled, totals: readonly Total[], contingency: number): bigint {
  const { row } = compiled.contingencies[contingency]!;
  const unit = contingencyUnit(compiled, row);
  const forms = ofForms(compiled, totals, (row) => {
    return lossOf(compiled, standsFor(compiled.rows[row]!)!, contingency);
  });
  return totals[row]!.quantity + (forms + unit - 1n) / unit;
}

/** Shortfalls, and gains that no account's loss pays for. */
function creditFigures(compiled: Compiled, held: readonly bigint[]): CreditFigures | undefined {
  const scenario = compiled.scenarios.filter(isReported).find(({ kind }) => kind === "credit");
  if (!scenario) return undefined;
  const shortfalls = held[scenario.shortfall]!;
  const claims = compiled.rows.reduce((sum, { role, values }, row) => {
    const isClaim = ["long", "short", "quote credit", "quote debit"].includes(role.kind);
    return isClaim ? sum + held[row]! * values[0]! : sum;
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
function classFigures(compiled: Compiled, held: readonly bigint[], own: ClassRows): ClassFigures {
  const rows = [
    ...own.assets.flatMap(({ deposits, borrow, uncredited }) =>
      [...deposits, borrow ?? [], uncredited ?? []].flat(),
    ),
    ...own.markets.flatMap(({ longs, shorts }) => [...longs, ...shorts]),
    own.quoteCredit,
    own.quoteDebit,
  ];
  const worth = compiled.scenarios.flatMap(({ name, kind }, i) => {
    if (kind !== "mark" && kind !== "stress") return [];
    const value = (row: number) => held[row]! * compiled.rows[row]!.values[i]!;
    return [{ scenario: name, units: rows.reduce((sum, row) => sum + value(row), 0n) }];
  });
  return { class: own.class, worth };
}
