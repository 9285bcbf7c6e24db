//! Programs killed at random moments, again and again until they are done: nothing that was finished is
//! lost, and what comes of it is whole. A few times here, many in tests/kill.sh.
//!
//! A moment is drawn evenly over a whole run of the command, measured from the same state, so that its
//! last steps are hit as often as its first. Each command starts from copies of one state: what came of
//! killed runs of the command before it.

use std::{
    collections::BTreeSet,
    fs,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant, SystemTime},
};

use pacioli_attestation::{
    Candidate, VerifyingKey, VolumeId,
    statement::{self, Statement},
};
use pacioli_prover::parts::{Deal, OpenKey, Shard};

use crate::{
    parts::{ACCOUNTS, Dealt, bucket, long_book, named},
    venue::{Run, Venue, setup},
};

/// How often one run may be killed before it may end well.
const AT_ONCE: u32 = 3;

/// After so many runs a whole one is measured again: a machine is not always equally busy.
const MEASURED_EVERY: u32 = 8;

/// How often each command is killed.
fn times() -> u32 {
    std::env::var("PACIOLI_KILLS").map_or(2, |text| text.parse().unwrap())
}

/// Random enough for moments.
fn random(below: usize) -> usize {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    let mixed = u64::from(now.subsec_nanos()).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
    (mixed % below as u64) as usize
}

/// Starts a program and kills it at a moment of its whole run. Whether it was killed: it may have ended
/// well before.
fn is_killed(mut command: Command, whole: Duration) -> bool {
    let mut run = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    thread::sleep(whole * random(1000) as u32 / 1000);
    run.kill().unwrap();
    let status = run.wait().unwrap();
    assert!(matches!(status.code(), None | Some(0)), "{status}");
    status.code().is_none()
}

/// Kills a command in one copy of its files after another and lets it end well at last. What was
/// finished before a kill is there after it: its names, or none where the whole run is done. `look` is
/// asked after each end. Gives the files of the last.
fn kill<S>(
    name: &str,
    before: impl Fn() -> S,
    command: impl Fn(&S) -> Command,
    finished: impl Fn(&S) -> Option<BTreeSet<String>>,
    mut look: impl FnMut(&mut S, &Run),
) -> S {
    let (times, mut killed, mut whole) = (times(), 0, Duration::ZERO);
    for round in 0.. {
        let (mut files, mut there) = (before(), BTreeSet::new());
        let is_measured = round % MEASURED_EVERY == 0;
        for _ in 0..if is_measured { 0 } else { AT_ONCE.min(times - killed) } {
            if !is_killed(command(&files), whole) {
                break;
            }
            killed += 1;
            if let Some(now) = finished(&files) {
                assert!(now.is_superset(&there), "{name}: {now:?} of {there:?} is left");
                there = now;
            }
        }
        let started = Instant::now();
        let run = Run::of(command(&files).output().unwrap());
        assert_eq!(run.code, 0, "{name}: {} {}", run.stdout, run.stderr);
        if is_measured {
            whole = started.elapsed();
        }
        look(&mut files, &run);
        if killed >= times {
            tell(name, killed, round + 1, whole);
            return files;
        }
    }
    unreachable!("every run but those that are measured can be killed")
}

/// For whoever waits for tests/kill.sh.
#[expect(clippy::print_stdout, reason = "the figures of a long test")]
fn tell(name: &str, killed: u32, runs: u32, whole: Duration) {
    println!(
        "{name}: killed {killed} times; {runs} runs ended well, the last whole one in {whole:.1?}"
    );
}

/// Holders whose statements are looked at when all is done: all, where there is time.
fn at_the_end() -> impl Iterator<Item = usize> {
    (0..ACCOUNTS).step_by(if times() > 10 { 1 } else { 400 })
}

/// The attestation in `out` verifies, and so does the statement of each of these holders.
fn check(venue: &Venue, holders: impl IntoIterator<Item = usize>) {
    let attestation = fs::read(venue.path("out/attestation.json")).unwrap();
    let candidate = Candidate::read(&attestation).unwrap();
    let key = VerifyingKey::insecure(candidate.shape());
    let verified = candidate.verify(key, &()).unwrap();
    for holder in holders {
        let holder = format!("holder-{holder}");
        let args = ["statements", "export", "--run", "out", "--account", &holder, "--quiet"];
        let more = ["--secret", "venue.secret", "--setup", setup(11), "--out", "statement.json"];
        let run = venue.run(&[&args[..], &more].concat());
        assert_eq!(run.code, 0, "{}", run.stderr);
        let statement = fs::read(venue.path("statement.json")).unwrap();
        let statement = Statement::parse(&statement).unwrap();
        statement::check(&statement, &verified, Some(&holder)).unwrap();
    }
}

#[test]
fn a_run_that_is_killed_goes_on_and_loses_no_finished_volume() {
    let before = || {
        let venue = Venue::new();
        long_book(&venue);
        assert_eq!(venue.run(&["secret", "new", "venue.secret"]).code, 0);
        venue
    };
    let is_assembled = |venue: &Venue| venue.path("out/attestation.json").exists();
    let prove = |venue: &Venue| {
        // Killed at the very end it is done: to be told so is all that is left.
        match is_assembled(venue) && !venue.path("out/private/deal.json").exists() {
            true => venue.command(&["prove", "--status", "out", "--quiet"]),
            false => {
                venue.command(&venue.prove_args("out", &["--quiet", "--secret", "venue.secret"]))
            }
        }
    };
    let proofs = |venue: &Venue| {
        let work = venue.path("out/private/work");
        (!is_assembled(venue)).then(|| named(work.to_str().unwrap(), "proofs/"))
    };
    let venue = kill("prove", before, prove, proofs, |venue, _| {
        assert!(!venue.path("out/private/work").exists());
        check(venue, [random(ACCOUNTS)]);
    });
    let build = ["statements", "build", "--run", "out", "--setup", setup(11), "--quiet"];
    let build = [&build[..], &["--secret", "venue.secret", "--json"]].concat();
    let build = |venue: &Venue| venue.command(&build);
    let venue = kill(
        "statements build",
        || venue.copied(),
        build,
        |_| None,
        |venue, run| {
            assert_eq!(run.json()["statements"], ACCOUNTS);
            check(venue, [random(ACCOUNTS)]);
        },
    );
    check(&venue, at_the_end());
}

/// Every shard is the one that was dealt, and its key file opens it.
fn check_shards(dealt: &Dealt) {
    let deal = dealt.read("deal.json");
    let deal = Deal::parse(&deal, dealt.digest.parse().unwrap()).unwrap();
    for volume in (0..dealt.volumes).map(VolumeId::new) {
        let shard = dealt.read(&deal.shard_name(volume).to_string());
        deal.require_shard(volume, &shard).unwrap();
        let key = OpenKey::parse(&dealt.venue.read(&format!("keys/{volume}.key"))).unwrap();
        Shard::parse(&key.open(&shard).unwrap(), deal.run, volume).unwrap();
    }
    assert_eq!(dealt.named("shards/").len(), dealt.volumes);
}

/// The steps of runs, each killed again and again.
fn steps(prepare: impl Fn() -> Dealt) {
    let deal = |dealt: &Dealt| dealt.command(&dealt.deal_args());
    let dealt = kill(
        "deal",
        prepare,
        deal,
        |_| None,
        |dealt, run| {
            dealt.take(run);
            check_shards(dealt);
        },
    );

    let any = |dealt: &Dealt| (dealt.copied(), random(dealt.volumes).to_string());
    let prove = |(dealt, index): &(Dealt, String)| {
        let task = dealt.task("prove-volume", "keys");
        dealt.command(&[&task[..], &["--index", index]].concat())
    };
    let proofs = |(dealt, _): &(Dealt, String)| Some(dealt.named("proofs/"));
    let (dealt, _) = kill(
        "prove-volume",
        || any(&dealt),
        prove,
        proofs,
        |files, _| {
            let again = Run::of(prove(files).output().unwrap());
            assert!(again.stdout.contains(": proved before"), "{}", again.stdout);
        },
    );
    dealt.prove_all();

    let mut assembled = String::new();
    let assemble = |dealt: &Dealt| dealt.command(&dealt.assemble_args("out"));
    let proofs = |dealt: &Dealt| Some(dealt.named("proofs/"));
    let dealt = kill(
        "assemble",
        || dealt.copied(),
        assemble,
        proofs,
        |dealt, run| {
            run.json()["assembled"].as_str().unwrap().clone_into(&mut assembled);
            assert!(dealt.named("attempts/").is_empty());
            check(&dealt.venue, [random(ACCOUNTS)]);
        },
    );

    let open = |(dealt, index): &(Dealt, String)| {
        let task = dealt.task("open-volume", "keys");
        dealt.command(&[&task[..], &["--index", index, "--assembled", &assembled]].concat())
    };
    let pages = |(dealt, _): &(Dealt, String)| Some(dealt.named("pages/"));
    let (dealt, _) = kill(
        "open-volume",
        || any(&dealt),
        open,
        pages,
        |files, _| {
            let again = Run::of(open(files).output().unwrap());
            assert!(again.stdout.contains(": opened before"), "{}", again.stdout);
        },
    );
    let mut files = (dealt, String::new());
    for volume in 0..files.0.volumes {
        files.1 = volume.to_string();
        assert_eq!(open(&files).output().unwrap().status.code(), Some(0));
    }

    let (dealt, _) = files;
    let build = |dealt: &Dealt| dealt.command(&dealt.build_args("out"));
    let dealt = kill(
        "statements build --from",
        || dealt.copied(),
        build,
        |_| None,
        |dealt, run| {
            assert_eq!(run.json()["statements"], ACCOUNTS);
            check(&dealt.venue, [random(ACCOUNTS)]);
        },
    );
    assert_eq!(dealt.status()["assembled"], true);
    check(&dealt.venue, at_the_end());
}

#[test]
fn every_step_that_is_killed_goes_on() {
    steps(|| Dealt::prepared("run"));
}

/// The same over S3: `cli/tests/s3.sh` starts a server and says where.
#[test]
fn every_step_that_is_killed_over_a_bucket_goes_on() {
    if bucket().is_some() {
        steps(|| Dealt::prepared(&bucket().unwrap()));
    }
}
