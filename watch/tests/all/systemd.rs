//! The unit for systemd is one that systemd takes whole, and that leaves the service little.

use std::{fs, io::Write, path::Path, process::Command};

const PROGRAM: &str = "/usr/bin/systemd-analyze";
const UNIT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/deploy/systemd/pacioli-watch.service");

/// What systemd may say of it: 0 is a service that can do nothing, 100 one that can do all.
const MOST_EXPOSED: &str = "--threshold=20";

#[test]
fn systemd_takes_the_unit_and_knows_each_key() {
    if !Path::new(PROGRAM).exists() {
        let text = "skipped: no systemd-analyze. Install it: apt-get install systemd";
        writeln!(std::io::stderr(), "{text}").unwrap();
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pacioli-watch.service");
    let analyzed = |unit: &str, args: &[&str]| {
        fs::write(&path, unit).unwrap();
        let output = Command::new(PROGRAM).args(args).arg(&path).output().unwrap();
        (output.status.success(), String::from_utf8(output.stderr).unwrap())
    };
    // The program is not installed where the tests run.
    let unit = fs::read_to_string(UNIT).unwrap();
    assert!(unit.contains("ExecStart=/usr/bin/pacioli --quiet watch /etc/pacioli/watch.toml\n"));
    let unit = unit.replace("=/usr/bin/pacioli ", "=/bin/true ");
    assert_eq!(analyzed(&unit, &["verify"]), (true, String::new()));
    let misspelled = unit.replace("ProtectClock=", "ProtectClok=");
    assert!(analyzed(&misspelled, &["verify"]).1.contains("ProtectClok"), "it would be ignored");
    let security = ["security", "--offline=true", MOST_EXPOSED, "--no-pager"];
    assert!(analyzed(&unit, &security).0);
    assert!(!analyzed("[Service]\nExecStart=/bin/true\n", &security).0, "of a unit without limits");
}
