// Two real attestations, and what the native implementation says of them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { parseAttestation } from "../src/attestation/attestation.ts";
import { compileBook, summarise } from "../src/attestation/book.ts";
import { contextOf, contextWord } from "../src/attestation/context.ts";
import { readOpened } from "../src/attestation/opening/opened.ts";
import { shapeOf } from "../src/circuit/shape.ts";
import { showAmount } from "../src/encoding/decimal.ts";
import { toHex, word } from "../src/encoding/digest.ts";

for (const name of ["sample", "rich"]) {
  const attestation = parseAttestation(readFileSync(`test/native/${name}.attestation.json`));
  const native = JSON.parse(readFileSync(`test/native/${name}.native.json`, "utf8"));
  const { k, pageSize } = attestation.header;
  const shape = shapeOf(k, pageSize);
  const book = compileBook(attestation);
  const { compiled } = book;

  test(`${name}: digest, context and context word are the native ones`, () => {
    const context = contextOf(attestation);
    assert.equal(toHex(attestation.digest), native.digest);
    assert.equal(toHex(context), native.context);
    assert.equal(toHex(word(contextWord(context, 0))), native.word0);
  });

  test(`${name}: the instrument table is the native one, row by row`, () => {
    const rows = compiled.rows.map(({ name, decimals, cap, values }) => [
      name,
      decimals,
      cap?.toString() ?? null,
      values.map(String),
    ]);
    assert.deepEqual(rows, native.rows);
  });

  test(`${name}: figures and policy are the native ones`, () => {
    const { figures, clauses } = summarise(attestation, book, shape);
    const value = (units: bigint) => showAmount(units, compiled.valueDecimals);
    assert.deepEqual(
      figures.scenarios.map((scenario) => ({
        accounts_with_shortfall: Number(scenario.accountsWithShortfall),
        // Left out where accounts can be plain or covered.
        ...(scenario.accountsWithEquity === undefined
          ? {}
          : { accounts_with_equity: Number(scenario.accountsWithEquity) }),
        bad_debt: value(scenario.badDebt),
        name: scenario.name,
        owed: value(scenario.owed),
      })),
      native.figures.scenarios,
    );
    assert.deepEqual(
      figures.assets.map(({ name, decimals, deposits, borrows }) => ({
        borrows: showAmount(borrows, decimals),
        deposits: showAmount(deposits, decimals),
        name,
      })),
      native.figures.assets,
    );
    assert.deepEqual(
      figures.markets.map(({ name, decimals, long, short }) => ({
        long: showAmount(long, decimals),
        name,
        short: showAmount(short, decimals),
      })),
      native.figures.markets,
    );
    assert.deepEqual(
      clauses,
      native.policy.map(({ name, holds, detail, by }: never) => ({ name, holds, detail, by })),
    );
  });

  test(`${name}: every word of the proof is a point or a number`, () => {
    const context = contextWord(contextOf(attestation), 0);
    const { commitment } = readOpened(shape, attestation.volumes[0]!.proof, context, 0);
    commitment.assertValidity();
  });
}
