//! Debian packages: installed when missing and possible, named in the error otherwise.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Result, bail};

use crate::process;

/// Something we need, how to see that it is there, and the Debian package that brings it.
#[derive(Clone, Copy)]
pub(crate) struct Need {
    /// A program on `PATH`, or an absolute path.
    pub(crate) probe: &'static str,
    /// The package.
    pub(crate) package: &'static str,
}

impl Need {
    fn is_met(&self) -> bool {
        if self.probe.starts_with('/') { Path::new(self.probe).exists() } else { process::which(self.probe).is_some() }
    }
}

/// Makes sure that all needs are met; on return they are.
pub(crate) fn ensure(what_for: &str, needs: &[Need]) -> Result<()> {
    let missing: Vec<&str> = needs.iter().filter(|need| !need.is_met()).map(|need| need.package).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let packages = missing.join(" ");
    if process::which("apt-get").is_none() {
        bail!("{what_for} needs the Debian packages {packages} or what they contain, and this system has no apt-get: install them by hand");
    }
    if process::output(Command::new("id").arg("-u"))? != "0" {
        bail!("{what_for} needs {packages}: run `sudo apt-get install --no-install-recommends {packages}`");
    }
    println!("   {what_for} needs {packages}: installing");
    update_once()?;
    process::run(apt_get().args(["install", "-y", "-q", "--no-install-recommends"]).args(&missing))?;
    let still: Vec<&str> = needs.iter().filter(|need| !need.is_met()).map(|need| need.probe).collect();
    if !still.is_empty() {
        bail!("{packages} are installed, but {} did not come with them", still.join(" "));
    }
    Ok(())
}

/// The package lists of a fresh machine are empty or old; once a run is enough.
fn update_once() -> Result<()> {
    static DONE: AtomicBool = AtomicBool::new(false);
    if DONE.swap(true, Ordering::Relaxed) {
        return Ok(());
    }
    process::run(apt_get().args(["update", "-q"]))
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null());
    command
}
