//! What the contract refuses, each by its error, and that its twin in Rust refuses the same.

use std::collections::BTreeSet;

use pacioli_attestation::program::{FACTOR_BYTES, HEAD_BYTES, ROLE_BITS, ROW_BYTES, evaluate};
use pacioli_rules::{Decimal, Prices};

use crate::libraries::{
    books::{self, Case},
    chain::{Chain, errors, said},
    changed::agree,
    edited::*,
};

// Rows of the small book.
const DEPOSIT: usize = 1;
const HEADROOM: usize = 2;
const SECOND_TIER: usize = 3;
const BORROW: usize = 4;
const NEXT_DEPOSIT: usize = 5;
const LONG: usize = 7;
const SHORT: usize = 10;
const CREDIT: usize = 13;
const EQUITY: usize = 15;
const SHORTFALL: usize = 16;
const LAST: usize = 20;

/// What the contract and its twin both refuse a program with.
#[track_caller]
pub fn refusal(chain: &mut Chain, program: &[u8], prices: &Prices) -> String {
    let twin = evaluate(program, prices).expect_err("the twin takes it");
    let refused = chain.compile(program, prices).expect_err("the contract takes it");
    assert_eq!(refused, said(&twin));
    refused
}

#[test]
fn every_malformed_program_is_refused_by_name() {
    let (mut chain, case) = (Chain::new(), books::small());
    let original = Bytes::of(&case);
    let program = || original.clone();
    let length = program().0.len();
    let factors = program().number(4);
    let cut = |bytes: usize| Bytes(program().0[..bytes].to_vec());
    let cases = [
        ("ProgramLength(0)".to_owned(), cut(0)),
        ("ProgramLength(76)".to_owned(), cut(76)),
        (format!("ProgramLength({})", length - 1), cut(length - 1)),
        (format!("ProgramLength({})", length + 1), Bytes([&program().0[..], &[0]].concat())),
        (format!("ProgramLength({length})"), program().set(5, factors as u8 + 1)),
        ("ProgramVersion(3)".to_owned(), program().set(0, 3)),
        ("ProgramSizes(0, 0, 0, 6, 21, 6)".to_owned(), program().set(2, 0)),
        // Two bytes are the number: 1,024 is in its bounds, 1,025 and 1,027 are not.
        (format!("ProgramLength({length})"), program().set(1, 4).set(2, 0)),
        ("ProgramSizes(1025, 0, 0, 6, 21, 6)".to_owned(), program().set(1, 4).set(2, 1)),
        ("ProgramSizes(1027, 0, 0, 6, 21, 6)".to_owned(), program().set(1, 4)),
        ("ProgramSizes(3, 3, 0, 6, 21, 6)".to_owned(), program().set(11, 3)),
        ("ProgramSizes(3, 256, 0, 6, 21, 6)".to_owned(), program().set(10, 1)),
        ("ProgramSizes(3, 65535, 0, 6, 21, 6)".to_owned(), program().set(10, 255).set(11, 255)),
        (format!("ProgramLength({length})"), program().set(11, 1)),
        ("ProgramSizes(3, 0, 0, 39, 21, 6)".to_owned(), program().set(3, 39)),
        ("ProgramSizes(3, 0, 0, 6, 0, 6)".to_owned(), program().set(7, 0)),
        ("ProgramSizes(3, 0, 0, 6, 2069, 6)".to_owned(), program().set(6, 8)),
        ("ProgramSizes(3, 0, 0, 6, 21, 0)".to_owned(), program().set(9, 0)),
        ("ProgramSizes(3, 0, 0, 6, 21, 262)".to_owned(), program().set(8, 1)),
        ("ProgramSizes(3, 0, 2, 6, 21, 6)".to_owned(), program().set(12, 2)),
        ("ProgramSizes(3, 2, 1, 6, 21, 6)".to_owned(), program().set(11, 2).set(12, 1)),
        ("PriceNames".to_owned(), program().set(13, !program().0[13])),
        ("QuoteCurrency".to_owned(), program().set(45, !program().0[45])),
        ("FactorDecimals(0, 39)".to_owned(), program().set(HEAD_BYTES + 16, 39)),
        // The first factor is huge.
        ("ValueBound(1, 1)".to_owned(), program().set(HEAD_BYTES, 0x7f)),
        ("ValueBound(1, 1)".to_owned(), program().set(HEAD_BYTES, 0x80)),
        ("RowRole(0, 1)".to_owned(), program().set_row(0, ROLE, 1)),
        // Headroom has no price and no group either.
        ("RowRole(0, 5)".to_owned(), program().set_row(0, ROLE, 5)),
        // Not by the pass over closing rows either, which takes them from any other row on.
        ("RowRole(0, 8)".to_owned(), program().copy(EQUITY, 0, 0)),
        ("RowRole(1, 0)".to_owned(), program().set_row(DEPOSIT, ROLE, 0)),
        ("RowRole(1, 12)".to_owned(), program().set_row(DEPOSIT, ROLE, 12)),
        ("RowClass(1, 1)".to_owned(), program().set_row(DEPOSIT, ROLE, 1 << ROLE_BITS | 1)),
        // Nothing that is held comes after the first closing rows, where it could pass for one.
        ("RowClass(17, 0)".to_owned(), program().set_row(SHORTFALL + 1, ROLE, 7)),
        ("RowClass(17, 0)".to_owned(), program().set_row(SHORTFALL + 1, ROLE, 5)),
        ("RowClass(17, 0)".to_owned(), program().copy(SHORT, SHORTFALL + 1, 0)),
        ("RowGroup(0, 1)".to_owned(), program().set_row(0, GROUP, 1)),
        ("RowGroup(1, 1)".to_owned(), program().set_row(DEPOSIT, GROUP, 1)),
        ("RowGroup(1, 0)".to_owned(), program().set_row(DEPOSIT, ROLE, 2)),
        ("RowGroup(1, 0)".to_owned(), program().set_row(DEPOSIT, ROLE, 4)),
        ("RowGroup(2, 1)".to_owned(), program().set_row(HEADROOM, GROUP, 1)),
        ("RowGroup(3, 2)".to_owned(), program().set_row(SECOND_TIER, GROUP, 2)),
        ("RowGroup(5, 2)".to_owned(), program().set_row(NEXT_DEPOSIT, GROUP, 2)),
        ("RowGroup(4, 1)".to_owned(), program().set_row(BORROW, GROUP, 1)),
        // An asset's row after the first market.
        ("RowGroup(10, 1)".to_owned(), program().set_row(SHORT, ROLE, 2).set_row(SHORT, GROUP, 1)),
        ("RowGroup(7, 1)".to_owned(), program().set_row(LONG, GROUP, 1)),
        ("RowGroup(10, 1)".to_owned(), program().set_row(SHORT, GROUP, 1)),
        ("RowGroup(13, 1)".to_owned(), program().set_row(CREDIT, GROUP, 1)),
        ("RowGroup(15, 1)".to_owned(), program().set_row(EQUITY, GROUP, 1)),
        ("RowGroup(15, 0)".to_owned(), program().set_row(EQUITY, ROLE, 9)),
        ("RowGroup(16, 0)".to_owned(), program().set_row(SHORTFALL, ROLE, 8)),
        ("RowGroup(16, 2)".to_owned(), program().set_row(SHORTFALL, GROUP, 2)),
        ("RowPrice(1, 3)".to_owned(), program().set_row(DEPOSIT, PRICE, 3)),
        ("RowPrice(3, 1)".to_owned(), program().set_row(SECOND_TIER, PRICE, 1)),
        ("RowPrice(0, 65280)".to_owned(), program().set_row(0, PRICE, 0)),
        ("RowPrice(2, 65280)".to_owned(), program().set_row(HEADROOM, PRICE, 0)),
        ("RowPrice(13, 65280)".to_owned(), program().set_row(CREDIT, PRICE, 0)),
        ("RowPrice(15, 65280)".to_owned(), program().set_row(EQUITY, PRICE, 0)),
        ("RowDecimals(2, 7)".to_owned(), program().set_row(HEADROOM, DECIMALS, 7)),
        ("RowDecimals(3, 2)".to_owned(), program().set_row(SECOND_TIER, DECIMALS, 2)),
        ("RowDecimals(15, 5)".to_owned(), program().set_row(EQUITY, DECIMALS, 5)),
        ("RowCap(0, 1)".to_owned(), program().set_row(0, CAP + 11, 1)),
        (format!("RowCap(1, {})", (1u128 << 90) + 2_000), program().set_row(DEPOSIT, CAP, 4)),
        (format!("RowFactor(4, 1, {factors})"), program().set_factor(BORROW, 1, factors as u8)),
        // What the role fixes has no factor.
        ("RowFactor(0, 2, 1)".to_owned(), program().set_factor(0, 2, 1)),
        ("RowFactor(2, 1, 1)".to_owned(), program().set_factor(HEADROOM, 1, 1)),
        ("RowFactor(15, 2, 1)".to_owned(), program().set_factor(EQUITY, 2, 1)),
        ("RowFactor(16, 1, 1)".to_owned(), program().set_factor(SHORTFALL, 1, 1)),
        // Clauses: coverage, two assets, crash, mark, a market.
        ("ClauseForm(0)".to_owned(), program().set_clause(0, 0, 14)),
        ("ClauseForm(0)".to_owned(), program().set_clause(0, 2, 3)),
        // Coverage of nothing holds whatever is owed.
        ("ClauseForm(0)".to_owned(), program().set_clause(0, 18, 0)),
        ("ClauseForm(0)".to_owned(), program().set_clause(0, 0, 5).set_clause(0, 2, 1)),
        ("ClauseForm(0)".to_owned(), program().set_clause(0, 0, 6).set_clause(0, 19, 1)),
        ("ClauseForm(0)".to_owned(), program().set_clause(0, 0, 7).set_clause(0, 2, 1)),
        ("ClauseForm(0)".to_owned(), program().set_clause(0, 0, 8)),
        ("ClauseForm(0)".to_owned(), program().set_clause(0, 19, 39)),
        ("ClauseForm(1)".to_owned(), program().set_clause(1, 2, 2)),
        ("ClauseForm(1)".to_owned(), program().set_clause(1, 18, 1)),
        ("ClauseForm(1)".to_owned(), program().set_clause(1, 19, 1)),
        ("ClauseForm(3)".to_owned(), program().set_clause(3, 2, 3)),
        ("ClauseForm(3)".to_owned(), program().set_clause(3, 19, 1)),
        ("ClauseForm(4)".to_owned(), program().set_clause(4, 2, 3)),
        ("ClauseForm(4)".to_owned(), program().set_clause(4, 18, 1)),
        ("ClauseForm(5)".to_owned(), program().set_clause(5, 2, 1)),
    ];
    let mut names = BTreeSet::new();
    for (expected, program) in cases {
        let refused = refusal(&mut chain, &program.0, &case.prices);
        assert_eq!(refused, expected);
        names.insert(expected.split('(').next().unwrap().to_owned());
    }

    // A twin, of the crash.
    let twin = books::small_with_classes();
    let of_twin = || Bytes::of(&twin);
    let insurance = twin.program().clause_names().iter().position(|name| name == "bad_debt.crash");
    let insurance = insurance.unwrap();
    let crash = twin.compiled.find("equity:crash").unwrap().row();
    let own = twin.compiled.find("equity:crash~insurance").unwrap().row();
    for (expected, program) in [
        ("TwinOf(0, 0)".to_owned(), of_twin().set(HEAD_BYTES + 1, 0)),
        ("TwinOf(0, 3)".to_owned(), of_twin().set(HEAD_BYTES + 1, 3)),
        // The crash's own number, and 256.
        ("TwinOf(0, 258)".to_owned(), of_twin().set(HEAD_BYTES, 1)),
        // The clause's scenario has none then.
        (format!("ClauseForm({insurance})"), of_twin().set(HEAD_BYTES + 1, 1)),
        (format!("ClauseForm({insurance})"), of_twin().set_clause(insurance, 2, 0)),
        (format!("ClauseForm({insurance})"), of_twin().set_clause(insurance, 2, 3)),
        ("ClauseForm(0)".to_owned(), of_twin().set_clause(0, 2, 3)),
        (format!("RowGroup({crash}, 2)"), of_twin().set_row(crash, ROLE, 11)),
        (format!("RowGroup({own}, 3)"), of_twin().set_row(own, ROLE, 11)),
        (format!("RowFactor({own}, 1, 1)"), of_twin().set_factor(own, 1, 1)),
    ] {
        assert_eq!(refusal(&mut chain, &program.0, &twin.prices), expected);
        names.insert(expected.split('(').next().unwrap().to_owned());
    }

    // The rows end before the last shortfall.
    let (last, end) = (program().row(LAST), program().clause(0));
    let shorter = [&program().0[..last], &program().0[end..]].concat();
    let shorter = Bytes(shorter).set(7, LAST as u8);
    assert_eq!(refusal(&mut chain, &shorter.0, &case.prices), "NotClosed(2)");
    names.insert("NotClosed".to_owned());

    // The rest is about prices, times and totals, and about plain and covered rows: see `forms`.
    names.extend(["RowHeld", "CoverWithoutRows"].map(str::to_owned));
    let elsewhere = ["PriceScale", "QuotePrice", "PriceDigits", "MarkBound"];
    names.extend(["NotAChunk", "ChunkLength", "NamesLength"].map(str::to_owned));
    let others = ["TotalsLength", "PricesLength", "PreviousDigest", "TimeOutOfRange"];
    // Each has its input in `rates`.
    let rates =
        ["RateForm", "NoVolatility", "VolatilitiesForm", "StepsLength", "RateSteps", "TierOrder"];
    // In `repricer`.
    names.insert("FollowsVolatility".to_owned());
    let others = elsewhere.iter().chain(&others).chain(&rates);
    names.extend(others.map(|&name| name.to_owned()));
    assert_eq!(names, errors().map(str::to_owned).collect());
}

#[test]
fn contingencies_and_slack_out_of_place_are_refused_by_name() {
    let (mut chain, case) = (Chain::new(), books::portfolio());
    let original = Bytes::of(&case);
    let program = || original.clone();
    let row = |name: &str| case.compiled.find(name).unwrap().row();
    let [naked, scan, mark] = ["contingency:naked", "contingency:scan", "equity:mark"].map(row);
    let [crash, down, net] = ["shortfall:crash", "slack:down", "slack:net"].map(row);
    let owed = row("shortfall:mark");
    // Another slack behind the last one, of a scenario that the program has not.
    let [last, end] = [original.row(net), original.clause(0)];
    let longer = [&original.0[..end], &original.0[last..end], &original.0[end..]].concat();
    let longer = Bytes(longer).set(7, net as u8 + 2).set_row(net + 1, GROUP, 6);
    for (expected, program) in [
        (format!("RowGroup({naked}, 1)"), program().set_row(naked, GROUP, 1)),
        (format!("RowGroup({scan}, 0)"), program().set_row(scan, GROUP, 0)),
        (format!("RowGroup({scan}, 2)"), program().set_row(scan, GROUP, 2)),
        (format!("RowPrice({naked}, 65280)"), program().set_row(naked, PRICE, 0)),
        (format!("RowDecimals({naked}, 7)"), program().set_row(naked, DECIMALS, 7)),
        (format!("RowFactor({naked}, 1, 200)"), program().set_factor(naked, 1, 200)),
        // Between the rows that close mark, and behind them.
        (format!("RowRole({mark}, 10)"), program().swap(scan, mark)),
        (format!("RowRole({owed}, 10)"), program().swap(scan, mark).swap(mark, owed)),
        // Mark is closed by equity and shortfall.
        (format!("RowGroup({mark}, 0)"), program().set_row(mark, ROLE, 11)),
        // A scenario is closed once.
        (format!("RowGroup({crash}, 2)"), program().set_row(crash, ROLE, 11)),
        (format!("RowGroup({}, 3)", down + 1), program().set_row(down + 1, GROUP, 3)),
        (format!("RowGroup({down}, 4)"), program().set_row(down, GROUP, 4)),
        (format!("RowGroup({}, 6)", net + 1), longer),
        (format!("RowPrice({down}, 65280)"), program().set_row(down, PRICE, 0)),
        (format!("RowDecimals({down}, 5)"), program().set_row(down, DECIMALS, 5)),
        (format!("RowFactor({down}, 3, 1)"), program().set_factor(down, 3, 1)),
        // Clauses: coverage, maintenance and mark. A constraint has no bad debt.
        ("ClauseForm(1)".to_owned(), program().set_clause(1, 2, 3)),
        ("ClauseForm(2)".to_owned(), program().set_clause(2, 0, 3).set_clause(2, 2, 5)),
    ] {
        assert_eq!(refusal(&mut chain, &program.0, &case.prices), expected);
    }
    for program in [
        program().set_clause(1, 2, 2),
        program().set_clause(2, 0, 3).set_clause(2, 2, 2),
        // What a contingency counts for is the program's word, but for mark.
        program().set_factor(naked, 1, 1),
    ] {
        assert!(evaluate(&program.0, &case.prices).is_ok());
        agree(&mut chain, &program.0, &case.prices);
    }
    let evaluated = evaluate(&original.0, &case.prices).unwrap();
    for row in [naked, scan, down, net] {
        assert_eq!(
            evaluated.table.instruments()[row].values[pacioli_circuits::ScenarioId::MARK].units(),
            0
        );
    }
}

#[test]
fn a_row_of_a_class_is_one_of_customers_or_refused() {
    let (mut chain, case) = (Chain::new(), books::portfolio_with_classes());
    let original = Bytes::of(&case);
    let program = || original.clone();
    let row = |name: &str| case.compiled.find(name).unwrap().row();
    let [fund, debit] = ["insurance deposit USDC", "insurance quote debit"].map(row);
    let [pool, end] = ["pool deposit BTC tier 1", "pool quote debit"].map(row);
    let (house, insurance, pools) = (1 << ROLE_BITS, 2 << ROLE_BITS, 3 << ROLE_BITS);
    let own = |row: usize| format!("RowClass({row}, {})", if row < pool { 2 } else { 3 });
    for (expected, program) in [
        (own(fund), program().set_row(fund, GROUP, 0)),
        (own(fund), program().set_row(fund, PRICE, 0)),
        (own(fund), program().set_row(fund, DECIMALS, 3)),
        (own(fund), program().set_row(fund, CAP + 11, 1)),
        (own(fund), program().set_factor(fund, 5, 200)),
        (own(fund), program().set_row(fund, ROLE, insurance)),
        // Twice, and in another order.
        (own(fund + 1), program().copy(fund, fund + 1, insurance)),
        (own(fund + 1), program().swap(fund, fund + 1)),
        (own(pool + 2), program().swap(pool + 1, pool + 3)),
        // A class before the one before, and one that comes back.
        (format!("RowClass({pool}, 1)"), program().set_row(pool, ROLE, house | 1)),
        (format!("RowClass({end}, 2)"), program().set_row(end, ROLE, insurance | 7)),
        // A class's rows before customers', whose rows are then refused.
        ("RowClass(0, 1)".to_owned(), program().set_row(0, ROLE, house)),
        ("RowClass(3, 0)".to_owned(), program().copy(1, 2, house)),
        (format!("RowClass({debit}, 0)"), program().set_row(debit, ROLE, 7)),
        (format!("RowClass({}, 0)", pool + 1), program().set_row(pool + 1, ROLE, 5)),
        // What accounts share is of no class, and nothing of a class follows.
        (own(end + 1), program().set_row(end + 1, ROLE, pools | 10)),
        (own(end + 3), program().set_row(end + 3, ROLE, pools | 8)),
        (own(end + 1), program().swap(end, end + 1)),
    ] {
        assert_eq!(refusal(&mut chain, &program.0, &case.prices), expected);
    }
    // Behind a row that closes a scenario.
    let small = books::small_with_classes();
    let end = small.compiled.find("pool quote debit").unwrap().row();
    let late = Bytes::of(&small).swap(end, end + 1);
    assert_eq!(refusal(&mut chain, &late.0, &small.prices), own(end + 1));

    // Which rows a class has is the program's word: here no borrow of the fund.
    let [loan, next] = [fund + 1, fund + 2].map(|row| original.row(row));
    let fewer = [&original.0[..loan], &original.0[next..]].concat();
    let fewer = Bytes(fewer).set(7, case.compiled.rows.len() as u8 - 1);
    assert!(evaluate(&fewer.0, &case.prices).is_ok());
    agree(&mut chain, &fewer.0, &case.prices);
}

#[test]
fn prices_that_make_no_table_are_refused_by_name() {
    let mut chain = Chain::new();
    // The quote currency among the prices, and the price of BTC in question.
    let listed = books::SMALL_PRICES.replacen("\"BTC\"", "\"USD\": \"1.00\", \"BTC\"", 1);
    let case = Case::new(books::SMALL_RULES, &listed);
    let program = case.program();
    let with = |name: &str, price: Decimal| {
        let mut prices = case.prices.clone();
        prices.prices.insert(name.to_owned(), price);
        prices
    };
    let bound = 1i128 << 64;
    for (expected, prices) in [
        ("PriceScale(0, 39)".to_owned(), with("BTC", Decimal::new(1, 39))),
        ("QuotePrice(2)".to_owned(), with("USD", Decimal::new(2, 0))),
        ("QuotePrice(2)".to_owned(), with("USD", Decimal::new(1, 1))),
        // Three digits of quantity leave three of value for the price.
        ("PriceDigits(1, 0)".to_owned(), with("BTC", Decimal::new(1, 4))),
        (format!("MarkBound(1, {bound})"), with("BTC", Decimal::new(bound, 3))),
        ("PriceNames".to_owned(), with("DOGE", Decimal::new(1, 0))),
    ] {
        assert_eq!(refusal(&mut chain, program.to_bytes(), &prices), expected);
    }
    let mut prices = case.prices.clone();
    prices.quote = "EUR".to_owned();
    assert_eq!(refusal(&mut chain, program.to_bytes(), &prices), "QuoteCurrency");
    for price in [Decimal::new(bound - 1, 3), Decimal::new(10, 4), Decimal::new(0, 38)] {
        let prices = with("BTC", price);
        assert!(evaluate(program.to_bytes(), &prices).is_ok());
        assert!(chain.compile(program.to_bytes(), &prices).is_ok());
    }
}

#[test]
fn values_reach_their_bound_on_both_sides() {
    let mut chain = Chain::new();
    let (case, bound) = (books::small(), 1i128 << 64);
    let original = Bytes::of(&case);
    let row = original.row(SHORT) + ROW_BYTES + 2;
    let factor = HEAD_BYTES + FACTOR_BYTES * usize::from(original.0[row + 1]);
    // A price of one unit of value; the factor is what one short is worth in the crash.
    let mut prices = case.prices.clone();
    prices.prices.insert("ETH".to_owned(), Decimal::new(1, 4));
    for (units, takes) in
        [(bound - 1, true), (bound, false), (1 - bound, true), (-bound, false), (i128::MIN, false)]
    {
        let mut program = original.clone();
        program.0[factor..factor + 16].copy_from_slice(&units.to_be_bytes());
        program.0[factor + 16] = 0;
        let got = chain.compile(&program.0, &prices);
        let twin = evaluate(&program.0, &prices);
        assert_eq!((got.is_ok(), twin.is_ok()), (takes, takes), "{units}");
        if !takes {
            assert_eq!(got.unwrap_err(), format!("ValueBound({SHORT}, 2)"));
        }
    }
}
