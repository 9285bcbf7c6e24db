// A proved book at other prices: what one unit of every row is worth there. Twin of
// attestation/src/bound/values.rs.
//
// The page's own compiler says it, from the attestation's rules with only those scenarios in which
// holdings are worth what they would fetch: mark, the stresses, and the twins that the policy asks
// for. These are the scenarios that are *priced*. No margin, contingency, credit or form has a
// value of its own there, and caps of open interest, which only margins follow, are not asked for.
// Nor is a price of what nobody holds and no reserve is of.

import type { Attestation } from "../attestation/attestation.ts";
import type { Book } from "../attestation/book.ts";
import type { Total } from "../attestation/totals.ts";
import type { Reserves } from "../attestation/reserves.ts";
import { compareDecimals } from "../encoding/decimal.ts";
import { quoted, refuse } from "../encoding/refused.ts";
import { nanoseconds } from "../encoding/times.ts";
import { areSameSurfaces } from "../rules/black76/surface.ts";
import { compileTable } from "../rules/compile.ts";
import { inOrder, lowerAscii } from "../rules/names.ts";
import { type Prices, priceOf } from "../rules/prices.ts";
import type { Rules } from "../rules/schema.ts";
import { type Compiled, type Role, type Row, isBalanced, standsFor } from "../rules/table.ts";
import { isFine } from "../rules/value/terms.ts";
import { areSameVolatilities } from "../rules/volatility.ts";

/** What was proved, and the table at other prices. */
export interface Repriced {
  readonly proved: Compiled;
  readonly totals: readonly Total[];
  /** The rows that are held and close nothing, by their numbers in the proved table. */
  readonly held: readonly number[];
  /** The table at the other prices: mark, the stresses and the twins. */
  readonly now: Compiled;
  /** Of its scenarios those that have figures, by their numbers. */
  readonly priced: readonly number[];
  /** The stresses that have none, because units of value are too coarse at these prices. */
  readonly coarse: readonly string[];
  /** By scenario: what one unit of each row in `held` is worth there. */
  readonly values: readonly (readonly bigint[])[];
  /**
   * By scenario: whether everything that is held, by accounts or as reserves, is worth there
   * what it is worth in that of the proof, whose figures then stand.
   */
  readonly asProved: readonly boolean[];
  /** Whether these are the prices of the proof, so that its margins stand as well. */
  readonly ownPrices: boolean;
  /** Reserves without a price in the proof count as nothing at any: accounts have none of it. */
  readonly reserves: Reserves | undefined;
  /** Assets of reserves that do not count, though these prices have one for them. */
  readonly uncounted: readonly string[];
}

/** The book at other prices. Those that neither it nor its reserves need are not looked at. */
export function reprice(
  { reserves: stated, prices: own, header }: Pick<Attestation, "reserves" | "prices" | "header">,
  { rules, compiled: proved }: Pick<Book, "rules" | "compiled">,
  totals: readonly Total[],
  prices: Prices,
): Repriced {
  if (prices.quote !== proved.quote) {
    refuse(`these prices are in ${quoted(prices.quote)}, and the book is in ${proved.quote}`);
  }
  const held = proved.rows.flatMap(({ role }, row) =>
    totals[row]!.quantity > 0n && !CLOSING.includes(role.kind) ? [row] : [],
  );
  const holdings = held.map((row) => holdingOf(proved, row));
  const reserves = stated && withPrice(stated, proved);
  const reserved = [...new Set(reserves?.reserves.map(({ asset }) => asset))].filter((asset) =>
    lastDeposit(proved, asset),
  );
  const names = new Set(holdings.flatMap((row) => (row ? [ofWhat(row)] : [])));
  const worth = onlyWorth(rules, names);
  const { markets, options } = worth;
  const underlyings = [
    ...[...markets.values()].flatMap(({ underlying, tiersIn }) =>
      [underlying, tiersIn ?? []].flat(),
    ),
    ...[...options.values()].map(({ underlying }) => underlying),
  ];
  const needed = new Set([...names, ...reserved, ...underlyings]);
  const ownPrices = areSame(prices, own);
  if (!ownPrices) {
    checkExpired(worth, prices);
    const lower = new Set([...needed, ...header.leftOut.map(({ asset }) => asset)].map(lowerAscii));
    const refused = [...prices.refused.keys()].find((name) => lower.has(lowerAscii(name)));
    if (refused !== undefined) {
      const name = quoted(refused);
      refuse(
        `the other prices say that the price of ${name} was refused: ` +
          "the book needs one or leaves it out",
      );
    }
  }
  const used = [...prices.prices].filter(([name]) => needed.has(name));
  // Values may be too coarse in some stresses, which then have no figures.
  const now = compileTable({ ...worth, mayBeCoarse: true }, { ...prices, prices: new Map(used) });
  if (now.quote !== proved.quote || now.valueDecimals !== proved.valueDecimals) {
    refuse("the rules given are not those of the proof: they count in another currency or unit");
  }
  const coarse = coarseOf(now);
  const there = new Map(now.rows.map((row) => [withoutTier(row.name), row]));
  const rows = holdings.map((row) => row && rowThere(there, row, prices));
  const values = now.scenarios.map((_, scenario) =>
    rows.map((row) => (row === undefined ? 0n : row.values[scenario]!)),
  );
  const backing = reserved.map((asset): Pair => [
    lastDeposit(proved, asset)!,
    lastDeposit(now, asset) ??
      refuse(`there are reserves of ${quoted(asset)}, for which the other prices have none`),
  ]);
  const pairs = [...holdings.map((row, i): Pair => [row, rows[i]]), ...backing];
  const asProved = now.scenarios.map(({ name }, scenario) => {
    const own = proved.scenarios.findIndex((one) => one.name === name);
    return pairs.every(([was, is]) => was?.values[own] === is?.values[scenario]);
  });
  const uncounted = (stated?.reserves ?? [])
    .filter((one) => !reserves!.reserves.includes(one) && prices.prices.has(one.asset))
    .map(({ asset }) => asset);
  return {
    proved,
    totals,
    held,
    now,
    priced: now.scenarios.flatMap((one, scenario) => {
      const { name } = one.kind === "twin" ? now.scenarios[one.stress]! : one;
      return coarse.includes(name) ? [] : [scenario];
    }),
    coarse,
    values,
    asProved,
    ownPrices,
    reserves,
    uncounted: [...new Set(uncounted)],
  };
}

/** Refuses options that have expired since the proof: what they settled at is no price of today. */
function checkExpired({ options }: Rules, { asOf }: Prices): void {
  for (const [name, { expiry }] of inOrder(options)) {
    if (nanoseconds(expiry) > nanoseconds(asOf)) continue;
    refuse(
      `the book holds options ${quoted(name)}, which have expired at the time of the other ` +
        "prices: what they settled at does not follow from prices of today",
    );
  }
}

/** Whether prices are the same, whoever says so. */
function areSame(prices: Prices, others: Prices): boolean {
  const same = (of: Prices["prices"], others: Prices["prices"]) =>
    of.size === others.size &&
    [...of].every(([name, price]) => {
      const other = others.get(name);
      return other !== undefined && compareDecimals(price, other) === 0;
    });
  return (
    prices.asOf === others.asOf &&
    prices.quote === others.quote &&
    same(prices.prices, others.prices) &&
    areSameSurfaces(prices.vols, others.vols) &&
    same(prices.openInterest, others.openInterest) &&
    prices.refused.size === others.refused.size &&
    [...prices.refused].every(([name, why]) => others.refused.get(name) === why) &&
    areSameVolatilities(prices.volatilities, others.volatilities)
  );
}

/**
 * The stresses in which rounding would change what is owed: the value of some asset or market is
 * below 1,000 units there and no whole number of them.
 */
function coarseOf({ rows, scenarios }: Compiled): string[] {
  const mark = scenarios.findIndex(({ kind }) => kind === "mark");
  return scenarios.flatMap(({ kind, name }, scenario) => {
    if (kind !== "stress") return [];
    const isCoarse = rows.some(({ values, valuation: { factors } }) => {
      const [own, moved] = [factors[mark], factors[scenario]];
      // In mark a row is worth its price, with its sign; rows without a price have no factors.
      return own && moved && !isFine(values[mark]! * own.numerator, moved);
    });
    return isCoarse ? [name] : [];
  });
}

/** A row of the proof and the one that it is worth as much as; none for what is worth nothing. */
type Pair = readonly [was: Row | undefined, is: Row | undefined];

const CLOSING: readonly Role["kind"][] = ["equity", "shortfall", "slack"];
/** Rows that are worth nothing to their holder at any prices. */
const WORTHLESS: readonly Role["kind"][] = ["empty", "headroom", "contingency"];

/**
 * The rules with only mark, the stresses, and the twins of these, and the markets and options of
 * `held`.
 */
function onlyWorth(rules: Rules, held: ReadonlySet<string>): Rules {
  const markets = [...rules.markets]
    .filter(([name]) => held.has(name))
    .map(([name, market]) => [name, { ...market, openInterest: undefined }] as const);
  return {
    ...rules,
    scenarios: rules.scenarios.filter(({ kind }) => kind === "mark" || kind === "stress"),
    cover: false,
    contingencies: new Map(),
    markets: new Map(markets),
    options: new Map([...rules.options].filter(([name]) => held.has(name))),
  };
}

/** The reserves that the proof has a price of. */
function withPrice(reserves: Reserves, proved: Compiled): Reserves {
  const has = (asset: string) => asset === proved.quote || lastDeposit(proved, asset) !== undefined;
  return { ...reserves, reserves: reserves.reserves.filter(({ asset }) => has(asset)) };
}

/** The row that reserves of an asset are worth as much as; undefined without a price of it. */
function lastDeposit({ assets, rows }: Compiled, asset: string): Row | undefined {
  const deposits = assets.find(({ name }) => name === asset)?.deposits;
  return deposits && rows[deposits[deposits.length - 1]!];
}

/** What is held in a row of the proof; undefined for a row that is worth nothing. */
function holdingOf(proved: Compiled, row: number): Row | undefined {
  const own = proved.rows[row]!;
  if (WORTHLESS.includes(own.role.kind)) return undefined;
  return loanOf(proved, proved.rows[standsFor(own) ?? row]!);
}

/** The asset or market of a holding; of quote rows nothing that has a price. */
function ofWhat({ name }: Row): string {
  const words = withoutTier(name).split(" ");
  return words[words.length - 1]!;
}

/** The row at the other prices of a holding. */
function rowThere(
  rows: ReadonlyMap<string, Row>,
  { name, decimals, valuation: { price } }: Row,
  prices: Prices,
): Row {
  const there = rows.get(withoutTier(name));
  if (!there) return refuse(`the book holds ${quoted(name)}, for which the other prices have none`);
  if (price !== undefined && price !== there.valuation.price && !priceOf(prices, price)) {
    refuse(
      `${quoted(name)} has the price of ${quoted(price)} in the proof, and the other prices have ` +
        "none: that of another name would stand in for it",
    );
  }
  if (there.decimals !== decimals) {
    refuse(
      `${quoted(name)} is counted with ${there.decimals} decimals at the other prices, and with ` +
        `${decimals} in the proof`,
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
