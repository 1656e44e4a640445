//! Processes of the systems under test: started, watched through `/proc`, ended by their id.

use std::fs;
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// Clock ticks per second in `/proc/*/stat`; 100 on every Linux the standard library supports.
const TICKS: f64 = 100.0;

/// A running process that ends with the value.
pub struct Process(pub Child);

impl Process {
    /// Starts it.
    pub fn start(command: &mut Command) -> Result<Self> {
        Ok(Self(command.spawn().with_context(|| format!("cannot start {}", command.get_program().to_string_lossy()))?))
    }

    /// User and system time of all its threads so far, in seconds.
    pub fn cpu(&self) -> Result<f64> {
        cpu_of(self.0.id())
    }

    /// The most memory it ever held, in MiB.
    pub fn peak_mib(&self) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0.id()))?;
        let line = status.lines().find(|line| line.starts_with("VmHWM:")).context("no VmHWM")?;
        let kib: f64 = line.split_whitespace().nth(1).context("no number")?.parse()?;
        Ok(kib / 1024.0)
    }

    /// Asks it to stop and waits at most so long; returns whether it ended by itself.
    pub fn stop(&mut self, patience: Duration) -> bool {
        Command::new("kill").arg("-TERM").arg(self.0.id().to_string()).status().ok();
        let end = Instant::now() + patience;
        while Instant::now() < end {
            if matches!(self.0.try_wait(), Ok(Some(_))) {
                return true;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        false
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if matches!(self.0.try_wait(), Ok(None)) && !self.stop(Duration::from_secs(5)) {
            self.0.kill().ok();
            self.0.wait().ok();
        }
    }
}

fn cpu_of(pid: u32) -> Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name in parentheses may contain blanks; user and system time are the 12th and 13th field after it.
    let fields: Vec<&str> = stat.rsplit_once(')').context("unreadable /proc stat")?.1.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok()).context("unreadable /proc stat");
    Ok((ticks(11)? + ticks(12)?) / TICKS)
}

/// Processor time of the whole machine since it started.
#[derive(Debug, Clone, Copy)]
pub struct Machine {
    busy: f64,
    stolen: f64,
}

impl Machine {
    /// So far; `None` where the system does not tell.
    pub fn now() -> Option<Self> {
        let stat = fs::read_to_string("/proc/stat").ok()?;
        // cpu user nice system idle iowait irq softirq steal ...
        let ticks: Vec<f64> = stat.lines().next()?.split_whitespace().skip(1).map(|field| field.parse().ok()).collect::<Option<_>>()?;
        let [user, nice, system, _, _, irq, softirq, stolen, ..] = ticks[..] else { return None };
        Some(Self { busy: user + nice + system + irq + softirq, stolen })
    }

    /// The part of the time since then in which somebody wanted the processor and the host gave it to others.
    pub fn stolen_since(self, before: Self) -> f64 {
        let (busy, stolen) = (self.busy - before.busy, self.stolen - before.stolen);
        if busy + stolen > 0.0 { stolen / (busy + stolen) } else { 0.0 }
    }
}

/// Bytes of all files below a folder whose name ends so.
pub fn bytes_below(folder: &Path, ending: &str) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    let size = |entry: fs::DirEntry| match entry.metadata() {
        Ok(meta) if meta.is_dir() => bytes_below(&entry.path(), ending),
        Ok(meta) if entry.file_name().to_string_lossy().ends_with(ending) => meta.len(),
        _ => 0,
    };
    entries.flatten().map(size).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_cpu_time_grows_with_work() {
        let before = cpu_of(std::process::id()).unwrap();
        let end = Instant::now() + Duration::from_millis(200);
        let mut sum = 0u64;
        while Instant::now() < end {
            sum = std::hint::black_box(sum.wrapping_mul(31).wrapping_add(1));
        }
        assert!(cpu_of(std::process::id()).unwrap() > before, "{sum}");
    }

    #[test]
    fn what_the_host_took_is_a_part_of_what_was_wanted() {
        let before = Machine { busy: 100.0, stolen: 10.0 };
        assert_eq!(Machine { busy: 160.0, stolen: 30.0 }.stolen_since(before), 0.25);
        assert_eq!(before.stolen_since(before), 0.0);
        assert!(Machine::now().is_some());
    }

    #[test]
    fn files_are_summed_by_ending() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("a")).unwrap();
        fs::write(folder.path().join("a/x.parquet"), [0; 10]).unwrap();
        fs::write(folder.path().join("y.parquet"), [0; 5]).unwrap();
        fs::write(folder.path().join("z.wal"), [0; 7]).unwrap();
        assert_eq!(bytes_below(folder.path(), ".parquet"), 15);
    }
}
