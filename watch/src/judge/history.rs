//! All that was ever seen of a venue's attestations, held together: two of one number, and what is no
//! chain.
//!
//! Whoever is shown the latest alone sees no gap and no fork in it. What earlier looks have verified
//! takes the place of the files: an attestation that is left out, or that names another before it than
//! the one that was shown, is found by the same check as in a folder (`pacioli verify --history`).

use std::collections::{BTreeMap, BTreeSet};

use pacioli_attestation::{Digest, Finding, Link, check_links};

use super::{ALL, Bench, Digest32};
use crate::{
    alert::Kind,
    reading::{Answer, Attested, Checked, Kept, Readings},
    state::State,
};

/// Attestations by digest.
type Chain = BTreeMap<Digest32, Kept>;

impl Bench<'_> {
    /// Two digests of one number, at whatever time and place each was seen or named.
    pub(super) fn equivocations(&mut self) {
        let learned = &self.judged.learned;
        let mut all: BTreeMap<u64, BTreeSet<Digest32>> = self.memory.named.clone();
        let named = learned.named.iter().map(|(number, digest, _)| (*number, digest.0));
        let verified = self.memory.verified.iter().map(|(one, kept)| (kept.header.sequence, *one));
        let now = learned.verified.iter().map(|(_, one, kept)| (kept.header.sequence, one.0));
        for (number, digest) in verified.chain(now).chain(named) {
            all.entry(number).or_default().insert(digest);
        }
        for (number, digests) in all {
            let looked = digests.iter().filter(|one| self.is_looked_into(one)).count();
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

    /// What breaks the chain of a folder, of all that it has ever shown; and of all places together.
    pub(super) fn histories(&mut self, readings: &Readings) {
        let mut told = BTreeSet::new();
        for place in self.venue.attestations.iter().filter(|place| place.folder.is_some()) {
            let source = &*place.name;
            let shown = self.memory.shown.get(source).into_iter().flatten();
            let known =
                shown.filter_map(|one| Some((*one, self.memory.verified.get(one)?.clone())));
            let mut chain: Chain = known.collect();
            let reading = readings.attestations.iter().find(|one| one.source == source);
            chain.extend(reading.into_iter().flat_map(|one| seen(&one.answer)));
            for (what, text, _) in self.broken(&chain) {
                self.fact((source, Kind::History, &what), State::Breach, text);
                told.insert(what);
            }
        }
        let mut chain = self.memory.verified.clone();
        let now = self.judged.learned.verified.iter();
        chain.extend(now.map(|(_, digest, kept)| (digest.0, kept.clone())));
        for (what, text, is_gap) in self.broken(&chain) {
            // Nobody was here on that day, or the venue left it out.
            let (state, text) = match is_gap {
                true => (State::Warning, format!("{text}, and was never shown")),
                false => (State::Breach, text),
            };
            if !told.contains(&what) {
                self.fact((ALL, Kind::History, &what), state, text);
            }
        }
    }

    /// What breaks a chain and nobody has looked into: what it is about, in a sentence, and whether it is
    /// a gap.
    fn broken(&self, chain: &Chain) -> Vec<(String, String, bool)> {
        let called = |digest: &Digest32, kept: &Kept| {
            format!("number {}, {}", kept.header.sequence, Digest(*digest))
        };
        let names: BTreeMap<_, _> =
            chain.iter().map(|(digest, kept)| (called(digest, kept), *digest)).collect();
        let links: Vec<_> = names
            .iter()
            .map(|(name, digest)| {
                let Kept { header, may_miss } = &chain[digest];
                Link { name, header, digest: Digest(*digest), may_miss: *may_miss }
            })
            .collect();
        let looked_into =
            |name: &String| names.get(name).is_some_and(|one| self.is_looked_into(one));
        let mut broken = Vec::new();
        for finding in check_links(&links).into_iter().filter(Finding::breaks) {
            let (what, is_known) = match &finding {
                // Nothing breaks by the first two, and two of one number are told as such.
                Finding::Begins { .. } | Finding::Twice { .. } | Finding::Fork { .. } => continue,
                Finding::Gap { after, .. } => {
                    let mut own = links.iter().filter(|link| link.header.sequence == *after);
                    let is_known = own.any(|link| self.is_looked_into(&link.digest.0));
                    (format!("before number {after}"), is_known)
                }
                Finding::Successors { previous, names } => {
                    let open = names.iter().filter(|name| !looked_into(name)).count();
                    (format!("after {previous}"), open < 2)
                }
                Finding::Unchained { name, .. } => (format!("{name}: none"), looked_into(name)),
                Finding::Order { name, .. } => (format!("{name}: order"), looked_into(name)),
                Finding::Missed { name, .. } => (format!("{name}: days"), looked_into(name)),
            };
            if !is_known {
                let is_gap = matches!(finding, Finding::Gap { .. });
                broken.push((what, finding.to_string(), is_gap));
            }
        }
        broken
    }

    pub(super) fn is_looked_into(&self, digest: &Digest32) -> bool {
        self.venue.looked_into.iter().any(|looked| looked.0 == *digest)
    }
}

/// What a place shows that was verified, with what is damaged beside it or without.
fn seen(answer: &Answer<Vec<Attested>>) -> impl Iterator<Item = (Digest32, Kept)> {
    let (Answer::Read(list) | Answer::Unknown { worse: Some(list), .. }) = answer else {
        return Vec::new().into_iter();
    };
    let holds = |one: &&Attested| !matches!(one.checked, Checked::Refused(_));
    let seen = list.iter().filter(holds).map(|one| (one.digest.0, one.kept.clone()));
    seen.collect::<Vec<_>>().into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::testing::{Bed, digest, look, reading, verified};

    fn naming(number: u64, previous: Option<u8>) -> Attested {
        let mut one = verified(number);
        one.kept.header.previous = previous.map(digest);
        one
    }

    fn kinds(facts: &[crate::alert::Fact]) -> Vec<(Kind, State)> {
        facts.iter().map(|fact| (fact.subject.kind, fact.state)).collect()
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
    fn one_that_names_another_before_it_is_proof_of_two() {
        let mut bed = Bed::new();
        assert_eq!(bed.look(0, look(vec![reading("a", vec![verified(4)])])).state, State::Healthy);
        let next = look(vec![reading("a", vec![naming(5, Some(4))])]);
        assert_eq!(bed.look(60, next).state, State::Healthy);
        let mut bed = Bed::new();
        bed.look(0, look(vec![reading("a", vec![verified(4)])]));
        let judged = bed.look(60, look(vec![reading("a", vec![naming(5, Some(99))])]));
        let found = kinds(&judged.facts);
        assert_eq!(found, [(Kind::Equivocation, State::Breach), (Kind::History, State::Breach)]);
        assert!(judged.facts[0].summary.contains("of number 4 were seen"));
    }

    /// What `verify --history` calls a break is never healthy, and the file that is shown is the latest
    /// alone.
    #[test]
    fn who_leaves_one_out_or_names_none_is_told_on() {
        let mut bed = Bed::new();
        bed.look(0, look(vec![reading("a", vec![verified(0)])]));
        let judged = bed.look(60, look(vec![reading("a", vec![verified(2)])]));
        assert_eq!(kinds(&judged.facts), [(Kind::History, State::Warning)]);
        let gap = "a gap: number 1 is missing between number 0 and number 2, and was never shown";
        assert_eq!(judged.facts[0].summary, gap);
        // Whoever shows it ends it, in whatever place; and whoever looked into it.
        let all = vec![reading("a", vec![verified(2)]), reading("b", vec![verified(1)])];
        let mut other = Bed { venue: bed.venue.clone(), memory: bed.memory.clone() };
        assert_eq!(other.look(120, look(all)).state, State::Healthy);
        bed.venue.looked_into = vec![digest(2)];
        let again = look(vec![reading("a", vec![verified(2)])]);
        assert_eq!(bed.look(120, again).state, State::Healthy);

        let none = look(vec![reading("a", vec![naming(3, None)])]);
        assert_eq!(kinds(&Bed::new().look(0, none).facts), [(Kind::History, State::Breach)]);
        let mut back = verified(3);
        back.kept.header.as_of = verified(2).kept.header.as_of;
        let judged = bed.look(180, look(vec![reading("a", vec![back])]));
        assert_eq!(kinds(&judged.facts), [(Kind::History, State::Breach)]);
        assert!(judged.facts[0].summary.contains("is not after"), "{:?}", judged.facts);
    }

    #[test]
    fn a_gap_in_a_folder_is_a_break_of_it_and_what_was_taken_out_of_it_is_none() {
        let mut bed = Bed::new();
        bed.venue.attestations[0].folder = Some("x".into());
        let list = |numbers: &[u64]| {
            look(vec![reading("a", numbers.iter().map(|one| verified(*one)).collect())])
        };
        let judged = bed.look(0, list(&[2, 0]));
        assert_eq!(kinds(&judged.facts), [(Kind::History, State::Breach)]);
        assert_eq!(judged.facts[0].subject.source, "a");
        assert_eq!(bed.look(60, list(&[2, 1, 0])).state, State::Healthy);
        let judged = bed.look(120, list(&[2, 0]));
        assert_eq!(kinds(&judged.facts), [(Kind::Disappeared, State::Warning)]);
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
