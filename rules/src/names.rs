//! Names of assets, markets and scenarios: their characters, and the instruments named after them.

use thiserror::Error;

/// The longest name of an asset, a market or a scenario.
pub const MAX_NAME: usize = 32;

/// Why a name is refused.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error(
    "invalid name `{}`: use 1 to {MAX_NAME} of A-Z, a-z, 0-9, `.`, `_`, `-`, `:`, `/`, `+` and `@`, a letter, \
     a digit or `@` first",
    .0.escape_debug()
)]
pub struct NameError(pub String);

/// Checks the name of an asset, a market, a scenario or the quote currency, as venues spell them:
/// `xyz:TSLA`, `@107`, `PURR/USDC`, `BTC/USDT:USDT`. It goes into instrument names, JSON, drawings and
/// contracts, onto terminals and into shells, so it has no space, quote, comma, sign of a shell or
/// control character, and one spelling in bytes.
///
/// # Errors
/// If the name is empty, is longer than [`MAX_NAME`] or has other characters.
pub fn check_name(name: &str) -> Result<(), NameError> {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b".-_:/+@".contains(&b);
    let starts = name.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric() || b == b'@');
    if starts && name.len() <= MAX_NAME && name.bytes().all(allowed) {
        Ok(())
    } else {
        Err(NameError(name.chars().take(2 * MAX_NAME).collect()))
    }
}

/// What a snapshot says an account holds: an instrument before it is split over tiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held<'a> {
    /// `deposit BTC`
    Deposit(&'a str),
    /// `borrow BTC`
    Borrow(&'a str),
    /// `long ETH-PERP`
    Long(&'a str),
    /// `short ETH-PERP`
    Short(&'a str),
    /// `quote credit`
    QuoteCredit,
    /// `quote debit`
    QuoteDebit,
}

impl<'a> Held<'a> {
    /// Reads the name of an instrument in a snapshot, or `None` if it is not one.
    pub fn parse(name: &'a str) -> Option<Self> {
        let (verb, rest) = name.split_once(' ')?;
        match (verb, rest) {
            ("quote", "credit") => return Some(Self::QuoteCredit),
            ("quote", "debit") => return Some(Self::QuoteDebit),
            _ => check_name(rest).ok()?,
        }
        match verb {
            "deposit" => Some(Self::Deposit(rest)),
            "borrow" => Some(Self::Borrow(rest)),
            "long" => Some(Self::Long(rest)),
            "short" => Some(Self::Short(rest)),
            _ => None,
        }
    }
}

/// The name of tier `tier` (from 1) of the rules' `tiers`: `deposit BTC tier 1`, or `deposit BTC`
/// alone if there is only one.
pub(crate) fn tier_name(side: &str, name: &str, tier: usize, tiers: usize) -> String {
    if tiers == 1 { format!("{side} {name}") } else { format!("{side} {name} tier {tier}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_short_and_plain() {
        let as_venues_spell = ["xyz:TSLA", "@107", "PURR/USDC", "BTC/USDT:USDT-241227-1-C", "A+B"];
        let plain = ["BTC", "1INCH", "ETH-PERP", "2020-03-12", "st_ETH.e", &"A".repeat(32)];
        for name in plain.into_iter().chain(as_venues_spell) {
            assert_eq!(check_name(name), Ok(()));
        }
        for name in [
            "",
            "-BTC",
            ".",
            ":B",
            "/B",
            "+B",
            "B TC",
            "BTC\"",
            "B'C",
            "B,C",
            "B~C",
            "B$C",
            "B#C",
            "B=C",
            "B&C",
            "B<C",
            "B;C",
            "B\\C",
            "B*C",
            "B(C",
            "BTC\n",
            "ВТС",
            &"A".repeat(33),
        ] {
            assert_eq!(check_name(name), Err(NameError(name.to_owned())));
        }
    }

    #[test]
    fn an_instrument_is_read_from_its_name() {
        assert_eq!(Held::parse("deposit BTC"), Some(Held::Deposit("BTC")));
        assert_eq!(Held::parse("borrow BTC"), Some(Held::Borrow("BTC")));
        assert_eq!(Held::parse("long ETH-PERP"), Some(Held::Long("ETH-PERP")));
        assert_eq!(Held::parse("short ETH-PERP"), Some(Held::Short("ETH-PERP")));
        assert_eq!(Held::parse("quote credit"), Some(Held::QuoteCredit));
        assert_eq!(Held::parse("quote debit"), Some(Held::QuoteDebit));
        for name in ["BTC", "deposit", "deposit ", "deposit  BTC", "deposit BTC tier 1", "sell BTC"]
        {
            assert_eq!(Held::parse(name), None);
        }
    }
}
