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
import { MOST, type Multiplier, UNIT } from "./certificate.ts";
import { Simplex } from "./simplex.ts";
import { type Repriced, shortfallOf } from "./values.ts";

/** Multiplications that the simplex method may do for all priced scenarios together. */
const WORK = 400_000_000;
/** The same for looking at every proved scenario by itself. */
const LOOK = 200_000_000;
/** How many proposals are counted exactly: those that look best. */
const TRIED = 3;
/** A certificate with no more multipliers than this is tried without each of them. */
const TRIMMED = 32;

export interface Found {
  readonly multipliers: readonly Multiplier[];
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
    const shortfalls = proved.scenarios.map((_, s) => Number(shortfallOf(book, s)));
    const met = held.map((row) => proved.rows[row]!.values.map(Number));
    // Every column in units of its own largest value, so that its numbers are at most 1; and what
    // is held of it in parts of all that is held.
    this.sizes = held.map((_, i) => {
      const there = values.map((of) => Math.abs(Number(of[i]!)));
      return Math.max(1, ...met[i]!.map(Math.abs), ...there);
    });
    const worth = held.map((row, i) => Number(totals[row]!.quantity) * this.sizes[i]!);
    const gross = Math.max(
      1,
      worth.reduce((sum, one) => sum + one, 0),
    );
    this.upper = Float64Array.from(worth, (one) => one / gross);
    this.columns = met.map((of, i) => Float64Array.from(of, (value) => -value / this.sizes[i]!));
    this.limits = Float64Array.from(shortfalls, (shortfall) => shortfall / gross);
    this.simplex = new Simplex(this.columns, this.upper, this.limits);
    this.toGo = book.priced.length;
  }

  /** Multipliers for one priced scenario, and what they show. */
  find(scenario: number): Found {
    const gains = this.gains(scenario);
    const proposed = [[], ...this.alone(scenario), multipliers(this.dual(gains))].map(
      (own, order) => {
        return { multipliers: own, order, about: this.about(gains, own) };
      },
    );
    // Of those that look the same, the first: it has the fewest multipliers.
    proposed.sort((a, b) => a.about - b.about || a.order - b.order);
    const tried = proposed.slice(0, TRIED).map((one) => this.counted(scenario, one.multipliers));
    return this.trimmed(
      scenario,
      tried.reduce((best, one) => (isTighter(one, best) ? one : best)),
    );
  }

  private counted(scenario: number, multipliers: readonly Multiplier[]): Found {
    return { multipliers, bound: boundOf(this.book, scenario, multipliers) };
  }

  /** The prices of rows, by a fair part of the work that is left. */
  private dual(gains: Float64Array): Float64Array {
    const { simplex } = this;
    const steps = Math.floor(this.work / simplex.work / Math.max(1, this.toGo--));
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

  /**
   * Each proved scenario by itself, with `cover` beside it, for the rows that count in no other: it
   * is exact at its own prices. The one of the same name comes first; of very many, only some.
   */
  private alone(priced: number): Multiplier[][] {
    const { scenarios } = this.book.proved;
    const { name } = this.book.now.scenarios[priced]!;
    const same = scenarios.findIndex((one) => one.name === name);
    const cover = scenarios.findIndex(({ kind }) => kind === "cover");
    const most = Math.floor(LOOK / (this.columns.length + 1) / this.book.values.length);
    const others = scenarios.flatMap((_, s) => (s === same ? [] : [s]));
    return [same, ...others.slice(0, most)].map((own) => {
      const used = cover < 0 || cover === own ? [own] : [own, cover];
      return used.map((scenario) => ({ scenario, units: UNIT }));
    });
  }

  /** About the bad debt that multipliers show, in parts of all that is held. */
  private about(gains: Float64Array, multipliers: readonly Multiplier[]): number {
    const { columns, upper, limits } = this;
    const of = multipliers.map(({ scenario }) => scenario);
    const times = multipliers.map(({ units }) => Number(units) / Number(UNIT));
    let sum = of.reduce((sum, s, i) => sum + times[i]! * limits[s]!, 0);
    for (let column = 0; column < columns.length; column++) {
      let above = gains[column]!;
      for (let i = 0; i < of.length; i++) above -= times[i]! * columns[column]![of[i]!]!;
      if (above > 0) sum += upper[column]! * above;
    }
    return sum;
  }

  /** The same without multipliers that it does not need. */
  private trimmed(scenario: number, found: Found): Found {
    if (found.multipliers.length > TRIMMED) return found;
    return found.multipliers.reduce((best, own): Found => {
      const fewer = best.multipliers.filter((one) => one !== own);
      const without = this.counted(scenario, fewer);
      return isTighter(best, without) ? best : without;
    }, found);
  }
}

function isTighter(one: Found, than: Found): boolean {
  return one.bound.badDebtAtMost < than.bound.badDebtAtMost;
}

/** The prices of the program's rows as multipliers. */
function multipliers(prices: Float64Array): Multiplier[] {
  return Array.from(prices).flatMap((price, scenario) => {
    const units = Math.round(price * Number(UNIT));
    if (!(units > 0)) return [];
    return [{ scenario, units: units < Number(MOST) ? BigInt(units) : MOST }];
  });
}
