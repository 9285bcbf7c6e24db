//! Setups that somebody made or changed, through every command that reads one.

use std::fs;

use ff::Field;
use halo2_proofs::{
    halo2curves::bn256::{Bn256, Fr, G2Affine},
    poly::kzg::commitment::ParamsKZG,
};
use pacioli_attestation::setup::{Origin, Setup};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use serde_json::{Value, json};

use crate::venue::{Run, Venue, setup};

/// Where the points of a file of 2^11 rows begin.
const POWERS: usize = 20;
const LAGRANGE: usize = POWERS + (64 << 11);
const POWERS_G2: usize = LAGRANGE + (64 << 11) + 2 * 128;

const ATTESTATION: &str = "run/attestation.json";
const ACCEPT_UNKNOWN: &str = "--accept-unknown-setup";
const ACCEPT_INSECURE: &str = "--accept-insecure-setup";

/// A venue that proved its book in `run` under this setup, and gave alice her `statement.json`.
pub fn venue(setup_file: &str) -> Venue {
    let venue = Venue::new();
    let args = venue.prove_args("run", &[]);
    let args: Vec<_> = args.iter().map(|&a| if a == setup(11) { setup_file } else { a }).collect();
    if setup_file == DRAWN {
        write_drawn(&venue);
    }
    let proved = venue.run(&args);
    assert_eq!(proved.code, 0, "{}", proved.stderr);
    let export = ["statements", "export", "--run", "run", "--account", "alice"];
    let export = [&export[..], &["--out", "statement.json", "--setup", setup_file]].concat();
    let exported = venue.run(&export);
    assert_eq!(exported.code, 0, "{}", exported.stderr);
    venue
}

pub const DRAWN: &str = "drawn.setup";

/// A setup whose tau only this test knows: what somebody makes alone and calls a ceremony.
pub fn write_drawn(venue: &Venue) {
    let params = ParamsKZG::<Bn256>::setup(11, ChaCha20Rng::seed_from_u64(5));
    let tau = Fr::random(ChaCha20Rng::seed_from_u64(5));
    let powers = std::iter::successors(Some(tau), |power| Some(power.square())).take(10);
    let tau_powers_g2 = powers.map(|power| (G2Affine::generator() * power).into()).collect();
    let origin = Origin::Ceremony("perpetual powers of tau, 71 contributors");
    Setup::unchecked_from_parts(params, tau_powers_g2, origin).write(&venue.path(DRAWN)).unwrap();
}

/// The commands that read a setup with `--setup`, by name.
const COMMANDS: [(&str, &[&str]); 7] = [
    ("verify", &["verify", ATTESTATION]),
    ("check", &["check", "statement.json", "--attestation", ATTESTATION]),
    ("contract", &["contract", "--out", "contracts"]),
    ("status", &["status", "--registry", A, "--venue", P, "--rpc", NOWHERE]),
    ("submit", &["submit", "--registry", A, "--venue", P, "--attestation", ATTESTATION]),
    ("key", &["key", "--attestation", ATTESTATION, "--out", "a.key"]),
    ("statements", &["statements", "build", "--run", "run"]),
];
const A: &str = "0x00000000000000000000000000000000000000aa";
const P: &str = "0x00000000000000000000000000000000000000000000000000000000000000aa";
/// No node answers there: whoever says something else has read the setup before.
const NOWHERE: &str = "http://127.0.0.1:1";

#[test]
fn a_setup_with_a_replaced_point_is_refused_by_every_command_that_reads_one() {
    let venue = venue(setup(11));
    let honest = fs::read(setup(11)).unwrap();
    let powers = "the points in G1 are not consecutive powers of the tau of [tau]_2";
    let lagrange = "the Lagrange basis does not belong to the powers of tau";
    let in_g2 = "[tau^8]_1 and [tau^8]_2 are not that power of the tau of [tau]_2";
    // The last usable row's Lagrange point makes a circuit whose lookup may end anywhere.
    let replacements = [
        (LAGRANGE + 64 * 2041, LAGRANGE, 64, lagrange),
        (POWERS + 64 * 3, POWERS + 64 * 5, 64, powers),
        (POWERS_G2 + 128 * 3, POWERS_G2 + 128 * 4, 128, in_g2),
    ];
    for (place, other, size, expected) in replacements {
        let mut bytes = honest.clone();
        bytes.copy_within(other..other + size, place);
        let end = bytes.len() - 64;
        let digest = blake2b_simd::blake2b(&bytes[..end]);
        bytes[end..].copy_from_slice(digest.as_bytes());
        assert_ne!(bytes, honest);
        venue.write("bad.setup", &bytes);
        for (name, command) in COMMANDS {
            let accept: &[&str] =
                if matches!(name, "key" | "statements") { &[] } else { &[ACCEPT_INSECURE] };
            let run = venue.run(&[command, &["--setup", "bad.setup"], accept].concat());
            let expected = format!("cannot use the setup bad.setup: {expected}");
            assert_eq!(run.refusal(2), expected, "{name}");
        }
        let show = venue.run(&["setup", "show", "bad.setup"]);
        assert_eq!(show.refusal(2), format!("cannot use the setup bad.setup: {expected}"));
    }
}

/// The JSON document of a command that has to succeed.
#[track_caller]
fn done(venue: &Venue, args: &[&str]) -> Value {
    let run = venue.run(&[&["--json"], args].concat());
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    run.json()
}

#[test]
fn an_unknown_setup_checks_nothing_until_its_reader_vouches_or_accepts_it() {
    let venue = venue(DRAWN);
    assert_eq!(venue.attestation("run")["header"]["setup"], "unknown ceremony");

    let shown = done(&venue, &["setup", "show", DRAWN]);
    let setup_digest = shown["setup"]["digest"].as_str().unwrap();
    let state = json!({ "state": "unknown", "name": null, "digest": setup_digest });
    assert_eq!(shown["setup"], state);
    let text = venue.run(&["setup", "show", DRAWN]).stdout;
    assert!(text.contains("  setup   unknown ceremony\n  state   unknown\n"), "{text}");
    assert!(text.contains("whoever made it can forge everything"), "{text}");

    let key = ["key", "--setup", DRAWN, "--attestation", ATTESTATION, "--out", "a.key"];
    let made = done(&venue, &key);
    let key_digest = made["digest"].as_str().unwrap();
    assert_eq!(made["setup"]["state"], "unknown");
    assert_eq!(made["setup"]["digest"], setup_digest);
    assert_eq!(made["setup"]["key_digest"], key_digest);
    assert!(venue.run(&key).stdout.contains("whoever made it can forge everything"));

    let verify = |more: &[&str]| venue.run(&[&["verify", ATTESTATION], more].concat());
    let given = ["--setup", DRAWN];
    let with = |more: &[&str]| verify(&[&given[..], more].concat());
    let says_digests = |run: &Run| {
        let error = run.refusal(2);
        let says = [setup_digest, key_digest, ACCEPT_UNKNOWN, "can forge everything under it"];
        assert!(says.iter().all(|said| error.contains(said)), "{error}");
    };
    says_digests(&with(&[]));
    says_digests(&with(&[ACCEPT_INSECURE]));
    for accepted in [
        &[ACCEPT_UNKNOWN][..],
        &["--setup-digest", setup_digest],
        &["--key-digest", key_digest],
        &["--setup-digest", setup_digest, "--key-digest", key_digest],
    ] {
        let run = with(accepted);
        assert_eq!(run.code, 0, "{accepted:?}: {}", run.stderr);
    }
    // A wrong digest is not outdone by a flag.
    let wrong = with(&["--setup-digest", key_digest, ACCEPT_UNKNOWN]);
    let expected = format!(
        "cannot use the setup {DRAWN}: the setup has digest {setup_digest}, not {key_digest}"
    );
    assert_eq!(wrong.refusal(2), expected);
    let wrong = with(&["--key-digest", setup_digest, ACCEPT_UNKNOWN]);
    let expected =
        format!("under the setup given: the key has digest {key_digest}, not {setup_digest}");
    assert_eq!(wrong.refusal(2), expected);

    // A key file is one more thing that somebody may have made.
    let given = ["--key", "a.key"];
    let with = |more: &[&str]| verify(&[&given[..], more].concat());
    says_digests(&with(&[]));
    assert!(with(&[]).stderr.contains("its fixed commitments may be of any circuit"));
    assert_eq!(with(&[ACCEPT_UNKNOWN]).code, 0);
    assert_eq!(with(&["--key-digest", key_digest]).code, 0);
    let wrong = with(&["--key-digest", setup_digest, ACCEPT_UNKNOWN]);
    let expected =
        format!("cannot use the key a.key: the key has digest {key_digest}, not {setup_digest}");
    assert_eq!(wrong.refusal(2), expected);
    for nonsense in [&["--key-digest", key_digest][..], &["--setup-digest", setup_digest]] {
        assert_eq!(verify(nonsense).code, 2);
    }
    assert_eq!(with(&["--setup", DRAWN]).code, 2);

    for (name, command) in COMMANDS {
        let run = venue.run(&[command, &["--setup", DRAWN]].concat());
        match name {
            "verify" | "check" | "contract" | "submit" => {
                assert!(run.refusal(2).contains("can forge everything"), "{name}: {}", run.stderr);
            }
            // It has nothing to compare before a node answers.
            "status" => assert_eq!(run.code, 2),
            // What a venue does with its own setup.
            _ => assert_eq!(run.code, 0, "{name}: {}", run.stderr),
        }
    }
    let status = COMMANDS[3].1;
    let attested = ["--attestation", ATTESTATION, "--setup", DRAWN];
    let run = venue.run(&[status, &attested].concat());
    says_digests(&run);
}
