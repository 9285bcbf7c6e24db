//! `pacioli deploy fund`: a fund for a venue's account holders, with its terms.

use alloy_primitives::{Address, keccak256};
use alloy_sol_types::SolValue;
use anyhow::{Result, ensure};
use pacioli_verifier_contract::{
    artifacts,
    bindings::{
        CompensationTerms, Payout, SolvencyRegistry as R, StatementVerifier as S, Venues as V,
    },
    chain::Chain,
    system,
};
use serde_json::json;

use super::{
    creation::deploy,
    known_code::{Code, Known},
    transaction::Connected,
};
use crate::{
    args::{Form, FundArgs, PayoutArg, Seconds},
    output::Report,
};

const DAY: u64 = 86_400;

/// Runs the command.
pub fn run(args: &FundArgs) -> Result<Report> {
    let mut connected = Connected::to(&args.send)?;
    let terms = terms(args, &mut connected)?;
    let known = Known::from(&args.code);
    let mut checks = Code::AsGenerated;
    for &statements in &terms.statements {
        if known.statements(terms.registry, statements)? == Code::Unknown {
            checks = Code::Unknown;
        }
    }
    let code = &artifacts::get("Compensation").bytecode;
    let part = system::part("Compensation", [&code[..], &terms.abi_encode()].concat().into());
    let fund = part.at;
    let mut report = deploy(&args.send, &mut connected, &[part])?;
    let said = said(&terms, &args.payouts, checks);
    if args.send.unsigned == Some(Form::Raw) {
        let lines = said.lines().filter(|line| !line.is_empty()).map(|line| format!("# {line}\n"));
        report.text = lines.collect::<String>() + &report.text;
    }
    if args.send.unsigned.is_none() {
        report.text += &said;
        report.text += &format!(
            "\nList what it holds as reserves for bad debt, then anyone calls acceptReserve:\n  \
             pacioli venue announce-reserve --reserve ASSET:TOKEN:{fund}:insurance\n"
        );
    }
    report.json["fund"] = json!(fund);
    report.json["statements_as_generated"] = checks.json();
    report.json["terms"] = json!({
        "venue": terms.venue,
        "registry": terms.registry,
        "statements": terms.statements,
        "payouts": terms.payouts.iter().map(|each| each.token).collect::<Vec<_>>(),
        "payer": terms.payer,
        "settled_for": terms.settledFor,
        "grace": terms.grace,
        "grace_at_most": terms.graceAtMost,
        "expired_after": terms.expiredAfter,
        "claims_for": terms.claimsFor,
        "challenge_for": terms.challengeFor,
        "late_for": terms.lateFor,
        "recovered_after": terms.recoveredAfter,
    });
    Ok(report)
}

/// The terms, those that follow from the venue's own as they are now.
fn terms(args: &FundArgs, connected: &mut Connected) -> Result<CompensationTerms> {
    let (registry, venue) = connected.there.venue(&args.venue)?;
    let node = connected.node()?;
    // Any contract can answer so: its code is compared as well.
    for &statements in &args.statements {
        let of = node.ask(statements, &S::VOLUMESCall {})?;
        ensure!(
            of == registry,
            "{statements} checks statements of the registry {of}, not {registry}"
        );
    }
    let venues = node.ask(registry, &R::VENUESCall {})?;
    let delay = node.ask(venues, &V::delayOfCall { venue })?;
    let limits = node.ask(venues, &V::limitsOfCall { venue })?;
    let or = |given: Option<Seconds>, least: u64| given.map_or(least, |Seconds(time)| time);
    let grace = or(args.grace, delay.max(limits.minDistance.into()).saturating_add(DAY));
    let payout =
        |PayoutArg { asset, token }: &PayoutArg| Payout { token: *token, asset: keccak256(asset) };
    Ok(CompensationTerms {
        venue,
        registry,
        statements: args.statements.clone(),
        payouts: args.payouts.iter().map(payout).collect(),
        payer: args.payer,
        settledFor: or(args.settled_for, delay),
        grace,
        graceAtMost: or(args.grace_at_most, grace.saturating_add(30 * DAY)),
        expiredAfter: or(args.expired_after, u64::from(limits.maxAge) + 3 * DAY),
        claimsFor: args.claims_for.0,
        challengeFor: args.challenge_for.0,
        lateFor: args.late_for.0,
        recoveredAfter: args.recovered_after.0,
    })
}

/// The terms as text.
fn said(terms: &CompensationTerms, payouts: &[PayoutArg], checks: Code) -> String {
    let time = |seconds: u64| match seconds % DAY {
        0 => format!("{} d", seconds / DAY),
        _ => format!("{seconds} s"),
    };
    let mut text = String::from("\nterms, which never change\n");
    text += &format!("  venue            {}\n  registry         {}\n", terms.venue, terms.registry);
    for statements in &terms.statements {
        text += &format!("  statements       {statements}\n");
    }
    let known: &[_] = match checks {
        Code::AsGenerated => &["their code is as generated"],
        Code::Unknown => &[
            "THEIR CODE WAS COMPARED WITH NOTHING, and decides who is paid: each has to be",
            "where `pacioli deploy statements --dry-run` puts it with your own --build",
        ],
    };
    known.iter().for_each(|line| text += &format!("  {:<15}  {line}\n", ""));
    let payer = match terms.payer {
        Address::ZERO => "nobody".to_owned(),
        payer => payer.to_string(),
    };
    text += &format!("  payer            {payer}\n");
    for PayoutArg { asset, token } in payouts {
        text += &format!("  pays             {} with {token}\n", asset.escape_debug());
    }
    for (name, seconds) in [
        ("settled for", terms.settledFor),
        ("grace", terms.grace),
        ("at most", terms.graceAtMost),
        ("expired after", terms.expiredAfter),
        ("claims for", terms.claimsFor),
        ("challenge for", terms.challengeFor),
        ("late for", terms.lateFor),
        ("recovered after", terms.recoveredAfter),
    ] {
        text += &format!("  {name:<15}  {}\n", time(seconds));
    }
    text
}
