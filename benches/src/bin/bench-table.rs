//! Runs the measurements one after the other and prints their table.
#![allow(clippy::print_stdout, reason = "the table is the answer")]

use std::path::PathBuf;

use anyhow::Result;
use clap::Parser;
use messwerk_benches::hub::{Charts, Programs};
use messwerk_benches::process::Machine;
use messwerk_benches::{measure, table};

/// Measures beside peers.
#[derive(Parser)]
struct Cli {
    /// Folder of the release programs.
    #[arg(long)]
    programs: PathBuf,
    /// A Python with `benches/requirements.txt`; without it DuckDB is left out and the table says so.
    #[arg(long)]
    python: Option<PathBuf>,
    /// Folder of `bench.mjs`; without it the drawing is left out and the table says so.
    #[arg(long, requires = "module")]
    charts: Option<PathBuf>,
    /// The charts' WebAssembly module.
    #[arg(long)]
    module: Option<PathBuf>,
    /// Only measurements whose name contains this.
    #[arg(long, default_value = "")]
    only: String,
    /// Where the table replaces the old one.
    #[arg(long)]
    write: Option<PathBuf>,
}

fn main() -> Result<()> {
    let cli = Cli::parse();
    let charts = cli.charts.zip(cli.module).map(|(bench, module)| Charts { bench, module });
    let programs = Programs { folder: cli.programs, python: cli.python, peers: PathBuf::from("benches/peers"), charts };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let mut rows = Vec::new();
    let before = Machine::now();
    for (name, measurement) in measure::all() {
        if !name.contains(&cli.only) {
            continue;
        }
        println!("-- {name}");
        match runtime.block_on(measurement(&programs)) {
            Ok(found) => {
                found.iter().for_each(|row| println!("   {row}"));
                rows.extend(found);
            }
            Err(error) => {
                println!("   failed: {error:#}");
                rows.push(table::Row::failed(name, &error));
            }
        }
    }
    let stolen = Machine::now().zip(before).map(|(now, before)| now.stolen_since(before));
    let text = table::render(&rows, stolen);
    println!("\n{text}");
    if let Some(path) = cli.write {
        table::replace(&path, &text)?;
    }
    Ok(())
}
