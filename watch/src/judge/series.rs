//! Figures over time, and whether the newest is unusual.
//!
//! A figure of attestations has one value a number; one of the venue's own book one a look. A fall of
//! deposits from one attestation to the next is a series of its own, and so is a rise.

use std::collections::BTreeMap;

use num_bigint::BigUint;

use super::{BOOK, Bench};
use crate::{
    alert::Kind,
    anomaly::compare,
    reading::{Checked, OwnBook, Readings},
    state::State,
};

/// What deposits are called, and what is owed, and bad debt.
const DEPOSITS: &str = "deposits";
const OWED: &str = "owed";
const BAD_DEBT: &str = "bad debt";

impl Bench<'_> {
    pub(super) fn series(&mut self, readings: &Readings) {
        if self.venue.anomalies.is_none() {
            return;
        }
        let all = readings.attestations.iter();
        let all = all.filter_map(|one| Some((&*one.source, one.answer.read()?)));
        let verified = all.flat_map(|(source, list)| {
            list.iter().filter_map(move |one| match &one.checked {
                Checked::Verified(said) => Some((source, one.number(), &said.figures)),
                _ => None,
            })
        });
        // Of one number in several places the first counts: two that differ are told otherwise.
        let newest = verified
            .max_by_key(|(source, number, _)| (*number, std::cmp::Reverse((*source).to_owned())));
        if let Some((source, number, figures)) = newest {
            let source = source.to_owned();
            let owed = figures.iter().find(|(name, _)| name == OWED).map(|(_, value)| value);
            for (name, value) in figures {
                let beside = owed.filter(|_| name == BAD_DEBT).unwrap_or(&BigUint::ZERO);
                self.value(&source, (name, number), value.clone(), beside);
                if name.starts_with(DEPOSITS) {
                    self.flow(&source, name, number, value);
                }
            }
        }
        if let Some(book) = readings.book.as_ref().and_then(|answer| answer.read()) {
            let second = u64::try_from(self.now.as_second()).unwrap_or_default();
            for (name, value, beside) in own_figures(book) {
                self.value(BOOK, (&name, second), value, &beside);
            }
        }
    }

    /// What came in or went out since the number before.
    fn flow(&mut self, source: &str, name: &str, number: u64, value: &BigUint) {
        let known = self.memory.series.get(name);
        let before = known.and_then(|known| known.range(..number).next_back());
        let Some((_, before)) = before else { return };
        let asset = name.strip_prefix(DEPOSITS).unwrap_or_default();
        let flow = |from: &BigUint, to: &BigUint| if to > from { to - from } else { BigUint::ZERO };
        let flows = [("deposited", flow(before, value)), ("withdrawn", flow(value, before))];
        for (what, flow) in flows {
            // Most days nothing moves: what is unusual is so beside what is there.
            self.value(source, (&format!("{what}{asset}"), number), flow, before);
        }
    }

    fn value(
        &mut self,
        source: &str,
        (name, number): (&str, u64),
        value: BigUint,
        beside: &BigUint,
    ) {
        let Some(rule) = &self.venue.anomalies else { return };
        let none = BTreeMap::new();
        let known = self.memory.series.get(name).unwrap_or(&none);
        let before: Vec<_> = known.range(..number).map(|(_, value)| value.clone()).collect();
        if let Some(compared) = compare(&before, &value, beside, rule).filter(|one| one.is_unusual)
        {
            let way = if compared.is_above { "above" } else { "below" };
            let summary = format!(
                "{name} is {value}, far {way} the median {} of the {} before it: {} times {} is usual",
                compared.median,
                before.len().min(rule.window),
                rule.deviations,
                compared.deviation
            );
            self.fact((source, Kind::Anomaly, name), State::Warning, summary);
        }
        self.judged.learned.series.push((name.to_owned(), number, value));
    }
}

/// Each with what it is a part of: on most days few are below a margin, and one more is nothing unusual.
fn own_figures(book: &OwnBook) -> Vec<(String, BigUint, BigUint)> {
    let own = |scenario: &crate::reading::OwnScenario| {
        let name = |what: &str| format!("own {what} in {}", scenario.name);
        let owed = &scenario.owed.units;
        let below = scenario.below_margin.into();
        [
            (name(OWED), owed.clone(), BigUint::ZERO),
            (name(BAD_DEBT), scenario.bad_debt.units.clone(), owed.clone()),
            (name("accounts below a margin"), below, book.accounts.into()),
        ]
    };
    let mark = book.scenarios.first();
    mark.into_iter().flat_map(own).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        config::Anomalies,
        judge::testing::{Bed, look, reading, verified},
        reading::Attested,
    };

    fn with(number: u64, deposits: u64) -> Attested {
        let mut one = verified(number);
        let Checked::Verified(said) = &mut one.checked else { panic!("verified") };
        said.figures = vec![("deposits.BTC".into(), deposits.into())];
        one
    }

    #[test]
    fn an_unusual_withdrawal_is_told_while_it_is_the_newest() {
        let mut bed = Bed::new();
        let rule = Anomalies { window: 10, least: 5, deviations: 5, floor_bps: 100 };
        bed.venue.anomalies = Some(rule);
        let deposits = [1_000, 1_010, 1_000, 1_012, 1_001, 1_009, 1_000, 1_008];
        for (number, deposits) in (0..).zip(deposits) {
            // Seen again, it is the same value.
            for _ in 0..3 {
                let judged = bed.look(0, look(vec![reading("a", vec![with(number, deposits)])]));
                assert_eq!(judged.state, State::Healthy, "{number}: {:?}", judged.facts);
            }
        }
        for _ in 0..3 {
            let judged = bed.look(0, look(vec![reading("a", vec![with(8, 700)])]));
            let told: Vec<_> = judged.facts.iter().map(|fact| &*fact.subject.what).collect();
            assert_eq!(told, ["deposits.BTC", "withdrawn.BTC"]);
            assert_eq!(judged.state, State::Warning);
        }
        let judged = bed.look(0, look(vec![reading("a", vec![with(9, 1_001)])]));
        let told: Vec<_> = judged.facts.iter().map(|fact| &*fact.subject.what).collect();
        assert_eq!(told, ["deposited.BTC"], "they come back");
    }
}
