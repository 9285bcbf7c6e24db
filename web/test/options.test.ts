// Options, which a model values to the unit: as the native implementation has them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { figuresOf } from "../src/attestation/figures.ts";
import { parseDecimal, showAmount, showDecimal } from "../src/encoding/decimal.ts";
import { type Fraction, fraction, times } from "../src/encoding/fraction.ts";
import { Refused } from "../src/encoding/refused.ts";
import { typedPrices } from "../src/repricing/prices-file.ts";
import { Black } from "../src/rules/black76/black.ts";
import { greeksOf } from "../src/rules/black76/greeks.ts";
import { isBalanced } from "../src/rules/table.ts";
import { type Change, compileChanged } from "./changes.ts";
import { refuses } from "./proved.ts";

const VECTORS = "../prover/tests/all/options";
const BOOK = "../rules/tests/books/options";
const YEAR = 31_536_000n;

test("every value and greek is that of an independent computation", () => {
  const lines = readFileSync(`${VECTORS}/black.csv`, "utf8").trim().split("\n");
  assert.ok(lines.length > 500);
  for (const line of lines.slice(1)) {
    const cells = line.split(",");
    const [forward, strike, sigma, rate] = [0, 1, 2, 4].map((i) => fraction(parseDecimal(cells[i]!)));
    const time: Fraction = { over: BigInt(cells[3]!), under: YEAR };
    const variance = times(times(sigma!, sigma!), time);
    const black = Black.of("it", forward!, strike!, variance, times(rate!, time));
    const values = (["call", "put"] as const).map((side) => black.value(side, Number(cells[5])));
    const [call, put] = (["call", "put"] as const).map((side) => greeksOf(black, side, time));
    const got = [...values, call!.delta, put!.delta, call!.gamma ?? "", call!.vega];
    assert.deepEqual(got.map(String), cells.slice(6), line);
  }
});

test("numbers that the model is not computed for are refused", () => {
  const of = (...numbers: [string, string, string, string]) => {
    const [forward, strike, variance, rate] = numbers.map((text) => fraction(parseDecimal(text)));
    return () => Black.of("it", forward!, strike!, variance!, rate!);
  };
  of("0", "1", "256", "-32")();
  refuses(of("-0.5", "1", "1", "0"), /negative/);
  refuses(of("1", "-1", "1", "0"), /negative/);
  refuses(of("1", "1", "-1", "0"), "it: the total variance is not from 0 to 256");
  refuses(of("1", "1", "256.1", "0"), "it: the total variance is not from 0 to 256");
  refuses(of("1", "1", "1", "32.1"), "it: rate times time is not from -32 to 32");
  refuses(of("1", "1", "1", "-32.1"), "it: rate times time is not from -32 to 32");
});

test("a tiny variance takes more bits, and a vanishing time value none", () => {
  const one = { over: 1n, under: 1n };
  const tiny = Black.of("it", one, one, { over: 1n, under: 10n ** 80n }, { over: 0n, under: 1n });
  assert.equal(tiny.value("call", 44), 3989n);
  const [high, low] = [110n, 100n].map((over) => ({ over, under: 1n }));
  const vanishing = { over: 1n, under: 10n ** 17n };
  const sure = Black.of("it", high!, low!, vanishing, { over: 0n, under: 1n });
  assert.deepEqual([sure.value("call", 16), sure.value("put", 16)], [10n ** 17n, 0n]);
});

test("the greeks of a book follow from its totals", () => {
  const { compiled } = compileChanged("options", {});
  const totals = compiled.rows.map(({ name }) => {
    const quantity = {
      "long BTC-YEAR-100-C": 300n,
      "short BTC-YEAR-100-C": 100n,
      "short BTC-JUN-110-P": 100n,
      "long BTC-OLD-90-C": 50n,
      "short BTC-OLD-90-C": 50n,
    }[name];
    return { count: quantity ? 1n : 0n, quantity: quantity ?? 0n };
  });
  const { options, markets } = figuresOf(compiled, totals);
  const names = ["BTC-JUN-110-P", "BTC-OLD-90-C", "BTC-PERP", "BTC-YEAR-100-C"];
  assert.deepEqual(markets.map(({ name }) => name), names, "markets and options by name");
  const [{ underlying, long, short, net }] = options as [(typeof options)[0]];
  assert.equal(underlying, "BTC");
  const text = ({ delta, gamma, vega }: typeof long) =>
    [delta, gamma!, vega].map(({ mantissa, scale }) => showAmount(mantissa, scale));
  // As in prover/tests/all/options/table.rs, by mpmath.
  assert.deepEqual(text(long), ["2.119483511831", "0.059542882121551764", "119.08576425"]);
  assert.deepEqual(text(short), ["-0.312664528002", "-0.043382119195073816", "-63.16526851"]);
  assert.deepEqual(text(net), ["1.806818983829", "0.016160762926477948", "55.92049574"]);
});

test("a long option can be plain, and a long of a market cannot", () => {
  const { compiled } = compileChanged("options", {}, "");
  const forms = compiled.rows.flatMap(({ name, role }) => (role.kind === "plain" ? [name] : []));
  assert.deepEqual(forms, [
    "plain deposit USDC",
    "plain long BTC-JUN-110-P",
    "plain long BTC-OLD-90-C",
    "plain long BTC-YEAR-100-C",
    "plain quote credit",
  ]);
  const reported = compiled.scenarios.filter(isBalanced).map(({ name }) => name);
  assert.deepEqual(reported, ["mark", "maintenance", "crash"]);
});

test("forwards move with a typed price", () => {
  const prices = JSON.parse(readFileSync(`${BOOK}/prices.json`, "utf8"));
  prices.vols.BTC.expiries["2027-01-01T00:00:00Z"].forward = "105";
  const own = compileChanged("options", { prices }).prices;
  const forward = (text: string) => {
    const { vols } = typedPrices(own, new Map([["BTC", text]]));
    return showDecimal(vols.get("BTC")!.expiries.get("2027-01-01T00:00:00Z")!.forward!);
  };
  assert.equal(forward("100.0"), "105");
  assert.equal(forward("90"), "94.500000000000");
  assert.equal(forward("0"), "0.000000000000");
});

interface Listed extends Change {
  rows: [name: string, decimals: number, cap: string | null, values: string[]][] | null;
}

function rows(change: Change): Listed["rows"] {
  try {
    const { rows } = compileChanged("options", change).compiled;
    return rows.map(({ name, decimals, cap, values }) => {
      return [name, decimals, cap?.toString() ?? null, values.map(String)];
    });
  } catch (error) {
    assert.ok(error instanceof Refused, `${String(error)}`);
    return null;
  }
}

const changes: Listed[] = JSON.parse(readFileSync("test/native/options.json", "utf8"));

test(`${changes.length} changes of a book's options make the native tables, or none`, () => {
  assert.ok(changes.some(({ rows }) => rows) && changes.some(({ rows }) => !rows));
  for (const change of changes) {
    assert.deepEqual(rows(change), change.rows, JSON.stringify({ ...change, rows: undefined }));
  }
});
