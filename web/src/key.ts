// The key: what a verifier takes from a setup (docs/formats.md, "Key").

import { parseCanonical } from "./canonical.ts";
import type { Header } from "./attestation.ts";
import { G1, G2, combine, pairsEqually, parseG1, parseG2 } from "./points.ts";
import { refuse } from "./refused.ts";
import { type Setup, recognise, setupOf } from "./setup.ts";
import { Words, keccak, numberOf, toHex } from "./words.ts";

export const KEY = "pacioli key v1";

/** The fixed columns' commitments: a proof is checked with them, an opening is not. */
const FIXED = 5;

interface Key {
  readonly k: number;
  readonly scenarios: number;
  readonly pageSize: number;
  readonly circuit: Uint8Array;
  readonly fixed: readonly Uint8Array[];
  readonly powers: readonly Uint8Array[];
  readonly tau: Uint8Array;
  readonly tauPage: Uint8Array;
}

/** The setup in a key file, refused unless it is the one that the attestation names. */
export function readKey(bytes: Uint8Array, header: Header): Setup {
  const key = parseCanonical("key", KEY, bytes, (fields): Key => ({
    k: fields.field("k").index(),
    scenarios: fields.field("scenarios").index(),
    pageSize: fields.field("page_size").index(),
    circuit: fields.field("circuit").bytes(32),
    fixed: fields.field("fixed").list().map((point) => point.bytes(64)),
    powers: fields.field("powers_g1").list().map((point) => point.bytes(64)),
    tau: fields.field("tau_g2").bytes(128),
    tauPage: fields.field("tau_page_g2").bytes(128),
  }));
  const digest = new Words("pacioli.key.v1").digest(key.circuit).digest(keccak(key.tau)).finish();
  if (toHex(digest) !== toHex(header.key)) {
    refuse(`the key is ${toHex(digest)}, but the attestation was made under ${toHex(header.key)}`);
  }
  const sizes = ({ k, scenarios, pageSize }: Pick<Key, "k" | "scenarios" | "pageSize">) =>
    `k ${k}, ${scenarios} scenarios, pages of ${pageSize}`;
  if (sizes(key) !== sizes(header)) {
    refuse(`the key is for ${sizes(key)}, the attestation of ${sizes(header)}`);
  }
  return checkPowers(key);
}

/** The powers are powers of one tau: shown by two pairing equations. */
function checkPowers(key: Key): Setup {
  key.fixed.forEach((point, i) => parseG1(point, `fixed commitment ${i} of the key`));
  const powers = key.powers.map((point, i) => parseG1(point, `power ${i} of the key`));
  if (key.fixed.length !== FIXED) refuse(`the key has ${key.fixed.length} fixed commitments`);
  if (powers.length !== key.pageSize + 1) refuse(`the key has ${powers.length} powers`);
  if (!powers[0]!.equals(G1.BASE)) refuse("the key's first power is not the generator");
  const tau = parseG2(key.tau, "the key's tau");
  const tauPage = parseG2(key.tauPage, "the key's page power of tau");
  const weights = powers.slice(1).map(() => numberOf(crypto.getRandomValues(new Uint8Array(16))));
  const lower = combine(powers.slice(0, -1), weights);
  const upper = combine(powers.slice(1), weights);
  if (!pairsEqually(upper, G2.BASE, lower, tau)) refuse("the key's powers are not powers of its tau");
  if (!pairsEqually(powers[key.pageSize]!, G2.BASE, G1.BASE, tauPage)) {
    refuse("the key's page power belongs to another tau");
  }
  return setupOf(recognise(tau), powers, tauPage);
}
