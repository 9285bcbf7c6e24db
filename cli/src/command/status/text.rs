//! The findings as text.

use std::fmt::Write;

use alloy_primitives::{Address, B256};
use anyhow::Result;
use pacioli_attestation::setup::Origin;
use pacioli_chain::Block;
use pacioli_circuits::ScenarioId;
use pacioli_rules::Amount;
use pacioli_verifier_contract::{
    bindings::{Purpose, Reserve},
    registry::{Latest, faults, state_name},
};

use super::{super::setup_state, Found, Verdict, clauses, given::Given, history::Past, unit::Unit};
use crate::{
    format::{grouped, time},
    shown::beginning,
    table::table,
};

impl Found {
    pub(super) fn text(&self, verdict: &Verdict, registry: Address, venue: B256) -> Result<String> {
        let mut text = String::new();
        let t = &mut text;
        match verdict {
            Verdict::Holds => {
                let holds = match self.origin {
                    Some(Origin::Insecure) => "HOLDS, UNDER AN INSECURE SETUP",
                    Some(Origin::Unknown) => "HOLDS ONLY IF NOBODY KNOWS THE SETUP'S SECRET",
                    _ => "HOLDS",
                };
                writeln!(t, "{holds}: the latest attestation, and it is fresh")?;
                t.push_str(self.origin.map(setup_state::warning).unwrap_or_default());
            }
            Verdict::DoesNotHold(reason) => writeln!(t, "DOES NOT HOLD: {reason}")?,
            Verdict::NotCompared(missing) => {
                writeln!(
                    t,
                    "NOT COMPARED: the registry says that the latest attestation holds, but not"
                )?;
                writeln!(t, "everything behind that was compared. Before you rely on it:")?;
                for what in missing {
                    writeln!(t, "  - {what}")?;
                }
            }
        }
        let there = &self.status.venue;
        let code = self.registry.said("as released");
        writeln!(t, "\n  registry     {registry}: code {code}, and that of all its contracts")?;
        let (head, age) = (time(self.status.time), duration(self.head_age()));
        let Block { number, hash, .. } = &self.block;
        writeln!(t, "  head         block {number}, {head}, {age} ago by the clock here")?;
        writeln!(t, "               all is as of it: {hash}")?;
        writeln!(t, "  venue        {venue}")?;
        writeln!(t, "  state        {}", state_name(self.status.verdict.state))?;
        for fault in faults(self.status.verdict.faults) {
            writeln!(t, "               {fault}")?;
        }
        writeln!(t, "  owner        {}\n  publisher    {}", there.owner, there.publisher)?;
        if there.guardian != Address::ZERO {
            writeln!(t, "  guardian     {}", there.guardian)?;
        }
        let delay = duration(there.delay);
        writeln!(t, "  delay        {delay}, lag {}", duration(there.maxLag))?;
        if let Some(latest) = &self.status.latest {
            self.attested(t, latest)?;
        }
        self.announced(t)?;
        self.past(t)?;
        if let Some(attested) = self.given.as_ref().and_then(|given| given.attested.as_ref()) {
            writeln!(t, "\nthe attestation given")?;
            if attested.other.is_empty() {
                writeln!(
                    t,
                    "  verifies, and is the one on chain: context, digest, figures, proofs"
                )?;
            }
            for what in &attested.other {
                writeln!(t, "  DIFFERENT ON CHAIN: {what}")?;
            }
            for clause in &attested.failing {
                writeln!(t, "  ITS OWN POLICY DOES NOT HOLD: {}", clause.escape_debug())?;
            }
        }
        Ok(text)
    }

    fn attested(&self, t: &mut String, Latest { record, figures, .. }: &Latest) -> Result<()> {
        let age = duration(self.status.age().unwrap_or_default());
        let (round, sequence) = (self.status.verdict.round, record.sequence);
        writeln!(
            t,
            "  attestation  round {round}, sequence number {sequence}, {}",
            record.attestation
        )?;
        writeln!(t, "  context      {}", record.context)?;
        writeln!(t, "  as of        {}, {age} ago", time(record.asOf))?;
        writeln!(t, "  appended     {}", time(record.appendedAt))?;
        let (accounts, left_out) = (record.accounts, record.accountsLeftOut);
        writeln!(
            t,
            "  book         {accounts} accounts, {left_out} left out, {} assets left out",
            record.assetsLeftOut
        )?;
        if record.observers > 0 {
            writeln!(t, "  observers    {} signed", record.observers)?;
        }
        writeln!(t, "  rules        {}", record.rules)?;
        writeln!(t, "  program      {}", self.program.said("that of the rules given"))?;
        writeln!(t, "  key          {}: {}", self.proved_under, self.key.said("as generated"))?;
        writeln!(t, "  verifier     code {}", self.code.said("as generated"))?;

        let unit = self.unit();
        let amount = |units: u128| unit.amount(units);
        writeln!(t, "\nproved and read on chain, in {}", unit.name())?;
        writeln!(t, "  reserves for customers  {}", amount(record.reserves))?;
        writeln!(t, "  coverage                {}", coverage(record.coverageBps))?;
        let rows = ScenarioId::all(figures.len()).zip(figures).map(|(id, figures)| {
            let [owed, bad_debt, insurance] =
                [figures.owed, figures.badDebt, figures.insurance].map(amount);
            [
                self.scenario(id),
                owed,
                bad_debt,
                insurance,
                figures.accountsWithShortfall.to_string(),
            ]
        });
        let head = ["scenario", "owed", "bad debt", "insurance", "accounts with shortfall"];
        table(t, &head, &rows.collect::<Vec<_>>())?;
        writeln!(t, "\npolicy")?;
        for number in 0..self.clauses() {
            let holds = if record.failing.bit(number) { "DOES NOT HOLD" } else { "holds" };
            writeln!(t, "  {holds:<13}  {}", self.clause(number))?;
        }
        Ok(())
    }

    fn announced(&self, t: &mut String) -> Result<()> {
        writeln!(t, "\nrules, verifiers and reserves")?;
        for (hash, rules) in &self.status.rules {
            let state =
                if rules.retired { "retired".to_owned() } else { self.from(rules.activeFrom) };
            let program = match self.given.as_ref().filter(|given| given.rules == *hash) {
                Some(given) => match given.other_program(rules.program) {
                    None => "that of the rules given".to_owned(),
                    Some(how) => {
                        format!("THE REGISTERED PROGRAM IS NOT THAT OF THESE RULES: {how}")
                    }
                },
                None => "not compared".to_owned(),
            };
            writeln!(t, "  rules     {hash}: {state}, program {}, {program}", rules.program)?;
        }
        for (at, verifier) in &self.status.verifiers {
            let state =
                if verifier.frozen { "frozen".to_owned() } else { self.from(verifier.activeFrom) };
            writeln!(t, "  verifier  {at}: {state}, key {}", verifier.key)?;
        }
        for (reserve, symbol) in self.status.reserves.iter().zip(&self.symbols) {
            writeln!(t, "  reserve   {}", self.reserve(reserve, symbol.as_deref()))?;
        }
        if !self.has_reserves() {
            writeln!(t, "  reserve   NONE IS LISTED that its custodian has accepted")?;
        }
        for (index, remote) in self.status.remotes.iter().enumerate() {
            writeln!(
                t,
                "  reserve   {} on chain {}: token {}, custodian {}, as observers read it: {}",
                self.names.of(remote.asset),
                remote.chainId,
                remote.token,
                remote.custodian,
                self.from(remote.activeFrom),
            )?;
            for other in self.around.also_listed_by.get(index).into_iter().flatten() {
                writeln!(t, "            ALSO LISTED BY the venue {other}: it counts for each")?;
            }
        }
        for feed in &self.status.feeds {
            let (name, band) = (self.names.of(feed.name), Amount::new(u64::from(feed.bandBps), 2));
            let state = match feed.removedFrom {
                0 => self.from(feed.activeFrom),
                from => format!("until {}", time(from)),
            };
            writeln!(t, "  feed      {name} within {band} % of {}: {state}", feed.feed)?;
        }
        let observers = &self.status.observers;
        for (observer, from) in observers.members.iter().zip(&observers.activeFrom) {
            writeln!(t, "  observer  {observer}: {}", self.from(*from))?;
        }
        if !observers.members.is_empty() {
            let alarm = match observers.alarmThreshold {
                0 => "none can alarm".to_owned(),
                alarm => format!("{alarm} for an alarm"),
            };
            writeln!(t, "  observers {} must sign, {alarm}", observers.threshold)?;
        }
        let there = &self.status.venue;
        for (what, until) in
            [("pause", self.status.paused_until), ("alarm", self.status.alarmed_until)]
        {
            if until > self.status.time {
                writeln!(t, "  {what}     lapses at {}", time(until))?;
            }
        }
        self.around.text(t, self.status.time, self.history.is_some())?;
        if there.nextPublisher != there.publisher {
            let (next, from) = (there.nextPublisher, self.from(there.nextPublisherFrom));
            writeln!(t, "  publisher {next}: {from}")?;
        }
        if there.nextDelay != there.delay {
            let (next, from) = (duration(there.nextDelay), self.from(there.nextDelayFrom));
            writeln!(t, "  delay     {next}: {from}")?;
        }
        if there.nextOwner != Address::ZERO {
            writeln!(t, "  owner     {} may accept", there.nextOwner)?;
        }
        Ok(())
    }

    /// The attestations so far.
    fn past(&self, t: &mut String) -> Result<()> {
        let Some(history) = &self.history else { return Ok(()) };
        let rows = history.iter().map(|Past { round, record, revoked, rechecks, confirmed_by }| {
            let mut what = faults(record.faults);
            if !record.failing.is_zero() {
                what.insert(0, format!("{} clauses fail", record.failing.count_ones()));
            }
            if *rechecks > 0 {
                what.push(format!("{rechecks} rechecks found too little"));
            }
            if !confirmed_by.is_zero() {
                what.push(format!("confirmed by {confirmed_by} observers"));
            }
            if let Some(reason) = revoked {
                what.push(format!("revoked: {}", beginning(reason)));
            }
            [
                round.to_string(),
                record.sequence.to_string(),
                time(record.asOf),
                coverage(record.coverageBps),
                what.join("; "),
            ]
        });
        writeln!(t, "\nattestations so far")?;
        let head = ["round", "number", "as of", "coverage", "what was not as it should be"];
        table(t, &head, &rows.collect::<Vec<_>>())?;
        Ok(())
    }

    /// The number of clauses of the latest attestation's policy.
    pub(super) fn clauses(&self) -> usize {
        let failing = self.status.verdict.failing;
        let least = 256 - failing.leading_zeros();
        self.sent.as_ref().map_or(least, |sent| sent.clauses.len())
    }

    /// The reserve's asset and token, and whether it counts.
    fn reserve(&self, reserve: &Reserve, symbol: Option<&str>) -> String {
        let state = if reserve.accepted {
            self.from(reserve.activeFrom)
        } else {
            "not accepted by its custodian".to_owned()
        };
        let (asset, purpose) = (self.names.of(reserve.asset), purpose(reserve.purpose));
        let (custodian, decimals) = (reserve.custodian, reserve.decimals);
        let token = match (reserve.token, symbol) {
            (Address::ZERO, _) => "the chain's own coin".to_owned(),
            (token, Some(symbol)) => {
                format!("token {token}, symbol `{}`,", symbol.escape_debug())
            }
            (token, None) => format!("token {token}, which has no symbol,"),
        };
        format!(
            "{asset}: {token} of {decimals} decimals, custodian {custodian}, for {purpose}: {state}"
        )
    }

    fn from(&self, from: u64) -> String {
        if from > self.status.time {
            format!("waits until {}", time(from))
        } else {
            "in force".to_owned()
        }
    }

    /// The rules given, where they are those of the latest attestation and the program is theirs.
    pub(super) fn names_of_latest(&self) -> Option<&Given> {
        let latest = self.status.latest.as_ref()?;
        let given = self.given.as_ref().filter(|given| given.rules == latest.record.rules);
        given.filter(|_| self.program.other().is_none())
    }

    /// The unit of the latest attestation's figures.
    pub(super) fn unit(&self) -> Unit {
        match self.names_of_latest() {
            Some(Given { compiled, .. }) => Unit::given(compiled.value_decimals, &compiled.quote),
            None => Unit::sent(self.sent.as_ref(), &self.names),
        }
    }

    /// The name of a scenario of the latest attestation.
    pub(super) fn scenario(&self, id: ScenarioId) -> String {
        let scenarios = self.names_of_latest().map(|given| &given.compiled.scenarios);
        if let Some(scenario) = scenarios.and_then(|all| all.get(id.index())) {
            return scenario.name.clone();
        }
        match (&self.sent, id) {
            (Some(sent), _) => clauses::scenario(sent, id),
            (None, ScenarioId::MARK) => "mark".to_owned(),
            (None, _) => format!("scenario {id}"),
        }
    }

    /// A clause of the latest attestation's policy: by its key in the rules, and as text.
    pub(super) fn clause(&self, number: usize) -> String {
        let program = self.names_of_latest().and_then(|given| given.program.as_ref().ok());
        let name = program.and_then(|program| program.clause_names().get(number));
        let words = self.sent.as_ref().and_then(|sent| {
            let clause = sent.clauses.get(number)?;
            let scenario = |id| self.scenario(id);
            Some(clauses::words(clause, sent, &self.names, &self.unit(), scenario))
        });
        let is_refused = self.sent.as_ref().is_some_and(|sent| number == sent.clauses.len());
        match (name, words) {
            (None, None) if is_refused => {
                "left_out.refused: a price was refused, and something left out or a market without one"
                    .to_owned()
            }
            (Some(name), Some(words)) => format!("{name}: {words}"),
            (Some(name), None) => name.clone(),
            (None, Some(words)) => format!("clause {}: {words}", number + 1),
            (None, None) => format!("clause {}", number + 1),
        }
    }
}

pub(super) fn purpose(purpose: Purpose) -> &'static str {
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

/// Seconds in words: `2 d 3 h`.
pub(super) fn duration(seconds: u64) -> String {
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
