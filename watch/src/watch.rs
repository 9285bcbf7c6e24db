//! One look after another.

use std::{io, thread, time::Duration};

use jiff::Timestamp;
use thiserror::Error;

use crate::{
    alert::{Alert, Told},
    config::{Config, Judging, Venue},
    judge::{Judged, Memory, judge},
    metrics::{self, Page, Shown},
    notify::Notifier,
    reading::{OwnBook, Readings},
    store::{Store, StoreError},
};

/// Reads the sources of a venue.
pub trait Eyes {
    /// All that can be read of it now.
    fn look(
        &mut self,
        venue: &Venue,
        judging: &Judging,
        memory: &Memory,
        now: Timestamp,
    ) -> Readings;
}

/// Why there is no watch.
#[derive(Debug, Error)]
pub enum WatchError {
    /// The history of alerts.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A receiver's secret.
    #[error("{0}")]
    Receiver(String),
    /// A page of metrics.
    #[error("cannot listen at {at}: {error}")]
    Listen {
        /// The address.
        at: std::net::SocketAddr,
        /// What the system says.
        error: io::Error,
    },
}

/// What a look found and told.
#[derive(Debug)]
pub struct Look {
    /// Its time.
    pub now: Timestamp,
    /// Each venue.
    pub judged: Vec<Judged>,
    /// What is told of it.
    pub told: Vec<(Told, Alert)>,
    /// What went wrong with receivers, by name.
    pub problems: Vec<(String, String)>,
}

/// A watch: its configuration, history, receivers and pages.
#[derive(Debug)]
pub struct Watch {
    config: Config,
    store: Store,
    notifier: Notifier,
    public: Page,
    private: Page,
    looks: u64,
}

impl Watch {
    /// Opens the history and reads the receivers' secrets.
    ///
    /// # Errors
    /// If one of them cannot be used.
    pub fn new(config: Config) -> Result<Self, WatchError> {
        let notifier = Notifier::new(&config).map_err(WatchError::Receiver)?;
        let store = Store::open(&config.database)?;
        let (public, private) = (Page::default(), Page::default());
        Ok(Self { config, store, notifier, public, private, looks: 0 })
    }

    /// Serves the pages of metrics, and says where.
    ///
    /// # Errors
    /// If an address cannot be listened at.
    pub fn serve(&self) -> Result<Vec<(&'static str, std::net::SocketAddr)>, WatchError> {
        let pages = [
            ("metrics", self.config.metrics, &self.public),
            ("private metrics", self.config.private_metrics, &self.private),
        ];
        let mut served = Vec::new();
        for (what, listener, page) in pages {
            let Some(at) = listener.map(|listener| listener.listen) else { continue };
            let at = page.serve(at).map_err(|error| WatchError::Listen { at, error })?;
            served.push((what, at));
        }
        Ok(served)
    }

    /// Looks at every venue, keeps what was found, and tells who has to know.
    ///
    /// # Errors
    /// If the history cannot be used.
    pub fn look(&mut self, eyes: &mut dyn Eyes, now: Timestamp) -> Result<Look, WatchError> {
        let (mut all, mut told) = (Vec::new(), Vec::new());
        let mut books: Vec<(String, Option<OwnBook>)> = Vec::new();
        let receivers = self.notifier.journals();
        for venue in &self.config.venues {
            let memory = self.store.memory(&venue.name)?;
            let readings = eyes.look(venue, &self.config.judging, &memory, now);
            let judged = judge(venue, &self.config.judging, &memory, &readings, now);
            told.extend(self.store.keep(&judged, now, &self.config.judging, &receivers)?);
            if venue.book.is_some() {
                let book = readings.book.and_then(|answer| answer.read().cloned());
                books.push((venue.name.clone(), book));
            }
            all.push(judged);
        }
        self.notifier.tell(&self.store, now)?;
        self.looks += 1;
        self.public.put(metrics::public(&Shown {
            now,
            looks: self.looks,
            judged: &all,
            alerts: &self.store.alerts()?,
            notifier: &self.notifier,
            open_deliveries: &self.store.open_deliveries()?,
        }));
        self.private.put(metrics::private(now, &books));
        let problems = self.notifier.problems.clone().into_iter().collect();
        Ok(Look { now, judged: all, told, problems })
    }

    /// Looks until the process ends, and says of each look what `say` makes of it.
    ///
    /// # Errors
    /// If the history cannot be used any more: a watch that forgets is none.
    pub fn run(
        &mut self,
        eyes: &mut dyn Eyes,
        say: &mut dyn FnMut(&Look),
    ) -> Result<std::convert::Infallible, WatchError> {
        loop {
            let begun = std::time::Instant::now();
            let look = self.look(eyes, Timestamp::now())?;
            say(&look);
            let every = Duration::from_secs(self.config.every.0);
            thread::sleep(every.saturating_sub(begun.elapsed()));
        }
    }

    /// The public page of metrics, as of the last look.
    pub fn metrics(&self) -> String {
        self.public.text()
    }
}
