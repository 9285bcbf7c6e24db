//! Arguments of `pacioli deploy fund`.

use alloy_primitives::Address;

use super::{
    code::CodeArgs,
    seconds::Seconds,
    send::{SendArgs, VenueArgs},
};

/// A token that a fund pays with, as `ASSET:TOKEN`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayoutArg {
    /// The asset's name in the rules.
    pub asset: String,
    /// The token.
    pub token: Address,
}

impl std::str::FromStr for PayoutArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let form = || {
            "a payout is ASSET:TOKEN; the token is an ERC-20's address, and the chain's own coin is \
             paid in its wrapped form"
                .to_owned()
        };
        // From its end, because an asset's name may have a colon.
        let (asset, token) = text.rsplit_once(':').ok_or_else(form)?;
        let token: Address = token.parse().map_err(|_| form())?;
        if asset.is_empty() || token.is_zero() {
            return Err(form());
        }
        Ok(Self { asset: asset.to_owned(), token })
    }
}

/// Arguments of `deploy fund`. What has no default follows from the venue's delay and limits.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The terms never change. Give the payouts in the order in which they are used up: hard money first, and \
last what may lose its worth. What is left of the times is at least what the contract demands.")]
pub struct FundArgs {
    /// How the transaction is sent.
    #[command(flatten)]
    pub send: SendArgs,
    /// The venue.
    #[command(flatten)]
    pub venue: VenueArgs,
    /// A contract that checks statements, one for each key; see `deploy statements`.
    #[arg(long, value_name = "ADDRESS", required = true)]
    pub statements: Vec<Address>,
    /// What their code is compared with.
    #[command(flatten)]
    pub code: CodeArgs,
    /// A token that it pays with: ASSET:TOKEN.
    #[arg(long = "payout", value_name = "PAYOUT", required = true)]
    pub payouts: Vec<PayoutArg>,
    /// The contract that pays for the venue on chain and says whom it paid.
    #[arg(long, value_name = "ADDRESS", default_value_t = Address::ZERO)]
    pub payer: Address,
    /// How long before a breach an attestation must have been appended to be paid on. By default, the
    /// venue's delay.
    #[arg(long, value_name = "TIME")]
    pub settled_for: Option<Seconds>,
    /// From the report of a breach to the opening. By default, a day more than the venue's delay and
    /// its least distance.
    #[arg(long, value_name = "TIME")]
    pub grace: Option<Seconds>,
    /// The longest grace, if the venue raises its delay. By default, 30 days more than the grace.
    #[arg(long, value_name = "TIME")]
    pub grace_at_most: Option<Seconds>,
    /// Without an attestation for so long the venue counts as in breach. By default, 3 days more than
    /// its largest age.
    #[arg(long, value_name = "TIME")]
    pub expired_after: Option<Seconds>,
    /// How long claims share at the same time.
    #[arg(long, value_name = "TIME", default_value = "30d")]
    pub claims_for: Seconds,
    /// How long a claim may be lowered before it is paid.
    #[arg(long, value_name = "TIME", default_value = "7d")]
    pub challenge_for: Seconds,
    /// How long late claims are taken.
    #[arg(long, value_name = "TIME", default_value = "90d")]
    pub late_for: Seconds,
    /// From then on until the owner takes back what is left.
    #[arg(long, value_name = "TIME", default_value = "365d")]
    pub recovered_after: Seconds,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payout_names_asset_and_token() {
        let token = Address::repeat_byte(1);
        for asset in ["USDC", "xyz:TSLA"] {
            let read: PayoutArg = format!("{asset}:{token}").parse().unwrap();
            assert_eq!(read, PayoutArg { asset: asset.to_owned(), token });
        }
        let zero = format!("ETH:{}", Address::ZERO);
        for text in ["", "USDC", "USDC:coin", "USDC:0x01", &format!(":{token}"), &zero] {
            assert!(text.parse::<PayoutArg>().is_err(), "{text}");
        }
    }
}
