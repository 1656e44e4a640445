//! Logs: text for a person at a terminal, JSON for a service's journal; always on stderr, because stdout carries the
//! ready line and nothing else.

pub mod metrics;

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

/// Starts logging. `RUST_LOG` selects what is shown; the default is the hub's own messages from `info`.
pub fn log_to_stderr() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn,messwerk=info"));
    let terminal = std::io::stderr().is_terminal();
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(terminal);
    // A second subscriber in one process (tests) is refused; the first one stays, which is what is wanted.
    let _ = if terminal { log.with_target(false).try_init() } else { log.json().try_init() };
}
