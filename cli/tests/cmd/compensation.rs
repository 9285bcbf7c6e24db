//! From a breach to a payout, on a real node, with real proofs.

use alloy_primitives::{Address, B256, U256};
use pacioli_chain::Node as Client;
use pacioli_verifier_contract::{
    artifacts,
    bindings::{Compensation as F, SolvencyRegistry as R},
    chain::Chain,
    registry::Latest,
};
use serde_json::{Value, json};

use crate::{
    chain::{CUSTODIAN, Node, OWNER, done, run},
    venue::{Venue, setup},
};

const DAY: u64 = 86_400;
const NAME: [&str; 2] = ["--venue", "Sample Derivatives Exchange"];
/// An address that nobody has.
const FOREIGN: &str = "0x000000000000000000000000000000000000f4ce";

/// Sends a call from an account that the node signs for.
fn send(node: &Node, to: Address, data: &[u8]) {
    let data = alloy_primitives::hex::encode_prefixed(data);
    let call = json!([{ "from": CUSTODIAN.address, "to": to, "data": data, "gas": "0xf00000" }]);
    let receipt = node.receipt(&node.ask("eth_sendTransaction", call));
    assert_eq!(receipt["status"], "0x1", "{receipt}");
}

fn address(said: &Value) -> Address {
    said.as_str().unwrap().parse().unwrap()
}

#[test]
fn a_holder_is_paid_after_a_breach() {
    let Some(node) = Node::start() else { return };
    let venue = Venue::new();
    assert_eq!(venue.run(&["--quiet", "demo", "--out", "sample"]).code, 0);
    // The owner of the venue holds an account, too: its id is the address.
    let holder = OWNER.address.to_lowercase();
    let book = venue.read("sample/snapshot.csv").replace("trader-0007,", &format!("{holder},"));
    venue.write("sample/snapshot.csv", book);
    assert_eq!(venue.run(&["secret", "new", "secret"]).code, 0);
    let mut prove = vec!["--quiet", "prove", "--snapshot", "sample/snapshot.csv", NAME[0], NAME[1]];
    prove.extend(["--rules", "sample/rules.toml", "--prices", "sample/prices.json"]);
    prove.extend(["--reserves", "sample/reserves.json", "--setup", setup(12)]);
    prove.extend(["--out", "run", "--secret", "secret"]);
    let proved = venue.run(&prove);
    assert_eq!(proved.code, 0, "{proved:?}");
    let export = ["statements", "export", "--account", &holder, "--out", "statement.json"];
    let with = ["--run", "run", "--secret", "secret", "--setup", setup(12)];
    let exported = venue.run(&[&export[..], &with].concat());
    assert_eq!(exported.code, 0, "{exported:?}");

    // A venue with coins for customers, and a fund of a token for bad debt.
    let registry = address(&done(&venue, &node, &OWNER, &["deploy", "registry"])["address"]);
    let demo = "--accept-insecure-setup";
    let verifier = done(&venue, &node, &OWNER, &["deploy", "verifier", demo]);
    let statements = done(&venue, &node, &OWNER, &["deploy", "statements", demo]);
    let statements = statements["address"].as_str().unwrap();
    node.ask("anvil_setBalance", json!([CUSTODIAN.address, "0xd3c21bcecceda1000000"]));
    let customers = format!("ETH:coin:{}", CUSTODIAN.address);
    let mut register = vec!["register", "--verifier", verifier["address"].as_str().unwrap()];
    register.extend(NAME);
    register.extend(["--rules", "sample/rules.toml", "--prices", "sample/prices.json"]);
    register.extend(["--mark-within", "1h", "--delay", "1d", "--max-age", "3d"]);
    register.extend(["--reserve", &customers, demo]);
    let id: B256 =
        done(&venue, &node, &OWNER, &register)["venue"].as_str().unwrap().parse().unwrap();
    let code = &artifacts::get("MockToken").bytecode;
    let creation = json!([{ "from": OWNER.address, "data": format!("{code}{:064x}", 18) }]);
    let made = node.receipt(&node.ask("eth_sendTransaction", creation));
    let token = address(&made["contractAddress"]);
    let payout = format!("ETH:{token}");
    let mut deploy = vec!["deploy", "fund", "--statements", statements, "--payout", &payout];
    deploy.extend(NAME);
    deploy.extend(["--claims-for", "7d", "--challenge-for", "2d"]);
    // The terms never change, and whoever made the contract for statements decides who is paid.
    let uncompared = run(&venue, &node, Some(OWNER.key), &deploy);
    assert!(
        uncompared.refusal(2).contains("was compared with nothing: give --build"),
        "{uncompared:?}"
    );
    let unknown = [&deploy[..], &["--accept-unknown-code", "--dry-run"]].concat();
    let unknown = run(&venue, &node, Some(OWNER.key), &unknown);
    assert!(unknown.stdout.contains("THEIR CODE WAS COMPARED WITH NOTHING"), "{unknown:?}");
    // One that answers as it does, and is another.
    let statements_at: Address = statements.parse().unwrap();
    let forwards = format!("0x365f5f375f5f365f73{statements_at:x}5afa3d5f5f3e3d5ff3");
    node.ask("anvil_setCode", json!([FOREIGN, forwards]));
    let mut foreign = deploy.clone();
    foreign[3] = FOREIGN;
    foreign.push(demo);
    let foreign = run(&venue, &node, Some(OWNER.key), &foreign);
    assert!(foreign.refusal(1).contains("is not where `deploy statements` puts"), "{foreign:?}");
    deploy.push(demo);
    // What never changes is shown before it is made.
    let dry = run(&venue, &node, Some(OWNER.key), &[&deploy[..], &["--dry-run"]].concat());
    assert_eq!(dry.code, 0, "{dry:?}");
    for said in [
        format!("  statements       {}\n", statements.parse::<Address>().unwrap()),
        "  payer            nobody\n".to_owned(),
        "their code is as generated\n".to_owned(),
        format!("  registry         {registry}\n"),
        format!("  pays             ETH with {token}\n"),
    ] {
        assert!(dry.stdout.contains(&said), "{said}: {}", dry.stdout);
    }
    let deployed = done(&venue, &node, &OWNER, &deploy);
    assert_eq!(deployed["terms"]["grace"], json!(2 * DAY));
    let fund = address(&deployed["fund"]);
    let reserve = format!("{payout}:{fund}:insurance");
    let list = [&["venue", "announce-reserve", "--reserve", &reserve], &NAME[..]].concat();
    done(&venue, &node, &OWNER, &list);
    // MockToken.set: 100 ether, less than is owed.
    let hundred = U256::from(100) * U256::from(10).pow(U256::from(18));
    let set = &alloy_primitives::keccak256("set(address,uint256)")[..4];
    let set = [set, &fund.into_word()[..], &hundred.to_be_bytes::<32>()].concat();
    send(&node, token, &set);
    let fund_text = fund.to_string();
    let step = |step: &str, more: &[&str]| {
        let args = [&["fund", step, "--fund", &fund_text], &NAME[..], more].concat();
        done(&venue, &node, &CUSTODIAN, &args)
    };
    // Whoever passes by takes the steps.
    step("accept", &["--token", &token.to_string()]);
    let accept = ["venue", "accept", "--token", "0x0000000000000000000000000000000000000000"];
    done(&venue, &node, &CUSTODIAN, &[&accept[..], &NAME].concat());
    done(&venue, &node, &OWNER, &[&["venue", "settle"], &NAME[..]].concat());
    done(&venue, &node, &CUSTODIAN, &[&["venue", "mark"], &NAME[..]].concat());
    // The node's blocks of one second are ahead of its clock.
    node.pass(600);
    let submit = ["submit", demo, "--attestation", "run/attestation.json"];
    done(&venue, &node, &OWNER, &[&submit[..], &NAME].concat());

    // Two days later the coins are gone, and two rechecks find it.
    node.pass(2 * DAY);
    node.ask("anvil_setBalance", json!([CUSTODIAN.address, "0x8ac7230489e80000"]));
    let recheck = [&["venue", "recheck"], &NAME[..]].concat();
    done(&venue, &node, &OWNER, &recheck);
    node.ask("anvil_mine", json!(["0x1e"]));
    node.pass(301);
    done(&venue, &node, &OWNER, &recheck);
    let mut client = Client::connect(&node.url, None, 0).unwrap();
    assert_ne!(client.ask(registry, &R::breachedAtCall { venue: id, round: 1 }).unwrap(), 0);
    let claim = ["claim", demo, "--statement", "statement.json", "--attestation"];
    let claim = [&claim[..], &["run/attestation.json", "--fund", &fund_text], &NAME].concat();
    let early = run(&venue, &node, Some(OWNER.key), &claim);
    assert!(early.refusal(1).contains("no breach was reported"), "{early:?}");

    // Before the breach was reported there is nothing to open.
    let open = [&["fund", "open", "--fund", &fund_text], &NAME[..]].concat();
    assert_ne!(run(&venue, &node, Some(CUSTODIAN.key), &open).code, 0);
    step("report", &[]);
    step("nominate", &["--round", "1"]);
    assert_ne!(run(&venue, &node, Some(CUSTODIAN.key), &open).code, 0, "the grace is not over");
    node.pass(2 * DAY);
    step("open", &[]);
    // One that answers as the fund, or as the contract that checks statements, and is neither.
    let foreign = FOREIGN;
    for (of, option) in [(fund, "--fund"), (statements.parse().unwrap(), "--statements")] {
        let forwards = format!("0x365f5f375f5f365f73{of:x}5afa3d5f5f3e3d5ff3");
        node.ask("anvil_setCode", json!([foreign, forwards]));
        let place = [&claim[..6], &[option, foreign], &NAME].concat();
        let refused = run(&venue, &node, Some(OWNER.key), &place);
        assert!(refused.refusal(1).contains("is not where"), "{option}: {refused:?}");
        if option == "--fund" {
            let open = [&["fund", "open", option, foreign], &NAME[..]].concat();
            let refused = run(&venue, &node, Some(OWNER.key), &open);
            assert!(refused.refusal(1).contains("is not where `deploy fund` puts"), "{refused:?}");
            let open = [&open[..], &["--accept-unknown-code", "--dry-run"]].concat();
            assert_eq!(run(&venue, &node, Some(OWNER.key), &open).code, 0);
        }
    }
    let claimed = done(&venue, &node, &OWNER, &claim);
    assert_eq!(claimed["claimed"], true, "{claimed}");
    node.pass(9 * DAY);
    step("fix-shares", &[]);
    let owner = client.ask(statements.parse().unwrap(), &owner_of(&holder)).unwrap();
    let claim = client.ask(fund, &F::claimOfCall { owner }).unwrap();
    step("pay", &["--account", &holder]);
    let again = [&["fund", "pay", "--fund", &fund_text, "--account", &holder], &NAME[..]].concat();
    let again = run(&venue, &node, Some(CUSTODIAN.key), &again);
    assert!(again.refusal(2).contains("was paid all that the fund pays with"), "{again:?}");
    let latest = Latest::of(&mut client, registry, id, 1).unwrap().unwrap();
    // The same part of the token as of what is owed.
    let share = hundred * U256::from(claim.equity) / U256::from(latest.record.owed);
    let data = [&alloy_primitives::keccak256("balanceOf(address)")[..4]].concat();
    let to: Address = OWNER.address.parse().unwrap();
    let data = [&data[..], &to.into_word()[..]].concat();
    let held = client.view(token, data.into()).unwrap();
    assert!(share > U256::ZERO);
    assert_eq!(U256::from_be_slice(&held), share);
}

fn owner_of(id: &str) -> pacioli_verifier_contract::bindings::StatementVerifier::ownerOfCall {
    pacioli_verifier_contract::bindings::StatementVerifier::ownerOfCall { id: id.to_owned() }
}
