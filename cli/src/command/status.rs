//! `pacioli status`: what a registry has of a protocol, and whether it holds now.

use std::fmt::Write;

use alloy_primitives::{Address, B256, U256, keccak256};
use anyhow::{Context, Result};
use jiff::Timestamp;
use pacioli_circuits::Shape;
use pacioli_prover::{
    amount::Amount, attestation::Verified, transcript::big_endian, verify::proof_layout,
};
use pacioli_verifier_contract::{
    artifacts,
    bindings::{Purpose, SolvencyRegistry as R, Verifier},
    chain::Chain,
    evm::Evm,
    program::Program,
    registry::{Latest, Status},
};
use serde_json::{Value, json};

use super::{
    build::Build,
    files,
    key_source::KeySource,
    node,
    report::{grouped, table},
};
use crate::{args::StatusArgs, output::Report, progress::Shown};

/// One thing that was compared, or why it was not.
enum Compared {
    Same,
    Other(String),
    Not(&'static str),
}

/// What the command found.
struct Found {
    status: Status,
    max_age: u64,
    /// The verifier's key and code.
    key: Compared,
    code: Compared,
    /// The attestation given, and what is different on chain.
    attestation: Option<(Verified, Program, Vec<String>)>,
}

/// Runs the command.
pub fn run(args: &StatusArgs, progress: &Shown) -> Result<Report> {
    let given = args.attestation.as_deref().map(files::read).transpose()?;
    let source = KeySource::read(&args.key, progress)?;
    let given = given.map(|bytes| source.verify(&bytes, progress)).transpose()?;
    let build = args.build.as_deref().map(Build::read).transpose()?;
    let mut chain = node::reader(&args.node, args.from_block)?;
    let compared =
        |verifier: &Verifier, on_chain| compare_key(&source, on_chain, verifier, progress);
    let found = find(&mut chain, args, compared, given, build.as_ref())?;
    let text = found.text(args.protocol.registry, args.protocol.protocol)?;
    Ok(Report { text, json: found.json(), holds: found.holds() })
}

fn find(
    chain: &mut impl Chain,
    args: &StatusArgs,
    compare_key: impl FnOnce(&Verifier, B256) -> Result<Compared>,
    given: Option<Verified>,
    build: Option<&Build>,
) -> Result<Found> {
    let (registry, protocol) = (args.protocol.registry, args.protocol.protocol);
    let status = Status::of(chain, registry, protocol)?;
    let (mut key, mut code) = (Compared::Not(NO_RECORD), Compared::Not(NO_RECORD));
    if let Some(latest) = &status.latest {
        let record = latest.record.key;
        let verifier = chain.ask(registry, &R::verifierOfCall { protocol, key: record })?;
        key = compare_key(&verifier, record)?;
        code = compare_code(chain, args, &verifier, build)?;
    }
    let attestation = match given {
        Some(verified) => {
            let prices = &verified.attestation.prices;
            let program = Program::of(&verified.rules, &verified.compiled, prices)?;
            let other = compare_attestation(chain, registry, protocol, &verified)?;
            Some((verified, program, other))
        }
        None => None,
    };
    Ok(Found { status, max_age: args.max_age.0, key, code, attestation })
}

const NO_RECORD: &str = "there is no attestation";

/// The verifier's key is that of the setup given, for the shape that the registry has.
fn compare_key(
    source: &KeySource,
    on_chain: B256,
    verifier: &Verifier,
    progress: &Shown,
) -> Result<Compared> {
    if !source.has_key() {
        return Ok(Compared::Not("give --setup, or --key with --key-digest"));
    }
    let shape = || {
        let (k, scenarios) = (verifier.k.into(), verifier.scenarios.into());
        let shape = Shape::new(k, scenarios, 1 << verifier.pageBits);
        shape.context("the registry's verifier is for a shape that no circuit has")
    };
    let key = source.key(shape, progress)?;
    let digest = key.digest();
    Ok(if digest.0 == on_chain.0 {
        Compared::Same
    } else {
        Compared::Other(format!("yours is {digest}"))
    })
}

/// The verifier's code is what the compiler makes of the generated contract.
fn compare_code(
    chain: &mut impl Chain,
    args: &StatusArgs,
    verifier: &Verifier,
    build: Option<&Build>,
) -> Result<Compared> {
    let expected = match build {
        Some(build) => build.contract("VolumeVerifier")?.runtime,
        None if args.key.accept_insecure_setup => {
            let mut evm = Evm::new();
            let (at, _) = evm.deploy(artifacts::get("VolumeVerifier").bytecode.clone())?;
            evm.code(at)
        }
        None => {
            return Ok(Compared::Not("give --build with what solc makes of `pacioli contract`"));
        }
    };
    let code = chain.code(verifier.implementation)?;
    Ok(if code == expected {
        Compared::Same
    } else {
        let (got, expected) = (code.len(), expected.len());
        Compared::Other(format!("{got} bytes stand there, {expected} others were expected"))
    })
}

/// What is different on chain from an attestation that was verified.
fn compare_attestation(
    chain: &mut impl Chain,
    registry: Address,
    protocol: B256,
    verified: &Verified,
) -> Result<Vec<String>> {
    let attestation = &verified.attestation;
    let sequence = attestation.header.sequence;
    let record = match chain.ask(registry, &R::recordOfCall { protocol, sequence }) {
        Err(error) if error.name() == Some("NoAttestation") => {
            return Ok(vec![format!("no attestation with number {sequence} is there")]);
        }
        record => record?,
    };
    let figures = chain.ask(registry, &R::figuresOfCall { protocol, sequence })?;
    let mut other = Vec::new();
    let mut compare = |what: &str, same: bool| {
        if !same {
            other.push(format!("{what} of number {sequence}"));
        }
    };
    compare("the context", record.context.0 == attestation.context().0.0);
    compare("the digest", record.attestation.0 == attestation.digest().0);
    let expected = &verified.figures.scenarios;
    let same = |(got, expected): (&pacioli_verifier_contract::bindings::Figures, _)| {
        let expected: &pacioli_prover::figures::ScenarioFigures = expected;
        expected.owed.units == got.owed.into()
            && expected.bad_debt.units == got.badDebt.into()
            && expected.accounts_with_equity == got.accountsWithEquity
            && expected.accounts_short == got.accountsShort
    };
    let all = figures.len() == expected.len() && figures.iter().zip(expected).all(same);
    compare("the figures", all);
    let count = usize::try_from(record.volumes) == Ok(attestation.volumes.len());
    compare("the number of volumes", count);
    let phase1 = proof_layout(&attestation.header.shape()?).phase1;
    for (index, volume) in attestation.volumes.iter().enumerate().filter(|_| count) {
        let call = R::volumeCall { protocol, sequence, v: U256::from(index) };
        let there = chain.ask(registry, &call)?;
        let word = big_endian(&attestation.context().word(index));
        compare(&format!("the word of volume {index}"), there.word.0 == word);
        let commitments = keccak256(&volume.proof[..phase1]);
        compare(&format!("the proof of volume {index}"), there.phase1 == commitments);
    }
    Ok(other)
}

impl Found {
    fn is_fresh(&self) -> bool {
        self.status.age().is_some_and(|age| age <= self.max_age)
    }

    fn holds(&self) -> bool {
        let same = |compared: &Compared| !matches!(compared, Compared::Other(_));
        let attested = self.attestation.as_ref().is_none_or(|(_, _, other)| other.is_empty());
        let holds = self.status.latest.as_ref().is_some_and(Latest::holds);
        holds && self.is_fresh() && attested && same(&self.key) && same(&self.code)
    }

    /// The first reason why it does not hold.
    fn reason(&self) -> String {
        let Some(latest) = &self.status.latest else {
            return "no attestation is there yet".to_owned();
        };
        let age = self.status.age().unwrap_or_default();
        if latest.verdict.revoked {
            "its rules were retired or its verifier was frozen".to_owned()
        } else if !latest.verdict.failing.is_zero() {
            "clauses of the policy fail".to_owned()
        } else if !self.is_fresh() {
            format!("stale: {} old, at most {}", duration(age), duration(self.max_age))
        } else if matches!(self.key, Compared::Other(_)) {
            "the proofs are under another key".to_owned()
        } else if matches!(self.code, Compared::Other(_)) {
            "the verifier's code is another than generated".to_owned()
        } else {
            "another attestation stands there than the one given".to_owned()
        }
    }

    /// The program's clause names, where the attestation given has the rules in force.
    fn names(&self, rules: B256) -> Option<(&Verified, &Program)> {
        let (verified, program, _) = self.attestation.as_ref()?;
        let digest = keccak256(verified.attestation.rules.as_bytes());
        (digest == rules).then_some((verified, program))
    }

    fn text(&self, registry: Address, protocol: B256) -> Result<String> {
        let mut text = String::new();
        let t = &mut text;
        if self.holds() {
            writeln!(t, "HOLDS: the latest attestation, and it is fresh")?;
        } else {
            writeln!(t, "DOES NOT HOLD: {}", self.reason())?;
        }
        let there = &self.status.protocol;
        writeln!(t, "\n  registry     {registry}\n  protocol     {protocol}")?;
        writeln!(t, "  owner        {}\n  publisher    {}", there.owner, there.publisher)?;
        let delay = duration(there.delay);
        writeln!(t, "  delay        {delay}, lag {}", duration(there.maxLag))?;
        if let Some(latest) = &self.status.latest {
            self.attested(t, latest)?;
        }
        self.announced(t)?;
        if let Some((_, _, other)) = &self.attestation {
            writeln!(t, "\nthe attestation given")?;
            if other.is_empty() {
                writeln!(t, "  verifies, and stands there: context, digest, figures, proofs")?;
            }
            for what in other {
                writeln!(t, "  DIFFERENT ON CHAIN: {what}")?;
            }
        }
        Ok(text)
    }

    fn attested(&self, t: &mut String, Latest { verdict, record, figures }: &Latest) -> Result<()> {
        let age = duration(self.status.age().unwrap_or_default());
        let number = verdict.sequence;
        writeln!(t, "  attestation  number {number}, {}", record.attestation)?;
        writeln!(t, "  context      {}", record.context)?;
        writeln!(t, "  as of        {}, {age} ago", time(record.asOf))?;
        let block = record.sealedIn;
        writeln!(t, "  appended     {}, in block {block}", time(record.sealedAt))?;
        writeln!(t, "  rules        {}", record.rules)?;
        writeln!(t, "  key          {}: {}", record.key, said(&self.key))?;
        writeln!(t, "  verifier     code {}", said(&self.code))?;

        let names = self.names(record.rules);
        let decimals = names.map_or(0, |(verified, _)| verified.compiled.value_decimals);
        let unit = names.map_or("units of value", |(verified, _)| verified.compiled.quote.as_str());
        let amount = |units: u128| grouped(&Amount::new(units, decimals));
        writeln!(t, "\nproved and read on chain, in {unit}")?;
        writeln!(t, "  reserves for customers  {}", amount(record.reserves))?;
        writeln!(t, "  coverage                {}", coverage(record.coverageBps))?;
        let rows = figures.iter().enumerate().map(|(number, figures)| {
            let name = names.map(|(verified, _)| verified.compiled.scenarios[number].name.clone());
            let name = name.unwrap_or_else(|| match number {
                0 => "mark".to_owned(),
                number => format!("scenario {number}"),
            });
            let [owed, bad_debt, insurance] =
                [figures.owed, figures.badDebt, figures.insurance].map(amount);
            [name, owed, bad_debt, insurance, figures.accountsShort.to_string()]
        });
        let head = ["scenario", "owed", "bad debt", "insurance", "accounts short"];
        table(t, &head, &rows.collect::<Vec<_>>())?;
        writeln!(t, "\npolicy")?;
        for number in 0..record.clauses.into() {
            let name = names.and_then(|(_, program)| program.clause_names().get(number).cloned());
            let name = name.unwrap_or_else(|| format!("clause {number}"));
            let holds = if record.failing.bit(number) { "DOES NOT HOLD" } else { "holds" };
            writeln!(t, "  {holds:<13}  {name}")?;
        }
        Ok(())
    }

    fn announced(&self, t: &mut String) -> Result<()> {
        let now = self.status.time;
        let from = |from: u64| match from > now {
            true => format!("waits until {}", time(from)),
            false => "in force".to_owned(),
        };
        writeln!(t, "\nrules, verifiers and reserves")?;
        for (hash, rules) in &self.status.rules {
            let state = if rules.retired { "retired".to_owned() } else { from(rules.activeFrom) };
            writeln!(t, "  rules     {hash}: {state}, program {}", rules.program)?;
        }
        for (key, verifier) in &self.status.verifiers {
            let frozen = verifier.frozen;
            let state = if frozen { "frozen".to_owned() } else { from(verifier.activeFrom) };
            writeln!(t, "  verifier  {}: {state}, key {key}", verifier.implementation)?;
        }
        for reserve in &self.status.reserves {
            let state = match reserve.accepted {
                true => from(reserve.activeFrom),
                false => "not accepted by its holder".to_owned(),
            };
            let purpose = purpose(reserve.purpose);
            let (holder, token) = (reserve.holder, reserve.token);
            writeln!(t, "  reserve   {token} held by {holder}, for {purpose}: {state}")?;
        }
        let there = &self.status.protocol;
        if there.nextDelay != there.delay {
            let (next, from) = (duration(there.nextDelay), from(there.nextDelayFrom));
            writeln!(t, "  delay     {next}: {from}")?;
        }
        if there.nextOwner != Address::ZERO {
            writeln!(t, "  owner     {} may accept", there.nextOwner)?;
        }
        Ok(())
    }

    fn json(&self) -> Value {
        let Status { time, protocol, latest, rules, verifiers, reserves } = &self.status;
        let compared = |compared: &Compared| match compared {
            Compared::Same => json!(true),
            Compared::Other(_) => json!(false),
            Compared::Not(_) => Value::Null,
        };
        let latest = latest.as_ref().map(|Latest { verdict, record, figures }| {
            json!({
                "sequence": verdict.sequence,
                "revoked": verdict.revoked,
                "as_of": record.asOf,
                "age": self.status.age(),
                "appended_at": record.sealedAt,
                "appended_in": record.sealedIn,
                "attestation": record.attestation,
                "context": record.context,
                "rules": record.rules,
                "key": record.key,
                "volumes": record.volumes,
                "clauses": record.clauses,
                "failing": record.failing,
                "coverage_bps": record.coverageBps,
                "reserves": record.reserves.to_string(),
                "scenarios": figures.iter().map(|figures| json!({
                    "owed": figures.owed.to_string(),
                    "bad_debt": figures.badDebt.to_string(),
                    "insurance": figures.insurance.to_string(),
                    "accounts_with_equity": figures.accountsWithEquity,
                    "accounts_short": figures.accountsShort,
                })).collect::<Vec<_>>(),
            })
        });
        json!({
            "holds": self.holds(),
            "reason": (!self.holds()).then(|| self.reason()),
            "fresh": self.is_fresh(),
            "time": time,
            "owner": protocol.owner,
            "next_owner": protocol.nextOwner,
            "publisher": protocol.publisher,
            "delay": protocol.delay,
            "next_delay": protocol.nextDelay,
            "next_delay_from": protocol.nextDelayFrom,
            "latest": latest,
            "key_is_yours": compared(&self.key),
            "code_is_as_generated": compared(&self.code),
            "rules": rules.iter().map(|(hash, rules)| json!({
                "rules": hash,
                "program": rules.program,
                "active_from": rules.activeFrom,
                "retired": rules.retired,
            })).collect::<Vec<_>>(),
            "verifiers": verifiers.iter().map(|(key, verifier)| json!({
                "key": key,
                "verifier": verifier.implementation,
                "active_from": verifier.activeFrom,
                "frozen": verifier.frozen,
            })).collect::<Vec<_>>(),
            "reserves": reserves.iter().map(|reserve| json!({
                "asset": reserve.asset,
                "token": reserve.token,
                "holder": reserve.holder,
                "purpose": purpose(reserve.purpose),
                "active_from": reserve.activeFrom,
                "accepted": reserve.accepted,
            })).collect::<Vec<_>>(),
            "attestation_differs": self.attestation.as_ref().map(|(_, _, other)| other),
        })
    }
}

fn said(compared: &Compared) -> String {
    match compared {
        Compared::Same => "as generated".to_owned(),
        Compared::Other(how) => format!("DIFFERENT, {how}"),
        Compared::Not(how) => format!("not compared: {how}"),
    }
}

fn purpose(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Customers => "customers",
        _ => "insurance",
    }
}

fn coverage(bps: u64) -> String {
    if bps == u64::MAX {
        return "nothing is owed".to_owned();
    }
    format!("{} %", grouped(&Amount::new(bps, 2)))
}

fn time(seconds: u64) -> String {
    let time = i64::try_from(seconds).ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    time.map_or_else(|| format!("second {seconds}"), |time| time.to_string())
}

/// Seconds in words: `2 d 3 h`.
fn duration(seconds: u64) -> String {
    let units = [("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)];
    let mut left = seconds;
    let mut parts = Vec::new();
    for (name, unit) in units {
        if left >= unit {
            parts.push(format!("{} {name}", left / unit));
            left %= unit;
        }
    }
    if parts.is_empty() { "0 s".to_owned() } else { parts[..parts.len().min(2)].join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_said_in_their_two_largest_units() {
        for (seconds, said) in
            [(0, "0 s"), (59, "59 s"), (90_000, "1 d 1 h"), (3_661, "1 h 1 min"), (172_800, "2 d")]
        {
            assert_eq!(duration(seconds), said);
        }
    }
}
