//! Which file a place is in, where a snapshot is a folder of files.

use std::fmt;

use super::place::Place;

/// The files of a snapshot that is a folder, in order; empty for a single file. The lines of a
/// [`Place`] go on from one file to the next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files(Vec<FileLines>);

/// One file of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
struct FileLines {
    /// The number of lines in the files before it.
    before: u64,
    /// Its name inside the folder.
    name: String,
}

/// A place with the file that it is in, where there are several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The place in that file.
    pub place: Place,
    /// The file's name inside its folder.
    pub file: Option<String>,
}

impl Files {
    /// Adds a file after so many lines.
    pub(super) fn push(&mut self, before: u64, name: String) {
        self.0.push(FileLines { before, name });
    }

    /// The file and line of a line of the snapshot.
    pub(super) fn find(&self, line: u64) -> (Option<&str>, u64) {
        let after = self.0.partition_point(|file| file.before < line);
        match after.checked_sub(1).and_then(|file| self.0.get(file)) {
            Some(file) => (Some(&file.name), line - file.before),
            None => (None, line),
        }
    }

    /// The place with its file.
    pub fn spot(&self, place: Place) -> Spot {
        let (file, line) = self.find(place.line);
        Spot { place: Place { line, ..place }, file: file.map(str::to_owned) }
    }
}

/// A place in the only file.
impl From<Place> for Spot {
    fn from(place: Place) -> Self {
        Self { place, file: None }
    }
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.file {
            Some(file) => write!(f, "{} of {file}", self.place),
            None => write!(f, "{}", self.place),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_in_the_last_file_that_begins_before_it() {
        let mut files = Files::default();
        let spot = |files: &Files, line| files.spot(Place { line, column: 2 }).to_string();
        assert_eq!(spot(&files, 5), "line 5, column 2");
        // The second file has no lines.
        for (before, name) in [(0, "a"), (3, "b"), (3, "c")] {
            files.push(before, name.to_owned());
        }
        assert_eq!(spot(&files, 1), "line 1, column 2 of a");
        assert_eq!(spot(&files, 3), "line 3, column 2 of a");
        assert_eq!(spot(&files, 4), "line 1, column 2 of c");
        assert_eq!(spot(&files, 9), "line 6, column 2 of c");
    }
}
