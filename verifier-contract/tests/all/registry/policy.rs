//! The policy on chain is the policy in Rust, with reserves that are the custodians' balances.

use alloy_primitives::{B256, U256};
use jiff::Timestamp;
use num_bigint::{BigInt, BigUint};
use pacioli_attestation::{
    AssetLeftOut, Digest, Evidence, Header, Purpose, Reserves, Rounding, evaluate_policy, figures,
};
use pacioli_circuits::{ScenarioId, Totals as Proved};
use pacioli_rules::{Amount, Class, ScenarioKind};
use pacioli_verifier_contract::bindings::Reserves as S;

use crate::registry::world::*;

/// Every kind of clause.
pub const POLICY: &str = r#"[policy]
min_coverage = "1"
coverage = { crash = "0.5" }
per_asset = ["BTC"]
bad_debt = { mark = "insurance", crash = "5000" }
open_interest_matched = true
max_distance = { prices = "10m", reserves = "30m" }
left_out = { accounts = 2, assets = {} }
"#;

/// Something held, worth nothing together: closing rows alone are no book.
pub const HELD: [(&str, u64, u128); 2] = [("quote credit", 1, 1), ("quote debit", 1, 1)];

/// The rules of the fixture with another policy.
pub fn rules(policy: &str) -> String {
    RULES.split_once("[policy]").unwrap().0.to_owned() + policy
}

pub fn world() -> World {
    World::of(&rules(POLICY), PRICES)
}

const CLASSES: &str = "[classes.insurance]
assets = [\"BTC\", \"USDC\"]
markets = []
[classes.pool]
[policy]";

/// The fund of the class is to meet the bad debt of the crash.
fn of_the_fund(policy: &str, bad_debt: &str) -> String {
    let policy = policy.replacen("[policy]", CLASSES, 1);
    let from = "mark = \"insurance\", crash = \"5000\"";
    assert!(policy.contains(from));
    policy.replacen(from, bad_debt, 1)
}

/// The rules of the fixture with an insurance fund and a pool that are accounts. The venue lists
/// reserves for insurance only where they are kept.
pub fn world_of_classes(keep: bool) -> World {
    let policy = of_the_fund(POLICY, "mark = \"100\", crash = \"insurance\"");
    without_fund(World::of(&rules(&policy), PRICES), keep)
}

/// Portfolio margin, with every kind of clause and accounts of two classes.
pub fn world_of_portfolio_margin(has_cover: bool) -> World {
    let rules = include_str!("../../../../rules/tests/books/portfolio_margin/rules.toml");
    let cover = format!("cover = {has_cover}");
    let rules = rules.replacen("cover = false", &cover, 1);
    let bad_debt = "mark = \"0\", crash = \"insurance\", maintenance = \"500\"";
    let policy = of_the_fund(POLICY, bad_debt);
    let rules = rules.split_once("[policy]").unwrap().0.to_owned() + &policy;
    let prices = include_str!("../../../../rules/tests/books/portfolio_margin/prices.json");
    without_fund(World::of(&rules, prices), false)
}

fn without_fund(mut world: World, keep: bool) -> World {
    if !keep {
        world.remove(world.usdc, FUND);
    }
    world
}

/// The reserves file that says what the custodians have on chain, read at `as_of`.
pub fn reserves([btc, usdc, fund]: [u128; 3], has_fund: bool, as_of: Timestamp) -> Reserves {
    let entry = |asset: &str, balance: u128, decimals: u32, address: &str, purpose: &str| {
        let one = 10u128.pow(decimals);
        let (whole, fraction) = (balance / one, balance % one);
        let width = decimals as usize;
        format!(
            r#"{{ "asset": "{asset}", "amount": "{whole}.{fraction:0width$}", "chain": "here",
                 "address": "{address}", "evidence": "chain", "purpose": "{purpose}" }}"#
        )
    };
    let entries = [
        entry("BTC", btc, 8, "custodian", "customers"),
        entry("USDC", usdc, 6, "custodian", "customers"),
        entry("USDC", fund, 6, "fund", "insurance"),
    ];
    let entries = entries[..if has_fund { 3 } else { 2 }].join(",");
    Reserves::parse(&format!(r#"{{ "as_of": "{as_of}", "reserves": [{entries}] }}"#)).unwrap()
}

/// What a header states of the book that it is of, at so many seconds before the chain's time.
#[derive(Clone, Copy, Debug, Default)]
pub struct Said {
    pub ago: u64,
    /// How many seconds the prices are older than the snapshot.
    pub prices: u64,
    pub accounts_left_out: u64,
    pub assets_left_out: usize,
}

impl Said {
    fn header(self, as_of: Timestamp) -> Header {
        let nothing = || Amount::new(0u32, 0);
        let exclusion = |number| AssetLeftOut {
            asset: format!("X{number}"),
            lines: 1,
            accounts: 1,
            deposits: nothing(),
            borrows: nothing(),
        };
        let digest = Digest::of(b"nothing that a clause looks at");
        Header {
            venue: VENUE.to_owned(),
            sequence: 0,
            previous: None,
            as_of,
            drawn: None,
            accounts: 3,
            accounts_left_out: self.accounts_left_out,
            left_out: (0..self.assets_left_out).map(exclusion).collect(),
            rounding: Rounding { lines: 0, instruments: vec![], bound: nothing() },
            k: 12,
            page_size: 64,
            scenarios: 3,
            program: None,
            key: digest,
            setup: String::new(),
            software: String::new(),
        }
    }
}

/// Submits a book over these balances and compares all that the chain says with Rust.
pub fn compare(world: &mut World, sequence: u64, book: &Proved, balances: [u128; 3]) -> Vec<bool> {
    compare_said(world, sequence, book, balances, Said::default())
}

pub fn compare_said(
    world: &mut World,
    sequence: u64,
    book: &Proved,
    balances: [u128; 3],
    said: Said,
) -> Vec<bool> {
    let [btc, usdc, fund] = balances;
    for (token, custodian, balance) in
        [(world.btc, CUSTODIAN, btc), (world.usdc, CUSTODIAN, usdc), (world.usdc, FUND, fund)]
    {
        world.set_balance(token, custodian, balance);
    }
    // Prices are never older than those before.
    world.later(1 + said.ago + said.prices);
    let previous = if sequence == 0 { B256::ZERO } else { attestation(sequence - 1) };
    let mut submission = world.submission(sequence, previous);
    let now = world.evm.time();
    let time = |seconds: u64| Timestamp::from_second(seconds.try_into().unwrap()).unwrap();
    submission.header.asOf = now - said.ago;
    submission.prices.asOf = now - said.ago - said.prices;
    let (as_of, prices_as_of) = (time(submission.header.asOf), time(submission.prices.asOf));
    let header = said.header(as_of);
    submission.header.accountsLeftOut = said.accounts_left_out;
    submission.header.leftOut =
        pacioli_verifier_contract::submission::header(&header).unwrap().leftOut;
    world.submit(submission, std::slice::from_ref(book)).unwrap();

    let expected = figures(&world.compiled, book).unwrap();
    let venue = world.venue;
    let at = world.system.reserves;
    let listed = world.ask_at(at, S::reservesOfCall { venue }).unwrap();
    let reserves = reserves(balances, listed.len() == 3, time(now));
    let evidence = Evidence {
        compiled: &world.compiled,
        figures: &expected,
        reserves: Some(&reserves),
        header: &header,
        prices_as_of,
        block_hashes: &[],
        refused: &Default::default(),
    };
    let clauses = evaluate_policy(world.rules.policy(), &evidence);
    let record = world.record(sequence);
    let holds: Vec<bool> = (0..clauses.len()).map(|clause| !record.failing.bit(clause)).collect();
    let names: Vec<&str> = clauses.iter().map(|clause| clause.name.as_str()).collect();
    assert_eq!(world.program.clause_names(), names);
    assert_eq!(holds, clauses.iter().map(|clause| clause.holds).collect::<Vec<_>>(), "{clauses:?}");

    let worth = |purpose, scenario| reserves.worth(&world.compiled, purpose, scenario).units;
    assert_eq!(worth(Purpose::Customers, ScenarioId::MARK), record.reserves.into());
    let owed = &expected.scenarios[0].owed.units;
    let coverage = if *owed == 0u32.into() {
        u64::MAX.into()
    } else {
        (worth(Purpose::Customers, ScenarioId::MARK) * 10_000u32 / owed).min(u64::MAX.into())
    };
    assert_eq!(coverage, record.coverageBps.into());
    let scenarios = world.compiled.scenarios_by_id();
    let wanted: Vec<_> = scenarios
        .map(|(id, scenario)| {
            // A constraint has none.
            let Some([equity, shortfall]) = scenario.balance() else { return Default::default() };
            let [equity, shortfall] = [equity, shortfall].map(|row| book.0[row.row()]);
            let all = || worth(Purpose::Customers, id) + worth(Purpose::Insurance, id);
            let of_class = || {
                let of = expected.funds.iter().find(|fund| fund.scenario == scenario.name)?;
                let left = BigInt::from(all()) - BigInt::from(of.owed_to_others.units.clone());
                Some(left.to_biguint().unwrap_or_default())
            };
            let fund = match scenario.kind {
                ScenarioKind::Twin { .. } => BigUint::default(),
                _ if world.compiled.classes.contains_key(&Class::Insurance) => {
                    of_class().unwrap_or_default()
                }
                _ => worth(Purpose::Insurance, id),
            };
            let (owed, with_equity) = match scenario.kind {
                ScenarioKind::Twin { of } => {
                    let of = &world.compiled.scenario(of).name;
                    let fund = expected.funds.iter().find(|fund| fund.scenario == *of).unwrap();
                    (&fund.owed_to_others, fund.accounts_with_equity)
                }
                _ => {
                    let figures = expected.scenario(&scenario.name).unwrap();
                    (&figures.owed, figures.accounts_with_equity)
                }
            };
            assert!(owed.units >= equity.quantity.into());
            let owed = [owed.units.clone(), shortfall.quantity.into()];
            // Nobody knows how many have equity where some may be plain or covered.
            let has_cover = world.compiled.cover_scenario().is_some();
            assert_eq!(with_equity, (!has_cover).then_some(equity.count));
            (owed, fund, [with_equity.unwrap_or_default(), shortfall.count])
        })
        .collect();
    let got: Vec<_> = world
        .figures(sequence)
        .iter()
        .map(|figures| {
            let counts = [figures.accountsWithEquity, figures.accountsWithShortfall];
            ([figures.owed.into(), figures.badDebt.into()], figures.insurance.into(), counts)
        })
        .collect();
    assert_eq!(got, wanted);
    holds
}

#[test]
fn every_clause_turns_at_its_limit() {
    let mut world = world();
    let usd = 10u128.pow(16);
    let mut sequence = 0;
    // 2 BTC and 1 USDC are worth 40,002 USD, and 24,001.6 in the crash; the fund has 3 USD.
    let balances = [2_0000_0000, 1_000_000, 3_000_000];
    let names = world.program.clause_names().to_vec();
    let mut turns = |clause: &str, row: &str, other: &[(&str, u64, u128)], limit: u128| {
        let clause = names.iter().position(|name| name == clause).unwrap();
        for (quantity, holds) in [(limit - 1, true), (limit, true), (limit + 1, false)] {
            let book = [&HELD[..], other, &[(row, 1, quantity)]].concat();
            let book = world.totals(&book);
            let got = compare(&mut world, sequence, &book, balances);
            assert_eq!(got[clause], holds, "{row}");
            sequence += 1;
        }
    };
    turns("min_coverage", "equity:mark", &[], 40_002 * usd);
    // Half of what is owed.
    turns("coverage.crash", "equity:crash", &[], 2 * (24_001 * usd + 6 * usd / 10));
    turns("per_asset.BTC", "deposit BTC tier 2", &[("deposit BTC tier 1", 1, 5)], 2_0000_0000 - 5);
    turns("bad_debt.crash", "shortfall:crash", &[], 5_000 * usd);
    // Reserves of both purposes, for all that is owed.
    turns("bad_debt.mark", "equity:mark", &[], 40_005 * usd);
    let clause = names.iter().position(|name| name.starts_with("open_interest")).unwrap();
    for (long, short, holds) in [(5, 5, true), (6, 5, false), (5, 6, false)] {
        let sides = [("long BTC-PERP tier 1", 1, long), ("short BTC-PERP tier 2", 1, short)];
        let book = world.totals(&sides);
        assert_eq!(compare(&mut world, sequence, &book, balances)[clause], holds);
        sequence += 1;
    }
}

#[test]
fn what_the_header_states_is_judged_at_each_limit() {
    let mut world = world();
    let book = world.book();
    let balances = [20_0000_0000, 1_000_000_000, 500_000_000];
    let said = Said::default();
    for (number, (clause, said, holds)) in [
        ("max_distance.prices", Said { prices: 600, ..said }, true),
        ("max_distance.prices", Said { prices: 601, ..said }, false),
        ("max_distance.reserves", Said { ago: 1_800, ..said }, true),
        ("max_distance.reserves", Said { ago: 1_801, ..said }, false),
        ("left_out.accounts", Said { accounts_left_out: 2, ..said }, true),
        ("left_out.accounts", Said { accounts_left_out: 3, ..said }, false),
        ("left_out.assets", said, true),
        ("left_out.assets", Said { assets_left_out: 1, ..said }, false),
    ]
    .into_iter()
    .enumerate()
    {
        let names = world.program.clause_names().to_vec();
        let got = compare_said(&mut world, number as u64, &book, balances, said);
        for (name, got) in names.iter().zip(got) {
            assert_eq!(got, holds || name != clause, "{name} of case {number}");
        }
    }
}

/// Each over several transactions, in the last of which nothing of the header is sent again.
#[test]
fn what_the_header_states_is_judged_at_the_end() {
    for (accounts, assets, failing) in [(2, 0, 0u64), (3, 0, 1 << 8), (0, 1, 1 << 9)] {
        let mut world = world();
        let books = [world.book()];
        let mut submission = world.submission(0, B256::ZERO);
        submission.header.accountsLeftOut = accounts;
        let header = Said { assets_left_out: assets, ..Said::default() };
        let header = header.header("2026-01-01T00:00:00Z".parse().unwrap());
        submission.header.leftOut =
            pacioli_verifier_contract::submission::header(&header).unwrap().leftOut;
        world.submit_staged(&submission, &books);
        assert_eq!(world.record(0).failing, U256::from(failing));
    }
}

#[test]
fn without_a_reserve_none_is_near_the_snapshot() {
    let mut world = world();
    for (token, custodian) in [(world.btc, CUSTODIAN), (world.usdc, CUSTODIAN), (world.usdc, FUND)]
    {
        world.remove(token, custodian);
    }
    world.attest(0);
    let clause = world.program.clause_names().iter().position(|name| name.ends_with("reserves"));
    assert!(world.record(0).failing.bit(clause.unwrap()));
}

#[test]
fn the_fund_is_what_all_others_are_not_owed() {
    let mut world = world_of_classes(false);
    let usd = 10u128.pow(16);
    let names = world.program.clause_names().to_vec();
    let clause = |name: &str| names.iter().position(|known| known == name).unwrap();
    let [crash, asset] = ["bad_debt.crash", "per_asset.BTC"].map(clause);
    let mut sequence = 0;
    // 5 BTC and 1 USDC for customers: 60,002.5 USD after a fall of 40 %.
    let balances = [5_0000_0000, 1_000_000, 0];
    let limit = 60_002 * usd + usd / 2;
    // The fund's own accounts stand on neither side.
    let fund = [
        ("insurance deposit BTC tier 1", 1, 1_0000_0000),
        ("insurance deposit USDC", 1, 3_000_000),
        ("insurance borrow USDC", 1, 1_000_000),
    ];
    for lines in [&[][..], &fund] {
        for (owed, holds) in [(limit - 1, true), (limit, true), (limit + 1, false)] {
            let book =
                world.totals(&[&HELD[..], lines, &[("equity:crash~insurance", 1, owed)]].concat());
            let got = compare(&mut world, sequence, &book, balances);
            assert_eq!(got[crash], holds);
            let left = world.figures(sequence)[2].insurance;
            assert_eq!(left, limit.saturating_sub(owed));
            sequence += 1;
        }
    }
    // Of the 5 BTC the fund has 1 and the pool 1: of an asset all classes count.
    for (rest, holds) in [(3_0000_0000, true), (3_0000_0001, false)] {
        let pool = [("pool deposit BTC tier 2", 1, 1_0000_0000), ("deposit BTC tier 1", 1, rest)];
        let book = world.totals(&[&fund[..], &pool].concat());
        assert_eq!(compare(&mut world, sequence, &book, balances)[asset], holds);
        sequence += 1;
    }
}

#[test]
fn reserves_of_both_purposes_stand_behind_all_others() {
    let mut world = world_of_classes(true);
    let usd = 10u128.pow(16);
    let crash = world.program.clause_names().iter().position(|name| name == "bad_debt.crash");
    for (sequence, (fund, holds)) in [(5_000_000, true), (4_999_999, false)].into_iter().enumerate()
    {
        let owed = [("equity:crash~insurance", 1, 60_007 * usd + usd / 2)];
        let book = world.totals(&[&HELD[..], &owed].concat());
        let balances = [5_0000_0000, 1_000_000, fund];
        let got = compare(&mut world, sequence as u64, &book, balances);
        assert_eq!(got[crash.unwrap()], holds);
    }
}
