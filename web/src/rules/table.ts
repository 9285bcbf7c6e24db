// The public instrument table: its types. Twin of rules/src/table; compile.ts makes a table,
// soundness.ts checks it.

import type { Greeks } from "./black76/greeks.ts";
import type { Class } from "./schema.ts";
import type { Followed, Volatilities } from "./volatility.ts";

/** How a holding is booked, other than closed in every scenario (cover.ts). */
export type Form = "plain" | "covered";

/** The role of an instrument: assets, markets and scenarios by their order, tiers from 0. */
export type Role =
  | { readonly kind: "empty" | "headroom" | "quote credit" | "quote debit" }
  | { readonly kind: "deposit" | "long" | "short"; readonly of: number; readonly tier: number }
  | { readonly kind: "borrow" | "uncredited" | "contingency"; readonly of: number }
  /** A holding in another form: `of` is the row that it stands for, a first tier of customers. */
  | { readonly kind: Form; readonly of: number }
  | { readonly kind: "equity" | "shortfall" | "slack"; readonly of: number };

/** One row of the table: an instrument. */
export interface Row {
  readonly name: string;
  readonly role: Role;
  /** The class whose accounts hold it; customer for rows that all accounts share. */
  readonly class: Class;
  /** Decimals of its quantity. */
  readonly decimals: number;
  /** The most that one line may hold. */
  readonly cap: bigint | undefined;
  /** The value of one unit, one per scenario. */
  readonly values: readonly bigint[];
  /** How the values in the rules' own scenarios follow from a price. */
  readonly valuation: Valuation;
}

/** The rows of an asset, by their numbers in the table. */
export interface AssetRows {
  readonly name: string;
  readonly decimals: number;
  readonly deposits: readonly number[];
  readonly borrow: number | undefined;
  /** The row of uncredited borrows, in rules with a credit scenario. */
  readonly uncredited: number | undefined;
}

/** The rows of a market or an option, by their numbers in the table. */
export interface MarketRows {
  readonly name: string;
  readonly decimals: number;
  readonly longs: readonly number[];
  readonly shorts: readonly number[];
  /** Of an option. */
  readonly option: { readonly underlying: string; readonly greeks: Greeks } | undefined;
}

/** A scenario and the rows that close it: equity and shortfall, or slack alone. */
export type ScenarioRows = BalancedRows | TwinRows | ConstraintRows | CoverRows;

export interface BalancedRows {
  readonly name: string;
  readonly kind: "mark" | "margin" | "stress" | "credit";
  readonly equity: number;
  readonly shortfall: number;
}

/** A stress repeated with all accounts of the insurance fund worth nothing. */
export interface TwinRows {
  readonly name: string;
  readonly kind: "twin";
  /** The stress's number. */
  readonly stress: number;
  readonly equity: number;
  readonly shortfall: number;
}

export interface ConstraintRows {
  readonly name: string;
  readonly kind: "constraint";
  /** The number of the contingency that it bounds. */
  readonly contingency: number;
  readonly slack: number;
}

/** The last scenario of a table with plain or covered rows, in which alone they count. */
export interface CoverRows {
  readonly name: string;
  readonly kind: "cover";
  readonly slack: number;
}

/** Whether a scenario is one of the rules' own that equity and shortfall close. */
export function isReported(scenario: ScenarioRows): scenario is BalancedRows {
  return isBalanced(scenario) && scenario.kind !== "twin";
}

/** Whether equity and shortfall close a scenario. */
export function isBalanced(scenario: ScenarioRows): scenario is BalancedRows | TwinRows {
  return scenario.kind !== "constraint" && scenario.kind !== "cover";
}

/** The row that a plain or covered row stands for; undefined for any other row. */
export function standsFor({ role }: Row): number | undefined {
  return role.kind === "plain" || role.kind === "covered" ? role.of : undefined;
}

/**
 * What one unit of a row is worth to its holder in a scenario. Where equity and shortfall close it,
 * a plain or covered row is worth what the row is that it stands for, though not in the proof.
 */
export function worthOf({ rows, scenarios }: Compiled, row: number, scenario: number): bigint {
  const of = isBalanced(scenarios[scenario]!) ? standsFor(rows[row]!) : undefined;
  return rows[of ?? row]!.values[scenario]!;
}

/** The rows of one class of accounts. */
export interface ClassRows {
  readonly class: Class;
  readonly assets: readonly AssetRows[];
  /** The markets, and after them the options. */
  readonly markets: readonly MarketRows[];
  readonly quoteCredit: number;
  readonly quoteDebit: number;
}

/** The whole table. Its own assets, markets and quote rows are the customers'. */
export interface Compiled extends ClassRows {
  readonly rows: readonly Row[];
  readonly scenarios: readonly ScenarioRows[];
  /** Every class, customers first. */
  readonly classes: readonly ClassRows[];
  readonly contingencies: readonly { readonly name: string; readonly row: number }[];
  readonly quote: string;
  readonly valueDecimals: number;
  /** The volatilities that rates follow, and all that is stated of these assets. */
  readonly followed: readonly Followed[];
  readonly volatilities: Volatilities;
}

/** A factor of the price, `numerator / 10^scale`. */
export interface Factor {
  readonly numerator: bigint;
  readonly scale: number;
}

/** 1 for what the venue owes the account, -1 for what the account owes. */
export type Sign = 1n | -1n;

/** How the values of a row follow from a price. */
export interface Valuation {
  /** The asset or market whose price is used; undefined means a constant price of 1. */
  readonly price: string | undefined;
  /** One per scenario of the rules; empty if the role fixes the values. */
  readonly factors: readonly Factor[];
  /** Whether some factor is of the underlying's price, and that is another price. */
  readonly hasTwoPrices: boolean;
}
