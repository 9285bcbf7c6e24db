//! One run of one size too large to repeat: its CPU and wall time, and the process's peak memory.

use std::{
    fs,
    time::{Duration, Instant},
};

use cpu_time::ProcessTime;

/// What a piece of work took, of all threads together and by the clock.
pub struct Cost {
    pub cpu: Duration,
    pub wall: Duration,
}

/// Does the work once and prints what it took.
#[expect(clippy::print_stdout, reason = "what a bench is for")]
pub fn measured<T>(name: &str, work: impl FnOnce() -> T) -> (T, Cost) {
    let (cpu, wall) = (ProcessTime::now(), Instant::now());
    let done = work();
    let cost = Cost { cpu: cpu.elapsed(), wall: wall.elapsed() };
    println!("{name}: {:.2?} CPU, {:.2?} wall", cost.cpu, cost.wall);
    (done, cost)
}

/// Prints the most memory the process has had so far, where the system tells it (Linux).
#[expect(clippy::print_stdout, reason = "what a bench is for")]
pub fn print_peak_memory() {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    if let Some(peak) = status.lines().find_map(|line| line.strip_prefix("VmHWM:")) {
        println!("peak memory: {}", peak.trim());
    }
}
