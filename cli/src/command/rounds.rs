//! The rounds of a venue's feeds that were in force at the time of its prices.

use alloy_primitives::{Address, B256, U256, aliases::U80};
use alloy_sol_types::sol;
use anyhow::{Context, Result, ensure};
use pacioli_rules::Prices;
use pacioli_verifier_contract::{
    bindings::{Feeds as F, Round},
    chain::{Chain, ChainError},
    submission,
    system::System,
};

use crate::format::thousands;

sol! {
    /// Chainlink's.
    interface Aggregator {
        function latestRoundData()
            external
            view
            returns (uint80 roundId, int256, uint256, uint256 updatedAt, uint80);
        function getRoundData(uint80 roundId)
            external
            view
            returns (uint80, int256, uint256, uint256 updatedAt, uint80);
    }
}

/// How many rounds of one feed are looked at.
const MOST_ROUNDS: usize = 20_000;
/// No phase is taken to have more rounds.
const LARGEST: u128 = 1 << 40;
/// How many phases of one feed are looked at, the newest first: a phase begins when a proxy gets another
/// aggregator, which is a matter of years, and a feed may say any number.
const MOST_PHASES: u128 = 64;

/// One round for each feed in force: the newest that is not later than the prices. A feed that does not
/// answer gets round 0, which the registry counts as another round.
pub fn find(
    chain: &mut impl Chain,
    system: &System,
    venue: B256,
    prices: &Prices,
) -> Result<Vec<Round>> {
    let now = chain.time()?;
    let feeds = chain.ask(system.feeds, &F::feedsOfCall { venue })?;
    let at = u64::try_from(prices.as_of.as_second())?;
    let mut rounds = Vec::new();
    let in_force = feeds
        .iter()
        .filter(|feed| feed.activeFrom <= now && (feed.removedFrom == 0 || feed.removedFrom > now));
    for feed in in_force {
        let names = prices.prices.keys().map(|name| submission::name(name));
        let price = names.zip(0_u16..).find(|(name, _)| *name == feed.name);
        let round = match chain.ask(feed.feed, &Aggregator::latestRoundDataCall {}) {
            Ok(latest) => search(chain, feed.feed, (latest.roundId, latest.updatedAt), at)?,
            Err(ChainError::Node(error)) => return Err(ChainError::Node(error).into()),
            Err(_) => U80::ZERO,
        };
        rounds.push(Round { price: price.map_or(u16::MAX, |(_, number)| number), round });
    }
    Ok(rounds)
}

/// The last round not later than a time, of the highest phase that has one; 0 if none has. A proxy's
/// round is the phase, shifted left by 64 bits, and the phase's own round, from 1.
///
/// # Errors
/// If it would be in a phase or a round that is too far back to be looked for.
fn search(
    chain: &mut impl Chain,
    feed: Address,
    (round, updated): (U80, U256),
    at: u64,
) -> Result<U80> {
    let at = U256::from(at);
    if updated <= at {
        return Ok(round);
    }
    let latest: u128 = round.to();
    let (newest, mut last) = (latest >> 64, latest & u128::from(u64::MAX));
    let oldest = (newest + 1).saturating_sub(MOST_PHASES);
    for phase in (oldest..=newest).rev() {
        if phase != newest {
            last = last_of(chain, feed, phase)?;
        }
        if let Some(own) = back_to(chain, feed, (phase, last), at)? {
            return Ok(U80::from((phase << 64) | own));
        }
    }
    ensure!(
        oldest == 0,
        "the feed {feed} has no round at the prices' time in the newest {MOST_PHASES} of its {} phases: \
         older ones are not looked at",
        thousands(newest as u64)
    );
    Ok(U80::ZERO)
}

/// When a round was; `None` if the feed does not know it.
fn time_of(
    chain: &mut impl Chain,
    feed: Address,
    (phase, own): (u128, u128),
) -> Result<Option<U256>> {
    let call = Aggregator::getRoundDataCall { roundId: U80::from((phase << 64) | own) };
    match chain.ask(feed, &call) {
        Ok(answer) => Ok(Some(answer.updatedAt).filter(|time| !time.is_zero())),
        Err(ChainError::Node(error)) => Err(ChainError::Node(error).into()),
        Err(_) => Ok(None),
    }
}

/// The last own round of an earlier phase, 0 if it has none: doubled until there is none, then halved.
fn last_of(chain: &mut impl Chain, feed: Address, phase: u128) -> Result<u128> {
    let (mut known, mut beyond) = (0, 1);
    while beyond <= LARGEST && time_of(chain, feed, (phase, beyond))?.is_some() {
        (known, beyond) = (beyond, beyond * 2);
    }
    while beyond - known > 1 {
        let middle = known + (beyond - known) / 2;
        match time_of(chain, feed, (phase, middle))? {
            Some(_) => known = middle,
            None => beyond = middle,
        }
    }
    Ok(known)
}

/// The last own round of a phase that is not later than a time, from its last on back.
fn back_to(
    chain: &mut impl Chain,
    feed: Address,
    (phase, last): (u128, u128),
    at: U256,
) -> Result<Option<u128>> {
    let mut own = last;
    for _ in 0..MOST_ROUNDS {
        if own == 0 {
            return Ok(None);
        }
        match time_of(chain, feed, (phase, own))? {
            Some(time) if time <= at => return Ok(Some(own)),
            Some(_) => own -= 1,
            // Before the first that the feed knows.
            None => return Ok(None),
        }
    }
    None.with_context(|| {
        format!("the prices are too old: more than {MOST_ROUNDS} rounds of {feed} are later")
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use alloy_primitives::{Bytes, Log};
    use alloy_sol_types::{SolCall, SolValue};
    use pacioli_verifier_contract::chain::Receipt;

    use super::*;

    /// A proxy: the time of each round, by phase and own round; and how often it was asked.
    struct Proxy(BTreeMap<(u128, u128), u64>, usize);

    impl Chain for Proxy {
        fn account(&self) -> Option<Address> {
            None
        }
        fn time(&mut self) -> Result<u64, ChainError> {
            Ok(1_000)
        }
        fn code(&mut self, _: Address) -> Result<Bytes, ChainError> {
            unreachable!()
        }
        fn view(&mut self, _: Address, data: Bytes) -> Result<Bytes, ChainError> {
            self.1 += 1;
            let call = Aggregator::getRoundDataCall::abi_decode(&data).unwrap();
            let id: u128 = call.roundId.to();
            let time = self.0.get(&(id >> 64, id & u128::from(u64::MAX)));
            // One that it does not know is 0, as of a proxy, or nothing that can be read.
            let Some(time) = time else {
                let nothing = if id.is_multiple_of(2) { Vec::new() } else { vec![0; 160] };
                return Ok(nothing.into());
            };
            Ok((call.roundId, U256::ZERO, U256::ZERO, U256::from(*time), U80::ZERO)
                .abi_encode()
                .into())
        }
        fn estimate(&mut self, _: Address, _: Bytes) -> Result<u64, ChainError> {
            unreachable!()
        }
        fn most_gas(&mut self) -> Result<u64, ChainError> {
            unreachable!()
        }
        fn send(&mut self, _: Option<Address>, _: Bytes) -> Result<Receipt, ChainError> {
            unreachable!()
        }
        fn logs(&mut self, _: Address, _: &[B256], _: B256) -> Result<Vec<Log>, ChainError> {
            unreachable!()
        }
        fn last_log(&mut self, _: Address, _: [B256; 3]) -> Result<Option<Log>, ChainError> {
            unreachable!()
        }
    }

    #[test]
    fn the_highest_phase_that_has_one_gives_the_last_round_not_later() {
        // Phase 2 has no round; phase 3 overlaps with phase 1, and counts.
        let mut proxy = Proxy(BTreeMap::new(), 0);
        for own in 1..=37_u64 {
            proxy.0.insert((1, own.into()), 100 + own * 10);
        }
        for own in 1..=5_u64 {
            proxy.0.insert((3, own.into()), 400 + own * 10);
            proxy.0.insert((4, own.into()), 600 + own * 10);
        }
        let latest = (U80::from((4_u128 << 64) | 5), U256::from(650));
        let wants: [(u64, (u128, u128)); 9] = [
            (700, (4, 5)),
            (650, (4, 5)),
            (649, (4, 4)),
            (610, (4, 1)),
            (609, (3, 5)),
            (410, (3, 1)),
            (409, (1, 30)),
            (110, (1, 1)),
            (109, (0, 0)),
        ];
        for (at, (phase, own)) in wants {
            let found = search(&mut proxy, Address::ZERO, latest, at).unwrap();
            assert_eq!(found, U80::from((phase << 64) | own), "at {at}");
        }
    }

    #[test]
    fn a_feed_that_says_a_high_phase_is_not_asked_for_ever() {
        let mut proxy = Proxy(BTreeMap::from([((65_535, 1), 900)]), 0);
        let latest = (U80::from((65_535_u128 << 64) | 1), U256::from(900));
        let error = search(&mut proxy, Address::ZERO, latest, 100).unwrap_err().to_string();
        assert!(error.contains("in the newest 64 of its 65,535 phases"), "{error}");
        assert!(proxy.1 <= 200, "{} questions", proxy.1);
        // One that grew old honestly is found within them.
        proxy.0.insert((65_480, 1), 50);
        let found = search(&mut proxy, Address::ZERO, latest, 100).unwrap();
        assert_eq!(found, U80::from((65_480_u128 << 64) | 1));
        // And one with fewer phases has none, which says all.
        let latest = (U80::from((9_u128 << 64) | 1), U256::from(900));
        assert_eq!(search(&mut proxy, Address::ZERO, latest, 40).unwrap(), U80::ZERO);
    }
}
