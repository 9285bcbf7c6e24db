// Exact decimal numbers as files write them, and amounts as reports do. No floating point anywhere.
// Twin of rules/src/decimal.rs and rules/src/amount.rs.

import { quoted, refuse } from "./refused.ts";

/** The number `mantissa / 10^scale`, with the scale it was written in. */
export interface Decimal {
  readonly mantissa: bigint;
  readonly scale: number;
}

const MAX_DIGITS = 38;

/** Reads a decimal number: no exponent, no leading zeros, no `-0`, at most 38 digits. */
export function parseDecimal(text: string): Decimal {
  const parts = /^(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?$/.exec(text);
  if (!parts) return refuse(`${quoted(text)} is not a decimal number`);
  const [, sign, whole = "", fraction = ""] = parts;
  if (whole.length + fraction.length > MAX_DIGITS) {
    refuse(`${quoted(text)} has more than ${MAX_DIGITS} digits`);
  }
  const size = BigInt(whole + fraction);
  if (sign && size === 0n) refuse(`${quoted(text)} is a negative zero`);
  return { mantissa: sign ? -size : size, scale: fraction.length };
}

/** A whole number as a decimal. */
export function whole(number: bigint): Decimal {
  return { mantissa: number, scale: 0 };
}

/** The power of ten, for an exponent that is not negative. */
export function ten(exponent: number): bigint {
  return 10n ** BigInt(exponent);
}

/** The quotient rounded towards minus infinity, for a positive divisor. */
export function divFloor(number: bigint, divisor: bigint): bigint {
  const quotient = number / divisor;
  return number < 0n && quotient * divisor !== number ? quotient - 1n : quotient;
}

/** The number in units of 10^-decimals, rounded down. */
export function floorUnits({ mantissa, scale }: Decimal, decimals: number): bigint {
  if (scale <= decimals) return mantissa * ten(decimals - scale);
  return divFloor(mantissa, ten(scale - decimals));
}

/** The number in units of 10^-decimals, or undefined if it has more decimals than that. */
export function exactUnits(number: Decimal, decimals: number): bigint | undefined {
  const units = floorUnits(number, decimals);
  return compareDecimals({ mantissa: units, scale: decimals }, number) === 0 ? units : undefined;
}

/** Negative, 0 or positive as `a` is below, equal to or above `b`. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const difference = a.mantissa * ten(b.scale) - b.mantissa * ten(a.scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** A decimal as it was written. */
export function showDecimal({ mantissa, scale }: Decimal): string {
  const digits = (mantissa < 0n ? -mantissa : mantissa).toString().padStart(scale + 1, "0");
  const sign = mantissa < 0n ? "-" : "";
  if (scale === 0) return sign + digits;
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** A number with its thousands apart, for readers: `−1,234.5`. */
export function grouped(number: string): string {
  const [whole = "", fraction] = number.replace("-", "").split(".");
  const groups = whole.replace(/\B(?=([0-9]{3})+$)/g, ",");
  const sign = number.startsWith("-") ? "\u2212" : "";
  return sign + groups + (fraction === undefined ? "" : `.${fraction}`);
}

/** `units / 10^decimals` in its one shortest form: no trailing zeros, no `-0`. */
export function showAmount(units: bigint, decimals: number): string {
  const text = showDecimal({ mantissa: units, scale: decimals });
  return decimals === 0 ? text : text.replace(/\.?0+$/, "");
}

/**
 * An amount with few decimals, for readers: two from a thousand on, six below. Rounded up, it is
 * not shown smaller than it is; rounded down, not larger.
 */
export function brief(units: bigint, decimals: number, towards: "up" | "down"): string {
  const size = units < 0n ? -units : units;
  const kept = size >= ten(decimals + 3) ? 2 : 6;
  const dropped = ten(Math.max(decimals - kept, 0));
  const rounded = towards === "up" ? -divFloor(-units, dropped) : divFloor(units, dropped);
  return grouped(showAmount(rounded, Math.min(decimals, kept)));
}
