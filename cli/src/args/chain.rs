//! Arguments of the commands that speak with a chain: `pacioli deploy`, `register`, `accept`,
//! `submit` and `status`.

use std::path::{Path, PathBuf};

use alloy_primitives::{Address, B256};
use clap::Subcommand;

use super::{contract::RulesArgs, verify::KeyArgs};

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

/// A venue of a registry.
#[derive(Debug, clap::Args)]
pub struct VenueArgs {
    /// The registry's address.
    #[arg(long, value_name = "ADDRESS")]
    pub registry: Address,
    /// The venue's id, as `register` printed it.
    #[arg(long, value_name = "ID")]
    pub venue: B256,
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
    /// A venue's coverage in the form of an oracle.
    Feed {
        /// Where, and who pays.
        #[command(flatten)]
        sender: SenderArgs,
        /// Whose coverage.
        #[command(flatten)]
        venue: VenueArgs,
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
    /// The key that the verifier has to be for. What stands in a registration is in force at once, and
    /// a verifier's key stays its own for good.
    #[command(flatten)]
    pub key: KeyArgs,
    /// What the compiler made of `pacioli contract`'s input for that key, to compare the verifier's
    /// code with: a contract may name any key.
    #[arg(long, value_name = "FILE")]
    pub build: Option<PathBuf>,
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
    /// For which venue.
    #[command(flatten)]
    pub venue: VenueArgs,
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
    /// For which venue.
    #[command(flatten)]
    pub venue: VenueArgs,
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
#[command(after_help = "\
Ends with 0 where the latest attestation holds, is fresh, and all that says so was compared: the code of \
the registry and of its evaluator with this release's, the verifier's key with the one of --setup or \
--key, the verifier's code with --build, and the program with the rules of --attestation or --rules. \
Ends with 1 where something is different or does not hold, and with 2 where nothing is and not all was \
compared.")]
pub struct StatusArgs {
    /// Where.
    #[command(flatten)]
    pub node: NodeArgs,
    /// Which venue.
    #[command(flatten)]
    pub venue: VenueArgs,
    /// How old the latest snapshot may be.
    #[arg(long, value_name = "TIME", default_value = "25h")]
    pub max_age: Seconds,
    /// An attestation that should stand there; it is verified first. The program registered has to be
    /// that of its rules and prices.
    #[arg(long, value_name = "FILE")]
    pub attestation: Option<PathBuf>,
    /// The rules that the program registered has to be made of, where no attestation is given.
    #[arg(long, value_name = "FILE", requires = "prices", conflicts_with = "attestation")]
    pub rules: Option<PathBuf>,
    /// Prices of the assets that the program names.
    #[arg(long, value_name = "FILE", requires = "rules")]
    pub prices: Option<PathBuf>,
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

impl StatusArgs {
    /// The files of rules and prices, where given: clap asks for both or none.
    pub fn rules(&self) -> Option<(&Path, &Path)> {
        self.rules.as_deref().zip(self.prices.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
