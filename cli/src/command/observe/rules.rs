//! The rules' text and what it comes to, and the policies: the venue's, and the observer's own.

use alloy_primitives::B256;
use anyhow::{Error, Result};
use jiff::Timestamp;
use pacioli_attestation::{By, Clause, Digest, Verified, program::Program, setup::Origin};

use super::{
    super::files,
    config::{Config, Rules},
    registry::Facts,
    rows::{Of, Row, Verdict},
    unknown,
};

/// The attestation's rules beside the observer's.
///
/// # Errors
/// If the observer's file cannot be read, or the attestation's rules have no program.
pub fn rows(
    config: &Config,
    facts: Result<&Facts, &Error>,
    verified: &Verified,
) -> Result<Vec<Row>> {
    let Some(Rules { file, digest, .. }) = &config.rules else {
        let why = "no section [rules]".to_owned();
        return Ok(vec![Row::without(Of::Program, "rules", Verdict::Not(why))]);
    };
    let mine = match (file, digest) {
        (Some(path), _) => Digest::of(files::read_rules_text(path)?.as_bytes()),
        (None, Some(digest)) => *digest,
        (None, None) => anyhow::bail!("rules: give either `file` or `digest`"),
    };
    let attestation = &verified.attestation;
    let theirs = Digest::of(attestation.rules.as_bytes());
    let sides = (mine.to_string(), theirs.to_string());
    let text = Row::same(Of::Program, "text of the rules", sides, By::Recomputed);
    let program = Program::of(&verified.rules, &verified.compiled, &attestation.prices)?;
    let registered = match facts {
        Ok(facts) => facts.program_row(B256::from(program.hash().0)),
        Err(error) => unknown(Of::Program, "registered program", error),
    };
    Ok(vec![text, registered])
}

/// Every clause of the venue's policy, and of the observer's own.
pub fn policies(
    config: &Config,
    verified: &Verified,
    now: Timestamp,
    though_failing: bool,
) -> Vec<Row> {
    let theirs = verified.clauses.iter().map(|clause| {
        let row = of_clause(clause, &clause.name);
        match row.differs() {
            true if though_failing => Row { verdict: Verdict::Accepted, ..row },
            true => Row { verdict: Verdict::Differs { breach: true }, ..row },
            false => row,
        }
    });
    let mut rows: Vec<_> = theirs.chain([setup(verified)]).collect();
    let own = config.rules.as_ref().and_then(|rules| rules.require.as_ref());
    let own = own.map(|own| own.evaluate(verified, now)).unwrap_or_default();
    rows.extend(own.iter().map(|clause| of_clause(clause, &format!("your {}", clause.name))));
    rows
}

/// Who is trusted not to know the secret of the setup: what nobody vouches for was accepted by a key of
/// the file, and everything else rests on it.
fn setup(verified: &Verified) -> Row {
    let origin = verified.origin();
    let sides = ("known or vouched for".to_owned(), origin.to_string());
    let row = Row::same(Of::Policy, "setup of the key", sides, By::Recomputed);
    let verdict = match origin {
        Origin::Ceremony(_) | Origin::Vouched(_) => Verdict::Same,
        Origin::Unknown | Origin::Insecure => Verdict::Accepted,
    };
    Row { verdict, ..row }
}

fn of_clause(clause: &Clause, name: &str) -> Row {
    let said = if clause.holds { "holds" } else { "fails" };
    let sides = ("holds".to_owned(), said.to_owned());
    Row::same(Of::Policy, name, sides, clause.by)
}
