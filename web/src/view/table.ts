// Tables that stay readable on a small screen, with numbers aligned at their points.

import type { By } from "../attestation/by.ts";
import { printable } from "../encoding/refused.ts";
import { signs } from "../words/numbers.ts";
import { by, element } from "./dom.ts";

/** A column of a table: its head, and who vouches for its cells. */
export type Column = string | readonly [head: string, by: By];

/** A row of a table: the first cell is its head. */
export interface Row {
  readonly cells: readonly string[];
  readonly class?: string;
}

/**
 * A table whose columns from number `numbers` on hold numbers, aligned at their points. `body` and
 * `foot` are its rows.
 */
export function table(
  caption: string,
  columns: readonly Column[],
  numbers: number,
  body: readonly Row[],
  foot: readonly Row[] = [],
): HTMLElement {
  // The roles are the elements' own, but a browser drops them on a small screen, where the rows are
  // shown as blocks.
  const align = (column: number): Record<string, string> =>
    column >= numbers ? { class: "number" } : {};
  const heads = columns.map((column) =>
    typeof column === "string" ? ([column] as const) : column,
  );
  const decimals = heads.map((_, i) =>
    mostDecimals([...body, ...foot].map(({ cells }) => cells[i]!)),
  );
  const titles = heads.map(([title, letter], i) => {
    const attributes = { scope: "col", role: "columnheader", ...align(i) };
    return element("th", attributes, title, letter ? [" ", by(letter)] : []);
  });
  const labels = heads.map(([title, letter]) => printable(letter ? `${title} (${letter})` : title));
  const row = ({ cells, class: name }: Row) =>
    element(
      "tr",
      { role: "row", ...(name ? { class: name } : {}) },
      cells.map((cell, i) => {
        if (i === 0) return element("th", { scope: "row", role: "rowheader" }, cell);
        const attributes = { role: "cell", "data-label": labels[i]!, ...align(i) };
        return element("td", attributes, element("span", {}, cell), padding(cell, decimals[i]!));
      }),
    );
  const part = (tag: string, rows: HTMLElement[]) => element(tag, { role: "rowgroup" }, rows);
  const made = element(
    "table",
    { role: "table" },
    element("caption", {}, caption),
    part("thead", [element("tr", { role: "row" }, titles)]),
    part("tbody", body.map(row)),
    foot.length > 0 ? part("tfoot", foot.map(row)) : [],
  );
  // With a tab stop, a table that is too wide can be scrolled with the keys alone.
  const attributes = {
    class: "wide",
    tabindex: "0",
    role: "group",
    "aria-label": printable(caption),
  };
  return element("div", attributes, made);
}

/** The decimals of a cell with a number alone; undefined for any other cell. */
function decimalsOf(cell: string): number | undefined {
  const { group, point } = signs();
  const own = cell.replace(/^\u2212/, "").replaceAll(group, "");
  const [whole = "", fraction = "", ...more] = own.split(point);
  const isNumber = more.length === 0 && /^[0-9]+$/.test(whole) && /^[0-9]*$/.test(fraction);
  return isNumber ? fraction.length : undefined;
}

function mostDecimals(cells: readonly string[]): number {
  return Math.max(0, ...cells.map((cell) => decimalsOf(cell) ?? 0));
}

/** Blanks as wide as the point and the digits that a number lacks beside others of its column. */
function padding(cell: string, most: number): HTMLElement[] {
  const decimals = decimalsOf(cell);
  if (decimals === undefined || decimals === most) return [];
  const blanks = (decimals === 0 ? "\u2008" : "") + "\u2007".repeat(most - decimals);
  return [element("span", { class: "pad", "aria-hidden": "true" }, blanks)];
}
