// Checks what was given: every attestation, and every statement against the attestation that it
// belongs to. The proofs are checked after that, in their own time (proofs.ts).

import { type Attestation, parseAttestation } from "../attestation/attestation.ts";
import { compileBook, summarise } from "../attestation/book.ts";
import { parseKey, setupOf } from "../attestation/key.ts";
import { INSECURE, insecureSetup } from "../attestation/setup.ts";
import { shapeOf } from "../circuit/shape.ts";
import { grouped } from "../encoding/decimal.ts";
import { toHex } from "../encoding/digest.ts";
import { CannotCheck, Refused, quoted } from "../encoding/refused.ts";
import { nanoseconds } from "../encoding/times.ts";
import { type Found, type Verdict, check } from "../statement/check.ts";
import type { Files, Given } from "./given.ts";

/** An attestation as far as it was checked without its proofs. */
export interface CheckedAttestation {
  readonly file: Given;
  /** The key file that it was checked under, if one was given for it. */
  readonly key: Given | undefined;
  readonly outcome: Verdict["outcome"];
  readonly reason: string;
  readonly found: Found;
}

/** A statement, and the attestation that it was checked against. */
export interface CheckedStatement {
  readonly file: Given;
  readonly verdict: Verdict;
  readonly against: CheckedAttestation;
}

/** What came of everything that was given. */
export interface Checked {
  /** The earliest first. */
  readonly attestations: readonly CheckedAttestation[];
  readonly statements: readonly CheckedStatement[];
}

/** What the reader typed: blanks belong to an id, and none is typed if it is empty. */
export interface Typed {
  readonly id: string;
  readonly digest: string;
}

/** Checks all that was given; `breathe` lets the web page show what it does between two files. */
export async function checkAll(
  files: Files,
  { id, digest }: Typed,
  breathe: () => Promise<void>,
): Promise<Checked> {
  const keyWord = digest.trim() === "" ? null : digest;
  const keys = files.of("key");
  const attestations: CheckedAttestation[] = [];
  for (const file of files.of("attestation")) {
    await breathe();
    attestations.push(checkAttestation(file, keys, keyWord, Date.now()));
  }
  attestations.sort(byNumber);
  const statements: CheckedStatement[] = [];
  // An id is one statement's: beside it others are not refused for being others'.
  const accountOf = ({ about }: Given) => about?.statement?.account;
  const isAnyOf = files.of("statement").some((one) => accountOf(one) === id);
  const isOf = (file: Given) => !isAnyOf || accountOf(file) === id;
  for (const file of files.of("statement")) {
    const own = file.about?.statement?.attestation;
    const against =
      attestations.find((one) => one.file.keccak === own) ?? attestations[attestations.length - 1];
    if (!against) continue;
    await breathe();
    const key = against.key?.bytes ?? null;
    const account = id === "" || !isOf(file) ? null : id;
    const verdict = check(against.file.bytes, file.bytes, key, account, keyWord);
    statements.push({ file, verdict, against });
  }
  return { attestations, statements };
}

function byNumber(one: CheckedAttestation, other: CheckedAttestation): number {
  const number = ({ found }: CheckedAttestation) => found.attestation?.header.sequence ?? -1n;
  const [a, b] = [number(one), number(other)];
  return a < b ? -1 : a > b ? 1 : 0;
}

function checkAttestation(
  file: Given,
  keys: readonly Given[],
  digest: string | null,
  now: number,
): CheckedAttestation {
  const found: Found = {};
  let key: Given | undefined;
  try {
    const attestation = (found.attestation = parseAttestation(file.bytes));
    const { header } = attestation;
    checkNotInFuture(attestation, now);
    key = keyFor(toHex(header.key), keys);
    found.shape = shapeOf(header.k, header.pageSize);
    found.book = compileBook(attestation);
    found.summary = summarise(attestation, found.book, found.shape, grouped);
    if (key) found.setup = setupOf(parseKey(key.bytes), header, digest);
    else found.setup = withoutKey(header, digest);
    return { file, key, outcome: "holds", reason: "", found };
  } catch (error) {
    const known = error instanceof Refused || error instanceof CannotCheck;
    const reason = known ? error.message : `this web page itself failed: ${String(error)}`;
    const outcome = error instanceof Refused ? "refused" : "cannot check";
    return { file, key, outcome, reason, found };
  }
}

/** How far a reader's clock may be behind: five minutes, in nanoseconds. */
const CLOCK_ALLOWANCE = 300_000_000_000n;

/**
 * Nothing of an attestation is of a time to come. The native programs refuse it; the clock of a
 * phone is often wrong, and accuses nobody.
 */
function checkNotInFuture({ header, prices, reserves }: Attestation, now: number): void {
  const volatilities = [...prices.volatilities.values()].flat().map(({ asOf }) => asOf);
  const all = [header.asOf, prices.asOf, ...(reserves ? [reserves.asOf] : []), ...volatilities];
  const latest = BigInt(now) * 1_000_000n + CLOCK_ALLOWANCE;
  const time = all.find((one) => nanoseconds(one) > latest);
  if (time !== undefined) {
    throw new CannotCheck(
      `the attestation has a time of the future by this device’s clock, ${time}: set the clock`,
    );
  }
}

/** The key file that an attestation names, or the last that was given. */
function keyFor(digest: string, keys: readonly Given[]): Given | undefined {
  return keys.find(({ about }) => about?.key === digest) ?? keys[keys.length - 1];
}

/** Only the insecure setup needs no key file. */
function withoutKey(header: { setup: string; pageSize: number }, digest: string | null) {
  if (header.setup !== INSECURE) {
    const setup = quoted(header.setup);
    throw new CannotCheck(`the attestation was made under the setup ${setup}: add its key file`);
  }
  if (digest !== null) {
    throw new CannotCheck(
      "you typed a key’s digest, but gave no key file to compare it with: add it",
    );
  }
  return insecureSetup(header.pageSize);
}
