//! The parameters of a proposal.

use pacioli_rules::Decimal;

use super::error::CalibrateError;

/// The parameters of a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Days to close a position without size, for maintenance.
    pub horizon: u32,
    /// The same for initial margins and weights.
    pub initial_horizon: u32,
    /// The number of last days for realised volatility and volume.
    pub window: usize,
    /// The weight of a day's squared move relative to the next day's, below 1.
    pub lambda: Decimal,
    /// The fraction of a day's volume that can be closed in that day.
    pub participation: Decimal,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            horizon: 1,
            initial_horizon: 2,
            window: 90,
            lambda: Decimal::new(94, 2),
            participation: Decimal::new(1, 1),
        }
    }
}

/// Longest horizon, in days.
const LONGEST_HORIZON: u32 = 365;

impl Settings {
    /// Fails if a setting is out of range.
    pub(super) fn check(&self) -> Result<(), CalibrateError> {
        let refuse = |setting, range| Err(CalibrateError::Setting { setting, range });
        let inside = |number: &Decimal| number.mantissa() > 0 && *number <= Decimal::from(1);
        if !(1..=LONGEST_HORIZON).contains(&self.horizon) {
            return refuse("the horizon", "between 1 and 365 days");
        }
        if !(self.horizon..=LONGEST_HORIZON).contains(&self.initial_horizon) {
            return refuse("the initial horizon", "between the horizon and 365 days");
        }
        if self.window == 0 {
            return refuse("the window", "at least one day");
        }
        if !inside(&self.lambda) {
            return refuse("lambda", "above 0 and at most 1");
        }
        if !inside(&self.participation) {
            return refuse("the participation", "above 0 and at most 1");
        }
        Ok(())
    }
}
