// What is owed in each scenario, and the reserves over it.

import type { Book, Summary } from "../attestation/book.ts";
import { brief } from "../encoding/decimal.ts";
import { amount, ratio, translated } from "../words/numbers.ts";
import { say } from "../words/say.ts";
import { type Child, details, hint, told } from "./dom.ts";
import { viewScenarios } from "./scenarios.ts";
import { table } from "./table.ts";
import { terms } from "./terms.ts";

/** The table of scenarios, their assumptions, and the contingencies that accounts are charged. */
export function viewBacking({ rules, compiled }: Book, summary: Summary): Child[] {
  const { quote, valueDecimals } = compiled;
  const value = (units: bigint, towards: "up" | "down") =>
    translated(brief(units, valueDecimals, towards));
  return [
    told("backing.bounds"),
    viewTable(summary, value, quote),
    hint("bounds.rounded"),
    viewContingencies(summary, quote),
    terms(
      ["scenario", "mark", "stress", "owed", "reserves", "coverage"],
      ["bad.debt", "shortfall", "fund"],
    ),
    details(
      "scenarios",
      say("scenarios.title"),
      [told("scenarios.chosen"), viewScenarios(rules)],
      true,
    ),
  ];
}

/** Owed and bad debt in every scenario; reserves and coverage in mark and stresses alone. */
function viewTable(
  { figures, backing }: Summary,
  value: (units: bigint, towards: "up" | "down") => string,
  quote: string,
): Child[] {
  const hasFund = backing.some(({ fund }) => fund !== undefined);
  const rows = figures.scenarios.map(({ name, owed, badDebt, accountsWithShortfall }) => {
    const behind = backing.find((one) => one.scenario === name);
    const { coverage, fund } = behind ?? {};
    const cells = [
      name,
      value(owed, "up"),
      behind ? value(behind.customers, "down") : "",
      coverage === undefined ? (behind ? say("nothing.owed") : "") : ratio(coverage),
      value(badDebt, "up"),
      amount(accountsWithShortfall, 0),
      ...(hasFund ? [fund === undefined ? "" : value(fund, "down")] : []),
    ];
    return { cells };
  });
  return [
    table(
      say("backing.caption", { quote }),
      [
        say("backing.scenario"),
        [say("backing.owed"), "P"],
        [say("backing.reserves"), "W"],
        [say("backing.coverage"), "W"],
        [say("backing.bad.debt"), "P"],
        [say("backing.accounts"), "P"],
        ...(hasFund ? [[say("backing.fund"), "W"] as const] : []),
      ],
      1,
      rows,
    ),
    hasFund ? told("backing.fund.is") : [],
  ];
}

function viewContingencies({ figures: { contingencies } }: Summary, quote: string): Child[] {
  if (contingencies.length === 0) return [];
  const hasAccounts = contingencies.every(({ accounts }) => accounts !== undefined);
  return [
    table(
      say("backing.contingencies", { quote }),
      [
        say("backing.contingency"),
        [say("backing.sum"), "P"],
        ...(hasAccounts ? [[say("backing.charged"), "P"] as const] : []),
      ],
      1,
      contingencies.map(({ name, decimals, required, accounts }) => ({
        cells: [
          name,
          amount(required, decimals),
          ...(hasAccounts ? [amount(accounts!, 0)] : []),
        ],
      })),
    ),
  ];
}
