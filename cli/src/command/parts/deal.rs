//! `pacioli deal`: a book dealt out to volumes, each encrypted to a key of its own.

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use pacioli_attestation::{Digest, Progress, VolumeId, setup::Setup};
use pacioli_objects::Objects;
use pacioli_prover::{
    Book, RunSecrets,
    parts::{Deal, Kind, Name, RunId, RunKey, ShardEntry},
};
use serde_json::json;

use super::{
    dealer::{DealerFolder, Forms, Inputs, Told},
    objects::{DEAL, MOST_OF_TEXT, RunObjects},
};
use crate::{
    args::{BookArgs, DealArgs},
    command::{
        files,
        held::Held,
        inputs::{differences, fingerprint, read_book},
    },
    format::plural,
    outcome::Later,
    output::Report,
    progress::Shown,
};

/// Runs the command.
pub fn deal(args: &DealArgs, progress: &Shown) -> Result<Report> {
    let setup = files::read_setup(&args.book.setup, progress)?;
    let dealer = DealerFolder::at(&args.private);
    let objects = Objects::at(&args.run)?;
    // Before the book is read: whether anything can be put there.
    objects.begin()?;
    let (run, told, _held) = deal_into(&args.book, &setup, &dealer, objects, progress)?;
    let volumes = run.deal.shards.len();
    if let Some(folder) = &args.keys {
        write_keys(folder, &dealer.run_key()?, volumes)?;
    }
    let (digest, header) = (run.digest, &run.deal.attestation.header);
    let text = format!(
        "{}\n  deal      {digest}\n  run       {}\n  volumes   {} of 2^{} rows, from 0 to {}\n",
        run.objects,
        run.deal.run,
        plural(volumes, "volume"),
        header.k,
        volumes - 1,
    );
    let json = json!({
        "run": run.objects.to_string(),
        "deal": digest,
        "id": run.deal.run,
        "volumes": volumes,
        "header": header,
        "lines": told.lines,
        "forms": told.forms,
        "warnings": told.warnings,
    });
    Ok(Report { text, json, holds: true })
}

/// What a deal from the same inputs said, and the deal, if one was kept. One from others is refused.
pub fn continued(
    args: &BookArgs,
    dealer: &DealerFolder,
    progress: &dyn Progress,
) -> Result<Option<(Told, Vec<u8>)>> {
    let Some((inputs, deal)) = dealer.kept()? else { return Ok(None) };
    let secret = dealer.secret(args.secret.as_deref(), false)?;
    progress.begin("comparing with what was dealt", 1);
    let differ = differences(&fingerprint(args, &secret)?, &inputs.made_from);
    ensure!(
        differ.is_empty(),
        "{} is of a run from other inputs: {} differ. Give another directory, or the same inputs to \
         continue it",
        dealer.path("").display(),
        differ.join(", ")
    );
    Ok(Some((inputs.told, deal)))
}

/// Deals a book, or continues the run that was dealt from the same. The dealer's folder is this
/// process's alone until what is given last is dropped.
pub fn deal_into(
    args: &BookArgs,
    setup: &Setup,
    dealer: &DealerFolder,
    objects: Objects,
    progress: &dyn Progress,
) -> Result<(RunObjects, Told, Held)> {
    let mut held = None;
    if dealer.exists() {
        let own = dealer.hold()?;
        if let Some((told, deal)) = continued(args, dealer, progress)? {
            let digest = Digest::of(&deal);
            let parsed = Deal::parse(&deal, digest);
            let parsed = parsed.with_context(|| dealer.path(DEAL).display().to_string())?;
            let run = RunObjects { objects, deal: parsed, digest };
            run.require_shards()?;
            require_same(&run.objects, &deal)?;
            remove_others(&run)?;
            return Ok((run, told, own));
        }
        held = Some(own);
    }
    let store = dealer.path("run.sqlite");
    ensure!(
        !store.exists(),
        "{} is of a finished run, or of one of another version of the program: give another directory",
        store.display()
    );
    if args.secret.is_some() {
        dealer.secret(args.secret.as_deref(), false)?;
    }
    let (book, warnings) = read_book(args, progress)?;
    book.shape(setup.k())?;
    // From here on things are made: nothing is for a book that is refused.
    dealer.make()?;
    let held = match held {
        Some(held) => held,
        None => dealer.hold()?,
    };
    if dealer.kept()?.is_some() || store.exists() {
        bail!(Later(format!("another process began a run in {}", dealer.path("").display())));
    }
    objects.begin()?;
    let there = objects.get(DEAL, MOST_OF_TEXT)?;
    ensure!(there.is_none(), "{objects} already holds a run; give another place");
    let secret = dealer.secret(args.secret.as_deref(), true)?;
    let made_from = fingerprint(args, &secret)?;
    let told = Told { lines: book.lines(), forms: forms(&book), warnings };
    progress.begin("dealing the accounts out", 1);
    let fresh = dealer.begin()?;
    let (dealt, _) = book.deal(setup)?;
    let secrets = RunSecrets { secret: &secret, salt: &fresh.salt };
    let (run, volumes) = (RunId::draw()?, dealt.attestation().volumes.len());
    progress.begin("encrypting the shards", volumes as u64);
    let mut shards = Vec::with_capacity(volumes);
    for volume in VolumeId::all(volumes) {
        let shard = dealt.shard(run, volume, secrets);
        let sealed = fresh.run.volume(volume).recipient().seal(&shard.to_bytes())?;
        let name = Name::of(Kind::Shard, run, volume, None, &sealed);
        objects.put_new(&name.to_string(), &sealed)?;
        shards.push(ShardEntry { digest: name.digest, length: sealed.len() as u64 });
        progress.reach(shards.len() as u64);
    }
    let (records, pages) = (fresh.records.records().recipient(), fresh.run.pages().recipient());
    let deal = Deal::new(run, records, pages, shards, dealt.attestation().clone());
    let bytes = deal.to_bytes();
    dealer.keep(&Inputs { made_from, told: told.clone() }, &bytes)?;
    require_same(&objects, &bytes)?;
    let digest = Digest::of(&bytes);
    let run = RunObjects { objects, deal, digest };
    remove_others(&run)?;
    Ok((run, told, held))
}

/// Removes the shards of deals that did not come to be this run's: of those that were stopped, and of
/// one that another dealer still makes and that will be refused. Nobody has their keys any more.
fn remove_others(run: &RunObjects) -> Result<()> {
    for entry in run.objects.list(&format!("{}/", Kind::Shard.folder()))? {
        let name: Option<Name> = entry.name.parse().ok();
        if name.is_some_and(|name| name.run != run.deal.run.short()) {
            run.objects.delete(&entry.name)?;
        }
    }
    Ok(())
}

/// Puts the deal where the run is, unless it is there; another one is refused.
fn require_same(objects: &Objects, deal: &[u8]) -> Result<()> {
    match RunObjects::once(objects, DEAL, deal)? {
        None => Ok(()),
        Some(_) => {
            bail!("{objects} holds another run than the dealer's folder; give another place")
        }
    }
}

fn forms(book: &Book) -> Option<Forms> {
    let counts = book.forms();
    (!book.compiled().forms.is_empty()).then_some(Forms {
        plain: counts.plain,
        covered: counts.covered,
        closed: counts.closed,
        lines_saved: counts.saved,
    })
}

/// Writes the key of every volume, one file each.
fn write_keys(folder: &Path, key: &RunKey, volumes: usize) -> Result<()> {
    files::make_directory(folder)?;
    for volume in VolumeId::all(volumes) {
        let path = folder.join(key_file(volume));
        files::write_private(&path, key.volume(volume).secret_text().as_bytes())?;
    }
    Ok(())
}

/// The name of a volume's key in a folder of them: the index as engines write it, so that a task can
/// be given that file alone.
pub fn key_file(volume: VolumeId) -> String {
    format!("{}.key", volume.index())
}
