//! Alertmanager's API v2: all that is open, at every look.
//!
//! An alert that is not sent again ends by itself at `endsAt`. That is set far ahead, so that a watch
//! that died heals nothing, and to the time of the end for what was resolved. The Watchdog is the
//! opposite: it is always there, ends after a few looks, and a receiver that misses it knows that the
//! watch is dead.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::message::runbook;
use crate::alert::Alert;

/// For so long what was resolved is sent again: Alertmanager may have been away.
const RESENT: i64 = 3_600;

/// What is posted: alerts that are open end `hold` seconds from now, and the Watchdog after five looks,
/// which are `every` seconds apart.
pub fn alerts<'a>(
    all: impl Iterator<Item = &'a Alert>,
    now: Timestamp,
    (hold, every): (u64, u64),
) -> Value {
    let watchdog = json!({
        "labels": { "alertname": "PacioliWatchdog", "severity": "none" },
        "annotations": { "summary": "The watch is alive. If this alert is missing, it is not." },
        "startsAt": now.to_string(),
        "endsAt": later(now, every.saturating_mul(5)).to_string(),
    });
    let mut posted = vec![watchdog];
    for alert in all {
        let ends = match (alert.is_open(), alert.resolved) {
            (true, _) => later(now, hold),
            (false, Some(resolved)) if now.as_second() - resolved.as_second() <= RESENT => resolved,
            _ => continue,
        };
        let starts = alert.opened.unwrap_or(ends);
        posted.push(json!({
            "labels": labels(alert),
            "annotations": { "summary": alert.summary, "runbook": runbook(alert.state) },
            "startsAt": starts.to_string(),
            "endsAt": ends.to_string(),
        }));
    }
    posted.into()
}

/// A time so many seconds later; the last there is, if that is none.
pub(super) fn later(now: Timestamp, seconds: u64) -> Timestamp {
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    Timestamp::from_second(now.as_second().saturating_add(seconds)).unwrap_or(Timestamp::MAX)
}

fn labels(alert: &Alert) -> Value {
    let subject = &alert.subject;
    json!({
        "alertname": "PacioliVenue",
        "venue": subject.venue,
        "source": subject.source,
        "kind": subject.kind,
        "what": subject.what,
        "state": alert.state,
        "severity": alert.state.severity(),
        "key": subject.key(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{alert::Told, notify::testing::delivery};

    #[test]
    fn what_is_open_ends_far_ahead_and_what_is_over_has_ended() {
        let now = Timestamp::from_second(1_000).unwrap();
        let open = delivery(Told::Raised).alert;
        let mut over = delivery(Told::Resolved).alert;
        over.resolved = Some(Timestamp::from_second(900).unwrap());
        let mut long_over = over.clone();
        long_over.resolved = Some(Timestamp::from_second(1_000 - RESENT - 1).unwrap());
        let posted = alerts([&open, &over, &long_over].into_iter(), now, (43_200, 60));
        assert_eq!(posted.as_array().unwrap().len(), 3);
        assert_eq!(posted[0]["labels"]["alertname"], "PacioliWatchdog");
        assert_eq!(posted[0]["endsAt"], "1970-01-01T00:21:40Z");
        assert_eq!(posted[1]["startsAt"], "1970-01-01T00:00:00Z");
        assert_eq!(posted[1]["endsAt"], "1970-01-01T12:16:40Z");
        assert_eq!(posted[1]["labels"]["severity"], "critical");
        assert_eq!(posted[2]["endsAt"], "1970-01-01T00:15:00Z");
        assert_eq!(posted[1]["labels"], posted[2]["labels"], "what is over has the same labels");
    }
}
