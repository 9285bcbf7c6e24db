// The value of options in every scenario. Twin of rules/src/value/option.rs, which has the table of
// formulas: a value at mark and in stresses is rounded down for both sides, in a margin scenario a
// long is rounded down and a short's margin up, and in a constraint every gain is rounded down.

import { type Decimal, floorUnits, ten, whole } from "../../encoding/decimal.ts";
import {
  type Fraction,
  NOTHING,
  ceilOf,
  floorOf,
  fraction,
  larger,
  minus,
  negated,
  plus,
  times,
  wholeFraction,
} from "../../encoding/fraction.ts";
import { refuse } from "../../encoding/refused.ts";
import { nanoseconds } from "../../encoding/times.ts";
import { Black } from "../black76/black.ts";
import { type Greeks, DELTA_DECIMALS, greeksOf } from "../black76/greeks.ts";
import { type Point, pointOf } from "../black76/surface.ts";
import { type Prices, priceOf } from "../prices.ts";
import type { Delta, ExpiryMoves, Margin, OptionRule, Rules, Scenario } from "../schema.ts";
import type { Valuation } from "../table.ts";
import { bounded } from "./terms.ts";

/** The values of one option: of a long and a short, one per scenario. */
export interface OptionWorth {
  readonly underlying: string;
  readonly decimals: number;
  readonly long: Valued;
  readonly short: Valued;
  /** Of one whole unit, at mark. */
  readonly greeks: Greeks;
}

interface Valued {
  readonly values: bigint[];
  readonly valuation: Valuation;
}

/** The least units of value that the underlying of one unit of an option is worth. */
const FINE = 1_000_000n;

const ONE = whole(1n);
/** The options of this expiry are as all others. */
const AS_ALL: ExpiryMoves = {
  move: undefined,
  volMove: undefined,
  discount: undefined,
  weight: undefined,
};

/** The values of an option; `shocked` says whether a default move applies to its underlying. */
export function optionWorth(
  rules: Rules,
  prices: Prices,
  name: string,
  rule: OptionRule,
  shocked: boolean,
): OptionWorth {
  const key = `rules: options.${name}`;
  if (prices.prices.has(name)) {
    refuse(`${key}: the prices have one of its name, but a model values it`);
  }
  const spot = priceOf(prices, rule.underlying);
  if (!spot) return refuse(`${key}: there is no price for ${rule.underlying}`);
  const shift = rules.valueDecimals - rule.decimals;
  // Of what is worth nothing, a call is worth nothing and a put its strike.
  if (spot.mantissa !== 0n && floorUnits(spot, shift) < FINE) {
    refuse(`${key}: ${rule.underlying} at mark is below ${FINE} units of value`);
  }
  const point = pointIn(prices, key, rule, spot);
  const option = new Option(rules, rule, key, name, fraction(spot), point, shocked);
  const sides = rules.scenarios.map((scenario) => option.values(scenario));
  const row = (side: 0 | 1): Valued => {
    const values = sides.map((both, i) =>
      bounded(both[side], `options.${name}`, rules.scenarios[i]!),
    );
    const factors = values.map((numerator) => ({ numerator, scale: 0 }));
    return { values, valuation: { price: undefined, factors, hasTwoPrices: false } };
  };
  const { underlying, decimals } = rule;
  return { underlying, decimals, long: row(0), short: row(1), greeks: option.greeks };
}

/** An expired option has its underlying's price as its forward. */
function pointIn(prices: Prices, key: string, rule: OptionRule, spot: Decimal): Point {
  const { underlying, expiry, strike } = rule;
  if (nanoseconds(expiry) <= nanoseconds(prices.asOf)) {
    return { forward: fraction(spot), variance: NOTHING, rateTime: NOTHING, time: NOTHING };
  }
  const surface = prices.vols.get(underlying);
  if (!surface) return refuse(`${key}: the prices have no \`vols\` of ${underlying}`);
  return pointOf(`${key}: vols.${underlying}`, surface, prices.asOf, expiry, strike, spot);
}

class Option {
  readonly greeks: Greeks;
  private readonly mark: bigint;
  /** Units of value in the price 1, for one unit of quantity. */
  private readonly unit: Fraction;
  /** Its values by moves, once computed: a scan asks for each several times. */
  private readonly seen = new Map<string, bigint>();

  constructor(
    private readonly rules: Rules,
    private readonly rule: OptionRule,
    private readonly key: string,
    private readonly name: string,
    private readonly spot: Fraction,
    private readonly point: Point,
    private readonly shocked: boolean,
  ) {
    this.unit = wholeFraction(ten(rules.valueDecimals - rule.decimals));
    const black = this.black(ONE, whole(0n));
    this.mark = this.units(black);
    this.greeks = greeksOf(black, rule.side, point.time);
  }

  /** The values of a long and a short in one scenario. */
  values(scenario: Scenario): [bigint, bigint] {
    if (scenario.margin) return this.margined(scenario.margin);
    if (scenario.kind === "constraint") return this.gains(scenario);
    const value = scenario.kind === "stress" ? this.moved(scenario) : this.mark;
    return [value, -value];
  }

  /** The option after its forward was multiplied, and its volatility by 1 plus the move. */
  private black(factor: Decimal, volMove: Decimal): Black {
    const { forward, variance, rateTime } = this.point;
    const vol = fraction(onePlus(volMove));
    const moved = times(forward, fraction(factor));
    const strike = fraction(this.rule.strike);
    return Black.of(this.key, moved, strike, times(variance, times(vol, vol)), rateTime);
  }

  /** The value of one unit of quantity in units of value, rounded down. */
  private units(black: Black): bigint {
    return black.value(this.rule.side, this.rules.valueDecimals - this.rule.decimals);
  }

  /** The value at the scenario's moves. */
  private moved(scenario: Scenario): bigint {
    const own = this.ownMoves(scenario);
    const byDefault = this.shocked ? scenario.defaultMove : undefined;
    const ofUnderlying = scenario.moves.get(this.rule.underlying) ?? byDefault;
    const factor = onePlus(own.move ?? ofUnderlying ?? whole(0n));
    const volMove = own.volMove ?? scenario.volMove ?? whole(0n);
    const at = [factor, volMove].map(({ mantissa, scale }) => `${mantissa}/${scale}`).join(" ");
    const known = this.seen.get(at) ?? this.units(this.black(factor, volMove));
    this.seen.set(at, known);
    return known;
  }

  private ownMoves({ expiries }: Scenario): ExpiryMoves {
    return expiries.get(this.rule.expiry) ?? AS_ALL;
  }

  /** The gains in a constraint, both rounded down. */
  private gains(scenario: Scenario): [bigint, bigint] {
    const { rates, ratesOf, only, delta } = scenario;
    if (rates.size > 0) {
      const spot = times(this.spot, this.unit);
      const price = ratesOf === "underlying" ? spot : wholeFraction(this.mark);
      const gain = (side: string) => {
        const rate = rates.get(`${side} ${this.name}`);
        return rate ? floorOf(times(fraction(rate), price)) : 0n;
      };
      return [gain("long"), gain("short")];
    }
    if (only && !only.includes(this.name)) return [0n, 0n];
    if (delta) {
      return delta.underlying === this.rule.underlying ? this.gainsOf(delta) : [0n, 0n];
    }
    const own = this.ownMoves(scenario);
    const discount = fraction(own.discount ?? ONE);
    const weight = fraction(own.weight ?? scenario.weight ?? ONE);
    const worth = times(discount, wholeFraction(this.moved(scenario)));
    const gain = times(weight, minus(worth, wholeFraction(this.mark)));
    return [floorOf(gain), floorOf(negated(gain))];
  }

  /**
   * The gains by a delta. The greek is to the forward, which moves as the underlying's price does.
   */
  private gainsOf({ net, gross }: Delta): [bigint, bigint] {
    const own = { over: this.greeks.delta, under: ten(DELTA_DECIMALS) };
    const price = times(this.point.forward, this.unit);
    const ofNet = times(fraction(net), own);
    const lost = negated(times(fraction(gross), larger(own, negated(own))));
    const gain = (part: Fraction) => floorOf(times(plus(part, lost), price));
    return [gain(ofNet), gain(negated(ofNet))];
  }

  private margined(margin: Margin): [bigint, bigint] {
    const { side, underlying, strike } = this.rule;
    const rates = this.rules.optionMargins.get(underlying)?.[margin];
    if (!rates) return refuse(`${this.key}: a margin scenario needs its margin`);
    const { base, floor, premium } = rates[side];
    const above = minus(fraction(strike), this.spot);
    const outOfTheMoney = larger(side === "call" ? above : negated(above), NOTHING);
    const spot = times(this.spot, this.unit);
    const value = wholeFraction(this.mark);
    const ofBase = minus(times(fraction(base), spot), times(outOfTheMoney, this.unit));
    const ofFloor = times(fraction(floor), spot);
    const kept = larger(larger(ofBase, ofFloor), times(fraction(premium), value));
    return [floorOf(times(fraction(rates.long), value)), -this.mark - ceilOf(kept)];
  }
}

function onePlus({ mantissa, scale }: Decimal): Decimal {
  return { mantissa: ten(scale) + mantissa, scale };
}
