//! Programs killed at random moments, again and again until they are done: nothing that was finished is
//! lost, and what comes of it is whole. A few times here, many in tests/kill.sh.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant, SystemTime},
};

use crate::{
    parts::{ACCOUNTS, Dealt, bucket, check_statement, long_book},
    venue::{Run, Venue, setup},
};

/// How often a command is killed before it may end.
const AT_ONCE: u32 = 10;

/// Kills commands, each so often.
struct Killer {
    times: u32,
    killed: BTreeMap<&'static str, u32>,
    /// The longest that each took undisturbed.
    took: BTreeMap<&'static str, Duration>,
}

impl Killer {
    fn new(names: &[&'static str]) -> Self {
        let times = std::env::var("PACIOLI_KILLS").map_or(2, |text| text.parse().unwrap());
        let killed = names.iter().map(|&name| (name, 0)).collect();
        Self { times, killed, took: BTreeMap::new() }
    }

    /// Whether every command was killed as often as it is to be.
    fn is_done(&self) -> bool {
        self.killed.values().all(|&times| times >= self.times)
    }

    /// Kills a command at random moments, then lets it end well. What is there is looked at after
    /// each.
    fn until_done(
        &mut self,
        name: &'static str,
        command: impl Fn() -> Command,
        mut look: impl FnMut(),
    ) -> Run {
        // Undisturbed the first time: how long it takes is how late it can be killed.
        let (whole, left) = match self.took.get(name) {
            Some(&whole) => (whole, self.times.saturating_sub(self.killed[name]).min(AT_ONCE)),
            None => (Duration::ZERO, 0),
        };
        for _ in 0..left {
            let mut run = command().stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            thread::sleep(whole * (random(1000) + 1) / 1000);
            if let Some(status) = run.try_wait().unwrap() {
                assert!(status.success(), "{name}: {status}");
                break;
            }
            run.kill().unwrap();
            run.wait().unwrap();
            *self.killed.get_mut(name).unwrap() += 1;
            look();
        }
        let started = Instant::now();
        let run = Run::of(command().output().unwrap());
        assert_eq!(run.code, 0, "{name}: {} {}", run.stdout, run.stderr);
        let took = started.elapsed();
        self.took.entry(name).and_modify(|most| *most = took.max(*most)).or_insert(took);
        look();
        run
    }

    /// For whoever waits for tests/kill.sh.
    #[expect(clippy::print_stdout, reason = "the figures of a long test")]
    fn tell(&self, runs: u32) {
        println!("killed in {runs} runs that ended well: {:?}", self.killed);
    }
}

/// Random enough for moments.
fn random(below: u32) -> u32 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    let mixed = u64::from(now.subsec_nanos()).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
    (mixed % u64::from(below)) as u32
}

/// Holders whose statements are looked at: all, where there is time.
fn holders(killer: &Killer) -> impl Iterator<Item = String> + use<> {
    let all = killer.is_done() && killer.times > 10;
    (0..ACCOUNTS).step_by(if all { 1 } else { 400 }).map(|account| format!("holder-{account}"))
}

#[test]
fn a_run_that_is_killed_goes_on_and_loses_no_finished_volume() {
    let mut killer = Killer::new(&["prove", "statements build"]);
    let mut runs = 0;
    while !killer.is_done() {
        runs += 1;
        let venue = Venue::new();
        long_book(&venue);
        let args = venue.prove_args("out", &["--quiet", "--secret", "venue.secret"]);
        assert_eq!(venue.run(&["secret", "new", "venue.secret"]).code, 0);
        let proofs = || -> BTreeSet<PathBuf> {
            let found = fs::read_dir(venue.path("out/private/work/proofs"));
            found.map(|found| found.map(|one| one.unwrap().path()).collect()).unwrap_or_default()
        };
        let mut finished = BTreeSet::new();
        let is_there = |name: &str| venue.path(name).exists();
        // Killed at the very end it is done: to be told so is all that is left.
        let prove = || match is_there("out/attestation.json") && !is_there("out/private/deal.json")
        {
            true => venue.command(&["prove", "--status", "out", "--quiet"]),
            false => venue.command(&args),
        };
        killer.until_done("prove", prove, || {
            if is_there("out/attestation.json") {
                return;
            }
            let now = proofs();
            assert!(now.is_superset(&finished), "a finished volume was lost");
            finished = now;
        });
        let run = venue.verify("out", &[]);
        assert!(run.stdout.starts_with("DOES NOT HOLD: the proofs verify"), "{}", run.stderr);
        let build = ["statements", "build", "--run", "out", "--setup", setup(11), "--quiet"];
        let build = [&build[..], &["--secret", "venue.secret"]].concat();
        killer.until_done("statements build", || venue.command(&build), || ());
        assert!(!venue.path("out/private/work").exists());
        holders(&killer).for_each(|holder| check_statement(&venue, "out", &holder));
        killer.tell(runs);
    }
}

const COMMANDS: [&str; 5] =
    ["deal", "prove-volume", "assemble", "open-volume", "statements build --from"];

/// The steps of runs, each killed again and again.
fn steps(prepare: impl Fn() -> Dealt) {
    let mut killer = Killer::new(&COMMANDS);
    let [deal, prove, assemble, open, build] = COMMANDS;
    let mut runs = 0;
    while !killer.is_done() {
        runs += 1;
        let mut dealt = prepare();
        let run = killer.until_done(deal, || dealt.command(&dealt.deal_args()), || ());
        dealt.take(&run);
        let (dealt, mut done) = (dealt, 0);
        for volume in 0..dealt.volumes {
            let index = volume.to_string();
            let args = [dealt.task(prove, "keys"), vec!["--index", &index]].concat();
            killer.until_done(
                prove,
                || dealt.command(&args),
                || {
                    let now = dealt.status()["done"].as_u64().unwrap();
                    assert!(now >= done, "a finished volume was lost");
                    done = now;
                },
            );
        }
        let args = dealt.assemble_args("out");
        let run = killer.until_done(assemble, || dealt.command(&args), || ());
        dealt.verify("out");
        let assembled = run.json()["assembled"].as_str().unwrap().to_owned();
        for volume in 0..dealt.volumes {
            let index = volume.to_string();
            let more = vec!["--index", &index, "--assembled", &assembled];
            let args = [dealt.task(open, "keys"), more].concat();
            killer.until_done(open, || dealt.command(&args), || ());
        }
        let args = dealt.build_args("out");
        let run = killer.until_done(build, || dealt.command(&args), || ());
        assert_eq!(run.json()["statements"], ACCOUNTS);
        assert_eq!(dealt.status()["assembled"], true);
        holders(&killer).for_each(|holder| check_statement(&dealt.venue, "out", &holder));
        killer.tell(runs);
    }
}

#[test]
fn every_step_that_is_killed_goes_on() {
    steps(|| Dealt::prepared("run", Vec::new()));
}

/// The same over S3: `cli/tests/s3.sh` starts a server and says where.
#[test]
fn every_step_that_is_killed_over_a_bucket_goes_on() {
    if bucket().is_some() {
        steps(|| {
            let (run, variables) = bucket().unwrap();
            Dealt::prepared(&run, variables)
        });
    }
}
