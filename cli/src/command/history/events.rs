//! What the contracts of a registry log about a venue, in words.

use alloy_primitives::{Address, B256, Log};
use alloy_sol_types::SolEventInterface;
use pacioli_rules::check_name;
use pacioli_verifier_contract::{
    bindings::{
        Elsewhere::ElsewhereEvents as E, Feeds::FeedsEvents as F, Observers::ObserversEvents as O,
        Purpose, Reserves::ReservesEvents as S, SolvencyRegistry::SolvencyRegistryEvents as R,
        Venues::VenuesEvents as V,
    },
    registry::{faults, state_name},
};

use crate::{
    format::{plural, time},
    shown::shown,
};

/// A log's name, and what it says; `None` if no contract of this release logs so, or it is only a step
/// of something else that is logged.
pub fn said(log: &Log) -> Option<(&'static str, String)> {
    registry(log)
        .or_else(|| venues(log))
        .or_else(|| reserves(log))
        .or_else(|| observers(log))
        .or_else(|| elsewhere(log))
        .or_else(|| feeds(log))
}

fn registry(log: &Log) -> Option<(&'static str, String)> {
    Some(match R::decode_log(log).ok()?.data {
        R::Attested(e) => {
            let record = e.record;
            let failing = record.failing.count_ones();
            let mut words = format!(
                "round {} appends sequence number {} of {}, {}",
                e.round,
                record.sequence,
                time(record.asOf),
                record.attestation
            );
            if failing > 0 {
                words += &format!(", with {} that fail", plural(failing, "clause"));
            }
            faults(record.faults).iter().for_each(|fault| words += &format!(", {fault}"));
            ("attested", words)
        }
        R::ClauseFailed(e) => {
            let (round, clause) = (e.round, e.clause);
            ("clause failed", format!("clause {clause} of round {round}: {} of {}", e.has, e.needs))
        }
        R::BandLeft(e) => {
            let (round, subject) = (e.round, e.subject);
            ("band left", format!("subject {subject} of round {round} is {} now", e.now_))
        }
        R::Rechecked(e) => {
            let lacks = format!("lacking {}/10,000 of what is needed", e.shortBps);
            ("rechecked", format!("round {}: {}, {lacks}", e.round, state_name(e.state)))
        }
        R::Breached(e) => {
            ("breached", format!("round {} is in breach from {}", e.round, time(e.breachedAt)))
        }
        R::Revoked(e) => ("revoked", format!("round {} by {}: {}", e.round, e.by, text(&e.reason))),
        R::Confirmed(e) => {
            let by = plural(e.observers, "observer");
            ("confirmed", format!("round {} by {by}", e.round))
        }
        R::Relinked(e) => {
            let previous = e.previous;
            ("relinked", format!("sequence number {} follows {previous}", e.nextSequence))
        }
        R::TimeDrawn(e) if e.missed > alloy_primitives::U256::ZERO => {
            ("days missed", format!("{} before day {} of round {}", e.missed, e.day, e.round))
        }
        _ => return None,
    })
}

fn venues(log: &Log) -> Option<(&'static str, String)> {
    Some(match V::decode_log(log).ok()?.data {
        V::Registered(e) => ("registered", format!("by {}, as `{}`", e.owner, text(&e.name))),
        V::Settled(_) => ("settled", "announcements wait for the delay from now on".to_owned()),
        V::OwnershipOffered(e) => ("ownership offered", format!("to {}", e.nextOwner)),
        V::OwnershipTransferred(e) => ("owner", e.owner.to_string()),
        V::GuardianSet(e) => ("guardian", whom(e.guardian)),
        V::PublisherSet(e) => ("publisher", format!("{} from {}", whom(e.publisher), time(e.from))),
        V::DelaySet(e) => ("delay", format!("{} s from {}", e.delay, time(e.from))),
        V::LimitsSet(e) => ("limits", format!("others from {}", time(e.from))),
        V::RulesAnnounced(e) => {
            ("rules announced", format!("{} from {}", e.rules, time(e.activeFrom)))
        }
        V::RulesRetired(e) => ("rules retired", format!("{} by {}", e.rules, e.by)),
        V::VerifierAnnounced(e) => {
            let from = time(e.activeFrom);
            ("verifier announced", format!("{} of the key {} from {from}", e.verifier, e.key))
        }
        V::VerifierFrozen(e) => ("verifier frozen", format!("{} by {}", e.verifier, e.by)),
        V::Paused(e) => {
            let until = time(e.until);
            let words = format!("{} by {} until {until}", what(e.subject), e.by);
            ("paused", format!("{words}: {}", text(&e.reason)))
        }
        V::Unpaused(e) => ("unpaused", format!("{} from {}", what(e.subject), time(e.from))),
    })
}

fn reserves(log: &Log) -> Option<(&'static str, String)> {
    Some(match S::decode_log(log).ok()?.data {
        S::ReserveAnnounced(e) => {
            let purpose = match e.purpose {
                Purpose::Insurance => "insurance",
                _ => "customers",
            };
            let (asset, from) = (asset(&e.asset), time(e.activeFrom));
            let at = place(e.token, e.custodian);
            ("reserve announced", format!("{asset} for {purpose}, {at}, from {from}"))
        }
        S::ReserveAccepted(e) => ("reserve accepted", place(e.token, e.custodian)),
        S::ReserveRemoved(e) => {
            ("reserve removed", format!("{} by {}", place(e.token, e.custodian), e.by))
        }
        S::Marked(e) if e.unreadable => ("marked", "a token did not answer".to_owned()),
        S::Marked(e) => ("marked", plural(e.holdings.len(), "asset")),
    })
}

fn observers(log: &Log) -> Option<(&'static str, String)> {
    Some(match O::decode_log(log).ok()?.data {
        O::ObserverAnnounced(e) => {
            ("observer announced", format!("{} from {}", e.observer, time(e.activeFrom)))
        }
        O::ObserverRemoved(e) => ("observer removed", format!("{} by {}", e.observer, e.by)),
        O::ObserverEjected(e) => {
            let number = e.sequence;
            ("observer ejected", format!("{} signed twice for number {number}", e.observer))
        }
        O::ThresholdSet(e) => ("threshold", format!("{} from {}", e.threshold, time(e.from))),
        O::AlarmThresholdSet(e) => {
            ("alarm threshold", format!("{} from {}", e.threshold, time(e.from)))
        }
        O::Alarmed(e) => {
            let signers = e.signers.iter().map(Address::to_string).collect::<Vec<_>>().join(", ");
            let (until, reason) = (time(e.until), e.reason);
            ("alarm", format!("until {until} by {signers}: {reason}"))
        }
    })
}

fn elsewhere(log: &Log) -> Option<(&'static str, String)> {
    Some(match E::decode_log(log).ok()?.data {
        E::RemoteAnnounced(e) => {
            let at = place(e.token, e.custodian);
            let (asset, chain) = (asset(&e.asset), e.chainId);
            let from = time(e.activeFrom);
            ("reserve announced", format!("{asset} on chain {chain}, {at}, from {from}"))
        }
        E::RemoteRemoved(e) => {
            let at = place(e.token, e.custodian);
            ("reserve removed", format!("on chain {}, {at}", e.chainId))
        }
        E::Read(e) => ("read elsewhere", format!("by {}", plural(e.signers.len(), "observer"))),
    })
}

fn feeds(log: &Log) -> Option<(&'static str, String)> {
    Some(match F::decode_log(log).ok()?.data {
        F::FeedAnnounced(e) => {
            ("feed announced", format!("feed {} from {}", e.feed, time(e.activeFrom)))
        }
        F::FeedRemoved(e) => ("feed removed", format!("feed {} from {}", e.feed, time(e.from))),
    })
}

/// A text that somebody wrote on a chain.
fn text(text: &str) -> String {
    shown(text).into_owned()
}

/// An asset's name, which whoever announces a reserve may choose: none that reads like more than a name.
fn asset(name: &str) -> String {
    match check_name(name) {
        Ok(()) => name.to_owned(),
        Err(_) => "an asset whose name is none".to_owned(),
    }
}

fn whom(account: Address) -> String {
    if account == Address::ZERO { "nobody".to_owned() } else { account.to_string() }
}

fn what(subject: B256) -> String {
    if subject == B256::ZERO { "the venue".to_owned() } else { format!("subject {subject}") }
}

/// Where a reserve is.
pub fn place(token: Address, custodian: Address) -> String {
    match token == Address::ZERO {
        true => format!("the chain's coin of {custodian}"),
        false => format!("token {token} of {custodian}"),
    }
}
