//! A command about a venue: where it is, and what is said when it is done.

use alloy_primitives::{Address, B256};
use anyhow::{Result, ensure};
use pacioli_verifier_contract::{
    bindings::{SolvencyRegistry as R, Venues as V},
    chain::Chain,
    system::System,
};
use serde_json::{Value, json};

use super::{
    planned::Planned,
    transaction::{self, Connected, Done},
};
use crate::{args::ActArgs, output::Report};

/// A venue of a registry, and how transactions about it are sent.
pub struct Acting {
    /// The node where one was given, and who sends.
    pub connected: Connected,
    /// The registry.
    pub registry: Address,
    /// The venue's id in it.
    pub venue: B256,
    /// The registry's contracts.
    pub system: System,
}

/// What a command says beside its transactions.
pub struct Said {
    /// Lines for people, above everything else.
    pub text: String,
    /// The same for programs: an object, whose entries the command's own join.
    pub json: Value,
}

impl Said {
    /// Nothing beside the transactions.
    pub fn nothing() -> Self {
        Self { text: String::new(), json: json!({}) }
    }
}

impl Acting {
    /// Connects, and finds the registry's contracts.
    ///
    /// # Errors
    /// If the venue or the contracts are not known, or the node does not answer.
    pub fn on(act: &ActArgs) -> Result<Self> {
        let mut connected = Connected::to(&act.send)?;
        let (registry, venue) = connected.there.venue(&act.venue)?;
        let system = match &mut connected.node {
            Some(node) => System::of(node, registry)?,
            None => {
                let release = System::of_release();
                ensure!(
                    registry == release.registry,
                    "the registry {registry} is not where this release's is: give --rpc, to ask it which \
                     contracts it has"
                );
                release
            }
        };
        if connected.account.is_none() {
            // Most of this only the owner may do.
            if let Some(node) = &mut connected.node {
                connected.account = Some(node.ask(system.venues, &V::venueOfCall { venue })?.owner);
            }
        }
        Ok(Self { connected, registry, venue, system })
    }

    /// Sends, tries or prints transactions, and says which verdict stands then.
    ///
    /// # Errors
    /// If a contract refuses, or the node does not answer.
    pub fn run(mut self, act: &ActArgs, planned: &[Planned], said: &Said) -> Result<Report> {
        let Self { registry, venue, .. } = self;
        let receipts = match self.connected.run(&act.send, planned, Some((registry, venue)))? {
            Done::Said(mut report) => {
                // A file for somebody else stays one.
                if act.send.unsigned.is_none() {
                    report.text = format!("{}{}", said.text, report.text);
                    join(&mut report.json, &said.json);
                }
                return Ok(*report);
            }
            Done::Sent(receipts) => receipts,
        };
        let (sent, transactions) = transaction::receipts(planned, &receipts);
        let verdict = self.connected.node()?.ask(registry, &R::latestCall { venue })?;
        let verdict_text = transaction::verdict_text(&verdict);
        let text = format!("{}{sent}\nthe verdict is now\n{verdict_text}", said.text);
        let mut json = json!({
            "venue": venue,
            "transactions": transactions,
            "verdict": transaction::verdict_json(&verdict),
        });
        join(&mut json, &said.json);
        Ok(Report { text, json, holds: true })
    }
}

/// Adds the entries of an object to another.
fn join(to: &mut Value, more: &Value) {
    for (name, value) in more.as_object().into_iter().flatten() {
        to[name] = value.clone();
    }
}
