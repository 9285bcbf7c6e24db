// The proofs of the attestations that were given, checked one after the other while the rest of the
// web page can be read.

import type { Attestation } from "../attestation/attestation.ts";
import type { Setup } from "../attestation/setup.ts";
import { CannotCheck, Refused } from "../encoding/refused.ts";
import { verifyProofs } from "../proof/verify.ts";
import type { CheckedAttestation } from "./checks.ts";

/** How far the proofs of an attestation were checked. */
export type Proofs =
  | { readonly state: "checking"; readonly checked: number; readonly volumes: number }
  | { readonly state: "hold"; readonly volumes: number }
  | { readonly state: "refused"; readonly reason: string }
  | { readonly state: "not checked"; readonly reason: string };

class Stopped extends Error {}

/** Checks proofs, and remembers what came of each. */
export class ProofChecks {
  private readonly known = new Map<string, Proofs>();
  private run = 0;

  /** How far the proofs of this attestation were checked. */
  of(one: CheckedAttestation): Proofs {
    const { attestation, setup } = one.found;
    if (one.outcome !== "holds" || !attestation || !setup) {
      return { state: "not checked", reason: one.reason };
    }
    const volumes = attestation.volumes.length;
    return this.known.get(nameOf(one)) ?? { state: "checking", checked: 0, volumes };
  }

  /**
   * Checks the proofs of these attestations that were not checked yet, and tells of every step.
   * A later call stops an earlier one.
   */
  async check(all: readonly CheckedAttestation[], tell: () => void): Promise<void> {
    const run = ++this.run;
    for (const one of all) {
      const { attestation, setup } = one.found;
      const state = this.of(one).state;
      if (state !== "checking" || !attestation || !setup) continue;
      const came = await this.checkOne(nameOf(one), attestation, setup, run, tell);
      if (run !== this.run) return;
      this.known.set(nameOf(one), came);
      tell();
    }
  }

  private async checkOne(
    name: string,
    attestation: Attestation,
    setup: Setup,
    run: number,
    tell: () => void,
  ): Promise<Proofs> {
    const volumes = attestation.volumes.length;
    const progress = (checked: number, volumes: number) => {
      if (run !== this.run) throw new Stopped();
      this.known.set(name, { state: "checking", checked, volumes });
      tell();
    };
    try {
      await verifyProofs(attestation, setup, progress);
      return { state: "hold", volumes };
    } catch (error) {
      if (error instanceof Stopped) return { state: "checking", checked: 0, volumes };
      if (error instanceof Refused) return { state: "refused", reason: error.message };
      const known = error instanceof CannotCheck;
      const reason = known ? error.message : `this web page itself failed: ${String(error)}`;
      return { state: "not checked", reason };
    }
  }
}

/** The name of a check: proofs are the same only under the same key. */
function nameOf({ file, key }: CheckedAttestation): string {
  return `${file.keccak} ${key?.keccak ?? ""}`;
}
