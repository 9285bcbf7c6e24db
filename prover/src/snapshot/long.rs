//! The long shape: `account,instrument,quantity`, one row a holding.

use super::{
    Fault, Holding,
    error::Misplaced,
    form::{Row, required_number},
    gather::Gather,
    name::check_name,
};

/// Takes in one row. A quantity of zero is a holding of zero.
pub(super) fn add(gather: &mut Gather, row: &impl Row) -> Result<(), Misplaced> {
    let (id, name) = (text(row, 0)?, text(row, 1)?);
    let account = gather.account(id).map_err(|fault| fault.at(0))?;
    let instrument = gather.instrument(name, check_name).map_err(|fault| fault.at(1))?;
    let quantity = required_number(row, 2, "quantity")?;
    if quantity.is_negative() {
        return Err(Fault::Negative(quantity.to_string()).at(2));
    }
    if let Some(first) = gather.first_line(account, instrument as usize, row.line()) {
        let fault = Fault::DuplicateRow { account: id.to_owned(), name: name.to_owned(), first };
        return Err(fault.at(1));
    }
    gather.hold(account, Holding { instrument, quantity, place: row.place(2) });
    Ok(())
}

/// The text in a column.
pub(super) fn text(row: &impl Row, column: usize) -> Result<&str, Misplaced> {
    row.text(column).map_err(|fault| fault.at(column))
}
