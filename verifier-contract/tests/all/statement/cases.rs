//! What may be changed in a statement, and the refusal that each change meets off chain and on it.

use std::collections::BTreeSet;

use alloy_primitives::{Bytes, U256};
use alloy_sol_types::SolError;
use ff::PrimeField;
use halo2_proofs::halo2curves::bn256::{Fq, Fr};
use pacioli_attestation::{
    VolumeId,
    encoding::{EncodingError, parse_point, point_bytes},
    opening::OpeningError,
    statement::{SharedNonce, Statement, StatementError},
};
use pacioli_circuits::{Line, Nonce, Quantity, ScenarioId, reference::AccountError};
use pacioli_verifier_contract::{
    artifacts,
    statement::{
        Line as EncodedLine, OnChain as Encoded,
        StatementVerifier::{
            AboveCap, AlreadyClaimed, AttestationRevoked, ClaimOutOfRange, CommitmentsMissing,
            DoesNotBalance, NoClosingRows, NoHeadroom, NoLine, NotAPoint, NotIncreasing,
            NotPrepared, NotTheCallersId, OpeningDoesNotHold, OpeningsDoNotHold, OtherCommitments,
            OtherKey, OtherLine, OtherTable, PageOutOfRange, PageValueCount, PageValueNotCanonical,
            QuantityOutOfRange, SlotOutOfRange, UnknownInstrument,
        },
    },
};

use crate::statement::fixture::{ALICE, Chain, MockVolumes::MockNoVolume, TWIN, Venue, error, id};

/// A statement in both forms, and the verdicts.
pub struct Case {
    pub name: &'static str,
    pub statement: Statement,
    pub encoded: Encoded,
    pub native: Result<(), StatementError>,
    pub contract: Result<(), Bytes>,
}

fn word(digits: &str) -> [u8; 32] {
    digits.parse::<U256>().unwrap().to_be_bytes()
}

fn number(word: &[u8]) -> U256 {
    U256::from_be_slice(word)
}

/// A statement's lines as the chain takes them.
pub fn encoded_lines(lines: &[Line]) -> Vec<EncodedLine> {
    let lines = lines.iter().map(|line| EncodedLine {
        instrument: line.instrument.row() as u16,
        quantity: line.quantity.units(),
    });
    lines.collect()
}

/// Every case over the statement of [`ALICE`].
pub fn cases(venue: &Venue) -> Vec<Case> {
    let alice = id(ALICE);
    let (honest, honest_encoded) = (venue.statement(&alice), venue.encoded(&alice));
    let lines = venue.first().given[&alice].lines.clone();
    let (page, slot, count) = (honest.page, honest.slot, venue.key.shape().pages());
    let dollars = lines.iter().position(|line| line.instrument == venue.row("deposit USDC"));
    let (dollars, last) = (dollars.unwrap(), lines.len() - 1);
    let mut cases = Vec::new();
    let mut add = |name, (statement, encoded), native, contract| {
        cases.push(Case { name, statement, encoded, native, contract });
    };
    // The same change in both forms. The points that follow from the page are made anew.
    let with = |edit: &dyn Fn(&mut Statement, &mut Encoded)| {
        let (mut statement, mut encoded) = (honest.clone(), honest_encoded.clone());
        edit(&mut statement, &mut encoded);
        let canonical = encoded.statement.pageValues.len() == 64
            && encoded.statement.pageValues.iter().all(is_canonical);
        if canonical && encoded.statement.page < U256::from(count) {
            venue.show(&mut encoded);
        }
        (statement, encoded)
    };
    let holding = |held: Vec<Line>| {
        let mut encoded = honest_encoded.clone();
        encoded.statement.lines = encoded_lines(&held);
        (venue.with_lines(&alice, held), encoded)
    };
    let account = |error| Err(StatementError::Lines(error));
    let native_line = |line| Err(StatementError::Line { line });
    let other_line = |line| Err(error(OtherLine { line: U256::from(line) }));
    let mismatch = |page| Err(StatementError::Opening(OpeningError::Mismatch(page)));
    let does_not_hold = |page| Err(error(OpeningDoesNotHold { page: U256::from(page) }));

    add("honest", (honest.clone(), honest_encoded.clone()), Ok(()), Ok(()));

    // Somebody else's.
    let twin = id(TWIN);
    let renamed = |name: &str| {
        with(&|s, e| {
            s.account = name.to_owned();
            e.statement.id = name.to_owned();
        })
    };
    add("same-lines-for-another-id", renamed(&twin), native_line(0), other_line(0));
    let nonce = venue.statement(&twin).nonce;
    let both = with(&|s, e| {
        (s.account, s.nonce) = (twin.clone(), nonce.clone());
        e.statement.id = twin.clone();
        e.statement.nonce = nonce.nonce().reveal().into();
    });
    add("same-lines-and-the-twins-nonce", both, native_line(0), other_line(0));
    for name in ["", &alice[..41], &(alice.clone() + "/"), &alice.to_uppercase()] {
        add("another-id", renamed(name), native_line(0), other_line(0));
    }
    let nonce = SharedNonce::from(&Nonce::new([7; 32]));
    let other_nonce = with(&|s, e| {
        s.nonce = nonce.clone();
        e.statement.nonce = [7; 32].into();
    });
    add("another-nonce", other_nonce, native_line(0), other_line(0));

    // Another place.
    let second = VolumeId::new(1);
    let volume = with(&|s, e| (s.volume, e.volume.volume) = (second, U256::from(1)));
    let refused = Err(StatementError::Volume { volume: second, count: 1 });
    add("no-such-volume", volume, refused, Err(error(MockNoVolume {})));
    let at_page = |page| with(&|s, e| (s.page, e.statement.page) = (page, U256::from(page)));
    for off in [count, count + 6, count + 7, usize::MAX] {
        let refused = PageOutOfRange { page: U256::from(off), count: U256::from(count) };
        let native = Err(StatementError::Page { page: off, count });
        add("page-switched-off", at_page(off), native, Err(error(refused)));
    }
    let other_page = (page + 1) % count;
    add("another-page", at_page(other_page), mismatch(other_page), does_not_hold(other_page));
    let at_slot = |slot| with(&|s, e| (s.slot, e.statement.slot) = (slot, U256::from(slot)));
    for far in [65 - lines.len(), 64, usize::MAX] {
        let (lines, page_size) = (lines.len(), 64);
        let native = Err(StatementError::Slot { slot: far, lines, page_size });
        let [slot, lines, page_size] = [far, lines, page_size].map(U256::from);
        let refused = SlotOutOfRange { slot, lines, pageSize: page_size };
        add("slot-past-the-page", at_slot(far), native, Err(error(refused)));
    }
    let moved = if slot + lines.len() < 64 { slot + 1 } else { slot - 1 };
    add("another-slot", at_slot(moved), native_line(0), other_line(0));

    // Other lines.
    let line = |instrument, units| Line { instrument, quantity: Quantity::new(units).unwrap() };
    let edited = |edit: &dyn Fn(&mut Vec<Line>)| {
        let mut held = lines.clone();
        edit(&mut held);
        held
    };
    let more = edited(&|held| {
        held[dollars] = line(held[dollars].instrument, held[dollars].quantity.units() + 1);
    });
    let balance = |scenario| {
        let scenario = ScenarioId::new(scenario);
        account(AccountError::Balance { scenario })
    };
    let unbalanced = |scenario| Err(error(DoesNotBalance { scenario: U256::from(scenario) }));
    add("one-unit-more", holding(more.clone()), balance(0), unbalanced(0));
    let more = holding(venue.balanced(&more));
    add("one-unit-more-and-balanced", more, native_line(dollars), other_line(dollars));
    let less = edited(&|held| {
        held.remove(dollars);
    });
    add("line-left-out", holding(less.clone()), balance(0), unbalanced(0));
    let less = holding(venue.balanced(&less));
    add("line-left-out-and-balanced", less, native_line(dollars), other_line(dollars));
    let unclosed = holding(lines[..last].to_vec());
    add("last-line-left-out", unclosed, balance(4), unbalanced(4));
    let none = with(&|s, e| {
        s.lines.clear();
        e.statement.lines.clear();
    });
    add("no-line", none, Err(StatementError::NoLine), Err(error(NoLine {})));
    let longest = venue.compiled().scenario(ScenarioId::new(4)).balance().unwrap()[1];
    let extra = holding(edited(&|held| held.push(line(longest, 0))));
    // Where the account ends its page there is no room for another line.
    let has_room = slot + lines.len() < 64;
    if has_room {
        add("line-of-nothing-at-the-end", extra, native_line(last), other_line(last));
    }
    let extra = edited(&|held| held.insert(dollars + 1, line(venue.row("quote credit"), 0)));
    let first = (0..).find(|&i| extra[i] != lines[i]).unwrap();
    if has_room {
        add("line-of-nothing-within", holding(extra), native_line(first), other_line(first));
    }
    let order = |line| account(AccountError::Order { line });
    let not_increasing = |line| Err(error(NotIncreasing { line: U256::from(line) }));
    let reordered = edited(&|held| held.swap(last - 1, last));
    add("lines-reordered", holding(reordered), order(last), not_increasing(last));
    let twice = edited(&|held| held.insert(dollars, held[dollars]));
    add("line-twice", holding(twice), order(dollars + 1), not_increasing(dollars + 1));

    // Caps: the first line is capped, its headroom the second.
    let headroom = || account(AccountError::Headroom { line: 0 });
    let no_headroom = || Err(error(NoHeadroom { line: U256::ZERO }));
    let without = edited(&|held| {
        held.remove(1);
    });
    add("headroom-left-out", holding(without), headroom(), no_headroom());
    let other = edited(&|held| held[1] = line(held[1].instrument, 1));
    add("headroom-of-another-size", holding(other), headroom(), no_headroom());
    let elsewhere = edited(&|held| {
        held.remove(1);
        held[1] = line(held[1].instrument, 0);
    });
    let elsewhere = venue.balanced(&elsewhere);
    add("headroom-in-another-instrument", holding(elsewhere), headroom(), no_headroom());
    add("capped-line-at-the-end", holding(lines[..1].to_vec()), headroom(), no_headroom());
    let cap = lines[0].quantity.units();
    let over = edited(&|held| held[0] = line(held[0].instrument, cap + 1));
    let refused = Err(error(AboveCap { line: U256::ZERO }));
    add("above-the-cap", holding(over), account(AccountError::Cap { line: 0 }), refused);

    // Lines that are none.
    let rows = venue.compiled().rows.len() as u16;
    for (name, row) in [("", 0), ("no such", rows), ("no such", u16::MAX)] {
        let unknown = with(&|s, e| {
            s.lines[dollars].instrument = name.to_owned();
            e.statement.lines[dollars].instrument = row;
        });
        let native = Err(StatementError::Instrument { line: dollars, name: name.to_owned() });
        let refused = Err(error(UnknownInstrument { line: U256::from(dollars) }));
        add("no-such-instrument", unknown, native, refused);
    }
    let quantity = "1237940039285380274899.124224";
    let large = with(&|s, e| {
        s.lines[dollars].quantity = quantity.parse().unwrap();
        e.statement.lines[dollars].quantity = 1 << 90;
    });
    let native = Err(StatementError::Quantity { line: dollars, quantity: quantity.to_owned() });
    let refused = Err(error(QuantityOutOfRange { line: U256::from(dollars) }));
    add("quantity-out-of-bounds", large, native, refused);

    // The page.
    let set = |at: usize, value: [u8; 32]| {
        with(&|s, e| {
            s.page_values[at] = value;
            e.statement.pageValues[at] = number(&value);
        })
    };
    let own = number(&honest.page_values[slot]) + number(&word(Fr::MODULUS));
    for (at, value) in [(63, word(Fr::MODULUS)), (0, [0xff; 32]), (slot, own.to_be_bytes())] {
        let native = Err(StatementError::PageValue { slot: at, error: EncodingError::Value });
        let refused = Err(error(PageValueNotCanonical { slot: U256::from(at) }));
        add("value-not-below-r", set(at, value), native, refused);
    }
    for at in [slot, (slot + lines.len()) % 64] {
        let mut value = honest.page_values[at];
        value[31] ^= 1;
        add("value-changed", set(at, value), mismatch(page), does_not_hold(page));
    }
    let swapped = with(&|s, e| {
        s.page_values.swap(0, 63);
        e.statement.pageValues.swap(0, 63);
    });
    add("values-swapped", swapped, mismatch(page), does_not_hold(page));
    for len in [0, 63] {
        let fewer = with(&|s, e| {
            s.page_values.truncate(len);
            e.statement.pageValues.truncate(len);
        });
        let got = OpeningError::ValueCount { expected: 64, got: len };
        let refused = PageValueCount { expected: U256::from(64), got: U256::from(len) };
        add("value-left-out", fewer, Err(StatementError::Opening(got)), Err(error(refused)));
    }

    // Its opening.
    let opened = |opening: [u8; 64]| {
        with(&|s, e| {
            s.opening = opening;
            e.statement.opening = [number(&opening[..32]), number(&opening[32..])];
        })
    };
    let no_point = || Err(StatementError::Opening(EncodingError::Point.into()));
    let not_a_point = || Err(error(NotAPoint {}));
    let mut off = honest.opening;
    off[63] ^= 1;
    add("opening-off-the-curve", opened(off), no_point(), not_a_point());
    for half in [0, 32] {
        let mut unreduced = honest.opening;
        let coordinate = number(&unreduced[half..half + 32]) + number(&word(Fq::MODULUS));
        unreduced[half..half + 32].copy_from_slice(&coordinate.to_be_bytes::<32>());
        add("opening-not-canonical", opened(unreduced), no_point(), not_a_point());
    }
    add("opening-at-infinity", opened([0; 64]), mismatch(page), does_not_hold(page));
    let negated = point_bytes(&-parse_point(&honest.opening).unwrap());
    add("opening-negated", opened(negated), mismatch(page), does_not_hold(page));
    let others = venue.first().given.values();
    let neighbour = others.map(|given| &given.statement).find(|other| other.page != page).unwrap();
    add("opening-of-another-page", opened(neighbour.opening), mismatch(page), does_not_hold(page));
    cases
}

fn is_canonical(value: &U256) -> bool {
    *value < number(&word(Fr::MODULUS))
}

#[test]
fn whatever_is_changed_meets_its_own_refusal_on_either_side() {
    let venue = Venue::get();
    let mut chain = Chain::of(venue);
    for Case { name, statement, encoded, native, contract } in cases(venue) {
        assert_eq!(venue.check(&statement), native, "{name}");
        let got = chain.check(&encoded).map(|_| ()).map_err(|revert| revert.data);
        assert_eq!(got, contract, "{name}");
    }
}

#[test]
fn every_error_of_the_contract_is_provoked_by_a_test() {
    // Here, and in `registered`, `claims`, `forms` and `many`.
    let provoked = [
        AboveCap::SELECTOR,
        AlreadyClaimed::SELECTOR,
        AttestationRevoked::SELECTOR,
        ClaimOutOfRange::SELECTOR,
        CommitmentsMissing::SELECTOR,
        DoesNotBalance::SELECTOR,
        NoClosingRows::SELECTOR,
        NoHeadroom::SELECTOR,
        NoLine::SELECTOR,
        NotAPoint::SELECTOR,
        NotIncreasing::SELECTOR,
        NotPrepared::SELECTOR,
        NotTheCallersId::SELECTOR,
        OpeningDoesNotHold::SELECTOR,
        OpeningsDoNotHold::SELECTOR,
        OtherCommitments::SELECTOR,
        OtherKey::SELECTOR,
        OtherLine::SELECTOR,
        OtherTable::SELECTOR,
        PageOutOfRange::SELECTOR,
        PageValueCount::SELECTOR,
        PageValueNotCanonical::SELECTOR,
        QuantityOutOfRange::SELECTOR,
        SlotOutOfRange::SELECTOR,
        UnknownInstrument::SELECTOR,
    ];
    let provoked: BTreeSet<[u8; 4]> = provoked.into();
    let elsewhere = [
        AlreadyClaimed::SELECTOR,
        AttestationRevoked::SELECTOR,
        ClaimOutOfRange::SELECTOR,
        CommitmentsMissing::SELECTOR,
        NoClosingRows::SELECTOR,
        NotPrepared::SELECTOR,
        NotTheCallersId::SELECTOR,
        OpeningsDoNotHold::SELECTOR,
        OtherCommitments::SELECTOR,
        OtherKey::SELECTOR,
        OtherTable::SELECTOR,
    ];
    let here = cases(Venue::get()).into_iter().filter_map(|case| case.contract.err());
    let here = here.map(|data| <[u8; 4]>::try_from(&data[..4]).unwrap());
    let mut tried: BTreeSet<[u8; 4]> = here.chain(elsewhere).collect();
    tried.remove(&MockNoVolume::SELECTOR);
    assert_eq!(tried, provoked);
    let abi = artifacts::get("StatementVerifier").abi.as_array().unwrap();
    let errors = abi.iter().filter(|entry| entry["type"] == "error");
    let declared: BTreeSet<[u8; 4]> = errors
        .map(|entry| {
            let inputs = entry["inputs"].as_array().unwrap().iter();
            let types: Vec<_> = inputs.map(|input| input["type"].as_str().unwrap()).collect();
            let signature = format!("{}({})", entry["name"].as_str().unwrap(), types.join(","));
            alloy_primitives::keccak256(signature)[..4].try_into().unwrap()
        })
        .collect();
    assert_eq!(declared, provoked);
}
