// What the totals of a book say: what is owed, bad debt, open interest. Units are whole numbers; the
// decimals stand beside them.

import type { Class } from "../rules/schema.ts";
import { type ClassRows, type Compiled, isReported } from "../rules/compile.ts";
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
  /** Credited or not. */
  readonly borrows: bigint;
  /** The loans by their labels, where the rules have a credit scenario. */
  readonly credit: AssetCredit | undefined;
}

export interface AssetCredit {
  readonly credited: bigint;
  readonly uncredited: bigint;
  /** What counts against deposits. */
  readonly counted: bigint;
}

/** What is taken off the credited loans of each asset, in value units. */
export interface CreditFigures {
  readonly scenario: string;
  /** What accounts lack in the credit scenario. */
  readonly lacking: bigint;
  /** Gains that are no account's loss: what positions and quote currency come to at mark. */
  readonly unfunded: bigint;
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

/** What the accounts of a class are worth together in one scenario, of either sign. */
export interface ClassFigures {
  readonly class: Class;
  readonly worth: readonly { readonly scenario: string; readonly units: bigint }[];
}

/** What all but the insurance fund are owed in a stress that has a twin, in value units. */
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
  /** Every class, customers first; none where there are only customers. */
  readonly classes: readonly ClassFigures[];
}

/** The figures of the totals of every row of the table. */
export function figuresOf(compiled: Compiled, totals: readonly Total[]): Figures {
  const sum = (rows: readonly number[]) => rows.reduce((sum, row) => sum + totals[row]!.quantity, 0n);
  const credit = creditFigures(compiled, totals);
  return {
    credit,
    scenarios: compiled.scenarios.filter(isReported).map(({ name, equity, shortfall }) => ({
      name,
      owed: sum([equity]),
      badDebt: sum([shortfall]),
      accountsWithEquity: totals[equity]!.count,
      accountsShort: totals[shortfall]!.count,
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
      const rows = compiled.classes.flatMap(({ assets }) => assets.filter((one) => one.name === name));
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
      const rows = compiled.classes.flatMap(({ markets }) => markets.filter((one) => one.name === name));
      const [longs, shorts] = [rows.flatMap(({ longs }) => longs), rows.flatMap(({ shorts }) => shorts)];
      return { name, decimals, long: sum(longs), short: sum(shorts) };
    }),
    classes:
      compiled.classes.length === 1 ? [] : compiled.classes.map((one) => classFigures(compiled, totals, one)),
  };
}

/** Losses, loans without collateral, and collateral that no account has to pay for. */
function creditFigures(compiled: Compiled, totals: readonly Total[]): CreditFigures | undefined {
  const scenario = compiled.scenarios.filter(isReported).find(({ kind }) => kind === "credit");
  if (!scenario) return undefined;
  const lacking = totals[scenario.shortfall]!.quantity;
  const claims = compiled.rows.reduce((sum, { role, values }, row) => {
    const isClaim = ["long", "short", "quote credit", "quote debit"].includes(role.kind);
    return isClaim ? sum + totals[row]!.quantity * values[0]! : sum;
  }, 0n);
  const unfunded = claims < 0n ? 0n : claims;
  return { scenario: scenario.name, lacking, unfunded, taken: lacking + unfunded };
}

function assetCredit({ taken }: CreditFigures, price: bigint, credited: bigint, uncredited: bigint): AssetCredit {
  // Of what is worth nothing, anyone can borrow any amount and stay solvent.
  const off = price === 0n ? credited : (taken + price - 1n) / price;
  return { credited, uncredited, counted: off < credited ? credited - off : 0n };
}

/** Total times value over what a class holds, in mark and in every stress. */
function classFigures(compiled: Compiled, totals: readonly Total[], held: ClassRows): ClassFigures {
  const rows = [
    ...held.assets.flatMap(({ deposits, borrow, uncredited }) => [...deposits, borrow ?? [], uncredited ?? []].flat()),
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
