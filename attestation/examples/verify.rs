//! An account holder's or allocator's own verifier: an attestation and a statement, checked under a
//! key that is made here from a setup file whose digest the reader knows.
//!
//! ```text
//! verify ATTESTATION STATEMENT ACCOUNT SETUP_FILE SETUP_DIGEST
//! verify ATTESTATION STATEMENT ACCOUNT --insecure
//! ```
//!
//! It exits with 0 only if every clause of the policy holds under a setup that the reader trusts. Before
//! the verdict it says of when the book is and what no clause asks about: that is for its reader to judge.

#![expect(clippy::print_stdout, reason = "a program prints its verdict")]

use std::{env, error::Error, fs, path::Path, process::ExitCode};

use jiff::Timestamp;
use pacioli_attestation::{
    Candidate, Findings, VerifyingKey, check_not_in_future,
    setup::{Origin, Setup},
    statement::{self, Statement},
    unasked,
};

const USAGE: &str = "verify ATTESTATION STATEMENT ACCOUNT (SETUP_FILE SETUP_DIGEST | --insecure)";

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let args: Vec<String> = env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let (verdict, is_proved) = run(&args, |found| print!("{}", about(found)))?;
    println!("{verdict}");
    Ok(if is_proved { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What a verdict has to be read with: a policy may hold that asks for little, of a book of last year.
fn about(found: &Findings) -> String {
    let header = &found.attestation.header;
    let (venue, number, as_of) = (header.venue.escape_debug(), header.sequence, header.as_of);
    let unasked = unasked(found.rules.policy(), &found.compiled, &found.figures).join("; ");
    format!("{venue}, sequence number {number}, of {as_of}; no clause asks about: {unasked}\n")
}

/// The verdict, and whether it is one to rely on; `tell` hears what to read it with.
pub fn run(
    args: &[&str],
    tell: impl FnOnce(&Findings),
) -> Result<(&'static str, bool), Box<dyn Error>> {
    let [attestation, statement, account, setup @ ..] = args else { return Err(USAGE.into()) };
    let candidate = Candidate::read(&fs::read(attestation)?)?;
    let key = match setup {
        ["--insecure"] => VerifyingKey::insecure(candidate.shape()),
        [file, digest] => {
            let setup = Setup::read(Path::new(file), &())?.vouch(digest.parse()?)?;
            VerifyingKey::new(&setup, candidate.shape())?
        }
        _ => return Err(USAGE.into()),
    };
    let verified = candidate.verify(key, &())?;
    statement::check(&Statement::parse(&fs::read(statement)?)?, &verified, Some(account))?;
    check_not_in_future(&verified.attestation, Timestamp::now())?;
    tell(&verified);
    Ok(verdict(verified.origin(), verified.holds()))
}

/// What to say of a policy that holds or not, under a setup of this origin.
pub fn verdict(origin: Origin, holds: bool) -> (&'static str, bool) {
    match (origin, holds) {
        (_, false) => ("DOES NOT HOLD", false),
        (Origin::Insecure, true) => ("PROVES NOTHING: everyone can forge under this setup", false),
        (Origin::Unknown, true) => ("PROVES NOTHING: nobody vouches for this setup", false),
        (Origin::Ceremony(_) | Origin::Vouched(_), true) => ("HOLDS", true),
    }
}
