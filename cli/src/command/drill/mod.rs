//! `pacioli drill`: incidents from alert to resolution, with the real contracts, on a chain in this
//! process. Every step is compared with what the documents say.

mod acting;
mod bad_verifier;
mod book;
mod breach;
mod contracts;
mod depeg;
mod key_theft;
mod parties;
mod script;
mod seen;
mod stale;
mod text;
mod told;
mod world;

use std::{
    cell::{Cell, RefCell},
    io::{IsTerminal, stdin},
};

use alloy_primitives::Bytes;
use anyhow::{Context, Result};
use pacioli_attestation::Progress;
use pacioli_rules::Prices;
use pacioli_verifier_contract::artifacts;
use serde_json::json;

use self::{
    book::{Accounts, Asked, Proved, Prover},
    parties::Parties,
    script::{Played, Show, Step},
    world::{DAY, World},
};
use crate::{
    args::{DrillArgs, Incident},
    output::{self, Report},
    progress::Shown,
    sample,
};

/// The days on which the venue attests before an incident.
const HISTORY: u64 = 3;

/// What all incidents begin with.
pub struct Stage<'a> {
    prover: RefCell<Prover>,
    /// The attestations of the first days.
    history: Vec<Proved>,
    /// The holder's id.
    holder: String,
    progress: &'a dyn Progress,
    show: Show<'a>,
}

/// Runs the command.
pub fn run(args: &DrillArgs, is_json: bool, progress: &Shown) -> Result<Report> {
    let waits = args.pause && !is_json && stdin().is_terminal();
    let first = Cell::new(true);
    let show = |step: &Step| {
        if !waits {
            return Ok(());
        }
        if !first.replace(false) {
            let mut line = String::new();
            stdin().read_line(&mut line).context("waiting for Enter")?;
        }
        output::show(&text::step(step))
    };
    let stage = Stage::new(progress, &show)?;
    let mut played = Vec::new();
    for (incident, play) in INCIDENTS {
        if args.incident != Incident::All && args.incident != incident {
            continue;
        }
        progress.begin("playing an incident", 1);
        played.push(play(&stage)?);
    }
    let text = text::report(&played, !waits);
    let json = json!({
        "holds": true,
        "delay": world::DELAY,
        "max_age": world::MAX_AGE,
        "incidents": played,
    });
    Ok(Report { text, json, holds: true })
}

/// An incident.
type Play = fn(&Stage<'_>) -> Result<Played>;

/// All incidents, in the order of the command's arguments.
const INCIDENTS: [(Incident, Play); 5] = [
    (Incident::Breach, breach::play),
    (Incident::Stale, stale::play),
    (Incident::Depeg, depeg::play),
    (Incident::KeyTheft, key_theft::play),
    (Incident::BadVerifier, bad_verifier::play),
];

impl<'a> Stage<'a> {
    /// Proves the first days.
    fn new(progress: &'a dyn Progress, show: Show<'a>) -> Result<Self> {
        progress.begin("proving the first days", 1);
        let holder = format!("{:#x}", Parties::new()?.holder);
        let mut prover = Prover::new(holder.clone())?;
        let day_0 = u64::try_from(Prices::parse(sample::PRICES)?.as_of.as_second())?;
        let mut history: Vec<Proved> = Vec::new();
        for day in 0..HISTORY {
            let previous = history.last();
            let accounts = Accounts::All;
            let asked = Asked { accounts, as_of: day_0 + day * DAY, usdc: "1", previous };
            let proved = prover.prove(asked, progress)?;
            history.push(proved);
        }
        Ok(Self { prover: RefCell::new(prover), history, holder, progress, show })
    }

    /// A healthy venue on the third day, under the verifier that comes with the program.
    fn world(&self) -> Result<World> {
        self.world_with(artifacts::get("VolumeVerifier").bytecode.clone())
    }

    /// The same under another verifier, from its creation code.
    fn world_with(&self, verifier: impl Into<Bytes>) -> Result<World> {
        World::new(&self.history, verifier)
    }

    /// Proves the venue's book at a time and a price of USDC.
    fn prove(&self, as_of: u64, usdc: &str, previous: &Proved) -> Result<Proved> {
        let asked = Asked { accounts: Accounts::All, as_of, usdc, previous: Some(previous) };
        self.prover.borrow_mut().prove(asked, self.progress)
    }

    /// Proves a book of which a thief left nearly everybody out.
    fn prove_friends(&self, as_of: u64, previous: &Proved) -> Result<Proved> {
        let accounts = Accounts::Friends;
        let asked = Asked { accounts, as_of, usdc: "1", previous: Some(previous) };
        self.prover.borrow_mut().prove(asked, self.progress)
    }
}
