//! Rules, prices and accounts for a table of so many assets and stresses, the same every time:
//! deposits and loans, and moves that have nothing to do with each other.

use std::fmt::Write;

use rand_chacha::ChaCha20Rng;
use rand_core::{RngCore, SeedableRng};

const ACCOUNTS: usize = 2_000;

/// The rules, with stresses.
pub fn rules(assets: usize, stresses: usize) -> Result<String, std::fmt::Error> {
    let mut rules = "name = \"wide\"\nsource = \"made up\"\ndate = \"2026-11-27\"\n\
                     exactness = \"exact\"\nquote = \"USD\"\n\n\
                     [[scenarios]]\nname = \"mark\"\nkind = \"mark\"\n"
        .to_owned();
    let mut dice = ChaCha20Rng::seed_from_u64(8);
    for stress in 0..stresses {
        write!(rules, "\n[[scenarios]]\nname = \"stress-{stress}\"\nkind = \"stress\"\n")?;
        writeln!(rules, "default_move = \"0\"\n[scenarios.moves]")?;
        for asset in 0..assets {
            writeln!(rules, "A{asset} = \"-0.{:03}\"", 1 + dice.next_u32() % 600)?;
        }
    }
    for asset in 0..assets {
        write!(rules, "\n[assets.A{asset}]\ndecimals = 8\n")?;
    }
    Ok(rules + "\n[policy]\nmin_coverage = \"1\"\n")
}

/// Prices of so many assets, all moved a little in the second.
pub fn prices(assets: usize) -> [String; 2] {
    let mut dice = ChaCha20Rng::seed_from_u64(9);
    let moved: Vec<u32> = (0..assets).map(|_| 950 + dice.next_u32() % 100).collect();
    let file = |price: &dyn Fn(usize) -> u32| {
        let prices = (0..assets).map(|asset| format!("\"A{asset}\": \"{}\"", price(asset)));
        format!(
            "{{ \"as_of\": \"2026-11-21T00:00:00Z\", \"quote\": \"USD\", \"method\": \"made up\", \
             \"prices\": {{ {} }} }}",
            prices.collect::<Vec<_>>().join(", ")
        )
    };
    [file(&|_| 1_000), file(&|asset| moved[asset])]
}

/// Accounts of three deposits and a loan, or a deposit and a loan.
pub fn accounts(assets: usize) -> Result<String, std::fmt::Error> {
    let mut dice = ChaCha20Rng::seed_from_u64(10);
    let mut csv = "account,asset,amount\n".to_owned();
    for account in 0..ACCOUNTS {
        let first = dice.next_u32() as usize;
        let deposits = [1, 3][account % 2];
        for step in 0..deposits {
            let asset = (first + 7 * step) % assets;
            writeln!(csv, "{account},A{asset},{}", 1 + dice.next_u32() % 1_000)?;
        }
        let loan = (first + 5) % assets;
        writeln!(csv, "{account},A{loan},-{}", 1 + dice.next_u32() % 500)?;
    }
    Ok(csv)
}
