// The volatilities of options as prices state them. Twin of rules/src/black76/surface.rs.
//
// At one expiry a volatility is linear in the strike. Between two expiries the total variance
// sigma^2 T at the strike is linear in time, and so is the forward; an expiry without a forward has
// the underlying's price for one. Beyond the first and last strike or expiry nothing is known and
// nothing is made up. Time is in years of 365 days, exact to the nanosecond.

import { type Field, isTime } from "../../encoding/canonical.ts";
import {
  type Decimal,
  compareDecimals,
  parseDecimal,
  showDecimal,
  whole,
} from "../../encoding/decimal.ts";
import {
  type Fraction,
  NOTHING,
  compareFractions,
  fraction,
  minus,
  plus,
  quotient,
  reduced,
  times,
} from "../../encoding/fraction.ts";
import { quoted, refuse } from "../../encoding/refused.ts";
import { nanoseconds } from "../../encoding/times.ts";
import { checkName } from "../names.ts";

/** The volatilities of one underlying. */
export interface Surface {
  /** The discount rate, compounded continuously: 0 if left out. */
  readonly rate: Decimal | undefined;
  /** By the time of expiry, in order. */
  readonly expiries: ReadonlyMap<string, Smile>;
}

/** The volatilities at one expiry. */
export interface Smile {
  /** The price for delivery then: the underlying's own if left out. */
  readonly forward: Decimal | undefined;
  /** The volatility by strike, in the order of the texts. */
  readonly strikes: ReadonlyMap<string, Decimal>;
}

/** All surfaces, by underlying. */
export type Surfaces = ReadonlyMap<string, Surface>;

/** What an option is valued at, all but its strike and side. */
export interface Point {
  readonly forward: Fraction;
  /** The total variance until expiry. */
  readonly variance: Fraction;
  /** The rate times the time. */
  readonly rateTime: Fraction;
  /** The time until then in years. */
  readonly time: Fraction;
}

const MAX_ENTRIES = 1000;
/** Nanoseconds of a year of 365 days. */
const YEAR = 365n * 86_400n * 1_000_000_000n;

/** Reads the volatilities of options of a prices file: only their form. */
export function readSurfaces(field: Field | undefined): Map<string, Surface> {
  const entries = field?.map() ?? [];
  if (field && entries.length === 0) field.fail("is empty: it must be left out instead");
  return new Map(
    entries.map(([underlying, entry]) => {
      const fields = entry.fields();
      const rate = fields.optional("rate")?.decimal();
      const smiles = fields.field("expiries").map();
      fields.end();
      return [underlying, { rate, expiries: new Map(smiles.map(readSmile)) }];
    }),
  );
}

function readSmile([expiry, entry]: [string, Field]): [string, Smile] {
  const fields = entry.fields();
  const forward = fields.optional("forward")?.decimal();
  const strikes = fields.field("strikes").map();
  fields.end();
  return [expiry, { forward, strikes: new Map(strikes.map(([at, vol]) => [at, vol.decimal()])) }];
}

/** Refuses surfaces that make no sense. */
export function checkSurfaces(surfaces: Surfaces): void {
  for (const [underlying, { rate, expiries }] of surfaces) {
    const key = `prices.vols.${underlying}`;
    checkName("prices.vols", underlying);
    checkSize(`${key}.expiries`, expiries.size);
    if (rate && (compareDecimals(rate, whole(1n)) > 0 || compareDecimals(rate, whole(-1n)) < 0)) {
      refuse(`${key}.rate: ${showDecimal(rate)} is not from -1 to 1`);
    }
    for (const [expiry, smile] of expiries) {
      if (!isTime(expiry)) refuse(`${key}.expiries: ${quoted(expiry)} is not a UTC time`);
      checkSmile(`${key}.expiries.${expiry}`, smile);
    }
  }
}

function checkSmile(key: string, { forward, strikes }: Smile): void {
  if (forward && forward.mantissa < 0n) refuse(`${key}.forward is negative`);
  checkSize(`${key}.strikes`, strikes.size);
  const seen = new Set<string>();
  for (const [text, vol] of strikes) {
    const strike = parseDecimal(text);
    if (strike.mantissa <= 0n) refuse(`${key}.strikes: ${text} is not above 0`);
    // One number has one text without zeros at its end.
    const shortest = showDecimal(strike).replace(/(\.[0-9]*?)0+$/, "$1").replace(/\.$/, "");
    if (seen.has(shortest)) refuse(`${key}.strikes: ${text} stands there twice`);
    seen.add(shortest);
    if (vol.mantissa < 0n) refuse(`${key}.strikes.${text} is negative`);
  }
}

function checkSize(key: string, entries: number): void {
  if (entries === 0) refuse(`${key} is empty`);
  if (entries > MAX_ENTRIES) refuse(`${key}: ${entries} entries are more than ${MAX_ENTRIES}`);
}

/**
 * The point of a surface that an option is valued with, at `asOf`, which is before `expiry`; `spot`
 * is the underlying's price. `key` says whose surface it is.
 */
export function pointOf(
  key: string,
  { rate, expiries }: Surface,
  asOf: string,
  expiry: string,
  strike: Decimal,
  spot: Decimal,
): Point {
  const at = nanoseconds(expiry);
  const from = nanoseconds(asOf);
  const smiles = [...expiries].flatMap(([text, smile]) => {
    const time = nanoseconds(text);
    return time > from ? [{ time, text, smile }] : [];
  });
  const before = smiles.filter(({ time }) => time <= at);
  const after = smiles.filter(({ time }) => time >= at);
  const latest = before.reduce((a, b) => (b.time > a.time ? b : a), before[0]!);
  const earliest = after.reduce((a, b) => (b.time < a.time ? b : a), after[0]!);
  if (!latest || !earliest) {
    return refuse(
      `${key}: there is no volatility for the expiry ${expiry}, nor one before and one after it`,
    );
  }
  const years = (to: bigint): Fraction => reduced({ over: to - from, under: YEAR });
  const time = years(at);
  const [start, end] = [latest, earliest].map(({ time, text, smile }) => {
    const vol = volatilityAt(smile, strike);
    if (!vol) {
      return refuse(
        `${key}: ${text}: there is no volatility for the strike ${showDecimal(strike)}, nor one ` +
          "on each side of it",
      );
    }
    const variance = times(times(vol, vol), years(time));
    return { time: years(time), variance, forward: fraction(smile.forward ?? spot) };
  }) as [Stop, Stop];
  const between = (from: Fraction, to: Fraction) =>
    reduced(linear([start.time, from], [end.time, to], time));
  return {
    forward: between(start.forward, end.forward),
    variance: between(start.variance, end.variance),
    rateTime: reduced(times(rate ? fraction(rate) : NOTHING, time)),
    time,
  };
}

/** What is known at one expiry. */
interface Stop {
  readonly time: Fraction;
  readonly variance: Fraction;
  readonly forward: Fraction;
}

/** The volatility at a strike; undefined beyond the first or last. */
function volatilityAt({ strikes }: Smile, strike: Decimal): Fraction | undefined {
  let below: [Decimal, Decimal] | undefined;
  let above: [Decimal, Decimal] | undefined;
  for (const [text, vol] of strikes) {
    const at = parseDecimal(text);
    const order = compareDecimals(at, strike);
    if (order <= 0 && (!below || compareDecimals(at, below[0]) > 0)) below = [at, vol];
    if (order >= 0 && (!above || compareDecimals(at, above[0]) < 0)) above = [at, vol];
  }
  if (!below || !above) return undefined;
  const [start, end] = [below, above].map(([at, vol]) => [fraction(at), fraction(vol)] as const);
  return linear(start!, end!, fraction(strike));
}

/** The value at `x` of the line through two points, which may be one. */
function linear(
  [x0, y0]: readonly [Fraction, Fraction],
  [x1, y1]: readonly [Fraction, Fraction],
  x: Fraction,
): Fraction {
  if (compareFractions(x0, x1) === 0) return y0;
  return plus(y0, quotient(times(minus(y1, y0), minus(x, x0)), minus(x1, x0)));
}

/** Whether two files state the same, in the same words. */
export function areSameSurfaces(all: Surfaces, others: Surfaces): boolean {
  const same = (one: Decimal | undefined, other: Decimal | undefined) =>
    one && other ? compareDecimals(one, other) === 0 : one === other;
  const smile = (one: Smile, other: Smile | undefined) =>
    other !== undefined &&
    same(one.forward, other.forward) &&
    one.strikes.size === other.strikes.size &&
    [...one.strikes].every(([at, vol]) => same(vol, other.strikes.get(at)));
  return (
    all.size === others.size &&
    [...all].every(([underlying, one]) => {
      const other = others.get(underlying);
      return (
        other !== undefined &&
        same(one.rate, other.rate) &&
        one.expiries.size === other.expiries.size &&
        [...one.expiries].every(([at, own]) => smile(own, other.expiries.get(at)))
      );
    })
  );
}
