//! `messwerk`: the hub on the command line. `messwerk --help` lists what it can do.

use std::process::ExitCode;

use clap::Parser;
use messwerk::cli::Cli;

fn main() -> ExitCode {
    messwerk::telemetry::log_to_stderr();
    match messwerk::cli::run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

/// A sentence for whoever typed the command, also where the log is JSON for a journal.
fn complain(error: &anyhow::Error) {
    eprintln!("messwerk: {error:#}");
}
