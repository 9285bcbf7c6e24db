//! The command that makes a report again, for its first page: without folders, which are of one machine,
//! and without what may be secret in the address of a node.

use std::path::Path;

use jiff::Timestamp;

use crate::{
    args::ReportArgs,
    command::{files, init::in_shell},
};

/// The command.
pub fn command(args: &ReportArgs, now: Timestamp) -> String {
    let mut words = vec!["pacioli report".to_owned()];
    words.extend(args.attestation.as_deref().map(|path| in_shell(&files::name(path))));
    let mut add = |option: &str, value: &str| words.push(format!("{option} {}", in_shell(value)));
    let file = |path: &Path| files::name(path);
    if let Some(path) = &args.key.setup {
        add("--setup", &file(path));
    }
    if let Some(digest) = &args.key.setup_digest {
        add("--setup-digest", &digest.to_string());
    }
    if let Some(path) = &args.key.key {
        add("--key", &file(path));
    }
    if let Some(digest) = &args.key.key_digest {
        add("--key-digest", &digest.to_string());
    }
    args.require.iter().for_each(|clauses| add("--require", clauses));
    args.by.iter().for_each(|by| add("--by", by));
    args.history.iter().for_each(|path| add("--history", &file(path)));
    args.previous.iter().for_each(|previous| add("--previous", &file(Path::new(previous))));
    args.evidence.iter().for_each(|path| add("--evidence", &file(path)));
    args.known.rpc.iter().for_each(|url| add("--rpc", &host(url)));
    args.known.esplora.iter().for_each(|url| add("--esplora", &host(url)));
    for one in &args.known.block_hash {
        add("--block-hash", &format!("{}={}", one.chain, one.hash));
    }
    for one in &args.known.custodian {
        add("--custodian", &format!("{}={}", one.name, one.key));
    }
    args.known.deny.iter().for_each(|path| add("--deny", &file(path)));
    args.known.rules_digest.iter().for_each(|digest| add("--rules-digest", &digest.to_string()));
    args.second_prices.iter().for_each(|path| add("--second-prices", &file(path)));
    add("--now", &now.to_string());
    for (accepted, option) in [
        (args.key.accept_unknown_setup, "--accept-unknown-setup"),
        (args.key.accept_insecure_setup, "--accept-insecure-setup"),
    ] {
        words.extend(accepted.then(|| option.to_owned()));
    }
    words.join(" ")
}

/// An address of a server without anything that may be a key: scheme and host.
fn host(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let host = authority.rsplit('@').next().unwrap_or_default();
    let hidden = if path.trim_matches('/').is_empty() { "" } else { "/..." };
    format!("{scheme}://{host}{hidden}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_no_key() {
        for (url, told) in [
            ("http://localhost:8545", "http://localhost:8545"),
            ("https://node.example/", "https://node.example"),
            ("https://node.example/v3/SECRET", "https://node.example/..."),
            ("https://node.example?key=SECRET", "https://node.example/..."),
            ("https://user:SECRET@node.example:1/x", "https://node.example:1/..."),
        ] {
            assert_eq!(host(url), told);
        }
    }
}
