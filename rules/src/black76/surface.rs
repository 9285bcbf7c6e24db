//! Volatilities: what the prices file says of them, and how one is read between two.
//!
//! ```json
//! "vols": { "BTC": { "rate": "0.04", "expiries": {
//!     "2026-12-25T08:00:00Z": { "forward": "101250.5",
//!                               "strikes": { "80000": "0.62", "100000": "0.55", "120000": "0.58" } },
//!     "2027-03-26T08:00:00Z": { "strikes": { "60000": "0.66", "160000": "0.6" } } } } }
//! ```
//!
//! At one expiry a volatility is linear in the strike. Between two expiries the total variance
//! `sigma^2 T` at the strike is linear in time, and so is the forward; an expiry without a forward
//! has the underlying's price for one. Beyond the first and last strike or expiry nothing is known
//! and nothing is made up. Time is in years of 365 days, exact to the nanosecond.

use std::collections::BTreeMap;

use jiff::Timestamp;
use num_bigint::BigInt;
use num_rational::BigRational;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{decimal::Decimal, strict};

/// Most expiries of a surface, and most strikes of a smile: far more than any venue lists, and few
/// enough to look through for every option.
const MAX_ENTRIES: usize = 1_000;

/// Nanoseconds of a year of 365 days.
const YEAR: i128 = 31_536_000 * 1_000_000_000;

/// The volatilities of one underlying.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Surface {
    /// The discount rate, compounded continuously, from -1 to 1; 0 where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<Decimal>,
    /// The smile at each expiry.
    #[serde(deserialize_with = "strict::unique_keys")]
    pub expiries: BTreeMap<String, Smile>,
}

/// The volatilities at one expiry.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Smile {
    /// The price for delivery then; the underlying's own where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forward: Option<Decimal>,
    /// The volatility by strike: 1 is 100 % a year.
    #[serde(deserialize_with = "strict::unique_keys")]
    pub strikes: BTreeMap<String, Decimal>,
}

/// Why volatilities are refused, or none is found.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SurfaceError {
    /// A key that is not a time.
    #[error("{0}: is not a UTC time such as `2026-12-25T08:00:00Z`")]
    Expiry(String),
    /// A key that is not a strike.
    #[error("{0}: is not a decimal number above 0")]
    Strike(String),
    /// One strike written in two ways.
    #[error("{0}: duplicate")]
    Twice(String),
    /// There is nothing to read between.
    #[error("{0}: is empty")]
    Empty(String),
    /// More than anybody lists.
    #[error("{key}: {got} entries are more than {MAX_ENTRIES}")]
    TooMany {
        /// Their key.
        key: String,
        /// Their number.
        got: usize,
    },
    /// A number out of its range.
    #[error("{key}: {value} is not {range}")]
    Range {
        /// The number's key.
        key: String,
        /// The number.
        value: Decimal,
        /// The range in words.
        range: &'static str,
    },
    /// An expiry before the first or after the last.
    #[error("there is no volatility for the expiry {0}, nor one before and one after it")]
    NoExpiry(Timestamp),
    /// A strike below the first or above the last.
    #[error("{expiry}: there is no volatility for the strike {strike}, nor one on each side of it")]
    NoStrike {
        /// The expiry where it is missed.
        expiry: Timestamp,
        /// The strike.
        strike: Decimal,
    },
}

/// The forward and variance that an option is valued at, all but its strike and side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// The price for delivery at expiry.
    pub forward: BigRational,
    /// The total variance until then.
    pub variance: BigRational,
    /// The rate times the time.
    pub rate_time: BigRational,
    /// The time until then in years.
    pub time: BigRational,
}

/// A decimal as a fraction.
pub fn fraction(number: Decimal) -> BigRational {
    BigRational::new(number.mantissa().into(), BigInt::from(10).pow(number.scale()))
}

impl Surface {
    /// Checks what the form alone does not say. `key` is where the surface stands.
    ///
    /// # Errors
    /// If a key has a [`SurfaceError`]: the first.
    pub fn check(&self, key: &str) -> Result<(), SurfaceError> {
        check_size(format!("{key}.expiries"), self.expiries.len())?;
        if let Some(rate) = self.rate {
            let one = BigRational::from(BigInt::from(1));
            if fraction(rate) > one || -fraction(rate) > one {
                let key = format!("{key}.rate");
                return Err(SurfaceError::Range { key, value: rate, range: "from -1 to 1" });
            }
        }
        for (expiry, smile) in &self.expiries {
            let key = format!("{key}.expiries.{expiry}");
            if strict::parse_utc_time(expiry).is_none() {
                return Err(SurfaceError::Expiry(key));
            }
            smile.check(&key)?;
        }
        Ok(())
    }

    /// Writes the expiries of an input in their shortest form. `key` is where the surface stands.
    ///
    /// # Errors
    /// If one expiry is written in two ways.
    pub(crate) fn shorten_times(&mut self, key: &str) -> Result<(), SurfaceError> {
        let mut shortened = BTreeMap::new();
        for (expiry, smile) in std::mem::take(&mut self.expiries) {
            let time = strict::read_utc_time(&expiry);
            // What is no time is refused by its own name.
            let name = time.map_or_else(|| expiry.clone(), |time| time.to_string());
            if shortened.insert(name, smile).is_some() {
                return Err(SurfaceError::Twice(format!("{key}.expiries.{expiry}")));
            }
        }
        self.expiries = shortened;
        Ok(())
    }

    /// The point of the surface that an option is valued with, at `as_of`, which is before
    /// `expiry`; `spot` is the underlying's price.
    ///
    /// # Errors
    /// If the surface does not reach the expiry or the strike.
    pub fn at(
        &self,
        as_of: Timestamp,
        expiry: Timestamp,
        strike: Decimal,
        spot: Decimal,
    ) -> Result<Point, SurfaceError> {
        // Checked: every key is a time.
        let smiles = self.expiries.iter();
        let smiles = smiles.filter_map(|(at, smile)| Some((strict::parse_utc_time(at)?, smile)));
        let smiles: BTreeMap<Timestamp, &Smile> = smiles.filter(|(at, _)| *at > as_of).collect();
        let before = smiles.range(..=expiry).next_back();
        let after = smiles.range(expiry..).next();
        let (Some(before), Some(after)) = (before, after) else {
            return Err(SurfaceError::NoExpiry(expiry));
        };
        let time = years(as_of, expiry);
        let read = |(&at, smile): (&Timestamp, &&Smile)| -> Result<_, SurfaceError> {
            let vol = smile.at(strike);
            let vol = vol.ok_or(SurfaceError::NoStrike { expiry: at, strike })?;
            let variance = &vol * &vol * years(as_of, at);
            Ok((years(as_of, at), variance, fraction(smile.forward.unwrap_or(spot))))
        };
        let (start, end) = (read(before)?, read(after)?);
        let between =
            |from: &BigRational, to: &BigRational| linear((&start.0, from), (&end.0, to), &time);
        Ok(Point {
            forward: between(&start.2, &end.2),
            variance: between(&start.1, &end.1),
            rate_time: self.rate.map_or_else(BigRational::default, fraction) * &time,
            time,
        })
    }
}

impl Smile {
    fn check(&self, key: &str) -> Result<(), SurfaceError> {
        if let Some(value) = self.forward.filter(Decimal::is_negative) {
            let key = format!("{key}.forward");
            return Err(SurfaceError::Range { key, value, range: "at least 0" });
        }
        check_size(format!("{key}.strikes"), self.strikes.len())?;
        let mut strikes = BTreeMap::new();
        for (strike, &value) in &self.strikes {
            let key = format!("{key}.strikes.{strike}");
            let number = strike.parse::<Decimal>().ok().filter(|number| number.mantissa() > 0);
            let Some(number) = number else { return Err(SurfaceError::Strike(key)) };
            if strikes.insert(fraction(number), ()).is_some() {
                return Err(SurfaceError::Twice(key));
            }
            if value.is_negative() {
                return Err(SurfaceError::Range { key, value, range: "at least 0" });
            }
        }
        Ok(())
    }

    /// The volatility at a strike, or `None` beyond the first or last.
    fn at(&self, strike: Decimal) -> Option<BigRational> {
        let strikes = self.strikes.iter();
        // Checked: every key is a number.
        let strikes = strikes
            .filter_map(|(strike, &vol)| Some((fraction(strike.parse().ok()?), fraction(vol))));
        let vols: BTreeMap<BigRational, BigRational> = strikes.collect();
        let strike = fraction(strike);
        let below = vols.range(..=&strike).next_back()?;
        let above = vols.range(&strike..).next()?;
        Some(linear(below, above, &strike))
    }
}

fn check_size(key: String, got: usize) -> Result<(), SurfaceError> {
    match got {
        0 => Err(SurfaceError::Empty(key)),
        1..=MAX_ENTRIES => Ok(()),
        _ => Err(SurfaceError::TooMany { key, got }),
    }
}

/// The years from one time to a later one.
fn years(from: Timestamp, to: Timestamp) -> BigRational {
    let nanoseconds = to.as_nanosecond() - from.as_nanosecond();
    BigRational::new(nanoseconds.into(), YEAR.into())
}

/// The value at `x` of the line through two points, which may be one.
fn linear(
    (x0, y0): (&BigRational, &BigRational),
    (x1, y1): (&BigRational, &BigRational),
    x: &BigRational,
) -> BigRational {
    if x0 == x1 { y0.clone() } else { y0 + (y1 - y0) * (x - x0) / (x1 - x0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SURFACE: &str = r#"{ "rate": "0.04", "expiries": {
        "2026-07-02T00:00:00Z": { "forward": "110", "strikes": { "100": "0.5", "90.0": "0.6" } },
        "2027-01-01T00:00:00Z": { "strikes": { "80": "0.4", "120": "0.4" } } } }"#;

    fn time(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn surface(from: &str, to: &str) -> Surface {
        assert!(SURFACE.contains(from), "{from}");
        serde_json::from_str(&SURFACE.replacen(from, to, 1)).unwrap()
    }

    fn at(expiry: &str, strike: &str) -> Result<Point, SurfaceError> {
        let spot = Decimal::new(100, 0);
        let as_of = time("2026-01-01T00:00:00Z");
        surface("", "").at(as_of, time(expiry), strike.parse().unwrap(), spot)
    }

    fn ratio(numerator: i64, denominator: i64) -> BigRational {
        BigRational::new(numerator.into(), denominator.into())
    }

    #[test]
    fn a_listed_expiry_is_read_between_its_strikes() {
        // 182 days; the volatility at 95 is 0.55.
        let point = at("2026-07-02T00:00:00Z", "95").unwrap();
        assert_eq!(point.time, ratio(182, 365));
        assert_eq!(point.variance, ratio(55 * 55, 10_000) * ratio(182, 365));
        assert_eq!((point.forward, point.rate_time), (ratio(110, 1), ratio(4 * 182, 100 * 365)));
        let point = at("2027-01-01T00:00:00Z", "120").unwrap();
        assert_eq!(
            (point.time, point.variance, point.forward),
            (ratio(1, 1), ratio(16, 100), ratio(100, 1))
        );
    }

    #[test]
    fn between_expiries_variance_and_forward_are_linear_in_time() {
        // 50 of the 183 days from the first expiry to the second.
        let point = at("2026-08-21T00:00:00Z", "100").unwrap();
        let (first, second) = (ratio(25, 100) * ratio(182, 365), ratio(16, 100));
        assert_eq!(point.variance, &first + (second - &first) * ratio(50, 183));
        assert_eq!(point.forward, ratio(110, 1) - ratio(10 * 50, 183));
    }

    #[test]
    fn nothing_is_made_up_beyond_the_ends() {
        let error = |expiry, strike| at(expiry, strike).unwrap_err().to_string();
        let none = "there is no volatility for the expiry 2026-07-01T00:00:00Z, nor one before";
        assert!(error("2026-07-01T00:00:00Z", "95").starts_with(none));
        assert!(error("2027-01-02T00:00:00Z", "95").contains("2027-01-02T00:00:00Z"));
        let none = "2026-07-02T00:00:00Z: there is no volatility for the strike 100.5, nor one on";
        assert!(error("2026-07-02T00:00:00Z", "100.5").starts_with(none));
        assert!(error("2026-08-21T00:00:00Z", "89").contains("for the strike 89"));
        // An expiry that has passed is no neighbour.
        let late = surface("", "").at(
            time("2026-07-02T00:00:00Z"),
            time("2026-08-21T00:00:00Z"),
            Decimal::new(100, 0),
            Decimal::new(100, 0),
        );
        assert_eq!(late, Err(SurfaceError::NoExpiry(time("2026-08-21T00:00:00Z"))));
    }

    #[test]
    fn each_malformed_surface_has_its_own_error() {
        let refused = |from: &str, to: &str, expected: &str| {
            let error = surface(from, to).check("vols.BTC").unwrap_err().to_string();
            assert_eq!(error, format!("vols.BTC.{expected}"));
        };
        assert_eq!(surface("", "").check("vols.BTC"), Ok(()));
        refused("0.04", "1.5", "rate: 1.5 is not from -1 to 1");
        refused("0.04", "-1.5", "rate: -1.5 is not from -1 to 1");
        let key = "expiries.2026-07-02: is not a UTC time such as `2026-12-25T08:00:00Z`";
        refused("2026-07-02T00:00:00Z", "2026-07-02", key);
        let strikes = "expiries.2026-07-02T00:00:00Z.strikes";
        refused("\"110\"", "\"-1\"", "expiries.2026-07-02T00:00:00Z.forward: -1 is not at least 0");
        refused("\"90.0\"", "\"0\"", &format!("{strikes}.0: is not a decimal number above 0"));
        refused("\"90.0\"", "\"x\"", &format!("{strikes}.x: is not a decimal number above 0"));
        refused("\"90.0\"", "\"100.0\"", &format!("{strikes}.100.0: duplicate"));
        refused("\"0.6\"", "\"-0.6\"", &format!("{strikes}.90.0: -0.6 is not at least 0"));
        let some = r#""strikes": { "80": "0.4", "120": "0.4" }"#;
        let none = r#""strikes": {}"#;
        refused(some, none, "expiries.2027-01-01T00:00:00Z.strikes: is empty");
        let strikes = |count: u32| {
            let list: Vec<_> = (1..=count).map(|strike| format!("\"{strike}\": \"1\"")).collect();
            format!("\"strikes\": {{ {} }}", list.join(", "))
        };
        assert_eq!(surface(some, &strikes(1_000)).check("vols.BTC"), Ok(()));
        let many = "expiries.2027-01-01T00:00:00Z.strikes: 1001 entries are more than 1000";
        refused(some, &strikes(1_001), many);
        let empty: Surface = serde_json::from_str(r#"{ "expiries": {} }"#).unwrap();
        let empty = empty.check("vols.BTC").unwrap_err();
        assert_eq!(empty, SurfaceError::Empty("vols.BTC.expiries".to_owned()));
    }
}
