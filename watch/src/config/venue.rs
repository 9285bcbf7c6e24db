//! A venue, and where what is watched of it is.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use alloy_primitives::{Address, B256};
use pacioli_attestation::{Digest, Requirements};
use pacioli_rules::{Decimal, Span};
use serde::{Deserialize, Deserializer, de::Error as _};

use super::{
    check::{ConfigError, demand, distinct, http},
    secret::Given,
};
use crate::reading::{ALL, BOOK, PRICES, RESERVES};

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
    /// A folder: its `*.json`, `attestation.json` in each folder in it, however deep, and whatever there
    /// begins as an attestation does.
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
    /// How old a node's latest block may be.
    #[serde(default = "reserves_head_age")]
    pub max_head_age: Span,
    /// By how much, of what was attested, the reserves of an asset may fall before it is a warning.
    pub may_fall: Decimal,
    /// Assets that are on no chain: nothing of them is read.
    #[serde(default)]
    pub leave_out: Vec<String>,
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

/// Names of sources that are not places.
const RESERVED: [&str; 4] = [ALL, RESERVES, PRICES, BOOK];

fn max_age() -> Span {
    Span(25 * 3_600)
}

fn reserves_head_age() -> Span {
    Span(3_600)
}

fn node_patience() -> Span {
    Span(15)
}

fn margin() -> Decimal {
    "0.01".parse().expect("a decimal number")
}

fn requirements<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Requirements>, D::Error> {
    String::deserialize(from)?.parse().map(Some).map_err(D::Error::custom)
}

impl Venue {
    pub(super) fn check(&self, key: &str) -> Result<(), ConfigError> {
        let at = |field: &str| format!("{key}.{field}");
        let some =
            !self.attestations.is_empty() || !self.registries.is_empty() || self.book.is_some();
        demand(some, key, "with attestations, a registry or a book: nothing is watched else")?;
        let sources = self.attestations.iter().map(|place| &place.name);
        let sources = sources.chain(self.registries.iter().map(|registry| &registry.name));
        let mut own = sources.clone();
        let taken =
            "named otherwise: `book`, `reserves`, `prices` and `all sources` are pacioli's own";
        demand(!own.any(|name| RESERVED.contains(&&**name)), key, taken)?;
        distinct(key, sources)?;
        // What is asked for and never looked at is worse than what is not asked for.
        let asked = [
            (self.require.is_some(), "require"),
            (self.rules_digest.is_some(), "rules_digest"),
            (self.warn_coverage.is_some(), "warn_coverage"),
            (self.anomalies.is_some() && self.book.is_none(), "anomalies"),
        ];
        for (given, field) in asked {
            let hint = "beside `attestations`, which are held against it";
            demand(!given || !self.attestations.is_empty(), &at(field), hint)?;
        }
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
            let hint = "beside `rules_digest`: which token stands for which asset is the venue's word else";
            demand(self.rules_digest.is_some(), &at("reserves"), hint)?;
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
        if let Some(book) = &self.book {
            let hint = "beside `reserves`, which it is held against";
            let given = book.min_coverage.is_none() || book.reserves.is_some();
            demand(given, &at("book.min_coverage"), hint)?;
        }
        if let Some(anomalies) = &self.anomalies {
            let Anomalies { window, least, deviations, .. } = *anomalies;
            demand((3..=1_000).contains(&window), &at("anomalies.window"), "from 3 to 1,000")?;
            demand((3..=window).contains(&least), &at("anomalies.least"), "from 3 to `window`")?;
            demand(deviations > 0, &at("anomalies.deviations"), "1 or more")?;
        }
        Ok(())
    }

    /// Makes every path relative to where the program runs.
    pub(super) fn at(&mut self, folder: &Path) {
        let join = |path: &mut PathBuf| *path = folder.join(&*path);
        for place in &mut self.attestations {
            [&mut place.file, &mut place.folder].into_iter().flatten().for_each(join);
            place.url.iter_mut().for_each(|url| url.at(folder));
        }
        let nodes = self.registries.iter_mut().flat_map(|registry| &mut registry.nodes);
        let reserves = self.reserves.iter_mut();
        let reserves = reserves.flat_map(|one| one.nodes.iter_mut().chain(&mut one.esplora));
        nodes.chain(reserves).for_each(|node| node.url.at(folder));
        if let Some(prices) = &mut self.prices {
            prices.file.iter_mut().for_each(join);
            prices.url.iter_mut().for_each(|url| url.at(folder));
        }
        if let Some(book) = &mut self.book {
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
}

/// At least two nodes of different providers.
fn check_nodes(key: &str, nodes: &[Endpoint]) -> Result<(), ConfigError> {
    let providers: BTreeSet<_> = nodes.iter().map(|node| node.provider.to_lowercase()).collect();
    let two = "two or more, of providers with different names: one may lie or stall";
    demand(nodes.len() >= 2 && providers.len() == nodes.len(), key, two)?;
    let address = |node: &Endpoint| match &node.url {
        Given::Plain(url) => url.trim_end_matches('/').to_lowercase(),
        hidden => format!("{hidden:?}"),
    };
    let addresses: BTreeSet<_> = nodes.iter().map(address).collect();
    demand(addresses.len() == nodes.len(), key, "at different addresses")?;
    nodes
        .iter()
        .enumerate()
        .try_for_each(|(index, node)| http(&format!("{key}[{index}].url"), &node.url))
}
