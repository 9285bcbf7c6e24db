// What one unit of an instrument is worth in every scenario (prover/src/rules/worth.rs has the
// table of formulas): exact in mark, elsewhere rounded down, against the account.

import { type Decimal, divFloor, exactUnits, showDecimal, ten } from "../../encoding/decimal.ts";
import { type Prices, priceOf } from "../prices.ts";
import { refuse } from "../../encoding/refused.ts";
import type { Delta, Margin, Rules, Scenario } from "../schema.ts";

/** A factor of the price, `numerator / 10^scale`. */
export interface Factor {
  readonly numerator: bigint;
  readonly scale: number;
}

export const ONE: Factor = { numerator: 1n, scale: 0 };
const NOTHING: Factor = { numerator: 0n, scale: 0 };

/** What the venue owes (1) or is owed (-1). */
export type Sign = 1n | -1n;

/** A weight as a factor; none stays none. */
export function weight(number: Decimal | undefined): Factor | undefined {
  return number && { numerator: number.mantissa, scale: number.scale };
}

/** What is left of a notional after its margin: `1 - rate` of what is owned, `1 + rate` of a debt. */
export function afterMargin(sign: Sign, rate: Decimal | undefined): Factor | undefined {
  return rate && { numerator: ten(rate.scale) - sign * rate.mantissa, scale: rate.scale };
}

/** The mark price of one unit of quantity. */
export interface MarkPrice {
  /** Whose price; the number 1 where there is none. */
  readonly of: string | undefined;
  /** Digits of value in one unit of quantity. */
  readonly shift: number;
  /** The price in units of value. */
  readonly units: bigint;
}

/** What the worth of one instrument follows from. */
export interface Terms {
  /** Which side of it, as an instrument's name begins. */
  readonly side: "deposit" | "borrow" | "long" | "short" | "quote";
  readonly name: string;
  readonly price: MarkPrice;
  readonly sign: Sign;
  readonly factors: Readonly<Record<Margin, Factor | undefined>>;
  /** The asset whose moves it follows. */
  readonly underlying: string;
  /** Whether a default move applies. */
  readonly shocked: boolean;
}

/** How the values of a row follow from a price. */
export interface Worth {
  /** Whose price; undefined for the number 1. */
  readonly price: string | undefined;
  /** One per scenario of the rules; none where the role fixes the values. */
  readonly factors: readonly Factor[];
  /** Whether some factor is of the underlying's price, where that is another. */
  readonly hasTwoPrices: boolean;
}

/** A row that is worth nothing, or one unit where it closes its scenario. */
export const FIXED: Worth = { price: undefined, factors: [], hasTwoPrices: false };

/** The least size of a value that is rounded in a stress whose owed a clause rests on. */
const FINE = 1000n;

function isFine(product: bigint, divisor: bigint): boolean {
  const units = divFloor(product, divisor);
  return units * divisor === product || units >= FINE || units <= -FINE;
}

/** Whether a clause rests on what is owed in a stress: coarser units would change that by their rounding. */
function isAsked({ policy }: Rules, { kind, name }: Scenario): boolean {
  return kind === "stress" && (policy.coverage.has(name) || policy.badDebt.get(name) === "insurance");
}

/** One value per scenario, each below 2^64 in size, and what they follow from. */
export function valuesOf(terms: Terms, rules: Rules, prices: Prices): { values: bigint[]; worth: Worth } {
  const factors = rules.scenarios.map((scenario) => {
    return factorIn(terms, scenario) ?? refuse(`rules: ${terms.name}: a margin scenario needs its weight`);
  });
  let hasTwoPrices = false;
  const values = rules.scenarios.map((scenario, i) => {
    const factor = factors[i]!;
    if (isAsked(rules, scenario) && !isFine(terms.price.units * factor.numerator, ten(factor.scale))) {
      const least = `worth less than ${FINE} units of value in ${scenario.name}, and not a whole number of them`;
      refuse(`rules: ${terms.name}: ${least}`);
    }
    const isOther = isOfUnderlying(terms, scenario, factor);
    hasTwoPrices ||= isOther;
    const units = isOther
      ? ofUnderlying(terms, factor, prices)
      : divFloor(terms.price.units * factor.numerator, ten(factor.scale));
    return bounded(units, terms.name, scenario);
  });
  return { values, worth: { price: terms.price.of, factors, hasTwoPrices } };
}

/** Whether a factor is of the underlying's price, where that is another. */
function isOfUnderlying(terms: Terms, { ratesOf, delta }: Scenario, factor: Factor): boolean {
  const isGain = delta !== undefined || ratesOf === "underlying";
  return isGain && factor.numerator !== 0n && terms.price.of !== terms.underlying;
}

/** A part of the underlying's price, which may be finer than a unit of value. */
function ofUnderlying({ name, underlying, price: { shift } }: Terms, factor: Factor, prices: Prices): bigint {
  const price = priceOf(prices, underlying);
  if (!price) return refuse(`rules: ${name}: there is no price for ${underlying}`);
  return divFloor(ten(shift) * price.mantissa * factor.numerator, ten(price.scale + factor.scale));
}

/** A value below 2^64 in size. */
export function bounded(units: bigint, name: string, scenario: Scenario): bigint {
  if (units >= 1n << 64n || units <= -(1n << 64n)) {
    refuse(`rules: ${name}: its value in ${scenario.name} is not below 2^64`);
  }
  return units;
}

/** The factor of the price in one scenario, negative for what the account owes. */
function factorIn(terms: Terms, scenario: Scenario): Factor | undefined {
  const { sign } = terms;
  const signed = (factor: Factor) => ({ ...factor, numerator: sign * factor.numerator });
  if (scenario.kind === "constraint") return gain(terms, scenario);
  const factor = scenario.margin ? terms.factors[scenario.margin] : moved(terms, scenario);
  return factor && signed(factor);
}

/** The factor in mark or a stress. */
function moved(terms: Terms, scenario: Scenario): Factor {
  const move = relativeMove(terms, scenario);
  return move ? { numerator: ten(move.scale) + move.mantissa, scale: move.scale } : ONE;
}

/** The factor in a constraint: what a price's move gains, or the rate itself. */
function gain(terms: Terms, scenario: Scenario): Factor {
  const { name, side, sign, underlying } = terms;
  const { rates, only, weight, delta } = scenario;
  if (rates.size > 0) {
    const rate = rates.get(`${side} ${name}`);
    return rate ? { numerator: rate.mantissa, scale: rate.scale } : NOTHING;
  }
  if (only && !only.includes(name)) return NOTHING;
  if (delta) return delta.underlying === underlying ? ofDelta(sign, delta) : NOTHING;
  const move = relativeMove(terms, scenario);
  if (!move) return NOTHING;
  const part = weight ?? { mantissa: 1n, scale: 0 };
  return { numerator: sign * move.mantissa * part.mantissa, scale: move.scale + part.scale };
}

/** What one unit gains, whose delta is 1. */
function ofDelta(sign: Sign, { net, gross }: Delta): Factor {
  const scale = Math.max(net.scale, gross.scale);
  const numerator = sign * net.mantissa * ten(scale - net.scale) - gross.mantissa * ten(scale - gross.scale);
  return { numerator, scale };
}

function relativeMove({ underlying, shocked }: Terms, { moves, defaultMove }: Scenario): Decimal | undefined {
  return moves.get(underlying) ?? (shocked ? defaultMove : undefined);
}

/** The mark price of 10^-decimals of `name`, or of its underlying, in units of value. */
export function markPrice(
  rules: Rules,
  prices: Prices,
  name: string,
  underlying: string,
  decimals: number,
): MarkPrice {
  const of = priceOf(prices, name) ? name : underlying;
  const price = priceOf(prices, of);
  if (!price) return refuse(`rules: there is no price for ${underlying}`);
  const shift = rules.valueDecimals - decimals;
  const units = exactUnits(price, shift);
  if (units === undefined) refuse(`rules: the price ${showDecimal(price)} of ${name} has too many digits`);
  return { of, shift, units };
}
