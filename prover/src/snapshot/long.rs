//! The long shape: `account,instrument,quantity`, one row per holding, optionally with the account's
//! `class` in a fourth column.

use super::{
    accounts::Holding,
    error::{Fault, Misplaced},
    gather::Gather,
    name::check_name,
    row::{Row, required_number, text},
};

/// Takes in one row with its account's class.
pub(super) fn add_with_class(gather: &mut Gather, row: &impl Row) -> Result<(), Misplaced> {
    let class = text(row, 3)?.parse().map_err(|error| Fault::Class(error).at(3))?;
    add(gather, row)?;
    let account = gather.account(text(row, 0)?).map_err(|fault| fault.at(0))?;
    gather.class(account, class).map_err(|fault| fault.at(3))
}

/// Takes in one row. A quantity of zero is a holding of zero.
pub(super) fn add(gather: &mut Gather, row: &impl Row) -> Result<(), Misplaced> {
    let (id, name) = (text(row, 0)?, text(row, 1)?);
    let account = gather.account(id).map_err(|fault| fault.at(0))?;
    let instrument = gather.instrument(name, check_name).map_err(|fault| fault.at(1))?;
    let quantity = required_number(row, 2, "quantity")?;
    if quantity.is_negative() {
        return Err(Fault::Negative(quantity.to_string()).at(2));
    }
    if let Some(first) = gather.line_of(account, |held| held == instrument) {
        let fault = Fault::DuplicateRow { account: id.to_owned(), name: name.to_owned(), first };
        return Err(fault.at(1));
    }
    let held = Holding { instrument, quantity, place: row.place(2) };
    gather.hold(account, held).map_err(|fault| fault.at(0))
}

#[cfg(test)]
mod tests {
    use pacioli_rules::{Decimal, DecimalError};

    use super::{
        super::{MAX_INSTRUMENT_NAMES, NameError, Place, read::fault_in, read_csv},
        *,
    };

    const HEADER: &str = "account,instrument,quantity\n";

    #[test]
    fn rows_of_one_account_need_not_be_adjacent() {
        let rows = "b,long ETH-PERP,1.50\na,quote debit,0\nb,quote credit,7\n";
        let book = read_csv(format!("{HEADER}{rows}").as_bytes(), "").unwrap();
        assert_eq!(book.instruments, ["long ETH-PERP", "quote debit", "quote credit"]);
        let ids: Vec<_> = book.accounts.ids().collect();
        assert_eq!(ids, ["b", "a"]);
        let holding = |instrument, mantissa, scale, line| Holding {
            instrument,
            quantity: Decimal::new(mantissa, scale),
            place: Place { line, column: 3 },
        };
        assert_eq!(
            book.accounts.get(0).unwrap().holdings,
            [holding(0, 150, 2, 2), holding(2, 7, 0, 4)]
        );
        assert_eq!(book.accounts.get(1).unwrap().holdings, [holding(1, 0, 0, 3)]);
    }

    #[test]
    fn an_account_has_an_instrument_once() {
        let text = format!("{HEADER}a,long X,1\nb,long X,1\na,short X,1\na,long X,0\n");
        let (account, name) = ("a".to_owned(), "long X".to_owned());
        assert_eq!(fault_in(text), (5, 2, Fault::DuplicateRow { account, name, first: 2 }));
    }

    #[test]
    fn an_account_may_have_a_class_the_same_in_every_row() {
        use pacioli_rules::Class;
        let header = "account,instrument,quantity,class\n";
        let rows = "f,deposit X,1,insurance\na,deposit X,1,customer\nf,borrow X,1,insurance\n";
        let book = read_csv(format!("{header}{rows}").as_bytes(), "").unwrap();
        assert_eq!(
            book.classes.into_iter().collect::<Vec<_>>(),
            [("f".to_owned(), Class::Insurance)]
        );
        let (account, class, first) = ("f".to_owned(), Class::House, Class::Insurance);
        let fault = Fault::TwoClasses { account, class, first };
        assert_eq!(fault_in(format!("{header}{rows}f,long X,1,house\n")), (5, 4, fault));
        for word in ["", "Insurance", "fund"] {
            let fault = Fault::Class(word.parse::<Class>().unwrap_err());
            assert_eq!(fault_in(format!("{header}a,long X,1,{word}\n")), (2, 4, fault));
        }
    }

    #[test]
    fn a_quantity_has_no_sign() {
        let fault = Fault::Negative("-1.0".to_owned());
        assert_eq!(fault_in(format!("{HEADER}a,long X,-1.0\n")), (2, 3, fault));
    }

    #[test]
    fn a_quantity_is_a_decimal_number_as_written() {
        let same = |text: &str| text.to_owned();
        let nines = "9".repeat(39);
        for (text, error) in [
            ("", DecimalError::Missing),
            ("1e3", DecimalError::Exponent(same("1e3"))),
            ("1E-3", DecimalError::Exponent(same("1E-3"))),
            ("+1", DecimalError::Malformed(same("+1"))),
            (" 1", DecimalError::Malformed(same(" 1"))),
            ("1'000", DecimalError::Malformed(same("1'000"))),
            ("1_000", DecimalError::Malformed(same("1_000"))),
            ("NaN", DecimalError::Malformed(same("NaN"))),
            ("007", DecimalError::LeadingZeros(same("007"))),
            ("-0", DecimalError::NegativeZero(same("-0"))),
            (&nines, DecimalError::TooLong(same(&nines))),
        ] {
            let fault = Fault::Number { column: same("quantity"), error };
            assert_eq!(fault_in(format!("{HEADER}a,long X,{text}\n")), (2, 3, fault));
        }
        let error = DecimalError::Malformed(same("1,000"));
        let fault = Fault::Number { column: same("quantity"), error };
        assert_eq!(fault_in(format!("{HEADER}a,long X,\"1,000\"\n")), (2, 3, fault));
    }

    #[test]
    fn a_name_that_cannot_be_one_is_refused_where_it_stands() {
        let name = |column, error| Fault::Name { column, error };
        let missing = NameError::Missing;
        assert_eq!(fault_in(format!("{HEADER},long X,1\n")), (2, 1, name("account", missing)));
        let edge = NameError::EdgeSpace("long X ".to_owned());
        assert_eq!(fault_in(format!("{HEADER}a,long X ,1\n")), (2, 2, name("instrument", edge)));
    }

    #[test]
    fn ids_in_the_place_of_instruments_stop_early() {
        let mut text = HEADER.to_owned();
        for number in 0..=MAX_INSTRUMENT_NAMES {
            text += &format!("BTC,{number},1\n");
        }
        let line = MAX_INSTRUMENT_NAMES as u64 + 2;
        assert_eq!(fault_in(text), (line, 2, Fault::TooManyInstruments));
    }
}
