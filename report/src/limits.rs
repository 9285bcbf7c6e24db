//! What no report can say, and what its letters mean: the same words in every form of it.

/// What no attestation proves; printed under every report.
pub const LIMITS: [&str; 9] = [
    "that no account was left out: each holder checks their own statement, and bankrupt debtors \
     have no reason to, so bad debt can be hidden from all but an auditor with the list of accounts",
    "how many accounts there are, what was left out and what was rounded: the publisher's word",
    "when the snapshot, the prices and the reserves were taken: the publisher's word",
    "that the prices are right: they are public, compare them",
    "that the reserves exist and are not borrowed: look at the addresses, and check evidence of them \
     (`pacioli reserves check`)",
    "anything that is not in the snapshot, or before or after it",
    "what happens on the way into a crash: liquidations, slippage, the order of closing",
    "legal claims",
    "that this code has no bugs: nobody outside the project has audited it",
];

/// Who vouches for what, by letter.
pub const LETTERS: &str = "P proved, R recomputed here, W the publisher's word, C read on a chain, O \
                       signed by observers";
