//! A list of classes beside a snapshot, for the shapes that have no column for them: CSV of
//! `account,class`. Accounts that it leaves out are customers'.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufReader, Read},
};

use pacioli_rules::Class;

use super::{Fault, Snapshot, SnapshotError, csv, error::Misplaced, name::check_name};

/// Reads the classes of a snapshot's accounts from CSV text; `file` stands for the file in errors.
///
/// # Errors
/// Where the text is not as described, an account stands twice, is not in the snapshot, or has
/// another class there.
pub fn read_classes(
    snapshot: &mut Snapshot,
    source: impl Read,
    file: &str,
) -> Result<(), SnapshotError> {
    let ids: BTreeSet<&str> = snapshot.accounts.iter().map(|holder| &*holder.id).collect();
    let mut seen: BTreeMap<String, u64> = BTreeMap::new();
    let known = std::mem::take(&mut snapshot.classes);
    let mut classes = known.clone();
    csv::read_rows(BufReader::new(source), file, |line, fields| {
        if line == 1 {
            return if fields == ["account", "class"] { Ok(()) } else { Err(wrong_header(fields)) };
        }
        // Every row has as many fields as the header.
        let [id, class] = fields else { return Err(wrong_header(fields)) };
        check_name(id).map_err(|error| Fault::Name { column: "account", error }.at(0))?;
        let class: Class = class.parse().map_err(|error| Fault::Class(error).at(1))?;
        if !ids.contains(*id) {
            return Err(Fault::NoAccount((*id).to_owned()).at(0));
        }
        if let Some(first) = seen.insert((*id).to_owned(), line) {
            return Err(Fault::ClassTwice { account: (*id).to_owned(), first }.at(0));
        }
        if let Some(&first) = known.get(*id).filter(|first| **first != class) {
            return Err(Fault::TwoClasses { account: (*id).to_owned(), class, first }.at(1));
        }
        if class != Class::Customer {
            classes.insert((*id).to_owned(), class);
        }
        Ok(())
    })?;
    snapshot.classes = classes;
    Ok(())
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
    fn what_is_no_list_is_refused_where_it_stands() {
        for (list, error) in [
            ("", "classes.csv:1:1: the file is empty"),
            ("account,kind\n", "classes.csv:1:1: the columns `account,kind` are not"),
            ("fund,insurance\n", "classes.csv:1:1: the columns `fund,insurance` are not"),
            ("account,class\nfund\n", "classes.csv:2:2: 1 columns where the header has 2"),
            ("account,class\n\n", "classes.csv:2:1: the line is blank"),
            ("account,class\nfund,fund\n", "classes.csv:2:2: class: unknown class `fund`"),
            ("account,class\nfond,house\n", "classes.csv:2:1: the snapshot has no account `fond`"),
            (
                "account,class\nfund,house\nfund,house\n",
                "classes.csv:3:1: `fund` stands on line 2 already",
            ),
            (",house\n", "classes.csv:1:1: the columns"),
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
            assert!(error.starts_with(&format!("c:2:2: `f` is {other} here and insurance before")));
        }
    }
}
