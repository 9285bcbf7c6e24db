//! The way to one receiver: what it is told goes out beside the looks, so that one that is slow delays
//! neither the watch nor the other receivers.
//!
//! One batch is on the way to a receiver at a time. What is due meanwhile waits in the journal: nothing
//! piles up here, and the order stays.

use std::{
    sync::mpsc::{self, Sender},
    thread,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use serde_json::Value;

use super::{
    deliver::{deliver, open},
    failure::Failure,
};
use crate::{config::Receiver, store::Delivery};

/// What is on the way to a receiver.
#[derive(Debug)]
pub(super) enum Batch {
    /// All that is open, for Alertmanager.
    Open(Value),
    /// Deliveries. One that is refused keeps none of the others back; after one that was not answered none
    /// goes out, as whoever swallows one swallows all.
    Due(Vec<Delivery>),
}

/// What became of one thing that was told.
#[derive(Debug)]
pub(super) struct Answer {
    /// The receiver's place in the configuration.
    pub receiver: usize,
    /// What was told, of the journal.
    pub delivery: Option<Delivery>,
    /// The time of the look that told it.
    pub now: Timestamp,
    /// What came of it.
    pub result: Result<(), Failure>,
}

#[derive(Debug)]
enum Note {
    Answered(Box<Answer>),
    Ended(usize),
}

/// The ways to all receivers, and what comes back on them.
#[derive(Debug)]
pub(super) struct Lanes {
    busy: Vec<bool>,
    notes: (Sender<Note>, mpsc::Receiver<Note>),
}

/// Says that a way is free again, even where what was on it has panicked.
struct Ends(Sender<Note>, usize);

impl Drop for Ends {
    fn drop(&mut self) {
        // Whoever would hear it is gone together with the watch.
        let _ = self.0.send(Note::Ended(self.1));
    }
}

impl Lanes {
    pub fn new(receivers: usize) -> Self {
        Self { busy: vec![false; receivers], notes: mpsc::channel() }
    }

    /// Whether nothing is on the way to a receiver.
    pub fn is_free(&self, receiver: usize) -> bool {
        !self.busy[receiver]
    }

    /// Sends a batch on its way.
    pub fn send(&mut self, place: usize, receiver: &Receiver, batch: Batch, now: Timestamp) {
        self.busy[place] = true;
        let (via, notes) = (receiver.via.clone(), self.notes.0.clone());
        let go = move || {
            let ends = Ends(notes, place);
            let note = |delivery, result| {
                let answer = Answer { receiver: place, delivery, now, result };
                ends.0.send(Note::Answered(Box::new(answer)))
            };
            match batch {
                Batch::Open(body) => drop(note(None, open(&via, &body))),
                Batch::Due(deliveries) => {
                    for delivery in deliveries {
                        let result = deliver(&via, &delivery);
                        let is_over = matches!(result, Err(Failure::Silent(_)));
                        if note(Some(delivery), result).is_err() || is_over {
                            break;
                        }
                    }
                }
            }
        };
        thread::spawn(go);
    }

    /// The next answer; `None` where nothing is on the way any more, or nothing came until then.
    pub fn next(&mut self, until: Option<Instant>) -> Option<Answer> {
        /// As good as for ever: each attempt has a limit of its own.
        const LONG: Duration = Duration::from_secs(86_400);
        while self.busy.contains(&true) {
            let left = until.map_or(LONG, |until| until.saturating_duration_since(Instant::now()));
            match self.notes.1.recv_timeout(left).ok()? {
                Note::Answered(answer) => return Some(*answer),
                Note::Ended(place) => self.busy[place] = false,
            }
        }
        None
    }
}
