//! Runs beyond one machine: docs/scale.md, run as programs.

use std::{
    collections::BTreeSet,
    fmt::Write,
    fs,
    path::PathBuf,
    process::{Command, Stdio},
    time::SystemTime,
};

use pacioli_objects::{BUCKET, Objects};
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
    pub digest: String,
    pub volumes: usize,
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
        Self::at("run")
    }

    fn at(run: &str) -> Self {
        let mut dealt = Self::prepared(run);
        let told = dealt.go(&dealt.deal_args(), &[]);
        dealt.take(&told);
        dealt
    }

    /// A book that is not dealt yet.
    pub fn prepared(run: &str) -> Self {
        let venue = Venue::new();
        long_book(&venue);
        assert_eq!(venue.run(&["secret", "new", "venue.secret"]).code, 0);
        Self { venue, run: run.to_owned(), digest: String::new(), volumes: 0 }
    }

    /// The same run as far as it is, in a place of its own.
    pub fn copied(&self) -> Self {
        let (venue, mut run) = (self.venue.copied(), self.run.clone());
        if let Some(place) = bucket().filter(|_| run.starts_with(BUCKET)) {
            let (from, to) = (Objects::at(&run).unwrap(), Objects::at(&place).unwrap());
            for entry in from.list("").unwrap() {
                let bytes = from.get(&entry.name, 1 << 30).unwrap().unwrap();
                to.put_new(&entry.name, &bytes).unwrap();
            }
            run = place;
        }
        Self { venue, run, digest: self.digest.clone(), volumes: self.volumes }
    }

    /// Takes what `deal` said.
    pub fn take(&mut self, deal: &Run) {
        let told = deal.json();
        self.digest = told["deal"].as_str().unwrap().to_owned();
        self.volumes = told["volumes"].as_u64().unwrap() as usize;
        assert!(self.volumes >= 3, "{}", self.volumes);
    }

    pub fn command(&self, args: &[&str]) -> Command {
        self.venue.command(args)
    }

    pub fn go(&self, args: &[&str], more: &[(&str, &str)]) -> Run {
        Run::of(self.command(args).envs(more.iter().copied()).output().unwrap())
    }

    pub fn deal_args(&self) -> Vec<&str> {
        let args = ["deal", "--secret", "venue.secret", "--run", &self.run, "--setup", setup(11)];
        let more = ["--private", "dealer", "--keys", "keys", "--json", "--quiet"];
        [&args[..], &more, &BOOK].concat()
    }

    pub fn build_args<'a>(&'a self, out: &'a str) -> Vec<&'a str> {
        let build = ["statements", "build", "--run", out, "--secret", "venue.secret", "--json"];
        let from = ["--setup", setup(11), "--from", &self.run, "--private", "dealer", "--quiet"];
        [&build[..], &from].concat()
    }

    pub fn status(&self) -> Value {
        self.go(&["prove", "--status", &self.run, "--json"], &[]).json()
    }

    pub fn task<'a>(&'a self, command: &'a str, key: &'a str) -> Vec<&'a str> {
        let args = [command, "--run", &self.run, "--deal", &self.digest, "--setup", setup(11)];
        [&args[..], &["--key", key, "--quiet"]].concat()
    }

    pub fn prove(&self, volume: usize) -> Run {
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

    /// The address of the run, wherever the program is run.
    fn place(&self) -> String {
        match self.run.starts_with(BUCKET) {
            true => self.run.clone(),
            false => self.venue.path(&self.run).to_str().unwrap().to_owned(),
        }
    }

    /// The bytes of an object.
    pub fn read(&self, name: &str) -> Vec<u8> {
        Objects::at(&self.place()).unwrap().get(name, 1 << 30).unwrap().unwrap()
    }

    /// The names of objects that begin so.
    pub fn named(&self, prefix: &str) -> BTreeSet<String> {
        named(&self.place(), prefix)
    }

    /// The objects of a kind in a folder, by path.
    pub fn objects(&self, kind: &str) -> Vec<PathBuf> {
        let Ok(found) = fs::read_dir(self.venue.path(&self.run).join(kind)) else {
            return Vec::new();
        };
        let mut found: Vec<_> = found.map(|one| one.unwrap().path()).collect();
        found.sort();
        found
    }

    /// The proofs verify; the venue of the book has few reserves.
    pub fn verify(&self, out: &str) {
        let run = self.venue.verify(out, &[]);
        assert!(run.stdout.starts_with("DOES NOT HOLD: the proofs verify"), "{}", run.stderr);
    }
}

/// The names of the objects at an address that begin so; none before the first is made.
pub fn named(place: &str, prefix: &str) -> BTreeSet<String> {
    let found = Objects::at(place).unwrap().list(prefix).unwrap_or_default();
    found.into_iter().map(|entry| entry.name).collect()
}

/// A statement of the holder checks against the attestation.
pub fn check_statement(venue: &Venue, out: &str, holder: &str) {
    let args = ["statements", "export", "--run", out, "--account", holder, "--quiet"];
    let more = ["--secret", "venue.secret", "--out", "statement.json"];
    let run = venue.run(&[&args[..], &more].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    let attestation = format!("{out}/attestation.json");
    let check = ["check", "statement.json", "--attestation", &attestation];
    let run = venue.run(&[&check[..], &["--accept-insecure-setup"]].concat());
    assert_eq!(run.code, 0, "{holder}: {} {}", run.stdout, run.stderr);
}

fn three_steps(dealt: &Dealt) {
    // Dealt again from the same, it is the same run.
    assert_eq!(dealt.go(&dealt.deal_args(), &[]).json()["deal"], dealt.digest.as_str());
    let missing = dealt.assemble("out");
    assert_eq!(missing.code, 75, "{}", missing.stderr);
    let told: Value = serde_json::from_str(&missing.stdout).unwrap();
    assert_eq!(told["missing"], format!("0-{}", dealt.volumes - 1));
    for (volume, name) in ["SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX"].iter().enumerate() {
        let args = dealt.task("prove-volume", "keys");
        let run = dealt.go(&args, &[(name, &volume.to_string())]);
        assert_eq!((run.code, run.warnings().as_str()), (0, ""));
        assert!(run.stdout.starts_with(&format!("volume {volume}: proved\n")), "{}", run.stdout);
        assert!(!run.stdout.contains("holder"));
    }
    let again = dealt.prove(0);
    assert!(again.stdout.starts_with("volume 0: proved before"), "{}", again.stdout);
    let status = dealt.status();
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
    assert_eq!((done.code, done.warnings().as_str()), (0, ""));
    let assembled = done.json()["assembled"].as_str().unwrap().to_owned();
    dealt.verify("out");
    // Again, it is the same; and what attempts drew is gone.
    assert_eq!(dealt.assemble("out").json(), done.json());
    assert!(!dealt.venue.path("dealer/records.key").exists());
    assert_eq!(dealt.assemble("elsewhere").code, 2);
    let late = dealt.prove(0);
    assert!(late.stdout.starts_with("volume 0: assembled"), "{}", late.stdout);

    let build = dealt.build_args("out");
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
        check_statement(&dealt.venue, "out", holder);
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
    if let Some(run) = bucket() {
        three_steps(&Dealt::at(&run));
    }
}

/// A place of its own in the bucket that `cli/tests/s3.sh` makes; its variables say where that is.
pub fn bucket() -> Option<String> {
    let bucket = std::env::var("PACIOLI_TEST_BUCKET").ok()?;
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_nanos();
    Some(format!("{BUCKET}{bucket}/{now}/run"))
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
    // A mount that comes later: its folder is not there, or is there and empty.
    let task = |run| {
        let args = ["prove-volume", "--run", run, "--deal", &digest, "--index", "0"];
        venue.run(&[&args[..], &["--setup", "s", "--key", "k"]].concat())
    };
    assert!(task("mount/run").refusal(75).contains("mount/run is not there"));
    fs::create_dir_all(venue.path("mount/run")).unwrap();
    assert!(task("mount/run").refusal(75).contains("mount/run/deal.json is missing"));
    assert!(task("book.csv").refusal(2).contains("book.csv"));
}

#[test]
fn files_whose_mount_comes_later_are_waited_for_and_those_that_are_wrong_are_not() {
    let dealt = Dealt::new();
    let with = |key: &str, setup: &str| {
        let args = ["prove-volume", "--run", "run", "--deal", &dealt.digest, "--index", "0"];
        dealt.venue.run(&[&args[..], &["--quiet", "--key", key, "--setup", setup]].concat())
    };
    let keys = "keys/0.key";
    assert!(with("mount/0.key", setup(11)).refusal(75).contains("mount/0.key is missing"));
    assert!(with(keys, "mount/k11.setup").refusal(75).contains("mount/k11.setup is missing"));
    assert!(with("keys/x.key", setup(11)).refusal(2).contains("cannot read keys/x.key"));
    assert!(with(keys, "keys/k11.setup").refusal(2).contains("keys/k11.setup"));
    let digest = format!("0x{}", "0".repeat(64));
    let open = [dealt.task("open-volume", "keys"), vec!["--index", "0"]].concat();
    let open = dealt.go(&[&open[..], &["--assembled", &digest]].concat(), &[]);
    assert!(open.refusal(75).contains("run/assembled.json is missing"), "{}", open.stderr);
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
