// Elements from words. Text is only ever text: nothing of a file becomes markup.

export type Child = Node | string;

export function element(tag: string, attributes: Record<string, string>, ...children: Child[]): HTMLElement {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
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

/** Pairs of a word and what it stands for. */
export function pairs(entries: readonly (readonly [string, Child])[]): HTMLElement {
  const both = ([word, meaning]: readonly [string, Child]) => [
    element("dt", {}, word),
    element("dd", {}, meaning),
  ];
  return element("dl", {}, ...entries.flatMap(both));
}

/** A row of a table: the first cell is its head. */
export interface Row {
  readonly cells: readonly string[];
  readonly class?: string;
}

/** A table whose columns from the one with number `numbers` on are numbers. */
export function table(
  caption: string,
  head: readonly string[],
  numbers: number,
  body: readonly Row[],
  foot: readonly Row[] = [],
): HTMLElement {
  // The roles are those of the elements; a browser drops them where a small screen shows the rows
  // one below the other.
  const align = (column: number): Record<string, string> => (column >= numbers ? { class: "number" } : {});
  const titles = head.map((title, i) =>
    element("th", { scope: "col", role: "columnheader", ...align(i) }, title),
  );
  const row = ({ cells, class: name }: Row) =>
    element(
      "tr",
      { role: "row", ...(name ? { class: name } : {}) },
      ...cells.map((cell, i) =>
        i === 0
          ? element("th", { scope: "row", role: "rowheader" }, cell)
          : element("td", { role: "cell", "data-label": head[i]!, ...align(i) }, element("span", {}, cell)),
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
  return element("div", { class: "wide" }, made);
}

/** A number with its thousands apart. */
export function grouped(number: string): string {
  const [whole = "", fraction] = number.replace("-", "").split(".");
  const groups = whole.replace(/\B(?=([0-9]{3})+$)/g, ",");
  const sign = number.startsWith("-") ? "\u2212" : "";
  return sign + groups + (fraction === undefined ? "" : `.${fraction}`);
}
