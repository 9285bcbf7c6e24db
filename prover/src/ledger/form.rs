//! The forms that an account can have, and how many have which.

use std::ops::AddAssign;

/// The form of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Plain lines alone.
    Plain,
    /// Covered lines, and the slack that they leave.
    Covered,
    /// Closed in every scenario.
    Closed,
}

/// How many accounts took which form, and the lines that were saved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FormCounts {
    /// Accounts held plain.
    pub plain: u64,
    /// Accounts held covered.
    pub covered: u64,
    /// Accounts closed in every scenario.
    pub closed: u64,
    /// Lines that the first two would have more if they were closed.
    pub saved: u64,
}

impl AddAssign<(Form, u64)> for FormCounts {
    fn add_assign(&mut self, (form, saved): (Form, u64)) {
        match form {
            Form::Plain => self.plain += 1,
            Form::Covered => self.covered += 1,
            Form::Closed => self.closed += 1,
        }
        self.saved += saved;
    }
}
