//! A registry, over several nodes that have to agree on one block.
//!
//! The block is some blocks below the lowest head, so that a reorganisation takes back nothing that was
//! told; everything is asked at its hash, so that two nodes that give the same answers gave them of one
//! history. What one node alone says, or what two differ in, is `Unknown`, and the worse of it is shown.

use std::{
    collections::{BTreeMap, BTreeSet},
    thread,
    time::Duration,
};

use alloy_primitives::{Address, B256, Bytes, keccak256};
use alloy_sol_types::{SolCall, SolValue};
use jiff::Timestamp;
use pacioli_attestation::Digest;
use pacioli_chain::{BlockId, BlockNumberOrTag, Node};
use pacioli_verifier_contract::{
    bindings::{SolvencyRegistry as R, State as OnChain, Venues as V, Verdict},
    chain::ChainError,
    registry::{Latest, faults},
    submission,
};

use crate::{
    config::{Endpoint, Judging, Registry},
    judge::duration,
    reading::{Answer, Registered},
    state::State,
};

/// The nodes that have to agree.
const LEAST: usize = 2;

/// The digests of attestations, from events of which the registry has this hash.
pub type Digests = BTreeMap<[u8; 32], Digest>;

/// One node, or why it says nothing.
type Asked<T> = (String, Result<T, String>);

/// Reads a registry.
pub fn read(
    registry: &Registry,
    name: &str,
    judging: &Judging,
    now: Timestamp,
    digests: &mut Digests,
) -> Answer<Registered> {
    if let Some(twice) = twice(&registry.nodes) {
        return Answer::unknown(format!("two of its nodes are one, {twice} and another"));
    }
    let heads = at_once(&registry.nodes, |endpoint| head(endpoint, registry, judging, now));
    let lowest = heads.iter().filter_map(|(_, head)| Some(head.as_ref().ok()?.1)).min();
    let Some(lowest) = lowest else {
        return Answer::unknown(reasons(&heads).join("; "));
    };
    let number = lowest.saturating_sub(registry.depth);
    let mut nodes = Vec::new();
    let mut failed = Vec::new();
    for (provider, head) in heads {
        match head {
            Ok((node, _)) => nodes.push((provider, node)),
            Err(why) => failed.push(format!("{provider}: {why}")),
        }
    }
    let asked: Vec<Asked<(B256, Registered)>> = thread::scope(|scope| {
        let asked: Vec<_> = nodes
            .iter_mut()
            .map(|(provider, node)| {
                let provider = provider.clone();
                let ask = move || {
                    is_of_now(node, registry, lowest, now)?;
                    at_block(node, registry, name, number)
                };
                (provider, scope.spawn(ask))
            })
            .collect();
        let join = |(provider, thread): (String, thread::ScopedJoinHandle<'_, _>)| {
            (provider, thread.join().unwrap_or_else(|_| Err("reading it failed".to_owned())))
        };
        asked.into_iter().map(join).collect()
    });
    failed.extend(reasons(&asked));
    let answers: Vec<_> =
        asked.into_iter().filter_map(|(provider, answer)| Some((provider, answer.ok()?))).collect();
    let mut found = match agreed(answers, &failed, number) {
        Answer::Read(found) => found,
        unknown => return unknown,
    };
    match digest(&mut nodes, registry, &found, digests) {
        Ok(digest) => found.digest = digest,
        Err(why) => found.unread = Some(why),
    }
    Answer::Read(found)
}

/// A node that is at the host and port of one before it: two secrets may be one address.
fn twice(nodes: &[Endpoint]) -> Option<&str> {
    let mut seen = BTreeSet::new();
    nodes
        .iter()
        .find(|node| node.url.read().is_ok_and(|url| !seen.insert(place(url.expose()))))
        .map(|node| &*node.provider)
}

/// Host and port of an address, without what comes before and after.
fn place(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let place = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let place = place.rsplit_once('@').map_or(place, |(_, place)| place).to_lowercase();
    let port = if url.starts_with("http://") { ":80" } else { ":443" };
    place.strip_suffix(port).unwrap_or(&place).to_owned()
}

/// What so many nodes agree on, and none contradicts.
fn agreed(
    answers: Vec<(String, (B256, Registered))>,
    failed: &[String],
    number: u64,
) -> Answer<Registered> {
    let worst = answers.iter().max_by_key(|(_, (_, found))| found.state);
    let worse = worst.map(|(_, (_, found))| found.clone());
    let same = answers.windows(2).all(|pair| pair[0].1 == pair[1].1);
    if !same {
        let says = |(provider, (_, found)): &(String, (B256, Registered))| {
            format!("{provider} says {} with attestation {}", found.state.name(), found.round)
        };
        let said: Vec<_> = answers.iter().map(says).collect();
        let why = format!("the nodes do not agree at block {number}: {}", said.join(", "));
        return Answer::Unknown { why, worse };
    }
    if answers.len() < LEAST {
        let why = failed.join("; ");
        return Answer::Unknown { why, worse };
    }
    worse.map_or_else(|| Answer::unknown("no node answered"), Answer::Read)
}

fn reasons<T>(asked: &[Asked<T>]) -> Vec<String> {
    let failed =
        asked.iter().filter_map(|(provider, answer)| Some((provider, answer.as_ref().err()?)));
    failed.map(|(provider, why)| format!("{provider}: {why}")).collect()
}

fn at_once<T: Send>(
    nodes: &[Endpoint],
    ask: impl Fn(&Endpoint) -> Result<T, String> + Sync,
) -> Vec<Asked<T>> {
    thread::scope(|scope| {
        let ask = &ask;
        let asked: Vec<_> =
            nodes.iter().map(|node| (node, scope.spawn(move || ask(node)))).collect();
        let join = |(node, thread): (&Endpoint, thread::ScopedJoinHandle<'_, _>)| {
            let answer = thread.join().unwrap_or_else(|_| Err("reading it failed".to_owned()));
            (node.provider.clone(), answer)
        };
        asked.into_iter().map(join).collect()
    })
}

/// A node of the chain, whose latest block is of now, and that block's number.
fn head(
    endpoint: &Endpoint,
    registry: &Registry,
    judging: &Judging,
    now: Timestamp,
) -> Result<(Node, u64), String> {
    let text = |error: ChainError| error.to_string();
    let url = endpoint.url.read().map_err(|error| error.to_string())?;
    let patience = Duration::from_secs(registry.patience.0);
    let node = Node::connect_within(url.expose(), None, registry.from_block, patience);
    let node = node.map_err(text)?;
    let chain = node.chain_id().map_err(text)?;
    if chain != registry.chain_id {
        return Err(format!("it is of chain {chain}, not {}", registry.chain_id));
    }
    let latest = node.block(BlockId::Number(BlockNumberOrTag::Latest)).map_err(text)?;
    let latest = latest.ok_or("it has no block")?;
    let now = u64::try_from(now.as_second()).unwrap_or_default();
    let (age, ahead) = (now.saturating_sub(latest.seconds), latest.seconds.saturating_sub(now));
    if age > registry.max_head_age.0 {
        return Err(format!("its latest block, {}, is {} old", latest.number, duration(age)));
    }
    if ahead > judging.clock_skew.0 {
        let ahead = duration(ahead);
        return Err(format!(
            "its latest block, {}, is {ahead} in the future of this machine's clock",
            latest.number
        ));
    }
    Ok((node, latest.number))
}

/// Holds the lowest head's age against what is allowed, by this node's own word: a node that gives an
/// old block as its latest, with the time of now, would have all of them asked about the past.
fn is_of_now(node: &Node, registry: &Registry, lowest: u64, now: Timestamp) -> Result<(), String> {
    let block = node.block(BlockId::number(lowest)).map_err(|error| error.to_string())?;
    let block = block.ok_or_else(|| format!("it has no block {lowest}"))?;
    let now = u64::try_from(now.as_second()).unwrap_or_default();
    let age = now.saturating_sub(block.seconds);
    if age > registry.max_head_age.0 {
        let age = duration(age);
        return Err(format!("block {lowest}, the lowest head of all nodes, is {age} old"));
    }
    Ok(())
}

/// How the venue stands by one node, at a block of this number, and that block's hash.
fn at_block(
    node: &mut Node,
    registry: &Registry,
    name: &str,
    number: u64,
) -> Result<(B256, Registered), String> {
    let text = |error: ChainError| error.to_string();
    let block = node.block(BlockId::number(number)).map_err(text)?;
    let block = block.ok_or_else(|| format!("it has no block {number}"))?;
    let venue = registry.venue;
    let verdict: Verdict = ask(node, registry.registry, &R::latestCall { venue }, block.hash)?;
    let round = verdict.round;
    // One that attested is registered.
    if round > 0 {
        let venues = ask(node, registry.registry, &R::VENUESCall {}, block.hash)?;
        let there = ask(node, venues, &V::venueOfCall { venue }, block.hash)?;
        if there.nameHash != submission::name(name) {
            return Err("the venue of this id has another name there".to_owned());
        }
    }
    let breached = match round {
        0 => 0,
        _ => ask(node, registry.registry, &R::breachedAtCall { venue, round }, block.hash)?,
    };
    let record = match round {
        0 => B256::ZERO,
        _ => ask(node, registry.registry, &R::recordHashCall { venue, round }, block.hash)?,
    };
    let nothing_owed = verdict.coverageBps == u64::MAX;
    let mut wrong = faults(verdict.faults);
    if verdict.revoked {
        wrong.push("it, its rules or its verifier was revoked".to_owned());
    }
    let failing = u32::try_from(verdict.failing.count_ones()).unwrap_or(u32::MAX);
    let found = Registered {
        block: block.number,
        time: time(block.seconds)?,
        state: state(verdict.state)?,
        round,
        sequence: verdict.sequence,
        record: record.0,
        digest: None,
        unread: None,
        as_of: time(verdict.asOf)?,
        coverage_bps: (round > 0 && !nothing_owed).then_some(verdict.coverageBps),
        failing,
        faults: wrong,
        revoked: verdict.revoked,
        breached_at: if breached == 0 { None } else { Some(time(breached)?) },
    };
    Ok((block.hash, found))
}

fn ask<C: SolCall>(node: &Node, to: Address, call: &C, block: B256) -> Result<C::Return, String> {
    let data: Bytes = call.abi_encode().into();
    let answer = node.call_at(to, data, block).map_err(|error| error.to_string())?;
    C::abi_decode_returns(&answer).map_err(|_| format!("{to} does not answer as a registry does"))
}

/// The digest of an attestation's file, by events of the registry: those of any node, as long as they are
/// what all nodes say that it hashed.
///
/// # Errors
/// Why no node has them.
fn digest(
    nodes: &mut [(String, Node)],
    registry: &Registry,
    found: &Registered,
    digests: &mut Digests,
) -> Result<Option<Digest>, String> {
    if found.round == 0 {
        return Ok(None);
    }
    if let Some(known) = digests.get(&found.record) {
        return Ok(Some(*known));
    }
    let mut failed = Vec::new();
    for (provider, node) in nodes {
        match Latest::of(node, registry.registry, registry.venue, found.round) {
            Ok(Some(latest)) if keccak256(latest.record.abi_encode()) == found.record => {
                let own = Digest(latest.record.attestation.0);
                digests.insert(found.record, own);
                return Ok(Some(own));
            }
            Ok(_) => failed.push(format!("{provider}: it has no events of it")),
            Err(error) => failed.push(format!("{provider}: {error}")),
        }
    }
    Err(failed.join("; "))
}

fn time(seconds: u64) -> Result<Timestamp, String> {
    let time = i64::try_from(seconds).ok().and_then(|second| Timestamp::from_second(second).ok());
    time.ok_or_else(|| format!("{seconds} is no time"))
}

fn state(state: OnChain) -> Result<State, String> {
    Ok(match state {
        OnChain::None => State::None,
        OnChain::Healthy => State::Healthy,
        OnChain::Warning => State::Warning,
        OnChain::Breach => State::Breach,
        OnChain::Expired => State::Expired,
        OnChain::Paused => State::Paused,
        // The compiler's own, for a number that is no state.
        _ => return Err("the registry's state is none that is known".to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(provider: &str, block: u8, state: State) -> (String, (B256, Registered)) {
        let found = Registered {
            block: 1,
            time: Timestamp::UNIX_EPOCH,
            state,
            round: 1,
            sequence: 0,
            record: [0; 32],
            digest: None,
            unread: None,
            as_of: Timestamp::UNIX_EPOCH,
            coverage_bps: None,
            failing: 0,
            faults: Vec::new(),
            revoked: false,
            breached_at: None,
        };
        (provider.to_owned(), (B256::repeat_byte(block), found))
    }

    #[test]
    fn one_host_is_one_node_however_it_is_written() {
        for same in ["https://N.example/key", "https://u:p@n.example:443/?x", "https://n.example"] {
            assert_eq!(place(same), "n.example");
        }
        assert_ne!(place("http://127.0.0.1:1"), place("http://127.0.0.1:2"));
    }

    #[test]
    fn two_have_to_agree_and_none_may_differ() {
        let own = || answer("own", 1, State::Healthy);
        let other = || answer("other", 1, State::Healthy);
        let failed = ["third: 500".to_owned()];
        assert!(agreed(vec![own(), other()], &failed, 1).read().is_some());
        let Answer::Unknown { why, worse } = agreed(vec![own()], &failed, 1) else {
            panic!("unknown")
        };
        assert_eq!((why.as_str(), worse.unwrap().state), ("third: 500", State::Healthy));
        // One that lies, either way.
        let liar = answer("liar", 1, State::Breach);
        let Answer::Unknown { why, worse } = agreed(vec![own(), other(), liar], &[], 1) else {
            panic!("unknown")
        };
        assert!(why.starts_with("the nodes do not agree at block 1: own says healthy"), "{why}");
        assert_eq!(worse.unwrap().state, State::Breach);
        // The same answers of another history.
        let fork = answer("fork", 2, State::Healthy);
        assert!(agreed(vec![own(), fork], &[], 1).read().is_none());
        assert!(agreed(vec![], &failed, 1).read().is_none());
    }
}
