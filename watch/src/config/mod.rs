//! `watch.toml`: what is watched, when it counts, and who is told.
//!
//! [`TEMPLATE`] is the file that `pacioli watch init` writes, with every key and its reason. Unknown
//! keys are refused: a threshold with a typing error would watch nothing. Paths are relative to the
//! file's own folder.

mod secret;

pub use secret::{Given, Hidden, Secret, SecretError};

use std::{
    collections::BTreeSet,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use alloy_primitives::{Address, B256};
use pacioli_attestation::{Digest, Requirements};
use pacioli_rules::{Decimal, Span};
use serde::{Deserialize, Deserializer, de::Error as _};
use thiserror::Error;

/// The file that is written to begin with.
pub const TEMPLATE: &str = include_str!("template.toml");

/// Why a configuration is refused.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// Not TOML of the expected form; the message shows the line.
    #[error("{0}")]
    Toml(#[from] toml::de::Error),
    /// A key has an invalid value.
    #[error("{key}: {problem}")]
    At {
        /// The key, such as `venues[0].attestations[1].url`.
        key: String,
        /// What is wrong, and what to do.
        problem: String,
    },
}

/// The whole file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Between two looks.
    #[serde(default = "every")]
    pub every: Span,
    /// The history of alerts.
    pub database: PathBuf,
    /// When something counts.
    #[serde(default)]
    pub judging: Judging,
    /// Whose proofs are accepted.
    pub key: KeyGiven,
    /// The public page of metrics.
    #[serde(default)]
    pub metrics: Option<Listener>,
    /// The page of metrics of the venue's own book, which is private.
    #[serde(default)]
    pub private_metrics: Option<Listener>,
    /// What is watched.
    pub venues: Vec<Venue>,
    /// Who is told.
    #[serde(default)]
    pub receivers: Vec<Receiver>,
}

/// When something counts.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Judging {
    /// What is not known for longer pages by itself.
    pub unknown_after: Span,
    /// How far a clock may be off.
    pub clock_skew: Span,
    /// A fact is raised once it was there in so many of the last looks that could see it.
    pub raise_after: u32,
    /// The looks among which these are counted, at most 32.
    pub of_last: u32,
    /// A fact is resolved once it was gone for so long.
    pub resolve_after: Span,
}

impl Default for Judging {
    fn default() -> Self {
        Self {
            unknown_after: Span(600),
            clock_skew: Span(120),
            raise_after: 2,
            of_last: 3,
            resolve_after: Span(600),
        }
    }
}

/// Whose proofs are accepted: as the options of `pacioli verify`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct KeyGiven {
    /// The setup's file.
    pub setup: Option<PathBuf>,
    /// Its digest.
    pub setup_digest: Option<Digest>,
    /// The key's file.
    pub key: Option<PathBuf>,
    /// Its digest.
    pub key_digest: Option<Digest>,
    /// Accept a setup that nobody vouches for.
    pub accept_unknown_setup: bool,
    /// Accept the insecure setup, which proves nothing.
    pub accept_insecure_setup: bool,
}

/// Where a page of metrics is served.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listener {
    /// Address and port.
    pub listen: SocketAddr,
}

/// One venue.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Venue {
    /// Its name, as in its attestations' header.
    pub name: String,
    /// Your requirements beside the venue's own policy: as `--require`.
    #[serde(default, deserialize_with = "requirements")]
    pub require: Option<Requirements>,
    /// The digest that its rules must have.
    #[serde(default)]
    pub rules_digest: Option<Digest>,
    /// The age of a snapshot from which on it is expired.
    #[serde(default = "max_age")]
    pub max_age: Span,
    /// Coverage at mark, by the venue's reserves, below which it is a warning.
    #[serde(default)]
    pub warn_coverage: Option<Decimal>,
    /// How far above that it has to come before the warning is over.
    #[serde(default = "margin")]
    pub margin: Decimal,
    /// Second digests of one number that somebody has looked into: they alarm no more.
    #[serde(default)]
    pub looked_into: Vec<Digest>,
    /// Where its attestations are.
    #[serde(default)]
    pub attestations: Vec<Attestations>,
    /// Registries that it attests to.
    #[serde(default)]
    pub registries: Vec<Registry>,
    /// Reserves, read now.
    #[serde(default)]
    pub reserves: Option<Reserves>,
    /// Prices of now, at which the latest attestation is judged again.
    #[serde(default)]
    pub prices: Option<Prices>,
    /// Unusual figures.
    #[serde(default)]
    pub anomalies: Option<Anomalies>,
    /// Your own book, which is private.
    #[serde(default)]
    pub book: Option<Book>,
}

/// Attestations in one place: one of `file`, `folder` and `url`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attestations {
    /// What the place is called in alerts.
    pub name: String,
    /// A file.
    #[serde(default)]
    pub file: Option<PathBuf>,
    /// A folder: its `*.json`, and `attestation.json` in each folder in it.
    #[serde(default)]
    pub folder: Option<PathBuf>,
    /// An address.
    #[serde(default)]
    pub url: Option<Given>,
}

/// A registry, asked over at least two nodes that have to agree.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registry {
    /// What it is called in alerts.
    pub name: String,
    /// The chain's number: a node of another one is refused.
    pub chain_id: u64,
    /// Its address.
    pub registry: Address,
    /// The venue's id there.
    pub venue: B256,
    /// How many blocks below the lowest head it is read.
    pub depth: u64,
    /// How old a node's latest block may be.
    pub max_head_age: Span,
    /// The first block that may have events of it.
    #[serde(default)]
    pub from_block: u64,
    /// How long a node may take for one answer.
    #[serde(default = "node_patience")]
    pub patience: Span,
    /// The nodes.
    pub nodes: Vec<Endpoint>,
}

/// A node, and who runs it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Endpoint {
    /// Who runs it: two of one provider are one word.
    pub provider: String,
    /// Its address.
    pub url: Given,
}

/// Reserves of the latest attestation, read now.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reserves {
    /// Nodes of the chains that they are on.
    pub nodes: Vec<Endpoint>,
    /// Servers of Esplora, for Bitcoin.
    #[serde(default)]
    pub esplora: Vec<Endpoint>,
    /// By how much, of what was attested, the reserves of an asset may fall before it is a warning.
    pub may_fall: Decimal,
}

/// Prices of now: one of `file` and `url`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prices {
    /// A file, such as `pacioli prices aggregate` writes.
    #[serde(default)]
    pub file: Option<PathBuf>,
    /// An address.
    #[serde(default)]
    pub url: Option<Given>,
    /// How old they may be.
    pub max_age: Span,
}

/// When a figure is unusual.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Anomalies {
    /// The values before it that it is compared with, at most 1,000.
    pub window: usize,
    /// How many there have to be before anything is unusual.
    pub least: usize,
    /// How many median absolute deviations from the median are unusual.
    pub deviations: u32,
    /// The least deviation, as a part of the median in 1/10,000: a figure that never moved is not
    /// unusual once it does so by less.
    pub floor_bps: u32,
}

/// Your own book. Its figures are nobody else's: they go to the private page of metrics, and to
/// receivers that ask for them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Book {
    /// Accounts and positions: a file, or a database's address.
    pub snapshot: Given,
    /// The query whose result it is, where that is a database.
    #[serde(default)]
    pub query: Option<PathBuf>,
    /// The classes of accounts other than customers.
    #[serde(default)]
    pub classes: Option<PathBuf>,
    /// The rules.
    pub rules: PathBuf,
    /// The prices of the minute.
    pub prices: PathBuf,
    /// The reserves.
    #[serde(default)]
    pub reserves: Option<PathBuf>,
    /// How old the prices may be.
    pub max_age: Span,
    /// Scenarios that come with pacioli.
    #[serde(default)]
    pub sets: Vec<String>,
    /// Your own scenarios.
    #[serde(default)]
    pub scenarios: Option<PathBuf>,
    /// Coverage at mark below which it is a breach.
    #[serde(default)]
    pub min_coverage: Option<Decimal>,
    /// The largest part of all accounts, in 1/10,000, that may be below a margin of the rules.
    #[serde(default)]
    pub below_margin_bps: Option<u32>,
    /// Round quantities that have more decimals than their instrument.
    #[serde(default)]
    pub round: bool,
    /// Assets to leave out.
    #[serde(default)]
    pub leave_out: Vec<String>,
}

/// Who is told: one of four ways.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "ReceiverFile")]
pub struct Receiver {
    /// Its name in metrics and in the journal.
    pub name: String,
    /// Whether it is told of your own book.
    pub private: bool,
    /// How.
    pub via: Via,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReceiverFile {
    name: String,
    #[serde(default)]
    private: bool,
    alertmanager: Option<Alertmanager>,
    webhook: Option<Webhook>,
    pagerduty: Option<Pagerduty>,
    exec: Option<Exec>,
}

impl TryFrom<ReceiverFile> for Receiver {
    type Error = &'static str;

    fn try_from(file: ReceiverFile) -> Result<Self, Self::Error> {
        let ReceiverFile { name, private, alertmanager, webhook, pagerduty, exec } = file;
        let ways = [
            alertmanager.map(Via::Alertmanager),
            webhook.map(Via::Webhook),
            pagerduty.map(Via::Pagerduty),
            exec.map(Via::Exec),
        ];
        let mut ways = ways.into_iter().flatten();
        match (ways.next(), ways.next()) {
            (Some(via), None) => Ok(Self { name, private, via }),
            _ => Err("give one of `alertmanager`, `webhook`, `pagerduty` and `exec`"),
        }
    }
}

/// A way of telling.
#[derive(Clone, Debug)]
pub enum Via {
    /// Alertmanager, API v2.
    Alertmanager(Alertmanager),
    /// Standard Webhooks 1.0.
    Webhook(Webhook),
    /// PagerDuty, Events v2.
    Pagerduty(Pagerduty),
    /// A program of yours, which is given one JSON document on stdin.
    Exec(Exec),
}

/// Alertmanager.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alertmanager {
    /// Its address, such as `http://127.0.0.1:9093`.
    pub url: Given,
    /// How long an open alert stands there after the last time that it was sent: the watch may be
    /// dead, which heals nothing.
    #[serde(default = "hold")]
    pub hold: Span,
}

/// A receiver of Standard Webhooks.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    /// Its address.
    pub url: Given,
    /// The secret, `whsec_` and base 64.
    pub secret: Hidden,
    /// The secret before it, while it is being replaced.
    #[serde(default)]
    pub old_secret: Option<Hidden>,
}

/// PagerDuty, or what takes its form.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pagerduty {
    /// Its address.
    #[serde(default = "pagerduty")]
    pub url: Given,
    /// The integration's key.
    pub routing_key: Hidden,
}

/// A program.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exec {
    /// The program.
    pub program: PathBuf,
    /// Its arguments, as they are.
    #[serde(default)]
    pub args: Vec<String>,
    /// How long it may take.
    #[serde(default = "patience")]
    pub timeout: Span,
}

fn every() -> Span {
    Span(60)
}

fn max_age() -> Span {
    Span(25 * 3_600)
}

fn hold() -> Span {
    Span(12 * 3_600)
}

fn patience() -> Span {
    Span(30)
}

fn node_patience() -> Span {
    Span(15)
}

fn margin() -> Decimal {
    "0.01".parse().expect("a decimal number")
}

fn pagerduty() -> Given {
    Given::Plain("https://events.pagerduty.com/v2/enqueue".to_owned())
}

fn requirements<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Requirements>, D::Error> {
    String::deserialize(from)?.parse().map(Some).map_err(D::Error::custom)
}

impl Config {
    /// Reads and checks a configuration whose paths are relative to `folder`.
    ///
    /// # Errors
    /// If it is not exactly of this form, or a value makes no sense.
    pub fn parse(toml: &str, folder: &Path) -> Result<Self, ConfigError> {
        let mut config: Self = toml::from_str(toml)?;
        config.check()?;
        config.at(folder);
        Ok(config)
    }

    fn check(&self) -> Result<(), ConfigError> {
        let Self { every, judging, venues, receivers, .. } = self;
        let Judging { raise_after, of_last, .. } = *judging;
        demand((1..=86_400).contains(&every.0), "every", "from 1s to 1d")?;
        demand((1..=32).contains(&of_last), "judging.of_last", "from 1 to 32")?;
        let (key, range) = ("judging.raise_after", "from 1 to `judging.of_last`");
        demand((1..=of_last).contains(&raise_after), key, range)?;
        let (key, range) = ("judging.unknown_after", "at least `every`");
        demand(judging.unknown_after >= *every, key, range)?;
        demand(!venues.is_empty(), "venues", "one or more")?;
        distinct("venues", venues.iter().map(|venue| &venue.name))?;
        for (index, venue) in venues.iter().enumerate() {
            venue.check(&format!("venues[{index}]"))?;
        }
        if let Some(listener) = self.private_metrics {
            let loopback =
                "on this machine alone, such as 127.0.0.1:9465: it has your own book's figures";
            demand(listener.listen.ip().is_loopback(), "private_metrics.listen", loopback)?;
            let same = self.metrics.is_some_and(|public| public.listen == listener.listen);
            demand(!same, "private_metrics.listen", "another than that of `metrics`")?;
        }
        distinct("receivers", receivers.iter().map(|receiver| &receiver.name))?;
        for (index, receiver) in receivers.iter().enumerate() {
            receiver.check(&format!("receivers[{index}]"), *every)?;
        }
        Ok(())
    }

    /// Makes every path absolute, or relative to where the program runs.
    fn at(&mut self, folder: &Path) {
        let join = |path: &mut PathBuf| *path = folder.join(&*path);
        join(&mut self.database);
        let KeyGiven { setup, key, .. } = &mut self.key;
        [setup, key].into_iter().flatten().for_each(join);
        for venue in &mut self.venues {
            for place in &mut venue.attestations {
                [&mut place.file, &mut place.folder].into_iter().flatten().for_each(join);
                place.url.iter_mut().for_each(|url| url.at(folder));
            }
            let nodes = venue.registries.iter_mut().flat_map(|registry| &mut registry.nodes);
            let reserves = venue.reserves.iter_mut();
            let reserves = reserves.flat_map(|one| one.nodes.iter_mut().chain(&mut one.esplora));
            nodes.chain(reserves).for_each(|node| node.url.at(folder));
            if let Some(prices) = &mut venue.prices {
                prices.file.iter_mut().for_each(join);
                prices.url.iter_mut().for_each(|url| url.at(folder));
            }
            if let Some(book) = &mut venue.book {
                book.snapshot.at(folder);
                if let Given::Plain(path) = &mut book.snapshot
                    && !path.contains("://")
                {
                    *path = folder.join(&*path).to_string_lossy().into_owned();
                }
                join(&mut book.prices);
                if !book.rules.to_string_lossy().starts_with("preset:") {
                    join(&mut book.rules);
                }
                let more =
                    [&mut book.query, &mut book.classes, &mut book.reserves, &mut book.scenarios];
                more.into_iter().flatten().for_each(join);
            }
        }
        for receiver in &mut self.receivers {
            match &mut receiver.via {
                Via::Alertmanager(Alertmanager { url, .. }) => url.at(folder),
                Via::Webhook(Webhook { url, secret, old_secret }) => {
                    url.at(folder);
                    secret.at(folder);
                    old_secret.iter_mut().for_each(|secret| secret.at(folder));
                }
                Via::Pagerduty(Pagerduty { url, routing_key }) => {
                    url.at(folder);
                    routing_key.at(folder);
                }
                Via::Exec(Exec { program, .. }) => {
                    // A bare name is looked for where programs are.
                    if program.components().count() > 1 {
                        join(program);
                    }
                }
            }
        }
    }
}

impl Venue {
    fn check(&self, key: &str) -> Result<(), ConfigError> {
        let at = |field: &str| format!("{key}.{field}");
        let some =
            !self.attestations.is_empty() || !self.registries.is_empty() || self.book.is_some();
        demand(some, key, "with attestations, a registry or a book: nothing is watched else")?;
        let sources = self.attestations.iter().map(|place| &place.name);
        let sources = sources.chain(self.registries.iter().map(|registry| &registry.name));
        distinct(key, sources)?;
        for (index, place) in self.attestations.iter().enumerate() {
            let key = at(&format!("attestations[{index}]"));
            let given = [place.file.is_some(), place.folder.is_some(), place.url.is_some()];
            let one = given.into_iter().filter(|given| *given).count() == 1;
            demand(one, &key, "with one of `file`, `folder` and `url`")?;
            place.url.as_ref().map_or(Ok(()), |url| http(&format!("{key}.url"), url))?;
        }
        for (index, registry) in self.registries.iter().enumerate() {
            let key = at(&format!("registries[{index}]"));
            check_nodes(&format!("{key}.nodes"), &registry.nodes)?;
        }
        if let Some(reserves) = &self.reserves {
            let hint = "beside `attestations`, whose reserves are read";
            demand(!self.attestations.is_empty(), &at("reserves"), hint)?;
            check_nodes(&at("reserves.nodes"), &reserves.nodes)?;
            let fraction =
                !reserves.may_fall.is_negative() && reserves.may_fall.floor_units(0).0 < 1.into();
            demand(fraction, &at("reserves.may_fall"), "from 0 to below 1")?;
        }
        if let Some(prices) = &self.prices {
            let one = prices.file.is_some() != prices.url.is_some();
            demand(one, &at("prices"), "with one of `file` and `url`")?;
            let hint = "beside `attestations`, which are judged at them";
            demand(!self.attestations.is_empty(), &at("prices"), hint)?;
        }
        if let Some(anomalies) = &self.anomalies {
            let Anomalies { window, least, deviations, .. } = *anomalies;
            demand((3..=1_000).contains(&window), &at("anomalies.window"), "from 3 to 1,000")?;
            demand((3..=window).contains(&least), &at("anomalies.least"), "from 3 to `window`")?;
            demand(deviations > 0, &at("anomalies.deviations"), "1 or more")?;
        }
        Ok(())
    }
}

/// At least two nodes of different providers.
fn check_nodes(key: &str, nodes: &[Endpoint]) -> Result<(), ConfigError> {
    let providers: BTreeSet<_> = nodes.iter().map(|node| node.provider.to_lowercase()).collect();
    let two = "two or more, of providers with different names: one may lie or stall";
    demand(nodes.len() >= 2 && providers.len() == nodes.len(), key, two)?;
    let addresses: BTreeSet<_> = nodes.iter().map(|node| format!("{:?}", node.url)).collect();
    demand(addresses.len() == nodes.len(), key, "at different addresses")?;
    nodes
        .iter()
        .enumerate()
        .try_for_each(|(index, node)| http(&format!("{key}[{index}].url"), &node.url))
}

impl Receiver {
    fn check(&self, key: &str, every: Span) -> Result<(), ConfigError> {
        match &self.via {
            Via::Alertmanager(Alertmanager { url, hold }) => {
                http(&format!("{key}.url"), url)?;
                let several = "four times `every` or more: alerts would end between two looks";
                demand(hold.0 >= 4 * every.0, &format!("{key}.hold"), several)
            }
            Via::Webhook(Webhook { url, .. }) | Via::Pagerduty(Pagerduty { url, .. }) => {
                http(&format!("{key}.url"), url)
            }
            Via::Exec(Exec { timeout, .. }) => {
                demand((1..=600).contains(&timeout.0), &format!("{key}.timeout"), "from 1s to 10m")
            }
        }
    }
}

fn http(key: &str, url: &Given) -> Result<(), ConfigError> {
    let Given::Plain(url) = url else { return Ok(()) };
    let begins = url.starts_with("http://") || url.starts_with("https://");
    demand(begins, key, "an address that begins with http:// or https://")?;
    let hint =
        "an address without a secret: with one, give { file = \"...\" } or { env = \"...\" }";
    demand(!secret::may_hold_one(url), key, hint)
}

fn demand(holds: bool, key: &str, expected: &str) -> Result<(), ConfigError> {
    if holds {
        return Ok(());
    }
    Err(ConfigError::At { key: key.to_owned(), problem: format!("must be {expected}") })
}

fn distinct<'a>(key: &str, names: impl Iterator<Item = &'a String>) -> Result<(), ConfigError> {
    let mut seen = BTreeSet::new();
    for name in names {
        demand(!name.is_empty() && name.len() <= 128, key, "named, in at most 128 bytes")?;
        if !seen.insert(name) {
            let problem = format!("duplicate name `{}`", name.escape_debug());
            return Err(ConfigError::At { key: key.to_owned(), problem });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = r#"
database = "watch.db"
key = { accept_insecure_setup = true }
[[venues]]
name = "Sample"
require = "min_coverage=1"
attestations = [{ name = "site", url = "https://venue.example/latest.json" }]
[[venues.registries]]
name = "mainnet"
chain_id = 1
registry = "0x0000000000000000000000000000000000000001"
venue = "0x0000000000000000000000000000000000000000000000000000000000000002"
depth = 12
max_head_age = "2m"
nodes = [
  { provider = "Own", url = "http://127.0.0.1:8545" },
  { provider = "Other", url = { env = "OTHER_RPC" } },
]
[[receivers]]
name = "hook"
webhook = { url = "https://hooks.example/x", secret = { file = "secret" } }
"#;

    #[track_caller]
    fn refuses(from: &str, to: &str, expected: &str) {
        assert_eq!(SMALL.matches(from).count(), 1, "{from}");
        let error = Config::parse(&SMALL.replace(from, to), Path::new("/w")).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    }

    #[test]
    fn a_small_file_is_read_and_paths_are_its_folders() {
        let config = Config::parse(SMALL, Path::new("/w")).unwrap();
        assert_eq!(config.database, Path::new("/w/watch.db"));
        assert_eq!((config.every, config.judging.unknown_after), (Span(60), Span(600)));
        let Via::Webhook(Webhook { secret, .. }) = &config.receivers[0].via else {
            panic!("a webhook")
        };
        assert_eq!(secret.file.as_deref(), Some(Path::new("/w/secret")));
        assert!(!config.receivers[0].private);
    }

    #[test]
    fn the_file_to_begin_with_is_read_as_it_stands() {
        let config = Config::parse(TEMPLATE, Path::new("")).unwrap();
        assert_eq!(config.venues.len(), 1);
        // And with everything in it that is commented out as a key.
        let keys = |line: &str| {
            let key = line.strip_prefix("#| ").unwrap_or(line);
            format!("{key}\n")
        };
        let all: String = TEMPLATE.lines().map(keys).collect();
        let config = Config::parse(&all, Path::new("")).unwrap();
        let venue = &config.venues[0];
        assert!(venue.book.is_some() && venue.prices.is_some() && venue.anomalies.is_some());
        assert_eq!(config.receivers.len(), 4);
    }

    #[test]
    fn what_makes_no_sense_is_refused_by_name() {
        refuses("depth = 12", "dept = 12", "unknown field `dept`");
        refuses("depth = 12", "depth = -1", "line 13");
        refuses("secret\" } }", "secret\" }, retries = 3 }", "unknown field `retries`");
        refuses(
            "webhook = ",
            "exec = { program = \"x\" }\nwebhook = ",
            "give one of `alertmanager`",
        );
        refuses("\"min_coverage=1\"", "\"coverage\"", "line 6");
        refuses(
            "provider = \"Other\"",
            "provider = \"own\"",
            "venues[0].registries[0].nodes: must be two or more",
        );
        refuses("{ env = \"OTHER_RPC\" }", "\"http://127.0.0.1:8545\"", "at different addresses");
        refuses("url = \"https://venue", "file = \"x\", url = \"https://venue", "with one of");
        let hidden = "an address without a secret";
        refuses("https://venue.example/latest.json", "https://u:p@venue.example/", hidden);
        refuses("https://venue.example/latest.json", "https://venue.example/?key=1", hidden);
        refuses("http://127.0.0.1:8545", "https://x.example/v2/0123456789abcdef0123", hidden);
        refuses("secret = { file = \"secret\" }", "secret = \"s\"", "line 21");
        refuses("secret = { file = \"secret\" }", "secret = {}", "one of `file` and `env`");
        refuses("database", "every = \"0s\"\ndatabase", "every: must be from 1s to 1d");
        refuses(
            "database",
            "private_metrics = { listen = \"0.0.0.0:1\" }\ndatabase",
            "this machine",
        );
    }

    #[test]
    fn no_secret_is_ever_shown() {
        let config = SMALL.replace("{ env = \"OTHER_RPC\" }", "{ file = \"rpc\" }");
        let shown = format!("{:?}", Config::parse(&config, Path::new("/w")).unwrap());
        assert!(shown.contains("/w/rpc"), "{shown}");
    }
}
