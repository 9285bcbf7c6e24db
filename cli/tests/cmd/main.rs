//! The command line, run as a program: exit codes, what stands on stdout and on stderr, and every
//! message about a file that cannot be used.

#[cfg(unix)]
mod at_once;
mod bad_input;
mod books;
mod chain;
mod chains;
mod compensation;
mod contagion;
mod damaged;
mod database;
mod drawn;
mod hostile;
mod init;
mod open_interest;
mod parts;
mod policies;
mod presets;
mod prices;
mod proving;
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
