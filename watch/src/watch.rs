//! One look after another.

use std::{
    io, thread,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use thiserror::Error;

use crate::{
    alert::{Alert, Subject, Told},
    config::{Config, Judging, Venue},
    judge::{Judged, Memory, judge, sources},
    metrics::{self, Page, Shown},
    notify::Notifier,
    reading::{ALL, OwnBook, Readings},
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
    last: Vec<Judged>,
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
        Ok(Self { config, store, notifier, public, private, looks: 0, last: Vec::new() })
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

    /// Looks at every venue once, and waits until everyone who has to know was told, or could not be.
    ///
    /// # Errors
    /// If the history cannot be used.
    pub fn once(&mut self, eyes: &mut dyn Eyes, now: Timestamp) -> Result<Look, WatchError> {
        let mut look = self.look(eyes, now)?;
        self.settle(None)?;
        look.problems = self.problems();
        look.problems.extend(self.orphaned()?);
        Ok(look)
    }

    /// Looks at every venue, keeps what was found, and sends word to who has to know, without waiting
    /// until it has arrived.
    fn look(&mut self, eyes: &mut dyn Eyes, now: Timestamp) -> Result<Look, WatchError> {
        let (mut all, mut told) = (Vec::new(), Vec::new());
        let mut books: Vec<(String, Option<OwnBook>)> = Vec::new();
        let receivers = self.notifier.journals();
        let venues = &self.config.venues;
        let is_watched = |subject: &Subject| {
            let mut own = venues.iter().filter(|venue| venue.name == subject.venue);
            own.any(|venue| subject.source == ALL || sources(venue).contains(&subject.source))
        };
        told.extend(self.store.close_unwatched(&is_watched, now, &receivers)?);
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
        self.last = all.clone();
        self.publish(now)?;
        self.private.put(metrics::private(now, &books));
        Ok(Look { now, judged: all, told, problems: self.problems() })
    }

    /// Keeps what receivers answer, until nothing is on its way any more, or until then.
    fn settle(&mut self, until: Option<Instant>) -> Result<(), WatchError> {
        while self.notifier.hear(&self.store, until)? {}
        Ok(())
    }

    fn problems(&self) -> Vec<(String, String)> {
        self.notifier.problems.clone().into_iter().collect()
    }

    /// Names that are to be told something and are no receivers any more, and how much: a receiver that
    /// has another name now is told what is open, and what is over it never heard of.
    ///
    /// # Errors
    /// If the history cannot be used.
    pub fn orphaned(&self) -> Result<Vec<(String, String)>, WatchError> {
        let orphaned = self.store.orphaned(&self.notifier.journals())?.into_iter();
        let text =
            |count: u64| format!("it is no receiver any more, and {count} messages wait for it");
        Ok(orphaned.map(|(name, count)| (name, text(count))).collect())
    }

    /// Writes the public page, as of a look.
    fn publish(&self, now: Timestamp) -> Result<(), WatchError> {
        self.public.put(metrics::public(&Shown {
            now,
            looks: self.looks,
            judged: &self.last,
            alerts: &self.store.alerts()?,
            notifier: &self.notifier,
            open_deliveries: &self.store.open_deliveries()?,
        }));
        Ok(())
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
        let every = Duration::from_secs(self.config.every.0);
        loop {
            let begun = Instant::now();
            let look = self.look(eyes, Timestamp::now())?;
            say(&look);
            while self.notifier.hear(&self.store, Some(begun + every))? {
                self.publish(look.now)?;
            }
            thread::sleep(every.saturating_sub(begun.elapsed()));
        }
    }

    /// The public page of metrics, as of the last look.
    pub fn metrics(&self) -> String {
        self.public.text()
    }
}
