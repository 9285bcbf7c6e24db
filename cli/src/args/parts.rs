//! Arguments of the steps of a run beyond one machine, and of their status.

use std::path::PathBuf;

use pacioli_attestation::Digest;

use super::BookArgs;

/// Where a run's objects are, and which run is meant.
#[derive(Debug, clap::Args)]
pub struct DealtArgs {
    /// Where the run is dealt: a folder that all tasks share, or `s3://bucket/prefix`.
    #[arg(long, value_name = "RUN")]
    pub run: String,
    /// The digest that `pacioli deal` printed.
    #[arg(long, value_name = "DIGEST")]
    pub deal: Digest,
    /// The setup that the run was dealt for.
    #[arg(long, value_name = "FILE")]
    pub setup: PathBuf,
}

/// Which volume a task is given.
#[derive(Debug, clap::Args)]
pub struct TaskArgs {
    /// The run.
    #[command(flatten)]
    pub dealt: DealtArgs,
    /// The volume's key, or the folder that `deal --keys` wrote.
    #[arg(long, value_name = "FILE")]
    pub key: PathBuf,
    /// The volume, from 0; by default what SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX,
    /// AWS_BATCH_JOB_ARRAY_INDEX, BATCH_TASK_INDEX or CLOUD_RUN_TASK_INDEX says.
    #[arg(long, value_name = "NUMBER")]
    pub index: Option<u64>,
}

/// Arguments of `deal`.
#[derive(Debug, clap::Args)]
pub struct DealArgs {
    /// What is dealt.
    #[command(flatten)]
    pub book: BookArgs,
    /// Where to: a folder that all tasks share, created if missing, or `s3://bucket/prefix`.
    #[arg(long, value_name = "RUN")]
    pub run: String,
    /// A folder of the dealer's own for what never leaves it, created if missing.
    #[arg(long, value_name = "DIR")]
    pub private: PathBuf,
    /// Also write the key of every volume into this folder, one file each: 0.key and so on.
    #[arg(long, value_name = "DIR")]
    pub keys: Option<PathBuf>,
}

/// Arguments of `prove-volume`.
#[derive(Debug, clap::Args)]
pub struct ProveVolumeArgs {
    /// The volume.
    #[command(flatten)]
    pub task: TaskArgs,
}

/// Arguments of `assemble`.
#[derive(Debug, clap::Args)]
pub struct AssembleArgs {
    /// The run.
    #[command(flatten)]
    pub dealt: DealtArgs,
    /// The dealer's own folder, which `deal` made.
    #[arg(long, value_name = "DIR")]
    pub private: PathBuf,
    /// The operator's secret, if `deal` was given one.
    #[arg(long, value_name = "FILE")]
    pub secret: Option<PathBuf>,
    /// A directory for the attestation and the data of statements, as `pacioli prove` writes it.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

/// Arguments of `open-volume`.
#[derive(Debug, clap::Args)]
pub struct OpenVolumeArgs {
    /// The volume.
    #[command(flatten)]
    pub task: TaskArgs,
    /// The digest of `assembled.json` that `pacioli assemble` printed.
    #[arg(long, value_name = "DIGEST")]
    pub assembled: Digest,
}
