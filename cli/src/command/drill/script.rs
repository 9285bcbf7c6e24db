//! A script: the steps of an incident as they are played, each compared with what the documents say.

use alloy_sol_types::SolCall;
use anyhow::{Context, Result};
use pacioli_verifier_contract::{
    bindings::{SolvencyRegistry as R, State},
    chain::Chain,
    registry::state_name,
};
use serde::Serialize;

use super::{acting::refusal, parties::Role, seen::Seen, told::told, world::World};
use crate::outcome::Refused;

/// One step, as it came out.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    /// Seconds since the first snapshot.
    pub at: u64,
    /// Seconds since the step before.
    pub takes: u64,
    /// Who acts.
    pub by: &'static str,
    /// What happens or is done.
    pub what: String,
    /// What they type.
    pub commands: Vec<String>,
    /// The gas of what was sent.
    pub gas: Option<u64>,
    /// What came of it.
    pub came: String,
    /// What everybody sees then.
    pub seen: Seen,
    /// The same in words.
    #[serde(skip)]
    pub shown: String,
    /// Who else may act now, and what they would type.
    pub may: Vec<May>,
}

/// What somebody may do.
#[derive(Clone, Debug, Serialize)]
pub struct May {
    pub by: &'static str,
    pub command: String,
    pub what: &'static str,
}

/// An incident that was played.
#[derive(Clone, Debug, Serialize)]
pub struct Played {
    pub incident: &'static str,
    pub title: &'static str,
    pub steps: Vec<Step>,
    /// Seconds from the alert to the end.
    pub lasted: u64,
    /// How it ended.
    pub end: &'static str,
}

/// What a step is expected to leave.
#[derive(Clone, Copy, Debug)]
pub struct Expect {
    state: State,
    live: State,
}

impl From<State> for Expect {
    fn from(state: State) -> Self {
        Self { state, live: state }
    }
}

/// A state by what is stored, and another by what is there.
pub fn but_live(state: State, live: State) -> Expect {
    Expect { state, live }
}

/// Shows a step to whoever takes part.
pub type Show<'a> = &'a dyn Fn(&Step) -> Result<()>;

/// An incident being played.
pub struct Script<'a> {
    pub world: World,
    incident: &'static str,
    title: &'static str,
    steps: Vec<Step>,
    last: u64,
    alerted: Option<u64>,
    show: Show<'a>,
}

impl<'a> Script<'a> {
    /// Begins with a healthy venue.
    pub fn new(
        world: World,
        (incident, title): (&'static str, &'static str),
        show: Show<'a>,
    ) -> Result<Self> {
        let last = world.now();
        let mut script =
            Self { world, incident, title, steps: Vec::new(), last, alerted: None, show };
        let came = "the attestation of day 2 is on chain, as on the days before";
        script.event("an ordinary day", came, State::Healthy)?;
        Ok(script)
    }

    /// Something happens that somebody has to act on: time is counted from here.
    pub fn alert(
        &mut self,
        what: &str,
        came: &str,
        expect: impl Into<Expect>,
        may: &[(Role, &[&str], &'static str)],
    ) -> Result<()> {
        self.alerted = Some(self.world.now());
        let may = may.iter().map(|(by, words, what)| {
            let command = told(words)?.0;
            Ok(May { by: by.name(), command, what })
        });
        let may = may.collect::<Result<Vec<_>>>()?;
        self.step(Role::Nobody, what, (Vec::new(), None), came, expect.into(), may)
    }

    /// Something happens by itself.
    pub fn event(&mut self, what: &str, came: &str, expect: impl Into<Expect>) -> Result<()> {
        self.step(Role::Nobody, what, (Vec::new(), None), came, expect.into(), Vec::new())
    }

    /// Somebody types a command of `venue` or `fund`: what it sends is sent.
    pub fn command(
        &mut self,
        by: Role,
        what: &str,
        words: &[&str],
        came: &str,
        expect: impl Into<Expect>,
    ) -> Result<()> {
        let (command, args) = told(words)?;
        let gas = self.world.run(by, &args).with_context(|| command.clone())?;
        let sent = (vec![command], Some(gas));
        self.step(by, what, sent, came, expect.into(), Vec::new())
    }

    /// Somebody types commands whose doing the world did.
    pub fn done(
        &mut self,
        by: Role,
        what: &str,
        (commands, gas): (&[&[&str]], u64),
        came: &str,
        expect: impl Into<Expect>,
    ) -> Result<()> {
        let commands = commands.iter().map(|words| Ok(told(words)?.0));
        let sent = (commands.collect::<Result<_>>()?, Some(gas));
        self.step(by, what, sent, came, expect.into(), Vec::new())
    }

    /// Somebody types a command that a contract has to refuse with this error.
    pub fn refused(
        &mut self,
        by: Role,
        what: &str,
        words: &[&str],
        error: &str,
        expect: impl Into<Expect>,
    ) -> Result<()> {
        let (command, args) = told(words)?;
        let reason = refusal(self.world.run(by, &args)).with_context(|| command.clone())?;
        let came = self.refusal(&reason, error)?;
        self.step(by, what, (vec![command], None), &came, expect.into(), Vec::new())
    }

    /// Somebody tries something that a contract refused for this reason.
    pub fn failed(
        &mut self,
        by: Role,
        what: &str,
        (reason, error): (&str, &str),
        expect: impl Into<Expect>,
    ) -> Result<()> {
        let came = self.refusal(reason, error)?;
        self.step(by, what, (Vec::new(), None), &came, expect.into(), Vec::new())
    }

    /// What a refusal says, which has to be this error.
    fn refusal(&self, reason: &str, error: &str) -> Result<String> {
        let name = reason.split('(').next().unwrap_or_default();
        self.ensure(name == error, &format!("refused with {error}"), reason)?;
        Ok(format!("refused: {error}"))
    }

    /// A fact that the documents state.
    pub fn ensure(&self, is: bool, expected: &str, got: &str) -> Result<()> {
        if is {
            return Ok(());
        }
        let step = self.steps.len() + 1;
        Err(Refused(format!(
            "{}, step {step}: the documents say: {expected}; the contracts: {got}",
            self.incident
        ))
        .into())
    }

    /// What the registry answers about the venue.
    pub fn ask<C: SolCall>(&mut self, call: &C) -> Result<C::Return> {
        let registry = self.world.system.registry;
        Ok(self.world.chain.ask(registry, call)?)
    }

    /// The state of one asset.
    pub fn state_for(&mut self, asset: &str, expected: State) -> Result<()> {
        let (venue, subject) = (self.world.venue, alloy_primitives::keccak256(asset));
        let state = self.ask(&R::stateForCall { venue, subject })?;
        let expected_name = format!("{asset} is {}", state_name(expected));
        self.ensure(state == expected, &expected_name, state_name(state))
    }

    /// The end.
    pub fn end(self, end: &'static str) -> Played {
        let lasted = self.world.now() - self.alerted.unwrap_or(self.last);
        let Self { incident, title, steps, .. } = self;
        Played { incident, title, steps, lasted, end }
    }

    fn step(
        &mut self,
        by: Role,
        what: &str,
        (commands, gas): (Vec<String>, Option<u64>),
        came: &str,
        expect: Expect,
        may: Vec<May>,
    ) -> Result<()> {
        let (seen, answer) = Seen::of(&mut self.world)?;
        let shown = seen.text(&answer);
        let expected = Seen::in_state(expect.state, expect.live);
        self.ensure(seen == expected, &expected.text(&answer), &shown)?;
        let now = self.world.now();
        let step = Step {
            at: now - self.world.day_0,
            takes: now - self.last,
            by: by.name(),
            what: what.to_owned(),
            commands,
            gas,
            came: came.to_owned(),
            seen,
            shown,
            may,
        };
        self.last = now;
        (self.show)(&step)?;
        self.steps.push(step);
        Ok(())
    }
}
