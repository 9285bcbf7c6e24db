//! Progress on stderr: a bar on a terminal, and elsewhere a line now and then.

use std::{
    io::{IsTerminal, Write},
    sync::{
        Arc, Condvar, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};
use pacioli_attestation::Progress;

/// Before the first line: what takes less than this shows nothing.
const PATIENCE: Duration = Duration::from_secs(2);
/// The time between lines without a terminal.
const PAUSE: Duration = Duration::from_secs(10);

/// Shows what a long run is doing.
pub struct Shown {
    state: Arc<Mutex<State>>,
    wake: Arc<(Mutex<()>, Condvar)>,
    done: Arc<AtomicBool>,
    ticker: Mutex<Option<JoinHandle<()>>>,
}

struct State {
    phase: String,
    steps: u64,
    step: u64,
    since: Instant,
    /// When the last phase was named in a line.
    named: bool,
    bar: Option<ProgressBar>,
}

impl Shown {
    /// Shows progress unless `quiet`.
    pub fn new(quiet: bool) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let state = State {
            phase: String::new(),
            steps: 0,
            step: 0,
            since: Instant::now(),
            named: false,
            bar: None,
        };
        let state = Arc::new(Mutex::new(state));
        let wake = Arc::new((Mutex::new(()), Condvar::new()));
        let done = Arc::new(AtomicBool::new(quiet));
        let ticker = (!quiet).then(|| {
            let (state, wake, done) = (state.clone(), wake.clone(), done.clone());
            std::thread::spawn(move || tick(&state, &wake, &done, terminal))
        });
        Self { state, wake, done, ticker: Mutex::new(ticker) }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        {
            // Not between the ticker's look at `done` and its sleep, which would then be a long one.
            let _held = self.wake.0.lock();
            self.done.store(true, Ordering::Relaxed);
        }
        self.wake.1.notify_all();
        let ticker = self.ticker.lock().ok().and_then(|mut ticker| ticker.take());
        if let Some(ticker) = ticker {
            // A ticker that panicked has nothing left to show.
            let _ = ticker.join();
        }
        if let Some(bar) = self.state.lock().ok().and_then(|mut state| state.bar.take()) {
            bar.finish_and_clear();
        }
    }
}

impl Progress for Shown {
    fn begin(&self, phase: &str, steps: u64) {
        if let Ok(mut state) = self.state.lock() {
            state.phase = phase.to_owned();
            (state.steps, state.step) = (steps, 0);
            state.since = Instant::now();
            state.named = false;
        }
    }

    fn reach(&self, step: u64) {
        if let Ok(mut state) = self.state.lock() {
            state.step = step;
        }
    }
}

fn tick(
    state: &Mutex<State>,
    (lock, wake): &(Mutex<()>, Condvar),
    done: &AtomicBool,
    terminal: bool,
) {
    let mut wait = PATIENCE;
    let mut guard = lock.lock().ok();
    while !done.load(Ordering::Relaxed) {
        let Some(waiting) = guard else { return };
        guard = wake.wait_timeout(waiting, wait).ok().map(|(guard, _)| guard);
        if done.load(Ordering::Relaxed) {
            return;
        }
        let Ok(mut state) = state.lock() else { return };
        if state.phase.is_empty() {
            continue;
        }
        if terminal {
            wait = Duration::from_millis(200);
            state.draw();
        } else {
            wait = PAUSE;
            // Nobody is left to tell where stderr is closed.
            let _ = writeln!(std::io::stderr(), "{}", state.line());
        }
    }
}

impl State {
    fn line(&mut self) -> String {
        let elapsed = self.since.elapsed();
        let left = match self.left(elapsed) {
            Some(left) => format!(", about {} left", seconds(left)),
            None => String::new(),
        };
        let part = if self.steps > 1 {
            format!(": {} %", self.step * 100 / self.steps)
        } else {
            String::new()
        };
        self.named = true;
        format!("{}{part}, {} so far{left}", self.phase, seconds(elapsed))
    }

    fn draw(&mut self) {
        let line = self.line();
        let bar = self.bar.get_or_insert_with(|| {
            let style = ProgressStyle::with_template("{spinner} {msg}");
            ProgressBar::new_spinner().with_style(style.expect("the template is well formed"))
        });
        bar.set_message(line);
        bar.tick();
    }

    /// What is left if the rest goes as fast as what is behind.
    fn left(&self, elapsed: Duration) -> Option<Duration> {
        let (step, steps) = (u32::try_from(self.step).ok()?, u32::try_from(self.steps).ok()?);
        (step > 0 && steps > 1).then(|| elapsed * steps.saturating_sub(step) / step)
    }
}

/// A time as people say it.
pub fn seconds(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}
