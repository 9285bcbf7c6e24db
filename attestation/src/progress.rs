//! What a long run tells about itself. Libraries never print: whoever calls decides what to show.

/// Listens to a long run.
pub trait Progress: Sync {
    /// A phase of `steps` steps begins, and whatever came before it is done.
    fn begin(&self, phase: &str, steps: u64);
    /// So many steps of the phase are done.
    fn reach(&self, step: u64);
}

/// Nobody listens.
impl Progress for () {
    fn begin(&self, _: &str, _: u64) {}
    fn reach(&self, _: u64) {}
}
