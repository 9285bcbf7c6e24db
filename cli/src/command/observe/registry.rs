//! What the registry's chain says, by every node that the observer names, and how the attestation fits.

use std::collections::BTreeSet;

use alloy_primitives::{Address, B256, Bytes};
use alloy_sol_types::SolEvent;
use anyhow::{Context, Result, ensure};
use jiff::Timestamp;
use pacioli_attestation::{By, Verified};
use pacioli_chain::Node;
use pacioli_verifier_contract::{
    bindings::{Observers as O, Round, SolvencyRegistry as R, State, Venues as V},
    chain::{Chain, ChainError},
    registry::state_name,
    submission,
    system::System,
};

use super::{
    super::{build::Build, node, reserves::host, rounds, signature, signer},
    config::Config,
    rows::{Of, Row, Verdict},
};
use crate::{
    format::plural,
    outcome::{Later, Refused},
};

/// What one node says. Two nodes have to say the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The first of the registry's contracts that is not this release's.
    foreign: Option<String>,
    /// The hash of the venue's name.
    name: B256,
    max_lag: u64,
    /// The number that comes next, and the digest of the attestation before it; zero for none.
    pub next: (u64, B256),
    /// Whether it ever appended this very attestation.
    appended: bool,
    state: State,
    /// The rules' program, and why it cannot be used.
    program: B256,
    unusable: Option<String>,
    /// The verifier that would be asked and its code, or why there is none.
    pub verifier: Result<(Address, Bytes), String>,
    /// One for each feed, as a submission would name them.
    pub rounds: Vec<(u16, u128)>,
    observers: Vec<Address>,
}

impl Facts {
    /// Asks every node, and makes sure that they agree and that they are enough.
    ///
    /// # Errors
    /// If a node does not answer, two disagree, or all are of one stranger.
    pub fn agreed(config: &Config, at: (Address, B256), verified: &Verified) -> Result<Self> {
        let urls = &config.venue.rpc;
        let hosts: BTreeSet<_> = urls.iter().map(|url| host(url)).collect();
        ensure!(
            hosts.contains(&None) || hosts.len() > 1,
            "venue.rpc: name a node on this machine, or two of different operators: one stranger's word \
             is not signed"
        );
        let mut found: Option<Self> = None;
        for url in urls {
            let mut node = node::reader(&config.node(url), config.venue.first_block)?;
            let id = node.chain_id()?;
            let asked = config.venue.chain_id;
            ensure!(id == asked, "venue.rpc: a node of chain {id}, and not of {asked}");
            let facts = Self::of(&mut node, at, verified)?;
            if let Some(other) = &found {
                // One is a block behind, or one lies: nobody can tell from here.
                let text = "the nodes of venue.rpc do not say the same of the registry";
                ensure!(*other == facts, Later(text.to_owned()));
            }
            found = Some(facts);
        }
        found.context("a node is named")
    }

    /// Asks one node.
    ///
    /// # Errors
    /// If it does not answer as it should.
    pub fn of(
        node: &mut Node,
        (registry, venue): (Address, B256),
        verified: &Verified,
    ) -> Result<Self> {
        let system = System::of(node, registry)?;
        let foreign = system.compare(node)?.into_iter().find(|found| !found.is_same);
        let view = node.ask(system.venues, &V::venueOfCall { venue })?;
        let rules =
            B256::from(pacioli_attestation::Digest::of(verified.attestation.rules.as_bytes()).0);
        let now = node.time()?;
        let (program, unusable) = match node.ask(system.venues, &V::rulesOfCall { venue, rules }) {
            Ok(there) if there.program.is_zero() => {
                (B256::ZERO, Some("never announced".to_owned()))
            }
            Ok(there) if there.retired => (there.program, Some("retired".to_owned())),
            Ok(there) if there.activeFrom > now => {
                let from = signer::at(there.activeFrom)?;
                (there.program, Some(format!("can be used from {from} on")))
            }
            Ok(there) => (there.program, None),
            // Its chunks have changed.
            Err(ChainError::Refused(_)) => {
                (B256::ZERO, Some("other code than announced".to_owned()))
            }
            Err(error) => return Err(error.into()),
        };
        let verifier = match signature::announced(node, &system, venue, verified) {
            Ok(at) => Ok((at, node.code(at)?)),
            Err(error) if error.is::<Refused>() => Err(error.to_string()),
            Err(error) => return Err(error),
        };
        let rounds = rounds::find(node, &system, venue, &verified.attestation.prices)?;
        let observers = node.ask(system.observers, &O::observersOfCall { venue })?.members;
        let (next, appended) = place(node, (registry, venue), own_digest(verified))?;
        Ok(Self {
            foreign: foreign.map(|other| format!("{} at {}", other.name, other.at)),
            name: view.nameHash,
            max_lag: view.maxLag,
            next,
            appended,
            state: node.ask(registry, &R::latestCall { venue })?.state,
            program,
            unusable,
            verifier,
            rounds: rounds.iter().map(|one| (one.price, one.round.to())).collect(),
            observers,
        })
    }

    /// The rounds as a submission has them.
    pub fn named(&self) -> Vec<Round> {
        let rounds = self.rounds.iter();
        rounds
            .map(|&(price, round)| Round {
                price,
                round: alloy_primitives::aliases::U80::from(round),
            })
            .collect()
    }

    /// Whether the registry has appended this very attestation, as its latest.
    pub fn has(&self, verified: &Verified) -> bool {
        let (number, digest) = (verified.attestation.header.sequence, own_digest(verified));
        self.next == (number.saturating_add(1), digest)
    }

    /// Whether it is an attestation of this venue: one that the registry ever appended, or one under the
    /// venue's name that follows the latest. Its age, its verifier and who looks at it say nothing of
    /// whose it is: the registry stays healthy just where it cannot take what fails.
    pub fn is_of_venue(&self, verified: &Verified) -> bool {
        let header = &verified.attestation.header;
        let previous = header.previous.map_or(B256::ZERO, |digest| digest.0.into());
        self.appended || self.is_named(verified) && self.next == (header.sequence, previous)
    }

    /// Whether it bears the name that was registered.
    pub fn is_named(&self, verified: &Verified) -> bool {
        self.name == submission::name(&verified.attestation.header.venue)
    }

    /// The attestation beside what the registry knows. `signer` is who would sign, where it is known.
    ///
    /// # Errors
    /// If the compiler's output cannot be read.
    pub fn rows(
        &self,
        config: &Config,
        verified: &Verified,
        (signer, now): (Option<Address>, u64),
    ) -> Result<Vec<Row>> {
        let header = &verified.attestation.header;
        let row = |what: &str, mine: String, theirs: String| {
            Row::same(Of::Registry, what, (mine, theirs), By::Chain)
        };
        let release = "this release's".to_owned();
        let mut rows = vec![row(
            "contracts of the registry",
            release.clone(),
            self.foreign.clone().unwrap_or(release),
        )];
        let name = submission::name(&header.venue);
        rows.push(row("name of the venue", self.name.to_string(), name.to_string()));
        let previous = header.previous.map_or(B256::ZERO, |digest| digest.0.into());
        if !self.has(verified) {
            let (number, before) = self.next;
            rows.push(row("number", number.to_string(), header.sequence.to_string()));
            rows.push(row("previous attestation", before.to_string(), previous.to_string()));
        }
        rows.extend(self.verifier_rows(config, verified)?);
        rows.push(self.lag(verified, now)?);
        if let Some(signer) = signer {
            let there = match self.observers.contains(&signer) {
                true => signer.to_string(),
                false => format!("none of its {}", plural(self.observers.len(), "observer")),
            };
            rows.push(row("observer of the venue", signer.to_string(), there));
        }
        let state = format!("{}, which is compared with nothing", state_name(self.state));
        rows.push(Row::without(Of::Registry, "state before", Verdict::Not(state)));
        Ok(rows)
    }

    fn verifier_rows(&self, config: &Config, verified: &Verified) -> Result<Vec<Row>> {
        let key = verified.attestation.header.key.to_string();
        let (at, code) = match &self.verifier {
            Ok((at, code)) => (at, code),
            Err(why) => {
                let sides = (why.clone(), key);
                return Ok(vec![Row::same(Of::Registry, "verifier", sides, By::Chain)]);
            }
        };
        let mut own = Row::same(Of::Registry, "verifier", (at.to_string(), key), By::Chain);
        own.verdict = Verdict::Same;
        let Some(path) = &config.venue.build else {
            let why = "no venue.build: what solc makes of `pacioli contract`".to_owned();
            return Ok(vec![
                own,
                Row::without(Of::Registry, "code of the verifier", Verdict::Not(why)),
            ]);
        };
        let expected = Build::read(path)?.contract("VolumeVerifier")?.runtime;
        let size = |code: &Bytes| format!("{} bytes", code.len());
        let mut compared = Row::same(
            Of::Registry,
            "code of the verifier",
            (size(&expected), size(code)),
            By::Chain,
        );
        let same = *code == expected;
        compared.verdict = if same { Verdict::Same } else { Verdict::Differs { breach: false } };
        Ok(vec![own, compared])
    }

    /// How old snapshot and prices are, by the chain's time.
    fn lag(&self, verified: &Verified, now: u64) -> Result<Row> {
        let attestation = &verified.attestation;
        let times = [attestation.header.as_of, attestation.prices.as_of];
        let now = Timestamp::from_second(i64::try_from(now)?)?;
        let ages = times.map(|time| now.duration_since(time).as_secs());
        let (least, oldest) = (ages[0].min(ages[1]), ages[0].max(ages[1]));
        let most = i64::try_from(self.max_lag).unwrap_or(i64::MAX);
        let sides = (format!("at most {most} s"), format!("{oldest} s"));
        let mut row = Row::same(Of::Registry, "age of snapshot and prices", sides, By::Chain);
        row.verdict = match (least >= 0 && oldest <= most) || self.has(verified) {
            true => Verdict::Same,
            false => Verdict::Differs { breach: false },
        };
        Ok(row)
    }

    /// The registered program beside the one that the rules' text comes to.
    pub fn program_row(&self, own: B256) -> Row {
        let theirs = match &self.unusable {
            Some(why) => why.clone(),
            None => self.program.to_string(),
        };
        Row::same(Of::Program, "registered program", (own.to_string(), theirs), By::Chain)
    }
}

/// The attestation's digest.
pub fn own_digest(verified: &Verified) -> B256 {
    verified.digest.0.into()
}

/// The number that a registry takes next and the digest of the attestation before it; and whether it ever
/// appended the attestation with this digest.
fn place(
    node: &mut Node,
    (registry, venue): (Address, B256),
    digest: B256,
) -> Result<((u64, B256), bool)> {
    let events = [R::Attested::SIGNATURE_HASH, R::Relinked::SIGNATURE_HASH];
    let (mut next, mut appended) = ((0, B256::ZERO), false);
    for log in node.logs(registry, &events, venue)? {
        if let Ok(event) = R::Relinked::decode_log_data(&log.data) {
            next = (event.nextSequence, event.previous);
            continue;
        }
        let record =
            R::Attested::decode_log_data(&log.data).context("an event of the registry")?.record;
        next = (record.sequence.saturating_add(1), record.attestation);
        appended |= record.attestation == digest;
    }
    Ok((next, appended))
}
