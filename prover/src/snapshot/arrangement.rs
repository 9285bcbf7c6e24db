//! The columns of a file and those in the names of its folders, in the order of a shape.

use pacioli_rules::Decimal;

use super::{
    error::Fault,
    form::{COLUMN_NAMES, SHAPES},
    partition::Partition,
    row::Row,
};

/// Where each column of a shape is found.
#[derive(Debug, Default)]
pub(super) struct Arrangement {
    pub names: Vec<String>,
    origins: Vec<Origin>,
}

#[derive(Debug)]
enum Origin {
    /// This column of the file.
    File(usize),
    /// The name of a folder.
    Folder(String),
}

impl Arrangement {
    /// The columns of a file under its folders, in a shape's order if they are those of a shape. A
    /// folder's column that no shape has is no column of the snapshot.
    pub fn of(columns: &[&str], partitions: &[Partition]) -> Self {
        let folders: Vec<_> =
            partitions.iter().filter(|one| COLUMN_NAMES.contains(&&*one.column)).collect();
        let shaped = SHAPES.iter().find_map(|shape| in_order(shape, columns, &folders));
        let (names, origins) = match shaped {
            Some(origins) if !folders.is_empty() => origins,
            // Whether these are a shape is for the form to say.
            _ => {
                let own = columns.iter().enumerate().map(|(i, name)| (*name, Origin::File(i)));
                let above = folders.iter().map(|one| (&*one.column, folder(one)));
                own.chain(above).map(|(name, origin)| (name.to_owned(), origin)).unzip()
            }
        };
        Self { names, origins }
    }

    /// The place in the shape of a column of the file.
    pub fn column(&self, in_file: usize) -> usize {
        let is_it = |origin: &Origin| matches!(origin, Origin::File(column) if *column == in_file);
        self.origins.iter().position(is_it).unwrap_or(in_file)
    }
}

fn folder(partition: &Partition) -> Origin {
    Origin::Folder(partition.value.clone())
}

/// The columns of a shape, each found in the next column of the file or in a folder's name; `None`
/// if one is missing or too many.
fn in_order(
    shape: &[&str],
    columns: &[&str],
    folders: &[&Partition],
) -> Option<(Vec<String>, Vec<Origin>)> {
    let mut rest = columns.iter().enumerate();
    let origin = |name: &&str| match folders.iter().find(|one| one.column == *name) {
        Some(one) => Some((name.to_string(), folder(one))),
        None => {
            let (column, own) = rest.next()?;
            (own == name).then(|| (name.to_string(), Origin::File(column)))
        }
    };
    let found: Option<Vec<_>> = shape.iter().map(origin).collect();
    let all = shape.len() == columns.len() + folders.len();
    found.filter(|_| all).map(|found| found.into_iter().unzip())
}

/// A row of a file with the columns of its folders; its lines follow those of the files before.
pub(super) struct Arranged<'a, R> {
    pub arrangement: &'a Arrangement,
    pub row: &'a R,
    pub lines_before: u64,
}

impl<R: Row> Row for Arranged<'_, R> {
    fn line(&self) -> u64 {
        self.lines_before + self.row.line()
    }

    fn text(&self, column: usize) -> Result<&str, Fault> {
        match &self.arrangement.origins[column] {
            Origin::File(column) => self.row.text(*column),
            Origin::Folder(value) => Ok(value),
        }
    }

    fn number(&self, column: usize, name: &str) -> Result<Option<Decimal>, Fault> {
        match &self.arrangement.origins[column] {
            Origin::File(column) => self.row.number(*column, name),
            Origin::Folder(value) if value.is_empty() => Ok(None),
            Origin::Folder(value) => {
                let fault = |error| Fault::Number { column: name.to_owned(), error };
                value.parse().map(Some).map_err(fault)
            }
        }
    }
}
