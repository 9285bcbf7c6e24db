//! What attestations say, and whether they are there at all.

use std::collections::{BTreeMap, BTreeSet};

use pacioli_attestation::Digest;

use super::{ALL, Bench, Digest32, bps, ratio};
use crate::{
    alert::{Kind, Presence},
    config::Attestations,
    reading::{Attested, Checked, Readings, Said},
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
            if let Some(list) = self.read(&place.name, &reading.answer) {
                self.place(place, list);
            }
        }
    }

    fn place(&mut self, place: &Attestations, list: &[Attested]) {
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
                }
            }
        }
        self.gone(place, &numbers);
        let numbers = numbers.into_iter().map(|number| (source.to_owned(), number));
        self.judged.learned.numbers.extend(numbers);
        let latest = list.iter().filter_map(|one| match &one.checked {
            Checked::Verified(said) => Some((one, said)),
            _ => None,
        });
        // Of two of one number the worse is looked at by both: their clauses are all facts.
        let Some((latest, _)) = latest.clone().max_by_key(|(one, _)| one.number) else {
            if list.is_empty() && !self.memory.numbers.contains_key(source) {
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
        if let (Some(first), Some(last)) = (gone.first(), gone.last()) {
            let which = match first == last {
                true => format!("number {first} was"),
                false => format!("{} from number {first} to number {last} were", gone.len()),
            };
            let summary = format!("{which} there, and is no more");
            let summary = summary.replace("were there, and is", "were there, and are");
            self.fact((&place.name, Kind::Disappeared, ""), State::Warning, summary);
        }
    }

    fn said(&mut self, source: &str, number: u64, said: &Said) {
        if matches!(said.setup, "insecure" | "unknown") {
            self.judged.setup = Some(said.setup);
        }
        for failing in &said.failing {
            let summary = format!("number {number}: {} fails: {}", failing.clause, failing.detail);
            // Of an age alone nobody is short of anything.
            let (kind, state) = match failing.clause.ends_with("max_age") {
                true => (Kind::Expired, State::Expired),
                false => (Kind::Clause, State::Breach),
            };
            self.fact((source, kind, &failing.clause), state, summary);
        }
        if let Some(other) = said.other_rules {
            let summary =
                format!("number {number} has rules of the digest {other}, not those expected");
            self.fact((source, Kind::OtherRules, ""), State::Breach, summary);
        }
        let Some(coverage) = &said.coverage else { return };
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
            let known =
                |one: &&Digest32| !self.venue.looked_into.iter().any(|looked| looked.0 == **one);
            let open = digests.iter().filter(known).count();
            // The one that stands needs no looking into.
            if digests.len() < 2 || open < 2 {
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
            (State::Warning, Kind::Disappeared)
        );
        assert_eq!(judged.facts[0].summary, "number 2 was there, and is no more");
        let judged = bed.look(60, look(vec![reading("a", vec![])]));
        assert_eq!(judged.state, State::Warning);
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
}
