//! What a registry says, reserves read now, and the policy at the prices of now.

use num_bigint::BigUint;
use pacioli_rules::Amount;

use super::{Bench, PRICES, RESERVES, duration, seconds};
use crate::{
    alert::{Kind, Presence},
    config::Registry,
    reading::{Answer, AssetReserves, Readings, Registered, Standing},
    state::State,
};

impl Bench<'_> {
    pub(super) fn registries(&mut self, readings: &Readings) {
        for registry in &self.venue.registries {
            let reading = readings.registries.iter().find(|one| one.source == registry.name);
            let Some(reading) = reading else {
                self.judged.not_read.insert(registry.name.clone(), "it was not read".to_owned());
                continue;
            };
            if let Answer::Unknown { worse: Some(worse), .. } = &reading.answer {
                let shown = self.judged.worse.unwrap_or(State::Healthy);
                self.judged.worse = Some(shown.max(worse.state));
            }
            if let Some(found) = self.read(&registry.name, &reading.answer) {
                self.registered(registry, found);
            }
        }
    }

    fn registered(&mut self, registry: &Registry, found: &Registered) {
        let source = &*registry.name;
        let ahead = seconds(self.now, found.time);
        if ahead > self.judging.clock_skew.0 {
            let (block, ahead) = (found.block, duration(ahead));
            let summary = format!(
                "block {block} is {ahead} in the future of this machine's clock: one of both is wrong"
            );
            self.fact((source, Kind::Clock, "block"), State::Unknown, summary);
        }
        if found.state != State::Healthy {
            let mut summary = format!("{} at block {}", found.state.name(), found.block);
            if let Some(breached) = found.breached_at {
                summary = format!("{summary}, in breach since {breached}");
            }
            if found.failing > 0 {
                summary = format!("{summary}, {} clauses fail", found.failing);
            }
            if !found.faults.is_empty() {
                summary = format!("{summary}: {}", found.faults.join("; "));
            }
            self.fact((source, Kind::Registry, found.state.name()), found.state, summary);
        }
        let known = self.memory.rounds.get(source);
        if let Some(known) = known.filter(|known| **known > found.round) {
            let round = found.round;
            self.judged.taken_back.insert(source.to_owned());
            let summary = format!(
                "attestation {known} was there at the depth of {}, and the latest is {round} now",
                registry.depth
            );
            self.fact((source, Kind::Disappeared, "newest"), State::Unknown, summary);
        }
        if found.round == 0 {
            return;
        }
        self.judged.learned.rounds.push((source.to_owned(), found.round));
        if let Some(why) = &found.unread {
            let why = format!("which attestation it has: {why}");
            self.judged.not_read.insert(source.to_owned(), super::shown(&why));
        }
        if let Some(digest) = found.digest {
            self.judged.learned.named.push((found.sequence, digest, source.to_owned()));
        }
        if let Some(coverage) = found.coverage_bps {
            self.covered(&coverage.into());
        }
        self.judged.number = self.judged.number.max(Some(found.sequence));
        self.age(source, found.as_of);
    }

    pub(super) fn reserves(&mut self, readings: &Readings) {
        if self.venue.reserves.is_none() {
            return;
        }
        let Some(answer) = &readings.reserves else {
            self.judged.not_read.insert(RESERVES.to_owned(), NO_ATTESTATION.to_owned());
            return;
        };
        if !self.is_newest(RESERVES, readings) {
            return;
        }
        let Some(assets) = self.read(RESERVES, answer) else { return };
        for one in assets {
            self.asset(one);
        }
    }

    /// Whether what was read for the newest attestation was read for the newest that was ever shown: of an
    /// older one it says nothing.
    fn is_newest(&mut self, source: &str, readings: &Readings) -> bool {
        let places = self.venue.attestations.iter().map(|place| &place.name);
        let known = self.memory.newest(places, &self.venue.looked_into);
        match known.filter(|known| Some(*known) > readings.newest) {
            None => true,
            Some(known) => {
                let why = format!("number {known}, the newest attestation, is not there any more");
                self.judged.not_read.insert(source.to_owned(), why);
                false
            }
        }
    }

    /// The reserves of one asset fell by more than they may; halfway back it is over. What could not be
    /// read is not there for certain.
    fn asset(&mut self, AssetReserves { asset, attested, readable, now }: &AssetReserves) {
        let Some(config) = &self.venue.reserves else { return };
        let may_fall = super::bps(&config.may_fall);
        let whole = BigUint::from(20_000u32);
        // In 1/20,000 of what was attested.
        let kept = |of: &Amount, fall: &BigUint| &of.units * (&whole - fall);
        let now_parts = &now.units * &whole;
        let most = &may_fall * 2u32;
        let is_part = readable.units < attested.units;
        if is_part {
            let summary = format!("of {attested} {asset} attested, {readable} could be read");
            let what = format!("{asset} in part");
            self.fact((RESERVES, Kind::Reserves, &what), State::Warning, &*summary);
            if now_parts < kept(attested, &most) {
                self.judged.not_read.entry(RESERVES.to_owned()).or_insert(summary);
            }
        }
        let presence = match () {
            () if now_parts < kept(readable, &most) => Presence::There,
            () if now_parts < kept(readable, &may_fall) => Presence::Within,
            // What moved to where nobody reads it is not back.
            () if is_part => Presence::NotSeen,
            () => return,
        };
        let summary = format!("reserves of {asset} are {now} now, and were attested as {readable}");
        let what = asset.clone();
        self.fact_that_is(presence, (RESERVES, Kind::Reserves, &what), State::Warning, summary);
    }

    pub(super) fn prices(&mut self, readings: &Readings) {
        if self.venue.prices.is_none() {
            return;
        }
        let Some(answer) = &readings.prices else {
            self.judged.not_read.insert(PRICES.to_owned(), NO_ATTESTATION.to_owned());
            return;
        };
        if !self.is_newest(PRICES, readings) {
            return;
        }
        let Some(clauses) = self.read(PRICES, answer) else { return };
        for one in clauses {
            let (state, said) = match one.standing {
                Standing::Holds => continue,
                Standing::Unknown => (State::Warning, "may hold or not"),
                Standing::CannotHold => (State::Breach, "cannot hold"),
            };
            let what = format!("{} {said}", one.clause);
            let summary = format!("{what} at the prices of now: {}", one.detail);
            self.fact((PRICES, Kind::Repriced, &what), state, summary);
        }
    }
}

/// Why there is nothing to compare with.
const NO_ATTESTATION: &str = "there is no verified attestation to begin with";

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::{
        config::Config,
        judge::{
            Memory, judge,
            testing::{Bed, digest, look, reading, verified},
        },
        reading::{Reading, RepricedClause},
    };

    fn registered(state: State, round: u64) -> Registered {
        Registered {
            block: 100,
            time: Timestamp::UNIX_EPOCH,
            state,
            round,
            sequence: round,
            record: [0; 32],
            digest: Some(digest(round as u8)),
            unread: None,
            as_of: Timestamp::UNIX_EPOCH,
            coverage_bps: Some(10_100),
            failing: 0,
            faults: Vec::new(),
            revoked: false,
            breached_at: None,
        }
    }

    fn bed() -> Bed {
        let template = crate::config::TEMPLATE.replace("#| ", "");
        let all = Config::parse(&template, std::path::Path::new("")).unwrap();
        let mut bed = Bed::new();
        bed.venue.registries = all.venues[0].registries.clone();
        bed
    }

    fn on(answer: Answer<Registered>) -> Readings {
        let mut readings = look(vec![reading("a", vec![verified(1)])]);
        readings.registries = vec![Reading { source: "mainnet".into(), answer }];
        readings
    }

    #[test]
    fn the_registrys_state_is_the_venues() {
        for state in State::ALL.into_iter().filter(|state| *state != State::Unknown) {
            let judged = bed().look(0, on(Answer::Read(registered(state, 1))));
            assert_eq!(judged.state, state);
        }
        let told = bed().look(
            0,
            on(Answer::Read(Registered {
                faults: vec!["no mark".into()],
                ..registered(State::Warning, 1)
            })),
        );
        assert_eq!(told.facts[0].summary, "warning at block 100: no mark");
    }

    /// W2: a node that lies or stalls neither makes a breach nor hides one.
    #[test]
    fn what_one_node_says_is_shown_and_decides_nothing() {
        let worse = Some(registered(State::Breach, 1));
        let answer = Answer::Unknown { why: "the nodes do not agree".into(), worse };
        let judged = bed().look(0, on(answer));
        assert_eq!((judged.state, judged.worse), (State::Unknown, Some(State::Breach)));
        assert!(judged.facts.is_empty());
    }

    #[test]
    fn another_digest_on_chain_is_equivocation_and_a_lost_round_ends_nothing() {
        let mut other = registered(State::Healthy, 1);
        other.digest = Some(digest(77));
        assert_eq!(bed().look(0, on(Answer::Read(other))).state, State::Breach);
        let mut bed = bed();
        bed.look(0, on(Answer::Read(registered(State::Healthy, 2))));
        let judged = bed.look(0, on(Answer::Read(registered(State::Healthy, 1))));
        assert_eq!(
            (judged.state, judged.facts[0].subject.kind),
            (State::Unknown, Kind::Disappeared)
        );
        assert!(judged.taken_back.contains("mainnet"));
    }

    /// Without its events nobody knows whether it is the attestation that others have.
    #[test]
    fn a_registry_without_its_events_is_not_known_and_its_breach_is() {
        for (state, expected) in [(State::Healthy, State::Unknown), (State::Breach, State::Breach)]
        {
            let unread = Some("own: no events".to_owned());
            let found = Registered { digest: None, unread, ..registered(state, 1) };
            let judged = bed().look(0, on(Answer::Read(found)));
            assert_eq!(judged.state, expected);
            assert_eq!(judged.not_read["mainnet"], "which attestation it has: own: no events");
        }
    }

    #[test]
    fn a_block_of_the_future_is_a_clock_that_is_wrong() {
        let mut found = registered(State::Healthy, 1);
        found.time = Timestamp::from_second(121).unwrap();
        let judged = bed().look(0, on(Answer::Read(found)));
        assert_eq!((judged.state, judged.facts[0].subject.kind), (State::Unknown, Kind::Clock));
    }

    #[test]
    fn reserves_that_fell_and_clauses_that_cannot_hold_are_told() {
        let template = crate::config::TEMPLATE.replace("#| ", "");
        let all = Config::parse(&template, std::path::Path::new("")).unwrap();
        let mut venue = Bed::new().venue;
        venue.reserves = all.venues[0].reserves.clone();
        venue.prices = all.venues[0].prices.clone();
        let found = |now: u32, standing| {
            let mut readings = look(vec![reading("a", vec![verified(1)])]);
            let amount = |units: u32| Amount::new(units, 2);
            let (asset, attested) = ("BTC".to_owned(), amount(1_000));
            let readable = attested.clone();
            let one = AssetReserves { asset, attested, readable, now: amount(now) };
            readings.reserves = Some(Answer::Read(vec![one]));
            let clause = "min_coverage".to_owned();
            let one = RepricedClause { clause, standing, detail: "0.9 at most".into() };
            readings.prices = Some(Answer::Read(vec![one]));
            let now = Timestamp::UNIX_EPOCH;
            judge(&venue, &Default::default(), &Memory::default(), &readings, now)
        };
        let partly = |now: u32| {
            let mut readings = look(vec![reading("a", vec![verified(1)])]);
            let amount = |units: u32| Amount::new(units, 2);
            let (asset, readable) = ("BTC".to_owned(), amount(1_000));
            let one = AssetReserves { asset, attested: amount(1_040), readable, now: amount(now) };
            readings.reserves = Some(Answer::Read(vec![one]));
            readings.prices = Some(Answer::Read(Vec::new()));
            let now = Timestamp::UNIX_EPOCH;
            let judged = judge(&venue, &Default::default(), &Memory::default(), &readings, now);
            let part = "of 10.4 BTC attested, 10 could be read";
            assert_eq!((&*judged.facts[0].summary, judged.facts[0].state), (part, State::Warning));
            (judged.state, judged.facts[1].presence)
        };
        // 9.88 are 95 % of what was attested: less may be a fall, or what could not be read.
        let (there, not_seen) = (Presence::There, Presence::NotSeen);
        let unknown = |presence| (State::Unknown, presence);
        let expected = [unknown(there), unknown(not_seen), (State::Warning, not_seen)];
        assert_eq!([949, 987, 988].map(partly), expected);
        let presence = |now| found(now, Standing::Holds).facts.first().map(|fact| fact.presence);
        let (there, within) = (Some(Presence::There), Some(Presence::Within));
        assert_eq!([949, 950, 974, 975].map(presence), [there, within, within, None]);
        assert_eq!(found(1_000, Standing::Unknown).state, State::Warning);
        assert_eq!(found(1_000, Standing::CannotHold).state, State::Breach);
        let unread = look(vec![reading("a", vec![verified(1)])]);
        let now = Timestamp::UNIX_EPOCH;
        let judged = judge(&venue, &Default::default(), &Memory::default(), &unread, now);
        assert_eq!((judged.state, judged.not_read.len()), (State::Unknown, 2));
    }
}
