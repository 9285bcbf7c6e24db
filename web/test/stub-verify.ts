// Stands in the place of src/proof/verify.ts where files have no proof that holds (stubbed.ts).

import type { Attestation } from "../src/attestation/attestation.ts";
import type { Setup } from "../src/attestation/setup.ts";
import { CannotCheck, Refused } from "../src/encoding/refused.ts";

/** What the stub says of every proof; `wait` never comes to an end. */
export type Stubbed = "hold" | "refused" | "not checked" | "wait";

/** Says what the test that opened the page asked for. */
export async function verifyProofs(
  attestation: Attestation,
  _setup: Setup,
  progress: (checked: number, volumes: number) => void,
): Promise<void> {
  const { stubbed } = globalThis as { stubbed?: Stubbed };
  const { length } = attestation.volumes;
  progress(0, length);
  if (stubbed === "refused") throw new Refused("volume 0: the stub refuses it");
  if (stubbed === "not checked") throw new CannotCheck("the stub cannot check it");
  if (stubbed === "wait") {
    progress(1, length);
    await new Promise(() => {});
  }
  progress(length, length);
}
