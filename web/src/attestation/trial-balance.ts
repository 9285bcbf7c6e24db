// The trial balance: in every volume and scenario, totals times values add up to 0. Twin of
// attestation/src/verify/trial_balance.rs. It follows from the proof, so it finds mistakes and
// is never a reason for trust: a forger who knows tau can balance a book too.

import { refuse } from "../encoding/refused.ts";
import type { Compiled } from "../rules/table.ts";
import type { VolumeProof } from "./attestation.ts";

/** Refuses a volume whose totals cannot be those of accounts that balance. */
export function checkTrialBalance(
  { rows, scenarios }: Compiled,
  { counts, quantities }: VolumeProof,
  volume: number,
): void {
  rows.forEach(({ cap }, row) => {
    if (cap !== undefined && quantities[row]! > counts[row]! * cap) {
      refuse(
        `volume ${volume}: ${counts[row]} lines of at most ${cap} cannot hold ${quantities[row]} ` +
          `of instrument ${row}`,
      );
    }
  });
  scenarios.forEach((_, scenario) => {
    const by = rows.reduce(
      (sum, { values }, row) => sum + values[scenario]! * quantities[row]!,
      0n,
    );
    if (by !== 0n) {
      refuse(
        `volume ${volume}: the trial balance of scenario ${scenario} is off by ${by} units of ` +
          `value`,
      );
    }
  });
}
