// All that follows for a proved book at other prices: bounds, backing, clauses and the certificates
// that show them.

import type { Attestation } from "../attestation/attestation.ts";
import type { Book, Summary } from "../attestation/book.ts";
import type { Prices } from "../rules/prices.ts";
import { checkPrices } from "../rules/prices.ts";
import { type BackingThere, backingThere } from "./backing.ts";
import { type Bound, boundOf } from "./bound.ts";
import { type Certificates, certificateOf, checkPriced, multipliersOf } from "./certificate.ts";
import { Finder } from "./find.ts";
import {
  type ClauseThere,
  type There,
  type Verdict,
  standingOf,
  verdictOf,
} from "./standing.ts";
import { type Repriced, reprice } from "./values.ts";

export interface FiguresThere {
  readonly book: Repriced;
  /** One for each scenario that has figures, twins included. */
  readonly bounds: readonly Bound[];
  /** What shows them. */
  readonly certificates: Certificates;
  readonly backing: readonly BackingThere[];
  readonly clauses: readonly ClauseThere[];
  /** That of the whole policy. */
  readonly verdict: Verdict;
}

/** A proved book, as this page read and computed it. */
export interface Proved {
  readonly attestation: Attestation;
  readonly book: Book;
  readonly summary: Summary;
}

/**
 * The figures at other prices, by certificates that are found here or, if any are given, by those
 * alone; `write` writes the amounts in details.
 */
export function figuresThere(
  { attestation, book: { rules, compiled }, summary }: Proved,
  prices: Prices,
  given?: Certificates,
  write: There["write"] = (amount) => amount,
): FiguresThere {
  checkPrices(prices);
  const book = reprice(attestation, { rules, compiled }, summary.totals, prices);
  const { bounds, certificates } = given ? shown(book, given) : found(book);
  const backing = backingThere(book, bounds);
  const clauses = standingOf(rules.policy, summary.clauses, { book, backing, write });
  return {
    book,
    bounds,
    certificates,
    backing,
    clauses,
    verdict: verdictOf(clauses),
  };
}

type Shown = Pick<FiguresThere, "bounds" | "certificates">;

/** What somebody's certificates show; a scenario without one has the bound of no multipliers. */
function shown(book: Repriced, certificates: Certificates): Shown {
  const names = book.priced.map((scenario) => book.now.scenarios[scenario]!.name);
  checkPriced(certificates, names, book.coarse);
  const bounds = book.priced.map((scenario, i) => {
    const multipliers = multipliersOf(certificates.get(names[i]!) ?? new Map(), book.proved);
    return boundOf(book, scenario, multipliers);
  });
  return { bounds, certificates };
}

function found(book: Repriced): Shown {
  const finder = new Finder(book);
  const all = book.priced.map((scenario) => finder.find(scenario));
  const certificates = all.map(({ multipliers, bound: { scenario } }) => {
    return [scenario, certificateOf(multipliers, book.proved)] as const;
  });
  return { bounds: all.map(({ bound }) => bound), certificates: new Map(certificates) };
}
