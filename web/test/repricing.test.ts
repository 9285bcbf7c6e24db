// Bounds at other prices: those of slow arithmetic and of the native implementation, on
// attestations of the native implementation.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { showAmount } from "../src/encoding/decimal.ts";
import { type FiguresThere, type Proved, figuresThere } from "../src/repricing/figures.ts";
import { parsePrices } from "../src/repricing/prices-file.ts";
import { parseCertificates } from "../src/repricing/certificate.ts";
import { dice, pricesFile, provedFile } from "./proved.ts";
import { type ProvedRow, scenariosOf, slowBound } from "./slow-bounds.ts";

const FILES: Record<string, string> = {
  sample: "test/native/sample.attestation.json",
  rich: "test/native/rich.attestation.json",
  forms: "../tests/vectors/forms/attestation.json",
  portfolio: "../tests/vectors/portfolio/attestation.json",
  statements: "../tests/vectors/statements/attestation.json",
  options: "../tests/vectors/options/attestation.json",
};

/** The proved table: the native one where there is a file of it. */
function rowsOf(name: string, { book }: Proved): ProvedRow[] {
  const path = `test/native/${name}.native.json`;
  if (!existsSync(path)) return [...book.compiled.rows];
  return JSON.parse(readFileSync(path, "utf8")).rows.map(
    ([name, decimals, , values]: [string, number, null, string[]]) => {
      return { name, decimals, values: values.map(BigInt) };
    },
  );
}

/** The prices moved by up to a half each, with as many decimals as they had. */
function moved(prices: Record<string, string>, quote: string, roll: (below: number) => number) {
  const factor = () => (roll(3) === 0 ? 100 : 50 + roll(100));
  return Object.fromEntries(
    Object.entries(prices).map(([name, price]): [string, string] => {
      const decimals = price.split(".")[1]?.length ?? 0;
      const units = (BigInt(price.replace(".", "")) * BigInt(factor())) / 100n;
      const digits = String(units).padStart(decimals + 1, "0");
      const text = decimals ? `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}` : digits;
      return [name, name === quote ? price : text];
    }),
  );
}

function multiplier(roll: (below: number) => number): string {
  const nine = String(roll(1_000_000_000)).padStart(9, "0");
  return ["1", "0", `0.${nine}`, `${roll(30)}.5`, "0.000000001", "1000000"][roll(6)]!;
}

// Slow arithmetic values no options.
for (const [name, path] of Object.entries(FILES).filter(([name]) => name !== "options")) {
  test(`${name}: any certificate shows exactly what slow arithmetic does`, () => {
    const { proved, json } = provedFile(path);
    const rows = rowsOf(name, proved);
    const roll = dice(name.length);
    const isHeld = (own: string) => ["mark", "stress", "twin"].includes(own);
    const priced = proved.book.compiled.scenarios.filter(({ kind }) => isHeld(kind));
    for (let round = 0; round < 25; round++) {
      const prices = moved(json.prices.prices, json.prices.quote, roll);
      const drawn = Object.fromEntries(
        priced.map(({ name }): [string, Record<string, string>] => {
          const some = scenariosOf(json).filter(() => roll(2) === 0);
          return [name, Object.fromEntries(some.map((one) => [one, multiplier(roll)]))];
        }),
      );
      const certificates = parseCertificates(JSON.stringify(drawn));
      const there = pricesFile(json.prices.quote, prices);
      const { bounds } = figuresThere(proved, there, certificates);
      assert.deepEqual(
        bounds.map((bound) => ({
          scenario: bound.scenario,
          owed_at_most: bound.owedAtMost,
          owed_at_least: bound.owedAtLeast,
          bad_debt_at_most: bound.badDebtAtMost,
          bad_debt_at_least: bound.badDebtAtLeast,
        })),
        priced.map(({ name }) => slowBound(json, rows, prices, name, drawn[name]!)),
      );
      // What was found is no worse than chance, and shows what it says.
      const found = figuresThere(proved, there);
      found.bounds.forEach(({ badDebtAtMost }, i) => {
        const slack = bounds[i]!.badDebtAtMost / 1_000_000n + 1_000n;
        assert.ok(badDebtAtMost <= bounds[i]!.badDebtAtMost + slack, priced[i]!.name);
      });
      assert.deepEqual(figuresThere(proved, there, found.certificates).bounds, found.bounds);
    }
  });

  test(`${name}: at the proof's own prices the bound is the proved figure, or less`, () => {
    const { proved } = provedFile(path);
    const { attestation, summary } = proved;
    const { bounds, backing, clauses } = figuresThere(proved, attestation.prices);
    assert.ok(backing.every(({ asProved }) => asProved));
    assert.deepEqual(
      clauses.map(({ name, standing, detail }) => {
        return { name, holds: standing === "holds" || standing === "held", detail };
      }),
      summary.clauses.map(({ name, holds, detail }) => ({ name, holds, detail })),
    );
    for (const { bound } of backing) {
      const own = summary.figures.scenarios.find(({ name }) => name === bound.scenario)!;
      assert.ok(bound.owedAtMost <= own.owed && bound.badDebtAtMost <= own.badDebt, own.name);
    }
    for (const { scenario, owedToOthers } of summary.figures.funds) {
      const twin = bounds.find((bound) => bound.scenario === `${scenario}~insurance`)!;
      assert.ok(twin.owedAtMost <= owedToOthers, twin.scenario);
    }
    // Each by itself, with `cover` beside it, gives the figure itself.
    for (const { bound } of backing) {
      const { scenario } = bound;
      const cover = proved.book.rules.cover ? { cover: "1" } : {};
      const one = parseCertificates(JSON.stringify({ [scenario]: { [scenario]: "1", ...cover } }));
      const shown = figuresThere(proved, attestation.prices, one).bounds;
      const { owedAtMost, badDebtAtMost } = shown.find((other) => other.scenario === scenario)!;
      const own = summary.figures.scenarios.find(({ name }) => name === scenario)!;
      assert.deepEqual([owedAtMost, badDebtAtMost], [own.owed, own.badDebt], scenario);
    }
  });
}

interface NativeCase {
  attestation: string;
  prices: object;
  certificates: object;
  bounds: NativeBound[];
  clauses: Record<string, string>[];
  standing: string;
}

interface NativeBound {
  as_proved: boolean;
  [amount: string]: unknown;
}

/** All that the native implementation says of a scenario, written as it writes it. */
function asNative({ book, backing }: FiguresThere): NativeBound[] {
  const amount = (units: bigint, decimals = book.now.valueDecimals) => {
    return `${units < 0n ? "-" : ""}${showAmount(units < 0n ? -units : units, decimals)}`;
  };
  const ratio = (units: bigint | undefined) => (units === undefined ? null : amount(units, 4));
  return backing.map(({ bound, others, ...one }) => ({
    as_proved: one.asProved,
    bad_debt_at_least: amount(bound.badDebtAtLeast),
    bad_debt_at_most: amount(bound.badDebtAtMost),
    coverage_at_least: ratio(one.coverageAtLeast),
    coverage_at_most: ratio(one.coverageAtMost),
    fund_at_least: one.fundAtLeast === undefined ? null : amount(one.fundAtLeast),
    insurance_reserves: amount(one.insurance),
    owed_at_least: amount(bound.owedAtLeast),
    owed_at_most: amount(bound.owedAtMost),
    owed_to_others: others
      ? { at_least: amount(others.owedAtLeast), at_most: amount(others.owedAtMost) }
      : null,
    reserves: amount(one.customers),
    scenario: bound.scenario,
  }));
}

const native: { cases: NativeCase[] } = JSON.parse(
  readFileSync("test/native/repricing.json", "utf8"),
);
native.cases.forEach((one, number) => {
  test(`native case ${number}, of ${one.attestation}: every figure and clause is the same`, () => {
    const { proved } = provedFile(FILES[one.attestation]!);
    const certificates = parseCertificates(JSON.stringify(one.certificates));
    const prices = parsePrices(JSON.stringify(one.prices));
    const there = figuresThere(proved, prices, certificates);
    assert.deepEqual(asNative(there), one.bounds);
    assert.deepEqual(
      there.clauses.map(({ restsOn, ...clause }) => ({ ...clause, rests_on: restsOn })),
      one.clauses,
    );
    assert.equal(there.verdict, one.standing);
    // What is found here is as tight.
    const found = figuresThere(proved, prices);
    found.bounds.forEach(({ badDebtAtMost, scenario }, i) => {
      const { badDebtAtMost: theirs } = there.bounds[i]!;
      assert.ok(badDebtAtMost <= theirs + theirs / 1_000_000n + 1_000n, scenario);
    });
  });
});
