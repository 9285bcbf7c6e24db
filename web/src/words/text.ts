// What a file of words is: the same names in every language.

import type { en } from "./en.ts";

/** The name of a text in the files of words. */
export type Key = keyof typeof en;

/** A text, or one for each plural form, told by `count`. Names in braces are filled in. */
export type Text = string | Partial<Record<Intl.LDMLPluralRule, string>>;

/** All words of the web page in one language. */
export type Words = Readonly<Record<Key, Text>>;
