//! Runs that are killed and go on: docs/scale.md.

use std::{
    collections::BTreeSet,
    fs,
    path::PathBuf,
    process::Stdio,
    thread,
    time::{Duration, Instant, SystemTime},
};

use crate::{
    parts::{ACCOUNTS, long_book},
    venue::{Venue, setup},
};

/// How often to kill: 100 in `tests/kill.sh`.
fn kills() -> u32 {
    std::env::var("PACIOLI_KILLS").map_or(4, |text| text.parse().unwrap())
}

/// Random enough for moments.
fn random(below: u64) -> u64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    (u64::from(now.subsec_nanos()).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20) % below
}

#[test]
fn a_run_that_is_killed_goes_on_and_loses_no_finished_volume() {
    let venue = Venue::new();
    long_book(&venue);
    let args = venue.prove_args("out", &["--quiet"]);
    let started = Instant::now();
    assert_eq!(venue.run(&venue.prove_args("whole", &["--quiet"])).code, 0);
    let whole = started.elapsed();
    let proofs = || -> BTreeSet<PathBuf> {
        let found = fs::read_dir(venue.path("out/private/work/proofs"));
        found.map(|found| found.map(|one| one.unwrap().path()).collect()).unwrap_or_default()
    };
    let (mut finished, mut killed) = (BTreeSet::new(), 0);
    while killed < kills() && !venue.path("out/attestation.json").exists() {
        let mut run = venue.command(&args);
        let mut run = run.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let moment = whole.as_millis() as u64 * (random(1000) + 1) / 1000;
        thread::sleep(Duration::from_millis(moment));
        if run.try_wait().unwrap().is_some_and(|status| status.success()) {
            break;
        }
        run.kill().unwrap();
        run.wait().unwrap();
        killed += 1;
        if venue.path("out/attestation.json").exists() {
            break;
        }
        let now = proofs();
        assert!(now.is_superset(&finished), "a finished volume was lost");
        finished = now;
    }
    if !venue.path("out/attestation.json").exists() {
        let run = venue.run(&args);
        assert_eq!(run.code, 0, "{}", run.stderr);
    }
    let run = venue.verify("out", &[]);
    assert!(run.stdout.starts_with("DOES NOT HOLD: the proofs verify"), "{}", run.stderr);

    let build = ["statements", "build", "--run", "out", "--setup", setup(11), "--quiet"];
    for _ in 0..kills() {
        let mut run = venue.command(&build);
        let mut run = run.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        thread::sleep(Duration::from_millis(whole.as_millis() as u64 * (random(300) + 1) / 1000));
        let _ = run.kill();
        run.wait().unwrap();
    }
    let run = venue.run(&build);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(!venue.path("out/private/work").exists());
    let every = if kills() > 10 { 1 } else { 400 };
    for account in (0..ACCOUNTS).step_by(every) {
        let holder = format!("holder-{account}");
        let export = ["statements", "export", "--run", "out", "--account", &holder, "--quiet"];
        let run = venue.run(&[&export[..], &["--out", "statement.json"]].concat());
        assert_eq!(run.code, 0, "{}", run.stderr);
        let check = ["check", "statement.json", "--attestation", "out/attestation.json"];
        let run = venue.run(&[&check[..], &["--accept-insecure-setup"]].concat());
        assert_eq!(run.code, 0, "{holder}: {} {}", run.stdout, run.stderr);
    }
}

#[test]
fn a_run_that_was_stopped_is_continued_from_the_same_inputs_alone() {
    let venue = Venue::new();
    long_book(&venue);
    let args = venue.prove_args("out", &["--quiet"]);
    let mut run = venue.command(&args);
    let mut run = run.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while !venue.path("out/private/work/deal.json").exists() {
        thread::sleep(Duration::from_millis(5));
    }
    run.kill().unwrap();
    run.wait().unwrap();
    let status = venue.run(&["prove", "--status", "out"]);
    assert!(status.stdout.contains("volumes proved"), "{} {}", status.stdout, status.stderr);
    let refused = |args: &[&str], what: &str| {
        let run = venue.run(args);
        let said = run.refusal(2);
        assert!(said.contains(&format!("other inputs: {what} differ")), "{said}");
    };
    let with = |more: &[&'static str]| [&args[..], more].concat();
    refused(&with(&["--venue", "Another"]), "--venue");
    refused(&with(&["--as-of", "2026-01-02T00:00:00Z", "--round"]), "--as-of, --round");
    let other: Vec<&str> =
        args.iter().map(|&arg| if arg == setup(11) { setup(12) } else { arg }).collect();
    refused(&other, "--setup");
    venue.edit("book.csv", "holder-7,", "holder-x,");
    refused(&args, "--snapshot");
    venue.edit("book.csv", "holder-x,", "holder-7,");
    venue.edit("out/private/inputs.json", env!("CARGO_PKG_VERSION"), "0.0.9");
    refused(&args, "the program's version");
    venue.edit("out/private/inputs.json", "0.0.9", env!("CARGO_PKG_VERSION"));
    let run = venue.run(&args);
    assert_eq!(run.code, 0, "{}", run.stderr);
    // What another version of the program left is not taken for a run of this one, nor removed.
    fs::create_dir_all(venue.path("old/private")).unwrap();
    venue.write("old/private/run.sqlite", "");
    let run = venue.prove("old", &["--quiet"]);
    assert!(run.refusal(2).contains("of another version of the program"), "{}", run.stderr);
    assert!(venue.path("old/private/run.sqlite").exists());
}
