//! Asking a chain for all that is compared.

use alloy_primitives::{Address, B256, Bytes, keccak256};
use alloy_sol_types::{SolCall, SolValue, sol};
use anyhow::Result;
use jiff::Timestamp;
use pacioli_attestation::{Verified, proof_layout};
use pacioli_chain::Block;
use pacioli_rules::ScenarioKind;
use pacioli_verifier_contract::{
    bindings::{Figures, Venues as V},
    chain::{Chain, ChainError},
    registry::{Latest, Status},
    stored::Stored,
    system::System,
};

use super::{
    super::{
        build::Build,
        compare::{self, Compared},
        files,
        key_source::KeySource,
    },
    Found, Given, Names,
    around::Around,
    history,
};
use crate::{args::StatusArgs, progress::Shown};

sol! {
    interface Token {
        function symbol() external view returns (string);
    }
}

const NO_RECORD: &str = "there is no attestation";

/// Asks and compares.
pub fn find(
    chain: &mut impl Chain,
    (at, venue, block): (Address, B256, Block),
    args: &StatusArgs,
    (source, progress): (&KeySource, &Shown),
    mut given: Option<Given>,
    build: Option<&Build>,
) -> Result<Found> {
    let system = System::of(chain, at)?;
    let differing: Vec<_> =
        system.compare(chain)?.into_iter().filter(|found| !found.is_same).collect();
    let registry = match differing.first() {
        Some(other) => Compared::Other(format!(
            "the code of {} at {} is not this release's",
            other.name, other.at
        )),
        None => Compared::Same,
    };
    let status = Status::of(chain, at, venue)?;
    let (mut key, mut verifier) = (Compared::Not(NO_RECORD), Compared::Not(NO_RECORD));
    let (mut program, mut sent, mut origin) = (Compared::Not(NO_RECORD), None, None);
    let mut proved_under = B256::ZERO;
    if let Some(latest) = &status.latest {
        let record = &latest.record;
        let call = V::verifierOfCall { venue, verifier: record.verifier };
        let there = chain.ask(system.venues, &call)?;
        proved_under = there.key;
        let page_size = 1usize.checked_shl(there.pageBits.into()).unwrap_or_default();
        let shape = compare::shape(there.k.into(), page_size)?;
        (key, origin) = compare::key(source, there.key, shape, progress)?;
        let demo = args.key.accept_insecure_setup;
        verifier = compare::code(chain, record.verifier, demo, build)?;
        let rules = chain.ask(system.venues, &V::rulesOfCall { venue, rules: record.rules })?;
        let registered = rules.program;
        program = match &given {
            Some(given) if given.rules == record.rules => match given.other_program(registered) {
                Some(how) => Compared::Other(format!("{registered} is registered: {how}")),
                None => Compared::Same,
            },
            Some(_) => Compared::Not("the rules given are not those of the latest attestation"),
            None => Compared::Not(
                "give --attestation, or --rules with --prices: the clauses that are registered \
                 may be others than the venue's rules have",
            ),
        };
        sent = Stored::find(chain, &rules.chunks, registered)?;
    }
    let announced = given.as_ref().and_then(|given| {
        let (_, rules) = status.rules.iter().find(|(hash, _)| *hash == given.rules)?;
        given.other_program(rules.program)
    });
    if let Some(attested) = given.as_mut().and_then(|given| given.attested.as_mut()) {
        attested.other = compare_attestation(status.latest.as_ref(), &attested.verified)?;
    }
    let symbols = status.reserves.iter().map(|reserve| symbol(chain, reserve.token));
    let symbols = symbols.collect::<Result<_, _>>()?;
    let rules = given.iter().flat_map(|given| {
        let quote = std::iter::once(&given.compiled.quote);
        quote.chain(given.compiled.assets.keys()).chain(given.compiled.markets.keys()).cloned()
    });
    let names = Names::with(status.names.values().cloned().chain(rules));
    let now = args.now.as_deref().map(files::time).transpose()?.unwrap_or_else(Timestamp::now);
    let now = u64::try_from(now.as_second()).unwrap_or_default();
    let history = args.history.then(|| history::all(chain, at, venue)).transpose()?;
    Ok(Found {
        status,
        block,
        now,
        max_age: args.max_age.0,
        max_head_age: args.max_head_age.0,
        registry,
        key,
        origin,
        code: verifier,
        program,
        announced,
        given,
        sent,
        proved_under,
        history,
        names,
        symbols,
        around: Around::default(),
    })
}

/// A token's symbol: its own claim; `None` if it has none.
fn symbol(chain: &mut impl Chain, token: Address) -> Result<Option<String>, ChainError> {
    if token == Address::ZERO {
        return Ok(None);
    }
    let answer: Bytes = match chain.view(token, Token::symbolCall {}.abi_encode().into()) {
        Ok(answer) => answer,
        Err(ChainError::Node(error)) => return Err(ChainError::Node(error)),
        Err(_) => return Ok(None),
    };
    // Old tokens answer with 32 bytes.
    let text = String::abi_decode(&answer).ok().or_else(|| {
        let word = B256::abi_decode(&answer).ok()?;
        let text = std::str::from_utf8(word.as_slice()).ok()?;
        Some(text.trim_end_matches('\0').to_owned())
    });
    // It may say anything, at any length.
    Ok(text.map(|text| text.chars().take(16).collect()))
}

/// The differences on chain from an attestation that was verified.
fn compare_attestation(latest: Option<&Latest>, verified: &Verified) -> Result<Vec<String>> {
    let attestation = &verified.attestation;
    let sequence = attestation.header.sequence;
    let Some(Latest { record, figures, phase1, .. }) = latest else {
        return Ok(vec!["there is no attestation".to_owned()]);
    };
    if record.sequence != sequence {
        let latest = record.sequence;
        return Ok(vec![format!("the latest has sequence number {latest}, not {sequence}")]);
    }
    let mut other = Vec::new();
    let mut compare = |what: &str, same: bool| {
        if !same {
            other.push(format!("{what} of sequence number {sequence}"));
        }
    };
    compare("the context", record.context.0 == attestation.context().0.0);
    compare("the digest", record.attestation.0 == attestation.digest().0);
    let scenarios = &verified.compiled.scenarios;
    let totals = |row: pacioli_circuits::InstrumentId| verified.totals.0[row.row()];
    let same = |(got, scenario): (&Figures, &pacioli_rules::CompiledScenario)| {
        // Constraints and the cover have no figures.
        let Some([_, shortfall]) = scenario.balance() else { return *got == Figures::default() };
        let shortfall = totals(shortfall);
        let short = (got.badDebt, got.accountsWithShortfall);
        let (owed, with_equity) = match scenario.kind {
            ScenarioKind::Twin { of } => {
                let mut funds = verified.figures.funds.iter();
                let of = funds.find(|fund| fund.scenario == verified.compiled.scenario(of).name);
                let Some(fund) = of else { return false };
                (&fund.owed_to_others, fund.accounts_with_equity)
            }
            _ => {
                let Some(figures) = verified.figures.scenario(&scenario.name) else { return false };
                (&figures.owed, figures.accounts_with_equity)
            }
        };
        owed.units == got.owed.into()
            // A contract writes 0 where nobody knows.
            && with_equity.unwrap_or_default() == got.accountsWithEquity
            && short == (shortfall.quantity, shortfall.count)
    };
    let all = figures.len() == scenarios.len() && figures.iter().zip(scenarios).all(same);
    compare("the figures", all);
    let count = phase1.len() == attestation.volumes.len();
    compare("the number of volumes", count);
    let length = proof_layout(&attestation.header.shape()?).phase1;
    let volumes = attestation.volume_ids().zip(&attestation.volumes).zip(phase1);
    for ((id, volume), there) in volumes.filter(|_| count) {
        let commitments = keccak256(&volume.proof[..length]);
        compare(&format!("the proof of volume {id}"), *there == commitments);
    }
    Ok(other)
}
