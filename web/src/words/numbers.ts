// Numbers as the spoken language writes them. The digits stay exact: only the signs between them
// are the language's.

import { showAmount, showDecimal } from "../encoding/decimal.ts";
import { type Language, language } from "./language.ts";

interface Signs {
  readonly group: string;
  readonly point: string;
  /** The fewest digits that are grouped: `1234` and `12.345` in Spanish. */
  readonly least: number;
}

const known = new Map<Language, Signs>();

/** The signs between digits, by the browser's knowledge of the language. */
export function signs(): Signs {
  const own = known.get(language()) ?? signsOf(language());
  known.set(language(), own);
  return own;
}

function signsOf(language: Language): Signs {
  const format = new Intl.NumberFormat(language);
  const parts = format.formatToParts(12345.6);
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? "";
  const hasGroup = format.formatToParts(1234).some(({ type }) => type === "group");
  return { group: of("group"), point: of("decimal"), least: hasGroup ? 4 : 5 };
}

/** A decimal number, such as `-1234.5`, for readers. */
export function showNumber(number: string): string {
  const { group, point, least } = signs();
  const [whole = "", fraction] = number.replace(/^[-\u2212]/, "").split(".");
  const grouped =
    whole.length < least ? whole : whole.replace(/\B(?=([0-9]{3})+$)/g, () => group);
  const sign = /^[-\u2212]/.test(number) ? "\u2212" : "";
  return sign + grouped + (fraction === undefined ? "" : point + fraction);
}

/** Units of 10^-decimals for readers, in their shortest form. */
export function amount(units: bigint, decimals: number): string {
  return showNumber(showAmount(units, decimals));
}

/** A ratio in 1e-4, always with four decimals. */
export function ratio(units: bigint): string {
  return showNumber(showDecimal({ mantissa: units, scale: 4 }));
}

/** A number that was written in English, with `,` between thousands: written anew. */
export function translated(english: string): string {
  return showNumber(english.replaceAll(",", ""));
}
