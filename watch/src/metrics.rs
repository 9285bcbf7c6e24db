//! Pages for Prometheus, made anew at every look.
//!
//! The public page has nothing of the venue's own book, not even by way of its state. The private page
//! has that alone, and is served on this machine. Figures here are for charts: no verdict is made of
//! them.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError, atomic::AtomicU64, mpsc},
    thread,
};

use axum::{Router, http::header::CONTENT_TYPE, routing::get};
use jiff::Timestamp;
use num_bigint::BigUint;
use pacioli_rules::Amount;
use prometheus_client::{
    encoding::text::encode,
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::Registry,
};

use crate::{
    alert::{Alert, Kind},
    judge::Judged,
    notify::Notifier,
    reading::{BOOK, OwnBook},
    state::State,
};

/// OpenMetrics, as Prometheus reads it.
const FORMAT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

type Labels = Vec<(String, String)>;
type Ratio = Gauge<f64, AtomicU64>;

/// A page that is served, and replaced at every look.
#[derive(Clone, Debug, Default)]
pub struct Page(Arc<Mutex<String>>);

impl Page {
    /// Replaces the page.
    pub fn put(&self, text: String) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = text;
    }

    /// The page.
    pub fn text(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Serves it at `/metrics` until the process ends. Returns where.
    ///
    /// # Errors
    /// If the address cannot be listened at.
    pub fn serve(&self, at: SocketAddr) -> io::Result<SocketAddr> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let listener = runtime.block_on(tokio::net::TcpListener::bind(at))?;
        let at = listener.local_addr()?;
        let page = self.clone();
        let answer = move || {
            let page = page.clone();
            async move { ([(CONTENT_TYPE, FORMAT)], page.text()) }
        };
        let (begun, begins) = mpsc::channel();
        thread::Builder::new().name("metrics".to_owned()).spawn(move || {
            runtime.block_on(async move {
                let pages = Router::new().route("/metrics", get(answer));
                let served = axum::serve(listener, pages);
                // Whoever waits for it may be gone.
                let _ = begun.send(());
                // It ends with the process.
                let _ = served.await;
            });
        })?;
        // If the thread ended before, nobody is served, and the page's absence tells.
        let _ = begins.recv();
        Ok(at)
    }
}

/// What the public page is made of.
#[derive(Debug)]
pub struct Shown<'a> {
    /// The time of the look.
    pub now: Timestamp,
    /// Looks since the start.
    pub looks: u64,
    /// What was found of each venue.
    pub judged: &'a [Judged],
    /// All alerts.
    pub alerts: &'a [Alert],
    /// Who was told.
    pub notifier: &'a Notifier,
    /// What each receiver is still to be told.
    pub open_deliveries: &'a std::collections::BTreeMap<String, u64>,
}

fn labels(pairs: &[(&str, &str)]) -> Labels {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), escaped(value))).collect()
}

/// A value that its writer may have chosen, as the format has it: the encoder escapes nothing.
fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

fn family<M: Default + Clone>(registry: &mut Registry, name: &str, help: &str) -> Family<Labels, M>
where
    Family<Labels, M>:
        prometheus_client::encoding::EncodeMetric + Clone + std::fmt::Debug + Send + Sync + 'static,
{
    let family = Family::<Labels, M>::default();
    registry.register(name, help, family.clone());
    family
}

fn number(units: &BigUint, decimals: u32) -> f64 {
    Amount::new(units.clone(), decimals).to_string().parse().unwrap_or(f64::NAN)
}

fn text(registry: &Registry) -> String {
    let mut text = String::new();
    // A string takes all.
    let _ = encode(&mut text, registry);
    text
}

/// The public page.
pub fn public(shown: &Shown<'_>) -> String {
    let registry = &mut Registry::with_prefix("pacioli");
    let look: Gauge = Gauge::default();
    look.set(shown.now.as_second());
    registry.register("watch_last_success_timestamp_seconds", "The last look that ended", look);
    let looks: Counter = Counter::default();
    looks.inc_by(shown.looks);
    registry.register("watch_looks", "Looks since the start", looks);
    let version = family::<Gauge>(registry, "watch_build_info", "The program");
    version.get_or_create(&labels(&[("version", env!("CARGO_PKG_VERSION"))])).set(1);
    venues(registry, shown);
    receivers(registry, shown);
    text(registry)
}

fn venues(registry: &mut Registry, shown: &Shown<'_>) {
    let state = family::<Gauge>(registry, "venue_state", "1 for the state that the venue is in");
    let worse = "1 for what a source says that was read in part alone: it decides nothing";
    let worse = family::<Gauge>(registry, "venue_worse_reading", worse);
    let coverage = "Reserves over what is owed at mark, the least of all sources";
    let coverage = family::<Ratio>(registry, "venue_coverage_ratio", coverage);
    let as_of = "The time of the oldest of the latest snapshots";
    let as_of = family::<Gauge>(registry, "venue_snapshot_timestamp_seconds", as_of);
    let age = family::<Gauge>(registry, "venue_snapshot_age_seconds", "Its age at the last look");
    let number = family::<Gauge>(registry, "venue_sequence_number", "The newest attestation's");
    let read = "1 where the source was read at the last look";
    let read = family::<Gauge>(registry, "source_read", read);
    let unknown = "Since when the source is not known";
    let unknown = family::<Gauge>(registry, "source_unknown_since_timestamp_seconds", unknown);
    let setup = "1 where proofs were accepted under a setup that proves less than it seems";
    let setup = family::<Gauge>(registry, "venue_weak_setup", setup);
    let open = family::<Gauge>(registry, "alerts_open", "Facts that are open, by kind");
    let stands = "Facts that are open, by state: they stay so while nothing is read";
    let stands = family::<Gauge>(registry, "venue_alerts_open", stands);
    let has_public = |one: &&Judged| one.sources.iter().any(|source| source != BOOK);
    for one in shown.judged.iter().filter(has_public) {
        let venue = ("venue", &*one.venue);
        for any in State::ALL {
            let labels = labels(&[venue, ("state", any.name())]);
            state.get_or_create(&labels).set(i64::from(one.public_state == any));
            worse.get_or_create(&labels).set(i64::from(one.worse == Some(any)));
        }
        let own = labels(&[venue]);
        setup.get_or_create(&own).set(i64::from(one.setup.is_some()));
        if let Some(bps) = &one.coverage {
            coverage.get_or_create(&own).set(self::number(bps, 4));
        }
        if let Some(time) = one.as_of {
            as_of.get_or_create(&own).set(time.as_second());
            age.get_or_create(&own).set(shown.now.as_second() - time.as_second());
        }
        if let Some(newest) = one.number {
            number.get_or_create(&own).set(newest.try_into().unwrap_or(i64::MAX));
        }
        for source in one.sources.iter().filter(|source| *source != BOOK) {
            let labels = labels(&[venue, ("source", source)]);
            let is_read = !one.not_read.contains_key(source);
            read.get_or_create(&labels).set(i64::from(is_read));
            if let Some(since) = one.learned.unknown_since.get(source) {
                unknown.get_or_create(&labels).set(since.as_second());
            }
        }
        let alerts = shown
            .alerts
            .iter()
            .filter(|alert| alert.is_open() && !alert.private && alert.subject.venue == one.venue);
        for kind in Kind::ALL.into_iter().filter(|kind| *kind != Kind::Book) {
            let labels = labels(&[venue, ("kind", kind.name())]);
            let count = alerts.clone().filter(|alert| alert.subject.kind == kind).count();
            open.get_or_create(&labels).set(count.try_into().unwrap_or(i64::MAX));
        }
        for any in State::ALL {
            let labels = labels(&[venue, ("state", any.name())]);
            let count = alerts.clone().filter(|alert| alert.state == any).count();
            stands.get_or_create(&labels).set(count.try_into().unwrap_or(i64::MAX));
        }
    }
}

fn receivers(registry: &mut Registry, shown: &Shown<'_>) {
    let delivered =
        family::<Counter>(registry, "deliveries", "What receivers took since the start");
    let failed = "Attempts to tell receivers that failed since the start";
    let failed = family::<Counter>(registry, "deliveries_failed", failed);
    let open = "What receivers are still to be told";
    let open = family::<Gauge>(registry, "deliveries_open", open);
    for (receiver, counts) in &shown.notifier.counts {
        let labels = labels(&[("receiver", receiver)]);
        delivered.get_or_create(&labels).inc_by(counts.delivered);
        failed.get_or_create(&labels).inc_by(counts.failed);
        let due = shown.open_deliveries.get(receiver).copied().unwrap_or_default();
        open.get_or_create(&labels).set(due.try_into().unwrap_or(i64::MAX));
    }
}

/// The private page: venues' own books, by their own word.
pub fn private(now: Timestamp, books: &[(String, Option<OwnBook>)]) -> String {
    let registry = &mut Registry::with_prefix("pacioli_own_book");
    let look: Gauge = Gauge::default();
    look.set(now.as_second());
    registry.register("last_look_timestamp_seconds", "The last look", look);
    let read = family::<Gauge>(registry, "read", "1 where the book was read at the last look");
    let accounts = family::<Gauge>(registry, "accounts", "Accounts in the book");
    let coverage = "Reserves over what is owed at mark, by the venue's own word (W)";
    let coverage = family::<Ratio>(registry, "coverage_ratio", coverage);
    let owed = family::<Ratio>(registry, "owed", "What is owed in a scenario");
    let bad_debt = family::<Ratio>(registry, "bad_debt", "Bad debt in a scenario");
    let fund = family::<Ratio>(registry, "insurance_fund", "The insurance fund in a scenario");
    let below = "The most accounts that are below one margin of the rules";
    let below = family::<Gauge>(registry, "accounts_below_margin", below);
    for (venue, book) in books {
        let own = labels(&[("venue", venue)]);
        read.get_or_create(&own).set(i64::from(book.is_some()));
        let Some(book) = book else { continue };
        accounts.get_or_create(&own).set(book.accounts.try_into().unwrap_or(i64::MAX));
        if let Some(bps) = &book.coverage {
            coverage.get_or_create(&own).set(number(bps, 4));
        }
        for one in &book.scenarios {
            let labels = labels(&[("venue", venue), ("scenario", &one.name)]);
            let amount = |amount: &Amount| number(&amount.units, amount.decimals);
            owed.get_or_create(&labels).set(amount(&one.owed));
            bad_debt.get_or_create(&labels).set(amount(&one.bad_debt));
            if let Some(worth) = &one.fund {
                fund.get_or_create(&labels).set(amount(worth));
            }
            below.get_or_create(&labels).set(one.below_margin.try_into().unwrap_or(i64::MAX));
        }
    }
    text(registry)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A venue's own name adds no line, ends no value and breaks no page.
    #[test]
    fn what_a_venue_calls_itself_stays_one_value() {
        let name = "Fixture \"Exchange\" é\\\nup 1\",state=\"healthy\"} 1";
        let page = private(Timestamp::UNIX_EPOCH, &[(name.to_owned(), None)]);
        let lines: Vec<_> = page.lines().filter(|line| !line.starts_with('#')).collect();
        let venue = "pacioli_own_book_read{venue=\"Fixture \\\"Exchange\\\" é\\\\\\nup \
                     1\\\",state=\\\"healthy\\\"} 1\"} 0";
        assert_eq!(lines.len(), 2, "{page}");
        assert!(lines.contains(&venue), "{page}");
    }
}
