//! A folder with the files of a small venue, and the program run in it.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::OnceLock,
};

use serde_json::Value;
use tempfile::TempDir;

/// The files of the venue, by name. Four accounts: 300,000 USD are owed and held at mark, and the
/// crash leaves one of them 5,000 USD short, for which there is a fund of just that.
const FILES: [(&str, &str); 4] = [
    ("book.csv", include_str!("book/book.csv")),
    ("rules.toml", include_str!("book/rules.toml")),
    ("prices.json", include_str!("book/prices.json")),
    ("reserves.json", include_str!("book/reserves.json")),
];

/// A folder of its own with the venue's files.
pub struct Venue(TempDir);

/// What became of a run.
#[derive(Debug, PartialEq, Eq)]
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Venue {
    /// The venue as it is.
    pub fn new() -> Self {
        let venue = Self(tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap());
        FILES.iter().for_each(|(name, text)| venue.write(name, text));
        venue
    }

    /// The same files, as they are now, in a folder of their own.
    pub fn copied(&self) -> Self {
        let copy = Self(tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap());
        let copied = Command::new("cp").arg("-a").arg(self.path(".")).arg(copy.path("")).status();
        assert!(copied.unwrap().success());
        copy
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(name), bytes).unwrap();
    }

    /// Replaces a text that stands in a file once.
    #[track_caller]
    pub fn edit(&self, name: &str, from: &str, to: &str) {
        let text = self.read(name);
        assert_eq!(text.matches(from).count(), 1, "`{from}` in {name}");
        self.write(name, text.replace(from, to));
    }

    /// The program with these arguments, to be run in the folder.
    pub fn command(&self, args: &[&str]) -> Command {
        // Another build of it may be meant: tests/kill.sh.
        let own = || env!("CARGO_BIN_EXE_pacioli").into();
        let mut command = Command::new(env::var_os("PACIOLI_TEST_PROGRAM").unwrap_or_else(own));
        command.args(args).current_dir(self.0.path()).stdin(Stdio::null());
        command
    }

    /// Runs the program.
    pub fn run(&self, args: &[&str]) -> Run {
        Run::of(self.command(args).output().unwrap())
    }

    /// The arguments of `prove` with the venue's files, writing to `out`.
    pub fn prove_args<'a>(&self, out: &'a str, more: &[&'a str]) -> Vec<&'a str> {
        let mut args = vec!["prove", "--snapshot", "book.csv", "--rules", "rules.toml"];
        args.extend(["--prices", "prices.json", "--reserves", "reserves.json"]);
        args.extend(["--setup", setup(11), "--out", out]);
        args.extend(more);
        args
    }

    /// Runs `prove` with the venue's files.
    pub fn prove(&self, out: &str, more: &[&str]) -> Run {
        self.run(&self.prove_args(out, more))
    }

    /// Runs `verify` of `out/attestation.json`, accepting the insecure setup.
    pub fn verify(&self, out: &str, more: &[&str]) -> Run {
        let attestation = format!("{out}/attestation.json");
        self.run(&[&["verify", "--accept-insecure-setup", attestation.as_str()], more].concat())
    }

    /// The attestation in `out`.
    pub fn attestation(&self, out: &str) -> Value {
        serde_json::from_str(&self.read(&format!("{out}/attestation.json"))).unwrap()
    }
}

impl Run {
    pub fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// What is on stderr besides progress, which a slow machine shows.
    pub fn warnings(&self) -> String {
        let lines = self.stderr.lines().filter(|line| !line.contains(" s so far"));
        lines.map(|line| format!("{line}\n")).collect()
    }

    /// The one JSON document on stdout. On a slow machine a run shows its progress beside it.
    pub fn json(&self) -> Value {
        assert!(!self.stderr.starts_with("error"), "{}", self.stderr);
        serde_json::from_str(&self.stdout).unwrap()
    }

    /// The same, held against a schema in `docs/schema`.
    #[track_caller]
    pub fn json_of(&self, schema: &str) -> Value {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/schema");
        let text = fs::read_to_string(folder.join(format!("{schema}.schema.json"))).unwrap();
        let schema: Value = serde_json::from_str(&text).unwrap();
        let json = self.json();
        if let Err(error) = jsonschema::draft202012::new(&schema).unwrap().validate(&json) {
            panic!("{error} at {}: {json:#}", error.instance_path());
        }
        json
    }

    /// The one line on stderr, nothing being on stdout.
    #[track_caller]
    pub fn refusal(&self, code: i32) -> &str {
        assert_eq!((self.code, self.stdout.as_str()), (code, ""), "{}", self.stderr);
        // On a slow machine a run shows its progress before it.
        let begins = if self.stderr.starts_with("error: ") {
            Some(0)
        } else {
            self.stderr.find("\nerror: ")
        };
        self.stderr[begins.unwrap()..].trim().strip_prefix("error: ").unwrap()
    }
}

/// An insecure setup of `2^k` rows, made by the program once.
pub fn setup(k: u32) -> &'static str {
    static SETUPS: [OnceLock<String>; 2] = [const { OnceLock::new() }; 2];
    SETUPS[k as usize - 11].get_or_init(|| {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("k{k}.setup"));
        let path = path.to_str().unwrap().to_owned();
        let mut command = Command::new(env!("CARGO_BIN_EXE_pacioli"));
        command.args(["setup", "insecure", "--k", &k.to_string(), "--out", &path]);
        assert!(command.output().unwrap().status.success());
        path
    })
}

/// A folder with one attestation of the venue in `first`, proved once.
pub fn proved() -> &'static Venue {
    static PROVED: OnceLock<Venue> = OnceLock::new();
    PROVED.get_or_init(|| {
        let venue = Venue::new();
        assert_eq!(venue.prove("first", &[]).code, 0);
        venue
    })
}
