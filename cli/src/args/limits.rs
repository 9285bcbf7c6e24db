//! What a venue binds itself to, as arguments.

use super::seconds::Seconds;

/// A share in hundredths of a percent, as `2.5%`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share(pub u16);

impl std::str::FromStr for Share {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let form =
            || "a share is such as 2.5%, with at most two digits behind the point".to_owned();
        let number = text.strip_suffix('%').ok_or_else(form)?;
        let (whole, rest) = number.split_once('.').unwrap_or((number, "0"));
        let digits =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(rest) || rest.len() > 2 {
            return Err(form());
        }
        let rest = format!("{rest:0<2}").parse::<u16>().map_err(|_| form())?;
        let whole = whole.parse::<u16>().map_err(|_| form())?;
        let share = whole.checked_mul(100).and_then(|whole| whole.checked_add(rest));
        share.map(Self).ok_or_else(form)
    }
}

/// What a venue binds itself to.
#[derive(Clone, Debug, clap::Args)]
pub struct LimitsArgs {
    /// An attestation whose snapshot is older has expired.
    #[arg(long, value_name = "TIME", default_value = "25h")]
    pub max_age: Seconds,
    /// The least time from one snapshot to the next.
    #[arg(long, value_name = "TIME", default_value = "1h")]
    pub min_distance: Seconds,
    /// Reserves must be marked so soon after the snapshot.
    #[arg(long, value_name = "TIME", default_value = "10m")]
    pub mark_within: Seconds,
    /// How far below what is needed reserves may be found before that counts towards a breach.
    #[arg(long, value_name = "SHARE", default_value = "1%")]
    pub tolerance: Share,
    /// How far what is owed may move within the delay; 0% for any.
    #[arg(long, value_name = "SHARE", default_value = "50%")]
    pub band_owed: Share,
    /// How far the deposits of an asset may move; 0% for any.
    #[arg(long, value_name = "SHARE", default_value = "0%")]
    pub band_deposits: Share,
    /// How far the open interest of a market may move; 0% for any.
    #[arg(long, value_name = "SHARE", default_value = "0%")]
    pub band_interest: Share,
    /// How far a price may move; 0% for any.
    #[arg(long, value_name = "SHARE", default_value = "0%")]
    pub band_prices: Share,
    /// The most that reserves on other chains count, as a share of those here.
    #[arg(long, value_name = "SHARE", default_value = "0%")]
    pub elsewhere: Share,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_has_two_digits_behind_the_point() {
        for (text, bps) in
            [("2.5%", 250), ("0%", 0), ("100%", 10_000), ("0.01%", 1), ("1.05%", 105)]
        {
            assert_eq!(text.parse(), Ok(Share(bps)), "{text}");
        }
        for text in ["", "%", "2", "2.555%", "-1%", "1,5%", ".5%", "5.%", "700%0", "99999%"] {
            assert!(text.parse::<Share>().is_err(), "{text}");
        }
    }
}
