//! Runs beyond one machine: docs/scale.md, run as programs.

use std::{fmt::Write, fs, path::PathBuf, process::Stdio, time::SystemTime};

use serde_json::Value;

use crate::venue::{Run, Venue, setup};

/// A book of three volumes and more.
pub const ACCOUNTS: usize = 1500;

/// Writes it.
pub fn long_book(venue: &Venue) {
    let mut rows = String::from("account,instrument,quantity\n");
    for account in 0..ACCOUNTS {
        writeln!(rows, "holder-{account},deposit USDC,{account}").unwrap();
    }
    venue.write("book.csv", rows);
}

/// A run that was dealt in a folder of its own.
pub struct Dealt {
    pub venue: Venue,
    run: String,
    digest: String,
    pub volumes: usize,
    variables: Vec<(&'static str, String)>,
}

const BOOK: [&str; 8] = [
    "--snapshot",
    "book.csv",
    "--rules",
    "rules.toml",
    "--prices",
    "prices.json",
    "--reserves",
    "reserves.json",
];

impl Dealt {
    pub fn new() -> Self {
        Self::at("run", Vec::new())
    }

    fn at(run: &str, variables: Vec<(&'static str, String)>) -> Self {
        let venue = Venue::new();
        long_book(&venue);
        assert_eq!(venue.run(&["secret", "new", "venue.secret"]).code, 0);
        let mut dealt =
            Self { venue, run: run.to_owned(), digest: String::new(), volumes: 0, variables };
        let told = dealt.deal().json();
        dealt.digest = told["deal"].as_str().unwrap().to_owned();
        dealt.volumes = told["volumes"].as_u64().unwrap() as usize;
        assert!(dealt.volumes >= 3, "{}", dealt.volumes);
        dealt
    }

    fn go(&self, args: &[&str], more: &[(&str, &str)]) -> Run {
        let mut command = self.venue.command(args);
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.envs(more.iter().copied());
        Run::of(command.output().unwrap())
    }

    fn deal(&self) -> Run {
        let args = ["deal", "--secret", "venue.secret", "--run", &self.run, "--setup", setup(11)];
        let more = ["--private", "dealer", "--keys", "keys", "--json", "--quiet"];
        self.go(&[&args[..], &more, &BOOK].concat(), &[])
    }

    fn task<'a>(&'a self, command: &'a str, key: &'a str) -> Vec<&'a str> {
        let args = [command, "--run", &self.run, "--deal", &self.digest, "--setup", setup(11)];
        [&args[..], &["--key", key, "--quiet"]].concat()
    }

    fn prove(&self, volume: usize) -> Run {
        let index = volume.to_string();
        self.go(&[self.task("prove-volume", "keys"), vec!["--index", &index]].concat(), &[])
    }

    pub fn prove_all(&self) {
        for volume in 0..self.volumes {
            let run = self.prove(volume);
            assert_eq!(run.code, 0, "{}", run.stderr);
        }
    }

    pub fn assemble(&self, out: &str) -> Run {
        self.go(&self.assemble_args(out), &[])
    }

    pub fn assemble_args<'a>(&'a self, out: &'a str) -> Vec<&'a str> {
        let args = ["assemble", "--run", &self.run, "--deal", &self.digest, "--setup", setup(11)];
        let more = ["--private", "dealer", "--secret", "venue.secret", "--out", out, "--json"];
        [&args[..], &more, &["--quiet"]].concat()
    }

    /// The objects of a kind, by path.
    pub fn objects(&self, kind: &str) -> Vec<PathBuf> {
        let Ok(found) = fs::read_dir(self.venue.path(&self.run).join(kind)) else {
            return Vec::new();
        };
        let mut found: Vec<_> = found.map(|one| one.unwrap().path()).collect();
        found.sort();
        found
    }

    /// Every object of this run's folder but those being written.
    pub fn verify(&self, out: &str) {
        let run = self.venue.verify(out, &[]);
        assert!(run.stdout.starts_with("DOES NOT HOLD: the proofs verify"), "{}", run.stderr);
    }

    /// A statement of the holder checks against the attestation.
    fn check_statement(&self, out: &str, holder: &str) {
        let args = ["statements", "export", "--run", out, "--account", holder, "--quiet"];
        let more = ["--secret", "venue.secret", "--out", "statement.json"];
        let run = self.venue.run(&[&args[..], &more].concat());
        assert_eq!(run.code, 0, "{}", run.stderr);
        let attestation = format!("{out}/attestation.json");
        let check = ["check", "statement.json", "--attestation", &attestation];
        let run = self.venue.run(&[&check[..], &["--accept-insecure-setup"]].concat());
        assert_eq!(run.code, 0, "{} {}", run.stdout, run.stderr);
    }
}

fn three_steps(dealt: &Dealt) {
    // Dealt again from the same, it is the same run.
    assert_eq!(dealt.deal().json()["deal"], dealt.digest.as_str());
    let missing = dealt.assemble("out");
    assert_eq!(missing.code, 75, "{}", missing.stderr);
    let told: Value = serde_json::from_str(&missing.stdout).unwrap();
    assert_eq!(told["missing"], format!("0-{}", dealt.volumes - 1));
    for (volume, name) in ["SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX"].iter().enumerate() {
        let args = dealt.task("prove-volume", "keys");
        let run = dealt.go(&args, &[(name, &volume.to_string())]);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""));
        assert!(run.stdout.starts_with(&format!("volume {volume}: proved\n")), "{}", run.stdout);
        assert!(!run.stdout.contains("holder"));
    }
    let again = dealt.prove(0);
    assert!(again.stdout.starts_with("volume 0: proved before"), "{}", again.stdout);
    let status = dealt.go(&["prove", "--status", &dealt.run, "--json"], &[]).json();
    assert_eq!((status["done"].as_u64(), status["assembled"].as_bool()), (Some(2), Some(false)));
    let rest: Vec<String> = (2..dealt.volumes).map(|volume| volume.to_string()).collect();
    let missing: Value = serde_json::from_str(&dealt.assemble("out").stdout).unwrap();
    let list = match rest.as_slice() {
        [one] => one.clone(),
        [first, .., last] => format!("{first}-{last}"),
        [] => panic!("a book of three volumes"),
    };
    assert_eq!(missing["missing"], list.as_str());
    assert_eq!(status["missing"], list.as_str());
    dealt.prove_all();
    let done = dealt.assemble("out");
    assert_eq!((done.code, done.stderr.as_str()), (0, ""));
    let assembled = done.json()["assembled"].as_str().unwrap().to_owned();
    dealt.verify("out");
    // Again, it is the same; and what attempts drew is gone.
    assert_eq!(dealt.assemble("out").json(), done.json());
    assert!(!dealt.venue.path("dealer/records.key").exists());
    assert_eq!(dealt.assemble("elsewhere").code, 2);
    let late = dealt.prove(0);
    assert!(late.stdout.starts_with("volume 0: assembled"), "{}", late.stdout);

    let build = ["statements", "build", "--run", "out", "--secret", "venue.secret", "--json"];
    let from = ["--setup", setup(11), "--from", &dealt.run, "--private", "dealer", "--quiet"];
    let build = [&build[..], &from].concat();
    let open = |volume: usize| {
        let index = volume.to_string();
        let more = vec!["--assembled", &*assembled, "--index", &index];
        dealt.go(&[dealt.task("open-volume", "keys"), more].concat(), &[])
    };
    assert_eq!(open(1).code, 0);
    let missing = dealt.go(&build, &[]);
    assert_eq!(missing.code, 75, "{}", missing.stderr);
    assert!(missing.stdout.contains("\"missing\": \"0,2"), "{}", missing.stdout);
    for volume in 0..dealt.volumes {
        let run = open(volume);
        assert_eq!(run.code, 0, "{}", run.stderr);
        let what = if volume == 1 { "opened before" } else { "opened\n" };
        assert!(run.stdout.starts_with(&format!("volume {volume}: {what}")), "{}", run.stdout);
    }
    assert_eq!(dealt.go(&build, &[]).json()["statements"], ACCOUNTS);
    for holder in ["holder-0", "holder-1234", "holder-1499"] {
        dealt.check_statement("out", holder);
    }
}

#[test]
fn three_steps_make_what_prove_makes() {
    let dealt = Dealt::new();
    three_steps(&dealt);
    let left = dealt.objects("attempts");
    assert!(left.is_empty(), "{left:?}");
}

/// The same over S3: `cli/tests/s3.sh` starts a server and says where.
#[test]
fn three_steps_over_a_bucket() {
    let Ok(endpoint) = std::env::var("PACIOLI_TEST_S3") else { return };
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_nanos();
    let variables = vec![
        ("AWS_ENDPOINT_URL", endpoint),
        ("AWS_ALLOW_HTTP", "true".to_owned()),
        ("AWS_ACCESS_KEY_ID", "test".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "test".to_owned()),
        ("AWS_REGION", "us-east-1".to_owned()),
    ];
    three_steps(&Dealt::at(&format!("s3://pacioli-test/{now}/run"), variables));
}

#[test]
fn storage_that_does_not_answer_is_to_be_tried_again() {
    let venue = Venue::new();
    let digest = format!("0x{}", "0".repeat(64));
    let args = ["prove-volume", "--run", "s3://bucket/run", "--deal", &digest, "--index", "0"];
    let mut command = venue.command(&[&args[..], &["--setup", "s", "--key", "k"]].concat());
    let nobody = [
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:9"),
        ("AWS_ALLOW_HTTP", "true"),
        ("AWS_ACCESS_KEY_ID", "a"),
        ("AWS_SECRET_ACCESS_KEY", "b"),
        ("AWS_REGION", "us-east-1"),
    ];
    let run = Run::of(command.envs(nobody).output().unwrap());
    assert!(run.refusal(75).contains("s3://bucket/run/deal.json"), "{}", run.stderr);
    let wrong = ["prove-volume", "--run", "nowhere", "--deal", &digest, "--index", "0"];
    let run = venue.run(&[&wrong[..], &["--setup", "s", "--key", "k"]].concat());
    assert!(run.refusal(2).contains("nowhere"), "{}", run.stderr);
}

#[test]
fn what_is_wrong_is_refused_by_name_and_never_tried_again() {
    let dealt = Dealt::new();
    let venue = &dealt.venue;
    let refused = |args: &[&str], variables: &[(&str, &str)], words: &str| {
        let run = dealt.go(args, variables);
        let said = run.refusal(2);
        assert!(said.contains(words), "`{words}` in {said}");
        assert!(!said.contains("holder"), "{said}");
    };
    let task = dealt.task("prove-volume", "keys");
    let with = |more: &[&'static str]| [&task[..], more].concat();
    refused(&task, &[], "which volume?");
    let differ = [("SLURM_ARRAY_TASK_ID", "1"), ("BATCH_TASK_INDEX", "2")];
    refused(&task, &differ, "SLURM_ARRAY_TASK_ID is 1 and BATCH_TASK_INDEX is 2");
    refused(&with(&["--index", "99"]), &[], "there is no volume 99");
    let other_key = dealt.task("prove-volume", "keys/00001.key");
    refused(&[&other_key[..], &["--index", "0"]].concat(), &[], "this key does not open it");
    let none = dealt.task("prove-volume", "book.csv");
    refused(&[&none[..], &["--index", "0"]].concat(), &[], "book.csv: this is no key");
    let digest = format!("0x{}", "1".repeat(64));
    let swap = |from: &str, to: &'static str| -> Vec<&str> {
        let args = task.iter().map(|&arg| if arg == from { to } else { arg });
        args.chain(["--index", "0"]).collect()
    };
    let digest: &'static str = digest.leak();
    refused(&swap(&dealt.digest, digest), &[], "run/deal.json: its digest is");
    refused(&swap(setup(11), setup(12)), &[], "");

    let shards = dealt.objects("shards");
    let (first, second) = (fs::read(&shards[0]).unwrap(), fs::read(&shards[1]).unwrap());
    let index = with(&["--index", "0"]);
    let name = format!("run/shards/{}", shards[0].file_name().unwrap().to_str().unwrap());
    let mut damaged = first.clone();
    damaged[first.len() / 2] ^= 1;
    for (bytes, words) in [
        (&first[..first.len() - 1], "it was cut short"),
        (&[][..], "it was cut short"),
        (&second[..], "it was"),
        (&damaged[..], "it was exchanged or damaged"),
    ] {
        fs::write(&shards[0], bytes).unwrap();
        refused(&index, &[], &format!("{name}: it"));
        refused(&index, &[], words);
    }
    fs::remove_file(&shards[0]).unwrap();
    refused(&index, &[], &format!("{name} is missing"));
    fs::write(&shards[0], &first).unwrap();
    let deal = venue.read("run/deal.json");
    fs::write(
        venue.path("run/deal.json"),
        deal.replacen("book", "bank", 1).replacen(": 11", ": 12", 1),
    )
    .unwrap();
    refused(&index, &[], "run/deal.json: its digest is");
    fs::write(venue.path("run/deal.json"), deal).unwrap();
    assert_eq!(dealt.prove(0).code, 0);

    // Another book, another secret: not this run.
    venue.edit("book.csv", "holder-7,", "holder-x,");
    let error = dealt.deal();
    let error: Value = serde_json::from_str(&error.stdout).unwrap();
    let error = error["error"].as_str().unwrap();
    assert!(error.contains("of a run from other inputs: --snapshot differ"), "{error}");
}

#[test]
fn two_attempts_race_and_one_is_kept() {
    let dealt = Dealt::new();
    let args = [dealt.task("prove-volume", "keys"), vec!["--index", "0"]].concat();
    let mut race = [(); 2].map(|()| {
        dealt.venue.command(&args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    });
    assert!(race.iter_mut().all(|one| one.wait().unwrap().success()));
    dealt.prove_all();
    // On a slow machine the second may have seen the first.
    let proofs = dealt.objects("proofs");
    assert!(proofs.len() >= dealt.volumes);
    assert_eq!(dealt.objects("attempts").len(), proofs.len());
    assert_eq!(dealt.assemble("out").code, 0);
    assert_eq!(dealt.objects("attempts"), Vec::<PathBuf>::new());
    assert_eq!(dealt.objects("chosen").len(), dealt.volumes);
    dealt.verify("out");
}

#[test]
fn attempts_that_lie_are_named_and_passed_over() {
    let dealt = Dealt::new();
    dealt.prove_all();
    let (proofs, records) = (dealt.objects("proofs"), dealt.objects("attempts"));
    // The record of volume 1 is what volume 0's attempt drew; its name does not say so.
    let (kept, changed) = (fs::read(&records[1]).unwrap(), fs::read(&records[0]).unwrap());
    fs::write(&records[1], &changed).unwrap();
    // The proof of volume 2 is cut short.
    let whole = fs::read(&proofs[2]).unwrap();
    fs::write(&proofs[2], &whole[..whole.len() - 1]).unwrap();
    let run = dealt.assemble("out");
    assert_eq!(run.code, 75, "{}", run.stderr);
    assert!(run.stdout.contains("\"missing\": \"1-2\""), "{}", run.stdout);
    for damaged in [&records[1], &proofs[2]] {
        let name = damaged.file_name().unwrap().to_str().unwrap();
        assert!(run.stderr.contains("passed over") && run.stderr.contains(name), "{}", run.stderr);
    }
    assert!(!dealt.venue.path("out/attestation.json").exists());
    // Proved again, in attempts of their own: what was refused stays refused.
    fs::write(&records[1], kept).unwrap();
    dealt.prove_all();
    assert_eq!(dealt.objects("proofs").len(), proofs.len() + 2);
    assert_eq!(dealt.assemble("out").code, 0);
    dealt.verify("out");
}
