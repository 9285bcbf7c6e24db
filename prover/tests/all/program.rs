//! Programs: twins, and the newer clauses, byte for byte; and what a contract refuses of
//! them. Everything else of a program is tried against the contract, in `verifier-contract/tests`.

use pacioli_attestation::program::{
    CLAUSE_BYTES, FACTOR_BYTES, Fault, HEAD_BYTES, Program, ProgramError, ROW_BYTES,
    SCENARIO_BYTES, evaluate,
};
use pacioli_circuits::ScenarioId;
use pacioli_rules::{
    Compiled, Prices, Rules, compile,
    testing::{PRICES, RULES},
};

/// Scenarios 0 mark, 1 maintenance, 2 crash, 3 dip, 4 the twin of crash, 5 of dip.
const SCENARIOS: usize = 6;
const TWINS: usize = 2;

fn prices() -> Prices {
    Prices::parse(PRICES).unwrap()
}

fn compiled(policy: &str) -> (Rules, Compiled) {
    let (head, _) = RULES.split_once("[policy]").unwrap();
    let dip = "[[scenarios]]\nname = \"dip\"\nkind = \"stress\"\ndefault_move = \"-0.1\"\n";
    let classes = "[classes.house]\n[classes.insurance]\n[classes.pool]\n";
    let rules = Rules::parse(&format!("{head}{dip}{classes}[policy]\n{policy}")).unwrap();
    let compiled = compile(&rules, &prices()).unwrap();
    (rules, compiled)
}

const FUNDS: &str =
    "min_coverage = \"1.5\"\nbad_debt = { crash = \"insurance\", dip = \"insurance\" }\n";

fn program(policy: &str) -> Result<Program, ProgramError> {
    let (rules, compiled) = compiled(policy);
    Program::of(&rules, &compiled, &prices())
}

/// Where the rows begin, and how long each is.
fn rows_at(bytes: &[u8]) -> (usize, usize) {
    let factors = u16::from_be_bytes([bytes[4], bytes[5]]);
    let row = ROW_BYTES + 2 * (SCENARIOS - TWINS - 1);
    (HEAD_BYTES + SCENARIO_BYTES * TWINS + usize::from(factors) * FACTOR_BYTES, row)
}

fn fault(change: impl FnOnce(&mut Vec<u8>)) -> Option<Fault> {
    let mut bytes = program(FUNDS).unwrap().to_bytes().to_vec();
    change(&mut bytes);
    evaluate(&bytes, &prices()).err()
}

#[test]
fn twins_stand_in_the_head_and_have_no_factors() {
    let program = program(FUNDS).unwrap();
    let bytes = program.to_bytes();
    assert_eq!(&bytes[..4], &[4, 0, SCENARIOS as u8, 6]);
    assert_eq!(bytes[10..13], [0, TWINS as u8, 0], "and no cover");
    assert_eq!(HEAD_BYTES, 77);
    assert_eq!(&bytes[HEAD_BYTES..HEAD_BYTES + SCENARIO_BYTES * TWINS], &[0, 2, 0, 3]);
    let (at, row) = rows_at(bytes);
    let (_, compiled) = compiled(FUNDS);
    let rows = compiled.rows.len();
    assert_eq!(bytes.len(), at + rows * row + 3 * CLAUSE_BYTES);
    // The last rows close the last twin: role, number, no price, decimals, no cap, no factors.
    let last = &bytes[at + (rows - 1) * row..][..row];
    assert_eq!(&last[..6], &[9, 0, 5, 255, 255, 6]);
    assert!(last[6..].iter().all(|&byte| byte == 0));
}

#[test]
fn a_program_with_twins_makes_the_compilers_table() {
    let (_, compiled) = compiled(FUNDS);
    let evaluated = evaluate(program(FUNDS).unwrap().to_bytes(), &prices()).unwrap();
    assert_eq!(evaluated.table, compiled.table);
    assert_eq!(evaluated.twins, [2, 3]);
    let value = |name: &str| {
        let row = compiled.find(name).unwrap().row();
        let values = &evaluated.table.instruments()[row].values;
        [2, 4, 3, 5].map(|scenario| values[ScenarioId::new(scenario)].units())
    };
    assert_eq!(value("insurance deposit USDC"), [10_000, 0, 10_000, 0]);
    assert_eq!(value("insurance quote debit"), [-1, 0, -1, 0]);
    assert_eq!(value("house deposit BTC tier 2"), [12_000_000, 12_000_000, 18_000_000, 18_000_000]);
    assert_eq!(value("equity:crash"), [-1, 0, 0, 0]);
    assert_eq!(value("equity:crash~insurance"), [0, -1, 0, 0]);
    assert_eq!(value("shortfall:dip~insurance"), [0, 0, 0, 1]);
}

#[test]
fn a_twin_that_does_not_belong_is_refused() {
    let twins = |of: [u16; TWINS]| {
        let of = of.map(u16::to_be_bytes).concat();
        fault(|bytes| bytes[HEAD_BYTES..HEAD_BYTES + of.len()].copy_from_slice(&of))
    };
    assert_eq!(twins([2, 3]), None);
    assert_eq!(twins([0, 3]), Some(Fault::TwinOf(0, 0)), "mark");
    assert_eq!(twins([2, 4]), Some(Fault::TwinOf(1, 4)), "a twin");
    assert_eq!(twins([2, 2]), Some(Fault::TwinOf(1, 2)), "a second one");
    assert_eq!(twins([3, 2]), Some(Fault::TwinOf(1, 2)), "out of order");
    assert_eq!(twins([2, 255]), Some(Fault::TwinOf(1, 255)));
    assert_eq!(twins([2, 256 + 3]), Some(Fault::TwinOf(1, 256 + 3)), "the second byte alone");
    let all = |twins: u16| fault(|bytes| bytes[10..12].copy_from_slice(&twins.to_be_bytes()));
    let most = SCENARIOS as u16;
    assert!(matches!(all(most), Some(Fault::ProgramSizes { twins, .. }) if twins == most));
    for fewer in [0, 1, 3] {
        assert!(matches!(all(fewer), Some(Fault::ProgramLength(_))), "{fewer}");
    }
    assert_eq!(fault(|bytes| bytes[0] = 1), Some(Fault::ProgramVersion(1)));
}

#[test]
fn a_constraint_has_no_twin() {
    let (_, compiled) = compiled(FUNDS);
    let own = compiled.find("equity:crash").unwrap().row();
    let slack = |own: usize, scenario: u16| {
        let mut bytes = program(FUNDS).unwrap().to_bytes().to_vec();
        let (at, row) = rows_at(&bytes);
        // Slack in the place of equity and shortfall.
        bytes.drain(at + (own + 1) * row..at + (own + 2) * row);
        bytes[at + own * row] = 11;
        let rows = u16::from_be_bytes([bytes[6], bytes[7]]) - 1;
        bytes[6..8].copy_from_slice(&rows.to_be_bytes());
        (evaluate(&bytes, &prices()).err(), Some(Fault::RowGroup(own, scenario)))
    };
    let (found, expected) = slack(own, 2);
    assert_eq!(found, expected);
    let (found, expected) = slack(compiled.find("equity:dip~insurance").unwrap().row(), 5);
    assert_eq!(found, expected, "nor is a twin one");
}

#[test]
fn every_clause_has_its_number() {
    let policy = "min_coverage = \"1.50\"\ncoverage = { dip = \"0.9\", crash = \"1\" }\n\
                  per_asset = [\"USDC\"]\n\
                  bad_debt = { mark = \"0.5\", crash = \"insurance\" }\n\
                  open_interest_matched = true\n\
                  max_distance = { prices = \"15m\", reserves = \"2d\" }\n\
                  left_out = { accounts = 7, assets = {} }\n\
                  drawn = { from = \"eip155:1\", missed_days = 3 }\n";
    let (rules, compiled) = compiled(policy);
    let program = Program::of(&rules, &compiled, &prices()).unwrap();
    let evaluated = evaluate(program.to_bytes(), &prices()).unwrap();
    let clauses = evaluated.clauses.iter();
    let numbers = clauses.map(|one| (one.kind, one.subject, one.mantissa, one.scale));
    let names = program.clause_names().iter().map(String::as_str);
    let found: Vec<_> = names.zip(numbers).collect();
    let expected = [
        ("min_coverage", (0, 0, 150, 2)),
        ("coverage.crash", (0, 2, 1, 0)),
        ("coverage.dip", (0, 3, 9, 1)),
        ("per_asset.USDC", (1, 1, 0, 0)),
        ("bad_debt.crash", (3, 2, 0, 0)),
        ("bad_debt.mark", (2, 0, 500_000, 0)),
        ("open_interest_matched.ETH-PERP", (4, 0, 0, 0)),
        ("max_distance.prices", (5, 0, 900, 0)),
        ("max_distance.reserves", (6, 0, 172_800, 0)),
        ("left_out.accounts", (7, 0, 7, 0)),
        ("left_out.assets", (8, 0, 0, 0)),
        ("drawn", (9, 1, 3, 0)),
        ("drawn.reserves", (10, 0, 0, 0)),
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_clause_of_no_kind_or_about_nothing_is_refused() {
    let last = |kind: u8, subject: u16, mantissa: u128, scale: u8| {
        fault(|bytes| {
            let at = bytes.len() - CLAUSE_BYTES;
            bytes[at] = kind;
            bytes[at + 1..at + 3].copy_from_slice(&subject.to_be_bytes());
            bytes[at + 3..at + 19].copy_from_slice(&mantissa.to_be_bytes());
            bytes[at + 19] = scale;
        })
    };
    let refused = Some(Fault::ClauseForm(2));
    for (kind, subject, mantissa, scale) in [
        (0, 3, 1, 38),
        (2, 3, 1, 0),
        (3, 3, 0, 0),
        (5, 0, 1 << 80, 0),
        (6, 0, 0, 0),
        (7, 0, 1, 0),
        (8, 0, 0, 0),
        (9, 1, 1, 0),
        (10, 0, 0, 0),
    ] {
        assert_eq!(last(kind, subject, mantissa, scale), None, "{kind}");
    }
    for (kind, subject, mantissa, scale) in [
        // Of a twin.
        (0, 4, 1, 0),
        (2, 4, 1, 0),
        (3, 5, 0, 0),
        // Of the fund, without a twin.
        (3, 0, 0, 0),
        (3, 1, 0, 0),
        (0, 3, 1, 39),
        (3, 3, 1, 0),
        (5, 1, 1, 0),
        (5, 0, 1, 1),
        (6, 1, 1, 0),
        (7, 1, 1, 0),
        (8, 1, 0, 0),
        (8, 0, 1, 0),
        (9, 2, 1, 0),
        (9, 0, 1, 1),
        (10, 1, 0, 0),
        (10, 0, 1, 0),
        // Without a rate that follows a volatility.
        (11, 0, 1, 0),
        (12, 0, 1, 0),
        (13, 0, 1, 0),
        (8, 0, 0, 1),
        (14, 0, 0, 0),
        (255, 0, 0, 0),
    ] {
        assert_eq!(last(kind, subject, mantissa, scale), refused, "{kind} {subject}");
    }
}

/// Without the class the fund is reserves, at mark too.
#[test]
fn without_the_class_the_clause_is_of_any_scenario_and_has_no_twin() {
    let rules = RULES.replace("crash = \"5000\"", "crash = \"insurance\"");
    let rules = Rules::parse(&rules).unwrap();
    let compiled = compile(&rules, &prices()).unwrap();
    let program = Program::of(&rules, &compiled, &prices()).unwrap();
    let evaluated = evaluate(program.to_bytes(), &prices()).unwrap();
    assert!(evaluated.twins.is_empty());
    let funds = evaluated.clauses.iter().filter(|clause| clause.kind == 3);
    assert_eq!(funds.map(|clause| clause.subject).collect::<Vec<_>>(), [2, 0]);
}

#[test]
fn amounts_left_out_and_rounding_make_no_program() {
    let refused =
        |left_out: &str| program(&format!("{FUNDS}left_out = {{ {left_out} }}\n")).unwrap_err();
    assert_eq!(refused("assets = { SPAM = \"0\" }"), ProgramError::LeftOut("assets"));
    let rounding = refused("accounts = 1, rounding = \"1\"");
    assert_eq!(rounding, ProgramError::LeftOut("rounding"));
    let said = "policy.left_out.rounding: a contract sees how many accounts were left out and \
                whether any asset was, and no more; leave it out of rules that are registered";
    assert_eq!(rounding.to_string(), said);
}
