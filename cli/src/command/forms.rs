//! Transactions printed for somebody else: as they are, for a Safe, a timelock, or a governor.

use alloy_primitives::{Address, Bytes, U256, keccak256};
use alloy_sol_types::{SolValue, sol};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::planned::Planned;
use crate::{
    args::{Form, SendArgs},
    output::Report,
};

sol! {
    /// OpenZeppelin's TimelockController.
    interface TimelockController {
        function scheduleBatch(
            address[] targets,
            uint256[] values,
            bytes[] payloads,
            bytes32 predecessor,
            bytes32 salt,
            uint256 delay
        ) external;
        function executeBatch(
            address[] targets,
            uint256[] values,
            bytes[] payloads,
            bytes32 predecessor,
            bytes32 salt
        ) external payable;
    }

    /// OpenZeppelin's Governor.
    interface Governor {
        function propose(
            address[] targets,
            uint256[] values,
            bytes[] calldatas,
            string description
        ) external returns (uint256);
        function queue(
            address[] targets,
            uint256[] values,
            bytes[] calldatas,
            bytes32 descriptionHash
        ) external returns (uint256);
        function execute(
            address[] targets,
            uint256[] values,
            bytes[] calldatas,
            bytes32 descriptionHash
        ) external payable returns (uint256);
    }
}

/// Transactions in the form asked for.
///
/// # Errors
/// If what the form needs is missing.
pub fn printed(form: Form, args: &SendArgs, chain_id: u64, planned: &[Planned]) -> Result<Report> {
    match form {
        Form::Raw => Ok(raw(planned)),
        Form::Safe => Ok(safe(chain_id, planned)),
        Form::Timelock => timelock(args, planned),
        Form::Governor => governor(args, planned),
    }
}

fn raw(planned: &[Planned]) -> Report {
    let json = match planned {
        [planned] => raw_json(planned),
        all => json!({ "transactions": all.iter().map(raw_json).collect::<Vec<_>>() }),
    };
    Report { text: raw_text(planned), json, holds: true }
}

fn raw_text(planned: &[Planned]) -> String {
    let mut text = String::new();
    for Planned { what, to, data, .. } in planned {
        text += &format!("# {what}\nto    {to}\nvalue 0\ndata  {data}\n");
    }
    text
}

fn raw_json(one: &Planned) -> Value {
    json!({ "what": one.what, "to": one.to, "value": "0", "data": one.data })
}

/// A file as Safe's Transaction Builder reads it
/// (<https://github.com/safe-global/safe-react-apps/tree/main/apps/tx-builder>).
fn safe(chain_id: u64, planned: &[Planned]) -> Report {
    let transactions = planned.iter().map(|one| {
        json!({
            "to": one.to,
            "value": "0",
            "data": one.data,
            "contractMethod": null,
            "contractInputsValues": null,
        })
    });
    let names: Vec<_> = planned.iter().map(|one| one.what.as_str()).collect();
    let json = json!({
        "version": "1.0",
        "chainId": chain_id.to_string(),
        "createdAt": jiff::Timestamp::now().as_millisecond(),
        "meta": { "name": "Pacioli", "description": names.join("; ") },
        "transactions": transactions.collect::<Vec<_>>(),
    });
    Report { text: format!("{json:#}\n"), json, holds: true }
}

/// What is decided together and executed in one transaction, later. What anyone may make beforehand is
/// not in it: the proxy refuses to make a contract that is there, so whoever made it first would stop
/// everything that is decided with it.
struct Batch {
    first: Vec<Planned>,
    targets: Vec<Address>,
    values: Vec<U256>,
    payloads: Vec<Bytes>,
}

impl Batch {
    fn of(planned: &[Planned]) -> Result<Self> {
        let (first, decided): (Vec<_>, Vec<_>) =
            planned.iter().cloned().partition(|one| one.makes.is_some());
        ensure!(
            !decided.is_empty(),
            "anyone may make these contracts, so there is nothing to decide: print them with --unsigned"
        );
        Ok(Self {
            first,
            targets: decided.iter().map(|one| one.to).collect(),
            values: vec![U256::ZERO; decided.len()],
            payloads: decided.iter().map(|one| one.data.clone()).collect(),
        })
    }

    /// The report of what is sent in steps, by name.
    fn report(&self, number: (&str, Value), steps: &[(&str, Planned)]) -> Report {
        let mut text = String::new();
        if !self.first.is_empty() {
            let said = "before it is executed, by anyone, each unless its contract is there\n";
            text += &format!("{said}{}\n", raw_text(&self.first));
        }
        let (name, value) = number;
        let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let all: Vec<_> = steps.iter().map(|(_, step)| step.clone()).collect();
        text += &format!("{name} {shown}\n{}", raw_text(&all));
        let mut json = json!({ name: value });
        for (name, step) in steps {
            json[*name] = json!({ "to": step.to, "value": "0", "data": step.data });
        }
        if !self.first.is_empty() {
            json["first"] = self.first.iter().map(raw_json).collect();
        }
        Report { text, json, holds: true }
    }
}

/// What to schedule now, and what to execute when the timelock's delay has passed.
fn timelock(args: &SendArgs, planned: &[Planned]) -> Result<Report> {
    let at = args.timelock.context("give --timelock")?;
    let delay = args.timelock_delay.context("give --timelock-delay")?.0;
    let batch = Batch::of(planned)?;
    let Batch { targets, values, payloads, .. } = &batch;
    let (targets, values, payloads) = (targets.clone(), values.clone(), payloads.clone());
    let (predecessor, salt) = (args.predecessor, args.salt);
    let operation = (targets.clone(), values.clone(), payloads.clone(), predecessor, salt);
    let id = keccak256(operation.abi_encode_params());
    let schedule = TimelockController::scheduleBatchCall {
        targets: targets.clone(),
        values: values.clone(),
        payloads: payloads.clone(),
        predecessor,
        salt,
        delay: U256::from(delay),
    };
    let execute =
        TimelockController::executeBatchCall { targets, values, payloads, predecessor, salt };
    let steps = [
        ("schedule", Planned::call("schedule, now", at, &schedule)),
        ("execute", Planned::call(format!("execute, {delay} s later"), at, &execute)),
    ];
    Ok(batch.report(("operation", json!(id)), &steps))
}

/// What to propose now, what to queue once the proposal has won, and what to execute when the delay of
/// the governor's timelock has passed.
fn governor(args: &SendArgs, planned: &[Planned]) -> Result<Report> {
    let at = args.governor.context("give --governor")?;
    let description = args.description.clone().context("give --description")?;
    let batch = Batch::of(planned)?;
    let Batch { targets, values, payloads, .. } = &batch;
    let (targets, values, calldatas) = (targets.clone(), values.clone(), payloads.clone());
    let hash = keccak256(&description);
    let proposal = (targets.clone(), values.clone(), calldatas.clone(), hash);
    let proposal = U256::from_be_bytes(keccak256(proposal.abi_encode_params()).0);
    let propose = Governor::proposeCall {
        targets: targets.clone(),
        values: values.clone(),
        calldatas: calldatas.clone(),
        description,
    };
    let queue = Governor::queueCall {
        targets: targets.clone(),
        values: values.clone(),
        calldatas: calldatas.clone(),
        descriptionHash: hash,
    };
    let execute = Governor::executeCall { targets, values, calldatas, descriptionHash: hash };
    let steps = [
        ("propose", Planned::call("propose, now", at, &propose)),
        ("queue", Planned::call("queue, once the proposal has won", at, &queue)),
        ("execute", Planned::call("execute, when the timelock's delay has passed", at, &execute)),
    ];
    Ok(batch.report(("proposal", json!(proposal.to_string())), &steps))
}
