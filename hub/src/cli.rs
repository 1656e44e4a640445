//! The command line.

mod template;

use std::fs::OpenOptions;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, Parser, Subcommand, ValueEnum};
use messwerk_store::catalogue::Role;
use messwerk_store::{Catalogue, Clock, SystemClock};

use crate::address::{self, Addresses};
use crate::config::{Config, Overrides};
use crate::doctor::card;
use crate::doctor::command::DoctorArgs;
use crate::release::command::CatalogCommand;
use crate::telemetry::Log;
use crate::tls::args::TlsArgs;
use crate::{doctor, mint, serve};

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
    /// Find out before the lesson what would go wrong: name, ports, certificate, clock, disk, phones.
    Doctor(Box<DoctorArgs>),
    /// Make tokens for teachers.
    #[command(subcommand)]
    Token(TokenCommand),
    /// The teacher's password.
    #[command(subcommand)]
    Password(PasswordCommand),
    /// Releases for other hubs and from them.
    #[command(subcommand)]
    Catalog(CatalogCommand),
    /// Write lesson templates: make, check, test and pack them.
    #[command(subcommand)]
    Template(template::TemplateCommand),
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
    #[arg(long, env = "MESSWERK_HTTP", value_parser = address::listening)]
    http: Option<SocketAddr>,
    /// Address of the MQTT door, for example 0.0.0.0:1883; port 0 takes a free one.
    #[arg(long, env = "MESSWERK_MQTT", value_parser = address::listening)]
    mqtt: Option<SocketAddr>,
    /// Configuration file; without it `messwerk.toml` in the data folder is read if there is one.
    #[arg(long, env = "MESSWERK_CONFIG")]
    config: Option<PathBuf>,
    #[command(flatten)]
    tls: TlsArgs,
}

#[derive(Debug, Subcommand)]
enum TokenCommand {
    /// Make a token and print it as the last line; works with and without a running hub, and before its first start.
    Create {
        /// What the token may do.
        #[arg(long)]
        role: RoleArg,
        /// The hub's data folder.
        #[arg(long, env = "MESSWERK_DATA_DIR")]
        data_dir: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
enum PasswordCommand {
    /// Make a one-time address that sets a new password, good for an hour; works with and without a running hub.
    ///
    /// Until it is used the old password stays, if there is one. Using it ends all sessions.
    Reset {
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

/// Runs a command to its end; the exit code is what came of it.
pub fn run(cli: Cli, log: &Log) -> anyhow::Result<ExitCode> {
    match cli.command {
        Command::Doctor(args) => doctor::command::run(*args),
        Command::Template(command) => template::run(&command),
        command => obey(command, log).map(|()| ExitCode::SUCCESS),
    }
}

fn obey(command: Command, log: &Log) -> anyhow::Result<()> {
    match command {
        // Have codes of their own.
        Command::Doctor(_) | Command::Template(_) => Ok(()),
        Command::Serve(args) => {
            let overrides = Overrides { data_dir: args.data_dir, http: args.http, mqtt: args.mqtt };
            let mut config = Config::load(args.config.as_deref(), overrides)?;
            args.tls.apply(&mut config.tls);
            serve::run(config, log)
        }
        Command::Token(TokenCommand::Create { role: RoleArg::Teacher, data_dir }) => {
            found(&data_dir)?;
            let catalogue = open_catalogue(&data_dir)?;
            let token = mint::token();
            catalogue.add_token(&token, Role::Teacher, SystemClock.now())?;
            answer(&format!("{token}\n"))
        }
        Command::Password(PasswordCommand::Reset { data_dir }) => {
            let catalogue = open_catalogue(&data_dir)?;
            let secret = mint::token();
            catalogue.add_setup(&secret, SystemClock.now())?;
            answer(&reset(&data_dir, &secret))
        }
        Command::Catalog(command) => answer(&crate::release::command::run(&command, open_catalogue)?),
        Command::Config(ConfigCommand::Check { file }) => {
            let config = Config::load(Some(&file), Overrides::default())?;
            config.check().and_then(|()| config.tls.look(SystemClock.now())).with_context(|| format!("in {}", file.display()))?;
            answer(&format!("{} is in order\n", file.display()))
        }
        Command::Config(ConfigCommand::Print) => answer(crate::config::EXAMPLE),
    }
}

/// What a hub's data folder has.
const CATALOGUE: &str = "catalogue.sqlite";

/// What to do with a secret: the addresses of the hub that runs on the folder, or those that its configuration names.
fn reset(data_dir: &Path, secret: &str) -> String {
    let overrides = Overrides { data_dir: Some(data_dir.to_path_buf()), ..Overrides::default() };
    let mut config = Config::load(None, overrides).unwrap_or_default();
    let running = card::read(data_dir);
    let (web, secure) = running.as_ref().map_or((config.http, config.tls.on()), |hub| (hub.web, hub.secure));
    let known = running.is_some();
    config.public_url = running.map_or(config.public_url.take(), |hub| hub.public_url);
    let addresses = Addresses::new(&config, web).all(secure);
    let lines: String = addresses.iter().map(|address| format!("\n    {}", address.url(&format!("/setup#{secret}")))).collect();
    let guess = if known { "" } else { " No hub runs on this folder now; if it listens elsewhere, change host and port." };
    format!(
        "Open one of these addresses within an hour and choose a new password:\n{lines}\n\nFrom another device put the address that it \
         reaches the hub under in front of /setup. It works once; it ends all sessions.{guess}\n/setup#{secret}\n"
    )
}

/// Answers of one-shot commands belong on stdout. One that cannot be written is an error: a token that nobody read is lost.
fn answer(text: &str) -> anyhow::Result<()> {
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).context("cannot write the answer to stdout; run the command again")
}

/// Makes a folder a hub's, because a token may be made before the hub's first start, by whoever sets it up with a script; that is
/// said, because it may be a typing error. Folders above it are not made.
fn found(folder: &Path) -> anyhow::Result<()> {
    if folder.join(CATALOGUE).try_exists().with_context(|| refused(folder))? {
        return Ok(());
    }
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    anyhow::ensure!(parent.is_dir(), "there is no folder {}: check --data-dir", parent.display());
    drop(Catalogue::open(folder).with_context(|| refused(folder))?);
    let shown = folder.display();
    // Who does not read it gets the token all the same.
    let _ = writeln!(
        std::io::stderr(),
        "messwerk: {shown} had no hub's catalogue; it has one now. If the hub runs on another folder, check --data-dir"
    );
    Ok(())
}

/// Opens the catalogue of a hub's data folder for a command. A folder without one is no hub's: a new password for a hub that is not
/// there would look right and open nothing.
fn open_catalogue(folder: &Path) -> anyhow::Result<Catalogue> {
    let file = folder.join(CATALOGUE);
    let there = file.try_exists().with_context(|| refused(folder))?;
    anyhow::ensure!(
        there,
        "{} is no hub's data folder (it has no catalogue.sqlite): check --data-dir, it has to be the one that `messwerk serve` runs with. A \
         new hub makes its folder at its first start; start it first",
        folder.display()
    );
    // SQLite's own words for a file of somebody else are "attempt to write a readonly database".
    OpenOptions::new().read(true).write(true).open(&file).with_context(|| refused(folder))?;
    Catalogue::open(folder).with_context(|| refused(folder))
}

fn refused(folder: &Path) -> String {
    format!("{} cannot be written: run this as the user that the hub runs as, or check --data-dir", folder.display())
}

#[cfg(test)]
mod tests;
