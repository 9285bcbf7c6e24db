// Prices that a reader has: a prices file, as the native commands read one (twin of
// rules/src/prices.rs), or typed texts. Unlike an attestation's, its fields come in any order.

import { Fields } from "../encoding/canonical.ts";
import { type Decimal, compareDecimals, divFloor, parseDecimal, ten } from "../encoding/decimal.ts";
import { type Json, parseJson } from "../encoding/json.ts";
import { Refused, refuse } from "../encoding/refused.ts";
import { parseSpan, shortestTime, showSpan } from "../encoding/times.ts";
import type { Smile, Surface } from "../rules/black76/surface.ts";
import { inOrder } from "../rules/names.ts";
import { type Prices, checkPrices, readPrices } from "../rules/prices.ts";

const VOLS = "vols";
const OPTIONAL = [VOLS, "open_interest", "refused", "volatilities"];
const FIELDS = ["as_of", "quote", "method", "source", "prices", ...OPTIONAL];
const STATED = ["kind", "annual", "window", "tenor", "source", "as_of"];

/** Reads a prices file. */
export function parsePrices(text: string): Prices {
  try {
    const prices = readPrices(new Fields("prices", ordered(parseJson(text))));
    checkPrices(prices);
    return prices;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return refuse(`the prices file could not be read: ${error.message}`);
  }
}

function ordered(json: Json): Json {
  if (!(json instanceof Map)) return json;
  const kept = [...json].filter(([name, value]) => {
    // None at all may be written as such, unlike in an attestation.
    return !(OPTIONAL.includes(name) && isEmpty(value));
  });
  const sorted = inPlace(kept, FIELDS).map(([name, value]): [string, Json] => {
    if (name === "as_of" && typeof value === "string") return [name, shortestTime(value)];
    if (!(value instanceof Map)) return [name, value];
    const read = name === VOLS ? surface : stated;
    const entries = inOrder(value).map(([asset, one]): [string, Json] => [asset, read(one)]);
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
  return list.map((one) =>
    withFields(one, STATED, (name, value) =>
      typeof value === "string" ? inShortest(name, value) : value,
    ),
  );
}

/** Volatilities of options, with fields and entries in order and times in their shortest form. */
function surface(json: Json): Json {
  return withFields(json, ["rate", "expiries"], (name, value) => {
    if (name !== "expiries" || !(value instanceof Map)) return value;
    const smiles = [...value].map(
      ([time, one]): [string, Json] => [shortestTime(time), smile(one)],
    );
    const sorted = new Map(inOrder(smiles));
    return sorted.size === smiles.length ? sorted : refuse("`vols` has one expiry twice");
  });
}

function smile(json: Json): Json {
  return withFields(json, ["forward", "strikes"], (_, value) =>
    value instanceof Map ? new Map(inOrder(value)) : value,
  );
}

function withFields(
  json: Json,
  fields: readonly string[],
  read: (name: string, value: Json) => Json,
): Json {
  if (!(json instanceof Map)) return json;
  return new Map(
    inPlace([...json], fields).map(([name, value]): [string, Json] => [name, read(name, value)]),
  );
}

/** A text of a volatility; times and lengths of time in their shortest form. */
function inShortest(name: string, text: string): string {
  if (name === "as_of") return shortestTime(text);
  return name === "window" || name === "tenor" ? showSpan(parseSpan(text)) : text;
}

function isEmpty(json: Json): boolean {
  return json instanceof Map && json.size === 0;
}

/** Decimals of a forward that moves with a typed price. */
const FORWARD_DECIMALS = 12;

/** Prices with those that a reader typed, by name; one that is blank is left out. */
export function typedPrices(prices: Prices, typed: ReadonlyMap<string, string>): Prices {
  const all = new Map(prices.prices);
  for (const [name, text] of typed) {
    const number = text.trim();
    if (number === "") all.delete(name);
    else all.set(name, priced(name, number));
  }
  const changed = withPrices(prices, all);
  checkPrices(changed);
  return changed;
}

/**
 * The same file with other prices. Forwards of options move in the same proportion as the price of
 * their underlying; volatilities and time stand still.
 */
export function withPrices(prices: Prices, all: ReadonlyMap<string, Decimal>): Prices {
  const vols = new Map(
    [...prices.vols].map(([name, surface]): [string, Surface] => {
      const [was, is] = [prices.prices.get(name), all.get(name)];
      return [name, was && is ? withForwards(surface, was, is) : surface];
    }),
  );
  return { ...prices, prices: all, vols };
}

function withForwards({ rate, expiries }: Surface, was: Decimal, is: Decimal): Surface {
  const moved = (forward: Decimal): Decimal => {
    if (was.mantissa === 0n || compareDecimals(was, is) === 0) return forward;
    const over = forward.mantissa * is.mantissa * ten(was.scale + FORWARD_DECIMALS);
    const under = was.mantissa * ten(is.scale + forward.scale);
    return { mantissa: divFloor(over, under), scale: FORWARD_DECIMALS };
  };
  const smiles = [...expiries].map(([expiry, { forward, strikes }]): [string, Smile] => {
    return [expiry, { forward: forward && moved(forward), strikes }];
  });
  return { rate, expiries: new Map(smiles) };
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
