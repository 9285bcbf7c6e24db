// The account holder's own lines.

import type { Line } from "../circuit/seal.ts";
import { grouped, showAmount } from "../encoding/decimal.ts";
import {
  type Compiled,
  type ConstraintRows,
  type Role,
  type ScenarioRows,
  isReported,
} from "../rules/table.ts";
import { classOf } from "../statement/account.ts";
import { type Child, type Row, details, heading, paragraph, table } from "./dom.ts";

/** Asset and side of an instrument, as text. */
function describe(compiled: Compiled, instrument: number): [asset: string, side: string] {
  const { role, name, class: booked } = compiled.rows[instrument]!;
  const { assets } = compiled.classes.find((one) => one.class === booked)!;
  const tier = (role: Extract<Role, { tier: number }>, tiers: number) =>
    tiers > 1 ? `, tier ${role.tier + 1}` : "";
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
    case "contingency":
      return [compiled.quote, `worst loss, ${compiled.contingencies[role.of]!.name}`];
    default:
      return [compiled.quote, name];
  }
}

const CLOSING: readonly Role["kind"][] = ["equity", "shortfall", "slack"];

/** The lines, the equity or shortfall in each scenario, and each line's worth in every scenario. */
export function viewAccount(id: string, lines: readonly Line[], compiled: Compiled): Child[] {
  const { rows, scenarios, valueDecimals, quote } = compiled;
  const value = (units: bigint) => grouped(showAmount(units, valueDecimals));
  const kind = ({ instrument }: Line) => rows[instrument]!.role.kind;
  const own = lines.filter((line) => !CLOSING.includes(kind(line)));
  const held = (row: number) =>
    value(lines.find((line) => line.instrument === row)?.quantity ?? 0n);
  const worth = (shown: readonly number[]): Row[] =>
    own.map(({ instrument, quantity }): Row => {
      const { role, decimals, values } = rows[instrument]!;
      const amount = grouped(showAmount(quantity, decimals));
      const head = [...describe(compiled, instrument), amount];
      // Room has no worth, so its cells stay empty.
      if (role.kind === "headroom")
        return { cells: [...head, ...shown.map(() => "")], class: "spare" };
      return { cells: [...head, ...shown.map((scenario) => value(quantity * values[scenario]!))] };
    });
  // A twin concerns only the venue's fund.
  const shown = scenarios.flatMap((one, i) => (one.kind === "twin" ? [] : [i]));
  const room = own.some((line) => kind(line) === "headroom");
  return [
    heading(2, "Your lines"),
    paragraph(
      `Account ${id}, booked under the class ${classOf(lines, compiled)}. Values are in ` +
        `${quote}, at the attestation’s prices.` +
        (room ? " Room left in a tier is worth 0: it shows that the tier is within its cap." : ""),
    ),
    table(
      `${own.length} lines, and ${lines.length - own.length} more that state equity or shortfall`,
      ["Asset", "Side", "Amount", "Worth at mark"],
      2,
      worth([0]),
    ),
    table(
      "Their sum in each scenario",
      ["Scenario", "Your equity", "Your shortfall"],
      1,
      scenarios.filter(isReported).map(({ name, equity, shortfall }) => ({
        cells: [name, held(equity), held(shortfall)],
      })),
    ),
    details("Each line in every scenario", [
      table(
        "Mark is the value at the prices; the others apply weights and margins, or move the prices",
        ["Asset", "Side", "Amount", ...shown.map((i) => scenarios[i]!.name)],
        2,
        worth(shown),
      ),
      ...viewSlack(scenarios, held),
      ...viewTwins(scenarios.length - shown.length),
    ]),
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
