// Names of assets, markets and scenarios. Twin of rules/src/names.rs.

import { quoted, refuse } from "../encoding/refused.ts";

const NAME = "[A-Za-z0-9@][A-Za-z0-9._:/+@-]{0,31}";

/** Refuses an invalid name: 1 to 32 plain characters, as venues spell them. */
export function checkName(key: string, name: string): void {
  if (!new RegExp(`^${NAME}$`).test(name)) {
    refuse(
      `${key}: invalid name ${quoted(name)}: use 1 to 32 of A-Z, a-z, 0-9, \`.\`, \`_\`, \`-\`, ` +
        "`:`, `/`, `+` and `@`, a letter, a digit or `@` first",
    );
  }
}

/** Entries by name, in the order of tables: that of the names' characters. */
export function inOrder<T>(entries: Iterable<[string, T]>): [string, T][] {
  return [...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

/** The side of an instrument of which rules have rates. */
export type Side = "deposit" | "borrow" | "long" | "short";

/** An instrument of a rate, such as `short ETH-PERP`; undefined for any other text. */
export function parseHeld(name: string): { side: Side; of: string } | undefined {
  const parts = new RegExp(`^(deposit|borrow|long|short) (${NAME})$`).exec(name);
  return parts ? { side: parts[1] as Side, of: parts[2]! } : undefined;
}

/** A text without blanks at its ends: those of Rust's `trim`, which JavaScript's does not share. */
export function trimmed(text: string): string {
  return text.replace(/^\p{White_Space}+|\p{White_Space}+$/gu, "");
}

/** Whether a text has nothing but blanks. */
export function isBlank(text: string): boolean {
  return trimmed(text) === "";
}

/** Characters that show nothing anywhere. Twin of `is_ignorable` in rules/src/unseen.rs. */
const IGNORABLE =
  "\\p{Cc}\\u{ad}\\u{34f}\\u{61c}\\u{115f}\\u{1160}\\u{17b4}\\u{17b5}\\u{180b}-\\u{180f}" +
  "\\u{200b}-\\u{200f}\\u{202a}-\\u{202e}\\u{2060}-\\u{206f}\\u{2800}\\u{3164}\\u{fe00}-\\u{fe0f}" +
  "\\u{feff}\\u{ffa0}\\u{fff0}-\\u{fff8}\\u{1bca0}-\\u{1bca3}\\u{1d173}-\\u{1d17a}" +
  "\\u{e0000}-\\u{e0fff}";
const UNSEEN = new RegExp(`[\\p{White_Space}${IGNORABLE}]`, "gu");

/** A text without blanks and whatever else shows nothing. */
export function seen(text: string): string {
  return text.replace(UNSEEN, "");
}

/** A name with its letters of ASCII in lower case, and nothing else changed. */
export function lowerAscii(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
