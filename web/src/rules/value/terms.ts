// What one unit of an instrument is worth in every scenario: exact in mark, elsewhere rounded down,
// against the account. Twin of rules/src/value/terms.rs, which has the table of formulas.

import { type Decimal, divFloor, exactUnits, showDecimal, ten } from "../../encoding/decimal.ts";
import { refuse } from "../../encoding/refused.ts";
import { type Prices, priceOf } from "../prices.ts";
import type { Delta, Margin, Rules, Scenario } from "../schema.ts";
import type { Factor, Sign, Valuation } from "../table.ts";

export const ONE: Factor = { numerator: 1n, scale: 0 };
const NOTHING: Factor = { numerator: 0n, scale: 0 };

/** A weight as a factor, if there is one. */
export function weight(number: Decimal | undefined): Factor | undefined {
  return number && { numerator: number.mantissa, scale: number.scale };
}

/** The part of a notional left after its margin: `1 - rate` of a long, `1 + rate` of a short. */
export function afterMargin(sign: Sign, rate: Decimal | undefined): Factor | undefined {
  return rate && { numerator: ten(rate.scale) - sign * rate.mantissa, scale: rate.scale };
}

/** The mark price of one unit of quantity. */
export interface MarkPrice {
  /** The asset or market whose price is used; undefined means a constant price of 1. */
  readonly of: string | undefined;
  /** Decimals of value less decimals of quantity. */
  readonly shift: number;
  /** The price in units of value. */
  readonly units: bigint;
}

/** All that the values of one instrument follow from. */
export interface Terms {
  /** The side, as an instrument's name begins. */
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

/** The valuation of a row whose values follow from its role: no price and no factors. */
export const FIXED: Valuation = { price: undefined, factors: [], hasTwoPrices: false };

/** The least size of a value that may be rounded in a stress that a clause reads. */
const FINE = 1000n;

/**
 * Whether so many units times a factor are exact, or so much that rounding is a small part of them:
 * else it would change what is owed.
 */
export function isFine(of: bigint, { numerator, scale }: Factor): boolean {
  const [product, divisor] = [of * numerator, ten(scale)];
  const units = divFloor(product, divisor);
  return units * divisor === product || units >= FINE || units <= -FINE;
}

/** Whether somebody reads what is owed in a stress: rounding of coarse units would change that. */
function isAsked({ policy, mayBeCoarse }: Rules, { kind, name }: Scenario): boolean {
  if (kind !== "stress" || mayBeCoarse) return false;
  return policy.coverage.has(name) || policy.badDebt.get(name) === "insurance";
}

/** One value per scenario, each below 2^64 in size, and the valuation that they follow from. */
export function valuesOf(
  terms: Terms,
  rules: Rules,
  prices: Prices,
): { values: bigint[]; valuation: Valuation } {
  const factors = rules.scenarios.map((scenario) => {
    const factor = factorIn(terms, scenario);
    return factor ?? refuse(`rules: ${terms.name}: a margin scenario needs its weight`);
  });
  let hasTwoPrices = false;
  const values = rules.scenarios.map((scenario, i) => {
    const factor = factors[i]!;
    if (isAsked(rules, scenario) && !isFine(terms.price.units, factor)) {
      refuse(
        `rules: ${terms.name}: its value in ${scenario.name} is below ${FINE} units and not a ` +
          "whole number of them",
      );
    }
    const isOther = isOfUnderlying(terms, scenario, factor);
    hasTwoPrices ||= isOther;
    const units = isOther
      ? ofUnderlying(terms, factor, prices)
      : divFloor(terms.price.units * factor.numerator, ten(factor.scale));
    return bounded(units, terms.name, scenario);
  });
  return { values, valuation: { price: terms.price.of, factors, hasTwoPrices } };
}

/** Whether a factor is of the underlying's price, and that is another price. */
function isOfUnderlying(terms: Terms, { ratesOf, delta }: Scenario, factor: Factor): boolean {
  const isGain = delta !== undefined || ratesOf === "underlying";
  return isGain && factor.numerator !== 0n && terms.price.of !== terms.underlying;
}

/** A part of the underlying's price, which may be finer than a unit of value. */
function ofUnderlying({ name, underlying, price }: Terms, factor: Factor, prices: Prices): bigint {
  const own = priceOf(prices, underlying);
  if (!own) return refuse(`rules: ${name}: there is no price for ${underlying}`);
  const product = ten(price.shift) * own.mantissa * factor.numerator;
  return divFloor(product, ten(own.scale + factor.scale));
}

/** A value below 2^64 in size. */
export function bounded(units: bigint, name: string, scenario: { name: string }): bigint {
  if (units >= 1n << 64n || units <= -(1n << 64n)) {
    refuse(`rules: ${name}: its value in ${scenario.name} must be below 2^64 units`);
  }
  return units;
}

/** The factor of the price in one scenario, negative for a liability of the account. */
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

/** The factor in a constraint: the gain from a price's move, or the rate itself. */
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

/** The gain of one unit whose delta is 1. */
function ofDelta(sign: Sign, { net, gross }: Delta): Factor {
  const scale = Math.max(net.scale, gross.scale);
  const numerator =
    sign * net.mantissa * ten(scale - net.scale) - gross.mantissa * ten(scale - gross.scale);
  return { numerator, scale };
}

function relativeMove({ underlying, shocked }: Terms, scenario: Scenario): Decimal | undefined {
  return scenario.moves.get(underlying) ?? (shocked ? scenario.defaultMove : undefined);
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
  if (units === undefined) {
    refuse(`rules: the price ${showDecimal(price)} of ${name} must have at most ${shift} decimals`);
  }
  return { of, shift, units };
}
