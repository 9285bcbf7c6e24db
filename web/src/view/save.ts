// The result as a file to keep: what was checked, by which web page, of which files, and what came
// of it. It has no line of a statement. Its words are English in every language, for programs.

import type { Key } from "../words/text.ts";
import { LANGUAGES } from "../words/language.ts";
import { toHex } from "../encoding/digest.ts";
import type { Checked, CheckedAttestation, CheckedStatement } from "./checks.ts";
import type { Files, Given } from "./given.ts";
import type { Proofs } from "./proofs.ts";
import type { RememberedDigest } from "./remembered.ts";
import { type Concluded, concludeAttestation, concludeStatement } from "./verdict.ts";

/** Version of the file. */
export const RESULT = "pacioli page result v1-draft";

/** What the file is made from. */
export interface Saved {
  readonly page: { readonly version: string; readonly sha256: string };
  readonly now: number;
  readonly files: Files;
  readonly digest: string;
  readonly remembered: RememberedDigest | undefined;
  readonly checked: Checked;
  readonly proofs: (one: CheckedAttestation) => Proofs;
}

/** The result as JSON. */
export function printResult(saved: Saved): string {
  const { page, now, files, checked, proofs, digest, remembered } = saved;
  const result = {
    version: RESULT,
    made_at: `${new Date(now).toISOString().slice(0, 19)}Z`,
    page,
    files: files.all.map(fileOf),
    key_digest:
      digest.trim() === "" ? null : { typed: digest.trim(), remembered_since: remembered?.since },
    attestations: checked.attestations.map((one) => attestationOf(one, proofs(one))),
    statements: checked.statements.map((one) => statementOf(one, proofs(one.against))),
  };
  return `${JSON.stringify(result, null, 2)}\n`;
}

function fileOf({ name, kind, bytes, sha256, keccak }: Given) {
  return { name, kind, bytes: bytes.length, sha256, keccak256: keccak };
}

function attestationOf(one: CheckedAttestation, proofs: Proofs) {
  const { attestation, setup, summary } = one.found;
  return {
    sha256: one.file.sha256,
    digest: one.file.keccak,
    venue: attestation?.header.venue,
    sequence: attestation && String(attestation.header.sequence),
    as_of: attestation?.header.asOf,
    setup: setup?.state,
    key: setup?.key && toHex(setup.key),
    proofs: proofsOf(proofs),
    policy: summary?.clauses.map(({ name, holds, by, detail }) => ({ name, holds, by, detail })),
    ...verdictOf(concludeAttestation(one, proofs)),
  };
}

function statementOf(one: CheckedStatement, proofs: Proofs) {
  const { statement } = one.verdict.found;
  return {
    sha256: one.file.sha256,
    account: statement?.account,
    attestation: one.against.file.keccak,
    steps: one.verdict.steps.map(({ title, outcome, detail }) => ({ title, outcome, detail })),
    ...verdictOf(concludeStatement(one.verdict, proofs)),
  };
}

function proofsOf(proofs: Proofs) {
  return proofs.state === "hold"
    ? { checked: true, hold: true, volumes: proofs.volumes }
    : {
        checked: proofs.state === "refused",
        hold: proofs.state === "refused" ? false : null,
        reason: "reason" in proofs ? proofs.reason : undefined,
      };
}

function verdictOf({ tone, word, reason }: Concluded) {
  const english = (key: Key) => LANGUAGES.en.words[key];
  return { verdict: english(word), is_good: tone === "good", reason };
}
