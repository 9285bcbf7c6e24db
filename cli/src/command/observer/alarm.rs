//! Alarms: enough observers pause a venue for a day at most.

use std::path::{Path, PathBuf};

use alloy_primitives::{B256, keccak256};
use anyhow::{Result, bail, ensure};
use pacioli_verifier_contract::{
    bindings::Observers as O,
    chain::Chain,
    signing::{Alarm, MAX_ALARM},
};
use serde_json::json;

use super::{
    super::{
        act::{Acting, Said},
        planned::Planned,
        signed::{self, Signed, SignedAlarm},
        signer::{self, Signer},
    },
    ensure_here,
};
use crate::{
    args::{ActArgs, SignAlarmArgs, SignatureArgs},
    outcome::Refused,
    output::Report,
};

/// What an alarm that says no end lacks of the longest: the block that takes it is a later one.
pub const MARGIN: u64 = 60;

/// `pacioli observer sign-alarm`.
pub fn sign(args: &SignAlarmArgs) -> Result<Report> {
    let mut by = Signer::connect(&args.signer)?;
    let (observers, venue) = (by.system.observers, by.venue);
    let (text, until) = match &args.same_as {
        Some(path) => {
            let Signed::Alarm(other) = signed::read(path)? else {
                bail!("{}: not the signature of an alarm", path.display());
            };
            ensure_text(path, &other)?;
            let there = (other.chain_id, other.observers, other.venue);
            ensure!(
                there == (by.chain_id, observers, venue),
                "--same-as: an alarm of another chain or venue"
            );
            (other.text, other.until)
        }
        None => {
            let until = match (args.lasts, args.until) {
                (Some(lasts), _) => by.time.saturating_add(lasts.0),
                (None, Some(until)) => u64::try_from(until.as_second())?,
                (None, None) => by.time + MAX_ALARM - MARGIN,
            };
            (args.reason.clone().unwrap_or_default(), until)
        }
    };
    make(&mut by, text, until, &args.signer.out)
}

/// Signs an alarm into a file.
///
/// # Errors
/// If it would pause nothing, or cannot be made or written.
pub fn make(by: &mut Signer, text: String, until: u64, out: &Path) -> Result<Report> {
    let (observers, venue) = (by.system.observers, by.venue);
    ensure!(!text.is_empty(), "--reason: say why, since everybody who is paused will ask");
    ensure!(until > by.time, "the alarm would have lapsed already");
    ensure!(until - by.time <= MAX_ALARM, "an alarm lasts 24 hours at most");
    let alarmed = by.node.ask(observers, &O::alarmedUntilCall { venue })?;
    if until <= alarmed {
        let text = format!(
            "the venue is alarmed until {} already: an alarm has to last longer",
            signer::at(alarmed)?
        );
        return Err(Refused(text).into());
    }
    let threshold = by.node.ask(observers, &O::observersOfCall { venue })?.alarmThreshold;
    let (signer, reason) = (by.address, reason(&text));
    let message = Alarm { signer, venue, reason, until };
    let (digest, signature) = by.sign(&message, observers)?;
    let chain_id = by.chain_id;
    let file = SignedAlarm { chain_id, observers, venue, reason, text, until, signer, signature };
    let said = file.text.escape_debug().to_string();
    signed::write(out, &Signed::Alarm(file))?;
    let needed = match threshold {
        0 => "this venue's observers cannot alarm: it has set no threshold".to_owned(),
        needed => format!("{needed} observers have to sign it"),
    };
    let mut text = format!(
        "{}\n  signer  {signer}\n  reason  {said}\n  until   {}\n  digest  {digest}\n  {needed}\n",
        out.display(),
        signer::at(until)?
    );
    text += by.left();
    let json = json!({
        "file": out.display().to_string(),
        "signer": signer,
        "reason": reason,
        "until": until,
        "digest": digest,
        "needed": threshold,
    });
    Ok(Report { text, json, holds: true })
}

/// `pacioli observer alarm`.
pub fn send(act: &ActArgs, args: &SignatureArgs) -> Result<Report> {
    let mut files = alarms(&args.files)?;
    files.sort_by_key(|file| file.signer);
    let acting = Acting::on(act)?;
    let (observers, venue) = (acting.system.observers, acting.venue);
    for file in &files {
        ensure_here(&acting, observers, (file.chain_id, file.observers, file.venue))?;
    }
    let (reason, until, text) = (files[0].reason, files[0].until, files[0].text.clone());
    ensure!(
        files.iter().all(|file| (file.reason, file.until) == (reason, until)),
        "the alarms have several reasons or ends: observers sign the same with --same-as"
    );
    let signers: Vec<_> = files.iter().map(|file| file.signer).collect();
    let signatures = files.into_iter().map(|file| file.signature).collect();
    let call = O::alarmCall { venue, reason, until, signers: signers.clone(), signatures };
    let planned = [Planned::call("alarm", observers, &call)];
    let mut said = format!("paused until {}: {}\n", signer::at(until)?, text.escape_debug());
    for signer in &signers {
        said += &format!("  signed by {signer}\n");
    }
    let json = json!({ "reason": reason, "text": text, "until": until, "signers": signers });
    acting.run(act, &planned, &Said { text: said + "\n", json })
}

/// Alarms of several signers. One whose text is not what was signed is refused.
fn alarms(paths: &[PathBuf]) -> Result<Vec<SignedAlarm>> {
    let files = signed::read_all(paths, "an alarm", |signed| match signed {
        Signed::Alarm(one) => Some(one),
        _ => None,
    })?;
    for (file, path) in files.iter().zip(paths) {
        ensure_text(path, file)?;
    }
    signed::each_once(files.iter().map(|file| file.signer))?;
    Ok(files)
}

/// What is shown is what was signed.
fn ensure_text(path: &Path, file: &SignedAlarm) -> Result<()> {
    let is_it = reason(&file.text) == file.reason;
    ensure!(is_it, "{}: `text` is not what `reason` stands for", path.display());
    Ok(())
}

/// A text of at most 32 bytes as it is, with zeros behind; the hash of a longer one.
fn reason(text: &str) -> B256 {
    match text.len() {
        0..=32 => B256::right_padding_from(text.as_bytes()),
        _ => keccak256(text),
    }
}
