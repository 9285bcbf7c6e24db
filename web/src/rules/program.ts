// Rules as a contract reads them: bytes whose hash is in the header, so that a contract computes
// what is checked here. Twin of attestation/src/program; docs/program.md has the layout.

import { MAX_INSTRUMENTS } from "../circuit/shape.ts";
import { type Decimal, exactUnits, floorUnits } from "../encoding/decimal.ts";
import { bytesOf, keccak, toHex, utf8 } from "../encoding/digest.ts";
import { refuse } from "../encoding/refused.ts";
import { inOrder } from "./names.ts";
import type { Prices } from "./prices.ts";
import { Following, orderTiers } from "./program-rates.ts";
import { CLASSES, type DrawSource, type Rules, type VolatilityLimits } from "./schema.ts";
import type { Compiled, Factor, Role, Row } from "./table.ts";
import { RATE_DIGITS } from "./volatility.ts";

const VERSION = 4;
const MAX_DECIMALS = 38;
const MAX_CLAUSES = 255;
const MOST = 0xffff;
/** The sources of drawn times, by their numbers. */
const SOURCES: readonly DrawSource[] = ["drand:quicknet", "eip155:1"];
/** No volatility is too old. */
const NO_AGE = (1n << 64n) - 1n;
/** The price number of a row without a price. */
const NO_PRICE = 0xffff;

/** A program and its hash, or why the rules have none: something that no contract can follow. */
export type Made =
  | { readonly bytes: Uint8Array; readonly hash: Uint8Array }
  | { readonly bytes: undefined; readonly why: string };

/** The rules' program. Refused if the header names another, or if only one of the two has one. */
export function checkProgram(
  rules: Rules,
  compiled: Compiled,
  prices: Prices,
  claimed: Uint8Array | undefined,
): Made {
  const made = makeProgram(rules, compiled, prices);
  const own = made.bytes && toHex(made.hash);
  const named = claimed && toHex(claimed);
  if (own !== named) {
    const has = made.bytes
      ? `the rules have the program ${toHex(made.hash)}`
      : `the rules have no program (${made.why})`;
    refuse(`${has}, but the header names ${named ?? "no program"}`);
  }
  return made;
}

/** Why there is no program. */
class NoProgram extends Error {}

function noProgram(why: string): never {
  throw new NoProgram(why);
}

/** The program of rules and the names of `prices`; `compiled` is what both compile to. */
export function makeProgram(rules: Rules, compiled: Compiled, prices: Prices): Made {
  try {
    const bytes = pack(rules, compiled, prices);
    return { bytes, hash: keccak(bytes) };
  } catch (error) {
    if (error instanceof NoProgram) return { bytes: undefined, why: error.message };
    throw error;
  }
}

function pack(rules: Rules, compiled: Compiled, prices: Prices): Uint8Array {
  checkFollowed(rules, compiled);
  const names = inOrder(prices.prices).map(([name]) => name);
  const factors = new Factors();
  const following = new Following(compiled, noProgram);
  const choices = compiled.rows.map((row) => chosen(row, rules, compiled, factors, following));
  const rows = compiled.rows.map((row, i) => packRow(row, compiled, names, choices[i]!));
  orderTiers(compiled.rows, choices, (factor) => factors.follows(factor), following);
  const clauses = packClauses(rules, compiled);
  const twins = compiled.scenarios.flatMap((one) => (one.kind === "twin" ? [one.stress] : []));
  const hasCover = compiled.scenarios.some(({ kind }) => kind === "cover");
  if (clauses.length === 0) noProgram("no clause applies to this table");
  atMost("value decimals", compiled.valueDecimals, MAX_DECIMALS);
  atMost("different factors", factors.list.length, MOST);
  atMost("rows", rows.length, MAX_INSTRUMENTS);
  atMost("clauses", clauses.length, MAX_CLAUSES);
  atMost("prices", names.length, NO_PRICE);
  return joined([
    number(VERSION, 1),
    number(compiled.scenarios.length, 2),
    number(compiled.valueDecimals, 1),
    number(factors.list.length, 2),
    number(rows.length, 2),
    number(clauses.length, 2),
    number(twins.length, 2),
    number(hasCover ? 1 : 0, 1),
    keccak(...names.map((name) => keccak(utf8(name)))),
    keccak(utf8(rules.quote)),
    ...twins.map((stress) => number(stress, 2)),
    ...factors.list,
    ...rows,
    ...clauses,
    ...following.tail(),
  ]);
}

/** Refuses rules by which something follows from more than a price and a factor. */
function checkFollowed(rules: Rules, { scenarios }: Compiled): void {
  const [option] = rules.options.keys();
  if (option !== undefined) noProgram(`the value of ${option} follows from volatilities`);
  const credit = scenarios.find(({ kind }) => kind === "credit");
  if (credit) noProgram(`${credit.name} is a credit scenario`);
  const markets = [...rules.markets.values()];
  const assets = [...rules.assets.values(), ...(rules.assetDefault ? [rules.assetDefault] : [])];
  const tiers = [...assets, ...markets].flatMap(({ tiers }) => tiers ?? []);
  if (tiers.some(({ upToValue }) => upToValue)) noProgram("tiers end at values");
  if (markets.some(({ openInterest }) => openInterest)) noProgram("rates rise with open interest");
}

function atMost(what: string, count: number, most: number): void {
  if (count > most) noProgram(`${count} ${what}: a contract takes at most ${most}`);
}

/** The factors of all rows, in their shortest form and without duplicates. */
class Factors {
  readonly list: Uint8Array[] = [];
  private readonly numbers = new Map<string, number>();

  number({ numerator, scale }: Factor, of: string): number {
    while (scale > 0 && numerator % 10n === 0n) [numerator, scale] = [numerator / 10n, scale - 1];
    if (BigInt.asIntN(128, numerator) !== numerator || scale > MAX_DECIMALS) {
      noProgram(`${of}: a factor is finer or larger than a contract takes`);
    }
    return this.packed(joined([bytesOf(BigInt.asUintN(128, numerator), 16), number(scale, 1)]));
  }

  /** The number of a factor as it is packed. */
  packed(packed: Uint8Array): number {
    const key = toHex(packed);
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    this.numbers.set(key, this.list.length);
    return this.list.push(packed) - 1;
  }

  /** Whether the factor with this number follows a volatility. */
  follows(number: number): boolean {
    return (this.list[number]?.[16] ?? 0) > MAX_DECIMALS;
  }
}

/** The numbers of roles in the layout. */
const ROLES: Readonly<Record<Role["kind"], number>> = {
  empty: 0,
  deposit: 1,
  borrow: 2,
  long: 3,
  short: 4,
  headroom: 5,
  "quote credit": 6,
  "quote debit": 7,
  equity: 8,
  shortfall: 9,
  contingency: 10,
  slack: 11,
  uncredited: 12,
  plain: 13,
  covered: 14,
};

/** The roles whose values follow from factors; all other values follow from the role alone. */
const FACTORED: readonly Role["kind"][] = [
  "deposit",
  "borrow",
  "long",
  "short",
  "quote credit",
  "quote debit",
  "contingency",
];

/** The numbers of a row's factors, in the scenarios that have some. */
function chosen(
  { name, role, valuation }: Row,
  rules: Rules,
  compiled: Compiled,
  factors: Factors,
  following: Following,
): number[] {
  // Neither mark nor twins nor cover have factors.
  const others = compiled.scenarios
    .slice(1)
    .filter(({ kind }) => kind !== "twin" && kind !== "cover");
  return others.map((_, i) => {
    if (!FACTORED.includes(role.kind)) return 0;
    // The rules' own scenarios come first.
    const { kind, margin } = rules.scenarios[i + 1]!;
    const isMargin = kind === "margin" && margin;
    const followed = isMargin && following.factor(rules, compiled, role, margin);
    if (followed) return Math.min(factors.packed(followed), MOST);
    return Math.min(factors.number(valuation.factors[i + 1]!, name), MOST);
  });
}

function packRow(
  row: Row,
  { quote }: Compiled,
  names: readonly string[],
  choices: readonly number[],
): Uint8Array {
  const { role, valuation, decimals, cap = 0n } = row;
  if (valuation.hasTwoPrices) noProgram(`${row.name} is valued from two prices`);
  const { price } = valuation;
  // The quote currency is worth 1, listed or not.
  const listed = price === undefined || price === quote ? NO_PRICE : names.indexOf(price);
  if (listed < 0) noProgram(`${row.name} has no price`);
  return joined([
    number((CLASSES.indexOf(row.class) << 6) | ROLES[role.kind], 1),
    number("of" in role ? role.of : 0, 2),
    number(listed, 2),
    number(decimals, 1),
    bytesOf(cap, 12),
    ...choices.map((choice) => number(choice, 2)),
  ]);
}

/** The clauses in the order of the policy's evaluation. */
function packClauses({ policy, markets }: Rules, compiled: Compiled): Uint8Array[] {
  const { minCoverage, perAsset, badDebt, openInterestMatched, maxDistance, leftOut } = policy;
  const index = (list: readonly { name: string }[], name: string) =>
    list.findIndex((one) => one.name === name);
  const scenario = (name: string) => index(compiled.scenarios, name);
  const clauses: Uint8Array[] = [];
  const coverage = (subject: number, { mantissa, scale }: Decimal) => {
    if (scale > MAX_DECIMALS) noProgram("a coverage is finer than a contract takes");
    clauses.push(clause(0, subject, mantissa, scale));
  };
  if (minCoverage) coverage(0, minCoverage);
  for (const [name, least] of inOrder(policy.coverage)) coverage(scenario(name), least);
  const all = compiled.assets.map(({ name }) => name);
  for (const name of perAsset === "all" ? all : (perAsset ?? [])) {
    const subject = index(compiled.assets, name);
    if (subject < 0) noProgram(`policy.per_asset.${name}: the table has no such asset`);
    clauses.push(clause(1, subject, 0n, 0));
  }
  for (const [name, limit] of inOrder(badDebt)) {
    const subject = scenario(name);
    clauses.push(
      limit === "insurance"
        ? clause(3, subject, 0n, 0)
        : // Bad debt is a whole number of units, so the part of a limit below one changes nothing.
          clause(2, subject, floorUnits(limit, compiled.valueDecimals), 0),
    );
  }
  if (openInterestMatched) {
    [...markets].forEach((_, market) => clauses.push(clause(4, market, 0n, 0)));
  }
  if (maxDistance?.prices !== undefined) clauses.push(clause(5, 0, maxDistance.prices, 0));
  if (maxDistance?.reserves !== undefined) clauses.push(clause(6, 0, maxDistance.reserves, 0));
  if (leftOut?.accounts !== undefined) clauses.push(clause(7, 0, leftOut.accounts, 0));
  if (leftOut?.assets) {
    if (leftOut.assets.size > 0) {
      noProgram(
        "policy.left_out.assets names assets, and a contract cannot know which are left out",
      );
    }
    clauses.push(clause(8, 0, 0n, 0));
  }
  if (leftOut?.rounding) {
    noProgram("policy.left_out.rounding: a contract does not read what was rounded");
  }
  if (policy.drawn) {
    const { from, missedDays } = policy.drawn;
    clauses.push(clause(9, SOURCES.indexOf(from), missedDays, 0), clause(10, 0, 0n, 0));
  }
  return [...clauses, ...volatilityClauses(policy.volatility, compiled)];
}

/** The clauses on each asset whose volatility a rate follows. */
function volatilityClauses(
  limits: VolatilityLimits | undefined,
  { volatilities }: Compiled,
): Uint8Array[] {
  const { maxAge, leastSources, band } = limits ?? {};
  const each = (kind: number, mantissa: bigint) =>
    [...volatilities.keys()].map((_, asset) => clause(kind, asset, mantissa, 0));
  // What is too old does not count for the other two.
  const age = (maxAge ?? NO_AGE) << 64n;
  const clauses = maxAge === undefined ? [] : each(11, maxAge);
  if (leastSources !== undefined) clauses.push(...each(12, age | leastSources));
  if (band) {
    const units = exactUnits(band, RATE_DIGITS);
    if (units === undefined) noProgram("policy.volatility.band is finer than a contract takes");
    clauses.push(...each(13, age | units));
  }
  return clauses;
}

function clause(kind: number, subject: number, mantissa: bigint, scale: number): Uint8Array {
  if (mantissa >> 128n !== 0n) {
    noProgram("a number of the policy is larger than a contract takes");
  }
  return joined([number(kind, 1), number(subject, 2), bytesOf(mantissa, 16), number(scale, 1)]);
}

function number(value: number, size: number): Uint8Array {
  return bytesOf(BigInt(value), size);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}
