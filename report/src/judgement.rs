//! The verdict of a report, and why it is no better.
//!
//! Whether it holds is what `pacioli verify` says, with two more things that can be wrong: the evidence
//! of reserves, and the history. Whether it is green is another question. What holds by the publisher's
//! word alone is not green, however much of it there is.

use pacioli_attestation::{
    By, Clause, Evidence, Findings, Reserves, evaluate_policy, setup::Origin,
};

use crate::{
    cover::{Cover, Reach},
    format::{age, plural},
    headline,
    subject::Subject,
};

/// How a verdict may be shown. Words say the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tone {
    /// It holds, and what covers the book was read or signed by others than the publisher.
    Good,
    /// It holds, but rests on something that nobody but the publisher says, or on a setup that nobody
    /// knows.
    Warn,
    /// It does not hold.
    Bad,
}

impl Tone {
    /// Its name in the page's style.
    pub fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }
}

/// The verdict of a report.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// Whether it holds.
    pub holds: bool,
    /// The verdict in one line.
    pub verdict: String,
    /// What qualifies it.
    pub qualified: Vec<String>,
    /// Why it is not green; nothing where it is.
    pub reasons: Vec<String>,
    /// How it may be shown, on the day that it is about.
    pub tone: Tone,
}

/// The venue's own clauses where only these reserves count.
pub(crate) fn counting(findings: &Findings, known: Option<&Reserves>) -> Vec<Clause> {
    let Findings { attestation, compiled, figures, rules, block_hashes, .. } = findings;
    let mut evidence = Evidence::new(attestation, compiled, figures);
    (evidence.reserves, evidence.block_hashes) = (known, block_hashes);
    evaluate_policy(rules.policy(), &evidence)
}

/// Whether a clause rests on reserves, and not only on times or on what was left out.
pub(crate) fn is_about_reserves(clause: &Clause) -> bool {
    let families = ["min_coverage", "coverage", "per_asset", "bad_debt"];
    let family = clause.name.split('.').next().unwrap_or_default();
    clause.by == By::Publisher && families.contains(&family)
}

impl Judgement {
    /// The verdict on a subject.
    pub fn of(subject: &Subject<'_>) -> Self {
        let Subject { findings, origin, asked, .. } = subject;
        let yours = asked.as_ref().map(|asked| asked.clauses.as_slice());
        let wrong = wrong(subject);
        let holds = findings.holds()
            && yours.unwrap_or_default().iter().all(|clause| clause.holds)
            && wrong.is_empty();
        let mut verdict = headline::verdict(findings, *origin, yours);
        if !wrong.is_empty() {
            let (_, reason) = verdict.split_once(": ").unwrap_or_default();
            verdict = format!("{}: {}; {reason}", headline::word(false, *origin), wrong.join("; "));
        }
        let reasons = if holds { reasons(subject) } else { Vec::new() };
        let tone = match (holds, reasons.is_empty()) {
            (false, _) => Tone::Bad,
            (true, false) => Tone::Warn,
            (true, true) => Tone::Good,
        };
        let qualified = headline::qualified(findings, *origin);
        Self { holds, verdict, qualified, reasons, tone }
    }
}

/// What is wrong beside the attestation itself.
fn wrong(subject: &Subject<'_>) -> Vec<String> {
    let mut wrong = Vec::new();
    let faulty = subject.held().iter().filter(|one| !one.faults().is_empty()).count();
    if faulty > 0 {
        let reserves = if faulty == 1 { "1 reserve" } else { &format!("{faulty} reserves") };
        wrong.push(format!("evidence of {reserves} is wrong"));
    }
    if subject.past.as_ref().is_some_and(|past| !past.broken().is_empty()) {
        wrong.push("the history that it is part of does not hold".to_owned());
    }
    wrong
}

/// Why what holds is not green.
fn reasons(subject: &Subject<'_>) -> Vec<String> {
    let mut reasons = Vec::new();
    if matches!(subject.origin, Origin::Insecure | Origin::Unknown) {
        reasons.push("nobody vouches for the setup that the proofs are under".to_owned());
    }
    reasons.extend(uncovered(&subject.covers()));
    let known = subject.known();
    let own = by_word(&subject.findings.clauses, &counting(subject.findings, known.as_ref()));
    if !own.is_empty() {
        reasons.push(format!("by the venue's word alone its own policy holds: {}", named(&own)));
    }
    if let Some(asked) = &subject.asked {
        let yours = by_word(&asked.clauses, &asked.counting);
        if !yours.is_empty() {
            reasons.push(format!("by the venue's word alone your policy holds: {}", named(&yours)));
        }
    }
    reasons.extend(contradicted(subject));
    if subject.is_old() {
        let as_of = subject.findings.attestation.header.as_of;
        let old = age(as_of, subject.made.at);
        reasons.push(format!("the snapshot is {old}, and {} is the most", subject.max_age().0));
    }
    reasons
}

/// What else the reader knows, and was not answered by what is attested.
fn contradicted(subject: &Subject<'_>) -> Vec<String> {
    let mut told = Vec::new();
    if let Some(second) = &subject.second {
        told.extend(second.contradicts(subject.findings, &subject.held()));
        let is_in_quote = second.prices.quote == subject.findings.attestation.prices.quote;
        let silent = second.is_silent(subject.findings).filter(|_| is_in_quote);
        told.extend(silent.map(|why| format!("not known: {why}")));
    }
    let held = subject.held();
    let gone = held.iter().filter(|one| one.is_gone()).count();
    if gone > 0 {
        let all = plural(held.len(), "reserve");
        told.push(format!("what was attested is no longer there: {gone} of {all}"));
    }
    let unread = subject.all_unread();
    if !unread.is_empty() {
        told.push(format!("not everything that was asked for was read: {}", unread.join("; ")));
    }
    let own = subject.findings.digest;
    let moments = subject.past.iter().flat_map(|past| &past.moments);
    let broke = moments.filter(|one| one.digest != own && !one.keeps_policy).count();
    if broke > 0 {
        let count = plural(broke, "attestation");
        told.push(format!("{count} of the history broke the venue's policy or yours"));
    }
    told
}

fn named(names: &[&str]) -> String {
    headline::named(names)
}

/// The scenarios that nothing covers that was read or signed.
fn uncovered(covers: &[Cover]) -> Vec<String> {
    let of = |reach: &dyn Fn(Reach) -> bool| -> Vec<&str> {
        let own = covers.iter().filter(|cover| reach(cover.reach()));
        own.map(|cover| cover.word.scenario.as_str()).collect()
    };
    let mut told = Vec::new();
    let short = of(&|reach| reach == Reach::Short);
    if !short.is_empty() {
        told.push(format!("reserves and fund do not cover what is owed in {}", named(&short)));
    }
    let word = of(&|reach| matches!(reach, Reach::Word | Reach::WordWithFund));
    if !word.is_empty() {
        told.push(format!(
            "reserves that were read or signed by others do not cover what is owed in {}",
            named(&word)
        ));
    }
    if !of(&|reach| reach == Reach::Unstated).is_empty() {
        told.push("no reserves are stated".to_owned());
    }
    told
}

/// The clauses that hold, and would not if only what is known counted.
fn by_word<'a>(clauses: &'a [Clause], counting: &[Clause]) -> Vec<&'a str> {
    let pairs = clauses.iter().zip(counting);
    pairs
        .filter(|(own, known)| own.holds && !known.holds)
        .map(|(own, _)| own.name.as_str())
        .collect()
}
