// Random rules and prices with everything that a table follows from, and the tables that the web
// page makes of them, written one a line: `PACIOLI_TABLES=FILE node test.mjs random-tables`, as
// many as TABLES says, beginning with SEED. `random_tables_are_those_of_the_page` of prover/tests
// compares the file with the native tables. Without it, a few are made and nothing but this page is
// tried.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { test } from "node:test";

import { Refused } from "../src/encoding/refused.ts";
import { parsePrices } from "../src/repricing/prices-file.ts";
import { compileTable } from "../src/rules/compile.ts";
import { parseRules } from "../src/rules/parse.ts";
import { checkRules } from "../src/rules/validate.ts";

const { PACIOLI_TABLES: file, TABLES = file ? "4000" : "40", SEED = "1" } = process.env;

let state = BigInt(SEED);

/** A whole number from 0 to `limit` - 1: the high bits of Knuth's MMIX generator. */
function below(limit: number): number {
  state = BigInt.asUintN(64, state * 6364136223846793005n + 1442695040888963407n);
  return Number((state >> 33n) % BigInt(limit));
}

const chance = (one: number, of: number) => below(of) < one;
const pick = <T>(list: readonly T[]): T => list[below(list.length)]!;
const some = <T>(list: readonly T[], one: number, of: number): T[] => list.filter(() => chance(one, of));
const times = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));

/** A number from `low` to `high` units of 10^-decimals. */
function number(low: number, high: number, decimals = 0): string {
  const units = low + below(high - low + 1);
  const digits = String(Math.abs(units)).padStart(decimals + 1, "0");
  const sign = units < 0 ? "-" : "";
  if (decimals === 0) return sign + digits;
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** The same in quotes. */
const q = (low: number, high: number, decimals = 0) => `"${number(low, high, decimals)}"`;
const listed = (names: readonly string[]) => `[${names.map((name) => `"${name}"`).join(", ")}]`;
const table = (entries: readonly string[]) => `{ ${entries.join(", ")} }`;

const AS_OF = "2026-01-01T00:00:00Z";
const EXPIRIES = [
  "2025-12-26T08:00:00Z",
  "2026-01-01T00:00:00.5Z",
  "2026-01-09T08:00:00Z",
  "2026-03-27T08:00:00Z",
  "2026-12-25T08:00:00Z",
  "2027-06-25T08:00:00Z",
];
const UNDERLYINGS = ["BTC", "ETH"];

interface Option {
  name: string;
  underlying: string;
  expiry: string;
}

/** The names that one case is about. */
interface Names {
  assets: string[];
  markets: string[];
  options: Option[];
  stresses: string[];
  contingencies: string[];
}

function makeNames(): Names {
  return {
    assets: [...UNDERLYINGS, "USDC", ...some(["DEAD"], 1, 4)],
    markets: some(["BTC-PERP", "ETH-PERP"], 2, 3),
    options: times(below(5), (i) => {
      return { name: `OPT-${i}`, underlying: pick(UNDERLYINGS), expiry: pick(EXPIRIES) };
    }),
    stresses: times(1 + below(3), (i) => `stress-${i}`),
    contingencies: chance(1, 2) ? ["scan", ...some(["naked"], 1, 3)] : [],
  };
}

const move = () => q(-1000, 2000, 3);

function moves({ options }: Names, isConstraint: boolean): string[] {
  const own = some(UNDERLYINGS, 1, 3).map((name) => `${name} = ${move()}`);
  const times = [...new Set(options.map(({ expiry }) => expiry))];
  const expiries = some(times, 1, 3).map((expiry) => {
    const parts = [`move = ${move()}`, `vol_move = ${move()}`];
    if (isConstraint) parts.push(`discount = ${q(0, 1000000, 6)}`, `weight = ${q(1, 20, 1)}`);
    const kept = some(parts, 1, 2);
    return `"${expiry}" = ${table(kept.length > 0 ? kept : [parts[0]!])}`;
  });
  return [
    `default_move = ${move()}`,
    ...(own.length > 0 ? [`moves = ${table(own)}`] : []),
    ...(options.length > 0 ? some([`vol_move = ${move()}`], 1, 2) : []),
    ...(expiries.length > 0 ? [`expiries = ${table(expiries)}`] : []),
  ];
}

function makeConstraint(names: Names): string[] {
  const { assets, markets, options } = names;
  const held = [...markets, ...options.map(({ name }) => name)];
  switch (below(3)) {
    case 0: {
      const only = `only = ${listed(some([...assets, ...held], 1, 2))}`;
      return [...moves(names, true), ...some([`weight = ${q(1, 300, 2)}`, only], 1, 3)];
    }
    case 1: {
      const sides = [
        ...assets.flatMap((name) => [`deposit ${name}`, ...some([`borrow ${name}`], 1, 9)]),
        ...held.flatMap((name) => [`long ${name}`, `short ${name}`]),
      ];
      const named = some(sides, 1, 3);
      const rates = (named.length > 0 ? named : [sides[0]!]).map((one) => {
        return `"${one}" = ${q(-100000, chance(1, 20) ? 100000 : 0, 6)}`;
      });
      const of = pick(["", 'rates_of = "price"', 'rates_of = "underlying"']);
      return [`rates = ${table(rates)}`, of];
    }
    default: {
      const [net, gross] = [q(-200000, 200000, 6), q(0, 100000, 6)];
      const delta = [`underlying = "${pick(UNDERLYINGS)}"`, `net = ${net}`, `gross = ${gross}`];
      return [`delta = ${table(delta)}`];
    }
  }
}

function makeScenarios(names: Names): string[] {
  const scenario = (name: string, kind: string, more: string[]) => {
    return ["[[scenarios]]", `name = "${name}"`, `kind = "${kind}"`, ...more];
  };
  const margin = (margin: string) => [`margin = "${margin}"`];
  return [
    ...scenario("mark", "mark", []),
    ...scenario("maintenance", "margin", margin("maintenance")),
    ...(chance(1, 2) ? scenario("initial", "margin", margin("initial")) : []),
    ...(chance(1, 4) ? scenario("credit", "credit", margin("maintenance")) : []),
    ...names.stresses.flatMap((name) => scenario(name, "stress", moves(names, false))),
    ...names.contingencies.flatMap((name) =>
      times(1 + below(4), (i) => {
        const own = [`contingency = "${name}"`, ...makeConstraint(names)];
        return scenario(`${name}-${i}`, "constraint", own);
      }).flat(),
    ),
  ];
}

/** A rate that follows a volatility. */
function following(asset: string): string {
  const other = UNDERLYINGS.includes(asset) ? some(UNDERLYINGS.slice(0, 1), 1, 3) : ["BTC"];
  return table([
    ...other.map((name) => `volatility = "${name}"`),
    `multiple = ${q(1, 60, 1)}`,
    `horizon = "${pick(["1d", "8h", "36h"])}"`,
    'floor = "0.01"',
    `ceiling = ${q(20, 100, 2)}`,
    `step = ${q(1, 9, 3)}`,
  ]);
}

/** Tiers whose numbers only rise or only fall; one tier alone may follow a volatility. */
function tiers(asset: string, isMargin: boolean): string {
  const by = pick(["up_to", "up_to_value"]);
  const size = by === "up_to" ? 1 : pick([1, 1000, 100000]);
  const ends = [...new Set(times(below(4), () => 1 + below(2000)))].sort((a, b) => a - b);
  if (ends.length === 0 && chance(1, 2)) {
    return `[{ maintenance = ${following(asset)}, initial = ${following(asset)} }]`;
  }
  const sorted = () => {
    const all = times(ends.length + 1, () => below(10001));
    all.sort((a, b) => (isMargin ? a - b : b - a));
    return all.map((one) => q(one, one, 4));
  };
  const [maintenance, initial] = [sorted(), sorted()];
  const rates = maintenance.map((rate, i) => `maintenance = ${rate}, initial = ${initial[i]}`);
  const all = rates.map((rate, i) => {
    return i < ends.length ? `{ ${by} = "${ends[i]! * size}", ${rate} }` : `{ ${rate} }`;
  });
  return `[${all.join(", ")}]`;
}

function makeAsset(name: string): string[] {
  const lines = [`[assets.${name}]`, `decimals = ${below(7)}`, `tiers = ${tiers(name, false)}`];
  if (name === "USDC" || chance(1, 6)) lines.push("shocked = false");
  if (chance(1, 4)) return [...lines, "borrow = false"];
  const weights = [`borrow_maintenance = ${q(100, 199, 2)}`, 'borrow_initial = "1.25"'];
  return chance(1, 2) ? [...lines, ...weights] : lines;
}

function makeMarket(name: string): string[] {
  const underlying = name.slice(0, 3);
  const own = tiers(underlying, true);
  const caps = [`lower = ${q(0, 100000)}`, `upper = ${q(1000010, 9000000, 1)}`];
  return [
    `[markets.${name}]`,
    `underlying = "${underlying}"`,
    `decimals = ${below(5)}`,
    `tiers = ${own}`,
    ...(own.includes("up_to_value") ? some([`tiers_in = "${pick(["BTC", "ETH", "USD"])}"`], 1, 3) : []),
    ...some([`open_interest = ${table(caps)}`], 1, 3),
  ];
}

const spotOf = (underlying: string) => (underlying === "BTC" ? 90000 : 3000);

function makeOption({ name, underlying, expiry }: Option): string[] {
  const spot = spotOf(underlying);
  return [
    `[options."${name}"]`,
    `underlying = "${underlying}"`,
    `strike = ${chance(1, 3) ? q(spot * 500, spot * 1800, 3) : q(spot * 0.5, spot * 1.8)}`,
    `expiry = "${expiry}"`,
    `side = "${pick(["call", "put"])}"`,
    `decimals = ${below(4)}`,
  ];
}

function makeMargins(underlying: string): string[] {
  const short = () => {
    const parts = [`base = ${q(0, 300, 3)}`, `floor = ${q(0, 200, 3)}`];
    return table([...parts, ...some([`premium = ${q(0, 2000, 3)}`], 1, 2)]);
  };
  return ["maintenance", "initial"].flatMap((margin) => [
    `[option_margins.${underlying}.${margin}]`,
    `long = ${q(0, 1000, 3)}`,
    `call = ${short()}`,
    `put = ${short()}`,
  ]);
}

function makeRules(names: Names): string {
  const { assets, markets, options, stresses, contingencies } = names;
  const valueDecimals = pick([8, 10, 12, 14]);
  return [
    'name = "random"',
    'source = "made up"',
    'date = "2026-01-01"',
    'exactness = "exact"',
    'quote = "USD"',
    `value_decimals = ${valueDecimals}`,
    ...some([`quote_decimals = ${below(valueDecimals + 1)}`], 1, 3),
    ...some(["cover = false"], 1, 2),
    ...makeScenarios(names),
    ...assets.flatMap(makeAsset),
    ...markets.flatMap(makeMarket),
    ...options.flatMap(makeOption),
    ...[...new Set(options.map(({ underlying }) => underlying))].flatMap(makeMargins),
    ...(chance(1, 3) ? ["[classes.insurance]", 'assets = ["USDC"]', "markets = []"] : []),
    ...some(["[classes.pool]"], 1, 3),
    ...contingencies.flatMap((name) => [
      `[contingencies.${name}]`,
      `maintenance = ${q(1, 20, 1)}`,
      `initial = ${q(1, 2000, 3)}`,
    ]),
    "[policy]",
    'min_coverage = "1"',
    ...some([`bad_debt = { ${pick(stresses)} = "insurance" }`], 1, 3),
    ...some([`coverage = { ${pick(stresses)} = "0.5" }`], 1, 3),
    "",
  ].join("\n");
}

function priceOf(name: string): string {
  if (name === "USDC") return number(98, 102, 2);
  if (name === "DEAD") return "0";
  return name.startsWith("BTC") ? number(8500000, 9500000, 2) : number(280000, 320000, 2);
}

function makeSmile(underlying: string): object {
  const spot = spotOf(underlying);
  const strikes = times(1 + below(4), () => number(spot * 0.4, spot * 2));
  const all = [...new Set([...strikes, String(spot * 0.4), String(spot * 2)])];
  const forward = chance(1, 2) ? { forward: number(spot * 90, spot * 110, 2) } : {};
  return { ...forward, strikes: Object.fromEntries(all.map((at) => [at, number(0, 30000, 4)])) };
}

function makePrices({ assets, markets }: Names, rules: string): string {
  const surface = (underlying: string) => {
    const between = some(EXPIRIES.slice(2), 1, 2);
    const all = ["2026-01-01T00:00:00.25Z", ...between, "2028-01-01T00:00:00Z"];
    const rate = chance(1, 2) ? { rate: number(-200, 2000, 4) } : {};
    return { ...rate, expiries: Object.fromEntries(all.map((at) => [at, makeSmile(underlying)])) };
  };
  const stated = (source: string) => {
    const annual = number(0, 30000, 4);
    return { kind: "realised", annual, window: "30d", source, as_of: AS_OF };
  };
  const open = markets.filter((name) => rules.includes(`[markets.${name}]`));
  return JSON.stringify({
    as_of: AS_OF,
    quote: "USD",
    method: "made up",
    prices: Object.fromEntries([...assets, ...some(markets, 1, 3)].map((name) => [name, priceOf(name)])),
    vols: Object.fromEntries(UNDERLYINGS.map((name) => [name, surface(name)])),
    open_interest: Object.fromEntries(open.map((name) => [name, number(0, 90000, 2)])),
    volatilities: Object.fromEntries(UNDERLYINGS.map((name) => [name, ["a", "b"].map(stated)])),
  });
}

function rowsOf(toml: string, json: string): object | null {
  try {
    const rules = parseRules(toml);
    checkRules(rules);
    const { rows } = compileTable(rules, parsePrices(json));
    return rows.map(({ name, decimals, cap, values }) => {
      return [name, decimals, cap?.toString() ?? null, values.map(String)];
    });
  } catch (error) {
    assert.ok(error instanceof Refused, `${String((error as Error).stack)}\n${toml}\n${json}`);
    return null;
  }
}

test(`${TABLES} random rules make a table or are refused`, () => {
  const cases = times(Number(TABLES), () => {
    const names = makeNames();
    const rules = makeRules(names);
    const prices = makePrices(names, rules);
    return { rules, prices, rows: rowsOf(rules, prices) };
  });
  const taken = cases.filter(({ rows }) => rows).length;
  assert.ok(taken * 4 > cases.length * 3, `${taken} of ${cases.length} make a table`);
  if (file) writeFileSync(file, cases.map((one) => JSON.stringify(one)).join("\n") + "\n");
});
