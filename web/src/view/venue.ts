// The venue as its attestation describes it, with who vouches for each figure.

import type { Attestation } from "../attestation/attestation.ts";
import type { Book, Summary } from "../attestation/book.ts";
import type { Setup } from "../attestation/setup.ts";
import { brief } from "../encoding/decimal.ts";
import { keccak, toHex, utf8 } from "../encoding/digest.ts";
import { nanoseconds } from "../encoding/times.ts";
import { amount, ratio, translated } from "../words/numbers.ts";
import { say } from "../words/say.ts";
import { showLength, showTime } from "../words/times.ts";
import { viewBacking } from "./backing.ts";
import {
  type Child,
  bullets,
  by,
  code,
  details,
  element,
  heading,
  pairs,
  paragraph,
  tell,
  told,
} from "./dom.ts";
import { viewAssets, viewClasses, viewMarkets } from "./holdings.ts";
import { viewLeftOut } from "./left-out.ts";
import { policyLimits, viewPolicy } from "./policy.ts";
import { viewPrices } from "./prices.ts";
import { viewReserves } from "./reserves.ts";
import { table } from "./table.ts";
import { terms } from "./terms.ts";

/** What is known of a venue once its attestation was read and computed again. */
export interface Known {
  readonly attestation: Attestation;
  readonly book: Book;
  readonly summary: Summary;
  readonly setup: Setup | undefined;
}

/** Everything but the account: backing, policy, holdings, reserves, prices, left out, header. */
export function viewVenue(known: Known, now: number, isAll: boolean): Child[] {
  const { attestation, book, summary } = known;
  const { prices, reserves, header } = attestation;
  const { compiled, rules } = book;
  const { figures, clauses } = summary;
  const { quote } = compiled;
  return [
    legend(),
    heading(3, say("backing.title")),
    paragraph(owedText(known)),
    viewBacking(book, summary),
    heading(3, say("policy.title")),
    viewPolicy(clauses),
    policyLimits(clauses, rules).map((one) => paragraph(one)),
    terms(["policy", "clause"]),
    viewTimes(attestation, now),
    viewDrawn(attestation, book),
    viewAssets(figures, reserves, compiled),
    viewMarkets(figures),
    terms(["deposit", "borrow", "open.interest"]),
    viewReserves(reserves, compiled, isAll),
    viewPrices(prices, quote, isAll),
    viewClasses(figures, compiled),
    viewLeftOut(header, quote),
    viewHeader(known),
  ];
}

function owedText({ book: { compiled }, summary: { backing } }: Known): string {
  const { owed, coverage } = backing[0]!;
  const { quote, valueDecimals } = compiled;
  if (coverage === undefined) return say("venue.nothing");
  return say("venue.owed", {
    owed: `${translated(brief(owed, valueDecimals, "up"))} ${quote}`,
    ratio: ratio(coverage),
    quote,
  });
}

function legend(): HTMLElement {
  const items = (["P", "R", "W"] as const).map((letter): Child => {
    return [by(letter), ` ${say(`letter.${letter}`)}.`];
  });
  return element("div", { class: "legend" }, told("legend.intro"), bullets(items));
}

function viewHeader({ attestation, book, setup }: Known): Child[] {
  const { digest, header, volumes, rules: text } = attestation;
  const { rules, compiled } = book;
  const own = (text: string) => element("bdi", {}, text);
  const values = { sequence: header.sequence, time: [showTime(header.asOf)] };
  const { name, exactness, source } = rules;
  const setupPair = setup
    ? ([say("venue.setup"), setupText(setup), "R"] as const)
    : ([say("venue.setup"), tell("venue.setup.word", { setup: header.setup }), "W"] as const);
  const previous = header.previous ? code(toHex(header.previous)) : say("venue.first");
  const accounts = say("venue.in.book", { accounts: header.accounts });
  const balance = say("venue.balance.is", { count: compiled.scenarios.length });
  return [
    heading(3, say("venue.about")),
    pairs([
      [say("venue.name"), own(header.venue), "W"],
      [say("venue.attestation"), tell("venue.number", values), "W"],
      [say("venue.digest"), code(toHex(digest)), "R"],
      [say("venue.previous"), previous, "W"],
      [say("venue.accounts"), accounts, "W"],
      [say("venue.volumes"), amount(BigInt(volumes.length), 0), "R"],
      [say("venue.balance"), balance, "R"],
      [say("venue.rules"), tell("venue.rules.are", { name, exactness, source }), "W"],
      [say("venue.rules.digest"), code(toHex(keccak(utf8(text)))), "R"],
      setupPair,
      ...(setup?.key ? ([[say("venue.key"), code(toHex(setup.key)), "R"]] as const) : []),
      [say("venue.software"), own(header.software), "W"],
    ]),
    terms(["attestation", "digest", "volume", "trial.balance"], ["setup", "key", "rules"]),
    details("rules", say("venue.rules.text"), [
      // Line by line: a line's end is not printable.
      element("pre", { tabindex: "0" }, text.split("\n").map(line)),
    ]),
    setup?.origin.kind === "unknown"
      ? details("tau", say("venue.tau"), [code(setup.origin.tau)])
      : [],
  ];
}

function line(text: string): Child {
  return [text, document.createTextNode("\n")];
}

function setupText({ origin, state }: Setup): string {
  if (state === "insecure") return say("setup.insecure");
  const trust = say(state === "vouched" ? "setup.vouched" : "setup.unknown");
  return origin.kind === "ceremony"
    ? say("setup.ceremony", { trust, ceremony: origin.name })
    : say("setup.no.ceremony", { trust });
}

/** How long ago a time was, by this device's clock. */
export function age(time: string, now: number): string {
  const since = BigInt(now) * 1_000_000n - nanoseconds(time);
  if (since < 0n) return say("times.future", { length: showLength(-since) });
  return showLength(since);
}

/** The three times, their distances from the snapshot, and their ages by this device's clock. */
function viewTimes({ header, prices, reserves }: Attestation, now: number): Child[] {
  const from = (time: string): string => {
    const difference = nanoseconds(time) - nanoseconds(header.asOf);
    if (difference === 0n) return say("times.same");
    return difference > 0n
      ? say("times.after", { length: showLength(difference) })
      : say("times.before", { length: showLength(-difference) });
  };
  const row = (what: string, time: string, distance: string) => {
    return { cells: [what, showTime(time), distance, age(time, now)] };
  };
  return [
    heading(3, say("times.title")),
    table(
      say("times.caption"),
      [
        say("times.of"),
        [say("times.time"), "W"],
        [say("times.distance"), "R"],
        [say("times.age"), "R"],
      ],
      4,
      [
        row(say("times.snapshot"), header.asOf, ""),
        row(say("times.prices"), prices.asOf, from(prices.asOf)),
        ...(reserves ? [row(say("times.reserves"), reserves.asOf, from(reserves.asOf))] : []),
      ],
    ),
    terms(["snapshot"]),
  ];
}

/** How the time of the snapshot was drawn, if it was. */
function viewDrawn({ header: { drawn } }: Attestation, { draw }: Book): Child[] {
  if (!drawn || !draw) return [];
  const letter = drawn.from === "drand:quicknet" ? "R" : "W";
  const values = { day: [drawn.day], from: drawn.from, seen: draw.seen };
  return [paragraph(tell("drawn.is", values), " ", by(letter))];
}
