// The states of a setup: what the reader vouches for, what nobody does, and what everyone knows.

import assert from "node:assert/strict";
import { createCipheriv } from "node:crypto";
import { test } from "node:test";

import { CEREMONIES, recognise } from "../src/attestation/setup.ts";
import { parseG2 } from "../src/encoding/points.ts";
import { check } from "../src/statement/check.ts";
import { ALICE_IN_FUND, FUND } from "./books.ts";
import { R, hex, unhex, word } from "./bytes.ts";
import { INSECURE_TAU, type Options, forge, keyDigest, keyOf, write } from "./forge.ts";

const TAU = 123456789n;
type Key = ReturnType<typeof keyOf>;

/** The verdict under a key, with what the reader typed. */
function under(key: Key | null, typed: string | null = null, header: object = {}) {
  const named = keyDigest(keyOf(TAU));
  const { attestation, statement } = forge({
    tau: TAU,
    header: { setup: "a ceremony", key: named, ...header },
  });
  return check(write(attestation), write(statement), key && write(key), "alice", typed);
}

test("a key that nobody vouches for is unknown", () => {
  const { outcome, reason, found } = under(keyOf(TAU));
  assert.equal(`${outcome} ${reason}`, "holds ");
  assert.equal(found.setup?.state, "unknown");
  assert.equal(found.setup?.origin.kind, "unknown");
  assert.equal(under(keyOf(TAU), "   ").found.setup?.state, "unknown");
});

test("a key is vouched for by the digest that the reader typed, in any form", () => {
  const digest = keyDigest(keyOf(TAU));
  for (const typed of [digest, digest.slice(2), ` ${digest.slice(2).toUpperCase()}\n`]) {
    const { outcome, found } = under(keyOf(TAU), typed);
    assert.equal(outcome, "holds");
    assert.equal(found.setup?.state, "vouched");
  }
});

test("another digest than the key's, or none, leaves nothing to check with", () => {
  const digest = keyDigest(keyOf(TAU));
  const cannot = (typed: string, reason: RegExp) => {
    const got = under(keyOf(TAU), typed);
    assert.equal(got.outcome, "cannot check");
    assert.match(got.reason, reason);
  };
  cannot(
    keyDigest(keyOf(5n)),
    new RegExp(`the key file has the digest ${digest}, which is not the one that you typed`),
  );
  cannot("0x12", /is not a digest/);
  cannot(`${digest}00`, /is not a digest/);
  const without = under(null, digest);
  assert.equal(without.outcome, "cannot check");
  assert.match(without.reason, /`a ceremony`: add its key file/);
});

test("the digest covers sizes, circuit, fixed commitments and tau", () => {
  const changes: ((key: Key) => void)[] = [
    (key) => (key.k = 12),
    (key) => (key.page_size = 128),
    (key) => (key.circuit = hex(word(1n))),
    (key) => (key.fixed[0] = key.fixed[4]!.replace(/.$/, "3")),
    (key) => key.fixed.reverse().unshift(key.fixed[0]!),
    (key) => (key.tau_g2 = keyOf(5n).tau_g2),
  ];
  for (const change of changes) {
    const key = keyOf(TAU);
    change(key);
    const got = under(key);
    assert.equal(got.outcome, "cannot check");
    assert.match(
      got.reason,
      /the key file has the digest .* but the attestation was made under the key/,
    );
  }
});

test("a key must fit the sizes of the attestation and be of one tau", () => {
  const bad = (change: (key: Key) => void, reason: RegExp) => {
    const key = keyOf(TAU);
    change(key);
    const got = under(key, null, { key: keyDigest(key) });
    assert.equal(got.outcome, "cannot check", got.reason);
    assert.match(got.reason, reason);
  };
  bad((key) => (key.k = 12), /the key is for k 12/);
  bad(
    (key) => (key.page_size = 128),
    /the key is for k 11, pages of 128, but the attestation has k 11, pages of 64/,
  );
  bad((key) => key.powers_g1.pop(), /expected 65 powers, got 64/);
  bad((key) => key.fixed.pop(), /expected 5 fixed commitments, got 4/);
  bad((key) => (key.powers_g1[9] = key.powers_g1[8]!), /not powers of its tau/);
  bad((key) => (key.powers_g1 = keyOf(5n).powers_g1), /not powers of its tau/);
  bad((key) => (key.tau_page_g2 = key.tau_g2), /belongs to another tau/);
  bad((key) => (key.fixed[0] = hex(word(1n)) + hex(word(1n)).slice(2)), /not on the curve/);
  const flipped = (text: string) =>
    hex(unhex(text).map((byte, i) => (i === 127 ? byte ^ 1 : byte)));
  bad((key) => (key.tau_page_g2 = flipped(key.tau_page_g2)), /is not a point of its group/);
});

/** The verdict under the tau of a key that the header names. */
function underTau(tau: bigint, typed: boolean, setup = "a fine ceremony") {
  const key = keyOf(tau);
  const { attestation, statement } = forge({ tau, header: { setup, key: keyDigest(key) } });
  return check(
    write(attestation),
    write(statement),
    write(key),
    null,
    typed ? keyDigest(key) : null,
  );
}

test("a setup whose secret is known is called so, whatever the header says and whoever vouches", () => {
  for (const typed of [false, true]) {
    const two = underTau(2n, typed);
    assert.equal(two.outcome, "cannot check");
    assert.match(two.reason, /tau is 2, which everyone knows/);
    const chacha = createCipheriv("chacha20", Buffer.alloc(32), Buffer.alloc(16));
    const block = BigInt(hex(chacha.update(Buffer.alloc(64)).reverse()));
    assert.match(underTau(block % R, typed).reason, /tau is that of halo2-base/);
    const insecure = underTau(INSECURE_TAU, typed);
    assert.equal(insecure.outcome, "holds");
    assert.equal(insecure.found.setup?.state, "insecure");
  }
});

test("the insecure setup is taken without a key only where the header says its whole name", () => {
  const { attestation, statement } = forge({ header: { setup: "INSECURE: x" } });
  const got = check(write(attestation), write(statement), null, null);
  assert.equal(got.outcome, "cannot check");
  assert.match(got.reason, /add its key file/);
});

test("every ceremony's tau is a point, and recognised", () => {
  assert.ok(CEREMONIES.some(([name]) => name === "perpetual powers of tau, contribution 80"));
  for (const [name, tau] of CEREMONIES) {
    assert.deepEqual(recognise(parseG2(unhex(tau), name)), { kind: "ceremony", name });
  }
});

test("one key serves books of any number of scenarios", () => {
  const key = keyOf(TAU);
  const header = { setup: "a ceremony", key: keyDigest(key) };
  const books: Options[] = [{}, { book: FUND, holds: ALICE_IN_FUND }];
  for (const options of books) {
    const { attestation, statement } = forge({ tau: TAU, header, ...options });
    const { reason } = check(write(attestation), write(statement), write(key), "alice");
    assert.equal(reason, "");
  }
});

test("a key file with a number of scenarios is of another version", () => {
  const { version, k, ...rest } = keyOf(TAU);
  const got = under({ version, k, scenarios: 3, ...rest } as Key);
  assert.equal(got.outcome, "cannot check");
  assert.match(got.reason, /^the key is malformed: key: `page_size` is missing or misplaced/);
});
