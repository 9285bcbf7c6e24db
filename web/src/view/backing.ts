// What is owed in each scenario, and the reserves over it.

import type { Book, Summary } from "../attestation/book.ts";
import { grouped, showAmount, showDecimal } from "../encoding/decimal.ts";
import { type Child, details, heading, paragraph, table } from "./dom.ts";
import { viewScenarios } from "./scenarios.ts";

/** The table of scenarios, their assumptions, and the contingencies that accounts are charged. */
export function viewBacking(
  { rules, compiled: { quote } }: Book,
  summary: Summary,
  value: (units: bigint) => string,
): Child[] {
  const { contingencies } = summary.figures;
  const hasAccounts = contingencies.every(({ accounts }) => accounts !== undefined);
  return [
    heading(3, "What is owed, and the reserves behind it"),
    paragraph(
      "What is owed, bad debt and accounts with shortfall are upper bounds for the accounts in " +
        "the book: the true figures can be lower, never higher.",
    ),
    ...viewTable(summary, value, quote),
    details("What each scenario assumes", [
      paragraph(
        "The publisher chose the scenarios. They are in the rules, to which the proof is bound.",
      ),
      viewScenarios(rules),
    ]),
    ...(contingencies.length === 0
      ? []
      : [
          table(
            `Worst losses that accounts are charged for, in ${quote}`,
            [
              "Contingency",
              ["Sum, at most", "P"],
              ...(hasAccounts ? [["Accounts", "P"] as const] : []),
            ],
            1,
            contingencies.map(({ name, decimals, required, accounts }) => ({
              cells: [
                name,
                grouped(showAmount(required, decimals)),
                ...(hasAccounts ? [grouped(String(accounts))] : []),
              ],
            })),
          ),
        ]),
  ];
}

/** Owed and bad debt in every scenario; reserves and coverage in mark and stresses alone. */
function viewTable(
  { figures, backing }: Summary,
  value: (units: bigint) => string,
  quote: string,
): Child[] {
  const hasFund = backing.some(({ fund }) => fund !== undefined);
  const rows = figures.scenarios.map(({ name, owed, badDebt, accountsWithShortfall }) => {
    const behind = backing.find((one) => one.scenario === name);
    const { coverage, fund } = behind ?? {};
    const cells = [
      name,
      value(owed),
      behind ? value(behind.customers) : "",
      coverage === undefined ? (behind ? "nothing owed" : "") : showRatio(coverage),
      value(badDebt),
      grouped(String(accountsWithShortfall)),
      ...(hasFund ? [fund === undefined ? "" : value(fund)] : []),
    ];
    return { cells };
  });
  return [
    table(
      `In ${quote}, in each scenario`,
      [
        "Scenario",
        ["Owed, at most", "P"],
        ["Reserves for customers", "W"],
        ["Coverage", "W"],
        ["Bad debt, at most", "P"],
        ["Accounts with shortfall, at most", "P"],
        ...(hasFund ? [["Left for the insurance fund", "W"] as const] : []),
      ],
      1,
      rows,
    ),
    ...(hasFund
      ? [
          paragraph(
            "Left for the insurance fund is all reserves, valued in the scenario, less what " +
              "everyone else is owed there. A negative amount is missing.",
          ),
        ]
      : []),
  ];
}

/** A ratio in 1e-4, always with four decimals. */
export function showRatio(units: bigint): string {
  return grouped(showDecimal({ mantissa: units, scale: 4 }));
}
