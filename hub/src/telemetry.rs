//! Logs: text for a person at a terminal, JSON for a service's journal; always on stderr, because stdout carries the
//! ready line and nothing else.
//!
//! A lesson does not depend on its log: a line goes through a bounded queue to a thread of its own, and what cannot be
//! written (nobody reads, the disk is full) is dropped.

pub mod metrics;
mod queue;

use std::io::IsTerminal;
use std::time::Duration;

use tracing::{Level, Metadata};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use self::queue::Lines;

/// Time for the last lines before the process ends. A reader that takes none of them must not hold up the exit.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// The running log. Dropping it waits, for a second at most, until the last lines are written; keep it until the end.
#[derive(Debug)]
#[must_use = "the last lines are lost without it"]
pub struct Log(Lines);

impl Log {
    /// A sentence for whoever typed the command, as it is, also where the log is JSON.
    pub fn say(&self, sentence: &str) {
        self.0.push(format!("{sentence}\n").as_bytes());
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        self.0.drain(LAST_WORDS);
    }
}

/// What may be logged whatever `RUST_LOG` asks for: the hub's own messages, and of everything else warnings and errors. Others
/// write down what they carry: with `trace` the WebSockets' library logs whole frames, and the first of a phone has its token.
fn is_safe(meta: &Metadata<'_>) -> bool {
    *meta.level() <= Level::WARN || meta.target().starts_with("messwerk")
}

/// Starts logging. `RUST_LOG` selects what is shown, within [`is_safe`]; the default is the hub's own messages from `info`.
pub fn log_to_stderr() -> Log {
    let lines = Lines::default();
    lines.write_to(std::io::stderr());
    let log = Log(lines.clone());
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn,messwerk=info"));
    let terminal = std::io::stderr().is_terminal();
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(move || lines.clone()).with_ansi(terminal);
    // Errors of the log itself would go to stderr with `eprintln!`, which panics where stderr is gone.
    let builder = builder.log_internal_errors(false);
    // A second subscriber in one process (tests) is refused; the first one stays, which is what is wanted.
    let safe = tracing_subscriber::filter::filter_fn(is_safe);
    if terminal {
        builder.with_target(false).finish().with(safe).try_init().ok();
    } else {
        builder.json().finish().with(safe).try_init().ok();
    }
    log
}
