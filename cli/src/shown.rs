//! Text that comes from files, as a terminal is shown it.

pub use pacioli_report::shown::{beginning, error, json, report, shown};
