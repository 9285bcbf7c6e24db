//! Transactions: sent, tried without sending, or printed for somebody else to sign.

use std::{env, fmt::Write};

use alloy_primitives::{Address, B256};
use alloy_sol_types::SolCall;
use anyhow::{Context, Result, ensure};
use pacioli_chain::{Call, Node, Simulated};
use pacioli_verifier_contract::{
    bindings::{SolvencyRegistry as R, Verdict},
    chain::{Chain, ChainError, Receipt},
    registry::{faults, state_name},
};
use serde_json::{Value, json};

use super::{
    deployments::{Deployments, OnChain},
    forms, node,
    planned::Planned,
};
use crate::{args::SendArgs, outcome::Refused, output::Report};

const CHAIN_ID: &str = "PACIOLI_CHAIN_ID";

/// The node where one was given, and the chain that it is of.
pub struct Connected {
    /// The node; `None` where transactions are only printed and no node was given.
    pub node: Option<Node>,
    /// Who sends, or would.
    pub account: Option<Address>,
    /// The chain's number.
    pub chain_id: u64,
    /// What is known to be there.
    pub there: OnChain,
}

/// What became of transactions.
pub enum Done {
    /// They were printed or tried: this is all there is to say.
    Said(Box<Report>),
    /// They are in blocks.
    Sent(Vec<Receipt>),
}

impl Connected {
    /// Connects, and makes sure of the chain.
    pub fn to(args: &SendArgs) -> Result<Self> {
        let asked = chain_id(args.chain_id)?;
        let sends = args.unsigned.is_none() && !(args.dry_run && args.from.is_some());
        let (node, account) = if sends {
            let (node, account) = node::sender(&args.sender)?;
            ensure!(
                args.from.is_none_or(|from| from == account),
                "--from is not the key's account, {account}; it is for --dry-run and --unsigned"
            );
            (Some(node), Some(account))
        } else {
            (node::reader_if_given(&args.sender.node)?, args.from)
        };
        if let Some(node) = &node {
            let id = node.chain_id()?;
            ensure!(id == asked, "the node is of chain {id}, and --chain-id says {asked}");
        }
        ensure!(!args.dry_run || node.is_some(), "a dry run needs a node: give --rpc");
        let there = Deployments::read(&args.sender.node.deployments)?.on(asked);
        Ok(Self { node, account, chain_id: asked, there })
    }

    /// Leaves out what only makes contracts that are there.
    pub fn without_made(&mut self, planned: Vec<Planned>) -> Result<Vec<Planned>> {
        let Some(node) = &mut self.node else { return Ok(planned) };
        let mut missing = Vec::new();
        for one in planned {
            let is_there = match one.makes {
                Some(at) => !node.code(at)?.is_empty(),
                None => false,
            };
            if !is_there {
                missing.push(one);
            }
        }
        Ok(missing)
    }

    /// The node, for commands that have to ask something first.
    pub fn node(&mut self) -> Result<&mut Node> {
        self.node.as_mut().context("this has to ask the chain: give --rpc")
    }

    /// Sends, tries or prints transactions. `about` is the registry and the venue whose verdict they
    /// may change.
    pub fn run(
        &mut self,
        args: &SendArgs,
        planned: &[Planned],
        about: Option<(Address, B256)>,
    ) -> Result<Done> {
        if let Some(form) = args.unsigned {
            // What refuses, refuses before anybody signs.
            let tried = match (&self.node, self.account) {
                (Some(node), Some(from)) => Some(self.try_all(node, from, planned, about)?),
                _ => None,
            };
            let mut report = forms::printed(form, args, self.chain_id, planned)?;
            match tried {
                Some(Report { text, json, .. }) => {
                    write!(report.text, "\n{text}")?;
                    report.json["tried"] = json;
                }
                None => {
                    report.text += "\nnot tried: give --rpc, and --from where it is not known\n"
                }
            }
            return Ok(Done::Said(Box::new(report)));
        }
        if args.dry_run {
            let node = self.node.as_ref().context("connected")?;
            let from = self.account.context("a dry run is somebody's: give --from")?;
            return Ok(Done::Said(Box::new(self.try_all(node, from, planned, about)?)));
        }
        let node = self.node()?;
        let mut receipts = Vec::new();
        for one in planned {
            let receipt = node.send(Some(one.to), one.data.clone()).map_err(refused);
            receipts.push(receipt.with_context(|| one.what.clone())?);
        }
        Ok(Done::Sent(receipts))
    }

    /// Tries transactions one after another, and says what the verdict would be then.
    fn try_all(
        &self,
        node: &Node,
        from: Address,
        planned: &[Planned],
        about: Option<(Address, B256)>,
    ) -> Result<Report> {
        let call = |one: &Planned| Call { from, to: one.to, data: one.data.clone() };
        let mut calls: Vec<_> = planned.iter().map(call).collect();
        if let Some((registry, venue)) = about {
            let data = R::latestCall { venue }.abi_encode().into();
            calls.push(Call { from, to: registry, data });
        }
        let found = node.simulate(&calls).map_err(refused)?;
        let mut text = format!("tried from {from}, and nothing was sent\n");
        let mut list = Vec::new();
        for (one, Simulated { gas, .. }) in planned.iter().zip(&found) {
            writeln!(text, "  {:<40}  {} gas", one.what, node::gas(*gas))?;
            list.push(json!({ "what": one.what, "gas": gas }));
        }
        let mut json = json!({ "from": from, "transactions": list });
        if about.is_some() {
            let answer = &found.last().context("a view was asked for")?.answer;
            let verdict = R::latestCall::abi_decode_returns(answer)?;
            write!(text, "\nthe verdict would then be\n{}", verdict_text(&verdict))?;
            json["verdict"] = verdict_json(&verdict);
        }
        Ok(Report { text, json, holds: true })
    }
}

/// The chain's number, from an argument or the environment.
pub fn chain_id(given: Option<u64>) -> Result<u64> {
    let asked = match (given, env::var(CHAIN_ID)) {
        (Some(id), _) => Some(id),
        (None, Ok(text)) => {
            Some(text.parse().with_context(|| format!("{CHAIN_ID}: not a number"))?)
        }
        (None, Err(_)) => None,
    };
    asked.with_context(|| {
        format!("give the chain's number with --chain-id or in {CHAIN_ID}; 1 is Ethereum")
    })
}

/// The verdict that a guard sees, as text.
pub fn verdict_text(verdict: &Verdict) -> String {
    let state = state_name(verdict.state);
    if verdict.round == 0 {
        return format!("  state     {state}\n");
    }
    let coverage = match verdict.coverageBps {
        u64::MAX => "nothing is owed".to_owned(),
        bps => format!("{} %", pacioli_rules::Amount::new(bps, 2)),
    };
    let failing = match verdict.failing {
        failing if failing.is_zero() => "none".to_owned(),
        failing => format!("{} clauses", failing.count_ones()),
    };
    let mut text = format!("  state     {state}\n");
    for fault in faults(verdict.faults) {
        text += &format!("            {fault}\n");
    }
    text += &format!(
        "  round     {}, sequence number {}\n  coverage  {coverage}\n  failing   {failing}\n",
        verdict.round, verdict.sequence,
    );
    text
}

/// The same as JSON.
pub fn verdict_json(verdict: &Verdict) -> Value {
    json!({
        "state": state_name(verdict.state),
        "round": verdict.round,
        "sequence": verdict.sequence,
        "as_of": verdict.asOf,
        "coverage_bps": verdict.coverageBps,
        "failing": verdict.failing,
        "faults": verdict.faults,
        "revoked": verdict.revoked,
    })
}

/// A contract's refusal is a finding; anything else, a failure.
pub fn refused(error: ChainError) -> anyhow::Error {
    match error {
        ChainError::Refused(_) => Refused(error.to_string()).into(),
        error => error.into(),
    }
}

/// Receipts as text, one line each, and as JSON.
pub fn receipts(planned: &[Planned], receipts: &[Receipt]) -> (String, Value) {
    let mut text = String::new();
    for (one, receipt) in planned.iter().zip(receipts) {
        text += &format!("  {:<40}  {} gas\n", one.what, node::gas(receipt.gas_used));
    }
    (text, receipts.iter().map(node::receipt_json).collect())
}
