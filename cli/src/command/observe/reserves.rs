//! The attestation's reserves beside what the observer's own nodes say of them.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use num_bigint::BigInt;
use pacioli_attestation::{By, Purpose, Reserve, Verified};
use pacioli_evidence::{Place, Reader, chain_id};
use pacioli_rules::{Amount, Decimal, KnownToken};

use super::{
    super::reserves::{Nodes, counted},
    config::{self, Config},
    rows::{Of, Row, Verdict},
};
use crate::args::Share;

/// Every reserve beside what is there, at the last block at or before the reserves' time.
///
/// # Errors
/// If the observer's nodes cannot be connected with.
pub fn rows(config: &Config, verified: &Verified) -> Result<Vec<Row>> {
    let Some(own) = &config.reserves else {
        let why = "no section [reserves]".to_owned();
        return Ok(vec![Row::without(Of::Elsewhere, "reserves", Verdict::Not(why))]);
    };
    let Some(reserves) = &verified.attestation.reserves else {
        let why = "the attestation has none".to_owned();
        return Ok(vec![Row::without(Of::Elsewhere, "reserves", Verdict::Not(why))]);
    };
    let nodes = Nodes::connect(&own.rpc, &own.esplora)?;
    let seconds = u64::try_from(reserves.as_of.as_second()).context("the reserves' time")?;
    let mut reading = Reading { own, nodes, seconds, verified, blocks: BTreeMap::new() };
    let home = format!("eip155:{}", config.venue.chain_id);
    let rows = reserves.reserves.iter().map(|reserve| {
        let what = format!("{} at {}", reserve.asset, reserve.address);
        if reserve.is_pledged() || reserve.purpose == Purpose::Claim {
            let why = "it counts nothing, pledged or a claim on a venue".to_owned();
            return Row::without(Of::Home, &what, Verdict::Not(why));
        }
        let of = if chain_id(&reserve.chain) == home { Of::Home } else { Of::Elsewhere };
        match reading.amount(reserve) {
            Ok((read, block)) => {
                let tolerance = own.tolerance.unwrap_or(Share(0));
                let row = row(of, &what, &read, (reserve.amount, tolerance));
                Row { what: format!("{what}, block {block}"), ..row }
            }
            Err(verdict) => Row::without(of, &what, verdict),
        }
    });
    Ok(rows.collect())
}

/// The observer's nodes, and where each chain is read.
struct Reading<'a> {
    own: &'a config::Reserves,
    nodes: Nodes,
    seconds: u64,
    verified: &'a Verified,
    blocks: BTreeMap<String, Result<u64, Verdict>>,
}

impl Reading<'_> {
    /// What of an asset is at its place, in whole units that count, and in which block.
    fn amount(&mut self, reserve: &Reserve) -> Result<(Amount, u64), Verdict> {
        let chain = chain_id(&reserve.chain);
        let place = match Place::of(&reserve.chain, &reserve.address) {
            Ok(Place::Other { .. }) | Err(_) => {
                let why = "no chain that can be read here: the venue's word";
                return Err(Verdict::Not(why.to_owned()));
            }
            Ok(place) => place,
        };
        let tokens = self.tokens(chain, &reserve.asset);
        if tokens.is_empty() {
            let why =
                format!("the rules know no token on {chain} that stands for {}", reserve.asset);
            return Err(Verdict::Not(why));
        }
        let number = self.block(chain)?;
        let mut sum = Amount::default();
        for token in tokens {
            let read = self.nodes.balance(chain, &place, &token, Some(number));
            let units = read.map_err(Verdict::Later)?.ok_or_else(|| no_node(chain))?.value;
            let part: Result<Decimal, _> = counted(units, &token).to_string().parse();
            let part =
                part.map_err(|_| Verdict::Unknown("a balance of over 38 digits".to_owned()))?;
            sum.add(&part);
        }
        Ok((sum, number))
    }

    fn tokens(&self, chain: &str, asset: &str) -> Vec<KnownToken> {
        let known = self.verified.rules.tokens().get(chain);
        let known = known.into_iter().flat_map(|known| known.values());
        known.filter(|token| token.stands_for == asset).cloned().collect()
    }

    /// The block that a chain is read at: one for all its reserves.
    fn block(&mut self, chain: &str) -> Result<u64, Verdict> {
        if let Some(known) = self.blocks.get(chain) {
            return known.clone();
        }
        let found = match self.nodes.last_block_at(chain, self.seconds, self.own.depth) {
            Err(why) => Err(Verdict::Later(why)),
            Ok(None) => Err(no_node(chain)),
            Ok(Some(read)) if !read.counts => {
                let why = format!(
                    "name a node of {chain} on this machine, or two of different operators: one \
                     stranger's word is not signed"
                );
                Err(Verdict::Unknown(why))
            }
            Ok(Some(read)) => Ok(read.number),
        };
        self.blocks.insert(chain.to_owned(), found.clone());
        found
    }
}

fn no_node(chain: &str) -> Verdict {
    Verdict::Not(format!("no node of {chain} is named"))
}

/// A reserve that was read. More than attested is as good as what was attested.
fn row(of: Of, what: &str, read: &Amount, (attested, tolerance): (Decimal, Share)) -> Row {
    let sides = (read.to_string(), attested.to_string());
    let row = Row::same(of, what, sides, By::Chain);
    let scale = read.decimals.max(attested.scale());
    let mine = BigInt::from(read.units.clone()) * BigInt::from(10).pow(scale - read.decimals);
    let theirs = attested.floor_units(scale).0;
    if mine >= theirs {
        return Row { verdict: Verdict::Same, ..row };
    }
    // Nothing that is negative is attested, so that this is of something.
    let missing: BigInt = ((&theirs - &mine) * 1_000_000 + &theirs - 1) / &theirs;
    let apart = format!("-{} %", Amount::new(missing.into_parts().1, 4));
    let least = &theirs * (10_000 - i64::from(tolerance.0.min(10_000)));
    let verdict = match mine * 10_000 >= least {
        true => Verdict::Same,
        false => Verdict::Differs { breach: true },
    };
    Row { apart, verdict, ..row }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn less_than_attested_is_a_breach_beyond_the_tolerance() {
        let said = |read: &str, attested: &str, tolerance: &str| {
            let read: Decimal = read.parse().unwrap();
            let mut amount = Amount::default();
            amount.add(&read);
            let sides = (attested.parse().unwrap(), tolerance.parse().unwrap());
            let row = row(Of::Elsewhere, "a reserve", &amount, sides);
            (row.is_breach(), row.apart)
        };
        assert_eq!(said("10", "10.0", "0%"), (false, String::new()));
        assert_eq!(said("11.5", "10", "0%"), (false, String::new()));
        assert_eq!(said("9.99999999", "10", "0%"), (true, "-0.0001 %".to_owned()));
        assert_eq!(said("9.9", "10", "1%"), (false, "-1 %".to_owned()));
        assert_eq!(said("9.8999", "10", "1%"), (true, "-1.001 %".to_owned()));
        assert_eq!(said("0", "10", "1%"), (true, "-100 %".to_owned()));
        assert_eq!(said("0", "0", "0%"), (false, String::new()));
    }
}
