//! `pacioli assemble`: every proof checked against what was dealt, one chosen for each volume,
//! once.

use std::{fs, path::Path};

use anyhow::{Context, Error, Result, bail, ensure};
use pacioli_attestation::{Attestation, Digest, Progress, VolumeId, setup::Setup};
use pacioli_objects::{Objects, ObjectsError};
use pacioli_prover::{
    RecordedAttempt, RunSecrets, RunStore,
    parts::{Assembled, Chosen, Judge, Kind, Name, OpenKey, PartError, Record, Shard},
};
use serde_json::json;

use super::{
    dealer::DealerFolder,
    index::ranges,
    no_core_dumps,
    objects::{ASSEMBLED, RunObjects},
};
use crate::{
    args::AssembleArgs,
    command::{
        files,
        run::{ATTESTATION, make_private},
    },
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
/// any moment and called again.
pub fn assemble_into(
    run: &RunObjects,
    setup: &Setup,
    dealer: &DealerFolder,
    secret: Option<&Path>,
    out: &Path,
    progress: &dyn Progress,
) -> Result<Done> {
    let path = out.join(ATTESTATION);
    if path.exists() {
        let attestation = files::read_attestation(&path)?;
        let assembled = run.assembled()?.filter(|one| one.attestation == attestation.digest());
        let Some(assembled) = assembled else {
            bail!("{} is of another run; give another --out", path.display());
        };
        forget(run, dealer)?;
        return Ok(Done { attestation, assembled: Digest::of(&assembled.to_bytes()) });
    }
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
    assembler.destroy_others(&assembled)?;
    files::write(&path, &attestation.to_bytes())?;
    forget(run, dealer)?;
    Ok(Done { attestation, assembled: Digest::of(&assembled.to_bytes()) })
}

/// Destroys what attempts drew: the chosen ones' is in the run's file and with whoever opens the
/// pages.
fn forget(run: &RunObjects, dealer: &DealerFolder) -> Result<()> {
    for name in run.names(Kind::Record, None)? {
        run.objects.delete(&name.to_string())?;
    }
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
            let found = self.chosen(&assembled, progress)?;
            return Ok((assembled, found));
        }
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
            if found.last().is_none_or(|one| one.record.volume != volume) {
                missing.push(volume.index());
            }
            progress.reach(volume.index() as u64 + 1);
        }
        if !missing.is_empty() {
            return Err(self::missing(&missing, volumes.len(), "proved"));
        }
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
                Some(assembled) => {
                    let found = self.chosen(&assembled, progress)?;
                    Ok((assembled, found))
                }
                None => bail!("{}/{ASSEMBLED} is gone", self.run.objects),
            },
        }
    }

    /// The attempts of a choice that was written, checked again.
    fn chosen(&self, assembled: &Assembled, progress: &dyn Progress) -> Result<Vec<Found>> {
        let volumes: Vec<VolumeId> = self.run.deal.attestation.volume_ids().collect();
        progress.begin("checking the chosen proofs", volumes.len() as u64);
        let key = self.dealer.run_key()?;
        let mut found = Vec::with_capacity(volumes.len());
        for volume in volumes {
            let names = (assembled.name(Kind::Proof, volume), assembled.name(Kind::Record, volume));
            let shard = self.shard(volume, &key.volume(volume))?;
            found.push(self.check(&shard, names)?);
            progress.reach(volume.index() as u64 + 1);
        }
        Ok(found)
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
    /// proved again.
    fn good(&self, shard: &Shard, names: (Name, Name)) -> Result<Option<Found>> {
        let error = match self.check(shard, names) {
            Ok(found) => return Ok(Some(found)),
            Err(error) if error.is::<ObjectsError>() => return Err(error),
            Err(error) => error,
        };
        output::warn(&format!("passed over: {error:#}"));
        if let Some(id) = names.0.attempt {
            let mark = Name::refused(self.run.deal.run, shard.volume, id);
            self.run.objects.put_new(&mark, b"")?;
        }
        Ok(None)
    }

    fn check(&self, shard: &Shard, (proof, record): (Name, Name)) -> Result<Found> {
        let place = |name: &Name| format!("{}/{name}", self.run.objects);
        let id = proof.attempt.context("a proof without an attempt")?;
        let (bytes, sealed) = (self.run.read(&proof)?, self.run.read(&record)?);
        let read = || -> Result<Record, PartError> {
            let opened = self.records.open(&sealed)?;
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

    /// Writes the run's private folder: the file that statements are made from, whole or not at
    /// all.
    fn store(
        &self,
        out: &Path,
        found: &[Found],
        attestation: Digest,
        progress: &dyn Progress,
    ) -> Result<()> {
        progress.begin("writing the run's private file", found.len() as u64);
        let private = out.join("private");
        files::make_directory(out)?;
        if !private.is_dir() {
            make_private(&private)?;
        }
        for name in ["salt", "secret"] {
            let (from, to) = (self.dealer.path(name), private.join(name));
            if from.exists() && !to.exists() {
                files::write_private(&to, &files::read(&from)?)?;
            }
        }
        let (path, beside) = (private.join("run.sqlite"), private.join("run.sqlite.part"));
        // Of an interrupted process: a journal would be rolled back into the new file.
        for ending in ["", "-journal", "-wal", "-shm"] {
            let _ = fs::remove_file(private.join(format!("run.sqlite.part{ending}")));
        }
        let mut store = RunStore::create(&beside).with_context(|| beside.display().to_string())?;
        let key = self.dealer.run_key()?;
        for (done, Found { record, .. }) in found.iter().enumerate() {
            let shard = self.run.shard(record.volume, &key.volume(record.volume))?;
            let accounts = shard.accounts.iter();
            store.record_accounts(
                accounts.map(|one| (one.id.as_str(), &one.account, one.placement)),
            )?;
            let attempt: &RecordedAttempt = &record.attempt;
            store.record_attempt(record.volume, attempt)?;
            progress.reach(done as u64 + 1);
        }
        store.finish(attestation)?;
        drop(store);
        fs::rename(&beside, &path).with_context(|| format!("cannot write {}", path.display()))
    }

    /// Destroys what attempts drew that were not chosen, before any statement exists.
    fn destroy_others(&self, assembled: &Assembled) -> Result<()> {
        let volumes = || self.run.deal.attestation.volume_ids();
        for kind in [Kind::Record, Kind::Chosen] {
            let kept: Vec<Name> = volumes().map(|volume| assembled.name(kind, volume)).collect();
            for name in self.run.names(kind, None)? {
                if !kept.contains(&name) {
                    self.run.objects.delete(&name.to_string())?;
                }
            }
        }
        Ok(())
    }
}

/// Some volumes are not there: said as engines take them.
pub fn missing(missing: &[usize], volumes: usize, what: &str) -> Error {
    let list = ranges(missing);
    let text = format!("missing {list}\n  {} of {volumes} volumes are not {what}\n", missing.len());
    let json = json!({ "missing": list, "volumes": volumes });
    Incomplete(Report { text, json, holds: false }).into()
}
