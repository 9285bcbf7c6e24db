// The header's counts and lists, held against the totals. Twin of
// attestation/src/verify/disclosed.rs. They are the publisher's word, but these totals rule
// some of it out.

import { quoted, refuse } from "../encoding/refused.ts";
import { listedAssets } from "../rules/assets.ts";
import { lowerAscii } from "../rules/names.ts";
import type { Prices } from "../rules/prices.ts";
import type { Rules } from "../rules/schema.ts";
import type { Compiled, Role } from "../rules/table.ts";
import type { Header } from "./attestation.ts";
import type { Total } from "./totals.ts";

/** Refuses a header that no book with these totals can have. */
export function checkDisclosed(
  header: Header,
  rules: Rules,
  prices: Prices,
  { rows }: Compiled,
  totals: readonly Total[],
): void {
  const isHeld = ({ kind }: Role) => !CLOSING.includes(kind) && !OTHER.includes(kind);
  if (totals.every(({ quantity }, row) => quantity === 0n || !isHeld(rows[row]!.role))) {
    refuse("the book is empty: no line of it holds anything");
  }
  const counts = (is: (role: Role) => boolean) =>
    totals.filter((_, row) => is(rows[row]!.role)).map(({ count }) => count);
  const sum = (counts: readonly bigint[]) => counts.reduce((sum, count) => sum + count, 0n);
  // An account has at most one line of every row, and at least one line.
  const all = counts(({ kind }) => kind !== "empty");
  const least = all.reduce((most, one) => (one > most ? one : most), 1n);
  const most = sum(all);
  const { accounts, rounding, leftOut } = header;
  if (accounts < least || accounts > most) {
    refuse(`the header says ${accounts} accounts, but the totals allow ${least} to ${most}`);
  }
  const lines = sum(counts(isHeld));
  if (rounding.lines > lines) {
    refuse(`the header says ${rounding.lines} rounded lines, but the book has ${lines} lines`);
  }
  leftOut.forEach(({ asset }, i) => {
    checkLeftOut(rules, prices, asset);
    if (leftOut.findIndex((before) => before.asset === asset) < i) {
      refuse(`left out: duplicate ${quoted(asset)}`);
    }
  });
}

const CLOSING: readonly Role["kind"][] = ["equity", "shortfall", "slack"];
const OTHER: readonly Role["kind"][] = ["empty", "headroom", "contingency"];

/** Only an asset that nobody can value may be left out. */
function checkLeftOut(rules: Rules, { prices }: Prices, asset: string): void {
  const wrong = (why: string) => refuse(`left out: ${quoted(asset)} ${why}`);
  const listed = listedAssets(rules);
  if (asset === rules.quote) wrong("is the quote currency, and worth 1: it cannot be left out");
  if (prices.has(asset)) wrong("has a price: it cannot be left out");
  if (listed.has(asset)) wrong("has a rule: it cannot be left out; add its price");
  // More likely a typing error than another asset. Only the case of ASCII letters is compared.
  const all = [rules.quote, ...prices.keys(), ...listed.keys()];
  const known = all.find((one) => lowerAscii(one) === lowerAscii(asset));
  if (known !== undefined) {
    wrong(`cannot be left out: it differs from ${quoted(known)} only by the case of its letters`);
  }
}
