//! How venues stand, minute by minute, and who is told of it.
//!
//! A look at a venue reads sources ([`reading`]), and what it says follows from what was read, from
//! the configuration and from what earlier looks have learned ([`judge`]): the same readings give the
//! same verdict, and no verdict rests on an earlier one. What is kept is the history of alerts
//! ([`store`]): which facts are open, who was told, and which attestations were ever seen.
//!
//! | module | has |
//! |---|---|
//! | [`config`] | the file `watch.toml`; secrets come from other files or the environment |
//! | [`reading`] | what was read of each source, or why not |
//! | [`source`] | attestations from files, folders and addresses; a registry over several nodes |
//! | [`state`] | the registry's six states, and `Unknown` |
//! | [`judge`] | from readings to facts and a state: pure |
//! | [`anomaly`] | rolling median and median absolute deviation, in whole numbers |
//! | [`alert`] | raised after m of n, resolved after a margin and a time, once each: pure |
//! | [`store`] | SQLite: alerts, deliveries, digests |
//! | [`notify`] | Alertmanager, Standard Webhooks, PagerDuty, a program |
//! | [`metrics`] | the page for Prometheus |
//! | [`watch`] | one look after another |
//!
//! A source that could not be read makes a venue `Unknown`, raises nothing of what it may have said
//! and resolves nothing of what it said before.

pub mod alert;
pub mod anomaly;
pub mod config;
pub mod judge;
pub mod metrics;
pub mod notify;
pub mod reading;
pub mod source;
pub mod state;
pub mod store;
pub mod watch;
