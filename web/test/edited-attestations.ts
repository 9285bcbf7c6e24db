// Attestations and keys with some texts in them replaced, and the verdict of the whole check.

import { readFileSync } from "node:fs";

import { parseAttestation } from "../src/attestation/attestation.ts";
import { compileBook, summarise } from "../src/attestation/book.ts";
import { parseKey, setupOf } from "../src/attestation/key.ts";
import { insecureSetup } from "../src/attestation/setup.ts";
import { shapeOf } from "../src/circuit/shape.ts";
import { CannotCheck, Refused } from "../src/encoding/refused.ts";
import { verifyProofs } from "../src/proof/verify.ts";

type Verdict = "holds" | "refused" | "cannot check";

/** A case of tests/vectors/edited-attestations.json. */
export interface EditedFiles {
  readonly name: string;
  readonly attestation: string;
  /** The key's file; null for the insecure setup without one. */
  readonly key: string | null;
  /** In each file the first place of a text, and what stands there instead. */
  readonly in_attestation: readonly (readonly [string, string])[];
  readonly in_key: readonly (readonly [string, string])[];
  readonly says: Verdict;
}

/** What the web page says of the edited files. */
export async function verdictOf(one: Omit<EditedFiles, "name" | "says">): Promise<Verdict> {
  const read = (path: string, edits: EditedFiles["in_key"]) => {
    const text = readFileSync(`../${path}`, "utf8");
    const edited = edits.reduce((text, [from, to]) => {
      if (!text.includes(from)) throw new Error(`there is no \`${from}\` in ${path}`);
      return text.replace(from, () => to);
    }, text);
    return new TextEncoder().encode(edited);
  };
  return verdictOfBytes(
    read(one.attestation, one.in_attestation),
    one.key === null ? null : read(one.key, one.in_key),
  );
}

/** What the web page says of an attestation, under a key or the insecure setup. */
export async function verdictOfBytes(
  bytes: Uint8Array,
  key: Uint8Array | null,
): Promise<Verdict> {
  try {
    const attestation = parseAttestation(bytes);
    const { header } = attestation;
    const shape = shapeOf(header.k, header.pageSize);
    summarise(attestation, compileBook(attestation), shape);
    const setup =
      key === null ? insecureSetup(header.pageSize) : setupOf(parseKey(key), header, null);
    await verifyProofs(attestation, setup, () => {});
    return "holds";
  } catch (error) {
    if (error instanceof Refused) return "refused";
    if (error instanceof CannotCheck) return "cannot check";
    throw error;
  }
}
