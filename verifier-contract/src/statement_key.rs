//! Writes the constants that `StatementVerifier` takes from a verifying key.

use ff::Field;
use pacioli_attestation::{
    VerifyingKey,
    encoding::{to_hex, value_bytes},
};

const TEMPLATE: &str = include_str!("../templates/StatementKey.sol.template");

/// The Solidity library `StatementKey` of this key.
pub fn statement_key(key: &VerifyingKey) -> String {
    let (shape, pages) = (key.shape(), key.opening().pages());
    let omega = pages.omega();
    let page_root = omega.pow_vartime([pages.count() as u64]);
    let mut text = TEMPLATE.to_owned();
    let mut fill = |name: &str, value: String| {
        text = text.replace(&format!("{{{{{name}}}}}"), &value);
    };
    fill("KEY", key.digest().to_string());
    fill("SETUP", key.origin().to_string());
    fill("K", shape.k().to_string());
    fill("PAGE_SIZE", shape.page_size().to_string());
    fill("LIMBS", shape.limbs().to_string());
    fill("LIMB_BITS", shape.limb_bits().to_string());
    fill("OMEGA", to_hex(&value_bytes(&omega)));
    fill("PAGE_ROOT", to_hex(&value_bytes(&page_root)));
    for (point, words) in [("TAU", key.tau_words()), ("TAU_PAGE", key.tau_page_words())] {
        for (coordinate, word) in ["X1", "X0", "Y1", "Y0"].iter().zip(words.chunks_exact(32)) {
            fill(&format!("{point}_{coordinate}"), to_hex(word));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use pacioli_circuits::Shape;
    use pacioli_rules::testing::bless;

    use super::*;

    #[test]
    fn the_generated_file_is_that_of_the_demos_key() {
        let text = statement_key(&VerifyingKey::insecure(Shape::new(12, 64).unwrap()));
        assert!(!text.contains("{{"), "{text}");
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("generated/StatementKey.sol");
        bless(path, text);
    }
}
