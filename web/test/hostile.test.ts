// What a hostile reader found: each of these fails.

import assert from "node:assert/strict";
import { test } from "node:test";

import { compareDecimals, parseDecimal } from "../src/encoding/decimal.ts";
import { parseCertificates } from "../src/repricing/certificate.ts";
import { figuresThere } from "../src/repricing/figures.ts";
import { compileTable } from "../src/rules/compile.ts";
import { parsePrices } from "../src/repricing/prices-file.ts";
import { reprice } from "../src/repricing/values.ts";
import { bookInFund, pricesAt, pricesFile, provedFile, refuses } from "./proved.ts";

test("rounding is below so much at mark: where what was rounded costs more, it may be more", () => {
  const { proved, json } = provedFile("test/native/rich.attestation.json");
  // At most 0.0001 GOLD and 0.000001 USDC: 0.2 EUR in the proof, of 0.3 that are allowed.
  const { rounding } = json.header;
  assert.deepEqual(
    rounding.instruments.map((one: any) => [one.instrument, one.bound]),
    [
      ["deposit GOLD", "0.0001"],
      ["deposit USDC", "0.000001"],
    ],
  );
  const gold = "19999.999999";
  const there = pricesFile("EUR", { ...json.prices.prices, GOLD: gold });
  // 0.0001 times 20,000 is 2.
  assert.ok(compareDecimals(parseDecimal("1.99"), parseDecimal("0.3")) > 0);
  const { clauses } = figuresThere(proved, there);
  const clause = clauses.find(({ name }) => name === "left_out.rounding")!;
  assert.notDeepEqual([clause.standing, clause.restsOn], ["holds", "any_price"]);
});

for (const more of [{ open_interest: { "BTC-PERP": "1000000" } }, { vols: { BTC: "0.5" } }]) {
  test(`prices with ${Object.keys(more)[0]} are not those of the proof, which has none`, () => {
    const { proved, json } = provedFile("test/native/rich.attestation.json");
    const there = figuresThere(proved, parsePrices(JSON.stringify({ ...json.prices, ...more })));
    assert.equal(there.book.ownPrices, false);
  });
}

test("a certificate for a stress that is too coarse is refused for that", () => {
  const certificates = parseCertificates('{"crash": {"crash": "1"}}');
  refuses(
    () => figuresThere(bookInFund(), pricesAt("0.01"), certificates),
    "there is a certificate for `crash`, for which units of value are too coarse at these prices",
  );
});

test("one price that is too small for 400 stresses does not stop the web page for long", () => {
  const { attestation, book } = bookInFund();
  const { rules } = book;
  const stress = rules.scenarios.find(({ kind }) => kind === "stress")!;
  const stresses = Array.from({ length: 400 }, (_, i) => ({ ...stress, name: `s${i}` }));
  const names = Array.from({ length: 150 }, (_, i) => `A${i}`);
  const own = rules.assets.get("BTC")!;
  const assets = new Map([...names, "ZZZ"].map((name) => [name, own] as const));
  const many: typeof rules = {
    ...rules,
    scenarios: [...rules.scenarios, ...stresses],
    assets: new Map([...rules.assets, ...assets]),
  };
  const at = (zzz: string) =>
    pricesFile("USD", {
      BTC: "100",
      USDC: "1",
      ...Object.fromEntries(names.map((name) => [name, "1000.00"])),
      ZZZ: zzz,
    });
  const compiled = compileTable(many, at("1000.00"));
  const totals = compiled.rows.map(({ role }) => ({
    count: 1n,
    quantity: role.kind === "deposit" ? 1n : 0n,
  }));
  assert.ok(compiled.rows.length < 2048);
  const seconds = (zzz: string) => {
    const began = performance.now();
    const { coarse } = reprice(attestation, { rules: many, compiled }, totals as any, at(zzz));
    return [coarse.length, (performance.now() - began) / 1000] as const;
  };
  const fine = seconds("1000.00");
  const coarse = seconds("0.01");
  assert.ok(coarse[1] < 10 * fine[1] + 1, `${coarse}`);
});
