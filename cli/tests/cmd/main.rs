//! The command line, run as a program: exit codes, what stands on stdout and on stderr, and every
//! message about a file that cannot be used.

#[cfg(unix)]
#[cfg(target_os = "linux")]
mod at_once;
mod bad_input;
mod books;
mod chain;
mod chains;
mod compared;
mod compensation;
mod contagion;
mod damaged;
mod database;
mod drawn;
mod drill;
mod exported;
mod history;
mod hostile;
mod init;
mod killed;
mod open_interest;
mod packs;
mod page;
mod parts;
mod parts_refused;
mod policies;
mod presets;
mod prices;
mod proving;
mod replayed;
mod report;
mod reprice;
mod reprice_claims;
mod reserves;
mod reserves_bitcoin;
mod resumed;
mod rules;
mod setups;
mod sources;
mod statements;
mod stress;
mod venue;
mod verdicts;
mod volatility;
mod watch;
