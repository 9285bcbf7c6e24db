//! What a row of the table is.

use pacioli_circuits::ScenarioId;

/// The role of an instrument; an option counts as a market. Assets and markets are numbered by
/// their order in the table, scenarios by theirs, tiers from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// The empty slot.
    Empty,
    /// An asset that the venue owes the account.
    Deposit {
        /// The asset.
        asset: u16,
        /// The tier of weights.
        tier: u16,
    },
    /// An asset that the account owes the venue.
    Borrow {
        /// The asset.
        asset: u16,
    },
    /// A borrow that is not credited against deposits.
    Uncredited {
        /// The asset.
        asset: u16,
    },
    /// A long position.
    Long {
        /// The market.
        market: u16,
        /// The margin tier.
        tier: u16,
    },
    /// A short position.
    Short {
        /// The market.
        market: u16,
        /// The margin tier.
        tier: u16,
    },
    /// The rest of the cap of the row before.
    Headroom,
    /// Quote currency that the venue owes the account, such as the entry of a short.
    QuoteCredit,
    /// Quote currency that the account owes the venue, such as the entry of a long.
    QuoteDebit,
    /// A margin requirement that the prover chooses, no smaller than the losses it is bounded by.
    Contingency {
        /// Its number, in the order of the contingencies' names.
        number: u16,
    },
    /// A holding that is worth at least 0 in every scenario, and in the circuit nothing in any.
    Plain {
        /// The row that it stands for.
        of: u16,
    },
    /// A holding that is worth something in the scenario `cover` alone: at most its least value.
    Covered {
        /// The row that it stands for.
        of: u16,
    },
    /// The account's equity in a scenario.
    Equity {
        /// The scenario.
        scenario: ScenarioId,
    },
    /// The account's shortfall in a scenario.
    Shortfall {
        /// The scenario.
        scenario: ScenarioId,
    },
    /// The excess of a contingency over the account's loss in a constraint scenario.
    Slack {
        /// The scenario.
        scenario: ScenarioId,
    },
}

impl Role {
    /// Whether a quantity of the row is something that an account holds.
    pub fn is_held(self) -> bool {
        !self.is_shared() && !matches!(self, Self::Empty | Self::Headroom)
    }

    /// Whether accounts of all classes have the row: contingencies, and what closes a scenario.
    pub fn is_shared(self) -> bool {
        match self {
            Self::Contingency { .. } => true,
            Self::Equity { .. } | Self::Shortfall { .. } | Self::Slack { .. } => true,
            Self::Empty | Self::Headroom | Self::QuoteCredit | Self::QuoteDebit => false,
            Self::Deposit { .. } | Self::Borrow { .. } | Self::Uncredited { .. } => false,
            Self::Long { .. } | Self::Short { .. } => false,
            Self::Plain { .. } | Self::Covered { .. } => false,
        }
    }

    /// The row that a plain or covered row stands for.
    pub fn stands_for(self) -> Option<usize> {
        match self {
            Self::Plain { of } | Self::Covered { of } => Some(of.into()),
            _ => None,
        }
    }
}
