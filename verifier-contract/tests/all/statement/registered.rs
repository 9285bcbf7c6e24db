//! What is compared with the registry's own, and what is read from its table.

use alloy_primitives::{B256, U256, keccak256};
use pacioli_circuits::InstrumentTable;
use pacioli_verifier_contract::{
    artifacts,
    errors::name,
    statement::{
        Statement,
        StatementVerifier::{
            NoClosingRows, OpeningDoesNotHold, OtherCommitments, OtherKey, OtherTable,
        },
        table_hash,
    },
};

use crate::statement::{
    fixture::{ALICE, Chain, MockVolumes, Venue, deploy_verifier, error, id},
    made::{Made, book_of, line, row},
};

#[test]
fn a_statement_is_of_one_attestation() {
    let venue = Venue::get();
    let mut chain = Chain::of(venue);
    let statement = venue.encoded(&id(ALICE));
    let other = venue.registered(1, chain.verifier);
    let got = keccak256(&statement.phase1);
    assert_ne!(got, other.phase1);
    let refused = error(OtherCommitments { expected: other.phase1, got });
    assert_eq!(chain.check(1, &statement).unwrap_err().data, refused);
    // The same commitments under another word: other challenges, so nothing opens.
    let first = venue.registered(0, chain.verifier);
    chain.register(2, 0, MockVolumes::Volume { word: other.word, ..first });
    let refused = error(OpeningDoesNotHold { page: statement.page });
    assert_eq!(chain.check(2, &statement).unwrap_err().data, refused);
    assert_eq!(chain.check(3, &statement).unwrap_err().data, error(MockVolumes::MockNoVolume {}));
}

#[test]
fn commitments_and_table_are_the_registered_ones() {
    let venue = Venue::get();
    let mut chain = Chain::of(venue);
    let honest = venue.encoded(&id(ALICE));
    let expected = keccak256(&honest.phase1);
    let mut swapped = honest.phase1.to_vec();
    swapped.rotate_left(64);
    for phase1 in [swapped, honest.phase1[64..].to_vec(), Vec::new()] {
        let refused = error(OtherCommitments { expected, got: keccak256(&phase1) });
        let statement = Statement { phase1: phase1.into(), ..honest.clone() };
        assert_eq!(chain.refusal(&statement), refused);
    }
    let expected = table_hash(&honest.table, &[]);
    let mut dearer = honest.table.clone();
    *dearer.last_mut().unwrap() += U256::from(1);
    // The same words, read as of another number of scenarios, and without the number.
    let [mut fewer, mut more] = [(); 2].map(|()| honest.table.clone());
    (fewer[0], more[0]) = (fewer[0] - U256::from(1), more[0] + U256::from(1));
    let mut one = honest.table.clone();
    one[0] = U256::from(1);
    for table in [dearer, honest.table[1..].to_vec(), Vec::new(), fewer, more, one] {
        let refused = error(OtherTable { expected, got: table_hash(&table, &[]) });
        assert_eq!(chain.refusal(&Statement { table, ..honest.clone() }), refused);
    }
}

#[test]
fn the_words_of_a_table_are_read_in_the_registered_number_of_scenarios() {
    // Divided into other columns, they are another table.
    let (table, lines) = book_of(20);
    let made = Made::new(&table, lines);
    assert!(made.chain().check(0, &made.statement).is_ok());
    let words = made.statement.table.len() - 1;
    let registered = table_hash(&made.statement.table, &[]);
    for scenarios in (1..words).filter(|&scenarios| words.is_multiple_of(1 + scenarios)) {
        let mut read = made.statement.clone();
        read.table[0] = U256::from(scenarios);
        let got = table_hash(&read.table, &[]);
        if scenarios == 5 {
            assert_eq!(got, registered);
            continue;
        }
        assert_eq!(made.chain().refusal(&read), error(OtherTable { expected: registered, got }));
        // Where a registry has that one, the lines may balance in it: nothing but the hash says no.
        let mut reread = made.clone();
        reread.statement = read;
        let refused = reread.chain().check(0, &reread.statement).err();
        let refused = refused.map(|revert| name(&revert.data).expect("an error of ours"));
        let expected = match scenarios {
            // The account's lines balance at mark, and what closes it is elsewhere.
            1 => Some("NoClosingRows"),
            // In pairs the scenarios still balance, over twice as many rows.
            2 => None,
            3 | 4 => Some("DoesNotBalance"),
            // Fewer rows than there are.
            _ => Some("UnknownInstrument"),
        };
        assert_eq!(refused, expected, "{scenarios} scenarios");
    }
}

#[test]
fn a_volume_under_another_key_is_refused() {
    let venue = Venue::get();
    let mut chain = Chain::of(venue);
    let got = B256::repeat_byte(3);
    let other = deploy_verifier(&mut chain.evm, got);
    chain.register(2, 0, venue.registered(0, other));
    let expected = venue.key.digest().0.into();
    let revert = chain.check(2, &venue.encoded(&id(ALICE))).unwrap_err();
    assert_eq!(revert.data, error(OtherKey { expected, got }));
}

#[test]
fn equity_is_not_read_from_a_table_without_closing_rows() {
    let (whole, lines) = book_of(20);
    assert!(
        Made::new(&whole, lines.clone())
            .chain()
            .check(0, &Made::new(&whole, lines).statement)
            .is_ok()
    );
    let rows = [row([0; 5]), row([2; 5]), row([-2; 5])].to_vec();
    let unclosed = [
        rows.clone(),
        // Worth nothing at mark whatever is held.
        [row([0; 5]), row([0, 2, 2, 2, 2]), row([0, -2, -2, -2, -2])].to_vec(),
        // Only one of the two.
        [&rows[..], &[row([-1, 0, 0, 0, 0])]].concat(),
        [&rows[..], &[row([1, 0, 0, 0, 0])]].concat(),
    ];
    for rows in unclosed {
        let table = InstrumentTable::new(5, rows).unwrap();
        let made = Made::new(&table, vec![line(1, 5), line(2, 5)]);
        assert_eq!(made.chain().refusal(&made.statement), error(NoClosingRows {}));
    }
}

#[test]
fn the_contract_fits() {
    assert!(artifacts::get("StatementVerifier").runtime_bytes < 24_576);
}
