//! `messwerk`: the hub on the command line. `messwerk --help` lists what it can do.

use std::process::ExitCode;

use clap::Parser;
use messwerk::cli::Cli;

fn main() -> ExitCode {
    messwerk::telemetry::log_to_stderr();
    match messwerk::cli::run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
