//! What a task asks of its machine.

use std::fs;

use anyhow::{Result, bail};
use pacioli_circuits::Shape;

use crate::outcome::Later;

/// Field elements a row that proving keeps at once: columns, the quotient, and what is between.
const WORDS_A_ROW: usize = 64;

/// Turns core dumps off: what is in memory is secret.
pub fn no_core_dumps() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        // A limit of nothing is below every limit: it can always be set.
        let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        // The limit does not hold where the kernel hands dumps to a program (core(5)).
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}

/// Fails, to be tried again, where there is no memory for proving a volume now.
pub fn ask_for_memory(shape: &Shape) -> Result<()> {
    let needed = (shape.rows() * WORDS_A_ROW * 32) as u64;
    let reserved = Vec::<u8>::new().try_reserve_exact(needed as usize).is_ok();
    if !reserved || available().is_some_and(|available| available < needed) {
        bail!(Later(format!("there are no {} MiB of memory for a volume now", needed >> 20)));
    }
    Ok(())
}

/// The bytes of memory that a process can have now, where the system tells (Linux): a reservation
/// alone is granted there whatever there is.
fn available() -> Option<u64> {
    let machine = fs::read_to_string("/proc/meminfo").ok().and_then(|text| of_machine(&text));
    let group = |name: &str| fs::read_to_string(format!("/sys/fs/cgroup/memory.{name}")).ok();
    let limit = group("max").zip(group("current")).zip(group("stat"));
    let limit = limit.and_then(|((most, used), parts)| of_group(&most, &used, &parts));
    machine.into_iter().chain(limit).min()
}

fn of_machine(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.trim().strip_suffix(" kB")?.parse::<u64>().ok()?.checked_mul(1024)
}

/// What a control group leaves: its files' pages are given up when others are wanted.
fn of_group(most: &str, used: &str, parts: &str) -> Option<u64> {
    let most: u64 = most.trim().parse().ok()?;
    let files = parts.lines().find_map(|line| line.strip_prefix("file "))?.parse::<u64>().ok()?;
    Some(most.saturating_sub(used.trim().parse::<u64>().ok()?.saturating_sub(files)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_as_the_system_writes_it() {
        let machine = "MemTotal:       16 kB\nMemAvailable:       9 kB\n";
        assert_eq!(of_machine(machine), Some(9 * 1024));
        assert_eq!(of_machine("MemAvailable: many\n"), None);
        assert_eq!(of_group("1000\n", "700\n", "anon 500\nfile 200\n"), Some(500));
        assert_eq!(of_group("max\n", "700\n", "file 200\n"), None);
    }

    #[test]
    fn a_volume_larger_than_any_machine_is_to_be_tried_elsewhere() {
        assert!(ask_for_memory(&Shape::new(11, 64).unwrap()).is_ok());
        let largest = (12..=28).rev().find_map(|k| Shape::new(k, 64).ok()).unwrap();
        if (largest.rows() * WORDS_A_ROW * 32) as u64 > available().unwrap_or(u64::MAX) {
            assert!(ask_for_memory(&largest).unwrap_err().is::<Later>());
        }
    }
}
