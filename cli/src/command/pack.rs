//! `pacioli verify PACK`: the attestation in a pack, under the reader's key where there is one.

use std::{fmt::Write, fs::File, io::Read, path::Path};

use anyhow::{Context, Result, ensure};
use pacioli_attestation::{BlockHash, Digest, ETHEREUM, Verified, setup::Origin};
use pacioli_evidence::{Evidence, Known};
use pacioli_record::{
    Letters, letters,
    pack::{Item, Kind, MAX_BYTES, Pack},
};
use serde_json::{Value, json};

use crate::{
    format::{plural, thousands},
    output::Report,
    shown::shown,
    table::paragraph,
};

/// The web page for account holders, as it is in this release.
pub const PAGE: &[u8] = include_bytes!("../../../web/dist/check.html");

/// A file that may be a pack, of no more bytes than one may have.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    let cannot = || format!("cannot read {}", path.display());
    let mut bytes = Vec::new();
    let file = File::open(path).with_context(cannot)?;
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).with_context(cannot)?;
    ensure!(bytes.len() as u64 <= MAX_BYTES, "{} has more than {MAX_BYTES} bytes", path.display());
    Ok(bytes)
}

/// Whose word the key is that a pack was verified under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyBy {
    /// The reader's own setup or key.
    Reader,
    /// The pack's, with a digest that the reader gave.
    Vouched,
    /// The pack's alone.
    Pack,
}

impl KeyBy {
    /// Of a pack's own key, by what it proved to be.
    pub fn of_packed(verified: &Verified) -> Self {
        match verified.origin() {
            Origin::Vouched(_) | Origin::Ceremony(_) => Self::Vouched,
            Origin::Unknown | Origin::Insecure => Self::Pack,
        }
    }

    fn said(self) -> &'static str {
        match self {
            Self::Reader => "the key is yours, and the one in the pack was not looked at",
            Self::Vouched => "the key is in the pack, and its digest is the one that you gave",
            Self::Pack => {
                "THE KEY IS THE PACK'S OWN WORD: whoever packed it could have forged everything \
                 in it. Compare the key's digest with somebody independent of the publisher, and \
                 give that with --key-digest"
            }
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Reader => "reader",
            Self::Vouched => "vouched",
            Self::Pack => "pack",
        }
    }
}

/// The report on the attestation in a pack, with what else is in it.
pub fn report(
    of: Report,
    pack: &Pack,
    verified: &Verified,
    by: KeyBy,
    known: &Known,
) -> Result<Report> {
    let evidence = pack.of(Kind::Evidence).enumerate().map(|(index, bytes)| {
        let text = String::from_utf8_lossy(bytes);
        let evidence = Evidence::parse(&text);
        let evidence = evidence.with_context(|| format!("evidence-{}.json", index + 1))?;
        Ok(letters(verified, &evidence, known))
    });
    let evidence: Vec<Letters> = evidence.collect::<Result<_>>()?;
    let faults: Vec<_> = evidence.iter().flat_map(|one| &one.faults).cloned().collect();
    let Report { text, mut json, holds } = of;
    let holds = holds && faults.is_empty();
    let text = said(&text, pack, by, &evidence, &faults).context("a string takes all")?;
    json["holds"] = holds.into();
    if !faults.is_empty() {
        json["verdict"] = verdict(&faults).into();
    }
    json["pack"] = document(pack, by, &evidence);
    Ok(Report { text, json, holds })
}

/// What a reader knows offline: the blocks and the rules that they gave.
pub fn known(blocks: &[BlockHash], rules: Option<Digest>) -> Known {
    let mut known = Known { rules: rules.is_some(), ..Known::default() };
    let own = known.hashes.entry(ETHEREUM.to_owned()).or_default();
    own.extend(blocks.iter().map(|block| alloy_primitives::B256::from(block.0.0)));
    known
}

fn verdict(faults: &[String]) -> String {
    format!("DOES NOT HOLD: the pack's evidence of reserves has {}", plural(faults.len(), "fault"))
}

fn said(
    report: &str,
    pack: &Pack,
    by: KeyBy,
    evidence: &[Letters],
    faults: &[String],
) -> Result<String, std::fmt::Error> {
    let (first, rest) = report.split_once('\n').unwrap_or((report, ""));
    let mut text = String::new();
    let t = &mut text;
    if !faults.is_empty() {
        writeln!(t, "{}", verdict(faults))?;
        faults.iter().try_for_each(|fault| paragraph(t, "  - ", &shown(fault)))?;
        writeln!(t, "\nof the attestation alone:")?;
    }
    writeln!(t, "{first}")?;
    paragraph(t, "  ", by.said())?;
    t.push_str(rest);
    writeln!(t, "\nthe pack, made by {} (W)", shown(&pack.manifest().made_by))?;
    for Item { name, kind, bytes, digest } in &pack.manifest().files {
        let what = match kind {
            Kind::Page if *digest == Digest::of(PAGE) => ", that of this release",
            Kind::Page => ", ANOTHER than this release's: open your own",
            Kind::Report => ", whatever it says: it was not looked at",
            Kind::Attestation | Kind::Key | Kind::Evidence => "",
        };
        let text = format!("{name}, {} bytes, {digest}{what}", thousands(bytes));
        paragraph(t, "  - ", &text)?;
    }
    for (index, one) in evidence.iter().enumerate() {
        let better = one.by.iter().filter(|by| by.letter() != 'W').count();
        let all = plural(one.by.len(), "reserve");
        let text = format!(
            "evidence-{}.json: {better} of {all} known by more than the publisher's word, offline",
            index + 1
        );
        paragraph(t, "  - ", &text)?;
        for unused in &one.unused {
            paragraph(t, "      ", &format!("NOT USED: {}", shown(unused)))?;
        }
    }
    Ok(text)
}

fn document(pack: &Pack, by: KeyBy, evidence: &[Letters]) -> Value {
    let evidence = evidence
        .iter()
        .map(|one| json!({ "by": one.by, "faults": one.faults, "unused": one.unused }));
    let page = pack.of(Kind::Page).next().map(|page| page == PAGE);
    json!({
        "manifest": pack.manifest(),
        "key_by": by.name(),
        "evidence": evidence.collect::<Vec<_>>(),
        "page_is_of_this_release": page,
    })
}
