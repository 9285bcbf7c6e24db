//! `pacioli verify --history`: a folder of attestations, each verified, and all held against each
//! other as one chain.

use std::{
    fmt::Write,
    fs,
    io::Read as _,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use jiff::Timestamp;
use pacioli_attestation::{
    Clause, Digest, Entry, Finding, Requirements, Verified, backing, changes, check_history,
    check_not_in_future, in_order, setup::Origin, unasked,
};
use pacioli_rules::{Amount, diff::Change};
use serde_json::{Value, json};

use super::{
    expected_rules::check_rules,
    files,
    report::{Setup, drawn_json, failing, list, some, warning, word},
};
use crate::{
    format::{Toward, brief, ratio},
    outcome::Outcome,
    output::Report,
    shown::shown,
    table::{folded, paragraph},
};

/// The reader's demands on a history.
pub struct ReadHistory<'a> {
    /// The reader's time.
    pub now: Timestamp,
    /// The reader's requirements of every attestation; those of its age, of the newest alone.
    pub required: Option<&'a Requirements>,
    /// The digest that the rules of each must have.
    pub rules: Option<Digest>,
}

/// An attestation of the folder that verifies.
struct Read {
    name: String,
    verified: Verified,
    asked: Vec<Clause>,
}

/// The contents of the folder.
struct History {
    /// In order.
    read: Vec<Read>,
    /// Attestations that were checked and do not hold, with the reason.
    refused: Vec<(String, String)>,
    /// Files that are something else.
    others: Vec<String>,
    findings: Vec<Finding>,
    /// From each to the next, where anything changed.
    changes: Vec<(usize, Vec<Change>)>,
}

impl ReadHistory<'_> {
    /// Checks every attestation in `folder`.
    ///
    /// # Errors
    /// If the folder has none, or one that cannot be checked: a chain without it says nothing.
    pub fn report(
        &self,
        folder: &Path,
        verify: &dyn Fn(&[u8]) -> Result<Verified>,
    ) -> Result<Report> {
        let history = self.read(folder, verify)?;
        let text = history.text()?;
        Ok(Report { text, json: history.json(), holds: history.holds() })
    }

    fn read(&self, folder: &Path, verify: &dyn Fn(&[u8]) -> Result<Verified>) -> Result<History> {
        let (mut read, mut refused, mut others) = (Vec::new(), Vec::new(), Vec::new());
        for path in attestations(folder)? {
            let name = path.strip_prefix(folder).unwrap_or(&path).display().to_string();
            let bytes = files::read(&path)?;
            if is_another_kind(&bytes) {
                others.push(name);
                continue;
            }
            let checked = verify(&bytes).and_then(|verified| {
                check_rules(&verified, self.rules)?;
                Ok(verified)
            });
            match checked {
                Ok(verified) => match check_not_in_future(&verified.attestation, self.now) {
                    Ok(()) => read.push(Read { name, verified, asked: Vec::new() }),
                    Err(error) => refused.push((name, error.to_string())),
                },
                Err(error) if matches!(Outcome::of(&error), Outcome::DoesNotHold) => {
                    refused.push((name, format!("{error:#}")));
                }
                Err(error) => {
                    return Err(error.context(format!("cannot check {} of the history", name)));
                }
            }
        }
        if read.is_empty() && refused.is_empty() {
            bail!("there is no attestation in {}", folder.display());
        }
        let mut history =
            History { findings: Vec::new(), changes: Vec::new(), read, refused, others };
        history.order(self)?;
        Ok(history)
    }
}

impl History {
    /// Brings the attestations in order, and holds them against each other and the reader's policy.
    fn order(&mut self, by: &ReadHistory<'_>) -> Result<()> {
        let entries: Vec<_> = self.read.iter().map(Read::entry).collect();
        self.findings = check_history(&entries);
        let order = in_order(entries).into_iter().map(|entry| entry.name.to_owned());
        let order: Vec<String> = order.collect();
        self.read.sort_by_key(|read| order.iter().position(|name| *name == read.name));
        let newest = self.read.len().saturating_sub(1);
        for (index, read) in self.read.iter_mut().enumerate() {
            let Some(required) = by.required else { continue };
            read.asked = if index == newest {
                required.evaluate(&read.verified, by.now)
            } else {
                required.evaluate_but_age(&read.verified)
            };
        }
        for index in 1..self.read.len() {
            let [before, after] = [index - 1, index].map(|i| &self.read[i].verified.attestation);
            let changes = changes(before, after)?;
            if !changes.is_empty() {
                self.changes.push((index, changes));
            }
        }
        Ok(())
    }

    fn broken(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.breaks())
    }

    fn holds(&self) -> bool {
        self.refused.is_empty()
            && self.broken().next().is_none()
            && self.read.iter().all(Read::holds)
    }

    /// The setup that proves least of all of them.
    fn origin(&self) -> Option<Origin> {
        let rank = |origin: &Origin| match origin {
            Origin::Ceremony(_) => 0,
            Origin::Vouched(_) => 1,
            Origin::Unknown => 2,
            Origin::Insecure => 3,
        };
        self.read.iter().map(|read| read.verified.origin()).max_by_key(rank)
    }

    fn verdict(&self) -> String {
        let count = self.read.len() + self.refused.len();
        let s = if count == 1 { "" } else { "s" };
        let Some(origin) = self.origin().filter(|_| self.holds()) else {
            let mut reasons = Vec::new();
            let keep = self.read.iter().filter(|read| !read.holds()).count();
            if !self.refused.is_empty() {
                reasons.push(format!("{} refused", self.refused.len()));
            }
            if keep > 0 {
                reasons.push(format!("{keep} that break a policy"));
            }
            let broken = self.broken().count();
            if broken > 0 {
                let s = if broken == 1 { "" } else { "s" };
                reasons.push(format!("{broken} break{s} of the chain"));
            }
            return format!("DOES NOT HOLD: of {count} attestation{s}, {}", reasons.join(", "));
        };
        let numbers = |read: &Read| read.verified.attestation.header.sequence;
        let [first, last] =
            [self.read.first(), self.read.last()].map(|read| read.map(numbers).unwrap_or_default());
        let whose = if self.read.iter().any(|read| !read.asked.is_empty()) {
            "the venue's own policies and yours are kept"
        } else {
            "the venue's own policies are kept"
        };
        format!(
            "{}: {count} attestation{s}, sequence numbers {first} to {last}, verify and follow one another, and \
             {whose}",
            word(true, origin)
        )
    }

    fn text(&self) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        let t = &mut text;
        writeln!(t, "{}", self.verdict())?;
        if let Some(warning) = self.origin().and_then(warning) {
            paragraph(t, "  ", warning)?;
        }
        if let Some(newest) = self.read.last() {
            paragraph(t, "  venue ", &shown(&newest.verified.attestation.header.venue))?;
        }
        writeln!(t)?;
        let head =
            ["sequence", "as of W", "owed P", "coverage W", "worst bad debt P", "holds", "file"];
        folded(t, &head, &self.read.iter().map(Read::row).collect::<Vec<_>>())?;
        for (name, reason) in &self.refused {
            paragraph(t, "  REFUSED  ", &format!("{}: {}", shown(name), shown(reason)))?;
        }
        for read in self.read.iter().filter(|read| !read.holds()) {
            let number = read.verified.attestation.header.sequence;
            paragraph(t, "  - ", &format!("sequence number {number}: {}", read.why().join("; ")))?;
        }
        if !self.findings.is_empty() {
            writeln!(t, "\nthe chain")?;
            for finding in &self.findings {
                paragraph(t, "  - ", &shown(&finding.to_string()))?;
            }
        }
        for (index, changes) in &self.changes {
            let number = self.read[*index].verified.attestation.header.sequence;
            writeln!(t, "\nchanged with sequence number {number}")?;
            list(t, changes)?;
        }
        if !self.others.is_empty() {
            let names: Vec<_> = self.others.iter().map(|name| shown(name)).collect();
            writeln!(t)?;
            paragraph(t, "not attestations, ignored: ", &names.join(", "))?;
        }
        Ok(text)
    }

    fn json(&self) -> Value {
        let refused = self.refused.iter();
        let refused = refused.map(|(file, reason)| json!({ "file": file, "error": reason }));
        let findings = self.findings.iter().map(|finding| {
            let mut one = json!(finding);
            one["text"] = finding.to_string().into();
            one["breaks"] = finding.breaks().into();
            one
        });
        let changes = self.changes.iter().map(|(index, changes)| {
            let number = self.read[*index].verified.attestation.header.sequence;
            json!({ "sequence": number, "changes": changes })
        });
        json!({
            "holds": self.holds(),
            "verdict": self.verdict(),
            "attestations": self.read.iter().map(Read::json).collect::<Vec<_>>(),
            "refused": refused.collect::<Vec<_>>(),
            "chain": findings.collect::<Vec<_>>(),
            "changes": changes.collect::<Vec<_>>(),
            "ignored": self.others,
        })
    }
}

impl Read {
    fn entry(&self) -> Entry<'_> {
        let Self { name, verified, .. } = self;
        Entry { name, attestation: &verified.attestation, digest: verified.digest }
    }

    fn holds(&self) -> bool {
        self.verified.holds() && self.asked.iter().all(|clause| clause.holds)
    }

    /// The names of what does not hold.
    fn why(&self) -> Vec<String> {
        let own = (&self.verified.clauses, "of the venue's own policy");
        let both = [own, (&self.asked, "of yours")];
        let failing = both.map(|(clauses, whose)| (failing(clauses), clauses.len(), whose));
        let failing = failing.iter().filter(|(failing, ..)| !failing.is_empty());
        failing.map(|(names, all, whose)| some(names, *all, whose)).collect()
    }

    fn coverage(&self) -> Option<Amount> {
        let attestation = &self.verified.attestation;
        let reserves = attestation.reserves.as_ref()?;
        let backing = backing(&self.verified.compiled, &self.verified.figures, Some(reserves));
        backing.into_iter().next()?.coverage
    }

    /// The largest bad debt of `mark` and the stresses, and where it is.
    fn worst(&self) -> Option<(&str, &Amount)> {
        let names = backing(&self.verified.compiled, &self.verified.figures, None);
        let names: Vec<_> = names.into_iter().map(|one| one.scenario).collect();
        let own = self.verified.figures.scenarios.iter();
        let own = own.filter(|one| names.contains(&one.name));
        own.map(|one| (one.name.as_str(), &one.bad_debt)).rev().max_by_key(|(_, debt)| &debt.units)
    }

    fn row(&self) -> [String; 7] {
        let header = &self.verified.attestation.header;
        let owed = self.verified.figures.scenarios.first();
        let debt = match self.worst() {
            Some((scenario, debt)) => format!("{} in {scenario}", brief(debt, Toward::More)),
            None => "-".to_owned(),
        };
        [
            header.sequence.to_string(),
            header.as_of.to_string(),
            owed.map_or_else(|| "-".to_owned(), |mark| brief(&mark.owed, Toward::More)),
            self.coverage().map_or_else(|| "-".to_owned(), |one| ratio(&one)),
            debt,
            if self.holds() { "yes" } else { "NO" }.to_owned(),
            self.name.clone(),
        ]
    }

    fn json(&self) -> Value {
        let Self { name, verified, asked } = self;
        let header = &verified.attestation.header;
        let worst = self.worst();
        json!({
            "file": name,
            "number": header.sequence,
            "digest": verified.digest,
            "as_of": header.as_of.to_string(),
            "drawn": drawn_json(verified),
            "holds": self.holds(),
            "policy_holds": verified.holds(),
            "setup": Setup::of(verified).json(),
            "owed": verified.figures.scenarios.first().map(|mark| &mark.owed),
            "coverage": self.coverage(),
            "worst_bad_debt": worst.map(|(_, debt)| debt),
            "worst_scenario": worst.map(|(scenario, _)| scenario),
            "policy": verified.clauses,
            "policy_asks_nothing_of":
                unasked(verified.rules.policy(), &verified.compiled, &verified.figures),
            "your_policy": asked,
            "by": { "as_of": "W", "owed": "P", "coverage": "W", "worst_bad_debt": "P" },
        })
    }
}

/// The beginning of every attestation, of any version.
const BEGINS: &[u8] = b"{\n  \"version\": \"pacioli attestation";

/// The files that may be attestations: `*.json` in the folder, `attestation.json` in each folder in
/// it, and whatever there begins as an attestation does, by name. A fork must not go unseen because a
/// program saved it as `1.JSON` or `1.json (1)`.
fn attestations(folder: &Path) -> Result<Vec<PathBuf>> {
    ensure!(folder.is_dir(), "{} is not a folder", folder.display());
    let mut paths = Vec::new();
    for path in entries(folder)? {
        if path.is_dir() {
            for inside in entries(&path)? {
                let own = inside.file_name().is_some_and(|name| name == super::run::ATTESTATION);
                if is_file(&inside)? && (own || begins_as_one(&inside)?) {
                    paths.push(inside);
                }
            }
        } else if is_file(&path)?
            && (path.extension().is_some_and(|kind| kind == "json") || begins_as_one(&path)?)
        {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let cannot = || format!("cannot read {}", folder.display());
    let entries = fs::read_dir(folder).with_context(cannot)?;
    entries.map(|entry| Ok(entry.with_context(cannot)?.path())).collect()
}

/// Whether it is a file. A link that leads nowhere is an error: what it was to lead to may be one of the
/// chain.
fn is_file(path: &Path) -> Result<bool> {
    let metadata = fs::metadata(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(metadata.is_file())
}

/// Whether a file begins as an attestation does.
fn begins_as_one(path: &Path) -> Result<bool> {
    let cannot = || format!("cannot read {}", path.display());
    let mut start = Vec::with_capacity(BEGINS.len());
    let file = fs::File::open(path).with_context(cannot)?;
    file.take(BEGINS.len() as u64).read_to_end(&mut start).with_context(cannot)?;
    Ok(start == BEGINS)
}

/// Whether it is a whole JSON document that does not call itself an attestation, not even first and
/// then otherwise.
fn is_another_kind(bytes: &[u8]) -> bool {
    if bytes.starts_with(BEGINS) {
        return false;
    }
    let Ok(document) = serde_json::from_slice::<Value>(bytes) else { return false };
    let version = document.get("version").and_then(Value::as_str).unwrap_or_default();
    !version.starts_with("pacioli attestation")
}
