//! The file of what an observer compares.

use std::{
    collections::BTreeMap,
    env,
    fmt::Display,
    path::{Path, PathBuf},
    str::FromStr,
};

use alloy_primitives::{Address, B256};
use anyhow::{Context, Result, bail, ensure};
use pacioli_attestation::{Digest, Requirements};
use serde::{Deserialize, Deserializer, de::Error};

use super::super::{deployments::Deployments, files};
use crate::args::{KeyArgs, NodeArgs, Seconds, SenderArgs, Share, SignerArgs, VenueArgs};

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where the attestation is: a file or a URL.
    pub attestation: String,
    /// The venue in its registry.
    pub venue: Venue,
    /// The key of the proofs.
    pub key: Key,
    /// What the program is compared with; `None` if it is not.
    pub rules: Option<Rules>,
    /// What prices are compared with.
    pub prices: Option<Prices>,
    /// What reserves are compared with.
    pub reserves: Option<Reserves>,
    /// Who signs.
    pub sign: Sign,
}

/// A venue, and nodes of its registry's chain.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Venue {
    pub id: String,
    pub chain_id: u64,
    pub rpc: Vec<String>,
    #[serde(default)]
    pub first_block: u64,
    pub registry: Option<Address>,
    pub build: Option<PathBuf>,
}

/// The options of `verify`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    setup: Option<PathBuf>,
    #[serde(default, deserialize_with = "some_text")]
    setup_digest: Option<Digest>,
    key: Option<PathBuf>,
    #[serde(default, deserialize_with = "some_text")]
    key_digest: Option<Digest>,
    #[serde(default)]
    accept_unknown_setup: bool,
    #[serde(default)]
    accept_insecure_setup: bool,
}

/// Rules of the observer's own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    pub file: Option<PathBuf>,
    #[serde(default, deserialize_with = "some_text")]
    pub digest: Option<Digest>,
    #[serde(default, deserialize_with = "some_text")]
    pub require: Option<Requirements>,
}

/// Prices of the observer's own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prices {
    pub files: Vec<PathBuf>,
    #[serde(deserialize_with = "text")]
    pub band: Share,
    #[serde(default, deserialize_with = "texts")]
    pub bands: BTreeMap<String, Share>,
    #[serde(deserialize_with = "text")]
    pub max_apart: Seconds,
}

/// Nodes of the observer's own, of any chain.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reserves {
    #[serde(default)]
    pub rpc: Vec<String>,
    #[serde(default)]
    pub esplora: Vec<String>,
    pub depth: u64,
    #[serde(default, deserialize_with = "some_text")]
    pub tolerance: Option<Share>,
}

/// Who signs, and what is kept of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sign {
    keystore: Option<PathBuf>,
    signer: Option<Address>,
    #[serde(default)]
    exec: Vec<String>,
    pub out: PathBuf,
    pub journal: PathBuf,
    pub seen: PathBuf,
    #[serde(default)]
    pub carrier: Address,
}

fn text<'a, T: FromStr<Err: Display>, D: Deserializer<'a>>(from: D) -> Result<T, D::Error> {
    String::deserialize(from)?.parse().map_err(Error::custom)
}

fn some_text<'a, T: FromStr<Err: Display>, D: Deserializer<'a>>(
    from: D,
) -> Result<Option<T>, D::Error> {
    text(from).map(Some)
}

fn texts<'a, T: FromStr<Err: Display>, D: Deserializer<'a>>(
    from: D,
) -> Result<BTreeMap<String, T>, D::Error> {
    let all = BTreeMap::<String, String>::deserialize(from)?;
    all.into_iter().map(|(name, one)| Ok((name, one.parse().map_err(Error::custom)?))).collect()
}

impl Config {
    /// Reads the file. Its paths are from then on as seen from here, and its addresses are whole.
    ///
    /// # Errors
    /// If it cannot be read, says something that is not known, or asks for what cannot be compared.
    pub fn read(path: &Path) -> Result<Self> {
        let name = || path.display().to_string();
        let mut config: Self = toml::from_str(&files::read_text(path)?).with_context(name)?;
        config.place(path.parent().unwrap_or(Path::new(""))).with_context(name)?;
        Ok(config)
    }

    fn place(&mut self, folder: &Path) -> Result<()> {
        let Self { attestation, venue, key, rules, prices, reserves, sign } = self;
        ensure!(
            sign.keystore.is_none() || sign.signer.is_none(),
            "sign: give either `keystore` or `signer`"
        );
        ensure!(sign.exec.is_empty() || sign.signer.is_some(), "sign.exec: also give `signer`");
        ensure!(key.setup.is_none() || key.key.is_none(), "key: give either `setup` or `key`");
        address(attestation)?;
        if !is_url(attestation) {
            *attestation = folder.join(&*attestation).display().to_string();
        }
        let has_rules = rules.is_some();
        let mut paths: Vec<&mut PathBuf> = vec![&mut sign.out, &mut sign.journal, &mut sign.seen];
        paths.extend([&mut venue.build, &mut key.setup, &mut key.key].into_iter().flatten());
        paths.extend(sign.keystore.iter_mut());
        ensure!(!venue.rpc.is_empty(), "venue.rpc: name a node");
        venue.rpc.iter_mut().try_for_each(address)?;
        if let Some(Rules { file, digest, .. }) = rules {
            ensure!(file.is_some() != digest.is_some(), "rules: give either `file` or `digest`");
            paths.extend(file.iter_mut());
        }
        if let Some(Prices { files, .. }) = prices {
            ensure!(!files.is_empty(), "prices.files: name a file");
            paths.extend(files.iter_mut());
        }
        if let Some(Reserves { rpc, esplora, .. }) = reserves {
            ensure!(
                has_rules,
                "reserves: also give [rules], which say what token stands for what asset"
            );
            ensure!(!rpc.is_empty() || !esplora.is_empty(), "reserves: name a node");
            rpc.iter_mut().chain(esplora).try_for_each(address)?;
        }
        paths.into_iter().for_each(|path| *path = folder.join(&*path));
        // A bare name is looked for as a shell does.
        if let Some(program) = sign.exec.first_mut().filter(|program| program.contains('/')) {
            *program = folder.join(&*program).display().to_string();
        }
        Ok(())
    }

    /// The registry, and the venue's id in it.
    ///
    /// # Errors
    /// If the id is none.
    pub fn at(&self) -> Result<(Address, B256)> {
        Deployments::default().on(self.venue.chain_id).venue(&self.venue.args())
    }

    /// What [`super::super::signer::Signer`] connects with; without a key where nothing is signed.
    pub fn signer(&self, url: &str, any_time: bool, is_dry: bool) -> SignerArgs {
        let Self { venue, sign, .. } = self;
        let mut exec = sign.exec.iter();
        let unsigned = is_dry.then_some(sign.signer.unwrap_or_default());
        SignerArgs {
            venue: venue.args(),
            sender: SenderArgs {
                node: self.node(url),
                keystore: sign.keystore.clone().filter(|_| !is_dry),
            },
            chain_id: Some(venue.chain_id),
            any_time,
            signer: unsigned.or(sign.signer),
            exec: exec.next().filter(|_| !is_dry).map(PathBuf::from),
            exec_arg: exec.cloned().collect(),
            out: sign.out.clone(),
        }
    }

    /// A node, whose registry and venue this file names.
    pub fn node(&self, url: &str) -> NodeArgs {
        NodeArgs { rpc: Some(url.to_owned()), deployments: PathBuf::new() }
    }
}

impl Venue {
    fn args(&self) -> VenueArgs {
        VenueArgs { registry: self.registry, id: self.id.clone() }
    }
}

impl Key {
    /// As arguments.
    pub fn args(&self) -> KeyArgs {
        KeyArgs {
            setup: self.setup.clone(),
            setup_digest: self.setup_digest,
            key: self.key.clone(),
            key_digest: self.key_digest,
            accept_unknown_setup: self.accept_unknown_setup,
            accept_insecure_setup: self.accept_insecure_setup,
        }
    }
}

/// Whether a text names a server, and not a file.
pub fn is_url(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}

/// Puts the value of a variable where one is named. It may be a secret, and is in no error.
fn address(text: &mut String) -> Result<()> {
    if let Some(name) = text.strip_prefix("env:") {
        match env::var(name) {
            Ok(value) => *text = value,
            Err(_) => bail!("the variable {} is not set", name.escape_debug()),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMENTED: &str = include_str!("observe.toml");

    fn read(text: &str) -> Result<Config> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("observe.toml");
        std::fs::write(&path, text).unwrap();
        Config::read(&path)
    }

    #[test]
    fn the_commented_file_is_read_with_and_without_its_comments() {
        let plain =
            COMMENTED.replace("env:NODE_ONE", "http://a").replace("env:NODE_TWO", "http://b");
        let config = read(&plain).unwrap();
        assert_eq!(config.prices.unwrap().band, Share(50));
        assert!(config.sign.journal.is_absolute(), "as seen from the file's folder");
        // Every key that is commented out is one, but those that exclude each other.
        let keys = ["first_block", "build", "require", "bands", "esplora", "tolerance"];
        for key in keys {
            let own = plain.replace(&format!("# {key} ="), &format!("{key} ="));
            assert_ne!(own, plain, "{key}");
            let read = read(&own);
            assert!(read.is_ok(), "{key}: {read:?}");
        }
    }

    #[test]
    fn a_program_beside_the_file_is_started_from_there() {
        let plain =
            COMMENTED.replace("env:NODE_ONE", "http://a").replace("env:NODE_TWO", "http://b");
        let program = |text: &str| {
            let signer = format!("signer = \"{}\"\nexec = [\"{text}\", \"./x\"]", Address::ZERO);
            let config = read(&plain.replace("keystore = \"observer.json\"", &signer)).unwrap();
            assert_eq!(config.sign.exec[1], "./x", "an argument is as it is");
            config.sign.exec[0].clone()
        };
        assert_eq!(program("sign"), "sign");
        assert_eq!(program("/usr/bin/sign"), "/usr/bin/sign");
        assert!(program("./sign").ends_with("/./sign") && program("./sign").starts_with('/'));
    }

    #[test]
    fn what_cannot_be_compared_or_is_not_known_is_refused() {
        let plain =
            COMMENTED.replace("env:NODE_ONE", "http://a").replace("env:NODE_TWO", "http://b");
        for (from, to, said) in [
            ("band = \"0.5%\"", "band = \"0.005\"", "a share is such as 2.5%"),
            ("depth = 64", "depht = 64", "depht"),
            ("file = \"rules.toml\"", "", "give either `file` or `digest`"),
            ("[rules]\nfile = \"rules.toml\"", "", "also give [rules]"),
            ("keystore = \"observer.json\"", "exec = [\"sign\"]", "also give `signer`"),
            ("\"http://a\", \"http://b\"]\n#", "\"env:PACIOLI_NO_SUCH\"]\n#", "is not set"),
        ] {
            assert!(plain.contains(from), "{from}");
            let error = format!("{:#}", read(&plain.replacen(from, to, 1)).unwrap_err());
            assert!(error.contains(said), "{said}: {error}");
        }
    }
}
