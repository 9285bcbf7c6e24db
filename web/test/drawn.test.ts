// Drawn times: what the native verifier draws or refuses, of the same bytes.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { parseAttestation } from "../src/attestation/attestation.ts";
import { contextOf } from "../src/attestation/context.ts";
import { checkDrawn, drawAgain, drawnDigest, secondOf } from "../src/attestation/drawn/drawn.ts";
import { KEY, isSigned } from "../src/attestation/drawn/quicknet.ts";
import { evaluatePolicy } from "../src/attestation/policy.ts";
import { fromHex, toHex, utf8 } from "../src/encoding/digest.ts";
import { CannotCheck, Refused } from "../src/encoding/refused.ts";
import { parseRules } from "../src/rules/parse.ts";
import type { DrawSource, DrawnTime } from "../src/rules/schema.ts";
import { check } from "../src/statement/check.ts";
import { forge, write } from "./forge.ts";

const native = JSON.parse(readFileSync("test/native/drawn.json", "utf8"));
const bytes = (digits: string) => fromHex(digits.slice(2));

/** The second, or null where nothing is drawn. */
function drawn(from: DrawSource, day: string, evidence: Uint8Array[], key?: Uint8Array) {
  try {
    return drawAgain({ from, day, evidence }, key).second;
  } catch (error) {
    assert.ok(error instanceof Refused, String(error));
    return null;
  }
}

test("blocks draw the second that they draw natively, or nothing", () => {
  for (const { name, day, parent, block, digest, second } of native.blocks) {
    const evidence = [bytes(parent), bytes(block)];
    assert.equal(drawn("eip155:1", day, evidence), second, name);
    assert.equal(toHex(drawnDigest({ from: "eip155:1", day, evidence })), digest, name);
  }
  const seconds = native.blocks.map(({ second }: { second: string | null }) => second);
  assert.equal(seconds.filter((second: string | null) => second !== null).length, 7);
});

test("rounds draw the second that they draw natively, or nothing", () => {
  for (const { name, day, key, signature, second } of native.rounds) {
    const evidence = [bytes(signature)];
    assert.equal(drawn("drand:quicknet", day, evidence, bytes(key)), second, name);
  }
  const seconds = native.rounds.map(({ second }: { second: string | null }) => second);
  assert.equal(seconds.filter((second: string | null) => second !== null).length, 2);
});

test("a published round is signed by the network, and another is not", () => {
  const { round, signature } = native.real;
  assert.ok(isSigned(BigInt(round), bytes(signature), KEY));
  assert.ok(!isSigned(BigInt(round) + 1n, bytes(signature), KEY));
  for (const wrong of [new Uint8Array(), new Uint8Array(48), bytes(signature).subarray(1)]) {
    assert.ok(!isSigned(BigInt(round), wrong, KEY));
  }
});

test("the second of a day is that of the native verifier", () => {
  assert.equal(secondOf("2026-11-26", new Uint8Array(32).fill(1)), "2026-11-26T20:30:32Z");
});

test("an attestation with a drawn time is read, bound and judged", () => {
  const attestation = parseAttestation(utf8(native.attestation));
  const { header } = attestation;
  assert.equal(toHex(contextOf(attestation)), native.context);
  assert.equal(header.asOf, native.second);
  const draw = checkDrawn(header.drawn!, header.asOf);
  const { drawn: asked } = parseRules(attestation.rules).policy;
  assert.deepEqual(asked, { from: "eip155:1", missedDays: 2n });
  const judged = (asked: DrawnTime, from = header, reserves?: { asOf: string }) => {
    const policy = { coverage: new Map(), badDebt: new Map(), drawn: asked };
    const given = {
      ...{ compiled: { assets: [] }, header: from, draw: from.drawn && draw, reserves },
      refused: new Map(),
    };
    const clauses = evaluatePolicy(policy as never, given as never);
    const clause = reserves ? clauses[1] : clauses[0];
    return `${clause!.name} ${clause!.holds} ${clause!.by} ${clause!.detail}`;
  };
  assert.match(judged(asked!), /^drawn true W .* is the second of 2026-11-26 drawn from eip155:1/);
  const other = judged({ from: "drand:quicknet", missedDays: 0n });
  assert.match(other, /^drawn false R .*has to be drawn from drand:quicknet$/);
  assert.match(judged(asked!, { ...header, drawn: undefined }), /^drawn false R .* was not drawn$/);
  for (const [asOf, holds] of [
    ["2026-11-25T00:00:00Z", true],
    ["2026-11-26T23:59:59.999Z", true],
    ["2026-11-27T00:00:00Z", false],
  ] as const) {
    assert.ok(judged(asked!, header, { asOf }).startsWith(`drawn.reserves ${holds} W reserves of`));
  }

  for (const [asOf, reason] of [
    ["2026-11-26T00:00:00Z", /the second drawn from block 23880001, 0x.* is 2026-11-26T/],
    [native.second.replace("Z", ".5Z"), /the second drawn from block/],
    ["2026-11-27T00:00:00Z", /it is of 2026-11-26, and the snapshot of 2026-11-27T/],
  ]) {
    assert.throws(
      () => checkDrawn(header.drawn!, asOf),
      (error) => error instanceof Refused && reason.test(error.message),
    );
  }
  for (const [from, to] of [
    ['"from": "eip155:1"', '"from": "eip155:10"'],
    ['"day": "2026-11-26"', '"day": "2026-11-31"'],
    ['"day": "2026-11-26"', '"day": "9999-12-30"'],
    ['"day": "2026-11-26"', '"day": "1969-12-31"'],
    ['"parent": "0xf9', '"parent": "0xF9'],
  ] as const) {
    assert.ok(native.attestation.includes(from));
    const changed = utf8(native.attestation.replace(from, to));
    assert.throws(() => parseAttestation(changed), CannotCheck);
  }
});

test("a statement of a drawn time holds, and of another second does not", () => {
  const first = native.blocks.find(({ name }: { name: string }) => name === "first");
  const { day, parent, block, second } = first;
  const checked = (asOf: string, from = "eip155:1") => {
    const { attestation, statement } = forge({
      attestation: (a) => {
        const fields = Object.entries(a.header).flatMap(([key, value]) => {
          const drawn = ["drawn", { from, day, parent, block }];
          return key === "as_of" ? [["as_of", asOf], drawn] : [[key, value]];
        });
        a.header = Object.fromEntries(fields);
      },
    });
    const { outcome, reason } = check(write(attestation), write(statement), null, "alice");
    return `${outcome} ${reason}`;
  };
  assert.equal(checked(second), "holds ");
  const refused = /^refused in the attestation's header: drawn: the second drawn from block 238/;
  assert.match(checked(`${day}T00:00:00Z`), refused);
  assert.match(checked("2026-11-27T00:00:00Z"), /^refused .*drawn: it is of 2026-11-26, and/);
  assert.match(checked(second, "drand:quicknet"), /^cannot check /);
});
