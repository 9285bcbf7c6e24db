// The record: several attestations of one venue, whether each follows the one before it, and what
// changed. A record is never better than the worst attestation in it.

import type { Attestation } from "../attestation/attestation.ts";
import { placeKey } from "../attestation/place.ts";
import { keccak, toHex, utf8 } from "../encoding/digest.ts";
import { nanoseconds } from "../encoding/times.ts";
import { amount, ratio } from "../words/numbers.ts";
import { fewOf, say } from "../words/say.ts";
import { showDay } from "../words/times.ts";
import type { CheckedAttestation } from "./checks.ts";
import { type Child, bullets, element, heading, told, word } from "./dom.ts";
import { table } from "./table.ts";
import { terms } from "./terms.ts";
import type { Tone } from "./verdict.ts";

/** One attestation of a record: as far as it was read and computed, and its verdict. */
export interface Point {
  readonly checked: CheckedAttestation;
  readonly tone: Tone;
  readonly verdict: string;
}

type Read = Point & { readonly attestation: Attestation };

/** Something that is wrong, or missing, between two attestations. */
interface Fault {
  readonly tone: "bad" | "warn";
  readonly text: string;
}

/** The record as a table, what breaks it, and what changed. */
export function viewHistory(points: readonly Point[]): Child[] {
  const read = readable(points);
  const faults = faultsOf(read);
  const items = faults.map(({ tone, text }): Child => {
    return [word(tone, say(tone === "bad" ? "history.broken" : "history.missing")), `: ${text}`];
  });
  return [
    heading(2, say("history.title", { count: points.length })),
    told("history.intro"),
    faults.length > 0
      ? bullets(items)
      : element("p", {}, word("good", say("history.chain")), ` ${say("history.chain.means")}`),
    viewPoints(read),
    heading(3, say("history.changes")),
    bullets(changesOf(read)),
    terms(["number", "owed", "coverage", "bad.debt"]),
  ];
}

/** The worst of what breaks a record. */
export function historyTone(points: readonly Point[]): Tone {
  const faults = faultsOf(readable(points));
  if (faults.some(({ tone }) => tone === "bad")) return "bad";
  return faults.length > 0 ? "warn" : "good";
}

function readable(points: readonly Point[]): Read[] {
  return points.flatMap((one) => {
    const { attestation } = one.checked.found;
    return attestation ? [{ ...one, attestation }] : [];
  });
}

function viewPoints(points: readonly Read[]): HTMLElement {
  const rows = points.map(({ attestation: { header }, checked: { found }, verdict }) => {
    const { summary, book } = found;
    const start = [String(header.sequence), showDay(header.asOf)];
    if (!summary || !book) return { cells: [...start, "", "", "", "", "", verdict] };
    const { valueDecimals } = book.compiled;
    const { owed, customers, coverage } = summary.backing[0]!;
    const worst = summary.backing.reduce((most, { badDebt }) => {
      return badDebt > most ? badDebt : most;
    }, 0n);
    const kept = summary.clauses.filter(({ holds }) => holds).length;
    return {
      cells: [
        ...start,
        amount(owed, valueDecimals),
        amount(customers, valueDecimals),
        coverage === undefined ? say("nothing.owed") : ratio(coverage),
        amount(worst, valueDecimals),
        say("history.of", { kept, all: summary.clauses.length }),
        verdict,
      ],
    };
  });
  return table(
    say("history.caption"),
    [
      say("history.number"),
      [say("times.snapshot"), "W"],
      [say("backing.owed"), "P"],
      [say("backing.reserves"), "W"],
      [say("backing.coverage"), "W"],
      [say("history.worst"), "P"],
      [say("history.clauses"), "R"],
      [say("history.verdict"), "R"],
    ],
    2,
    rows,
  );
}

function faultsOf(points: readonly Read[]): Fault[] {
  return points.slice(1).flatMap((next, i) => faultsBetween(points[i]!, next));
}

function faultsBetween(before: Read, next: Read): Fault[] {
  const [a, b] = [before.attestation, next.attestation];
  const [number, following] = [a.header.sequence, b.header.sequence];
  const values = { number, next: following };
  if (a.header.venue !== b.header.venue) {
    const venues = { one: a.header.venue, other: b.header.venue };
    return [{ tone: "bad", text: say("history.other.venue", { ...values, ...venues }) }];
  }
  if (number === following) return [{ tone: "bad", text: say("history.fork", values) }];
  const faults: Fault[] = [];
  if (nanoseconds(b.header.asOf) <= nanoseconds(a.header.asOf)) {
    faults.push({ tone: "bad", text: say("history.back", values) });
  }
  if (following > number + 1n) {
    const count = following - number - 1n;
    faults.push({ tone: "warn", text: say("history.gap", { ...values, count }) });
  } else if (b.header.previous && toHex(b.header.previous) !== toHex(a.digest)) {
    faults.push({ tone: "bad", text: say("history.unlinked", values) });
  }
  return faults;
}

function changesOf(points: readonly Read[]): Child[] {
  const items = points.slice(1).map((next, i): Child => {
    const changes = changesBetween(points[i]!.attestation, next.attestation);
    const said = changes.length === 0 ? [say("history.same")] : changes;
    const { header } = next.attestation;
    const lead = say("history.with", { number: header.sequence, day: showDay(header.asOf) });
    return [element("strong", {}, lead), ` ${said.join(" ")}`];
  });
  return items;
}

function changesBetween(before: Attestation, next: Attestation): string[] {
  const places = ({ reserves }: Attestation) =>
    new Map(
      (reserves?.reserves ?? []).map((one) => {
        const key = JSON.stringify([one.asset, ...placeKey(one.chain, one.address)]);
        return [key, `${one.asset} ${one.address}`] as const;
      }),
    );
  const [had, has] = [places(before), places(next)];
  const added = [...has].filter(([key]) => !had.has(key)).map(([, name]) => name);
  const gone = [...had].filter(([key]) => !has.has(key)).map(([, name]) => name);
  const digest = (text: string) => toHex(keccak(utf8(text)));
  const hex = (bytes: Uint8Array | undefined) => (bytes ? toHex(bytes) : "");
  return [
    ...(digest(before.rules) === digest(next.rules) ? [] : [say("history.rules")]),
    ...(hex(before.header.program) === hex(next.header.program) ? [] : [say("history.program")]),
    ...(hex(before.header.key) === hex(next.header.key) ? [] : [say("history.key")]),
    ...(before.header.setup === next.header.setup ? [] : [say("history.setup")]),
    ...(before.header.software === next.header.software ? [] : [say("history.software")]),
    ...(before.prices.method === next.prices.method &&
    before.prices.source === next.prices.source
      ? []
      : [say("history.method")]),
    ...(added.length > 0 ? [say("history.added", { names: fewOf(added) })] : []),
    ...(gone.length > 0 ? [say("history.gone", { names: fewOf(gone) })] : []),
  ];
}
