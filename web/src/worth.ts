// What one unit of an instrument is worth in every scenario (prover/src/rules/worth.rs has the
// table of formulas): exact in mark, elsewhere rounded down, against the account.

import { type Decimal, divFloor, exactUnits, showDecimal, ten } from "./decimal.ts";
import { type Prices, priceOf } from "./prices.ts";
import { refuse } from "./refused.ts";
import type { Margin, Rules, Scenario } from "./rules.ts";

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

/** What the worth of one instrument follows from. */
export interface Terms {
  /** Which side of it, as an instrument's name begins. */
  readonly side: "deposit" | "borrow" | "long" | "short" | "quote";
  readonly name: string;
  /** The mark price of one unit of quantity, in units of value. */
  readonly price: bigint;
  readonly sign: Sign;
  readonly factors: Readonly<Record<Margin, Factor | undefined>>;
  /** The asset whose moves it follows. */
  readonly underlying: string;
  /** Whether a default move applies. */
  readonly shocked: boolean;
}

/** One value per scenario, each below 2^64 in size. */
export function valuesOf(terms: Terms, scenarios: readonly Scenario[]): bigint[] {
  return scenarios.map((scenario) => {
    const factor = factorIn(terms, scenario);
    if (!factor) return refuse(`rules: ${terms.name}: a margin scenario needs its weight`);
    const units = divFloor(terms.price * factor.numerator, ten(factor.scale));
    return bounded(units, terms.name, scenario);
  });
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
  const { name, side, sign } = terms;
  const { rates, only, weight } = scenario;
  if (rates.size > 0) {
    const rate = rates.get(`${side} ${name}`);
    return rate ? { numerator: rate.mantissa, scale: rate.scale } : NOTHING;
  }
  const move = relativeMove(terms, scenario);
  if (!move || (only && !only.includes(name))) return NOTHING;
  const part = weight ?? { mantissa: 1n, scale: 0 };
  return { numerator: sign * move.mantissa * part.mantissa, scale: move.scale + part.scale };
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
): bigint {
  const price = priceOf(prices, name) ?? priceOf(prices, underlying);
  if (!price) return refuse(`rules: there is no price for ${underlying}`);
  const units = exactUnits(price, rules.valueDecimals - decimals);
  return units ?? refuse(`rules: the price ${showDecimal(price)} of ${name} has too many digits`);
}
