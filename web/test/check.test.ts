// A statement that holds, and every way in which one can fail.

import assert from "node:assert/strict";
import { test } from "node:test";

import { type Verdict, check } from "../src/statement/check.ts";
import { ALICE, type Held } from "./books.ts";
import { Q, R, hex, word } from "./bytes.ts";
import { type Options, digestOf, forge, write, written } from "./forge.ts";

type Files = ReturnType<typeof forge>;

function verdict({ attestation, statement }: Files, id: string | null = null): Verdict {
  return check(write(attestation), write(statement), null, id);
}

function holds(files: Files, id: string | null = null): void {
  const { outcome, reason } = verdict(files, id);
  assert.equal(`${outcome} ${reason}`, "holds ");
}

function refuses(files: Files, reason: RegExp, id: string | null = null): void {
  const got = verdict(files, id);
  assert.equal(got.outcome, "refused", got.reason);
  assert.match(got.reason, reason);
}

/** Nothing could be checked, which accuses nobody. */
function cannotCheck(files: Files, reason: RegExp, id: string | null = null): void {
  const got = verdict(files, id);
  assert.equal(got.outcome, "cannot check", got.reason);
  assert.match(got.reason, reason);
}

/** Could not be checked after a change of the statement. */
function unreadable(change: (statement: Files["statement"]) => void, reason: RegExp): void {
  const files = forge();
  change(files.statement);
  cannotCheck(files, reason);
}

/** Refused after a change of the statement. */
function changed(
  change: (statement: Files["statement"]) => void,
  reason: RegExp,
  options?: Options,
): void {
  const files = forge(options);
  change(files.statement);
  refuses(files, reason);
}

/** Refused after a change of the attestation, to which the statement is made to belong. */
function attested(change: (attestation: any) => void, reason: RegExp): void {
  const files = forge();
  change(files.attestation);
  files.statement.attestation = digestOf(files.attestation);
  refuses(files, reason);
}

test("an honest statement holds", () => {
  holds(forge());
  holds(forge(), "alice");
  holds(forge({ page: 24, slot: 64 - ALICE.length, id: "Zoë 🦊" }), "Zoë 🦊");
  const longest = `0x${"0123456789abcdef".repeat(4)}:${"s".repeat(61)}`;
  assert.equal(longest.length, 128);
  holds(forge({ id: longest }), longest);
  holds(forge({ volumes: 3, volume: 2, page: 0, slot: 0 }));
  assert.equal(verdict(forge()).found.setup?.state, "insecure");
});

test("another holder's statement is refused", () => {
  refuses(forge({ id: "bob" }), /is that of account `bob`, not of `alice`/, "alice");
  changed((s) => (s.account = "bob"), /line 1 is not what the book holds/);
});

test("an id does not run into what follows it", () => {
  for (const id of ["alic", "alice\u0000", "", "alicee"]) {
    changed((s) => (s.account = id), /line 1 is not what the book holds/);
  }
});

test("a planted account in a switched-off page is refused, whatever opens", () => {
  for (const page of [25, 26, 31]) refuses(forge({ page }), /page \d+ is not one of the 25 pages/);
  changed((s) => (s.page = 2 ** 40), /is not one of the 25 pages/);
});

test("a slot past the page is refused", () => {
  changed((s) => (s.slot = 56), /9 lines from slot 56 do not fit a page of 64/);
  changed((s) => (s.slot = 64), /do not fit/);
  changed((s) => (s.slot = 2 ** 53 - 1), /do not fit/);
  changed((s) => (s.slot = 6), /line 1 is not what the book holds/);
});

test("a page of another page, volume or attestation is refused", () => {
  changed((s) => (s.page = 4), /does not show these values on page 4/);
  changed((s) => (s.volume = 1), /there is no volume 1/);
  changed((s) => (s.volume = 1), /does not show these values/, { volumes: 2 });
  const [one, two] = [forge(), forge({ header: { venue: "another" } })];
  cannotCheck(
    { attestation: one.attestation, statement: two.statement },
    /belongs to the attestation with the digest 0x.*number 0 of `Miniature.*add the one/,
  );
  attested((a) => (a.header.venue = "another"), /does not show these values/);
});

test("a line changed by one unit is refused, balanced or not", () => {
  const with_ = (changes: Record<number, number>): Held[] =>
    ALICE.map(([row, quantity]) => [row, quantity + (changes[row] ?? 0)]);
  refuses(
    forge({ says: with_({ 6: 1 }) }),
    /the lines add up to -?\d.* USD, not 0, in the scenario mark/,
  );
  refuses(
    forge({ says: with_({ 14: -1 }) }),
    /the lines add up to -?\d.* USD, not 0, in the scenario crash/,
  );
  refuses(forge({ says: with_({ 7: 1, 8: 1 }) }), /line 5 is not what the book holds/);
  refuses(
    forge({ holds: with_({ 7: 1, 8: 1 }), says: ALICE }),
    /line 5 is not what the book holds/,
  );
});

test("lines left out, added or cut off are refused", () => {
  const without = ALICE.filter(([row]) => row !== 7 && row !== 8);
  refuses(forge({ says: without }), /line 5 is not what the book holds/);
  refuses(forge({ holds: without, says: ALICE }), /line 5 is not what the book holds/);
  refuses(forge({ says: [] }), /has no line/);
  refuses(forge({ last: ALICE.length }), /line 9 is not what the book holds/);
  refuses(forge({ last: 3 }), /line 4 is not what the book holds/);
});

test("lines that are not an account are refused", () => {
  const swap = (a: number, b: number): Held[] => {
    const lines = [...ALICE];
    [lines[a], lines[b]] = [lines[b]!, lines[a]!];
    return lines;
  };
  const counted = ALICE;
  refuses(forge({ holds: swap(4, 5) }), /line 6: quote credit must come before the line above it/);
  refuses(
    forge({
      holds: [
        [5, 1],
        [5, 1],
      ],
      counted,
    }),
    /line 2: deposit USDC must come before the line above it/,
  );
  const over: Held[] = [[1, 300], ...ALICE.slice(3)];
  refuses(
    forge({ holds: over, counted }),
    /line 1: the quantity of deposit BTC tier 1 is above its cap/,
  );
  const bare: Held[] = [[1, 200], [3, 100], ...ALICE.slice(3)];
  refuses(forge({ holds: bare }), /its headroom must be the next line/);
  refuses(forge({ says: [[0, 0], ...ALICE] }), /line 1: there is no instrument ``/);
});

test("the worth beside a line must be its worth", () => {
  changed((s) => (s.lines[0]!.worth[2] = "120.1"), /line 1: the worth stated/);
  changed((s) => s.lines[0]!.worth.pop(), /line 1: the worth stated/);
  changed((s) => (s.lines[0]!.instrument = "deposit ETH"), /there is no instrument `deposit ETH`/);
  changed(
    (s) => (s.lines[2]!.quantity = "1.001"),
    /`1.001` is not a valid quantity of deposit BTC tier 2: at most 2 decimals/,
  );
  unreadable(
    (s) => (s.lines[2]!.quantity = "1.0"),
    /is not an amount in its shortest form.*fetch it again/,
  );
  unreadable((s) => (s.lines[2]!.quantity = "-1"), /is not an amount/);
  changed(
    (s) => (s.lines[2]!.quantity = "12379400392853802748991242.24"),
    /is not a valid quantity/,
  );
  changed((s) => (s.scenarios[2] = "calm"), /scenarios are not those/);
});

test("page values are words below r, one for each slot", () => {
  changed(
    (s) => (s.page_values[40] = hex(word(BigInt(s.page_values[40]!) + R))),
    /slot 40 is not below r/,
  );
  changed((s) => (s.page_values[0] = hex(word(R))), /slot 0 is not below r/);
  changed((s) => (s.page_values[63] = hex(word(1n))), /does not show these values/);
  changed((s) => s.page_values.pop(), /expected 64 page values, got 63/);
  changed((s) => s.page_values.push(hex(word(0n))), /expected 64 page values, got 65/);
});

test("the opening is a point that shows the page", () => {
  const x = (s: Files["statement"]) => BigInt(s.opening.slice(0, 66));
  const rest = (s: Files["statement"]) => s.opening.slice(66);
  changed((s) => (s.opening = hex(word(x(s) + 1n)) + rest(s)), /the opening is not on the curve/);
  changed((s) => (s.opening = hex(word(x(s) + Q)) + rest(s)), /a coordinate that is not below q/);
  changed((s) => (s.opening = `0x${"00".repeat(64)}`), /does not show these values/);
  const negated = (s: Files["statement"]) => hex(word(Q - BigInt(`0x${rest(s)}`))).slice(2);
  changed((s) => (s.opening = s.opening.slice(0, 66) + negated(s)), /does not show these values/);
});

test("every word of the proof is checked", () => {
  refuses(
    forge({ proof: (proof) => proof.fill(0, 64, 128) }),
    /commitment 1 .* is the point at infinity/,
  );
  refuses(forge({ proof: (proof) => (proof[63]! ^= 1) }), /commitment 0 .* is not on the curve/);
  const beyond = (proof: Uint8Array) => proof.set(word(BigInt(hex(proof.slice(0, 32))) + Q));
  refuses(forge({ proof: beyond }), /commitment 0 .* not below q/);
  const evaluations = 64 * (15 + 13 + 3);
  refuses(
    forge({ proof: (proof) => proof.fill(255, evaluations, evaluations + 32) }),
    /evaluation 0 .* not below r/,
  );
  attested((a) => (a.volumes[0].proof += "00"), /expected \d+ bytes, got \d+/);
});

test("a nonce belongs to one account", () => {
  changed((s) => (s.nonce = hex(word(7n))), /line 1 is not what the book holds/);
});

test("totals, header and rules that cannot be are refused", () => {
  attested((a) => (a.volumes[0].counts[1] += 1), /expected \d+ lines, got \d+/);
  attested((a) => (a.volumes[0].quantities[0] = "1"), /empty slots cannot hold anything/);
  attested((a) => (a.volumes[0].quantities[4] = "1"), /0 lines cannot hold 1/);
  attested((a) => a.volumes[0].counts.pop(), /14 counts and 15 quantities/);
  attested((a) => (a.volumes = []), /has no volume/);
  attested((a) => (a.header.sequence = 1), /sequence number 1 must name the previous one/);
  attested((a) => (a.header.page_size = 63), /must be a power of two/);
  attested((a) => (a.header.k = 10), /k must be from 11 to 24, got 10/);
  for (const claimed of [0, 2, 4]) {
    attested(
      (a) => (a.header.scenarios = claimed),
      new RegExp(
        "^in the attestation's header: the rules have 3 scenarios, but the header names " +
          `${claimed}$`,
      ),
    );
  }
  attested((a) => (a.prices.prices.BTC = "100.00001"), /must have at most 2 decimals/);
  attested((a) => (a.rules += "surprise = 1\n"), /unknown field policy.surprise/);
  attested((a) => (a.rules = a.rules.replace('"0.8"', '"0.95"')), /cannot be treated better/);
  attested((a) => (a.rules = a.rules.replace("-0.4", "-0.3")), /the rules have the program 0x/);
  attested((a) => (a.prices.prices.USDC = "-1"), /the price of USDC is negative/);
});

test("the lines that a statement writes are those of the table", () => {
  assert.deepEqual(written([6, 25000]), {
    instrument: "borrow USDC",
    quantity: "250",
    worth: ["-250", "-250", "-250"],
  });
});
