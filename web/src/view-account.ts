// The account holder's own lines.

import { classOf } from "./account.ts";
import { showAmount } from "./decimal.ts";
import { type Child, type Row, grouped, heading, paragraph, table } from "./dom.ts";
import type { Line } from "./seal.ts";
import { type Compiled, type Role, type ScenarioRows, isBalanced } from "./table.ts";

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

/** The lines with their worth in each scenario, and what they come to. */
export function viewAccount(id: string, lines: readonly Line[], compiled: Compiled): Child[] {
  const { rows, scenarios, valueDecimals, quote } = compiled;
  const value = (units: bigint) => grouped(showAmount(units, valueDecimals));
  const isClosing = ({ instrument }: Line) => /^(equity|shortfall|slack)$/.test(rows[instrument]!.role.kind);
  const own = lines.filter((line) => !isClosing(line));
  const body = own.map(({ instrument, quantity }): Row => {
    const { role, decimals, values } = rows[instrument]!;
    const amount = grouped(showAmount(quantity, decimals));
    const head = [...said(compiled, instrument), amount];
    // Room is worth nothing, and the row says no more.
    if (role.kind === "headroom") return { cells: [...head, ...values.map(() => "")], class: "spare" };
    return { cells: [...head, ...values.map((unit) => value(quantity * unit))] };
  });
  const held = (row: number) => lines.find(({ instrument }) => instrument === row)?.quantity ?? 0n;
  const foot = (name: string, words: string, row: (scenario: ScenarioRows) => number | undefined): Row => {
    const cells = scenarios.map((one) => row(one)).map((row) => (row === undefined ? "" : value(held(row))));
    return { cells: [name, words, "", ...cells] };
  };
  const feet: Row[] = [
    foot("Equity", "left over for you", (one) => (isBalanced(one) ? one.equity : undefined)),
    foot("Shortfall", "what you lack", (one) => (isBalanced(one) ? one.shortfall : undefined)),
    ...(scenarios.every(isBalanced)
      ? []
      : [foot("Slack", "worst loss less this one", (one) => (isBalanced(one) ? undefined : one.slack))]),
  ];
  const closing = lines.length - own.length;
  const room = body.some((row) => row.class);
  return [
    heading(2, "Your lines"),
    paragraph(
      `Account ${id}, booked as: ${classOf(lines, compiled)}. Values are in ${quote}. The scenario mark is the value at the attestation’s ` +
        "prices; the others are after haircuts and margins, or after a crash." +
        (scenarios.every(isBalanced)
          ? ""
          : " Where there is slack, a scenario says what you gain or lose: your margin is the worst.") +
        (room ? " Room left in a tier is worth nothing: it shows that the tier is not overfull." : ""),
    ),
    table(
      `${own.length} lines, and ${closing} closing lines that state what is left over or lacking`,
      ["Asset", "Side", "Amount", ...scenarios.map(({ name }) => name)],
      2,
      body,
      feet,
    ),
  ];
}
