// Forms: a holding that no scenario can hurt need not be closed in each. Twin of
// rules/src/soundness/cover.rs.
//
// A plain row is worth nothing in any scenario of the proof, so that it balances by itself; a
// covered row counts in the scenario `cover` alone, for at most the least that it is worth in any
// scenario which equity and shortfall close. Slack closes `cover`, never shortfall: so what an
// account holds in these forms is worth at least nothing everywhere. It is added outside of the
// proof, from the totals and the values of the rows that the forms stand for.

import { ten } from "../encoding/decimal.ts";
import { type ClassRows, type Compiled, type Form, type Row, isBalanced } from "./table.ts";

/** The name of the scenario, which no scenario of the rules can have. */
export const COVER = "cover";

/** The forms of a customers' row. */
export interface Forms {
  /** What is held, such as `deposit BTC`: a form has no tiers. */
  readonly name: string;
  /** The row: the first tier, if it has tiers. */
  readonly of: number;
  /** The last tier, which counts for least. */
  readonly last: number;
  readonly forms: readonly Form[];
}

const BOTH: readonly Form[] = ["plain", "covered"];
const COVERED: readonly Form[] = ["covered"];

/** The customers' rows that have forms, in the table's order. */
export function formsOf({ assets, markets, quoteCredit, quoteDebit }: ClassRows): Forms[] {
  const held = (name: string, tiers: readonly number[], forms: readonly Form[]): Forms => {
    return { name, of: tiers[0]!, last: tiers[tiers.length - 1]!, forms };
  };
  return [
    ...assets.flatMap(({ name, deposits, borrow }) => [
      held(`deposit ${name}`, deposits, BOTH),
      ...(borrow === undefined ? [] : [held(`borrow ${name}`, [borrow], COVERED)]),
    ]),
    ...markets.flatMap(({ name, longs, shorts, option }) => [
      // A long of a market comes with its entry, which is a debt.
      held(`long ${name}`, longs, option ? BOTH : COVERED),
      held(`short ${name}`, shorts, COVERED),
    ]),
    held("quote credit", [quoteCredit], BOTH),
    held("quote debit", [quoteDebit], COVERED),
  ];
}

/** The table as far as what covers a row follows from it. */
type Parts = Pick<Compiled, "scenarios" | "contingencies" | "valueDecimals"> & {
  readonly rows: readonly Row[];
};

/** The most that one unit of a row loses in the constraints of a contingency. */
export function lossOf({ rows, scenarios }: Parts, row: number, contingency: number): bigint {
  return scenarios.reduce((most, scenario, i) => {
    if (scenario.kind !== "constraint" || scenario.contingency !== contingency) return most;
    const loss = -rows[row]!.values[i]!;
    return loss > most ? loss : most;
  }, 0n);
}

/** The units of value of one unit of a contingency. */
export function contingencyUnit({ rows, valueDecimals }: Parts, row: number): bigint {
  return ten(valueDecimals - rows[row]!.decimals);
}

/**
 * The least that one unit of a row is worth in any scenario which equity and shortfall close, its
 * own worst losses taken off: a worst of sums is at most the sum of worsts.
 */
export function leastOf(parts: Parts, row: number): bigint {
  const { rows, scenarios, contingencies } = parts;
  const losses = contingencies.map((one, number) => ({
    values: rows[one.row]!.values,
    loss: lossOf(parts, row, number),
    unit: contingencyUnit(parts, one.row),
  }));
  const left = scenarios.flatMap((scenario, i) => {
    if (!isBalanced(scenario)) return [];
    // A contingency is worth 0 or less, and what it counts is rounded up.
    const taken = losses.map(({ values, loss, unit }) => (unit - 1n - values[i]! * loss) / unit);
    return [taken.reduce((left, one) => left - one, rows[row]!.values[i]!)];
  });
  return left.reduce((least, one) => (one < least ? one : least));
}

/** What one unit counts for in `cover`, in one form. */
export function coverOf(least: bigint, form: Form): bigint {
  return form === "plain" && least > 0n ? 0n : least;
}
