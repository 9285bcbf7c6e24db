// The web page as an allocator uses it: attestations and a key, and no statement.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { keccak_256 } from "@noble/hashes/sha3.js";

import { ALICE_IN_FUND, BOB_IN_FUND, FUND, INSURANCE_IN_FUND } from "./books.ts";
import { hex } from "./bytes.ts";
import { forge, keyDigest, keyOf, write } from "./forge.ts";
import {
  checked,
  give,
  given,
  open,
  picture,
  skip,
  tone,
  useBrowser,
  wholeText,
} from "./pages.ts";

useBrowser();

const TAU = 987654321n;
const key = keyOf(TAU);
const digest = keyDigest(key);

/** A book with everything that the web page can show, under a key. */
function attested(header: object = {}, change: (attestation: any) => void = () => {}) {
  const counted = [...ALICE_IN_FUND, ...BOB_IN_FUND, ...INSURANCE_IN_FUND];
  const all = { setup: "a ceremony", key: digest, ...header };
  const options = { book: FUND, tau: TAU, header: all, holds: ALICE_IN_FUND, counted };
  return forge({ ...options, attestation: change }).attestation;
}

test("an attestation and its key show the venue, in the words of `pacioli verify`", { skip }, async () => {
  const { page, said, report } = await given({ attestation: attested(), key }, 1200, { digest });
  for (const part of [
    /^HOLDS\s+Miniature "Venue" & Söhne\s+The proofs hold, and the venue keeps its own policy\./,
    /Snapshot: number 0, as of 1 January 2026 at 00:00 UTC\. Age: [0-9,]+ days/,
    /Owed: at most \d+ USD\. Claimed reserves for customers: [\d.]+ for each USD owed\./,
    /Proof: checked by this web page: it holds\./,
    /Policy: The venue keeps its own policy: all 8 clauses hold\./,
  ]) {
    assert.match(said, part);
  }
  assert.equal(await tone(page), "good");
  assert.match(report, /0 in all \d+ scenarios of every volume: what is held and what is owed/);
  assert.match(report, /The rules, word for word[^]*\[policy\]/);
  assert.match(report, /Proved by nobody/);
  assert.equal(await page.locator("#report").getByText("Your lines").count(), 0);
  await picture(page, "venue-1200");
});

test("a verdict on a venue is no better than the worst that it rests on", { skip }, async () => {
  const says = async (files: object, opened: object, word: RegExp, colour: string) => {
    const { page, said } = await given(files as any, 390, opened);
    assert.match(said, word);
    assert.equal(await tone(page), colour);
    await page.context().close();
  };
  const files = { attestation: attested(), key };
  await says(files, {}, /^HOLDS ONLY IF NOBODY KNOWS THE SETUP’S SECRET/, "warn");
  await says(files, { digest, proofs: "not checked" }, /^THE PROOF WAS NOT CHECKED/, "warn");
  await says(files, { digest, proofs: "refused" }, /^DOES NOT HOLD/, "bad");
  await says({ attestation: attested() }, {}, /^NOT CHECKED/, "warn");
  const { attestation } = forge();
  await says({ attestation }, {}, /^DOES NOT HOLD\s.*The proofs hold, but the venue/s, "bad");
});

test(
  "the web page shows what it judges: prices, reserves, times, moves and what is left out",
  { skip },
  async () => {
    const change = (a: any) => {
      const { prices, ...rest } = a.prices;
      a.prices = { ...rest, source: "three made-up exchanges", prices };
      a.reserves.reserves.push({
        asset: "USDC-TRC20",
        amount: "7",
        chain: "tron",
        address: "T-made-up",
        evidence: "made up",
        purpose: "insurance",
      });
      a.header.left_out = [
        { asset: "LUNC", lines: 2, accounts: 1, deposits: "12345.5", borrows: "0" },
      ];
      a.header.rounding = {
        lines: 1,
        instruments: [{ instrument: "deposit USDC", lines: 1, bound: "0.01" }],
        bound: "0.02",
      };
    };
    const { page, report } = await given({ attestation: attested({}, change), key });
    for (const part of [
      "three made-up exchanges",
      "made up",
      /2 prices in USD/,
      /BTC\s+100\s/,
      /USDC\s+1\.00\s/,
      "bc1-made-up",
      "a signed message of the day",
      "Made Up Custody",
      /; 1 of them also secures something else; 2 of them count nothing/,
      /7 USDC-TRC20\s+Counts\s+nothing: it is no asset of these rules and prices/,
      "Made Up Ltd",
      "pledged to a bank",
      /7(\.00)? USDC\s+Counts\s+nothing: it secures something else, which may take it first/,
      "the custodian",
      "a chain, where anyone can read it",
      "crash: everything \u221240 %; USD, USDC do not move.",
      "maintenance: everything at its price, after maintenance weights and margins.",
      /Prices\s+1 January 2026 at 00:00 UTC\s+the same time/,
      /Reserves\s+1 January 2026 at 01:00 UTC\s+1 hour after it/,
      /LUNC, without a price: 12,345\.5 deposited and 0 borrowed, in 2 lines of 1 account/,
      /1 line rounded, by less than 0\.02 USD together/,
      "deposit USDC: 1 line, by less than 0.01",
      /Owed, at most P/,
      /Coverage W/,
      /crash\s+120\s+270\s+2\.2500\s+70\s+1\s+170/,
    ]) {
      const has = typeof part === "string" ? report.includes(part) : part.test(report);
      assert.ok(has, `${part}\n${report}`);
    }
    await page.context().close();
  },
);

test("a venue without reserves is said to claim none", { skip }, async () => {
  const { page, report } = await given({ attestation: forge().attestation });
  assert.match(report, /The venue claims no reserves at all/);
  await page.context().close();
});

/** A chain of attestations: each names the one before it, unless it is changed. */
function chain(...headers: object[]) {
  let previous: string | null = null;
  return headers.map((header, i) => {
    const as_of = `2026-01-0${i + 1}T00:00:00Z`;
    const one: object = attested({ sequence: i, previous, as_of, ...header }, (a) => {
      a.prices.as_of = (header as any).as_of ?? as_of;
      if (a.reserves) a.reserves.as_of = a.prices.as_of;
    });
    previous = hex(keccak_256(write(one)));
    return one;
  });
}

async function record(files: object[]) {
  const page = await open(1200, { digest });
  const named = files.map((one, i) => [`${i}.json`, write(one)] as const);
  // In any order.
  await give(page, { ...Object.fromEntries(named.reverse()), "venue.key": write(key) });
  await checked(page);
  const card = page.locator("#verdict .card").last();
  return { page, said: await card.innerText(), colour: await card.getAttribute("class") };
}

test("several attestations are shown as one chain, with what changed", { skip }, async () => {
  const { page, said, colour } = await record(chain({}, { software: "another" }, {}));
  assert.match(said, /^The record: 3 attestations/);
  assert.match(said, /One chain: the numbers are in a row/);
  assert.match(said, /0\s+1 January 2026\s+\d+[^]*2\s+3 January 2026/);
  assert.match(said, /Number 1, 2 January 2026: The software is another\./);
  assert.equal(colour, "card good");
  assert.match(await wholeText(page, "#report"), /Number 1 of Miniature "Venue" & Söhne, 2 January/);
  await picture(page, "record-1200");
});

test("what breaks a chain is told, and is no better than red", { skip }, async () => {
  const [zero, one, two] = chain({}, {}, {}) as [object, object, object];
  const broken = async (files: object[], word: RegExp, colour: string) => {
    const { page, said, colour: own } = await record(files);
    assert.match(said, word);
    assert.equal(own, `card ${colour}`);
    assert.equal(await tone(page), colour);
    await page.context().close();
  };
  await broken([zero, two], /Missing: 1 attestation between numbers 0 and 2\./, "warn");
  const [, other] = chain({ software: "another" }, {}) as [object, object];
  await broken([zero, other], /Broken: number 1 does not name number 0, as given here/, "bad");
  await broken([zero, one, other], /Broken: two different attestations have the number 1\./, "bad");
  const [, back] = chain({}, { as_of: "2025-12-31T00:00:00Z" }) as [object, object];
  await broken([zero, back], /Broken: number 1 is not of a later time than number 0\./, "bad");
  const [, else_] = chain({}, { venue: "Other" }) as [object, object];
  await broken([zero, else_], /these are two venues/, "bad");
});

test("a result is saved: what was checked, by which page, of which files", { skip }, async () => {
  const read = (name: string) => new Uint8Array(readFileSync(`test/native/${name}`));
  const page = await open(1200, { proofs: "checked" });
  const files = {
    "attestation.json": read("rich.attestation.json"),
    "venue.key": read("rich.key.json"),
    "bob.json": read("bob.statement.json"),
  };
  await give(page, files);
  await checked(page);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save this result" }).click();
  const saved = JSON.parse(readFileSync((await (await download).path())!, "utf8"));
  const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
  assert.equal(saved.version, "pacioli page result v1-draft");
  assert.equal(saved.page.sha256, sha256(readFileSync("dist/check.html")));
  assert.deepEqual(
    saved.files.map((one: any) => [one.name, one.kind, one.sha256]),
    Object.entries(files).map(([name, bytes], i) => {
      return [name, ["attestation", "key", "statement"][i], sha256(bytes)];
    }),
  );
  const [attestation] = saved.attestations;
  assert.equal(attestation.digest, hex(keccak_256(files["attestation.json"])));
  assert.deepEqual(attestation.proofs, { checked: true, hold: true, volumes: 1 });
  assert.equal(attestation.setup, "insecure");
  assert.equal(attestation.verdict, "DOES NOT HOLD");
  const [statement] = saved.statements;
  assert.equal(statement.verdict, "IN THE BOOK, UNDER AN INSECURE SETUP");
  assert.equal(statement.is_good, false);
  assert.ok(statement.steps.every((one: any) => one.outcome === "holds"));
  assert.equal(saved.key_digest, null);
  const shown = await page.locator("#own").innerText();
  assert.ok(shown.includes(saved.page.sha256), shown);
  await page.context().close();
});

test("an attestation of the future is not relied on, and accuses nobody", { skip }, async () => {
  const attestation = attested({ as_of: "2999-01-01T00:00:00Z" }, (a) => {
    a.prices.as_of = "2999-01-01T00:00:00Z";
  });
  const { page, said } = await given({ attestation, key }, 390, { digest });
  assert.match(said, /^NOT CHECKED\s.*a time of the future by this device’s clock: 1 January 2999/s);
  assert.equal(await tone(page), "warn");
  await page.context().close();
});
