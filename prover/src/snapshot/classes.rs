//! A list of classes beside a snapshot, for the shapes without a column for them: CSV of
//! `account,class`. Accounts that are not in it are customers'.

use std::{
    collections::BTreeMap,
    io::{BufReader, Read},
};

use pacioli_rules::Class;

use super::{
    accounts::Accounts,
    csv::Rows,
    error::{Fault, Misplaced, SnapshotError},
    holdings::Snapshot,
    name::check_name,
};

/// Reads the classes of a snapshot's accounts from CSV text; `file` is the file's name in errors.
/// The snapshot is unchanged on an error.
///
/// # Errors
/// If the text is malformed, or an account is a duplicate, is not in the snapshot, or has another
/// class there.
pub fn read_classes(
    snapshot: &mut Snapshot,
    source: impl Read,
    file: &str,
) -> Result<(), SnapshotError> {
    let mut rows = Rows::open(BufReader::new(source), file)?;
    if rows.fields() != ["account", "class"] {
        return Err(rows.refuse(wrong_header(&rows.fields())));
    }
    let mut list = List {
        accounts: &snapshot.accounts,
        known: &snapshot.classes,
        read: snapshot.classes.clone(),
        lines: BTreeMap::new(),
    };
    let faults = rows.each(|row| list.add(row.line(), &row.fields()))?;
    snapshot.classes = faults.finish(|| Ok(list.read))?;
    Ok(())
}

/// A list of classes being read.
struct List<'a> {
    /// The snapshot's accounts.
    accounts: &'a Accounts,
    /// The classes of the snapshot itself.
    known: &'a BTreeMap<String, Class>,
    /// The classes with those read so far.
    read: BTreeMap<String, Class>,
    /// The line of each account read so far, by its number.
    lines: BTreeMap<usize, u64>,
}

impl List<'_> {
    /// Takes in one row.
    fn add(&mut self, line: u64, fields: &[&str]) -> Result<(), Misplaced> {
        // Every row has as many fields as the header.
        let [id, class] = fields else { return Err(wrong_header(fields)) };
        check_name(id).map_err(|error| Fault::Name { column: "account", error }.at(0))?;
        let class: Class = class.parse().map_err(|error| Fault::Class(error).at(1))?;
        let account = (*id).to_owned();
        let Some(number) = self.accounts.find(id) else {
            return Err(Fault::NoAccount(account).at(0));
        };
        if let Some(first) = self.lines.insert(number, line) {
            return Err(Fault::ClassTwice { account, first }.at(0));
        }
        if let Some(&first) = self.known.get(*id).filter(|first| **first != class) {
            return Err(Fault::TwoClasses { account, class, first }.at(1));
        }
        if class != Class::Customer {
            self.read.insert(account, class);
        }
        Ok(())
    }
}

fn wrong_header(fields: &[&str]) -> Misplaced {
    let columns = fields.join(",").escape_debug().take(100).collect();
    Fault::ClassesHeader(columns).at(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::read_csv;

    fn with(list: &str) -> Result<BTreeMap<String, Class>, String> {
        let book = "account,BTC\na,1\nfund,2\nhouse,3\n";
        let mut book = read_csv(book.as_bytes(), "book.csv").unwrap();
        let read = read_classes(&mut book, list.as_bytes(), "classes.csv");
        read.map(|()| book.classes).map_err(|error| error.to_string())
    }

    #[test]
    fn accounts_get_their_classes_from_a_list() {
        let classes = with("account,class\nfund,insurance\na,customer\nhouse,house\n").unwrap();
        let expected = [("fund", Class::Insurance), ("house", Class::House)];
        assert_eq!(classes, expected.map(|(id, class)| (id.to_owned(), class)).into());
        assert_eq!(with("account,class\n").unwrap(), BTreeMap::new());
    }

    #[test]
    fn a_malformed_list_is_refused_with_its_place() {
        for (list, error) in [
            ("", "classes.csv:1:1: the file is empty"),
            ("account,kind\n", "classes.csv:1:1: unknown columns `account,kind`: expected"),
            ("fund,insurance\n", "classes.csv:1:1: unknown columns `fund,insurance`: expected"),
            (
                "account,class\nfund\n",
                "classes.csv:2:2: expected 2 columns as in the header, got 1",
            ),
            ("account,class\n\n", "classes.csv:2:1: the line is blank: delete it"),
            ("account,class\nfund,fund\n", "classes.csv:2:2: class: unknown class `fund`"),
            ("account,class\nfond,house\n", "classes.csv:2:1: the snapshot has no account `fond`"),
            (
                "account,class\nfund,house\nfund,house\n",
                "classes.csv:3:1: duplicate account `fund`: also on line 2",
            ),
            (",house\n", "classes.csv:1:1: unknown columns"),
            (
                "account,class\nfond,house\na,house\nfund,fund\n",
                "refused in 2 places:\nclasses.csv:2:1: the snapshot has no account `fond`\nclasses.csv:4:2: ",
            ),
        ] {
            let got = with(list).unwrap_err();
            assert!(got.starts_with(error), "{got}");
        }
    }

    #[test]
    fn a_list_does_not_contradict_the_snapshot() {
        let book = "account,instrument,quantity,class\nf,deposit X,1,insurance\n";
        let mut book = read_csv(book.as_bytes(), "book.csv").unwrap();
        let same = "account,class\nf,insurance\n";
        assert!(read_classes(&mut book, same.as_bytes(), "c").is_ok());
        for other in ["house", "customer"] {
            let list = format!("account,class\nf,{other}\n");
            let mut book = book.clone();
            let error = read_classes(&mut book, list.as_bytes(), "c").unwrap_err().to_string();
            assert!(error.starts_with(&format!(
                "c:2:2: account `f` is of class {other} here and insurance before"
            )));
        }
    }
}
