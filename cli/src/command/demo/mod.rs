//! `pacioli demo`: a made-up venue is proved and verified, forgeries are refused, and contracts check
//! the same on a chain in this process.

mod chain;

use std::path::Path;

use anyhow::{Context, Result, ensure};
use pacioli_attestation::{
    Attestation, Candidate, Progress, Reserves, VerifyingKey, setup::insecure_setup, statement,
};
use pacioli_circuits::ScenarioId;
use pacioli_prover::{
    Book, Inputs, OperatorSecret, RunSecrets, RunStore, Salt, Strictness, snapshot, statements::Run,
};
use pacioli_rules::{Closing, Compiled, Prices, Rules, ScenarioKind};
use serde_json::json;

use super::{
    check, files,
    report::{self, Reading},
    run::ATTESTATION,
};
use crate::{args::DemoArgs, output::Report, progress::Shown, sample};

/// The holder whose statement the demo checks.
const HOLDER: &str = "trader-0007";

/// The largest circuit the demo would take.
const LARGEST_K: u32 = 16;

/// Runs the command.
pub fn run(args: &DemoArgs, progress: &Shown) -> Result<Report> {
    let csv = sample::snapshot();
    let prices = Prices::parse(sample::PRICES)?;
    let inputs = Inputs {
        venue: "Sample Derivatives Exchange".to_owned(),
        as_of: prices.as_of,
        drawn: None,
        previous: None,
        rules: Rules::parse(sample::RULES)?,
        prices,
        reserves: Some(Reserves::parse(sample::RESERVES)?),
        snapshot: snapshot::read_csv(csv.as_bytes(), "sample.csv")?,
        strictness: Strictness::default(),
    };
    let book = Book::new(inputs)?;
    let k = book.smallest_k(LARGEST_K)?;
    progress.begin("making the insecure setup", 1);
    let setup = insecure_setup(k).context("a circuit's size is a setup's")?;
    let (secret, salt) = (OperatorSecret::generate()?, Salt::generate()?);
    let secrets = RunSecrets { secret: &secret, salt: &salt };
    let mut store = RunStore::in_memory()?;
    let attestation = book.prove(&setup, secrets, &mut store, progress)?;
    let bytes = attestation.to_bytes();
    let check = |bytes: &[u8]| {
        let candidate = Candidate::read(bytes)?;
        let key = VerifyingKey::insecure(candidate.shape());
        anyhow::Ok(candidate.verify(key, progress)?)
    };
    let verified = check(&bytes)?;
    let run = Run::new(&attestation, secrets, &mut store)?;
    let statement = run.statement(HOLDER, Some(&setup))?;
    let checked = statement::check(&statement, &verified, Some(HOLDER))?;
    if let Some(out) = &args.out {
        write_sample(out, &csv, &bytes)?;
        files::write_private(&out.join("statement.json"), &statement.to_bytes())?;
    }

    let mut refused = Vec::new();
    for (forgery, forged) in forgeries(&attestation)? {
        match check(&forged.to_bytes()) {
            Ok(_) => anyhow::bail!("a forgery was accepted, report this: {forgery}"),
            Err(error) => refused.push((forgery, error.to_string())),
        }
    }
    let mut altered = statement.clone();
    altered.page_values[altered.slot][31] ^= 1;
    match statement::check(&altered, &verified, None) {
        Ok(_) => anyhow::bail!("an altered statement was accepted, report this"),
        Err(error) => {
            refused.push((format!("the statement of {HOLDER} is altered"), error.to_string()))
        }
    }
    let holder = check::report(&statement, &checked, &verified);
    let Report { mut text, json, holds } =
        report::report(&verified, &Reading::at(attestation.header.as_of));
    let (lines, instruments) = (book.lines(), book.compiled().rows.len());
    text = format!(
        "Proved: {} accounts in {lines} lines over {instruments} instruments and {} scenarios, in \
         a circuit of 2^{k} rows; the proof has {} bytes.\n\n{text}\nOne of \
         the account holders checks their statement.\n\n{}\nforgeries refused\n",
        attestation.header.accounts,
        attestation.header.scenarios,
        attestation.volumes[0].proof.len(),
        holder.text,
    );
    for (forgery, error) in &refused {
        text += &format!("  - {forgery}\n    {error}\n");
    }
    progress.begin("asking the contracts", 1);
    let (on_chain, chain_json) = chain::run(&verified, &statement)?;
    text += &format!("\n{on_chain}");
    if let Some(out) = &args.out {
        text += &format!("\nThe files are in {}.\n", out.display());
    }
    let refused =
        refused.iter().map(|(forgery, error)| json!({ "forgery": forgery, "error": error }));
    let json = json!({
        "report": json,
        "statement": holder.json,
        "refused": refused.collect::<Vec<_>>(),
        "chain": chain_json,
    });
    Ok(Report { text, json, holds })
}

/// Changes that a dishonest publisher might make, each in its own attestation.
fn forgeries(attestation: &Attestation) -> Result<Vec<(String, Attestation)>> {
    let rules = Rules::parse(&attestation.rules)?;
    let compiled = pacioli_rules::compile(&rules, &attestation.prices)?;
    let [owed, _] =
        compiled.scenario(ScenarioId::MARK).balance().context("mark is closed by equity")?;
    let mut stresses = compiled.scenarios.iter().rev();
    let stress = stresses.find(|one| one.kind == ScenarioKind::Stress);
    let stress = stress.context("the sample has a stress")?;
    let [_, bad_debt] = stress.balance().context("a stress is closed by shortfall")?;
    let (owed, bad_debt) = (owed.row(), bad_debt.row());

    let mut lowered = attestation.clone();
    lowered.volumes[0].quantities[owed] -= 1;
    let balanced = without_a_deposit(attestation, &compiled)?;
    let mut hidden = attestation.clone();
    hidden.volumes[0].quantities[bad_debt] /= 2;
    let mut repriced = attestation.clone();
    let price = repriced.prices.prices.get_mut("BTC").context("the sample has BTC")?;
    *price = "91250.6".parse()?;
    let mut softened = attestation.clone();
    softened.rules = softened.rules.replace("-0.168", "-0.068");
    ensure!(softened.rules != attestation.rules, "the sample's rules have another BTC move");
    Ok(vec![
        ("what is owed is lowered by 1e-16 USD".to_owned(), lowered),
        (
            format!(
                "a deposit of {LEFT_OUT} {ASSET} is left out, and what is owed is lowered by as much"
            ),
            balanced,
        ),
        (format!("half of the bad debt in `{}` is left out", stress.name), hidden),
        ("the price of BTC is edited by 0.1 USD".to_owned(), repriced),
        (format!("the crash `{}` is made milder", stress.name), softened),
    ])
}

/// The deposit that a forger leaves out.
const LEFT_OUT: u32 = 1_000;
const ASSET: &str = "USDC";

/// The books without a deposit, and without what is owed for it in any scenario: they balance, so the
/// proof alone says that they are not those of the accounts.
fn without_a_deposit(attestation: &Attestation, compiled: &Compiled) -> Result<Attestation> {
    let mut forged = attestation.clone();
    let quantities = &mut forged.volumes[0].quantities;
    let rows = compiled.assets.get(ASSET).context("the sample has USDC")?;
    let first = *rows.deposits.first().context("an asset can be deposited")?;
    let left_out = u128::from(LEFT_OUT) * 10u128.pow(rows.decimals);
    // Of a plain deposit no closing line tells.
    let mut forms = std::iter::once(first).chain(compiled.forms_of(first)).map(|row| row.row());
    let deposit = forms.find(|&row| quantities[row] >= left_out);
    let deposit = deposit.context("the sample holds as much")?;
    let mut lower = |row: usize, by: u128| {
        let less = quantities[row].checked_sub(by).context("the sample holds as much")?;
        quantities[row] = less;
        anyhow::Ok(())
    };
    lower(deposit, left_out)?;
    let values = &compiled.table.instruments()[deposit].values;
    for (scenario, value) in compiled.scenarios.iter().zip(values) {
        let (Closing::Balance { equity: more, .. } | Closing::Slack(more)) = scenario.closing;
        lower(more.row(), value.units().unsigned_abs() * left_out)?;
    }
    Ok(forged)
}

fn write_sample(out: &Path, csv: &str, attestation: &[u8]) -> Result<()> {
    files::make_directory(out)?;
    files::write_private(&out.join("snapshot.csv"), csv.as_bytes())?;
    files::write(&out.join("rules.toml"), sample::RULES.as_bytes())?;
    files::write(&out.join("prices.json"), sample::PRICES.as_bytes())?;
    files::write(&out.join("reserves.json"), sample::RESERVES.as_bytes())?;
    files::write(&out.join(ATTESTATION), attestation)
}
