//! What attestations say, and whether they are there at all.

use std::collections::{BTreeMap, BTreeSet};

use pacioli_attestation::Digest;

use super::{ALL, Bench, Digest32, bps, ratio};
use crate::{
    alert::{Kind, Presence},
    config::Attestations,
    reading::{Answer, Attested, Checked, Readings, Said},
    state::State,
};

/// What is told of the newest attestation of a place.
const OF_THE_NEWEST: [Kind; 5] =
    [Kind::Clause, Kind::Coverage, Kind::OtherRules, Kind::Expired, Kind::Refused];

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
                    self.rest(place, list);
                }
                answer => {
                    if let Some(list) = self.read(&place.name, answer) {
                        self.place(place, list);
                    }
                }
            }
        }
    }

    fn place(&mut self, place: &Attestations, list: &[Attested]) {
        self.listed(place, list, true);
    }

    /// What could be read beside what could not.
    fn rest(&mut self, place: &Attestations, list: &[Attested]) {
        self.listed(place, list, false);
    }

    fn listed(&mut self, place: &Attestations, list: &[Attested], is_whole: bool) {
        let source = &*place.name;
        let mut numbers = BTreeSet::new();
        for one in list {
            let digest = one.digest;
            match &one.checked {
                Checked::Refused(why) => {
                    let what = format!("number {}", one.number);
                    let summary = format!("{what}, {digest}, is refused: {why}");
                    self.fact((source, Kind::Refused, &what), State::Breach, summary);
                }
                Checked::Verified(_) | Checked::Before => {
                    numbers.insert(one.number);
                    self.judged.learned.digests.push((one.number, digest, source.to_owned()));
                    // Another one of the number before is proof of two, whoever was shown it.
                    if let (Some(before), Some(previous)) =
                        (one.number.checked_sub(1), one.previous)
                    {
                        self.judged.learned.digests.push((before, previous, source.to_owned()));
                    }
                }
            }
        }
        if is_whole {
            self.gone(place, &numbers);
        }
        let numbers = numbers.into_iter().map(|number| (source.to_owned(), number));
        self.judged.learned.numbers.extend(numbers);
        let latest = list.iter().filter_map(|one| match &one.checked {
            Checked::Verified(said) => Some((one, said)),
            _ => None,
        });
        // Of two of one number the worse is looked at by both: their clauses are all facts.
        let Some((latest, _)) = latest.clone().max_by_key(|(one, _)| one.number) else {
            if is_whole && list.is_empty() && !self.memory.numbers.contains_key(source) {
                let summary = "there is no attestation";
                self.fact((source, Kind::None, ""), State::None, summary);
            }
            return;
        };
        let newest = latest.number;
        self.judged.number = self.judged.number.max(Some(newest));
        self.age(source, latest.as_of);
        for one in list.iter().filter(|one| one.number == newest) {
            if let Checked::Verified(said) = &one.checked {
                self.said(source, newest, said);
            }
        }
    }

    /// What a source had and has no more. A folder keeps all; a file and an address have the latest.
    fn gone(&mut self, place: &Attestations, numbers: &BTreeSet<u64>) {
        let Some(known) = self.memory.numbers.get(&place.name) else { return };
        let gone: Vec<u64> = match place.folder.is_some() {
            true => known.difference(numbers).copied().collect(),
            false => known.iter().copied().filter(|one| Some(one) > numbers.last()).collect(),
        };
        // What the newest said is over with a newer one alone: whoever takes it back, or shows an older
        // one, resolves nothing.
        let (newest, older): (Vec<u64>, Vec<u64>) =
            gone.into_iter().partition(|one| Some(one) > numbers.last());
        if !newest.is_empty() {
            let kinds = OF_THE_NEWEST.into_iter().map(|kind| (place.name.clone(), kind));
            self.judged.not_told.extend(kinds);
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
        let Some(coverage) = &said.coverage else {
            if said.is_unstated && self.venue.warn_coverage.is_some() {
                let summary = format!("number {number}: it states no reserves for what is owed");
                self.fact((source, Kind::Coverage, "mark"), State::Warning, summary);
            }
            return;
        };
        self.covered(coverage);
        let Some(least) = &self.venue.warn_coverage else { return };
        let least = bps(least);
        let enough = &least + bps(&self.venue.margin);
        let presence = match () {
            () if *coverage < least => Presence::There,
            () if *coverage < enough => Presence::Within,
            () => return,
        };
        let by = said.by.map(|by| format!(" ({})", by.letter())).unwrap_or_default();
        let (coverage, least) = (ratio(coverage), ratio(&least));
        let summary = format!("number {number}: coverage at mark is {coverage}{by}, below {least}");
        self.fact_that_is(presence, (source, Kind::Coverage, "mark"), State::Warning, summary);
    }

    /// Two digests of one number, at whatever time and place each was seen.
    pub(super) fn equivocations(&mut self) {
        let mut all: BTreeMap<u64, BTreeSet<Digest32>> = self.memory.digests.clone();
        for (number, digest, _) in &self.judged.learned.digests {
            all.entry(*number).or_default().insert(digest.0);
        }
        for (number, digests) in all {
            let looked_into =
                |one: &&Digest32| self.venue.looked_into.iter().any(|looked| looked.0 == **one);
            let looked = digests.iter().filter(looked_into).count();
            // The one that stands needs no looking into; beside two that were, a third does.
            let needless = if looked < 2 { 1 } else { 0 };
            if digests.len() < 2 || digests.len() - looked <= needless {
                continue;
            }
            let names: Vec<String> = digests.iter().map(|one| Digest(*one).to_string()).collect();
            let summary = format!(
                "{} different attestations of number {number} were seen: {}",
                names.len(),
                names.join(", ")
            );
            let what = format!("number {number}");
            self.fact((ALL, Kind::Equivocation, &what), State::Breach, summary);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::testing::{Bed, digest, failed, failing, look, reading, verified};

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
    fn two_digests_of_one_number_alarm_at_whatever_time_and_place() {
        let mut other = verified(1);
        other.digest = digest(99);
        // At once, in two places.
        let both = look(vec![reading("a", vec![verified(1)]), reading("b", vec![other.clone()])]);
        let judged = Bed::new().look(0, both);
        assert_eq!(judged.state, State::Breach);
        assert_eq!(judged.facts[0].subject.kind, Kind::Equivocation);
        // One after the other, in one place; and for ever, though the first is shown again.
        let mut bed = Bed::new();
        assert_eq!(bed.look(0, look(vec![reading("a", vec![verified(1)])])).state, State::Healthy);
        assert_eq!(bed.look(60, look(vec![reading("a", vec![other])])).state, State::Breach);
        let again = look(vec![reading("a", vec![verified(1)])]);
        assert_eq!(bed.look(120, again.clone()).state, State::Breach);
        assert_eq!(bed.look(180, look(vec![reading("a", vec![verified(2)])])).state, State::Breach);
        // Until somebody looked into it.
        bed.venue.looked_into = vec![digest(99)];
        assert_eq!(
            bed.look(240, look(vec![reading("a", vec![verified(2)])])).state,
            State::Healthy
        );
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
        let mut refused = verified(3);
        refused.checked = Checked::Refused("volume 0: the proof does not hold".into());
        let judged = Bed::new().look(0, look(vec![reading("a", vec![refused, verified(2)])]));
        assert_eq!((judged.state, judged.facts[0].subject.kind), (State::Breach, Kind::Refused));
        assert!(judged.learned.digests.iter().all(|(number, ..)| *number == 2));
        assert_eq!(Bed::new().look(0, look(vec![reading("a", vec![])])).state, State::None);
    }

    #[test]
    fn one_attestation_under_two_names_is_one_fact() {
        let twice = vec![failing(1, "min_coverage"), failing(1, "min_coverage")];
        let judged = Bed::new().look(0, look(vec![reading("a", twice)]));
        assert_eq!((judged.state, judged.facts.len()), (State::Breach, 1));
        let refused = |why: &str| Attested { checked: Checked::Refused(why.into()), ..verified(3) };
        let both = vec![refused("one"), refused("another")];
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
                assert!(judged.not_told.contains(&("a".to_owned(), Kind::Clause)));
            }
            let judged = bed.look(120, look(vec![reading("a", vec![verified(4)])]));
            assert!(judged.not_told.is_empty() && judged.state < State::Unknown);
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
    fn one_that_names_another_before_it_is_proof_of_two() {
        let mut bed = Bed::new();
        let named = |byte| Attested { previous: Some(digest(byte)), ..verified(5) };
        assert_eq!(bed.look(0, look(vec![reading("a", vec![verified(4)])])).state, State::Healthy);
        assert_eq!(bed.look(60, look(vec![reading("a", vec![named(4)])])).state, State::Healthy);
        let mut bed = Bed::new();
        bed.look(0, look(vec![reading("a", vec![verified(4)])]));
        let judged = bed.look(60, look(vec![reading("a", vec![named(99)])]));
        assert_eq!(
            (judged.state, judged.facts[0].subject.kind),
            (State::Breach, Kind::Equivocation)
        );
        assert!(judged.facts[0].summary.contains("of number 4 were seen"));
    }

    #[test]
    fn a_time_of_the_future_is_a_clock_that_is_wrong() {
        let mut one = verified(1);
        let Checked::Verified(said) = &mut one.checked else { panic!("verified") };
        said.ahead = Some("the prices are of the future".into());
        let judged = Bed::new().look(0, look(vec![reading("a", vec![one])]));
        assert_eq!((judged.state, judged.facts[0].subject.kind), (State::Unknown, Kind::Clock));
    }

    #[test]
    fn a_third_beside_two_that_were_looked_into_alarms() {
        let mut bed = Bed::new();
        bed.venue.looked_into = vec![digest(1), digest(99)];
        let seen =
            |byte| look(vec![reading("a", vec![Attested { digest: digest(byte), ..verified(1) }])]);
        assert_eq!(bed.look(0, seen(1)).state, State::Healthy);
        assert_eq!(bed.look(0, seen(99)).state, State::Healthy);
        assert_eq!(bed.look(0, seen(98)).state, State::Breach);
    }
}
