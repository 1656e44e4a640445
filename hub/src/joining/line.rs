//! Lines of those who wait for their turn: one for each address, served at a bounded pace.
//!
//! Who has come last and who has waited longest are served by turns, so that somebody who asks once gets through soon while a
//! pile is waiting, and nobody waits for ever. Whoever goes away leaves the line and costs nothing; who has waited too long, or is
//! the longest in a full line, is sent away. So nobody is kept out altogether: with more askers than there are turns each gets his
//! share of them.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::guessing::network_of;

/// How long somebody waits for a turn before he is sent away: as long as the longest answer to a wrong code.
const PATIENCE: Duration = Duration::from_secs(8);
/// Waiting of one address: as many codes as are looked at in that time, so that nobody of a pile up to here is sent away. Beyond it
/// the one that has waited longest is.
const LONGEST: usize = 400;

/// The lines of one kind.
#[derive(Debug)]
pub(super) struct Lines {
    /// Time from one turn to the next.
    pace: Duration,
    of: Mutex<HashMap<IpAddr, Line>>,
}

#[derive(Debug, Default)]
struct Line {
    /// Who has come last is at the end.
    waiting: VecDeque<oneshot::Sender<()>>,
    /// Whether the next turn is the newest one's.
    oldest: bool,
}

impl Line {
    /// Gives the next turn to somebody who is still there; false if nobody is.
    fn serve(&mut self) -> bool {
        loop {
            let next = if self.oldest { self.waiting.pop_front() } else { self.waiting.pop_back() };
            let Some(next) = next else { return false };
            if next.send(()).is_ok() {
                self.oldest = !self.oldest;
                return true;
            }
        }
    }
}

impl Lines {
    pub(super) fn new(pace: Duration) -> Arc<Self> {
        Arc::new(Self { pace, of: Mutex::default() })
    }

    /// Waits for a turn; false if there was none in time.
    pub(super) async fn turn(self: &Arc<Self>, from: IpAddr) -> bool {
        let turn = self.enter(network_of(from));
        matches!(timeout(PATIENCE, turn).await, Ok(Ok(())))
    }

    fn enter(self: &Arc<Self>, address: IpAddr) -> oneshot::Receiver<()> {
        let (sender, turn) = oneshot::channel();
        let mut lines = self.lines();
        let begins = !lines.contains_key(&address);
        let line = lines.entry(address).or_default();
        if line.waiting.len() >= LONGEST {
            line.waiting.retain(|waiting| !waiting.is_closed());
            if line.waiting.len() >= LONGEST {
                line.waiting.pop_front();
            }
        }
        line.waiting.push_back(sender);
        drop(lines);
        if begins {
            let all = Arc::clone(self);
            tokio::spawn(async move {
                loop {
                    // Before each turn, the first too: a line that ended and begins again is no faster.
                    tokio::time::sleep(all.pace).await;
                    let mut lines = all.lines();
                    if !lines.get_mut(&address).is_some_and(Line::serve) {
                        lines.remove(&address);
                        return;
                    }
                }
            });
        }
        turn
    }

    fn lines(&self) -> MutexGuard<'_, HashMap<IpAddr, Line>> {
        self.of.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;

    const PACE: Duration = Duration::from_millis(50);
    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));

    #[tokio::test(start_paused = true)]
    async fn turns_come_at_their_pace_and_the_newest_is_soon_served() {
        let lines = Lines::new(PACE);
        let begun = Instant::now();
        let crowd = futures::future::join_all((0..200).map(|_| lines.turn(HERE)));
        let one = async {
            tokio::time::sleep(PACE * 10 + PACE / 2).await;
            let come = Instant::now();
            assert!(lines.turn(HERE).await);
            come.elapsed()
        };
        let (crowd, waited) = tokio::join!(crowd, one);
        assert!(waited <= PACE * 2, "{waited:?}");
        let served = crowd.iter().filter(|served| **served).count();
        // 8 s are 160 turns, of which the one had one; the others were sent away when they had waited that long.
        assert!((157..=160).contains(&served), "{served}");
        assert!(begun.elapsed() < PATIENCE + PACE, "{:?}", begun.elapsed());
        tokio::time::sleep(PACE * 2).await;
        assert!(lines.lines().is_empty(), "a line that is served is forgotten");
    }

    #[tokio::test(start_paused = true)]
    async fn a_line_is_bounded_and_who_goes_away_takes_no_turn() {
        let lines = Lines::new(PACE);
        let gone: Vec<_> = (0..LONGEST).map(|_| lines.enter(HERE)).collect();
        drop(gone);
        let mut there: Vec<_> = (0..LONGEST + 1).map(|_| lines.enter(HERE)).collect();
        assert_eq!(lines.lines()[&HERE].waiting.len(), LONGEST);
        assert!(there.remove(0).await.is_err(), "who has waited longest makes room");
        let other = IpAddr::from([192, 0, 2, 2]);
        let begun = Instant::now();
        assert!(lines.turn(other).await && begun.elapsed() < PACE * 2, "another address has its own");
        assert!(there.pop().is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_longest_is_served_too() {
        let lines = Lines::new(PACE);
        let first = lines.enter(HERE);
        // Whoever is served comes again at once, for ever.
        let crowd = async {
            let again = async || {
                loop {
                    lines.turn(HERE).await;
                }
            };
            futures::future::join_all((0..20).map(|_| again())).await;
        };
        tokio::select! {
            _ = crowd => {}
            served = timeout(PACE * 4, first) => assert!(matches!(served, Ok(Ok(()))), "{served:?}"),
        }
    }
}
