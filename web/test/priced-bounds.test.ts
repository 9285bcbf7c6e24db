// Tiers that end at values, and initial rates that rise with open interest: the native compiler's
// tables, and a book with more open interest than its prices state.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { type Attestation, parseAttestation } from "../src/attestation/attestation.ts";
import { compileBook, summarise } from "../src/attestation/book.ts";
import { contextOf } from "../src/attestation/context.ts";
import { shapeOf } from "../src/circuit/shape.ts";
import { Fields } from "../src/encoding/canonical.ts";
import { toHex } from "../src/encoding/digest.ts";
import { type Json, parseJson } from "../src/encoding/json.ts";
import { Refused } from "../src/encoding/refused.ts";
import { readPrices } from "../src/rules/prices.ts";
import { compileChanged } from "./changes.ts";

interface Change {
  from: string;
  to: string;
  price_from: string;
  price_to: string;
  rows: [name: string, cap: string | null, values: string[]][] | null;
}

const folder = "../rules/tests/books/priced_bounds";

function rows(change: Change): Change["rows"] {
  try {
    const { rows } = compileChanged("priced_bounds", change).compiled;
    return rows.map(({ name, cap, values }) => [name, cap?.toString() ?? null, values.map(String)]);
  } catch (error) {
    assert.ok(error instanceof Refused, `${String(error)}`);
    return null;
  }
}

const changes: Change[] = JSON.parse(readFileSync("test/native/priced_bounds.json", "utf8"));

test(`${changes.length} changes make the native compiler's tables, or none`, () => {
  assert.ok(changes.some((change) => change.rows) && changes.some((change) => !change.rows));
  for (const change of changes) {
    assert.deepEqual(rows(change), change.rows, JSON.stringify({ ...change, rows: undefined }));
  }
});

test("open interest is left out of prices rather than empty", () => {
  const json = parseJson(readFileSync(`${folder}/prices.json`, "utf8")) as Map<string, Json>;
  json.set("open_interest", new Map());
  assert.throws(
    () => readPrices(new Fields("prices", json)),
    (error) =>
      error instanceof Refused &&
      error.message === "prices.open_interest is empty: it must be left out instead",
  );
});

const books = "../tests/vectors/open_interest";

function summarised(attestation: Attestation): ReturnType<typeof summarise> {
  const { k, pageSize } = attestation.header;
  return summarise(attestation, compileBook(attestation), shapeOf(k, pageSize));
}

for (const name of ["stated", "understated"]) {
  test(`${name}: digest and context are the native ones`, () => {
    const attestation = parseAttestation(readFileSync(`${books}/${name}.json`));
    const native = JSON.parse(readFileSync(`${books}/${name}.says.json`, "utf8"));
    assert.equal(toHex(attestation.digest), native.digest);
    assert.equal(toHex(contextOf(attestation)), native.context);
  });
}

test("a book may have as much open as the prices state", () => {
  const { figures } = summarised(parseAttestation(readFileSync(`${books}/stated.json`)));
  assert.deepEqual(figures.markets, [{ name: "ADA-USD", decimals: 2, long: 251n, short: 251n }]);
});

test("a book with more open than the prices state is refused", () => {
  const attestation = parseAttestation(readFileSync(`${books}/understated.json`));
  const expected =
    "the prices state an open interest of 2.509 in ADA-USD, and the longs of the book are 2.51: " +
    "initial margin would be too low";
  assert.throws(
    () => summarised(attestation),
    (error) => error instanceof Refused && error.message === expected,
  );
});
