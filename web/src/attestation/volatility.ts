// Clauses about the volatilities that rates follow. Twin of attestation/src/policy/volatility.rs.
//
// Of all that the prices state, what a rate takes counts for it, and nothing else: another kind or
// length of time says nothing of it. A rate that names its source rests on that one alone; only the
// band looks at what others say of the same.

import { type Decimal, compareDecimals, showDecimal, ten } from "../encoding/decimal.ts";
import { type Span, distance, isWithin, showSpan } from "../encoding/times.ts";
import { inOrder } from "../rules/names.ts";
import type { VolatilityLimits } from "../rules/schema.ts";
import type { Compiled } from "../rules/table.ts";
import {
  type Followed,
  type Volatility,
  counts,
  isMeasured,
  largestOf,
  showVolatility,
  showWhich,
} from "../rules/volatility.ts";
import type { Clause } from "./clause.ts";

/** The volatilities of one asset: what rates follow, and all that the prices state. */
interface Stated {
  readonly asset: string;
  readonly rates: readonly Followed[];
  readonly all: readonly Volatility[];
}

/** Ages, sources and bands, each by asset, of a snapshot of `asOf`. */
export function volatilityClauses(
  { followed, volatilities }: Pick<Compiled, "followed" | "volatilities">,
  asOf: string,
  { maxAge, leastSources, band }: VolatilityLimits,
  write: (amount: string) => string,
): Clause[] {
  const assets = inOrder(volatilities).map(([asset, all]): Stated => {
    return { asset, rates: followed.filter((one) => one.asset === asset), all };
  });
  const isFresh = (one: Volatility) => maxAge === undefined || isWithin(one.asOf, asOf, maxAge);
  return [
    ...(maxAge === undefined ? [] : assets.map((one) => age(one, asOf, maxAge))),
    ...(leastSources === undefined
      ? []
      : assets.map((one) => sources(one, isFresh, leastSources, maxAge !== undefined, write))),
    ...(band ? assets.map((one) => within(one, isFresh, band, maxAge !== undefined, write)) : []),
  ];
}

function clause(what: string, { asset }: Stated, holds: boolean, detail: string): Clause {
  return { name: `volatility.${what}.${asset}`, holds, detail, by: "W" };
}

/** Each that a rate follows is of about the time of the snapshot, before it or after it. */
function age(stated: Stated, asOf: string, most: Span): Clause {
  // The last of the furthest.
  const [first, ...rest] = new Set(stated.rates.map(({ used }) => used));
  const oldest = rest.reduce(
    (old, one) => (distance(one.asOf, asOf) >= distance(old.asOf, asOf) ? one : old),
    first!,
  );
  // A part of a second counts as a whole one.
  const seconds = (distance(oldest.asOf, asOf) + 999_999_999n) / 1_000_000_000n;
  const detail =
    `${showVolatility(oldest)} is of ${oldest.asOf}, ${showSpan(seconds)} away from the ` +
    `snapshot, and at most ${showSpan(most)} is allowed`;
  return clause("max_age", stated, isWithin(oldest.asOf, asOf, most), detail);
}

/** So many sources state one that counts for the rate, and is not too old: of each rate. */
function sources(
  stated: Stated,
  isFresh: (one: Volatility) => boolean,
  least: bigint,
  hasAge: boolean,
  write: (amount: string) => string,
): Clause {
  const sourcesOf = ({ which }: Followed) => {
    const taken = stated.all.filter((one) => counts(which, one) && isFresh(one));
    return { which, count: BigInt(new Set(taken.map(({ source }) => source)).size) };
  };
  // The first of the fewest.
  const [first, ...rest] = stated.rates.map(sourcesOf);
  const { which, count } = rest.reduce((few, one) => (one.count < few.count ? one : few), first!);
  const state = count === 1n ? "source states" : "sources state";
  const detail =
    `of ${stated.asset} a rate follows ${showWhich(which)}: ${write(String(count))} ${state} one` +
    `${hasAge ? " that is not too old" : ""}, and at least ${write(String(least))} is asked for`;
  return clause("least_sources", stated, count >= least, detail);
}

/** None that a rate follows is below what another source says of the same by more than the band. */
function within(
  stated: Stated,
  isFresh: (one: Volatility) => boolean,
  band: Decimal,
  hasAge: boolean,
  write: (amount: string) => string,
): Clause {
  const show = (number: Decimal) => write(showDecimal(number));
  const pairs: (readonly [used: Volatility, other: Volatility])[] = [];
  for (const { which, used } of stated.rates) {
    const others = stated.all.filter(
      (one) => one.source !== used.source && isMeasured(which, one) && isFresh(one),
    );
    const other = largestOf(others);
    if (!other) {
      const detail =
        `a rate follows ${showVolatility(used)}, ${show(used.annual)}, and no other source says ` +
        `what it is${hasAge ? " at about that time" : ""}`;
      return clause("band", stated, false, detail);
    }
    pairs.push([used, other]);
  }
  const part = { mantissa: ten(band.scale) - band.mantissa, scale: band.scale };
  const holds = ([used, other]: readonly [Volatility, Volatility]) => {
    const { mantissa, scale } = other.annual;
    const least = { mantissa: mantissa * part.mantissa, scale: scale + part.scale };
    return compareDecimals(used.annual, least) >= 0;
  };
  const pair = pairs.find((pair) => !holds(pair)) ?? pairs[0]!;
  const [used, other] = pair;
  const detail =
    `a rate follows ${showVolatility(used)}, ${show(used.annual)}, and the most that another ` +
    `source says is ${show(other.annual)}, ${showVolatility(other)}: it may be below that by ` +
    `${show(band)} of it`;
  return clause("band", stated, holds(pair), detail);
}
