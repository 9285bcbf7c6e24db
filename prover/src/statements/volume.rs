//! What the statements of one volume share, computed once for all of them.

use halo2_proofs::halo2curves::bn256::Fr;
use pacioli_attestation::{
    Attestation, VolumeId,
    encoding::value_bytes,
    opening::{Opened, OpenedError},
};
use pacioli_circuits::{Nonce, Owner, Shape, seal};

use super::{error::BuildError, make::Holder};
use crate::{
    derive::{RecordedAttempt, VolumeKey},
    sealed::RunSecrets,
};

/// The word of a volume, what its nonces are derived from, and how its pages are opened.
#[derive(Debug)]
pub(super) struct OfVolume {
    volume: VolumeId,
    word: Fr,
    opened: Opened,
    key: VolumeKey,
    attempt: RecordedAttempt,
}

impl OfVolume {
    /// Computes it for a volume, whose proof was made in `attempt`.
    ///
    /// # Errors
    /// If the attestation's proof does not have its shape's form.
    pub(super) fn new(
        attestation: &Attestation,
        shape: &Shape,
        secrets: RunSecrets<'_>,
        volume: VolumeId,
        attempt: RecordedAttempt,
    ) -> Result<Self, BuildError> {
        let word = attestation.context().word(volume);
        let proof = attestation.volume(volume).map(|one| one.proof.as_slice());
        let opened = Opened::of(shape, word, proof.unwrap_or_default());
        let opened = opened.map_err(|source| BuildError::Sealed { volume, source })?;
        Ok(Self { volume, word, opened, key: secrets.volume_key(word), attempt })
    }

    /// The nonce of an account's seals: the same whenever it is asked for.
    pub(super) fn nonce(&self, id: &str) -> Nonce {
        self.key.nonce(&self.attempt, id)
    }

    /// Fails if the page does not have the values of the holder's seals: pages opened before do not
    /// depend on the secret and the salt given now.
    pub(super) fn require_sealed(
        &self,
        holder: &Holder<'_>,
        values: &[Fr],
    ) -> Result<(), BuildError> {
        let (context, owner) = (value_bytes(&self.word), Owner::new(holder.id));
        let lines = &holder.account.lines;
        for (index, line) in lines.iter().enumerate() {
            let seal = seal(&context, &owner, holder.nonce, index as u16, *line);
            let (instrument, quantity) = (line.instrument.row(), line.quantity.units());
            let value = self.opened.value(seal, instrument, quantity, index + 1 == lines.len());
            if values.get(holder.placement.slot + index) != Some(&value) {
                let (volume, source) = (self.volume, OpenedError::OtherColumns);
                return Err(BuildError::Sealed { volume, source });
            }
        }
        Ok(())
    }
}
