//! An account holder's or allocator's own verifier: an attestation and a statement, checked under a
//! key that is made here from a setup file whose digest the reader knows.
//!
//! ```text
//! verify ATTESTATION STATEMENT ACCOUNT SETUP_FILE SETUP_DIGEST
//! verify ATTESTATION STATEMENT ACCOUNT --insecure
//! ```
//!
//! It exits with 0 only if every clause of the policy holds under a setup that the reader trusts.

#![expect(clippy::print_stdout, reason = "a program prints its verdict")]

use std::{env, error::Error, fs, path::Path, process::ExitCode};

use pacioli_attestation::{
    Candidate, VerifyingKey,
    setup::{Origin, Setup},
    statement::{self, Statement},
};

const USAGE: &str = "verify ATTESTATION STATEMENT ACCOUNT (SETUP_FILE SETUP_DIGEST | --insecure)";

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let args: Vec<String> = env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let (verdict, is_proved) = run(&args)?;
    println!("{verdict}");
    Ok(if is_proved { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The verdict, and whether it is one to rely on.
pub fn run(args: &[&str]) -> Result<(&'static str, bool), Box<dyn Error>> {
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
