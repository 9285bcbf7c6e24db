//! The meaning of each instrument's name in a snapshot, looked up once.

use pacioli_circuits::InstrumentId;
use pacioli_rules::{Class, Closest, Compiled, Held, RowsOf};

use super::error::LedgerProblem;

/// The meaning of a name in the snapshot.
pub(super) enum Bound {
    /// Rows of the table: tiers, or one row.
    Rows { rows: Vec<InstrumentId>, decimals: u32, favour: Favour },
    /// Left out of the book.
    LeftOut { asset: String, side: Side },
    /// An asset without a price that is not to be left out.
    Unpriced { asset: String },
    /// The borrow of an asset that nobody may borrow.
    NoBorrow { asset: String },
    /// An error for every account that holds it.
    Refused(LedgerProblem),
}

/// The direction of rounding in the customer's favour.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Favour {
    Up,
    Down,
    Neither,
}

/// The two sides of an asset.
#[derive(Clone, Copy)]
pub(super) enum Side {
    Deposit,
    Borrow,
}

/// Looks up the instrument that a snapshot calls `name`, for an account of a class. Assets of
/// `leave_out` are left out if they have neither a price nor a rule.
pub(super) fn bind(name: &str, class: Class, compiled: &Compiled, leave_out: &[String]) -> Bound {
    let unknown = || {
        let known = instruments(compiled, class);
        let closest = Closest::of(name, known.iter().map(String::as_str));
        Bound::Refused(LedgerProblem::Unknown { name: name.to_owned(), closest })
    };
    let Some(held) = Held::parse(name) else { return unknown() };
    let not_held = || Bound::Refused(LedgerProblem::NotHeld { class, name: name.to_owned() });
    let Some(RowsOf { assets, markets, quote_rows }) = compiled.rows_of(class) else {
        return Bound::Refused(LedgerProblem::NoClass(class));
    };
    let asset = |asset: &str, side| match (assets.get(asset), side) {
        (Some(rows), Side::Deposit) => {
            let (decimals, rows) = (rows.decimals, rows.deposits.clone());
            Bound::Rows { rows, decimals, favour: Favour::Up }
        }
        (Some(rows), Side::Borrow) => match rows.borrow {
            Some(row) => {
                let decimals = rows.decimals;
                Bound::Rows { rows: vec![row], decimals, favour: Favour::Down }
            }
            None => Bound::NoBorrow { asset: asset.to_owned() },
        },
        (None, _) if compiled.assets.contains_key(asset) => not_held(),
        (None, _) if compiled.unruled.contains(asset) => {
            Bound::Refused(LedgerProblem::NoRule(asset.to_owned()))
        }
        (None, _) if asset == compiled.quote => {
            Bound::Refused(LedgerProblem::QuoteWithoutRule(asset.to_owned()))
        }
        (None, _) if leave_out.iter().any(|name| name == asset) => {
            Bound::LeftOut { asset: asset.to_owned(), side }
        }
        (None, _) => Bound::Unpriced { asset: asset.to_owned() },
    };
    let market = |market: &str, long| match markets.get(market) {
        Some(rows) => Bound::Rows {
            rows: if long { rows.longs.clone() } else { rows.shorts.clone() },
            decimals: rows.decimals,
            favour: Favour::Neither,
        },
        None if compiled.markets.contains_key(market) => not_held(),
        None => unknown(),
    };
    let quote = |row: InstrumentId, favour| Bound::Rows {
        rows: vec![row],
        decimals: compiled.rows[row.row()].decimals,
        favour,
    };
    let [credit, debit] = quote_rows;
    match held {
        Held::Deposit(name) => asset(name, Side::Deposit),
        Held::Borrow(name) => asset(name, Side::Borrow),
        Held::Long(name) => market(name, true),
        Held::Short(name) => market(name, false),
        Held::QuoteCredit => quote(credit, Favour::Up),
        Held::QuoteDebit => quote(debit, Favour::Down),
    }
}

/// The names of all that an account of a class may hold, as a snapshot writes them.
fn instruments(compiled: &Compiled, class: Class) -> Vec<String> {
    let Some(RowsOf { assets, markets, .. }) = compiled.rows_of(class) else { return Vec::new() };
    let mut names = vec!["quote credit".to_owned(), "quote debit".to_owned()];
    for (asset, rows) in assets {
        names.push(format!("deposit {asset}"));
        names.extend(rows.borrow.map(|_| format!("borrow {asset}")));
    }
    for market in markets.keys() {
        names.extend(["long", "short"].map(|side| format!("{side} {market}")));
    }
    names
}
