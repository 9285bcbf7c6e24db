//! Telling receivers: what is in the journal is tried until it is taken.
//!
//! Alertmanager is told the whole of what is open at every look, since it forgets what is not sent again;
//! the others are told each thing once.

mod alertmanager;
mod deliver;
mod exec;
mod failure;
mod lane;
mod message;
mod pagerduty;
mod webhook;

pub use webhook::{WebhookSecret, WebhookSecretError};

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Instant,
};

use jiff::Timestamp;

use self::{
    alertmanager::later,
    failure::Failure,
    lane::{Answer, Batch, Lanes},
};
use crate::{
    alert::Alert,
    config::{Alertmanager, Config, Pagerduty, Receiver, Via, Webhook},
    store::{Store, StoreError},
};

/// The first pause after a failure, in seconds; it doubles each time.
const FIRST_PAUSE: u64 = 5;
/// The longest one.
const LONGEST_PAUSE: u64 = 900;

/// How telling one receiver went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// What it took.
    pub delivered: u64,
    /// Attempts that failed.
    pub failed: u64,
}

/// Who is told, and how it went so far.
#[derive(Debug)]
pub struct Notifier {
    receivers: Vec<Receiver>,
    venues: BTreeSet<String>,
    every: u64,
    /// How it went since the start, by receiver.
    pub counts: BTreeMap<String, Counts>,
    /// What went wrong last, by receiver.
    pub problems: BTreeMap<String, String>,
    lanes: Lanes,
}

impl Notifier {
    /// The receivers of a configuration, whose secrets are there.
    ///
    /// # Errors
    /// If a secret is missing or malformed: the receiver and the reason.
    pub fn new(config: &Config) -> Result<Self, String> {
        for receiver in &config.receivers {
            let named = |error: String| format!("receiver `{}`: {error}", receiver.name);
            let read = |error: crate::config::SecretError| named(error.to_string());
            match &receiver.via {
                Via::Alertmanager(Alertmanager { url, .. }) => drop(url.read().map_err(read)?),
                Via::Webhook(Webhook { url, secret, old_secret }) => {
                    url.read().map_err(read)?;
                    for one in [Some(secret), old_secret.as_ref()].into_iter().flatten() {
                        let secret = one.read().map_err(read)?;
                        WebhookSecret::parse(&secret).map_err(|error| named(error.to_string()))?;
                    }
                }
                Via::Pagerduty(Pagerduty { url, routing_key }) => {
                    url.read().map_err(read)?;
                    routing_key.read().map_err(read)?;
                }
                Via::Exec(_) => {}
            }
        }
        Ok(Self {
            receivers: config.receivers.clone(),
            venues: config.venues.iter().map(|venue| venue.name.clone()).collect(),
            every: config.every.0,
            counts: config
                .receivers
                .iter()
                .map(|one| (one.name.clone(), Counts::default()))
                .collect(),
            problems: BTreeMap::new(),
            lanes: Lanes::new(config.receivers.len()),
        })
    }

    /// The receivers with a journal, and whether they take what is private.
    pub fn journals(&self) -> Vec<(String, bool)> {
        let of = |one: &Receiver| (one.name.clone(), one.private);
        let journaled = |one: &&Receiver| !matches!(one.via, Via::Alertmanager(_));
        self.receivers.iter().filter(journaled).map(of).collect()
    }

    /// Sends to all receivers what they are to be told now, and waits for none. One that is still being
    /// told of before is left alone: what it is to know is in the journal.
    ///
    /// # Errors
    /// If the journal cannot be used. What a receiver does is no error: it is counted.
    pub fn tell(&mut self, store: &Store, now: Timestamp) -> Result<(), StoreError> {
        for place in 0..self.receivers.len() {
            if !self.lanes.is_free(place) {
                continue;
            }
            let receiver = &self.receivers[place];
            let batch = match &receiver.via {
                Via::Alertmanager(Alertmanager { hold, .. }) => {
                    let open = store.alerts()?;
                    let ours = |alert: &&Alert| {
                        self.venues.contains(&alert.subject.venue)
                            && (receiver.private || !alert.private)
                    };
                    let alerts = open.iter().filter(ours);
                    Batch::Open(alertmanager::alerts(alerts, now, (hold.0, self.every)))
                }
                _ => Batch::Due(store.due(&receiver.name, now)?),
            };
            if !matches!(&batch, Batch::Due(due) if due.is_empty()) {
                self.lanes.send(place, receiver, batch, now);
            }
        }
        Ok(())
    }

    /// Keeps the next answer of a receiver. Whether there was one: not where nothing is on the way any
    /// more, or nothing came until then.
    ///
    /// # Errors
    /// If the journal cannot be used.
    pub fn hear(&mut self, store: &Store, until: Option<Instant>) -> Result<bool, StoreError> {
        let Some(answer) = self.lanes.next(until) else { return Ok(false) };
        let Answer { receiver, delivery, now, result } = answer;
        self.count(receiver, &result);
        if let Some(delivery) = delivery {
            match result {
                Ok(()) => store.delivered(delivery.id, now)?,
                Err(_) => store.failed(delivery.id, later(now, pause(delivery.attempts)))?,
            }
        }
        Ok(true)
    }

    fn count(&mut self, receiver: usize, result: &Result<(), Failure>) {
        let name = &self.receivers[receiver].name;
        let counts = self.counts.entry(name.clone()).or_default();
        match result {
            Ok(()) => {
                counts.delivered += 1;
                self.problems.remove(name);
            }
            Err(error) => {
                counts.failed += 1;
                self.problems.insert(name.clone(), crate::judge::shown(error.why()));
            }
        }
    }
}

fn pause(attempts: u32) -> u64 {
    FIRST_PAUSE.saturating_mul(1u64.checked_shl(attempts).unwrap_or(u64::MAX)).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod testing {
    use super::*;
    use crate::{
        alert::{Kind, Subject, Told},
        state::State,
        store::Delivery,
    };

    /// Something to tell of a venue whose name tries to be more.
    pub fn delivery(told: Told) -> Delivery {
        let subject = Subject {
            venue: "Sample\"}, \"x".into(),
            source: "site".into(),
            kind: Kind::Clause,
            what: "min_coverage".into(),
        };
        let alert = Alert {
            subject,
            state: State::Breach,
            summary: "coverage is 0.9".into(),
            private: false,
            looks: 3,
            open_since: (told == Told::Raised).then_some(Timestamp::UNIX_EPOCH),
            gone_since: None,
            resolved: None,
            opened: Some(Timestamp::UNIX_EPOCH),
        };
        let message = alert.message_id(told);
        Delivery { id: 1, message, told, alert, at: Timestamp::UNIX_EPOCH, attempts: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::Told;

    #[test]
    fn pauses_grow_to_a_quarter_of_an_hour() {
        assert_eq!([0, 1, 2, 7, 8, 200].map(pause), [5, 10, 20, 640, 900, 900]);
    }

    /// One that takes nothing costs one attempt a look, whatever it is to be told.
    #[test]
    fn who_fails_is_tried_once_a_look() {
        let config = "database = \"x\"\nkey = {}\n[[venues]]\nname = \"Sample\"\n\
                      attestations = [{ name = \"a\", file = \"a\" }]\n[[receivers]]\n\
                      name = \"none\"\nexec = { program = \"/no/such/program\" }\n";
        let config = Config::parse(config, std::path::Path::new("")).unwrap();
        let mut notifier = Notifier::new(&config).unwrap();
        let mut store = Store::in_memory().unwrap();
        let now = Timestamp::UNIX_EPOCH;
        for _ in 0..2 {
            store.keep(&judged(), now, &config.judging, &notifier.journals()).unwrap();
        }
        let mut failed = Vec::new();
        for _ in 0..4 {
            notifier.tell(&store, now).unwrap();
            while notifier.hear(&store, None).unwrap() {}
            failed.push(notifier.counts["none"].failed);
        }
        assert_eq!(failed, [1, 2, 3, 3]);
    }

    /// What a receiver always refuses keeps it from nothing.
    #[cfg(unix)]
    #[test]
    fn what_is_refused_keeps_nothing_back() {
        let config = "database = \"x\"\nkey = {}\n[[venues]]\nname = \"Sample\"\n\
                      attestations = [{ name = \"a\", file = \"a\" }]\n[[receivers]]\n\
                      name = \"some\"\nexec = { program = \"sh\", args = [\"-c\", \"grep -q three\"] }\n";
        let config = Config::parse(config, std::path::Path::new("")).unwrap();
        let mut notifier = Notifier::new(&config).unwrap();
        let mut store = Store::in_memory().unwrap();
        let now = Timestamp::UNIX_EPOCH;
        for _ in 0..2 {
            store.keep(&judged(), now, &config.judging, &notifier.journals()).unwrap();
        }
        notifier.tell(&store, now).unwrap();
        while notifier.hear(&store, None).unwrap() {}
        assert_eq!(notifier.counts["some"], Counts { delivered: 1, failed: 2 });
    }

    /// It is told one thing at a time, and nobody waits for it.
    #[test]
    fn who_is_slow_delays_nobody_and_gets_nothing_twice() {
        let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let config = format!(
            "database = \"x\"\nkey = {{}}\n[[venues]]\nname = \"Sample\"\n\
             attestations = [{{ name = \"a\", file = \"a\" }}]\n[[receivers]]\nname = \"silent\"\n\
             pagerduty = {{ url = \"http://{}\", routing_key = {{ file = \"Cargo.toml\" }} }}\n\
             [[receivers]]\nname = \"none\"\nexec = {{ program = \"/no/such/program\" }}\n",
            silent.local_addr().unwrap()
        );
        let config = Config::parse(&config, std::path::Path::new("")).unwrap();
        let (mut notifier, mut store) =
            (Notifier::new(&config).unwrap(), Store::in_memory().unwrap());
        let now = Timestamp::UNIX_EPOCH;
        let (begun, soon) = (Instant::now(), std::time::Duration::from_secs(5));
        for second in 0..3 {
            let now = later(now, second);
            store.keep(&judged(), now, &config.judging, &notifier.journals()).unwrap();
            notifier.tell(&store, now).unwrap();
            let until = Instant::now() + std::time::Duration::from_millis(500);
            while notifier.hear(&store, Some(until)).unwrap() {}
        }
        assert!(begun.elapsed() < soon, "{:?}", begun.elapsed());
        assert_eq!(notifier.counts["none"].failed, 2, "it was told beside the one that is silent");
        assert_eq!(notifier.counts["silent"], Counts::default());
        silent.set_nonblocking(true).unwrap();
        let first = silent.accept();
        assert!(
            first.is_ok() && silent.accept().is_err(),
            "one attempt is on its way, and no other"
        );
        // It hangs up: that is an attempt that failed.
        drop((first, silent));
        while notifier.hear(&store, None).unwrap() {}
        assert_eq!(notifier.counts["silent"].failed, 1);
        assert_eq!(store.open_deliveries().unwrap()["silent"], 3);
    }

    /// Three facts of the venue that deliveries are about.
    fn judged() -> crate::judge::Judged {
        let alert = testing::delivery(Told::Raised).alert;
        let fact = |what: &str| crate::alert::Fact {
            subject: crate::alert::Subject {
                what: what.into(),
                kind: crate::alert::Kind::Registry,
                ..alert.subject.clone()
            },
            presence: crate::alert::Presence::There,
            state: alert.state,
            summary: alert.summary.clone(),
            private: false,
        };
        let facts = ["one", "two", "three"].map(fact).to_vec();
        crate::judge::Judged { venue: alert.subject.venue.clone(), facts, ..Default::default() }
    }
}
