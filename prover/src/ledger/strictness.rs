//! How strictly holdings are taken.

/// How strictly holdings are taken. The default rounds nothing and leaves nothing out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Strictness {
    /// Round quantities with more decimals than their instrument has.
    pub round: bool,
    /// Leave out deposits and borrows of these assets, which have no price. Whether they may be left
    /// out is checked by [`pacioli_rules::TableRules::check_left_out`].
    pub leave_out: Vec<String>,
}
