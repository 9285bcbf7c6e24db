//! Arguments of `pacioli contagion`.

use std::path::PathBuf;

use clap::ValueEnum;
use jiff::SignedDuration;
use pacioli_attestation::Digest;
use pacioli_rules::Decimal;

use super::KeyArgs;

/// Arguments of `contagion`.
#[derive(Debug, clap::Args)]
pub struct ContagionArgs {
    /// The attestations, one of each venue, in any order.
    #[arg(required = true, num_args = 2.., value_name = "ATTESTATION")]
    pub attestations: Vec<PathBuf>,
    /// The scenario: `mark` or a stress that all rules have, with the same moves.
    #[arg(long, value_name = "NAME")]
    pub scenario: String,
    /// A venue's own statement from another's book: its claim on that venue is then proved. Several
    /// times for several.
    #[arg(long, value_name = "FILE")]
    pub statement: Vec<PathBuf>,
    /// Count what is by a venue's word alone: `word` for claims that no statement shows.
    #[arg(long, value_name = "WHAT")]
    pub count: Option<Count>,
    /// A custodian that is none of the venues, though its name is near to one of theirs.
    #[arg(long, value_name = "CUSTODIAN")]
    pub outside: Vec<String>,
    /// How far two venues' prices may lie apart, as a part of the smaller.
    #[arg(long, value_name = "PART", default_value = "0.01", value_parser = band)]
    pub band: Decimal,
    /// How far snapshots, prices and reserves of different venues may lie apart in time.
    #[arg(long, value_name = "DURATION", default_value = "1h", value_parser = within)]
    pub within: SignedDuration,
    /// The keys to accept.
    #[command(flatten)]
    pub keys: KeysArgs,
    /// The expected digest of the rules, as printed by `verify`; of several rules, several times.
    /// Without it the rules are whatever each publisher chose: read them.
    #[arg(long, value_name = "DIGEST")]
    pub rules_digest: Vec<Digest>,
    /// The current time, after which nothing may be; by default, the clock's. For files of another
    /// day.
    #[arg(long, value_name = "TIME")]
    pub now: Option<String>,
}

/// What counts by a venue's word alone.
#[derive(Clone, Copy, Debug, ValueEnum, PartialEq, Eq)]
pub enum Count {
    /// Claims on other venues.
    Word,
}

/// The keys that a verifier of several attestations accepts: as of `verify`, but several of each,
/// since venues need not have circuits of one size.
#[derive(Debug, clap::Args)]
pub struct KeysArgs {
    /// A setup that proofs must be under; every point of it is checked. Without --setup or --key,
    /// the key is that of the insecure setup.
    #[arg(long, value_name = "FILE", group = "sources")]
    pub setup: Vec<PathBuf>,
    /// The setup's expected digest, from somebody independent of the publishers: one for each
    /// --setup, in their order.
    #[arg(long, value_name = "DIGEST", requires = "setup")]
    pub setup_digest: Vec<Digest>,
    /// A verifying key that proofs must be under, as `pacioli key` wrote it.
    #[arg(long, value_name = "FILE", group = "sources")]
    pub key: Vec<PathBuf>,
    /// The key's expected digest, from somebody independent of the publishers: one for each --key, in
    /// their order.
    #[arg(long, value_name = "DIGEST", requires = "key")]
    pub key_digest: Vec<Digest>,
    /// Accept a setup of an unknown ceremony, or a key, that nobody you know vouches for. Whoever
    /// made it can forge everything.
    #[arg(long)]
    pub accept_unknown_setup: bool,
    /// Accept proofs under the insecure setup, which prove nothing.
    #[arg(long)]
    pub accept_insecure_setup: bool,
}

impl KeysArgs {
    /// The same as arguments of one key each; `None` if there are digests, but not one for each.
    pub fn each(&self) -> Option<Vec<KeyArgs>> {
        let fits = |digests: usize, files: usize| digests == 0 || digests == files;
        if !fits(self.setup_digest.len(), self.setup.len())
            || !fits(self.key_digest.len(), self.key.len())
        {
            return None;
        }
        let none = || KeyArgs {
            setup: None,
            setup_digest: None,
            key: None,
            key_digest: None,
            accept_unknown_setup: self.accept_unknown_setup,
            accept_insecure_setup: self.accept_insecure_setup,
        };
        let setups = self.setup.iter().enumerate().map(|(index, setup)| KeyArgs {
            setup: Some(setup.clone()),
            setup_digest: self.setup_digest.get(index).copied(),
            ..none()
        });
        let keys = self.key.iter().enumerate().map(|(index, key)| KeyArgs {
            key: Some(key.clone()),
            key_digest: self.key_digest.get(index).copied(),
            ..none()
        });
        let all: Vec<KeyArgs> = setups.chain(keys).collect();
        Some(if all.is_empty() { vec![none()] } else { all })
    }
}

fn band(text: &str) -> Result<Decimal, String> {
    let band: Decimal = text.parse().map_err(|error| format!("{error}"))?;
    if band.is_negative() || band > Decimal::new(1, 0) {
        return Err("a part from 0 to 1 is expected, such as 0.01".to_owned());
    }
    Ok(band)
}

fn within(text: &str) -> Result<SignedDuration, String> {
    let within: SignedDuration = text.parse().map_err(|error| format!("{error}"))?;
    if within.is_negative() { Err("zero or more is expected".to_owned()) } else { Ok(within) }
}
