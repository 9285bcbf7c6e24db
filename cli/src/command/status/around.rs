//! What others said and did: observers' alarms and ejections, venues that list the same balance on another
//! chain, and drawn times.

use std::fmt::Write;

use alloy_primitives::{Address, B256, keccak256};
use alloy_sol_types::SolEvent;
use anyhow::{Context, Result};
use pacioli_chain::Node;
use pacioli_rules::DrawSource;
use pacioli_verifier_contract::{
    bindings::{Draws as D, Elsewhere as E, Observers as O, Venues as V},
    chain::{Chain, ChainError},
    registry::Status,
};
use serde_json::{Value, json};

use crate::{format::time, shown::beginning, table::table};

/// How many drawn times are printed without `--history`.
const LAST: usize = 3;

/// All of it.
#[derive(Default)]
pub struct Around {
    /// Oldest first.
    alarms: Vec<Alarmed>,
    /// Who was ejected, and for which number.
    ejected: Vec<(Address, u64)>,
    /// For each remote of the status, the other venues that list it.
    pub also_listed_by: Vec<Vec<B256>>,
    /// The contract, and what it recorded by day; `None` where it is not known.
    draws: Option<Draws>,
    /// Who registered the venue, and all venues that this account registered, by id and name; where
    /// asked for.
    registrant: Option<(Address, Vec<(B256, String)>)>,
}

struct Draws {
    at: Address,
    /// Whether it is where this release's contract is, so that it has its code.
    is_ours: bool,
    /// By day.
    recorded: Vec<Drawn>,
}

struct Alarmed {
    reason: B256,
    until: u64,
    signers: Vec<Address>,
}

struct Drawn {
    source: DrawSource,
    day: u32,
    second: u64,
}

impl Around {
    /// Asks a chain. `draws` is the contract of drawn times, and where this release's is.
    ///
    /// # Errors
    /// If it does not answer.
    pub fn of(
        chain: &mut impl Chain,
        status: &Status,
        venue: B256,
        draws: (Address, Address),
    ) -> Result<Self, ChainError> {
        let mut found = Self::default();
        let events = [O::Alarmed::SIGNATURE_HASH, O::ObserverEjected::SIGNATURE_HASH];
        for log in chain.logs(status.system.observers, &events, venue)? {
            if let Ok(event) = O::Alarmed::decode_log_data(&log.data) {
                let O::Alarmed { reason, until, signers, .. } = event;
                found.alarms.push(Alarmed { reason, until, signers });
            } else if let Ok(event) = O::ObserverEjected::decode_log_data(&log.data) {
                found.ejected.push((event.observer, event.sequence));
            }
        }
        for remote in &status.remotes {
            let (chain_id, token, custodian) = (remote.chainId, remote.token, remote.custodian);
            let id = E::remoteIdCall { chainId: chain_id, token, custodian };
            let remote = chain.ask(status.system.elsewhere, &id)?;
            let all = chain.ask(status.system.elsewhere, &E::venuesOfCall { remote })?;
            found.also_listed_by.push(all.into_iter().filter(|other| *other != venue).collect());
        }
        let (at, ours) = draws;
        let mut all = Vec::new();
        for source in DrawSource::ALL {
            let about = keccak256(source.name());
            for log in chain.logs(at, &[D::Drawn::SIGNATURE_HASH], about)? {
                if let Ok(event) = D::Drawn::decode_log_data(&log.data) {
                    all.push(Drawn { source, day: event.day, second: event.second });
                }
            }
        }
        all.sort_by_key(|drawn| (drawn.day, drawn.source));
        found.draws = Some(Draws { at, is_ours: at == ours, recorded: all });
        Ok(found)
    }

    /// Asks for all venues of the account that registered this one.
    ///
    /// # Errors
    /// If the node does not answer, or lacks the event of the registration.
    pub fn with_registrant(&mut self, node: &mut Node, venues: Address, venue: B256) -> Result<()> {
        let event = V::Registered::SIGNATURE_HASH;
        let own = node.logs(venues, &[event], venue)?;
        let own = own.iter().find_map(|log| V::Registered::decode_log_data(&log.data).ok());
        let own = own.context("the node lacks the event of the registration: see --from-block")?;
        let logs = node.logs_by_second(venues, event, own.owner.into_word())?;
        let events = logs.iter().filter_map(|log| V::Registered::decode_log_data(&log.data).ok());
        self.registrant = Some((own.owner, events.map(|one| (one.venue, one.name)).collect()));
        Ok(())
    }

    /// As lines.
    ///
    /// # Errors
    /// If a line cannot be written.
    pub fn text(&self, t: &mut String, now: u64, all: bool) -> Result<()> {
        for (observer, sequence) in &self.ejected {
            writeln!(t, "  ejected   {observer}: it signed two attestations of number {sequence}")?;
        }
        for Alarmed { reason, until, signers } in &self.alarms {
            if *until > now || all {
                let by: Vec<_> = signers.iter().map(Address::to_string).collect();
                let (reason, until, by) = (said(*reason), time(*until), by.join(", "));
                writeln!(t, "  alarmed   until {until}: {reason}, by {by}")?;
            }
        }
        if let Some((who, venues)) = &self.registrant {
            writeln!(t, "\nregistered by {who}")?;
            for (id, name) in venues {
                writeln!(t, "  {id}  {}", beginning(name))?;
            }
        }
        let Some(Draws { at, is_ours, recorded: draws }) = &self.draws else { return Ok(()) };
        let shown = if all { &draws[..] } else { &draws[draws.len().saturating_sub(LAST)..] };
        writeln!(t, "\ndrawn times at {at}: {} recorded", draws.len())?;
        if !is_ours {
            writeln!(t, "  THE CONTRACT IS NOT THIS RELEASE'S: it may say any time")?;
        }
        let rows = shown.iter().map(|drawn| [drawn.source.to_string(), time(drawn.second)]);
        if !shown.is_empty() {
            table(t, &["from", "second"], &rows.collect::<Vec<_>>())?;
        }
        Ok(())
    }

    /// As JSON, under the names that join those of `status`.
    pub fn json(&self) -> Vec<(&'static str, Value)> {
        let alarms = self.alarms.iter().map(|alarm| {
            json!({
                "reason": alarm.reason,
                "text": said(alarm.reason),
                "until": alarm.until,
                "signers": alarm.signers,
            })
        });
        let ejected = self.ejected.iter();
        let ejected =
            ejected.map(|(who, sequence)| json!({ "observer": who, "sequence": sequence }));
        let draws = self.draws.as_ref().map(|Draws { at, is_ours, recorded: all }| {
            let all = all.iter().map(|drawn| {
                let from = drawn.source.name();
                json!({ "from": from, "day": drawn.day, "second": drawn.second })
            });
            json!({ "contract": at, "as_released": is_ours, "recorded": all.collect::<Vec<_>>() })
        });
        vec![
            ("alarms", alarms.collect()),
            ("ejected", ejected.collect()),
            ("drawn", json!(draws)),
            (
                "registrant",
                json!(self.registrant.as_ref().map(|(who, venues)| {
                    let venues =
                        venues.iter().map(|(id, name)| json!({ "venue": id, "name": name }));
                    json!({ "account": who, "venues": venues.collect::<Vec<_>>() })
                })),
            ),
        ]
    }
}

/// A short text with zeros behind it, or the hash that stands for a long one.
fn said(reason: B256) -> String {
    let end = reason.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    match std::str::from_utf8(&reason[..end]) {
        Ok(text) if text.chars().all(|c| !c.is_control()) && end > 0 => {
            text.escape_debug().to_string()
        }
        _ => reason.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_a_text_or_a_hash() {
        assert_eq!(said(B256::right_padding_from(b"withdrawals stopped")), "withdrawals stopped");
        let hash = keccak256("a long text");
        assert_eq!(said(hash), hash.to_string());
        assert_eq!(said(B256::ZERO), B256::ZERO.to_string());
        let line = B256::right_padding_from(b"fine\n  state  healthy");
        assert_eq!(said(line), line.to_string(), "no reason begins a line");
    }
}
