//! Connecting to a node, with the key from a file or the environment.

use std::{env, path::Path};

use alloy_primitives::Address;
use anyhow::{Context, Result, anyhow, bail};
use pacioli_chain::{Key, Node};
use pacioli_verifier_contract::chain::Receipt;
use serde_json::{Value, json};

use super::files;
use crate::{
    args::{NodeArgs, SenderArgs},
    format::thousands,
};

const URL: &str = "PACIOLI_RPC_URL";
const KEY: &str = "PACIOLI_PRIVATE_KEY";
const PASSWORD: &str = "PACIOLI_KEYSTORE_PASSWORD";
const PASSWORD_FILE: &str = "PACIOLI_KEYSTORE_PASSWORD_FILE";

/// A node that is only asked.
pub fn reader(args: &NodeArgs, first_block: u64) -> Result<Node> {
    Ok(Node::connect(&url(args)?, None, first_block)?)
}

/// The same, where an address was given.
pub fn reader_if_given(args: &NodeArgs) -> Result<Option<Node>> {
    let is_given = args.rpc.is_some() || env::var(URL).is_ok();
    is_given.then(|| reader(args, 0)).transpose()
}

/// A node, and the account that sends.
pub fn sender(args: &SenderArgs) -> Result<(Node, Address)> {
    let key = key(args.keystore.as_deref())?;
    let account = key.address();
    Ok((Node::connect(&url(&args.node)?, Some(key), 0)?, account))
}

fn url(args: &NodeArgs) -> Result<String> {
    let given = args.rpc.clone().or_else(|| env::var(URL).ok());
    given.with_context(|| format!("give the node's address with --rpc or in {URL}"))
}

/// A key from a keystore file, or from the environment.
pub fn key(keystore: Option<&Path>) -> Result<Key> {
    let Some(path) = keystore else {
        let text = env::var(KEY);
        let text = Secret(text.map_err(|_| anyhow!("give a key with --keystore or in {KEY}"))?);
        return Key::from_hex(text.0.trim()).map_err(|error| anyhow!("{KEY} {error}"));
    };
    let password = match (env::var(PASSWORD), env::var_os(PASSWORD_FILE)) {
        (Ok(password), None) => Secret(password),
        (Err(_), Some(file)) => Secret(files::read_text(Path::new(&file))?),
        (Ok(_), Some(_)) => bail!("both {PASSWORD} and {PASSWORD_FILE} are set"),
        (Err(_), None) => {
            bail!("give the keystore's password in {PASSWORD}, or its file in {PASSWORD_FILE}")
        }
    };
    // Editors end a file with a line's end, which is no part of a password.
    let password = password.0.trim_end_matches(['\r', '\n']);
    // Whether the file is there is said by name.
    files::read(path)?;
    Key::from_keystore(path, password).map_err(|error| anyhow!("{} {error}", path.display()))
}

/// A text that is wiped.
struct Secret(String);

impl Drop for Secret {
    fn drop(&mut self) {
        use zeroize::Zeroize;
        self.0.zeroize();
    }
}

/// Gas as text.
pub fn gas(gas: u64) -> String {
    thousands(gas)
}

/// A transaction in JSON.
pub fn receipt_json(receipt: &Receipt) -> Value {
    json!({ "transaction": receipt.transaction, "gas": receipt.gas_used })
}
