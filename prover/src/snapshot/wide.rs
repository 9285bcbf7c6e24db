//! The wide shape: `account,BTC,ETH,...`, one row an account and one column an asset, where a
//! negative amount is a loan.

use super::{
    Fault, balances::Sides, error::Misplaced, form::Row, gather::Gather, long::text,
    name::check_asset,
};

/// The asset of each column after the account's.
pub(super) struct Wide {
    assets: Vec<(String, Sides)>,
}

impl Wide {
    /// The shape with these assets.
    pub fn new(assets: &[&str]) -> Result<Self, Misplaced> {
        for (index, asset) in assets.iter().enumerate() {
            let name_fault = |error| Fault::Name { column: "asset", error }.at(index + 1);
            check_asset(asset).map_err(name_fault)?;
        }
        let asset = |name: &&str| (name.to_string(), Sides::default());
        Ok(Self { assets: assets.iter().map(asset).collect() })
    }

    /// Takes in one row. Where nothing or zero stands, nothing is held.
    pub fn add(&mut self, gather: &mut Gather, row: &impl Row) -> Result<(), Misplaced> {
        let id = text(row, 0)?;
        let account = gather.account(id).map_err(|fault| fault.at(0))?;
        if let Some(first) = gather.first_line(account, 0, row.line()) {
            return Err(Fault::DuplicateAccount { account: id.to_owned(), first }.at(0));
        }
        for (index, (asset, sides)) in self.assets.iter_mut().enumerate() {
            let column = index + 1;
            let amount = row.number(column, asset).map_err(|fault| fault.at(column))?;
            let Some(amount) = amount.filter(|amount| amount.mantissa() != 0) else { continue };
            let held = sides.hold(gather, account, asset, amount, row.place(column));
            held.map_err(|fault| fault.at(column))?;
        }
        Ok(())
    }
}
