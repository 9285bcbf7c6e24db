//! Each field of the stored attestation changed and written canonically again.

use pacioli_attestation::{Attestation, AttestedBy, Digest, Purpose};

use crate::attestation::fixture::{attestation, key, refusal};

/// What a proof says of public inputs that are not its own.
const DOES_NOT_HOLD: &str = "volume 0: the proof does not hold for these public inputs";

/// A field's name, a change of it, and why the attestation is then refused.
type Case = (&'static str, fn(&mut Attestation), &'static str);

fn check(cases: &[Case]) {
    let mut wrong = String::new();
    for (name, change, expected) in cases {
        let mut changed = attestation();
        change(&mut changed);
        let error = refusal(&changed);
        if error != *expected {
            wrong += &format!("{name}: {error}\n");
        }
    }
    assert!(wrong.is_empty(), "said otherwise:\n{wrong}");
}

#[test]
fn every_field_of_the_header_is_bound() {
    check(&[
        ("venue", |a| a.header.venue.push('!'), DOES_NOT_HOLD),
        ("sequence", |a| a.header.sequence += 1, DOES_NOT_HOLD),
        ("previous", |a| a.header.previous = Some(Digest([0; 32])), DOES_NOT_HOLD),
        ("as_of", |a| a.header.as_of = "2026-01-01T00:00:00Z".parse().unwrap(), DOES_NOT_HOLD),
        ("accounts", |a| a.header.accounts -= 1, DOES_NOT_HOLD),
        ("accounts_left_out", |a| a.header.accounts_left_out = 0, DOES_NOT_HOLD),
        ("left_out", |a| a.header.left_out.clear(), DOES_NOT_HOLD),
        ("exclusion asset", |a| a.header.left_out[0].asset.push('X'), DOES_NOT_HOLD),
        ("exclusion lines", |a| a.header.left_out[0].lines -= 1, DOES_NOT_HOLD),
        ("exclusion accounts", |a| a.header.left_out[0].accounts -= 1, DOES_NOT_HOLD),
        ("exclusion deposits", |a| a.header.left_out[0].deposits.units += 1u32, DOES_NOT_HOLD),
        ("exclusion borrows", |a| a.header.left_out[0].borrows.units += 1u32, DOES_NOT_HOLD),
        ("rounding lines", |a| a.header.rounding.lines = 0, DOES_NOT_HOLD),
        ("rounded", |a| a.header.rounding.instruments.clear(), DOES_NOT_HOLD),
        (
            "rounded instrument",
            |a| a.header.rounding.instruments[0].instrument.push('X'),
            DOES_NOT_HOLD,
        ),
        ("rounded lines", |a| a.header.rounding.instruments[0].lines += 1, DOES_NOT_HOLD),
        ("rounded bound", |a| a.header.rounding.instruments[0].bound.decimals += 1, DOES_NOT_HOLD),
        ("rounding bound", |a| a.header.rounding.bound.decimals += 1, DOES_NOT_HOLD),
        ("program", |a| a.header.program = None, DOES_NOT_HOLD),
        ("another program", |a| a.header.program = Some(Digest([1; 32])), DOES_NOT_HOLD),
        ("setup", |a| a.header.setup = "a ceremony".to_owned(), DOES_NOT_HOLD),
        ("software", |a| a.header.software.push('x'), DOES_NOT_HOLD),
    ]);
}

#[test]
fn the_first_attestation_and_only_the_first_names_none_before_it() {
    check(&[
        (
            "sequence",
            |a| a.header.sequence = 0,
            "the first attestation (sequence number 0) must not name a previous one",
        ),
        (
            "previous",
            |a| a.header.previous = None,
            "the attestation with sequence number 3 must name the previous one",
        ),
        ("both", |a| (a.header.sequence, a.header.previous) = (0, None), DOES_NOT_HOLD),
    ]);
}

#[test]
fn sizes_and_key_are_the_verifiers_own() {
    let own = |change: fn(&mut Attestation)| {
        let mut changed = attestation();
        change(&mut changed);
        refusal(&changed)
    };
    // Sizes that fit the totals no more are refused before a key is made for them.
    let lines = own(|a| a.header.k = 12);
    assert!(lines.contains("the counts add up to 1600 lines, but the shape has"), "{lines}");
    let lines = own(|a| a.header.page_size = 128);
    assert!(lines.contains("the counts add up to 1600 lines, but the shape has"), "{lines}");
    let scenarios = own(|a| a.header.scenarios = 5);
    assert!(scenarios.ends_with("scenarios, but the header names 5"), "{scenarios}");
    let other = own(|a| a.header.key = Digest([1; 32]));
    assert_eq!(
        other,
        format!(
            "the attestation was proved under the key {}, but the key given is {}: the two do not \
             belong together",
            Digest([1; 32]),
            key().digest()
        )
    );
    check(&[
        ("k", |a| a.header.k = 10, "in the attestation's header: k must be from 11 to 24, got 10"),
        (
            "k",
            |a| a.header.k = u32::MAX,
            "in the attestation's header: k must be from 11 to 24, got 4294967295",
        ),
        (
            "scenarios",
            |a| a.header.scenarios = 0,
            "in the attestation's header: the rules have 4 scenarios, but the header names 0",
        ),
        (
            "scenarios",
            |a| a.header.scenarios = usize::MAX,
            "in the attestation's header: the rules have 4 scenarios, but the header names \
             18446744073709551615",
        ),
        (
            "page_size",
            |a| a.header.page_size = 63,
            "in the attestation's header: the slots of a page must be a power of two from 2 to 512, got 63",
        ),
        (
            "page_size",
            |a| a.header.page_size = 512,
            "in the attestation's header: 2^11 rows have no page of 512 slots clear of the blinding rows",
        ),
    ]);
}

#[test]
fn rules_prices_and_reserves_are_bound_and_checked() {
    fn rules(a: &mut Attestation, from: &str, to: &str) {
        assert!(a.rules.contains(from));
        a.rules = a.rules.replacen(from, to, 1);
    }
    fn price(a: &mut Attestation, asset: &str, price: &str) {
        a.prices.prices.insert(asset.to_owned(), price.parse().unwrap());
    }
    fn reserve(a: &mut Attestation) -> &mut pacioli_attestation::Reserve {
        &mut a.reserves.as_mut().unwrap().reserves[0]
    }
    check(&[
        ("comment", |a| a.rules.push('#'), DOES_NOT_HOLD),
        ("policy", |a| rules(a, "\"5000\"", "\"9000\""), DOES_NOT_HOLD),
        ("move", |a| rules(a, "\"-0.4\"", "\"-0.3\""), DOES_NOT_HOLD),
        ("weight", |a| rules(a, "\"0.9\"", "\"0.95\""), DOES_NOT_HOLD),
        ("tier", |a| rules(a, "up_to = \"2\"", "up_to = \"3\""), DOES_NOT_HOLD),
        (
            "cap of 0",
            |a| rules(a, "up_to = \"2\"", "up_to = \"0\""),
            "in the attestation's rules: assets.BTC.tiers[0].up_to: a tier up to 0 \
             cannot follow one up to 0",
        ),
        (
            "weight rises",
            |a| rules(a, "\"0.9\"", "\"0.7\""),
            "in the attestation's rules: assets.BTC.tiers[1].maintenance: weight 0.8 \
             after 0.7: a larger deposit cannot have a larger weight",
        ),
        (
            "no rules",
            |a| a.rules.clear(),
            "in the attestation's rules: the rules are malformed: TOML parse error at line 1, \
             column 1\n  |\n1 | \n  | ^\nmissing field `name`\n",
        ),
        ("decimals", |a| rules(a, "decimals = 8", "decimals = 9"), DOES_NOT_HOLD),
        ("price", |a| price(a, "BTC", "20000.51"), DOES_NOT_HOLD),
        ("scale of a price", |a| price(a, "BTC", "20000.5"), DOES_NOT_HOLD),
        ("another price", |a| price(a, "DOGE", "0.1"), DOES_NOT_HOLD),
        ("negative price", |a| price(a, "BTC", "-1"), "prices.BTC: -1 is negative"),
        (
            "price of the quote",
            |a| price(a, "USD", "2"),
            "prices.USD: the price of the quote currency must be 1, got 2",
        ),
        (
            "no price",
            |a| {
                a.prices.prices.remove("BTC");
            },
            "in the attestation's rules: markets.BTC-PERP: there is no price for `BTC`",
        ),
        (
            "name of an asset",
            |a| price(a, "B TC", "1"),
            "prices: invalid name `B TC`: use 1 to 32 of A-Z, a-z, 0-9, `.`, `_`, `-`, `:`, `/`, `+` and \
             `@`, a letter, a digit or `@` first",
        ),
        (
            "quote",
            |a| a.prices.quote = "EUR".to_owned(),
            "in the attestation's rules: quote: the rules are in USD and the prices in EUR",
        ),
        ("method", |a| a.prices.method.clear(), DOES_NOT_HOLD),
        ("source", |a| a.prices.source = None, DOES_NOT_HOLD),
        (
            "a price refused",
            |a| {
                a.prices.refused.insert("SOL".to_owned(), "stale".to_owned());
            },
            DOES_NOT_HOLD,
        ),
        (
            "a price refused that there is",
            |a| {
                a.prices.refused.insert("BTC".to_owned(), "stale".to_owned());
            },
            "refused.BTC: `prices` has a price of it, or it is the quote currency",
        ),
        ("prices as_of", |a| a.prices.as_of = a.header.as_of, DOES_NOT_HOLD),
        ("no reserves", |a| a.reserves = None, DOES_NOT_HOLD),
        (
            "a reserve less",
            |a| {
                a.reserves.as_mut().unwrap().reserves.pop();
            },
            DOES_NOT_HOLD,
        ),
        ("amount", |a| reserve(a).amount = "1500".parse().unwrap(), DOES_NOT_HOLD),
        (
            "negative amount",
            |a| reserve(a).amount = "-1".parse().unwrap(),
            "reserves[0].amount: -1 is negative",
        ),
        ("asset", |a| reserve(a).asset = "USDT".to_owned(), DOES_NOT_HOLD),
        ("chain", |a| reserve(a).chain.push('x'), DOES_NOT_HOLD),
        ("address", |a| reserve(a).address.push('x'), DOES_NOT_HOLD),
        ("no address", |a| reserve(a).address.clear(), "reserves[0].address: is empty"),
        ("evidence", |a| reserve(a).evidence.push('x'), DOES_NOT_HOLD),
        ("purpose", |a| reserve(a).purpose = Purpose::Insurance, DOES_NOT_HOLD),
        ("claim", |a| reserve(a).purpose = Purpose::Claim, DOES_NOT_HOLD),
        (
            "a claim on nobody",
            |a| {
                let one = reserve(a);
                (one.purpose, one.custodian) = (Purpose::Claim, None);
            },
            "reserves[0].custodian: is missing: a claim names the venue that it is on, as that venue's \
             attestations do",
        ),
        ("custodian", |a| reserve(a).custodian = None, DOES_NOT_HOLD),
        (
            "custodian for holder",
            |a| {
                let one = reserve(a);
                std::mem::swap(&mut one.custodian, &mut one.legal_holder);
            },
            DOES_NOT_HOLD,
        ),
        ("legal holder", |a| reserve(a).legal_holder = Some("x".to_owned()), DOES_NOT_HOLD),
        (
            "no legal holder",
            |a| reserve(a).legal_holder = Some(" ".to_owned()),
            "reserves[0].legal_holder: is empty",
        ),
        (
            "encumbrance",
            |a| a.reserves.as_mut().unwrap().reserves[1].encumbrance = None,
            DOES_NOT_HOLD,
        ),
        ("attested by", |a| reserve(a).attested_by = Some(AttestedBy::Auditor), DOES_NOT_HOLD),
        (
            "one address twice",
            |a| {
                let twice = reserve(a).clone();
                a.reserves.as_mut().unwrap().reserves.push(twice);
            },
            "reserves[4]: duplicate BTC at vault on bitcoin",
        ),
        ("reserves as_of", |a| a.reserves.as_mut().unwrap().as_of = a.header.as_of, DOES_NOT_HOLD),
    ]);
}
