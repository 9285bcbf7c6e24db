//! Why a table is not sound.

use thiserror::Error;

use crate::schema::Class;

/// Why a table is not sound. Rows and scenarios count from 0.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum CheckError {
    /// Every row has a role and a class, and every scenario a kind.
    #[error(
        "{roles} roles, {classes} classes and {kinds} kinds for {rows} rows and {scenarios} \
         scenarios"
    )]
    Lengths {
        /// Rows of the table.
        rows: usize,
        /// Scenarios of the table.
        scenarios: usize,
        /// Roles given.
        roles: usize,
        /// Classes given.
        classes: usize,
        /// Kinds given.
        kinds: usize,
    },
    /// What is owed is read in scenario 0.
    #[error("scenario {0} is out of place: `mark` is scenario 0 and nothing else is")]
    Mark(usize),
    /// Row 0, and only row 0, is the empty slot.
    #[error("row {0} is out of place: the empty slot is row 0 and nothing else is")]
    Empty(usize),
    /// Rows stand in the canonical order: none twice, none left out.
    #[error("row {0} is not the row that follows row {before}", before = .0 - 1)]
    Order(usize),
    /// The table ends after the last scenario's closing rows.
    #[error("the table ends before its last closing row")]
    End,
    /// Every tier but the last is capped, and nothing else is.
    #[error("row {0} has a cap where none belongs, or none where one does")]
    Cap(usize),
    /// A headroom is worth nothing.
    #[error("row {row} is headroom and worth something in scenario {scenario}")]
    Headroom {
        /// The row.
        row: usize,
        /// The scenario.
        scenario: usize,
    },
    /// A closing row is worth -1 (equity) or 1 (shortfall) in its own scenario and 0 elsewhere.
    #[error("closing row {row} has the wrong value in scenario {scenario}")]
    Closing {
        /// The row.
        row: usize,
        /// The scenario.
        scenario: usize,
    },
    /// What is owed to the account is never worth less than nothing, what it owes never more.
    #[error("row {row} is worth the wrong side of nothing in scenario {scenario}")]
    Sign {
        /// The row.
        row: usize,
        /// The scenario.
        scenario: usize,
    },
    /// Quote currency counts the same in every scenario.
    #[error("quote row {row} is worth something else in scenario {scenario} than in scenario 0")]
    Quote {
        /// The row.
        row: usize,
        /// The scenario.
        scenario: usize,
    },
    /// The split over tiers would change what is owed.
    #[error("row {row} differs from the tier before in scenario {scenario}, which is no margin")]
    TiersDiffer {
        /// The later tier's row.
        row: usize,
        /// The scenario.
        scenario: usize,
    },
    /// The best split over tiers would not be the true one.
    #[error("row {row} counts for more than the tier before in margin scenario {scenario}")]
    TierRises {
        /// The later tier's row.
        row: usize,
        /// The scenario.
        scenario: usize,
    },
    /// A margin scenario takes away and never adds.
    #[error("row {row} counts for more in margin scenario {scenario} than in scenario 0")]
    AboveMark {
        /// The row.
        row: usize,
        /// The scenario.
        scenario: usize,
    },
    /// Slack is worth -1 in its own scenario and 0 elsewhere.
    #[error("slack row {row} has the wrong value in scenario {scenario}")]
    Slack {
        /// The row.
        row: usize,
        /// The scenario.
        scenario: usize,
    },
    /// A constraint scenario is closed by slack alone, and every other by equity and shortfall: a
    /// loss past the contingency would else be called a shortfall, which nobody reads there.
    #[error("row {0} closes a scenario of another kind")]
    Closes(usize),
    /// A constraint scenario bounds a contingency of the table.
    #[error("constraint scenario {0} bounds no contingency of the table")]
    Bounds(usize),
    /// Customers' rows come first, then one class after another, and what all accounts share is
    /// customers'.
    #[error("row {row} is of the class `{class}`, which does not belong there")]
    Class {
        /// The row.
        row: usize,
        /// Its class.
        class: Class,
    },
    /// A twin is of a stress of the table.
    #[error("scenario {scenario} is the twin of scenario {of}, which is no stress")]
    TwinOf {
        /// The twin.
        scenario: usize,
        /// What it is a twin of.
        of: u16,
    },
    /// A stress has one twin at most, and twins stand in the order of their stresses.
    #[error("scenario {0} is a second twin, or stands behind the twin of a later stress")]
    TwinOrder(usize),
    /// Twins stand behind all other scenarios.
    #[error("scenario {0} is no twin and stands behind one")]
    AfterTwin(usize),
    /// What is owed to all but the fund would not be read in the twin.
    #[error("row {row} is not worth in the twin {scenario} what it is in the twin's stress")]
    TwinDiffers {
        /// The row.
        row: usize,
        /// The twin.
        scenario: usize,
    },
    /// The fund would pay for others, or others for the fund.
    #[error("row {row} of the insurance fund is worth something in the twin {scenario}")]
    FundCounts {
        /// The row.
        row: usize,
        /// The twin.
        scenario: usize,
    },
    /// A class would count other than customers do.
    #[error("row {row} of a class is not worth what customers' is in scenario {scenario}")]
    ClassDiffers {
        /// The row.
        row: usize,
        /// The scenario.
        scenario: usize,
    },
    /// There is one credit scenario at most.
    #[error("scenario {0} is a second credit scenario")]
    SecondCredit(usize),
    /// With a credit scenario every loan has both labels, and without one none has.
    #[error("loan row {0} lacks its uncredited row, or has one where nothing is credited")]
    Labels(usize),
    /// A label would change what is owed, bad debt or a margin.
    #[error("uncredited row {row} is not worth what the loan before is in scenario {scenario}")]
    LabelsDiffer {
        /// The uncredited row.
        row: usize,
        /// The scenario.
        scenario: usize,
    },
    /// What is not credited counts for nothing where credit is read.
    #[error("uncredited row {row} is worth something in credit scenario {scenario}")]
    UncreditedCounts {
        /// The uncredited row.
        row: usize,
        /// The scenario.
        scenario: usize,
    },
    /// A contingency would change what is owed, or bad debt.
    #[error(
        "contingency row {row} is worth something in scenario {scenario}, where what is owed or \
         bad debt is read"
    )]
    ContingencyCounts {
        /// The row.
        row: usize,
        /// The scenario.
        scenario: usize,
    },
    /// A larger contingency would flatter margin.
    #[error("contingency row {row} is worth more than nothing in margin scenario {scenario}")]
    ContingencyHelps {
        /// The row.
        row: usize,
        /// The scenario.
        scenario: usize,
    },
    /// A contingency is worth one unit, the same and above zero, in every constraint of its own.
    #[error("contingency row {row} is not worth its unit in constraint scenario {scenario}")]
    ContingencyUnit {
        /// The row.
        row: usize,
        /// The scenario.
        scenario: usize,
    },
    /// A contingency would cover the losses that another is for.
    #[error("contingency row {row} is worth something in scenario {scenario} of another one")]
    ContingencyForeign {
        /// The row.
        row: usize,
        /// The scenario.
        scenario: usize,
    },
    /// Nothing says how large a contingency is.
    #[error("contingency row {0} is bounded by no constraint scenario")]
    Unbounded(usize),
    /// A contingency is there for nothing.
    #[error("contingency row {0} counts in no margin scenario")]
    Uncounted(usize),
    /// Quote currency neither gains nor loses.
    #[error("quote row {row} is worth something in constraint scenario {scenario}")]
    QuoteGains {
        /// The row.
        row: usize,
        /// The scenario.
        scenario: usize,
    },
    /// Holding both sides would cover a loss with nothing.
    #[error("rows {asset} and {liability} gain together in constraint scenario {scenario}")]
    BothGain {
        /// The row of what is owed to the account.
        asset: usize,
        /// The row of what the account owes.
        liability: usize,
        /// The scenario.
        scenario: usize,
    },
    /// One of each side would be worth something.
    #[error("rows {asset} and {liability} are not opposite in scenario {scenario}")]
    Opposite {
        /// The row of what is owed to the account.
        asset: usize,
        /// The row of what the account owes.
        liability: usize,
        /// The scenario.
        scenario: usize,
    },
}
