// Reads a proof word by word and draws the challenges (docs/formats.md, "Proof"): what is absorbed
// is appended to a buffer, and a challenge is the buffer's hash mod r, which becomes the buffer.
// Twin of attestation/src/transcript.rs.

import { keccak, toField, word } from "../encoding/digest.ts";
import { type G1Point, parseG1, parseScalar } from "../encoding/points.ts";

/** A proof that is being read. Its length was checked. */
export class Transcript {
  private absorbed: Uint8Array[] = [];
  private isHash = false;
  private offset = 0;

  constructor(private readonly proof: Uint8Array) {}

  /** Absorbs a field element that both sides know. */
  absorb(element: bigint): void {
    this.append(word(element));
  }

  /** Reads and absorbs a point of the curve, which must not be infinity. */
  point(what: string): G1Point {
    return parseG1(this.read(64), what);
  }

  /** Reads and absorbs a field element. */
  scalar(what: string): bigint {
    return parseScalar(this.read(32), what);
  }

  /** Draws a challenge. */
  challenge(): bigint {
    // Where nothing was absorbed since the last challenge, its hash is hashed with a 1 behind it.
    const hash = keccak(...this.absorbed, ...(this.isHash ? [new Uint8Array([1])] : []));
    this.absorbed = [hash];
    this.isHash = true;
    return toField(hash);
  }

  private read(length: number): Uint8Array {
    const bytes = this.proof.subarray(this.offset, this.offset + length);
    this.offset += length;
    this.append(bytes);
    return bytes;
  }

  private append(bytes: Uint8Array): void {
    this.absorbed.push(bytes);
    this.isHash = false;
  }
}
