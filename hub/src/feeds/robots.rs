//! What a service wants of programs: its `robots.txt`, by RFC 9309. Nothing of a host is asked before its rules are known.
//!
//! Rules are kept a day at most (RFC 9309, 2.4) and in memory only. Where the service has none (4xx) everything may be asked (2.3.1.3);
//! where it cannot be known (5xx, no connection) nothing may (2.3.1.4), and the rules are asked for again after a wait that doubles. 429
//! and 503 say when. `Crawl-delay` is no part of the RFC, but services write it, and it is heeded.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io::Read as _;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use texting_robots::Robot;
use tokio_util::sync::CancellationToken;
use ureq::http::Uri;

use super::load::{LoadError, PAUSE, TRIES};
use crate::release::config::address;
use crate::release::fetch::{self, Asking, FetchError, Reply};

/// What the hub is called in a service's rules, and how its `User-Agent` begins (RFC 9309, 2.2.1).
pub const TOKEN: &str = "Messwerk";
/// Bytes that are read of rules, which is what RFC 9309, 2.5, wants at least.
const MOST: usize = 500 * 1024;
/// How long rules hold.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);
/// How often a host may send us on until its rules count as none (RFC 9309, 2.3.1.2).
const HOPS: usize = 5;
/// How long rules may take to come.
const PATIENCE: Duration = Duration::from_secs(30);
/// After so long rules that could not be had are asked for again; then twice as long each time, up to [`KEPT`].
const AGAIN: Duration = Duration::from_secs(5 * 60);
/// The longest pause between two questions of one look. What a service wants beyond it lengthens the time between looks.
const LONGEST: Duration = Duration::from_secs(30);
/// Patterns with an end (`$`) that are read: each is compiled into some 10 KiB, and half a megabyte of them would take 400 MB.
const ENDS: usize = 1_000;
/// Hosts that are remembered: the feeds' at most hundred, and to whom they send on.
const HOSTS: usize = 128;

/// The rules of all hosts. Feeds are asked one at a time, so no host is asked twice at once.
#[derive(Debug, Default)]
pub struct Rules {
    hosts: Mutex<HashMap<String, Known>>,
}

/// What is known of a host.
#[derive(Debug)]
struct Known {
    since: Instant,
    what: What,
    /// When one of its addresses was asked last.
    asked: Option<Instant>,
}

#[derive(Debug)]
enum What {
    /// It has rules.
    Rules(Robot),
    /// It has none: everything may be asked.
    None,
    /// Nobody knows: nothing may be asked.
    Unknown {
        why: String,
        /// What the host answered, where it did.
        status: Option<u16>,
        /// Until they are asked for again.
        wait: Duration,
        /// Whether the service named it.
        named: bool,
        /// How often in a row they could not be had.
        failures: u32,
    },
}

/// Who asks for what.
#[derive(Debug, Clone, Copy)]
pub struct Asker<'a> {
    /// The address that the operator wrote.
    pub named: &'a str,
    /// `User-Agent`.
    pub caller: &'a str,
    /// The proxy that is set.
    pub proxy: Option<&'a str>,
}

/// The origin of an address, by which rules are kept.
fn origin(uri: &Uri) -> String {
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    format!("{}://{authority}", uri.scheme_str().unwrap_or("https")).to_lowercase()
}

impl Rules {
    fn hosts(&self) -> MutexGuard<'_, HashMap<String, Known>> {
        self.hosts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says whether `url` may be asked, and waits for its turn where the service wants pauses. Asks for the rules if they are not known or
    /// too old. Blocks.
    ///
    /// # Errors
    /// [`LoadError::Robots`] if it may not be asked, [`LoadError::NoRules`] if nobody knows.
    pub fn may(&self, url: &str, asker: Asker<'_>, stop: &CancellationToken) -> Result<(), LoadError> {
        let uri = address(url).map_err(FetchError::Address)?;
        self.may_ask(&uri, asker, stop)
    }

    fn may_ask(&self, uri: &Uri, asker: Asker<'_>, stop: &CancellationToken) -> Result<(), LoadError> {
        let host = origin(uri);
        let (fresh, failures) = match self.hosts().get(&host) {
            Some(Known { what: What::Unknown { wait, failures, .. }, since, .. }) => (since.elapsed() < *wait, *failures),
            Some(Known { since, .. }) => (since.elapsed() < KEPT, 0),
            None => (false, 0),
        };
        if !fresh {
            let what = self.asked(&host, failures, asker, stop);
            let mut hosts = self.hosts();
            if hosts.len() >= HOSTS && !hosts.contains_key(&host) {
                let oldest = hosts.iter().min_by_key(|(_, known)| known.since).map(|(host, _)| host.clone());
                oldest.and_then(|oldest| hosts.remove(&oldest));
            }
            let asked = hosts.get(&host).and_then(|known| known.asked);
            hosts.insert(host.clone(), Known { since: Instant::now(), what, asked });
        }
        let pause = self.judged(&host, uri)?;
        let turn = self
            .hosts()
            .get(&host)
            .and_then(|known| known.asked)
            .map_or(Duration::ZERO, |asked| pause.min(LONGEST).saturating_sub(asked.elapsed()));
        waited(turn, stop);
        if let Some(known) = self.hosts().get_mut(&host) {
            known.asked = Some(Instant::now());
        }
        Ok(())
    }

    /// The pause that the host of `url` wants between two questions, as far as its rules are known.
    pub fn pause(&self, url: &str) -> Duration {
        let Ok(uri) = address(url) else { return Duration::ZERO };
        match self.hosts().get(&origin(&uri)) {
            Some(Known { what: What::Rules(robot), .. }) => wanted(robot),
            _ => Duration::ZERO,
        }
    }

    /// Whether what is known of a host lets an address be asked, and with which pause.
    fn judged(&self, host: &str, uri: &Uri) -> Result<Duration, LoadError> {
        let hosts = self.hosts();
        let Some(Known { since, what, .. }) = hosts.get(host) else { return Ok(Duration::ZERO) };
        let name = uri.host().unwrap_or_default().to_owned();
        match what {
            What::None => Ok(Duration::ZERO),
            What::Rules(robot) => {
                let path = uri.path_and_query().map_or("/", |path| path.as_str());
                if robot.allowed(path) {
                    return Ok(wanted(robot));
                }
                // What stands behind the question mark may be a key of theirs.
                let (path, again) = (uri.path().chars().take(200).collect(), KEPT.saturating_sub(since.elapsed()));
                Err(LoadError::Robots { host: name, path, again })
            }
            What::Unknown { why, status, wait, named, .. } => {
                let wait = named.then(|| wait.saturating_sub(since.elapsed()));
                Err(LoadError::NoRules { host: name, why: why.clone(), status: *status, wait })
            }
        }
    }

    /// Asks a host for its rules.
    fn asked(&self, host: &str, failures: u32, asker: Asker<'_>, stop: &CancellationToken) -> What {
        // Where rules are is no question of rules: RFC 9309, 2.2.2, allows it always.
        let asking = Asking { caller: asker.caller, proxy: asker.proxy, patience: PATIENCE, hops: HOPS, ..Asking::default() };
        let unknown = |why: String, status: Option<u16>, named: Option<Duration>| {
            let wait = named.unwrap_or(AGAIN.saturating_mul(1 << failures.min(10))).min(KEPT);
            What::Unknown { why, status, wait, named: named.is_some(), failures: failures.saturating_add(1) }
        };
        let answers = |status: u16, named| unknown(format!("it answers {status}"), Some(status), named);
        let mut trouble = "the hub stops".to_owned();
        for attempt in 0..TRIES {
            waited(PAUSE.saturating_mul(attempt), stop);
            if stop.is_cancelled() {
                break;
            }
            match fetch::open(asker.named, &format!("{host}/robots.txt"), &asking) {
                Ok(Reply::Body(body)) => {
                    let mut text = Vec::new();
                    match body.reader.take(MOST as u64).read_to_end(&mut text) {
                        Ok(_) => return read(text).unwrap_or_else(|why| unknown(why.to_owned(), None, None)),
                        Err(error) => trouble = FetchError::Unreachable(error.to_string()).to_string(),
                    }
                }
                Ok(Reply::Later(status, wait)) => return answers(status, wait),
                Ok(Reply::NotModified) => return answers(304, None),
                Err(FetchError::Hops | FetchError::Status(200..300 | 400..500)) => return What::None,
                Err(FetchError::Status(status)) => return answers(status, None),
                Err(error @ FetchError::Unreachable(_)) => trouble = error.to_string(),
                Err(error) => return unknown(error.to_string(), None, None),
            }
        }
        unknown(trouble, None, None)
    }

    /// Forgets what forbids a host, so that it is asked for again: somebody says that it has changed.
    pub fn look_again(&self, url: &str) {
        if let Ok(uri) = address(url) {
            self.hosts().remove(&origin(&uri));
        }
    }

    /// The same question for an address that a service sends us on to; why it may not be asked is left in `refused`.
    pub(super) fn follow(&self, uri: &Uri, asker: Asker<'_>, stop: &CancellationToken, refused: &RefCell<Option<LoadError>>) -> bool {
        match self.may_ask(uri, asker, stop) {
            Ok(()) => true,
            Err(error) => {
                refused.replace(Some(error));
                false
            }
        }
    }
}

/// The pause that rules want, a day at most.
fn wanted(robot: &Robot) -> Duration {
    robot.delay.map_or(Duration::ZERO, |delay| Duration::from_secs_f32(delay.clamp(0.0, KEPT.as_secs_f32())))
}

/// Reads rules. A line that was cut off at the bound does not count: half a path forbids more than the whole.
fn read(mut text: Vec<u8>) -> Result<What, &'static str> {
    if text.len() >= MOST {
        text.truncate(text.iter().rposition(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(0));
    }
    if text.iter().filter(|byte| **byte == b'$').count() > ENDS {
        return Err("it has too many patterns to be read");
    }
    Robot::new(TOKEN, &text).map(What::Rules).map_err(|_| "it has a pattern too long to be read")
}

/// Waits, unless the hub stops.
fn waited(time: Duration, stop: &CancellationToken) {
    let end = Instant::now() + time;
    while !stop.is_cancelled() {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return;
        }
        std::thread::sleep(left.min(Duration::from_millis(100)));
    }
}

#[cfg(test)]
mod tests;
