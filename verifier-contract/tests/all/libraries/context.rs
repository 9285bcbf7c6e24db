//! The context and its words on chain are those of the attestation.

use std::{collections::BTreeMap, fs};

use alloy_primitives::{B256, U256};
use alloy_sol_types::SolValue;
use pacioli_attestation::{
    AssetLeftOut, Attestation, Digest, Drawn, RoundedInstrument, VolumeId, encoding::value_bytes,
};
use pacioli_rules::{Amount, Volatility, black76::Surface};
use pacioli_verifier_contract::{bindings, submission};

use crate::libraries::chain::{Chain, named};

/// What is changed of an attestation.
type Change<'a> = &'a dyn Fn(&mut Attestation);

/// The stored attestation, with its times at whole seconds.
fn attestation() -> Attestation {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/attestation_v1_draft.json");
    let mut attestation = Attestation::parse(&fs::read(path).unwrap()).unwrap();
    attestation.header.as_of = "2026-01-01T00:00:00Z".parse().unwrap();
    attestation
}

/// A time that was drawn, with evidence that nobody looks at.
fn drawn(day: &str) -> Drawn {
    Drawn::Quicknet { day: day.parse().unwrap(), signature: vec![7; 48] }
}

/// What two sources say of one asset, and one of them of another.
fn volatilities([realised, implied]: [&str; 2]) -> BTreeMap<String, Vec<Volatility>> {
    let text = format!(
        r#"{{ "BTC": [
            {{ "kind": "realised", "annual": "{realised}", "window": "30d", "source": "A",
               "as_of": "2026-01-01T00:00:00Z" }},
            {{ "kind": "implied", "annual": "{implied}", "tenor": "7d", "source": "B",
               "as_of": "2025-12-31T23:59:59Z" }} ],
          "ETH": [
            {{ "kind": "implied", "annual": "1000", "tenor": "1h", "source": "A",
               "as_of": "2026-01-01T00:00:00Z" }} ] }}"#
    );
    serde_json::from_str(&text).unwrap()
}

/// The context as the contract computes it from a header.
fn context_of(
    chain: &mut Chain,
    header: bindings::Header,
    attestation: &Attestation,
) -> Result<B256, String> {
    let prices = submission::prices(&attestation.prices).unwrap();
    let [rules, reserves] = [submission::rules, submission::reserves].map(|part| part(attestation));
    let volumes = U256::from(attestation.volumes.len());
    let program = attestation.header.program.map_or(B256::ZERO, |program| program.0.into());
    let names = submission::names(&attestation.prices);
    let arguments = (header, program, rules, prices, names, reserves, volumes);
    let arguments = arguments.abi_encode_params();
    let output = chain.call("context", arguments).map_err(|revert| named(&revert))?;
    Ok(B256::abi_decode(&output.bytes).unwrap())
}

/// The contract's context, which has to be the attestation's, as every volume's word.
#[track_caller]
fn agrees(chain: &mut Chain, attestation: &Attestation) -> B256 {
    let header = submission::header(&attestation.header).unwrap();
    let context = context_of(chain, header, attestation).unwrap();
    assert_eq!(context.0, attestation.context().0.0);
    for volume in VolumeId::all(3) {
        let arguments = (context, U256::from(volume.index())).abi_encode_params();
        let output = chain.call("word", arguments).unwrap();
        assert_eq!(output.bytes[..], value_bytes(&attestation.context().word(volume))[..]);
    }
    context
}

#[test]
fn an_attestation_has_the_context_it_was_proved_under() {
    // The times are within the context, so this is not the stored attestation's own.
    let (mut chain, attestation) = (Chain::new(), attestation());
    agrees(&mut chain, &attestation);
}

#[test]
fn every_part_may_be_left_out_or_stand_more_than_once() {
    let mut chain = Chain::new();
    let original = attestation();
    let mut seen = vec![agrees(&mut chain, &original)];
    let amount = |units: u64| Amount::new(units, 3);
    let changes: [(&str, Change<'_>); 15] = [
        ("first", &|a| (a.header.sequence, a.header.previous) = (0, None)),
        ("next", &|a| a.header.sequence = u64::MAX),
        ("nothing excluded", &|a| a.header.left_out.clear()),
        ("two excluded", &|a| {
            a.header.left_out.push(AssetLeftOut {
                asset: "SHIB".to_owned(),
                lines: 3,
                accounts: 2,
                deposits: amount(1_500),
                borrows: amount(0),
            });
        }),
        ("nothing rounded", &|a| a.header.rounding = Default::default()),
        ("two rounded", &|a| {
            a.header.rounding.instruments.push(RoundedInstrument {
                instrument: "borrow BTC".to_owned(),
                lines: 9,
                bound: amount(9),
            });
        }),
        ("no source", &|a| a.prices.source = None),
        ("no reserves", &|a| a.reserves = None),
        ("one volume", &|a| a.volumes.truncate(1)),
        ("no price", &|a| a.prices.prices.clear()),
        ("drawn", &|a| a.header.drawn = Some(drawn("2026-11-26"))),
        ("drawn on another day", &|a| a.header.drawn = Some(drawn("2026-11-27"))),
        ("two refused", &|a| {
            a.prices.refused.insert("SOL".to_owned(), "stale".to_owned());
            a.prices.refused.insert("ADA".to_owned(), "too few".to_owned());
        }),
        ("volatilities", &|a| a.prices.volatilities = volatilities(["0.62", "0.7"])),
        ("refused and volatilities", &|a| {
            a.prices.refused.insert("SOL".to_owned(), "stale".to_owned());
            a.prices.volatilities = volatilities(["0.620", "0"]);
        }),
    ];
    for (what, change) in changes {
        let mut attestation = original.clone();
        change(&mut attestation);
        let context = agrees(&mut chain, &attestation);
        assert!(!seen.contains(&context), "{what}");
        seen.push(context);
    }
}

#[test]
fn every_field_is_in_the_context() {
    let mut chain = Chain::new();
    let original = attestation();
    let mut seen = vec![agrees(&mut chain, &original)];
    let changes: [Change<'_>; 24] = [
        &|a| a.header.venue.push('.'),
        &|a| a.header.sequence += 1,
        &|a| a.header.previous = Some(Digest::of(b"another")),
        &|a| a.header.as_of = "2026-01-01T00:00:01Z".parse().unwrap(),
        &|a| a.header.accounts += 1,
        &|a| a.header.accounts_left_out += 1,
        &|a| a.header.left_out[0].asset.push('.'),
        &|a| a.header.left_out[0].lines += 1,
        &|a| a.header.left_out[0].accounts += 1,
        &|a| a.header.left_out[0].deposits.units += 1u32,
        &|a| a.header.left_out[0].borrows.units += 1u32,
        &|a| a.header.rounding.lines += 1,
        &|a| a.header.rounding.instruments[0].instrument.push('.'),
        &|a| a.header.rounding.instruments[0].lines += 1,
        &|a| a.header.rounding.instruments[0].bound.units += 1u32,
        &|a| a.header.rounding.bound.units += 1u32,
        &|a| a.header.k += 1,
        &|a| a.header.page_size += 1,
        &|a| a.header.scenarios += 1,
        &|a| a.header.program = Some(Digest::of(b"another")),
        &|a| a.header.key = Digest::of(b"another"),
        &|a| a.header.setup.push('.'),
        &|a| a.header.software.push('.'),
        &|a| a.header.drawn = Some(drawn("2026-11-26")),
    ];
    let others: [Change<'_>; 8] = [
        &|a| a.rules.push('\n'),
        &|a| a.prices.as_of = "2026-01-01T00:00:01Z".parse().unwrap(),
        &|a| a.prices.quote.push('.'),
        &|a| a.prices.method.push('.'),
        &|a| a.prices.source = Some("another".to_owned()),
        &|a| *a.prices.prices.values_mut().next().unwrap() = "1.0".parse().unwrap(),
        &|a| drop(a.prices.refused.insert("SOL".to_owned(), "stale".to_owned())),
        &|a| a.prices.volatilities = volatilities(["0.62", "0.7"]),
    ];
    for change in changes.into_iter().chain(others) {
        let mut attestation = original.clone();
        change(&mut attestation);
        let context = agrees(&mut chain, &attestation);
        assert!(!seen.contains(&context));
        seen.push(context);
    }
}

#[test]
fn the_first_attestation_alone_names_none_before_it() {
    let (mut chain, attestation) = (Chain::new(), attestation());
    let mut header = submission::header(&attestation.header).unwrap();
    header.previous = B256::ZERO;
    let refused = context_of(&mut chain, header.clone(), &attestation);
    assert_eq!(refused, Err("PreviousDigest(3)".to_owned()));
    (header.sequence, header.previous) = (0, B256::repeat_byte(1));
    let refused = context_of(&mut chain, header, &attestation);
    assert_eq!(refused, Err("PreviousDigest(0)".to_owned()));
}

#[test]
fn what_a_contract_has_no_field_for_is_refused_by_name() {
    let mut header = attestation().header;
    header.as_of = "2026-01-01T00:00:00.5Z".parse().unwrap();
    let error = submission::header(&header).unwrap_err().to_string();
    assert_eq!(
        error,
        "header.as_of: a contract needs a whole number of seconds since 1970, got \
         2026-01-01T00:00:00.5Z"
    );
    header.as_of = "1969-12-31T23:59:59Z".parse().unwrap();
    let error = submission::header(&header).unwrap_err().to_string();
    assert!(
        error.starts_with("header.as_of: ") && error.ends_with("got 1969-12-31T23:59:59Z"),
        "{error}"
    );
    header = attestation().header;
    header.page_size = 1 << 16;
    let error = submission::header(&header).unwrap_err().to_string();
    assert_eq!(error, "header.page_size is larger than a contract can take");

    let mut prices = attestation().prices;
    prices.as_of = "2026-01-01T00:00:00.000000001Z".parse().unwrap();
    let error = submission::prices(&prices).unwrap_err().to_string();
    assert!(
        error.starts_with("prices.as_of: ")
            && error.ends_with("got 2026-01-01T00:00:00.000000001Z"),
        "{error}"
    );
    let mut prices = attestation().prices;
    prices.prices.insert("DOGE".to_owned(), "-1".parse().unwrap());
    let error = submission::prices(&prices).unwrap_err().to_string();
    assert_eq!(error, "prices.DOGE is negative");
    let mut prices = attestation().prices;
    let surface = Surface { rate: None, expiries: BTreeMap::new() };
    prices.vols.insert("BTC".to_owned(), surface);
    let error = submission::prices(&prices).unwrap_err().to_string();
    assert_eq!(error, "prices.vols.BTC: a contract cannot take volatilities of options");
    let mut prices = attestation().prices;
    prices.open_interest.insert("ETH-PERP".to_owned(), "1".parse().unwrap());
    let error = submission::prices(&prices).unwrap_err().to_string();
    assert_eq!(error, "prices.open_interest.ETH-PERP: a contract cannot take open interest");
    let mut prices = attestation().prices;
    prices.volatilities = volatilities(["0.62", "0.7"]);
    let entry = &mut prices.volatilities.get_mut("BTC").unwrap()[0];
    entry.as_of = "2026-01-01T00:00:00.5Z".parse().unwrap();
    let error = submission::prices(&prices).unwrap_err().to_string();
    assert!(error.starts_with("prices.volatilities.as_of: a contract needs a whole"), "{error}");
}

#[test]
fn volumes_are_sent_as_they_stand() {
    let attestation = attestation();
    let volumes = submission::volumes(&attestation).unwrap();
    assert_eq!(volumes.len(), 2);
    for (sent, proved) in volumes.iter().zip(&attestation.volumes) {
        let rows = proved.counts.iter().zip(&proved.quantities);
        assert_eq!(sent.totals.len(), 19 * proved.counts.len());
        for (bytes, (count, quantity)) in sent.totals.chunks(19).zip(rows) {
            assert_eq!(bytes[..3], count.to_be_bytes()[5..]);
            assert_eq!(bytes[3..], quantity.to_be_bytes());
        }
        assert_eq!(sent.proof[..], proved.proof[..]);
    }
}
