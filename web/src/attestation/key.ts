// The key file: the part of a setup that a verifier needs (docs/formats.md, "Key"). Twin of
// attestation/src/key.

import { parseCanonical } from "../encoding/canonical.ts";
import { Words, keccak, numberOf, toHex } from "../encoding/digest.ts";
import { G1, G2, combine, pairsEqually, parseG1, parseG2 } from "../encoding/points.ts";
import { CannotCheck, Refused, quoted, refuse } from "../encoding/refused.ts";
import type { Header } from "./attestation.ts";
import { type Setup, committer, recognise } from "./setup.ts";

export const KEY = "pacioli key v1-draft";

/** The number of fixed columns. */
const FIXED = 5;

export interface Key {
  /** The digest that headers name and readers compare; it covers the fixed commitments too. */
  readonly digest: Uint8Array;
  readonly k: number;
  readonly pageSize: number;
  readonly circuit: Uint8Array;
  readonly fixed: readonly Uint8Array[];
  readonly powers: readonly Uint8Array[];
  readonly tau: Uint8Array;
  readonly tauPage: Uint8Array;
}

/** Reads a key file: only its form, and its digest. */
export function parseKey(bytes: Uint8Array): Key {
  const key = parseCanonical("key", KEY, bytes, (fields) => ({
    k: fields.field("k").index(),
    pageSize: fields.field("page_size").index(),
    circuit: fields.field("circuit").bytes(32),
    fixed: fields
      .field("fixed")
      .list()
      .map((point) => point.bytes(64)),
    powers: fields
      .field("powers_g1")
      .list()
      .map((point) => point.bytes(64)),
    tau: fields.field("tau_g2").bytes(128),
    tauPage: fields.field("tau_page_g2").bytes(128),
  }));
  return { digest: keyDigest(key), ...key };
}

/** The digest by which headers name a key, from the parts that it covers. */
export function keyDigest(key: Omit<Key, "digest" | "powers" | "tauPage">): Uint8Array {
  return new Words("pacioli.key.v1")
    .number(BigInt(key.k))
    .number(BigInt(key.pageSize))
    .digest(key.circuit)
    .digest(keccak(...key.fixed))
    .digest(keccak(key.tau))
    .finish();
}

/**
 * The setup of a key. `vouched` is the digest that the reader has from somebody else, if any.
 * Nothing here is refused as false: a key that does not fit is the wrong one, and nothing can be
 * checked.
 */
export function setupOf(key: Key, header: Header, vouched: string | null): Setup {
  const digest = toHex(key.digest);
  const isVouched = vouched !== null && vouched.trim() !== "";
  if (isVouched && asDigest(vouched) !== digest) {
    throw new CannotCheck(
      `the key file has the digest ${digest}, which is not the one that you typed: do not use ` +
        "this key; ask whoever gave you the digest or the file again",
    );
  }
  if (digest !== toHex(header.key)) {
    throw new CannotCheck(
      `the key file has the digest ${digest}, but the attestation was made under the key ` +
        `${toHex(header.key)}: add the key file that belongs to it`,
    );
  }
  const sizes = ({ k, pageSize }: Pick<Key, "k" | "pageSize">) => `k ${k}, pages of ${pageSize}`;
  if (sizes(key) !== sizes(header)) {
    throw new CannotCheck(`the key is for ${sizes(key)}, but the attestation has ${sizes(header)}`);
  }
  try {
    const { origin, ...rest } = checkPowers(key);
    const state = origin.kind === "insecure" ? "insecure" : isVouched ? "vouched" : "unknown";
    return { origin, state, key: key.digest, ...rest };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    throw new CannotCheck(`the key file cannot be used: ${error.message}; fetch it again`);
  }
}

/** A digest as people type it: in any case, with `0x` or without. */
function asDigest(typed: string): string {
  const digits = /^(?:0x)?([0-9a-f]{64})$/.exec(typed.trim().toLowerCase())?.[1];
  if (digits === undefined) {
    throw new CannotCheck(
      `${quoted(typed)} is not a digest: expected \`0x\` and 64 of the digits 0 to 9 and a to f`,
    );
  }
  return `0x${digits}`;
}

/** Checks, by two pairing equations, that the powers are powers of one tau. */
function checkPowers(key: Key): Omit<Setup, "state" | "key"> {
  const fixed = key.fixed.map((point, i) => parseG1(point, `fixed commitment ${i} of the key`));
  const powers = key.powers.map((point, i) => parseG1(point, `power ${i} of the key`));
  if (key.fixed.length !== FIXED)
    refuse(`the key: expected ${FIXED} fixed commitments, got ${key.fixed.length}`);
  if (powers.length !== key.pageSize + 1) {
    refuse(`the key: expected ${key.pageSize + 1} powers, got ${powers.length}`);
  }
  if (!powers[0]!.equals(G1.BASE)) refuse("the key's first power must be the generator");
  const tau = parseG2(key.tau, "the key's tau");
  const tauPage = parseG2(key.tauPage, "the key's page power of tau");
  const weights = powers.slice(1).map(() => numberOf(crypto.getRandomValues(new Uint8Array(16))));
  const lower = combine(powers.slice(0, -1), weights);
  const upper = combine(powers.slice(1), weights);
  if (!pairsEqually(upper, G2.BASE, lower, tau)) {
    refuse("the key's powers are not powers of its tau");
  }
  if (!pairsEqually(powers[key.pageSize]!, G2.BASE, G1.BASE, tauPage)) {
    refuse("the key's page power belongs to another tau");
  }
  const circuit = { word: key.circuit, fixed };
  return { origin: recognise(tau), circuit, tau, commit: committer(powers), tauPage };
}
