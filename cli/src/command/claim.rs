//! `pacioli claim`: an account holder's statement is checked, and claimed on chain.

use alloy_primitives::{Address, B256, Bytes};
use anyhow::{Context, Result, ensure};
use pacioli_attestation::{
    Verified,
    statement::{CheckedStatement, Statement, check},
};
use pacioli_verifier_contract::{
    bindings::Compensation as F,
    chain::Chain,
    statement::{Appended, EncodeError, OnChain, StatementVerifier as S, address_of, encode},
};
use serde_json::{Value, json};

use super::{
    files,
    key_source::verify_bytes,
    known_code::Known,
    planned::Planned,
    transaction::{self, Connected, Done, refused},
};
use crate::{
    args::{ClaimArgs, Form},
    format::grouped,
    outcome::Refused,
    output::Report,
    progress::Shown,
    shown::shown,
};

/// Where a claim goes.
struct Place {
    /// The contract.
    to: Address,
    /// The contract that checks statements, the same or the fund's.
    statements: Address,
    /// Its number in the fund's terms.
    number: usize,
}

/// Runs the command.
pub fn run(args: &ClaimArgs, progress: &Shown) -> Result<Report> {
    let bytes = files::read(&args.attestation)?;
    let statement = Statement::parse(&files::read(&args.statement)?)
        .with_context(|| args.statement.display().to_string())?;
    let verified = verify_bytes(&bytes, &args.key, progress)?;
    let checked = check(&statement, &verified, None)?;
    let holder = address_of(&statement.account).ok_or_else(|| {
        Refused(format!(
            "{} is no address: only an id of `0x` and 40 lower-case digits is claimed, alone or \
             followed by `/` and a name",
            shown(&statement.account)
        ))
    })?;
    let mut connected = Connected::to(&args.send)?;
    let account = *connected.account.get_or_insert(holder);
    if account != holder {
        let message =
            format!("only {holder} may claim this statement, and {account} would send it");
        return Err(Refused(message).into());
    }
    let (registry, venue) = connected.there.venue(&args.venue)?;
    let chain = connected.node()?;
    let context = verified.attestation.context().0;
    let mut all = Appended::all(chain, registry, venue, (verified.digest, context))?;
    if let Some(fund) = args.fund {
        // Of one that was appended twice, the round that is paid on.
        let paid = chain.ask(fund, &F::currentCall {})?.round;
        all.sort_by_key(|one| one.round != paid);
    }
    let appended = all.into_iter().next().ok_or_else(|| {
        Refused(format!("the registry has no attestation {} of this venue", verified.digest))
    })?;
    let mut claimed = encode(&statement, &verified, &appended).map_err(|error| match error {
        EncodeError::Statement(error) => anyhow::Error::from(error),
        error => Refused(error.to_string()).into(),
    })?;
    let place = place(chain, args, &verified, (registry, venue), appended.round)?;
    leave_out_prepared(chain, place.statements, &mut claimed, &verified, &statement)?;
    let call =
        S::checkCall { volume: claimed.volume.clone(), statement: claimed.statement.clone() };
    let found = chain.ask(place.statements, &call).map_err(refused)?;
    if found.revoked && args.fund.is_none() {
        let message = format!("round {} was revoked: nobody may pay on it", appended.round);
        return Err(Refused(message).into());
    }
    let said = Said::of(&statement, &checked, &verified, &appended, place.to)?;
    let OnChain { volume, statement } = claimed;
    let planned = [match args.fund {
        Some(fund) => {
            let payee = args.payee.unwrap_or(holder);
            let number = alloy_primitives::U256::from(place.number);
            Planned::call("claim", fund, &F::claimCall { number, volume, statement, payee })
        }
        None => Planned::call("claim", place.to, &S::claimCall { volume, statement }),
    }];
    match connected.run(&args.send, &planned, None)? {
        Done::Said(report) => Ok(said.before(*report, args.send.unsigned)),
        Done::Sent(receipts) => {
            let (lines, transactions) = transaction::receipts(&planned, &receipts);
            let gas: u64 = receipts.iter().map(|receipt| receipt.gas_used).sum();
            let mut text = format!("CLAIMED: {}\n{}", said.line, said.text);
            text += &format!("\n{lines}");
            for hash in receipts.iter().filter_map(|receipt| receipt.transaction) {
                text += &format!("  {hash}\n");
            }
            let mut json = said.json;
            json["claimed"] = json!(true);
            json["gas"] = json!(gas);
            json["transactions"] = transactions;
            Ok(Report { text, json, holds: true })
        }
    }
}

/// Where the claim goes, after a look whether it can be taken there.
fn place(
    chain: &mut impl Chain,
    args: &ClaimArgs,
    verified: &Verified,
    (registry, venue): (Address, B256),
    round: u64,
) -> Result<Place> {
    let key = B256::from(verified.key().digest().0);
    let Some(fund) = args.fund else {
        let to = args.statements.context("give --statements or --fund")?;
        let (of, under) = (chain.ask(to, &S::VOLUMESCall {})?, chain.ask(to, &S::KEYCall {})?);
        ensure!(of == registry, "{to} checks statements of the registry {of}, not of {registry}");
        ensure!(under == key, "{to} checks statements under the key {under}, not under {key}");
        check_statements(args, registry, to)?;
        return Ok(Place { to, statements: to, number: 0 });
    };
    let terms = chain.ask(fund, &F::termsCall {})?;
    Known::new(&[], false, false).fund(&terms, fund)?;
    ensure!(
        (terms.registry, terms.venue) == (registry, venue),
        "{fund} is the fund of the venue {} of the registry {}",
        terms.venue,
        terms.registry
    );
    let case = chain.ask(fund, &F::currentCall {})?;
    if case.openedAt == 0 {
        let why = match case.reportedAt {
            0 => "no breach was reported".to_owned(),
            _ => format!("a breach of round {} was reported, and the grace runs", case.breached),
        };
        return Err(Refused(format!("the fund is not open: {why}")).into());
    }
    if case.round != round {
        let message = format!(
            "the fund pays on round {}, and the statement is of round {round}: ask the venue for the \
             statement of that attestation",
            case.round
        );
        return Err(Refused(message).into());
    }
    for (number, &statements) in terms.statements.iter().enumerate() {
        if chain.ask(statements, &S::KEYCall {})? == key {
            check_statements(args, registry, statements)?;
            return Ok(Place { to: fund, statements, number });
        }
    }
    Err(Refused(format!("the fund takes no statements under the key {key}")).into())
}

/// The same of a contract that checks statements, whose code follows from the key.
fn check_statements(args: &ClaimArgs, registry: Address, at: Address) -> Result<()> {
    let builds = args.build.as_slice();
    // What is given is what counts: the demo's contract only where there is no build.
    let demo = args.key.accept_insecure_setup && builds.is_empty() && !args.accept_unknown_code;
    Known::new(builds, demo, args.accept_unknown_code).statements(registry, at).map(drop)
}

/// Leaves the commitments out where somebody prepared the volume.
fn leave_out_prepared(
    chain: &mut impl Chain,
    statements: Address,
    claimed: &mut OnChain,
    verified: &Verified,
    statement: &Statement,
) -> Result<()> {
    let word = verified.attestation.context().word(statement.volume);
    let word = B256::from(pacioli_attestation::encoding::value_bytes(&word));
    let phase1 = claimed.volume.phase1[statement.volume.index()];
    if chain.ask(statements, &S::isPreparedCall { word, phase1 })? {
        claimed.volume.commitments = Bytes::new();
    }
    Ok(())
}

/// What is said of a statement, sent or not.
struct Said {
    line: String,
    text: String,
    json: Value,
}

impl Said {
    fn of(
        statement: &Statement,
        checked: &CheckedStatement,
        verified: &Verified,
        appended: &Appended,
        to: Address,
    ) -> Result<Self> {
        let mark = checked.balances.first().context("a book has the scenario mark")?;
        let (equity, shortfall) = (grouped(&mark.equity), grouped(&mark.shortfall));
        let quote = shown(&verified.compiled.quote);
        let (round, sequence) = (appended.round, appended.record.sequence);
        let line = format!("{} is worth {equity} {quote} at mark", shown(&statement.account));
        let text = format!(
            "  shortfall    {shortfall} {quote}\n  attestation  {}, sequence number {sequence}, round \
             {round}\n  contract     {to}\n",
            verified.digest
        );
        let json = json!({
            "account": statement.account,
            "equity": mark.equity,
            "shortfall": mark.shortfall,
            "attestation": verified.digest,
            "sequence": sequence,
            "round": round,
            "contract": to,
        });
        Ok(Self { line, text, json })
    }

    /// Before what was tried or printed; a file for another program stays as it is.
    fn before(self, report: Report, form: Option<Form>) -> Report {
        if form.is_some_and(|form| form != Form::Raw) {
            return report;
        }
        let mut json = report.json;
        json["claim"] = self.json;
        let own = format!("{}\n{}", self.line, self.text);
        let text = match form {
            None => format!("{own}\n{}", report.text),
            Some(_) => {
                let lines = own.lines().map(|line| format!("# {}\n", line.trim_start()));
                lines.collect::<String>() + &report.text
            }
        };
        Report { text, json, holds: report.holds }
    }
}
