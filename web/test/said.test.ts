// What the other rooms say in English is recognised, so that it can be said in every language.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { parseAttestation } from "../src/attestation/attestation.ts";
import { compileBook, summarise } from "../src/attestation/book.ts";
import { unasked } from "../src/attestation/unasked.ts";
import { shapeOf } from "../src/circuit/shape.ts";
import { otherKind, parseWhole } from "../src/encoding/damage.ts";
import { grouped } from "../src/encoding/decimal.ts";
import { check } from "../src/statement/check.ts";
import { isRecognised } from "../src/view/reasons.ts";
import { ALICE_IN_FUND, BOB_IN_FUND, FUND, INSURANCE_IN_FUND } from "./books.ts";
import { forge, keyDigest, keyOf, write } from "./forge.ts";

const read = (path: string) => new Uint8Array(readFileSync(path));
const key = keyOf(987654321n);
const header = { setup: "a ceremony", key: keyDigest(key) };
const counted = [...ALICE_IN_FUND, ...BOB_IN_FUND, ...INSURANCE_IN_FUND];
const fund = { book: FUND, tau: 987654321n, header, holds: ALICE_IN_FUND, counted };
const whole = forge(fund);

test("the clauses of every attestation here, and what they leave open", () => {
  for (const file of [
    read("test/native/rich.attestation.json"),
    read("test/native/sample.attestation.json"),
    write(whole.attestation),
    write(forge().attestation),
  ]) {
    const attestation = parseAttestation(file);
    const book = compileBook(attestation);
    const shape = shapeOf(attestation.header.k, attestation.header.pageSize);
    const { clauses } = summarise(attestation, book, shape, grouped);
    for (const { name, detail } of clauses) assert.ok(isRecognised(detail), `${name}: ${detail}`);
    for (const one of unasked(book.rules)) assert.ok(isRecognised(one), one);
  }
});

test("the steps of a check", () => {
  const cases = [
    check(write(whole.attestation), write(whole.statement), write(key), null, keyDigest(key)),
    check(write(whole.attestation), write(whole.statement), write(key), "alice"),
    check(write(forge().attestation), write(forge().statement), null, null),
    check(read("test/native/rich.attestation.json"), read("test/native/bob.statement.json"), null, null),
  ];
  for (const { steps } of cases) {
    for (const { title, detail } of steps) {
      assert.ok(isRecognised(title), title);
      // Names of scenarios are no words of the page.
      const isNames = /^[\w~-]+(, [\w~-]+)+$/.test(detail);
      assert.ok(detail === "" || isNames || isRecognised(detail), detail);
    }
  }
});

test("why a holder's files could not be checked, or do not hold", () => {
  const { attestation, statement } = whole;
  const [a, s, k] = [write(attestation), write(statement), write(key)];
  const text = new TextDecoder().decode(s);
  const bytes = (text: string) => new TextEncoder().encode(text);
  const other = keyOf(5n);
  const reasons = [
    check(a, bytes(text.slice(0, 400)), k, null),
    check(a, bytes(text.replaceAll("\n", "\r\n")), k, null),
    check(a, bytes(`\ufeff${text}`), k, null),
    check(a, bytes(text.replaceAll("  ", " ")), k, null),
    check(a, bytes(text.replace("v1-draft", "v9")), k, null),
    check(a, a, k, null),
    check(write(forge().attestation), s, null, null),
    check(a, s, null, null),
    check(a, s, k, "bob"),
    check(a, s, k, null, "0x12"),
    check(a, s, k, null, keyDigest(other)),
    check(a, s, write(other), null),
    check(write(forge().attestation), write(forge().statement), null, null, keyDigest(other)),
    check(a, write({ ...statement, account: "mallory" }), k, null),
    check(a, write({ ...statement, page: 30 }), k, null),
    check(a, write({ ...statement, volume: 9 }), k, null),
  ];
  for (const { outcome, reason } of reasons) {
    assert.notEqual(outcome, "holds");
    assert.ok(isRecognised(reason), reason);
  }
});

test("what a file is that the web page does not take", () => {
  for (const start of ["", "pacioli setup", "ptau", "account,", "PAR1", "PK\u0003\u0004", "%PDF", "<", "x"]) {
    const said = otherKind(new TextEncoder().encode(start));
    assert.ok(isRecognised(said), said);
  }
  const gzip = otherKind(new Uint8Array([0x1f, 0x8b, 0x08]));
  assert.ok(isRecognised(gzip), gzip);
  assert.throws(() => parseWhole("statement", "x", write(key)), ({ message }) => isRecognised(message));
});
