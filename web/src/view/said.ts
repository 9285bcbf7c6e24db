// The forms of what the other rooms say, and the names of the words for each.

import type { Key } from "../words/text.ts";

/** What is said, with names for what varies in it, and the name of its words. */
export type Said = readonly [form: string, key: Key];

const RESAVED = "a program saved it anew on its way; fetch it again";

/** Why something does not hold, or could not be checked. */
export const REASONS: readonly Said[] = [
  // The order matters where one form is a special case of another.
  ["this is {other}, not {kind}: give another file", "why.other.kind"],
  [`the {kind} begins with a byte order mark: ${RESAVED}`, "why.resaved"],
  [`the {kind} is not UTF-8 text: ${RESAVED}`, "why.resaved"],
  [`the {kind} was formatted anew (byte {byte} differs): ${RESAVED}`, "why.resaved"],
  [
    "the {kind} is of version {got}, but this web page reads {own}: use the web page for that " +
      "version",
    "why.version",
  ],
  [
    "the {kind} ends in the middle (line {line}): it was cut off on its way; fetch it again",
    "why.cut.off",
  ],
  ["the line ends of the {kind} were changed on its way; fetch it again", "why.line.ends"],
  [
    "the {kind} is malformed: {text}; it was changed on its way, or is of another version: fetch " +
      "it again",
    "why.malformed",
  ],
  [
    "the statement belongs to the attestation with the digest {digest}, but the one given here, " +
      "sequence number {sequence} of {venue} as of {time}, has the digest {given}: add the one " +
      "that belongs to it",
    "why.other.attestation",
  ],
  ["the statement is that of account {account}, not of {id}", "why.other.account"],
  [
    "the attestation has a time of the future by this device’s clock, {time}: set the clock",
    "why.future",
  ],
  ["the attestation was made under the setup {setup}: add its key file", "why.no.key"],
  [
    "you typed a key’s digest, but gave no key file to compare it with: add it",
    "why.digest.alone",
  ],
  [
    "the key file has the digest {digest}, which is not the one that you typed: do not use this " +
      "key; ask whoever gave you the digest or the file again",
    "why.other.digest",
  ],
  [
    "the key file has the digest {digest}, but the attestation was made under the key {key}: add " +
      "the key file that belongs to it",
    "why.other.key",
  ],
  ["the key is for {key}, but the attestation has {own}", "why.other.sizes"],
  ["the key file cannot be used: {text}; fetch it again", "why.bad.key"],
  [
    "{typed} is not a digest: expected `0x` and 64 of the digits 0 to 9 and a to f",
    "why.no.digest",
  ],
  ["line {line} is not what the book holds in this place", "why.line.differs"],
  ["line {line}: the worth stated for {name} is wrong", "why.line.worth"],
  ["the lines add up to {sum}, not 0, in the scenario {name}", "why.no.balance"],
  ["the opening does not show these values on page {page} of the book", "why.no.opening"],
  ["page {page} is not one of the {pages} pages that are counted", "why.page"],
  ["there is no volume {volume}; the attestation has {volumes}", "why.volume"],
  // What a file is that is of no kind that the web page takes.
  ["the {kind} is {other}", "why.is"],
];

/** What a clause of a policy comes to. */
export const CLAUSES: readonly Said[] = [
  [
    "reserves for customers are worth {reserves} and from {least} to {most} is owed: coverage " +
      "from {low} to {high}, at least {asked} required",
    "clause.coverage.from",
  ],
  [
    "reserves for customers are worth {reserves} and from {least} to {most} is owed: coverage at " +
      "least {low}, at least {asked} required",
    "clause.coverage.least",
  ],
  [
    "reserves for customers are worth {reserves} and {owed} is owed: coverage from {low} to " +
      "{high}, at least {asked} required",
    "clause.coverage.range",
  ],
  [
    "reserves for customers are worth {reserves} and {owed} is owed: coverage {ratio} rounded " +
      "down, at least {asked} required",
    "clause.coverage",
  ],
  [
    "reserves for customers are worth {reserves} and {owed} is owed: nothing is owed, at least " +
      "{asked} required",
    "clause.coverage.nothing",
  ],
  ["there is no price of the asset", "clause.no.price"],
  ["there is no credit scenario", "clause.no.credit"],
  [
    "reserves of {reserves} for deposits of {deposits} less credited borrows of {credited}",
    "clause.asset.credit",
  ],
  ["reserves of {reserves} for deposits of {deposits}", "clause.asset"],
  ["bad debt is {debt} in {count} account, and the limit is {limit}", "clause.bad.debt"],
  ["bad debt is {debt} in {count} accounts, and the limit is {limit}", "clause.bad.debt"],
  ["bad debt is from {least} to {most}, and the limit is {limit}", "clause.bad.debt.from"],
  ["bad debt is {debt}, and the limit is {limit}", "clause.bad.debt.is"],
  [
    "bad debt at mark is {debt} at least, no less is lacking here, and the limit is {limit}",
    "clause.bad.debt.mark",
  ],
  ["there is no twin of {name}, which says what all but the fund are owed", "clause.no.twin"],
  [
    "all reserves are worth {reserves} and all but the insurance fund are owed from {least} to " +
      "{most}",
    "clause.fund.others.from",
  ],
  [
    "all reserves are worth {reserves} and from {least} to {most} is owed",
    "clause.fund.from",
  ],
  [
    "all reserves are worth {reserves} and all but the insurance fund are owed {owed}: {left} is " +
      "left for the insurance fund",
    "clause.fund.others.left",
  ],
  [
    "all reserves are worth {reserves} and all but the insurance fund are owed {owed}: {left} is " +
      "missing",
    "clause.fund.others.missing",
  ],
  [
    "all reserves are worth {reserves} and {owed} is owed: {left} is left for the insurance fund",
    "clause.fund.left",
  ],
  [
    "all reserves are worth {reserves} and {owed} is owed: {left} is missing",
    "clause.fund.missing",
  ],
  [
    "all reserves are worth {reserves} and all but the insurance fund are owed {owed}",
    "clause.fund.others",
  ],
  ["all reserves are worth {reserves} and {owed} is owed", "clause.fund"],
  ["long {long}, short {short}", "clause.open.interest"],
  ["there are no reserves", "clause.no.reserves"],
  [
    "prices of {time} are {length} away from the snapshot, and at most {most} is allowed",
    "clause.prices.time",
  ],
  [
    "reserves of {time} are {length} away from the snapshot, and at most {most} is allowed",
    "clause.reserves.time",
  ],
  ["{count} account left out, and at most {most} allowed", "clause.left.accounts"],
  ["{count} accounts left out, and at most {most} allowed", "clause.left.accounts"],
  ["no asset left out", "clause.left.none"],
  ["1 asset left out, no more of it than is allowed", "clause.left.one"],
  ["{count} assets left out, no more of each than is allowed", "clause.left.allowed"],
  [
    "deposits of {deposits} and borrows of {borrows} left out, whose price was refused: {reason}",
    "clause.left.refused",
  ],
  [
    "deposits of {deposits} and borrows of {borrows} left out, and at most {most} of either is " +
      "allowed",
    "clause.left.most",
  ],
  [
    "deposits of {deposits} and borrows of {borrows} left out, and none of it is allowed",
    "clause.left.not.allowed",
  ],
  ["rounding changed {changed} at most, and {most} is allowed", "clause.rounding"],
  ["{time} was not drawn", "clause.not.drawn"],
  [
    "{time} is the second of {day} drawn from {from}, {seen}, and it has to be drawn from {asked}",
    "clause.drawn.other",
  ],
  ["{time} is the second of {day} drawn from {from}, {seen}", "clause.drawn"],
  [
    "reserves of {time} are of before the end of {day}",
    "clause.drawn.before",
  ],
  [
    "reserves of {time} are of after the end of {day}, when its second was known",
    "clause.drawn.after",
  ],
  [
    "{what} is of {time}, {length} away from the snapshot, and at most {most} is allowed",
    "clause.volatility.age",
  ],
  [
    "{count} source states a volatility of {asset} that is not too old, and at least {least} is " +
      "asked for",
    "clause.volatility.fresh",
  ],
  [
    "{count} sources state a volatility of {asset} that is not too old, and at least {least} is " +
      "asked for",
    "clause.volatility.fresh",
  ],
  [
    "{count} source states a volatility of {asset}, and at least {least} is asked for",
    "clause.volatility.sources",
  ],
  [
    "{count} sources state a volatility of {asset}, and at least {least} is asked for",
    "clause.volatility.sources",
  ],
  [
    "a rate follows {what}, {rate}, and no other source says what it is at about that time",
    "clause.volatility.alone.then",
  ],
  ["a rate follows {what}, {rate}, and no other source says what it is", "clause.volatility.alone"],
  [
    "a rate follows {what}, {rate}, and the most that another source says is {most}, {whose}: it " +
      "may be below that by {band} of it",
    "clause.volatility.band",
  ],
  [
    "units of value are too coarse at these prices: rounding would change what is owed",
    "clause.too.coarse",
  ],
];

/** The steps of a check, and what they find. */
export const STEPS: readonly Said[] = [
  ["Both files are complete and unchanged", "step.files"],
  ["The statement is for this attestation", "step.match"],
  ["Rules and prices give the instrument table", "step.table"],
  ["The totals balance, fit the header, and give figures and policy", "step.totals"],
  ["A setup is known, to check openings with", "step.setup"],
  ["The account is on a page that is counted", "step.page"],
  ["Each line is worth what it says", "step.worth"],
  ["The lines are in order, and each tier is within its cap", "step.order"],
  ["The lines add up to 0 in every scenario", "step.balance"],
  ["The book's commitments open to this page", "step.opening"],
  ["The page holds these lines under this id", "step.lines"],
  ["every byte is in its canonical form", "step.files.found"],
  ["digest {digest}; only you can tell whether the id {id} is yours", "step.match.own"],
  ["digest {digest}, and the id is yours", "step.match.typed"],
  [
    "{count} instruments in {scenarios} scenarios, and the program that the header names",
    "step.table.found",
  ],
  [
    "{count} instruments in {scenarios} scenarios, and no program for a contract: {text}",
    "step.table.no.program",
  ],
  [
    "the trial balance is 0 in every scenario; {kept} of {all} policy clauses hold",
    "step.totals.found",
  ],
  [
    "the key is the one that the attestation names, its powers are powers of one number, and " +
      "its digest is the one that you typed",
    "step.setup.vouched",
  ],
  [
    "the key is the one that the attestation names, its powers are powers of one number, and " +
      "nobody vouches for it",
    "step.setup.unknown",
  ],
  [
    "the key is the one that the attestation names, its powers are powers of one number, and " +
      "INSECURE: everyone knows the secret number behind it",
    "step.setup.insecure",
  ],
  ["INSECURE: everyone knows the secret number behind it", "step.setup.no.file"],
  ["volume {volume}, page {page}, from slot {slot}", "step.page.found"],
  ["{count} lines", "step.lines.counted"],
  ["booked as {name}", "step.order.found"],
  ["one pairing equation over {count} slots", "step.opening.found"],
  ["{count} seals", "step.seals"],
  // What a file is.
  ["an empty file: nothing of it arrived", "other.empty"],
  ["reserves, which the attestation already contains", "other.reserves"],
  ["not an attestation, a statement or a key", "other.unknown"],
  ["a setup, which is too large for this web page: add the key made from it", "other.setup"],
  ["a ceremony’s powers of tau: add the key made from it", "other.ptau"],
  ["a snapshot of a whole book, which should stay private", "other.snapshot"],
  ["a Parquet file, not an attestation, a statement or a key", "other.parquet"],
  ["a compressed file: unpack it first", "other.compressed"],
  ["a PDF document, not an attestation, a statement or a key", "other.pdf"],
  [
    "a web page, not an attestation, a statement or a key: fetch the file itself",
    "other.web.page",
  ],
];

/** What no clause asks about. */
export const SUBJECTS: readonly Said[] = [
  ["reserves", "subject.reserves"],
  ["reserves in a stress", "subject.stress"],
  ["reserves of each asset", "subject.assets"],
  ["bad debt", "subject.bad.debt"],
  ["open interest", "subject.open.interest"],
  ["how far apart the times are", "subject.times"],
  ["what is left out", "subject.left.out"],
  ["how old volatilities are", "subject.volatility.age"],
  ["how many sources state volatilities", "subject.volatility.sources"],
  ["whether volatilities are understated", "subject.volatility.band"],
];
