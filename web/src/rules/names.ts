// Names of assets, markets and scenarios (prover/src/rules/names.rs).

import { quoted, refuse } from "../encoding/refused.ts";

/** Refuses what is no name: 1 to 32 plain characters, a letter or digit first. */
export function checkName(key: string, name: string): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/.test(name)) {
    refuse(`${key}: ${quoted(name)} is no name of an asset, a market or a scenario`);
  }
}

/** The order in which names stand in tables: that of their characters. */
export function inOrder<T>(entries: Iterable<[string, T]>): [string, T][] {
  return [...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

/** An instrument of a rate, such as `short ETH-PERP`; undefined for any other text. */
export function parseHeld(
  name: string,
): { side: "deposit" | "borrow" | "long" | "short"; of: string } | undefined {
  const [, side, of] = /^(deposit|borrow|long|short) ([A-Za-z0-9][A-Za-z0-9._-]{0,31})$/.exec(name) ?? [];
  return side === undefined || of === undefined
    ? undefined
    : { side: side as "deposit" | "borrow" | "long" | "short", of };
}

/** A text without blanks at its ends. As in Rust: its `trim` knows other blanks than that of JavaScript. */
export function trimmed(text: string): string {
  return text.replace(/^\p{White_Space}+|\p{White_Space}+$/gu, "");
}

export function isBlank(text: string): boolean {
  return trimmed(text) === "";
}
