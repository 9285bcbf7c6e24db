// A venue of options with portfolio margin: its attestation and statements, which the native
// implementation made, and what that says of them (tests/all/page_options.rs).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { parseAttestation } from "../src/attestation/attestation.ts";
import { compileBook, summarise } from "../src/attestation/book.ts";
import { contextOf, contextWord } from "../src/attestation/context.ts";
import { shapeOf } from "../src/circuit/shape.ts";
import { showAmount } from "../src/encoding/decimal.ts";
import { toHex, word } from "../src/encoding/digest.ts";
import { insecureSetup } from "../src/attestation/setup.ts";
import { verifyProofs } from "../src/proof/verify.ts";
import { figuresThere } from "../src/repricing/figures.ts";
import { parsePrices, typedPrices } from "../src/repricing/prices-file.ts";
import { check } from "../src/statement/check.ts";
import { provedFile, refuses } from "./proved.ts";

const folder = "../tests/vectors/options";
const read = (name: string) => new Uint8Array(readFileSync(`${folder}/${name}.json`));
const says = JSON.parse(readFileSync(`${folder}/says.json`, "utf8"));
const attestation = parseAttestation(read("attestation"));
const book = compileBook(attestation);
const { compiled } = book;

test("digest and context are the native ones, volatilities included", () => {
  assert.equal(toHex(attestation.digest), says.digest);
  assert.equal(toHex(contextOf(attestation)), says.context);
  assert.equal(toHex(word(contextWord(contextOf(attestation), 0))), says.word0);
  assert.equal(says.program, null, "no contract reads rules with options");
});

test("the instrument table is the native one, row by row", () => {
  const rows = compiled.rows.map(({ name, decimals, cap, values }) => {
    return [name, decimals, cap?.toString() ?? null, values.map(String)];
  });
  assert.deepEqual(rows, says.rows);
});

test("figures, greeks and policy are the native ones", () => {
  const { k, pageSize } = attestation.header;
  const { figures, clauses } = summarise(attestation, book, shapeOf(k, pageSize));
  const value = (units: bigint) => showAmount(units, compiled.valueDecimals);
  assert.deepEqual(
    figures.scenarios.map(({ name, owed, badDebt }) => [name, value(owed), value(badDebt)]),
    says.figures.scenarios.map((one: any) => [one.name, one.owed, one.bad_debt]),
  );
  assert.deepEqual(
    figures.markets.map(({ name, decimals, long, short }) => {
      return { name, long: showAmount(long, decimals), short: showAmount(short, decimals) };
    }),
    says.figures.markets,
  );
  assert.deepEqual(
    figures.contingencies.map(({ name, decimals, required }) => [name, showAmount(required, decimals)]),
    says.figures.contingencies.map((one: any) => [one.name, one.required]),
  );
  const exposure = ({ delta, gamma, vega }: (typeof figures.options)[0]["long"]) => {
    const [d, g, v] = [delta, gamma!, vega].map((one) => showAmount(one.mantissa, one.scale));
    return { delta: d, gamma: g, vega: v };
  };
  assert.deepEqual(
    figures.options.map(({ underlying, long, short, net }) => {
      return { underlying, long: exposure(long), short: exposure(short), net: exposure(net) };
    }),
    says.figures.options,
  );
  assert.deepEqual(
    clauses,
    says.policy.map(({ name, holds, detail, by }: any) => ({ name, holds, detail, by })),
  );
});

for (const id of ["ann", "bob", "cyn", "eve", "maker"]) {
  test(`the statement of ${id} holds, and under no other id`, () => {
    for (const key of [read("key"), null]) {
      const { outcome, reason } = check(read("attestation"), read(id), key, id);
      assert.equal(outcome, "holds", reason);
    }
    assert.equal(check(read("attestation"), read(id), null, "dan").outcome, "refused");
  });
}

test("its proof holds over the table that was computed here", async () => {
  const { header } = attestation;
  await verifyProofs(attestation, insecureSetup(header.pageSize), () => {});
});

test("options that have expired since the proof have no value at other prices", () => {
  const { proved, json } = provedFile(`${folder}/attestation.json`);
  const at = (as_of: string) => figuresThere(proved, parsePrices(JSON.stringify({ ...json.prices, as_of })));
  refuses(
    () => at("2026-01-30T08:00:00Z"),
    "the book holds options `BTC-30JAN26-80000-C`, which have expired at the time of the other " +
      "prices: what they settled at does not follow from prices of today",
  );
  assert.equal(at("2026-01-30T07:59:59Z").book.ownPrices, false);
  assert.equal(figuresThere(proved, attestation.prices).book.ownPrices, true);
  const typed = typedPrices(attestation.prices, new Map([["BTC", "80000"]]));
  assert.equal(figuresThere(proved, typed).book.ownPrices, false);
});
