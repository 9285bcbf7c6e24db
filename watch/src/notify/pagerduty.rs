//! PagerDuty's Events API v2, which others take as well.

use serde_json::{Value, json};

use super::message::document;
use crate::{alert::Told, store::Delivery};

/// The longest summary that is taken.
const LONGEST: usize = 1_024;

/// One event. Its `dedup_key` is the fact's, so that resolving it resolves the incident.
pub fn event(delivery: &Delivery, routing_key: &str) -> Value {
    let alert = &delivery.alert;
    let subject = &alert.subject;
    let action = match delivery.told {
        Told::Raised => "trigger",
        Told::Resolved => "resolve",
    };
    let summary = format!("{}: {}: {}", subject.venue, alert.state.name(), alert.summary);
    json!({
        "routing_key": routing_key,
        "event_action": action,
        "dedup_key": subject.key(),
        "client": "pacioli watch",
        "payload": {
            "summary": summary.chars().take(LONGEST).collect::<String>(),
            "source": subject.source,
            "severity": alert.state.severity(),
            "timestamp": delivery.at.to_string(),
            "component": subject.venue,
            "group": "pacioli",
            "class": subject.kind,
            "custom_details": document(delivery),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notify::testing::delivery;

    #[test]
    fn an_event_resolves_what_it_triggered() {
        let [trigger, resolve] =
            [Told::Raised, Told::Resolved].map(|told| event(&delivery(told), "key"));
        assert_eq!(
            (&trigger["event_action"], &resolve["event_action"]),
            (&"trigger".into(), &"resolve".into())
        );
        assert_eq!(trigger["dedup_key"], resolve["dedup_key"]);
        assert!(trigger["dedup_key"].as_str().unwrap().len() <= 255);
        assert_eq!(trigger["payload"]["severity"], "critical");
        let mut long = delivery(Told::Raised);
        long.alert.summary = "é".repeat(5_000);
        let summary = event(&long, "key")["payload"]["summary"].as_str().unwrap().chars().count();
        assert_eq!(summary, LONGEST);
    }
}
