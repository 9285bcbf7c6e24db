//! `pacioli prove-volume`: one volume, on any machine.

use std::path::Path;

use anyhow::{Context, Result, bail};
use pacioli_attestation::{Progress, VolumeId};
use pacioli_objects::Objects;
use pacioli_prover::{
    PROOF_STEPS,
    parts::{Judge, OpenKey, Prover},
};
use serde_json::json;
use zeroize::Zeroizing;

use super::{deal::key_file, index::index, objects::RunObjects, resources::ask_for_memory};
use crate::{
    args::{ProveVolumeArgs, TaskArgs},
    command::files,
    outcome::Later,
    output::{self, Report},
    progress::Shown,
};

/// A task that was read: its run, its volume and the volume's key.
pub struct Task {
    /// The run.
    pub run: RunObjects,
    /// The volume.
    pub volume: VolumeId,
    /// The volume's key.
    pub key: OpenKey,
}

impl Task {
    /// Reads what a task was given.
    pub fn read(args: &TaskArgs) -> Result<Self> {
        let index = index(args.index, |name| std::env::var(name).ok())?;
        let run = RunObjects::open(Objects::at(&args.dealt.run)?, args.dealt.deal)?;
        let volume = run.deal.volume(index)?;
        [&args.key, &args.dealt.setup].into_iter().try_for_each(|path| there_or_later(path))?;
        let key = read_key(&args.key, volume)?;
        Ok(Self { run, volume, key })
    }
}

/// Ends to be tried again where not even the folder of a file is there, as before its mount is.
fn there_or_later(path: &Path) -> Result<()> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    if parent.is_none_or(|parent| path.exists() || parent.exists()) {
        return Ok(());
    }
    bail!(Later(format!(
        "{} is missing with its folder: it is mounted later, or the path is another",
        path.display()
    )))
}

fn read_key(path: &Path, volume: VolumeId) -> Result<OpenKey> {
    let path = if path.is_dir() { path.join(key_file(volume)) } else { path.to_owned() };
    #[cfg(unix)]
    if let Ok(data) = std::fs::metadata(&path) {
        // A group may: that is how engines hand secrets to those who are not root.
        if std::os::unix::fs::MetadataExt::mode(&data) & 0o007 != 0 {
            output::warn(&format!(
                "{}: everybody on this machine has access to it",
                path.display()
            ));
        }
    }
    let text = Zeroizing::new(files::read_text(&path)?);
    OpenKey::parse(&text).with_context(|| path.display().to_string())
}

/// Runs the command.
pub fn prove_volume(args: &ProveVolumeArgs, progress: &Shown) -> Result<Report> {
    let Task { run, volume, key } = Task::read(&args.task)?;
    let setup = files::read_setup(&args.task.dealt.setup, progress)?;
    let judge = Judge::new(&run.deal.attestation, &setup)?;
    if let Some(name) = run.chosen(&judge, volume)? {
        return Ok(report(volume, "assembled", Some(name.to_string())));
    }
    if let Some(name) = run.proved(&judge, volume, &key)? {
        return Ok(report(volume, "proved before", Some(name.to_string())));
    }
    // Before anything is computed: whether the shard is there, whole, and opens.
    drop(run.shard(volume, &key)?);
    ask_for_memory(&run.deal.attestation.header.shape()?)?;
    progress.begin("making the proving key", 1);
    let prover = Prover::new(&judge)?;
    let rows = 1u64 << run.deal.attestation.header.k;
    progress.begin(&format!("proving volume {volume} of {rows} rows"), PROOF_STEPS);
    let name = run.prove(&prover, volume, &key, |step| progress.reach(step))?;
    Ok(report(volume, "proved", Some(name.to_string())))
}

fn report(volume: VolumeId, what: &str, proof: Option<String>) -> Report {
    let shown = proof.as_deref().map(|name| format!("\n  {name}")).unwrap_or_default();
    Report {
        text: format!("volume {volume}: {what}{shown}\n"),
        json: json!({ "volume": volume, "done": what, "proof": proof }),
        holds: true,
    }
}
