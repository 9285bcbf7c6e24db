//! The private book of a finished run under other rules, scenarios, prices or reserves, for a
//! post-mortem: what would have been attested.
//!
//! The book is balanced as for a proof, and its figures and clauses come from its totals as every reader
//! computes them. They are therefore those that a proof of it would say, to the unit, but nothing is
//! proved: they are the venue's word. What the run left out, or rounded, stays so, and counts together
//! with what is left out or rounded here.

use std::collections::BTreeSet;

use num_bigint::BigUint;
use pacioli_attestation::{
    AssetLeftOut, Attestation, Backing, Clause, Evidence, Figures, FiguresError, Header, Reserves,
    Rounding, backing, evaluate_policy, figures,
};
use pacioli_circuits::{Line, MAX_PAGE_SIZE, Totals};
use pacioli_prover::{
    BookError, Disclosure, Ledger, PrivateBookError, RunStore, Strictness, balance_book,
    book_of_run, snapshot::Snapshot,
};
use pacioli_rules::{Amount, Compiled, Prices, Rules, RulesError, compile};
use thiserror::Error;

use crate::stress::{AddError, StressScenario, add_scenarios};

/// What is to be otherwise. By default, nothing is.
#[derive(Clone, Debug, Default)]
pub struct Otherwise {
    /// Other rules than the run's.
    pub rules: Option<Rules>,
    /// Scenarios that are added to the rules, as stresses. Their moves of assets that the rules do not
    /// have are left out: nobody can hold these.
    pub scenarios: Vec<StressScenario>,
    /// Other prices.
    pub prices: Option<Prices>,
    /// Other reserves.
    pub reserves: Option<Reserves>,
    /// How strictly holdings are taken.
    pub strictness: Strictness,
}

/// A book that was taken otherwise, and what a proof of it would say.
#[derive(Clone, Debug)]
pub struct Replayed {
    /// The rules, with the scenarios added.
    pub rules: Rules,
    /// The instrument table.
    pub compiled: Compiled,
    /// The totals of all accounts, without empty slots.
    pub totals: Totals,
    /// The figures.
    pub figures: Figures,
    /// What backs the book in each scenario.
    pub backing: Vec<Backing>,
    /// The clauses of the rules' policy.
    pub clauses: Vec<Clause>,
    /// Whether reserves are stated.
    pub has_reserves: bool,
    /// The scenarios that were added, by name.
    pub added: Vec<String>,
    /// Scenarios that were not, because they move nothing that others do not.
    pub idle: Vec<String>,
    /// The assets whose moves were left out, by name.
    pub ignored: Vec<String>,
    /// How many accounts the run and this left out.
    pub accounts_left_out: u64,
    /// What the run and this left out, by asset.
    pub left_out: Vec<AssetLeftOut>,
    /// What the run and this rounded; what the run did, at its own prices.
    pub rounding: Rounding,
}

/// Why a run is not replayed.
#[derive(Debug, Error)]
pub enum ReplayError {
    /// The run's own rules are refused: it is of another version of the program.
    #[error("the run's own rules: {0}")]
    Own(RulesError),
    /// The run's private file gives no book.
    #[error(transparent)]
    Private(#[from] PrivateBookError),
    /// Lines were exchanged between accounts: no total of one instrument shows it.
    #[error("the run's private file is damaged: its accounts do not come to the figures attested")]
    Exchanged,
    /// Scenarios do not fit the rules.
    #[error(transparent)]
    Add(#[from] AddError),
    /// The book cannot be taken so.
    #[error(transparent)]
    Book(#[from] BookError),
    /// The totals are of another table.
    #[error(transparent)]
    Figures(#[from] FiguresError),
}

/// Takes the book of a run otherwise.
///
/// # Errors
/// If the private file is of another run or damaged, or the rules do not take the book.
pub fn replay(
    attestation: &Attestation,
    store: &RunStore,
    otherwise: Otherwise,
) -> Result<Replayed, ReplayError> {
    let own = Rules::parse(&attestation.rules).map_err(ReplayError::Own)?;
    let compiled = compile(&own, &attestation.prices).map_err(ReplayError::Own)?;
    let snapshot = book_of_run(store, attestation, &compiled)?;
    check_own(attestation, &own, &compiled, snapshot.clone())?;
    let Otherwise { rules, scenarios, prices, reserves, strictness } = otherwise;
    let has_other_rules = rules.is_some();
    let (mut rules, mut added, mut idle) = (rules.unwrap_or(own), Vec::new(), Vec::new());
    let moved = scenarios.iter().flat_map(|one| one.moves.keys());
    let ignored: BTreeSet<String> = moved.filter(|asset| !rules.can_move(asset)).cloned().collect();
    let ignored: Vec<String> = ignored.into_iter().collect();
    if !scenarios.is_empty() {
        let with = add_scenarios(rules.text(), &scenarios, &ignored)?;
        (rules, added, idle) = (with.rules, with.names, with.idle);
    }
    let prices = prices.unwrap_or_else(|| attestation.prices.clone());
    let is_priced_otherwise = has_other_rules || prices != attestation.prices;
    let reserves = reserves.or_else(|| attestation.reserves.clone());
    let compiled = compile(&rules, &prices).map_err(BookError::from)?;
    let Ledger { accounts, disclosure, .. } =
        balance_book(snapshot, &rules, &prices, &compiled, &strictness, MAX_PAGE_SIZE)
            .map_err(BookError::from)?;
    let totals = Totals::of_lines(accounts.lines(), compiled.rows.len());
    let rows = compiled.rows.iter().zip(&totals.0);
    if rows.filter(|(row, _)| row.role.is_held()).all(|(_, total)| total.quantity == 0) {
        return Err(BookError::Empty.into());
    }
    let figures = figures(&compiled, &totals)?;
    let own = &attestation.header;
    let header = Header {
        accounts: accounts.len() as u64,
        scenarios: compiled.scenarios.len(),
        ..disclosing(own, disclosure)
    };
    let evidence = Evidence {
        compiled: &compiled,
        figures: &figures,
        reserves: reserves.as_ref(),
        header: &header,
        prices_as_of: prices.as_of,
        block_hashes: &[],
        refused: &prices.refused,
    };
    let mut clauses = evaluate_policy(rules.policy(), &evidence);
    if own.rounding.lines > 0 && is_priced_otherwise {
        not_known(&mut clauses);
    }
    let backing = backing(&compiled, &figures, reserves.as_ref());
    let has_reserves = reserves.is_some();
    Ok(Replayed {
        rules,
        compiled,
        totals,
        figures,
        backing,
        clauses,
        has_reserves,
        added,
        idle,
        ignored,
        accounts_left_out: header.accounts_left_out,
        left_out: header.left_out,
        rounding: header.rounding,
    })
}

/// Whether the accounts, taken as the run took them, come to the figures that were attested: a shortfall
/// shows who holds what.
fn check_own(
    attestation: &Attestation,
    rules: &Rules,
    compiled: &Compiled,
    snapshot: Snapshot,
) -> Result<(), ReplayError> {
    let (prices, exact) = (&attestation.prices, Strictness::default());
    let Ledger { accounts, .. } =
        balance_book(snapshot, rules, prices, compiled, &exact, MAX_PAGE_SIZE)
            .map_err(|_| ReplayError::Exchanged)?;
    let own = Totals::of_lines(accounts.lines(), compiled.rows.len());
    let mut attested = Totals::of_lines(None::<Line>, compiled.rows.len());
    for volume in &attestation.volumes {
        let added = volume.totals().and_then(|totals| attested.add(&totals));
        added.ok_or(ReplayError::Exchanged)?;
    }
    match figures(compiled, &own)? == figures(compiled, &attested)? {
        true => Ok(()),
        false => Err(ReplayError::Exchanged),
    }
}

/// The run's header, with what was left out or rounded here besides.
fn disclosing(own: &Header, here: Disclosure) -> Header {
    let mut header = own.clone();
    header.accounts_left_out += here.accounts_left_out.len() as u64;
    for one in here.left_out {
        match header.left_out.iter_mut().find(|before| before.asset == one.asset) {
            None => header.left_out.push(one),
            Some(before) => {
                before.lines += one.lines;
                before.accounts += one.accounts;
                before.deposits = sum(&before.deposits, &one.deposits);
                before.borrows = sum(&before.borrows, &one.borrows);
            }
        }
    }
    header.left_out.sort_by(|a, b| a.asset.cmp(&b.asset));
    let rounding = &mut header.rounding;
    rounding.lines += here.rounding.lines;
    rounding.bound = sum(&rounding.bound, &here.rounding.bound);
    for one in here.rounding.instruments {
        let mut before = rounding.instruments.iter_mut();
        match before.find(|before| before.instrument == one.instrument) {
            None => rounding.instruments.push(one),
            Some(before) => {
                before.lines += one.lines;
                before.bound = sum(&before.bound, &one.bound);
            }
        }
    }
    header
}

fn sum(a: &Amount, b: &Amount) -> Amount {
    let decimals = a.decimals.max(b.decimals);
    let units = |one: &Amount| &one.units * BigUint::from(10u32).pow(decimals - one.decimals);
    Amount::new(units(a) + units(b), decimals)
}

/// What the run rounded is bounded at its own prices: under others, no clause on it holds.
fn not_known(clauses: &mut [Clause]) {
    for clause in clauses.iter_mut().filter(|clause| clause.name == "left_out.rounding") {
        clause.holds = false;
        clause.detail =
            "the run rounded at its own prices: how much that is at others is not known".to_owned();
    }
}

#[cfg(test)]
mod tests {
    use pacioli_attestation::{By, Digest, RoundedInstrument};
    use serde_json::json;

    use super::*;

    fn header() -> Header {
        let rounded = json!({ "instrument": "deposit BTC", "lines": 1, "bound": "0.5" });
        serde_json::from_value(json!({
            "venue": "V", "sequence": 0, "previous": null, "as_of": "2026-01-01T00:00:00Z",
            "drawn": null, "accounts": 3, "accounts_left_out": 2,
            "left_out": [
                { "asset": "OLD", "lines": 2, "accounts": 2, "deposits": "1.5", "borrows": "0" }
            ],
            "rounding": { "lines": 1, "instruments": [rounded], "bound": "0.25" },
            "k": 11, "page_size": 64, "scenarios": 1, "program": null,
            "key": Digest::of(b""), "setup": "", "software": "",
        }))
        .unwrap()
    }

    #[test]
    fn what_is_left_out_here_counts_with_what_the_run_left_out() {
        let amount = |text: &str| text.parse::<Amount>().unwrap();
        let one = |asset: &str, deposits: &str| AssetLeftOut {
            asset: asset.to_owned(),
            lines: 1,
            accounts: 1,
            deposits: amount(deposits),
            borrows: amount("2"),
        };
        let instruments = ["deposit BTC", "deposit ETH"].map(|name| RoundedInstrument {
            instrument: name.to_owned(),
            lines: 1,
            bound: amount("0.25"),
        });
        let here = Disclosure {
            accounts_left_out: vec!["erin".to_owned()],
            left_out: vec![one("DOGE", "1000000"), one("OLD", "0.25")],
            rounding: Rounding { lines: 2, instruments: instruments.into(), bound: amount("1") },
        };
        let header = disclosing(&header(), here);
        assert_eq!(header.accounts_left_out, 3);
        let left_out: Vec<_> = header.left_out.iter().map(|one| one.asset.as_str()).collect();
        assert_eq!(left_out, ["DOGE", "OLD"]);
        let old = &header.left_out[1];
        assert_eq!((old.lines, old.accounts), (3, 3));
        assert_eq!(
            (old.deposits.to_string(), old.borrows.to_string()),
            ("1.75".into(), "2".into())
        );
        assert_eq!((header.rounding.lines, header.rounding.bound.to_string()), (3, "1.25".into()));
        assert_eq!(header.rounding.instruments[0].bound.to_string(), "0.75");
        assert_eq!(header.rounding.instruments.len(), 2);
    }

    /// Every total is the same, and other accounts lack what is owed.
    #[test]
    fn lines_that_were_exchanged_between_accounts_are_refused() {
        const OWN: &str = "account,instrument,quantity\nanna,deposit BTC,3.25\n\
                           anna,borrow USDC,1.5\nben,deposit USDC,2\nben,quote debit,9\n";
        let stored = include_bytes!("../../tests/fixtures/attestation_v1_draft.json");
        let mut attestation = Attestation::parse(stored).unwrap();
        let rules = Rules::parse(&attestation.rules).unwrap();
        let compiled = compile(&rules, &attestation.prices).unwrap();
        let snapshot =
            |text: &str| pacioli_prover::snapshot::read_csv(text.as_bytes(), "book").unwrap();
        let exact = Strictness::default();
        let prices = attestation.prices.clone();
        let ledger = balance_book(snapshot(OWN), &rules, &prices, &compiled, &exact, MAX_PAGE_SIZE);
        let totals = Totals::of_lines(ledger.unwrap().accounts.lines(), compiled.rows.len());
        let (counts, quantities) = totals.0.iter().map(|one| (one.count, one.quantity)).unzip();
        let proof = Vec::new();
        attestation.volumes = vec![pacioli_attestation::VolumeProof { counts, quantities, proof }];
        let check = |book: &str| check_own(&attestation, &rules, &compiled, snapshot(book));
        check(OWN).unwrap();
        let exchanged = OWN.replace("ben,quote debit", "anna,quote debit");
        assert!(matches!(check(&exchanged), Err(ReplayError::Exchanged)));
        let renamed = OWN.replace("anna,", "carla,");
        check(&renamed).unwrap();
    }

    #[test]
    fn no_clause_holds_on_rounding_at_other_prices() {
        let clause = |name: &str| Clause {
            name: name.to_owned(),
            holds: true,
            detail: String::new(),
            by: By::Publisher,
        };
        let mut clauses = [clause("min_coverage"), clause("left_out.rounding")];
        not_known(&mut clauses);
        assert_eq!(clauses.map(|clause| clause.holds), [true, false]);
    }
}
