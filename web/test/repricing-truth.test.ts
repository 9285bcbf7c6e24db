// Bounds at other prices against the accounts themselves, in a book whose values are by hand: never
// below the truth, whatever the certificate and however accounts are split into forms, and exact at
// the prices of every proved scenario.

import assert from "node:assert/strict";
import { test } from "node:test";

import { type Certificates, UNIT } from "../src/repricing/certificate.ts";
import { type Proved, figuresThere } from "../src/repricing/figures.ts";
import { type Held } from "./books.ts";
import { forge, write } from "./forge.ts";
import { ALL, COVERED } from "./forms.ts";
import { dice, pricesFile, provedOf } from "./proved.ts";

const { rows, scenarios } = COVERED;
const find = (name: string) => rows.findIndex((row) => row.name === name);
const proved = provedOf(
  write(forge({ book: COVERED, counted: ALL.flat(), header: { accounts: 5 } }).attestation),
);

/** What one unit is worth at prices of so many USD for BTC and cents for USDC, by hand. */
function worthOf(row: number, scenario: "mark" | "crash" | "twin", btc: number, cents: number) {
  const own = rows[row]!;
  const { name, values } = rows[own.of ?? row]!;
  if (scenario === "twin" && name.startsWith("insurance")) return 0;
  if (/equity|shortfall|slack|headroom/.test(name)) return 0;
  const sign = Math.sign(values[0]!);
  if (name.includes("BTC")) return sign * btc * (scenario === "mark" ? 100 : 60);
  return name.includes("USDC") ? sign * cents : values[0]!;
}

type Roll = (below: number) => number;

/** An account of a prover who splits, mixes and pads as he likes; its lines close as they must. */
function account(roll: Roll): Held[] {
  const held = new Map<number, number>();
  const add = (name: string) => held.set(find(name), 1 + roll(400) * (roll(2) ? 1 : 100));
  if (roll(5) === 0) {
    for (const name of ["insurance deposit USDC", "insurance quote debit"]) if (roll(2)) add(name);
  } else {
    for (const { name, decimals } of rows.slice(1, 9)) {
      if (!name.startsWith("headroom") && decimals >= 0 && roll(3) === 0) add(name);
    }
    for (const { name } of rows.slice(13, 22)) if (roll(4) === 0) add(name);
  }
  const sum = (scenario: number) =>
    [...held].reduce((sum, [row, quantity]) => sum + quantity * rows[row]!.values[scenario]!, 0);
  // Covered lines must be worth something together: money owed to the account makes up for it.
  const cover = scenarios.indexOf("cover");
  const owing = find("covered quote credit");
  if (sum(cover) < 0) held.set(owing, (held.get(owing) ?? 0) - sum(cover) + roll(100));
  const closing = scenarios.slice(0, -1).flatMap((name, scenario): Held[] => {
    const [left, padding] = [sum(scenario), roll(4) === 0 ? roll(100_000) : 0];
    return [
      [find(`equity:${name}`), Math.max(0, left) + padding],
      [find(`shortfall:${name}`), Math.max(0, -left) + padding],
    ];
  });
  return [...held, ...closing, [find("slack:cover"), sum(cover)]];
}

/** The proof of a book of these accounts. */
function bookOf(accounts: readonly Held[][]): Proved {
  const totals = rows.map((_, row) => ({
    count: 1n,
    quantity: accounts.flat().reduce((sum, [of, q]) => (of === row ? sum + BigInt(q) : sum), 0n),
  }));
  return { ...proved, summary: { ...proved.summary, totals } };
}

/** A few multipliers at random, for each priced scenario. */
function drawn(roll: Roll): Certificates {
  const one = () =>
    new Map(
      scenarios.filter(() => roll(2)).map((name) => [name, (BigInt(roll(2500)) * UNIT) / 1000n]),
    );
  return new Map(["mark", "crash", "crash~insurance"].map((name) => [name, one()]));
}

const price = (hundredths: number) => (hundredths / 100).toFixed(2);

test("no certificate shows less than the accounts lack and are owed, and none beats the found", () => {
  const roll = dice(14);
  let tight = 0;
  for (let round = 0; round < 300; round++) {
    const accounts = Array.from({ length: 1 + roll(4) }, () => account(roll));
    const book = bookOf(accounts);
    const [btc, cents] = [roll(3) ? 40 + roll(120) : roll(1000), roll(3) ? 100 : 1 + roll(200)];
    const there = pricesFile("USD", { BTC: String(btc), USDC: price(cents) });
    const truths = (["mark", "crash", "twin"] as const).map((scenario) => {
      const worth = accounts.map((lines) =>
        lines.reduce((sum, [row, q]) => sum + q * worthOf(row, scenario, btc, cents), 0),
      );
      const sum = (of: (worth: number) => number) => BigInt(worth.reduce((s, w) => s + of(w), 0));
      return { owed: sum((w) => Math.max(0, w)), badDebt: sum((w) => Math.max(0, -w)) };
    });
    const found = figuresThere(book, there);
    for (let tries = 0; tries < 8; tries++) {
      const given = tries === 0 ? found.certificates : drawn(roll);
      const { bounds } = figuresThere(book, there, given);
      bounds.forEach((bound, i) => {
        const { owed, badDebt } = truths[i]!;
        assert.ok(bound.owedAtMost >= owed && bound.badDebtAtMost >= badDebt, bound.scenario);
        assert.ok(bound.owedAtLeast <= owed && bound.badDebtAtLeast <= badDebt, bound.scenario);
        const slack = bound.badDebtAtMost / 1_000_000n + 10n;
        assert.ok(found.bounds[i]!.badDebtAtMost <= bound.badDebtAtMost + slack, "was found worse");
        if (tries === 0 && bound.badDebtAtMost === badDebt) tight++;
      });
    }
  }
  assert.ok(tight > 200, `only ${tight} of 900 bounds are the truth`);
});

test("no step away from what was found makes it tighter: it is the best there is", () => {
  const roll = dice(15);
  for (let round = 0; round < 100; round++) {
    const book = bookOf(Array.from({ length: 4 }, () => account(roll)));
    const there = pricesFile("USD", { BTC: String(40 + roll(120)), USDC: "1" });
    const found = figuresThere(book, there);
    for (let tries = 0; tries < 20; tries++) {
      const near = [...found.certificates].map(([priced, certificate]) => {
        const step = 10n ** BigInt(roll(9));
        const moved = scenarios.map((name): [string, bigint] => {
          const units = (certificate.get(name) ?? 0n) + step * BigInt(roll(3) - 1);
          return [name, units > 0n ? units : 0n];
        });
        return [priced, new Map(moved)] as const;
      });
      figuresThere(book, there, new Map(near)).bounds.forEach((bound, i) => {
        const slack = bound.badDebtAtMost / 1_000_000n + 10n;
        assert.ok(found.bounds[i]!.badDebtAtMost <= bound.badDebtAtMost + slack, bound.scenario);
      });
    }
  }
});

test("at the prices of a proved scenario the bound is the proved figure", () => {
  const roll = dice(16);
  const shortfall = (book: Proved, name: string) =>
    book.summary.totals[find(`shortfall:${name}`)]!.quantity;
  for (let round = 0; round < 50; round++) {
    const book = bookOf([account(roll), account(roll)]);
    // The prices in the crash are those at which BTC is at 60.
    for (const [btc, scenario] of [
      ["100", "mark"],
      ["60", "crash"],
    ] as const) {
      const there = pricesFile("USD", { BTC: btc, USDC: "1" });
      const alone = new Map([
        [scenario, UNIT],
        ["cover", UNIT],
      ]);
      const { bounds } = figuresThere(book, there, new Map([["mark", alone]]));
      assert.equal(bounds[0]!.badDebtAtMost, shortfall(book, scenario), scenario);
      const found = figuresThere(book, there).bounds[0]!;
      assert.ok(found.badDebtAtMost <= shortfall(book, scenario), scenario);
    }
    const same = pricesFile("USD", { BTC: "100", USDC: "1" });
    for (const scenario of ["crash", "crash~insurance"]) {
      const alone = new Map([
        [scenario, UNIT],
        ["cover", UNIT],
      ]);
      const { bounds } = figuresThere(book, same, new Map([[scenario, alone]]));
      const bound = bounds.find((one) => one.scenario === scenario)!;
      assert.equal(bound.badDebtAtMost, shortfall(book, scenario), scenario);
    }
  }
});
