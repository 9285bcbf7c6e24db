// The part of the web page that takes other prices: typed ones, a prices file, or certificates that
// somebody else found.

import { type Added, textOf } from "../encoding/damage.ts";
import { compareDecimals, grouped, showDecimal } from "../encoding/decimal.ts";
import { CannotCheck, Refused } from "../encoding/refused.ts";
import { type Certificates, parseCertificates } from "../repricing/certificate.ts";
import { type Proved, figuresThere } from "../repricing/figures.ts";
import {
  movedPrice,
  parseMove,
  parsePrices,
  typedPrices,
  withPrices,
} from "../repricing/prices-file.ts";
import { ruleOf } from "../rules/assets.ts";
import { type Prices, priceOf } from "../rules/prices.ts";
import { showNumber } from "../words/numbers.ts";
import { fewOf, say } from "../words/say.ts";
import { showTime } from "../words/times.ts";
import { viewBounds } from "./bounds.ts";
import { element, hint, nodes, told } from "./dom.ts";
import { reasonOf } from "./reasons.ts";

/** A file that a reader added. */
export interface AddedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface OtherPrices {
  readonly section: HTMLElement;
  /** Shows what follows from these files. */
  readonly use: (added: ReadonlyMap<Added, AddedFile>) => void;
}

type Known = Pick<Proved, "attestation" | "book">;

/** How many prices are shown without a click. */
const FEW = 12;

/** The section, with the attestation's prices typed in and no bounds yet. */
export function viewOtherPrices(
  proved: Proved,
  isVouched: boolean,
  take: (files: Iterable<File>) => void,
): OtherPrices {
  const { prices: own } = proved.attestation;
  let [base, file]: [Prices, string | undefined] = [own, undefined];
  let certificates: { readonly name: string; readonly read: Certificates } | undefined;
  const names = [...own.prices.keys()].filter((name) => name !== own.quote);
  let inputs = new Map<string, HTMLInputElement>();
  let lastId = 0;
  const boxes = element("div", { class: "prices" });
  const summary = element("summary", {});
  const results = element("div", { id: "bounds", role: "status" });

  /** Asks for the attestation's prices, and for those that this file adds. */
  const fill = (prices: Prices) => {
    const all = [...names, ...added(prices, proved)];
    // Whoever is about to type in a box that stays must find it there.
    if (all.join() !== [...inputs.keys()].join()) {
      inputs = new Map(all.map((name) => [name, inputs.get(name) ?? priceInput()] as const));
      boxes.replaceChildren(...[...inputs].map(([name, box]) => labelled(name, box)));
      summary.replaceChildren(say("other.change", { count: all.length, quote: own.quote }));
    }
    for (const [name, box] of inputs) {
      const price = prices.prices.get(name);
      box.value = price ? showDecimal(price) : "";
    }
  };
  const priceInput = () => {
    const box = input(`price-${lastId++}`);
    // What is shown is not of a price that is typed after it.
    box.addEventListener("input", () => {
      if (results.childNodes.length === 0 || outdated.isConnected) return;
      results.replaceChildren(outdated);
    });
    return box;
  };
  const outdated = hint("other.outdated");
  const attempt = (run: () => void, instead: () => HTMLElement[] = () => []) => {
    try {
      run();
    } catch (error) {
      if (!(error instanceof Refused || error instanceof CannotCheck)) throw error;
      const why = element("span", { class: "warn" }, reasonOf(error.message));
      results.replaceChildren(
        element("p", {}, say("other.nothing"), " ", why),
        ...instead(),
      );
    }
  };
  const compute = () =>
    attempt(() => {
      const typed = [...inputs].map(([name, box]) => [name, box.value] as const);
      const prices = typedPrices(base, new Map(typed));
      const there = figuresThere(proved, prices, certificates?.read, grouped);
      const from = [
        ofFile(prices, base, file),
        described(prices, proved),
        found(certificates?.name),
      ].join(" ");
      results.replaceChildren(
        ...nodes([viewBounds(proved, there, from, isVouched), again()]),
      );
      for (const box of results.querySelectorAll("textarea")) {
        box.addEventListener("focus", () => box.select());
      }
    }, again);
  /** A way back from somebody's certificates. */
  const again = (): HTMLElement[] => {
    if (!certificates) return [];
    const button = element("button", { type: "button" }, say("other.find"));
    button.addEventListener("click", () => {
      certificates = undefined;
      compute();
    });
    return [button];
  };

  const move = input("move");
  move.placeholder = "-5 %";
  const moveAll = () =>
    attempt(() => {
      const by = parseMove(move.value);
      [base, file] = [own, undefined];
      fill(moved(proved, by));
      compute();
    });
  // Also when the reader goes on without the button.
  move.addEventListener("change", () => move.value.trim() !== "" && moveAll());
  const form = element(
    "form",
    {},
    choice(take),
    movePart(proved, move, moveAll),
    element("details", names.length <= FEW ? { open: "" } : {}, summary, boxes),
    element("button", { type: "submit" }, say("other.show")),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    compute();
  });
  fill(own);
  return {
    section: element(
      "section",
      { id: "other-prices" },
      told("other.intro"),
      form,
      results,
    ),
    use: (added) =>
      attempt(() => {
        const [prices, given] = [added.get("prices"), added.get("certificates")];
        if (prices) {
          [base, file] = [parsePrices(textOf(prices.bytes)), prices.name];
          fill(base);
        }
        if (given) {
          certificates = { name: given.name, read: parseCertificates(textOf(given.bytes)) };
        }
        if (prices || given) compute();
      }),
  };
}

function choice(take: (files: Iterable<File>) => void): HTMLElement {
  const chosen = input("more-files");
  chosen.type = "file";
  chosen.multiple = true;
  chosen.addEventListener("change", () => take(chosen.files ?? []));
  const shown = element("span", { "aria-hidden": "true" }, say("place.pick"));
  const pick = element("div", { class: "pick" }, chosen, shown);
  const label = element("label", { for: chosen.id }, say("other.file"));
  return element("div", {}, label, pick, hint("other.file.hint"));
}

function movePart({ attestation, book }: Proved, move: HTMLInputElement, run: () => void) {
  const { prices, quote } = attestation.prices;
  const still = [...prices.keys()].filter((name) => name === quote || !moves(book.rules, name));
  const button = element("button", { type: "button" }, say("other.move"));
  button.addEventListener("click", run);
  return element(
    "div",
    {},
    labelled(say("other.move.by"), move),
    " ",
    button,
    hint("other.from"),
    still.length > 0 ? hint("other.still", { names: [fewOf(still)] }) : [],
  );
}

/** Whether a stress that moves everything moves this price. */
function moves(rules: Proved["book"]["rules"], name: string): boolean {
  const underlying = rules.markets.get(name)?.underlying ?? name;
  return underlying !== rules.quote && (ruleOf(rules, underlying)?.shocked ?? true);
}

/** The attestation's prices after one move of all that moves. */
function moved({ attestation, book }: Proved, by: ReturnType<typeof parseMove>): Prices {
  const { prices } = attestation;
  const { assets, markets, valueDecimals } = book.compiled;
  const decimalsOf = (name: string) => {
    const of = [...assets, ...markets].filter((one) => {
      return one.name === name || book.rules.markets.get(one.name)?.underlying === name;
    });
    return valueDecimals - Math.max(0, ...of.map(({ decimals }) => decimals));
  };
  const all = [...prices.prices].map(([name, price]) => {
    const stays = name === prices.quote || !moves(book.rules, name);
    return [name, stays ? price : movedPrice(price, by, decimalsOf(name))] as const;
  });
  return withPrices(prices, new Map(all));
}

/** Whose prices these are, if they are of a file. */
function ofFile(prices: Prices, base: Prices, file: string | undefined): string {
  if (file === undefined) return "";
  const typed = changed(base, prices);
  const time = showTime(prices.asOf);
  return typed.length === 0
    ? say("other.of.file", { file, time })
    : say("other.typed", { file, time, names: fewOf(typed) });
}

/** How these prices differ from the attestation's. */
function described(prices: Prices, { attestation, book }: Known): string {
  const own = attestation.prices;
  const differ = changed(own, prices).filter((name) => own.prices.has(name));
  const more = added(prices, { attestation, book });
  const count = differ.length + more.length;
  const counted = say("other.differ", { count, all: own.prices.size });
  if (more.length === 0) return counted;
  const said = more.map((name) => `${name} ${showNumber(showDecimal(prices.prices.get(name)!))}`);
  return `${counted} ${say("other.own", { names: fewOf(said) })}`;
}

/** The names whose price is another one, or is missing in one of the two. */
function changed(one: Prices, other: Prices): string[] {
  const names = new Set([...one.prices.keys(), ...other.prices.keys()]);
  return [...names].filter((name) => {
    const [was, is] = [priceOf(one, name), priceOf(other, name)];
    return !was || !is || compareDecimals(was, is) !== 0;
  });
}

/** The markets with a price of their own here that have that of their underlying in the proof. */
function added({ prices }: Prices, { attestation, book }: Known): string[] {
  const own = attestation.prices.prices;
  return [...book.rules.markets.keys()].filter((name) => prices.has(name) && !own.has(name));
}

function found(name: string | undefined): string {
  return name === undefined ? "" : say("other.certificates", { name });
}

function input(id: string): HTMLInputElement {
  const attributes = { id, type: "text", autocomplete: "off", spellcheck: "false" };
  return element("input", attributes) as HTMLInputElement;
}

function labelled(text: string, box: HTMLInputElement): HTMLElement {
  return element("div", {}, element("label", { for: box.id }, text), box);
}
