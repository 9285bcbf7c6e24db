//! Making a prices file again from its feeds, to see whether it is what they give.
//!
//! The file says itself how it was made: `as_of` and `method` are the limits, `source` ends with the
//! symbols that somebody said and the feeds with their hashes. That is read here, the file is made
//! again, and every field compared. Nothing that is read decides what is right: a file that says
//! something else about itself than what it was made by differs from what is made.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use pacioli_attestation::Digest;
use pacioli_rules::{Decimal, Prices, VolatilityKind};
use thiserror::Error;

use super::{
    combine::aggregate,
    error::AggregateError,
    feed::{Feed, Symbols},
    implied::{ImpliedFeed, StatedTwice, implied},
    limits::{Basis, Limits},
    realised::Sampling,
    record::{
        FEEDS, IMPLIED, IMPLIED_METHOD, RecordError, SYMBOLS, Volatilities, method, realised,
    },
};

/// How a prices file says that it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The limits.
    pub limits: Limits,
    /// What symbols mean.
    pub symbols: Symbols,
    /// The feeds, by name and hash, in order.
    pub feeds: Vec<(String, Digest)>,
    /// How realised volatilities were taken, if any.
    pub sampling: Option<Sampling>,
    /// The feeds of implied volatilities.
    pub implied: Vec<(String, Digest)>,
}

/// What comes of making a prices file again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// Where the file is not what the feeds give, in words: nowhere, if it is.
    pub differences: Vec<String>,
    /// What the file has that no feed gives, and that was not compared.
    pub not_compared: Vec<&'static str>,
}

/// Why a prices file cannot be made again.
#[derive(Debug, Error)]
pub enum CheckError {
    /// It does not say how it was made.
    #[error("{0}: `pacioli prices aggregate` made no such file, so it cannot be made again")]
    Unknown(&'static str),
    /// A feed is missing.
    #[error("the file was made from `{}`, with the hash {digest}, which is not given", .file.escape_debug())]
    Missing {
        /// The feed's name in the file.
        file: String,
        /// Its hash.
        digest: Digest,
    },
    /// The feeds do not go together.
    #[error(transparent)]
    Aggregate(#[from] AggregateError),
    /// A feed of implied volatilities contradicts itself.
    #[error(transparent)]
    Twice(#[from] StatedTwice),
    /// They give no prices file.
    #[error(transparent)]
    Record(#[from] RecordError),
}

impl Made {
    /// Reads how a file says that it was made.
    ///
    /// # Errors
    /// If it does not say so in the way of this program.
    pub fn of(prices: &Prices) -> Result<Self, CheckError> {
        let (limits, sampling) = limits(prices).ok_or(CheckError::Unknown("method"))?;
        let unknown = || CheckError::Unknown("source");
        let source = prices.source.as_deref().ok_or_else(unknown)?;
        let (rest, feeds) = source.rsplit_once(&format!("; {FEEDS}")).ok_or_else(unknown)?;
        let feeds = named(feeds).ok_or_else(unknown)?;
        let (rest, implied) = match rest.rsplit_once(&format!("; {IMPLIED}")) {
            Some((rest, implied)) => (rest, named(implied).ok_or_else(unknown)?),
            None => (rest, Vec::new()),
        };
        let said = rest.rsplit_once(&format!("; {SYMBOLS}")).map(|(_, said)| said);
        let said = said.into_iter().flat_map(|said| said.split(", "));
        let said = said.filter_map(|one| one.rsplit_once(" as "));
        let said = said.map(|(symbol, asset)| (symbol.to_owned(), asset.to_owned()));
        let symbols = Symbols { quote: Some(prices.quote.clone()), said: said.collect() };
        Ok(Self { limits, symbols, feeds, sampling, implied })
    }
}

/// Feeds by name and hash.
fn named(text: &str) -> Option<Vec<(String, Digest)>> {
    let feeds = text.split(", ").map(|feed| {
        let (file, digest) = feed.rsplit_once(' ')?;
        Some((file.to_owned(), digest.parse().ok()?))
    });
    feeds.collect()
}

/// The limits that a file's time and method give, and how it took realised volatilities; `None` if
/// its method is in other words.
fn limits(prices: &Prices) -> Option<(Limits, Option<Sampling>)> {
    let text = prices.method.strip_suffix(IMPLIED_METHOD).unwrap_or(&prices.method);
    let (of_prices, sampling) = match text.split_once("; realised volatilities: ") {
        Some((of_prices, rest)) => {
            let (_, rest) = rest.split_once("(365 days / ")?;
            let (window, rest) = rest.split_once(") ")?;
            let (_, every) = rest.split_once(" over each ")?;
            let (every, _) = every.split_once(',')?;
            let sampling = Sampling { window: window.parse().ok()?, every: every.parse().ok()? };
            (of_prices, Some(sampling))
        }
        None => (text, None),
    };
    let rest = of_prices.strip_prefix("lower median of sources' ")?;
    let (what, rest) = rest.split_once("; at least ")?;
    let (sources, rest) = rest.split_once(" sources, ")?;
    let (_, rest) = rest.split_once("a price is fresh up to ")?;
    let (age, rest) = rest.split_once("; spread at most ")?;
    let spread: Decimal = rest.strip_suffix(" of the median")?.parse().ok()?;
    let (basis, window) = match what.strip_prefix("time-weighted averages over ") {
        Some(window) => (Basis::Twap, window.parse().ok()?),
        // It changes no price.
        None => (Basis::Latest, SignedDuration::from_hours(1)),
    };
    let limits = Limits {
        at: prices.as_of,
        window,
        max_age: age.parse().ok()?,
        max_spread: spread,
        min_sources: sources.parse().ok()?,
        basis,
    };
    let again = method(&limits) + &sampling.as_ref().map(realised).unwrap_or_default();
    (again == text).then_some((limits, sampling))
}

/// Makes a prices file again from its feeds, those of prices read with [`Made::symbols`], and
/// compares.
///
/// # Errors
/// If the file does not say how it was made, a feed is missing, or the feeds give no prices.
pub fn check(
    prices: &Prices,
    feeds: Vec<Feed>,
    of_implied: &[ImpliedFeed],
) -> Result<Checked, CheckError> {
    let made = Made::of(prices)?;
    let is_given = |digest: &Digest| of_implied.iter().any(|feed| feed.digest == *digest);
    if let Some((file, digest)) = made.implied.iter().find(|(_, digest)| !is_given(digest)) {
        return Err(CheckError::Missing { file: file.clone(), digest: *digest });
    }
    let implied = implied(of_implied, &made.limits)?;
    let mut checked = Checked::default();
    let mut given: Vec<Feed> = feeds;
    let mut own = Vec::new();
    for (file, digest) in &made.feeds {
        let place = given.iter().position(|feed| feed.digest == *digest);
        let Some(place) = place else {
            return Err(CheckError::Missing { file: file.clone(), digest: *digest });
        };
        let mut feed = given.swap_remove(place);
        // As it was called there.
        feed.file.clone_from(file);
        own.push(feed);
    }
    for feed in &given {
        let (file, digest) = (&feed.file, feed.digest);
        checked.differences.push(format!("feeds: `{file}` ({digest}) is none of the file's"));
    }
    own.extend(given);
    let aggregate = aggregate(&own, &made.limits)?;
    let sampling = made.sampling.as_ref();
    let realised = sampling.map(|sampling| aggregate.realised(&own, sampling)).transpose()?;
    let mut realised = realised.unwrap_or_default();
    // Whoever made the file may have asked for none of an asset.
    let stated = of_kind(prices, VolatilityKind::Realised);
    realised.retain(|one| prices.volatilities.contains_key(&one.asset));
    let volatilities = Volatilities {
        sampling: made.sampling,
        realised,
        implied: implied.stated,
        feeds: made.implied,
    };
    let again = aggregate.prices(&prices.quote, &volatilities)?;
    checked.compare("prices", &prices.prices, &again.prices);
    checked.compare("refused", &prices.refused, &again.refused);
    checked.compare("volatilities", &stated, &of_kind(&again, VolatilityKind::Realised));
    let [stated, given] = [prices, &again].map(|prices| of_kind(prices, VolatilityKind::Implied));
    checked.compare("volatilities", &stated, &given);
    for (what, said, given) in [
        ("method", Some(&prices.method), Some(&again.method)),
        ("source", prices.source.as_ref(), again.source.as_ref()),
    ] {
        if said != given {
            checked
                .differences
                .push(format!("{what}: the text is not the one that the feeds give"));
        }
    }
    for (what, is_there) in
        [("vols", !prices.vols.is_empty()), ("open_interest", !prices.open_interest.is_empty())]
    {
        if is_there {
            checked.not_compared.push(what);
        }
    }
    Ok(checked)
}

/// The volatilities of one kind, by asset and source, with all that is said of each.
fn of_kind(prices: &Prices, kind: VolatilityKind) -> BTreeMap<String, String> {
    let all = prices.volatilities.iter();
    let all = all.flat_map(|(asset, all)| all.iter().map(move |one| (asset, one)));
    let own = all.filter(|(_, one)| one.kind == kind);
    own.map(|(asset, one)| {
        let (annual, as_of) = (one.annual, one.as_of);
        (format!("{asset} ({one})"), format!("{annual} at {as_of}"))
    })
    .collect()
}

impl Checked {
    fn compare<T: ToString>(
        &mut self,
        what: &str,
        said: &BTreeMap<String, T>,
        given: &BTreeMap<String, T>,
    ) {
        let names: std::collections::BTreeSet<&String> = said.keys().chain(given.keys()).collect();
        for name in names {
            let [said, given] = [said, given].map(|of| of.get(name).map(T::to_string));
            if said != given {
                let [said, given] =
                    [said, given].map(|value| value.unwrap_or_else(|| "nothing".to_owned()));
                let text =
                    format!("{what}.{name}: the file has {said}, and the feeds give {given}");
                self.differences.push(text);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CSV: &str = "source,asset,time,price
A,BTC,2026-11-21T12:00:00Z,100
B,BTC,2026-11-21T12:00:00Z,100.5
A,ETH,2026-11-21T12:00:00Z,5
B,ETH,2026-11-21T12:00:00Z,7
";
    const TICKER: &str = r#"{ "source": "C", "ticker": { "symbol": "BTC/USDT",
        "timestamp": 1795262400000, "last": 100.25 } }"#;

    fn limits(basis: Basis) -> Limits {
        Limits {
            at: "2026-11-21T12:00:00Z".parse().unwrap(),
            window: SignedDuration::from_mins(90),
            max_age: SignedDuration::from_mins(10),
            max_spread: "0.02".parse().unwrap(),
            min_sources: 2,
            basis,
        }
    }

    fn symbols() -> Symbols {
        let said = [("BTC/USDT".to_owned(), "BTC".to_owned())];
        Symbols { quote: Some("USD".to_owned()), said: said.into() }
    }

    fn feeds(names: [&str; 2]) -> Vec<Feed> {
        let texts = [CSV, TICKER].into_iter().zip(names);
        texts.map(|(text, name)| Feed::read(text.as_bytes(), name, &symbols()).unwrap()).collect()
    }

    fn made() -> Prices {
        let made = aggregate(&feeds(["a.csv", "c.json"]), &limits(Basis::Latest)).unwrap();
        made.prices("USD", &Volatilities::default()).unwrap()
    }

    #[test]
    fn a_file_says_how_it_was_made() {
        let prices = made();
        assert!(
            prices.source.as_ref().unwrap().contains("; symbols: BTC/USDT as BTC; feeds: a.csv 0x")
        );
        let how = Made::of(&prices).unwrap();
        assert_eq!((how.symbols, how.feeds.len()), (symbols(), 2));
        assert_eq!(
            Limits { window: limits(Basis::Latest).window, ..how.limits },
            limits(Basis::Latest)
        );
        let averages = Prices { method: method(&limits(Basis::Twap)), ..prices };
        assert_eq!(Made::of(&averages).unwrap().limits, limits(Basis::Twap));
    }

    #[test]
    fn a_file_is_made_again_whatever_its_feeds_are_called_now() {
        let prices = made();
        assert_eq!(prices.refused.len(), 1);
        let mut again = feeds(["x/renamed.csv", "other"]);
        again.reverse();
        assert_eq!(check(&prices, again, &[]).unwrap(), Checked::default());
        let open =
            Prices { open_interest: [("BTC".to_owned(), "1".parse().unwrap())].into(), ..prices };
        let checked = check(&open, feeds(["a.csv", "c.json"]), &[]).unwrap();
        assert_eq!(checked.not_compared, ["open_interest"]);
    }

    #[test]
    fn whatever_is_changed_is_named() {
        let changed = |change: &dyn Fn(&mut Prices), expected: &str| {
            let mut prices = made();
            change(&mut prices);
            let checked = check(&prices, feeds(["a.csv", "c.json"]), &[]).unwrap();
            assert!(checked.differences.iter().any(|one| one.starts_with(expected)), "{checked:?}");
        };
        // What the publisher would rather not say.
        let stripped =
            "refused.ETH: the file has nothing, and the feeds give 1 of the 2 fresh sources";
        changed(&|prices| prices.refused.clear(), stripped);
        let price = |asset: &'static str, price: &'static str| {
            move |prices: &mut Prices| {
                prices.prices.insert(asset.to_owned(), price.parse().unwrap());
            }
        };
        changed(&price("BTC", "101"), "prices.BTC: the file has 101, and the feeds give 100.25");
        changed(&price("ETH", "0"), "prices.ETH: the file has 0, and the feeds give nothing");
        changed(&|prices| prices.prices.clear(), "prices.BTC: the file has nothing");
        // Limits that were said to be others give other texts, or another price.
        let method = |from: &'static str, to: &'static str| {
            move |prices: &mut Prices| prices.method = prices.method.replace(from, to)
        };
        changed(&method("0.02", "0.5"), "refused.ETH: the file has 1 of the 2 fresh");
        let source = |prices: &mut Prices| {
            let source = prices.source.take().unwrap();
            prices.source = Some(source.replacen("A 100", "A 101", 1));
        };
        changed(&source, "source: the text is not the one");
    }

    #[test]
    fn feeds_that_are_missing_or_too_many_are_named() {
        let [csv, ticker] = <[Feed; 2]>::try_from(feeds(["a.csv", "c.json"])).unwrap();
        let error = check(&made(), vec![csv.clone()], &[]).unwrap_err().to_string();
        assert!(error.starts_with("the file was made from `c.json`, with the hash 0x"), "{error}");
        // One that was kept out of it.
        let more = Feed::parse(CSV.replace("B,", "D,").replace("A,", "E,").as_bytes(), "kept.csv")
            .unwrap();
        let checked = check(&made(), vec![csv, ticker, more], &[]).unwrap();
        assert!(checked.differences[0].starts_with("feeds: `kept.csv` (0x"), "{checked:?}");
        for (prices, expected) in [
            (
                Prices { method: "guessed".to_owned(), ..made() },
                "method: `pacioli prices aggregate`",
            ),
            (Prices { source: None, ..made() }, "source: `pacioli prices aggregate` made no such"),
            (
                Prices { source: Some("A".to_owned()), ..made() },
                "source: `pacioli prices aggregate`",
            ),
        ] {
            let error = check(&prices, Vec::new(), &[]).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        }
    }

    #[test]
    fn implied_volatilities_are_compared_with_their_feeds() {
        let text = "source,asset,time,volatility,tenor\nD,BTC,2026-11-21T12:00:00Z,0.65,30d\n";
        let of_implied = [ImpliedFeed::parse(text.as_bytes(), "imp.csv").unwrap()];
        let aggregate = aggregate(&feeds(["a.csv", "c.json"]), &limits(Basis::Latest)).unwrap();
        let volatilities = Volatilities {
            implied: implied(&of_implied, &aggregate.limits).unwrap().stated,
            feeds: vec![("imp.csv".to_owned(), of_implied[0].digest)],
            ..Volatilities::default()
        };
        let mut prices = aggregate.prices("USD", &volatilities).unwrap();
        let again = |prices: &Prices| check(prices, feeds(["a.csv", "c.json"]), &of_implied);
        assert_eq!(again(&prices).unwrap(), Checked::default());
        prices.volatilities.get_mut("BTC").unwrap()[0].annual = "0.01".parse().unwrap();
        let differences = again(&prices).unwrap().differences;
        assert!(differences[0].starts_with("volatilities.BTC"), "{differences:?}");
        let error = check(&prices, feeds(["a.csv", "c.json"]), &[]).unwrap_err().to_string();
        assert!(error.starts_with("the file was made from `imp.csv`"), "{error}");
    }
}
