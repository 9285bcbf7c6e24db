//! Rates that follow volatilities come on chain to what the rules compile to, and nothing else does.

use alloy_primitives::{B256, Bytes, U256};
use alloy_sol_types::SolValue;
use pacioli_attestation::program::{Fault, Program, evaluate};
use pacioli_rules::{Compiled, Decimal, Prices, Rules, Volatility, compile};
use pacioli_verifier_contract::{bindings, submission};
use proptest::prelude::*;

use crate::libraries::{
    books,
    chain::{Chain, Table, named, said},
};

/// Numbers that look thrown.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((u128::from(self.0) * u128::from(sides)) >> 64) as u64
    }

    fn one_of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.roll(all.len() as u64) as usize]
    }

    /// A function of a volatility.
    fn rate(&mut self) -> String {
        let which = match self.roll(6) {
            0 => "kind = \"realised\", ",
            1 => "kind = \"implied\", ",
            2 => "window = \"30d\", ",
            3 => "tenor = \"7d\", ",
            4 => "source = \"venue A\", ",
            _ => "",
        };
        let of = if self.roll(4) == 0 { "volatility = \"A0\", " } else { "" };
        let multiple = self.one_of(&["0.000000000000000001", "1", "2.5", "3.10", "40", "1000"]);
        let horizon = self.one_of(&["1s", "1h", "1d", "10d", "365d", "2000d"]);
        let (floor, ceiling) = match self.roll(4) {
            0 => ("0", "1"),
            1 => ("0.02", "0.5"),
            2 => ("0.123456789012345678", "0.9999"),
            _ => ("0.3", "0.3"),
        };
        let step = self.one_of(&["0.000000000000000001", "0.001", "0.0007", "0.25", "1"]);
        format!(
            "{{ {which}{of}multiple = \"{multiple}\", horizon = \"{horizon}\", floor = \"{floor}\", \
             ceiling = \"{ceiling}\", step = \"{step}\" }}"
        )
    }

    fn volatility(&mut self, which: &str) -> Volatility {
        let scale = self.roll(19);
        let most = 10u64.pow(scale as u32);
        let annual = match self.roll(5) {
            0 => format!("{}", Decimal::new(0, scale as u32)),
            1 => "1000".to_owned(),
            2 => format!("{}", self.roll(1_000)),
            _ => format!("{}", Decimal::new(self.roll(3 * most).into(), scale as u32)),
        };
        let text = format!(
            r#"{{ {which}, "annual": "{annual}", "as_of": "2026-01-01T00:0{}:00Z" }}"#,
            self.roll(10)
        );
        serde_json::from_str(&text).unwrap()
    }

    /// Volatilities of all assets, each of which every rate finds one of.
    fn volatilities(&mut self, prices: &mut Prices) {
        prices.volatilities.clear();
        for asset in ["A0", "A1", "A2", "A3", "A4", "USD"] {
            let mut all = vec![
                self.volatility(r#""kind": "realised", "window": "30d", "source": "venue A""#),
                self.volatility(r#""kind": "implied", "tenor": "7d", "source": "venue B""#),
            ];
            if self.roll(2) == 0 {
                let more = r#""kind": "realised", "window": "7d", "source": "venue C""#;
                all.push(self.volatility(more));
            }
            prices.volatilities.insert(asset.to_owned(), all);
        }
    }
}

/// The rules of a made-up book with functions of volatilities for some rates of its tiers.
fn following(dice: &mut Dice, rules: &str) -> String {
    let mut text = String::new();
    for line in rules.lines() {
        if !line.starts_with("tiers = ") {
            text += line;
            text.push('\n');
            let borrows = line.starts_with("decimals") || line.starts_with("borrow = true");
            if borrows && line.ends_with("true") && dice.roll(2) == 0 {
                text += &format!("borrow_maintenance = {}\n", dice.rate());
                text += &format!("borrow_initial = {}\n", dice.rate());
            }
            continue;
        }
        // Tiers of one function are in order on every day, of others on some.
        let (follows, rate) = (dice.roll(4) > 0, dice.rate());
        let mut parts = line.split("= \"0.");
        text += parts.next().unwrap();
        for part in parts {
            let (digits, rest) = part.split_once('"').unwrap();
            match dice.roll(12) {
                _ if !follows => text += &format!("= \"0.{digits}\"{rest}"),
                0 => text += &format!("= {}{rest}", dice.rate()),
                _ => text += &format!("= {rate}{rest}"),
            }
        }
        text.push('\n');
    }
    text
}

/// The table, or the error's name, of these prices with these steps.
fn on_chain(
    chain: &mut Chain,
    program: &[u8],
    names: &Prices,
    prices: bindings::Prices,
) -> Result<Table, String> {
    let bytes = Bytes::copy_from_slice(program);
    let arguments = (bytes, submission::names(names), prices).abi_encode_params();
    let output = chain.call("compile", arguments).map_err(|revert| named(&revert))?;
    Ok(<(Table,)>::abi_decode_params(&output.bytes).unwrap().0)
}

/// The context, or the error's name, of an attestation with these prices.
fn context(chain: &mut Chain, names: &Prices, prices: bindings::Prices) -> Result<B256, String> {
    let (header, word) = (bindings::Header::default(), B256::ZERO);
    let arguments = (header, word, word, prices, submission::names(names), word, U256::from(1));
    let output = chain.call("context", arguments.abi_encode_params());
    Ok(B256::abi_decode(&output.map_err(|revert| named(&revert))?.bytes).unwrap())
}

/// The values of a table as the contract has them, row by row in each scenario.
fn values(compiled: &Compiled) -> Vec<U256> {
    let rows = compiled.table.instruments();
    let scenarios = compiled.table.scenario_ids();
    let offset = 1i128 << 64;
    let value = |scenario| {
        rows.iter().map(move |row| U256::from((row.values[scenario].units() + offset) as u128))
    };
    scenarios.flat_map(value).collect()
}

#[track_caller]
fn agrees(chain: &mut Chain, program: &Program, prices: &Prices, native: Option<&Compiled>) {
    let Ok(sent) = submission::prices_for(prices, program) else {
        panic!("each rate has a volatility");
    };
    let got = on_chain(chain, program.to_bytes(), prices, sent.clone());
    let evaluated = evaluate(program.to_bytes(), prices);
    let Some(compiled) = native else {
        let fault = evaluated.unwrap_err();
        assert!(matches!(fault, Fault::TierOrder(_)), "{fault}");
        assert_eq!(got.unwrap_err(), said(&fault));
        return;
    };
    assert_eq!(evaluated.unwrap().table, compiled.table);
    let (table, rows) = (got.unwrap(), compiled.rows.len());
    assert_eq!(table.instance[1 + 3 * rows..], values(compiled));
    // One step more or less is refused, as are no steps at all.
    let rates = sent.steps.len() / 8;
    for rate in 0..rates {
        let steps = u64::from_be_bytes(sent.steps[8 * rate..][..8].try_into().unwrap());
        for wrong in [steps.checked_sub(1), Some(steps + 1)].into_iter().flatten() {
            let mut bytes = sent.steps.to_vec();
            bytes[8 * rate..][..8].copy_from_slice(&wrong.to_be_bytes());
            let sent = bindings::Prices { steps: bytes.into(), ..sent.clone() };
            let refused = on_chain(chain, program.to_bytes(), prices, sent).unwrap_err();
            assert_eq!(refused, format!("RateSteps({rate}, {wrong})"));
        }
    }
    if rates > 0 {
        let sent = bindings::Prices { steps: Bytes::new(), ..sent };
        let refused = on_chain(chain, program.to_bytes(), prices, sent).unwrap_err();
        assert_eq!(refused, format!("StepsLength({rates}, 0)"));
    }
}

/// How many of the programs have rates that follow, and how many days have tiers out of order.
fn compare(seed: u64) -> (usize, usize) {
    let (mut dice, mut chain) = (Dice(seed), Chain::new());
    let made = books::made_up(seed);
    let rules = Rules::parse(&following(&mut dice, made.rules.text())).unwrap();
    let mut days = Vec::new();
    for _ in 0..6 {
        let mut prices = made.prices.clone();
        dice.volatilities(&mut prices);
        let compiled = compile(&rules, &prices).ok();
        days.push((prices, compiled));
    }
    let Some((prices, Some(compiled))) = days.iter().find(|(_, compiled)| compiled.is_some())
    else {
        return (0, 0);
    };
    let program = Program::of(&rules, compiled, prices).unwrap();
    let mut out_of_order = 0;
    for (prices, compiled) in &days {
        if let Some(compiled) = compiled {
            assert_eq!(Program::of(&rules, compiled, prices).unwrap(), program, "one for all days");
        } else {
            out_of_order += 1;
        }
        agrees(&mut chain, &program, prices, compiled.as_ref());
    }
    (usize::from(!compiled.rates.is_empty()), out_of_order)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn any_rates_that_follow_volatilities_are_those_that_the_rules_compile_to(seed in any::<u64>()) {
        compare(seed);
    }
}

#[test]
fn many_books_follow_and_some_days_are_refused() {
    let counts = (0..40).map(|seed| compare(seed * 7_919));
    let (follow, refused) = counts.fold((0, 0), |(a, b), (more, others)| (a + more, b + others));
    assert!(follow > 10, "{follow}");
    assert!(refused > 5, "{refused}");
}

/// A small book with one rate, of realised volatilities of ETH over 30 days, and its prices.
fn one_rate() -> (Program, Prices) {
    let follows = "maintenance = { kind = \"realised\", window = \"30d\", multiple = \"2\", horizon = \
                   \"1d\", floor = \"0\", ceiling = \"0.05\", step = \"0.001\" }";
    let rules = books::SMALL_RULES.replacen("maintenance = \"0.05\"", follows, 1);
    assert_ne!(rules, books::SMALL_RULES);
    let mut prices = Prices::parse(books::SMALL_PRICES).unwrap();
    let mut dice = Dice(1);
    let entries = vec![
        dice.volatility(r#""kind": "realised", "window": "30d", "source": "venue A""#),
        dice.volatility(r#""kind": "implied", "tenor": "7d", "source": "venue B""#),
    ];
    prices.volatilities.insert("ETH".to_owned(), entries);
    let rules = Rules::parse(&rules).unwrap();
    let compiled = compile(&rules, &prices).unwrap();
    (Program::of(&rules, &compiled, &prices).unwrap(), prices)
}

/// A rate in a program, an asset in a list of volatilities, and an entry there, in bytes.
const RATE: usize = 99;
const ASSET: usize = 33;
const ENTRY: usize = 66;

#[test]
fn a_rate_out_of_its_form_is_refused_by_name() {
    let mut chain = Chain::new();
    let (program, prices) = one_rate();
    let sent = submission::prices_for(&prices, &program).unwrap();
    let bytes = program.to_bytes();
    // Behind three counts and one asset, before the orders.
    let rate = (0..9u8).find_map(|orders| {
        let rate = bytes.len() - 4 * usize::from(orders) - RATE;
        (bytes[rate - ASSET + 1 - 6..][..6] == [0, 1, 0, 1, 0, orders]).then_some(rate)
    });
    let rate = rate.unwrap();
    let one = 10u64.pow(18).to_be_bytes();
    let more = (10u64.pow(18) + 1).to_be_bytes();
    let most = (1_000 * 10u128.pow(18) + 1).to_be_bytes();
    for (what, at, with) in [
        ("an asset that there is not", 0, &[0, 1][..]),
        ("a third kind", 2, &[3]),
        ("no multiple", 51, &[0; 16]),
        ("more than a thousand times", 51, &most),
        ("no horizon", 67, &[0; 8]),
        ("a floor above the ceiling", 75, &one),
        ("a ceiling above 1", 83, &more),
        ("no step", 91, &[0; 8]),
        ("a step above 1", 91, &more),
    ] {
        let mut changed = bytes.to_vec();
        changed[rate + at..][..with.len()].copy_from_slice(with);
        let fault = evaluate(&changed, &prices).unwrap_err();
        assert_eq!(fault, Fault::RateForm(0), "{what}");
        let refused = on_chain(&mut chain, &changed, &prices, sent.clone()).unwrap_err();
        assert_eq!(refused, "RateForm(0)", "{what}");
    }
    assert!(on_chain(&mut chain, bytes, &prices, sent).is_ok());
}

#[test]
fn a_rate_without_a_volatility_is_refused_by_name() {
    let mut chain = Chain::new();
    let (program, prices) = one_rate();
    let steps = submission::prices_for(&prices, &program).unwrap().steps;
    let entry = |text: &str| -> Volatility { serde_json::from_str(text).unwrap() };
    let other_window = r#"{ "kind": "realised", "window": "7d", "source": "venue A", "annual": "0.5",
                            "as_of": "2026-01-01T00:00:00Z" }"#;
    let mut own = prices.clone();
    own.volatilities.get_mut("ETH").unwrap().remove(0);
    let mut window = own.clone();
    window.volatilities.get_mut("ETH").unwrap().push(entry(other_window));
    let mut asset = prices.clone();
    let moved = asset.volatilities.remove("ETH").unwrap();
    asset.volatilities.insert("BTC".to_owned(), moved);
    let mut none = prices.clone();
    none.volatilities.clear();
    for (what, prices) in [("kind", own), ("window", window), ("asset", asset), ("none", none)] {
        assert_eq!(
            submission::prices_for(&prices, &program).err(),
            Some(submission::SubmissionError::NoVolatility)
        );
        assert_eq!(
            evaluate(program.to_bytes(), &prices).unwrap_err(),
            Fault::NoVolatility(0),
            "{what}"
        );
        let sent =
            bindings::Prices { steps: steps.clone(), ..submission::prices(&prices).unwrap() };
        let refused = on_chain(&mut chain, program.to_bytes(), &prices, sent).unwrap_err();
        assert_eq!(refused, "NoVolatility(0)", "{what}");
    }
}

#[test]
fn a_list_of_volatilities_out_of_its_form_is_refused_by_name() {
    let mut chain = Chain::new();
    let (program, prices) = one_rate();
    let honest = submission::prices_for(&prices, &program).unwrap();
    let list = honest.volatilities.to_vec();
    assert_eq!(list.len(), ASSET + 2 * ENTRY);
    let last = ASSET + ENTRY;
    let changed = |at: usize, with: &[u8]| {
        let mut list = list.clone();
        list[at..at + with.len()].copy_from_slice(with);
        list
    };
    let units = |units: u128, scale: u8| [&units.to_be_bytes()[..], &[scale]].concat();
    let many = [&list[..32], &[101], &vec![list[ASSET..last].to_vec(); 101].concat()].concat();
    let cases = [
        ("no entry", 0, list[..32].iter().copied().chain([0]).collect::<Vec<_>>()),
        ("an entry that is not there", 0, changed(32, &[3])),
        ("one fewer than there are", last, changed(32, &[1])),
        ("a byte too few", 0, list[..list.len() - 1].to_vec()),
        ("a byte too many", list.len(), [&list[..], &[0]].concat()),
        ("more than a hundred", 0, many),
        ("a third kind", ASSET, changed(ASSET, &[3])),
        ("no kind", ASSET, changed(ASSET, &[0])),
        ("a kind of the second", last, changed(last, &[3])),
        ("more than a thousand", ASSET, changed(ASSET + 1, &units(1_001, 0))),
        (
            "a little more than a thousand",
            ASSET,
            changed(ASSET + 1, &units(1_000 * 10u128.pow(18) + 1, 18)),
        ),
        ("nineteen decimals", ASSET, changed(ASSET + 1, &units(1, 19))),
    ];
    for (what, place, list) in cases {
        let sent = bindings::Prices { volatilities: list.into(), ..honest.clone() };
        let refused = on_chain(&mut chain, program.to_bytes(), &prices, sent.clone()).unwrap_err();
        assert_eq!(refused, format!("VolatilitiesForm({place})"), "{what}");
    }
    // What no rate looks at is checked where the list is hashed.
    let foreign = [&list[..], &[7; 32], &[1], &changed(last, &[3])[last..]].concat();
    let place = list.len() + ASSET;
    let sent = bindings::Prices { volatilities: foreign.into(), ..honest.clone() };
    assert!(on_chain(&mut chain, program.to_bytes(), &prices, sent.clone()).is_ok());
    let refused = context(&mut chain, &prices, sent).unwrap_err();
    assert_eq!(refused, format!("VolatilitiesForm({place})"));
    assert!(context(&mut chain, &prices, honest).is_ok());
}
