// The value of an option by Black's model of 1976, to the unit. Twin of rules/src/black76/black.rs.
//
// With a forward F, a strike K, a total variance w = sigma^2 T and a discount D = e^(-r T),
//
//   call = D (F N(d1) - K N(d2))       d1 = ln(F / K) / sqrt(w) + sqrt(w) / 2
//   put  = D (K N(-d2) - F N(-d1))     d2 = d1 - sqrt(w)
//
// and where w, F or K is 0, what exercise brings: D max(F - K, 0) and D max(K - F, 0). The value is
// the real number rounded down to a unit. It is computed in intervals, with more and more bits
// until both ends round to one integer (Ziv's strategy), so it is the same by every method and on
// every machine.
//
// Only the side that is out of the money is computed so; the other follows from
// call - put = D (F - K). Its difference is a whole number of units in most books, and a small time
// value on top of it is then rounded down by its sign alone, however small it is.

import { ten } from "../../encoding/decimal.ts";
import {
  type Fraction,
  compareFractions,
  minus,
  negated,
  quotient,
  times,
  wholeFraction,
} from "../../encoding/fraction.ts";
import { refuse } from "../../encoding/refused.ts";
import { Precision } from "./functions.ts";
import { Interval } from "./interval.ts";

/** The right that an option gives: to buy at the strike, or to sell. */
export type Side = "call" | "put";
export const SIDES: readonly Side[] = ["call", "put"];

/** The largest total variance: a volatility of 500 % for ten years has 250. */
const MAX_VARIANCE = 256n;
/** The largest size of the rate times the time. */
const MAX_RATE_TIME = 32n;

/**
 * The precisions that are tried, in bits behind the point. The first suffices for values below
 * 2^100 units but for one in billions.
 */
const BITS = [128, 256, 512, 1024, 2048, 4096];
const PRECISIONS: Precision[] = [];

/** The numbers that one option is valued from, per unit of its underlying. */
export class Black {
  private constructor(
    readonly forward: Fraction,
    readonly strike: Fraction,
    /** `sigma^2 T`. */
    readonly variance: Fraction,
    /** `r T`. */
    readonly rateTime: Fraction,
  ) {}

  /** Refuses numbers that the model is not computed for. `key` says whose they are. */
  static of(
    key: string,
    forward: Fraction,
    strike: Fraction,
    variance: Fraction,
    rateTime: Fraction,
  ): Black {
    const isAbove = (number: Fraction, most: bigint) =>
      compareFractions(number, wholeFraction(most)) > 0;
    if (forward.over < 0n || strike.over < 0n) refuse(`${key}: forward or strike is negative`);
    if (variance.over < 0n || isAbove(variance, MAX_VARIANCE)) {
      refuse(`${key}: the total variance is not from 0 to ${MAX_VARIANCE}`);
    }
    if (isAbove(rateTime, MAX_RATE_TIME) || isAbove(negated(rateTime), MAX_RATE_TIME)) {
      refuse(`${key}: rate times time is not from -${MAX_RATE_TIME} to ${MAX_RATE_TIME}`);
    }
    return new Black(forward, strike, variance, rateTime);
  }

  /** The value in units of 10^-decimals, rounded down. Never negative. */
  value(side: Side, decimals: number): bigint {
    return decide((precision) => {
      return this.worth(side, decimals, precision)?.times(this.discount(precision));
    });
  }

  /**
   * The change of the value with the forward, in units of 10^-decimals, to the nearest. Without
   * variance it is the limit: a half, discounted, where forward and strike are equal.
   */
  delta(side: Side, decimals: number): bigint {
    return nearest(decimals, (precision) => {
      const one = Interval.whole(1n, precision.bits);
      const call = this.isCertain() ? this.certain(one) : this.below(precision);
      const delta = side === "call" ? call : call?.minus(one);
      return delta?.times(this.discount(precision));
    });
  }

  /**
   * The change of the delta with the forward, in units of 10^-decimals, to the nearest: the same
   * for a call and a put. Undefined at the strike without variance, where it has no bound.
   */
  gamma(decimals: number): bigint | undefined {
    if (this.isCertain()) {
      return compareFractions(this.forward, this.strike) === 0 ? undefined : 0n;
    }
    return nearest(decimals, (precision) => {
      const d1 = this.d1(precision);
      const forward = Interval.around(this.forward, precision.bits);
      const density = d1 && precision.normal(d1).density;
      return density?.over(this.root(precision))?.over(forward)?.times(this.discount(precision));
    });
  }

  /**
   * The change of the value with the volatility (1 is 100 %), `time` years before expiry, in units
   * of 10^-decimals, to the nearest: the same for a call and a put.
   */
  vega(time: Fraction, decimals: number): bigint {
    return nearest(decimals, (precision) => {
      const { bits } = precision;
      const forward = Interval.around(this.forward, bits);
      const root = Interval.around(time, bits).root();
      return this.density(precision)?.times(forward).times(root).times(this.discount(precision));
    });
  }

  private density(precision: Precision): Interval | undefined {
    if (!this.isCertain()) {
      const d1 = this.d1(precision);
      return d1 && precision.normal(d1).density;
    }
    const nothing = Interval.whole(0n, precision.bits);
    const isAtStrike = compareFractions(this.forward, this.strike) === 0;
    return isAtStrike ? precision.normal(nothing).density : nothing;
  }

  private below(precision: Precision): Interval | undefined {
    const d1 = this.d1(precision);
    return d1 && precision.normal(d1).below;
  }

  /** The undiscounted delta of a call whose outcome is certain. */
  private certain(one: Interval): Interval {
    const order = compareFractions(this.forward, this.strike);
    return order < 0 ? one.scaled(0n) : order === 0 ? one.shifted(-1) : one;
  }

  /** The outcome does not depend on the normal distribution. */
  private isCertain(): boolean {
    return this.variance.over === 0n || this.forward.over === 0n || this.strike.over === 0n;
  }

  private discount(precision: Precision): Interval {
    return precision.exp(Interval.around(negated(this.rateTime), precision.bits));
  }

  private root({ bits }: Precision): Interval {
    return Interval.around(this.variance, bits).root();
  }

  private d1(precision: Precision, root = this.root(precision)): Interval | undefined {
    const moneyness = precision.ln(quotient(this.forward, this.strike));
    return moneyness.over(root)?.plus(root.shifted(-1));
  }

  /** The undiscounted value in units of 10^-decimals. */
  private worth(side: Side, decimals: number, precision: Precision): Interval | undefined {
    const { bits } = precision;
    const unit = wholeFraction(ten(decimals));
    const above = minus(this.forward, this.strike);
    const exercised = times(side === "call" ? above : negated(above), unit);
    const intrinsic = Interval.around(exercised, bits).knownNonNegative();
    if (this.isCertain()) return intrinsic;
    const root = this.root(precision);
    const d1 = this.d1(precision, root);
    if (!d1) return undefined;
    const d2 = d1.minus(root);
    const forward = Interval.around(times(this.forward, unit), bits);
    const strike = Interval.around(times(this.strike, unit), bits);
    const below = (d: Interval) => precision.normal(d).below;
    const outOfTheMoney =
      above.over < 0n
        ? forward.times(below(d1)).minus(strike.times(below(d2)))
        : strike.times(below(d2.negated())).minus(forward.times(below(d1.negated())));
    return intrinsic.plus(outOfTheMoney.knownNonNegative());
  }
}

type Compute = (precision: Precision) => Interval | undefined;

/** The whole number next below what `compute` gives, with as many bits as it takes. */
function decide(compute: Compute): bigint {
  for (const [i, bits] of BITS.entries()) {
    const floor = compute((PRECISIONS[i] ??= new Precision(bits)))?.floor();
    if (floor !== undefined) return floor;
  }
  return refuse(`the value of an option is not decided by ${BITS[BITS.length - 1]} bits`);
}

/** The whole number of units of 10^-decimals nearest to what `compute` gives; a half goes up. */
function nearest(decimals: number, compute: Compute): bigint {
  const unit = ten(decimals);
  return decide((precision) => {
    const half = Interval.whole(1n, precision.bits).shifted(-1);
    return compute(precision)?.scaled(unit).plus(half);
  });
}
