//! The teacher's account: one password for the hub, set once with a secret that the start prints, and the sessions it opens.
//!
//! A password is kept as argon2id, a session as the hash of its token; neither can be read back. Each hash takes 19 MiB and
//! some 30 ms, so two are computed at a time and a bounded number wait: a storm of logins costs that and no more. Wrong
//! passwords are counted by address (`guessing`): the right one passes at once while it is looked at.

mod password;
mod session;

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use self::password::{Hasher, check};
pub use self::session::Login;
pub(crate) use self::session::{IDLE, LONGEST, cleared, presented};
use crate::api::problem::Problem;
use crate::guessing::{Allowance, Guesses, Rules, network_of};
use crate::mint;
use messwerk_lessons::Micros;
use messwerk_store::catalogue::LogEntry;
use messwerk_store::{Clock, Store};

/// Wrong passwords. A person tries five they have used elsewhere. Then two a minute are answered at once, and each further
/// answer waits, up to 8 s. 32 of an address wait at most, so 4 passwords a second are looked at: 10,800 in a lesson of
/// 45 minutes, a chance of 1 in 10^11 against four random words and a certainty against the name of the school.
const PASSWORDS: Rules =
    Rules { of_an_address: Allowance { most: 5.0, per_minute: 2.0 }, of_all: Allowance { most: 20.0, per_minute: 10.0 }, waiting: 32 };

/// A secret that resets a password is good for this long. The one of the first start is good until it is used or the hub stops.
const RESET: Micros = 3_600_000_000;

/// The one account of a hub. Cheap to share.
pub struct Accounts {
    store: Arc<Store>,
    clock: Arc<dyn Clock>,
    hasher: Hasher,
    tries: Mutex<Tries>,
}

#[derive(Debug)]
struct Tries {
    wrong: Guesses,
    /// Passwords that are being looked at, by the address they came from.
    looking: HashMap<IpAddr, usize>,
}

/// What became of a password.
#[derive(Debug)]
enum Tried {
    Right,
    Wrong(Duration),
}

impl Accounts {
    /// The account in a store's catalogue.
    pub fn new(store: Arc<Store>, clock: Arc<dyn Clock>) -> Self {
        let tries = Tries { wrong: Guesses::new(PASSWORDS), looking: HashMap::new() };
        Self { store, clock, hasher: Hasher::default(), tries: Mutex::new(tries) }
    }

    /// Whether nobody has set a password yet.
    pub fn setup_needed(&self) -> Result<bool, Problem> {
        Ok(self.store.catalogue().password()?.is_none())
    }

    /// A new secret that sets the first password; `None` if there is one. Waits for the disk.
    pub fn first_secret(&self) -> Result<Option<String>, messwerk_store::Error> {
        let catalogue = self.store.catalogue();
        if catalogue.password()?.is_some() {
            return Ok(None);
        }
        let secret = mint::token();
        catalogue.add_setup(&secret, self.clock.now())?;
        Ok(Some(secret))
    }

    /// Sets the password with a one-time secret and opens a session; on return both are on disk, all sessions of before
    /// have ended, and the secret is used up.
    pub async fn set_up(&self, secret: &str, password: &str) -> Result<Login, Problem> {
        check(password)?;
        let unknown = || {
            let detail = "This link was used already, or is too old. `messwerk password reset --data-dir DIR`, or a restart of a hub \
                that has no password yet, prints a new one.";
            Problem::forbidden(detail).coded("old_secret")
        };
        let catalogue = self.store.catalogue();
        // Before anything is computed: whoever does not know the secret costs nothing.
        let made = if mint::is_token(secret) { catalogue.setup_made(secret)? } else { None };
        let first = self.setup_needed()?;
        let now = self.clock.now();
        if !made.is_some_and(|made| first || now.saturating_sub(made) < RESET) {
            return Err(unknown());
        }
        let hash = self.hasher.hash(password).await?;
        let (store, secret) = (Arc::clone(&self.store), secret.to_owned());
        let token = mint::token();
        let login = Login::new(token.clone());
        crate::api::blocking(move || {
            let catalogue = store.catalogue();
            if !catalogue.use_setup(&secret)? {
                return Err(unknown());
            }
            catalogue.set_password(&hash, now)?;
            catalogue.end_sessions()?;
            session::open(catalogue, &token, now)?;
            note(catalogue, now, "password.set", if first { "first" } else { "reset" });
            Ok(())
        })
        .await?;
        Ok(login)
    }

    /// Opens a session with the password; on return it is on disk. A wrong one is told when its time has come: `hold` waits.
    pub async fn log_in<F: Future<Output = ()>>(
        &self,
        from: IpAddr,
        password: &str,
        hold: impl FnOnce(Duration) -> F,
    ) -> Result<Login, Problem> {
        let Some(hash) = self.store.catalogue().password()? else {
            let detail = "No password is set yet. Open the address that the hub printed when it was started.";
            return Err(Problem::conflict(detail).coded("setup_needed"));
        };
        match self.try_password(from, password, hash).await? {
            Tried::Right => {}
            Tried::Wrong(wait) => {
                hold(wait).await;
                let detail = "This is not the password. `messwerk password reset --data-dir DIR` on the hub's machine sets a new one.";
                // Not 401: nobody's login has ended, and no browser shall ask for another one.
                return Err(Problem::forbidden(detail).coded("wrong_password"));
            }
        }
        let (store, now, token) = (Arc::clone(&self.store), self.clock.now(), mint::token());
        let login = Login::new(token.clone());
        crate::api::blocking(move || {
            let catalogue = store.catalogue();
            session::open(catalogue, &token, now)?;
            note(catalogue, now, "login", "");
            Ok(())
        })
        .await?;
        Ok(login)
    }

    async fn try_password(&self, from: IpAddr, password: &str, hash: String) -> Result<Tried, Problem> {
        let looking = self.look(from)?;
        // A password that nobody can have costs no hash, but is counted all the same.
        let right = password.len() <= password::LONGEST && self.hasher.verify(password, hash).await?;
        drop(looking);
        if right {
            return Ok(Tried::Right);
        }
        let now = self.clock.now();
        let (wait, loud) = {
            let mut tries = self.tries();
            let wait = tries.wrong.wrong(from, now);
            (wait, !wait.is_zero() && tries.wrong.guessing(now))
        };
        if loud {
            tracing::warn!(
                "somebody is guessing the teacher's password: wrong ones come faster than a person mistypes, their answers wait"
            );
            let store = Arc::clone(&self.store);
            tokio::task::spawn_blocking(move || note(store.catalogue(), now, "login.guessing", ""));
        }
        Ok(Tried::Wrong(wait))
    }

    /// A place to have a password looked at, until it is dropped.
    fn look(&self, from: IpAddr) -> Result<Looking<'_>, Problem> {
        let address = network_of(from);
        let mut tries = self.tries();
        let now = self.clock.now();
        let there = tries.looking.get(&address).copied().unwrap_or_default();
        if let Some(wait) = tries.wrong.crowded(from, there, now) {
            let detail = "Very many wrong passwords come from this network just now. Try again in a moment, or on the hub's own machine.";
            return Err(Problem::too_many(detail, wait).coded("too_many"));
        }
        *tries.looking.entry(address).or_default() += 1;
        Ok(Looking { accounts: self, address })
    }

    /// Whether somebody guessed the password within the last minute.
    pub fn alarm(&self) -> bool {
        self.tries().wrong.alarm(self.clock.now())
    }

    fn tries(&self) -> MutexGuard<'_, Tries> {
        self.tries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Looking<'a> {
    accounts: &'a Accounts,
    address: IpAddr,
}

impl Drop for Looking<'_> {
    fn drop(&mut self) {
        let mut tries = self.accounts.tries();
        if let Some(there) = tries.looking.get_mut(&self.address) {
            *there -= 1;
            if *there == 0 {
                tries.looking.remove(&self.address);
            }
        }
    }
}

/// Writes into the log of the hub. What it says has happened already, so a log that cannot be written stops nothing.
fn note(catalogue: &messwerk_store::Catalogue, at: Micros, what: &str, detail: &str) {
    let entry = LogEntry { at, who: "teacher".to_owned(), lesson: None, what: what.to_owned(), detail: detail.to_owned() };
    if let Err(error) = catalogue.log(&entry) {
        tracing::warn!(%error, what, "not in the log");
    }
}

#[cfg(test)]
mod tests;
