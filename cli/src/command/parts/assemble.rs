//! `pacioli assemble`: every proof checked against what was dealt, one chosen for each volume,
//! once.

use std::{collections::HashSet, path::Path};

use anyhow::{Context, Error, Result, bail, ensure};
use pacioli_attestation::{Attestation, Digest, Progress, VolumeId, setup::Setup};
use pacioli_objects::Objects;
use pacioli_prover::{
    RunSecrets,
    parts::{Assembled, Chosen, Judge, Kind, Name, OpenKey, PartError, Record, Shard},
};
use serde_json::json;

use super::{
    dealer::DealerFolder,
    index::ranges,
    objects::{ASSEMBLED, Missing, RunObjects, storage_failed},
    store::OutFolder,
};
use crate::{
    args::AssembleArgs,
    command::files,
    output::{self, Incomplete, Report},
    progress::Shown,
};

/// A run that was put together.
#[derive(Debug)]
pub struct Done {
    /// The attestation.
    pub attestation: Attestation,
    /// The digest of the choice.
    pub assembled: Digest,
}

/// Runs the command.
pub fn assemble(args: &AssembleArgs, progress: &Shown) -> Result<Report> {
    let dealer = DealerFolder::at(&args.private);
    let kept = dealer.deal_digest()?;
    ensure!(
        kept == args.dealt.deal,
        "{} is of another run: {kept}, not {}",
        args.private.display(),
        args.dealt.deal
    );
    let run = RunObjects::open(Objects::at(&args.dealt.run)?, args.dealt.deal)?;
    let setup = files::read_setup(&args.dealt.setup, progress)?;
    let (secret, mut out) = (args.secret.as_deref(), OutFolder::with_others(&args.out));
    let done = assemble_into(&run, &setup, &dealer, secret, &mut out, progress)?;
    let (path, digest) = (out.attestation(), done.attestation.digest());
    let text =
        format!("{}\n  digest    {digest}\n  assembled {}\n", path.display(), done.assembled);
    let json = json!({
        "attestation": path.display().to_string(),
        "digest": digest,
        "assembled": done.assembled,
        "header": done.attestation.header,
    });
    Ok(Report { text, json, holds: true })
}

/// Puts a run together in a directory, or ends with the volumes that are missing. May be stopped at
/// any moment and called again, also while another process does the same.
pub fn assemble_into(
    run: &RunObjects,
    setup: &Setup,
    dealer: &DealerFolder,
    secret: Option<&Path>,
    out: &mut OutFolder,
    progress: &dyn Progress,
) -> Result<Done> {
    if let Some(done) = finished(run, dealer, out)? {
        return Ok(done);
    }
    put_together(run, setup, dealer, secret, out, progress).or_else(|error| {
        // Another process that finished in the meantime took away what this one read or wrote.
        finished(run, dealer, out).ok().flatten().ok_or(error)
    })
}

/// The run of this directory, if it is finished. What an interrupted process left is destroyed.
fn finished(run: &RunObjects, dealer: &DealerFolder, out: &mut OutFolder) -> Result<Option<Done>> {
    let path = out.attestation();
    if !path.exists() {
        return Ok(None);
    }
    let attestation = files::read_attestation(&path)?;
    let kept = dealer.assembled(run)?;
    let kept = kept.filter(|(assembled, _)| assembled.attestation == attestation.digest());
    let Some((chosen, assembled)) = kept else {
        bail!("{} is of another run; give another --out", path.display());
    };
    forget(run, dealer, &chosen, out)?;
    Ok(Some(Done { attestation, assembled }))
}

fn put_together(
    run: &RunObjects,
    setup: &Setup,
    dealer: &DealerFolder,
    secret: Option<&Path>,
    out: &mut OutFolder,
    progress: &dyn Progress,
) -> Result<Done> {
    out.require_free(dealer, run)?;
    let judge = Judge::new(&run.deal.attestation, setup)?;
    let (secret, salt) = (dealer.secret(secret, false)?, dealer.salt()?);
    let secrets = RunSecrets { secret: &secret, salt: &salt };
    let records = dealer.records_key()?.records();
    let assembler = Assembler { run, judge: &judge, secrets, records, dealer };
    let (chosen, assembled, found) = assembler.choose(progress)?;
    let attestation = assembler.attestation(&found);
    if attestation.digest() != chosen.attestation {
        bail!("{} is of another attestation", dealer.path(ASSEMBLED).display());
    }
    assembler.store(out, &found, attestation.digest(), progress)?;
    destroy_others(run, &chosen)?;
    files::write(&out.attestation(), &attestation.to_bytes())?;
    forget(run, dealer, &chosen, out)?;
    Ok(Done { attestation, assembled })
}

/// Destroys what attempts drew that were not chosen, before any statement exists: also what was left
/// by a process that was killed before it made its choice, or after another made it.
pub fn destroy_others(run: &RunObjects, assembled: &Assembled) -> Result<()> {
    for kind in [Kind::Record, Kind::Chosen] {
        let volumes = run.deal.attestation.volume_ids();
        let kept: HashSet<Name> = volumes.map(|volume| assembled.name(kind, volume)).collect();
        for name in run.names(kind, None)? {
            if !kept.contains(&name) {
                run.objects.delete(&name.to_string())?;
            }
        }
    }
    Ok(())
}

/// Destroys what attempts drew: the chosen ones' is in the run's file and with whoever opens the
/// pages.
fn forget(
    run: &RunObjects,
    dealer: &DealerFolder,
    assembled: &Assembled,
    out: &mut OutFolder,
) -> Result<()> {
    destroy_others(run, assembled)?;
    for name in run.names(Kind::Record, None)? {
        run.objects.delete(&name.to_string())?;
    }
    dealer.remove("records.key")?;
    out.clean()
}

struct Assembler<'a> {
    run: &'a RunObjects,
    judge: &'a Judge<'a>,
    secrets: RunSecrets<'a>,
    records: OpenKey,
    dealer: &'a DealerFolder,
}

/// A proof that is good, and what its attempt drew.
struct Found {
    proof: Vec<u8>,
    record: Record,
    names: (Name, Name),
}

impl Assembler<'_> {
    /// The choice and its digest: the one that was made, or else the oldest good attempt of each
    /// volume.
    fn choose(&self, progress: &dyn Progress) -> Result<(Assembled, Digest, Vec<Found>)> {
        if let Some(made) = self.dealer.assembled(self.run)? {
            self.dealer.publish(self.run)?;
            return self.chosen(made, progress);
        }
        let found = match self.pick(progress) {
            Ok(found) => found,
            // Whoever chose in the meantime destroys what is not needed any more.
            Err(error) => match self.dealer.assembled(self.run) {
                Ok(Some(made)) => return self.chosen(made, progress),
                _ => return Err(error),
            },
        };
        let key = self.dealer.run_key()?;
        let mut chosen = Vec::with_capacity(found.len());
        for Found { record, names: (proof, sealed), .. } in &found {
            let volume = record.volume;
            let drew = key.volume(volume).recipient().seal(&record.to_bytes())?;
            let name = self.run.write(Kind::Chosen, volume, Some(record.id), &drew)?;
            let (attempt, record) = (record.id, sealed.digest);
            chosen.push(Chosen { attempt, proof: proof.digest, record, chosen: name.digest });
        }
        let attestation = self.attestation(&found).digest();
        let assembled = Assembled::new(self.run.deal.run, self.run.digest, attestation, chosen);
        self.dealer.choose(self.run, &assembled.to_bytes())?;
        match self.dealer.assembled(self.run)? {
            Some((made, digest)) if made == assembled => Ok((made, digest, found)),
            // Somebody else chose in the meantime: theirs stands.
            Some(made) => self.chosen(made, progress),
            None => bail!("{} is gone", self.dealer.path(ASSEMBLED).display()),
        }
    }

    /// The oldest good attempt of each volume.
    fn pick(&self, progress: &dyn Progress) -> Result<Vec<Found>> {
        let key = self.dealer.run_key()?;
        let attempts = self.run.attempts(None, Some(&|volume| key.volume(volume)))?;
        let volumes: Vec<VolumeId> = self.run.deal.attestation.volume_ids().collect();
        progress.begin("checking the proofs", volumes.len() as u64);
        let (mut found, mut missing) = (Vec::new(), Vec::new());
        for &volume in &volumes {
            let of = |(proof, _): &&(Name, Name)| proof.volume == volume;
            let mut candidates = attempts.iter().filter(of).peekable();
            if candidates.peek().is_some() {
                let key = key.volume(volume);
                let shard = self.shard(volume, &key)?;
                let good = candidates.find_map(|names| self.good(&shard, &key, *names).transpose());
                found.extend(good.transpose()?);
            }
            if found.last().is_none_or(|one: &Found| one.record.volume != volume) {
                missing.push(volume.index());
            }
            progress.reach(volume.index() as u64 + 1);
        }
        if missing.is_empty() {
            return Ok(found);
        }
        Err(self::missing(&missing, volumes.len(), "proved"))
    }

    /// The attempts of a choice that was made, checked again, and what they drew, as it stands there
    /// for whoever opens pages: without it nothing may be destroyed.
    fn chosen(
        &self,
        (assembled, digest): (Assembled, Digest),
        progress: &dyn Progress,
    ) -> Result<(Assembled, Digest, Vec<Found>)> {
        let volumes: Vec<VolumeId> = self.run.deal.attestation.volume_ids().collect();
        progress.begin("checking the chosen proofs", volumes.len() as u64);
        let key = self.dealer.run_key()?;
        let mut found = Vec::with_capacity(volumes.len());
        for volume in volumes {
            let [proof, drew] =
                [Kind::Proof, Kind::Chosen].map(|kind| assembled.name(kind, volume));
            let key = key.volume(volume);
            let shard = self.shard(volume, &key)?;
            let read = self.read((proof, drew))?;
            found.push(self.check(&shard, (proof, drew), read, &key)?);
            progress.reach(volume.index() as u64 + 1);
        }
        Ok((assembled, digest, found))
    }

    /// A volume's shard, whose key is that of the dealer's secrets.
    fn shard(&self, volume: VolumeId, key: &OpenKey) -> Result<Shard> {
        let shard = self.run.shard(volume, key)?;
        ensure!(
            self.secrets.volume_key(shard.context) == shard.key,
            "the operator's secret is another one than that of the deal"
        );
        Ok(shard)
    }

    /// The attempt, if it is good. One that is not is named, and where it is the one that was made,
    /// not a damaged one, marked, so that its volume is proved again.
    fn good(&self, shard: &Shard, key: &OpenKey, names: (Name, Name)) -> Result<Option<Found>> {
        let read = self.read(names);
        let is_as_made = read.is_ok();
        let checked = read.and_then(|read| self.check(shard, names, read, &self.records));
        let error = match checked {
            Ok(found) => return Ok(Some(found)),
            Err(error) if storage_failed(&error) => return Err(error),
            Err(error) => error,
        };
        if error.is::<Missing>() && self.dealer.assembled(self.run)?.is_some() {
            return Err(error);
        }
        output::warn(&format!("passed over: {error:#}"));
        if let Some(id) = names.0.attempt.filter(|_| is_as_made) {
            let mark = self.run.refused(shard.volume, id, key);
            self.run.objects.put_new(&mark, b"")?;
        }
        Ok(None)
    }

    /// A proof, and what its attempt drew, as their names say.
    fn read(&self, (proof, record): (Name, Name)) -> Result<(Vec<u8>, Vec<u8>)> {
        Ok((self.run.read(&proof)?, self.run.read(&record)?))
    }

    /// Checks an attempt that was read, whose record, or what it drew, this key opens.
    fn check(
        &self,
        shard: &Shard,
        (proof, record): (Name, Name),
        (bytes, sealed): (Vec<u8>, Vec<u8>),
        key: &OpenKey,
    ) -> Result<Found> {
        let place = |name: &Name| format!("{}/{name}", self.run.objects);
        let id = proof.attempt.context("a proof without an attempt")?;
        let read = || -> Result<Record, PartError> {
            let opened = key.open(&sealed)?;
            Record::parse(&opened, self.run.deal.run, shard.volume, id, proof.digest)
        };
        let read = read().with_context(|| place(&record))?;
        self.judge.check(shard, &read.attempt, &bytes).with_context(|| place(&proof))?;
        Ok(Found { proof: bytes, record: read, names: (proof, record) })
    }

    /// The attestation with its proofs.
    fn attestation(&self, found: &[Found]) -> Attestation {
        let mut attestation = self.run.deal.attestation.clone();
        let proofs = attestation.volumes.iter_mut().zip(found);
        proofs.for_each(|(volume, found)| volume.proof.clone_from(&found.proof));
        attestation
    }

    /// Writes the run's private folder: the salt, and the file that statements are made from.
    fn store(
        &self,
        out: &mut OutFolder,
        found: &[Found],
        attestation: Digest,
        progress: &dyn Progress,
    ) -> Result<()> {
        progress.begin("writing the run's private file", found.len() as u64);
        out.begin(self.dealer)?;
        let key = self.dealer.run_key()?;
        out.write(attestation, |store| {
            for (done, Found { record, .. }) in found.iter().enumerate() {
                let shard = self.run.shard(record.volume, &key.volume(record.volume))?;
                let accounts = shard.accounts.iter();
                store.record_accounts(
                    accounts.map(|one| (one.id.as_str(), &one.account, one.placement)),
                )?;
                store.record_attempt(record.volume, &record.attempt)?;
                progress.reach(done as u64 + 1);
            }
            Ok(())
        })
    }
}

/// Some volumes are not there: said as engines take them.
pub fn missing(missing: &[usize], volumes: usize, what: &str) -> Error {
    let list = ranges(missing);
    let text = format!("missing {list}\n  {} of {volumes} volumes are not {what}\n", missing.len());
    let json = json!({ "missing": list, "volumes": volumes });
    Incomplete(Report { text, json, holds: false }).into()
}
