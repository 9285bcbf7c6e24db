//! `pacioli open-volume`: the pages of one volume opened on any machine, and taken in by the
//! dealer.

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use pacioli_attestation::{Progress, VolumeId, setup::Setup};
use pacioli_objects::Objects;
use pacioli_prover::{
    OpenedPage,
    parts::{Assembled, Judge, Kind, Name, PartError, Record, VolumePages},
    statements::Run,
};
use serde_json::json;

use super::{
    assemble::{destroy_others, missing},
    dealer::DealerFolder,
    objects::{ASSEMBLED, RunObjects, not_yet, storage_failed},
    volume::Task,
};
use crate::{
    args::OpenVolumeArgs,
    command::{files, opener::opener},
    output::{self, Report},
    progress::Shown,
};

/// Runs the command.
pub fn open_volume(args: &OpenVolumeArgs, progress: &Shown) -> Result<Report> {
    let Task { run, volume, key } = Task::read(&args.task)?;
    let place = format!("{}/{ASSEMBLED}", run.objects);
    // Its digest is given: it was made, and may not be seen here yet.
    let (assembled, digest) = run.assembled()?.ok_or_else(|| not_yet(&place))?;
    let expected = args.assembled;
    ensure!(
        digest == expected,
        "{place}: its digest is {digest}, not {expected}: it was exchanged"
    );
    let id = assembled.volumes[volume.index()].attempt;
    if let Some(name) = there(&run, volume, &assembled)? {
        return Ok(report(volume, "opened before", &name));
    }
    let shard = run.shard(volume, &key)?;
    let (proof, name) =
        (run.read(&assembled.name(Kind::Proof, volume))?, assembled.name(Kind::Chosen, volume));
    let sealed = run.read(&name)?;
    let read = || -> Result<Record, PartError> {
        let digest = assembled.volumes[volume.index()].proof;
        Record::parse(&key.open(&sealed)?, run.deal.run, volume, id, digest)
    };
    let record = read().with_context(|| format!("{}/{name}", run.objects))?;
    let path = &args.task.dealt.setup;
    let setup = files::read_setup(path, progress)?;
    let judge = Judge::new(&run.deal.attestation, &setup)?;
    let opener = opener(path, &setup, judge.pages(), progress)?;
    progress.begin(&format!("opening the pages of volume {volume}"), 1);
    let opened = judge.open(&shard, &record.attempt, &proof, &opener);
    let pages = opened.with_context(|| format!("volume {volume}"))?;
    let pages = VolumePages { run: run.deal.run, volume, attempt: id, pages };
    let name =
        run.write(Kind::Pages, volume, Some(id), &run.deal.pages.seal(&pages.to_bytes())?)?;
    Ok(report(volume, "opened", &name))
}

fn report(volume: VolumeId, what: &str, name: &Name) -> Report {
    Report {
        text: format!("volume {volume}: {what}\n  {name}\n"),
        json: json!({ "volume": volume, "done": what, "pages": name.to_string() }),
        holds: true,
    }
}

/// The pages of a volume that are there, whole.
fn there(run: &RunObjects, volume: VolumeId, assembled: &Assembled) -> Result<Option<Name>> {
    let id = assembled.volumes[volume.index()].attempt;
    for name in run.names(Kind::Pages, Some(volume))? {
        if name.attempt != Some(id) {
            continue;
        }
        match run.read(&name) {
            Ok(_) => return Ok(Some(name)),
            Err(error) if storage_failed(&error) => return Err(error),
            Err(error) => output::warn(&format!("passed over: {error:#}")),
        }
    }
    Ok(None)
}

/// Takes in the pages that were opened elsewhere, each volume's checked against its proof. Ends
/// with the volumes that are missing. Gives how many were taken in.
pub fn collect(
    into: &mut Run<'_>,
    from: &str,
    private: &Path,
    attestation: &pacioli_attestation::Attestation,
    setup: &Setup,
    progress: &dyn Progress,
) -> Result<usize> {
    let dealer = DealerFolder::at(private);
    let run = RunObjects::open(Objects::at(from)?, dealer.deal_digest()?)?;
    let place = dealer.path(ASSEMBLED);
    let place = place.display();
    let Some((assembled, _)) = dealer.assembled(&run)? else {
        bail!("{place} is missing: the run is not assembled");
    };
    ensure!(assembled.attestation == attestation.digest(), "{place} is of another attestation");
    destroy_others(&run, &assembled)?;
    let judge = Judge::new(attestation, setup)?;
    let key = dealer.run_key()?.pages();
    let unopened = into.unopened()?;
    progress.begin("taking in the pages", unopened.len() as u64);
    let mut absent = Vec::new();
    for (done, &volume) in unopened.iter().enumerate() {
        let id = assembled.volumes[volume.index()].attempt;
        let proof = attestation.volume(volume).map(|one| one.proof.as_slice()).unwrap_or_default();
        let mut good: Option<Vec<OpenedPage>> = None;
        for name in run.names(Kind::Pages, Some(volume))? {
            let read = || -> Result<Vec<OpenedPage>> {
                let opened = key.open(&run.read(&name)?)?;
                let VolumePages { pages, .. } =
                    VolumePages::parse(&opened, run.deal.run, volume, id)?;
                judge.check_pages(volume, proof, &pages)?;
                Ok(pages)
            };
            match read() {
                Ok(pages) => good = Some(pages),
                Err(error) if storage_failed(&error) => return Err(error),
                Err(error) => {
                    output::warn(&format!("removed: {}/{name}: {error:#}", run.objects));
                    // The volume is opened again.
                    run.objects.delete(&name.to_string())?;
                }
            }
            if good.is_some() {
                break;
            }
        }
        match good {
            Some(pages) => into.take_in(volume, &pages)?,
            None => absent.push(volume.index()),
        }
        progress.reach(done as u64 + 1);
    }
    if absent.is_empty() {
        return Ok(unopened.len());
    }
    Err(missing(&absent, run.deal.shards.len(), "opened"))
}
