//! Arguments of `pacioli setup` and `pacioli secret`.

use std::path::PathBuf;

use clap::Subcommand;
use pacioli_attestation::setup::FileDigest;

/// Commands about the operator's secret.
#[derive(Debug, Subcommand)]
pub enum SecretCommand {
    /// Write a fresh secret to a new file that only you can read.
    New(NewSecretArgs),
}

/// Arguments of `secret new`.
#[derive(Debug, clap::Args)]
pub struct NewSecretArgs {
    /// The file to write; it must not exist yet.
    pub out: PathBuf,
}

/// Commands about setups.
#[derive(Debug, Subcommand)]
pub enum SetupCommand {
    /// Import powers of tau from a `.ptau` file prepared for phase 2, checking every point.
    Import(ImportArgs),
    /// Make the insecure setup, whose tau everyone knows. For tests and measurements only.
    Insecure(InsecureArgs),
    /// Check every point of a setup file, and print its origin and digest.
    Show {
        /// The setup.
        file: PathBuf,
    },
}

/// Arguments of `setup import`.
#[derive(Debug, clap::Args)]
pub struct ImportArgs {
    /// The `.ptau` file.
    pub file: PathBuf,
    /// Rows of a volume, as a power of two.
    #[arg(long, default_value_t = 18)]
    pub k: u32,
    /// The file's BLAKE2b digest (`b2sum FILE`), required unless the ceremony is known here. It
    /// shows that the file is complete; it does not make an unknown ceremony a known one.
    #[arg(long)]
    pub digest: Option<FileDigest>,
    /// Where to write the setup.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// Arguments of `setup insecure`.
#[derive(Debug, clap::Args)]
pub struct InsecureArgs {
    /// Rows of a volume, as a power of two.
    #[arg(long)]
    pub k: u32,
    /// Where to write the setup.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}
