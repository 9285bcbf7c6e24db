//! The command line, as clap reads it. No work is done here.

mod prices;
mod rules;

use std::path::PathBuf;

use alloy_primitives::{Address, B256};
use clap::{Parser, Subcommand};
use pacioli_prover::{digest::Digest, setup::FileDigest};

pub use self::{
    prices::{AggregateArgs, PricesCommand},
    rules::{CalibrateArgs, RulesCheckArgs, RulesCommand, RulesDiffArgs},
};
use crate::presets;

/// Zero-knowledge proofs that a derivatives venue's book is solvent.
///
/// Exit codes: 0 holds, 1 checked and does not hold, 2 could not check.
#[derive(Debug, Parser)]
#[command(version)]
pub struct Args {
    /// Print one JSON document instead of text.
    #[arg(long, global = true)]
    pub json: bool,
    /// Show no progress on stderr.
    #[arg(long, global = true)]
    pub quiet: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Prove and verify a made-up venue, and show forgeries being refused. Needs nothing.
    Demo(DemoArgs),
    /// Prove a book: from snapshot, rules and prices to an attestation.
    Prove(ProveArgs),
    /// Check an attestation and print what it says.
    Verify(VerifyArgs),
    /// Give account holders their statements.
    #[command(subcommand)]
    Statements(StatementsCommand),
    /// Check a statement: that these lines are in the book, under this id.
    Check(CheckArgs),
    /// Import a trusted setup, or make an insecure one for tests.
    #[command(subcommand)]
    Setup(SetupCommand),
    /// Write the verifying key of an attestation's circuit under a setup: a small file that holders
    /// check with.
    Key(KeyFileArgs),
    /// Make the operator's secret.
    #[command(subcommand)]
    Secret(SecretCommand),
    /// See what becomes of a private book in crashes, squeezes and depegs, without proving it.
    Stress(StressArgs),
    /// Make a prices file out of several sources.
    #[command(subcommand)]
    Prices(PricesCommand),
    /// Check, compare and calibrate rules.
    #[command(subcommand)]
    Rules(RulesCommand),
    /// Write the contracts for a verifying key, ready for the compiler.
    Contract(ContractArgs),
    /// Create a contract on a chain.
    #[command(subcommand)]
    Deploy(DeployCommand),
    /// Register a venue: its rules, verifier, publisher and reserves.
    Register(RegisterArgs),
    /// Say, as its holder, that a reserve stands for a protocol.
    Accept(AcceptArgs),
    /// Verify an attestation and send it to a registry.
    Submit(SubmitArgs),
    /// Ask a registry what stands there for a protocol, and how old it is.
    Status(StatusArgs),
}

/// Arguments of `demo`.
#[derive(Debug, clap::Args)]
pub struct DemoArgs {
    /// Also write the sample's files and its attestation into this new directory.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// Arguments of `prove`.
#[derive(Debug, clap::Args)]
pub struct ProveArgs {
    /// Who holds how much of what: CSV or Parquet.
    #[arg(long, value_name = "FILE")]
    pub snapshot: PathBuf,
    /// The classes of the snapshot's accounts that are no customers': CSV of `account,class`.
    #[arg(long, value_name = "FILE")]
    pub classes: Option<PathBuf>,
    /// What may be held, what it counts for, what must hold: TOML, or `preset:NAME`.
    #[arg(
        long,
        value_name = "FILE",
        help = presets::help("What may be held, what it counts for, what must hold: TOML")
    )]
    pub rules: PathBuf,
    /// The price of every asset: JSON.
    #[arg(long, value_name = "FILE")]
    pub prices: PathBuf,
    /// What the venue holds, and where: JSON.
    #[arg(long, value_name = "FILE")]
    pub reserves: Option<PathBuf>,
    /// The setup, as `pacioli setup` wrote it. Its size is the size of a volume.
    #[arg(long, value_name = "FILE")]
    pub setup: PathBuf,
    /// A directory for the attestation and, in `private`, what statements are made from; made if
    /// it is not there.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// The venue's name in the attestation; the rules' name where left out.
    #[arg(long)]
    pub venue: Option<String>,
    /// When the snapshot was taken, such as 2026-11-21T00:00:00Z; the prices' time where left out.
    #[arg(long, value_name = "TIME")]
    pub as_of: Option<String>,
    /// The attestation before this one, to be chained to it.
    #[arg(long, value_name = "FILE")]
    pub previous: Option<PathBuf>,
    /// The operator's secret, as `pacioli secret new` wrote it. Without one, a fresh secret is kept
    /// with the run's private files.
    #[arg(long, value_name = "FILE")]
    pub secret: Option<PathBuf>,
    /// Round quantities finer than their instrument, in the customers' favour, and say so in the
    /// attestation.
    #[arg(long)]
    pub round: bool,
    /// Leave out deposits and loans of assets without a price, and say so in the attestation.
    #[arg(long)]
    pub exclude_unpriced: bool,
}

/// Which key a verifier goes by.
#[derive(Debug, clap::Args)]
pub struct KeyArgs {
    /// The setup it has to be proved under. Without one, the key is that of the insecure setup.
    #[arg(long, value_name = "FILE")]
    pub setup: Option<PathBuf>,
    /// The verifying key it has to be proved under, as `pacioli key` wrote it.
    #[arg(long, value_name = "FILE", conflicts_with = "setup", requires = "key_digest")]
    pub key: Option<PathBuf>,
    /// The key's digest, from someone you trust to have made it from the setup: no key is taken on
    /// its own word.
    #[arg(long, value_name = "DIGEST", requires = "key")]
    pub key_digest: Option<Digest>,
    /// Accept a proof under the insecure setup, which proves nothing.
    #[arg(long)]
    pub accept_insecure_setup: bool,
}

/// Arguments of `key`.
#[derive(Debug, clap::Args)]
pub struct KeyFileArgs {
    /// The setup.
    #[arg(long, value_name = "FILE")]
    pub setup: PathBuf,
    /// The attestation whose sizes the key is for.
    #[arg(long, value_name = "FILE")]
    pub attestation: PathBuf,
    /// The file to write.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// Arguments of `verify`.
#[derive(Debug, clap::Args)]
pub struct VerifyArgs {
    /// The attestation.
    pub attestation: PathBuf,
    /// Which key to go by.
    #[command(flatten)]
    pub key: KeyArgs,
    /// The digest of the rules it has to follow, as printed by `verify`. Without one the rules are
    /// whatever the publisher chose: read them.
    #[arg(long, value_name = "DIGEST")]
    pub rules_digest: Option<Digest>,
    /// The attestation before it, which it has to be chained to.
    #[arg(long, value_name = "FILE")]
    pub previous: Option<PathBuf>,
}

/// What to do about statements.
#[derive(Debug, Subcommand)]
pub enum StatementsCommand {
    /// Open the pages of a run, so that every statement can be given at once. Goes on where it was
    /// stopped.
    Build(BuildArgs),
    /// Print one holder's statement in plain numbers.
    Show(StatementArgs),
    /// Write one holder's statement to a file.
    Export(ExportArgs),
}

/// A run and what its statements need.
#[derive(Debug, clap::Args)]
pub struct RunArgs {
    /// The directory that `pacioli prove` wrote.
    #[arg(long, value_name = "DIR")]
    pub run: PathBuf,
    /// The operator's secret, where `prove` was given one.
    #[arg(long, value_name = "FILE")]
    pub secret: Option<PathBuf>,
}

/// Arguments of `statements build`.
#[derive(Debug, clap::Args)]
pub struct BuildArgs {
    /// The run.
    #[command(flatten)]
    pub run: RunArgs,
    /// The setup that the run was proved with.
    #[arg(long, value_name = "FILE")]
    pub setup: PathBuf,
}

/// Arguments of `statements show`.
#[derive(Debug, clap::Args)]
pub struct StatementArgs {
    /// The run.
    #[command(flatten)]
    pub run: RunArgs,
    /// The holder's id.
    #[arg(long)]
    pub account: String,
    /// The setup that the run was proved with: opens this one page where the statements are not
    /// built.
    #[arg(long, value_name = "FILE")]
    pub setup: Option<PathBuf>,
}

/// Arguments of `statements export`.
#[derive(Debug, clap::Args)]
pub struct ExportArgs {
    /// Whose statement, of which run.
    #[command(flatten)]
    pub statement: StatementArgs,
    /// The file to write.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// Arguments of `check`.
#[derive(Debug, clap::Args)]
pub struct CheckArgs {
    /// The statement.
    pub statement: PathBuf,
    /// The attestation it belongs to.
    #[arg(long, value_name = "FILE")]
    pub attestation: PathBuf,
    /// Your own id at the venue, one that only you bear. Without it the statement's is taken: look
    /// whether it is yours.
    #[arg(long)]
    pub id: Option<String>,
    /// Which key to go by.
    #[command(flatten)]
    pub key: KeyArgs,
}

/// What to do about the operator's secret.
#[derive(Debug, Subcommand)]
pub enum SecretCommand {
    /// Write a fresh secret to a new file that only you can read.
    New(NewSecretArgs),
}

/// Arguments of `secret new`.
#[derive(Debug, clap::Args)]
pub struct NewSecretArgs {
    /// The file to write; it must not be there yet.
    pub out: PathBuf,
}

/// What to do about setups.
#[derive(Debug, Subcommand)]
pub enum SetupCommand {
    /// Import powers of tau from a `.ptau` file prepared for phase 2, checking every point.
    Import(ImportArgs),
    /// Make the insecure setup, whose tau everyone knows. For tests and measurements only.
    Insecure(InsecureArgs),
}

/// Arguments of `setup import`.
#[derive(Debug, clap::Args)]
pub struct ImportArgs {
    /// The `.ptau` file.
    pub file: PathBuf,
    /// Rows of a volume, as a power of two.
    #[arg(long, default_value_t = 18)]
    pub k: u32,
    /// The file's BLAKE2b digest (`b2sum FILE`), for a file of no ceremony known here.
    #[arg(long)]
    pub digest: Option<FileDigest>,
    /// Where to write the setup.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// Arguments of `setup insecure`.
#[derive(Debug, clap::Args)]
pub struct InsecureArgs {
    /// Rows of a volume, as a power of two.
    #[arg(long)]
    pub k: u32,
    /// Where to write the setup.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// Arguments of `stress`.
#[derive(Debug, clap::Args)]
pub struct StressArgs {
    /// Who holds how much of what: CSV or Parquet.
    #[arg(long, value_name = "FILE")]
    pub snapshot: PathBuf,
    /// What may be held and what it counts for: TOML, or `preset:NAME`. Its stress scenarios and
    /// policy are left aside.
    #[arg(
        long,
        value_name = "FILE",
        help = presets::help(
            "What may be held and what it counts for (stress scenarios and policy are left aside): TOML"
        )
    )]
    pub rules: PathBuf,
    /// The price of every asset: JSON.
    #[arg(long, value_name = "FILE")]
    pub prices: PathBuf,
    /// What the venue holds, its insurance fund with it: JSON. Without it the fund is nothing.
    #[arg(long, value_name = "FILE")]
    pub reserves: Option<PathBuf>,
    /// Scenarios that come with pacioli. All of them where neither sets, scenarios nor a sweep are
    /// asked for.
    #[arg(
        long,
        value_name = "SET",
        value_delimiter = ',',
        value_parser = ["all", "historical", "squeezes", "depegs", "stale-oracle", "flat"]
    )]
    pub set: Vec<String>,
    /// Scenarios of one's own: TOML, or JSON where the name ends so.
    #[arg(long, value_name = "FILE")]
    pub scenarios: Option<PathBuf>,
    /// Move all shocked assets, or this one alone, from -90 % to +200 %, and find the moves at which
    /// bad debt exceeds the insurance fund.
    #[arg(long, value_name = "ASSET")]
    pub sweep: Option<Option<String>>,
    /// Draw bad debt against the insurance fund into this file.
    #[arg(long, value_name = "FILE")]
    pub svg: Option<PathBuf>,
    /// End with exit code 1 where bad debt exceeds the insurance fund, at mark or in a scenario; a
    /// sweep does not count.
    #[arg(long)]
    pub fail_on_bad_debt: bool,
    /// Round quantities finer than their instrument, in the customers' favour.
    #[arg(long)]
    pub round: bool,
    /// Leave out deposits and loans of assets without a price.
    #[arg(long)]
    pub exclude_unpriced: bool,
}

/// Arguments of `contract`.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct ContractArgs {
    /// Something else to write.
    #[command(subcommand)]
    pub command: Option<ContractCommand>,
    /// Which key the verifier is for.
    #[command(flatten)]
    pub key: KeyArgs,
    /// Rows of a volume, as a power of two; those of the setup where left out.
    #[arg(long, conflicts_with = "key")]
    pub k: Option<u32>,
    /// Scenarios of the rules, mark included.
    #[arg(long, conflicts_with = "key")]
    pub scenarios: Option<usize>,
    /// Slots of a page.
    #[arg(long, default_value_t = 64, conflicts_with = "key")]
    pub page_size: usize,
    /// A directory for the contracts and the compiler's input; made if it is not there.
    #[arg(long, value_name = "DIR", required = true)]
    pub out: Option<PathBuf>,
}

/// What `contract` writes besides contracts.
#[derive(Debug, Subcommand)]
pub enum ContractCommand {
    /// Write the rules as a contract reads them, and say what has to hold.
    Program(ProgramArgs),
}

/// Arguments of `contract program`.
#[derive(Debug, clap::Args)]
pub struct ProgramArgs {
    /// Rules and prices.
    #[command(flatten)]
    pub rules: RulesArgs,
    /// The file to write.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// What a program is made from.
#[derive(Debug, clap::Args)]
pub struct RulesArgs {
    /// What may be held, what it counts for, what must hold: TOML.
    #[arg(long, value_name = "FILE")]
    pub rules: PathBuf,
    /// Prices of the same assets as in the attestations to come: JSON.
    #[arg(long, value_name = "FILE")]
    pub prices: PathBuf,
}

/// Where a chain is asked.
#[derive(Debug, clap::Args)]
pub struct NodeArgs {
    /// The node's address; PACIOLI_RPC_URL in the environment where left out.
    #[arg(long, value_name = "URL")]
    pub rpc: Option<String>,
}

/// Where transactions are sent, and who signs them.
///
/// The key is never an argument: it is in a keystore file, whose password is in
/// PACIOLI_KEYSTORE_PASSWORD or in the file that PACIOLI_KEYSTORE_PASSWORD_FILE names, or it is in
/// PACIOLI_PRIVATE_KEY.
#[derive(Debug, clap::Args)]
pub struct SenderArgs {
    /// The node.
    #[command(flatten)]
    pub node: NodeArgs,
    /// The key's keystore file; its password is in PACIOLI_KEYSTORE_PASSWORD, or in the file that
    /// PACIOLI_KEYSTORE_PASSWORD_FILE names. Without it, the key is PACIOLI_PRIVATE_KEY.
    #[arg(long, value_name = "FILE")]
    pub keystore: Option<PathBuf>,
}

/// A protocol of a registry.
#[derive(Debug, clap::Args)]
pub struct ProtocolArgs {
    /// The registry's address.
    #[arg(long, value_name = "ADDRESS")]
    pub registry: Address,
    /// The protocol's id, as `register` printed it.
    #[arg(long, value_name = "ID")]
    pub protocol: B256,
}

/// What is compiled for a key.
#[derive(Debug, clap::Args)]
pub struct BuildFileArgs {
    /// What the compiler made of `pacioli contract`'s input.
    #[arg(long, value_name = "FILE", conflicts_with = "accept_insecure_setup")]
    pub build: Option<PathBuf>,
    /// Take the contracts of the demo's key, made under the insecure setup, which prove nothing.
    #[arg(long, required_unless_present = "build")]
    pub accept_insecure_setup: bool,
}

/// Which contract to create.
#[derive(Debug, Subcommand)]
pub enum DeployCommand {
    /// The registry of attestations; anyone registers there.
    Registry {
        /// Where, and who pays.
        #[command(flatten)]
        sender: SenderArgs,
    },
    /// The verifier of one key's proofs.
    Verifier {
        /// Where, and who pays.
        #[command(flatten)]
        sender: SenderArgs,
        /// What is compiled.
        #[command(flatten)]
        build: BuildFileArgs,
    },
    /// The contract that checks holders' statements under one key.
    Statements {
        /// Where, and who pays.
        #[command(flatten)]
        sender: SenderArgs,
        /// What is compiled.
        #[command(flatten)]
        build: BuildFileArgs,
        /// The registry whose attestations count.
        #[arg(long, value_name = "ADDRESS")]
        registry: Address,
    },
    /// A protocol's coverage in the form of an oracle.
    Feed {
        /// Where, and who pays.
        #[command(flatten)]
        sender: SenderArgs,
        /// Whose coverage.
        #[command(flatten)]
        protocol: ProtocolArgs,
    },
}

/// A reserve, as `ASSET:TOKEN:HOLDER` or `ASSET:TOKEN:HOLDER:insurance`.
#[derive(Clone, Debug)]
pub struct ReserveArg {
    /// The asset's name in the rules.
    pub asset: String,
    /// The token; zero for the chain's own coin.
    pub token: Address,
    /// Who holds it.
    pub holder: Address,
    /// Whether it is for bad debt, and not for customers.
    pub insurance: bool,
}

impl std::str::FromStr for ReserveArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let form = || {
            "a reserve is ASSET:TOKEN:HOLDER, with `:insurance` behind it where it is for bad debt; \
             the token is an address, or `coin` for the chain's own"
                .to_owned()
        };
        let parts: Vec<&str> = text.split(':').collect();
        let (asset, token, holder, insurance) = match parts[..] {
            [asset, token, holder] => (asset, token, holder, false),
            [asset, token, holder, "insurance"] => (asset, token, holder, true),
            _ => return Err(form()),
        };
        let token = if token == "coin" { Ok(Address::ZERO) } else { token.parse() };
        let token = token.map_err(|_| form())?;
        let holder = holder.parse().map_err(|_| form())?;
        if asset.is_empty() {
            return Err(form());
        }
        Ok(Self { asset: asset.to_owned(), token, holder, insurance })
    }
}

/// A number of seconds, as `90s`, `30m`, `25h` or `2d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seconds(pub u64);

impl std::str::FromStr for Seconds {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let units = [('s', 1), ('m', 60), ('h', 3_600), ('d', 86_400)];
        let seconds = units.into_iter().find_map(|(letter, unit)| {
            let digits = text.strip_suffix(letter)?;
            let plain = digits.bytes().all(|digit| digit.is_ascii_digit());
            plain.then(|| digits.parse::<u64>().ok()?.checked_mul(unit)).flatten()
        });
        seconds.map(Self).ok_or_else(|| "a time is such as 90s, 30m, 25h or 2d".to_owned())
    }
}

/// Arguments of `register`.
#[derive(Debug, clap::Args)]
pub struct RegisterArgs {
    /// Where, and who becomes the owner.
    #[command(flatten)]
    pub sender: SenderArgs,
    /// The registry's address.
    #[arg(long, value_name = "ADDRESS")]
    pub registry: Address,
    /// The venue's name, as it stands in its attestations.
    #[arg(long)]
    pub venue: String,
    /// Rules and prices.
    #[command(flatten)]
    pub rules: RulesArgs,
    /// The verifier's address.
    #[arg(long, value_name = "ADDRESS")]
    pub verifier: Address,
    /// The plain key that submits; the owner's where left out.
    #[arg(long, value_name = "ADDRESS", required_if_eq("unsigned", "true"))]
    pub publisher: Option<Address>,
    /// What the venue holds on this chain: ASSET:TOKEN:HOLDER, `:insurance` behind it where it is for
    /// bad debt, `coin` for the token where it is the chain's own. Each holder accepts for itself.
    #[arg(long = "reserve", value_name = "RESERVE")]
    pub reserves: Vec<ReserveArg>,
    /// How long changes wait that could flatter.
    #[arg(long, value_name = "TIME", default_value = "2d")]
    pub delay: Seconds,
    /// How old a snapshot and its prices may be when they are sent.
    #[arg(long, value_name = "TIME", default_value = "6h")]
    pub max_lag: Seconds,
    /// Print the transaction and send nothing: for a timelock or a multisig.
    #[arg(long)]
    pub unsigned: bool,
}

/// Arguments of `accept`.
#[derive(Debug, clap::Args)]
pub struct AcceptArgs {
    /// Where, and the holder, or the owner of the contract that holds.
    #[command(flatten)]
    pub sender: SenderArgs,
    /// For which protocol.
    #[command(flatten)]
    pub protocol: ProtocolArgs,
    /// The token; zero for the chain's own coin.
    #[arg(long, value_name = "ADDRESS")]
    pub token: Address,
    /// Who holds it; the key's account where left out.
    #[arg(long, value_name = "ADDRESS", required_if_eq("unsigned", "true"))]
    pub holder: Option<Address>,
    /// Print the transaction and send nothing: for a timelock or a multisig.
    #[arg(long)]
    pub unsigned: bool,
}

/// Arguments of `submit`.
#[derive(Debug, clap::Args)]
pub struct SubmitArgs {
    /// Where, and the publisher.
    #[command(flatten)]
    pub sender: SenderArgs,
    /// For which protocol.
    #[command(flatten)]
    pub protocol: ProtocolArgs,
    /// The attestation; it is verified first.
    #[arg(long, value_name = "FILE")]
    pub attestation: PathBuf,
    /// Which key to go by.
    #[command(flatten)]
    pub key: KeyArgs,
    /// Send each volume in a transaction of its own, though one would have room for all.
    #[arg(long)]
    pub by_volume: bool,
}

/// Arguments of `status`.
#[derive(Debug, clap::Args)]
pub struct StatusArgs {
    /// Where.
    #[command(flatten)]
    pub node: NodeArgs,
    /// Which protocol.
    #[command(flatten)]
    pub protocol: ProtocolArgs,
    /// How old the latest snapshot may be.
    #[arg(long, value_name = "TIME", default_value = "25h")]
    pub max_age: Seconds,
    /// An attestation that should stand there; it is verified first.
    #[arg(long, value_name = "FILE")]
    pub attestation: Option<PathBuf>,
    /// Which key the proofs have to be under.
    #[command(flatten)]
    pub key: KeyArgs,
    /// What the compiler made of `pacioli contract`'s input for that key, to compare the verifier's
    /// code with.
    #[arg(long, value_name = "FILE")]
    pub build: Option<PathBuf>,
    /// The block from which on to look for announcements: where a node does not look back to the
    /// first one.
    #[arg(long, default_value_t = 0)]
    pub from_block: u64,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_arguments_fit_together() {
        Args::command().debug_assert();
    }

    #[test]
    fn times_have_a_unit() {
        for (text, seconds) in [("90s", 90), ("30m", 1_800), ("25h", 90_000), ("2d", 172_800)] {
            assert_eq!(text.parse(), Ok(Seconds(seconds)));
        }
        for text in ["", "h", "2", "+2h", "1.5h", "2w", "300000000000000d"] {
            assert!(text.parse::<Seconds>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_reserve_names_asset_token_and_holder() {
        let (token, holder) = (Address::repeat_byte(1), Address::repeat_byte(2));
        let reserve: ReserveArg = format!("BTC:{token}:{holder}").parse().unwrap();
        assert_eq!((reserve.asset.as_str(), reserve.insurance), ("BTC", false));
        assert_eq!((reserve.token, reserve.holder), (token, holder));
        let reserve: ReserveArg = format!("ETH:coin:{holder}:insurance").parse().unwrap();
        assert_eq!((reserve.token, reserve.insurance), (Address::ZERO, true));
        for text in ["BTC", "BTC:0x01:0x02", ":coin:0x0202020202020202020202020202020202020202"] {
            assert!(text.parse::<ReserveArg>().is_err(), "{text}");
        }
        assert!(format!("BTC:{token}:{holder}:fund").parse::<ReserveArg>().is_err());
    }
}
