//! `messwerk`: the hub on the command line. `messwerk --help` lists what it can do.

use std::process::ExitCode;

use clap::Parser;
use messwerk::cli::Cli;

fn main() -> ExitCode {
    // Dropped at the very end: the last lines are written before the process is gone.
    let log = messwerk::telemetry::log_to_stderr();
    match messwerk::cli::run(Cli::parse(), &log) {
        Ok(code) => code,
        Err(error) => {
            log.say(&format!("messwerk: {error:#}"));
            ExitCode::FAILURE
        }
    }
}
