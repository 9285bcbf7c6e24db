// Prices that a reader has: a prices file, as the native commands read one (twin of
// rules/src/prices.rs), or typed texts. Unlike an attestation's, its fields come in any order.

import { Fields } from "../encoding/canonical.ts";
import { type Decimal, divFloor, parseDecimal, ten } from "../encoding/decimal.ts";
import { type Json, parseJson } from "../encoding/json.ts";
import { Refused, refuse } from "../encoding/refused.ts";
import { parseSpan, shortestTime, showSpan } from "../encoding/times.ts";
import { inOrder } from "../rules/names.ts";
import { type Prices, checkPrices, readPrices } from "../rules/prices.ts";

const OPTIONAL = ["open_interest", "refused", "volatilities"];
const FIELDS = ["as_of", "quote", "method", "source", "prices", ...OPTIONAL];
const STATED = ["kind", "annual", "window", "tenor", "source", "as_of"];
/** What options alone read: that it is there shows that these are not the prices of a proof. */
const VOLS = "vols";

/** Reads a prices file. */
export function parsePrices(text: string): Prices {
  try {
    const json = parseJson(text);
    const prices = readPrices(new Fields("prices", ordered(json)));
    checkPrices(prices);
    const vols = json instanceof Map ? json.get(VOLS) : undefined;
    return { ...prices, hasVols: vols !== undefined && !isEmpty(vols) };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return refuse(`the prices file could not be read: ${error.message}`);
  }
}

function ordered(json: Json): Json {
  if (!(json instanceof Map)) return json;
  const kept = [...json].filter(([name, value]) => {
    // None at all may be written as such, unlike in an attestation.
    return name !== VOLS && !(OPTIONAL.includes(name) && isEmpty(value));
  });
  const sorted = inPlace(kept, FIELDS).map(([name, value]): [string, Json] => {
    if (name === "as_of" && typeof value === "string") return [name, shortestTime(value)];
    if (!(value instanceof Map)) return [name, value];
    const entries = inOrder(value).map(([asset, one]): [string, Json] => [asset, stated(one)]);
    return [name, new Map(entries)];
  });
  return new Map(sorted);
}

function inPlace(entries: [string, Json][], fields: readonly string[]): [string, Json][] {
  const place = (name: string) => (fields.includes(name) ? fields.indexOf(name) : fields.length);
  return [...entries].sort(([a], [b]) => place(a) - place(b));
}

/** Volatilities with their fields in order, and lengths of time in their shortest form. */
function stated(list: Json): Json {
  if (!Array.isArray(list)) return list;
  return list.map((one) => {
    if (!(one instanceof Map)) return one;
    const entries = inPlace([...one], STATED).map(([name, value]): [string, Json] => [
      name,
      typeof value === "string" ? inShortest(name, value) : value,
    ]);
    return new Map(entries);
  });
}

/** A text of a volatility; times and lengths of time in their shortest form. */
function inShortest(name: string, text: string): string {
  if (name === "as_of") return shortestTime(text);
  return name === "window" || name === "tenor" ? showSpan(parseSpan(text)) : text;
}

function isEmpty(json: Json): boolean {
  return json instanceof Map && json.size === 0;
}

/** Prices with those that a reader typed, by name; one that is blank is left out. */
export function typedPrices(prices: Prices, typed: ReadonlyMap<string, string>): Prices {
  const all = new Map(prices.prices);
  for (const [name, text] of typed) {
    const number = text.trim();
    if (number === "") all.delete(name);
    else all.set(name, priced(name, number));
  }
  const changed = { ...prices, prices: all };
  checkPrices(changed);
  return changed;
}

function priced(name: string, text: string): Decimal {
  try {
    return parseDecimal(text);
  } catch (error) {
    return refuse(`the price of ${name} cannot be read: ${(error as Error).message}`);
  }
}

/** A move in percent as a reader types it, such as `-5`, `+2.5 %` or `−5%`, as a part of 1. */
export function parseMove(text: string): Decimal {
  const number = text
    .replace(/\s*%?\s*$/, "")
    .replace(/^\s*(\u2212|\+)?\s*/, (_, sign) => (sign === "\u2212" ? "-" : ""));
  const { mantissa, scale } = (() => {
    try {
      return parseDecimal(number);
    } catch {
      return refuse("a move is a number of percent, such as -5 or 2.5");
    }
  })();
  const move = { mantissa, scale: scale + 2 };
  if (mantissa < -ten(move.scale)) refuse("no price can fall by more than 100 percent");
  return move;
}

/** A price after a move, rounded down to at most so many decimals. */
export function movedPrice(price: Decimal, move: Decimal, decimals: number): Decimal {
  const mantissa = price.mantissa * (ten(move.scale) + move.mantissa);
  const scale = price.scale + move.scale;
  const kept = Math.min(scale, Math.max(decimals, 0));
  return shortest({ mantissa: divFloor(mantissa, ten(scale - kept)), scale: kept });
}

function shortest({ mantissa, scale }: Decimal): Decimal {
  if (scale === 0 || mantissa % 10n !== 0n) return { mantissa, scale };
  return shortest({ mantissa: mantissa / 10n, scale: scale - 1 });
}
