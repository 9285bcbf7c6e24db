// The languages of the web page, and which one it speaks.

import { de } from "./de.ts";
import { en } from "./en.ts";
import { es } from "./es.ts";
import type { Words } from "./text.ts";
import { zh } from "./zh.ts";

/** A language that the web page speaks. */
export type Language = "en" | "de" | "es" | "zh";

/** Every language by its own name, and its words. */
export const LANGUAGES: Readonly<Record<Language, { name: string; words: Words }>> = {
  en: { name: "English", words: en },
  de: { name: "Deutsch", words: de },
  es: { name: "Español", words: es },
  zh: { name: "中文", words: zh },
};

let spoken: Language = "en";

/** The language that is spoken. */
export function language(): Language {
  return spoken;
}

/** Speaks another language from now on. */
export function speak(other: Language): void {
  spoken = other;
}

/** The first of the reader's languages that is known, or English. */
export function preferred(wanted: readonly string[]): Language {
  const known = wanted.map((one) => one.toLowerCase().split("-")[0]!);
  return known.find((one): one is Language => Object.hasOwn(LANGUAGES, one)) ?? "en";
}
