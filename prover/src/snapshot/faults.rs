//! The collector of faults: all bad rows of a file are told in one run.

use super::error::{Fault, SnapshotError};
use crate::several::Several;

/// The faults of a file's rows so far.
#[derive(Default)]
pub(super) struct Faults(Several<SnapshotError>);

impl Faults {
    /// Takes in a row that was read or refused.
    ///
    /// # Errors
    /// If nothing can be read behind it: all faults so far, with this one.
    pub fn take(&mut self, read: Result<(), SnapshotError>) -> Result<(), SnapshotError> {
        let Err(error) = read else { return Ok(()) };
        if !error.ends_the_reading() {
            self.0.add(error);
            return Ok(());
        }
        Err(self.end_with(error))
    }

    /// The error that ends the reading, behind all faults so far.
    pub fn end_with(&mut self, error: SnapshotError) -> SnapshotError {
        let mut all = std::mem::take(&mut self.0);
        if all.is_empty() {
            return error;
        }
        // Shown whatever stands before it: it says why the rows behind are not judged.
        all.first.push(error);
        SnapshotError::Several(all)
    }

    /// The faults if there are any, and else what was read.
    pub fn finish<T>(
        self,
        read: impl FnOnce() -> Result<T, SnapshotError>,
    ) -> Result<T, SnapshotError> {
        self.0.result(SnapshotError::Several)?;
        read()
    }
}

impl SnapshotError {
    /// Whether the rows behind it cannot be read, or would say the same without end.
    fn ends_the_reading(&self) -> bool {
        match self {
            Self::Fault { fault, .. } => {
                use Fault::{LongLine, TooManyInstruments, TooManyRows};
                matches!(fault, LongLine | TooManyInstruments | TooManyRows)
            }
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{SnapshotError, error::MAX_LINE_BYTES, read_csv};

    fn refused(text: &str) -> String {
        read_csv(text.as_bytes(), "b.csv").unwrap_err().to_string()
    }

    #[test]
    fn all_bad_rows_are_told_in_one_run() {
        let rows = "a,BTC,1\na,BTC,2\nb,B C,1\nb,BTC\n\nc,BTC,1e3\n\"c,ETH,1\nd,BTC,1\n";
        let told = refused(&format!("account,asset,amount\n{rows}"));
        let places: Vec<_> = told.lines().map(|line| line.split(": ").next().unwrap()).collect();
        let expected = ["b.csv:3:2", "b.csv:4:2", "b.csv:5:3", "b.csv:6:1", "b.csv:7:3"];
        assert_eq!(told.lines().next(), Some("refused in 6 places:"));
        assert_eq!(places[1..6], expected);
        assert_eq!(places[6], "b.csv:8:1");
    }

    #[test]
    fn the_first_hundred_are_shown_and_the_others_counted() {
        let rows: String = (0..250).map(|row| format!("{row},1,000\n")).collect();
        let told = refused(&format!("account,BTC\nx,1\n{rows}"));
        assert!(told.starts_with("refused in 250 places:\nb.csv:3:3: "), "{told}");
        assert!(told.ends_with("\nand 150 more"), "{told}");
        assert_eq!(told.lines().count(), 102);
    }

    #[test]
    fn what_ends_the_reading_is_shown_last() {
        let rows: String = (0..150).map(|row| format!("{row},x\n")).collect();
        let long = "a".repeat(MAX_LINE_BYTES as usize + 1);
        let text = format!("account,BTC\n{rows}{long}\nb,1\n");
        let Err(SnapshotError::Several(all)) = read_csv(text.as_bytes(), "b.csv") else {
            panic!("it is refused")
        };
        assert_eq!((all.first.len(), all.more), (101, 50));
        assert!(all.first[100].to_string().starts_with("b.csv:152:1: the line is longer than"));
    }
}
