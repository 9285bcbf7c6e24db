// Checks one statement against an attestation (docs/formats.md, "Statement"): from bytes to a
// verdict, step by step, and from these bytes alone. Twin of attestation/src/statement/check.rs.

import { type Attestation, parseAttestation } from "../attestation/attestation.ts";
import { type Book, type Summary, compileBook, summarise } from "../attestation/book.ts";
import { contextOf, contextWord } from "../attestation/context.ts";
import { parseKey, setupOf } from "../attestation/key.ts";
import { holdsPage } from "../attestation/opening/check.ts";
import { readOpened } from "../attestation/opening/opened.ts";
import { INSECURE, type Setup, insecureSetup } from "../attestation/setup.ts";
import { type Line, ownerOf, sealOf } from "../circuit/seal.ts";
import { type Shape, shapeOf } from "../circuit/shape.ts";
import { grouped } from "../encoding/decimal.ts";
import { toHex } from "../encoding/digest.ts";
import { Fr } from "../encoding/field.ts";
import { parseG1OrInfinity, parseScalar } from "../encoding/points.ts";
import { CannotCheck, Refused, quoted, refuse } from "../encoding/refused.ts";
import { checkBalance, checkOrder, classOf, readLines } from "./account.ts";
import { type Statement, parseStatement } from "./statement.ts";

/** One step of the check, as text, and its outcome. */
export interface Step {
  readonly title: string;
  readonly outcome: "holds" | "refused" | "cannot check" | "not reached";
  readonly detail: string;
}

export interface Verdict {
  readonly outcome: "holds" | "refused" | "cannot check";
  /** Why it does not hold or could not be checked; empty if it holds. */
  readonly reason: string;
  readonly steps: readonly Step[];
  /** All that was read and computed, as far as the check came. */
  readonly found: Found;
}

/** All that a check reads and computes. */
export interface Found {
  statement?: Statement;
  attestation?: Attestation;
  shape?: Shape;
  book?: Book;
  summary?: Summary;
  setup?: Setup;
  lines?: readonly Line[];
  page?: Page;
}

/** A page that the commitments opened to. */
interface Page {
  readonly context: bigint;
  readonly gamma: bigint;
  readonly values: readonly bigint[];
}

type Read = Required<Found>;

const STEPS: readonly (readonly [title: string, step: (found: Read, given: Given) => string])[] = [
  ["Both files are complete and unchanged", readFiles],
  ["The statement is for this attestation", matchFiles],
  ["Rules and prices give the instrument table", compile],
  ["The totals balance, fit the header, and give figures and policy", summariseBook],
  ["A setup is known, to check openings with", findSetup],
  ["The account is on a page that is counted", checkPlacement],
  ["Each line is worth what it says", (found) => readOwnLines(found)],
  ["The lines are in order, and each tier is within its cap", (found) => orderLines(found)],
  ["The lines add up to 0 in every scenario", (found) => balanceLines(found)],
  ["The book's commitments open to this page", openPage],
  ["The page holds these lines under this id", matchLines],
];

interface Given {
  readonly attestation: Uint8Array;
  readonly statement: Uint8Array;
  readonly key: Uint8Array | null;
  readonly id: string | null;
  readonly keyDigest: string | null;
}

/**
 * Checks a statement. `key` is needed unless the attestation was made under the insecure setup;
 * `id` is the reader's account id, without which the statement's own is used; `keyDigest` is the
 * key's digest that the reader has from somebody else. Never throws.
 */
export function check(
  attestation: Uint8Array,
  statement: Uint8Array,
  key: Uint8Array | null,
  id: string | null,
  keyDigest: string | null = null,
): Verdict {
  const found: Found = {};
  const given = { attestation, statement, key, id, keyDigest };
  const steps: Step[] = [];
  let stop: { outcome: "refused" | "cannot check"; reason: string } | undefined;
  for (const [title, step] of STEPS) {
    if (stop) {
      steps.push({ title, outcome: "not reached", detail: "" });
      continue;
    }
    try {
      // Each step reads only what earlier steps found.
      steps.push({ title, outcome: "holds", detail: step(found as Read, given) });
    } catch (error) {
      const outcome = error instanceof Refused ? "refused" : "cannot check";
      const known = error instanceof Refused || error instanceof CannotCheck;
      const reason = known ? error.message : `this web page itself failed: ${String(error)}`;
      stop = { outcome, reason };
      steps.push({ title, outcome, detail: reason });
    }
  }
  return { outcome: stop?.outcome ?? "holds", reason: stop?.reason ?? "", steps, found };
}

function readFiles(found: Read, given: Given): string {
  found.statement = parseStatement(given.statement);
  found.attestation = parseAttestation(given.attestation);
  return "every byte is in its canonical form";
}

function matchFiles({ statement, attestation }: Read, given: Given): string {
  const digest = toHex(attestation.digest);
  const claimed = toHex(statement.attestation);
  if (claimed !== digest) {
    const { venue, sequence, asOf } = attestation.header;
    throw new CannotCheck(
      `the statement belongs to the attestation with the digest ${claimed}, but the one given ` +
        `here, sequence number ${sequence} of ${quoted(venue)} as of ${asOf}, has the digest ` +
        `${digest}: add the one that belongs to it`,
    );
  }
  const { account } = statement;
  if (given.id !== null && given.id !== account) {
    refuse(`the statement is that of account ${quoted(account)}, not of ${quoted(given.id)}`);
  }
  return given.id === null
    ? `digest ${digest}; only you can tell whether the id ${quoted(account)} is yours`
    : `digest ${digest}, and the id is yours`;
}

function compile(found: Read): string {
  const { k, pageSize } = found.attestation.header;
  found.shape = shapeOf(k, pageSize);
  found.book = compileBook(found.attestation);
  const { compiled, program } = found.book;
  const contract = program.bytes
    ? "and the program that the header names"
    : `and no program for a contract: ${program.why}`;
  return (
    `${compiled.rows.length} instruments in ${compiled.scenarios.length} scenarios, ` +
    `${contract}`
  );
}

function summariseBook(found: Read): string {
  found.summary = summarise(found.attestation, found.book, found.shape, grouped);
  const { clauses } = found.summary;
  const kept = clauses.filter(({ holds }) => holds).length;
  return (
    `the trial balance is 0 in every scenario; ${kept} of ${clauses.length} policy clauses ` +
    `hold`
  );
}

function findSetup(found: Read, { key, keyDigest }: Given): string {
  const { header } = found.attestation;
  if (key) {
    found.setup = setupOf(parseKey(key), header, keyDigest);
    const { state } = found.setup;
    const trust =
      state === "vouched"
        ? "its digest is the one that you typed"
        : state === "insecure"
          ? "INSECURE: everyone knows the secret number behind it"
          : "nobody vouches for it";
    return (
      "the key is the one that the attestation names, its powers are powers of one number, and " +
      trust
    );
  }
  if (header.setup !== INSECURE) {
    throw new CannotCheck(
      `the attestation was made under the setup ${quoted(header.setup)}: add its key file`,
    );
  }
  if (keyDigest !== null && keyDigest.trim() !== "") {
    throw new CannotCheck(
      "you typed a key’s digest, but gave no key file to compare it with: add it",
    );
  }
  found.setup = insecureSetup(found.shape.pageSize);
  return "INSECURE: everyone knows the secret number behind it";
}

function checkPlacement({ statement, attestation, shape }: Read): string {
  const { volume, page, slot, lines } = statement;
  const { length } = attestation.volumes;
  if (volume >= length) refuse(`there is no volume ${volume}; the attestation has ${length}`);
  if (page >= shape.pages) {
    refuse(`page ${page} is not one of the ${shape.pages} pages that are counted`);
  }
  if (slot + lines.length > shape.pageSize) {
    refuse(`${lines.length} lines from slot ${slot} do not fit a page of ${shape.pageSize} slots`);
  }
  return `volume ${volume}, page ${page}, from slot ${slot}`;
}

function readOwnLines(found: Read): string {
  found.lines = readLines(found.statement, found.book.compiled);
  return `${found.lines.length} lines`;
}

function orderLines({ lines, book }: Read): string {
  checkOrder(lines, book.compiled);
  return `booked as ${classOf(lines, book.compiled)}`;
}

function balanceLines({ lines, book }: Read): string {
  checkBalance(lines, book.compiled);
  return book.compiled.scenarios.map(({ name }) => name).join(", ");
}

function openPage(found: Read): string {
  const { statement, attestation, shape, setup } = found;
  const { volume, page } = statement;
  const context = contextWord(contextOf(attestation), volume);
  const { proof } = attestation.volumes[volume]!;
  const { gamma, commitment } = readOpened(shape, proof, context, volume);
  const values = statement.pageValues.map((word, s) => parseScalar(word, `the value of slot ${s}`));
  if (values.length !== shape.pageSize) {
    refuse(`the statement: expected ${shape.pageSize} page values, got ${values.length}`);
  }
  const opening = parseG1OrInfinity(statement.opening, "the opening");
  if (!holdsPage(setup, shape, commitment, page, values, opening)) {
    refuse(`the opening does not show these values on page ${page} of the book`);
  }
  found.page = { context, gamma, values };
  return `one pairing equation over ${values.length} slots`;
}

function matchLines({ statement, page, lines }: Read): string {
  const { slot, account, nonce } = statement;
  const { context, gamma, values } = page;
  const owner = ownerOf(account);
  lines.forEach((line, i) => {
    const seal = sealOf(context, owner, nonce, i, line);
    const last = i === lines.length - 1 ? 1n : 0n;
    const tail = Fr.add(line.quantity, Fr.mul(gamma, last));
    const rest = Fr.add(BigInt(line.instrument), Fr.mul(gamma, tail));
    const expected = Fr.add(seal, Fr.mul(gamma, rest));
    if (values[slot + i] !== expected) {
      refuse(`line ${i + 1} is not what the book holds in this place`);
    }
  });
  return `${lines.length} seals`;
}
