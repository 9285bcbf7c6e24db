//! The findings as JSON.

use pacioli_circuits::ScenarioId;
use pacioli_verifier_contract::registry::{Latest, Status, faults};
use serde_json::{Value, json};

use super::{super::transaction::verdict_json, Found, Verdict, text::purpose};

impl Found {
    pub(super) fn json(&self, verdict: &Verdict) -> Value {
        let status = &self.status;
        let Status { time, venue, latest, rules, verifiers, reserves, .. } = status;
        let (holds, reason) = match verdict {
            Verdict::Holds => (json!(true), Value::Null),
            Verdict::DoesNotHold(reason) => (json!(false), json!(reason)),
            Verdict::NotCompared(_) => (Value::Null, json!("not everything was compared")),
        };
        let compared: serde_json::Map<_, _> = self
            .compared()
            .into_iter()
            .map(|(what, compared)| (what.to_owned(), compared.json()))
            .collect();
        let attested = self.given.as_ref().and_then(|given| given.attested.as_ref());
        let mut json = json!({
            "holds": holds,
            "reason": reason,
            "compared": compared,
            "not_compared": match verdict {
                Verdict::NotCompared(missing) => json!(missing),
                _ => Value::Null,
            },
            "fresh": self.is_fresh(),
            "time": time,
            "head_age": self.head_age(),
            "owner": venue.owner,
            "next_owner": venue.nextOwner,
            "publisher": venue.publisher,
            "next_publisher": venue.nextPublisher,
            "next_publisher_from": venue.nextPublisherFrom,
            "guardian": venue.guardian,
            "settled_from": venue.settledFrom,
            "paused_until": status.paused_until,
            "alarmed_until": status.alarmed_until,
            "verdict": verdict_json(&status.verdict),
            "faults": faults(status.verdict.faults),
            "observers": status.observers.members,
            "threshold": status.observers.threshold,
            "alarm_threshold": status.observers.alarmThreshold,
            "feeds": status.feeds.iter().map(|feed| json!({
                "name": feed.name,
                "price": self.names.get(feed.name),
                "feed": feed.feed,
                "band_bps": feed.bandBps,
                "heartbeat": feed.heartbeat,
                "active_from": feed.activeFrom,
                "removed_from": feed.removedFrom,
            })).collect::<Vec<_>>(),
            "remotes": status.remotes.iter().enumerate().map(|(index, remote)| json!({
                "also_listed_by": self.around.also_listed_by.get(index),
                "asset": remote.asset,
                "asset_name": self.names.get(remote.asset),
                "chain_id": remote.chainId,
                "token": remote.token,
                "custodian": remote.custodian,
                "active_from": remote.activeFrom,
            })).collect::<Vec<_>>(),
            "history": self.history.as_ref().map(|all| all.iter().map(|past| json!({
                "round": past.round,
                "sequence": past.record.sequence,
                "as_of": past.record.asOf,
                "coverage_bps": past.record.coverageBps,
                "failing": past.record.failing,
                "faults": faults(past.record.faults),
                "revoked": past.revoked,
                "rechecks": past.rechecks,
                "confirmed_by": past.confirmed_by,
            })).collect::<Vec<_>>()),
            "delay": venue.delay,
            "next_delay": venue.nextDelay,
            "next_delay_from": venue.nextDelayFrom,
            "latest": latest.as_ref().map(|latest| self.latest_json(latest)),
            "rules": rules.iter().map(|(hash, rules)| json!({
                "rules": hash,
                "program": rules.program,
                "program_is_that_of_the_rules_given": self.given.as_ref()
                    .filter(|given| given.rules == *hash)
                    .map(|given| given.other_program(rules.program).is_none()),
                "active_from": rules.activeFrom,
                "retired": rules.retired,
            })).collect::<Vec<_>>(),
            "verifiers": verifiers.iter().map(|(at, verifier)| json!({
                "key": verifier.key,
                "verifier": at,
                "active_from": verifier.activeFrom,
                "frozen": verifier.frozen,
            })).collect::<Vec<_>>(),
            "reserves": reserves.iter().zip(&self.symbols).map(|(reserve, symbol)| json!({
                "asset": reserve.asset,
                "asset_name": self.names.get(reserve.asset),
                "token": reserve.token,
                "symbol": symbol,
                "decimals": reserve.decimals,
                "custodian": reserve.custodian,
                "purpose": purpose(reserve.purpose),
                "active_from": reserve.activeFrom,
                "accepted": reserve.accepted,
            })).collect::<Vec<_>>(),
            "attestation_differs": attested.map(|attested| &attested.other),
            "attestation_fails": attested.map(|attested| &attested.failing),
        });
        json["block"] = json!({ "number": self.block.number, "hash": self.block.hash });
        for (name, value) in self.around.json() {
            json[name] = value;
        }
        json
    }

    fn latest_json(&self, Latest { record, figures, .. }: &Latest) -> Value {
        let (unit, verdict) = (self.unit(), &self.status.verdict);
        let figures = ScenarioId::all(figures.len()).zip(figures).map(|(id, figures)| {
            json!({
                "name": self.scenario(id),
                "owed": figures.owed.to_string(),
                "bad_debt": figures.badDebt.to_string(),
                "insurance": figures.insurance.to_string(),
                "accounts_with_equity": figures.accountsWithEquity,
                "accounts_with_shortfall": figures.accountsWithShortfall,
            })
        });
        let policy = (0..self.clauses()).map(
            |number| json!({ "clause": self.clause(number), "holds": !record.failing.bit(number) }),
        );
        json!({
            "sequence": verdict.sequence,
            "revoked": verdict.revoked,
            "as_of": record.asOf,
            "age": self.status.age(),
            "appended_at": record.appendedAt,
            "attestation": record.attestation,
            "context": record.context,
            "rules": record.rules,
            "key": self.proved_under,
            "verifier": record.verifier,
            "round": verdict.round,
            "accounts": record.accounts,
            "accounts_left_out": record.accountsLeftOut,
            "assets_left_out": record.assetsLeftOut,
            "observers": record.observers,
            "volumes": record.volumes,
            "quote": unit.name(),
            "value_decimals": unit.decimals(),
            "clauses": self.clauses(),
            "failing": record.failing,
            "policy": policy.collect::<Vec<_>>(),
            "coverage_bps": record.coverageBps,
            "reserves": record.reserves.to_string(),
            "scenarios": figures.collect::<Vec<_>>(),
        })
    }
}
