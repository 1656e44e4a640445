//! Sessions: the token in a browser's cookie, how long it counts, and the cookie itself.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue, header};
use messwerk_lessons::Micros;
use messwerk_store::{Catalogue, Error};

use super::Accounts;
use crate::address::Address;
use crate::mint;

/// A session ends this long after the password, whatever happens: a school day.
pub(crate) const LONGEST: Micros = 8 * 3_600_000_000;
/// And this long after its last request: a lesson.
pub(crate) const IDLE: Micros = 45 * 60_000_000;
/// How exactly "last request" is kept; each note is a write to the disk.
const NOTED: Micros = 60_000_000;

/// Under TLS and on the hub's own machine. Browsers take a name that begins so only with Secure, for the whole site and for no other.
const HOST_COOKIE: &str = "__Host-messwerk";
/// Over plain HTTP, where browsers refuse the other.
const PLAIN_COOKIE: &str = "messwerk";

/// A session just opened.
#[derive(Debug)]
pub struct Login {
    token: String,
}

impl Login {
    pub(super) fn new(token: String) -> Self {
        Self { token }
    }

    /// The cookie that carries it. `plain`: the browser has refused the other one on the hub's own machine, as Safari does.
    pub(crate) fn cookie(&self, address: &Address, plain: bool) -> HeaderValue {
        let host = address.secure() || (address.local() && !plain);
        cookie(if host { HOST_COOKIE } else { PLAIN_COOKIE }, &self.token, "")
    }
}

/// A cookie for this site's requests alone, out of reach of scripts. Without an age: it goes when the browser is closed.
fn cookie(name: &str, value: &str, more: &str) -> HeaderValue {
    let secure = if name == HOST_COOKIE { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict{secure}{more}");
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(""))
}

/// The cookies that take a session out of a browser.
pub(crate) fn cleared() -> [HeaderValue; 2] {
    [HOST_COOKIE, PLAIN_COOKIE].map(|name| cookie(name, "", "; Max-Age=0"))
}

/// The session token that a request's cookies carry, if they carry one that counts under this address.
///
/// Over TLS only the `__Host-` cookie counts: the other one could have been set by a neighbouring site or over plain HTTP.
pub(crate) fn presented<'a>(headers: &'a HeaderMap, address: &Address) -> Option<&'a str> {
    let find = |wanted: &str| {
        let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
        let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.filter(|(name, value)| *name == wanted && mint::is_token(value)).map(|(_, value)| value).next()
    };
    let host = find(HOST_COOKIE).filter(|_| address.trusted());
    host.or_else(|| if address.secure() { None } else { find(PLAIN_COOKIE) })
}

/// Stores a new session, and forgets those that are over.
pub(super) fn open(catalogue: &Catalogue, token: &str, now: Micros) -> Result<(), Error> {
    catalogue.forget_sessions(now, now - IDLE)?;
    catalogue.add_session(token, now, now + LONGEST)
}

impl Accounts {
    /// Whether a session counts now. Asked of the catalogue every time: another request may have ended it.
    pub fn holds(&self, token: &str) -> Result<bool, Error> {
        let now = self.clock.now();
        let session = self.store.catalogue().session(token)?;
        Ok(session.is_some_and(|session| now < session.expires && now.saturating_sub(session.seen) < IDLE))
    }

    /// The same for a request, which keeps the session from being idle.
    pub fn used(&self, token: &str) -> Result<bool, Error> {
        let now = self.clock.now();
        let Some(session) = self.store.catalogue().session(token)? else { return Ok(false) };
        if now >= session.expires || now.saturating_sub(session.seen) >= IDLE {
            return Ok(false);
        }
        if now.saturating_sub(session.seen) >= NOTED {
            let (store, token) = (Arc::clone(&self.store), token.to_owned());
            // The request does not wait for the disk; if this fails, the next one notes it.
            tokio::task::spawn_blocking(move || {
                if let Err(error) = store.catalogue().see_session(&token, now) {
                    tracing::debug!(%error, "a session's use was not noted");
                }
            });
        }
        Ok(true)
    }

    /// Ends one session, or all of them. What was no session any more ends nothing and is not in the log: anybody can send it.
    pub fn log_out(&self, token: Option<&str>, everywhere: bool) -> Result<(), Error> {
        let catalogue = self.store.catalogue();
        if everywhere {
            catalogue.end_sessions()?;
        } else if let Some(token) = token
            && catalogue.session(token)?.is_some()
        {
            catalogue.end_session(token)?;
        } else {
            return Ok(());
        }
        super::note(catalogue, self.clock.now(), "logout", if everywhere { "everywhere" } else { "" });
        Ok(())
    }
}
