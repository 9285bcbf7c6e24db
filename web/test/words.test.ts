// The words of the web page: every language has the same, with the same names filled in.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { CLAUSES, REASONS, STEPS, SUBJECTS } from "../src/view/said.ts";
import { type Language, LANGUAGES, preferred, speak } from "../src/words/language.ts";
import { amount, showNumber } from "../src/words/numbers.ts";
import { listed, say } from "../src/words/say.ts";
import type { Key, Text } from "../src/words/text.ts";
import { showDay, showLength, showTime } from "../src/words/times.ts";

const english = LANGUAGES.en.words;
const keys = Object.keys(english) as Key[];
const others = (Object.keys(LANGUAGES) as Language[]).filter((one) => one !== "en");

function textsOf(text: Text): string[] {
  return typeof text === "string" ? [text] : Object.values(text);
}

/** The names in braces, and what is code, of every form of a text. */
function filled(text: Text): string {
  const all = textsOf(text).flatMap((one) => one.match(/\{[a-z]+\}|`[^`]+`/g) ?? []);
  return [...new Set(all)].sort().join(" ");
}

for (const language of others) {
  const { words } = LANGUAGES[language];

  test(`${language} has the names of the English words, and no others`, () => {
    assert.deepEqual(Object.keys(words), keys);
  });

  test(`${language} fills in the same names and the same code`, () => {
    for (const key of keys) assert.equal(filled(words[key]), filled(english[key]), key);
  });

  test(`${language} has a text for every plural form that it needs`, () => {
    const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();
    // Spanish has a form of its own for millions, which reads as `other` does here.
    const needed = pluralCategories.filter((form) => form === "one" || form === "other").sort();
    for (const key of keys) {
      const isPlural = typeof english[key] !== "string";
      assert.equal(typeof words[key] !== "string", isPlural, key);
      const text = words[key];
      if (typeof text !== "string") assert.deepEqual(Object.keys(text).sort(), needed, key);
    }
  });

  test(`${language} leaves no English behind`, () => {
    // Words that are the same in both languages.
    const same = ["venue.setup", "terms.title", "policy.title"];
    const letters = (text: Text) =>
      textsOf(text).join(" ").replace(/\{[a-z]+\}|`[^`]+`/g, "").replace(/[^\p{L}]/gu, "");
    for (const key of keys) {
      const [own, theirs] = [letters(words[key]), letters(english[key])];
      const isShort = theirs.length < 9 || same.includes(key);
      assert.ok(own !== theirs || isShort, `${key}: ${textsOf(words[key]).join()}`);
    }
    for (const text of Object.values(words).flatMap((one) => textsOf(one as Text))) {
      const bare = text.replace(/\{[a-z]+\}|`[^`]+`/g, "");
      assert.doesNotMatch(bare, /\b(the|of|and|which|this)\b/, text);
    }
  });
}

test("every name is used, and every name that is used is there", () => {
  const sources = readdirSync("src/view").map((file) => readFileSync(`src/view/${file}`, "utf8"));
  sources.push(readFileSync("src/words/say.ts", "utf8"));
  const all = sources.join("\n");
  // Names that are put together.
  const made = /^(term|kind|scenarios|scenarios\.credit|side|letter)\./;
  for (const key of keys) {
    assert.ok(all.includes(`"${key}"`) || made.test(key), `${key} is not used`);
  }
  for (const [, key] of all.matchAll(/data-say(?:-label)?="([^"]+)"/g)) {
    assert.ok(keys.includes(key as Key), `${key} is not there`);
  }
});

test("what other rooms say has the names that the words fill in", () => {
  const values = (text: string) => [...text.matchAll(/\{([a-z]+)\}/g)].map(([, name]) => name);
  for (const [form, key] of [...REASONS, ...CLAUSES, ...STEPS, ...SUBJECTS]) {
    const taken = values(form);
    const needed = new Set(textsOf(english[key]).flatMap(values));
    for (const name of needed) {
      const isFixed = name === "kind" && key === "why.is";
      // A count that the form writes out, as `1 asset`, needs no name.
      assert.ok(taken.includes(name) || isFixed, `${key} fills in {${name}}: ${form}`);
    }
  }
});

test("numbers keep every digit, and have the signs of the language", () => {
  const of = (language: Language, number: string) => {
    speak(language);
    return showNumber(number);
  };
  assert.equal(of("en", "-1234567.10"), "\u22121,234,567.10");
  assert.equal(of("de", "-1234567.10"), "\u22121.234.567,10");
  assert.equal(of("es", "1234.5"), "1234,5");
  assert.equal(of("es", "12345.5"), "12.345,5");
  assert.equal(of("zh", "1234.5"), "1,234.5");
  assert.equal(of("de", "123456789012345678901234567890.123456789"),
    "123.456.789.012.345.678.901.234.567.890,123456789");
  assert.equal(amount(-5n, 3), "\u22120,005");
  speak("en");
});

test("times, lengths and lists are those of the language", () => {
  const time = "2026-11-07T04:05:00Z";
  const expected: Record<Language, string[]> = {
    en: ["7 November 2026 at 04:05 UTC", "7 November 2026", "1 day 2 hours", "a, b and c"],
    de: ["7. November 2026 um 04:05 UTC", "7. November 2026", "1 Tag, 2 Stunden", "a, b und c"],
    es: ["7 de noviembre de 2026", "7 de noviembre de 2026", "1 día y 2 horas", "a, b y c"],
    zh: ["2026年11月7日", "2026年11月7日", "1天2小时", "a、b和c"],
  };
  for (const [language, [at, day, length]] of Object.entries(expected)) {
    speak(language as Language);
    assert.ok(showTime(time).startsWith(at!), showTime(time));
    assert.equal(showDay(time), day);
    const own = showLength(93_600_000_000_000n).replace(/[, ]|y/g, "");
    assert.equal(own, length!.replace(/[, ]|y/g, ""));
    assert.ok(listed(["a", "b", "c"]).includes("a"));
  }
  speak("en");
});

test("the plural form follows the count", () => {
  speak("de");
  assert.equal(say("left.lines", { count: 1 }), "1 Zeile");
  assert.equal(say("left.lines", { count: 12345n }), "12.345 Zeilen");
  speak("en");
});

test("the reader's first language that is known is spoken, or English", () => {
  assert.equal(preferred(["fr-FR", "de-AT", "en"]), "de");
  assert.equal(preferred(["zh-Hant-TW"]), "zh");
  assert.equal(preferred(["fr", "constructor"]), "en");
  assert.equal(preferred([]), "en");
});
