//! A snapshot being read from one file or several, one after another.

use super::{
    arrangement::{Arranged, Arrangement},
    error::{Fault, Misplaced, SnapshotError},
    faults::Faults,
    files::Files,
    form::Form,
    holdings::Snapshot,
    part::{Kind, Part},
    row::Row,
    source_error::SourceError,
};

/// A snapshot being read, and the file at hand.
#[derive(Default)]
pub(super) struct Reading {
    /// The rows so far; `None` before the first header.
    form: Option<Form>,
    kind: Option<Kind>,
    /// The columns of all files, as the first one has them, and that one's name.
    columns: Vec<String>,
    first: String,
    /// The files of a folder.
    files: Files,
    /// The file at hand, its columns, and the lines of the files before it.
    part: Part,
    arrangement: Arrangement,
    lines_before: u64,
    /// The rows that were refused, of all files so far.
    faults: Faults,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// Ids of accounts.
    Accounts,
    /// Names of instruments, assets or classes.
    Names,
    /// Quantities or amounts.
    Numbers,
}

impl Reading {
    /// Begins a file, of the same kind as the first.
    pub fn begin(&mut self, part: Part, kind: Kind) -> Result<(), SnapshotError> {
        if *self.kind.get_or_insert(kind) != kind {
            return Err(part.refuse(SourceError::Mixed { first: self.first.clone() }));
        }
        if !part.within.is_empty() {
            self.files.push(self.lines_before, part.within.clone());
        }
        self.part = part;
        Ok(())
    }

    /// The name of the file at hand.
    pub fn name(&self) -> &str {
        &self.part.name
    }

    /// Takes in the header of a file, which is on this line: of the first, or the same again.
    pub fn header(&mut self, columns: &[&str], line: u64) -> Result<(), SnapshotError> {
        self.arrangement = Arrangement::of(columns, &self.part.partitions);
        let names: Vec<&str> = self.arrangement.names.iter().map(String::as_str).collect();
        if self.form.is_none() {
            self.form = Some(Form::of(&names).map_err(|fault| fault.on(self.name(), line))?);
            self.columns.clone_from(&self.arrangement.names);
            self.first.clone_from(&self.part.within);
        } else if self.columns != names {
            return Err(self.part.refuse(SourceError::OtherColumns {
                got: shown(&names.join(",")),
                expected: shown(&self.columns.join(",")),
                first: self.first.clone(),
            }));
        }
        Ok(())
    }

    /// What a column of the file holds.
    pub fn holds(&self, column: usize) -> Holds {
        match (self.column(column), &self.form) {
            (0, _) => Holds::Accounts,
            (column, Some(form)) if form.holds_names(column) => Holds::Names,
            _ => Holds::Numbers,
        }
    }

    /// The place in the snapshot's shape of a column of the file.
    pub fn column(&self, column: usize) -> usize {
        self.arrangement.column(column)
    }

    /// Takes in a row.
    pub fn add(&mut self, row: &impl Row) -> Result<(), SnapshotError> {
        let Self { form: Some(form), arrangement, lines_before, .. } = self else {
            return Err(self.refuse(Fault::Empty.at(0), row.line()));
        };
        let arranged = Arranged { arrangement, row, lines_before: *lines_before };
        let read = form.add(&arranged).map_err(|fault| self.refuse(fault, row.line()));
        self.take(read)
    }

    /// Takes in whether a row was read or refused.
    ///
    /// # Errors
    /// If nothing can be read behind it: all faults so far, with this one.
    pub fn take(&mut self, read: Result<(), SnapshotError>) -> Result<(), SnapshotError> {
        self.faults.take(read)
    }

    /// The error that ends the reading, behind all faults so far.
    pub fn end_with(&mut self, error: SnapshotError) -> SnapshotError {
        self.faults.end_with(error)
    }

    /// A fault on a line of the file at hand.
    pub fn refuse(&self, fault: Misplaced, line: u64) -> SnapshotError {
        let Misplaced { column, fault } = fault;
        self.with_file(fault).at(column).on(self.name(), line)
    }

    /// The fault with the name of the file that it refers to, if that is another one.
    fn with_file(&self, mut fault: Fault) -> Fault {
        let (Fault::DuplicateRow { first, .. } | Fault::DuplicateAccount { first, .. }) =
            &mut fault
        else {
            return fault;
        };
        let (file, line) = self.files.find(*first);
        *first = line;
        match file.filter(|file| *file != self.part.within) {
            Some(file) => Fault::InFile { fault: Box::new(fault), file: file.to_owned() },
            None => fault,
        }
    }

    /// Ends the file at hand, of so many lines.
    pub fn end(&mut self, lines: u64) {
        self.lines_before += lines;
    }

    /// The snapshot, or a fault on this line if it has no rows.
    pub fn finish(self, name: &str, line: u64) -> Result<Snapshot, SnapshotError> {
        self.faults.finish(|| Ok(()))?;
        let none = || Fault::NoRows.at(0).on(name, line);
        let snapshot = self.form.ok_or_else(none)?.finish();
        let snapshot = snapshot.map_err(|fault| fault.on(name, line))?;
        Ok(Snapshot { files: self.files, ..snapshot })
    }
}

/// Columns as an error shows them: no more than a line holds.
fn shown(columns: &str) -> String {
    columns.escape_debug().take(100).collect()
}
