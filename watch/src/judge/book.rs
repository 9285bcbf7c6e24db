//! The venue's own book, without a proof: by its own word, for itself.

use num_bigint::BigUint;

use super::{BOOK, Bench, coverage::Covered};
use crate::{
    alert::Kind,
    reading::{OwnBook, OwnScenario, Readings},
    state::State,
};

/// The name of the scenario without moves.
pub(super) const MARK: &str = "mark";

impl Bench<'_> {
    pub(super) fn book(&mut self, readings: &Readings) {
        if self.venue.book.is_none() {
            return;
        }
        let Some(answer) = &readings.book else {
            self.judged.not_read.insert(BOOK.to_owned(), "it was not read".to_owned());
            return;
        };
        let Some(book) = self.read(BOOK, answer) else { return };
        self.own_coverage(book);
        self.own_left_out(book);
        for scenario in &book.scenarios {
            self.own_bad_debt(scenario);
            self.own_margins(book, scenario);
        }
    }

    fn own_coverage(&mut self, book: &OwnBook) {
        let mark = book.scenarios.first();
        let covered = Covered {
            subject: (BOOK, Kind::Book, "coverage"),
            state: State::Breach,
            whose: String::new(),
            coverage: book.coverage.as_ref(),
            is_owed: mark.is_some_and(|mark| mark.owed.units != BigUint::ZERO),
            by: String::new(),
        };
        let config = self.venue.book.as_ref();
        self.is_covered(&covered, config.and_then(|book| book.min_coverage.as_ref()));
    }

    /// What your configuration leaves out is owed all the same.
    fn own_left_out(&mut self, book: &OwnBook) {
        for (asset, amount) in &book.left_out {
            let summary = format!("left out: {asset}, {amount}");
            let what = format!("left out: {asset}");
            self.fact((BOOK, Kind::Book, &what), State::Warning, summary);
        }
    }

    /// Bad debt beyond the fund: a breach now, and a warning in a scenario.
    fn own_bad_debt(&mut self, one: &OwnScenario) {
        let nothing = BigUint::ZERO;
        let fund = one.fund.as_ref().map_or(&nothing, |fund| &fund.units);
        if one.bad_debt.units <= *fund {
            return;
        }
        let state = if one.name == MARK { State::Breach } else { State::Warning };
        let fund = one.fund.as_ref().map_or_else(|| "not known".to_owned(), ToString::to_string);
        let summary = format!(
            "bad debt in {} is {}, and the insurance fund is {fund}; half of it is {} accounts'",
            one.name, one.bad_debt, one.half_of_bad_debt
        );
        self.fact((BOOK, Kind::Book, &format!("bad debt in {}", one.name)), state, summary);
    }

    fn own_margins(&mut self, book: &OwnBook, one: &OwnScenario) {
        let config = self.venue.book.as_ref();
        let Some(most) = config.and_then(|book| book.below_margin_bps) else { return };
        let part = BigUint::from(one.below_margin) * BigUint::from(10_000u32);
        if one.name != MARK || part <= BigUint::from(book.accounts) * BigUint::from(most) {
            return;
        }
        let (below, all) = (one.below_margin, book.accounts);
        let summary = format!("{below} of {all} accounts are below a margin at mark");
        self.fact((BOOK, Kind::Book, "margins"), State::Warning, summary);
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use pacioli_rules::Amount;

    use super::*;
    use crate::{
        config::Config,
        judge::{
            Judged, Memory, judge,
            testing::{look, reading, verified},
        },
        reading::Answer,
    };

    fn found(coverage: u32, bad_debt: [u32; 2], below_margin: u64) -> Judged {
        let coverage = Some(coverage.into());
        judged(OwnBook { coverage, ..own(bad_debt, below_margin) })
    }

    fn own(bad_debt: [u32; 2], below_margin: u64) -> OwnBook {
        let amount = |units: u32| Amount::new(units, 0);
        let scenario = |name: &str, bad_debt| OwnScenario {
            name: name.into(),
            owed: amount(1_000),
            bad_debt: amount(bad_debt),
            fund: Some(amount(10)),
            below_margin,
            half_of_bad_debt: 1,
        };
        let scenarios = vec![scenario(MARK, bad_debt[0]), scenario("crash", bad_debt[1])];
        OwnBook { accounts: 100, coverage: None, left_out: Vec::new(), scenarios }
    }

    fn judged(book: OwnBook) -> Judged {
        let template = crate::config::TEMPLATE.replace("#| ", "");
        let all = Config::parse(&template, std::path::Path::new("")).unwrap();
        let mut venue = crate::judge::testing::Bed::new().venue;
        venue.book = all.venues[0].book.clone();
        let mut readings = look(vec![reading("a", vec![verified(1)])]);
        readings.book = Some(Answer::Read(book));
        judge(&venue, &Default::default(), &Memory::default(), &readings, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn own_figures_are_private_facts() {
        assert_eq!(found(10_100, [10, 10], 5).state, State::Healthy);
        for (judged, state, what) in [
            (found(9_999, [0, 0], 0), State::Breach, "coverage"),
            (found(10_100, [11, 0], 0), State::Breach, "bad debt in mark"),
            (found(10_100, [0, 11], 0), State::Warning, "bad debt in crash"),
            (found(10_100, [0, 0], 6), State::Warning, "margins"),
        ] {
            assert_eq!((judged.state, &*judged.facts[0].subject.what), (state, what));
            assert!(judged.facts.iter().all(|fact| fact.private));
            assert_eq!(judged.public_state, State::Healthy);
        }
    }

    #[test]
    fn no_reserves_for_what_is_owed_and_what_is_left_out_are_facts() {
        let none = judged(own([0, 0], 0));
        assert_eq!((none.state, none.facts.len()), (State::Breach, 1));
        assert_eq!(none.facts[0].summary, "there are no reserves for what is owed");
        let left_out = vec![("DOGE".to_owned(), "7 deposited".to_owned())];
        let coverage = Some(20_000u32.into());
        let left = judged(OwnBook { coverage, left_out, ..own([0, 0], 0) });
        assert_eq!(
            (left.state, &*left.facts[0].summary),
            (State::Warning, "left out: DOGE, 7 deposited")
        );
    }
}
