// drand's network `quicknet`: a round every 3 seconds, signed by a threshold of its members. Scheme
// `bls-unchained-g1-rfc9380`, chain hash 52db9ba7...84e971. Twin of
// attestation/src/drawn/quicknet.rs.

import { bls12_381 } from "@noble/curves/bls12-381.js";
import { sha256 } from "@noble/hashes/sha2.js";

import { bytesOf, fromHex, utf8 } from "../../encoding/digest.ts";
import { refuse } from "../../encoding/refused.ts";

/** The time of the first round, in seconds since 1970, and the seconds between two. */
const GENESIS = 1_692_803_367n;
const PERIOD = 3n;
const DOMAIN = "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";

/** The network's public key, a compressed point of G2. */
export const KEY = fromHex(
  "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c" +
    "8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb" +
    "5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a",
);

/** The first round at or after a moment, in seconds since 1970. */
export function firstRound(end: bigint): bigint {
  if (end < GENESIS) refuse("there was no drand:quicknet yet at the end of the day");
  return (end - GENESIS + PERIOD - 1n) / PERIOD + 1n;
}

/** The randomness of the first round at or after a moment, if this is its signature. */
export function randomnessAt(end: bigint, signature: Uint8Array, key: Uint8Array): Uint8Array {
  const round = firstRound(end);
  if (!isSigned(round, signature, key)) {
    refuse(
      `\`signature\` is not that of round ${round} of drand:quicknet, the first at or after the ` +
        "end of the day",
    );
  }
  return sha256(signature);
}

/** Whether it is the signature of a round, in the one encoding that it has. */
export function isSigned(round: bigint, signature: Uint8Array, key: Uint8Array): boolean {
  const { shortSignatures, G1, G2 } = bls12_381;
  try {
    const point = G1.Point.fromBytes(signature);
    point.assertValidity();
    // Other bytes of the same point would have another hash: whoever passes it on could choose.
    if (point.is0() || !isSame(point.toBytes(), signature)) return false;
    const message = shortSignatures.hash(sha256(bytesOf(round, 8)), utf8(DOMAIN) as never);
    return shortSignatures.verify(point, message, G2.Point.fromBytes(key));
  } catch {
    return false;
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, i) => byte === other[i]);
}
