//! Both sides of every limit that the theorem leans on.

use pacioli_circuits::{
    Account, BALANCE_BITS, Instrument, InstrumentId, InstrumentTable, MAX_SCENARIOS,
    PublicInputsError, Quantity, ScenarioId, Shape, TableError, Total, Value,
    testing::{Book, line, row, small_account, small_book, small_table},
};

use crate::soundness::{NOTHING, account, page_of, shape};

/// Instrument 0 and then a pair of the largest and the smallest value as often as asked.
fn extremes(pairs: usize) -> InstrumentTable {
    let instrument = |value| Instrument { cap: None, values: vec![value, value].into() };
    let pair = [instrument(Value::MAX), instrument(Value::MIN)];
    let rows = std::iter::once(instrument(Value::ZERO));
    InstrumentTable::new(2, rows.chain(pair.into_iter().cycle().take(2 * pairs)).collect()).unwrap()
}

const MOST: u128 = Quantity::MAX.units();

#[test]
fn types_end_where_the_bounds_do() {
    assert_eq!(Quantity::new(1 << 90), None);
    assert_eq!(Quantity::new((1 << 90) - 1), Some(Quantity::MAX));
    assert_eq!((Value::new(1 << 64), Value::new(-(1 << 64))), (None, None));
    assert_eq!(Value::new((1 << 64) - 1), Some(Value::MAX));
    assert_eq!(Value::new(1 - (1 << 64)), Some(Value::MIN));
    assert_eq!(InstrumentId::new(2048), None);
}

#[test]
fn the_largest_quantity_at_either_extreme_value_is_held() {
    let accounts = vec![account(&[(1, MOST), (2, MOST)]), account(&[(1, MOST), (2, MOST)])];
    let book = Book::new(shape(), extremes(1), vec![accounts]);
    assert_eq!(book.totals.0[1], Total { count: 2, quantity: 2 * MOST });
    assert_eq!(book.public_inputs().check(&book.shape), Ok(()));
    assert_eq!(book.broken(), NOTHING);
    let unequal = Book::new(shape(), extremes(1), vec![vec![account(&[(1, MOST), (2, MOST - 1)])]]);
    assert!(unequal.broken().contains(&"an account balances".to_owned()));
}

#[test]
fn a_total_is_no_more_than_its_lines_can_hold() {
    let accounts = vec![account(&[(1, MOST), (2, MOST)]); 2];
    let mut book = Book::new(shape(), extremes(1), vec![accounts]);
    book.totals.0[1].quantity += 1;
    let refused = PublicInputsError::Quantity { instrument: 1, count: 2, quantity: 2 * MOST + 1 };
    assert_eq!(book.public_inputs().check(&book.shape), Err(refused));
}

#[test]
fn counts_are_those_of_the_shape() {
    let mut book = small_book();
    let lines = book.shape.lines();
    book.totals.0[0].count += 1;
    let refused = PublicInputsError::Lines { expected: lines, got: lines as u128 + 1 };
    assert_eq!(book.public_inputs().check(&book.shape), Err(refused));
    for count in [lines as u64 + 1, u64::MAX] {
        book.totals.0[3].count = count;
        let refused = PublicInputsError::Count { instrument: 3, count, lines };
        assert_eq!(book.public_inputs().check(&book.shape), Err(refused));
    }
}

#[test]
fn an_account_of_512_lines_of_the_largest_worth_balances_and_one_unit_less_does_not() {
    // 255 lines of the largest value, as many of the smallest, and two of nothing: the balance comes
    // to 2^162 on the way.
    let shape = Shape::new(13, 512).unwrap();
    let instrument = |value| Instrument { cap: None, values: vec![value, value].into() };
    let half = |value| std::iter::repeat_n(instrument(value), 255);
    let rows = std::iter::once(instrument(Value::ZERO)).chain(half(Value::MAX));
    let rows = rows.chain(half(Value::MIN)).chain([instrument(Value::ZERO)]);
    let table = InstrumentTable::new(2, rows.collect()).unwrap();
    let full = |last: u128| {
        let lines = (1..510).map(|row| line(row, MOST)).chain([line(510, last)]);
        let lines = std::iter::once(line(0, 0)).chain(lines).chain([line(511, 7)]);
        Book::new(shape, table.clone(), vec![vec![Account { lines: lines.collect() }]])
    };
    assert_eq!(full(MOST).pages[0][0].lines.len(), 512);
    assert_eq!(full(MOST).broken(), NOTHING);
    // The account is its whole page, so what it lacks is missing where the cycle closes.
    assert_eq!(full(MOST - 1).broken(), ["the balance runs"]);
    const { assert!(BALANCE_BITS == 90 + 64 + 9) };
}

/// Every one of the most scenarios there can be is balanced, the last included.
#[test]
fn an_account_balances_in_each_of_1024_scenarios() {
    let shape = Shape::new(11, 4).unwrap();
    let with = |last: i128| {
        let value = |value| Value::new(value).unwrap();
        let mut values = vec![Value::MAX; MAX_SCENARIOS];
        let long = Instrument { cap: None, values: values.clone().into() };
        values.fill(Value::MIN);
        values[MAX_SCENARIOS - 1] = value(Value::MIN.units() + last);
        let empty = Instrument { cap: None, values: vec![Value::ZERO; MAX_SCENARIOS].into() };
        let short = Instrument { cap: None, values: values.into() };
        let table = InstrumentTable::new(MAX_SCENARIOS, vec![empty, long, short]).unwrap();
        Book::new(shape, table, vec![vec![account(&[(1, MOST), (2, MOST)])]]).broken()
    };
    assert_eq!(with(0), NOTHING);
    assert_eq!(with(1), ["an account balances", "the balance runs"]);
}

#[test]
fn an_account_fills_its_page_to_the_last_slot() {
    let filler = vec![small_account(1, 0, 0, 0); 16];
    assert_eq!(filler.iter().map(|account| account.lines.len()).sum::<usize>(), 64);
    assert_eq!(page_of(filler).broken(), NOTHING);
}

#[test]
fn the_last_switched_on_page_counts() {
    let mut pages = vec![vec![]; shape().pages()];
    *pages.last_mut().unwrap() = vec![small_account(1, 0, 0, 0); 16];
    let mut book = Book::new(shape(), small_table(), pages);
    assert_eq!(book.broken(), NOTHING);
    book.totals.0[row::EQUITY_MARK].quantity -= 1;
    assert_eq!(book.broken(), [crate::soundness::ENDS]);
}

#[test]
fn a_table_longer_than_the_circuits_is_refused() {
    let book = |pairs| Book::new(shape(), extremes(pairs), vec![]);
    assert_eq!(shape().instruments(), 512);
    assert_eq!(book(255).public_inputs().check(&shape()), Ok(()));
    assert_eq!(book(255).broken(), NOTHING);
    let refused = PublicInputsError::Instruments { limit: 512, got: 513 };
    assert_eq!(book(256).public_inputs().check(&shape()), Err(refused));
}

#[test]
fn no_table_has_a_cap_of_0_or_an_empty_slot_of_worth() {
    let rows = small_table().instruments().to_vec();
    let change = |row: usize, change: fn(&mut Instrument)| {
        let mut rows = rows.clone();
        change(&mut rows[row]);
        InstrumentTable::new(2, rows).unwrap_err()
    };
    let no_cap: fn(&mut Instrument) = |row| row.cap = Some(Quantity::ZERO);
    assert_eq!(change(row::TIER_1, no_cap), TableError::ZeroCap(row::TIER_1));
    assert_eq!(change(0, |row| row.cap = Some(Quantity::MAX)), TableError::Empty);
    assert_eq!(change(0, |row| row.values[ScenarioId::new(1)] = Value::MIN), TableError::Empty);
    let one_less: fn(&mut Instrument) = |row| row.values = vec![Value::ZERO].into();
    let scenarios = TableError::Scenarios { instrument: row::LONG, expected: 2, got: 1 };
    assert_eq!(change(row::LONG, one_less), scenarios);
    assert_eq!(InstrumentTable::new(2, vec![]), Err(TableError::Instruments(0)));
    for count in [0, MAX_SCENARIOS + 1] {
        let refused = Err(TableError::ScenarioCount(count));
        assert_eq!(InstrumentTable::new(count, rows.clone()), refused);
    }
    let many = vec![rows[0].clone(); 2049];
    assert_eq!(InstrumentTable::new(2, many), Err(TableError::Instruments(2049)));
}
