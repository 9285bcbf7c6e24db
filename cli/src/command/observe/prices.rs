//! The attestation's prices beside those of the observer's own sources.

use std::{cmp::Ordering, time::Duration};

use anyhow::Result;
use num_bigint::BigInt;
use pacioli_attestation::{By, Verified};
use pacioli_rules::{Amount, Decimal, Prices};

use super::{
    super::files,
    config::{self, Config},
    rows::{Of, Row, Verdict},
};
use crate::args::Share;

/// Every price beside the observer's that is furthest from it.
///
/// # Errors
/// If a file of the observer's cannot be read.
pub fn rows(config: &Config, verified: &Verified) -> Result<Vec<Row>> {
    let Some(own) = &config.prices else {
        let why = "no section [prices]".to_owned();
        return Ok(vec![Row::without(Of::Prices, "prices", Verdict::Not(why))]);
    };
    let files = own.files.iter().map(|path| files::read_prices(path));
    let mine: Vec<Prices> = files.collect::<Result<_>>()?;
    let theirs = &verified.attestation.prices;
    let mut rows = Vec::new();
    for prices in &mine {
        rows.extend(unusable(own, prices, theirs));
    }
    if !rows.is_empty() {
        return Ok(rows);
    }
    for (name, price) in &theirs.prices {
        let band = own.bands.get(name).copied().unwrap_or(own.band);
        let all: Vec<_> = mine.iter().filter_map(|prices| prices.get(name)).collect();
        rows.push(row(name, *price, (&all, mine.len()), band));
    }
    // What else the rules compute with: no price is a surface, a volatility or an open interest.
    for (what, is_there) in [
        ("implied volatilities of options", !theirs.vols.is_empty()),
        ("volatilities that rates follow", !theirs.volatilities.is_empty()),
        ("open interest", !theirs.open_interest.is_empty()),
        ("reasons why assets have no price", !theirs.refused.is_empty()),
    ] {
        if is_there {
            let why = "this command compares prices alone".to_owned();
            rows.push(Row::without(Of::Prices, what, Verdict::Not(why)));
        }
    }
    Ok(rows)
}

/// Why a file of the observer's can be compared with none of theirs.
fn unusable(own: &config::Prices, mine: &Prices, theirs: &Prices) -> Option<Row> {
    let why = if mine.quote != theirs.quote {
        format!("yours are in {}, and theirs in {}", mine.quote, theirs.quote)
    } else {
        let apart = mine.as_of.duration_since(theirs.as_of).unsigned_abs();
        if apart <= Duration::from_secs(own.max_apart.0) {
            return None;
        }
        format!("yours are of {}, and theirs of {}", mine.as_of, theirs.as_of)
    };
    Some(Row::without(Of::Prices, "prices", Verdict::Unknown(why)))
}

/// A price beside those of the files that have it.
fn row(name: &str, theirs: Decimal, (mine, files): (&[Decimal], usize), band: Share) -> Row {
    let what = match mine.len() {
        all if all == files => format!("price of {name}"),
        some => format!("price of {name}, in {some} of your {files} files"),
    };
    let apart = mine.iter().map(|&mine| (Apart::of(mine, theirs), mine));
    let Some((apart, mine)) = apart.max_by(|(a, _), (b, _)| a.order(b)) else {
        let why = "none of your files has it".to_owned();
        return Row::without(Of::Prices, &what, Verdict::Unknown(why));
    };
    let sides = (mine.to_string(), theirs.to_string());
    let row = Row::same(Of::Prices, &what, sides, By::Recomputed);
    let verdict = match apart.is_within(band) {
        true => Verdict::Same,
        false => Verdict::Differs { breach: false },
    };
    Row { apart: apart.text(), verdict, ..row }
}

/// How far a price is from another, as a part of the other.
#[derive(Clone, Debug)]
struct Apart {
    by: BigInt,
    of: BigInt,
}

impl Apart {
    /// Which of two is further; what is of nothing is further than all else.
    fn order(&self, other: &Self) -> Ordering {
        (&self.by * &other.of).cmp(&(&other.by * &self.of))
    }

    fn of(mine: Decimal, theirs: Decimal) -> Self {
        let scale = mine.scale().max(theirs.scale());
        // Each has no more digits than the larger scale, so that nothing is rounded.
        let units = |one: Decimal| one.floor_units(scale).0;
        let (mine, theirs) = (units(mine), units(theirs));
        let by = if mine > theirs { &mine - &theirs } else { &theirs - &mine };
        Self { by, of: mine }
    }

    fn is_within(&self, band: Share) -> bool {
        &self.by * 10_000 <= &self.of * band.0
    }

    /// In percent, rounded up.
    fn text(&self) -> String {
        if self.by == BigInt::ZERO {
            return "0 %".to_owned();
        }
        if self.of == BigInt::ZERO {
            return "all of it".to_owned();
        }
        let millionths: BigInt = (&self.by * 1_000_000 + &self.of - 1) / &self.of;
        let (_, size) = millionths.into_parts();
        format!("{} %", Amount::new(size, 4))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn a_band_is_of_the_observers_price_and_includes_its_edge() {
        let within = |mine: &str, theirs: &str, band: &str| {
            Apart::of(decimal(mine), decimal(theirs)).is_within(band.parse().unwrap())
        };
        assert!(within("100", "100.5", "0.5%"));
        assert!(within("100", "99.50", "0.5%"));
        assert!(!within("100", "100.500001", "0.5%"));
        assert!(!within("100", "99.499", "0.5%"));
        assert!(within("0", "0", "0%"));
        assert!(!within("0", "0.000001", "100%"));
        let text = |mine: &str, theirs: &str| Apart::of(decimal(mine), decimal(theirs)).text();
        assert_eq!(text("100", "100.5"), "0.5 %");
        assert_eq!(text("3", "4"), "33.3334 %", "rounded up");
        assert_eq!(text("0", "4"), "all of it");
    }

    #[test]
    fn the_furthest_of_several_sources_is_compared() {
        let all = ["100", "103", "99"].map(decimal);
        let found = row("BTC", decimal("100"), (&all, 3), Share(200));
        assert_eq!((found.mine.as_str(), found.what.as_str()), ("103", "price of BTC"));
        assert!(found.differs());
        // One that only some of the files have is compared with those, and that is said.
        let some = row("BTC", decimal("100"), (&all[..1], 3), Share(200));
        assert_eq!(
            (some.verdict, some.what.as_str()),
            (Verdict::Same, "price of BTC, in 1 of your 3 files")
        );
        let none = row("BTC", decimal("100"), (&[], 3), Share(200));
        assert!(matches!(none.verdict, Verdict::Unknown(_)));
        // One that says that it is worth nothing is the furthest of all.
        let all = ["0", "200"].map(decimal);
        assert_eq!(row("BTC", decimal("100"), (&all, 2), Share(200)).mine, "0");
    }
}
