//! The wide shape: `account,BTC,ETH,...`, one row per account and one column per asset; a negative
//! amount is a borrow.

use pacioli_rules::Decimal;

use super::{
    accounts::Holding,
    balances::Sides,
    error::{Fault, Misplaced},
    gather::Gather,
    name::check_asset,
    row::{Row, text},
};

/// The assets of the header, and the accounts read so far.
pub(super) struct Wide {
    /// The asset of each column after the account's.
    assets: Vec<(String, Sides)>,
    /// The line of each account.
    lines: Vec<u64>,
}

impl Wide {
    /// The shape with these assets.
    pub fn new(assets: &[&str]) -> Result<Self, Misplaced> {
        for (index, asset) in assets.iter().enumerate() {
            let name_fault = |error| Fault::Name { column: "asset", error }.at(index + 1);
            check_asset(asset).map_err(name_fault)?;
        }
        let asset = |name: &&str| (name.to_string(), Sides::default());
        Ok(Self { assets: assets.iter().map(asset).collect(), lines: Vec::new() })
    }

    /// Takes in one row. An empty cell or a zero is no holding; a row without any is a
    /// `quote credit` of 0, so that its account is in the book as in the other shapes.
    pub fn add(&mut self, gather: &mut Gather, row: &impl Row) -> Result<(), Misplaced> {
        let id = text(row, 0)?;
        let account = gather.account(id).map_err(|fault| fault.at(0))?;
        if let Some(&first) = self.lines.get(account) {
            return Err(Fault::DuplicateAccount { account: id.to_owned(), first }.at(0));
        }
        self.lines.push(row.line());
        let mut holds = false;
        for (index, (asset, sides)) in self.assets.iter_mut().enumerate() {
            let column = index + 1;
            let amount = row.number(column, asset).map_err(|fault| fault.at(column))?;
            let Some(amount) = amount.filter(|amount| amount.mantissa() != 0) else { continue };
            let held = sides.hold(gather, account, asset, amount, row.place(column));
            held.map_err(|fault| fault.at(column))?;
            holds = true;
        }
        if !holds {
            let instrument = gather.instrument("quote credit", |_| Ok(()));
            let instrument = instrument.map_err(|fault| fault.at(0))?;
            let (quantity, place) = (Decimal::new(0, 0), row.place(0));
            let held = gather.hold(account, Holding { instrument, quantity, place });
            held.map_err(|fault| fault.at(0))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use pacioli_rules::DecimalError;

    use super::{
        super::{NameError, Place, read::fault_in, read_csv},
        *,
    };

    #[test]
    fn an_empty_cell_or_a_zero_is_no_holding_but_keeps_its_account() {
        let text = "account,BTC,ETH,USD\na,1,0.00,-2.5\nb,,0,\nc,0,,3\n";
        let book = read_csv(text.as_bytes(), "").unwrap();
        assert_eq!(book.instruments, ["deposit BTC", "borrow USD", "quote credit", "deposit USD"]);
        let held = |account: usize| -> Vec<_> {
            let holdings = book.accounts.get(account).unwrap().holdings.into_iter();
            holdings.map(|held| (held.instrument, held.quantity.to_string(), held.place)).collect()
        };
        let place = |line, column| Place { line, column };
        assert_eq!(held(0), [(0, "1".into(), place(2, 2)), (1, "2.5".into(), place(2, 4))]);
        assert_eq!(held(1), [(2, "0".into(), place(3, 1))]);
        assert_eq!(held(2), [(3, "3".into(), place(4, 4))]);
    }

    #[test]
    fn an_account_has_one_row() {
        let fault = Fault::DuplicateAccount { account: "a".to_owned(), first: 2 };
        assert_eq!(fault_in("account,BTC,ETH\na,1,\nb,1,\na,,1\n"), (4, 1, fault));
    }

    #[test]
    fn a_bad_number_is_named_by_its_asset() {
        let error = DecimalError::NegativeZero("-0".to_owned());
        let fault = Fault::Number { column: "ETH".to_owned(), error };
        assert_eq!(fault_in("account,BTC,ETH\na,1,-0\n"), (2, 3, fault));
    }

    #[test]
    fn a_column_that_names_no_asset_is_refused() {
        let name = |error| Fault::Name { column: "asset", error };
        assert_eq!(fault_in("account,BTC,\na,1,1\n"), (1, 3, name(NameError::Missing)));
        let space = NameError::EdgeSpace(" ETH".to_owned());
        assert_eq!(fault_in("account,BTC, ETH\na,1,1\n"), (1, 3, name(space)));
    }
}
