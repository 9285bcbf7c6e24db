//! `pacioli reserves challenge`: the texts to sign, one for each reserve.

use std::{fmt::Write, path::Path};

use anyhow::{Result, bail, ensure};
use pacioli_attestation::{Digest, Reserve};
use pacioli_evidence::{Challenge, Subject, Terms, chain_id};
use serde_json::json;

use super::super::files;
use crate::{
    args::{ChallengeArgs, TextArgs},
    format::plural,
    output::Report,
    shown::shown,
};

/// The text for one reserve, or why there is none.
pub(super) struct Text {
    pub(super) index: usize,
    pub(super) reserve: Reserve,
    pub(super) text: Result<String, String>,
}

/// The texts for every reserve of a file.
pub(super) fn texts(args: &TextArgs) -> Result<Vec<Text>> {
    let reserves = files::read_reserves(&args.reserves)?;
    let [from, until] = [&args.from, &args.until].map(|text| files::time(text));
    let (from, until) = (from?, until?);
    let at = reserves.as_of;
    ensure!(
        from <= at && at <= until,
        "the reserves are of {at}, which is not between --from {from} and --until {until}: no check would \
         take the texts"
    );
    let previous = previous(&args.previous)?;
    let text = |(index, reserve): (usize, &Reserve)| {
        let chain = chain_id(&reserve.chain);
        let block = args.block_hash.iter().find(|one| one.chain == chain).map(|one| one.hash);
        let terms = Terms { previous, block, from, until };
        let text = Subject::of(&args.venue, reserve)
            .and_then(|subject| Challenge::new(subject, terms))
            .map(|challenge| challenge.to_string())
            .map_err(|error| error.to_string());
        Text { index, reserve: reserve.clone(), text }
    };
    Ok(reserves.reserves.iter().enumerate().map(text).collect())
}

/// The attestation before, by its digest or its file.
fn previous(text: &str) -> Result<Option<Digest>> {
    if text == "first" {
        return Ok(None);
    }
    if let Ok(digest) = text.parse() {
        return Ok(Some(digest));
    }
    let path = Path::new(text);
    if text.starts_with("0x") && !path.exists() {
        bail!("--previous: `{}` is no digest, and no file", text.escape_debug());
    }
    files::read_attestation(path)?;
    Ok(Some(Digest::of(&files::read(path)?)))
}

/// Runs the command.
pub fn run(args: &ChallengeArgs) -> Result<Report> {
    let texts = texts(&args.text)?;
    ensure!(!texts.is_empty(), "{} holds no reserves", args.text.reserves.display());
    ensure!(
        texts.iter().any(|one| one.text.is_ok()),
        "no reserve can be signed for: {}",
        texts.iter().find_map(|one| one.text.as_ref().err()).map_or("", String::as_str)
    );
    if let Some(folder) = &args.out {
        ensure!(!folder.exists(), "{} is there already; give another --out", folder.display());
        files::make_directory(folder)?;
    }
    let (mut text, mut list) = (String::new(), Vec::new());
    for Text { index, reserve, text: challenge } in &texts {
        let mut file = None;
        match (challenge, &args.out) {
            (Ok(challenge), Some(folder)) => {
                let path = folder.join(format!("reserve-{index}.txt"));
                files::write(&path, challenge.as_bytes())?;
                let (asset, address) = (shown(&reserve.asset), shown(&reserve.address));
                writeln!(text, "  {}: {asset} at {address}", path.display())?;
                file = Some(path.display().to_string());
            }
            (Ok(challenge), None) => {
                writeln!(text, "--- reserves[{index}]\n{challenge}")?;
            }
            (Err(error), _) => writeln!(text, "  reserves[{index}]: no text: {}", shown(error))?,
        }
        let refused = challenge.as_ref().err();
        list.push(json!({
            "asset": reserve.asset, "chain": reserve.chain, "address": reserve.address,
            "text": challenge.as_ref().ok(), "file": file, "refused": refused,
        }));
    }
    let count = texts.iter().filter(|one| one.text.is_ok()).count();
    let head =
        format!("{} to sign, byte by byte and without a line's end\n", plural(count, "text"));
    Ok(Report { text: head + &text, json: json!({ "texts": list }), holds: true })
}
