// Files of certificates and prices, and prices that a reader types: what is read, and what is
// refused.

import assert from "node:assert/strict";
import { test } from "node:test";

import { kindOf } from "../src/encoding/damage.ts";
import { parseDecimal, showDecimal } from "../src/encoding/decimal.ts";
import { parseCertificates, printCertificates } from "../src/repricing/certificate.ts";
import { figuresThere } from "../src/repricing/figures.ts";
import { movedPrice, parseMove, parsePrices, typedPrices } from "../src/repricing/prices-file.ts";
import { bookInFund, pricesAt as at, refuses } from "./proved.ts";

const proved = bookInFund();

test("a certificate that is none is refused", () => {
  const read = (text: string) => figuresThere(proved, at("80"), parseCertificates(text));
  const number = (text: string) => read(`{"mark": {"crash": ${text}}}`);
  const wrong = (text: string) =>
    `the certificate's multiplier of \`crash\` is \`${text}\`: expected a number from 0 to 1000000 with at most 9 decimals`;
  for (const text of [
    "-1",
    "-0.000000001",
    "0.1234567891",
    "1000000.000000001",
    "1e5",
    "",
    "-0",
    "01",
  ]) {
    refuses(() => number(`"${text}"`), wrong(text));
  }
  for (const text of ["0", "1000000", "0.000000001", "0.500000000"]) number(`"${text}"`);
  refuses(() => number("1"), "the certificate's multiplier of `crash` must be in quotes");
  refuses(
    () => read('{"mark": {"crash": "1", "crash": "1"}}'),
    /^the file of certificates could not be read: duplicate key `crash` at character \d+$/,
  );
  refuses(() => read('{"mark": {}, "mark": {}}'), /duplicate key `mark`/);
  refuses(() => read('{"mark": {"crash": 0.5}}'), /expected a whole number/);
  refuses(() => read("[]"), "the file of certificates must be an object");
  refuses(() => read('{"mark": []}'), "the certificate of `mark` must be an object");
  refuses(
    () => read('{"mark": {"moon": "1"}}'),
    "the certificate names the scenario `moon`, which the proof does not have",
  );
  for (const name of ["maintenance", "cover", "moon"]) {
    refuses(
      () => read(`{"${name}": {"crash": "1"}}`),
      `there is a certificate for \`${name}\`, which is neither mark nor a stress nor a twin of the rules`,
    );
  }
});

test("certificates are read from a whole report, too", () => {
  const { certificates } = figuresThere(proved, at("83.21"));
  const report = (more: object) => ({
    as_of_the_proof: [{ name: "mark", accounts: 3, bad_debt: "0" }],
    certificates: JSON.parse(printCertificates(certificates)),
    certificates_given: false,
    holds: true,
    prices: { quote: "USD", prices: { BTC: "83.21" } },
    sweep: null,
    ...more,
  });
  const text = JSON.stringify(report({}));
  assert.deepEqual(parseCertificates(text), certificates);
  assert.equal(kindOf(new TextEncoder().encode(text)), "certificates");
  const empty = JSON.stringify(report({ certificates: {} }));
  assert.equal(parseCertificates(empty).size, 0);
  // Which of these count?
  for (const beside of [{ crash: "1" }, { crash: "-1" }, {}]) {
    for (const certificates of [{ mark: { crash: "0.5" } }, {}]) {
      refuses(
        () => parseCertificates(JSON.stringify({ certificates, mark: beside })),
        "the file of certificates is ambiguous: it has `certificates`, as a report has, and " +
          "beside them one for `mark`",
      );
    }
  }
  // A scenario may be called so.
  const named = parseCertificates('{"certificates": {"mark": "1"}, "mark": {}}');
  assert.deepEqual([...named.keys()], ["certificates", "mark"]);
  refuses(
    () => parseCertificates(JSON.stringify(report({ certificates: { mark: true } }))),
    "the certificate of `as_of_the_proof` must be an object",
  );
});

test("certificates are written as they are read", () => {
  const { certificates } = figuresThere(proved, at("83.21"));
  assert.deepEqual(parseCertificates(printCertificates(certificates)), certificates);
});

test("a prices file is read whatever the order of its fields", () => {
  const file = {
    prices: { USDC: "1.00", BTC: "80" },
    open_interest: { "X-PERP": "1" },
    vols: {
      BTC: {
        expiries: {
          "2026-12-25T08:00Z": { strikes: { "90": "0.5", "100": "0.4" }, forward: "81" },
          "2026-06-25T08:00:00.0Z": { strikes: { "90": "0.6" } },
        },
        rate: "-0.01",
      },
    },
    method: "close",
    quote: "USD",
    as_of: "2026-02-01T00:00:00Z",
  };
  const { prices, asOf, vols } = parsePrices(JSON.stringify(file));
  const { rate, expiries } = vols.get("BTC")!;
  assert.equal(showDecimal(rate!), "-0.01");
  assert.deepEqual([...expiries.keys()], ["2026-06-25T08:00:00Z", "2026-12-25T08:00:00Z"]);
  const december = expiries.get("2026-12-25T08:00:00Z")!;
  assert.deepEqual([...december.strikes.keys()], ["100", "90"]);
  assert.deepEqual([...prices.keys(), asOf], ["BTC", "USDC", "2026-02-01T00:00:00Z"]);
  const changed = (change: object) => parsePrices(JSON.stringify({ ...file, ...change }));
  const unread = "the prices file could not be read: ";
  refuses(() => changed({ more: "1" }), `${unread}prices: unexpected field \`more\``);
  refuses(() => changed({ quote: undefined }), /`quote` is missing or misplaced/);
  refuses(() => changed({ prices: { BTC: "-1" } }), `${unread}the price of BTC is negative`);
  refuses(() => changed({ prices: { USD: "2" } }), /the price of the quote currency USD must be 1/);
  refuses(() => changed({ prices: { BTC: "1e3" } }), /`1e3` is not a decimal number/);
  refuses(() => changed({ as_of: "yesterday" }), /is not a UTC time/);
  assert.equal(changed({ vols: {} }).vols.size, 0);
  refuses(() => changed({ vols: { BTC: {} } }), /`expiries` is missing or misplaced/);
  const of = (strikes: object, more: object = {}) => ({
    BTC: { expiries: { "2026-12-25T08:00:00Z": { strikes, ...more } } },
  });
  for (const [vols, why] of [
    [{ BTC: { expiries: {} } }, /expiries is empty/],
    [{ BTC: { expiries: { "2026-12-25": { strikes: { "1": "1" } } } } }, /is not a UTC time/],
    [{ BTC: { rate: "1.1", ...of({ "1": "1" }).BTC } }, /rate: 1.1 is not from -1 to 1/],
    [of({}), /strikes is empty/],
    [of({ "0": "1" }), /strikes: 0 is not above 0/],
    [of({ "90": "1", "90.0": "1" }), /90.0 stands there twice/],
    [of({ x: "1" }), /`x` is not a decimal number/],
    [of({ "90": "-1" }), /strikes.90 is negative/],
    [of({ "90": "1" }, { forward: "-1" }), /forward is negative/],
    [of({ "90": "1" }, { more: "1" }), /unexpected field `more`/],
    [
      { BTC: { expiries: { "2026-12-25T08:00Z": {}, "2026-12-25T08:00:00Z": {} } } },
      /one expiry twice/,
    ],
  ] as const) {
    refuses(() => changed({ vols }), why);
  }
  const twice = '{"prices": {"BTC": "1", "BTC": "2"}}';
  for (const [time, shortest] of [
    ["2026-02-01T00:00:00.000Z", "2026-02-01T00:00:00Z"],
    ["2026-02-01T08:30:00.250Z", "2026-02-01T08:30:00.25Z"],
    ["2026-02-01 08:30z", "2026-02-01T08:30:00Z"],
  ]) {
    assert.equal(changed({ as_of: time }).asOf, shortest);
  }
  for (const time of ["2026-02-01", "2026-02-01T00:00:00+00:00", "2026-02-31T00:00:00Z", "now"]) {
    refuses(() => changed({ as_of: time }), /UTC time/);
  }
  refuses(() => parsePrices(twice), /duplicate key `BTC`/);
});

test("typed prices and moves are exact", () => {
  const own = at("100");
  const typed = typedPrices(
    own,
    new Map([
      ["BTC", " 99.5 "],
      ["USDC", ""],
    ]),
  );
  assert.deepEqual(
    [...typed.prices].map(([n, p]) => `${n} ${showDecimal(p)}`),
    ["BTC 99.5"],
  );
  refuses(
    () => typedPrices(own, new Map([["BTC", "abc"]])),
    "the price of BTC cannot be read: `abc` is not a decimal number",
  );
  refuses(() => typedPrices(own, new Map([["BTC", "-1"]])), "the price of BTC is negative");
  const moved = (price: string, move: string, decimals = 8) =>
    showDecimal(movedPrice(parseDecimal(price), parseMove(move), decimals));
  assert.equal(moved("100", "-5"), "95");
  assert.equal(moved("100.10", "\u22125 %"), "95.095");
  assert.equal(moved("100.10", "+2.5%"), "102.6025");
  assert.equal(moved("100.11", "-5", 2), "95.1");
  assert.equal(moved("100", "-100"), "0");
  refuses(() => parseMove("-100.1"), "no price can fall by more than 100 percent");
  for (const text of ["", "x", "5 % %", "--5", "1e1"]) {
    refuses(() => parseMove(text), "a move is a number of percent, such as -5 or 2.5");
  }
});
