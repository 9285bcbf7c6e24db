//! What attestations say, and whether they are there at all.

use std::collections::BTreeSet;

use pacioli_attestation::Digest;

use super::{Bench, Refused, coverage::Covered};
use crate::{
    alert::Kind,
    config::Attestations,
    reading::{Answer, Attested, Checked, Readings, Said},
    state::State,
};

impl Bench<'_> {
    pub(super) fn attestations(&mut self, readings: &Readings) {
        for place in &self.venue.attestations {
            let reading = readings.attestations.iter().find(|one| one.source == place.name);
            let Some(reading) = reading else {
                self.judged.not_read.insert(place.name.clone(), "it was not read".to_owned());
                continue;
            };
            match &reading.answer {
                // What is damaged hides nothing of the rest, and all that the rest does not say stays.
                Answer::Unknown { worse: Some(list), .. } => {
                    self.read(&place.name, &reading.answer);
                    self.listed(place, list, false);
                }
                answer => {
                    if let Some(list) = self.read(&place.name, answer) {
                        self.listed(place, list, true);
                    }
                }
            }
        }
    }

    /// What a place has: all of it, or what could be read beside what could not.
    fn listed(&mut self, place: &Attestations, list: &[Attested], is_whole: bool) {
        let source = &*place.name;
        let mut numbers = BTreeSet::new();
        for one in list {
            let (number, digest) = (one.number(), one.digest);
            match &one.checked {
                Checked::Refused(why) => {
                    let refused = Refused { number, why: why.clone() };
                    self.is_refused(source, digest, &refused, "");
                    self.judged.learned.refused.push((source.to_owned(), digest, refused));
                }
                Checked::Verified(_) | Checked::Before => {
                    numbers.insert(number);
                    let shown = self.memory.shown.get(source);
                    if !shown.is_some_and(|shown| shown.contains(&digest.0)) {
                        let learned = (source.to_owned(), digest, one.kept.clone());
                        self.judged.learned.verified.push(learned);
                    }
                    // Another one of the number before is proof of two, whoever was shown it.
                    let before = number.checked_sub(1).zip(one.kept.header.previous);
                    if let Some((before, previous)) = before {
                        self.judged.learned.named.push((before, previous, source.to_owned()));
                    }
                }
            }
        }
        self.refused_before(source, list, &numbers);
        if is_whole {
            self.gone(place, &numbers);
        }
        let latest = list.iter().filter(|one| matches!(one.checked, Checked::Verified(_)));
        // Of two of one number the worse is looked at by both: their clauses are all facts.
        let Some(latest) = latest.max_by_key(|one| one.number()) else {
            if is_whole && list.is_empty() && !self.memory.shown.contains_key(source) {
                let summary = "there is no attestation";
                self.fact((source, Kind::None, ""), State::None, summary);
            }
            return;
        };
        let newest = latest.number();
        self.judged.number = self.judged.number.max(Some(newest));
        self.age(source, latest.kept.header.as_of);
        for one in list.iter().filter(|one| one.number() == newest) {
            if let Checked::Verified(said) = &one.checked {
                self.said(source, newest, said);
            }
        }
    }

    fn is_refused(&mut self, source: &str, digest: Digest, refused: &Refused, more: &str) {
        if self.is_looked_into(&digest.0) {
            return;
        }
        let Refused { number, why } = refused;
        let what = format!("number {number}");
        let summary = format!("{what}, {digest}, is refused: {why}{more}");
        self.fact((source, Kind::Refused, &what), State::Breach, summary);
    }

    /// What was refused and is not shown any more: a newer one that verifies ends it, and no taking back.
    fn refused_before(&mut self, source: &str, list: &[Attested], numbers: &BTreeSet<u64>) {
        for ((place, digest), refused) in &self.memory.refused {
            if place != source || list.iter().any(|one| one.digest.0 == *digest) {
                continue;
            }
            match numbers.last().is_some_and(|newest| *newest > refused.number) {
                true => self.judged.learned.over.push((source.to_owned(), Digest(*digest))),
                false => {
                    self.is_refused(source, Digest(*digest), refused, "; it is not there any more");
                }
            }
        }
    }

    /// What a source had and has no more. A folder keeps all; a file and an address have the latest.
    fn gone(&mut self, place: &Attestations, numbers: &BTreeSet<u64>) {
        let known = self.memory.numbers(&place.name, &self.venue.looked_into);
        let gone: Vec<u64> = match place.folder.is_some() {
            true => known.difference(numbers).copied().collect(),
            false => known.iter().copied().filter(|one| Some(one) > numbers.last()).collect(),
        };
        // What the newest said is over with a newer one alone: whoever takes it back, or shows an older
        // one, resolves nothing.
        let (newest, older): (Vec<u64>, Vec<u64>) =
            gone.into_iter().partition(|one| Some(one) > numbers.last());
        if !newest.is_empty() {
            self.judged.taken_back.insert(place.name.clone());
        }
        for (gone, what, state) in [(newest, "newest", State::Unknown), (older, "", State::Warning)]
        {
            let (Some(first), Some(last)) = (gone.first(), gone.last()) else { continue };
            let which = match first == last {
                true => format!("number {first} was there, and is"),
                false => {
                    let count = gone.len();
                    format!("{count} from number {first} to number {last} were there, and are")
                }
            };
            let summary = format!("{which} no more");
            self.fact((&place.name, Kind::Disappeared, what), state, summary);
        }
    }

    fn said(&mut self, source: &str, number: u64, said: &Said) {
        if matches!(said.setup, "insecure" | "unknown") {
            self.judged.setup = Some(said.setup);
        }
        if let Some(ahead) = &said.ahead {
            let summary = format!("number {number}: {ahead}");
            self.fact((source, Kind::Clock, "times"), State::Unknown, summary);
        }
        for failing in &said.failing {
            let summary = format!("number {number}: {} fails: {}", failing.clause, failing.detail);
            // Of an age alone nobody is short of anything.
            let (kind, state) = match &*failing.clause {
                "max_age" | "yours: max_age" => (Kind::Expired, State::Expired),
                _ => (Kind::Clause, State::Breach),
            };
            self.fact((source, kind, &failing.clause), state, summary);
        }
        if let Some(other) = said.other_rules {
            let summary =
                format!("number {number} has rules of the digest {other}, not those expected");
            self.fact((source, Kind::OtherRules, ""), State::Breach, summary);
        }
        if let Some(coverage) = &said.coverage {
            self.covered(coverage);
        }
        let covered = Covered {
            subject: (source, Kind::Coverage, "mark"),
            state: State::Warning,
            whose: format!("number {number}: "),
            coverage: said.coverage.as_ref(),
            is_owed: said.is_unstated,
            by: said.by.map(|by| format!(" ({})", by.letter())).unwrap_or_default(),
        };
        self.is_covered(&covered, self.venue.warn_coverage.as_ref());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        alert::{Presence, Subject},
        judge::testing::{Bed, digest, failed, failing, look, reading, verified},
    };

    fn refused(number: u64, why: &str) -> Attested {
        Attested { checked: Checked::Refused(why.into()), ..verified(number) }
    }

    #[test]
    fn a_failing_clause_is_a_breach() {
        let judged = Bed::new().look(0, look(vec![reading("a", vec![failing(1, "min_coverage")])]));
        assert_eq!(judged.state, State::Breach);
        let subject = &judged.facts[0].subject;
        assert_eq!((subject.kind, &*subject.what), (Kind::Clause, "min_coverage"));
        assert_eq!(judged.facts[0].summary, "number 1: min_coverage fails: too little");
    }

    /// Only the newest decides: an old breach is history.
    #[test]
    fn the_newest_attestation_decides() {
        let list = vec![failing(1, "min_coverage"), verified(2)];
        assert_eq!(Bed::new().look(0, look(vec![reading("a", list)])).state, State::Healthy);
    }

    #[test]
    fn age_and_future_are_by_this_machines_clock() {
        let bed = || Bed::new();
        let at = |second| bed().look(second, look(vec![reading("a", vec![verified(0)])])).state;
        // The snapshot is of second 0.
        assert_eq!(
            [at(0), at(90_000), at(90_001)],
            [State::Healthy, State::Healthy, State::Expired]
        );
        assert_eq!([at(-120), at(-121)], [State::Healthy, State::Unknown]);
    }

    #[test]
    fn coverage_is_over_its_margin_before_a_warning_ends() {
        let presence = |coverage: u32| {
            let mut one = verified(1);
            let Checked::Verified(said) = &mut one.checked else { panic!("verified") };
            said.coverage = Some(coverage.into());
            let facts = Bed::new().look(0, look(vec![reading("a", vec![one])])).facts;
            facts.first().map(|fact| fact.presence)
        };
        let (there, within) = (Some(Presence::There), Some(Presence::Within));
        assert_eq!([10_499, 10_500, 10_599, 10_600].map(presence), [there, within, within, None]);
    }

    #[test]
    fn what_disappears_is_a_warning_and_what_is_not_read_is_not_gone() {
        let mut bed = Bed::new();
        bed.look(0, look(vec![reading("a", vec![verified(1)])]));
        bed.look(0, look(vec![reading("a", vec![verified(2)])]));
        assert_eq!(bed.look(60, look(vec![failed("a", "404")])).state, State::Unknown);
        // An address has the latest alone, and a folder has all.
        assert_eq!(bed.look(60, look(vec![reading("a", vec![verified(2)])])).state, State::Healthy);
        let judged = bed.look(60, look(vec![reading("a", vec![verified(1)])]));
        assert_eq!(
            (judged.state, judged.facts[0].subject.kind),
            (State::Unknown, Kind::Disappeared)
        );
        assert_eq!(judged.facts[0].summary, "number 2 was there, and is no more");
        let judged = bed.look(60, look(vec![reading("a", vec![])]));
        assert_eq!(judged.state, State::Unknown);
        bed.venue.attestations[0].folder = Some("x".into());
        let judged = bed.look(60, look(vec![reading("a", vec![verified(2)])]));
        assert_eq!(judged.facts[0].summary, "number 1 was there, and is no more");
    }

    #[test]
    fn what_is_refused_is_a_breach_and_no_attestation_is_none() {
        let list = vec![refused(3, "volume 0: the proof does not hold"), verified(2)];
        let judged = Bed::new().look(0, look(vec![reading("a", list)]));
        assert_eq!((judged.state, judged.facts[0].subject.kind), (State::Breach, Kind::Refused));
        assert!(judged.learned.verified.iter().all(|(.., kept)| kept.header.sequence == 2));
        assert_eq!(Bed::new().look(0, look(vec![reading("a", vec![])])).state, State::None);
    }

    #[test]
    fn one_attestation_under_two_names_is_one_fact() {
        let twice = vec![failing(1, "min_coverage"), failing(1, "min_coverage")];
        let judged = Bed::new().look(0, look(vec![reading("a", twice)]));
        assert_eq!((judged.state, judged.facts.len()), (State::Breach, 1));
        let both = vec![refused(3, "one"), refused(3, "another")];
        let judged = Bed::new().look(0, look(vec![reading("a", both)]));
        assert_eq!(judged.facts.len(), 1);
        let summary = &judged.facts[0].summary;
        assert!(summary.contains("refused: one; ") && summary.contains("another"), "{summary}");
    }

    /// A breach is over with a newer attestation alone.
    #[test]
    fn what_is_taken_back_resolves_nothing() {
        for folder in [None, Some("x".into())] {
            let mut bed = Bed::new();
            bed.venue.attestations[0].folder = folder;
            bed.look(0, look(vec![reading("a", vec![verified(2), failing(3, "min_coverage")])]));
            for left in [vec![verified(2)], vec![]] {
                let judged = bed.look(60, look(vec![reading("a", left)]));
                assert_eq!(judged.state, State::Unknown);
                for kind in Kind::ALL.into_iter().filter(|kind| *kind != Kind::Disappeared) {
                    let rests = kind.rests_on() == crate::alert::RestsOn::Newest;
                    let (venue, source, what) = ("Sample".into(), "a".into(), String::new());
                    let subject = Subject { venue, source, kind, what };
                    assert_eq!(judged.may_be_there(&subject), rests, "{kind:?}");
                }
            }
            let judged = bed.look(120, look(vec![reading("a", vec![verified(4)])]));
            assert!(judged.taken_back.is_empty() && judged.state < State::Unknown);
        }
    }

    #[test]
    fn what_is_damaged_hides_no_breach_beside_it() {
        let list = vec![failing(9, "min_coverage")];
        let answer = Answer::Unknown { why: "x.json: cut off".into(), worse: Some(list) };
        let damaged = crate::reading::Reading { source: "a".into(), answer };
        let judged = Bed::new().look(0, look(vec![damaged]));
        assert_eq!((judged.state, judged.facts[0].subject.kind), (State::Breach, Kind::Clause));
        assert!(judged.not_read.contains_key("a"));
    }

    #[test]
    fn no_reserves_for_what_is_owed_are_no_coverage() {
        let mut one = verified(1);
        let Checked::Verified(said) = &mut one.checked else { panic!("verified") };
        said.is_unstated = true;
        let judged = Bed::new().look(0, look(vec![reading("a", vec![one])]));
        assert_eq!((judged.state, judged.facts[0].subject.kind), (State::Warning, Kind::Coverage));
    }

    #[test]
    fn an_age_is_the_clause_of_that_name_alone() {
        let state =
            |clause| Bed::new().look(0, look(vec![reading("a", vec![failing(1, clause)])])).state;
        let all = ["max_age", "yours: max_age", "bad_debt.max_age"].map(state);
        assert_eq!(all, [State::Expired, State::Expired, State::Breach]);
    }

    #[test]
    fn a_time_of_the_future_is_a_clock_that_is_wrong() {
        let mut one = verified(1);
        let Checked::Verified(said) = &mut one.checked else { panic!("verified") };
        said.ahead = Some("the prices are of the future".into());
        let judged = Bed::new().look(0, look(vec![reading("a", vec![one])]));
        assert_eq!((judged.state, judged.facts[0].subject.kind), (State::Unknown, Kind::Clock));
    }

    /// Whoever takes back what was refused ends nothing, over restarts: a newer one does, or who looked
    /// into it.
    #[test]
    fn what_was_refused_stays_so_until_a_newer_one_verifies() {
        let mut bed = Bed::new();
        bed.venue.attestations[0].folder = Some("x".into());
        bed.look(0, look(vec![reading("a", vec![refused(1, "no"), verified(0)])]));
        for second in [60, 120] {
            let judged = bed.look(second, look(vec![reading("a", vec![verified(0)])]));
            assert_eq!(
                (judged.state, judged.facts[0].subject.kind),
                (State::Breach, Kind::Refused)
            );
            assert!(judged.facts[0].summary.ends_with("it is not there any more"));
        }
        let mut looked = Bed { venue: bed.venue.clone(), memory: bed.memory.clone() };
        looked.venue.looked_into = vec![digest(1)];
        let judged = looked.look(180, look(vec![reading("a", vec![verified(0)])]));
        assert_eq!(judged.state, State::Healthy);
        let other = Attested { digest: digest(11), ..verified(1) };
        let mut newer = verified(2);
        newer.kept.header.previous = Some(digest(11));
        let list = vec![newer, other, verified(0)];
        let judged = bed.look(180, look(vec![reading("a", list)]));
        assert_eq!((judged.state, bed.memory.refused.len()), (State::Healthy, 0));
    }

    /// Any number of one file that was served once, such as the last there is: who looked into it sees
    /// the newest again.
    #[test]
    fn a_number_that_somebody_looked_into_is_not_the_newest() {
        let mut bed = Bed::new();
        bed.look(0, look(vec![reading("a", vec![verified(1)])]));
        bed.look(60, look(vec![reading("a", vec![verified(200)])]));
        let again = look(vec![reading("a", vec![verified(1)])]);
        assert_eq!(bed.look(120, again.clone()).state, State::Unknown);
        bed.venue.looked_into = vec![digest(200)];
        assert_eq!(bed.look(180, again).state, State::Healthy);
    }
}
