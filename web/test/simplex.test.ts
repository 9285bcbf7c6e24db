// The simplex method on programs whose solutions are known.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Simplex } from "../src/repricing/simplex.ts";
import { dice } from "./proved.ts";

interface Program {
  columns: number[][];
  upper: number[];
  limits: number[];
  gains: number[];
}

function solve({ columns, upper, limits }: Program): Simplex {
  const rows = columns.map((column) => Float64Array.from(column));
  return new Simplex(rows, Float64Array.from(upper), Float64Array.from(limits));
}

/** What prices say can be gained at most: no solution gains more. */
function most({ columns, upper, limits, gains }: Program, prices: ArrayLike<number>): number {
  const of = (column: number[]) => column.reduce((sum, use, row) => sum + use * prices[row]!, 0);
  const rest = columns.map((column, i) => upper[i]! * Math.max(0, gains[i]! - of(column)));
  return of(limits) + rest.reduce((sum, one) => sum + one, 0);
}

test("the prices of a small program are those by hand", () => {
  // 3x + 2y is most at x = 0.5 and y = 0.75, where both rows are full: 1.5 + 1.5.
  const program = {
    columns: [
      [1, 2],
      [2, 0],
    ],
    upper: [1, 1],
    limits: [2, 1],
    gains: [3, 2],
  };
  const prices = solve(program).prices(Float64Array.of(3, 2), 100);
  assert.ok(Math.abs(most(program, prices) - 3) < 1e-9, String(prices));
  assert.deepEqual(
    Array.from(prices, (price) => Math.round(price * 1e6) / 1e6),
    [1, 1],
  );
});

test("upper bounds alone have no prices, and no steps show none", () => {
  const program = { columns: [[1], [1]], upper: [1, 1], limits: [5], gains: [3, 2] };
  assert.equal(most(program, solve(program).prices(Float64Array.of(3, 2), 100)), 5);
  assert.deepEqual([...solve(program).prices(Float64Array.of(3, 2), 0)], [0]);
});

test("it ends where limits are nothing and columns are alike, and gains what a solution gains", () => {
  const roll = dice(17);
  for (let round = 0; round < 60; round++) {
    const [rows, count] = [1 + roll(12), 1 + roll(40)];
    const whole = () => roll(7) - 3;
    const columns = Array.from({ length: count }, () => Array.from({ length: rows }, whole));
    const twice = columns.flatMap((column) => [column, column]);
    const upper = twice.map(() => roll(4) / 2);
    const limits = Array.from({ length: rows }, () => (roll(3) ? 0 : roll(5)));
    const simplex = solve({ columns: twice, upper, limits, gains: [] });
    // One after another, each from where the last one ended.
    for (let goes = 0; goes < 4; goes++) {
      const gains = twice.map(whole);
      const program = { columns: twice, upper, limits, gains };
      const before = simplex.steps;
      const prices = simplex.prices(Float64Array.from(gains), 5_000);
      assert.ok(simplex.steps - before < 5_000, "it runs in circles");
      assert.ok(
        prices.every((price) => price > -1e-9),
        "a price is negative",
      );
      // Two programs are as good as their solutions if they agree: another start finds the same.
      const fresh = solve(program).prices(Float64Array.from(gains), 5_000);
      const [one, other] = [most(program, prices), most(program, fresh)];
      assert.ok(Math.abs(one - other) < 1e-6, `${one} is not ${other}`);
      for (let tries = 0; tries < 50; tries++) {
        const near = Array.from(prices, (price) => Math.max(0, price + (roll(201) - 100) / 500));
        assert.ok(most(program, near) >= one - 1e-6, "other prices say less");
      }
    }
  }
});
