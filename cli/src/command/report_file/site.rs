//! A folder for a web server: `report --site`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use jiff::Timestamp;
use pacioli_attestation::{Digest, Requirements, Verified};
use pacioli_evidence::Report as EvidenceReport;
use pacioli_report::{
    Judgement, Made, Moment, Past, Subject,
    site::{Published, Record, feed, index, page},
};
use serde_json::json;

use super::{
    SOFTWARE,
    again::command,
    folder::{File, Folder, Reader},
    one::{asked, asks, blocks, evidence, time},
};
use crate::{
    args::ReportArgs,
    command::{files, key_source::KeySource, requirements::requirements},
    format::plural,
    output::Report,
    progress::Shown,
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
    let reader = Reader {
        source: &source,
        now,
        required: required.as_ref(),
        rules: args.known.rules_digest,
    };
    let record = read_record(site)?;
    let folder = Folder::read(folder, &reader, progress)?;
    let mut run = Run { args, site, now, required: required.as_ref(), folder: &folder };
    run.publish(record)
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
    folder: &'a Folder,
}

impl Run<'_> {
    fn publish(&mut self, record: Option<Record>) -> Result<Report> {
        let evidence: Vec<Option<EvidenceReport>> =
            self.folder.files.iter().map(|file| self.evidence(file)).collect::<Result<_>>()?;
        let pairs = || self.folder.files.iter().zip(&evidence);
        let first = self.folder.files.first().map(|file| file.verified.digest);
        let first = first.context("no attestation of the folder verifies: nothing to publish")?;
        let mut record = record.unwrap_or_else(|| Record::begin(first, self.now));
        let known = record.attestations.len();
        self.look_for_what_is_gone(&mut record);
        for (file, evidence) in pairs() {
            let subject = self.subject(&file.verified, evidence.as_ref());
            record.add(&Published::of(&subject, &Judgement::of(&subject)));
        }
        record.updated = self.now;
        for name in ["attestations", "reports"] {
            files::make_directory(&self.site.join(name))?;
        }
        for (file, evidence) in pairs() {
            let verified = &file.verified;
            let mut subject = self.subject(verified, evidence.as_ref());
            subject.previous = self.folder.before(verified)?;
            subject.past = Some(self.past(verified, &record));
            let html = page(&subject, &Judgement::of(&subject), &record);
            let own = record.attestations.iter().find(|one| one.digest == verified.digest);
            let own = own.context("it was added above")?;
            self.write(&own.attestation, &verified.attestation.to_bytes())?;
            self.write(&own.page, html.as_bytes())?;
        }
        let author = self.args.by.as_deref().unwrap_or("whoever runs this site");
        self.write("feed.xml", feed(&record, author, self.args.url.as_deref()).as_bytes())?;
        self.write("index.html", index(&record).as_bytes())?;
        // Last: a run that is killed before has published nothing that the record does not know.
        self.write("index.json", record.to_json().as_bytes())?;
        Ok(self.told(&record, known))
    }

    fn told(&self, record: &Record, known: usize) -> Report {
        let alarms = record.alarms();
        let gone: Vec<_> = record.notices.iter().filter(|one| one.at == self.now).collect();
        let holds = alarms.is_empty() && gone.is_empty() && self.folder.refused.is_empty();
        let count = plural(record.attestations.len(), "attestation");
        let new = record.attestations.len() - known;
        let mut text = format!("{}: {count}, {new} new\n", self.site.display());
        for alarm in &alarms {
            text += &format!("  ALARM: {}\n", crate::shown::shown(&alarm.text));
        }
        for notice in &gone {
            text += &format!("  noticed: {}\n", crate::shown::shown(&notice.text));
        }
        for (name, why) in &self.folder.refused {
            let refused = format!("{name}: {why}");
            text += &format!("  REFUSED, not published: {}\n", crate::shown::shown(&refused));
        }
        let refused = self.folder.refused.iter();
        let json = json!({
            "site": self.site.display().to_string(),
            "attestations": record.attestations.len(),
            "new": new,
            "alarms": alarms,
            "noticed": gone,
            "refused": refused.map(|(file, error)| json!({ "file": file, "error": error }))
                .collect::<Vec<_>>(),
            "holds": holds,
        });
        Report { text, json, holds }
    }

    /// What a page is about: an attestation, and evidence of its reserves. Nothing of a private book.
    fn subject<'b>(
        &self,
        verified: &'b Verified,
        evidence: Option<&'b EvidenceReport>,
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
        subject.evidence = evidence;
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
    /// beside `1.json`.
    fn evidence(&self, file: &File) -> Result<Option<EvidenceReport>> {
        let path = beside(&file.path);
        let path = Some(path).filter(|path| path.exists());
        if path.is_none() && !asks(&self.args.known) {
            return Ok(None);
        }
        evidence(&file.verified, path.as_deref(), &self.args.known, Vec::new()).map(Some)
    }

    /// The history up to one attestation, and the alarms about it.
    fn past(&self, verified: &Verified, record: &Record) -> Past {
        let header = &verified.attestation.header;
        let own = self.folder.files.iter().map(|file| &file.verified).filter(|one| {
            let other = &one.attestation.header;
            other.venue == header.venue && other.sequence < header.sequence
        });
        let mut moments: Vec<_> = own.map(Moment::of).collect();
        moments.push(Moment::of(verified));
        moments.sort_by_key(|one| (one.sequence, one.as_of));
        let alarms = record.alarms().into_iter();
        let findings = alarms.filter(|alarm| alarm.digests.contains(&verified.digest));
        let mut findings: Vec<_> = findings.map(|alarm| (alarm.text, true)).collect();
        findings.extend(record.gaps_of(&header.venue).into_iter().map(|gap| (gap, false)));
        Past { moments, findings, ..Past::default() }
    }

    /// Remembers what was published and is gone, from the site or from the folder.
    fn look_for_what_is_gone(&self, record: &mut Record) {
        for one in record.attestations.clone() {
            let is_there = |digest: Digest| {
                self.folder.files.iter().any(|file| file.verified.digest == digest)
            };
            let named = format!("number {} of {}, {}", one.sequence, one.venue, one.digest);
            let stored = std::fs::read(self.site.join(&one.attestation));
            match stored.map(|bytes| Digest::of(&bytes)) {
                Ok(digest) if digest == one.digest => {}
                Ok(_) => {
                    let text = format!("the file of {named} was changed in this site");
                    record.notice(self.now, one.digest, text);
                }
                Err(_) => {
                    let text = format!("the file of {named} was removed from this site");
                    record.notice(self.now, one.digest, text);
                }
            }
            if !is_there(one.digest) {
                let text = format!("{named} is no longer in the folder that this site is made of");
                record.notice(self.now, one.digest, text);
            }
        }
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        files::write(&self.site.join(name), bytes)
    }
}

fn beside(attestation: &Path) -> PathBuf {
    match attestation.file_name().and_then(|name| name.to_str()) {
        Some("attestation.json") => attestation.with_file_name("evidence.json"),
        _ => attestation.with_extension("evidence.json"),
    }
}
