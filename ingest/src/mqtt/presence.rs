//! Who is here: whose client id is whose, and how a connection is told to go.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use messwerk_lessons::id::ThingId;
use tokio_util::sync::CancellationToken;

use super::stats::Refused;

/// Namespace of a client id: equal ids of different owners live side by side.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Owner {
    Thing(ThingId),
    /// Anybody with these credentials, hashed.
    Login(u64),
    /// Anybody in the realm below this root.
    Realm(String),
}

/// One connection's close switch; whoever closes it first gives the cause.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) close: CancellationToken,
    cause: OnceLock<Cause>,
}

/// Why a line was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause {
    /// We hung up.
    Refused(Refused),
    /// The peer is gone.
    Lost,
}

impl Line {
    pub(super) fn new(stop: &CancellationToken) -> Arc<Self> {
        Arc::new(Self { close: stop.child_token(), cause: OnceLock::new() })
    }

    /// Makes the session end. Returns at once.
    pub(super) fn hang_up(&self, reason: Refused) {
        self.end(Cause::Refused(reason));
    }

    /// Makes the session end because its peer is gone. Returns at once.
    pub(super) fn lost(&self) {
        self.end(Cause::Lost);
    }

    fn end(&self, cause: Cause) {
        let _ = self.cause.set(cause);
        self.close.cancel();
    }

    /// Why this line was closed; `None` when the hub stops.
    pub(super) fn cause(&self) -> Option<Cause> {
        self.cause.get().copied()
    }
}

/// All connections of the door.
#[derive(Debug, Default)]
pub(super) struct Presence {
    owners: Mutex<HashMap<(Owner, String), Arc<Line>>>,
}

/// A claimed client id; given back on drop unless somebody else has taken it over.
#[derive(Debug)]
pub(super) struct Claim {
    presence: Arc<Presence>,
    key: (Owner, String),
    line: Arc<Line>,
}

/// The map holds plain data that is valid after every single step, so a poisoned lock is still good.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Presence {
    /// Takes a client id for `line`; an older connection of the same owner and client id is hung up.
    pub(super) fn claim(self: &Arc<Self>, owner: Owner, client_id: &str, line: &Arc<Line>) -> Claim {
        let key = (owner, client_id.to_owned());
        if let Some(older) = lock(&self.owners).insert(key.clone(), line.clone()) {
            older.hang_up(Refused::TakenOver);
        }
        Claim { presence: self.clone(), key, line: line.clone() }
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let mut owners = lock(&self.presence.owners);
        if owners.get(&self.key).is_some_and(|line| Arc::ptr_eq(line, &self.line)) {
            owners.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line() -> Arc<Line> {
        Line::new(&CancellationToken::new())
    }

    #[test]
    fn a_client_id_is_taken_over_only_within_its_owner() {
        let presence = Arc::new(Presence::default());
        let (old, other, new) = (line(), line(), line());
        let old_claim = presence.claim(Owner::Thing(ThingId(1)), "phone", &old);
        let _other = presence.claim(Owner::Thing(ThingId(2)), "phone", &other);
        let new_claim = presence.claim(Owner::Thing(ThingId(1)), "phone", &new);
        assert_eq!((old.cause(), other.cause(), new.cause()), (Some(Cause::Refused(Refused::TakenOver)), None, None));
        drop(old_claim);
        assert_eq!(lock(&presence.owners).len(), 2, "the old one leaves without taking the new one's place");
        drop(new_claim);
        assert_eq!(lock(&presence.owners).len(), 1);
    }
}
