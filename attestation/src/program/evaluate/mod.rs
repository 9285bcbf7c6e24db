//! What `InstrumentTable.compile` does, over integers without bounds: the specification of the
//! contract, and what a program is tried with before anyone registers it.
//!
//! Checks stand in the contract's order, so that both refuse the same bytes for the same reason.

mod class;
mod evaluated;
mod fault;
mod forms;
mod head;
mod rows;

pub use evaluated::{Clause, Evaluated};
pub use fault::Fault;

use pacioli_circuits::InstrumentTable;
use pacioli_rules::Prices;

use self::{
    head::{Head, Reader, check_prices, read_factor},
    rows::Rows,
};
use super::{
    layout::{HEAD_BYTES, ROLE_BITS, SCENARIO_BYTES},
    rates::Tail,
};

/// How many steps each rate of a program that follows a volatility has at those of the prices, in the
/// program's order: what a contract is sent, which takes no roots. `None` if it is no program, or the
/// prices state none.
pub(super) fn steps(program: &[u8], prices: &Prices) -> Option<Vec<u64>> {
    let head = Head::read(program).ok()?;
    let values = Tail::read(head.tail(program)).values(prices).ok()?;
    Some(values.into_iter().map(|(_, steps)| steps).collect())
}

/// Evaluates a program with the prices of a day.
///
/// # Errors
/// If a contract would refuse either.
pub fn evaluate(program: &[u8], prices: &Prices) -> Result<Evaluated, Fault> {
    let head = Head::read(program)?;
    check_prices(prices, &head)?;
    let mut reader = Reader(&program[HEAD_BYTES + SCENARIO_BYTES * head.twins.len()..]);
    let tail = Tail::read(head.tail(program));
    let rates = tail.values(prices)?;
    let factors = (0..head.factors).map(|index| read_factor(&mut reader, index, &rates));
    let factors = factors.collect::<Result<Vec<_>, _>>()?;
    tail.check_orders(&factors)?;
    let mut rows = Rows {
        head: &head,
        prices,
        factors: &factors,
        read: Vec::new(),
        instruments: Vec::new(),
        closings: 0,
        constraints: Vec::new(),
        contingencies: 0,
        forms: Vec::new(),
        assets: 0,
        markets: 0,
        first: None,
        bytes: Vec::new(),
        classes: None,
        followed: tail.assets.len() as u16,
    };
    for index in 0..usize::from(head.rows) {
        let bytes = reader.bytes(head.row_bytes());
        rows.bytes.push(bytes);
        match bytes[0] >> ROLE_BITS {
            0 => rows.take(&mut Reader(bytes), index)?,
            class => rows.repeat(class, index)?,
        }
    }
    if rows.closings != 2 * u32::from(head.scenarios) {
        return Err(Fault::NotClosed(rows.closings as usize / 2));
    }
    rows.write_cover()?;
    let clauses = (0..usize::from(head.clauses)).map(|index| rows.clause(&mut reader, index));
    let clauses = clauses.collect::<Result<_, _>>()?;
    let Rows { assets, markets, read, instruments, .. } = rows;
    let table = InstrumentTable::new(head.scenarios.into(), instruments)
        .expect("row 0 is empty, caps are not 0, and a table has room for the rows and scenarios");
    let twins = head.twins.clone();
    Ok(Evaluated {
        table,
        value_decimals: head.value_decimals,
        rows: read,
        clauses,
        assets,
        markets,
        twins,
    })
}
