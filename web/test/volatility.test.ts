// Rates that follow volatility: the native compiler's tables and clauses.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { parseAttestation } from "../src/attestation/attestation.ts";
import { contextOf } from "../src/attestation/context.ts";
import { volatilityClauses } from "../src/attestation/volatility.ts";
import { parseDecimal } from "../src/encoding/decimal.ts";
import { toHex } from "../src/encoding/digest.ts";
import { Refused } from "../src/encoding/refused.ts";
import { parseSpan } from "../src/encoding/times.ts";
import { parsePrices } from "../src/repricing/prices-file.ts";
import type { VolatilityRate } from "../src/rules/schema.ts";
import { rateAt } from "../src/rules/value/rate.ts";
import {
  type Volatility,
  areSameVolatilities,
  checkVolatilities,
} from "../src/rules/volatility.ts";
import { compileChanged } from "./changes.ts";

interface Said {
  rows: [name: string, values: string[]][];
  clauses: [name: string, holds: boolean, detail: string][];
}

interface Change {
  from: string;
  to: string;
  price_from: string;
  price_to: string;
  said: Said | null;
}

const FOLDER = "volatility_rates";
const AS_OF = "2026-01-01T00:00:00Z";

function said(change: Change): Said | null {
  try {
    const { rules, compiled } = compileChanged(FOLDER, change);
    const { volatility } = rules.policy;
    const rows = compiled.rows.filter(
      ({ name }) => !name.includes(":") && !name.startsWith("headroom"),
    );
    const clauses = volatility
      ? volatilityClauses(compiled, AS_OF, volatility, (amount) => amount)
      : [];
    return {
      rows: rows.map(({ name, values }) => [name, values.map(String)]),
      clauses: clauses.map(({ name, holds, detail }) => [name, holds, detail]),
    };
  } catch (error) {
    assert.ok(error instanceof Refused, `${String(error)}`);
    return null;
  }
}

const changes: Change[] = JSON.parse(readFileSync("test/native/volatility.json", "utf8"));

test(`${changes.length} changes come to the native tables and clauses, or none`, () => {
  const fails = ({ said }: Change) => said?.clauses.some(([, holds]) => !holds);
  assert.ok(changes.some(({ said }) => said) && changes.some(({ said }) => !said));
  assert.ok(changes.some(fails));
  for (const change of changes) {
    assert.deepEqual(said(change), change.said, JSON.stringify({ ...change, said: undefined }));
  }
});

test("a rate is the least multiple of the step that is enough", () => {
  const number = (mantissa: bigint, scale: number) => ({ mantissa, scale });
  const rate: VolatilityRate = {
    volatility: undefined,
    kind: undefined,
    window: undefined,
    tenor: undefined,
    source: undefined,
    multiple: number(1n, 0),
    horizon: 365n * 86_400n,
    floor: number(0n, 0),
    ceiling: number(1n, 0),
    step: number(1n, 6),
  };
  let seed = 1n;
  const next = (below: bigint) => {
    seed = (seed * 6364136223846793005n + 1442695040888963407n) % (1n << 64n);
    return seed % below;
  };
  for (let i = 0; i < 2_000; i++) {
    const step = 1n + next(900n);
    const horizon = 1n + next(400n * 86_400n);
    const [multiple, annual] = [1n + next(9_000n), next(20_000n)];
    const own = { ...rate, horizon, step: number(step, 6), multiple: number(multiple, 3) };
    const { mantissa, scale } = rateAt(own, number(annual, 4));
    // rate^2 * year >= (multiple * annual)^2 * horizon, in units of 10^-14.
    const square = (multiple * annual) ** 2n * horizon;
    const enough = (units: bigint) => units ** 2n * 100n * rate.horizon >= square;
    if (scale === 0) {
      assert.equal(mantissa, 1n);
      assert.ok(!enough((1_000_000n / step) * step) || 1_000_000n % step === 0n);
      continue;
    }
    assert.ok(mantissa % step === 0n && enough(mantissa));
    assert.ok(mantissa === 0n || !enough(mantissa - step));
  }
});

test("a reader's file may have its fields in any order, and is compared by what it states", () => {
  const text = readFileSync(`../rules/tests/books/${FOLDER}/prices.json`, "utf8");
  const own = parsePrices(text);
  const other = parsePrices(
    text
      .replace('"kind": "realised", "annual": "0.62", ', "")
      .replace('"window": "30d"', '"annual": "0.620", "window": "720h", "kind": "realised"'),
  );
  assert.ok(areSameVolatilities(own.volatilities, other.volatilities));
  const changed = parsePrices(text.replace("0.655", "0.656"));
  assert.ok(!areSameVolatilities(own.volatilities, changed.volatilities));
  const later = parsePrices(text.replace("2025-12-31T12", "2025-12-31T13"));
  assert.ok(!areSameVolatilities(own.volatilities, later.volatilities));
});

test("an attestation with volatilities has the native digest and context", () => {
  const native = JSON.parse(readFileSync("test/native/volatility.says.json", "utf8"));
  const attestation = parseAttestation(readFileSync("test/native/volatility.attestation.json"));
  assert.equal(toHex(attestation.digest), native.digest);
  assert.equal(toHex(contextOf(attestation)), native.context);
});

test("one source in two spellings is not two", () => {
  const one = (source: string, tenor: string): Volatility => ({
    kind: "implied",
    annual: parseDecimal("0.5"),
    window: undefined,
    tenor: parseSpan(tenor),
    source,
    asOf: "2026-01-01T00:00:00Z",
  });
  const of = (source: string, tenor: string) =>
    checkVolatilities(new Map([["BTC", [one("venue A", "7d"), one(source, tenor)]]]));
  for (const other of ["venue a", "VENUE A", "venue-A", "VenueA", "venue_a"]) {
    assert.throws(() => of(other, "30d"), /volatilities\.BTC\[1\]: one source is in two spellings/);
  }
  for (const other of ["venue B", "venue A2", "venue A"]) of(other, "30d");
});
