// What is owed and what bad debt is at other prices, at most and at least. Twin of
// attestation/src/bound/mod.rs. Exact, in integers, and rounded up once at the end.
//
// A row's total T, its value V_s in proved scenario s and V in the priced one; G_s the proved bad
// debt of s, and 0 where slack closes it. For any multipliers m_s >= 0:
//
//   bad debt  <=  B  =  sum_s m_s G_s + sum_rows T max(0, sum_s m_s V_s - V)
//   owed      <=  W + B,  where  W = sum_rows T V
//
// Why. Take one account that holds q of each row. In every scenario its lines and those that close
// it add up to 0. Equity and slack count as -1 and are not negative, so what it holds is worth at
// least minus its own shortfall g_s (0 where slack closes):
//
//   sum q V_s >= -g_s
//
// Multiply by m_s >= 0, add up over s, and take what it is worth at the new values from both sides:
//
//   -sum q V  <=  sum q (sum_s m_s V_s - V) + sum_s m_s g_s
//             <=  sum q max(0, sum_s m_s V_s - V) + sum_s m_s g_s
//
// The last line is not negative, so it bounds also what the account lacks, max(0, -sum q V). Over
// all accounts q adds up to T and g_s to G_s, which gives B. What is owed is what all are worth
// together, W, and what is lacking. In the other direction nothing is needed: what is owed is at
// least W, and bad debt at least -W. A prover's choices enter nowhere: forms, tiers and labels are
// rows like any other, with their own values in the proved scenarios.

import { type Multiplier, UNIT } from "./certificate.ts";
import { type Repriced, shortfallOf } from "./values.ts";

/** In value units. */
export interface Bound {
  /** The priced scenario. */
  readonly scenario: string;
  readonly owedAtMost: bigint;
  readonly owedAtLeast: bigint;
  readonly badDebtAtMost: bigint;
  readonly badDebtAtLeast: bigint;
}

/** What these multipliers, of at least 0, show in a priced scenario. */
export function boundOf(
  book: Repriced,
  scenario: number,
  multipliers: readonly Multiplier[],
): Bound {
  const { proved, totals, held } = book;
  const values = book.values[scenario]!;
  let badDebt = multipliers.reduce((sum, one) => {
    return sum + one.units * shortfallOf(book, one.scenario);
  }, 0n);
  let worth = 0n;
  held.forEach((row, i) => {
    const { quantity } = totals[row]!;
    const met = proved.rows[row]!.values;
    const value = values[i]!;
    let above = -UNIT * value;
    for (const { scenario, units } of multipliers) above += units * met[scenario]!;
    worth += quantity * value;
    if (above > 0n) badDebt += quantity * above;
  });
  const badDebtAtMost = (badDebt + UNIT - 1n) / UNIT;
  return {
    scenario: book.now.scenarios[scenario]!.name,
    owedAtMost: notNegative(worth + badDebtAtMost),
    owedAtLeast: notNegative(worth),
    badDebtAtMost,
    badDebtAtLeast: notNegative(-worth),
  };
}

function notNegative(units: bigint): bigint {
  return units > 0n ? units : 0n;
}
