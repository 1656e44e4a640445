//! A log line's way to stderr, on which nobody waits and nothing fails.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Bytes of lines that wait to be written: a burst of some thousand lines. One more is dropped and counted.
const WAITING: usize = 1 << 20;

#[derive(Debug, Default)]
struct State {
    lines: VecDeque<Vec<u8>>,
    bytes: usize,
    dropped: u64,
    /// A line was taken and may not be written yet.
    writing: bool,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

/// Lines on their way. All clones are one queue.
#[derive(Debug, Clone, Default)]
pub(super) struct Lines(Arc<Shared>);

impl Lines {
    /// Queues a line; drops it if too much waits already.
    pub(super) fn push(&self, line: &[u8]) {
        let mut state = self.state();
        if state.bytes + line.len() > WAITING {
            state.dropped += 1;
            return;
        }
        state.bytes += line.len();
        state.lines.push_back(line.to_vec());
        drop(state);
        self.0.changed.notify_all();
    }

    /// Waits until everything is written, at most for `patience`.
    pub(super) fn drain(&self, patience: Duration) {
        let on_their_way = |state: &mut State| state.writing || !state.lines.is_empty();
        drop(self.0.changed.wait_timeout_while(self.state(), patience, on_their_way));
    }

    /// Starts the thread that writes the lines, for as long as the process lives.
    pub(super) fn write_to(&self, mut to: impl Write + Send + 'static) {
        let lines = self.clone();
        let write = move || loop {
            let (line, dropped) = lines.next();
            // What cannot be written is dropped: there is no other place to say so.
            let _ = to.write_all(&line).and_then(|()| to.flush());
            if dropped > 0 {
                tracing::warn!(lines = dropped, "lines are missing in this log: it was not read as fast as it was written");
            }
        };
        // Without the thread the queue fills up and the lines are dropped.
        let _ = std::thread::Builder::new().name("log".into()).spawn(write);
    }

    /// The next line, and how many were dropped since the one before.
    fn next(&self) -> (Vec<u8>, u64) {
        let mut state = self.state();
        state.writing = false;
        self.0.changed.notify_all();
        let mut state = self.0.changed.wait_while(state, |state| state.lines.is_empty()).unwrap_or_else(PoisonError::into_inner);
        let line = state.lines.pop_front().unwrap_or_default();
        state.bytes -= line.len();
        state.writing = true;
        (line, std::mem::take(&mut state.dropped))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Write for Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.push(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{self, Receiver, Sender};

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(30);

    /// Writes nothing until the other end of `stuck` is dropped, then fails or tells what it writes.
    struct Reader {
        stuck: Receiver<()>,
        told: Option<Sender<usize>>,
    }

    impl Write for Reader {
        fn write(&mut self, line: &[u8]) -> io::Result<usize> {
            let _ = self.stuck.recv();
            let Some(told) = &self.told else { return Err(io::ErrorKind::BrokenPipe.into()) };
            told.send(line.len()).unwrap();
            Ok(line.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_log_that_nobody_reads_stops_nobody() {
        let (release, stuck) = mpsc::channel();
        let (told, written) = mpsc::channel();
        let lines = Lines::default();
        lines.write_to(Reader { stuck, told: Some(told) });
        lines.push(b"taken");
        while !lines.state().writing {
            std::thread::yield_now();
        }
        (0..3 * WAITING / 1024).for_each(|_| lines.push(&[b'x'; 1024]));
        lines.drain(Duration::from_millis(10));
        let (bytes, dropped) = {
            let state = lines.state();
            (state.bytes, state.dropped)
        };
        assert!(bytes <= WAITING && dropped > 0, "{bytes} bytes wait, {dropped} lines dropped");
        drop(release);
        lines.drain(PATIENCE);
        assert_eq!(written.try_iter().count(), 1 + WAITING / 1024);
    }

    #[test]
    fn a_log_that_takes_nothing_is_done_with_every_line() {
        let (_, stuck) = mpsc::channel();
        let lines = Lines::default();
        lines.write_to(Reader { stuck, told: None });
        (0..3).for_each(|_| lines.push(b"a line\n"));
        lines.drain(PATIENCE);
        assert_eq!(lines.state().bytes, 0);
    }
}
