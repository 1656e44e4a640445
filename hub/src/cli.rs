//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

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
#[allow(clippy::print_stdout, reason = "answers of one-shot commands belong on stdout")]
pub fn run(cli: Cli) -> anyhow::Result<()> {
    match cli.command {
        Command::Serve(args) => {
            let overrides = Overrides { data_dir: args.data_dir, http: args.http, mqtt: args.mqtt };
            serve::run(Config::load(args.config.as_deref(), overrides)?)
        }
        Command::Token(TokenCommand::Create { role: RoleArg::Teacher, data_dir }) => {
            let catalogue = Catalogue::open(&data_dir).with_context(|| format!("cannot open the data folder {}", data_dir.display()))?;
            let token = mint::token();
            catalogue.add_token(&token, Role::Teacher, SystemClock.now())?;
            println!("{token}");
            Ok(())
        }
        Command::Config(ConfigCommand::Check { file }) => {
            Config::load(Some(&file), Overrides::default())?;
            println!("{} is in order", file.display());
            Ok(())
        }
        Command::Config(ConfigCommand::Print) => {
            print!("{}", crate::config::EXAMPLE);
            Ok(())
        }
    }
}
