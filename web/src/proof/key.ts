// The verifying key that an attestation's proofs are checked with: from a key file, or derived
// where everyone knows tau. Twin of attestation/src/key.

import type { Header } from "../attestation/attestation.ts";
import { keyDigest } from "../attestation/key.ts";
import { type Setup, insecureTau } from "../attestation/setup.ts";
import { shapeOf } from "../circuit/shape.ts";
import { numberOf, toHex, word } from "../encoding/digest.ts";
import { g1Bytes, g2Bytes } from "../encoding/points.ts";
import { CannotCheck } from "../encoding/refused.ts";
import { circuitWord } from "./circuit.ts";
import { fixedCommitments } from "./fixed.ts";
import type { Pause } from "./pause.ts";
import type { VerifyingKey } from "./volume.ts";

/**
 * The key for circuits of the header's sizes under a setup. Nothing in it is believed: the
 * circuit's word follows from the commitments, and the digest of all, which readers compare, must
 * be the header's.
 */
export async function verifyingKey(
  header: Header,
  setup: Setup,
  pause: Pause,
): Promise<VerifyingKey> {
  const { k, pageSize } = header;
  const shape = shapeOf(k, pageSize);
  const given = setup.circuit;
  const fixed = given?.fixed ?? (await fixedCommitments(shape, insecureTau(), pause));
  const circuit = circuitWord(shape, fixed);
  if (given && numberOf(given.word) !== circuit) {
    throw new CannotCheck(
      "the key file’s word for the circuit does not belong to its commitments: do not use this " +
        "key; ask whoever gave you the file again",
    );
  }
  const parts = {
    k,
    pageSize,
    circuit: word(circuit),
    fixed: fixed.map(g1Bytes),
    tau: g2Bytes(setup.tau),
  };
  const digest = keyDigest(parts);
  if (toHex(digest) !== toHex(header.key)) {
    throw new CannotCheck(
      `the attestation was made under the key ${toHex(header.key)}, but this one has the digest ` +
        `${toHex(digest)}: add the key file that belongs to it`,
    );
  }
  return { shape, digest, circuit, fixed, tau: setup.tau };
}
