//! Whether a proof is of what was dealt.
//!
//! A proof may verify and still serve nobody: of other lines with the same totals, two holders'
//! exchanged, or of seals that no recorded attempt gives. It would be found when statements fail,
//! after the attestation is published. So a judge who has the dealt lines and the attempt's record
//! computes the columns that statements open again, and compares their commitment with the proof's.

use std::collections::HashSet;

use halo2_proofs::halo2curves::bn256::Fr;
use pacioli_attestation::{
    Attestation, Digest, VerifyingKey, VolumeId,
    opening::{Opened, Pages},
    setup::Setup,
    verify_volume,
};
use pacioli_circuits::{InstrumentTable, PublicInputs, Shape, Totals, Volume};
use pacioli_rules::{Rules, compile};
use rayon::prelude::*;

use super::{error::PartError, shard::Shard};
use crate::{
    derive::RecordedAttempt, layout::lay_out, opening::PageOpener, sealed::SealedVolume,
    store::OpenedPage,
};

/// Compares volumes and proofs with a deal.
#[derive(Debug)]
pub struct Judge<'a> {
    pub(super) attestation: &'a Attestation,
    pub(super) setup: &'a Setup,
    pub(super) shape: Shape,
    pub(super) table: InstrumentTable,
    key: VerifyingKey,
}

impl<'a> Judge<'a> {
    /// A judge for the attestation of a deal, whose proofs may be empty.
    ///
    /// # Errors
    /// If the setup is not the one of the deal, or the deal's rules and sizes are refused.
    pub fn new(attestation: &'a Attestation, setup: &'a Setup) -> Result<Self, PartError> {
        let shape = attestation.header.shape()?;
        let key = VerifyingKey::new(setup, shape)?;
        Self::with_key(attestation, setup, key)
    }

    /// The same, where the key is made.
    pub(crate) fn with_key(
        attestation: &'a Attestation,
        setup: &'a Setup,
        key: VerifyingKey,
    ) -> Result<Self, PartError> {
        let (shape, expected, got) = (key.shape(), attestation.header.key, key.digest());
        if expected != got {
            return Err(PartError::Setup { expected, got });
        }
        let rules = Rules::parse(&attestation.rules)?;
        let table = compile(&rules, &attestation.prices)?.table;
        Ok(Self { attestation, setup, shape, table, key })
    }

    /// The pages of the run's circuits.
    pub fn pages(&self) -> Pages {
        Pages::new(self.shape.k(), self.shape.page_size()).expect("a shape has pages")
    }

    /// Checks the proof of a volume against the totals that were dealt.
    ///
    /// # Errors
    /// If it does not hold.
    pub fn verify(&self, volume: VolumeId, proof: &[u8]) -> Result<(), PartError> {
        let totals = self.totals(volume)?;
        let context = self.attestation.context().word(volume);
        let public = PublicInputs { context, table: &self.table, totals: &totals };
        Ok(verify_volume(&self.key, &public, proof)?)
    }

    /// Checks that a proof verifies and is of the lines that were dealt, under the seed and the
    /// nonces of this attempt.
    ///
    /// # Errors
    /// If it is not.
    pub fn check(
        &self,
        shard: &Shard,
        attempt: &RecordedAttempt,
        proof: &[u8],
    ) -> Result<(), PartError> {
        self.verify(shard.volume, proof)?;
        self.sealed(shard, attempt, proof).map(|_| ())
    }

    /// Opens all pages of a volume whose proof was made in this attempt.
    ///
    /// # Errors
    /// If the proof is of another attempt or other lines.
    pub fn open(
        &self,
        shard: &Shard,
        attempt: &RecordedAttempt,
        proof: &[u8],
        opener: &PageOpener,
    ) -> Result<Vec<OpenedPage>, PartError> {
        let sealed = self.sealed(shard, attempt, proof)?;
        Ok(sealed.open(opener, self.pages(), self.shape.pages())?)
    }

    /// The columns of a shard's lines that a proof of this attempt committed.
    fn sealed(
        &self,
        shard: &Shard,
        attempt: &RecordedAttempt,
        proof: &[u8],
    ) -> Result<SealedVolume, PartError> {
        let volume = self.volume(shard)?;
        let (seals, seed) = (self.seals(shard, attempt), shard.key.seed(attempt));
        let opened = Opened::of(&self.shape, shard.context, proof)?;
        let params = self.setup.params();
        Ok(SealedVolume::new(params, &self.shape, &volume, &seals, &seed, &opened)?)
    }

    /// Checks all pages of a volume that were opened elsewhere against the volume's proof.
    ///
    /// # Errors
    /// If one does not hold its values, or there are more or fewer.
    pub fn check_pages(
        &self,
        volume: VolumeId,
        proof: &[u8],
        pages: &[OpenedPage],
    ) -> Result<(), PartError> {
        if pages.len() != self.shape.pages() {
            return Err(PartError::Malformed(format!("it has {} pages", pages.len())));
        }
        let word = self.attestation.context().word(volume);
        let opened = Opened::of(&self.shape, word, proof)?;
        let key = self.key.opening();
        pages.par_iter().enumerate().try_for_each(|(number, page)| {
            let checked = key.check_page(opened.commitment, number, &page.values, page.opening);
            checked.map_err(|_| PartError::Page(number))
        })
    }

    /// The volume of a shard, which has the context and the totals that were dealt.
    ///
    /// # Errors
    /// If it does not.
    pub(super) fn volume(&self, shard: &Shard) -> Result<Volume, PartError> {
        if shard.context != self.attestation.context().word(shard.volume) {
            return Err(PartError::Other("context"));
        }
        // Their lines would share a pad.
        let mut ids = HashSet::new();
        if !shard.accounts.iter().all(|one| ids.insert(one.id.as_str())) {
            return Err(PartError::Deal("two accounts of a volume have one id"));
        }
        let volume = lay_out(&self.shape, &shard.accounts)?;
        let held = || volume.slots().iter().map(|slot| slot.line.instrument.row());
        let known = self.table.instruments().len();
        if held().any(|row| row >= known) {
            return Err(PartError::Totals(shard.volume));
        }
        if Totals::of(&volume, known) != self.totals(shard.volume)? {
            return Err(PartError::Totals(shard.volume));
        }
        Ok(volume)
    }

    pub(super) fn totals(&self, volume: VolumeId) -> Result<Totals, PartError> {
        let (index, volumes) = (volume.index() as u64, self.attestation.volumes.len());
        let dealt = self.attestation.volume(volume);
        let dealt = dealt.ok_or(PartError::NoVolume { index, volumes })?;
        dealt.totals().ok_or(PartError::Deal("counts and quantities are not of one length"))
    }

    pub(super) fn seals(&self, shard: &Shard, attempt: &RecordedAttempt) -> Vec<Fr> {
        let placed =
            shard.accounts.iter().map(|one| (one.id.as_str(), &one.account, one.placement));
        let placed: Vec<_> = placed.collect();
        shard.key.seal_volume(&self.shape, shard.context, &placed, attempt)
    }

    /// The digest of the verifying key.
    pub fn key_digest(&self) -> Digest {
        self.key.digest()
    }
}
