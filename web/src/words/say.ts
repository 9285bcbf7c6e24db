// Texts by their names, in the language that is spoken, with values filled in.

import { LANGUAGES, language } from "./language.ts";
import { showNumber } from "./numbers.ts";
import type { Key, Text } from "./text.ts";

/** A value for a name in braces; a number is written as the language writes numbers. */
export type Value = string | bigint | number;

/** A part of a text: its own words, words that are code, or the name of a value. */
export interface Part {
  readonly kind: "words" | "code" | "value";
  readonly text: string;
}

/** A text with its values, as plain text. */
export function say(key: Key, values: Readonly<Record<string, Value>> = {}): string {
  return partsOf(key, values.count)
    .map(({ kind, text }) => (kind === "value" ? written(values[text] ?? "") : text))
    .join("");
}

/** A text in parts, for whoever fills in more than text. `count` tells the plural form. */
export function partsOf(key: Key, count?: unknown): Part[] {
  const text = formOf(LANGUAGES[language()].words[key], count);
  return text.split(/(\{[a-z]+\}|`[^`]+`)/i).flatMap((piece): Part[] => {
    if (piece === "") return [];
    const inner = piece.slice(1, -1);
    if (piece.startsWith("{")) return [{ kind: "value", text: inner }];
    if (piece.startsWith("`")) return [{ kind: "code", text: inner }];
    return [{ kind: "words", text: piece }];
  });
}

/** A value as text. */
export function written(value: Value): string {
  return typeof value === "string" ? value : showNumber(String(value));
}

function formOf(text: Text, count: unknown): string {
  if (typeof text === "string") return text;
  const isCount = typeof count === "bigint" || typeof count === "number";
  const number = isCount ? Number(count) : 0;
  const form = new Intl.PluralRules(language()).select(number);
  return text[form] ?? text.other ?? "";
}

/** Texts as a list: `a, b or c`, `a, b and c`. */
export function listed(items: readonly string[], type: "and" | "or" = "and"): string {
  const kind = type === "and" ? "conjunction" : "disjunction";
  return new Intl.ListFormat(language(), { type: kind }).format(items);
}

/** The first few names, and how many more there are. */
export function fewOf(names: readonly string[], most = 4): string {
  const more = names.length - most;
  const first = names.slice(0, most).join(", ");
  return more > 0 ? say("few", { first, count: more }) : first;
}
