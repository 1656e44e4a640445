//! Starting other programs: plainly, with their output read along, and stopped politely.

use std::env;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::stage::human;

/// A cargo command of the toolchain that runs us.
pub(crate) fn cargo(root: &Path) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    forget_cargo_run(&mut command);
    command.current_dir(root).stdin(Stdio::null());
    command
}

/// Takes away what `cargo run` told *us*: build scripts and other cargos must not mistake it for their own.
pub(crate) fn forget_cargo_run(command: &mut Command) {
    for (key, _) in env::vars_os() {
        let name = key.to_string_lossy();
        if name == "CARGO" || name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST") || name.starts_with("CARGO_BIN_") {
            command.env_remove(&key);
        }
    }
}

/// The command as one would type it, for messages.
pub(crate) fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words = words.enumerate().map(|(i, word)| {
        let word = if i == 0 { Path::new(word).file_name().unwrap_or(word) } else { word };
        word.to_string_lossy().into_owned()
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Runs to the end with our own output streams; an error names the command.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    println!("   $ {}", shown(command));
    let status = command.status().with_context(|| format!("cannot start `{}`", shown(command)))?;
    if !status.success() {
        bail!("`{}` ended with {status}", shown(command));
    }
    Ok(())
}

/// Runs to the end and returns the trimmed standard output; nothing is shown. Failing to start is an error like failing.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let out = command.stdin(Stdio::null()).output().with_context(|| format!("cannot start `{}`", shown(command)))?;
    if !out.status.success() {
        bail!("`{}` ended with {}: {}", shown(command), out.status, String::from_utf8_lossy(&out.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&out.stdout).trim().to_owned())
}

/// Runs to the end and hands every line of both streams to `see` as it comes; nothing is shown. Returns whether it succeeded.
pub(crate) fn run_seen(command: &mut Command, see: impl FnMut(&str)) -> Result<bool> {
    run_seen_within(command, Duration::MAX, see)
}

/// The same for at most `limit`: what takes longer is ended with everything that it started, and that is an error. So is what
/// ends and leaves a program behind that still holds its streams: nobody would ever see their end.
pub(crate) fn run_seen_within(command: &mut Command, limit: Duration, mut see: impl FnMut(&str)) -> Result<bool> {
    const LEAVING: Duration = Duration::from_secs(5);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{}`", shown(command)))?;
    let (sender, lines) = mpsc::channel();
    let streams: [Option<Box<dyn Read + Send>>; 2] =
        [child.stdout.take().map(|s| Box::new(s) as _), child.stderr.take().map(|s| Box::new(s) as _)];
    for stream in streams.into_iter().flatten() {
        let sender = sender.clone();
        thread::spawn(move || each_line(stream, |line| sender.send(line).is_ok()));
    }
    drop(sender);
    let mut end = Instant::now().checked_add(limit);
    let mut ended = false;
    loop {
        match lines.recv_timeout(Duration::from_millis(200)) {
            Ok(line) => see(&line),
            Err(mpsc::RecvTimeoutError::Disconnected) => return Ok(child.wait()?.success()),
            Err(mpsc::RecvTimeoutError::Timeout) => {
                if !ended && child.try_wait()?.is_some() {
                    ended = true;
                    end = Some(Instant::now() + LEAVING);
                }
            }
        }
        if end.is_some_and(|end| end < Instant::now()) {
            end_all(&mut child);
            lines.try_iter().for_each(|line| see(&line));
            if ended {
                bail!("`{}` has ended and left a program behind that holds its output", shown(command));
            }
            bail!("`{}` took more than {} and was ended", shown(command), human(limit));
        }
    }
}

/// Ends a child and all that it started. Whoever has lost its parent meanwhile is not found.
fn end_all(child: &mut Child) {
    let table = output(Command::new("ps").args(["-A", "-o", "pid=,ppid="])).unwrap_or_default();
    let pairs: Vec<(u32, u32)> = table
        .lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace().map(str::parse);
            Some((words.next()?.ok()?, words.next()?.ok()?))
        })
        .collect();
    let mut family = vec![child.id()];
    for at in 0.. {
        let Some(&parent) = family.get(at) else { break };
        family.extend(pairs.iter().filter(|(_, of)| *of == parent).map(|(pid, _)| *pid));
    }
    for signal in ["-TERM", "-KILL"] {
        // Not our own child alone: a browser that is left over keeps a processor busy.
        output(Command::new("kill").arg(signal).args(family.iter().map(u32::to_string))).ok();
        if signal == "-TERM" {
            wait_for(child, Duration::from_secs(5));
        }
    }
    child.wait().ok();
}

/// Hands on every line (also one that is not UTF-8) until the end or until `to` has had enough.
pub(crate) fn each_line(stream: impl Read, mut to: impl FnMut(String) -> bool) {
    let mut reader = BufReader::new(stream);
    let mut line = Vec::new();
    while matches!(reader.read_until(b'\n', &mut line), Ok(n) if n > 0) {
        if !to(String::from_utf8_lossy(&line).trim_end().to_owned()) {
            return;
        }
        line.clear();
    }
}

/// Runs quietly for at most `limit`; `false` when it failed, could not start or had to be ended.
pub(crate) fn succeeds_within(command: &mut Command, limit: Duration) -> bool {
    let Ok(child) = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn() else { return false };
    let mut child = Running(child);
    wait_for(&mut child.0, limit).is_some_and(|success| success)
}

/// Waits at most `limit`: `None` when the child still runs.
fn wait_for(child: &mut Child, limit: Duration) -> Option<bool> {
    let end = Instant::now() + limit;
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status.success()),
            Ok(None) if Instant::now() < end => thread::sleep(Duration::from_millis(20)),
            Ok(None) => return None,
            Err(_) => return Some(false),
        }
    }
}

/// A child that never outlives us: dropping it asks it to stop (SIGTERM), and after five seconds insists.
pub(crate) struct Running(pub(crate) Child);

impl Running {
    /// Starts the command.
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        Ok(Self(command.spawn().with_context(|| format!("cannot start `{}`", shown(command)))?))
    }

    /// Whether it still runs.
    pub(crate) fn is_running(&mut self) -> bool {
        matches!(self.0.try_wait(), Ok(None))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.is_running() {
            return;
        }
        // The standard library only knows SIGKILL, and unsafe code is forbidden here; `kill` is on every Unix.
        let asked = Command::new("kill").arg("-TERM").arg(self.0.id().to_string()).status();
        if asked.is_ok() && wait_for(&mut self.0, Duration::from_secs(5)).is_some() {
            return;
        }
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// How many programs run side by side: two wait for each other's hub or browser well, and three on two processors take as long
/// as two and miss their moments; no more than four, as each browser draws on what it can get.
pub(crate) fn side_by_side() -> usize {
    thread::available_parallelism().map_or(2, usize::from).clamp(2, 4)
}

/// The full path of a program on `PATH`.
pub(crate) fn which(name: impl AsRef<OsStr>) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(name.as_ref())).find(|file| file.is_file())
}

#[cfg(test)]
mod tests;
