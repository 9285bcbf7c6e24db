//! What changed from one attestation to the next, in words: the rules as `rules diff` tells it, the
//! key, the sizes, the setup, where reserves are, how prices were taken, what is left out.
//!
//! Amounts change every day and are figures, not changes.

use std::collections::BTreeMap;

use pacioli_rules::{
    Rules, RulesError,
    diff::{Change, Effect, diff},
};

use super::{Attestation, Header};
use crate::reserves::{AttestedBy, Purpose, Reserve};

/// What changed between two attestations.
///
/// # Errors
/// If the rules of one of them are invalid.
pub fn changes(before: &Attestation, after: &Attestation) -> Result<Vec<Change>, RulesError> {
    let mut changed = Changed::default();
    changed.rules(&before.rules, &after.rules)?;
    changed.header(&before.header, &after.header);
    changed.prices(before, after);
    changed.reserves(before, after);
    Ok(changed.0)
}

#[derive(Default)]
struct Changed(Vec<Change>);

impl Changed {
    fn push(&mut self, subject: &str, text: String) {
        self.0.push(Change { subject: subject.to_owned(), text, effect: Effect::Neither });
    }

    /// One thing in words, where it is not the same.
    fn compare<T: PartialEq + ToString>(&mut self, what: &str, before: &T, after: &T) {
        if before != after {
            let [before, after] = [before, after].map(|one| one.to_string());
            self.push(what, format!("changes from `{before}` to `{after}`"));
        }
    }

    fn rules(&mut self, before: &str, after: &str) -> Result<(), RulesError> {
        if before == after {
            return Ok(());
        }
        let changes = diff(&Rules::parse(before)?, &Rules::parse(after)?);
        if changes.is_empty() {
            self.push("rules", "are written otherwise, and mean the same".to_owned());
        }
        self.0.extend(changes);
        Ok(())
    }

    fn header(&mut self, before: &Header, after: &Header) {
        self.compare("key", &before.key, &after.key);
        self.compare("setup", &before.setup, &after.setup);
        self.compare("k", &before.k, &after.k);
        self.compare("page size", &before.page_size, &after.page_size);
        self.compare("scenarios of the circuit", &before.scenarios, &after.scenarios);
        self.compare("software", &before.software, &after.software);
        let drawn = |header: &Header| match &header.drawn {
            Some(drawn) => drawn.source().name(),
            None => "nothing, as it is not drawn",
        };
        self.compare("time drawn from", &drawn(before), &drawn(after));
        let named = |header: &Header| -> BTreeMap<String, ()> {
            header.left_out.iter().map(|one| (one.asset.clone(), ())).collect()
        };
        let words = ["is left out of the book now", "is left out no more"];
        self.sets("left out", words, &named(before), &named(after));
    }

    fn prices(&mut self, before: &Attestation, after: &Attestation) {
        let (before, after) = (&before.prices, &after.prices);
        self.compare("prices' quote currency", &before.quote, &after.quote);
        self.compare("prices' method", &before.method, &after.method);
        let source = |source: &Option<String>| source.clone().unwrap_or_else(|| "none".to_owned());
        self.compare("prices' source", &source(&before.source), &source(&after.source));
        let words = ["has a price now", "has no price any more"];
        self.sets("prices", words, &before.prices, &after.prices);
    }

    /// The keys that only one of two maps has.
    fn sets<V>(
        &mut self,
        subject: &str,
        [new, gone]: [&str; 2],
        before: &BTreeMap<String, V>,
        after: &BTreeMap<String, V>,
    ) {
        for name in after.keys().filter(|name| !before.contains_key(*name)) {
            self.push(subject, format!("{name} {new}"));
        }
        for name in before.keys().filter(|name| !after.contains_key(*name)) {
            self.push(subject, format!("{name} {gone}"));
        }
    }

    fn reserves(&mut self, before: &Attestation, after: &Attestation) {
        match (&before.reserves, &after.reserves) {
            (None, Some(_)) => self.push("reserves", "are stated now".to_owned()),
            (Some(_), None) => self.push("reserves", "are not stated any more".to_owned()),
            _ => {}
        }
        let (before, after) = (places(before), places(after));
        for (place, entry) in &after {
            match before.get(place) {
                None => self.push("reserves", format!("{} is new", called(entry))),
                Some(old) => self.reserve(old, entry),
            }
        }
        for (_, entry) in before.iter().filter(|(place, _)| !after.contains_key(*place)) {
            self.push("reserves", format!("{} is gone", called(entry)));
        }
    }

    /// What is said otherwise of one place.
    fn reserve(&mut self, before: &Reserve, after: &Reserve) {
        let Reserve { asset: _, amount: _, chain: _, address: _, .. } = before;
        let subject = format!("reserves, {}", called(after));
        let words = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".to_owned());
        let by = |by: Option<AttestedBy>| by.map_or("nobody named", AttestedBy::name).to_owned();
        let said = |entry: &Reserve| {
            [
                ("purpose", Purpose::name(entry.purpose).to_owned()),
                ("evidence", entry.evidence.clone()),
                ("custodian", words(&entry.custodian)),
                ("legal holder", words(&entry.legal_holder)),
                ("encumbrance", words(&entry.encumbrance)),
                ("attested by", by(entry.attested_by)),
            ]
        };
        for ((what, before), (_, after)) in said(before).into_iter().zip(said(after)) {
            if before != after {
                let text = format!("{what} changes from `{before}` to `{after}`");
                self.push(&subject, text);
            }
        }
    }
}

/// The reserves by asset and place. Spelling aside, as [`crate::reserves::Reserves::check`] has it.
fn places(attestation: &Attestation) -> BTreeMap<[String; 3], &Reserve> {
    let entries = attestation.reserves.iter().flat_map(|reserves| &reserves.reserves);
    let place = |entry: &Reserve| {
        let [chain, address] =
            [&entry.chain, &entry.address].map(|text| text.trim().to_lowercase());
        [entry.asset.clone(), chain, address]
    };
    entries.map(|entry| (place(entry), entry)).collect()
}

/// A reserve by its asset and place.
fn called(entry: &Reserve) -> String {
    format!("{} at {} on {}", entry.asset, entry.address, entry.chain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attestation::testing::{attestation, next};

    #[test]
    fn every_change_is_told_in_words() {
        let before = attestation();
        let mut after = next(&before, "2026-01-02T00:00:00Z");
        let told = |after: &Attestation| -> Vec<String> {
            changes(&before, after).unwrap().iter().map(ToString::to_string).collect()
        };
        assert!(told(&after).is_empty(), "the time and the number are no change");

        after.rules = format!("# nothing\n{}", after.rules);
        assert_eq!(told(&after), ["rules: are written otherwise, and mean the same"]);
        // Review readers 1: a crash of 1 % under the name of the old one.
        after.rules = after.rules.replace("default_move = \"-0.5\"", "default_move = \"-0.01\"");
        let [change] = &told(&after)[..] else { panic!("{:?}", told(&after)) };
        assert!(change.contains("-0.5") && change.contains("-0.01"), "{change}");
        assert!(change.ends_with("(looser)"), "{change}");

        after.rules.clone_from(&before.rules);
        after.header.page_size *= 2;
        after.header.setup = "another".to_owned();
        after.prices.method = "guessed".to_owned();
        after.prices.source = Some("nobody".to_owned());
        after.prices.prices.insert("DOGE".to_owned(), "1".parse().unwrap());
        let reserves = after.reserves.as_mut().unwrap();
        let mut moved = reserves.reserves[0].clone();
        moved.address = "elsewhere".to_owned();
        reserves.reserves[1].custodian = Some("a bank".to_owned());
        reserves.reserves[0] = moved;
        assert_eq!(
            told(&after),
            [
                "setup: changes from `a setup` to `another`",
                "page size: changes from `64` to `128`",
                "prices' method: changes from `made up` to `guessed`",
                "prices' source: changes from `none` to `nobody`",
                "prices: DOGE has a price now",
                "reserves: BTC at elsewhere on bitcoin is new",
                "reserves, USDC at vault on bank: custodian changes from `none` to `a bank`",
                "reserves: BTC at vault on bitcoin is gone",
            ]
        );
        after.reserves = None;
        let told = told(&after);
        assert!(told.contains(&"reserves: are not stated any more".to_owned()), "{told:?}");
        after.rules = "no rules".to_owned();
        assert!(changes(&before, &after).is_err());
    }
}
