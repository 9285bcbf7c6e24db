//! Clauses about what the publisher says of the book: its times, and what was left out of it.

use std::{collections::BTreeMap, time::Duration};

use jiff::Timestamp;
use pacioli_rules::{Decimal, LeftOut, MaxDistance, Span};

use super::{Book, Clause};
use crate::{
    attestation::{AssetLeftOut, Header},
    by::By,
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
