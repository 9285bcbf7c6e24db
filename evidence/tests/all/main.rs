//! Evidence against reserves: what each letter takes, and what is refused by name.

mod check;
mod hostile;
mod readers;
mod recorded;
mod schema;
mod storage;
mod wallets;
mod worth_nothing;
