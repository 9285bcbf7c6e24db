//! What the compiler made of `pacioli contract`'s input.

use std::{collections::BTreeMap, path::Path};

use alloy_primitives::Bytes;
use anyhow::{Context, Result, bail};
use serde::Deserialize;

use super::files;

#[derive(Deserialize)]
struct Output {
    #[serde(default)]
    errors: Vec<Problem>,
    #[serde(default)]
    contracts: BTreeMap<String, BTreeMap<String, Contract>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Problem {
    severity: String,
    formatted_message: String,
}

#[derive(Deserialize)]
struct Contract {
    evm: Evm,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Evm {
    bytecode: Code,
    deployed_bytecode: Code,
}

#[derive(Deserialize)]
struct Code {
    object: String,
}

/// A compiled contract.
pub struct Compiled {
    /// The code that creates it.
    pub creation: Bytes,
    /// The code then on chain, without what a constructor writes into it.
    pub runtime: Bytes,
}

/// The compiler's output.
pub struct Build {
    file: String,
    contracts: BTreeMap<String, BTreeMap<String, Contract>>,
}

impl Build {
    /// Reads the compiler's standard JSON output.
    pub fn read(path: &Path) -> Result<Self> {
        let file = path.display().to_string();
        let text = files::read_text(path)?;
        // The compiler from npm says something of its own in a first line.
        let json = match text.split_once('\n') {
            Some((first, rest)) if first.starts_with(">>>") => rest,
            _ => &text,
        };
        let output: Output = serde_json::from_str(json)
            .with_context(|| format!("{file} is not a standard JSON output of solc"))?;
        if let Some(problem) = output.errors.iter().find(|problem| problem.severity == "error") {
            bail!("{file}: the compiler says: {}", problem.formatted_message.trim_end());
        }
        Ok(Self { file, contracts: output.contracts })
    }

    /// One contract of it.
    pub fn contract(&self, name: &str) -> Result<Compiled> {
        let file = &self.file;
        let mut named = self.contracts.values().filter_map(|contracts| contracts.get(name));
        let (Some(found), None) = (named.next(), named.next()) else {
            bail!("{file} has no contract `{name}`, or several");
        };
        let code = |code: &Code| {
            let bytes = alloy_primitives::hex::decode(&code.object).ok();
            let bytes = bytes.filter(|bytes| !bytes.is_empty());
            bytes.map(Bytes::from).with_context(|| format!("{file}: `{name}` has no bytecode"))
        };
        Ok(Compiled {
            creation: code(&found.evm.bytecode)?,
            runtime: code(&found.evm.deployed_bytecode)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Build> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("output.json");
        std::fs::write(&path, text).unwrap();
        Build::read(&path)
    }

    fn output(object: &str) -> String {
        let code = format!(r#"{{"object":"{object}"}}"#);
        let evm = format!(r#"{{"bytecode":{code},"deployedBytecode":{{"object":"0102"}}}}"#);
        format!(r#"{{"contracts":{{"a.sol":{{"A":{{"evm":{evm}}}}}}}}}"#)
    }

    #[test]
    fn a_contract_is_found_behind_what_the_compiler_says_first() {
        let text = format!(">>> Cannot retry compilation\n{}\n", output("00ff"));
        for text in [text, output("00ff")] {
            let contract = read(&text).unwrap().contract("A").unwrap();
            assert_eq!(
                (&contract.creation[..], &contract.runtime[..]),
                (&[0, 255][..], &[1, 2][..])
            );
        }
    }

    #[test]
    fn a_build_that_failed_or_has_no_code_is_refused() {
        let error = |text: &str| match read(text).and_then(|build| build.contract("A")) {
            Ok(_) => panic!("{text}"),
            Err(error) => format!("{error:#}"),
        };
        assert!(error("{").contains("is not a standard JSON output of solc"));
        assert!(error("{}").contains("has no contract `A`"));
        assert!(error(&output("")).contains("`A` has no bytecode"));
        assert!(error(&output("0_")).contains("`A` has no bytecode"));
        let failed = r#"{"errors":[{"severity":"error","formattedMessage":"no such import\n"}]}"#;
        assert!(error(failed).ends_with("the compiler says: no such import"));
    }
}
