//! A folder for a web server: `report --site`.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use jiff::Timestamp;
use pacioli_attestation::{Digest, Requirements, Verified};
use pacioli_evidence::Report as EvidenceReport;
use pacioli_report::{
    Judgement, Made, Past, Subject, Tone,
    site::{Published, Record, lost, page},
};
use serde_json::{Value, json};

use super::{
    SOFTWARE,
    again::command,
    folder::{File, Folder, Reader, chain},
    lists::write_lists,
    one::{asked, asks, blocks, evidence, time},
    unverified,
};
use crate::{
    args::ReportArgs,
    command::{
        expected_rules::check_rules, files, key_source::KeySource, requirements::requirements,
        reserves,
    },
    format::plural,
    output::{self, Report, Unfinished},
    progress::Shown,
    shown::shown,
};

/// Runs the command.
pub fn run(args: &ReportArgs, site: &Path, progress: &Shown) -> Result<Report> {
    let folder = args.history.as_deref().context("--site needs --history")?;
    if let Some(url) = &args.url {
        let is_address = url.starts_with("https://") || url.starts_with("http://");
        ensure!(is_address, "--url: `{}` is no address of a web server", url.escape_debug());
    }
    let now = time(args)?;
    let required = requirements(&args.require)?;
    let source = KeySource::read(&args.key, progress)?.knowing(&blocks(&args.known));
    let (required, known) = (required.as_ref(), reserves::known(&args.known)?);
    let rules = args.known.rules_digest;
    let reader = Reader { source: &source, now, required, rules, known: &known };
    let record = read_record(site)?;
    let remembered = record.clone();
    let publish = || {
        let read = Folder::read(folder, &reader, progress)?;
        let (required, reader) = (reader.required, &reader);
        let gone = BTreeMap::new();
        let mut run = Run { args, site, now, required, reader, progress, folder: read, gone };
        run.publish(record)
    };
    publish().inspect_err(|error| {
        // What stops a run must not stop its alarm.
        if error.downcast_ref::<Unfinished>().is_none()
            && let Some(record) = remembered
            && let Err(error) = unverified::sound(args, site, folder, record, now)
        {
            output::warn(&format!("no alarm could be written: {error:#}"));
        }
    })
}

/// The site's record; `None` where the site is new.
fn read_record(site: &Path) -> Result<Option<Record>> {
    let path = site.join("index.json");
    if !path.exists() {
        ensure!(
            !site.join("attestations").exists(),
            "{} has attestations and no index.json, which remembers what was published: restore it, or \
             begin in another folder",
            site.display()
        );
        return Ok(None);
    }
    let record = Record::parse(&files::read_text(&path)?);
    Ok(Some(record.with_context(|| path.display().to_string())?))
}

struct Run<'a> {
    args: &'a ReportArgs,
    site: &'a Path,
    now: Timestamp,
    required: Option<&'a Requirements>,
    reader: &'a Reader<'a>,
    progress: &'a Shown,
    /// The folder's attestations, and those that the site alone still has.
    folder: Folder,
    /// What is wrong now with the files of an attestation.
    gone: BTreeMap<[u8; 32], Vec<String>>,
}

impl Run<'_> {
    fn publish(&mut self, record: Option<Record>) -> Result<Report> {
        let first = self.folder.files.first().map(|file| file.verified.digest);
        let first = first.with_context(|| {
            let why = self.folder.unchecked.first().or(self.folder.refused.first());
            let why = why.map(|(name, why)| format!(": {name}: {why}")).unwrap_or_default();
            format!("no attestation of the folder verifies: nothing to publish{why}")
        })?;
        let mut record = record.unwrap_or_else(|| Record::begin(first, self.now));
        let known = record.attestations.len();
        self.look_for_what_is_gone(&mut record)?;
        let evidence: Vec<_> = self.folder.files.iter().map(|file| self.evidence(file)).collect();
        let pairs = || self.folder.files.iter().zip(&evidence);
        let mut told = Told { known, ..Told::default() };
        for (file, evidence) in pairs() {
            let subject = self.subject(file, evidence);
            told.faults.extend(record.add(&Published::of(&subject, &Judgement::of(&subject))));
            told.unread.extend(subject.all_unread());
            for why in &subject.unread {
                record.notice(self.now, file.verified.digest, format!("not read: {why}"));
            }
        }
        if !self.folder.unchecked.is_empty() {
            let folder = self.args.history.as_deref().context("--site needs --history")?;
            unverified::notice_all(&mut record, folder, self.now)?;
        }
        told.faults.extend(self.gone.values().flatten().cloned());
        record.updated = self.now;
        for name in ["attestations", "reports"] {
            files::make_directory(&self.site.join(name))?;
        }
        for (file, evidence) in pairs() {
            let verified = &file.verified;
            let faults = self.gone.get(&verified.digest.0).map_or(&[][..], Vec::as_slice);
            let mut subject = self.subject(file, evidence);
            subject.previous = self.folder.before(verified)?;
            let mut past = self.past(verified, &record, faults)?;
            past.knows(verified.digest, subject.known_coverage());
            subject.past = Some(past);
            let judgement = Judgement::of(&subject);
            let html = page(&subject, &judgement, &record, faults);
            if !judgement.holds {
                told.failing.push((file.name.clone(), judgement.verdict.clone()));
            }
            let is_green = judgement.tone == Tone::Good;
            record.worsen(verified.digest, judgement.holds, is_green, &judgement.verdict);
            let own = record.attestations.iter().find(|one| one.digest == verified.digest);
            let own = own.context("it was added above")?;
            self.write(&own.attestation, &verified.attestation.to_bytes())?;
            self.write(&own.page, html.as_bytes())?;
        }
        let is_lost = |one: &&Published| {
            !self.folder.files.iter().any(|file| file.verified.digest == one.digest)
        };
        let gone: Vec<_> =
            record.attestations.iter().filter(is_lost).map(|one| one.digest).collect();
        for digest in gone {
            record.worsen(digest, false, false, "DOES NOT HOLD: its file is gone");
        }
        for one in record.attestations.iter().filter(is_lost) {
            let faults = self.gone.get(&one.digest.0).map_or(&[][..], Vec::as_slice);
            self.write(&one.page, lost(one, &record, faults).as_bytes())?;
        }
        write_lists(self.args, self.site, &record)?;
        let report = self.told(&record, &told);
        let is_whole = told.unread.is_empty() && self.folder.unchecked.is_empty();
        if report.holds && !is_whole {
            return Err(Unfinished(report).into());
        }
        Ok(report)
    }

    fn told(&self, record: &Record, told: &Told) -> Report {
        let Told { known, faults, failing, unread } = told;
        let alarms = record.alarms();
        let holds = alarms.is_empty()
            && faults.is_empty()
            && failing.is_empty()
            && self.folder.refused.is_empty();
        let count = plural(record.attestations.len(), "attestation");
        let new = record.attestations.len() - known;
        let mut text = format!("{}: {count}, {new} new\n", self.site.display());
        let mut tell = |what: &str, said: &str| {
            text += &format!("  {what}: {}\n", shown(said));
        };
        alarms.iter().for_each(|alarm| tell("ALARM", &alarm.text));
        faults.iter().for_each(|fault| tell("noticed", fault));
        failing.iter().for_each(|(name, verdict)| tell(&shown(name), verdict));
        unread.iter().for_each(|one| tell("not read", one));
        for (name, why) in &self.folder.refused {
            tell("REFUSED, not published", &format!("{name}: {why}"));
        }
        for (name, why) in &self.folder.unchecked {
            tell("NOT CHECKED, not published", &format!("{name}: {why}"));
        }
        let named = |all: &[(String, String)]| -> Vec<Value> {
            all.iter().map(|(file, error)| json!({ "file": file, "error": error })).collect()
        };
        let failing = failing.iter();
        let json = json!({
            "site": self.site.display().to_string(),
            "attestations": record.attestations.len(),
            "new": new,
            "alarms": alarms,
            "noticed": faults,
            "failing": failing.map(|(file, verdict)| json!({ "file": file, "verdict": verdict }))
                .collect::<Vec<_>>(),
            "unread": unread,
            "refused": named(&self.folder.refused),
            "unchecked": named(&self.folder.unchecked),
            "holds": holds,
        });
        Report { text, json, holds }
    }

    /// What a page is about: an attestation, and evidence of its reserves. Nothing of a private book.
    fn subject<'b>(
        &self,
        File { verified, .. }: &'b File,
        evidence: &'b Result<Option<EvidenceReport>, String>,
    ) -> Subject<'b> {
        let mut again = command(self.args, self.now);
        again.push_str(" --site SITE");
        let made = Made {
            by: self.args.by.clone(),
            at: self.now,
            software: SOFTWARE.to_owned(),
            command: again,
        };
        let mut subject = Subject::new(verified, made);
        let (evidence, unread) = match evidence {
            Ok(evidence) => (evidence.as_ref(), None),
            Err(why) => (None, Some(why.clone())),
        };
        subject.evidence = evidence;
        subject.unread.extend(unread);
        subject.asked = self.required.map(|required| {
            let mut asked =
                asked(required, &self.args.require.join(", "), verified, evidence, self.now);
            // Ages are counted when the page is opened: an old one keeps the verdict of its day.
            asked.clauses.retain(|clause| clause.name != "max_age");
            asked.counting.retain(|clause| clause.name != "max_age");
            asked
        });
        subject
    }

    /// The evidence beside an attestation: `evidence.json` beside `attestation.json`, `1.evidence.json`
    /// beside `1.json`. Or why it cannot be read: that hides nothing of the rest.
    fn evidence(&self, file: &File) -> Result<Option<EvidenceReport>, String> {
        let path = beside(&file.path);
        let path = Some(path).filter(|path| path.exists());
        if path.is_none() && !asks(&self.args.known) {
            return Ok(None);
        }
        let found = evidence(&file.verified, path.as_deref(), &self.args.known, Vec::new());
        // Without folders, which are of one machine: pages are public.
        let why = |error: anyhow::Error| {
            format!("the evidence beside {}: {}", file.name, error.root_cause())
        };
        found.map(Some).map_err(why)
    }

    /// The history up to one attestation, and the alarms about it.
    fn past(&self, verified: &Verified, record: &Record, faults: &[String]) -> Result<Past> {
        let header = &verified.attestation.header;
        let own = self.folder.files.iter().filter(|file| {
            let other = &file.verified.attestation.header;
            other.venue == header.venue && other.sequence <= header.sequence
        });
        let mut past = chain(&own.collect::<Vec<_>>())?;
        let alarms = record.alarms_of(&header.venue, header.sequence, verified.digest);
        let alarms = alarms.into_iter().map(|alarm| alarm.text);
        let broken = alarms.chain(faults.iter().cloned()).map(|text| (text, true));
        past.findings.extend(broken);
        Ok(past)
    }

    /// Remembers what was published and is gone, from the site or from the folder, and takes in again
    /// what the site still has.
    fn look_for_what_is_gone(&mut self, record: &mut Record) -> Result<()> {
        for one in record.attestations.clone() {
            let named = format!("number {} of {}, {}", one.sequence, one.venue, one.digest);
            let mut texts = Vec::new();
            let path = self.site.join(&one.attestation);
            let stored = fs::read(&path).ok();
            let is_whole = stored.as_deref().map(|bytes| Digest::of(bytes) == one.digest);
            texts.extend(match is_whole {
                Some(true) => None,
                Some(false) => Some(format!("the file of {named} was changed in this site")),
                None => Some(format!("the file of {named} was removed from this site")),
            });
            if !self.has(one.digest) {
                texts.push(format!("{named} is no longer in the folder that this site is made of"));
                if let (Some(true), Some(bytes)) = (is_whole, &stored) {
                    texts.extend(self.take_in(path, bytes));
                }
            }
            for text in &texts {
                record.notice(self.now, one.digest, text.clone());
            }
            if !texts.is_empty() {
                self.gone.entry(one.digest.0).or_default().extend(texts);
            }
        }
        self.look_for_what_is_forgotten(record)
    }

    /// Attestations of the site that its own index does not know, nor the folder.
    fn look_for_what_is_forgotten(&mut self, record: &mut Record) -> Result<()> {
        let folder = self.site.join("attestations");
        if !folder.exists() {
            return Ok(());
        }
        for found in pacioli_record::Folder::read(&folder)?.found {
            let digest = Digest::of(&found.bytes);
            let is_known = record.attestations.iter().any(|one| {
                one.digest == digest || folder.join(&found.name) == self.site.join(&one.attestation)
            });
            if is_known || self.has(digest) {
                continue;
            }
            let text = format!("{} is in this site and was not in its index", found.name);
            let mut texts = vec![text];
            texts.extend(self.take_in(folder.join(&found.name), &found.bytes));
            for text in &texts {
                record.notice(self.now, digest, text.clone());
            }
            self.gone.entry(digest.0).or_default().extend(texts);
        }
        Ok(())
    }

    fn has(&self, digest: Digest) -> bool {
        self.folder.files.iter().any(|file| file.verified.digest == digest)
    }

    /// Adds a file of the site to the folder's; or says why it cannot be checked.
    fn take_in(&mut self, path: PathBuf, bytes: &[u8]) -> Option<String> {
        let verified = self.reader.source.verify(bytes, self.progress).and_then(|verified| {
            check_rules(&verified, self.reader.rules)?;
            Ok(verified)
        });
        match verified {
            Ok(verified) => {
                self.folder.files.push(File::bare(path, verified));
                None
            }
            Err(error) => Some(format!("it can no longer be checked: {error:#}")),
        }
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        files::write(&self.site.join(name), bytes)
    }
}

/// What a run tells.
#[derive(Default)]
struct Told {
    /// How many attestations the site had.
    known: usize,
    /// What is gone, or changed.
    faults: Vec<String>,
    /// The files that do not hold, with their verdicts.
    failing: Vec<(String, String)>,
    /// What was asked for and not read.
    unread: Vec<String>,
}

fn beside(attestation: &Path) -> PathBuf {
    match attestation.file_name().and_then(|name| name.to_str()) {
        Some("attestation.json") => attestation.with_file_name("evidence.json"),
        _ => attestation.with_extension("evidence.json"),
    }
}
