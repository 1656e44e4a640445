//! The command line.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Args, Parser, Subcommand, ValueEnum};
use messwerk_store::catalogue::Role;
use messwerk_store::{Catalogue, Clock, SystemClock};

use crate::config::{Config, Overrides};
use crate::{mint, serve};

/// The sensor hub for science lessons.
#[derive(Debug, Parser)]
#[command(name = "messwerk", version, about)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the hub until SIGTERM or Ctrl-C.
    Serve(ServeArgs),
    /// Make tokens for teachers.
    #[command(subcommand)]
    Token(TokenCommand),
    /// Look at the configuration.
    #[command(subcommand)]
    Config(ConfigCommand),
}

#[derive(Debug, Args)]
struct ServeArgs {
    /// Folder of everything the hub keeps; made if it is not there.
    #[arg(long, env = "MESSWERK_DATA_DIR")]
    data_dir: Option<PathBuf>,
    /// Address of pages and API, for example 0.0.0.0:8080; port 0 takes a free one.
    #[arg(long, env = "MESSWERK_HTTP")]
    http: Option<SocketAddr>,
    /// Address of the MQTT door, for example 0.0.0.0:1883; port 0 takes a free one.
    #[arg(long, env = "MESSWERK_MQTT")]
    mqtt: Option<SocketAddr>,
    /// Configuration file; without it `messwerk.toml` in the data folder is read if there is one.
    #[arg(long, env = "MESSWERK_CONFIG")]
    config: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum TokenCommand {
    /// Make a token and print it as the last line; works with and without a running hub.
    Create {
        /// What the token may do.
        #[arg(long)]
        role: RoleArg,
        /// The hub's data folder.
        #[arg(long, env = "MESSWERK_DATA_DIR")]
        data_dir: PathBuf,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum RoleArg {
    /// Makes lessons and reads everything of a class.
    Teacher,
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Read a configuration file and say whether it is in order.
    Check {
        /// The file.
        file: PathBuf,
    },
    /// Print every setting with its default.
    Print,
}

/// Runs a command to its end.
pub fn run(cli: Cli) -> anyhow::Result<()> {
    match cli.command {
        Command::Serve(args) => {
            let overrides = Overrides { data_dir: args.data_dir, http: args.http, mqtt: args.mqtt };
            serve::run(Config::load(args.config.as_deref(), overrides)?)
        }
        Command::Token(TokenCommand::Create { role: RoleArg::Teacher, data_dir }) => {
            let catalogue = open_catalogue(&data_dir)?;
            let token = mint::token();
            catalogue.add_token(&token, Role::Teacher, SystemClock.now())?;
            answer(&format!("{token}\n"))
        }
        Command::Config(ConfigCommand::Check { file }) => {
            Config::load(Some(&file), Overrides::default())?;
            answer(&format!("{} is in order\n", file.display()))
        }
        Command::Config(ConfigCommand::Print) => answer(crate::config::EXAMPLE),
    }
}

/// Answers of one-shot commands belong on stdout. One that cannot be written is an error: a token that nobody read is lost.
fn answer(text: &str) -> anyhow::Result<()> {
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).context("cannot write the answer to stdout; run the command again")
}

/// Opens the catalogue of a data folder for a command. A folder without one becomes a hub's, because a token may be made
/// before the hub's first start; that is said, because it may be a typing error. Folders above it are not made.
fn open_catalogue(folder: &Path) -> anyhow::Result<Catalogue> {
    let file = folder.join("catalogue.sqlite");
    let new = !file.try_exists().with_context(|| refused(folder))?;
    if new {
        let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        anyhow::ensure!(parent.is_dir(), "there is no folder {}: check --data-dir", parent.display());
    } else {
        // SQLite's own words for a file of somebody else are "attempt to write a readonly database".
        OpenOptions::new().read(true).write(true).open(&file).with_context(|| refused(folder))?;
    }
    let catalogue = Catalogue::open(folder).with_context(|| refused(folder))?;
    if new {
        let shown = folder.display();
        // Who does not read it gets the token all the same.
        let _ = writeln!(
            std::io::stderr(),
            "messwerk: {shown} had no hub's catalogue; it has one now. If the hub runs on another folder, check --data-dir"
        );
    }
    Ok(catalogue)
}

fn refused(folder: &Path) -> String {
    format!("{} cannot be written: run this as the user that the hub runs as, or check --data-dir", folder.display())
}

#[cfg(test)]
mod tests;
