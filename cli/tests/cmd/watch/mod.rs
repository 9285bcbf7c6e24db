//! `pacioli watch`, against files, receivers and nodes: what fails on the way is never a breach, and a
//! fact is told once.

mod chain;
mod files;
mod nodes;
mod places;
mod receivers;
pub mod server;

use serde_json::Value;

use crate::venue::{Run, Venue, proved};

/// A folder with a watch of one file, an attestation that holds, and somebody's own requirements.
pub struct Watched {
    pub venue: Venue,
    require: String,
    more: String,
}

impl Watched {
    pub fn new() -> Self {
        let venue = Venue::new();
        venue.write("latest.json", proved().read("first/attestation.json"));
        let watched = Self { venue, require: "min_coverage=1".to_owned(), more: String::new() };
        watched.write();
        watched
    }

    /// What the reader asks for beside the venue's policy.
    pub fn require(&mut self, clauses: &str) {
        self.require = clauses.to_owned();
        self.write();
    }

    /// More of the configuration, behind the venue.
    pub fn add(&mut self, toml: &str) {
        self.more += toml;
        self.write();
    }

    fn write(&self) {
        let config = format!(
            "every = \"1s\"\ndatabase = \"watch.db\"\nkey = {{ accept_insecure_setup = true }}\n\
             [metrics]\nlisten = \"127.0.0.1:0\"\n\
             [[venues]]\nname = \"test venue\"\nrequire = \"{}\"\nmax_age = \"20000d\"\n\
             attestations = [{{ name = \"site\", file = \"latest.json\" }}]\n{}",
            self.require, self.more
        );
        self.venue.write("watch.toml", config);
    }

    /// One look, so many minutes after the beginning.
    pub fn once(&self, minute: u64) -> Run {
        let now = format!("2026-01-01T{:02}:{:02}:00Z", minute / 60, minute % 60);
        self.venue.run(&["--quiet", "--json", "watch", "--once", "--now", &now])
    }

    /// The same, as the state of the venue, with the exit code.
    #[track_caller]
    pub fn look(&self, minute: u64) -> (i32, Value) {
        let run = self.once(minute);
        assert!(!run.stdout.is_empty(), "{run:?}");
        let mut json = run.json();
        (run.code, json["venues"][0].take())
    }
}
