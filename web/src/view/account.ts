// The account holder's own lines.

import type { Line } from "../circuit/seal.ts";
import { grouped, showAmount } from "../encoding/decimal.ts";
import {
  type Compiled,
  type ConstraintRows,
  type Form,
  type Role,
  type ScenarioRows,
  standsFor,
  worthOf,
} from "../rules/table.ts";
import { classOf, outcomesOf } from "../statement/account.ts";
import { type Child, type Row, code, details, heading, paragraph, table } from "./dom.ts";

/** Asset and side of an instrument, as text; a form stands for all tiers. */
function describe(
  compiled: Compiled,
  instrument: number,
  hasTiers = true,
): [asset: string, side: string] {
  const { role, name, class: booked } = compiled.rows[instrument]!;
  const { assets } = compiled.classes.find((one) => one.class === booked)!;
  const tier = (role: Extract<Role, { tier: number }>, tiers: number) =>
    hasTiers && tiers > 1 ? `, tier ${role.tier + 1}` : "";
  switch (role.kind) {
    case "deposit": {
      const asset = assets.find(({ deposits }) => deposits.includes(instrument))!;
      return [asset.name, `deposit${tier(role, asset.deposits.length)}`];
    }
    case "borrow":
      return [assets.find(({ borrow }) => borrow === instrument)!.name, "borrow"];
    case "uncredited":
      return [assets.find((one) => one.uncredited === instrument)!.name, "borrow, not credited"];
    case "long":
    case "short": {
      const market = compiled.markets[role.of]!;
      return [market.name, `${role.kind} position${tier(role, market.longs.length)}`];
    }
    case "headroom": {
      const [asset, side] = describe(compiled, instrument - 1);
      return [asset, `room left in ${side}`];
    }
    case "quote credit":
      return [compiled.quote, "owed to you"];
    case "quote debit":
      return [compiled.quote, "owed by you"];
    case "plain":
    case "covered":
      return describe(compiled, role.of, false);
    case "contingency":
      return [compiled.quote, `worst loss, ${compiled.contingencies[role.of]!.name}`];
    default:
      return [compiled.quote, name];
  }
}

const CLOSING: readonly Role["kind"][] = ["equity", "shortfall", "slack"];

/** What it means that lines are in a form. */
const FORMS: Readonly<Record<Form, string>> = {
  plain:
    "Held plainly: worth at least nothing in every scenario, so no scenario can take it.",
  covered:
    "Covered: together worth at least what is owed in every scenario, so none was closed for it.",
};

/** The lines, the equity or shortfall in each scenario, and each line's worth in every scenario. */
export function viewAccount(id: string, lines: readonly Line[], compiled: Compiled): Child[] {
  const { rows, scenarios, valueDecimals, quote } = compiled;
  const value = (units: bigint) => grouped(showAmount(units, valueDecimals));
  const kind = ({ instrument }: Line) => rows[instrument]!.role.kind;
  const own = lines.filter((line) => !CLOSING.includes(kind(line)));
  const isClosed = ({ instrument }: Line) => standsFor(rows[instrument]!) === undefined;
  const forms = (["plain", "covered"] as const).filter((form) =>
    own.some((line) => kind(line) === form),
  );
  // One sentence says the form of all lines; beside others each says its own.
  const isMixed = forms.length + (own.some(isClosed) ? 1 : 0) > 1;
  const held = (row: number) =>
    value(lines.find((line) => line.instrument === row)?.quantity ?? 0n);
  const worth = (shown: readonly number[]): Row[] =>
    own.map((line): Row => {
      const { instrument, quantity } = line;
      const { role, decimals } = rows[instrument]!;
      const amount = grouped(showAmount(quantity, decimals));
      const [asset, side] = describe(compiled, instrument);
      const head = [asset, isMixed && !isClosed(line) ? `${side}, ${role.kind}` : side, amount];
      // Room has no worth, so its cells stay empty.
      if (role.kind === "headroom")
        return { cells: [...head, ...shown.map(() => "")], class: "spare" };
      // What a plain or covered line loses in a constraint is no part of a margin that is stated.
      const cell = (scenario: number) =>
        !isClosed(line) && scenarios[scenario]!.kind === "constraint"
          ? ""
          : value(quantity * worthOf(compiled, instrument, scenario));
      return { cells: [...head, ...shown.map(cell)] };
    });
  // A twin concerns only the venue's fund, and nothing happens to prices in `cover`.
  const hidden = ["twin", "cover", ...(own.some(isClosed) ? [] : ["constraint"])];
  const shown = scenarios.flatMap(({ kind }, i) => (hidden.includes(kind) ? [] : [i]));
  const room = own.some((line) => kind(line) === "headroom");
  return [
    heading(2, "Your lines"),
    paragraph(
      `Account ${id}, booked under the class ${classOf(lines, compiled)}. Values are in ` +
        `${quote}, at the attestation’s prices.` +
        (room ? " Room left in a tier is worth 0: it shows that the tier is within its cap." : ""),
    ),
    ...forms.map((form) => paragraph(FORMS[form])),
    table(
      counted(own.length, lines.length - own.length, forms.length > 0),
      ["Asset", "Side", "Amount", "Worth at mark"],
      2,
      worth([0]),
    ),
    table(
      "Their sum in each scenario",
      ["Scenario", "Your equity", "Your shortfall"],
      1,
      outcomesOf(lines, compiled).map(({ scenario, equity, shortfall }) => ({
        cells: [scenario, value(equity), value(shortfall)],
      })),
    ),
    ...viewMargins(own, compiled),
    details("Each line in every scenario", [
      table(
        "Mark is the value at the prices; the others apply weights and margins, or move the prices",
        ["Asset", "Side", "Amount", ...shown.map((i) => scenarios[i]!.name)],
        2,
        worth(shown),
      ),
      ...(own.some(isClosed) ? viewSlack(scenarios, held) : []),
      ...viewTwins(scenarios.filter(({ kind }) => kind === "twin").length),
      ...viewCover(scenarios),
    ]),
  ];
}

/** How many lines there are, and how many more by which they add up to 0. */
function counted(own: number, closing: number, hasForms: boolean): string {
  const lines = `${own} ${own === 1 ? "line" : "lines"}`;
  if (closing === 0) return lines;
  const verb = closing === 1 ? "balances them" : "balance them";
  return `${lines}, and ${closing} more that ${hasForms ? verb : "state equity or shortfall"}`;
}

/** What equity in a margin scenario leaves aside where lines are plain or covered. */
function viewMargins(own: readonly Line[], { rows, contingencies }: Compiled): Child[] {
  const forms = own.filter(({ instrument }) => standsFor(rows[instrument]!) !== undefined);
  // All that is held in the first tier, closed and in either form.
  const within = (first: number) =>
    own
      .filter(({ instrument }) => (standsFor(rows[instrument]!) ?? instrument) === first)
      .reduce((sum, { quantity }) => sum + quantity, 0n);
  const isAbove = forms.some(({ instrument }) => {
    const first = standsFor(rows[instrument]!)!;
    const { cap } = rows[first]!;
    return cap !== undefined && within(first) > cap;
  });
  const aside = [
    ...(isAbove ? ["the first tier counts for all of it"] : []),
    ...(contingencies.length > 0 ? ["no worst loss is taken off"] : []),
  ];
  if (forms.length === 0 || aside.length === 0) return [];
  const why = `of a plain or covered line ${aside.join(", and ")}`;
  return [paragraph(`After weights and margins it can be less than this: ${why}.`)];
}

function viewCover(scenarios: readonly ScenarioRows[]): Child[] {
  if (!scenarios.some(({ kind }) => kind === "cover")) return [];
  return [
    paragraph(
      "The statement has one more scenario, ",
      code("cover"),
      ", which is no crash: a covered line counts there for the least that it is worth in any " +
        "other, and every other line for nothing.",
    ),
  ];
}

function viewSlack(scenarios: readonly ScenarioRows[], held: (row: number) => string): Child[] {
  const constraints = scenarios.filter((one): one is ConstraintRows => one.kind === "constraint");
  if (constraints.length === 0) return [];
  return [
    paragraph(
      "Each scenario below gives your gain or loss in it. Your margin is the worst loss; slack " +
        "is that worst loss less the loss in this scenario.",
    ),
    table(
      "Slack",
      ["Scenario", "Slack"],
      1,
      constraints.map(({ name, slack }) => ({ cells: [name, held(slack)] })),
    ),
  ];
}

function viewTwins(twins: number): Child[] {
  if (twins === 0) return [];
  return [
    paragraph(
      `The statement has ${twins} more ${twins === 1 ? "scenario" : "scenarios"}, named after a ` +
        "stress and `~insurance`: the same stress with the insurance fund’s own lines worth 0.",
    ),
  ];
}
