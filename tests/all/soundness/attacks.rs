//! What a dishonest prover would try, each by name.

use ff::Field;
use halo2_proofs::halo2curves::bn256::Fr;
use pacioli_circuits::{
    InstrumentTable, Phase1, PublicInputsError, Shape, Total,
    testing::{Book, Tampering, row, settle, small_account, small_book},
};

use crate::soundness::{ENDS, NOTHING, account, less_owed_than_is, page_of, shape};

/// Writes a line into `at`, whatever page or row it is.
fn write_line(columns: &mut Phase1, at: usize, instrument: u64, units: u64, worth: Fr) {
    columns.lines.instrument[at] = Fr::from(instrument);
    columns.lines.limb[0][at] = Fr::from(units);
    columns.lines.last[at] = Fr::one();
    columns.worth[at] = worth;
}

/// A prover who counts 5 more units owed at mark than there are, and puts a line for them into
/// `at`.
fn counts_a_line_in(at: usize) -> (Book, Tampering) {
    let mut book = small_book();
    book.totals.0[row::EQUITY_MARK].quantity += 5;
    let worth = book.instance()[4][row::EQUITY_MARK];
    let tampering = Tampering::phase1(book.shape, move |columns| {
        write_line(columns, at, row::EQUITY_MARK as u64, 5, worth);
    });
    (book, tampering)
}

// Lines where none belong.

#[test]
fn an_empty_slot_holds_nothing() {
    let mut book = small_book();
    let at = book.shape.row(3, 0);
    let hold = move |columns: &mut Phase1| columns.lines.limb[0][at] = Fr::from(5);
    assert_eq!(book.broken_by(Tampering::phase1(book.shape, hold)), [ENDS]);
    // Counted, it would pass the circuit; the public inputs are refused.
    book.totals.0[0].quantity = 5;
    assert_eq!(book.broken_by(Tampering::phase1(book.shape, hold)), NOTHING);
    assert_eq!(book.public_inputs().check(&book.shape), Err(PublicInputsError::EmptySlots(5)));
}

#[test]
fn an_empty_slot_is_worth_nothing() {
    let book = small_book();
    let at = book.shape.row(3, 0);
    let worth = Tampering::phase1(book.shape, move |columns| columns.worth[at] += Fr::one());
    assert_eq!(book.broken_by(worth), [ENDS]);
}

#[test]
fn lines_in_switched_off_pages_and_in_the_last_usable_row_are_not_counted() {
    let shape = shape();
    let off = (0..shape.pages_off()).map(|page| shape.row(shape.pages() + page, 0));
    for at in off.chain([shape.last_row()]) {
        let (mut book, tampering) = counts_a_line_in(at);
        assert_eq!(book.broken_by(tampering.clone()), [ENDS], "row {at}");
        // They may stand there, for nothing reads them: hence no verifier opens such a page.
        book.totals.0[row::EQUITY_MARK].quantity -= 5;
        assert_eq!(book.broken_by(tampering), NOTHING, "row {at}");
    }
}

#[test]
fn no_fraction_counts_where_no_line_or_table_row_stands() {
    let (book, shape) = (less_owed_than_is(), shape());
    for page in [shape.pages(), shape.stride() - 1] {
        // The third slot is past the table's first rows, the last one but one past all of them.
        for at in [shape.row(page, 2), shape.row(page, 62)] {
            let limb = Tampering::phase2(move |columns, _, _| {
                columns.limb_term[0][at] -= settle(&shape, &mut columns.sum, at);
            });
            assert_eq!(book.broken_by(limb), ["limb 0 is in range"]);
            let step = Tampering::phase2(move |columns, _, _| {
                columns.step_term[at] -= settle(&shape, &mut columns.sum, at);
            });
            assert_eq!(book.broken_by(step), ["the step is in range"]);
            let line = Tampering::phase2(move |columns, _, _| {
                settle(&shape, &mut columns.sum, at);
            });
            assert_eq!(book.broken_by(line), ["a line is an instrument"]);
            let table = Tampering::phase2(move |columns, _, _| {
                columns.table_term[at] += settle(&shape, &mut columns.sum, at);
            });
            assert_eq!(book.broken_by(table), ["the table offers its totals"]);
        }
    }
}

#[test]
fn the_last_usable_row_adds_nothing_to_the_sum() {
    let (book, shape) = (less_owed_than_is(), shape());
    let at = shape.last_row();
    let tampering = Tampering::phase2(move |columns, _, _| {
        let left_over = columns.sum[at];
        columns.limb_term[0][at] = left_over;
        columns.step_term[at] = left_over;
        columns.table_term[at] = left_over;
    });
    assert_eq!(book.broken_by(tampering), [ENDS]);
}

#[test]
fn the_sum_begins_with_nothing() {
    let (book, shape) = (less_owed_than_is(), shape());
    let ahead = Tampering::phase2(move |columns, _, _| {
        let left_over = columns.sum[shape.last_row()];
        columns.sum[..=shape.last_row()].iter_mut().for_each(|sum| *sum -= left_over);
    });
    assert_eq!(book.broken_by(ahead), [ENDS]);
}

// Totals.

#[test]
fn no_total_moves_from_one_instrument_to_another() {
    let mut quantity = small_book();
    quantity.totals.0[row::EQUITY_MARK].quantity -= 1;
    quantity.totals.0[row::EQUITY_STRESS].quantity += 1;
    assert_eq!(quantity.broken(), [ENDS]);
    let mut count = small_book();
    count.totals.0[row::SHORTFALL_STRESS].count -= 1;
    count.totals.0[row::EQUITY_STRESS].count += 1;
    assert_eq!(count.broken(), [ENDS]);
    let mut between = small_book();
    between.totals.0[row::EQUITY_MARK].count += 1;
    between.totals.0[row::EQUITY_MARK].quantity -= 1;
    assert_eq!(between.broken(), [ENDS]);
}

#[test]
fn lines_are_counted_exactly_those_of_nothing_too() {
    let mut book = page_of(vec![account(&[(row::HEADROOM, 0)]), small_account(1, 0, 0, 0)]);
    assert_eq!(book.totals.0[row::HEADROOM], Total { count: 2, quantity: 49 });
    assert_eq!(book.broken(), NOTHING);
    book.totals.0[row::HEADROOM].count -= 1;
    book.totals.0[0].count += 1;
    assert_eq!(book.broken(), [ENDS]);
}

#[test]
fn a_multiplicity_on_an_instrument_row_counts_nothing() {
    let mut book = small_book();
    let claim = Tampering::phase1_alone(|columns| {
        columns.multiplicity[row::SHORTFALL_MARK] = Fr::one();
    });
    assert_eq!(book.broken_by(claim.clone()), NOTHING);
    book.totals.0[row::SHORTFALL_MARK].count += 1;
    book.totals.0[0].count -= 1;
    assert_eq!(book.broken_by(claim), [ENDS]);
}

// Quantities.

#[test]
fn a_limb_below_zero_is_not_made_up_for_by_another_one() {
    let book = page_of(vec![account(&[(row::HEADROOM, 0)])]);
    // 0 = 1024 - 1024.
    let tampering = Tampering::phase1(book.shape, |columns| {
        (columns.lines.limb[0][0], columns.lines.limb[1][0]) = (Fr::from(1024), -Fr::one());
    });
    assert_eq!(book.broken_by(tampering), [ENDS]);
}

#[test]
fn a_quantity_of_2_to_the_90_is_none_and_no_multiplicity_makes_it_one() {
    let mut book = page_of(vec![account(&[(row::HEADROOM, 0)]), account(&[(row::HEADROOM, 0)])]);
    book.totals.0[row::HEADROOM].quantity = 1 << 90;
    let shape = book.shape;
    let table = shape.table_rows();
    for offered in [row::HEADROOM, shape.instruments(), table - 1, table, shape.last_row()] {
        let tampering = Tampering::phase1_alone(move |columns| {
            columns.lines.limb[8][0] = Fr::from(1024);
            columns.multiplicity = columns.count(&shape);
            columns.multiplicity[offered] += Fr::one();
        });
        assert_eq!(book.broken_by(tampering), [ENDS], "row {offered}");
    }
}

#[test]
fn a_debt_is_no_quantity_below_zero() {
    // A deposit of -1, as the field writes it, would be a borrow that nobody sees.
    let mut book = page_of(vec![account(&[(row::HEADROOM, 1)]), account(&[(row::HEADROOM, 1)])]);
    book.totals.0[row::HEADROOM].quantity = 0;
    let tampering =
        Tampering::phase1(book.shape, move |columns| columns.lines.limb[0][0] = -Fr::one());
    assert_eq!(book.broken_by(tampering), [ENDS]);
}

// Instruments and their values.

#[test]
fn a_line_has_its_own_instruments_worth_in_every_scenario() {
    let book = page_of(vec![account(&[(row::LONG, 3), (row::SHORT, 3)])]);
    for scenario in 0..2u64 {
        let theta = book.theta;
        // The long is worth as much as a deposit, the short as little.
        let tampering = Tampering::phase1(book.shape, move |columns| {
            let (long, short) = (0, shape().stride());
            let more = Fr::from(93) * theta.pow([scenario + 1]);
            columns.worth[long] += more;
            columns.worth[short] -= more;
        });
        assert_eq!(book.broken_by(tampering), [ENDS], "scenario {scenario}");
    }
}

#[test]
fn a_line_has_its_own_instruments_cap() {
    let lines = [(row::TIER_1, 51), (row::EQUITY_MARK, 5_100), (row::EQUITY_STRESS, 3_060)];
    let book = page_of(vec![account(&lines)]);
    let uncapped = Tampering::phase1(book.shape, |columns| columns.cap[0] = Fr::zero());
    assert_eq!(book.broken_by(uncapped), [ENDS]);
    let raised = Tampering::phase1(book.shape, |columns| columns.cap[0] = Fr::from(51 + 5_100));
    assert_eq!(book.broken_by(raised), [ENDS]);
}

#[test]
fn no_line_holds_an_instrument_past_the_table() {
    let book = page_of(vec![account(&[(row::HEADROOM, 0)])]);
    let past = book.table.instruments().len() as u64;
    // Rows past the instruments offer the number with a worth of 0, held by nobody.
    for instrument in [past, 511, 512, 1 << 20] {
        let tampering = Tampering::phase1(book.shape, move |columns| {
            columns.lines.instrument[0] = Fr::from(instrument);
            columns.worth[0] = Fr::zero();
        });
        assert_eq!(book.broken_by(tampering), [ENDS], "instrument {instrument}");
    }
}

// Accounts.

#[test]
fn one_scenario_does_not_pay_for_another() {
    let book = page_of(vec![account(&[(row::EQUITY_MARK, 5), (row::SHORTFALL_STRESS, 5)])]);
    assert_eq!(book.broken(), ["an account balances", "the balance runs"]);
}

#[test]
fn no_account_holds_an_instrument_twice_or_out_of_order() {
    let twice = account(&[(row::LONG, 1), (row::LONG, 1), (row::SHORT, 2)]);
    assert_eq!(page_of(vec![twice]).broken(), [ENDS]);
    let back = account(&[(row::SHORT, 2), (row::LONG, 2)]);
    assert_eq!(page_of(vec![back]).broken(), [ENDS]);
}

#[test]
fn a_cap_is_not_exceeded_by_one() {
    const CAP: &str = "a capped line has its headroom next";
    let tier = |units: u128, headroom: u128| {
        let closing = [(row::EQUITY_MARK, 100 * units), (row::EQUITY_STRESS, 60 * units)];
        let lines = [[(row::TIER_1, units), (row::HEADROOM, headroom)], closing].concat();
        page_of(vec![account(&lines)]).broken()
    };
    assert_eq!(tier(50, 0), NOTHING);
    assert_eq!(tier(49, 1), NOTHING);
    assert_eq!(tier(0, 50), NOTHING);
    assert_eq!(tier(51, 0), [CAP]);
    assert_eq!(tier(51, 1), [CAP]);
    assert_eq!(tier(49, 0), [CAP]);
    // A headroom of -1, as the field writes it.
    let lines = [(row::TIER_1, 51), (row::HEADROOM, 0)];
    let closing = [(row::EQUITY_MARK, 5_100), (row::EQUITY_STRESS, 3_060)];
    let book = page_of(vec![account(&[lines, closing].concat())]);
    let at = book.shape.row(0, 1);
    let below =
        Tampering::phase1(book.shape, move |columns| columns.lines.limb[0][at] = -Fr::one());
    assert_eq!(book.broken_by(below), [ENDS]);
}

#[test]
fn any_next_line_may_hold_the_headroom_and_proves_the_cap_as_well() {
    // The account's own next line, of another instrument.
    let closing = [(row::EQUITY_MARK, 5_000), (row::EQUITY_STRESS, 3_000)];
    let tier = [(row::TIER_1, 50), (row::BORROW, 0)];
    assert_eq!(page_of(vec![account(&[tier, closing].concat())]).broken(), NOTHING);
    // Worth nothing at all, a full tier may even end its account: an empty slot has the rest.
    let mut book = page_of(vec![account(&[(row::TIER_1, 50)])]);
    book.table = {
        let mut rows = book.table.instruments().to_vec();
        rows[row::TIER_1].values = rows[0].values.clone();
        InstrumentTable::new(2, rows).unwrap()
    };
    assert_eq!(book.broken(), NOTHING);
    book.pages = vec![vec![account(&[(row::TIER_1, 51)])]];
    book.totals.0[row::TIER_1].quantity = 51;
    assert_eq!(book.broken(), ["a capped line has its headroom next"]);
}

#[test]
fn an_account_left_open_at_the_end_of_its_page_does_not_reach_the_next_one() {
    // A debt in the last slot, left open; the first line of page 1 would close it.
    let mut page = vec![account(&[(row::HEADROOM, 0)]); 63];
    page.push(account(&[(row::SHORTFALL_MARK, 1)]));
    let next = vec![account(&[(row::EQUITY_MARK, 1)])];
    let table = small_book().table;
    let book = Book::new(shape(), table, vec![page, next]);
    let end = book.shape.row(0, 63);
    let open = Tampering::phase1(book.shape, move |columns| columns.lines.last[end] = Fr::zero());
    // The line after it is slot 0 of its own page, and holds an instrument of a lower number.
    assert_eq!(book.broken_by(open), ["an account balances", "the balance runs", ENDS]);
}

#[test]
fn a_page_is_a_cycle_so_an_account_may_go_on_in_slot_0() {
    // Turned by one slot, every account is the same arc of the cycle as before.
    let book = small_book();
    let shape = book.shape;
    let turned = Tampering::phase1(shape, move |columns| turn_page_0(&shape, columns));
    let turned = turned.then(move |columns, phase1, _| {
        // Nothing is owed where an account begins, so the balance in slot 0 is what its head left.
        let begins =
            (0..64).find(|&slot| phase1.lines.last[shape.row(0, slot)] == Fr::one()).unwrap();
        let head = columns.balance[shape.row(0, begins + 1)];
        (0..64).for_each(|slot| columns.balance[shape.row(0, slot)] -= head);
    });
    assert_eq!(book.broken_by(turned), NOTHING);
}

fn turn_page_0(shape: &Shape, columns: &mut Phase1) {
    let Phase1 { lines, cap, worth, .. } = columns;
    let columns = [&mut lines.last, &mut lines.instrument, cap, worth];
    for column in columns.into_iter().chain(&mut lines.limb) {
        let page: Vec<Fr> = (0..64).map(|slot| column[shape.row(0, slot)]).collect();
        (0..64).for_each(|slot| column[shape.row(0, slot)] = page[(slot + 1) % 64]);
    }
}
