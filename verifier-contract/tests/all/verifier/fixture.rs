//! A made-up book at the shape of the committed verifier, its proof, and the two verifiers.

use std::{collections::BTreeSet, sync::OnceLock};

use alloy_primitives::{Address, B256, U256};
use alloy_sol_types::{SolCall, SolError, SolInterface, sol};
use halo2_proofs::halo2curves::{
    bn256::Fr,
    ff::{Field, PrimeField},
};
use pacioli_attestation::{
    ProofError, VerifyingKey, encoding::value_bytes, setup::insecure_setup, verify_volume,
};
use pacioli_circuits::{
    Account, Instrument, InstrumentId, InstrumentTable, Line, PublicInputs, Quantity, Shape, Total,
    Totals, VALUE_OFFSET, Value, Volume,
};
use pacioli_prover::{ProofSeed, ProvingKey, prove_volume};
use pacioli_verifier_contract::{
    artifacts,
    evm::{Evm, GAS_LIMIT, Output, Revert},
};
use rand_chacha::ChaCha20Rng;
use rand_core::{RngCore, SeedableRng};

sol! {
    #[derive(Debug, PartialEq, Eq)]
    contract VolumeVerifier {
        error NotCanonicalCalldata();
        error Scenarios(uint256 scenarios);
        error InstanceLength(uint256 words);
        error Instruments(uint256 instruments);
        error ProofLength(uint256 bytesGiven);
        error NotCanonical();
        error BadPoint();
        error CountOutOfBounds(uint256 instrument);
        error QuantityOutOfBounds(uint256 instrument);
        error CapOutOfBounds(uint256 instrument);
        error ValueOutOfBounds(uint256 instrument, uint256 scenario);
        error EmptySlot();
        error OverCap(uint256 instrument, uint256 count, uint256 cap, uint256 quantity);
        error Lines(uint256 counted);
        error Unbalanced(uint256 scenario, int256 by);
        error ZeroDenominator();
        error PrecompileFailed();
        error DoesNotHold();

        function KEY() external view returns (bytes32);
        function K() external view returns (uint256);
        function PAGE_SIZE() external view returns (uint256);
        function verify(uint256[] instance, uint256 scenarios, bytes proof)
            external view returns (bytes32 phase1);
        function accumulate(uint256[] instance, uint256 scenarios, bytes proof)
            external view returns (bytes32 phase1, uint256[2] opening, uint256[2] accumulated);
        function settle(uint256[4][] points) external view;
    }
}

pub use VolumeVerifier::VolumeVerifierErrors;

pub const SCENARIOS: usize = 5;

/// The shape of the committed verifier, which is the demo's.
pub fn shape() -> Shape {
    Shape::new(12, 64).unwrap()
}

/// A setup and the keys of one shape.
pub struct Keys {
    proving: ProvingKey,
    pub verifying: VerifyingKey,
}

impl Keys {
    /// Under the insecure setup.
    pub fn of(shape: Shape) -> Self {
        let setup = insecure_setup(shape.k()).unwrap();
        let proving = ProvingKey::new(&setup, shape).unwrap();
        let verifying = VerifyingKey::new(&setup, shape).unwrap();
        Self { proving, verifying }
    }

    /// Those of the committed verifier, made once.
    pub fn shared() -> &'static Self {
        static KEYS: OnceLock<Keys> = OnceLock::new();
        KEYS.get_or_init(|| Self::of(shape()))
    }
}

/// What is public of a book's volume, and its proof.
#[derive(Clone)]
pub struct Proved {
    pub context: Fr,
    pub table: InstrumentTable,
    pub totals: Totals,
    pub proof: Vec<u8>,
}

impl Proved {
    /// A book over so many instruments, proved now.
    pub fn new(keys: &Keys, instruments: usize) -> Self {
        Self::claiming(keys, instruments, |_| {})
    }

    /// The proof of a prover who claims other totals and follows the rules otherwise.
    pub fn claiming(keys: &Keys, instruments: usize, claim: impl Fn(&mut Totals)) -> Self {
        Self::seeded(keys, instruments, instruments as u64, claim)
    }

    /// The same for the book and table that come of a seed.
    pub fn seeded(keys: &Keys, instruments: usize, seed: u64, claim: impl Fn(&mut Totals)) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(seed);
        let rows = (0..instruments).map(|row| instrument(row, instruments, &mut rng)).collect();
        let table = InstrumentTable::new(SCENARIOS, rows).unwrap();
        let accounts = (0..keys.verifying.shape().pages()).map(|_| account(&table, &mut rng));
        let accounts = accounts.collect();
        Self::of(keys, table, accounts, &mut rng, claim)
    }

    /// A book of pairs: in every scenario, whatever their number, an even row is worth what the odd row
    /// before it owes, and every account has as much of the one as of the other.
    pub fn of_pairs(keys: &Keys, instruments: usize, scenarios: usize) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(scenarios as u64);
        let mut rows = vec![vec![0i128; scenarios]];
        while rows.len() < instruments {
            let worth: Vec<i128> =
                (0..scenarios).map(|_| 1 + i128::from(rng.next_u64() >> 11)).collect();
            rows.push(worth.iter().map(|value| -value).collect());
            rows.push(worth);
        }
        // Nobody holds the first of a pair that is cut in two.
        rows.truncate(instruments);
        let instrument = |values: Vec<i128>| Instrument {
            cap: None,
            values: values.into_iter().map(|value| Value::new(value).unwrap()).collect(),
        };
        let table = InstrumentTable::new(scenarios, rows.into_iter().map(instrument).collect());
        let line = |row, quantity| Line {
            instrument: InstrumentId::new(row).unwrap(),
            quantity: Quantity::new(quantity).unwrap(),
        };
        let accounts = (0..keys.verifying.shape().pages()).map(|page| {
            let pairs = (1..=10).map(|pair| 1 + 2 * ((page + pair * 7) % ((instruments - 1) / 2)));
            let pairs: BTreeSet<usize> = pairs.collect();
            let lines = pairs.into_iter().flat_map(|row| {
                let quantity = 1 + u128::from(rng.next_u64() >> 34);
                [line(row, quantity), line(row + 1, quantity)]
            });
            Account { lines: lines.collect() }
        });
        let accounts = accounts.collect();
        Self::of(keys, table.unwrap(), accounts, &mut rng, |_| {})
    }

    /// One of these accounts on each page.
    fn of(
        keys: &Keys,
        table: InstrumentTable,
        accounts: Vec<Account>,
        rng: &mut ChaCha20Rng,
        claim: impl Fn(&mut Totals),
    ) -> Self {
        let shape = keys.verifying.shape();
        let pages: Vec<Vec<Account>> = accounts.into_iter().map(|account| vec![account]).collect();
        let volume = Volume::new(&shape, &pages).unwrap();
        let mut totals = Totals::of(&volume, table.instruments().len());
        claim(&mut totals);
        let seals = (0..shape.lines()).map(|_| Fr::random(&mut *rng)).collect();
        let context = Fr::random(rng);
        let statement = PublicInputs { context, table: &table, totals: &totals };
        let seed = ProofSeed::fresh();
        let proof = prove_volume(&keys.proving, &statement, volume, seals, seed, |_| {});
        Self { context, table, totals, proof }
    }

    /// The book that most tests share, of 20 instruments.
    pub fn shared() -> &'static Self {
        static PROVED: OnceLock<Proved> = OnceLock::new();
        PROVED.get_or_init(|| Self::new(Keys::shared(), 20))
    }

    pub fn public_inputs(&self) -> PublicInputs<'_> {
        PublicInputs { context: self.context, table: &self.table, totals: &self.totals }
    }

    /// What the native verifier says.
    pub fn native(&self, key: &VerifyingKey) -> Result<(), ProofError> {
        verify_volume(key, &self.public_inputs(), &self.proof)
    }

    /// The public inputs as the contract takes them.
    pub fn instance(&self) -> Vec<U256> {
        let columns = self.public_inputs().words();
        columns.iter().flatten().map(|value| U256::from_be_bytes(value_bytes(value))).collect()
    }

    pub fn calldata(&self) -> Vec<u8> {
        calldata_in(&self.instance(), self.table.scenarios(), &self.proof)
    }
}

/// The public inputs as the native verifier takes them, or `None` where they are no table.
pub fn native_inputs(instance: &[U256], scenarios: usize) -> Option<(Fr, InstrumentTable, Totals)> {
    let (context, columns) = instance.split_first()?;
    let rows = columns.len() / (3 + scenarios);
    if rows == 0 || !columns.len().is_multiple_of(3 + scenarios) {
        return None;
    }
    let column = |i: usize| &columns[i * rows..][..rows];
    let integer = |word: &U256| u128::try_from(*word).ok();
    let total = |row| {
        let count = u64::try_from(column(0)[row]).ok()?;
        Some(Total { count, quantity: integer(&column(1)[row])? })
    };
    let instrument = |row| {
        let cap = Quantity::new(integer(&column(2)[row])?)?;
        let value = |s: usize| {
            let offset: u128 = integer(&column(3 + s)[row])?;
            Value::new(i128::try_from(offset).ok()?.checked_sub(VALUE_OFFSET)?)
        };
        let values = (0..scenarios).map(value).collect::<Option<_>>()?;
        Some(Instrument { cap: (cap != Quantity::ZERO).then_some(cap), values })
    };
    let totals = (0..rows).map(total).collect::<Option<_>>()?;
    let instruments = (0..rows).map(instrument).collect::<Option<_>>()?;
    let context = Option::from(Fr::from_repr(context.to_le_bytes::<32>()))?;
    Some((context, InstrumentTable::new(scenarios, instruments).ok()?, Totals(totals)))
}

/// What the native verifier says of these public inputs; `None` where they are no table.
pub fn native(instance: &[U256], proof: &[u8]) -> Option<Result<(), ProofError>> {
    native_in(instance, SCENARIOS, proof)
}

/// The same in so many scenarios.
pub fn native_in(
    instance: &[U256],
    scenarios: usize,
    proof: &[u8],
) -> Option<Result<(), ProofError>> {
    let (context, table, totals) = native_inputs(instance, scenarios)?;
    let statement = PublicInputs { context, table: &table, totals: &totals };
    Some(verify_volume(&Keys::shared().verifying, &statement, proof))
}

/// A call of `verify`.
pub fn calldata(instance: &[U256], proof: &[u8]) -> Vec<u8> {
    calldata_in(instance, SCENARIOS, proof)
}

/// The same in so many scenarios.
pub fn calldata_in(instance: &[U256], scenarios: usize, proof: &[u8]) -> Vec<u8> {
    let (instance, proof) = (instance.to_vec(), proof.to_vec().into());
    VolumeVerifier::verifyCall { instance, scenarios: U256::from(scenarios), proof }.abi_encode()
}

/// One of the contract's errors.
pub fn named(error: impl SolError) -> VolumeVerifierErrors {
    VolumeVerifierErrors::abi_decode(&error.abi_encode()).unwrap()
}

/// The error that a contract reverted with.
#[track_caller]
pub fn error(revert: &Revert) -> VolumeVerifierErrors {
    VolumeVerifierErrors::abi_decode(&revert.data).unwrap_or_else(|_| panic!("{revert}"))
}

/// A verifier on a chain of its own.
pub struct Contract {
    pub evm: Evm,
    pub address: Address,
    /// Gas of its deployment.
    pub deployment: u64,
}

impl Contract {
    /// The committed one.
    pub fn new() -> Self {
        Self::of(Evm::new(), &artifacts::get("VolumeVerifier").bytecode)
    }

    pub fn of(mut evm: Evm, bytecode: &[u8]) -> Self {
        let (address, deployment) = evm.deploy(bytecode.to_vec()).unwrap();
        Self { evm, address, deployment }
    }

    /// What the contract answers to this calldata.
    pub fn ask(&mut self, calldata: &[u8]) -> Result<Output, Revert> {
        self.ask_within(calldata, GAS_LIMIT)
    }

    pub fn ask_within(&mut self, calldata: &[u8], gas: u64) -> Result<Output, Revert> {
        self.evm.view_within(Address::ZERO, self.address, calldata.to_vec(), gas)
    }

    /// Why the contract refuses what the native verifier refuses too.
    #[track_caller]
    pub fn refuses(&mut self, instance: &[U256], proof: &[u8]) -> VolumeVerifierErrors {
        self.refuses_in(instance, SCENARIOS, proof)
    }

    /// The same in so many scenarios.
    #[track_caller]
    pub fn refuses_in(
        &mut self,
        instance: &[U256],
        scenarios: usize,
        proof: &[u8],
    ) -> VolumeVerifierErrors {
        let natively = native_in(instance, scenarios, proof);
        assert!(!matches!(natively, Some(Ok(()))), "the native verifier accepts");
        let revert = self.ask(&calldata_in(instance, scenarios, proof));
        error(&revert.expect_err("the contract accepts"))
    }

    pub fn verify(&mut self, instance: &[U256], proof: &[u8]) -> Result<B256, Revert> {
        let output = self.ask(&calldata(instance, proof))?;
        Ok(B256::from_slice(&output.bytes))
    }
}

/// The cap of row 1, so that row 2 is its headroom.
const CAP: u128 = 1 << 30;
/// The last rows of a table: `equity` and `shortfall` of each scenario in turn.
const CLOSING: usize = 2 * SCENARIOS;

/// Row 0 is the empty slot's, row 1 a capped tier, row 2 its headroom; then assets and debts in
/// turn, and the closing instruments.
fn instrument(row: usize, instruments: usize, rng: &mut ChaCha20Rng) -> Instrument {
    let first = instruments - CLOSING;
    let mut values = [0; SCENARIOS];
    match row {
        0 | 2 => {}
        _ if row < first => {
            let sign = if row % 2 == 1 { 1 } else { -1 };
            // 20 to 53 bits: cheap coins of many decimals next to dear ones of few.
            values.fill_with(|| sign * (1 + i128::from(rng.next_u64() >> (11 + row % 34))));
        }
        _ => values[(row - first) / 2] = if (row - first).is_multiple_of(2) { -1 } else { 1 },
    }
    let cap = (row == 1).then(|| Quantity::new(CAP).unwrap());
    let values = values.map(|value| Value::new(value).unwrap()).into_iter().collect();
    Instrument { cap, values }
}

/// An account with a tier nearly full, and one in four of the other instruments up to twenty.
fn account(table: &InstrumentTable, rng: &mut ChaCha20Rng) -> Account {
    let instruments = table.instruments().len();
    let mut held = vec![(1, CAP - 5), (2, 5)];
    for row in 3..instruments - CLOSING {
        if rng.next_u32().is_multiple_of(4) && held.len() < 20 {
            held.push((row, 1 + u128::from(rng.next_u64() >> 34)));
        }
    }
    for scenario in table.scenario_ids() {
        let value = |row: usize| table.instruments()[row].values[scenario].units();
        let sum: i128 = held
            .iter()
            .take_while(|(row, _)| *row < instruments - CLOSING)
            .map(|(row, quantity)| *quantity as i128 * value(*row))
            .sum();
        if sum != 0 {
            held.push((
                instruments - CLOSING + 2 * scenario.index() + usize::from(sum < 0),
                sum.unsigned_abs(),
            ));
        }
    }
    let line = |(row, quantity)| Line {
        instrument: InstrumentId::new(row).unwrap(),
        quantity: Quantity::new(quantity).unwrap(),
    };
    Account { lines: held.into_iter().map(line).collect() }
}
