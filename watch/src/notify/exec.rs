//! A program that is given one JSON document on stdin. No shell: what a venue calls itself is no command.
//! It sees `PATH` of the environment and nothing else, where secrets may be.

use std::{
    env,
    io::Write,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::failure::Failure;

/// Between two looks whether it ended.
const PAUSE: Duration = Duration::from_millis(20);

/// Runs it until it ends by itself with success.
///
/// # Errors
/// If it cannot be run, fails, or takes longer.
pub fn run(program: &Path, args: &[String], seconds: u64, document: &str) -> Result<(), Failure> {
    let mut command = Command::new(program);
    command.args(args).env_clear().envs(env::var_os("PATH").map(|path| ("PATH", path)));
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let silent = |why: String| Failure::Silent(why);
    let child = command.spawn();
    let mut child = child.map_err(|error| silent(format!("it cannot be run: {error}")))?;
    let deadline = Instant::now() + Duration::from_secs(seconds);
    if let Some(mut stdin) = child.stdin.take() {
        let document = format!("{document}\n");
        // It may read nothing: then its exit tells. From another thread, as it may not read at once.
        thread::spawn(move || stdin.write_all(document.as_bytes()));
    }
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(status)) => {
                return Err(Failure::Refused(format!("it ended with {status}")));
            }
            Ok(None) if Instant::now() < deadline => thread::sleep(PAUSE),
            Ok(None) => {
                // It may have ended by itself meanwhile.
                let _ = child.kill();
                let _ = child.wait();
                return Err(silent(format!("it took longer than {seconds}s")));
            }
            Err(error) => return Err(silent(format!("it cannot be waited for: {error}"))),
        }
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_given_the_document_and_no_secrets() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        let script = "cat > \"$1\"; env >> \"$1\"".to_owned();
        let args = ["-c".to_owned(), script, "sh".to_owned(), out.display().to_string()];
        run(Path::new("sh"), &args, 10, r#"{"venue":"$(touch x); \"'"}"#).unwrap();
        let found = std::fs::read_to_string(&out).unwrap();
        assert!(found.starts_with("{\"venue\":\"$(touch x); \\\"'\"}\n"), "{found}");
        assert!(!found.contains("CARGO"), "{found}");
    }

    #[test]
    fn failure_and_silence_are_told() {
        let fails = |args: &[&str], seconds| {
            let args: Vec<_> = args.iter().map(|arg| (*arg).to_owned()).collect();
            run(Path::new("sh"), &args, seconds, "{}").unwrap_err()
        };
        let refused = Failure::Refused("it ended with exit status: 3".to_owned());
        assert_eq!(fails(&["-c", "exit 3"], 10), refused);
        let silent = Failure::Silent("it took longer than 0s".to_owned());
        assert_eq!(fails(&["-c", "sleep 60"], 0), silent);
        let error = run(Path::new("/nothing/there"), &[], 1, "{}").unwrap_err();
        assert!(error.why().starts_with("it cannot be run: "), "{error:?}");
    }
}
