//! Errors of calibration.

use pacioli_rules::RulesError;
use thiserror::Error;

/// Why no proposal can be made.
#[derive(Debug, Error)]
pub enum CalibrateError {
    /// A setting is out of range.
    #[error("{setting} must be {range}")]
    Setting {
        /// The setting.
        setting: &'static str,
        /// The required range.
        range: &'static str,
    },
    /// Too few days.
    #[error("{asset}: {got} days of history, at least {needed} are needed")]
    ShortHistory {
        /// The asset.
        asset: String,
        /// The number of days.
        got: usize,
        /// The minimum number of days.
        needed: usize,
    },
    /// Nothing was traded, so the time to close a position is unknown.
    #[error("{asset}: no volume in the window")]
    NoVolume {
        /// The asset.
        asset: String,
    },
    /// A figure is too large for a rules file.
    #[error("{subject}: the move is too large to be a figure")]
    Bounds {
        /// The subject.
        subject: String,
    },
    /// The rules have no margin scenario.
    #[error("the rules have no margin scenario")]
    NoMargin,
    /// No rule applies to an asset with a history.
    #[error("no rule applies to any asset of the history")]
    Nothing,
    /// The rules in force, or those proposed, are refused.
    #[error("the rules: {0}")]
    Rules(#[from] RulesError),
    /// The rules in force are not TOML that can be edited.
    #[error("the rules cannot be edited: {0}")]
    Edit(#[from] toml_edit::TomlError),
    /// The rules in force lack a table that was read before.
    #[error("the rules cannot be edited: there is no `{0}`")]
    NoTable(String),
}
