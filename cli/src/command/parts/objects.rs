//! The objects of one run, each held against its name before it is used.

use std::{collections::HashSet, fmt};

use anyhow::{Context, Result, bail, ensure};
use pacioli_attestation::{Digest, VolumeId};
use pacioli_objects::{Objects, ObjectsError, Put};
use pacioli_prover::{
    Attempt,
    parts::{
        Assembled, AttemptId, Deal, Judge, Kind, Name, OpenKey, PartError, Prover, Record, Shard,
    },
};

use super::index::ranges;
use crate::{outcome::Later, output};

/// The name of the deal.
pub const DEAL: &str = "deal.json";

/// The name of the choice.
pub const ASSEMBLED: &str = "assembled.json";

/// Most bytes of a deal or a choice, which grow by some kilobytes a volume.
pub const MOST_OF_TEXT: u64 = 256 << 20;

/// Most bytes of a proof, which have some thousand.
const MOST_OF_PROOF: u64 = 1 << 20;

/// Most bytes of what an attempt drew, encrypted.
const MOST_OF_RECORD: u64 = 4096;

/// Whether it is the storage that failed, and not one object that is not what it should be.
pub fn storage_failed(error: &anyhow::Error) -> bool {
    error.downcast_ref::<ObjectsError>().is_some_and(|error| !error.is_of_one_object())
}

/// An object that is not there.
#[derive(Debug)]
pub struct Missing(String);

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is missing", self.0)
    }
}

impl std::error::Error for Missing {}

/// What a digest was given of is not there: a mount that comes later leaves its folder empty until
/// then, and a bucket's copy in another region lags. So a task is to be tried again.
pub fn not_yet(place: &str) -> Later {
    Later(format!("{place} is missing: it is not there yet, or the path is another"))
}

/// A run that was dealt.
#[derive(Debug)]
pub struct RunObjects {
    /// Where it is.
    pub objects: Objects,
    /// What was dealt.
    pub deal: Deal,
    /// The digest of the deal.
    pub digest: Digest,
}

impl RunObjects {
    /// The run whose deal has this digest.
    pub fn open(objects: Objects, digest: Digest) -> Result<Self> {
        let name = format!("{objects}/{DEAL}");
        let bytes = objects.get(DEAL, MOST_OF_TEXT)?.ok_or_else(|| not_yet(&name))?;
        let deal = Deal::parse(&bytes, digest).with_context(|| name)?;
        Ok(Self { objects, deal, digest })
    }

    /// The bytes that a name says.
    pub fn read(&self, name: &Name) -> Result<Vec<u8>> {
        let place = || format!("{}/{name}", self.objects);
        let bytes = self.objects.get(&name.to_string(), self.most(name))?;
        let bytes = bytes.ok_or_else(|| Missing(place()))?;
        name.require(&bytes).with_context(place)?;
        Ok(bytes)
    }

    /// The most bytes that an object can have, so that none fills the memory before its digest is
    /// known to be wrong.
    fn most(&self, name: &Name) -> u64 {
        match name.kind {
            Kind::Proof => MOST_OF_PROOF,
            Kind::Record | Kind::Chosen => MOST_OF_RECORD,
            Kind::Shard => {
                self.deal.shards.get(name.volume.index()).map_or(0, |shard| shard.length)
            }
            // A value a row and an opening a page, twice that for what encryption adds.
            Kind::Pages => (2 * (32 + 64)) << self.deal.attestation.header.k.min(32),
        }
    }

    /// Makes an object under the name that its bytes have.
    pub fn write(
        &self,
        kind: Kind,
        volume: VolumeId,
        attempt: Option<AttemptId>,
        bytes: &[u8],
    ) -> Result<Name> {
        let name = Name::of(kind, self.deal.run, volume, attempt, bytes);
        // A name that is taken has these bytes: it holds their digest.
        self.objects.put_new(&name.to_string(), bytes)?;
        Ok(name)
    }

    /// The names of a kind that are there, the oldest first.
    pub fn names(&self, kind: Kind, volume: Option<VolumeId>) -> Result<Vec<Name>> {
        let found = self.objects.list(&kind.prefix(self.deal.run, volume))?;
        Ok(found.iter().filter_map(|entry| entry.name.parse().ok()).collect())
    }

    /// A volume's shard.
    pub fn shard(&self, volume: VolumeId, key: &OpenKey) -> Result<Shard> {
        let name = self.deal.shard_name(volume);
        let place = || format!("{}/{name}", self.objects);
        let bytes = self.objects.get(&name.to_string(), self.most(&name))?;
        let bytes = bytes.with_context(|| format!("{} is missing", place()))?;
        let read = || -> Result<Shard, PartError> {
            self.deal.require_shard(volume, &bytes)?;
            Shard::parse(&key.open(&bytes)?, self.deal.run, volume)
        };
        read().with_context(place)
    }

    /// Fails where shards of the run are not there.
    pub fn require_shards(&self) -> Result<()> {
        let there = match self.objects.list(&Kind::Shard.prefix(self.deal.run, None)) {
            Err(ObjectsError::NoFolder(_)) => Vec::new(),
            listed => listed?,
        };
        let there: HashSet<String> = there.into_iter().map(|entry| entry.name).collect();
        let volumes = self.deal.attestation.volume_ids();
        let is_missing =
            |&volume: &VolumeId| !there.contains(&self.deal.shard_name(volume).to_string());
        let missing: Vec<usize> = volumes.filter(is_missing).map(|one| one.index()).collect();
        ensure!(
            missing.is_empty(),
            "{} lacks the shards {} of the run that was dealt: give the place that they are in, or \
             deal anew in another directory",
            self.objects,
            ranges(&missing)
        );
        Ok(())
    }

    /// The proof that was chosen for a volume, if the choice that stands there is one that holds.
    pub fn chosen(&self, judge: &Judge<'_>, volume: VolumeId) -> Result<Option<Name>> {
        let find = || -> Result<Option<Name>> {
            let Some((assembled, _)) = self.assembled()? else { return Ok(None) };
            let name = assembled.name(Kind::Proof, volume);
            judge.verify(volume, &self.read(&name)?).with_context(|| name.to_string())?;
            Ok(Some(name))
        };
        find().or_else(|error| match storage_failed(&error) {
            true => Err(error),
            false => {
                output::warn(&format!(
                    "{}/{ASSEMBLED} is nobody's choice: {error:#}",
                    self.objects
                ));
                Ok(None)
            }
        })
    }

    /// The choice that stands there, whoever wrote it.
    pub fn assembled(&self) -> Result<Option<(Assembled, Digest)>> {
        let Some(bytes) = self.objects.get(ASSEMBLED, MOST_OF_TEXT)? else { return Ok(None) };
        let read = Assembled::parse(&bytes, &self.deal, self.digest);
        let read = read.map(|read| Some((read, Digest::of(&bytes))));
        read.with_context(|| format!("{}/{ASSEMBLED}", self.objects))
    }

    /// The attempts whose proof and record are there, the oldest first: proof and record of each.
    /// Without those that were refused, as the volume's key says; without a key, as it stands there.
    pub fn attempts(
        &self,
        volume: Option<VolumeId>,
        key: Option<&dyn Fn(VolumeId) -> OpenKey>,
    ) -> Result<Vec<(Name, Name)>> {
        let records = self.names(Kind::Record, volume)?;
        let marks = self.objects.list("refused/")?;
        let is_refused = |volume, id| {
            let any = Name::refusals(self.deal.run, volume, id);
            let mut marks = marks.iter().filter(|mark| mark.name.starts_with(&any)).peekable();
            let own = key.filter(|_| marks.peek().is_some());
            let own = own.map(|key| self.refused(volume, id, &key(volume)));
            marks.any(|mark| own.as_ref().is_none_or(|own| *own == mark.name))
        };
        let proofs = self.names(Kind::Proof, volume)?.into_iter();
        let found = proofs.filter_map(|proof| {
            let id = proof.attempt.filter(|&id| !is_refused(proof.volume, id))?;
            let of = |record: &&Name| (record.volume, record.attempt) == (proof.volume, Some(id));
            Some((proof, *records.iter().find(of)?))
        });
        Ok(found.collect())
    }

    /// The name of the mark that an attempt was refused, under the volume's key.
    pub fn refused(&self, volume: VolumeId, attempt: AttemptId, key: &OpenKey) -> String {
        let run = self.deal.run;
        Name::refused(run, volume, attempt, key.refusal(run, volume, attempt))
    }

    /// The first proof of a volume that verifies.
    pub fn proved(
        &self,
        judge: &Judge<'_>,
        volume: VolumeId,
        key: &OpenKey,
    ) -> Result<Option<Name>> {
        for (proof, record) in self.attempts(Some(volume), Some(&|_| key.clone()))? {
            let bytes = match (self.read(&proof), self.read(&record)) {
                (Ok(bytes), Ok(_)) => bytes,
                (Err(error), _) | (_, Err(error)) => {
                    // What storage does not give now may be there.
                    if storage_failed(&error) {
                        return Err(error);
                    }
                    output::warn(&format!("{error:#}"));
                    continue;
                }
            };
            match judge.verify(volume, &bytes) {
                Ok(()) => return Ok(Some(proof)),
                Err(error) => output::warn(&format!("{}/{proof}: {error}", self.objects)),
            }
        }
        Ok(None)
    }

    /// Proves a volume in a fresh attempt, and keeps the record before the proof: there is no proof
    /// without one.
    pub fn prove(
        &self,
        prover: &Prover<'_>,
        volume: VolumeId,
        key: &OpenKey,
        reach: impl FnMut(u64),
    ) -> Result<Name> {
        let shard = self.shard(volume, key)?;
        let (id, attempt) = (AttemptId::draw()?, Attempt::fresh()?);
        let recorded = attempt.record();
        let proof = prover.prove(&shard, attempt, reach);
        let proof = proof.with_context(|| format!("volume {volume}"))?;
        let (run, digest) = (self.deal.run, Digest::of(&proof));
        let record = Record { run, volume, id, proof: digest, attempt: recorded };
        let sealed = self.deal.records.seal(&record.to_bytes())?;
        self.write(Kind::Record, volume, Some(id), &sealed)?;
        self.write(Kind::Proof, volume, Some(id), &proof)
    }

    /// Makes a file that there is once, or gives what is there.
    pub fn once(objects: &Objects, name: &str, bytes: &[u8]) -> Result<Option<Vec<u8>>> {
        if objects.put_new(name, bytes)? == Put::New {
            return Ok(None);
        }
        let Some(there) = objects.get(name, MOST_OF_TEXT)? else {
            bail!("{objects}/{name} was there and is gone: storage that forgets is not used");
        };
        Ok((there != bytes).then_some(there))
    }
}
