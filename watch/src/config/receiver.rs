//! Who is told, and how.

use std::path::{Path, PathBuf};

use pacioli_rules::Span;
use serde::Deserialize;

use super::{
    check::{ConfigError, demand, http},
    secret::{Given, Hidden},
};

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

fn hold() -> Span {
    Span(12 * 3_600)
}

fn patience() -> Span {
    Span(30)
}

fn pagerduty() -> Given {
    Given::Plain("https://events.pagerduty.com/v2/enqueue".to_owned())
}

impl Receiver {
    pub(super) fn check(&self, key: &str, every: Span) -> Result<(), ConfigError> {
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

    /// Makes every path relative to where the program runs.
    pub(super) fn at(&mut self, folder: &Path) {
        let join = |path: &mut PathBuf| *path = folder.join(&*path);
        match &mut self.via {
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
