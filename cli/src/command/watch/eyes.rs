//! Reading the sources of a venue, with the reader's key.

use std::collections::BTreeMap;

use jiff::Timestamp;
use pacioli_watch::{
    config::{Judging, Venue},
    judge::Memory,
    reading::{Reading, Readings},
    source::{
        attestations::{self, Places},
        prices,
        registry::{self, Digests},
    },
    watch::Eyes,
};

use super::{book, reserves};
use crate::{command::key_source::KeySource, outcome::Outcome, progress::Shown};

/// The reader's eyes, and what they have verified so far.
pub struct Own<'a> {
    source: &'a KeySource<'a>,
    progress: &'a Shown,
    places: BTreeMap<String, Places>,
    digests: BTreeMap<String, Digests>,
}

impl<'a> Own<'a> {
    pub fn new(source: &'a KeySource<'a>, progress: &'a Shown) -> Self {
        Self { source, progress, places: BTreeMap::new(), digests: BTreeMap::new() }
    }

    fn verify(&self, bytes: &[u8]) -> attestations::Outcome {
        match self.source.verify(bytes, self.progress) {
            Ok(verified) => attestations::Outcome::Verified(Box::new(verified)),
            Err(error) => {
                let why = format!("{error:#}");
                match Outcome::of(&error) {
                    Outcome::DoesNotHold => attestations::Outcome::Refused(why),
                    _ => attestations::Outcome::Unknown(why),
                }
            }
        }
    }
}

impl Eyes for Own<'_> {
    fn look(
        &mut self,
        venue: &Venue,
        judging: &Judging,
        memory: &Memory,
        now: Timestamp,
    ) -> Readings {
        let mut places = self.places.remove(&venue.name).unwrap_or_default();
        let attestations = places.read(venue, memory, now, &|bytes| self.verify(bytes));
        let digests = self.digests.entry(venue.name.clone()).or_default();
        let registries = venue.registries.iter().map(|one| Reading {
            source: one.name.clone(),
            answer: registry::read(one, &venue.name, judging, now, digests),
        });
        let registries = registries.collect();
        let newest = places.newest();
        let prices = venue.prices.as_ref().zip(newest);
        let require = venue.require.as_ref();
        let prices = prices.map(|(from, newest)| prices::read(from, require, newest, now));
        let reserves = venue.reserves.as_ref().zip(newest);
        let expected = venue.rules_digest;
        let reserves = reserves.map(|(from, newest)| reserves::read(from, expected, newest, now));
        let newest = newest.map(|newest| newest.attestation.header.sequence);
        let book = venue.book.as_ref().map(|book| book::read(book, now, self.progress));
        self.progress.finish();
        self.places.insert(venue.name.clone(), places);
        let venue = venue.name.clone();
        Readings { venue, attestations, registries, newest, reserves, prices, book }
    }
}
