// Clauses about the volatilities that rates follow. Twin of attestation/src/policy/volatility.rs.

import { type Decimal, compareDecimals, showDecimal, ten } from "../encoding/decimal.ts";
import { type Span, distance, isWithin, showSpan } from "../encoding/times.ts";
import { inOrder } from "../rules/names.ts";
import type { VolatilityLimits } from "../rules/schema.ts";
import type { Compiled } from "../rules/table.ts";
import { type Volatility, largestOf, showVolatility } from "../rules/volatility.ts";
import type { Clause } from "./clause.ts";

/** The volatilities of one asset: those that rates follow, and all that the prices state. */
interface Stated {
  readonly asset: string;
  readonly used: readonly Volatility[];
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
    const used = followed.filter((one) => one.asset === asset).map((one) => one.used);
    return { asset, used: [...new Set(used)], all };
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
  const [first, ...rest] = stated.used;
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

/** So many sources state one that is not too old. */
function sources(
  stated: Stated,
  isFresh: (one: Volatility) => boolean,
  least: bigint,
  hasAge: boolean,
  write: (amount: string) => string,
): Clause {
  const count = BigInt(new Set(stated.all.filter(isFresh).map(({ source }) => source)).size);
  const states = count === 1n ? "source states" : "sources state";
  const detail =
    `${write(String(count))} ${states} a volatility of ${stated.asset}` +
    `${hasAge ? " that is not too old" : ""}, and at least ${write(String(least))} is asked for`;
  return clause("least_sources", stated, count >= least, detail);
}

/** None that a rate follows is below what another source says by more than the band. */
function within(
  stated: Stated,
  isFresh: (one: Volatility) => boolean,
  band: Decimal,
  hasAge: boolean,
  write: (amount: string) => string,
): Clause {
  const show = (number: Decimal) => write(showDecimal(number));
  const pairs: (readonly [used: Volatility, other: Volatility])[] = [];
  for (const used of stated.used) {
    const others = stated.all.filter((one) => one.source !== used.source && isFresh(one));
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
