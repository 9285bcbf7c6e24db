// Volatilities of assets as prices state them, which rates may follow. Twin of
// rules/src/volatility.rs.

import type { Field } from "../encoding/canonical.ts";
import { type Decimal, compareDecimals, showDecimal, whole } from "../encoding/decimal.ts";
import { refuse } from "../encoding/refused.ts";
import { type Span, parseSpan, showSpan } from "../encoding/times.ts";
import { checkName, lowerAscii } from "./names.ts";

export const VOLATILITY_KINDS = ["realised", "implied"] as const;
export type VolatilityKind = (typeof VOLATILITY_KINDS)[number];

/** One statement of an asset's volatility. */
export interface Volatility {
  readonly kind: VolatilityKind;
  /** The standard deviation of a year's relative move. */
  readonly annual: Decimal;
  /** The time over which it was realised. */
  readonly window: Span | undefined;
  /** The time for which it is implied. */
  readonly tenor: Span | undefined;
  readonly source: string;
  readonly asOf: string;
}

/** All that is stated, by asset. */
export type Volatilities = ReadonlyMap<string, readonly Volatility[]>;

/** Which volatilities count for a rate; each of these that is left out takes all. */
export interface Which {
  readonly kind: VolatilityKind | undefined;
  readonly window: Span | undefined;
  readonly tenor: Span | undefined;
  readonly source: string | undefined;
}

/** A volatility that a rate follows: the first of the largest of those that count. */
export interface Followed {
  readonly asset: string;
  readonly which: Which;
  readonly used: Volatility;
}

/** The largest volatility: a hundred thousand percent a year. */
const MOST = whole(1000n);
/** The most entries of one asset. */
const MOST_OF_AN_ASSET = 100;
/** The most decimals of a volatility, and of a multiple and a step. */
export const RATE_DIGITS = 18;

/** Reads the volatilities of a prices file: only their form. */
export function readVolatilities(field: Field | undefined): Map<string, Volatility[]> {
  const entries = field?.map() ?? [];
  if (field && entries.length === 0) field.fail("is empty: it must be left out instead");
  return new Map(entries.map(([asset, list]) => [asset, list.list().map(readVolatility)]));
}

function readVolatility(entry: Field): Volatility {
  const fields = entry.fields();
  const span = (name: string): Span | undefined => {
    const field = fields.optional(name);
    if (!field) return undefined;
    const length = parseSpan(field.text());
    return showSpan(length) === field.text() ? length : field.fail("is not in its shortest form");
  };
  const kind = fields.field("kind").oneOf(VOLATILITY_KINDS);
  const annual = fields.field("annual").decimal();
  const [window, tenor] = [span("window"), span("tenor")];
  const source = fields.field("source").text();
  const asOf = fields.field("as_of").time();
  fields.end();
  return { kind, annual, window, tenor, source, asOf };
}

/** Refuses volatilities that make no sense, and two of one kind, length of time and source. */
export function checkVolatilities(all: Volatilities): void {
  for (const [asset, list] of all) {
    checkName("prices.volatilities", asset);
    if (list.length === 0 || list.length > MOST_OF_AN_ASSET) {
      refuse(`prices.volatilities.${asset} must have 1 to ${MOST_OF_AN_ASSET} entries`);
    }
    list.forEach((one, i) => {
      const path = `prices.volatilities.${asset}[${i}]`;
      const { annual, kind, window, tenor } = one;
      if (annual.mantissa < 0n || compareDecimals(annual, MOST) > 0 || annual.scale > RATE_DIGITS) {
        refuse(`${path}: ${showDecimal(annual)} is not a volatility: 62 % a year is 0.62`);
      }
      const [own, other] = kind === "realised" ? [window, tenor] : [tenor, window];
      if (!own || other !== undefined) {
        const field = kind === "realised" ? "window" : "tenor";
        refuse(`${path}: a ${kind} volatility must have a ${field} above 0s, and only that`);
      }
      if (!isSource(one.source)) refuse(`${path}: the source is no name`);
      if (list.slice(0, i).some((other) => isSame(one, other))) {
        refuse(`${path}: ${showVolatility(one)} stands there twice`);
      }
      const key = sourceKey(one.source);
      const isNearly = ({ source }: Volatility) =>
        source !== one.source && sourceKey(source) === key;
      if (list.slice(0, i).some(isNearly)) refuse(`${path}: one source is in two spellings`);
    });
  }
}

/** Whether a text names a source: 1 to 64 printable characters of ASCII, no space at an end. */
export function isSource(text: string): boolean {
  return /^[!-~]([ -~]{0,62}[!-~])?$/.test(text);
}

/** A source's name as it is compared with others: nobody reads a difference in case or blanks. */
function sourceKey(source: string): string {
  return lowerAscii(source.replace(/[ _-]/g, ""));
}

function isSame(one: Volatility, other: Volatility): boolean {
  const { kind, window, tenor, source } = one;
  const { kind: ofKind, window: overWindow, tenor: forTenor, source: ofSource } = other;
  return kind === ofKind && window === overWindow && tenor === forTenor && source === ofSource;
}

/** Whether two files state the same, in the same order. */
export function areSameVolatilities(all: Volatilities, others: Volatilities): boolean {
  const same = (one: Volatility, other: Volatility | undefined) =>
    other !== undefined &&
    isSame(one, other) &&
    compareDecimals(one.annual, other.annual) === 0 &&
    one.asOf === other.asOf;
  return (
    all.size === others.size &&
    [...all].every(([asset, list]) => {
      const other = others.get(asset);
      return other?.length === list.length && list.every((one, i) => same(one, other[i]));
    })
  );
}

/** The first of the largest; undefined where there is none. */
export function largestOf(list: readonly Volatility[]): Volatility | undefined {
  return list.reduce<Volatility | undefined>(
    (most, one) => (most && compareDecimals(one.annual, most.annual) <= 0 ? most : one),
    undefined,
  );
}

/** Whether a volatility is of the kind and length of time that count, whoever states it. */
export function isMeasured(which: Which, { kind, window, tenor }: Volatility): boolean {
  return (
    (which.kind ?? kind) === kind &&
    (which.window === undefined || which.window === window) &&
    (which.tenor === undefined || which.tenor === tenor)
  );
}

/** Whether it counts: it is of the source as well, where the rate names one. */
export function counts(which: Which, one: Volatility): boolean {
  return isMeasured(which, one) && (which.source ?? one.source) === one.source;
}

/** Which of them count, as words: `realised volatility over 30d`. */
export function showWhich({ kind, window, tenor, source }: Which): string {
  const over = window === undefined ? "" : ` over ${showSpan(window)}`;
  const ahead = tenor === undefined ? "" : ` for ${showSpan(tenor)}`;
  const of = source === undefined ? "" : ` of ${source}`;
  return `${kind === undefined ? "" : `${kind} `}volatility${over}${ahead}${of}`;
}

/** What it is and whose, without the number: `realised volatility over 30d of venue A`. */
export function showVolatility(one: Volatility): string {
  return showWhich(one);
}
