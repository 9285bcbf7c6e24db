// Exponential, logarithm and the normal distribution over intervals, to any precision. Twin of
// rules/src/black76/functions.rs.
//
// Each is a series of which so many terms are taken that the rest is below one unit of the last
// place; the bound of the rest is given where it is used and added to the result. All else is
// interval arithmetic, so a result holds the true value whatever the precision, and more bits only
// make it narrower.

import type { Fraction } from "../../encoding/fraction.ts";
import { Interval, bitLength, rootDown } from "./interval.ts";

/** The normal distribution at a number. */
export interface Normal {
  /** The density, `e^(-x^2/2) / sqrt(2 pi)`. */
  readonly density: Interval;
  /** The probability of a number below, `N(x)`. */
  readonly below: Interval;
}

/** The bits of a computation after the point, and the constants to that precision. */
export class Precision {
  /** ln 2 and 1 / sqrt(2 pi), finer than `bits`: inside, more bits are needed. */
  private readonly ln2: Interval;
  private readonly peak: Interval;

  constructor(readonly bits: number) {
    const inner = 3 * bits + 64;
    const reciprocal = (n: bigint) => Interval.around({ over: 1n, under: n }, inner);
    // ln 2 = 2 artanh(1/3), and pi = 16 arctan(1/5) - 4 arctan(1/239) (Machin).
    this.ln2 = oddSeries(reciprocal(3n), "same").shifted(1);
    const fifth = oddSeries(reciprocal(5n), "alternating").shifted(4);
    const pi = fifth.minus(oddSeries(reciprocal(239n), "alternating").shifted(2));
    this.peak = Interval.whole(1n, inner).over(pi.shifted(1).root())!;
  }

  /** Every `e^x`, for an x of at most some thousands. */
  exp(x: Interval): Interval {
    return this.expTo(x, this.bits);
  }

  /**
   * Every `e^x` with `bits` bits. With `x = k ln 2 + r`, it is `2^k (e^(r / 2^h))^(2^h)`.
   */
  private expTo(exact: Interval, bits: number): Interval {
    // About the root of the bits balances halvings, each of which costs a bit, and terms.
    const halvings = Number(rootDown(BigInt(bits)));
    // e^x < 2^(2 x), whose digits before the point cost bits too.
    const most = exact.ceil();
    const inner = bits + 2 * Number(most < 0n ? 0n : most) + halvings + 16;
    const [x, ln2] = [exact.withBits(inner), this.ln2.withBits(inner)];
    // Any k is right; this one leaves r between 0 and ln 2.
    const power = x.over(ln2)!.floorLow();
    const rest = x.minus(ln2.scaled(power)).shifted(-halvings);
    const one = Interval.whole(1n, inner);
    let [sum, term] = [one, one];
    // From where |r| <= (n + 1) / 2, each term is at most half of the one before, and all that
    // follow are together at most this one.
    const falls = wholeUp(rest.size() * 2n, inner) - 1n;
    for (let n = 1n; ; n += 1n) {
      term = term.times(rest).divided(n);
      sum = sum.plus(term);
      if (n >= falls && term.size() <= 1n) break;
    }
    sum = sum.widened(term.size());
    for (let i = 0; i < halvings; i++) sum = sum.squared();
    return sum.shifted(Number(power)).withBits(bits);
  }

  /**
   * The logarithm of a positive fraction. With `x = 2^k m` and `y = (m - 1) / (m + 1)`, it is
   * `k ln 2 + 2 artanh y`; m between 3/4 and 3/2 makes |y| at most 1/5.
   */
  ln(x: Fraction): Interval {
    const inner = this.bits + 24;
    let power = bitLength(x.over) - bitLength(x.under);
    const scaled = (power: number): [bigint, bigint] =>
      power < 0 ? [x.over << BigInt(-power), x.under] : [x.over, x.under << BigInt(power)];
    let [over, under] = scaled(power);
    // Bit lengths leave m between 1/2 and 2.
    const correction = over * 2n > under * 3n ? 1 : over * 4n < under * 3n ? -1 : 0;
    if (correction !== 0) {
      power += correction;
      [over, under] = scaled(power);
    }
    const y = Interval.around({ over: over - under, under: over + under }, inner);
    const near = oddSeries(y, "same").shifted(1);
    return near.plus(this.ln2.withBits(inner).scaled(BigInt(power))).withBits(this.bits);
  }

  /**
   * The normal distribution at every `x`: `N(x) = 1/2 + density(x) (x + x^3/3 + x^5/(3 5) + ..)`.
   * All terms have one sign, so nothing cancels. Where `e^(-x^2/2) < 2^-bits`, the bound
   * `N(-x) <= e^(-x^2/2) / 2` says all that these bits can.
   */
  normal(exact: Interval): Normal {
    const { bits } = this;
    const one = Interval.whole(1n, bits);
    if (exact.high <= 0n && exact.low < 0n) {
      const { density, below } = this.normal(exact.negated());
      return { density, below: one.minus(below) };
    }
    // x^2 >= 1.4 bits, and ln 2 < 0.7.
    const least = exact.leastSize();
    if (least * least * 5n >= BigInt(7 * bits) << BigInt(2 * exact.bits)) {
      const rest = Interval.upTo(-bits, bits);
      return { density: rest, below: one.minus(rest) };
    }
    if (!exact.isWithin(0)) {
      // Nothing is known of x yet, and little of N(x): more bits will tell.
      const any = Interval.upTo(0, bits);
      return { density: any, below: any };
    }
    // The series grows like e^(x^2/2), so the density needs that many bits more: 0.73 x^2, with x
    // at most sqrt(1.4 bits) + 1.
    const growth = Number(exact.squared().ceil());
    const inner = bits + ((growth * 3) >> 2) + 16;
    const [x, square] = [exact.withBits(inner), exact.squared().withBits(inner)];
    const density = this.expTo(square.shifted(-1).negated(), inner).times(
      this.peak.withBits(inner),
    );
    let [sum, term] = [x, x];
    // From where x^2 <= (2n + 3) / 2, each term is at most half of the one before.
    const falls = wholeUp(square.size() * 2n, inner);
    for (let n = 1n; ; n += 1n) {
      term = term.times(square).divided(2n * n + 1n);
      sum = sum.plus(term);
      if (2n * n + 3n >= falls && term.size() <= 1n) break;
    }
    sum = sum.widened(term.size());
    const half = Interval.whole(1n, inner).shifted(-1);
    const below = half.plus(density.times(sum)).withBits(bits);
    return { density: density.withBits(bits), below };
  }
}

/** So many units of 2^-bits as a whole number, rounded up. */
function wholeUp(units: bigint, bits: number): bigint {
  return -(-units >> BigInt(bits));
}

/**
 * `y + y^3/3 + y^5/5 + ..` = artanh y, or with alternating signs arctan y, for |y| <= 1/2.
 */
function oddSeries(y: Interval, signs: "same" | "alternating"): Interval {
  const square = y.squared();
  let [sum, power] = [y, y];
  for (let n = 1n; ; n += 1n) {
    power = power.times(square);
    const term = power.divided(2n * n + 1n);
    const subtract = signs === "alternating" && n % 2n === 1n;
    sum = subtract ? sum.minus(term) : sum.plus(term);
    // y^2 <= 1/4, so all that follow are together less than a third of this power.
    if (power.size() <= 1n) break;
  }
  return sum.widened(power.size());
}
