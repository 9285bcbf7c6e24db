//! Proving one volume of a deal.

use std::fmt;

use pacioli_circuits::PublicInputs;

use super::{error::PartError, judge::Judge, shard::Shard};
use crate::{derive::Attempt, prove::prove_volume, proving_key::ProvingKey};

/// Proves volumes of a deal.
pub struct Prover<'a> {
    judge: &'a Judge<'a>,
    key: ProvingKey,
}

impl<'a> Prover<'a> {
    /// A prover for the deal of a judge. Makes the proving key.
    ///
    /// # Errors
    /// If the key cannot be made.
    pub fn new(judge: &'a Judge<'a>) -> Result<Self, PartError> {
        let key = ProvingKey::new(judge.setup, judge.shape)?;
        Ok(Self { judge, key })
    }

    /// The proof of a volume under a fresh attempt, which is used up. It is verified. `reach` is
    /// called with the number of [`crate::PROOF_STEPS`] done.
    ///
    /// # Errors
    /// If the shard is not the volume that was dealt, or the proof does not verify.
    pub fn prove(
        &self,
        shard: &Shard,
        attempt: Attempt,
        reach: impl FnMut(u64),
    ) -> Result<Vec<u8>, PartError> {
        let volume = self.judge.volume(shard)?;
        let totals = self.judge.totals(shard.volume)?;
        let public =
            PublicInputs { context: shard.context, table: &self.judge.table, totals: &totals };
        let seals = self.judge.seals(shard, &attempt.record());
        let seed = shard.key.proof_seed(attempt);
        let proof = prove_volume(&self.key, &public, volume, seals, seed, reach);
        self.judge.verify(shard.volume, &proof)?;
        Ok(proof)
    }
}

impl fmt::Debug for Prover<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prover").field("key", &self.key).finish_non_exhaustive()
    }
}
