use serde_json::json;

use super::{
    block::testing::{Made, list},
    *,
};
use crate::attestation::testing::attestation;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// Made-up headers of the first block after a day, and of the one before it.
fn made(day: Day, prev_randao: [u8; 32]) -> [Made; 2] {
    let end = day.end();
    let parent = Made {
        parent: [0x33; 32],
        difficulty: Vec::new(),
        number: 23_880_000,
        time: end - 5,
        prev_randao: [0x44; 32],
    };
    let hash = Digest::of(&parent.encode()).0;
    let block =
        Made { parent: hash, number: 23_880_001, time: end + 7, prev_randao, ..parent.clone() };
    [parent, block]
}

/// The time drawn from them, and how.
pub(crate) fn drawn(text: &str) -> (Drawn, Timestamp) {
    let [parent, block] = made(day(text), [0x55; 32]);
    let drawn = Drawn::of_block(parent.encode(), block.encode()).unwrap();
    let second = drawn.recompute().unwrap().second;
    (drawn, second)
}

fn recompute(day: Day, [parent, block]: &[Made; 2]) -> Result<Draw, DrawnError> {
    Drawn::Ethereum { day, parent: parent.encode(), block: block.encode() }.recompute()
}

#[test]
fn a_second_follows_from_day_and_randomness_alone() {
    let (one, other) = (day("2026-11-26"), day("2026-11-27"));
    let drawn = second(one, [1; 32]);
    assert_eq!(drawn.to_string(), "2026-11-26T20:30:32Z", "fixed: other readers compute the same");
    assert_eq!(Day::of(drawn), Some(one));
    assert_ne!(second(one, [2; 32]), drawn);
    let hour = |time: Timestamp| time.as_second() % 86_400;
    assert_ne!(hour(second(other, [1; 32])), hour(drawn));
    // Every hour of the day comes up.
    let hours = (0..=255u8).map(|byte| hour(second(one, [byte; 32])) / 3_600);
    assert_eq!(hours.collect::<std::collections::BTreeSet<_>>().len(), 24);
}

#[test]
fn a_real_header_has_its_hash_and_its_randomness() {
    // Block 19,449,567 of Ethereum, of 2024-03-16.
    let fields = [
        "90926e0298d418181bd20c23b332451e35fd7d696b5dcdc5a3a0a6b715f4c717",
        "1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347",
        "95222290dd7278aa3ddd389cc1e1d165cc4bafe5",
        "707875120a7103621fb4131df59904cda39de948dfda9084a1e3da44594d5404",
        "889a1c26dc42ba829dab552b779620feac231cde8a6c79af022bdc605c23a780",
        "d43aa19ecb03571d1b86d89d9bb980139d32f2f2ba59646cd5c1de9e80c68c90",
        "c36919406572730518285284f2293101104140c0d42c4a786c892467868a8806f40159d299880028704039024\
         13a1d04321320308da2e845438429e0012a00b419d8ccc8584a1c28f82a415d04eab8a5ae75c00d07761acf23\
         3414c08b6d9b571c06156086c70ea5186e9b989b0c2d55c0213c936805cd2ab331589c90194d070c00867549b\
         1e1be14cb24500b0386cd901197c1ef5a00da453234fa48f3003dcaa894e3111c22b80e17f7d4388385a10720\
         cda1140c0400f9e084ca34fc4870fb16b472340a2a6a63115a82522f506c06c2675080508834828c63defd06b\
         c2331b4aa708906a06a560457b114248041e40179ebc05c6846c1e922125982f427",
        "",
        "0128c6df",
        "01c9c380",
        "b0033c",
        "65f5f4c3",
        "6265617665726275696c642e6f7267",
        "4c068e902990f21f92a2456fc75c59bec8be03b7f13682b6ebd27da56269beb5",
        "0000000000000000",
        "0886b221ad",
        "360c33f20eeed5efbc7d08be46e58f8440af5db503e40908ef3d1eb314856ef7",
        "",
        "",
        "2843cb9f7d001bd58816a915e685ed96a555c9aeec1217736bd83a96ebd409cc",
    ];
    let fields = fields.map(|digits| ::hex::decode(digits).unwrap());
    let header = list(&fields);
    let hash = "0x85cdcbe36217fd57bf2c33731d8460657a7ce512401f49c9f6392c82a7ccf7ac";
    assert_eq!(Digest::of(&header).to_string(), hash, "as published");
    // It does not begin a day: whatever stands before it, it is refused by the day it would be of.
    let drawn = Drawn::of_block(header.clone(), header).unwrap();
    assert_eq!(drawn.day(), day("2024-03-15"));
    let error = drawn.recompute().unwrap_err();
    assert!(matches!(error, DrawnError::Parent { number: 19_449_567, .. }), "{error}");
}

#[test]
fn the_first_block_after_the_day_draws_its_second() {
    let one = day("2026-11-26");
    let honest = made(one, [0x55; 32]);
    let draw = recompute(one, &honest).unwrap();
    assert_eq!((draw.day, draw.second), (one, second(one, [0x55; 32])));
    let hash = Digest::of(&honest[1].encode());
    assert_eq!(draw.seen, Seen::Block { number: 23_880_001, hash });

    let change = |change: &dyn Fn(&mut [Made; 2])| {
        let mut pair = honest.clone();
        change(&mut pair);
        pair[1].parent = Digest::of(&pair[0].encode()).0;
        recompute(one, &pair)
    };
    // At the very end of the day, and the moment before it.
    assert!(change(&|pair| pair[1].time = one.end()).is_ok());
    assert!(change(&|pair| pair[0].time = one.end() - 1).is_ok());
    let early = change(&|pair| pair[1].time = one.end() - 1);
    assert!(matches!(early, Err(DrawnError::Early { .. })), "{early:?}");
    let late = change(&|pair| pair[0].time = one.end());
    assert!(matches!(late, Err(DrawnError::Late { .. })), "{late:?}");
    let mined = change(&|pair| pair[1].difficulty = vec![1]);
    assert_eq!(mined, Err(DrawnError::Mined(23_880_001)));
    for number in [23_880_000, 23_880_002] {
        let gap = change(&|pair| pair[1].number = number);
        assert!(matches!(gap, Err(DrawnError::Parent { .. })), "{gap:?}");
    }
    let mut other = honest.clone();
    other[0].time -= 1;
    let apart = recompute(one, &other);
    assert!(matches!(apart, Err(DrawnError::Parent { .. })), "the hash is another: {apart:?}");
    for other in ["2026-11-25", "2026-11-27"] {
        assert!(recompute(day(other), &honest).is_err(), "{other}");
    }
}

#[test]
fn what_is_no_header_is_refused_by_name() {
    let one = day("2026-11-26");
    let [parent, block] = made(one, [0x55; 32]).map(|made| made.encode());
    let refused = |parent: &[u8], block: &[u8]| {
        let (parent, block) = (parent.to_vec(), block.to_vec());
        Drawn::Ethereum { day: one, parent, block }.recompute().unwrap_err()
    };
    let mut longer = block.clone();
    longer.push(0);
    let nested = [0xc2, 0xc1, 0xc0];
    let few = list(&vec![vec![0x11; 32]; 14]);
    let zeros = list(&vec![vec![0; 32]; 15]);
    for wrong in [&[][..], &[0xc0], &longer, &block[..block.len() - 1], &nested, &few, &zeros] {
        assert_eq!(refused(&parent, wrong), DrawnError::Form("block"));
        assert_eq!(refused(wrong, &block), DrawnError::Form("parent"));
    }
    let [_, made] = made(one, [0x55; 32]);
    let far = Made { time: u64::MAX, ..made }.encode();
    assert_eq!(refused(&parent, &far), DrawnError::Form("block"));
    assert!(Drawn::of_block(parent, far).is_err());
}

#[test]
fn a_header_is_of_the_drawn_second_and_no_other() {
    let (drawn, second) = drawn("2026-11-26");
    let mut header = attestation().header;
    assert_eq!(header.draw(), Ok(None));
    (header.drawn, header.as_of) = (Some(drawn.clone()), second);
    assert_eq!(header.draw().unwrap().unwrap().second, second);
    for wrong in [-1, 1] {
        header.as_of = Timestamp::from_second(second.as_second() + wrong).unwrap();
        let error = header.draw().unwrap_err();
        assert!(matches!(error, DrawnError::OtherSecond { .. }), "{error}");
    }
    header.as_of = Timestamp::from_millisecond(second.as_millisecond() + 1).unwrap();
    assert!(matches!(header.draw(), Err(DrawnError::OtherSecond { .. })));
    for other in ["2026-11-25T12:00:00Z", "2026-11-27T00:00:00Z", "1969-12-31T00:00:00Z"] {
        header.as_of = other.parse().unwrap();
        assert!(matches!(header.draw(), Err(DrawnError::OtherDay { .. })), "{other}");
    }
}

#[test]
fn a_round_of_another_network_draws_nothing() {
    let one = day("2026-11-26");
    let round = first_round(one).unwrap();
    let (_, signature) = quicknet::testing::sign(42, round);
    let drawn = Drawn::of_round(round, signature.to_vec()).unwrap();
    assert_eq!((drawn.day(), drawn.source()), (one, DrawSource::Quicknet));
    assert_eq!(drawn.recompute(), Err(DrawnError::Signature { round, day: one }));
    assert_eq!(Drawn::of_round(123, Vec::new()), Err(DrawnError::Round(123)));
}

#[test]
fn a_reader_says_which_block_is_the_chains() {
    let draw = drawn("2026-11-26").0.recompute().unwrap();
    let Seen::Block { hash, .. } = draw.seen else { panic!("{draw:?}") };
    let (own, other) = (BlockHash(hash), BlockHash(Digest::of(b"another")));
    assert_eq!(draw.by(&[]), Some(By::Publisher));
    assert_eq!(draw.by(&[other, own]), Some(By::Chain));
    assert_eq!(draw.by(&[other]), None, "it is none of those that the reader knows");
    let round = Draw { seen: Seen::Round(1), ..draw };
    assert_eq!(round.by(&[other]), Some(By::Recomputed));

    assert_eq!(format!("eip155:1={hash}").parse(), Ok(own));
    for wrong in [hash.to_string(), format!("eip155:10={hash}"), format!("eip155:1 {hash}")] {
        assert_eq!(wrong.parse::<BlockHash>(), Err(BlockHashError::Chain(wrong.clone())));
    }
    assert!(matches!("eip155:1=0x12".parse::<BlockHash>(), Err(BlockHashError::Digest(_))));
}

#[test]
fn it_has_one_encoding_and_a_place_in_the_context() {
    let (drawn, second) = drawn("2026-11-26");
    let mut with = attestation();
    let bare = with.context();
    with.header.as_of = second;
    let undrawn = with.context();
    assert_ne!(undrawn, bare);
    with.header.drawn = Some(drawn.clone());
    let whole = with.context();
    assert_ne!(whole, undrawn);
    let read = crate::attestation::Attestation::parse(&with.to_bytes()).unwrap();
    assert_eq!((&read, read.context()), (&with, whole));
    let text = String::from_utf8(with.to_bytes()).unwrap();
    assert!(text.contains("\"drawn\": {\n      \"from\": \"eip155:1\",\n      \"day\": \"2026-"));

    let Drawn::Ethereum { day, parent, block } = drawn else { panic!() };
    let altered = |bytes: &[u8]| [bytes, &[0]].concat();
    let other = "2026-11-27".parse().unwrap();
    for changed in [
        Drawn::Ethereum { day: other, parent: parent.clone(), block: block.clone() },
        Drawn::Ethereum { day, parent: altered(&parent), block: block.clone() },
        Drawn::Ethereum { day, parent: parent.clone(), block: altered(&block) },
        Drawn::Ethereum { day, parent: block.clone(), block: parent.clone() },
        Drawn::Quicknet { day, signature: parent.clone() },
        Drawn::Quicknet { day, signature: block.clone() },
    ] {
        with.header.drawn = Some(changed);
        assert_ne!(with.context(), whole);
    }
    for (from, to) in [
        ("\"from\": \"eip155:1\"", "\"from\": \"eip155:10\""),
        ("\"day\": \"2026-11-26\"", "\"day\": \"2026-11-26 \""),
        ("\"day\": \"2026-11-26\",", "\"day\": \"2026-11-26\", \"venue\": \"x\","),
        ("\"parent\": \"0xf9", "\"parent\": \"0xF9"),
    ] {
        assert!(text.contains(from), "{from}");
        let changed = text.replacen(from, to, 1);
        assert!(crate::attestation::Attestation::parse(changed.as_bytes()).is_err(), "{to}");
    }
}

/// What the web page reads and computes on its own, of the same bytes.
#[test]
fn the_web_page_is_given_what_is_drawn_here() {
    let one = day("2026-11-26");
    let honest = made(one, [0x55; 32]);
    let changed = |change: &dyn Fn(&mut [Made; 2])| {
        let mut pair = honest.clone();
        change(&mut pair);
        pair[1].parent = Digest::of(&pair[0].encode()).0;
        pair.map(|made| made.encode())
    };
    let encoded = honest.clone().map(|made| made.encode());
    let [parent, block] = encoded.clone();
    let longer = [&block[..], &[0]].concat();
    let blocks = [
        ("first", one, encoded.clone()),
        ("at the very end", one, changed(&|pair| pair[1].time = one.end())),
        ("other randomness", one, changed(&|pair| pair[1].prev_randao = [0x66; 32])),
        ("early", one, changed(&|pair| pair[1].time = one.end() - 1)),
        ("late", one, changed(&|pair| pair[0].time = one.end())),
        ("mined", one, changed(&|pair| pair[1].difficulty = vec![1])),
        ("gap", one, changed(&|pair| pair[1].number += 1)),
        ("far", one, changed(&|pair| pair[1].time = 1 << 50)),
        ("day before", day("2026-11-25"), encoded.clone()),
        ("day after", day("2026-11-27"), encoded.clone()),
        ("swapped", one, [block.clone(), parent.clone()]),
        ("longer", one, [parent.clone(), longer]),
        ("shorter", one, [parent.clone(), block[..block.len() - 1].to_vec()]),
        ("nested", one, [parent.clone(), vec![0xc2, 0xc1, 0xc0]]),
        ("few", one, [parent.clone(), list(&vec![vec![0x11; 32]; 14])]),
        ("zeros", one, [parent, list(&vec![vec![0; 32]; 15])]),
        ("nothing", one, [Vec::new(), Vec::new()]),
    ];
    // For tests of a chain of attestations.
    let days = ["2026-11-27", "2026-11-28", "2026-11-30", "2026-12-04"].map(|text| {
        let pair = made(day(text), [0x55; 32]).map(|made| made.encode());
        (text, day(text), pair)
    });
    let blocks = blocks.into_iter().chain(days).map(|(name, day, [parent, block])| {
        let drawn = Drawn::Ethereum { day, parent: parent.clone(), block: block.clone() };
        let second = drawn.recompute().ok().map(|draw| draw.second.to_string());
        let [parent, block] = [parent, block].map(|bytes| crate::to_hex(&bytes));
        let digest = drawn.digest();
        json!({ "name": name, "day": day, "parent": parent, "block": block, "digest": digest,
            "second": second })
    });

    let round = first_round(one).unwrap();
    let (key, own) = quicknet::testing::sign(42, round);
    let (other_key, _) = quicknet::testing::sign(43, round);
    let (forms_key, [form, other_form]) = quicknet::testing::two_forms(one);
    let mut negated = own;
    negated[0] ^= 0x20;
    let mut identity = [0; 48];
    identity[0] = 0xc0;
    let real = "b75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482e26cd02df835d3546d2\
                3c4b13e0dfc92";
    let real: [u8; 48] = ::hex::decode(real).unwrap().try_into().unwrap();
    let rounds = [
        ("own", key, one, own),
        ("another key", other_key, one, own),
        ("the network's key", quicknet::KEY, one, own),
        ("the day before", key, day("2026-11-25"), own),
        ("negated", key, one, negated),
        ("identity", key, one, identity),
        ("zeros", key, one, [0; 48]),
        ("one form", forms_key, one, form),
        ("other bytes of the same point", forms_key, one, other_form),
        ("a real round of another time", quicknet::KEY, one, real),
        ("before the network", key, day("2023-08-22"), own),
    ];
    let rounds = rounds.map(|(name, key, day, signature)| {
        let drawn = quicknet::randomness(&key, day, &signature).ok();
        let second = drawn.map(|(_, randomness)| second(day, randomness).to_string());
        let [key, signature] = [&key[..], &signature].map(crate::to_hex);
        json!({ "name": name, "day": day, "key": key, "signature": signature, "second": second })
    });

    let attestation = crate::attestation::testing::drawn_attestation("2026-11-26");
    let file = json!({
        "attestation": String::from_utf8(attestation.to_bytes()).unwrap(),
        "context": attestation.context().0,
        "second": attestation.header.as_of.to_string(),
        "real": { "round": 123, "signature": crate::to_hex(&real) },
        "blocks": blocks.collect::<Vec<_>>(),
        "rounds": rounds,
    });
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../web/test/native/drawn.json");
    pacioli_rules::testing::bless(path, format!("{file:#}\n"));
}
