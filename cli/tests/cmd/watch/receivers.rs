//! Receivers: real ones where they are installed, and strict ones of our own.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use super::{
    Watched,
    server::{Does, Server},
};

const DEPLOY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../watch/deploy");

/// A process that ends with the test.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What a server on this machine has at a path, if it answers.
fn get(host: &str, path: &str) -> Option<String> {
    let mut stream = TcpStream::connect(host).ok()?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let chunked = head.to_lowercase().contains("transfer-encoding: chunked");
    let body = if chunked { unchunked(body) } else { body.to_owned() };
    head.contains(" 200 ").then_some(body)
}

fn unchunked(mut body: &str) -> String {
    let mut whole = String::new();
    while let Some((size, rest)) = body.split_once("\r\n") {
        let size = usize::from_str_radix(size, 16).unwrap_or(0);
        if size == 0 {
            break;
        }
        whole += &rest[..size];
        body = rest[size..].trim_start_matches("\r\n");
    }
    whole
}

/// What becomes true within half a minute.
#[track_caller]
fn wait<T>(what: &str, mut found: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(30) {
        if let Some(found) = found() {
            return found;
        }
        thread::sleep(Duration::from_millis(100));
    }
    panic!("{what} did not come");
}

fn port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn skipped(what: &str) {
    let mut stderr = std::io::stderr();
    writeln!(stderr, "skipped: no {what}. Install it: apt-get install {what}").unwrap();
}

/// A webhook's receiver that refuses what is forged, late or repeated, as it is shipped.
struct Hook {
    _process: Process,
    url: String,
    lines: std::sync::mpsc::Receiver<String>,
}

impl Hook {
    fn start(secret: &str) -> Option<Self> {
        let script = format!("{DEPLOY}/webhook/verify.py");
        let mut command = Command::new("python3");
        command.args([&script, "0"]).env("PACIOLI_WEBHOOK_SECRET", secret);
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().ok()?;
        let mut line = String::new();
        BufReader::new(process.stderr.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim().strip_prefix("listening on ").expect("it says where it listens");
        let url = format!("http://127.0.0.1:{port}");
        let (send, lines) = std::sync::mpsc::channel();
        let stdout = BufReader::new(process.stdout.take().unwrap());
        thread::spawn(move || {
            stdout.lines().map_while(Result::ok).try_for_each(|line| send.send(line))
        });
        Some(Self { _process: Process(process), url, lines })
    }

    fn taken(&self) -> Vec<Value> {
        thread::sleep(Duration::from_millis(200));
        self.lines.try_iter().map(|line| serde_json::from_str(&line).unwrap()).collect()
    }
}

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OLD_SECRET: &str = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

#[test]
fn a_fact_is_told_once_to_each_receiver_and_a_failure_is_tried_again() {
    let mut watched = Watched::new();
    // The receiver still has the old secret.
    let hook = Hook::start(OLD_SECRET);
    let pager = Server::start();
    watched.venue.write("secret", SECRET);
    watched.venue.write("old", format!("{OLD_SECRET}\n"));
    watched.venue.write("on-alert", "#!/bin/sh\ncat >> told\n");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::Permissions::from_mode(0o755);
        fs::set_permissions(watched.venue.path("on-alert"), mode).unwrap();
    }
    watched.venue.write("key", "R0UTINGKEY");
    if let Some(hook) = &hook {
        watched.add(&format!(
            "[[receivers]]\nname = \"hook\"\n[receivers.webhook]\nurl = \"{}\"\n\
             secret = {{ file = \"secret\" }}\nold_secret = {{ file = \"old\" }}\n",
            hook.url
        ));
    }
    watched.add(&format!(
        "[[receivers]]\nname = \"pager\"\n[receivers.pagerduty]\nurl = \"{}\"\n\
         routing_key = {{ file = \"key\" }}\n\
         [[receivers]]\nname = \"program\"\n[receivers.exec]\nprogram = \"./on-alert\"\n",
        pager.url
    ));
    assert_eq!(watched.look(0).0, 0);
    watched.require("min_coverage=2");
    pager.now_does(Does::Status(500));
    let run = watched.once(1);
    assert_eq!(run.code, 1, "{run:?}");
    let json = run.json();
    assert_eq!(json["not_told"]["pager"], "it answers with status 500");
    assert!(!run.stdout.contains("R0UTINGKEY"), "{}", run.stdout);
    pager.now_does(Does::Well);
    for minute in 2..6 {
        assert_eq!(watched.once(minute).json()["not_told"], json!({}));
    }
    let pages: Vec<Value> =
        pager.taken().iter().map(|one| serde_json::from_str(&one.body).unwrap()).collect();
    assert_eq!(pages.len(), 2, "one that failed and one that was taken");
    assert_eq!(pages[0], pages[1]);
    assert_eq!(pages[0]["event_action"], "trigger");
    assert_eq!(pages[0]["payload"]["component"], "test venue");
    let told = watched.venue.read("told");
    assert_eq!(told.lines().count(), 1, "{told}");
    if let Some(hook) = &hook {
        let taken = hook.taken();
        assert_eq!(taken.len(), 1, "{taken:?}");
        assert_eq!(taken[0]["type"], "pacioli.alert.raised");
        assert_eq!(taken[0]["data"]["key"], pages[0]["dedup_key"]);
    }
    watched.require("min_coverage=1");
    assert_eq!(watched.look(6).0, 0);
    assert_eq!(pager.taken().len(), 2);
    assert_eq!(watched.look(17).0, 0);
    let last: Value = serde_json::from_str(&pager.taken()[2].body).unwrap();
    assert_eq!(
        (&last["event_action"], &last["dedup_key"]),
        (&json!("resolve"), &pages[0]["dedup_key"])
    );
    if let Some(hook) = &hook {
        assert_eq!(hook.taken()[0]["type"], "pacioli.alert.resolved");
    } else {
        skipped("python3");
    }
    // A secret that is not there is said before anything is looked at.
    fs::remove_file(watched.venue.path("key")).unwrap();
    let run = watched.once(18);
    assert_eq!(run.code, 2, "{run:?}");
}

/// A watch that goes on, and the host of its page.
fn start(watched: &Watched) -> (Process, String) {
    let mut command = watched.venue.command(&["--quiet", "watch"]);
    let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines().map_while(Result::ok);
    let line = lines.next().expect("it says where its page is");
    let host = line.strip_prefix("metrics at http://").unwrap().strip_suffix("/metrics").unwrap();
    let host = host.to_owned();
    thread::spawn(move || lines.for_each(drop));
    (Process(process), host)
}

/// W1: what is killed heals nothing, and after it tells nothing twice.
#[test]
fn a_watch_that_is_killed_leaves_the_breach_open_at_alertmanager() {
    let program = "/usr/bin/prometheus-alertmanager";
    if !Path::new(program).exists() {
        return skipped("prometheus-alertmanager");
    }
    let mut watched = Watched::new();
    let host = format!("127.0.0.1:{}", port());
    let mut command = Command::new(program);
    command.arg(format!("--config.file={DEPLOY}/prometheus/alertmanager.yml"));
    command.arg(format!("--storage.path={}", watched.venue.path("alertmanager").display()));
    command.args([format!("--web.listen-address={host}"), "--cluster.listen-address=".to_owned()]);
    let process = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let _alertmanager = Process(process);
    wait("alertmanager", || get(&host, "/-/ready"));
    let pager = Server::start();
    watched.venue.write("key", "key");
    watched.add(&format!(
        "[[receivers]]\nname = \"alertmanager\"\n[receivers.alertmanager]\nurl = \"http://{host}\"\n\
         hold = \"1h\"\n\
         [[receivers]]\nname = \"pager\"\n[receivers.pagerduty]\nurl = \"{}\"\n\
         routing_key = {{ file = \"key\" }}\n",
        pager.url
    ));
    watched.require("min_coverage=2");
    let active = || -> Vec<Value> {
        let found = get(&host, "/api/v2/alerts?filter=alertname%3DPacioliVenue").unwrap();
        serde_json::from_str(&found).unwrap()
    };
    let (mut watch, page) = start(&watched);
    let found = wait("the breach", || active().pop());
    assert_eq!(found["labels"]["state"], "breach");
    assert_eq!(found["labels"]["severity"], "critical");
    for line in [
        "pacioli_venue_state{venue=\"test venue\",state=\"breach\"} 1",
        "pacioli_alerts_open{venue=\"test venue\",kind=\"clause\"} 1",
        "pacioli_venue_coverage_ratio{venue=\"test venue\"} 1.0",
        "pacioli_deliveries_failed_total{receiver=\"pager\"} 0",
    ] {
        wait(line, || get(&page, "/metrics")?.lines().any(|own| own == line).then_some(()));
    }
    wait("the page", || (pager.taken().len() == 1).then_some(()));
    // Killed before it has written that down, it would page again, under the same key.
    let taken = "pacioli_deliveries_total{receiver=\"pager\"} 1";
    wait(taken, || get(&page, "/metrics")?.lines().any(|own| own == taken).then_some(()));
    watch.0.kill().unwrap();
    watch.0.wait().unwrap();
    let is_far = |alert: &Value| {
        let [starts, ends] =
            ["startsAt", "endsAt"].map(|key| alert[key].as_str().unwrap().to_owned());
        assert!(starts < ends, "{alert}");
        starts
    };
    let begun = is_far(&found);
    // The Watchdog ends, and the breach does not.
    wait("the end of the Watchdog", || {
        let found = get(&host, "/api/v2/alerts?filter=alertname%3DPacioliWatchdog").unwrap();
        (found.trim() == "[]").then_some(())
    });
    assert_eq!(active().len(), 1);
    // It goes on where it was: the same alert, and nobody is paged again.
    let (watch, page) = start(&watched);
    let look = "pacioli_watch_looks_total 2";
    wait("two looks", || get(&page, "/metrics").filter(|text| text.contains(look)));
    let again = active();
    assert_eq!((again.len(), is_far(&again[0])), (1, begun));
    assert_eq!(pager.taken().len(), 1);
    drop(watch);
    // What is over ends there at once, and the pager is told.
    watched.require("min_coverage=1");
    watched.add("[judging]\nresolve_after = \"1s\"\nunknown_after = \"1m\"\n");
    let (_watch, _) = start(&watched);
    wait("the end of the breach", || active().is_empty().then_some(()));
    wait("the end at the pager", || (pager.taken().len() == 2).then_some(()));
}

#[test]
fn prometheus_reads_the_page_and_takes_the_rules() {
    let program = "/usr/bin/prometheus";
    if !Path::new(program).exists() {
        return skipped("prometheus");
    }
    let tested = |args: &[&str]| {
        let output = Command::new("promtool")
            .args(args)
            .current_dir(format!("{DEPLOY}/prometheus"))
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
    };
    tested(&["check", "config", "prometheus.yml"]);
    tested(&["test", "rules", "tests.yml"]);
    let mut watched = Watched::new();
    watched.require("min_coverage=2");
    let (_watch, page) = start(&watched);
    let config = format!(
        "global: {{ scrape_interval: 1s, evaluation_interval: 1s }}\nrule_files: [{DEPLOY}/prometheus/rules.yml]\n\
         scrape_configs:\n  - job_name: watch\n    static_configs: [{{ targets: [\"{page}\"] }}]\n"
    );
    watched.venue.write("prometheus.yml", config);
    let host = format!("127.0.0.1:{}", port());
    let mut command = Command::new(program);
    command.arg(format!("--config.file={}", watched.venue.path("prometheus.yml").display()));
    command.arg(format!("--storage.tsdb.path={}", watched.venue.path("prometheus").display()));
    command.arg(format!("--web.listen-address={host}"));
    let process = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let _prometheus = Process(process);
    wait("the state", || {
        let found =
            get(&host, "/api/v1/query?query=pacioli_venue_state%7Bstate%3D%22breach%22%7D")?;
        let found: Value = serde_json::from_str(&found).ok()?;
        (found["data"]["result"][0]["value"][1] == "1").then_some(())
    });
    wait("the alerts", || {
        let found: Value = serde_json::from_str(&get(&host, "/api/v1/alerts")?).ok()?;
        let alerts = found["data"]["alerts"].as_array()?;
        let is_there = |name: &str, state: &str| {
            let is_it = |one: &Value| one["labels"]["alertname"] == name && one["state"] == state;
            alerts.iter().any(is_it)
        };
        let absent = is_there("PacioliWatchAbsent", "pending");
        (is_there("Watchdog", "firing") && is_there("PacioliVenueBreach", "pending") && !absent)
            .then_some(())
    });
}
