// What the publisher says was left out of the book or rounded in it.

import type { Header } from "../attestation/attestation.ts";
import { showNumber } from "../words/numbers.ts";
import { say } from "../words/say.ts";
import { type Child, bullets, by, details, heading, paragraph, tell } from "./dom.ts";

/** Accounts and assets that were left out, and lines that were rounded. */
export function viewLeftOut(header: Header, quote: string): Child[] {
  const { accountsLeftOut, leftOut, rounding } = header;
  const accounts = (count: bigint) => say("left.accounts", { count });
  const lines = (count: bigint) => say("left.lines", { count });
  const items: Child[] = leftOut.map((one) =>
    tell("left.asset", {
      asset: one.asset,
      deposits: showNumber(one.deposits),
      borrows: showNumber(one.borrows),
      lines: [lines(one.lines)],
      accounts: [accounts(one.accounts)],
    }),
  );
  if (accountsLeftOut > 0n) {
    items.unshift(say("left.all", { accounts: accounts(accountsLeftOut) }));
  }
  if (rounding.lines > 0n) {
    const bound = `${showNumber(rounding.bound)} ${quote}`;
    items.push(tell("left.rounded", { lines: [lines(rounding.lines)], bound }));
  }
  const rounded = rounding.instruments.map(({ instrument, lines: count, bound }) =>
    tell("left.instrument", { instrument, lines: [lines(count)], bound: showNumber(bound) }),
  );
  return [
    heading(3, say("left.title")),
    items.length === 0
      ? paragraph(say("left.nothing"), " ", by("W"))
      : bullets(items.map((item) => [item, " ", by("W")])),
    rounded.length === 0
      ? []
      : details("rounded", say("left.by.instrument"), [bullets(rounded)]),
  ];
}
