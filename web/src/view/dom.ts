// Elements from words. Text is only ever text: nothing of a file becomes markup, and nothing in it moves,
// hides or turns around what stands beside it.

import { type By, LETTERS } from "../attestation/by.ts";
import { printable } from "../encoding/refused.ts";

export type Child = Node | string;

export function element(tag: string, attributes: Record<string, string>, ...children: Child[]): HTMLElement {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.map((child) => (typeof child === "string" ? printable(child) : child)));
  return made;
}

/** What is shown when somebody asks for it. */
export function details(summary: string, children: readonly Child[], open = false): HTMLElement {
  return element("details", open ? { open: "" } : {}, element("summary", {}, summary), ...children);
}

/** Who vouches for what stands before it. */
export function by(letter: By): HTMLElement {
  return element("abbr", { class: `by by-${letter}`, title: LETTERS[letter] }, letter);
}

export function heading(level: 2 | 3, text: string): HTMLElement {
  return element(`h${level}`, {}, text);
}

export function paragraph(...children: Child[]): HTMLElement {
  return element("p", {}, ...children);
}

export function code(text: string): HTMLElement {
  return element("code", {}, text);
}

export function bullets(items: readonly (string | Child[])[]): HTMLElement {
  return element("ul", {}, ...items.map((item) => element("li", {}, ...[item].flat())));
}

/** Pairs of a word and what it stands for, with who vouches for it. */
export function pairs(entries: readonly (readonly [word: string, meaning: Child, by?: By])[]): HTMLElement {
  const both = ([word, meaning, letter]: (typeof entries)[number]) => [
    element("dt", {}, word),
    element("dd", {}, meaning, ...(letter ? [" ", by(letter)] : [])),
  ];
  return element("dl", {}, ...entries.flatMap(both));
}

/** A column of a table: its head, and who vouches for what is in it. */
export type Column = string | readonly [head: string, by: By];

/** A row of a table: the first cell is its head. */
export interface Row {
  readonly cells: readonly string[];
  readonly class?: string;
}

/** A table whose columns from the one with number `numbers` on are numbers. */
export function table(
  caption: string,
  columns: readonly Column[],
  numbers: number,
  body: readonly Row[],
  foot: readonly Row[] = [],
): HTMLElement {
  // The roles are those of the elements; a browser drops them where a small screen shows the rows
  // one below the other.
  const align = (column: number): Record<string, string> => (column >= numbers ? { class: "number" } : {});
  const heads = columns.map((column) => (typeof column === "string" ? ([column] as const) : column));
  const titles = heads.map(([title, letter], i) => {
    const attributes = { scope: "col", role: "columnheader", ...align(i) };
    return element("th", attributes, title, ...(letter ? [" ", by(letter)] : []));
  });
  const labels = heads.map(([title, letter]) => printable(letter ? `${title} (${letter})` : title));
  const row = ({ cells, class: name }: Row) =>
    element(
      "tr",
      { role: "row", ...(name ? { class: name } : {}) },
      ...cells.map((cell, i) =>
        i === 0
          ? element("th", { scope: "row", role: "rowheader" }, cell)
          : element("td", { role: "cell", "data-label": labels[i]!, ...align(i) }, element("span", {}, cell)),
      ),
    );
  const part = (tag: string, rows: HTMLElement[]) => element(tag, { role: "rowgroup" }, ...rows);
  const made = element(
    "table",
    { role: "table" },
    element("caption", {}, caption),
    part("thead", [element("tr", { role: "row" }, ...titles)]),
    part("tbody", body.map(row)),
    ...(foot.length > 0 ? [part("tfoot", foot.map(row))] : []),
  );
  // Whoever has no mouse scrolls a table that is too wide with the keys.
  return element("div", { class: "wide", tabindex: "0", role: "group", "aria-label": printable(caption) }, made);
}

/** A number with its thousands apart. */
export function grouped(number: string): string {
  const [whole = "", fraction] = number.replace("-", "").split(".");
  const groups = whole.replace(/\B(?=([0-9]{3})+$)/g, ",");
  const sign = number.startsWith("-") ? "\u2212" : "";
  return sign + groups + (fraction === undefined ? "" : `.${fraction}`);
}
