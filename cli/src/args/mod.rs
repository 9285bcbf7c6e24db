//! The command line, as clap reads it. No work is done here.

mod chain;
mod claim;
mod code;
mod contagion;
mod contract;
mod draw;
mod draws;
mod drill;
mod fund;
mod fund_steps;
mod init;
mod limits;
mod observe;
mod observer;
mod page;
mod pair;
mod parts;
mod prices;
mod prove;
mod record;
mod report;
mod reprice;
mod reserve;
mod reserves;
mod rules;
mod seconds;
mod send;
mod setup;
mod signer;
mod statements;
mod stress;
mod venue;
mod verify;
mod watch;

pub use self::{
    chain::{BuildFileArgs, DeployCommand, RegisterArgs, StatusArgs, SubmitArgs},
    claim::ClaimArgs,
    code::CodeArgs,
    contagion::{ContagionArgs, Count},
    contract::{ContractArgs, ContractCommand, ProgramArgs, RulesArgs},
    draw::DrawArgs,
    draws::{DrawsArgs, DrawsCommand, PinArgs, RecordArgs},
    drill::{DrillArgs, Incident},
    fund::{FundArgs, PayoutArg},
    fund_steps::FundCommand,
    init::InitArgs,
    limits::{LimitsArgs, Share},
    observe::{ObserveArgs, ObserveCommand},
    observer::{
        EjectArgs, ObserverCommand, SignAlarmArgs, SignConfirmationArgs, SignReadingArgs,
        SignatureArgs,
    },
    page::PageArgs,
    parts::{AssembleArgs, DealArgs, OpenVolumeArgs, ProveVolumeArgs, TaskArgs},
    prices::{AggregateArgs, PricesCheckArgs, PricesCommand},
    prove::{BookArgs, ProveArgs},
    record::{BundleArgs, CompareArgs, HistoryArgs, ReplayArgs},
    report::ReportArgs,
    reprice::RepriceArgs,
    reserve::ReserveArg,
    reserves::{
        ChallengeArgs, KnownArgs, ReadArgs, ReservesCheckArgs, ReservesCommand, SignArgs,
        StateArgs, TextArgs,
    },
    rules::{
        CalibrateArgs, RulesAddArgs, RulesCheckArgs, RulesCommand, RulesDiffArgs, RulesShowArgs,
    },
    seconds::Seconds,
    send::{Form, NodeArgs, SendArgs, SenderArgs, VenueArgs},
    setup::{ImportArgs, InsecureArgs, SecretCommand, SetupCommand},
    signer::SignerArgs,
    statements::{BuildArgs, ExportArgs, RunArgs, StatementArgs, StatementsCommand, WhoseArgs},
    stress::StressArgs,
    venue::{ActArgs, ComparedArg, FeedArgs, SignArgs as VenueSignArgs, VenueCommand},
    verify::{CheckArgs, KeyArgs, KeyFileArgs, VerifyArgs},
    watch::{WatchArgs, WatchCommand},
};

use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// Zero-knowledge proofs that a derivatives venue's book is solvent.
///
/// Exit codes: 0 holds, 1 checked and does not hold, 2 could not check, 75 try again.
#[derive(Debug, Parser)]
#[command(version)]
pub struct Args {
    /// Print one JSON document instead of text.
    #[arg(long, global = true)]
    pub json: bool,
    /// Do not show progress on stderr.
    #[arg(long, global = true)]
    pub quiet: bool,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Prove and verify a made-up venue, and show that forgeries are refused. Needs no files.
    Demo(DemoArgs),
    /// Play incidents on a chain in this process, from alert to resolution, with what people would type
    /// at each step: docs/incidents.md. Needs no files.
    Drill(DrillArgs),
    /// Write the commented files of a small venue, which prove as they stand: a venue to begin with.
    Init(InitArgs),
    /// Prove a book: from snapshot, rules and prices to an attestation.
    Prove(Box<ProveArgs>),
    /// Deal a book out to volumes that are proved on other machines: docs/scale.md.
    Deal(Box<DealArgs>),
    /// Prove one volume of a run that was dealt. Does nothing where it is proved already.
    ProveVolume(ProveVolumeArgs),
    /// Check the proofs of a run that was dealt, choose one a volume, and write the attestation.
    Assemble(AssembleArgs),
    /// Open the pages of one volume of a run that was assembled.
    OpenVolume(OpenVolumeArgs),
    /// Draw the second of a day for a snapshot that nobody chose the time of, or say what to draw it
    /// from.
    Draw(DrawArgs),
    /// Check an attestation and print what it says.
    Verify(VerifyArgs),
    /// Tell attestations over time: a folder, a registry or both, as one chain.
    History(Box<HistoryArgs>),
    /// Tell two attestations apart: figures, rules in words, prices, reserves, key, software.
    Compare(CompareArgs),
    /// Take the private book of a finished run under other scenarios, rules or prices. Nothing is proved.
    Replay(ReplayArgs),
    /// Pack an attestation with all that verifying it takes, years later and offline.
    Bundle(BundleArgs),
    /// Verify an attestation and write what it says as one page for people who decide: offline, with
    /// charts, for screen and paper. Exits as `verify` does.
    Report(Box<ReportArgs>),
    /// Say what an attestation is worth at other prices, without its publisher: what is owed and what
    /// bad debt is at most, and which clauses hold for certain. Exits with 2 where that is not known.
    Reprice(RepriceArgs),
    /// Say what each venue's failure leaves the others: several attestations in one scenario, with the
    /// venues' claims on each other. Exits with 1 where not all pay in full.
    Contagion(ContagionArgs),
    /// Make and check evidence of reserves: signatures, storage proofs, readings, custodians' statements.
    #[command(subcommand)]
    Reserves(ReservesCommand),
    /// Give account holders their statements.
    #[command(subcommand)]
    Statements(StatementsCommand),
    /// Check a statement: that its lines are in the book, under this id.
    Check(CheckArgs),
    /// Write the web page for account holders, print its digest, or say whether a file is that page.
    Page(PageArgs),
    /// Import a trusted setup, or make an insecure one for tests.
    #[command(subcommand)]
    Setup(SetupCommand),
    /// Write the verifying key of an attestation's circuit under a setup: a small file with which
    /// holders check.
    Key(KeyFileArgs),
    /// Make the operator's secret.
    #[command(subcommand)]
    Secret(SecretCommand),
    /// Stress-test a private book without proving it: crashes, squeezes and depegs.
    Stress(StressArgs),
    /// Make a prices file from several sources, or check one.
    #[command(subcommand)]
    Prices(PricesCommand),
    /// Check, compare and calibrate rules, and add scenarios to them.
    #[command(subcommand)]
    Rules(RulesCommand),
    /// Write the contracts for a verifying key, ready for the compiler.
    Contract(ContractArgs),
    /// Create a contract on a chain.
    #[command(subcommand)]
    Deploy(DeployCommand),
    /// Register a venue: its publisher, limits, rules, verifier and reserves.
    Register(Box<RegisterArgs>),
    /// What owner, guardian and custodians do about a venue.
    #[command(
        subcommand,
        after_help = "\
Examples:
  pacioli venue mark --venue Exchange                                   # anyone, at the snapshot's time
  pacioli venue pause --venue Exchange --reason \"a leak\" --dry-run      # owner or guardian
  pacioli venue announce-observer --venue Exchange --observer 0x… --unsigned safe
  pacioli venue announce-rules --venue Exchange --rules new.toml --prices prices.json \\
      --unsigned governor --governor 0x… --description \"New margins\""
    )]
    Venue(Box<VenueCommand>),
    /// As an observer, every day: verify an attestation, compare it with the registry, the rules, and
    /// prices and reserves of your own, and sign it, or say what differs.
    Observe(Box<ObserveArgs>),
    /// What observers sign about a venue and send: confirmations, alarms, readings, ejections.
    #[command(subcommand)]
    Observer(Box<ObserverCommand>),
    /// Record drawn times on a chain, for all venues.
    #[command(subcommand)]
    Draws(Box<DrawsCommand>),
    /// Verify an attestation and send it to a registry.
    Submit(SubmitArgs),
    /// Check a statement and claim on chain what it says that you are owed.
    Claim(ClaimArgs),
    /// The steps of a venue's fund from a breach to a payout, which anyone may take: docs/claims.md.
    #[command(subcommand)]
    Fund(Box<FundCommand>),
    /// Show a venue's latest attestation on a registry, and whether it holds.
    Status(StatusArgs),
    /// Watch venues, and tell who has to know: docs/watch.md.
    Watch(WatchArgs),
}

/// Arguments of `demo`.
#[derive(Debug, clap::Args)]
pub struct DemoArgs {
    /// Also write the sample's files and its attestation into this new directory.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_arguments_fit_together() {
        Args::command().debug_assert();
    }
}
