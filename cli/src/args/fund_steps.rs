//! Arguments of `pacioli fund`: the steps from a breach to a payout.

use alloy_primitives::Address;
use clap::Subcommand;

use super::venue::ActArgs;

/// A venue's fund, and how transactions about it are sent.
#[derive(Debug, clap::Args)]
pub struct FundActArgs {
    /// The venue.
    #[command(flatten)]
    pub act: ActArgs,
    /// The fund: a Compensation contract, as `deploy fund` made it.
    #[arg(long, value_name = "ADDRESS")]
    pub fund: Address,
    /// Go on though the fund is not where this release's `deploy fund` puts one of the terms that it
    /// states: one of another release, or of anybody.
    #[arg(long)]
    pub accept_unknown_code: bool,
}

/// What anyone does about a venue's fund. Holders claim with `pacioli claim --fund`. All of it follows
/// from facts of the registry, so nobody has to be trusted with it.
#[derive(Debug, Subcommand)]
pub enum FundCommand {
    /// Have the fund confirm that its balance of a token backs the venue (anyone).
    Accept {
        /// The fund.
        #[command(flatten)]
        at: FundActArgs,
        /// The token, announced as a reserve of the fund for insurance.
        #[arg(long, value_name = "ADDRESS")]
        token: Address,
    },
    /// Report that the venue is in breach or far too old: the grace begins (anyone).
    Report {
        /// The fund.
        #[command(flatten)]
        at: FundActArgs,
        /// The attestation in breach, by its number in the registry. By default, the latest.
        #[arg(long, value_name = "NUMBER")]
        round: Option<u64>,
    },
    /// Nominate the attestation to be paid on, during the grace (anyone).
    Nominate {
        /// The fund.
        #[command(flatten)]
        at: FundActArgs,
        /// Its number in the registry: the last that held and was old enough at the breach.
        #[arg(long, value_name = "NUMBER")]
        round: u64,
    },
    /// Cancel a report by a later attestation that holds (anyone).
    Cancel {
        /// The fund.
        #[command(flatten)]
        at: FundActArgs,
        /// Its number in the registry. By default, the latest.
        #[arg(long, value_name = "NUMBER")]
        round: Option<u64>,
    },
    /// Open the fund after the grace: claims are taken from now on (anyone).
    Open {
        /// The fund.
        #[command(flatten)]
        at: FundActArgs,
    },
    /// Fix what each claim gets, after claims and challenge (anyone).
    FixShares {
        /// The fund.
        #[command(flatten)]
        at: FundActArgs,
    },
    /// Pay a claim what it has not been paid yet (anyone).
    Pay {
        /// The fund.
        #[command(flatten)]
        at: FundActArgs,
        /// The account's id, as in its statement.
        #[arg(long, value_name = "ID")]
        account: String,
    },
}

impl FundCommand {
    /// The fund.
    pub fn at(&self) -> &FundActArgs {
        match self {
            Self::Accept { at, .. }
            | Self::Report { at, .. }
            | Self::Nominate { at, .. }
            | Self::Cancel { at, .. }
            | Self::Open { at }
            | Self::FixShares { at }
            | Self::Pay { at, .. } => at,
        }
    }
}
