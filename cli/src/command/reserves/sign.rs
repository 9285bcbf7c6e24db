//! `pacioli reserves sign` and `state`: signatures are checked before they are written.

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use ed25519_dalek::{Signer, SigningKey};
use pacioli_attestation::Reserve;
use pacioli_chain::Key;
use pacioli_evidence::{
    Custodian, CustodianKey, CustodianText, Ed25519Key, Entry, MessageForm, Place, Reader, Scheme,
    Signature, Signed, Subject,
};
use serde_json::json;
use zeroize::Zeroizing;

use super::{
    super::{files, node},
    challenge::{Text, texts},
    evidence_to_add_to,
    nodes::Nodes,
};
use crate::{
    args::{SignArgs, StateArgs},
    format::plural,
    output::Report,
    shown::shown,
};

/// A key that signs here.
enum Signs {
    Account(Key),
    Ed25519(SigningKey),
}

impl Signs {
    fn read(keystore: Option<&Path>, ed25519: Option<&Path>) -> Result<Self> {
        let Some(path) = ed25519 else { return Ok(Self::Account(node::key(keystore)?)) };
        let text = Zeroizing::new(files::read_text(path)?);
        let digits = text.trim();
        let digits = digits.strip_prefix("0x").unwrap_or(digits);
        let mut bytes = Zeroizing::new([0; 32]);
        alloy_primitives::hex::decode_to_slice(digits, bytes.as_mut()).ok().with_context(|| {
            format!("{} is no ed25519 key: 64 hexadecimal digits", path.display())
        })?;
        Ok(Self::Ed25519(SigningKey::from_bytes(&bytes)))
    }

    fn bytes(&self, text: &str) -> Result<Vec<u8>> {
        Ok(match self {
            Self::Account(key) => key.sign_text(text)?.to_vec(),
            Self::Ed25519(key) => key.sign(text.as_bytes()).to_bytes().to_vec(),
        })
    }

    /// The signature of a text, as evidence.
    fn signature(&self, message: &str) -> Result<Signature> {
        let signature = hex(&self.bytes(message)?);
        let (scheme, public_key, form) = match self {
            Self::Account(_) => (Scheme::Eip191, None, None),
            Self::Ed25519(key) => {
                let public = key.verifying_key().to_bytes().to_vec();
                (Scheme::Ed25519, Some(public.into()), Some(MessageForm::Raw))
            }
        };
        Ok(Signature { scheme, message: message.to_owned(), signature, public_key, form })
    }
}

fn hex(bytes: &[u8]) -> String {
    alloy_primitives::hex::encode_prefixed(bytes)
}

/// Runs `sign`.
pub fn run(args: &SignArgs) -> Result<Report> {
    let texts = texts(&args.text)?;
    let mut evidence = evidence_to_add_to(&args.evidence)?;
    let mut signed = Vec::new();
    if let Some(pasted) = &args.signature {
        let one = chosen(&texts, args)?;
        let message = one.text.clone().map_err(anyhow::Error::msg)?;
        let scheme: Scheme = args.scheme.context("clap asks for the scheme")?.into();
        let key = args.public_key.as_deref().map(alloy_primitives::hex::decode).transpose();
        let public_key = key.ok().context("--public-key is not hexadecimal")?.map(Into::into);
        let form = (scheme == Scheme::Ed25519).then_some(MessageForm::Raw);
        let signature = pasted.trim().to_owned();
        let signature = Signature { scheme, message, signature, public_key, form };
        check(&one.reserve, &signature, args)?;
        signed.push((one, signature));
    } else {
        let key = Signs::read(args.keystore.as_deref(), args.ed25519_key.as_deref())?;
        for one in &texts {
            let Ok(message) = &one.text else { continue };
            let signature = key.signature(message)?;
            let place = Place::of(&one.reserve.chain, &one.reserve.address);
            let is_own = place.is_ok_and(|place| signature.check(&place).is_ok());
            if is_own {
                signed.push((one, signature));
            }
        }
        let count = texts.len();
        ensure!(
            !signed.is_empty(),
            "none of the {} is at the key's address",
            plural(count, "reserve")
        );
    }
    let mut text =
        format!("{} added to {}\n", plural(signed.len(), "signature"), args.evidence.display());
    let mut list = Vec::new();
    for (one, signature) in signed {
        let Reserve { asset, address, .. } = &one.reserve;
        let (shown_asset, shown_address) = (shown(asset), shown(address));
        text += &format!("  reserves[{}]: {shown_asset} at {shown_address}\n", one.index);
        list.push(json!({ "asset": asset, "address": address, "scheme": signature.scheme }));
        evidence.put(Entry { signature: Some(signature), ..Entry::of(&one.reserve) });
    }
    files::write(&args.evidence, evidence.to_text().as_bytes())?;
    Ok(Report { text, json: json!({ "signed": list }), holds: true })
}

/// The reserve that a pasted signature is for.
fn chosen<'a>(texts: &'a [Text], args: &SignArgs) -> Result<&'a Text> {
    let address = args.address.as_deref().unwrap_or_default();
    let is_it = |one: &&Text| {
        let Reserve { chain, address: own, asset, .. } = &one.reserve;
        let same =
            pacioli_evidence::Owner::of(chain, own) == pacioli_evidence::Owner::of(chain, address);
        same && args.asset.as_ref().is_none_or(|wanted| wanted == asset)
    };
    let found: Vec<&Text> = texts.iter().filter(is_it).collect();
    match found[..] {
        [one] => Ok(one),
        [] => bail!("no reserve is at `{}`", address.escape_debug()),
        _ => bail!("several reserves are at `{}`: give --asset", address.escape_debug()),
    }
}

fn check(reserve: &Reserve, signature: &Signature, args: &SignArgs) -> Result<()> {
    let place = Place::of(&reserve.chain, &reserve.address)?;
    match signature.check(&place)? {
        Signed::Key(_) => Ok(()),
        Signed::Ask { wallet, digest, signature } => {
            let mut nodes = Nodes::connect(&args.rpc, &[])?;
            let asked = nodes.wallet(&reserve.chain, wallet, digest, &signature, None);
            let asked = asked.map_err(anyhow::Error::msg)?;
            let asked = asked.context("a contract wallet is asked on its chain: give --rpc")?;
            ensure!(asked.value.is_valid, "the wallet says that the signature is not its own");
            Ok(())
        }
    }
}

/// Runs `state`.
pub fn state(args: &StateArgs) -> Result<Report> {
    let reserves = files::read_reserves(&args.reserves)?;
    let key = Signs::read(args.keystore.as_deref(), args.ed25519_key.as_deref())?;
    let mut evidence = evidence_to_add_to(&args.evidence)?;
    let own =
        reserves.reserves.iter().filter(|one| one.custodian.as_ref() == Some(&args.custodian));
    let mut text = String::new();
    let mut list = Vec::new();
    for reserve in own {
        let subject = Subject::of(&args.venue, reserve)?;
        let (name, amount, at) = (args.custodian.clone(), reserve.amount, reserves.as_of);
        let message = CustodianText { name: name.clone(), subject: subject.clone(), amount, at };
        let message = message.to_string();
        let signature = hex(&key.bytes(&message)?);
        let statement = Custodian { name, message, signature };
        let public = match &key {
            Signs::Account(key) => CustodianKey::Account(key.address()),
            Signs::Ed25519(key) => {
                CustodianKey::Ed25519(Ed25519Key::of(key.verifying_key().as_bytes())?)
            }
        };
        statement.check(&subject, &public)?;
        let (asset, address) = (shown(&reserve.asset), shown(&reserve.address));
        text += &format!("  {amount} {asset} at {address}, at {at}\n");
        list.push(json!({ "asset": reserve.asset, "address": reserve.address, "amount": amount }));
        evidence.put(Entry { custodian: Some(statement), ..Entry::of(reserve) });
    }
    let name = args.custodian.escape_debug();
    ensure!(!list.is_empty(), "no reserve has the custodian `{name}`");
    files::write(&args.evidence, evidence.to_text().as_bytes())?;
    let head =
        format!("{} added to {}\n", plural(list.len(), "statement"), args.evidence.display());
    Ok(Report { text: head + &text, json: json!({ "stated": list }), holds: true })
}
