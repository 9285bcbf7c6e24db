// The seal: the commitment to a line and its owner (docs/formats.md, "Seal"). Twin of
// circuits/src/seal.rs.

import { bytesOf, keccak, numberOf, utf8, word } from "../encoding/digest.ts";
import { R } from "../encoding/field.ts";

/** One instrument held in one quantity. */
export interface Line {
  /** The instrument's row in the table. */
  readonly instrument: number;
  /** In the instrument's smallest unit. */
  readonly quantity: bigint;
}

/** The owner's word: a hash of the id with its length, so that different ids cannot collide. */
export function ownerOf(id: string): Uint8Array {
  const bytes = utf8(id);
  return keccak(keccak(utf8("pacioli.owner.v1")), word(BigInt(bytes.length)), bytes);
}

/** The seal of the line with number `index` in its account; `context` is its volume's word. */
export function sealOf(
  context: bigint,
  owner: Uint8Array,
  nonce: Uint8Array,
  index: number,
  line: Line,
): bigint {
  const message = [
    keccak(utf8("pacioli.seal.v1")),
    word(context),
    owner,
    nonce,
    bytesOf(BigInt(index), 2),
    bytesOf(BigInt(line.instrument), 2),
    bytesOf(line.quantity, 16),
  ];
  const half = (byte: number) => numberOf(keccak(new Uint8Array([byte]), ...message));
  return ((half(0) << 256n) + half(1)) % R;
}
