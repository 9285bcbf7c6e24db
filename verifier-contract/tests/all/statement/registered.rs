//! What is compared with the registry's own, and what is read from its table.

use alloy_primitives::{B256, U256, keccak256};
use pacioli_circuits::InstrumentTable;
use pacioli_verifier_contract::{
    artifacts,
    errors::name,
    statement::{
        Appended, AppendedVolume,
        StatementVerifier::{
            NoClosingRows, OpeningDoesNotHold, OtherCommitments, OtherKey, OtherTable,
        },
        table_hash,
    },
};

use crate::statement::{
    fixture::{ALICE, Chain, MockVolumes::MockNoVolume, Venue, deploy_verifier, error, id},
    made::{Made, book_of, line, row},
};

#[test]
fn a_statement_is_of_one_attestation() {
    let venue = Venue::get();
    let mut chain = Chain::of(venue);
    let honest = venue.encoded(&id(ALICE));
    let no_volume = error(MockNoVolume {});
    // Under another number, under the other's record, with other hashes, or of no volume.
    let edits: [&dyn Fn(&mut AppendedVolume); 5] = [
        &|volume| volume.round = 1,
        &|volume| volume.round = 3,
        &|volume| volume.record = venue.appended(1).record,
        &|volume| volume.phase1 = venue.appended(1).phase1,
        &|volume| volume.venue = B256::ZERO,
    ];
    for edit in edits {
        let mut encoded = honest.clone();
        edit(&mut encoded.volume);
        assert_eq!(chain.refusal(&encoded), no_volume);
    }
    // With all that is the other's, it is not in that one's proof.
    let mut encoded = honest.clone();
    let Appended { round, record, phase1, .. } = venue.appended(1);
    let expected = phase1[0];
    let got = keccak256(&honest.volume.commitments);
    encoded.volume = AppendedVolume { round, record, phase1, ..venue.encoded(&id(ALICE)).volume };
    assert_eq!(chain.refusal(&encoded), error(OtherCommitments { expected, got }));
    // The same commitments under another word: other challenges, so nothing opens.
    let mut encoded = honest;
    encoded.volume.round = 2;
    encoded.volume.record.sequence = 2;
    chain.append(2, encoded.volume.record.clone(), vec![venue.word(1)]);
    let refused = error(OpeningDoesNotHold { page: encoded.statement.page });
    assert_eq!(chain.refusal(&encoded), refused);
}

#[test]
fn commitments_and_table_are_the_registered_ones() {
    let venue = Venue::get();
    let mut chain = Chain::of(venue);
    let honest = venue.encoded(&id(ALICE));
    let expected = keccak256(&honest.volume.commitments);
    let mut swapped = honest.volume.commitments.to_vec();
    swapped.rotate_left(64);
    for commitments in [swapped, honest.volume.commitments[64..].to_vec()] {
        let refused = error(OtherCommitments { expected, got: keccak256(&commitments) });
        let mut encoded = honest.clone();
        encoded.volume.commitments = commitments.into();
        assert_eq!(chain.refusal(&encoded), refused);
    }
    let table = &honest.volume.table;
    let expected = table_hash(table, &[]);
    let mut dearer = table.clone();
    *dearer.last_mut().unwrap() += U256::from(1);
    // The same words, read as of another number of scenarios, and without the number.
    let [mut fewer, mut more] = [(); 2].map(|()| table.clone());
    (fewer[0], more[0]) = (fewer[0] - U256::from(1), more[0] + U256::from(1));
    let mut one = table.clone();
    one[0] = U256::from(1);
    for table in [dearer, table[1..].to_vec(), Vec::new(), fewer, more, one] {
        let refused = error(OtherTable { expected, got: table_hash(&table, &[]) });
        let mut encoded = honest.clone();
        encoded.volume.table = table;
        assert_eq!(chain.refusal(&encoded), refused);
    }
}

#[test]
fn the_words_of_a_table_are_read_in_the_registered_number_of_scenarios() {
    // Divided into other columns, they are another table.
    let (table, lines) = book_of(20);
    let made = Made::new(&table, lines);
    assert!(made.chain().check(&made.encoded).is_ok());
    let words = made.encoded.volume.table.len() - 1;
    let registered = made.encoded.volume.record.table;
    for scenarios in (1..words).filter(|&scenarios| words.is_multiple_of(1 + scenarios)) {
        let mut reread = made.clone();
        reread.encoded.volume.table[0] = U256::from(scenarios);
        let got = table_hash(&reread.encoded.volume.table, &[]);
        if scenarios == 5 {
            assert_eq!(got, registered);
            continue;
        }
        let refused = error(OtherTable { expected: registered, got });
        assert_eq!(made.chain().refusal(&reread.encoded), refused);
        // Where a registry has that one, the lines may balance in it: nothing but the hash says no.
        reread.reread();
        let refused = reread.chain().check(&reread.encoded).err();
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
    let mut encoded = venue.encoded(&id(ALICE));
    encoded.volume.round = 2;
    encoded.volume.record.verifier = deploy_verifier(&mut chain.evm, got);
    chain.append(2, encoded.volume.record.clone(), vec![venue.word(0)]);
    let expected = venue.key.digest().0.into();
    assert_eq!(chain.refusal(&encoded), error(OtherKey { expected, got }));
}

#[test]
fn equity_is_not_read_from_a_table_without_closing_rows() {
    let (whole, lines) = book_of(20);
    assert!(
        Made::new(&whole, lines.clone()).chain().check(&Made::new(&whole, lines).encoded).is_ok()
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
        assert_eq!(made.chain().refusal(&made.encoded), error(NoClosingRows {}));
    }
}

#[test]
fn the_contract_fits() {
    assert!(artifacts::get("StatementVerifier").runtime_bytes < 24_576);
}
