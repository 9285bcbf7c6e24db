//! The three shapes of a snapshot, told apart by the names of their columns.

use std::collections::HashMap;

use pacioli_rules::Closest;

use super::{
    balances::Balances,
    error::{Fault, Misplaced},
    gather::Gather,
    holdings::Snapshot,
    index_column, long,
    row::Row,
    wide::Wide,
};

/// A snapshot being read, in the shape that its columns have.
pub(super) struct Form {
    shape: Shape,
    gather: Gather,
    rows: u64,
}

enum Shape {
    Long,
    LongWithClasses,
    Balances(Balances),
    Wide(Wide),
}

/// Names that no asset may have, so that a header with a typo is not read as the wide shape.
pub(super) const COLUMN_NAMES: [&str; 6] =
    ["account", "instrument", "quantity", "asset", "amount", "class"];

/// Names of columns with which venues list positions. No asset is spelled like that.
const POSITION_NAMES: [&str; 10] = [
    "contracts",
    "contract_size",
    "contractSize",
    "entry_price",
    "entryPrice",
    "avg_entry_price",
    "avgEntryPrice",
    "multiplier",
    "mark_price",
    "markPrice",
];

/// The columns of every shape but the wide one.
pub(super) const SHAPES: [&[&str]; 3] = [
    &["account", "instrument", "quantity"],
    &["account", "instrument", "quantity", "class"],
    &["account", "asset", "amount"],
];

/// The headers of the shapes with columns of their own.
const HEADERS: [&str; 3] =
    ["account,instrument,quantity", "account,instrument,quantity,class", "account,asset,amount"];

/// The length of an unknown header shown in an error, in characters.
const SHOWN_HEADER: usize = 100;

impl Form {
    /// The form whose columns have these names.
    pub fn of(columns: &[&str]) -> Result<Self, Misplaced> {
        index_column::check(columns)?;
        let mut first_columns = HashMap::new();
        for (column, name) in columns.iter().enumerate() {
            if let Some(first) = first_columns.insert(name, column) {
                let fault =
                    Fault::DuplicateColumn { name: name.to_string(), first: first as u32 + 1 };
                return Err(fault.at(column));
            }
        }
        if let Some(column) = columns.iter().position(|name| POSITION_NAMES.contains(name)) {
            return Err(Fault::Positions(columns[column].to_owned()).at(column));
        }
        let is_column_name = |name: &&str| COLUMN_NAMES.contains(&&*name.to_ascii_lowercase());
        let shape = match columns {
            ["account", "instrument", "quantity"] => Shape::Long,
            ["account", "instrument", "quantity", "class"] => Shape::LongWithClasses,
            ["account", "asset", "amount"] => Shape::Balances(Balances::default()),
            ["account", assets @ ..]
                if !assets.is_empty() && !assets.iter().any(is_column_name) =>
            {
                Shape::Wide(Wide::new(assets)?)
            }
            ["account", "class"] => return Err(Fault::Classes.at(0)),
            _ => {
                let closest = meant(columns);
                let columns = columns.join(",");
                let start = columns.escape_debug().take(SHOWN_HEADER).collect();
                return Err(Fault::Header { start, closest }.at(0));
            }
        };
        Ok(Self { shape, gather: Gather::default(), rows: 0 })
    }

    /// Whether a column, from 0, holds names; the others hold numbers.
    pub fn holds_names(&self, column: usize) -> bool {
        match self.shape {
            Shape::Long | Shape::Balances(_) => column < 2,
            Shape::LongWithClasses => column != 2,
            Shape::Wide(_) => column < 1,
        }
    }

    /// Takes in a row, which has the header's number of columns.
    pub fn add(&mut self, row: &impl Row) -> Result<(), Misplaced> {
        self.rows += 1;
        match &mut self.shape {
            Shape::Long => long::add(&mut self.gather, row),
            Shape::LongWithClasses => long::add_with_class(&mut self.gather, row),
            Shape::Balances(balances) => balances.add(&mut self.gather, row),
            Shape::Wide(wide) => wide.add(&mut self.gather, row),
        }
    }

    /// The snapshot, or a fault if it has no rows.
    pub fn finish(self) -> Result<Snapshot, Misplaced> {
        if self.rows == 0 { Err(Fault::NoRows.at(0)) } else { Ok(self.gather.finish()) }
    }
}

/// The header that was meant by one of no shape.
fn meant(columns: &[&str]) -> Closest {
    let whole = Closest::of(&columns.join(","), HEADERS);
    match columns {
        [first, _, ..] if whole.0.is_none() && Closest::of(first, ["account"]).0.is_some() => {
            Closest(Some("account,...".to_owned()))
        }
        _ => whole,
    }
}

#[cfg(test)]
mod tests {
    use super::{super::read::fault_in, *};

    #[test]
    fn a_header_of_no_shape_is_refused() {
        for header in [
            "account",
            "account,asset",
            "account,amount,asset",
            "asset,account,amount",
            "Account,asset,amount",
            " account,BTC",
            "account,instrument,amount",
            "account,instrument,quantity,note",
            "account,BTC,Amount",
            "id,BTC",
        ] {
            let (line, column, fault) = fault_in(format!("{header}\na,b,c\n"));
            let Fault::Header { start, .. } = fault else { panic!("{header}: {fault}") };
            assert_eq!((line, column, &*start), (1, 1, header));
        }
        assert_eq!(fault_in("account,class\na,house\n"), (1, 1, Fault::Classes));
    }

    #[test]
    fn a_list_of_positions_is_told_from_assets() {
        for (header, column, name) in [
            ("account,market,contracts,entry_price", 3, "contracts"),
            ("account,BTC,avgEntryPrice", 3, "avgEntryPrice"),
        ] {
            let fault = Fault::Positions(name.to_owned());
            assert_eq!(fault_in(format!("{header}\na,1,2,3\n")), (1, column, fault));
        }
    }

    #[test]
    fn a_header_with_a_slip_has_a_suggestion() {
        for (header, meant) in [
            ("Account,Asset,Amount", "account,asset,amount"),
            ("account,asset,amonut", "account,asset,amount"),
            ("account,instrument,quantiy,class", "account,instrument,quantity,class"),
            ("Account,BTC,ETH", "account,..."),
            ("accounts,BTC", "account,..."),
            ("account,BTC,Amount", ""),
            ("user,asset,amount", ""),
        ] {
            let (.., fault) = fault_in(format!("{header}\na,b,c\n"));
            let meant = if meant.is_empty() {
                String::new()
            } else {
                format!(" (did you mean `{meant}`?)")
            };
            let expected = format!("unknown columns `{header}`{meant}: expected ");
            assert!(fault.to_string().starts_with(&expected), "{fault}");
        }
    }

    #[test]
    fn an_error_shows_no_more_of_a_header_than_a_line_holds() {
        let (_, _, fault) = fault_in(format!("\u{1b}{}\n", "a".repeat(1000)));
        let start = format!("\\u{{1b}}{}", "a".repeat(94));
        assert_eq!(fault, Fault::Header { start, closest: Closest::default() });
    }

    #[test]
    fn a_duplicate_column_is_refused() {
        let twice = |name: &str, first| Fault::DuplicateColumn { name: name.to_owned(), first };
        assert_eq!(fault_in("account,BTC,ETH,BTC\n"), (1, 4, twice("BTC", 2)));
        assert_eq!(fault_in("account,account,amount\n"), (1, 2, twice("account", 1)));
    }
}
