//! `pacioli assemble`: every proof checked against what was dealt, one chosen for each volume,
//! once.

use std::{collections::HashSet, path::Path};

use anyhow::{Context, Error, Result, bail, ensure};
use pacioli_attestation::{Attestation, Digest, Progress, VolumeId, setup::Setup};
use pacioli_objects::{Objects, ObjectsError};
use pacioli_prover::{
    RunSecrets,
    parts::{Assembled, Chosen, Judge, Kind, Name, OpenKey, PartError, Record, Shard},
};
use serde_json::json;

use super::{
    dealer::DealerFolder,
    index::ranges,
    no_core_dumps,
    objects::{ASSEMBLED, Missing, RunObjects},
    store,
};
use crate::{
    args::AssembleArgs,
    command::{files, run::ATTESTATION},
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
    no_core_dumps();
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
    let done = assemble_into(&run, &setup, &dealer, args.secret.as_deref(), &args.out, progress)?;
    let (path, digest) = (args.out.join(ATTESTATION), done.attestation.digest());
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
    out: &Path,
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
fn finished(run: &RunObjects, dealer: &DealerFolder, out: &Path) -> Result<Option<Done>> {
    let path = out.join(ATTESTATION);
    if !path.exists() {
        return Ok(None);
    }
    let attestation = files::read_attestation(&path)?;
    let assembled = run.assembled()?.filter(|one| one.attestation == attestation.digest());
    let Some(assembled) = assembled else {
        bail!("{} is of another run; give another --out", path.display());
    };
    forget(run, dealer, &assembled, out)?;
    Ok(Some(Done { attestation, assembled: Digest::of(&assembled.to_bytes()) }))
}

fn put_together(
    run: &RunObjects,
    setup: &Setup,
    dealer: &DealerFolder,
    secret: Option<&Path>,
    out: &Path,
    progress: &dyn Progress,
) -> Result<Done> {
    let judge = Judge::new(&run.deal.attestation, setup)?;
    let (secret, salt) = (dealer.secret(secret, false)?, dealer.salt()?);
    let secrets = RunSecrets { secret: &secret, salt: &salt };
    let records = dealer.records_key()?.records();
    let assembler = Assembler { run, judge: &judge, secrets, records, dealer };
    let (assembled, found) = assembler.choose(progress)?;
    let attestation = assembler.attestation(&found);
    if attestation.digest() != assembled.attestation {
        bail!("{}/{ASSEMBLED} does not have the digest of its attestation", run.objects);
    }
    assembler.store(out, &found, attestation.digest(), progress)?;
    destroy_others(run, &assembled)?;
    files::write(&out.join(ATTESTATION), &attestation.to_bytes())?;
    forget(run, dealer, &assembled, out)?;
    Ok(Done { attestation, assembled: Digest::of(&assembled.to_bytes()) })
}

/// Destroys what attempts drew that were not chosen, before any statement exists.
fn destroy_others(run: &RunObjects, assembled: &Assembled) -> Result<()> {
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
/// pages. Files that another process of this run left or still writes are of no use.
fn forget(
    run: &RunObjects,
    dealer: &DealerFolder,
    assembled: &Assembled,
    out: &Path,
) -> Result<()> {
    destroy_others(run, assembled)?;
    for name in run.names(Kind::Record, None)? {
        run.objects.delete(&name.to_string())?;
    }
    store::clean(out);
    dealer.remove("records.key")
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
    /// The choice: the one that was written, or else the oldest good attempt of each volume.
    fn choose(&self, progress: &dyn Progress) -> Result<(Assembled, Vec<Found>)> {
        if let Some(assembled) = self.run.assembled()? {
            return self.chosen(assembled, progress);
        }
        let found = match self.pick(progress) {
            Ok(found) => found,
            // Whoever chose in the meantime destroys what is not needed any more.
            Err(error) => match self.run.assembled() {
                Ok(Some(assembled)) => return self.chosen(assembled, progress),
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
        match RunObjects::once(&self.run.objects, ASSEMBLED, &assembled.to_bytes())? {
            None => Ok((assembled, found)),
            // Somebody else chose in the meantime: theirs stands.
            Some(_) => match self.run.assembled()? {
                Some(assembled) => self.chosen(assembled, progress),
                None => bail!("{}/{ASSEMBLED} is gone", self.run.objects),
            },
        }
    }

    /// The oldest good attempt of each volume.
    fn pick(&self, progress: &dyn Progress) -> Result<Vec<Found>> {
        let attempts = self.run.attempts(None)?;
        let volumes: Vec<VolumeId> = self.run.deal.attestation.volume_ids().collect();
        progress.begin("checking the proofs", volumes.len() as u64);
        let key = self.dealer.run_key()?;
        let (mut found, mut missing) = (Vec::new(), Vec::new());
        for &volume in &volumes {
            let of = |(proof, _): &&(Name, Name)| proof.volume == volume;
            let mut candidates = attempts.iter().filter(of).peekable();
            if candidates.peek().is_some() {
                let shard = self.shard(volume, &key.volume(volume))?;
                let good = candidates.find_map(|names| self.good(&shard, *names).transpose());
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

    /// The attempts of a choice that was written, checked again.
    fn chosen(
        &self,
        assembled: Assembled,
        progress: &dyn Progress,
    ) -> Result<(Assembled, Vec<Found>)> {
        let volumes: Vec<VolumeId> = self.run.deal.attestation.volume_ids().collect();
        progress.begin("checking the chosen proofs", volumes.len() as u64);
        let key = self.dealer.run_key()?;
        let mut found = Vec::with_capacity(volumes.len());
        for volume in volumes {
            let [proof, record, drew] =
                [Kind::Proof, Kind::Record, Kind::Chosen].map(|kind| assembled.name(kind, volume));
            let key = key.volume(volume);
            let shard = self.shard(volume, &key)?;
            let checked = match self.check(&shard, (proof, record), &self.records) {
                // Another process that finished destroyed it: the same bytes are in `chosen`.
                Err(error) if error.is::<Missing>() => self.check(&shard, (proof, drew), &key),
                checked => checked,
            };
            found.push(checked?);
            progress.reach(volume.index() as u64 + 1);
        }
        Ok((assembled, found))
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

    /// The attempt, if it is good. One that is not is named, and marked so that its volume is
    /// proved again; one without its record counts as none.
    fn good(&self, shard: &Shard, names: (Name, Name)) -> Result<Option<Found>> {
        let error = match self.check(shard, names, &self.records) {
            Ok(found) => return Ok(Some(found)),
            Err(error) if error.is::<ObjectsError>() => return Err(error),
            Err(error) => error,
        };
        let is_missing = error.is::<Missing>();
        if is_missing && self.run.assembled()?.is_some() {
            return Err(error);
        }
        output::warn(&format!("passed over: {error:#}"));
        if let Some(id) = names.0.attempt.filter(|_| !is_missing) {
            let mark = Name::refused(self.run.deal.run, shard.volume, id);
            self.run.objects.put_new(&mark, b"")?;
        }
        Ok(None)
    }

    /// Checks an attempt whose record, or what it drew, this key opens.
    fn check(&self, shard: &Shard, (proof, record): (Name, Name), key: &OpenKey) -> Result<Found> {
        let place = |name: &Name| format!("{}/{name}", self.run.objects);
        let id = proof.attempt.context("a proof without an attempt")?;
        let (bytes, sealed) = (self.run.read(&proof)?, self.run.read(&record)?);
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
        out: &Path,
        found: &[Found],
        attestation: Digest,
        progress: &dyn Progress,
    ) -> Result<()> {
        progress.begin("writing the run's private file", found.len() as u64);
        store::begin(out, self.dealer)?;
        let key = self.dealer.run_key()?;
        store::write(out, attestation, |store| {
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
