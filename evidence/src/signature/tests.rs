use alloy_primitives::hex as hexadecimal;
use bitcoin::{
    Amount, EcdsaSighashType, ScriptBuf, Witness,
    consensus::serialize,
    hashes::Hash,
    key::Secp256k1,
    opcodes::all::{OP_CHECKMULTISIG, OP_PUSHNUM_2, OP_PUSHNUM_3},
    script::Builder,
    secp256k1::{Message, SecretKey},
    sighash::SighashCache,
};
use pacioli_attestation::BITCOIN;

use super::*;

fn bitcoin(address: &str) -> Place {
    Place::of(BITCOIN, address).unwrap()
}

fn signed(scheme: Scheme, message: &str, signature: &str) -> Signature {
    let (message, signature) = (message.to_owned(), signature.to_owned());
    Signature { scheme, message, signature, public_key: None, form: None }
}

// BIP-322's test vectors.
const WPKH: &str = "bc1q9vza2e8x573nczrlzms0wvx3gsqjx7vavgkx0l";
const HELLO: &str = "AkcwRAIgZRfIY3p7/DoVTty6YZbWS71bc5Vct9p9Fia83eRmw2QCICK/ENGfwLtptFluMGs2KsqoNSk89pO7F29zJLUx9a/sASECx/EgAxlkQpQ9hYjgGu6EBCPMVPwVIVJqO4XCsMvViHI=";
const NOTHING: &str = "AkcwRAIgM2gBAQqvZX15ZiysmKmQpDrG83avLIT492QBzLnQIxYCIBaTpOaD20qRlEylyxFSeEA2ba9YOixpX8z46TSDtS40ASECx/EgAxlkQpQ9hYjgGu6EBCPMVPwVIVJqO4XCsMvViHI=";
// The same texts, another random number.
const HELLO_AGAIN: &str = "AkgwRQIhAOzyynlqt93lOKJr+wmmxIens//zPzl9tqIOua93wO6MAiBi5n5EyAcPScOjf1lAqIUIQtr3zKNeavYabHyR8eGhowEhAsfxIAMZZEKUPYWI4BruhAQjzFT8FSFSajuFwrDL1Yhy";
const TAPROOT: &str = "bc1ppv609nr0vr25u07u95waq5lucwfm6tde4nydujnu8npg4q75mr5sxq8lt3";
const TAPROOT_HELLO: &str =
    "AUHd69PrJQEv+oKTfZ8l+WROBHuy9HKrbFCJu7U1iK2iiEy1vMU5EfMtjc+VSHM7aU0SDbak5IUZRVno2P5mjSafAQ==";

#[test]
fn the_vectors_of_bip_322_hold() {
    for (message, hash) in [
        ("", "c90c269c4f8fcbe6880f72a721ddfbf1914268a794cbb21cfafee13770ae19f1"),
        ("Hello World", "f0eb03b1a75ac6d9847f55c624a99169b5dccba2a31f5b23bea77ba270de0a7a"),
    ] {
        assert_eq!(hexadecimal::encode(bip322_message_hash(message.as_bytes())), hash);
    }
    let Place::Bitcoin { script, .. } = bitcoin(WPKH) else { unreachable!() };
    for (message, spent, spends) in [
        (
            "",
            "c5680aa69bb8d860bf82d4e9cd3504b55dde018de765a91bb566283c545a99a7",
            "1e9654e951a5ba44c8604c4de6c67fd78a27e81dcadcfe1edf638ba3aaebaed6",
        ),
        (
            "Hello World",
            "b79d196740ad5217771c1098fc4a4b51e0535c32236c71f1ea4d61a2d603352b",
            "88737ae86f2077145f93cc4b153ae9a1cb8d56afa511988c149c5c8c9d93bddf",
        ),
    ] {
        let ids = bip322::transactions(message.as_bytes(), &script).map(|one| one.compute_txid());
        assert_eq!(ids.map(|id| id.to_string()), [spent, spends]);
    }
    for (address, message, signature) in [
        (WPKH, "Hello World", HELLO),
        (WPKH, "Hello World", HELLO_AGAIN),
        (WPKH, "", NOTHING),
        (TAPROOT, "Hello World", TAPROOT_HELLO),
    ] {
        let place = bitcoin(address);
        let check = |message| signed(Scheme::Bip322, message, signature).check(&place);
        assert!(matches!(check(message), Ok(Signed::Key(_))), "{message}: {:?}", check(message));
        assert_eq!(check("Hello World!"), Err(SignatureError::Forged));
        let other = bitcoin("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4");
        assert!(signed(Scheme::Bip322, message, signature).check(&other).is_err());
    }
}

/// A key of the tests alone.
fn key(byte: u8) -> SecretKey {
    SecretKey::from_slice(&[byte; 32]).unwrap()
}

fn two_of_three(keys: &[SecretKey]) -> ScriptBuf {
    let secp = Secp256k1::new();
    let keys = keys.iter().map(|key| key.public_key(&secp).serialize());
    let script =
        keys.fold(Builder::new().push_opcode(OP_PUSHNUM_2), |script, key| script.push_slice(key));
    script.push_opcode(OP_PUSHNUM_3).push_opcode(OP_CHECKMULTISIG).into_script()
}

/// A witness of P2WSH: these keys sign a message in this order.
fn witness(message: &str, inner: &ScriptBuf, keys: &[SecretKey]) -> String {
    let [_, spends] = bip322::transactions(message.as_bytes(), &inner.to_p2wsh());
    let mut cache = SighashCache::new(&spends);
    let hash = cache.p2wsh_signature_hash(0, inner, Amount::ZERO, EcdsaSighashType::All).unwrap();
    let message = Message::from_digest(hash.to_byte_array());
    let mut items = vec![Vec::new()];
    for key in keys {
        let mut signature = Secp256k1::new().sign_ecdsa(&message, key).serialize_der().to_vec();
        signature.push(1);
        items.push(signature);
    }
    items.push(inner.to_bytes());
    STANDARD.encode(serialize(&Witness::from_slice(&items)))
}

#[test]
fn a_script_of_several_keys_needs_as_many_signatures_in_their_order() {
    let keys = [1, 2, 3].map(key);
    let [one, two, three] = keys;
    let inner = two_of_three(&keys);
    let place = Place::Bitcoin { network: bitcoin::Network::Bitcoin, script: inner.to_p2wsh() };
    let check = |text: &str, keys: &[SecretKey]| {
        signed(Scheme::Bip322, "text", &witness(text, &inner, keys)).check(&place)
    };
    for keys in [[one, two], [one, three], [two, three]] {
        let Ok(Signed::Key(found)) = check("text", &keys) else { panic!("refused") };
        assert_eq!(found.len(), 3);
    }
    assert_eq!(check("other", &[one, two]), Err(SignatureError::Forged));
    assert_eq!(check("text", &[two, one]), Err(SignatureError::Forged));
    assert_eq!(check("text", &[one, one]), Err(SignatureError::Forged));
    assert_eq!(check("text", &[one, key(4)]), Err(SignatureError::Forged));
    assert!(matches!(check("text", &[one]), Err(SignatureError::Malformed(_))));
    assert!(matches!(check("text", &keys), Err(SignatureError::Malformed(_))));
    let other = two_of_three(&[one, two, key(4)]);
    let foreign = signed(Scheme::Bip322, "text", &witness("text", &other, &[one, two]));
    assert_eq!(foreign.check(&place), Err(SignatureError::Forged));
    let one_push = Builder::new().push_int(1).into_script();
    let open = Place::Bitcoin { network: bitcoin::Network::Bitcoin, script: one_push.to_p2wsh() };
    let anyone = STANDARD.encode(serialize(&Witness::from_slice(&[vec![], one_push.to_bytes()])));
    let error = signed(Scheme::Bip322, "text", &anyone).check(&open).unwrap_err();
    assert!(error.to_string().contains("only scripts of `m` of `n` keys"), "{error}");
}

#[test]
fn kinds_that_are_not_checked_are_refused_by_name() {
    let p2pkh = bitcoin("1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH");
    let error = signed(Scheme::Bip322, "Hello World", HELLO).check(&p2pkh).unwrap_err();
    assert!(error.to_string().contains("for P2PKH use bip137"), "{error}");
    let p2sh = bitcoin("3P14159f73E4gFr7JterCCQh9QjiTjiZrG");
    assert!(signed(Scheme::Bip322, "Hello World", HELLO).check(&p2sh).is_err());
    let error = signed(Scheme::Eip191, "", "0x").check(&p2pkh).unwrap_err().to_string();
    assert_eq!(error, "the scheme eip191 is none of Bitcoin");
    let mut keyed = signed(Scheme::Bip322, "Hello World", HELLO);
    keyed.form = Some(MessageForm::Raw);
    assert!(matches!(keyed.check(&bitcoin(WPKH)), Err(SignatureError::Field(_))));
}

/// A signature in the older form, its first byte for one kind of address.
fn older(message: &str, key: &SecretKey, head: u8) -> String {
    let hash = bitcoin::sign_message::signed_msg_hash(message).to_byte_array();
    let message = Message::from_digest(hash);
    let signature = Secp256k1::new().sign_ecdsa_recoverable(&message, key);
    let (id, bytes) = signature.serialize_compact();
    let head = head + u8::try_from(id.to_i32()).unwrap();
    STANDARD.encode([&[head][..], &bytes].concat())
}

#[test]
fn the_older_form_is_of_the_kinds_that_its_first_byte_says() {
    let secret = key(7);
    let public = secret.public_key(&Secp256k1::new());
    let [_, long, short, wrapped, taproot, witness] =
        <[ScriptBuf; 6]>::try_from(crate::place::scripts_of(&public)).unwrap();
    let network = bitcoin::Network::Bitcoin;
    for (head, kinds) in [
        (27, vec![&long]),
        (31, vec![&short, &wrapped, &witness]),
        (35, vec![&wrapped]),
        (39, vec![&witness]),
    ] {
        for script in [&long, &short, &wrapped, &witness, &taproot] {
            let place = Place::Bitcoin { network, script: script.clone() };
            let check =
                |text| signed(Scheme::Bip137, text, &older("text", &secret, head)).check(&place);
            let is_of = kinds.contains(&script);
            assert_eq!(check("text") == Ok(Signed::Key(vec![public])), is_of, "{head} {script}");
            assert!(check("other").is_err());
        }
    }
    for wrong in ["", "AAAA", &older("text", &secret, 43), &STANDARD.encode([255; 65])] {
        let place = Place::Bitcoin { network, script: short.clone() };
        assert!(signed(Scheme::Bip137, "text", wrong).check(&place).is_err(), "{wrong}");
    }
}

#[test]
fn a_published_signature_of_the_older_form_holds() {
    // From Bitcoin Core's tests of `signmessage` (private key cUeKHd5orzT3mz8P9pxyREHfsWtVfgsfDjiZZBcjUBAaGk1BTj7N).
    let place =
        Place::of("bip122:0f9188f13cb7b2c71f2a335e3a4fc328", "mpLQjfK79b7CCV4VMJWEWAj5Mpx8Up5zxB");
    let text = "This is just a test message";
    let signature =
        "INbVnW4e6PeRmsv2Qgu8NuopvrVjkcxob+sX8OcZG0SALhWybUjzMLPdAsXI46YZGb0KQTRii+wWIQzRpG/U+S0=";
    let signed = signed(Scheme::Bip137, text, signature);
    assert!(matches!(signed.check(&place.unwrap()), Ok(Signed::Key(_))));
}

#[test]
fn eip_191_is_of_one_account_and_one_text() {
    // web3.js: eth.accounts.sign("Some data", …).
    let place = Place::of("eip155:1", "0x2c7536E3605D9C16a7a3D7b1898e529396a65c23").unwrap();
    let signature = "0xb91467e570a6466aa9e9876cbcd013baba02900b8979d43fe208a4a4f339f5fd6007e74cd82e037b800186422fc2da167c747ef045e5d18a5f5d4300f8e1a0291c";
    let check = |text, signature: &str| signed(Scheme::Eip191, text, signature).check(&place);
    let hash = eip191_digest("Some data");
    assert_eq!(
        hash.to_string(),
        "0x1da44b586eb0729ff70a73c326926f6ed5a25f5b056e7f47fbc6e58d86871655"
    );
    assert_eq!(check("Some data", signature), Ok(Signed::Key(Vec::new())));
    assert_eq!(check("Some date", signature), Err(SignatureError::Forged));
    assert_eq!(check("Some data", &signature.replace("0xb9", "0xb8")), Err(SignatureError::Forged));
    let wrapped = format!("{signature}{}", "6492".repeat(16));
    let error = check("Some data", &wrapped).unwrap_err().to_string();
    assert!(error.contains("ERC-6492"), "{error}");
    let wallet = signed(Scheme::Erc1271, "Some data", &wrapped).check(&place).unwrap_err();
    assert!(wallet.to_string().contains("ERC-6492"), "{wallet}");
    for wrong in [&signature[..130], &signature[2..], "0x", &signature.replace("a0291c", "a0291e")]
    {
        assert!(matches!(check("Some data", wrong), Err(SignatureError::Malformed(_))), "{wrong}");
    }
    let asked = signed(Scheme::Erc1271, "Some data", signature).check(&place).unwrap();
    assert!(matches!(asked, Signed::Ask { digest, .. } if digest == hash));
}

#[test]
fn the_vectors_of_rfc_8032_hold_and_weak_keys_do_not() {
    for (key, message, signature) in [
        (
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
        (
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ),
    ] {
        let [key, message, signature] =
            [key, message, signature].map(|text| hexadecimal::decode(text).unwrap());
        let read = Ed25519Key::of(&key).unwrap();
        assert_eq!(verify_ed25519(&message, &signature, &read), Ok(()));
        let other = [&message[..], b"x"].concat();
        assert_eq!(verify_ed25519(&other, &signature, &read), Err(SignatureError::Forged));
        assert!(verify_ed25519(&message, &signature[..63], &read).is_err());
    }
    // The point of order 1, under which everything can be signed.
    let mut identity = [0; 32];
    identity[0] = 1;
    assert!(Ed25519Key::of(&identity).is_err());
}

#[test]
fn an_address_of_solana_is_its_key() {
    use ed25519_dalek::Signer;
    let secret = ed25519_dalek::SigningKey::from_bytes(&[5; 32]);
    let public = secret.verifying_key().to_bytes();
    let address = bitcoin::base58::encode(&public);
    let chain = "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp";
    let signature = hexadecimal::encode_prefixed(secret.sign(b"text").to_bytes());
    let mut one = signed(Scheme::Ed25519, "text", &signature);
    let place = Place::of(chain, &address).unwrap();
    assert!(matches!(one.check(&place), Err(SignatureError::Field(_))));
    one.form = Some(MessageForm::Raw);
    assert!(matches!(one.check(&place), Err(SignatureError::Field(_))));
    one.public_key = Some(public.to_vec().into());
    assert_eq!(one.check(&place), Ok(Signed::Key(Vec::new())));
    let other = Place::of(chain, &address[1..]).unwrap();
    assert_eq!(one.check(&other), Err(SignatureError::Forged));
    let elsewhere = Place::of("cardano:mainnet", &address).unwrap();
    assert!(matches!(one.check(&elsewhere), Err(SignatureError::Unsupported(_))));
    one.message += ".";
    assert_eq!(one.check(&place), Err(SignatureError::Forged));
}
