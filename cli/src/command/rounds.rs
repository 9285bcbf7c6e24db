//! The rounds of a venue's feeds that were in force at the time of its prices.

use alloy_primitives::{B256, Uint, aliases::U80};
use alloy_sol_types::sol;
use anyhow::{Context, Result};
use pacioli_rules::Prices;
use pacioli_verifier_contract::{
    bindings::{Feeds as F, Round},
    chain::{Chain, ChainError},
    submission,
    system::System,
};

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
            Ok(latest) => back_to(chain, feed.feed, (latest.roundId, latest.updatedAt), at)?,
            Err(ChainError::Node(error)) => return Err(ChainError::Node(error).into()),
            Err(_) => U80::ZERO,
        };
        rounds.push(Round { price: price.map_or(u16::MAX, |(_, number)| number), round });
    }
    Ok(rounds)
}

/// Goes back from a round to the newest one that is not later than a time.
fn back_to(
    chain: &mut impl Chain,
    feed: alloy_primitives::Address,
    (mut round, mut updated): (U80, alloy_primitives::U256),
    at: u64,
) -> Result<U80> {
    for _ in 0..MOST_ROUNDS {
        if updated <= alloy_primitives::U256::from(at) {
            return Ok(round);
        }
        let Some(before) = round.checked_sub(Uint::from(1)) else { return Ok(U80::ZERO) };
        match chain.ask(feed, &Aggregator::getRoundDataCall { roundId: before }) {
            Ok(answer) => (round, updated) = (before, answer.updatedAt),
            Err(ChainError::Node(error)) => return Err(ChainError::Node(error).into()),
            // The first round of a phase: the one before is of another contract.
            Err(_) => return Ok(U80::ZERO),
        }
    }
    None.context("the prices are too old: their round of a feed is too far back")
}
