// The account holder's own lines.

import { classOf } from "../statement/account.ts";
import { showAmount } from "../encoding/decimal.ts";
import { type Child, type Row, details, grouped, heading, paragraph, table } from "./dom.ts";
import type { Line } from "../circuit/seal.ts";
import { type Compiled, type Role, isReported } from "../rules/compile.ts";

/** Side and asset of an instrument, in plain words. */
function said(compiled: Compiled, instrument: number): [asset: string, side: string] {
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
      return [assets.find(({ borrow }) => borrow === instrument)!.name, "loan"];
    case "uncredited":
      return [assets.find((one) => one.uncredited === instrument)!.name, "loan, not credited"];
    case "long":
    case "short": {
      const market = compiled.markets[role.of]!;
      return [market.name, `${role.kind} position${tier(role, market.longs.length)}`];
    }
    case "headroom": {
      const [asset, side] = said(compiled, instrument - 1);
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

/** The lines, what is left over or lacking in each scenario, and each line's worth in every scenario. */
export function viewAccount(id: string, lines: readonly Line[], compiled: Compiled): Child[] {
  const { rows, scenarios, valueDecimals, quote } = compiled;
  const value = (units: bigint) => grouped(showAmount(units, valueDecimals));
  const isClosing = ({ instrument }: Line) => /^(equity|shortfall|slack)$/.test(rows[instrument]!.role.kind);
  const own = lines.filter((line) => !isClosing(line));
  const held = (row: number) => lines.find(({ instrument }) => instrument === row)?.quantity ?? 0n;
  const worth = (shown: readonly number[]): Row[] =>
    own.map(({ instrument, quantity }): Row => {
      const { role, decimals, values } = rows[instrument]!;
      const head = [...said(compiled, instrument), grouped(showAmount(quantity, decimals))];
      // Room is worth nothing, and the row says no more.
      if (role.kind === "headroom") return { cells: [...head, ...shown.map(() => "")], class: "spare" };
      return { cells: [...head, ...shown.map((scenario) => value(quantity * values[scenario]!))] };
    });
  // A twin is of use for the venue's fund alone.
  const reported = scenarios.flatMap((one, i) => (one.kind === "twin" ? [] : [i]));
  const constraints = scenarios.filter((one) => one.kind === "constraint");
  const room = own.some(({ instrument }) => rows[instrument]!.role.kind === "headroom");
  const twins = scenarios.length - reported.length;
  return [
    heading(2, "Your lines"),
    paragraph(
      `Account ${id}, booked as: ${classOf(lines, compiled)}. Values are in ${quote}, at the attestation’s prices.` +
        (room ? " Room left in a tier is worth nothing: it shows that the tier is not overfull." : ""),
    ),
    table(
      `${own.length} lines, and ${lines.length - own.length} that state what is left over or lacking`,
      ["Asset", "Side", "Amount", "Worth at mark"],
      2,
      worth([0]),
    ),
    table(
      "What they come to in each scenario",
      ["Scenario", "Left over for you", "What you lack"],
      1,
      scenarios.filter(isReported).map(({ name, equity, shortfall }) => ({
        cells: [name, value(held(equity)), value(held(shortfall))],
      })),
    ),
    details("Each line in every scenario", [
      table(
        "Mark is the value at the prices; the others are after haircuts and margins, or after prices moved",
        ["Asset", "Side", "Amount", ...reported.map((i) => scenarios[i]!.name)],
        2,
        worth(reported),
      ),
      ...(constraints.length === 0
        ? []
        : [
            paragraph("A scenario below says what you gain or lose, and your margin is the worst; slack is that worst loss less this one."),
            table(
              "Slack",
              ["Scenario", "Slack"],
              1,
              constraints.map(({ name, slack }) => ({ cells: [name, value(held(slack))] })),
            ),
          ]),
      ...(twins === 0
        ? []
        : [
            paragraph(
              `The statement closes ${twins} more ${twins === 1 ? "scenario" : "scenarios"}, named after a stress and \`~insurance\`: the stress over again, in which the insurance fund’s own lines count nothing.`,
            ),
          ]),
    ]),
  ];
}
