//! `watch.toml`: what is watched, when it counts, and who is told.
//!
//! [`TEMPLATE`] is the file that `pacioli watch init` writes, with every key and its reason. Unknown
//! keys are refused: a threshold with a typing error would watch nothing. Paths are relative to the
//! file's own folder.

mod check;
mod receiver;
mod secret;
mod venue;

pub use check::ConfigError;
pub use receiver::{Alertmanager, Exec, Pagerduty, Receiver, Via, Webhook};
pub use secret::{Given, Hidden, Secret, SecretError};
pub use venue::{Anomalies, Attestations, Book, Endpoint, Prices, Registry, Reserves, Venue};

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use check::{demand, distinct};
use pacioli_attestation::Digest;
use pacioli_rules::Span;
use serde::Deserialize;

/// The file that is written to begin with.
pub const TEMPLATE: &str = include_str!("template.toml");

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

fn every() -> Span {
    Span(60)
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
        let private = receivers.iter().any(|receiver| receiver.private);
        let book = venues.iter().any(|venue| venue.book.is_some());
        let hint = "beside `private_metrics`, or a receiver with `private = true`: nobody is told of a book else";
        demand(!book || private || self.private_metrics.is_some(), "venues.book", hint)?;
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
        self.venues.iter_mut().for_each(|venue| venue.at(folder));
        self.receivers.iter_mut().for_each(|receiver| receiver.at(folder));
    }
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
        refuses("{ env = \"OTHER_RPC\" }", "\"http://127.0.0.1:8545/\"", "at different addresses");
        refuses("name = \"site\"", "name = \"book\"", "venues[0]: must be named otherwise");
        refuses(
            "[{ name = \"site\", url = \"https://venue.example/latest.json\" }]",
            "[]",
            "venues[0].require: must be beside",
        );
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

    /// What is asked for and never looked at, or found and never told.
    #[test]
    fn what_would_do_nothing_is_refused() {
        refuses(
            "attestations = [{ name = \"site\", url = \"https://venue.example/latest.json\" }]\n",
            "warn_coverage = \"1\"\n",
            "venues[0].require: must be beside `attestations`",
        );
        for name in ["book", "reserves", "prices", "all sources"] {
            let named = format!("name = \"{name}\"");
            refuses("name = \"mainnet\"", &named, "venues[0]: must be named otherwise");
        }
        let reserves = "reserves = { may_fall = \"0.1\", nodes = [] }\n[[venues.registries]]";
        let hint = "venues[0].reserves: must be beside `rules_digest`";
        refuses("[[venues.registries]]", reserves, hint);
        let book = "private_metrics = { listen = \"127.0.0.1:1\" }";
        let mark = SMALL.replace("database", &format!("{book}\ndatabase"));
        let book = "book = { snapshot = \"b\", rules = \"r\", prices = \"p\", max_age = \"1h\", \
                    min_coverage = \"1\" }\n[[venues.registries]]";
        let mark = mark.replace("[[venues.registries]]", book);
        let error = Config::parse(&mark, Path::new("/w")).unwrap_err().to_string();
        assert!(
            error.starts_with("venues[0].book.min_coverage: must be beside `reserves`"),
            "{error}"
        );
        let book = "book = { snapshot = \"b\", rules = \"r\", prices = \"p\", max_age = \"1h\" }\n\
                    [[venues.registries]]";
        refuses("[[venues.registries]]", book, "venues.book: must be beside `private_metrics`");
    }

    #[test]
    fn no_secret_is_ever_shown() {
        let config = SMALL.replace("{ env = \"OTHER_RPC\" }", "{ file = \"rpc\" }");
        let shown = format!("{:?}", Config::parse(&config, Path::new("/w")).unwrap());
        assert!(shown.contains("/w/rpc"), "{shown}");
    }
}
