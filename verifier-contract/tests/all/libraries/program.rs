//! A table that the contract makes is the one that the rules compile to.

use alloy_primitives::{Bytes, I256, U256};
use alloy_sol_types::SolValue;
use pacioli_attestation::{
    Context, Digest, Evidence, Header, VolumeId,
    encoding::value_bytes,
    evaluate_policy,
    program::{Evaluated, HEAD_BYTES, Program, ProgramError, evaluate},
};
use pacioli_circuits::{PublicInputs, Totals};
use pacioli_rules::{Class, Closing, CompiledScenario, ScenarioKind};
use pacioli_verifier_contract::{evm::Evm, submission};
use proptest::prelude::*;

use crate::libraries::{
    books::{self, Case, price_file},
    chain::{Chain, named, program_arguments},
};

/// The public inputs of a table without any lines.
fn instance(case: &Case, context: Context, totals: &Totals) -> Vec<U256> {
    let context = context.word(VolumeId::new(0));
    let statement = PublicInputs { context, table: &case.compiled.table, totals };
    let columns = statement.words();
    columns.iter().flatten().map(|element| U256::from_be_bytes(value_bytes(element))).collect()
}

#[track_caller]
fn agrees(chain: &mut Chain, case: &Case) -> Evaluated {
    let program = case.program();
    let evaluated = evaluate(program.to_bytes(), &case.prices).unwrap();
    assert_eq!(evaluated.table, case.compiled.table);

    let table = chain.compile(program.to_bytes(), &case.prices).unwrap();
    let (twin_of, is_constraint) = (table.twinOf, table.isConstraint);
    let classes = table.classes;
    let mut words = table.instance;
    let compiled = &case.compiled;
    let nothing = Totals(vec![Default::default(); compiled.rows.len()]);
    let expected = instance(case, Context(Digest([0; 32])), &nothing);
    assert_eq!(std::mem::replace(&mut words[0], expected[0]), U256::ZERO);
    assert_eq!(words, expected);
    assert_eq!(table.quote, Digest::of(compiled.quote.as_bytes()).0);
    let counts = [
        (table.scenarios, compiled.scenarios.len()),
        (table.twins, case.rules.twins().len()),
        (table.cover, usize::from(compiled.cover_scenario().is_some())),
        (table.own, case.rules.scenarios.len()),
        (table.forms, compiled.rows.iter().filter(|row| row.role.stands_for().is_some()).count()),
        (table.valueDecimals, compiled.value_decimals as usize),
        (table.rows, compiled.rows.len()),
        (table.assets, compiled.assets.len()),
        (table.markets, compiled.markets.len()),
        (table.clauses, program.clause_names().len()),
    ];
    for (got, expected) in counts {
        assert_eq!(got, U256::from(expected));
    }
    let slack = |scenario: &CompiledScenario| matches!(scenario.closing, Closing::Slack(_));
    let closed: Vec<bool> = compiled.scenarios.iter().map(slack).collect();
    assert_eq!(is_constraint, closed);
    let twins = compiled.scenarios_by_id().filter_map(|(twin, scenario)| match scenario.kind {
        ScenarioKind::Twin { of } => Some((of.index(), U256::from(twin.index()))),
        _ => None,
    });
    let mut expected = vec![U256::ZERO; compiled.scenarios.len()];
    twins.for_each(|(of, twin)| expected[of] = twin);
    assert_eq!(twin_of, expected);
    let others = [Class::Customer, Class::House, Class::Insurance, Class::Pool];
    let others = others.map(|class| compiled.classes.contains_key(&class));
    assert_eq!([0, 1, 2, 3].map(|bit| classes.bit(bit)), others);
    evaluated
}

#[test]
fn the_stored_books_have_the_tables_they_compile_to() {
    let mut chain = Chain::new();
    for case in [books::small(), books::sample(), books::large()] {
        agrees(&mut chain, &case);
    }
    for case in [books::portfolio(), books::portfolio_with_classes(), books::small_with_classes()] {
        agrees(&mut chain, &case);
    }
    for case in
        [books::small_with_forms(), books::portfolio_with_forms(), books::large_with_forms()]
    {
        agrees(&mut chain, &case);
    }
}

#[test]
fn more_scenarios_than_a_byte_numbers_make_the_same_table() {
    // No transaction has gas for so many.
    let mut chain = Chain::on(Evm::new().without_gas_limit());
    let case = books::small_with_scenarios(260);
    assert_eq!(case.compiled.scenarios.len(), 262);
    let evaluated = agrees(&mut chain, &case);
    // Of the last twin's stress no byte is 0.
    let last = case.compiled.find("equity:s259~insurance").unwrap().row();
    assert_eq!(evaluated.rows[last].group, 261);
    assert_eq!(case.program().to_bytes()[HEAD_BYTES + 2..][..2], 259u16.to_be_bytes());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_book_has_the_table_it_compiles_to(seed in any::<u64>()) {
        agrees(&mut Chain::new(), &books::made_up(seed));
    }
}

#[test]
fn a_program_is_one_for_all_prices_of_its_assets() {
    let case = books::small();
    let other = r#""BTC": "87000.5", "ETH": "3000", "USDC": "0.99""#;
    let moved = Case::new(books::SMALL_RULES, &price_file(other));
    assert_ne!(case.compiled.table, moved.compiled.table);
    assert_eq!(case.program(), moved.program());
    assert_eq!(case.program().hash(), moved.program().hash());
}

#[test]
fn rows_and_clauses_read_the_same_on_chain() {
    let mut chain = Chain::new();
    for case in [books::small(), books::sample(), books::portfolio_with_forms()] {
        let evaluated = agrees(&mut chain, &case);
        let program = case.program();
        let arguments = program_arguments(program.to_bytes(), &case.prices);
        type Four = Vec<(U256, U256, U256, U256)>;
        type Five = Vec<(U256, U256, U256, U256, U256)>;
        let words = |numbers: [u128; 4]| {
            let [a, b, c, d] = numbers.map(U256::from);
            (a, b, c, d)
        };
        let rows = chain.call("rows", arguments.clone()).unwrap().bytes;
        let expected: Five = evaluated
            .rows
            .iter()
            .map(|row| {
                let [role, class, decimals] = [row.role, row.class, row.decimals].map(U256::from);
                (role, class, U256::from(row.group), U256::from(row.price), decimals)
            })
            .collect();
        assert_eq!(Five::abi_decode(&rows).unwrap(), expected);
        let clauses = chain.call("clauses", arguments).unwrap().bytes;
        let expected: Four = evaluated
            .clauses
            .iter()
            .map(|each| [each.kind.into(), each.subject.into(), each.mantissa, each.scale.into()])
            .map(words)
            .collect();
        assert_eq!(Four::abi_decode(&clauses).unwrap(), expected);
    }
}

#[test]
fn a_value_is_read_with_its_sign() {
    let (mut chain, case) = (Chain::new(), books::small());
    for (row, instrument) in case.compiled.table.instruments().iter().enumerate() {
        for (scenario, value) in instrument.values.iter().enumerate() {
            let program = case.program();
            let prices = submission::prices(&case.prices).unwrap();
            let program = Bytes::copy_from_slice(program.to_bytes());
            let names = submission::names(&case.prices);
            let arguments = (program, names, prices, U256::from(row), U256::from(scenario));
            let output = chain.call("value", arguments.abi_encode_params()).unwrap();
            let got = I256::abi_decode(&output.bytes).unwrap();
            assert_eq!(got, I256::try_from(value.units()).unwrap());
        }
    }
}

#[test]
fn totals_are_filled_in_where_the_verifier_reads_them() {
    let (mut chain, case) = (Chain::new(), books::small());
    let rows = case.compiled.rows.len() as u64;
    let total =
        |row: u64| pacioli_circuits::Total { count: 7 * row + 1, quantity: u128::from(row) << 100 };
    let totals = Totals((0..rows).map(total).collect());
    let context = Context(Digest::of(b"a context"));
    let expected = instance(&case, context, &totals);
    let fill = |totals: Bytes| {
        let prices = submission::prices(&case.prices).unwrap();
        let names = submission::names(&case.prices);
        let program = Bytes::copy_from_slice(case.program().to_bytes());
        (program, names, prices, expected[0], totals).abi_encode_params()
    };
    let packed = submission::totals(&totals.0).unwrap();
    let output = chain.call("fill", fill(packed.clone())).unwrap();
    let (got, _) = <(Vec<U256>, U256)>::abi_decode_params(&output.bytes).unwrap();
    assert_eq!(got, expected);

    let length = packed.len();
    for (totals, length) in [
        (packed.slice(1..), length - 1),
        (packed.slice(19..), length - 19),
        ([&packed[..], &[0]].concat().into(), length + 1),
        (Bytes::new(), 0),
    ] {
        let revert = chain.call("fill", fill(totals)).unwrap_err();
        assert_eq!(named(&revert), format!("TotalsLength({rows}, {length})"));
    }
}

/// The header of a book of which nothing was left out.
fn header(as_of: jiff::Timestamp) -> Header {
    let digest = Digest::of(b"nothing that a clause looks at");
    Header {
        venue: String::new(),
        sequence: 0,
        previous: None,
        as_of,
        drawn: None,
        accounts: 1,
        accounts_left_out: 0,
        left_out: Vec::new(),
        rounding: Default::default(),
        k: 12,
        page_size: 64,
        scenarios: 1,
        program: None,
        key: digest,
        setup: String::new(),
        software: String::new(),
    }
}

#[test]
fn clauses_are_named_as_the_policys_verdict_names_them() {
    let portfolio = books::portfolio_with_classes();
    let every = books::every_clause();
    for case in [books::small(), books::sample(), books::made_up(3), every, portfolio] {
        let compiled = &case.compiled;
        let totals = Totals(vec![Default::default(); compiled.rows.len()]);
        let figures = pacioli_attestation::figures(compiled, &totals).unwrap();
        let header = header(case.prices.as_of);
        let evidence = Evidence {
            compiled,
            figures: &figures,
            reserves: None,
            header: &header,
            prices_as_of: case.prices.as_of,
            block_hashes: &[],
            refused: &case.prices.refused,
        };
        let verdict = evaluate_policy(case.rules.policy(), &evidence);
        let names: Vec<_> = verdict.into_iter().map(|clause| clause.name).collect();
        assert_eq!(case.program().clause_names(), names);
    }
}

#[test]
fn totals_beyond_their_fields_are_refused() {
    let total = |count| pacioli_circuits::Total { count, quantity: u128::MAX };
    let packed = submission::totals(&[total(submission::MAX_COUNT)]).unwrap();
    assert_eq!(packed[..], [0xff; 19]);
    let error = submission::totals(&[total(1), total(submission::MAX_COUNT + 1)]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the number of lines of an instrument is larger than a contract can take"
    );
}

/// Why the small book makes no program with some of its text replaced.
#[track_caller]
fn refusal(from: &str, to: &str) -> String {
    assert!(books::SMALL_RULES.contains(from), "{from}");
    let rules = books::SMALL_RULES.replacen(from, to, 1);
    let case = Case::new(&rules, books::SMALL_PRICES);
    case_refusal(&case)
}

#[track_caller]
fn case_refusal(case: &Case) -> String {
    let made = Program::of(&case.rules, &case.compiled, &case.prices);
    made.unwrap_err().to_string()
}

#[test]
fn a_credit_scenario_makes_no_program() {
    let refusal = refusal("kind = \"margin\"", "kind = \"credit\"");
    let expected = "`maintenance` is a credit scenario, which a contract does not know yet";
    assert!(refusal.starts_with(expected), "{refusal}");
}

#[test]
fn tiers_that_end_at_values_make_no_program() {
    let asset = refusal("{ up_to = \"2\"", "{ up_to_value = \"2\"");
    let expected = "assets.BTC.tiers: the tiers end at values, so that how much is in each follows \
                    from the price, and a contract has fixed quantities";
    assert!(asset.starts_with(expected), "{asset}");
    let market = refusal("{ up_to = \"10\"", "{ up_to_value = \"10\"");
    assert!(market.starts_with("markets.ETH-PERP.tiers: the tiers end at values"), "{market}");
    // Whether anything has them or not.
    let default = "[asset_default]\ndecimals = 2\n\
                   tiers = [{ up_to_value = \"1\", maintenance = \"1\" }, { maintenance = \"0\" }]\n\
                   [assets.BTC]";
    let default = refusal("[assets.BTC]", default);
    assert!(default.starts_with("asset_default.tiers: the tiers end at values"), "{default}");
}

#[test]
fn rates_that_follow_open_interest_make_no_program() {
    let rules = include_str!("../../../../rules/tests/books/open_interest/rules.toml");
    let prices = include_str!("../../../../rules/tests/books/open_interest/prices.json");
    let refusal = case_refusal(&Case::new(rules, prices));
    let expected = "markets.ADA-USD.open_interest: a contract takes no open interest";
    assert!(refusal.starts_with(expected), "{refusal}");
}

#[test]
fn refused_prices_make_no_other_program() {
    let mut case = books::small();
    let program = case.program();
    case.prices.refused.insert("SOL".to_owned(), "stale".to_owned());
    assert_eq!(case.program(), program);
    agrees(&mut Chain::new(), &case);
}

#[test]
fn what_a_contract_cannot_recompute_makes_no_program() {
    let mut case = books::small();
    let row = case.compiled.find("long ETH-PERP tier 1").unwrap().row();
    case.compiled.rows[row].worth.factors[2].numerator += 1;
    let expected = "`long ETH-PERP tier 1` is worth something else in `crash` than a price times";
    assert!(case_refusal(&case).starts_with(expected), "{}", case_refusal(&case));

    let mut case = books::small();
    case.compiled.rows[row].worth.factors[1].scale = 300;
    let expected = "`long ETH-PERP tier 1`: the factor 95 / 10^300 of `maintenance` is finer";
    assert!(case_refusal(&case).starts_with(expected), "{}", case_refusal(&case));
    case.compiled.rows[row].worth.factors[1].numerator = num_bigint::BigInt::from(1) << 127;
    case.compiled.rows[row].worth.factors[1].scale = 0;
    let expected = "/ 10^0 of `maintenance` is finer or larger than a contract takes";
    assert!(case_refusal(&case).contains(expected), "{}", case_refusal(&case));

    let mut case = books::small();
    case.compiled.rows[row].worth.price = Some("DOGE".to_owned());
    let expected = "`long ETH-PERP tier 1` is valued from the price of `DOGE`, which is not";
    assert!(case_refusal(&case).starts_with(expected), "{}", case_refusal(&case));
}

#[test]
fn a_market_of_two_prices_makes_no_program() {
    let delta = "[contingencies.by-delta]\nmaintenance = \"1\"\n[[scenarios]]\nname = \"rise\"\n\
                 kind = \"constraint\"\ncontingency = \"by-delta\"\n\
                 delta = { underlying = \"ETH\", net = \"0.015\", gross = \"0.005\" }\n[policy]";
    let rules = books::SMALL_RULES.replacen("[policy]", delta, 1);
    let own = books::SMALL_PRICES.replacen("\"ETH\":", "\"ETH-PERP\": \"1010\", \"ETH\":", 1);
    let refusal = case_refusal(&Case::new(&rules, &own));
    let expected = "`long ETH-PERP tier 1` is valued from the price of its underlying in `rise`";
    assert!(refusal.starts_with(expected), "{refusal}");
    // Where the market has its underlying's price, that is the one.
    let case = Case::new(&rules, books::SMALL_PRICES);
    assert!(Program::of(&case.rules, &case.compiled, &case.prices).is_ok());
}

#[test]
fn rules_with_options_make_no_program() {
    let case = books::options();
    let made = Program::of(&case.rules, &case.compiled, &case.prices);
    assert_eq!(made, Err(ProgramError::Options("BTC-JUN-110-P".to_owned())));
    let expected = "options: the values of `BTC-JUN-110-P` and of every option follow from";
    assert!(case_refusal(&case).starts_with(expected), "{}", case_refusal(&case));
}

#[test]
fn what_a_contract_cannot_evaluate_makes_no_program() {
    let amount = "crash = \"340282366920938463463374607431769\"";
    let error = refusal("crash = \"5000\"", amount);
    assert!(error.starts_with("policy.bad_debt.crash: 34028236692093846346337"), "{error}");

    let unpriced = "[assets.DOGE]\ndecimals = 1\nmaintenance = \"1\"\n[assets.BTC]";
    let rules = books::SMALL_RULES.replacen("[assets.BTC]", unpriced, 1);
    let rules = rules.replacen("per_asset = \"all\"", "per_asset = [\"DOGE\"]", 1);
    let case = Case::new(&rules, books::SMALL_PRICES);
    let expected =
        "policy.per_asset.DOGE: the table has no such asset or scenario; price it, or leave it out";
    assert!(case_refusal(&case).starts_with(expected), "{}", case_refusal(&case));

    // Without an asset that has a price, the clause about each asset is about nothing.
    let (head, _) = books::SMALL_RULES.split_once("[policy]").unwrap();
    let rules = format!("{head}[policy]\nper_asset = \"all\"");
    let prices = books::SMALL_PRICES.replacen("\"BTC\": \"20000\", ", "", 1);
    let case = Case::new(&rules, &prices.replacen(", \"USDC\": \"1\"", "", 1));
    assert!(case_refusal(&case).starts_with("policy: no clause applies"));

    let stress = |number| {
        format!("[[scenarios]]\nname = \"s{number}\"\nkind = \"stress\"\ndefault_move = \"0\"\n")
    };
    let with = |scenarios: usize| {
        let more: String = (3..scenarios).map(stress).collect();
        let rules = books::SMALL_RULES.replacen("[policy]", &(more + "[policy]"), 1);
        let case = Case::new(&rules, books::SMALL_PRICES);
        Program::of(&case.rules, &case.compiled, &case.prices)
    };
    // More than 64 and more than 256, which a byte does not hold: two bytes do. No table has more
    // than a program may.
    for scenarios in [65, 257, 300] {
        assert!(with(scenarios).is_ok(), "{scenarios} scenarios");
    }

    // 256 clauses: one for each asset.
    let names = (0..255).map(|asset| format!("\"A{asset}\": \"1\""));
    let prices = names.collect::<Vec<_>>().join(", ") + ", \"ETH\": \"1\"";
    let default = "[asset_default]\ndecimals = 2\nmaintenance = \"0.5\"\n[assets.BTC]";
    let rules = books::SMALL_RULES.replacen("[assets.BTC]", default, 1);
    let rules = rules.split_once("[policy]").unwrap().0.to_owned();
    let case = Case::new(&(rules + "[policy]\nper_asset = \"all\"\n"), &price_file(&prices));
    let made = Program::of(&case.rules, &case.compiled, &case.prices);
    let expected = ProgramError::TooMany { what: "clauses", count: 256, limit: 255 };
    assert_eq!(made, Err(expected));
}
