//! `pacioli bundle`: an attestation with all that verifying it takes, in one file.

use std::fmt::Write;

use anyhow::{Context, Result, ensure};
use pacioli_attestation::Digest;
use pacioli_evidence::{Evidence, Known, Offline, check};
use pacioli_record::pack::{Contents, Item, Pack};
use serde_json::json;

use super::{files, key_source::KeySource, pack::PAGE};
use crate::{
    args::BundleArgs, format::thousands, output::Report, progress::Shown, table::paragraph,
};

/// What packs.
const MADE_BY: &str = concat!("pacioli ", env!("CARGO_PKG_VERSION"));

/// Runs the command.
pub fn run(args: &BundleArgs, progress: &Shown) -> Result<Report> {
    files::check_new(&args.out, args.force)?;
    let attestation = files::read(&args.attestation)?;
    let source = KeySource::read(&args.key, progress)?;
    let verified = source.verify(&attestation, progress)?;
    let evidence = args.evidence.iter().map(|path| {
        let text = files::read_text(path)?;
        let own = Evidence::parse(&text).with_context(|| path.display().to_string())?;
        let (attestation, rules) = (&verified.attestation, &verified.rules);
        let found = check(attestation, rules, &own, &Known::default(), &mut Offline);
        ensure!(
            found.unused.is_empty(),
            "{}: {} of its entries for no reserve of the attestation: it is evidence of another",
            path.display(),
            found.unused.len(),
        );
        Ok(text.into_bytes())
    });
    let contents = Contents {
        attestation,
        key: verified.key().to_bytes(),
        evidence: evidence.collect::<Result<_>>()?,
        report: args.report.as_deref().map(files::read).transpose()?,
        page: (!args.no_page).then(|| PAGE.to_vec()),
    };
    let pack = Pack::new(contents, MADE_BY)?;
    let bytes = pack.to_bytes();
    ensure!(Pack::read(&bytes)? == pack, "the pack just made does not read as it was made");
    files::write_new(&args.out, &bytes, args.force)?;
    let (digest, key) = (Digest::of(&bytes), verified.key().digest());
    let mut text = String::new();
    let t = &mut text;
    writeln!(t, "{}", args.out.display())?;
    writeln!(t, "  pack         {digest}, {} bytes", thousands(bytes.len()))?;
    writeln!(t, "  attestation  {}", verified.digest)?;
    writeln!(t, "  key          {key}")?;
    for Item { name, bytes, digest, .. } in &pack.manifest().files {
        writeln!(t, "  - {name:<18}  {digest}  {}", thousands(bytes))?;
    }
    if !verified.holds() {
        paragraph(t, "", "The proofs verify, and the attestation DOES NOT KEEP its own policy.")?;
    }
    let advice = "Give the key's digest to readers by another way than the pack: a key in a pack is the \
                  pack's own word. They run: pacioli verify PACK --key-digest DIGEST";
    paragraph(t, "", advice)?;
    let json = json!({
        "pack": args.out.display().to_string(),
        "digest": digest,
        "bytes": bytes.len(),
        "attestation": verified.digest,
        "key": key,
        "policy_holds": verified.holds(),
        "manifest": pack.manifest(),
    });
    Ok(Report { text, json, holds: true })
}
