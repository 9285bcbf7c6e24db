//! Reasons why a table is not sound.

use pacioli_circuits::ScenarioId;
use thiserror::Error;

use crate::schema::Class;

/// Reasons why a table is not sound. Rows and scenarios count from 0.
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
    /// Liabilities are read in scenario 0.
    #[error("scenario {0} is out of place: scenario 0, and no other, must be `mark`")]
    Mark(ScenarioId),
    /// Row 0, and only row 0, is the empty slot.
    #[error("row {0} is out of place: row 0, and no other, must be the empty slot")]
    Empty(usize),
    /// Rows have the canonical order: no duplicate, and none left out.
    #[error("row {0} cannot follow row {before}", before = .0 - 1)]
    Order(usize),
    /// The table ends after the last scenario's closing rows.
    #[error("the table ends before its last closing row")]
    End,
    /// Every tier but the last is capped, and nothing else is.
    #[error("row {0} has a cap that does not belong there, or lacks one")]
    Cap(usize),
    /// A headroom is worth 0.
    #[error("headroom row {row} must be 0 in scenario {scenario}")]
    Headroom {
        /// The row.
        row: usize,
        /// The scenario.
        scenario: ScenarioId,
    },
    /// A closing row is worth -1 (equity) or 1 (shortfall) in its own scenario and 0 elsewhere.
    #[error("closing row {row} has the wrong value in scenario {scenario}")]
    Closing {
        /// The row.
        row: usize,
        /// The scenario.
        scenario: ScenarioId,
    },
    /// A claim of the account is never below 0, and its liability never above.
    #[error("row {row} has the wrong sign in scenario {scenario}")]
    Sign {
        /// The row.
        row: usize,
        /// The scenario.
        scenario: ScenarioId,
    },
    /// Quote currency counts the same in every scenario.
    #[error("quote row {row} must have the same value in scenario {scenario} as in scenario 0")]
    Quote {
        /// The row.
        row: usize,
        /// The scenario.
        scenario: ScenarioId,
    },
    /// The split over tiers would change liabilities.
    #[error("row {row} differs from the tier before in scenario {scenario}, which has no margins")]
    TiersDiffer {
        /// The later tier's row.
        row: usize,
        /// The scenario.
        scenario: ScenarioId,
    },
    /// The best split over tiers would not be the true one.
    #[error("row {row} counts for more than the tier before in margin scenario {scenario}")]
    TierRises {
        /// The later tier's row.
        row: usize,
        /// The scenario.
        scenario: ScenarioId,
    },
    /// A margin scenario takes away and never adds.
    #[error("row {row} counts for more in margin scenario {scenario} than in scenario 0")]
    AboveMark {
        /// The row.
        row: usize,
        /// The scenario.
        scenario: ScenarioId,
    },
    /// Slack is worth -1 in its own scenario and 0 elsewhere.
    #[error("slack row {row} has the wrong value in scenario {scenario}")]
    Slack {
        /// The row.
        row: usize,
        /// The scenario.
        scenario: ScenarioId,
    },
    /// A constraint scenario is closed by slack alone, and every other by equity and shortfall: a
    /// loss past the contingency would else be called a shortfall, which nobody reads there.
    #[error("row {0} closes a scenario of another kind")]
    Closes(usize),
    /// A constraint scenario bounds a contingency of the table.
    #[error("constraint scenario {0} must bound a contingency of the table")]
    Bounds(ScenarioId),
    /// Customers' rows come first, then one class after another, and what all accounts share is
    /// customers'.
    #[error("row {row} has the class `{class}`, which does not belong there")]
    Class {
        /// The row.
        row: usize,
        /// Its class.
        class: Class,
    },
    /// A twin is of a stress of the table.
    #[error("scenario {scenario} is the twin of scenario {of}, which is not a stress")]
    TwinOf {
        /// The twin.
        scenario: ScenarioId,
        /// The scenario it is the twin of.
        of: ScenarioId,
    },
    /// A stress has one twin at most, and twins have the order of their stresses.
    #[error("scenario {0} is a second twin, or follows the twin of a later stress")]
    TwinOrder(ScenarioId),
    /// Twins follow all other scenarios.
    #[error("scenario {0} is not a twin and follows one")]
    AfterTwin(ScenarioId),
    /// The twin would not show the liabilities to all but the fund.
    #[error("row {row} must have the same value in the twin {scenario} as in its stress")]
    TwinDiffers {
        /// The row.
        row: usize,
        /// The twin.
        scenario: ScenarioId,
    },
    /// The fund would pay for others, or others for the fund.
    #[error("row {row} of the insurance fund must be 0 in the twin {scenario}")]
    FundCounts {
        /// The row.
        row: usize,
        /// The twin.
        scenario: ScenarioId,
    },
    /// A class would count otherwise than customers.
    #[error("row {row} of a class must have the customers' value in scenario {scenario}")]
    ClassDiffers {
        /// The row.
        row: usize,
        /// The scenario.
        scenario: ScenarioId,
    },
    /// There is one credit scenario at most.
    #[error("scenario {0} is a second credit scenario")]
    SecondCredit(ScenarioId),
    /// With a credit scenario every borrow has both labels, and without one only the first.
    #[error("borrow row {0} lacks its uncredited row, or has one without a credit scenario")]
    Labels(usize),
    /// A label would change liabilities, bad debt or a margin.
    #[error(
        "uncredited row {row} must have the value of the borrow before it in scenario {scenario}"
    )]
    LabelsDiffer {
        /// The uncredited row.
        row: usize,
        /// The scenario.
        scenario: ScenarioId,
    },
    /// A borrow that is not credited must not count in the credit scenario.
    #[error("uncredited row {row} must be 0 in credit scenario {scenario}")]
    UncreditedCounts {
        /// The uncredited row.
        row: usize,
        /// The scenario.
        scenario: ScenarioId,
    },
    /// A contingency would change liabilities or bad debt.
    #[error(
        "contingency row {row} must be 0 in scenario {scenario}, where liabilities or bad debt are \
         read"
    )]
    ContingencyCounts {
        /// The row.
        row: usize,
        /// The scenario.
        scenario: ScenarioId,
    },
    /// A larger contingency would improve a margin.
    #[error("contingency row {row} must not be above 0 in margin scenario {scenario}")]
    ContingencyHelps {
        /// The row.
        row: usize,
        /// The scenario.
        scenario: ScenarioId,
    },
    /// A contingency is worth one unit, the same and above zero, in every constraint of its own.
    #[error("contingency row {row} must be worth its unit in constraint scenario {scenario}")]
    ContingencyUnit {
        /// The row.
        row: usize,
        /// The scenario.
        scenario: ScenarioId,
    },
    /// A contingency would cover the losses that another is for.
    #[error("contingency row {row} must be 0 in scenario {scenario}, which bounds another one")]
    ContingencyForeign {
        /// The row.
        row: usize,
        /// The scenario.
        scenario: ScenarioId,
    },
    /// A contingency without a bound.
    #[error("contingency row {0} must be bounded by a constraint scenario")]
    Unbounded(usize),
    /// A contingency that never counts.
    #[error("contingency row {0} must count in a margin scenario")]
    Uncounted(usize),
    /// Quote currency neither gains nor loses.
    #[error("quote row {row} must be 0 in constraint scenario {scenario}")]
    QuoteGains {
        /// The row.
        row: usize,
        /// The scenario.
        scenario: ScenarioId,
    },
    /// Holding both sides would cover a loss with nothing.
    #[error("rows {asset} and {liability} gain together in constraint scenario {scenario}")]
    BothGain {
        /// The row of what is owed to the account.
        asset: usize,
        /// The row of what the account owes.
        liability: usize,
        /// The scenario.
        scenario: ScenarioId,
    },
    /// One of each side would be worth something.
    #[error("rows {asset} and {liability} are not opposite in scenario {scenario}")]
    Opposite {
        /// The row of what is owed to the account.
        asset: usize,
        /// The row of what the account owes.
        liability: usize,
        /// The scenario.
        scenario: ScenarioId,
    },
    /// The scenario `cover` is the last, and stands where there are plain or covered rows alone.
    #[error("scenario {0} is out of place: `cover` is the last, and there is one at most")]
    Cover(ScenarioId),
    /// Plain or covered rows without a scenario that covers them, or the other way round.
    #[error("there are plain or covered rows without the scenario `cover`, or it without them")]
    CoverAlone,
    /// A plain or covered row stands for a customers' row, of the first tier, before it.
    #[error("row {row} stands for row {of}, which is not a customers' holding in its first tier")]
    StandsFor {
        /// The row.
        row: usize,
        /// The row that it stands for.
        of: usize,
    },
    /// A plain or covered row would balance something that is counted elsewhere.
    #[error("row {row} is plain or covered and must be 0 in scenario {scenario}")]
    FormCounts {
        /// The row.
        row: usize,
        /// The scenario.
        scenario: ScenarioId,
    },
    /// What a holding covers must be there in every scenario.
    #[error("row {row} counts for more in `cover` than the least value of what it stands for")]
    AboveLeast {
        /// The row.
        row: usize,
    },
    /// Whatever else counted in `cover` would cover a debt there and count again elsewhere.
    #[error("row {row} must be 0 in the scenario `cover`")]
    CoverCounts {
        /// The row.
        row: usize,
    },
}
