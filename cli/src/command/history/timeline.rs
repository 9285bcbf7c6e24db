//! Everything that happened, in order: attestations of the folder, events of the registry, transfers of
//! its reserves, each with by whom it is known and whose it was.

use std::fmt::Write;

use alloy_primitives::{Address, B256};
use alloy_sol_types::{SolEvent, sol};
use anyhow::Result;
use jiff::Timestamp;
use pacioli_attestation::By;
use pacioli_chain::Placed;
use pacioli_record::Record;
use serde_json::{Value, json};

use super::{super::files, events, registry::OnChain};
use crate::{args::HistoryArgs, format::plural, shown::shown, table::paragraph};

sol! {
    event Transfer(address indexed from, address indexed to, uint256 value);
}

/// What a timeline cannot show; printed under it.
const LIMITS: &str = "Not here: balances of a chain's own coin, which move without events, reserves on \
                      other chains, what was signed and not sent, and what nobody wrote down.";

/// What happened, oldest first.
pub struct Timeline {
    entries: Vec<Entry>,
    /// Reserves whose transfers leave no events.
    silent: usize,
}

/// One thing that happened.
struct Entry {
    time: Timestamp,
    kind: &'static str,
    text: String,
    by: By,
    place: Option<Place>,
}

/// Where on a chain it is.
struct Place {
    block: u64,
    transaction: B256,
    sender: Option<Address>,
}

impl Timeline {
    /// Everything that the folder and the registry tell.
    pub fn of(
        args: &HistoryArgs,
        record: Option<&Record>,
        chain: Option<&OnChain>,
    ) -> Result<Self> {
        let mut entries = Vec::new();
        record.into_iter().for_each(|record| attestations(record, &mut entries));
        let mut silent = 0;
        if let Some(chain) = chain {
            let logs = chain.logs.iter().filter_map(|one| {
                let (kind, text) = events::said(&one.log)?;
                placed(one, kind, text)
            });
            entries.extend(logs);
            for &(token, custodian) in &chain.reserves {
                if token == Address::ZERO {
                    silent += 1;
                    continue;
                }
                let moved = chain.node.transfers(token, Transfer::SIGNATURE_HASH, custodian)?;
                entries.extend(moved.iter().filter_map(|one| transfer(one, token, custodian)));
            }
        }
        let time = |text: &Option<String>| text.as_deref().map(files::time).transpose();
        let (from, until) = (time(&args.from)?, time(&args.until)?);
        entries.retain(|entry| {
            from.is_none_or(|from| entry.time >= from)
                && until.is_none_or(|until| entry.time <= until)
        });
        entries.sort_by_key(|entry| (entry.time, entry.place.as_ref().map(|place| place.block)));
        Ok(Self { entries, silent })
    }

    /// As text: a paragraph each.
    pub fn text(&self, t: &mut String) -> std::fmt::Result {
        writeln!(t, "\ntimeline")?;
        for Entry { time, kind, text, by, place } in &self.entries {
            let text = format!("{kind}: {} ({by})", shown(text));
            paragraph(t, &format!("  {time}  "), &text)?;
            if let Some(Place { block, transaction, sender }) = place {
                let sender = sender.map_or_else(|| "somebody".to_owned(), |one| one.to_string());
                let text = format!("sent by {sender} in block {block}, {transaction}");
                paragraph(t, "                        ", &text)?;
            }
        }
        if self.entries.is_empty() {
            writeln!(t, "  nothing in this time")?;
        }
        if self.silent > 0 {
            let silent = plural(self.silent, "reserve");
            let text = format!("{silent} in the chain's own coin: read balances at blocks instead");
            paragraph(t, "  ", &text)?;
        }
        paragraph(t, "  ", LIMITS)
    }

    /// The same for programs.
    pub fn json(&self) -> Value {
        let entries = self.entries.iter().map(|Entry { time, kind, text, by, place }| {
            let place = place.as_ref();
            json!({
                "time": time.to_string(),
                "kind": kind,
                "text": text,
                "by": by,
                "block": place.map(|place| place.block),
                "transaction": place.map(|place| place.transaction),
                "sender": place.and_then(|place| place.sender),
            })
        });
        json!({ "entries": entries.collect::<Vec<_>>(), "silent": self.silent, "limits": LIMITS })
    }
}

/// Every attestation at the time of its snapshot, with its state where that changes.
fn attestations(record: &Record, entries: &mut Vec<Entry>) {
    let mut before = None;
    for one in &record.attested {
        let point = &one.point;
        let mut text = format!(
            "the snapshot of sequence number {} ({}), {}, under the key {}",
            point.number, point.file, point.digest, point.key
        );
        if before.is_some_and(|before| before != point.state) || point.state.name() != "healthy" {
            let failing = point.failing.concat().join(", ");
            text += &format!("; the state is {} now: {failing}", point.state);
        }
        before = Some(point.state);
        let by = By::Publisher;
        entries.push(Entry { time: point.as_of, kind: "snapshot", text, by, place: None });
    }
}

fn placed(one: &Placed, kind: &'static str, text: String) -> Option<Entry> {
    let time = Timestamp::from_second(one.time.try_into().ok()?).ok()?;
    let Placed { block, transaction, sender, .. } = *one;
    let place = Some(Place { block, transaction, sender });
    Some(Entry { time, kind, text, by: By::Chain, place })
}

fn transfer(one: &Placed, token: Address, custodian: Address) -> Option<Entry> {
    let event = Transfer::decode_log_data(&one.log.data).ok()?;
    let (kind, other) = match event.to == custodian {
        true => ("reserve received", format!("from {}", event.from)),
        false => ("reserve sent", format!("to {}", event.to)),
    };
    let at = events::place(token, custodian);
    placed(one, kind, format!("{} of the smallest unit of {at}, {other}", event.value))
}
