//! One address is loaded: as long as it has something new, resumed where it broke off, within a bound.

use std::cell::RefCell;
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::robots::{Asker, Rules};
use crate::release::fetch::{self, Asking, FetchError, Reply};

/// How long one answer may take on a slow line: 35 MB at one megabit a second.
const PATIENCE: Duration = Duration::from_secs(300);
/// How often one download is begun or gone on with in one look.
pub(super) const TRIES: u32 = 4;
/// Between two of them; longer each time.
pub(super) const PAUSE: Duration = Duration::from_millis(500);

/// What was there before, by which a service knows that it is there still.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Seen {
    /// `ETag`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// `Last-Modified`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified: Option<String>,
}

/// A download that broke off.
#[derive(Debug)]
pub struct Partial {
    file: File,
    bytes: u64,
    seen: Seen,
}

impl Partial {
    /// Nothing yet.
    pub(super) fn empty() -> std::io::Result<Self> {
        Ok(Self { file: tempfile::tempfile()?, bytes: 0, seen: Seen::default() })
    }
}

/// What came.
#[derive(Debug)]
pub enum Loaded {
    /// What we had is the newest.
    NotModified,
    /// Something else: its bytes, how many, and what to ask with next time.
    New(File, u64, Seen),
}

/// Why nothing came.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The fetching.
    #[error("{0}")]
    Fetch(#[from] FetchError),
    /// Somewhere in the middle.
    #[error("it broke off after {bytes} bytes ({error}); the next look goes on with it, if the service can")]
    BrokeOff {
        /// So many are here.
        bytes: u64,
        /// How.
        error: std::io::Error,
    },
    /// Not now.
    #[error("the service asks us to come later (it answers {status})")]
    Later {
        /// 429 or 503.
        status: u16,
        /// When, if it says so.
        wait: Option<Duration>,
    },
    /// Its rules forbid it.
    #[error("the robots.txt of {host} does not allow programs to ask for {path}; ask the service for leave, or hand its files in on /w")]
    Robots {
        /// Whose rules.
        host: String,
        /// What may not be asked.
        path: String,
        /// When the rules are looked at again.
        again: Duration,
    },
    /// Its rules are not to be had.
    #[error("the robots.txt of {host} cannot be read ({why}), and without it nothing is asked; the hub tries it again")]
    NoRules {
        /// Whose rules.
        host: String,
        /// Why not.
        why: String,
        /// What it answered, where it did.
        status: Option<u16>,
        /// When they may be asked for again, if the service says so.
        wait: Option<Duration>,
    },
    /// Here.
    #[error("the file cannot be kept while it is read ({0}): is the system's temporary folder full?")]
    Disk(std::io::Error),
}

/// How all of a hub's questions are put.
#[derive(Debug, Clone, Copy)]
pub struct Manner<'a> {
    /// Who asks, as `User-Agent`.
    pub caller: &'a str,
    /// The proxy that is set; without one the environment's.
    pub proxy: Option<&'a str>,
    /// What services want of programs.
    pub rules: &'a Rules,
}

/// Loads `url`, which is of the origin `named`, if its host's rules allow it and unless it is `seen` still. What broke off before is gone on
/// with if it is the same still. Only a connection that fails is tried again within a look, never an answer, whatever its status. Blocks.
pub fn load(
    (named, url): (&str, &str),
    seen: &Seen,
    most: u64,
    before: &mut Option<Partial>,
    manner: Manner<'_>,
    stop: &CancellationToken,
) -> Result<Loaded, LoadError> {
    let asker = Asker { named, caller: manner.caller, proxy: manner.proxy };
    let refused = RefCell::new(None);
    let may = |uri: &_| manner.rules.follow(uri, asker, stop, &refused);
    let mut trouble = None;
    for attempt in 0..TRIES {
        if attempt > 0 {
            std::thread::sleep(PAUSE * attempt);
        }
        if stop.is_cancelled() {
            break;
        }
        // Each attempt is a question, with the pause that the service wants.
        manner.rules.may(url, asker, stop)?;
        // Only with a name for what it is may the rest be put behind it.
        let rest = before.take().filter(|partial| partial.bytes > 0 && (partial.seen.etag.is_some() || partial.seen.modified.is_some()));
        let same =
            rest.as_ref().and_then(|partial| Some((partial.bytes, partial.seen.etag.as_deref().or(partial.seen.modified.as_deref())?)));
        let asking = Asking {
            etag: seen.etag.as_deref().filter(|_| same.is_none()),
            modified: seen.modified.as_deref().filter(|_| same.is_none()),
            from: same,
            caller: manner.caller,
            proxy: manner.proxy,
            patience: PATIENCE,
            may: Some(&may),
            ..Asking::default()
        };
        let body = match fetch::open(named, url, &asking) {
            Ok(Reply::NotModified) => return Ok(Loaded::NotModified),
            Ok(Reply::Later(status, wait)) => {
                *before = rest;
                return Err(LoadError::Later { status, wait });
            }
            Ok(Reply::Body(body)) => body,
            // What the service has is shorter than what we have: another file.
            Err(FetchError::Status(416)) if rest.is_some() => continue,
            Err(error @ FetchError::Unreachable(_)) => {
                *before = rest;
                trouble = Some(error.into());
                continue;
            }
            Err(error @ FetchError::Forbidden(_)) => return Err(refused.take().unwrap_or_else(|| error.into())),
            Err(error) => return Err(error.into()),
        };
        if body.whole.is_some_and(|whole| whole > most) {
            return Err(FetchError::TooLarge(most / 1024).into());
        }
        let mut got = match rest.filter(|partial| body.begins == partial.bytes && body.begins > 0) {
            Some(partial) => partial,
            None => Partial::empty().map_err(LoadError::Disk)?,
        };
        if got.bytes == 0 {
            got.seen = Seen { etag: body.etag.clone(), modified: body.modified.clone() };
        }
        match copy(body.reader, &mut got, most)? {
            Copied::All => {
                got.file.seek(SeekFrom::Start(0)).map_err(LoadError::Disk)?;
                return Ok(Loaded::New(got.file, got.bytes, got.seen));
            }
            Copied::TooMuch => return Err(FetchError::TooLarge(most / 1024).into()),
            Copied::BrokeOff(error) => {
                trouble = Some(LoadError::BrokeOff { bytes: got.bytes, error });
                *before = Some(got);
            }
        }
    }
    Err(trouble.unwrap_or_else(|| FetchError::Unreachable("the hub stops".to_owned()).into()))
}

/// How a copy ended.
enum Copied {
    All,
    TooMuch,
    BrokeOff(std::io::Error),
}

fn copy(mut reader: impl std::io::Read, got: &mut Partial, most: u64) -> Result<Copied, LoadError> {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = match reader.read(&mut buffer) {
            Ok(0) => return Ok(Copied::All),
            Ok(read) => read,
            Err(error) => return Ok(Copied::BrokeOff(error)),
        };
        got.bytes += read as u64;
        if got.bytes > most {
            return Ok(Copied::TooMuch);
        }
        got.file.write_all(buffer.get(..read).unwrap_or_default()).map_err(LoadError::Disk)?;
    }
}

/// A small file as bytes.
pub fn bytes(mut file: File) -> Result<Vec<u8>, LoadError> {
    let mut all = vec![];
    file.read_to_end(&mut all).map_err(LoadError::Disk)?;
    Ok(all)
}
