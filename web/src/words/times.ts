// Times and lengths of time as the spoken language writes them.

import { nanoseconds } from "../encoding/times.ts";
import { language } from "./language.ts";

const SECOND = 1_000_000_000n;

/** English with the day first, as it is read everywhere. */
function locale(): string {
  return language() === "en" ? "en-GB" : language();
}

/** A time in UTC, to the minute, or to the second where it has one. */
export function showTime(time: string): string {
  const at = new Date(Number(nanoseconds(time) / 1_000_000n));
  if (Number.isNaN(at.getTime())) return time;
  const hasSeconds = at.getUTCSeconds() !== 0;
  const format = new Intl.DateTimeFormat(locale(), {
    year: "numeric",
    month: "long",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    ...(hasSeconds ? { second: "2-digit" } : {}),
    timeZone: "UTC",
    timeZoneName: "short",
  });
  return format.format(at);
}

/** The day of a time in UTC. */
export function showDay(time: string): string {
  const at = new Date(Number(nanoseconds(time) / 1_000_000n));
  if (Number.isNaN(at.getTime())) return time;
  return new Intl.DateTimeFormat(locale(), { dateStyle: "long", timeZone: "UTC" }).format(at);
}

const UNITS = [
  ["day", 86_400n],
  ["hour", 3_600n],
  ["minute", 60n],
  ["second", 1n],
] as const;

/** A length of time in its two largest units. */
export function showLength(nanoseconds: bigint): string {
  let rest = nanoseconds / SECOND;
  const parts = UNITS.map(([unit, seconds]) => {
    const count = rest / seconds;
    rest -= count * seconds;
    return [unit, count] as const;
  });
  const first = Math.max(0, parts.findIndex(([, count]) => count > 0n));
  const shown = parts.slice(first, first + 2).filter(([, count]) => count > 0n);
  const named = (shown.length > 0 ? shown : [["second", 0n] as const]).map(([unit, count]) =>
    new Intl.NumberFormat(locale(), { style: "unit", unit, unitDisplay: "long" }).format(count),
  );
  return new Intl.ListFormat(locale(), { type: "unit", style: "narrow" }).format(named);
}
