// A proved book at other prices: what one unit of every row is worth there. Twin of
// attestation/src/bound/values.rs.
//
// The page's own compiler says it, from the attestation's rules with only those scenarios in which
// holdings are worth what they would fetch: mark, the stresses, and the twins that the policy asks
// for. These are the scenarios that are *priced*. No margin, contingency, credit or form has a
// value of its own there, and caps of open interest, which only margins follow, are not asked for.

import type { Attestation } from "../attestation/attestation.ts";
import type { Book } from "../attestation/book.ts";
import type { Total } from "../attestation/totals.ts";
import { quoted, refuse } from "../encoding/refused.ts";
import { compileTable } from "../rules/compile.ts";
import type { Prices } from "../rules/prices.ts";
import type { Rules } from "../rules/schema.ts";
import { type Compiled, type Role, type Row, isBalanced, standsFor } from "../rules/table.ts";

/** What was proved, and the table at other prices. */
export interface Repriced {
  readonly proved: Compiled;
  readonly totals: readonly Total[];
  /** The rows that are held and close nothing, by their numbers in the proved table. */
  readonly held: readonly number[];
  /** The table at the other prices; its scenarios are those that are priced. */
  readonly now: Compiled;
  /** By priced scenario: what one unit of each row in `held` is worth there. */
  readonly values: readonly (readonly bigint[])[];
  /** Assets left out of the book, whose prices were not used. */
  readonly ignored: readonly string[];
}

/**
 * The book at other prices. Of these only prices that can matter are used. Prices of assets that
 * were left out of the book are not: reserves of them would count, and what is owed of them not.
 */
export function reprice(
  { header, reserves, prices: { prices: known } }: Attestation,
  { rules, compiled: proved }: Pick<Book, "rules" | "compiled">,
  totals: readonly Total[],
  prices: Prices,
): Repriced {
  if (prices.quote !== proved.quote) {
    refuse(`these prices are in ${quoted(prices.quote)}, and the book is in ${proved.quote}`);
  }
  const ignored = header.leftOut
    .map(({ asset }) => asset)
    .filter((asset) => prices.prices.has(asset));
  const matters = new Set([
    ...known.keys(),
    ...(reserves?.reserves ?? []).map(({ asset }) => asset),
    ...[...rules.markets].flatMap(([name, { underlying }]) => [name, underlying]),
  ]);
  const used = [...prices.prices].filter(([name]) => matters.has(name) && !ignored.includes(name));
  const now = compileTable(onlyWorth(rules), { ...prices, prices: new Map(used) });
  if (now.quote !== proved.quote || now.valueDecimals !== proved.valueDecimals) {
    refuse("the rules are not those of the proof: they count in another currency or unit");
  }
  const held = proved.rows.flatMap(({ role }, row) =>
    totals[row]!.quantity > 0n && !CLOSING.includes(role.kind) ? [row] : [],
  );
  const there = new Map(now.rows.map((row) => [withoutTier(row.name), row]));
  const rows = held.map((row) => rowThere(proved, there, row));
  const values = now.scenarios.map((_, scenario) =>
    rows.map((row) => (row === undefined ? 0n : row.values[scenario]!)),
  );
  return { proved, totals, held, now, values, ignored };
}

const CLOSING: readonly Role["kind"][] = ["equity", "shortfall", "slack"];
/** Rows that are worth nothing to their holder at any prices. */
const WORTHLESS: readonly Role["kind"][] = ["empty", "headroom", "contingency"];

/** The rules with only mark, the stresses, and the twins of these. */
function onlyWorth(rules: Rules): Rules {
  const markets = [...rules.markets].map(
    ([name, market]) => [name, { ...market, openInterest: undefined }] as const,
  );
  return {
    ...rules,
    scenarios: rules.scenarios.filter(({ kind }) => kind === "mark" || kind === "stress"),
    cover: false,
    contingencies: new Map(),
    markets: new Map(markets),
  };
}

/** The row at the other prices of what a row holds; undefined for a row that is worth nothing. */
function rowThere(proved: Compiled, rows: ReadonlyMap<string, Row>, row: number): Row | undefined {
  const own = proved.rows[row]!;
  if (WORTHLESS.includes(own.role.kind)) return undefined;
  const holding = loanOf(proved, proved.rows[standsFor(own) ?? row]!);
  const there = rows.get(withoutTier(holding.name));
  if (!there) {
    return refuse(`the book holds ${quoted(holding.name)}, for which these prices have none`);
  }
  if (there.decimals !== own.decimals) {
    refuse(
      `${quoted(holding.name)} is counted with ${there.decimals} decimals at these prices, and ` +
        `with ${own.decimals} in the proof`,
    );
  }
  return there;
}

/** An uncredited borrow is the same loan as one that is credited: a label changes no debt. */
function loanOf({ rows }: Compiled, row: Row): Row {
  const { role } = row;
  if (role.kind !== "uncredited") return row;
  return rows.find(
    (one) => one.role.kind === "borrow" && one.role.of === role.of && one.class === row.class,
  )!;
}

/**
 * The holding that a row's name is of. Outside of margins all tiers of it are worth the same, and
 * where tiers end at values, other prices leave some of them out. No name has a blank in it.
 */
function withoutTier(name: string): string {
  return name.replace(/ tier [0-9]+$/, "");
}

/** The proved bad debt of a scenario: 0 where slack closes it, as nothing can be lacking. */
export function shortfallOf({ proved, totals }: Repriced, scenario: number): bigint {
  const own = proved.scenarios[scenario]!;
  return isBalanced(own) ? totals[own.shortfall]!.quantity : 0n;
}
