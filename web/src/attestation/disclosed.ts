// What a header says of the book, held against what the totals show of it
// (prover/src/attestation/disclosed.rs): the publisher's word, but for what no honest publisher can say.

import type { Header } from "./attestation.ts";
import type { Prices } from "../rules/prices.ts";
import { quoted, refuse } from "../encoding/refused.ts";
import { listedAssets } from "../rules/validate.ts";
import type { Rules } from "../rules/schema.ts";
import type { Compiled, Role } from "../rules/compile.ts";
import type { Total } from "./totals.ts";

/** Refuses a header that cannot be that of a book with these totals. */
export function checkDisclosed(
  header: Header,
  rules: Rules,
  prices: Prices,
  { rows }: Compiled,
  totals: readonly Total[],
): void {
  const isHeld = ({ kind }: Role) => !CLOSING.includes(kind) && !OTHER.includes(kind);
  if (totals.every(({ quantity }, row) => quantity === 0n || !isHeld(rows[row]!.role))) {
    refuse("the book has no line that holds anything, so it says nothing of any venue");
  }
  const counts = (is: (role: Role) => boolean) =>
    totals.filter((_, row) => is(rows[row]!.role)).map(({ count }) => count);
  const sum = (counts: readonly bigint[]) => counts.reduce((sum, count) => sum + count, 0n);
  // An account holds every closing row once at most, and at least one line.
  const least = counts(({ kind }) => CLOSING.includes(kind)).reduce((most, one) => (one > most ? one : most), 1n);
  const most = sum(counts(({ kind }) => kind !== "empty"));
  const { accounts, rounding, exclusions } = header;
  if (accounts < least || accounts > most) {
    refuse(`${accounts} accounts are stated, and the totals are those of ${least} to ${most}`);
  }
  // Only a line that is there can have been rounded.
  const lines = sum(counts(isHeld));
  if (rounding.lines > lines) refuse(`${rounding.lines} lines are said to be rounded, of ${lines}`);
  exclusions.forEach(({ asset }, i) => {
    checkLeftOut(rules, prices, asset);
    if (exclusions.findIndex((before) => before.asset === asset) < i) {
      refuse(`${quoted(asset)} is said to be left out twice`);
    }
  });
}

const CLOSING: readonly Role["kind"][] = ["equity", "shortfall", "slack"];
const OTHER: readonly Role["kind"][] = ["empty", "headroom", "contingency"];

/** An asset may be left out that nobody can value, and no other. */
function checkLeftOut(rules: Rules, { prices }: Prices, asset: string): void {
  const wrong = (why: string) => refuse(`left out: ${quoted(asset)} ${why}`);
  const listed = listedAssets(rules);
  if (asset === rules.quote) wrong("is the quote currency, and worth 1: it cannot be left out");
  if (prices.has(asset)) wrong("has a price: it cannot be left out");
  if (listed.has(asset)) wrong("has a rule: it cannot be left out; add its price");
  // More likely a slip of the hand than another asset. Only the case of ASCII letters is looked at.
  const lower = (name: string) => name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  const known = [rules.quote, ...prices.keys(), ...listed.keys()].find((one) => lower(one) === lower(asset));
  if (known !== undefined) {
    wrong(`cannot be left out: it differs from ${quoted(known)} by the case of its letters alone`);
  }
}
