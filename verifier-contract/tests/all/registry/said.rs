//! Real proofs under policies about what an attestation says of itself, from the book to the registry:
//! rates that follow volatilities, and a time that was drawn. Figures and clauses are the native ones.

use alloy_primitives::{Address, hex, keccak256};
use alloy_sol_types::{SolCall, SolEvent};
use pacioli_attestation::{
    Attestation, Candidate, Drawn, Reserves as ReservesFile, Verified, VerifyingKey,
    program::Program,
};
use pacioli_prover::{Inputs, Strictness, snapshot::read_csv};
use pacioli_rules::{Prices as PricesFile, Rules as RulesFile, Volatility};
use pacioli_verifier_contract::{
    bindings::{Draws as D, Reserves as S, SolvencyRegistry as R},
    draws,
    evm::Output,
};

use crate::registry::{
    whole::{Registered, proved_of},
    world::*,
};

const BOOK: &str = "account,instrument,quantity
a,deposit BTC,3.5
a,long BTC-PERP,1.5
a,quote debit,30000
b,deposit BTC,1.5
b,short BTC-PERP,1.5
b,quote credit,30000
c,deposit USDC,700
";

/// What is on the chain for customers, and for bad debt.
const HELD: &str = r#"{ "as_of": "AS_OF", "reserves": [
    { "asset": "BTC", "amount": "5000", "chain": "eip155:1", "address": "a token's custodian",
      "evidence": "read on the chain", "purpose": "customers" } ] }"#;

/// What is proved: the book under these rules and prices, as the attestation after another.
struct Asked<'a> {
    rules: &'a str,
    prices: PricesFile,
    as_of: &'a str,
    drawn: Option<Drawn>,
    previous: Option<&'a Attestation>,
}

impl Asked<'_> {
    fn prove(self) -> Attestation {
        let Self { rules, mut prices, as_of, drawn, previous } = self;
        prices.as_of = as_of.parse().unwrap();
        proved_of(Inputs {
            venue: VENUE.to_owned(),
            as_of: prices.as_of,
            drawn,
            previous: previous.map(|before| (before.header.sequence, before.digest())),
            rules: RulesFile::parse(rules).unwrap(),
            prices,
            reserves: Some(ReservesFile::parse(&HELD.replace("AS_OF", as_of)).unwrap()),
            snapshot: read_csv(BOOK.as_bytes(), "book.csv").unwrap(),
            strictness: Strictness::default(),
        })
    }
}

fn verified(attestation: &Attestation) -> Verified {
    let bytes = attestation.to_bytes();
    let candidate = Candidate::read(&bytes).unwrap();
    let key = VerifyingKey::insecure(candidate.shape());
    candidate.verify(key, &()).unwrap()
}

fn submit(registered: &mut Registered) -> Output {
    let call = R::submitCall {
        submission: registered.submission.clone(),
        volumes: registered.volumes.clone(),
        signatures: vec![],
    };
    registered.evm.call(PUBLISHER, registered.registry, call.abi_encode()).unwrap()
}

/// The name of the error of a submission that is changed, without its errors' numbers.
fn refused(registered: &mut Registered, change: impl FnOnce(&mut R::submitCall)) -> &'static str {
    let mut call = R::submitCall {
        submission: registered.submission.clone(),
        volumes: registered.volumes.clone(),
        signatures: vec![],
    };
    change(&mut call);
    let revert = registered.evm.view(PUBLISHER, registered.registry, call.abi_encode());
    pacioli_verifier_contract::errors::name(&revert.unwrap_err().data).unwrap()
}

/// Holds figures and clauses of what was appended against the native ones. Returns the clauses that fail.
fn compare(output: &Output, verified: &Verified, but_for: &[&str]) -> Vec<String> {
    let attested = output.logs.iter().find_map(|log| R::Attested::decode_log(log).ok()).unwrap();
    let R::Attested { record, figures, .. } = attested.data;
    assert_eq!(record.context.0, verified.attestation.context().0.0);
    for (expected, got) in verified.figures.scenarios.iter().zip(&figures) {
        assert_eq!(expected.owed.units, got.owed.into(), "{}", expected.name);
        assert_eq!(expected.bad_debt.units, got.badDebt.into(), "{}", expected.name);
        assert_eq!(expected.accounts_with_shortfall, got.accountsWithShortfall);
    }
    let prices = &verified.attestation.prices;
    let program = Program::of(&verified.rules, &verified.compiled, prices).unwrap();
    let names = program.clause_names();
    for (index, name) in names.iter().enumerate() {
        let native = verified.clauses.iter().find(|clause| clause.name == *name).unwrap();
        let holds = !record.failing.bit(index);
        assert_eq!(
            holds != native.holds,
            but_for.contains(&name.as_str()),
            "{name}: {}",
            native.detail
        );
    }
    assert!((record.failing >> names.len()).is_zero());
    let failing = names.iter().enumerate().filter(|(index, _)| record.failing.bit(*index));
    failing.map(|(_, name)| name.clone()).collect()
}

/// Rates of an asset and of a market that follow, in tiers.
fn following() -> String {
    let rate = |of: &str, [floor, ceiling]: [&str; 2]| {
        format!(
            "{{ {of}multiple = \"2\", horizon = \"1d\", floor = \"{floor}\", ceiling = \"{ceiling}\", step \
             = \"0.0005\" }}"
        )
    };
    let realised = "kind = \"realised\", window = \"30d\", ";
    let changes = [
        ("maintenance = \"0.9\"", format!("maintenance = {}", rate("", ["0.05", "0.2"]))),
        ("maintenance = \"0.05\"", format!("maintenance = {}", rate(realised, ["0.02", "0.1"]))),
        (
            "[policy]",
            "[policy]\nvolatility = { max_age = \"1h\", least_sources = 2, band = \"0.1\" }"
                .to_owned(),
        ),
    ];
    changes.iter().fold(RULES.to_owned(), |rules, (from, to)| {
        assert!(rules.contains(from), "{from}");
        rules.replacen(from, to, 1)
    })
}

/// Prices with what three sources say: kind, source, volatility and time.
fn stated(all: [(&str, &str, &str, &str); 3]) -> PricesFile {
    let mut prices = PricesFile::parse(PRICES).unwrap();
    let entry = |(kind, source, annual, as_of): (&str, &str, &str, &str)| -> Volatility {
        let span = if kind == "realised" { "\"window\": \"30d\"" } else { "\"tenor\": \"7d\"" };
        let text = format!(
            r#"{{ "kind": "{kind}", {span}, "source": "{source}", "annual": "{annual}", "as_of": "{as_of}" }}"#
        );
        serde_json::from_str(&text).unwrap()
    };
    prices.volatilities.insert("BTC".to_owned(), all.map(entry).to_vec());
    prices
}

#[test]
fn a_book_under_rates_that_follow_volatilities_is_appended_with_its_own_figures() {
    const FIRST: &str = "2026-01-01T00:00:00Z";
    const SECOND: &str = "2026-01-01T06:00:00Z";
    let rules = following();
    let prices = stated([
        ("realised", "A", "0.62", FIRST),
        ("realised", "B", "0.6", FIRST),
        ("implied", "C", "0.655", FIRST),
    ]);
    let asked = Asked { rules: &rules, prices, as_of: FIRST, drawn: None, previous: None };
    let first = asked.prove();
    let native = verified(&first);
    assert_eq!(native.compiled.rates.len(), 2);
    let mut registered = Registered::new(&first);
    assert_eq!(registered.submission.prices.steps.len(), 2 * 8);

    // Neither a calmer day nor fewer steps than it takes: the proof is bound to the one, and the table to
    // the other.
    let mut calmer = |entry: usize| {
        refused(&mut registered, |call| {
            let mut list = call.submission.prices.volatilities.to_vec();
            // The last byte of its mantissa.
            list[33 + 66 * entry + 16] -= 1;
            call.submission.prices.volatilities = list.into();
        })
    };
    // One that no rate follows, and one that a rate does, which then has fewer steps.
    assert_eq!(calmer(1), "DoesNotHold");
    assert_eq!(calmer(2), "RateSteps");
    let fewer = refused(&mut registered, |call| {
        let mut steps = call.submission.prices.steps.to_vec();
        steps[7] -= 1;
        call.submission.prices.steps = steps.into();
    });
    assert_eq!(fewer, "RateSteps");

    let output = submit(&mut registered);
    assert_eq!(compare(&output, &native, &[]), [""; 0]);

    // Six hours later one source is silent, and another says much more.
    let prices = stated([
        ("realised", "A", "0.62", SECOND),
        ("realised", "B", "0.7", FIRST),
        ("implied", "C", "0.9", SECOND),
    ]);
    let previous = Some(&first);
    let second = Asked { rules: &rules, prices, as_of: SECOND, drawn: None, previous }.prove();
    let native = verified(&second);
    registered.evm.set_time(START + 6 * 3_600 + 60);
    registered.next(&second);
    let output = submit(&mut registered);
    // What is realised over 30 days is B's, of six hours ago, and A's alone is not too old.
    let expected = ["max_age", "least_sources"].map(|what| format!("volatility.{what}.BTC"));
    assert_eq!(compare(&output, &native, &[]), expected);
}

/// Made-up headers, with which the page and the command line are tested as well.
const NATIVE: &str = include_str!("../../../../web/test/native/drawn.json");
/// EIP-2935's contract.
const HISTORY: Address = Address::new(hex!("0000F90827F1C53a10cb7A02335B175320002935"));

#[test]
fn a_book_of_a_drawn_second_is_appended_and_fails_where_nobody_drew_it() {
    const AS_OF: &str = "2026-11-26T13:44:59Z";
    let native: serde_json::Value = serde_json::from_str(NATIVE).unwrap();
    let headers = &native["blocks"][0];
    assert_eq!(headers["second"], AS_OF);
    let [parent, block] =
        ["parent", "block"].map(|key| hex::decode(headers[key].as_str().unwrap()).unwrap());
    let hash = keccak256(&block);
    let drawn = Drawn::of_block(parent, block).unwrap();
    let policy = "[policy]\nmin_coverage = \"1\"\ndrawn = { from = \"eip155:1\" }\n";
    let rules = RULES.split_once("[policy]").unwrap().0.to_owned() + policy;
    let attestation = Asked {
        rules: &rules,
        prices: PricesFile::parse(PRICES).unwrap(),
        as_of: AS_OF,
        drawn: Some(drawn.clone()),
        previous: None,
    }
    .prove();
    let native = verified(&attestation);
    let second = u64::try_from(attestation.header.as_of.as_second()).unwrap();
    let midnight = (second / DAY + 1) * DAY;

    // All day somebody marks; after midnight the day is drawn, from the block that the chain knows.
    let appended = |marks: bool, draws_it: bool| {
        let mut registered = Registered::at(&attestation, midnight - DAY, 12 * 3_600);
        let venue = registered.submission.venue;
        registered.evm.set_time(second + 300);
        if marks {
            let call = S::markCall { venue }.abi_encode();
            registered.evm.call(STRANGER, registered.system.reserves, call).unwrap();
        }
        registered.evm.set_time(midnight + 600);
        if draws_it {
            // Answers with the block's hash, whichever is asked for.
            let code = [&[0x7f][..], hash.as_slice(), &hex!("5f5260205ff3")].concat();
            registered.evm.set_code(HISTORY, &code);
            let (draws_at, call) = (registered.system.draws, draws::drawing(&drawn));
            let output = registered.evm.call(STRANGER, draws_at, call).unwrap();
            let told = D::drawBlockCall::abi_decode_returns(&output.bytes).unwrap();
            assert_eq!(told, second);
        }
        submit(&mut registered)
    };
    assert_eq!(compare(&appended(true, true), &native, &[]), [""; 0]);
    // A contract takes nobody's word that a block is the chain's, nor that reserves were there in time.
    assert_eq!(compare(&appended(true, false), &native, &["drawn"]), ["drawn"]);
    assert_eq!(compare(&appended(false, true), &native, &["drawn.reserves"]), ["drawn.reserves"]);
}
