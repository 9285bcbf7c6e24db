//! What a site's record shows by itself: two digests of one number, forks, gaps.

use std::collections::{BTreeMap, BTreeSet};

use pacioli_attestation::Digest;

use super::record::{Alarm, Notice, Published, Record, UNVERIFIED};

impl Record {
    fn by_number(&self) -> BTreeMap<(&str, u64), Vec<&Published>> {
        let mut by_number: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for one in &self.attestations {
            by_number.entry((one.venue.as_str(), one.sequence)).or_default().push(one);
        }
        by_number
    }

    /// Every number with two digests, every attestation that does not follow those of the number before
    /// it, and every second digest that was seen and never verified.
    pub fn alarms(&self) -> Vec<Alarm> {
        let mut alarms = Vec::new();
        let by_number = self.by_number();
        for ((venue, sequence), own) in &by_number {
            let digests: Vec<_> = own.iter().map(|one| one.digest).collect();
            if let [_, _, ..] = digests[..] {
                let named: Vec<_> = digests.iter().map(ToString::to_string).collect();
                let text = format!(
                    "{venue} published {} different attestations of number {sequence}: {}",
                    digests.len(),
                    named.join(", ")
                );
                let (venue, sequence) = ((*venue).to_owned(), *sequence);
                alarms.push(Alarm { venue, sequence, digests, text });
            }
            let before =
                sequence.checked_sub(1).and_then(|before| by_number.get(&(*venue, before)));
            for one in own {
                let follows = |before: &Vec<&Published>| {
                    before.iter().any(|other| one.previous == Some(other.digest))
                };
                if before.is_some_and(|before| !follows(before)) {
                    let text = format!(
                        "number {sequence} of {venue}, {}, does not name the one before it that was \
                         published here",
                        one.digest
                    );
                    let (venue, sequence) = ((*venue).to_owned(), *sequence);
                    alarms.push(Alarm { venue, sequence, digests: vec![one.digest], text });
                }
            }
        }
        alarms.extend(self.siblings());
        alarms.extend(self.unverified());
        alarms
    }

    /// The second digests that a file says it is of a number, which could not be checked: whoever hands
    /// over a fork can see to that. The venue and the number are in the words alone.
    fn unverified(&self) -> impl Iterator<Item = Alarm> {
        let is_verified = |digest: Digest| self.attestations.iter().any(|one| one.digest == digest);
        let of = move |one: &&Notice| one.text.starts_with(UNVERIFIED) && !is_verified(one.digest);
        self.notices.iter().filter(of).map(|one| Alarm {
            venue: String::new(),
            sequence: 0,
            digests: vec![one.digest],
            text: one.text.replacen(UNVERIFIED, "not verified", 1),
        })
    }

    /// Attestations that name the same one before them, under other numbers or names of the venue: one
    /// alarm for each.
    fn siblings(&self) -> Vec<Alarm> {
        let mut by_previous: BTreeMap<[u8; 32], Vec<&Published>> = BTreeMap::new();
        for one in &self.attestations {
            if let Some(previous) = one.previous {
                by_previous.entry(previous.0).or_default().push(one);
            }
        }
        let mut alarms = Vec::new();
        for own in by_previous.values() {
            let numbers: BTreeSet<_> = own.iter().map(|one| (&one.venue, one.sequence)).collect();
            if numbers.len() < 2 {
                continue;
            }
            let named = own
                .iter()
                .map(|one| format!("number {} of {}, {}", one.sequence, one.venue, one.digest));
            let named = named.collect::<Vec<_>>().join("; ");
            for (venue, sequence) in numbers {
                alarms.push(Alarm {
                    venue: venue.clone(),
                    sequence,
                    digests: own.iter().map(|one| one.digest).collect(),
                    text: format!("a fork: these all name the same one before them: {named}"),
                });
            }
        }
        alarms
    }

    /// The alarms about an attestation, or about one of its venue before it.
    pub fn alarms_of(&self, venue: &str, sequence: u64, digest: Digest) -> Vec<Alarm> {
        let mut alarms = self.alarms();
        alarms.retain(|alarm| {
            (alarm.venue == venue && alarm.sequence <= sequence) || alarm.digests.contains(&digest)
        });
        alarms.dedup_by(|a, b| a.text == b.text);
        alarms
    }

    /// Numbers that no attestation here has: each gap with the attestation behind it, and in words.
    pub fn gaps(&self) -> Vec<(&Published, String)> {
        let by_number = self.by_number();
        let numbers: Vec<_> = by_number.keys().copied().collect();
        let gaps = numbers.windows(2).filter_map(|pair| {
            let [(venue, before), (other, after)] = [pair[0], pair[1]];
            let missing = (after - before.min(after)).saturating_sub(1);
            let behind = *by_number.get(&(other, after))?.first()?;
            (venue == other && missing > 0).then(|| {
                let text = format!(
                    "{venue}: {missing} missing between number {before} and number {after}"
                );
                (behind, text)
            })
        });
        gaps.collect()
    }
}
