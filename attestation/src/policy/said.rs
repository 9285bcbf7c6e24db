//! Clauses about what the publisher says of the book: its times, and what was left out of it.

use std::{collections::BTreeMap, time::Duration};

use jiff::Timestamp;
use pacioli_rules::{Decimal, DrawnTime, LeftOut, MaxDistance, Span};

use super::{Book, Clause};
use crate::{
    attestation::{AssetLeftOut, Header},
    by::By,
    drawn::Draw,
};

impl Book<'_> {
    /// Prices and reserves are of about the time of the snapshot, before it or after it.
    pub(super) fn distances(&self, most: &MaxDistance) -> Vec<Clause> {
        let of = |what: &str, as_of: Option<Timestamp>, most: Span| {
            let name = format!("max_distance.{what}");
            let Some(as_of) = as_of else {
                let detail = format!("there are no {what}");
                return Clause { name, holds: false, detail, by: By::Publisher };
            };
            let distance = as_of.duration_since(self.evidence.header.as_of).unsigned_abs();
            Clause {
                name,
                holds: distance <= Duration::from_secs(most.0),
                detail: format!(
                    "{what} of {as_of} are {} away from the snapshot, and at most {most} is allowed",
                    in_words(distance)
                ),
                by: By::Publisher,
            }
        };
        let prices = most.prices.map(|most| of("prices", Some(self.evidence.prices_as_of), most));
        let reserves = self.evidence.reserves.map(|reserves| reserves.as_of);
        let reserves = most.reserves.map(|most| of("reserves", reserves, most));
        prices.into_iter().chain(reserves).collect()
    }

    /// No more was left out of the book, or rounded in it, than the policy allows.
    pub(super) fn left_out(&self, most: &LeftOut) -> Vec<Clause> {
        let header = self.evidence.header;
        let quote = &self.evidence.compiled.quote;
        let clause = |what: &str, holds, detail| {
            let name = format!("left_out.{what}");
            Clause { name, holds, detail, by: By::Publisher }
        };
        let accounts = most.accounts.map(|most| {
            let left_out = header.accounts_left_out;
            let plural = if left_out == 1 { "" } else { "s" };
            let detail = format!("{left_out} account{plural} left out, and at most {most} allowed");
            clause("accounts", left_out <= most, detail)
        });
        let assets = most.assets.as_ref().map(|allowed| {
            let too_much = |exclusion: &&AssetLeftOut| match allowed.get(&exclusion.asset) {
                None => true,
                Some(most) => exclusion.deposits.exceeds(most) || exclusion.borrows.exceeds(most),
            };
            match header.left_out.iter().find(too_much) {
                Some(exclusion) => clause("assets", false, said(exclusion, allowed)),
                None => clause("assets", true, left_out_in_words(header)),
            }
        });
        let rounding = most.rounding.map(|most| {
            let bound = &header.rounding.bound;
            let detail =
                format!("rounding changed {bound} {quote} at most, and {most} {quote} is allowed");
            clause("rounding", !bound.exceeds(&most), detail)
        });
        [accounts, assets, rounding].into_iter().flatten().collect()
    }

    /// The snapshot's time was drawn, from the source that the policy names, and the reserves are of
    /// a time when nobody knew it.
    pub(super) fn drawn(&self, asked: &DrawnTime) -> Vec<Clause> {
        let reserves = self.evidence.header.drawn.as_ref().zip(self.evidence.reserves);
        let reserves = reserves.map(|(drawn, reserves)| {
            let (day, as_of) = (drawn.day(), reserves.as_of);
            let holds = day.is_not_over(as_of);
            let detail = match holds {
                true => format!("reserves of {as_of} are of before the end of {day}"),
                false => format!(
                    "reserves of {as_of} are of after the end of {day}, when its second was known"
                ),
            };
            Clause { name: "drawn.reserves".to_owned(), holds, detail, by: By::Publisher }
        });
        [self.drawn_time(asked)].into_iter().chain(reserves).collect()
    }

    fn drawn_time(&self, asked: &DrawnTime) -> Clause {
        let header = self.evidence.header;
        let clause = |holds, detail, by| Clause { name: "drawn".to_owned(), holds, detail, by };
        let fails = |detail| clause(false, detail, By::Recomputed);
        let draw = match Draw::of(header) {
            Ok(Some(draw)) => draw,
            Ok(None) => return fails(format!("{} was not drawn", header.as_of)),
            Err(error) => return fails(error.to_string()),
        };
        let Draw { source, day, second, seen } = draw;
        let said = format!("{second} is the second of {day} drawn from {source}, {seen}");
        if source != asked.from {
            return fails(format!("{said}, and it has to be drawn from {}", asked.from));
        }
        match draw.by(self.evidence.block_hashes) {
            Some(by) => clause(true, said, by),
            None => fails(format!("{said}, which is none of the blocks that you know")),
        }
    }

    /// Nothing was left out of the book because its price was refused: where it was, it fails. A
    /// source that spells an asset in another case means the same.
    pub(super) fn refused(&self) -> impl Iterator<Item = Clause> {
        let left_out = self.evidence.header.left_out.iter();
        left_out.filter_map(|AssetLeftOut { asset, deposits, borrows, .. }| {
            let mut refused = self.evidence.refused.iter();
            let (_, reason) = refused.find(|(name, _)| name.eq_ignore_ascii_case(asset))?;
            Some(Clause {
                name: format!("left_out.refused.{asset}"),
                holds: false,
                detail: format!(
                    "deposits of {deposits} {asset} and borrows of {borrows} {asset} left out, whose \
                     price was refused: {reason}"
                ),
                by: By::Publisher,
            })
        })
    }
}

/// The first asset of which too much was left out.
fn said(
    AssetLeftOut { asset, deposits, borrows, .. }: &AssetLeftOut,
    allowed: &BTreeMap<String, Decimal>,
) -> String {
    let most = match allowed.get(asset) {
        Some(most) => format!("at most {most} {asset} of either is allowed"),
        None => "none of it is allowed".to_owned(),
    };
    format!("deposits of {deposits} {asset} and borrows of {borrows} {asset} left out, and {most}")
}

fn left_out_in_words(header: &Header) -> String {
    match header.left_out.len() {
        0 => "no asset left out".to_owned(),
        1 => "1 asset left out, no more of it than is allowed".to_owned(),
        count => format!("{count} assets left out, no more of each than is allowed"),
    }
}

/// A length of time, as spans are written; a part of a second counts as a whole one.
pub(super) fn in_words(distance: Duration) -> Span {
    Span(distance.as_secs() + u64::from(distance.subsec_nanos() > 0))
}

#[cfg(test)]
mod tests {
    use pacioli_circuits::{Total, Totals};
    use pacioli_rules::{Rules, compile};

    use super::*;
    use crate::{
        attestation::{
            Attestation,
            testing::{attestation, drawn_attestation},
        },
        digest::Digest,
        drawn::{BlockHash, Seen},
        figures::figures,
        policy::{Evidence, evaluate_policy},
    };

    /// A clause on the time of an attestation, to a reader who knows these blocks.
    fn named(name: &str, one: &Attestation, known: &[BlockHash]) -> Clause {
        let rules = Rules::parse(&one.rules).unwrap();
        let compiled = compile(&rules, &one.prices).unwrap();
        let totals = Totals(vec![Total { count: 1, quantity: 1 }; compiled.rows.len()]);
        let figures = figures(&compiled, &totals).unwrap();
        let mut evidence = Evidence::new(one, &compiled, &figures);
        evidence.block_hashes = known;
        let clauses = evaluate_policy(rules.policy(), &evidence);
        clauses.into_iter().find(|clause| clause.name == name).unwrap()
    }

    fn clause(one: &Attestation, known: &[BlockHash]) -> Clause {
        named("drawn", one, known)
    }

    #[test]
    fn a_drawn_time_holds_as_far_as_the_reader_knows_its_block() {
        let one = drawn_attestation("2026-11-26");
        let draw = Draw::of(&one.header).unwrap().unwrap();
        let Seen::Block { hash, .. } = draw.seen else { panic!("{draw:?}") };
        let own = clause(&one, &[]);
        assert!(own.holds && own.by == By::Publisher, "{own:?}");
        let known = clause(&one, &[BlockHash(hash)]);
        assert!(known.holds && known.by == By::Chain, "{known:?}");
        let other = clause(&one, &[BlockHash(Digest::of(b"another"))]);
        assert!(!other.holds && other.detail.ends_with("none of the blocks that you know"));
    }

    /// A venue that knows the second can borrow for what it says an hour after it.
    #[test]
    fn reserves_are_of_a_time_when_nobody_knew_the_second() {
        let mut one = drawn_attestation("2026-11-26");
        let mut at = |as_of: &str| {
            one.reserves.as_mut().unwrap().as_of = as_of.parse().unwrap();
            let clause = named("drawn.reserves", &one, &[]);
            assert_eq!(clause.by, By::Publisher);
            clause.holds
        };
        assert!(at("2026-11-26T23:59:59.999Z") && at("2026-11-26T00:00:00Z"));
        assert!(at("2026-11-25T00:00:00Z"), "how old they may be is another clause's");
        assert!(!at("2026-11-27T00:00:00Z") && !at("2026-12-01T00:00:00Z"));
    }

    #[test]
    fn a_time_that_was_not_drawn_as_the_policy_asks_does_not_hold() {
        let refused = |one: &Attestation, why: &str| {
            let clause = clause(one, &[]);
            assert!(!clause.holds && clause.detail.contains(why), "{clause:?}");
        };
        let one = drawn_attestation("2026-11-26");
        let mut undrawn = one.clone();
        undrawn.header.drawn = None;
        refused(&undrawn, "was not drawn");
        let mut other = one.clone();
        other.rules = other.rules.replace("eip155:1", "drand:quicknet");
        refused(&other, "from eip155:1, block 23880001");
        refused(&other, "it has to be drawn from drand:quicknet");
        let mut late = one.clone();
        late.header.as_of = "2026-11-26T00:00:00Z".parse().unwrap();
        refused(&late, "and the snapshot is of 2026-11-26T00:00:00Z");
        let rules = Rules::parse(&attestation().rules).unwrap();
        assert!(rules.policy().drawn.is_none(), "who asks for nothing hears nothing");
    }
}
