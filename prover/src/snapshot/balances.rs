//! The balances shape: `account,asset,amount`, one row per balance; a negative
//! amount is a borrow.

use indexmap::IndexMap;
use pacioli_rules::Decimal;

use super::{
    accounts::Holding,
    error::{Fault, Misplaced},
    gather::Gather,
    name::check_asset,
    place::Place,
    row::{Row, required_number, text},
};

/// The assets seen so far.
#[derive(Default)]
pub(super) struct Balances {
    assets: IndexMap<String, Sides>,
}

impl Balances {
    /// Takes in one row. An amount of zero is a deposit of zero.
    pub fn add(&mut self, gather: &mut Gather, row: &impl Row) -> Result<(), Misplaced> {
        let (id, name) = (text(row, 0)?, text(row, 1)?);
        let account = gather.account(id).map_err(|fault| fault.at(0))?;
        let asset = self.asset(name).map_err(|fault| fault.at(1))?;
        let amount = required_number(row, 2, "amount")?;
        let sides = &mut self.assets[asset];
        if let Some(first) = gather.line_of(account, |held| sides.include(held)) {
            let fault =
                Fault::DuplicateRow { account: id.to_owned(), name: name.to_owned(), first };
            return Err(fault.at(1));
        }
        sides.hold(gather, account, name, amount, row.place(2)).map_err(|fault| fault.at(1))
    }

    /// The index of the asset with this name, new or not.
    fn asset(&mut self, name: &str) -> Result<usize, Fault> {
        if let Some(index) = self.assets.get_index_of(name) {
            return Ok(index);
        }
        check_asset(name).map_err(|error| Fault::Name { column: "asset", error })?;
        Ok(self.assets.insert_full(name.to_owned(), Sides::default()).0)
    }
}

/// The two instruments of one asset, known once they are held.
#[derive(Clone, Copy, Default)]
pub(super) struct Sides {
    deposit: Option<u32>,
    borrow: Option<u32>,
}

impl Sides {
    /// Whether the instrument is one of the two.
    fn include(&self, instrument: u32) -> bool {
        self.deposit == Some(instrument) || self.borrow == Some(instrument)
    }

    /// Gives an account its balance of `asset`: a deposit, or a borrow if the amount is
    /// negative.
    pub fn hold(
        &mut self,
        gather: &mut Gather,
        account: usize,
        asset: &str,
        amount: Decimal,
        place: Place,
    ) -> Result<(), Fault> {
        let (known, word) = match amount.is_negative() {
            false => (&mut self.deposit, "deposit"),
            true => (&mut self.borrow, "borrow"),
        };
        let instrument = match *known {
            Some(instrument) => instrument,
            None => *known.insert(gather.instrument(&format!("{word} {asset}"), |_| Ok(()))?),
        };
        let quantity = Decimal::new(amount.mantissa().abs(), amount.scale());
        gather.hold(account, Holding { instrument, quantity, place })
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{NameError, read::fault_in, read_csv},
        *,
    };

    const HEADER: &str = "account,asset,amount\n";

    #[test]
    fn a_negative_amount_is_a_borrow() {
        let rows = "a,BTC,-0.50\nb,BTC,1\na,USD,0.00\n";
        let book = read_csv(format!("{HEADER}{rows}").as_bytes(), "").unwrap();
        assert_eq!(book.instruments, ["borrow BTC", "deposit BTC", "deposit USD"]);
        let quantity = |account: usize, holding: usize| {
            let holding = book.accounts.get(account).unwrap().holdings[holding];
            (holding.instrument, holding.quantity.to_string())
        };
        assert_eq!(quantity(0, 0), (0, "0.50".to_owned()));
        assert_eq!(quantity(0, 1), (2, "0.00".to_owned()));
        assert_eq!(quantity(1, 0), (1, "1".to_owned()));
    }

    #[test]
    fn an_account_has_an_asset_once_whatever_the_sign() {
        let text = format!("{HEADER}a,BTC,1\nb,BTC,1\na,BTC,-1\n");
        let (account, name) = ("a".to_owned(), "BTC".to_owned());
        assert_eq!(fault_in(text), (4, 2, Fault::DuplicateRow { account, name, first: 2 }));
    }

    #[test]
    fn an_asset_with_a_space_is_refused() {
        let error = NameError::AssetSpace("BTC tier 1".to_owned());
        let fault = Fault::Name { column: "asset", error };
        assert_eq!(fault_in(format!("{HEADER}a,BTC tier 1,1\n")), (2, 2, fault));
    }
}
