//! What may be changed in a statement, and the refusal that each change meets.

use ff::PrimeField;
use halo2_proofs::halo2curves::bn256::{Fq, Fr};
use pacioli_attestation::{
    Digest, VolumeId,
    encoding::{EncodingError, parse_point, point_bytes},
    opening::OpeningError,
    statement::{SharedNonce, Statement, StatementError},
};
use pacioli_circuits::{Line, Nonce, Quantity, ScenarioId, reference::AccountError};

use crate::statements::fixture::{ALICE, TWIN, Venue};

/// A statement, who checks it, and the verdict.
pub struct Case {
    /// What was done, in words joined by hyphens: the name of its file.
    pub name: &'static str,
    pub statement: Statement,
    pub id: Option<&'static str>,
    pub verdict: Result<(), StatementError>,
}

/// A big-endian word with the number that these hexadecimal digits say.
fn word(digits: &str) -> [u8; 32] {
    let digits = digits.trim_start_matches("0x");
    std::array::from_fn(|i| u8::from_str_radix(&digits[2 * i..][..2], 16).unwrap())
}

fn set<T>(vector: &mut [T], at: usize, value: T) {
    vector[at] = value;
}

/// Every case over the statement of [`ALICE`].
pub fn cases(venue: &Venue) -> Vec<Case> {
    let honest = venue.statement(ALICE);
    let lines = venue.lines(ALICE);
    let (page, slot, count) = (honest.page, honest.slot, venue.key.shape().pages());
    let names: Vec<_> = honest.lines.iter().map(|line| line.instrument.as_str()).collect();
    let dollars = names.iter().position(|name| *name == "deposit USDC").unwrap();
    let volumes = venue.attestation.volumes.len();
    let other_page = (page + 1) % count;
    let mut cases = Vec::new();
    let mut add = |name, statement, id, verdict| {
        cases.push(Case { name, statement, id, verdict });
    };
    let with = |edit: &dyn Fn(&mut Statement)| {
        let mut statement = venue.statement(ALICE);
        edit(&mut statement);
        statement
    };
    let mismatch = |page| Err(StatementError::Opening(OpeningError::Mismatch(page)));
    let line = |line| Err(StatementError::Line { line });
    let lines_of = |held: Vec<Line>| venue.claim(ALICE, held);

    add("honest", honest.clone(), None, Ok(()));
    add("honest-by-id", honest.clone(), Some(ALICE), Ok(()));

    // Somebody else's.
    let account = |expected: &str, got: &str| {
        Err(StatementError::Account { expected: expected.into(), got: got.into() })
    };
    add("statement-of-another", honest.clone(), Some(TWIN), account(TWIN, ALICE));
    add("same-lines-for-another-id", with(&|s| s.account = TWIN.into()), Some(TWIN), line(0));
    let twin = venue.statement(TWIN).nonce;
    let both = with(&|s| (s.account, s.nonce) = (TWIN.into(), twin.clone()));
    add("same-lines-and-the-twins-nonce", both, None, line(0));
    for name in ["", "holder-", "holder-1\0", "holder-1 ", "Holder-1"] {
        add("another-id", with(&|s| s.account = name.into()), None, line(0));
    }

    // Another place.
    let given = venue.digest();
    let claimed = Digest([1; 32]);
    let refused = Err(StatementError::Attestation { claimed, given });
    add("another-attestation", with(&|s| s.attestation = claimed), None, refused);
    let past = VolumeId::new(volumes);
    let refused = Err(StatementError::Volume { volume: past, count: volumes });
    add("no-such-volume", with(&|s| s.volume = past), None, refused);
    add(
        "another-volume",
        with(&|s| s.volume = VolumeId::new(1 - s.volume.index())),
        None,
        mismatch(page),
    );
    for off in [count, venue.key.opening().pages().count() - 1, usize::MAX] {
        let refused = Err(StatementError::Page { page: off, count });
        add("page-switched-off", with(&|s| s.page = off), None, refused);
    }
    add("another-page", with(&|s| s.page = other_page), None, mismatch(other_page));
    for far in [65 - lines.len(), 64, usize::MAX] {
        let refused = Err(StatementError::Slot { slot: far, lines: lines.len(), page_size: 64 });
        add("slot-past-the-page", with(&|s| s.slot = far), None, refused);
    }
    let moved = if slot + lines.len() < 64 { slot + 1 } else { slot - 1 };
    add("another-slot", with(&|s| s.slot = moved), None, line(0));
    let nonce = SharedNonce::from(&Nonce::new([7; 32]));
    add("another-nonce", with(&|s| s.nonce = nonce.clone()), None, line(0));

    // Other lines, and everything written beside them as it should be.
    let one_more = |units: &Line| Line {
        quantity: Quantity::new(units.quantity.units() + 1).unwrap(),
        ..*units
    };
    let mut more = lines.clone();
    set(&mut more, dollars, one_more(&lines[dollars]));
    let scenario = ScenarioId::MARK;
    let unbalanced = Err(StatementError::Lines(AccountError::Balance { scenario }));
    add("one-unit-more", lines_of(more.clone()), None, unbalanced.clone());
    add("one-unit-more-and-balanced", lines_of(venue.balanced(&more)), None, line(dollars));
    let mut less = lines.clone();
    less.remove(dollars);
    add("line-left-out", lines_of(less.clone()), None, unbalanced);
    add("line-left-out-and-balanced", lines_of(venue.balanced(&less)), None, line(dollars));
    let last = lines.len() - 1;
    let scenario = ScenarioId::new(2);
    let unclosed = Err(StatementError::Lines(AccountError::Balance { scenario }));
    add("last-line-left-out", lines_of(lines[..last].to_vec()), None, unclosed);
    add("no-line", with(&|s| s.lines.clear()), None, Err(StatementError::NoLine));
    let nothing = |instrument| Line { instrument, quantity: Quantity::ZERO };
    let mut extra = lines.clone();
    extra.push(nothing(venue.compiled().find("shortfall:crash").unwrap()));
    add("line-of-nothing-at-the-end", lines_of(extra), None, line(last));
    let mut extra = lines.clone();
    extra.insert(dollars + 1, nothing(venue.compiled().find("borrow USDC").unwrap()));
    extra.sort_by_key(|line| line.instrument.row());
    let first = extra.iter().zip(&lines).position(|(new, old)| new != old).unwrap();
    add("line-of-nothing-within", lines_of(extra), None, line(first));
    let mut reordered = lines.clone();
    reordered.swap(last - 1, last);
    let refused = Err(StatementError::Lines(AccountError::Order { line: last }));
    add("lines-reordered", lines_of(reordered), None, refused);
    let mut twice = lines.clone();
    twice.insert(dollars, lines[dollars]);
    let refused = Err(StatementError::Lines(AccountError::Order { line: dollars + 1 }));
    add("line-twice", lines_of(twice), None, refused);
    let mut over = lines.clone();
    over.remove(1);
    let refused = Err(StatementError::Lines(AccountError::Headroom { line: 0 }));
    add("headroom-left-out", lines_of(over), None, refused);
    let mut over = lines.clone();
    set(&mut over, 0, Line { quantity: Quantity::new(200_000_001).unwrap(), ..lines[0] });
    let refused = Err(StatementError::Lines(AccountError::Cap { line: 0 }));
    add("above-the-cap", lines_of(over), None, refused);

    // What is written beside the lines.
    for name in ["", "deposit USD", "deposit USDC tier 1"] {
        let refused = Err(StatementError::Instrument { line: dollars, name: name.into() });
        let named = with(&|s| s.lines[dollars].instrument = name.into());
        add("no-such-instrument", named, None, refused);
    }
    let renamed = with(&|s| s.lines[dollars].instrument = "borrow USDC".into());
    add("instrument-swapped", renamed, None, Err(StatementError::Worth { line: dollars }));
    let renamed = with(&|s| s.lines[0].instrument = "deposit BTC tier 2".into());
    add("tier-swapped", renamed, None, Err(StatementError::Worth { line: 0 }));
    let closing = with(&|s| {
        let (left, right) =
            (s.lines[last].instrument.clone(), s.lines[last - 1].instrument.clone());
        (s.lines[last].instrument, s.lines[last - 1].instrument) = (right, left);
    });
    add("closing-lines-swapped", closing, None, Err(StatementError::Worth { line: last - 1 }));
    for quantity in ["1237940039285380274899.124224", "0.0000001"] {
        let changed = with(&|s| s.lines[dollars].quantity = quantity.parse().unwrap());
        let quantity = quantity.to_owned();
        let refused = Err(StatementError::Quantity { line: dollars, quantity });
        add("quantity-out-of-bounds", changed, None, refused);
    }
    let worth = Err(StatementError::Worth { line: dollars });
    let changed = with(&|s| s.lines[dollars].quantity = "1038.25".parse().unwrap());
    add("quantity-changed", changed, None, worth.clone());
    let changed = with(&|s| s.lines[dollars].worth[0].negative = true);
    add("worth-changed", changed, None, worth.clone());
    let changed = with(&|s| s.lines[dollars].worth.truncate(2));
    add("worth-of-too-few-scenarios", changed, None, worth);
    let renamed = with(&|s| s.scenarios[2] = "calm".into());
    add("scenario-renamed", renamed, None, Err(StatementError::Scenarios));
    let fewer = with(&|s| s.scenarios.truncate(2));
    add("scenario-left-out", fewer, None, Err(StatementError::Scenarios));

    // The page.
    let value = Err(StatementError::PageValue { slot: 63, error: EncodingError::Value });
    for large in [word(Fr::MODULUS), [0xff; 32]] {
        add("value-not-below-r", with(&|s| s.page_values[63] = large), None, value.clone());
    }
    for at in [slot, (slot + lines.len()) % 64] {
        let changed = with(&|s| s.page_values[at][31] ^= 1);
        add("value-changed", changed, None, mismatch(page));
    }
    let swapped = with(&|s| s.page_values.swap(0, 63));
    add("values-swapped", swapped, None, mismatch(page));
    let fewer = with(&|s| s.page_values.truncate(63));
    let got = OpeningError::ValueCount { expected: 64, got: 63 };
    add("value-left-out", fewer, None, Err(StatementError::Opening(got)));

    // Its opening.
    let no_point = || Err(StatementError::Opening(EncodingError::Point.into()));
    add("opening-off-the-curve", with(&|s| s.opening[63] ^= 1), None, no_point());
    let mut unreduced = [0; 64];
    unreduced[..32].copy_from_slice(&word(Fq::MODULUS));
    add("opening-not-canonical", with(&|s| s.opening = unreduced), None, no_point());
    add("opening-at-infinity", with(&|s| s.opening = [0; 64]), None, mismatch(page));
    let negated = point_bytes(&-parse_point(&honest.opening).unwrap());
    add("opening-negated", with(&|s| s.opening = negated), None, mismatch(page));
    let neighbour = venue.given.values().find(|given| given.statement.page != page).unwrap();
    let taken = neighbour.statement.opening;
    add("opening-of-another-page", with(&|s| s.opening = taken), None, mismatch(page));
    cases
}

#[test]
fn whatever_is_changed_meets_its_own_refusal() {
    let venue = Venue::get();
    for Case { name, statement, id, verdict } in cases(venue) {
        let got = venue.check(&statement, id).map(|_| ());
        assert_eq!(got, verdict, "{name}");
        let read = Statement::parse(&statement.to_bytes()).unwrap();
        assert_eq!(venue.check(&read, id).map(|_| ()), verdict, "{name}, from its file");
    }
}

#[test]
fn bytes_in_another_form_are_no_statement() {
    let honest = String::from_utf8(Venue::get().statement(ALICE).to_bytes()).unwrap();
    let refusal = |text: &str| Statement::parse(text.as_bytes()).unwrap_err().to_string();
    let edited = |from: &str, to: &str| {
        assert!(honest.contains(from), "{from}");
        refusal(&honest.replacen(from, to, 1))
    };
    assert!(edited("  ", " ").starts_with("the statement was formatted anew (byte "));
    for (from, to) in [("1037.25", "1037.250"), ("0x", "0X")] {
        let refusal = edited(from, to);
        assert!(refusal.starts_with("the statement is malformed: "), "{refusal}");
    }
    let line_ends = "the line ends of the statement were changed on its way; fetch it again";
    assert_eq!(edited("\n", "\r\n"), line_ends);
    assert_eq!(refusal(honest.trim_end()), line_ends);
    assert_eq!(refusal(&(honest.clone() + "\n")), line_ends);
    assert!(edited("\"slot\"", "\"slots\"").contains("unknown field `slots`"));
    assert!(edited("statement v1", "statement v2").contains("of version"));
    assert!(edited("\"page\": ", "\"page\": -").contains("malformed"));
    assert!(edited("\"page\": ", "\"page\": 0, \"page\": ").contains("duplicate field"));
}
