//! What a holder sees of the others, and what everybody sees of the venue's secrets.

use std::{collections::BTreeSet, fs};

use pacioli_attestation::to_hex;
use pacioli_prover::RecordedSeed;

use crate::statements::fixture::{ALICE, TWIN, Venue};

/// Whether the lowest bytes look uniform: chi-square over 256 bins has mean 255 and deviation 23.
#[track_caller]
fn assert_uniform(values: &[[u8; 32]]) {
    let mut bins = [0u64; 256];
    values.iter().for_each(|value| bins[usize::from(value[31])] += 1);
    let count = values.len() as u64;
    assert!(count >= 400, "{count} values are too few to say");
    let squares: u64 = bins.iter().map(|bin| bin * bin).sum();
    let statistic = squares * 256 / count - count;
    assert!((100..460).contains(&statistic), "chi-square is {statistic} over {count} values");
}

#[test]
fn the_values_of_lines_closing_lines_and_empty_slots_look_alike() {
    let venue = Venue::get();
    let all: Vec<_> = venue.pages.iter().flatten().copied().collect();
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
    assert_uniform(&all);
    let (mut closing, mut others) = (Vec::new(), Vec::new());
    for given in venue.given.values() {
        let statement = &given.statement;
        for (line, value) in statement.lines.iter().zip(&statement.page_values[statement.slot..]) {
            let closes = line.instrument.contains(':');
            if closes { &mut closing } else { &mut others }.push(*value);
        }
    }
    assert_uniform(&closing);
    assert_uniform(&others);
    let held: BTreeSet<_> = closing.iter().chain(&others).collect();
    let empty: Vec<_> = all.iter().filter(|value| !held.contains(value)).copied().collect();
    assert_uniform(&empty);
}

#[test]
fn equal_lines_of_two_holders_have_unrelated_values() {
    let venue = Venue::get();
    assert_eq!(venue.lines(ALICE), venue.lines(TWIN));
    let [left, right] = [ALICE, TWIN].map(|id| venue.statement(id));
    for index in 0..left.lines.len() {
        let [left, right] = [&left, &right].map(|one| one.page_values[one.slot + index]);
        let equal = left.iter().zip(&right).filter(|(left, right)| left == right).count();
        assert!(equal < 10, "{equal} bytes of 32 are equal");
    }
}

#[test]
fn a_statement_says_nothing_of_a_neighbour_but_sealed_values() {
    let venue = Venue::get();
    let all: Vec<_> = venue.given.values().map(|given| &given.statement).collect();
    for one in &all {
        let text = String::from_utf8(one.to_bytes()).unwrap();
        let place = (one.volume, one.page);
        for other in all.iter().filter(|other| other.account != one.account) {
            assert_ne!(other.nonce, one.nonce);
            assert!(!text.contains(&to_hex(other.nonce.nonce().reveal())));
            assert!(!text.contains(&format!("\"{}\"", other.account)));
            if place == (other.volume, other.page) {
                assert!(
                    other.slot + other.lines.len() <= one.slot
                        || one.slot + one.lines.len() <= other.slot
                );
                assert!(other.page_values == one.page_values && other.opening == one.opening);
            }
        }
    }
}

#[test]
fn accounts_do_not_stand_in_the_order_of_the_snapshot() {
    let venue = Venue::get();
    let mut placed: Vec<_> = venue
        .given
        .values()
        .map(|given| {
            let (one, placement) = (&given.statement, given.stored.placement);
            let number: usize = one.account["holder-".len()..].parse().unwrap();
            (placement.volume, placement.page, placement.slot, number)
        })
        .collect();
    placed.sort_unstable();
    let follow = placed.windows(2).filter(|pair| pair[0].3 + 1 == pair[1].3).count();
    assert!(follow < placed.len() / 8, "{follow} accounts follow their predecessor");
}

#[test]
fn no_secret_is_printed_or_published() {
    let venue = Venue::get();
    let folder = tempfile::tempdir().unwrap();
    let (secret, salt) = &venue.secrets;
    let [at, beside] = ["secret", "salt"].map(|name| folder.path().join(name));
    secret.write_new(&at).unwrap();
    salt.write_new(&beside).unwrap();
    let mut secrets: Vec<String> =
        [at, beside].map(|path| fs::read_to_string(path).unwrap().trim().to_owned()).into();
    secrets.extend(venue.seeds.iter().map(|seed| to_hex(seed)[2..].to_owned()));
    let nonce = |id: &str| to_hex(venue.statement(id).nonce.nonce().reveal())[2..].to_owned();
    let nonces: Vec<_> = venue.given.keys().map(|id| nonce(id)).collect();
    assert!(secrets.iter().chain(&nonces).all(|digits| digits.len() == 64));

    let seed = RecordedSeed::from_bytes(venue.seeds[0]);
    let statement = venue.statement(ALICE);
    let shown = format!("{secret:?} {salt:?} {seed:?} {statement:?} {:?}", statement.nonce.nonce());
    let published = String::from_utf8(venue.attestation.to_bytes()).unwrap();
    for text in [&shown, &published] {
        for digits in secrets.iter().chain(&nonces) {
            assert!(!text.contains(digits.as_str()));
        }
    }
    let bytes = format!("{:?}", statement.nonce.nonce().reveal());
    assert!(!shown.contains(bytes.trim_matches(['[', ']'])));
    for given in venue.given.values() {
        let text = String::from_utf8(given.statement.to_bytes()).unwrap();
        assert!(!secrets.iter().any(|digits| text.contains(digits.as_str())));
    }

    // A malformed nonce is not repeated in the refusal.
    let text = String::from_utf8(statement.to_bytes()).unwrap();
    let digits = nonce(ALICE);
    let cut = text.replace(&digits, &digits[..62]);
    let refusal = pacioli_attestation::statement::Statement::parse(cut.as_bytes()).unwrap_err();
    assert!(!refusal.to_string().contains(&digits[..8]), "{refusal}");
}
