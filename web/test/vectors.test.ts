// The shared vectors: what the native checker accepts and refuses, this one does too.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { CannotCheck, Refused } from "../src/encoding/refused.ts";
import { verifyProofs } from "../src/proof/verify.ts";
import { check } from "../src/statement/check.ts";

interface Case {
  attestation: string;
  statement: string;
  id: string | null;
  name: string;
  holds: boolean;
  error: string | null;
}

const read = (folder: string, name: string) =>
  new Uint8Array(readFileSync(`../tests/vectors/${folder}/${name}`));

// A wrong file, or one that was changed on its way, accuses nobody.
const WRONG_FILE = ["another-attestation", "not-canonical"];

/** The verdict on a statement, the proofs of its attestation included. */
async function verdictOf(...given: Parameters<typeof check>) {
  const { outcome, reason, found } = check(...given);
  if (outcome !== "holds") return { outcome, reason };
  try {
    await verifyProofs(found.attestation!, found.setup!, () => {});
    return { outcome, reason };
  } catch (error) {
    assert.ok(error instanceof Refused || error instanceof CannotCheck, String(error));
    const outcome = error instanceof Refused ? ("refused" as const) : ("cannot check" as const);
    return { outcome, reason: error.message };
  }
}

for (const folder of ["statements", "forms"]) {
  const cases: Case[] = JSON.parse(new TextDecoder().decode(read(folder, "cases.json")));
  const key = read(folder, "key.json");

  for (const one of cases) {
    test(`the vector ${one.name} of ${folder} ${one.holds ? "holds" : "is refused"}`, async () => {
      const [attestation, statement] = [read(folder, one.attestation), read(folder, one.statement)];
      for (const given of [key, null]) {
        const { outcome, reason } = await verdictOf(attestation, statement, given, one.id);
        const expected = one.holds
          ? "holds"
          : WRONG_FILE.includes(one.name)
            ? "cannot check"
            : "refused";
        assert.equal(outcome, expected, `${reason} (native: ${one.error})`);
      }
    });
  }

  test(`there are good vectors and bad ones of ${folder}`, () => {
    assert.ok(cases.some((one) => one.holds));
    assert.ok(cases.filter((one) => !one.holds).length >= (folder === "statements" ? 15 : 5));
  });
}

for (const name of ["spread", "fund"]) {
  test(`the statement of ${name}, with portfolio margin and classes, holds`, async () => {
    const file = (name: string) =>
      new Uint8Array(readFileSync(`../tests/vectors/portfolio/${name}.json`));
    for (const given of [file("key"), null]) {
      const { outcome, reason } = await verdictOf(file("attestation"), file(name), given, name);
      assert.equal(outcome, "holds", reason);
    }
    const { outcome } = check(file("attestation"), file(name), null, "cash");
    assert.equal(outcome, "refused");
  });
}
