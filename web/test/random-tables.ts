// Random rules and prices with everything that a table follows from, and the tables that the web page
// makes of them, one a line: PACIOLI_TABLES=FILE, and a number of them in TABLES (3,000 by default).
// `random_tables_are_those_of_the_page` of prover/tests compares them with the native tables.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";

import { Refused } from "../src/encoding/refused.ts";
import { parsePrices } from "../src/repricing/prices-file.ts";
import { compileTable } from "../src/rules/compile.ts";
import { parseRules } from "../src/rules/parse.ts";
import { checkRules } from "../src/rules/validate.ts";

let state = BigInt(process.env.SEED ?? "1");

/** A whole number from 0 to `below` - 1. */
function below(below: number): number {
  // Knuth's MMIX: the high bits are good enough here.
  state = BigInt.asUintN(64, state * 6364136223846793005n + 1442695040888963407n);
  return Number((state >> 33n) % BigInt(below));
}

const chance = (one: number, of: number) => below(of) < one;
const pick = <T>(list: readonly T[]): T => list[below(list.length)]!;
const times = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

/** A number of some digits in quotes: from `low` to `high` steps of 10^-decimals. */
function number(low: number, high: number, decimals: number): string {
  const units = low + below(high - low + 1);
  const digits = String(Math.abs(units)).padStart(decimals + 1, "0");
  const sign = units < 0 ? "-" : "";
  return decimals === 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

const AS_OF = "2026-01-01T00:00:00Z";
const EXPIRIES = [
  "2025-12-26T08:00:00Z",
  "2026-01-01T00:00:00.5Z",
  "2026-01-09T08:00:00Z",
  "2026-03-27T08:00:00Z",
  "2026-12-25T08:00:00Z",
  "2027-06-25T08:00:00Z",
];

function makeCase(): { rules: string; prices: string } {
  const valueDecimals = pick([8, 10, 12, 14]);
  const assets = ["BTC", "ETH", "USDC", ...(chance(1, 4) ? ["DEAD"] : [])];
  const markets = ["BTC-PERP", "ETH-PERP"].filter(() => chance(2, 3));
  const optionNames = times(below(5), (i) => `OPT-${i}`);
  const optionExpiries = optionNames.map(() => pick(EXPIRIES));
  const underlyings = ["BTC", "ETH"];
  const optionUnderlyings = optionNames.map(() => pick(underlyings));
  const lines: string[] = [
    'name = "random"',
    'source = "made up"',
    'date = "2026-01-01"',
    'exactness = "exact"',
    'quote = "USD"',
    `value_decimals = ${valueDecimals}`,
    ...(chance(1, 3) ? [`quote_decimals = ${below(valueDecimals + 1)}`] : []),
    ...(chance(1, 2) ? ["cover = false"] : []),
  ];
  const move = () => `"${number(-1000, 2000, 3)}"`;
  const moves = (isConstraint: boolean) => {
    const some = underlyings.filter(() => chance(1, 3)).map((name) => `${name} = ${move()}`);
    const expiries = [...new Set(optionExpiries)].filter(() => chance(1, 3)).map((expiry) => {
      const parts = [`move = ${move()}`, `vol_move = "${number(-1000, 2000, 3)}"`];
      if (isConstraint) parts.push(`discount = "${number(0, 1000000, 6)}"`, `weight = "${number(1, 20, 1)}"`);
      const kept = parts.filter(() => chance(1, 2));
      return `"${expiry}" = { ${(kept.length > 0 ? kept : [parts[0]!]).join(", ")} }`;
    });
    return [
      `default_move = ${move()}`,
      ...(some.length > 0 ? [`moves = { ${some.join(", ")} }`] : []),
      ...(optionNames.length > 0 && chance(1, 2) ? [`vol_move = "${number(-1000, 2000, 3)}"`] : []),
      ...(expiries.length > 0 ? [`expiries = { ${expiries.join(", ")} }`] : []),
    ];
  };
  const scenario = (name: string, kind: string, ...more: string[]) => {
    lines.push("[[scenarios]]", `name = "${name}"`, `kind = "${kind}"`, ...more);
  };
  scenario("mark", "mark");
  scenario("maintenance", "margin", 'margin = "maintenance"');
  if (chance(1, 2)) scenario("initial", "margin", 'margin = "initial"');
  if (chance(1, 4)) scenario("credit", "credit", 'margin = "maintenance"');
  const stresses = times(1 + below(3), (i) => `stress-${i}`);
  for (const name of stresses) scenario(name, "stress", ...moves(false));
  const contingencies = chance(1, 2) ? ["scan", ...(chance(1, 3) ? ["naked"] : [])] : [];
  const gaining = [
    ...assets.flatMap((name) => [`deposit ${name}`, ...(chance(1, 9) ? [`borrow ${name}`] : [])]),
    ...[...markets, ...optionNames].flatMap((name) => [`long ${name}`, `short ${name}`]),
  ];
  for (const contingency of contingencies) {
    times(1 + below(4), (i) => {
      const own = `contingency = "${contingency}"`;
      const name = `${contingency}-${i}`;
      const only = [...assets, ...markets, ...optionNames].filter(() => chance(1, 2));
      const form = below(3);
      if (form === 0) {
        const more = [
          ...(chance(1, 3) ? [`weight = "${number(1, 300, 2)}"`] : []),
          ...(chance(1, 3) ? [`only = [${only.map((one) => `"${one}"`).join(", ")}]`] : []),
        ];
        scenario(name, "constraint", own, ...moves(true), ...more);
      } else if (form === 1) {
        const named = gaining.filter(() => chance(1, 3));
        const rates = (named.length > 0 ? named : [gaining[0]!]).map((one) => {
          return `"${one}" = "${number(-100000, chance(1, 20) ? 100000 : 0, 6)}"`;
        });
        const of = pick(["", 'rates_of = "price"', 'rates_of = "underlying"']);
        scenario(name, "constraint", own, `rates = { ${rates.join(", ")} }`, of);
      } else {
        const delta = `{ underlying = "${pick(underlyings)}", net = "${number(-200000, 200000, 6)}", gross = "${number(0, 100000, 6)}" }`;
        scenario(name, "constraint", own, `delta = ${delta}`);
      }
    });
  }
  const rate = (low: number, high: number, asset: string): string => {
    if (chance(3, 4)) return `"${number(low, high, 4)}"`;
    const source = chance(1, 3) ? `volatility = "${pick(underlyings)}", ` : asset === "USDC" || asset === "DEAD" ? 'volatility = "BTC", ' : "";
    return `{ ${source}multiple = "${number(1, 60, 1)}", horizon = "${pick(["1d", "8h", "36h"])}", floor = "0.01", ceiling = "${number(20, 100, 2)}", step = "0.00${1 + below(9)}" }`;
  };
  /** Tiers whose numbers only rise or only fall. */
  const tiers = (asset: string, isMargin: boolean): string => {
    const count = 1 + below(4);
    const ends = [...new Set(times(count - 1, () => 1 + below(2000)))].sort((a, b) => a - b);
    const by = pick(["up_to", "up_to_value"]);
    const size = by === "up_to" ? 1 : pick([1, 1000, 100000]);
    const sorted = () => {
      const all = times(ends.length + 1, () => below(10001)).sort((a, b) => (isMargin ? a - b : b - a));
      return all.map((one) => `"${String(one).padStart(5, "0").replace(/^(.)(.*)$/, "$1.$2")}"`);
    };
    const [maintenance, initial] = [sorted(), sorted()];
    // One rate that follows a volatility is in order by itself.
    const alone = ends.length === 0 && chance(1, 2) ? [rate(0, 10000, asset), rate(0, 10000, asset)] : undefined;
    return times(ends.length + 1, (i) => {
      const end = i < ends.length ? `${by} = "${ends[i]! * size}", ` : "";
      return `{ ${end}maintenance = ${alone?.[0] ?? maintenance[i]}, initial = ${alone?.[1] ?? initial[i]} }`;
    }).join(", ");
  };
  for (const name of assets) {
    lines.push(`[assets.${name}]`, `decimals = ${below(7)}`);
    if (name === "USDC" || chance(1, 6)) lines.push("shocked = false");
    lines.push(`tiers = [${tiers(name, false)}]`);
    if (chance(1, 4)) lines.push("borrow = false");
    else if (chance(1, 2)) lines.push(`borrow_maintenance = "1.${number(0, 99, 0)}"`, `borrow_initial = "1.25"`);
  }
  const open: string[] = [];
  for (const name of markets) {
    const underlying = name.slice(0, 3);
    const own = tiers(underlying, true);
    lines.push(`[markets.${name}]`, `underlying = "${underlying}"`, `decimals = ${below(5)}`, `tiers = [${own}]`);
    if (own.includes("up_to_value") && chance(1, 3)) lines.push(`tiers_in = "${pick(["BTC", "ETH", "USD"])}"`);
    if (chance(1, 3)) {
      lines.push(`open_interest = { lower = "${number(0, 100000, 0)}", upper = "${number(1000010, 9000000, 1)}" }`);
      open.push(`"${name}": "${number(0, 90000, 2)}"`);
    }
  }
  optionNames.forEach((name, i) => {
    const spot = optionUnderlyings[i] === "BTC" ? 90000 : 3000;
    const strike = number(Math.floor(spot * 0.5), Math.floor(spot * 1.8), 0) + (chance(1, 3) ? `.${1 + below(999)}` : "");
    lines.push(
      `[options."${name}"]`,
      `underlying = "${optionUnderlyings[i]}"`,
      `strike = "${strike}"`,
      `expiry = "${optionExpiries[i]}"`,
      `side = "${pick(["call", "put"])}"`,
      `decimals = ${below(4)}`,
    );
  });
  for (const underlying of new Set(optionUnderlyings)) {
    for (const margin of ["maintenance", "initial"]) {
      const short = () =>
        `{ base = "${number(0, 300, 3)}", floor = "${number(0, 200, 3)}"${chance(1, 2) ? `, premium = "${number(0, 2000, 3)}"` : ""} }`;
      lines.push(
        `[option_margins.${underlying}.${margin}]`,
        `long = "${number(0, 1000, 3)}"`,
        `call = ${short()}`,
        `put = ${short()}`,
      );
    }
  }
  if (chance(1, 3)) lines.push("[classes.insurance]", 'assets = ["USDC"]', "markets = []");
  if (chance(1, 3)) lines.push("[classes.pool]");
  for (const name of contingencies) {
    lines.push(`[contingencies.${name}]`, `maintenance = "${number(1, 20, 1)}"`, `initial = "${number(1, 2000, 3)}"`);
  }
  lines.push("[policy]", 'min_coverage = "1"');
  if (chance(1, 3)) lines.push(`bad_debt = { ${pick(stresses)} = "insurance" }`);
  if (chance(1, 3)) lines.push(`coverage = { ${pick(stresses)} = "0.5" }`);

  const spot = (name: string) => {
    if (name === "USDC") return number(98, 102, 2);
    if (name === "DEAD") return "0";
    return name.startsWith("BTC") ? number(8500000, 9500000, 2) : number(280000, 320000, 2);
  };
  const priced = [...assets, ...markets.filter(() => chance(1, 3))].sort();
  const smile = (name: string) => {
    const of = name === "BTC" ? 90000 : 3000;
    const strikes = times(1 + below(4), () => number(Math.floor(of * 0.4), Math.floor(of * 2), 0));
    const all = [...new Set([...strikes, String(of * 0.4), String(of * 2)])].sort();
    const forward = chance(1, 2) ? `"forward": "${number(Math.floor(of * 90), Math.floor(of * 110), 2)}", ` : "";
    return `{ ${forward}"strikes": { ${all.map((one) => `"${one}": "${number(0, 30000, 4)}"`).join(", ")} } }`;
  };
  const surfaces = underlyings.map((name) => {
    const expiries = ["2026-01-01T00:00:00.25Z", ...EXPIRIES.slice(2).filter(() => chance(1, 2)), "2028-01-01T00:00:00Z"];
    const discount = chance(1, 2) ? `"rate": "${number(-200, 2000, 4)}", ` : "";
    return `"${name}": { ${discount}"expiries": { ${expiries.map((at) => `"${at}": ${smile(name)}`).join(", ")} } }`;
  });
  const stated = underlyings.map((name) => {
    const one = (source: string) =>
      `{ "kind": "realised", "annual": "${number(0, 30000, 4)}", "window": "30d", "source": "${source}", "as_of": "${AS_OF}" }`;
    return `"${name}": [${one("a")}, ${one("b")}]`;
  });
  const prices = [
    `{ "as_of": "${AS_OF}", "quote": "USD", "method": "made up"`,
    `"prices": { ${priced.map((name) => `"${name}": "${spot(name)}"`).join(", ")} }`,
    `"vols": { ${surfaces.join(", ")} }`,
    ...(open.length > 0 ? [`"open_interest": { ${open.join(", ")} }`] : []),
    `"volatilities": { ${stated.join(", ")} } }`,
  ];
  return { rules: lines.join("\n") + "\n", prices: prices.join(", ") };
}

function rowsOf({ rules: toml, prices: json }: { rules: string; prices: string }): object | null {
  try {
    const rules = parseRules(toml);
    checkRules(rules);
    const { rows } = compileTable(rules, parsePrices(json));
    return rows.map(({ name, decimals, cap, values }) => {
      return [name, decimals, cap?.toString() ?? null, values.map(String)];
    });
  } catch (error) {
    assert.ok(error instanceof Refused, `${String((error as Error).stack)}\n${toml}\n${json}`);
    why.set(error.message.replace(/[0-9.`-]+/g, "#").slice(0, 60), (why.get(error.message.replace(/[0-9.`-]+/g, "#").slice(0, 60)) ?? 0) + 1);
    return null;
  }
}

const why = new Map<string, number>();
const started = performance.now();
const cases = times(Number(process.env.TABLES ?? "3000"), () => {
  const made = makeCase();
  return { ...made, rows: rowsOf(made) };
});
writeFileSync(process.env.PACIOLI_TABLES!, cases.map((one) => JSON.stringify(one)).join("\n") + "\n");
const taken = cases.filter(({ rows }) => rows).length;
console.log(`${cases.length} tables in ${Math.round(performance.now() - started)} ms, ${cases.length - taken} refused`);
if (process.env.WHY) console.log(why);
