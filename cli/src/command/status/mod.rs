//! `pacioli status`: a venue's latest attestation on a registry, whether it holds now, and whether
//! the contracts that say so are the right ones.
//!
//! A verdict is worth no more than the code of the registry, the program that asks, and the key of the
//! proof. The command therefore exits with 0 only if all of these were compared: the code of the
//! registry and of its other contracts with this release's, the verifier's key with the reader's own, the
//! verifier's code with the compiler's output, and the program with the text of the rules. And the chain is
//! asked now: where the node's latest block is old by the reader's clock, nothing is said to be fresh. All
//! answers are of that one block, by its hash.

mod around;
mod clauses;
mod find;
mod given;
mod history;
mod json;
mod text;
mod unit;

use alloy_primitives::B256;
use anyhow::{Result, ensure};
use pacioli_attestation::setup::Origin;
use pacioli_chain::Block;
use pacioli_verifier_contract::{
    bindings::State,
    registry::{Latest, Status, faults, state_name},
    stored::Stored,
};

use self::{around::Around, given::Given, history::Past, unit::Names};
use super::{
    build::Build, compare::Compared, deployments::Deployments, drawn_times, files,
    key_source::KeySource, node,
};
use crate::{
    args::StatusArgs,
    format::time,
    outcome::Later,
    output::{Report, Unfinished},
    progress::Shown,
};

/// The findings.
struct Found {
    status: Status,
    /// The block that everything was asked of.
    block: Block,
    /// The reader's time.
    now: u64,
    max_age: u64,
    /// The largest age of the node's latest block.
    max_head_age: u64,
    /// The code of the registry and of the contracts that it was made with.
    registry: Compared,
    /// The verifier's key and code.
    key: Compared,
    code: Compared,
    /// The origin of the setup of the reader's key.
    origin: Option<Origin>,
    /// The program of the latest attestation's rules.
    program: Compared,
    /// The announced program of the given rules, if it is not theirs.
    announced: Option<String>,
    /// The rules given, and the attestation that they came with.
    given: Option<Given>,
    /// The program of the latest attestation, as the chain stores it.
    sent: Option<Stored>,
    /// The key of the latest attestation's verifier.
    proved_under: B256,
    /// The attestations so far, where asked for.
    history: Option<Vec<Past>>,
    names: Names,
    /// The symbols of the listed reserves' tokens.
    symbols: Vec<Option<String>>,
    /// What others said and did.
    around: Around,
}

/// The outcome.
enum Verdict {
    Holds,
    DoesNotHold(String),
    /// Nothing differs, but these were not compared.
    NotCompared(Vec<String>),
}

/// Runs the command.
pub fn run(args: &StatusArgs, progress: &Shown) -> Result<Report> {
    let source = KeySource::read(&args.key, progress)?;
    let given = match (&args.attestation, args.rules()) {
        (Some(path), _) => {
            let verified = source.verify(&files::read(path)?, progress)?;
            Some(Given::attested(verified))
        }
        (None, Some((rules, prices))) => Some(Given::rules(rules, prices)?),
        (None, None) => None,
    };
    let build = args.build.as_deref().map(Build::read).transpose()?;
    let mut chain = node::reader(&args.node, 0)?;
    let chain_id = chain.chain_id()?;
    let there = Deployments::read(&args.node.deployments)?.on(chain_id);
    chain.search_from(args.from_block.unwrap_or(there.first_block));
    let (registry, venue) = there.venue(&args.venue)?;
    let block = chain.pin()?;
    let at = (registry, venue, block);
    let mut found = find::find(&mut chain, at, args, (&source, progress), given, build.as_ref())?;
    // What the registry itself asks, unless told otherwise.
    let draws = args.draws.unwrap_or(found.status.system.draws);
    found.around = Around::of(&mut chain, &found.status, venue, (draws, drawn_times::part().at))?;
    if args.registrant {
        let venues = found.status.system.venues;
        found.around.with_registrant(&mut chain, venues, venue)?;
    }
    let (number, hash) = (found.block.number, found.block.hash);
    ensure!(
        chain.is_still_there()?,
        Later(format!(
            "block {number}, {hash}, was asked of, and is none of the chain any more: try again"
        ))
    );
    let verdict = found.verdict();
    let text = found.text(&verdict, registry, venue)?;
    let holds = matches!(verdict, Verdict::Holds);
    let report = Report { text, json: found.json(&verdict), holds };
    match verdict {
        Verdict::NotCompared(_) => Err(Unfinished(report).into()),
        _ => Ok(report),
    }
}

impl Found {
    /// Seconds since the node's latest block.
    fn head_age(&self) -> u64 {
        self.now.saturating_sub(self.status.time)
    }

    /// Why the node may not know the latest of the chain: a node that stands still, or lies, says for
    /// ever that the latest attestation is fresh.
    fn behind(&self) -> Option<String> {
        let age = self.head_age();
        (age > self.max_head_age).then(|| {
            let (of, most) = (time(self.status.time), text::duration(self.max_head_age));
            let age = text::duration(age);
            format!(
                "head: the node's latest block is of {of}, {age} old, at most {most}: ask another"
            )
        })
    }

    fn is_fresh(&self) -> bool {
        self.status.age().is_some_and(|age| age <= self.max_age)
    }

    /// Whether any listed reserve counts now.
    fn has_reserves(&self) -> bool {
        self.status.reserves.iter().any(|reserve| reserve.accepted)
    }

    fn verdict(&self) -> Verdict {
        if let Some(reason) = self.reason() {
            return Verdict::DoesNotHold(reason);
        }
        let compared = self.compared().into_iter();
        let compared =
            compared.filter_map(|(what, one)| Some(format!("{what}: {}", one.missing()?)));
        let missing: Vec<_> = self.behind().into_iter().chain(compared).collect();
        if missing.is_empty() { Verdict::Holds } else { Verdict::NotCompared(missing) }
    }

    /// Everything that a verdict rests on.
    fn compared(&self) -> [(&'static str, &Compared); 4] {
        [
            ("registry", &self.registry),
            ("key", &self.key),
            ("verifier", &self.code),
            ("program", &self.program),
        ]
    }

    /// The first reason why it does not hold.
    fn reason(&self) -> Option<String> {
        let other = |compared: &Compared| compared.other().is_some();
        // Foreign code may say anything of all that follows.
        if let Some(how) = self.registry.other() {
            return Some(how.to_owned());
        }
        if other(&self.program) || self.announced.is_some() {
            return Some("the registered program is not that of these rules".to_owned());
        }
        if self.status.verdict.round == 0 {
            return Some("there is no attestation yet".to_owned());
        }
        let Some(latest) = &self.status.latest else {
            return Some("the node no longer has the latest attestation's events".to_owned());
        };
        if other(&self.key) {
            return Some("the proofs are under another key".to_owned());
        }
        if other(&self.code) {
            return Some("the verifier's code is not the generated one".to_owned());
        }
        self.reason_of(latest)
    }

    fn reason_of(&self, latest: &Latest) -> Option<String> {
        let (verdict, status) = (&self.status.verdict, &self.status);
        let age = status.age().unwrap_or_default();
        if verdict.revoked {
            return Some(
                "it was revoked, its rules were retired, or its verifier was frozen".into(),
            );
        }
        if !verdict.failing.is_zero() {
            return Some("clauses of the policy fail".to_owned());
        }
        if !self.is_fresh() {
            let (age, most) = (text::duration(age), text::duration(self.max_age));
            return Some(format!("stale: {age} old, at most {most}"));
        }
        match verdict.state {
            State::Healthy => {}
            State::Warning => {
                return Some(format!("a warning: {}", faults(verdict.faults).join("; ")));
            }
            State::Breach => {
                let what = "a price, a removed reserve, or reserves that were found too low";
                return Some(format!("a breach: {what}"));
            }
            state => return Some(format!("the venue is {}", state_name(state))),
        }
        if latest.record.reserves > 0 && !self.has_reserves() {
            return Some("the reserves that it counted are no longer listed".to_owned());
        }
        let attested = self.given.as_ref()?.attested.as_ref()?;
        if !attested.other.is_empty() {
            return Some("the attestation on chain is not the one given".to_owned());
        }
        let failing = attested.failing.len();
        (failing > 0).then(|| "the policy of the attestation given does not hold".to_owned())
    }
}
