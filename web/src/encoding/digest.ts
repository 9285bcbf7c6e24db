// Hashes: Keccak-256 of bytes, and of the 32-byte words that an attestation's parts are hashed as
// (docs/formats.md, "Words"). Twin of attestation/src/digest.rs.

import { keccak_256 } from "@noble/hashes/sha3.js";

import { R } from "./field.ts";

/** Keccak-256. */
export function keccak(...parts: Uint8Array[]): Uint8Array {
  const hash = keccak_256.create();
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** The bytes of a text in UTF-8. */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A number as 32 bytes, big-endian; it is in [0, 2^256). */
export function word(number: bigint): Uint8Array {
  return bytesOf(number, 32);
}

/** A number as `size` bytes, big-endian; it must fit. */
export function bytesOf(number: bigint, size: number): Uint8Array {
  const digits = number.toString(16).padStart(2 * size, "0");
  if (number < 0n || digits.length > 2 * size)
    throw new RangeError("a number does not fit its bytes");
  return fromHex(digits);
}

/** Bytes as a big-endian number. */
export function numberOf(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(toHex(bytes));
}

/** A hash as an element of the scalar field. */
export function toField(hash: Uint8Array): bigint {
  return numberOf(hash) % R;
}

/** Bytes as `0x` and lower-case digits. */
export function toHex(bytes: Uint8Array): string {
  let text = "0x";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}

/** Bytes from hexadecimal digits; that they are an even number of digits was checked. */
export function fromHex(digits: string): Uint8Array {
  const bytes = new Uint8Array(digits.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(digits.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/** The digest of one part, word by word; the tag comes first. */
export class Words {
  private readonly parts: Uint8Array[] = [];

  constructor(tag: string) {
    this.text(tag);
  }

  text(text: string): this {
    return this.digest(keccak(utf8(text)));
  }

  number(number: bigint): this {
    return this.digest(word(number));
  }

  digest(digest: Uint8Array): this {
    this.parts.push(digest);
    return this;
  }

  list<T>(items: readonly T[], append: (words: this, item: T) => void): this {
    this.number(BigInt(items.length));
    for (const item of items) append(this, item);
    return this;
  }

  finish(): Uint8Array {
    return keccak(...this.parts);
  }
}
