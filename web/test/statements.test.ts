// Statements that the native implementation made, and small changes of them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { check } from "../src/statement/check.ts";

const read = (name: string) => new Uint8Array(readFileSync(`test/native/${name}.json`));
const attestation = read("rich.attestation");
const key = read("rich.key");

for (const id of ["bob", "cyn"]) {
  const statement = read(`${id}.statement`);

  test(`the native statement of ${id} holds, with the key and without`, () => {
    for (const given of [key, null]) {
      const { outcome, reason, found } = check(attestation, statement, given, id);
      assert.equal(`${outcome} ${reason}`, "holds ");
      assert.equal(found.setup?.state, "insecure");
    }
  });

  test(`no byte of the native statement of ${id} can be changed`, () => {
    const text = new TextDecoder().decode(statement);
    for (let at = 7; at < text.length; at += 131) {
      const other = text[at] === "1" ? "2" : "1";
      const changed = new TextEncoder().encode(text.slice(0, at) + other + text.slice(at + 1));
      assert.notEqual(check(attestation, changed, null, id).outcome, "holds", `byte ${at}`);
    }
  });
}
