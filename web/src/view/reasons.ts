// What the other rooms say, in the spoken language. They say it in English, as the native programs
// do, so it is recognised by its form and said anew. What is not recognised stays in English, and
// is marked as that.

import { printable } from "../encoding/refused.ts";
import { language } from "../words/language.ts";
import { translated } from "../words/numbers.ts";
import { partsOf } from "../words/say.ts";
import type { Key } from "../words/text.ts";
import { showTime } from "../words/times.ts";
import { type Child, code, element, english, tell } from "./dom.ts";
import { CLAUSES, REASONS, STEPS, SUBJECTS, type Said } from "./said.ts";

/** Why something does not hold or could not be checked, as a sentence. */
export function reasonOf(text: string): Child {
  const said = recognised(text, REASONS);
  if (said) return said;
  const sentence = `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
  return language() === "en" ? sentence : tell("english.reason", { text: english(sentence) });
}

/** What a clause comes to. */
export function detailOf(text: string): Child {
  return recognised(text, CLAUSES) ?? english(text);
}

/** A step's title or what it found; reasons are among these too. */
export function stepOf(text: string): Child {
  return recognised(text, STEPS) ?? recognised(text, REASONS) ?? english(text);
}

/** What no clause asks about. */
export function subjectOf(text: string): string {
  const key = SUBJECTS.find(([form]) => form === text)?.[1];
  return key ? textOf(key) : text;
}

/** Whether a text of the other rooms can be said in every language. */
export function isRecognised(text: string): boolean {
  return [...REASONS, ...CLAUSES, ...STEPS, ...SUBJECTS].some(([form]) => form === text)
    || [REASONS, CLAUSES, STEPS].some((all) => recognise(text, all) !== undefined);
}

function textOf(key: Key): string {
  return partsOf(key).map(({ text }) => text).join("");
}

function recognised(text: string, all: readonly Said[]): Child[] | undefined {
  const found = recognise(text, all);
  if (!found) return undefined;
  const values = Object.entries(found.values).map(([name, value]): [string, Child | bigint] => {
    return [name, valueOf(name, value)];
  });
  const count = found.values.count;
  if (count !== undefined) values.push(["count", BigInt(count.replaceAll(",", ""))]);
  return tell(found.key, Object.fromEntries(values));
}

interface Found {
  readonly key: Key;
  readonly values: Readonly<Record<string, string>>;
}

function recognise(text: string, all: readonly Said[]): Found | undefined {
  for (const [form, key] of all) {
    const values = formOf(form).exec(text);
    if (values) return { key, values: { ...values.groups } };
  }
  return undefined;
}

const known = new Map<string, RegExp>();

/** A form as a pattern: names in braces take any text, `{count}` a number. */
function formOf(form: string): RegExp {
  const made =
    known.get(form) ??
    new RegExp(
      `^${form
        .replace(/[.*+?^$()|[\]\\]/g, "\\$&")
        .replace(/\{count\}/g, "(?<count>[0-9,]+)")
        .replace(/\{kind\}/g, `(?<kind>(?:an? )?(?:${Object.keys(KINDS).join("|")}))`)
        .replace(/\{([a-z]+)\}/g, "(?<$1>.+?)")}$`,
      "su",
    );
  known.set(form, made);
  return made;
}

const KINDS: Readonly<Record<string, Key>> = {
  attestation: "kind.attestation",
  statement: "kind.statement",
  key: "kind.key",
  "prices file": "kind.prices",
  "file of certificates": "kind.certificates",
};

/** A value as the language writes it: a kind of file, a number, a time, or a text of a file. */
function valueOf(name: string, value: string): Child {
  if (name === "kind" || name === "other") {
    const bare = value.replace(/^an? /, "").replace(/^(file of certificates).*/, "$1");
    const key = KINDS[bare];
    return key ? [textOf(key)] : stepOf(value);
  }
  if (name === "why" || name === "said") return [stepOf(value)];
  // An amount, with or without its unit.
  const [, number, unit = ""] = /^([\u2212-]?[0-9][0-9,]*(?:\.[0-9]+)?)( \S+)?$/.exec(value) ?? [];
  if (number !== undefined) return [translated(number), unit];
  if (/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z$/.test(value)) return [showTime(value)];
  const inQuotes = /^`(.*)`$/s.exec(value)?.[1];
  return inQuotes === undefined ? element("bdi", {}, printable(value)) : code(inQuotes);
}
