//! `cargo xtask`: everything a fresh clone needs beyond `cargo build` — the browser charts, the demonstration class, the
//! whole test run and the measurements.
//!
//! Each command installs what it lacks where it may (Debian packages as root, Node and Python packages into ignored
//! folders) and otherwise stops with the one command that helps.
#![allow(clippy::print_stdout, reason = "a command-line tool: standard output is its surface")]

mod apt;
mod bench;
mod demo;
mod process;
mod stage;
mod tally;
mod test;
mod tidy;
mod wasm;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// The command line.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

/// What can be asked for.
#[derive(Subcommand)]
enum Task {
    /// Build the browser charts into viz-wasm/www/pkg.
    Wasm(wasm::Args),
    /// Start a hub with a class of simulated phones and show its board.
    Demo(demo::Args),
    /// Run everything that must pass.
    Test(test::Args),
    /// Check the house rules only (part of `test`).
    Tidy,
    /// Measure against the peers and print the table of benches/README.md.
    Bench(bench::Args),
}

fn main() -> ExitCode {
    match run(Cli::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        // The reason in one line: a backtrace of xtask would bury it.
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<()> {
    let workspace = workspace::Workspace::locate()?;
    match task {
        Task::Wasm(args) => wasm::run(&workspace, &args),
        Task::Demo(args) => demo::run(&workspace, &args),
        Task::Test(args) => test::run(&workspace, &args),
        Task::Tidy => tidy::run(&workspace),
        Task::Bench(args) => bench::run(&workspace, &args),
    }
}
