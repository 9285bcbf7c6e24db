// All results: a card for each statement, or for the venue alone, and what is folded below them.

import type { Key } from "../words/text.ts";
import { say } from "../words/say.ts";
import { showDay } from "../words/times.ts";
import { viewAccount } from "./account.ts";
import type { Checked, CheckedAttestation, CheckedStatement } from "./checks.ts";
import { type Child, details, element, heading } from "./dom.ts";
import { historyTone, viewHistory } from "./history.ts";
import type { Proofs } from "./proofs.ts";
import { type Shown, viewAttestation, viewForYou, viewStatement } from "./result.ts";
import { viewLimits, viewSteps } from "./steps.ts";
import { type Known, viewVenue } from "./venue.ts";
import { type Tone, concludeAttestation, concludeStatement, worstTone } from "./verdict.ts";

/** How far the proofs of an attestation were checked. */
export type ProofsOf = (one: CheckedAttestation) => Proofs;

/** The attestation that the web page is about, where there is no statement: the latest. */
export function mainOf({ attestations }: Checked): CheckedAttestation | undefined {
  return attestations[attestations.length - 1];
}

/** The worst verdict of all that is shown, and its words. */
export function worstOf(checked: Checked, proofs: ProofsOf): { tone: Tone; words: string } {
  const own = checked.statements.map((one) => {
    return concludeStatement(one.verdict, proofs(one.against));
  });
  // A holder of one statement is told about it, and about the record only if there is one.
  const hasRecord = checked.attestations.length > 1;
  const venues = checked.attestations.map((one) => concludeAttestation(one, proofs(one)));
  const all = [...own, ...(own.length === 0 || hasRecord ? venues : [])];
  const tones = all.map(({ tone }) => tone);
  const record = hasRecord ? [historyTone(pointsOf(checked, proofs))] : [];
  const words = [...new Set(all.map(({ word }) => say(word)))].join("; ");
  return { tone: worstTone([...tones, ...record]), words };
}

/** The cards, each with its verdict and five lines. */
export function viewCards(checked: Checked, proofs: ProofsOf, shown: Shown): Child[] {
  const { statements, attestations } = checked;
  const main = mainOf(checked);
  const cards = statements.map((one) => {
    const concluded = concludeStatement(one.verdict, proofs(one.against));
    const content = viewStatement(one, concluded, proofs(one.against), shown);
    return card(concluded.tone, content);
  });
  if (cards.length === 0 && main) {
    const concluded = concludeAttestation(main, proofs(main));
    const content = viewAttestation(main, concluded, proofs(main), shown);
    cards.push(card(concluded.tone, content));
  }
  return [...cards, attestations.length > 1 ? viewRecord(checked, proofs) : []];
}

function card(tone: Tone, content: readonly Child[]): HTMLElement {
  return element("section", { class: `card ${tone}` }, content);
}

function viewRecord(checked: Checked, proofs: ProofsOf): HTMLElement {
  const points = pointsOf(checked, proofs);
  const tone = worstTone([historyTone(points), ...points.map((one) => one.tone)]);
  return card(tone, viewHistory(points));
}

function pointsOf({ attestations }: Checked, proofs: ProofsOf) {
  return attestations.map((checked) => {
    const { tone, word } = concludeAttestation(checked, proofs(checked));
    return { checked, tone, verdict: say(word) };
  });
}

/** Everything behind the cards: lines, the venue, what was done. Folded where there is a holder. */
export function viewReport(checked: Checked, proofs: ProofsOf, now: number): Child[] {
  const { statements, attestations } = checked;
  const main = mainOf(checked);
  const isHolder = statements.length > 0;
  const shown = attestations.filter((one) => one.found.summary && one.outcome !== "cannot check");
  const others = shown.filter((one) => one !== main);
  const known = shown.find((one) => one === main);
  return [
    statements.map(viewOwn),
    !known
      ? []
      : isHolder
        ? details("venue", titleOf(known, "page.venue.of"), venueOf(known, now, false))
        : element("section", {}, heading(2, say("venue.title")), venueOf(known, now, true)),
    others.map((one) => {
      const name = `venue-${one.file.keccak}`;
      return details(name, titleOf(one, "page.venue.number"), venueOf(one, now, false));
    }),
    !main
      ? []
      : details(
          "limits",
          say("steps.title"),
          [
            statements.map(({ verdict, file }) => viewSteps(verdict, file.keccak)),
            viewLimits(main.found.setup, proofs(main)),
          ],
          !isHolder && known !== undefined,
        ),
  ];
}

function venueOf({ found }: CheckedAttestation, now: number, isAll: boolean): Child[] {
  return viewVenue(found as typeof found & Known, now, isAll);
}

function titleOf({ found }: CheckedAttestation, key: Key): string {
  const { venue, sequence, asOf } = found.attestation!.header;
  return say(key, { venue, sequence, day: showDay(asOf) });
}

/** A holder's own lines, where their statement holds, and what only they can check. */
function viewOwn(one: CheckedStatement): Child {
  const { verdict, file } = one;
  const { statement, lines, book } = verdict.found;
  if (verdict.outcome !== "holds" || !statement || !lines || !book) return [];
  const closing = ["equity", "shortfall", "slack", "headroom"];
  const { rows } = book.compiled;
  const own = lines.filter(({ instrument }) => !closing.includes(rows[instrument]!.role.kind));
  const title = say("account.title.of", { account: statement.account, count: own.length });
  return [
    viewForYou(own.length),
    details(`lines-${file.keccak}`, title, viewAccount(statement.account, lines, book.compiled)),
  ];
}
