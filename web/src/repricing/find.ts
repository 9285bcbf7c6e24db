// Finding multipliers that make a bound tight. Twin of attestation/src/bound/find.rs, by another
// method.
//
// The least B over all multipliers is the dual of a linear program (bound.ts has the symbols): the
// most that one account could lack whose lines are parts x of the totals, and that is worth at
// least minus the proved bad debt in every proved scenario,
//
//   most  -sum x V   where  -sum x V_s <= G_s  for each s,  0 <= x <= T
//
// and the prices of its rows, of which there is one for each scenario, are the multipliers. All of
// this is in floating point and only proposes: what it finds is rounded to a certificate and
// counted exactly, beside others that are plain to see, and the best of them is taken. Rounding, or
// an early end, can make a bound looser and never wrong.

import { type Bound, boundOf } from "./bound.ts";
import { MOST, UNIT } from "./certificate.ts";
import { Simplex } from "./simplex.ts";
import { type Repriced, shortfallsOf } from "./values.ts";

/** Multiplications that the simplex method may do for all priced scenarios together. */
const WORK = 1_000_000_000;
/** Proved scenarios that are tried exactly, each by itself. */
const TRIED = 3;
/** A certificate with no more multipliers than this is tried without each of them. */
const TRIMMED = 32;

export interface Found {
  /** One per proved scenario, in units. */
  readonly multipliers: readonly bigint[];
  readonly bound: Bound;
}

/** Finds certificates for the priced scenarios of a book, of which one helps to find the next. */
export class Finder {
  private readonly columns: readonly Float64Array[];
  /** For each column, what one unit of it stands for in units of value, and in all parts of 1. */
  private readonly sizes: readonly number[];
  private readonly upper: Float64Array;
  private readonly limits: Float64Array;
  private readonly simplex: Simplex;
  /** Multiplications that are left, and scenarios to find multipliers for. */
  private work = WORK;
  private toGo: number;

  constructor(private readonly book: Repriced) {
    const { proved, totals, held, values } = book;
    const shortfalls = shortfallsOf(book).map(Number);
    const met = held.map((row) => proved.rows[row]!.values.map(Number));
    // Every column in units of its own largest value, so that its numbers are at most 1; and what
    // is held of it in parts of all that is held.
    this.sizes = held.map((_, i) => {
      const there = values.map((of) => Math.abs(Number(of[i]!)));
      return Math.max(1, ...met[i]!.map(Math.abs), ...there);
    });
    const worth = held.map((row, i) => Number(totals[row]!.quantity) * this.sizes[i]!);
    const gross = Math.max(1, worth.reduce((sum, one) => sum + one, 0));
    this.upper = Float64Array.from(worth, (one) => one / gross);
    this.columns = met.map((of, i) => Float64Array.from(of, (value) => -value / this.sizes[i]!));
    this.limits = Float64Array.from(shortfalls, (shortfall) => shortfall / gross);
    this.simplex = new Simplex(this.columns, this.upper, this.limits);
    this.toGo = values.length;
  }

  /** Multipliers for one priced scenario, and what they show. */
  find(scenario: number): Found {
    const { book } = this;
    const gains = this.gains(scenario);
    const dual = Array.from(this.dual(gains), rounded);
    const candidates = [this.none(), ...this.alone(gains), dual];
    const tried = candidates.map((multipliers) => {
      return { multipliers, bound: boundOf(book, scenario, multipliers) };
    });
    const best = tried.reduce((best, one) => (isTighter(one, best) ? one : best));
    return this.trimmed(scenario, best);
  }

  /** The prices of rows, by a fair part of the work that is left. */
  private dual(gains: Float64Array): Float64Array {
    const { simplex } = this;
    const steps = Math.ceil(this.work / simplex.work / Math.max(1, this.toGo--));
    const before = simplex.steps;
    const prices = simplex.prices(gains, steps);
    this.work = Math.max(0, this.work - (simplex.steps - before) * simplex.work);
    return prices;
  }

  /** What a unit of each column would add to what the account lacks. */
  private gains(scenario: number): Float64Array {
    const values = this.book.values[scenario]!;
    return Float64Array.from(values, (value, i) => -Number(value) / this.sizes[i]!);
  }

  private none(): bigint[] {
    return this.book.proved.scenarios.map(() => 0n);
  }

  /**
   * Each proved scenario by itself, with `cover` beside it, for the rows that count in no other: it
   * is exact at its own prices. Only those of the least bounds, by floating point.
   */
  private alone(gains: Float64Array): bigint[][] {
    const { columns, upper, limits } = this;
    const { scenarios } = this.book.proved;
    const cover = scenarios.findIndex(({ kind }) => kind === "cover");
    const bounds = scenarios.map((_, s) => {
      let sum = limits[s]!;
      columns.forEach((uses, i) => {
        const beside = cover >= 0 && cover !== s ? uses[cover]! : 0;
        sum += upper[i]! * Math.max(0, gains[i]! - uses[s]! - beside);
      });
      return { s, sum };
    });
    const least = bounds.sort((a, b) => a.sum - b.sum).slice(0, TRIED);
    return least.map(({ s }) => scenarios.map((_, i) => (i === s || i === cover ? UNIT : 0n)));
  }

  /** The same without multipliers that it does not need. */
  private trimmed(scenario: number, found: Found): Found {
    const used = found.multipliers.flatMap((units, s) => (units > 0n ? [s] : []));
    if (used.length > TRIMMED) return found;
    return used.reduce((best, s): Found => {
      const multipliers = best.multipliers.map((units, i) => (i === s ? 0n : units));
      const bound = boundOf(this.book, scenario, multipliers);
      return bound.badDebtAtMost <= best.bound.badDebtAtMost ? { multipliers, bound } : best;
    }, found);
  }
}

function isTighter(one: Found, than: Found): boolean {
  return one.bound.badDebtAtMost < than.bound.badDebtAtMost;
}

/** A price of the program as a multiplier. */
function rounded(price: number): bigint {
  const units = Math.round(price * Number(UNIT));
  if (!(units > 0)) return 0n;
  return units < Number(MOST) ? BigInt(units) : MOST;
}
