//! What an account is worth at mark: its closing lines netted, and plain and covered lines at the values
//! of what they stand for.

use alloy_primitives::{Address, U256, keccak256};
use alloy_sol_types::{SolCall, SolValue};
use pacioli_attestation::statement::check;
use pacioli_circuits::{Instrument, InstrumentTable, Line};
use pacioli_rules::Role;
use pacioli_verifier_contract::{
    bindings::Claim,
    statement::{
        OnChain,
        StatementVerifier::{ClaimOutOfRange, OtherTable, claimCall, claimOfCall, ownerOfCall},
        table_hash,
    },
};

use crate::statement::{
    fixture::{ALICE, COVERED, Chain, PLAIN, VENUE_ID, Venue, error, id},
    made::{Made, line, row},
};

/// What the contract says that a statement's account is worth at mark: equity and shortfall.
#[track_caller]
fn at_mark(chain: &mut Chain, encoded: &OnChain) -> (U256, U256) {
    let (worth, _) = chain.worth(encoded);
    (worth.equity, worth.shortfall)
}

#[test]
fn the_contract_says_what_the_native_check_says_an_account_is_worth() {
    let venue = Venue::with_cover();
    let mut chain = Chain::of(venue);
    let closes = |role: Role| matches!(role, Role::Equity { .. } | Role::Shortfall { .. });
    let is_plain = |role: Role| matches!(role, Role::Plain { .. });
    let is_covered = |role: Role| matches!(role, Role::Covered { .. });
    for (holder, has) in [
        (ALICE, [true, false, false]),
        (PLAIN, [false, true, false]),
        (COVERED, [false, false, true]),
    ] {
        let holder_id = id(holder);
        let lines = &venue.first().given[&holder_id].lines;
        let roles = || lines.iter().map(|line| venue.compiled().rows[line.instrument.row()].role);
        let found = [roles().any(closes), roles().any(is_plain), roles().any(is_covered)];
        assert_eq!(found, has, "{holder}");

        let (statement, encoded) = (venue.statement(&holder_id), venue.encoded(&holder_id));
        let native = check(&statement, &venue.first().verified, None).unwrap();
        let native = &native.balances[0];
        let (equity, shortfall) = at_mark(&mut chain, &encoded);
        assert_eq!(equity.to_string(), native.equity.units.to_string());
        assert_eq!(shortfall.to_string(), native.shortfall.units.to_string());
        assert!(!equity.is_zero());

        // And that is what is claimed.
        let OnChain { volume, statement } = encoded;
        let call = claimCall { volume, statement };
        chain.evm.call(holder, chain.contract, call.abi_encode()).unwrap();
        let owner = ownerOfCall { id: holder_id }.abi_encode();
        let owner = chain.evm.view(Address::ZERO, chain.contract, owner).unwrap();
        let owner = owner.bytes[..].try_into().unwrap();
        let claim = claimOfCall { venue: VENUE_ID, round: 0, owner };
        let claim = chain.evm.view(Address::ZERO, chain.contract, claim.abi_encode()).unwrap();
        let kept = Claim { claimant: holder, equity: equity.to(), shortfall: 0 };
        assert_eq!(Claim::abi_decode(&claim.bytes).unwrap(), kept);
    }
}

#[test]
fn nothing_stands_for_another_row_than_the_registrys() {
    let venue = Venue::with_cover();
    let mut chain = Chain::of(venue);
    let honest = venue.encoded(&id(PLAIN));
    let (table, forms) = (&honest.volume.table, honest.volume.forms.to_vec());
    let expected = table_hash(table, &forms);
    at_mark(&mut chain, &honest);
    let mut other = forms.clone();
    let last = other.len() - 1;
    other.swap(1, last);
    let longer = [&forms[..], &[0, 1]].concat();
    for forms in [&[][..], &forms[2..], &forms[..forms.len() - 1], &longer, &other] {
        let mut encoded = honest.clone();
        encoded.volume.forms = forms.to_vec().into();
        let got = table_hash(table, forms);
        assert_eq!(chain.refusal(&encoded), error(OtherTable { expected, got }));
    }
    // Nor is what the registry hashed a table of words by itself: it has one byte more.
    let words: Vec<u8> = table.iter().flat_map(|word| word.to_be_bytes::<32>()).collect();
    let hashed = [&[1][..], keccak256(&words).as_slice(), &forms].concat();
    assert_eq!(keccak256(&hashed), expected);
    assert_eq!(hashed.len() % 2, 1);
}

/// A deposit worth 5 at mark, 4 in a margin scenario and 3 in a stress, and a debt of as much; the
/// plain and covered forms of both; and what closes mark, the two, another stress in which nothing is
/// worth anything (whose closing rows are left out), and the cover.
fn table(deposit: i128) -> InstrumentTable {
    let rows: Vec<Instrument> = vec![
        row([0; 5]),
        row([deposit, 4, 3, 0, 0]),
        row([-5, -6, -5, 0, 0]),
        row([0; 5]),
        row([0, 0, 0, 0, 3]),
        row([0, 0, 0, 0, -6]),
        row([-1, 0, 0, 0, 0]),
        row([1, 0, 0, 0, 0]),
        row([0, -1, 0, 0, 0]),
        row([0, 1, 0, 0, 0]),
        row([0, 0, -1, 0, 0]),
        row([0, 0, 1, 0, 0]),
        row([0, 0, 0, 0, -1]),
    ];
    InstrumentTable::new(5, rows).unwrap()
}

/// The row that each of the rows 3 to 5 stands for.
const HELD: [u16; 3] = [1, 1, 2];

#[test]
fn closing_lines_are_netted_and_every_form_counts() {
    for (lines, equity, shortfall) in [
        // An account that has nothing, and writes both lines.
        (vec![line(6, 1_000), line(7, 1_000)], 0, 0),
        // 10 deposited, in each form.
        (vec![line(1, 10), line(6, 50), line(8, 40), line(10, 30)], 50, 0),
        (vec![line(3, 10)], 50, 0),
        (vec![line(4, 10), line(12, 30)], 50, 0),
        // The same with both lines larger by 7.
        (vec![line(1, 10), line(6, 57), line(7, 7), line(8, 40), line(10, 30)], 50, 0),
        (vec![line(3, 10), line(6, 7), line(7, 7)], 50, 0),
        // A debt, and one that is covered.
        (vec![line(2, 10), line(7, 50), line(9, 60), line(11, 50)], 0, 50),
        (vec![line(4, 10), line(5, 5)], 25, 0),
        // A debt in the open, and a holding that is plain: what is left of either.
        (vec![line(2, 10), line(3, 4), line(7, 50), line(9, 60), line(11, 50)], 0, 30),
        (vec![line(2, 10), line(3, 10), line(7, 50), line(9, 60), line(11, 50)], 0, 0),
        (vec![line(2, 10), line(3, 14), line(7, 50), line(9, 60), line(11, 50)], 20, 0),
    ] {
        let made = Made::of_forms(&table(5), &HELD, lines.clone());
        let mut chain = made.chain();
        let got = at_mark(&mut chain, &made.encoded);
        assert_eq!(got, (U256::from(equity), U256::from(shortfall)), "{lines:?}");
    }
}

#[test]
fn a_claim_has_room_for_128_bits() {
    let units = 1u128 << 60;
    for (lines, fits) in [
        (vec![line(3, (1 << 68) - 1)], true),
        (vec![line(3, 1 << 68)], false),
        (vec![line(3, (1 << 90) - 1)], false),
    ] {
        let lines: Vec<Line> = lines;
        let worth = U256::from(units) * U256::from(lines[0].quantity.units());
        let made = Made::of_forms(&table(units as i128), &HELD, lines);
        let mut chain = made.chain();
        assert_eq!(at_mark(&mut chain, &made.encoded), (worth, U256::ZERO));
        let OnChain { volume, statement } = made.encoded.clone();
        let call = claimCall { volume, statement };
        let claimed = chain.evm.call(ALICE, chain.contract, call.abi_encode());
        match claimed {
            Ok(_) => assert!(fits),
            Err(revert) => {
                assert!(!fits);
                assert_eq!(revert.data, error(ClaimOutOfRange {}));
            }
        }
    }
}
