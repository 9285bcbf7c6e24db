//! What is told, in the words that all receivers share.

use serde_json::{Value, json};

use crate::{
    alert::{Alert, Told},
    state::State,
    store::Delivery,
};

/// What is told, for programs.
pub(super) fn document(delivery: &Delivery) -> Value {
    let Alert { subject, state, summary, private, open_since, .. } = &delivery.alert;
    json!({
        "id": delivery.message,
        "key": subject.key(),
        "told": delivery.told,
        "at": delivery.at.to_string(),
        "venue": subject.venue,
        "source": subject.source,
        "kind": subject.kind,
        "what": subject.what,
        "state": state,
        "severity": state.severity(),
        "summary": summary,
        "since": open_since.map(|since| since.to_string()),
        "private": private,
        "runbook": runbook(*state),
    })
}

/// The part of docs/runbook.md that is about a state.
pub(super) fn runbook(state: State) -> String {
    format!("docs/runbook.md#{}", state.name())
}

/// The word for what is told.
pub(super) fn word(told: Told) -> &'static str {
    match told {
        Told::Raised => "raised",
        Told::Resolved => "resolved",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_venue_calls_itself_stays_a_text() {
        let told = document(&crate::notify::testing::delivery(Told::Raised)).to_string();
        let again: Value = serde_json::from_str(&told).unwrap();
        assert_eq!(again["venue"], "Sample\"}, \"x");
        assert_eq!(again["runbook"], "docs/runbook.md#breach");
    }
}
