//! The column with which pandas numbers the rows, if it is told nothing else.

use super::error::{Fault, Misplaced};

/// Fails if a column is the index of pandas: `__index_level_0__` in Parquet; no name, or
/// `Unnamed: 0` after a second time, in CSV.
pub(super) fn check(columns: &[&str]) -> Result<(), Misplaced> {
    let is_index = |name: &str| {
        let level = name.strip_prefix("__index_level_").and_then(|rest| rest.strip_suffix("__"));
        let unnamed = name.strip_prefix("Unnamed: ");
        level.or(unnamed).is_some_and(|level| level.bytes().all(|byte| byte.is_ascii_digit()))
    };
    // Without a name it stands before the accounts; elsewhere such a column is something else.
    let is_first = matches!(columns, ["", "account", ..]);
    match columns.iter().position(|name| is_index(name)).or(is_first.then_some(0)) {
        Some(column) => Err(Fault::IndexColumn { name: columns[column].to_owned() }.at(column)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::read::fault_in, *};

    #[test]
    fn an_index_of_pandas_is_refused_in_every_shape() {
        for (header, column, name) in [
            ("account,asset,amount,__index_level_0__", 4, "__index_level_0__"),
            ("account,BTC,__index_level_12__", 3, "__index_level_12__"),
            ("Unnamed: 0,account,asset,amount", 1, "Unnamed: 0"),
            (",account,BTC", 1, ""),
        ] {
            let fault = Fault::IndexColumn { name: name.to_owned() };
            assert_eq!(fault_in(format!("{header}\n")), (1, column, fault));
        }
        assert!(check(&["account", "index_level_0", "BTC"]).is_ok());
    }
}
