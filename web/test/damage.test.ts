// Files that were changed on their way, or are other files: nothing can be checked, and nobody is
// accused.

import assert from "node:assert/strict";
import { test } from "node:test";

import { kindOf, otherKind } from "../src/encoding/damage.ts";
import { check } from "../src/statement/check.ts";
import { forge, keyDigest, keyOf, write } from "./forge.ts";

const text = (file: object) => new TextDecoder().decode(write(file));
const bytes = (text: string) => new TextEncoder().encode(text);
const files = forge();

function damaged(
  kind: "statement" | "attestation",
  edit: (text: string) => string | Uint8Array,
  reason: string | RegExp,
): void {
  const edited = edit(text(files[kind]));
  const given = { ...{ attestation: write(files.attestation), statement: write(files.statement) } };
  given[kind] = typeof edited === "string" ? bytes(edited) : new Uint8Array(edited);
  const got = check(given.attestation, given.statement, null, null);
  assert.equal(got.outcome, "cannot check", got.reason);
  if (typeof reason === "string") assert.equal(got.reason, reason);
  else assert.match(got.reason, reason);
}

for (const kind of ["statement", "attestation"] as const) {
  test(`a damaged ${kind} says what became of it`, () => {
    const ends = `the line ends of the ${kind} were changed on its way; fetch it again`;
    damaged(kind, (text) => text.replaceAll("\n", "\r\n"), ends);
    damaged(kind, (text) => text.replaceAll("\n", "\r"), ends);
    damaged(kind, (text) => `${text}\n`, ends);
    damaged(kind, (text) => text.trimEnd(), ends);
    const mark = `the ${kind} begins with a byte order mark: a program saved it anew on its way; fetch it again`;
    damaged(kind, (text) => `\ufeff${text}`, mark);
    damaged(kind, (text) => Buffer.from(`\ufeff${text}`, "utf16le"), mark);
    const anew =
      /was formatted anew \(byte \d+ differs\): a program saved it anew on its way; fetch it again$/;
    damaged(kind, (text) => text.replace(/^ +/gm, "\t"), anew);
    damaged(kind, (text) => JSON.stringify(JSON.parse(text)), anew);
    damaged(
      kind,
      (text) => text.replace('"version"', '"versio\\u006e"'),
      /is not an attestation|was formatted anew/,
    );
    const cut = /ends in the middle \(line \d+\): it was cut off on its way; fetch it again$/;
    for (const part of [0.1, 0.5, 0.9, 0.999])
      damaged(kind, (text) => text.slice(0, text.length * part), cut);
    damaged(kind, () => "", `the ${kind} is an empty file: nothing of it arrived`);
    damaged(
      kind,
      (text) => text.replace("v1-draft", "v2"),
      /is of version `pacioli \w+ v2`, but this web page reads .*: use the web page for that version/,
    );
    const other = kind === "statement" ? "attestation" : "statement";
    damaged(
      kind,
      () => text(files[other]),
      new RegExp(`^this is an? ${other}, not an? ${kind}: give another file$`),
    );
    damaged(kind, () => "account,instrument,quantity\n", /is a snapshot/);
    damaged(kind, () => "[".repeat(100_000), /not an attestation, a statement or a key/);
  });
}

test("every end of a file that is cut off is called so", () => {
  const whole = text(files.statement);
  for (let end = 60; end < whole.length - 2; end += 37) {
    damaged("statement", () => whole.slice(0, end), /ends in the middle/);
  }
});

test("a file not in the form of its kind is called malformed, and to be fetched again", () => {
  const malformed = (edit: (text: string) => string, what: RegExp) => {
    damaged("statement", edit, what);
    damaged(
      "statement",
      edit,
      /^the statement is malformed: .*; it was changed on its way, or is of another version: fetch it again$/,
    );
  };
  malformed((text) => text.replace('"alice"', '"\\ud800"'), /half a character/);
  malformed((text) => text.replace('"slot": 5', '"slot": 5.0'), /expected a whole number/);
  malformed((text) => text.replace('"slot": 5', '"slot": 05'), /malformed/);
  malformed((text) => text.replace('"slot": 5', '"slot": 5, "slot": 6'), /duplicate key `slot`/);
  malformed((text) => text.replace('"slot": 5', '"slot": 99999999999999999999'), /too large/);
  malformed(
    (text) => text.replace(/"nonce": "0x[0-9a-f]+"/, (s) => s.toUpperCase()),
    /`nonce` is missing or misplaced/,
  );
  malformed((text) => text.replace('  "slot": 5,\n', ""), /`slot` is missing or misplaced/);
  malformed(
    (text) => text.replace('"slot": 5', '"surprise": 5,\n  "slot": 5'),
    /`slot` is missing or misplaced|surprise/,
  );
  damaged("statement", (text) => text.replace('"alice"', '"\\u0061lice"'), /formatted anew/);
  const attestation = (edit: (text: string) => string, what: RegExp) =>
    damaged("attestation", edit, what);
  attestation((text) => text.replace('"200"', '"0200"'), /must be a whole number in quotes/);
  attestation((text) => text.replace("00:00Z", "00:00+00:00"), /is not a UTC time/);
  attestation(
    (text) =>
      text.replace('"BTC": "100",\n      "USDC": "1.00"', '"USDC": "1.00",\n      "BTC": "100"'),
    /`BTC` is out of order/,
  );
  attestation((text) => text.replace('"USDC": "1.00"', '"USDC": "1e2"'), /is not a decimal number/);
  attestation(
    (text) => text.replace(/"program": "0x../, '"program": "0x'),
    /expected 32 bytes, got 31/,
  );
});

test("files are told apart by what they say, however damaged they are", () => {
  for (const kind of ["attestation", "statement"] as const) {
    assert.equal(
      kindOf(bytes(`\ufeff${text(files[kind]).replaceAll("\n", "\r\n").slice(0, 300)}`)),
      kind,
    );
    const sorted = JSON.stringify(Object.fromEntries(Object.entries(files[kind]).reverse()));
    assert.equal(kindOf(bytes(sorted)), kind, "whatever the order of its fields");
  }
  assert.equal(kindOf(write(keyOf(5n))), "key");
  for (const [start, what] of [
    ["account,instrument", /snapshot/],
    ["pacioli setup v1\0", /setup/],
    ["<!doctype html>", /web page/],
    ['{ "as_of": "x", "reserves": [] }', /^reserves, which the attestation already contains$/],
    ['{ "header": {}, "prices": {} }', /not an attestation, a statement or a key/],
    ["", /empty file/],
    ["hello", /not an attestation, a statement or a key/],
  ] as const) {
    assert.equal(kindOf(bytes(start)), undefined);
    assert.match(otherKind(bytes(start)), what);
  }
});

test("prices and certificates are told by their form", () => {
  const prices = '{ "quote": "USD", "prices": { "BTC": "1" } }';
  const certificates = '{"mark": {"crash": "0.5"}}';
  for (const mark of ["", "\ufeff", "\n "]) {
    assert.equal(kindOf(bytes(mark + prices)), "prices");
    assert.equal(kindOf(bytes(mark + certificates)), "certificates");
  }
  assert.equal(kindOf(bytes('{ "prices": {} , "quote": "USD" }')), "prices");
  assert.equal(kindOf(bytes('{"mark": {}, "crash": {"mark": "1"}}')), "certificates");
  assert.equal(kindOf(bytes('{"mark": {"mark": 1}}')), "certificates");
  assert.equal(kindOf(bytes('{"mark": [1]}')), undefined);
  damaged("attestation", () => prices, /^this is a prices file, not an attestation: give another/);
  damaged("statement", () => certificates, /^this is a file of certificates, not a statement/);
});

test("a key that is another, or damaged, accuses nobody either", () => {
  const key = keyOf(987654321n);
  const { attestation, statement } = forge({
    tau: 987654321n,
    header: { setup: "a ceremony", key: keyDigest(key) },
  });
  const judge = (key: Uint8Array) => check(write(attestation), write(statement), key, null);
  const calm = (key: Uint8Array, reason: RegExp) => {
    const { outcome, reason: got } = judge(key);
    assert.equal(outcome, "cannot check", got);
    assert.match(got, reason);
  };
  calm(bytes(text(key).replaceAll("\n", "\r\n")), /the line ends of the key were changed/);
  calm(bytes(text(key).slice(0, 4000)), /ends in the middle/);
  calm(write(statement), /this is a statement, not a key/);
  calm(write(keyOf(5n)), /the key file has the digest 0x.*add the key file that belongs to it/);
  const dented = {
    ...key,
    powers_g1: [...key.powers_g1.slice(0, 9), key.powers_g1[8]!, ...key.powers_g1.slice(10)],
  };
  calm(write(dented), /cannot be used: the key's powers are not powers of its tau; fetch it again/);
});
