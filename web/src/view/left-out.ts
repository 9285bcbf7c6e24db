// What the publisher says was left out of the book or rounded in it.

import type { Header } from "../attestation/attestation.ts";
import { grouped } from "../encoding/decimal.ts";
import { type Child, bullets, by, details, heading, paragraph } from "./dom.ts";

/** Accounts and assets that were left out, and lines that were rounded. */
export function viewLeftOut(header: Header, quote: string): Child[] {
  const { accountsLeftOut, leftOut, rounding } = header;
  const items = leftOut.map(
    ({ asset, lines, accounts, deposits, borrows }) =>
      `${asset}, without a price: ${grouped(deposits)} deposited and ${grouped(borrows)} ` +
      `borrowed, in ${count(lines, "line")} of ${count(accounts, "account")}`,
  );
  if (accountsLeftOut > 0n) {
    items.unshift(`${count(accountsLeftOut, "account")}, with everything in them left out`);
  }
  if (rounding.lines > 0n) {
    const bound = `${grouped(rounding.bound)} ${quote}`;
    items.push(`${count(rounding.lines, "line")} rounded, by less than ${bound} together`);
  }
  return [
    heading(3, "Left out or rounded"),
    items.length === 0
      ? paragraph("Nothing, according to the venue. ", by("W"))
      : bullets(items.map((item): Child[] => [`${item} `, by("W")])),
    ...(rounding.instruments.length === 0
      ? []
      : [
          details("What was rounded, by instrument", [
            bullets(
              rounding.instruments.map(
                ({ instrument, lines, bound }) =>
                  `${instrument}: ${count(lines, "line")}, by less than ${grouped(bound)}`,
              ),
            ),
          ]),
        ]),
  ];
}

function count(number: bigint, noun: string): string {
  return `${grouped(String(number))} ${noun}${number === 1n ? "" : "s"}`;
}
