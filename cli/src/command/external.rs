//! A program that signs where no key is here: for a hardware wallet, or a signing service.
//!
//! It is started without a shell, gets one JSON document on its standard input and nothing else, and
//! answers with a signature on its standard output. The document is what `eth_signTypedData_v4` takes,
//! so that a device can show what it signs, beside the digest and the account. What it answers is
//! believed in nothing: the signature has to be of that account, for that digest.

use std::{
    env,
    io::{Read, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use alloy_primitives::{Address, B256, Bytes, U256, hex};
use alloy_sol_types::{Eip712Domain, SolStruct};
use anyhow::{Context, Result, bail, ensure};
use pacioli_chain::recovered;
use pacioli_verifier_contract::signing;
use serde_json::{Map, Value, json};

/// How long somebody may take to look at a device and press its button.
const PATIENCE: Duration = Duration::from_secs(300);
/// Between two looks whether it has ended.
const PAUSE: Duration = Duration::from_millis(50);
/// The most bytes of an answer: a signature has 132 with its `0x`.
const MOST: u64 = 1 << 12;
/// What of the environment it is given.
const KEPT: [&str; 2] = ["PATH", "HOME"];

/// A program and its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct External {
    /// The program.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<String>,
}

impl External {
    /// Lets the program sign a message in a domain for an account.
    ///
    /// # Errors
    /// If it cannot be started, does not end in time or well, or answers with something else than the
    /// account's signature.
    pub fn sign<M: SolStruct>(
        &self,
        message: &M,
        domain: &Eip712Domain,
        signer: Address,
    ) -> Result<Bytes> {
        let digest = signing::digest(message, domain);
        let request = json!({
            "version": 1,
            "signer": signer,
            "digest": digest,
            "typed_data": typed_data(message, domain)?,
        });
        let name = self.program.display();
        let answer = self.ask(&request, PATIENCE).with_context(|| format!("--exec {name}"))?;
        let signature = read(&answer, &digest, signer);
        signature.with_context(|| format!("--exec {name}"))
    }

    fn ask(&self, request: &Value, patience: Duration) -> Result<Vec<u8>> {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
        // Whoever signs elsewhere has no use for a key that is here, of accounts or of nodes.
        command.env_clear();
        for name in KEPT {
            command.envs(env::var_os(name).map(|value| (name, value)));
        }
        let mut child = command.spawn().context("cannot be started")?;
        let mut stdout = child.stdout.take().context("it has an output")?.take(MOST + 1);
        let (done, reading) = mpsc::channel();
        thread::spawn(move || {
            let mut bytes = Vec::new();
            // Nobody listens any more where it took too long.
            let _ = done.send(stdout.read_to_end(&mut bytes).map(|_| bytes));
        });
        let begun = Instant::now();
        let written = child.stdin.take().map(|mut stdin| writeln!(stdin, "{request}"));
        let status = wait(&mut child, patience)?;
        ensure!(status.success(), "it ended with {status}");
        // One that does not read what it signs ends well all the same.
        written.context("it has an input")?.context("it did not read the request")?;
        // What it leaves running may hold its output open.
        let bytes = reading.recv_timeout(patience.saturating_sub(begun.elapsed()).max(PAUSE));
        let bytes = bytes.ok().context("it ended, and its output did not")??;
        ensure!(bytes.len() as u64 <= MOST, "it answers with more than a signature");
        Ok(bytes)
    }
}

/// Waits for its end, and makes one where it takes too long.
fn wait(child: &mut Child, patience: Duration) -> Result<std::process::ExitStatus> {
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if begun.elapsed() >= patience {
            // It may have ended just now.
            let _ = child.kill();
            child.wait()?;
            bail!("it did not answer within {} seconds", patience.as_secs());
        }
        thread::sleep(PAUSE);
    }
}

/// The signature in an answer, with `v` 27 or 28 and the lower `s`, as contracts take it.
fn read(answer: &[u8], digest: &B256, signer: Address) -> Result<Bytes> {
    let form = "it has to answer with 0x and the 130 digits of a signature";
    let text = std::str::from_utf8(answer).context(form)?.trim();
    let bytes = text.strip_prefix("0x").and_then(|digits| hex::decode(digits).ok());
    let (signature, by) = recovered(digest, &bytes.context(form)?).context(form)?;
    ensure!(by == signer, "it signed with the key of {by}, and not of {signer}");
    Ok(signature.to_vec().into())
}

/// A message as `eth_signTypedData_v4` takes it. Every field of ours is one word.
fn typed_data<M: SolStruct>(message: &M, domain: &Eip712Domain) -> Result<Value> {
    let text = M::eip712_encode_type();
    let fields = text.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')'));
    let fields = fields.context("a message has fields")?.split(',');
    let words = message.eip712_encode_data();
    let (mut types, mut values) = (Vec::new(), Map::new());
    for (field, word) in fields.zip(words.chunks(32)) {
        let (kind, name) = field.split_once(' ').context("a field has a type and a name")?;
        types.push(json!({ "name": name, "type": kind }));
        let value = match kind {
            "address" => json!(Address::from_slice(&word[12..])),
            "bytes32" => json!(B256::from_slice(word)),
            kind if kind.starts_with("uint") => json!(U256::from_be_slice(word).to_string()),
            _ => bail!("{kind} is no word"),
        };
        values.insert(name.to_owned(), value);
    }
    ensure!(32 * types.len() == words.len(), "a field of a message is more than a word");
    let of = |name: &str, kind: &str| json!({ "name": name, "type": kind });
    let own = [
        of("name", "string"),
        of("version", "string"),
        of("chainId", "uint256"),
        of("verifyingContract", "address"),
    ];
    Ok(json!({
        "types": { "EIP712Domain": own, M::NAME: types },
        "primaryType": M::NAME,
        "domain": {
            "name": domain.name,
            "version": domain.version,
            "chainId": domain.chain_id.map(|id| id.to_string()),
            "verifyingContract": domain.verifying_contract,
        },
        "message": values,
    }))
}

/// A program and its arguments, where one is named.
pub fn named(program: Option<&Path>, arguments: &[String]) -> Option<External> {
    let arguments = arguments.to_vec();
    program.map(|program| External { program: program.to_owned(), arguments })
}

#[cfg(test)]
mod tests {
    use pacioli_verifier_contract::signing::{Alarm, Attest, domain};

    use super::*;

    fn alarm() -> Alarm {
        let word = B256::repeat_byte(2);
        Alarm { signer: Address::repeat_byte(1), venue: word, reason: word, until: 7 }
    }

    #[test]
    fn a_device_is_shown_every_field() {
        let shown = typed_data(&alarm(), &domain(1, Address::repeat_byte(3))).unwrap();
        assert_eq!(shown["primaryType"], "Alarm");
        assert_eq!(shown["types"]["Alarm"][3], json!({ "name": "until", "type": "uint64" }));
        assert_eq!(shown["message"]["until"], "7");
        assert_eq!(shown["message"]["signer"], json!(Address::repeat_byte(1)));
        assert_eq!(shown["domain"]["chainId"], "1");
        let (word, address) = (B256::repeat_byte(4), Address::repeat_byte(5));
        let attest = Attest {
            signer: address,
            venue: word,
            sequence: 7,
            context: word,
            program: word,
            totals: word,
            attestation: word,
            verifier: address,
            rounds: word,
            signedAt: 1,
            deadline: 2,
            carrier: address,
            compared: 3,
        };
        let shown = typed_data(&attest, &domain(1, Address::ZERO)).unwrap();
        assert_eq!(shown["message"].as_object().unwrap().len(), 13);
        assert_eq!(shown["message"]["compared"], "3");
    }

    #[test]
    fn a_signature_of_another_account_is_refused() {
        let key = pacioli_chain::Key::from_hex(&"1".repeat(64)).unwrap();
        let digest = B256::repeat_byte(7);
        let signed = key.sign_digest(&digest).unwrap();
        let answer = hex::encode_prefixed(signed) + "\n";
        let read = |by| read(answer.as_bytes(), &digest, by);
        assert_eq!(read(key.address()).unwrap()[..], signed);
        let error = read(Address::repeat_byte(1)).unwrap_err().to_string();
        assert!(error.starts_with("it signed with the key of 0x"), "{error}");
    }

    #[test]
    fn a_program_that_does_not_sign_is_refused() {
        let at = domain(1, Address::ZERO);
        let said = |program: &str, arguments: &[&str]| {
            let arguments = arguments.iter().map(|&text| text.to_owned()).collect();
            let program = External { program: program.into(), arguments };
            let error = program.sign(&alarm(), &at, Address::repeat_byte(1)).unwrap_err();
            format!("{error:#}")
        };
        assert!(said("/nowhere/signer", &[]).contains("cannot be started"));
        assert!(said("/bin/false", &[]).contains("ended with"));
        assert!(said("/bin/cat", &[]).contains("130 digits"));
        let other = External { program: "/bin/sleep".into(), arguments: vec!["60".to_owned()] };
        let error = other.ask(&json!({}), Duration::from_millis(100)).unwrap_err();
        assert!(format!("{error:#}").contains("did not answer within"));
        let shell = |text: &str, patience| {
            let arguments = ["-c", text].map(str::to_owned).to_vec();
            let shell = External { program: "/bin/sh".into(), arguments };
            shell.ask(&json!({}), Duration::from_millis(patience))
        };
        // One that leaves something running, which has its output.
        let error = shell("read line; sleep 20 & exit 0", 1_000).unwrap_err();
        assert!(format!("{error:#}").contains("its output did not"), "{error:#}");
        // It has a path and a home, and no other variable of ours.
        let names = shell("read line; env | cut -d= -f1", 10_000).unwrap();
        let names = String::from_utf8(names).unwrap();
        let own = ["PATH", "HOME", "PWD", "SHLVL", "_", "OLDPWD", "line"];
        assert!(names.lines().all(|name| own.contains(&name)), "{names}");
    }
}
