//! `cargo xtask demo`: a hub on a temporary data folder, a class of simulated phones, and the board in the browser.
//!
//! Built with the same profile as the tests, so whoever runs one has compiled the other.

use std::env;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::process::{self, Running};
use crate::stage::{Stage, human};
use crate::wasm;
use crate::workspace::Workspace;

/// How long the hub may take until its ready line, and the simulator until it has a lesson.
const PATIENCE: Duration = Duration::from_secs(60);

/// Options of `cargo xtask demo`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// How many phones the class has.
    #[arg(long, default_value_t = 30)]
    things: u32,
    /// End by itself after this many seconds; without it the class measures until Ctrl-C.
    #[arg(long)]
    seconds: Option<u64>,
    /// Do not open the board in a browser.
    #[arg(long)]
    no_open: bool,
    /// Web port; 0 lets the system choose.
    #[arg(long, default_value_t = 0)]
    port: u16,
}

/// Builds, starts and waits. On return, also by error, no process of ours runs and the data folder is gone.
pub(crate) fn run(workspace: &Workspace, args: &Args) -> Result<()> {
    let since = Instant::now();
    println!(
        "A class of {} simulated phones measures g with pendulums. The first time everything is compiled: expect 10 to 15 minutes.",
        args.things
    );
    wasm::run(workspace, &wasm::Args::default())?;
    build(workspace)?;

    // From here Ctrl-C means: put everything away. Before, it simply ended cargo and us.
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(&stop))?;
    }
    let stage = Stage::begin("hub and class", "a few seconds");
    let data = tempfile::Builder::new().prefix("messwerk-demo-").tempdir()?;
    let (mut hub, ready) = start_hub(workspace, data.path(), args.port, &stop)?;
    let token = teacher_token(workspace, data.path())?;
    let (mut class, board) = start_class(workspace, args, &ready, &token, &stop)?;
    stage.end("");

    println!("\n   The board:  {board}\n");
    println!("   MQTT:       {}", text(&ready, "mqtt"));
    println!("   Moving {} after the start. Ctrl-C ends the demonstration and removes its data.\n", human(since.elapsed()));
    if !args.no_open {
        open(&board);
    }
    let end = args.seconds.map(|seconds| Instant::now() + Duration::from_secs(seconds));
    while !stop.load(Ordering::Relaxed) && end.is_none_or(|end| Instant::now() < end) {
        if !hub.is_running() {
            bail!("the hub has stopped: its last words are above");
        }
        if !class.is_running() {
            bail!("the simulator has stopped: its last words are above");
        }
        thread::sleep(Duration::from_millis(100));
    }
    println!("   putting the class away");
    drop(class);
    drop(hub);
    data.close()?;
    Ok(())
}

/// Builds the two programs. Both in one call, or cargo would compile shared packages twice with different features.
fn build(workspace: &Workspace) -> Result<()> {
    let stage = Stage::begin("hub and simulator", "a fresh clone 10 to 14 minutes, most of it DataFusion; later seconds");
    process::run(process::cargo(&workspace.root).args(["build", "--package", "messwerk", "--package", "messwerk-simulator"]))?;
    stage.end("");
    Ok(())
}

/// Starts the hub on ports the system chooses and returns its ready line.
fn start_hub(workspace: &Workspace, data: &Path, port: u16, stop: &AtomicBool) -> Result<(Running, Value)> {
    let mut command = Command::new(workspace.program("debug", "messwerk"));
    command.arg("serve").arg("--data-dir").arg(data);
    command.arg("--http").arg(SocketAddr::from(([127, 0, 0, 1], port)).to_string());
    command.args(["--mqtt", "127.0.0.1:0"]);
    let (running, lines) = start(&mut command)?;
    let line = first(&lines, stop, |line| line.starts_with('{')).context("the hub did not become ready")?;
    let ready = serde_json::from_str(&line).context("the hub's ready line is not JSON")?;
    Ok((running, ready))
}

/// A teacher's token, made beside the running hub as a teacher would.
fn teacher_token(workspace: &Workspace, data: &Path) -> Result<String> {
    let mut command = Command::new(workspace.program("debug", "messwerk"));
    let out = process::output(command.args(["token", "create", "--role", "teacher", "--data-dir"]).arg(data))?;
    out.lines().next_back().map(str::to_owned).context("`messwerk token create` printed no token")
}

/// Starts the class and returns the board's address, which the simulator prints once it has made its lesson.
fn start_class(workspace: &Workspace, args: &Args, ready: &Value, token: &str, stop: &AtomicBool) -> Result<(Running, String)> {
    let mut command = Command::new(workspace.program("debug", "messwerk-sim"));
    command.args(["class", "--hub", &text(ready, "http"), "--template", "pendulum", "--things", &args.things.to_string()]);
    command.arg("--forever").env("MESSWERK_TOKEN", token);
    let (running, lines) = start(&mut command)?;
    let line = first(&lines, stop, |line| line.contains("/b/")).context("the simulator did not name the board")?;
    Ok((running, board_in(&line).to_owned()))
}

/// The address in a line such as `lesson X with code 123456, board: http://host/b/X`.
fn board_in(line: &str) -> &str {
    line.split(|c: char| c.is_whitespace() || c == '"').find(|word| word.contains("/b/")).unwrap_or(line)
}

/// Starts a program in a process group of its own, so that Ctrl-C reaches only us and we end things in order. Its log stays
/// visible; its standard output comes line by line and is read to the end, or the program would block.
fn start(command: &mut Command) -> Result<(Running, Receiver<String>)> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).process_group(0);
    if env::var_os("RUST_LOG").is_none() {
        command.env("RUST_LOG", "warn");
    }
    let mut running = Running::start(command)?;
    let (sender, lines) = mpsc::channel();
    let output = running.0.stdout.take().context("no standard output")?;
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            sender.send(line).ok();
        }
    });
    Ok((running, lines))
}

/// The first line that fits, within our patience.
fn first(lines: &Receiver<String>, stop: &AtomicBool, fits: impl Fn(&str) -> bool) -> Result<String> {
    let end = Instant::now() + PATIENCE;
    while Instant::now() < end {
        if stop.load(Ordering::Relaxed) {
            bail!("interrupted");
        }
        match lines.recv_timeout(Duration::from_millis(100)) {
            Ok(line) if fits(&line) => return Ok(line),
            Ok(_) | Err(mpsc::RecvTimeoutError::Timeout) => {}
            Err(mpsc::RecvTimeoutError::Disconnected) => bail!("it ended: its last words are above"),
        }
    }
    bail!("nothing came for {}", human(PATIENCE))
}

/// Shows the board where there is a desktop; failing is no harm, the address is printed.
fn open(board: &str) {
    let desktop = ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|key| env::var_os(key).is_some_and(|value| !value.is_empty()));
    let opener: Option<PathBuf> = process::which("xdg-open").filter(|_| desktop);
    if let Some(opener) = opener {
        Command::new(opener).arg(board).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok();
    }
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_board_is_found_in_what_the_simulator_says() {
        let check = |line: &str| assert_eq!(board_in(line), "http://127.0.0.1:8080/b/0123456789ABC", "{line}");
        check("lesson 0123456789ABC with code 123456, board: http://127.0.0.1:8080/b/0123456789ABC");
        check(r#"{"board": "http://127.0.0.1:8080/b/0123456789ABC"}"#);
    }

    #[test]
    fn the_first_line_that_fits_is_waited_for() {
        let check = |script: &str, expected: Option<&str>| {
            let (running, lines) = start(Command::new("sh").args(["-c", script])).unwrap();
            let found = first(&lines, &AtomicBool::new(false), |line| line.starts_with('{'));
            assert_eq!(found.ok().as_deref(), expected, "{script}");
            drop(running);
        };
        check("echo hello; echo '{}'; echo '{1}'", Some("{}"));
        check("echo hello", None);
    }

    #[test]
    fn an_interruption_ends_the_waiting() {
        let (_sender, lines) = mpsc::channel();
        assert_eq!(first(&lines, &AtomicBool::new(true), |_| true).unwrap_err().to_string(), "interrupted");
    }
}
