// Bytes, words, hashes and points for the tests, with no code of the checker.

import { bn254 } from "@noble/curves/bn254.js";
import { keccak_256 } from "@noble/hashes/sha3.js";

export const { Fr, Fp } = bn254.fields;
export const R = Fr.ORDER;
export const Q = Fp.ORDER;
export const G = bn254.G1.Point.BASE;
export const H = bn254.G2.Point.BASE;

export function words(tag: string, ...parts: Uint8Array[]): Uint8Array {
  return keccak_256(joined(text(tag), ...parts));
}

export function text(text: string): Uint8Array {
  return keccak_256(bytes(text));
}

export function field(hash: Uint8Array): bigint {
  return Fr.create(big(hash));
}

export function point(p: typeof G): Uint8Array {
  const { x, y } = p.toAffine();
  return joined(word(x), word(y));
}

export function pointG2(p: typeof H): Uint8Array {
  const { x, y } = p.toAffine();
  return joined(word(x.c1), word(x.c0), word(y.c1), word(y.c0));
}

export function bytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "utf8"));
}

export function hex(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString("hex")}`;
}

export function unhex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text.slice(2), "hex"));
}

export function word(number: bigint): Uint8Array {
  return new Uint8Array(Buffer.from(number.toString(16).padStart(64, "0"), "hex"));
}

export function big(bytes: Uint8Array): bigint {
  return BigInt(hex(bytes));
}

export function little(bytes: Uint8Array): bigint {
  return big(bytes.slice().reverse());
}

export function joined(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
