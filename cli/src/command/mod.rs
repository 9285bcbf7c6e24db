//! One file per command.

mod act;
mod book;
mod build;
mod bundle;
mod check;
mod claim;
mod compare;
mod comparison;
mod contagion;
mod contract;
mod creation;
mod demo;
mod deploy;
mod deploy_fund;
mod deployments;
mod draw;
mod drawn_times;
mod draws;
mod drill;
mod example_contracts;
mod expected_rules;
mod external;
mod files;
mod fits;
mod forms;
mod fund;
mod held;
mod history;
mod init;
mod inputs;
mod journal;
mod json_lines;
mod key;
mod key_source;
mod known_code;
mod left_out;
mod lines;
mod node;
mod observe;
mod observer;
mod opener;
mod pack;
mod page;
mod parts;
mod planned;
mod prices;
mod prove;
mod register;
mod replay;
mod report;
mod report_file;
mod reprice;
mod requirements;
mod reserves;
mod rounds;
mod rules;
mod run;
mod secret;
mod setup;
mod setup_state;
mod signature;
mod signed;
mod signer;
mod statements;
mod status;
mod stress;
mod submit;
mod transaction;
mod venue;
mod verify;
mod watch;

use anyhow::Result;

use crate::{
    args::{Args, Command},
    output::Report,
    progress::Shown,
};

/// Runs the command.
///
/// # Errors
/// If something is missing, unreadable or refused.
pub fn run(args: &Args, progress: &Shown) -> Result<Report> {
    // Whatever the command: books, secrets and keys are in memory.
    parts::no_core_dumps();
    match &args.command {
        Command::Demo(args) => demo::run(args, progress),
        Command::Drill(own) => drill::run(own, args.json, progress),
        Command::Init(args) => init::run(args),
        Command::Prove(args) => prove::run(args, progress),
        Command::Deal(args) => parts::deal(args, progress),
        Command::ProveVolume(args) => parts::prove_volume(args, progress),
        Command::Assemble(args) => parts::assemble(args, progress),
        Command::OpenVolume(args) => parts::open_volume(args, progress),
        Command::Draw(args) => draw::run(args),
        Command::Verify(args) => verify::run(args, progress),
        Command::History(args) => history::run(args, progress),
        Command::Compare(args) => comparison::run(args, progress),
        Command::Replay(args) => replay::run(args),
        Command::Bundle(args) => bundle::run(args, progress),
        Command::Report(args) => report_file::run(args, progress),
        Command::Reprice(args) => reprice::run(args, progress),
        Command::Contagion(args) => contagion::run(args, progress),
        Command::Reserves(command) => reserves::run(command, progress),
        Command::Statements(command) => statements::run(command, progress),
        Command::Check(args) => check::run(args, progress),
        Command::Page(args) => page::run(args),
        Command::Setup(command) => setup::run(command, progress),
        Command::Key(args) => key::run(args, progress),
        Command::Secret(command) => secret::run(command),
        Command::Stress(args) => stress::run(args, progress),
        Command::Prices(command) => prices::run(command),
        Command::Rules(command) => rules::run(command, progress),
        Command::Contract(args) => contract::run(args, progress),
        Command::Deploy(command) => deploy::run(command),
        Command::Register(args) => register::run(args, progress),
        Command::Venue(command) => venue::run(command, progress),
        Command::Observe(args) => observe::run(args, progress),
        Command::Observer(command) => observer::run(command),
        Command::Draws(command) => draws::run(command),
        Command::Submit(args) => submit::run(args, progress),
        Command::Claim(args) => claim::run(args, progress),
        Command::Fund(command) => fund::run(command),
        Command::Status(args) => status::run(args, progress),
        Command::Watch(args) => watch::run(args, progress),
    }
}
