//! The attestations of a venue on a registry, and how they compare with a folder's.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use alloy_primitives::{Address, B256};
use alloy_sol_types::SolEvent;
use anyhow::Result;
use jiff::Timestamp;
use pacioli_attestation::Digest;
use pacioli_chain::{Node, Placed};
use pacioli_record::Record;
use pacioli_verifier_contract::{
    bindings::{Record as OnRecord, Reserves, SolvencyRegistry as R, State},
    registry::{Status, faults, state_name},
    system::System,
};
use serde_json::{Value, json};

use super::{
    super::{deployments::Deployments, node},
    compared::{Appended, Compared, File},
};
use crate::{
    args::{HistoryArgs, VenueArgs},
    format::time,
    table::{folded, paragraph},
};

/// A venue on a registry, and all that was logged about it.
pub struct OnChain {
    /// The node.
    pub node: Node,
    registry: Address,
    venue: B256,
    state: State,
    /// Every log about the venue, oldest first.
    pub logs: Vec<Placed>,
    /// The reserves that are listed, or were ever announced: token and custodian. One that was removed
    /// may have moved before.
    pub reserves: BTreeSet<(Address, Address)>,
    rounds: Vec<Round>,
    /// What its owner said a number follows, where that is another than the one before: the last for each.
    relinked: BTreeMap<u64, Digest>,
    /// Why the node may not know the latest of the chain.
    pub behind: Option<String>,
    /// Contracts whose code is not this release's.
    others: Vec<&'static str>,
}

/// One attestation on the registry, and what became of it.
struct Round {
    number: u64,
    record: OnRecord,
    transaction: B256,
    sender: Option<Address>,
    revoked: Option<String>,
    rechecks: usize,
    breached_at: Option<u64>,
}

impl OnChain {
    /// Asks a node for all of it.
    pub fn read(args: &HistoryArgs, venue: &str, now: Timestamp) -> Result<Self> {
        let mut node = node::reader(&args.node, 0)?;
        let there = Deployments::read(&args.node.deployments)?.on(node.chain_id()?);
        node.search_from(args.from_block.unwrap_or(there.first_block));
        let given = VenueArgs { registry: args.registry, id: venue.to_owned() };
        let (registry, venue) = there.venue(&given)?;
        let system = System::of(&mut node, registry)?;
        let others = system.compare(&mut node)?.into_iter().filter(|found| !found.is_same);
        let others: Vec<_> = others.map(|found| found.name).collect();
        let status = Status::of(&mut node, registry, venue)?;
        let System { venues, observers, elsewhere, reserves: kept, feeds, .. } = system;
        let contracts = [registry, venues, observers, elsewhere, kept, feeds];
        let mut logs = node.placed_logs(&contracts, venue)?;
        logs.sort_by_key(|one| (one.block, one.index));
        let rounds = rounds(registry, &logs);
        let relinked = relinked(registry, &logs);
        let state = status.verdict.state;
        let mut reserves: BTreeSet<_> =
            status.reserves.iter().map(|one| (one.token, one.custodian)).collect();
        let own = logs.iter().filter(|one| one.log.address == kept).map(|one| &one.log.data);
        let announced =
            own.filter_map(|data| Reserves::ReserveAnnounced::decode_log_data(data).ok());
        reserves.extend(announced.map(|one| (one.token, one.custodian)));
        let age = u64::try_from(now.as_second()).unwrap_or_default().saturating_sub(status.time);
        let behind = (age > args.max_head_age.0)
            .then(|| format!("the node's latest block is of {}: ask another", time(status.time)));
        Ok(Self { node, registry, venue, state, logs, reserves, rounds, relinked, behind, others })
    }

    /// Why it does not hold; `None` if the registry calls the venue healthy, and is this release's.
    pub fn why_not(&self) -> Option<String> {
        match (self.others.is_empty(), self.state) {
            (false, _) => Some("the registry's code is not this release's".to_owned()),
            (true, State::Healthy) => None,
            (true, state) => Some(format!("the registry calls the venue {}", state_name(state))),
        }
    }

    /// What the registry and a folder say of the same sequence numbers.
    pub fn compared(&self, record: &Record) -> Compared {
        let files = record.attested.iter().map(|one| File {
            name: &one.point.file,
            number: one.point.number,
            digest: one.point.digest,
            previous: one.point.previous,
        });
        let rounds = self.rounds.iter().map(|round| Appended {
            round: round.number,
            number: round.record.sequence,
            digest: Digest(round.record.attestation.0),
            revoked: round.revoked.as_deref(),
        });
        Compared::of(&files.collect::<Vec<_>>(), &rounds.collect::<Vec<_>>(), &self.relinked)
    }

    /// The rounds as text.
    pub fn text(&self, t: &mut String) -> std::fmt::Result {
        let Self { registry, venue, state, .. } = self;
        writeln!(t, "on the registry {registry} (C): {} now", state_name(*state))?;
        writeln!(t, "  venue {venue}")?;
        for name in &self.others {
            let words = format!("THE CODE OF {name} IS NOT THIS RELEASE'S: rely on nothing here");
            paragraph(t, "  ", &words)?;
        }
        if self.rounds.is_empty() {
            return writeln!(t, "  no attestation from the first block that was searched");
        }
        writeln!(t)?;
        let head =
            ["round", "sequence", "attestation", "as of W", "coverage", "what of it", "sent by"];
        folded(t, &head, &self.rounds.iter().map(Round::row).collect::<Vec<_>>())
    }

    /// The same for programs.
    pub fn json(&self) -> Value {
        let rounds = self.rounds.iter().map(|round| {
            let Round { number, record, transaction, sender, revoked, rechecks, breached_at } =
                round;
            json!({
                "round": number,
                "sequence": record.sequence,
                "digest": record.attestation,
                "as_of": time(record.asOf),
                "appended_at": time(record.appendedAt),
                "owed_units": record.owed.to_string(),
                "reserves_units": record.reserves.to_string(),
                "coverage_bps": record.coverageBps,
                "failing": record.failing,
                "faults": faults(record.faults),
                "observers": record.observers,
                "revoked": revoked,
                "rechecks": rechecks,
                "breached_at": breached_at.map(time),
                "transaction": transaction,
                "sender": sender,
            })
        });
        json!({
            "registry": self.registry,
            "venue": self.venue,
            "state": state_name(self.state),
            "other_code": self.others,
            "behind": self.behind,
            "rounds": rounds.collect::<Vec<_>>(),
            "by": "C",
        })
    }
}

impl Round {
    fn row(&self) -> [String; 7] {
        let Self { number, record, revoked, rechecks, breached_at, .. } = self;
        let mut what = Vec::new();
        match record.failing.count_ones() {
            0 => what.push("holds".to_owned()),
            failing => what.push(format!("{failing} clauses FAIL")),
        }
        what.extend(faults(record.faults));
        what.extend(revoked.as_ref().map(|_| "REVOKED".to_owned()));
        what.extend((*rechecks > 0).then(|| format!("rechecked {rechecks}")));
        what.extend(breached_at.map(|at| format!("BREACH from {}", time(at))));
        let coverage = match record.coverageBps {
            u64::MAX => "nothing owed".to_owned(),
            bps => format!("{}.{:04}", bps / 10_000, bps % 10_000),
        };
        [
            number.to_string(),
            record.sequence.to_string(),
            // Enough to tell the rounds of one number apart.
            record.attestation.to_string().chars().take(10).collect(),
            time(record.asOf),
            coverage,
            what.join(", "),
            self.sender.map_or_else(|| "not known".to_owned(), |sender| sender.to_string()),
        ]
    }
}

fn rounds(registry: Address, logs: &[Placed]) -> Vec<Round> {
    let mut rounds: Vec<Round> = Vec::new();
    for Placed { log, transaction, sender, .. } in logs {
        if log.address != registry {
            continue;
        }
        let data = &log.data;
        if let Ok(R::Attested { round, record, .. }) = R::Attested::decode_log_data(data) {
            rounds.push(Round {
                number: round,
                record,
                transaction: *transaction,
                sender: *sender,
                revoked: None,
                rechecks: 0,
                breached_at: None,
            });
        } else if let Ok(event) = R::Revoked::decode_log_data(data) {
            of(&mut rounds, event.round, |round| round.revoked = Some(event.reason));
        } else if let Ok(event) = R::Rechecked::decode_log_data(data) {
            of(&mut rounds, event.round, |round| round.rechecks += 1);
        } else if let Ok(event) = R::Breached::decode_log_data(data) {
            of(&mut rounds, event.round, |round| round.breached_at = Some(event.breachedAt));
        }
    }
    rounds
}

fn relinked(registry: Address, logs: &[Placed]) -> BTreeMap<u64, Digest> {
    let own = logs.iter().map(|one| &one.log).filter(|log| log.address == registry);
    let events = own.filter_map(|log| R::Relinked::decode_log_data(&log.data).ok());
    events.map(|event| (event.nextSequence, Digest(event.previous.0))).collect()
}

fn of(rounds: &mut [Round], number: u64, change: impl FnOnce(&mut Round)) {
    if let Some(round) = rounds.iter_mut().rev().find(|round| round.number == number) {
        change(round);
    }
}
