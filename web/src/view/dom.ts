// Makes elements from text. Text from a file never becomes markup, and nothing in it moves, hides
// or reverses the text around it.

import type { By } from "../attestation/by.ts";
import { printable } from "../encoding/refused.ts";
import type { Key } from "../words/text.ts";
import { type Value, partsOf, say, written } from "../words/say.ts";

export type Child = Node | string | readonly Child[];

/** An element of the web page; texts among its children are made printable. */
export function element(
  tag: string,
  attributes: Record<string, string>,
  ...children: Child[]
): HTMLElement {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...nodes(children));
  return made;
}

/** Children as what can be appended; texts are made printable. */
export function nodes(children: readonly Child[]): (Node | string)[] {
  return children.flatMap((child) => {
    if (typeof child === "string") return [printable(child)];
    return child instanceof Node ? [child] : nodes(child);
  });
}

/**
 * A text by its name, with values filled in. A value that is text is of a file: it stands apart, so
 * that its direction does not become that of the words around it.
 */
export function tell(key: Key, values: Readonly<Record<string, Value | Child>> = {}): Child[] {
  return partsOf(key, values.count).map(({ kind, text }): Child => {
    if (kind === "words") return text;
    if (kind === "code") return code(text);
    const value = values[text] ?? "";
    if (typeof value === "string") return element("bdi", {}, value);
    return typeof value === "bigint" || typeof value === "number" ? written(value) : value;
  });
}

/** A paragraph of one text. */
export function told(key: Key, values: Readonly<Record<string, Value | Child>> = {}): HTMLElement {
  return paragraph(tell(key, values));
}

/** A remark in soft colours. */
export function hint(key: Key, values: Readonly<Record<string, Value | Child>> = {}): HTMLElement {
  return element("p", { class: "hint" }, tell(key, values));
}

/** A text that is there in English alone, because a program said it. */
export function english(text: string): HTMLElement {
  return element("span", { lang: "en" }, text);
}

/** Content that opens on a click, under its summary. `name` is the same in every language. */
export function details(
  name: string,
  summary: Child,
  children: readonly Child[],
  open = false,
): HTMLElement {
  const attributes = { "data-name": name, ...(open ? { open: "" } : {}) };
  return element("details", attributes, element("summary", {}, summary), children);
}

const LETTERS = { P: "letter.P", R: "letter.R", W: "letter.W" } as const;

/** The letter of who vouches for the text before it. */
export function by(letter: By): HTMLElement {
  return element("abbr", { class: `by by-${letter}`, title: say(LETTERS[letter]) }, letter);
}

export function heading(level: 2 | 3 | 4, text: Child): HTMLElement {
  return element(`h${level}`, {}, text);
}

export function paragraph(...children: Child[]): HTMLElement {
  return element("p", {}, children);
}

export function code(text: string): HTMLElement {
  return element("code", {}, text);
}

export function bullets(items: readonly Child[]): HTMLElement {
  return element("ul", {}, ...items.map((item) => element("li", {}, item)));
}

/** A word that judges, in the colour of its tone. */
export function word(tone: string, text: string): HTMLElement {
  return element("span", { class: `word ${tone}` }, text);
}

/** A button that runs something. */
export function button(key: Key, run: () => void): HTMLButtonElement {
  const made = element("button", { type: "button" }, say(key)) as HTMLButtonElement;
  made.addEventListener("click", run);
  return made;
}

/** Pairs of a term and its description, with who vouches for it. */
export function pairs(
  entries: readonly (readonly [term: string, description: Child, by?: By])[],
): HTMLElement {
  const both = ([term, description, letter]: (typeof entries)[number]) => [
    element("dt", {}, term),
    element("dd", {}, description, letter ? [" ", by(letter)] : []),
  ];
  return element("dl", {}, entries.flatMap(both));
}
