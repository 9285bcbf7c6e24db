// Times and lengths of time, as whole numbers: no clock and no floating point. Twin of
// rules/src/span.rs.

import { grouped } from "./decimal.ts";
import { quoted, refuse } from "./refused.ts";

/** A whole number of seconds. */
export type Span = bigint;

/** Units and their seconds, the largest first. */
const UNITS: readonly (readonly [unit: string, seconds: bigint])[] = [
  ["d", 86_400n],
  ["h", 3_600n],
  ["m", 60n],
  ["s", 1n],
];

/** Reads a length of time such as `90s`, `15m`, `25h` or `2d`. */
export function parseSpan(text: string): Span {
  const [, digits, unit] = /^([0-9]+)([dhms])$/.exec(text) ?? [];
  const seconds = UNITS.find(([known]) => known === unit)?.[1];
  const span = digits === undefined || seconds === undefined ? undefined : BigInt(digits) * seconds;
  if (span === undefined || span >> 64n !== 0n) {
    return refuse(
      `${quoted(text)} is not a length of time such as \`90s\`, \`15m\`, \`25h\` or \`2d\``,
    );
  }
  return span;
}

/** A length of time in its largest whole unit. */
export function showSpan(span: Span): string {
  const [unit, seconds] = UNITS.find(([, seconds]) => span > 0n && span % seconds === 0n) ?? [
    "s",
    1n,
  ];
  return `${span / seconds}${unit}`;
}

const UTC =
  /^([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?[Zz]$/;

/** A UTC time of an input file in its shortest form; a text that is no such time as it is. */
export function shortestTime(text: string): string {
  const [, day, minute, second = "00", digits = ""] = UTC.exec(text) ?? [];
  if (day === undefined) return text;
  const fraction = digits.replace(/0+$/, "");
  return `${day}T${minute}:${second}${fraction === "" ? "" : `.${fraction}`}Z`;
}

const SECOND = 1_000_000_000n;

/** A UTC time, whose form was checked, as nanoseconds since 1970. */
export function nanoseconds(time: string): bigint {
  const [, whole, fraction = ""] = /^(.{19})(?:\.([0-9]+))?Z$/.exec(time)!;
  return BigInt(Date.parse(`${whole}Z`)) * 1_000_000n + BigInt(fraction.padEnd(9, "0"));
}

/** How far apart two times are, in nanoseconds. */
export function distance(one: string, other: string): bigint {
  const difference = nanoseconds(one) - nanoseconds(other);
  return difference < 0n ? -difference : difference;
}

/** Whether two times are at most `span` apart, in either direction. */
export function isWithin(one: string, other: string, span: Span): boolean {
  return distance(one, other) <= span * SECOND;
}

/** A distance as text, in its two largest units: `3 h 20 min`. */
export function showDistance(nanoseconds: bigint): string {
  const seconds = nanoseconds / SECOND;
  const parts = [
    [seconds / 86_400n, seconds / 86_400n === 1n ? "day" : "days"],
    [(seconds / 3_600n) % 24n, "h"],
    [(seconds / 60n) % 60n, "min"],
    [seconds % 60n, "s"],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0n);
  if (first < 0) return nanoseconds > 0n ? "less than a second" : "0 s";
  const shown = parts.slice(first, first + 2).filter(([count]) => count > 0n);
  return shown.map(([count, unit]) => `${grouped(String(count))} ${unit}`).join(" ");
}
