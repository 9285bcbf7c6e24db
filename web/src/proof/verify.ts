// Checks the proofs of an attestation, volume by volume. Twin of attestation/src/verify.

import type { Attestation } from "../attestation/attestation.ts";
import { compileBook } from "../attestation/book.ts";
import { contextOf, contextWord } from "../attestation/context.ts";
import type { Setup } from "../attestation/setup.ts";
import { Refused, refuse } from "../encoding/refused.ts";
import { verifyingKey } from "./key.ts";
import { pauses } from "./pause.ts";
import { checkVolume } from "./volume.ts";

/**
 * Checks the proof of every volume under a setup that was checked (`setupOf`, or `insecureSetup`),
 * against the instrument table that the attestation's own rules and prices compile to. Resolves
 * where all hold. Lets the page breathe between steps, and calls `progress` before the first volume
 * and after each; what it throws stops the check.
 *
 * Rejects with `Refused` where a proof does not hold, and with `CannotCheck` where the key is of
 * another circuit or another attestation.
 */
export async function verifyProofs(
  attestation: Attestation,
  setup: Setup,
  progress: (checked: number, volumes: number) => void,
): Promise<void> {
  const { header, volumes } = attestation;
  const pause = pauses();
  const { compiled } = compileBook(attestation);
  progress(0, volumes.length);
  await pause();
  const key = await verifyingKey(header, setup, pause);
  const context = contextOf(attestation);
  for (const [volume, { counts, quantities, proof }] of volumes.entries()) {
    const inputs = {
      context: contextWord(context, volume),
      table: compiled.rows,
      scenarios: compiled.scenarios.length,
      counts,
      quantities,
    };
    try {
      await checkVolume(key, inputs, proof, pause);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      refuse(`volume ${volume}: ${error.message}`);
    }
    progress(volume + 1, volumes.length);
    await pause();
  }
}
