// Intervals of real numbers with exact ends. Twin of rules/src/black76/interval.rs.
//
// An interval is two whole multiples of 2^-bits. Every operation rounds its lower end down and its
// upper end up, so the result holds every real number that the operation can make of members of its
// operands. There is no floating point: the same inputs give the same ends in every browser.

import { divFloor } from "../../encoding/decimal.ts";
import type { Fraction } from "../../encoding/fraction.ts";

/** All real numbers from `low / 2^bits` to `high / 2^bits`. */
export class Interval {
  constructor(
    readonly low: bigint,
    readonly high: bigint,
    readonly bits: number,
  ) {}

  /** A whole number, exactly. */
  static whole(number: bigint, bits: number): Interval {
    const end = number << BigInt(bits);
    return new Interval(end, end, bits);
  }

  /** The narrowest interval around a fraction. */
  static around({ over, under }: Fraction, bits: number): Interval {
    const shifted = over << BigInt(bits);
    const low = divFloor(shifted, under);
    return new Interval(low, low * under === shifted ? low : low + 1n, bits);
  }

  /** Everything from 0 to 2^exponent; where that is less than 2^-bits, to 2^-bits. */
  static upTo(exponent: number, bits: number): Interval {
    return new Interval(0n, 1n << BigInt(Math.max(exponent + bits, 0)), bits);
  }

  /** The same numbers with ends of another fineness. */
  withBits(bits: number): Interval {
    if (bits >= this.bits) {
      const shift = BigInt(bits - this.bits);
      return new Interval(this.low << shift, this.high << shift, bits);
    }
    const shift = BigInt(this.bits - bits);
    return new Interval(this.low >> shift, shiftedUp(this.high, shift), bits);
  }

  /** Whether the distance between the ends is at most 2^exponent. */
  isWithin(exponent: number): boolean {
    const shift = exponent + this.bits;
    return shift >= 0 && this.high - this.low <= 1n << BigInt(shift);
  }

  /** The whole number next below or at every member; undefined where they do not share one. */
  floor(): bigint | undefined {
    const bits = BigInt(this.bits);
    const low = this.low >> bits;
    return low === this.high >> bits ? low : undefined;
  }

  /** The whole number next below or at the least member. */
  floorLow(): bigint {
    return this.low >> BigInt(this.bits);
  }

  /** The whole number next above or at the greatest member. */
  ceil(): bigint {
    return shiftedUp(this.high, BigInt(this.bits));
  }

  /** The largest size of a member, in units of 2^-bits. */
  size(): bigint {
    const [low, high] = [sizeOf(this.low), sizeOf(this.high)];
    return low > high ? low : high;
  }

  /** The smallest size of a member, in units of 2^-bits. */
  leastSize(): bigint {
    if (this.low >= 0n) return this.low;
    return this.high <= 0n ? -this.high : 0n;
  }

  /** Every `x` as `-x`. */
  negated(): Interval {
    return new Interval(-this.high, -this.low, this.bits);
  }

  /** Every `x + y`. */
  plus(other: Interval): Interval {
    return new Interval(this.low + other.low, this.high + other.high, this.bits);
  }

  /** Every `x - y`. */
  minus(other: Interval): Interval {
    return new Interval(this.low - other.high, this.high - other.low, this.bits);
  }

  /** Every `x y`. */
  times(other: Interval): Interval {
    const shift = BigInt(this.bits);
    if (this.low >= 0n && other.low >= 0n) {
      const high = shiftedUp(this.high * other.high, shift);
      return new Interval((this.low * other.low) >> shift, high, this.bits);
    }
    // A product of two numbers is least and greatest at ends of both.
    const first = this.low * other.low;
    let [low, high] = [first, first];
    for (const end of [this.low * other.high, this.high * other.low, this.high * other.high]) {
      if (end < low) low = end;
      if (end > high) high = end;
    }
    return new Interval(low >> shift, shiftedUp(high, shift), this.bits);
  }

  /** Every `x^2`. */
  squared(): Interval {
    const [least, size, shift] = [this.leastSize(), this.size(), BigInt(this.bits)];
    return new Interval((least * least) >> shift, shiftedUp(size * size, shift), this.bits);
  }

  /** Every `n x` for one whole number. */
  scaled(number: bigint): Interval {
    const [low, high] = [this.low * number, this.high * number];
    return number < 0n ? new Interval(high, low, this.bits) : new Interval(low, high, this.bits);
  }

  /** Every `2^exponent x`. */
  shifted(exponent: number): Interval {
    const shift = BigInt(Math.abs(exponent));
    return exponent < 0
      ? new Interval(this.low >> shift, shiftedUp(this.high, shift), this.bits)
      : new Interval(this.low << shift, this.high << shift, this.bits);
  }

  /** Every `x / n` for one positive whole number. */
  divided(number: bigint): Interval {
    // A quotient is rounded towards zero: inwards for an end that lies away from it.
    const { low, high } = this;
    const below = low < 0n ? (low - number + 1n) / number : low / number;
    const above = high > 0n ? (high + number - 1n) / number : high / number;
    return new Interval(below, above, this.bits);
  }

  /** Every `x / y`; undefined where some `y` may be zero or less. */
  over(other: Interval): Interval | undefined {
    if (other.low <= 0n) return undefined;
    const shift = BigInt(this.bits);
    const [low, high] = [this.low << shift, this.high << shift];
    // The quotient of a number below zero is least where the divisor is.
    const below = divFloor(low, low < 0n ? other.low : other.high);
    const above = -divFloor(-high, high < 0n ? other.high : other.low);
    return new Interval(below, above, this.bits);
  }

  /** Every square root of a member that is not negative. */
  root(): Interval {
    const shift = BigInt(this.bits);
    const [low, high] = [atLeast0(this.low) << shift, atLeast0(this.high) << shift];
    const root = rootDown(high);
    return new Interval(rootDown(low), root * root === high ? root : root + 1n, this.bits);
  }

  /** The members that are not negative, where it is known that the number meant is not. */
  knownNonNegative(): Interval {
    return new Interval(atLeast0(this.low), atLeast0(this.high), this.bits);
  }

  /** With `units` of 2^-bits more on both sides. */
  widened(units: bigint): Interval {
    return new Interval(this.low - units, this.high + units, this.bits);
  }
}

/** `number / 2^shift`, rounded up: a shift to the right rounds towards minus infinity. */
function shiftedUp(number: bigint, shift: bigint): bigint {
  return -(-number >> shift);
}

function sizeOf(number: bigint): bigint {
  return number < 0n ? -number : number;
}

function atLeast0(number: bigint): bigint {
  return number < 0n ? 0n : number;
}

/** The largest whole number whose square is at most `square`, which is not negative. */
export function rootDown(square: bigint): bigint {
  if (square < 2n) return square;
  // From above, Newton's steps fall until they reach the root rounded down.
  let root = 1n << BigInt((bitLength(square) + 1) >> 1);
  for (;;) {
    const next = (root + square / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** The bits of a whole number that is not negative. */
export function bitLength(number: bigint): number {
  const digits = number.toString(16);
  return 4 * digits.length - Math.clz32(Number.parseInt(digits[0]!, 16)) + 28;
}
