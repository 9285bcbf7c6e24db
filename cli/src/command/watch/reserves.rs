//! The reserves of an attestation, read now over nodes that have to agree.

use std::collections::BTreeMap;

use jiff::Timestamp;
use num_bigint::BigUint;
use pacioli_attestation::{Digest, Purpose, Verified};
use pacioli_evidence::{Place, Reader, chain_id};
use pacioli_rules::{Amount, KnownToken};
use pacioli_watch::{
    config::{Endpoint, Reserves},
    reading::{Answer, AssetReserves},
};

use crate::command::reserves::nodes::Nodes;

/// Decimals in which amounts are compared: those of the finest tokens.
const DECIMALS: u32 = 18;

/// Reads all reserves that are on a chain of these nodes and of a token that the rules know, which have to
/// be those that the reader expects: which token stands for which asset is the venue's word else.
pub fn read(
    from: &Reserves,
    expected: Option<Digest>,
    verified: &Verified,
    now: Timestamp,
) -> Answer<Vec<AssetReserves>> {
    if expected != Some(Digest::of(verified.attestation.rules.as_bytes())) {
        return Answer::unknown(
            "the rules are not those that you expect, and they name the tokens",
        );
    }
    by_asset(from, verified, now).map_or_else(Answer::unknown, Answer::Read)
}

/// What of an asset is attested, is where it can be read, and is there.
#[derive(Default)]
struct Sums {
    attested: BigUint,
    readable: BigUint,
    now: BigUint,
}

fn by_asset(
    from: &Reserves,
    verified: &Verified,
    time: Timestamp,
) -> Result<Vec<AssetReserves>, String> {
    let urls = |nodes: &[Endpoint]| -> Result<Vec<String>, String> {
        let urls = nodes.iter().map(|node| node.url.read().map(|url| url.expose().to_owned()));
        urls.collect::<Result<_, _>>().map_err(|error| error.to_string())
    };
    let nodes = Nodes::connect(&urls(&from.nodes)?, &urls(&from.esplora)?);
    let mut nodes = nodes.map_err(|error| format!("{error:#}"))?;
    let mut sums: BTreeMap<&str, Sums> = BTreeMap::new();
    let listed = verified.attestation.reserves.iter().flat_map(|reserves| &reserves.reserves);
    let listed = listed.filter(|one| !one.is_pledged() && one.purpose != Purpose::Claim);
    for one in listed.filter(|one| !from.leave_out.contains(&one.asset)) {
        let chain = chain_id(&one.chain);
        let attested = one.amount.floor_units(DECIMALS).0.to_biguint().unwrap_or_default();
        sums.entry(&one.asset).or_default().attested += &attested;
        let Some(known) = verified.rules.tokens().get(chain) else { continue };
        let Ok(place) = Place::of(&one.chain, &one.address) else { continue };
        let mut now = None;
        for token in known.values().filter(|token| token.stands_for == one.asset) {
            let found = nodes.balance(&one.chain, &place, token, None);
            let found = found.map_err(|error| format!("{} of {chain}: {error}", one.asset))?;
            let Some(found) = found else { continue };
            let age = time.as_second().saturating_sub(found.time.as_second());
            if u64::try_from(age).is_ok_and(|age| age > from.max_head_age.0) {
                let stale = format!("the latest block is of {}", found.time);
                return Err(format!("{} of {chain}: {stale}", one.asset));
            }
            if !found.counts {
                let lone = "one node alone is of this chain: name two of different providers";
                return Err(format!("{} of {chain}: {lone}", one.asset));
            }
            let units = BigUint::from_bytes_be(&found.value.to_be_bytes::<32>());
            *now.get_or_insert(BigUint::ZERO) += counted(units, token);
        }
        let Some(now) = now else { continue };
        let sums = sums.entry(&one.asset).or_default();
        sums.readable += attested;
        sums.now += now;
    }
    if sums.values().all(|one| one.readable == BigUint::ZERO) {
        return Err(
            "no reserve is on a chain of these nodes, of a token that the rules know".into()
        );
    }
    let amount = |units| Amount::new(units, DECIMALS);
    let asset = |(asset, one): (&str, Sums)| AssetReserves {
        asset: asset.to_owned(),
        attested: amount(one.attested),
        readable: amount(one.readable),
        now: amount(one.now),
    };
    Ok(sums.into_iter().map(asset).collect())
}

/// What units of a token count as, of the asset that it stands for.
fn counted(units: BigUint, token: &KnownToken) -> BigUint {
    let ten = BigUint::from(10u32);
    let units = match DECIMALS.checked_sub(token.decimals) {
        Some(more) => units * ten.pow(more),
        None => units / ten.pow(token.decimals - DECIMALS),
    };
    let parts = token.counts_for.as_ref().map(|part| part.floor_units(DECIMALS).0);
    match parts.and_then(|parts| parts.to_biguint()) {
        Some(parts) => units * parts / ten.pow(DECIMALS),
        None => units,
    }
}
