// The account holder's own lines.

import type { Line } from "../circuit/seal.ts";
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
import type { Key } from "../words/text.ts";
import { amount } from "../words/numbers.ts";
import { listed, say } from "../words/say.ts";
import { type Child, details, paragraph, told } from "./dom.ts";
import { type Row, table } from "./table.ts";
import { type Term, terms } from "./terms.ts";

/** Asset and side of an instrument, as text; a form stands for all tiers. */
function describe(
  compiled: Compiled,
  instrument: number,
  hasTiers = true,
): [asset: string, side: string] {
  const { role, name, class: booked } = compiled.rows[instrument]!;
  const { assets } = compiled.classes.find((one) => one.class === booked)!;
  const tiered = (side: string, role: Extract<Role, { tier: number }>, tiers: number) =>
    hasTiers && tiers > 1 ? say("side.tier", { side, tier: role.tier + 1 }) : side;
  switch (role.kind) {
    case "deposit": {
      const asset = assets.find(({ deposits }) => deposits.includes(instrument))!;
      return [asset.name, tiered(say("side.deposit"), role, asset.deposits.length)];
    }
    case "borrow":
      return [assets.find(({ borrow }) => borrow === instrument)!.name, say("side.borrow")];
    case "uncredited":
      return [
        assets.find((one) => one.uncredited === instrument)!.name,
        say("side.uncredited"),
      ];
    case "long":
    case "short": {
      const market = compiled.markets[role.of]!;
      return [market.name, tiered(say(`side.${role.kind}`), role, market.longs.length)];
    }
    case "headroom": {
      const [asset, side] = describe(compiled, instrument - 1);
      return [asset, say("side.room", { side })];
    }
    case "quote credit":
      return [compiled.quote, say("side.owed.to.you")];
    case "quote debit":
      return [compiled.quote, say("side.owed.by.you")];
    case "plain":
    case "covered":
      return describe(compiled, role.of, false);
    case "contingency": {
      const { name } = compiled.contingencies[role.of]!;
      return [compiled.quote, say("side.contingency", { name })];
    }
    default:
      return [compiled.quote, name];
  }
}

const CLOSING: readonly Role["kind"][] = ["equity", "shortfall", "slack"];

/** What it means that lines are in a form. */
const FORMS: Readonly<Record<Form, readonly [means: Key, side: Key]>> = {
  plain: ["account.plain", "side.plain"],
  covered: ["account.covered", "side.covered"],
};

/** The lines, the equity or shortfall in each scenario, and each line's worth in every scenario. */
export function viewAccount(id: string, lines: readonly Line[], compiled: Compiled): Child[] {
  const { rows, scenarios, valueDecimals, quote } = compiled;
  const value = (units: bigint) => amount(units, valueDecimals);
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
  const formed = (line: Line, side: string): string => {
    const form = forms.find((one) => one === kind(line));
    return isMixed && form ? say(FORMS[form][1], { side }) : side;
  };
  const worth = (shown: readonly number[]): Row[] =>
    own.map((line): Row => {
      const { instrument, quantity } = line;
      const { role, decimals } = rows[instrument]!;
      const [asset, side] = describe(compiled, instrument);
      const head = [asset, formed(line, side), amount(quantity, decimals)];
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
  const columns = [say("account.asset"), say("account.side"), say("account.amount")];
  const explained: Term[] = ["line", "mark", "equity", "shortfall", "class", ...forms];
  return [
    paragraph(say("account.booked", { account: id, class: classOf(lines, compiled), quote })),
    room ? told("account.room") : [],
    forms.map((form) => told(FORMS[form][0])),
    table(
      counted(own.length, lines.length - own.length, forms.length > 0),
      [...columns, say("account.at.mark")],
      2,
      worth([0]),
    ),
    table(
      say("account.sum"),
      [say("backing.scenario"), say("account.equity"), say("account.shortfall")],
      1,
      outcomesOf(lines, compiled).map(({ scenario, equity, shortfall }) => ({
        cells: [scenario, value(equity), value(shortfall)],
      })),
    ),
    viewMargins(own, compiled),
    terms(explained),
    details("lines-scenarios", say("account.each"), [
      table(
        say("account.each.caption"),
        [...columns, ...shown.map((i) => scenarios[i]!.name)],
        2,
        worth(shown),
      ),
      own.some(isClosed) ? viewSlack(scenarios, held) : [],
      viewTwins(scenarios.filter(({ kind }) => kind === "twin").length),
      scenarios.some(({ kind }) => kind === "cover") ? told("account.cover") : [],
    ]),
  ];
}

/** How many lines there are, and how many more by which they add up to 0. */
function counted(own: number, closing: number, hasForms: boolean): string {
  const lines = say("account.lines", { count: own });
  if (closing === 0) return lines;
  return say(hasForms ? "account.and.balancing" : "account.and.closing", { lines, count: closing });
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
    ...(isAbove ? [say("account.first.tier")] : []),
    ...(contingencies.length > 0 ? [say("account.no.loss")] : []),
  ];
  if (forms.length === 0 || aside.length === 0) return [];
  return [paragraph(say("account.less", { why: listed(aside) }))];
}

function viewSlack(scenarios: readonly ScenarioRows[], held: (row: number) => string): Child[] {
  const constraints = scenarios.filter((one): one is ConstraintRows => one.kind === "constraint");
  if (constraints.length === 0) return [];
  return [
    told("account.slack"),
    table(
      say("account.slack.caption"),
      [say("backing.scenario"), say("account.slack.caption")],
      1,
      constraints.map(({ name, slack }) => ({ cells: [name, held(slack)] })),
    ),
  ];
}

function viewTwins(twins: number): Child[] {
  return twins === 0 ? [] : [told("account.twins", { count: twins })];
}
