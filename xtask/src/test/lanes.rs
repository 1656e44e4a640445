//! Programs that mostly wait for a hub or a browser, a few side by side.
//!
//! Each has a hub, ports and folders of its own. What one says is shown in one piece when it has ended, so that two never speak
//! at once.

use std::process::Command;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use anyhow::Result;

use crate::process;
use crate::stage::Stage;
use crate::tally::Tally;

/// The longest takes five minutes on a quiet machine. What takes three times that hangs, and must not take everything along.
const LIMIT: Duration = Duration::from_secs(15 * 60);

/// A program with a test runner's closing line.
pub(super) struct Job {
    pub(super) title: String,
    pub(super) command: Command,
}

/// How a job went.
pub(super) struct Outcome {
    pub(super) title: String,
    pub(super) tally: Tally,
    pub(super) result: Result<()>,
}

/// Runs all of them, [`crate::process::side_by_side`] at a time, in the order of the list: long ones first fill the lanes best.
pub(super) fn run(jobs: Vec<Job>) -> Vec<Outcome> {
    let waiting = Mutex::new(jobs.into_iter());
    let done = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..process::side_by_side() {
            scope.spawn(|| {
                loop {
                    // The guard goes at the end of this line: a lane that works holds no lock.
                    let next = waiting.lock().ok().and_then(|mut jobs| jobs.next());
                    let Some(job) = next else { return };
                    let outcome = one(job, &done);
                    if let Ok(mut done) = done.lock() {
                        done.push(outcome);
                    }
                }
            });
        }
    });
    done.into_inner().unwrap_or_default()
}

/// Runs one job, then shows what it said; `screen` keeps others from speaking meanwhile.
fn one<T>(mut job: Job, screen: &Mutex<T>) -> Outcome {
    let shown = process::shown(&job.command);
    println!("   … {} begins", job.title);
    let stage = Stage::silent(&job.title);
    let mut tally = Tally::default();
    let mut lines = Vec::new();
    let result = super::judged(&shown, &mut tally, |tally| {
        process::run_seen_within(&mut job.command, LIMIT, |line| {
            tally.read(line);
            lines.push(line.to_owned());
        })
    });
    let _screen = screen.lock();
    println!("\n== {}\n   $ {shown}", job.title);
    lines.iter().for_each(|line| println!("{line}"));
    stage.end(&tally.to_string());
    Outcome { title: job.title, tally, result }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(title: &str, script: &str) -> Job {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        Job { title: title.to_owned(), command }
    }

    #[test]
    fn every_job_runs_once_and_is_judged_alone() {
        let jobs = vec![
            job("good", "echo '3 passed, 0 failed'"),
            job("bad", "echo '1 passed, 2 failed'; exit 1"),
            job("mute", "exit 1"),
            job("none", "exit 0"),
            Job { title: "missing".to_owned(), command: Command::new("/no/such/program-of-ours") },
        ];
        let mut outcomes: Vec<_> = run(jobs).into_iter().map(|o| (o.title, o.tally.passed, o.tally.failed, o.result.is_ok())).collect();
        outcomes.sort();
        let expected = [("bad", 1, 2, true), ("good", 3, 0, true), ("missing", 0, 0, false), ("mute", 0, 0, false), ("none", 0, 0, true)];
        assert_eq!(outcomes, expected.map(|(title, passed, failed, ok)| (title.to_owned(), passed, failed, ok)));
    }

    #[test]
    fn two_run_at_once() {
        // Each waits until the other has begun.
        let folder = tempfile::tempdir().unwrap();
        let meet = |own: &str, other: &str| {
            let place = folder.path().display();
            format!("touch {place}/{own}; until test -e {place}/{other}; do sleep 0.01; done; echo '1 passed, 0 failed'")
        };
        let outcomes = run(vec![job("a", &meet("a", "b")), job("b", &meet("b", "a"))]);
        assert_eq!(outcomes.iter().map(|outcome| outcome.tally.passed).sum::<u64>(), 2);
    }
}
