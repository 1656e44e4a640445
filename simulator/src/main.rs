//! `messwerk-sim`: simulated classes, replays of recorded experiments, and load.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}
