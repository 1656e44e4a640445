//! Who may come in and what they may touch: the door's rules as a trait, answered by the hub.
//!
//! Identity comes from the credential (a token in a topic or an address, or user name and password), never from a
//! client id or a payload.

use std::sync::Arc;

use async_trait::async_trait;
use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_lessons::quantity::ObservedProperty;

use crate::desk::Station;
use crate::gate::Gate;

/// Why somebody does not come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// User name or password wrong.
    #[error("wrong user name or password")]
    BadCredentials,
    /// No Thing has this token, or its lesson is over.
    #[error("unknown or expired token; join the lesson again")]
    UnknownToken,
    /// A token that was handed out with a file and would become a Thing now, but the lesson's door is closed.
    #[error("the lesson takes nobody more just now; ask your teacher to open its door")]
    Locked,
    /// The same, but the lesson is full.
    #[error("the lesson is full; ask your teacher")]
    Full,
    /// The hub cannot answer now.
    #[error("the hub is starting, stopping or its disk is full; try again")]
    Unavailable,
}

/// What a Thing's token opens.
#[derive(Debug, Clone, PartialEq)]
pub struct ThingAccess {
    /// Its lesson.
    pub lesson: LessonId,
    /// Itself.
    pub thing: ThingId,
    /// The rates in Hz above which streams are thinned (0: no limit). A property that is not listed is stored as it comes.
    pub sensors: Vec<(ObservedProperty, f32)>,
    /// Whether the lesson has not ended. Of one without Takes, what arrives after its end is a Reject.
    pub recording: bool,
    /// What of it the lesson keeps.
    pub gate: Gate,
    /// Whether the lesson keeps readings that say where somebody is; others are Rejects.
    pub location: bool,
    /// Set for a station: its messages are decoded by its settings, and `thing` is only whose its Rejects are.
    pub station: Option<Station>,
}

/// Who sends with a token.
#[derive(Debug, Clone, PartialEq)]
pub enum Sender {
    /// A Thing.
    Thing(Arc<ThingAccess>),
    /// Nobody yet: it was handed out with a file, and its first readings make it a Thing.
    Reserved,
}

/// What a login with user name and password opens.
#[derive(Debug, Clone)]
pub enum Login {
    /// Writes `in/{own token}/…`, reads `out/{lesson}/thing/{own thing}`.
    Thing(Arc<ThingAccess>),
    /// Reads `out/{lesson}/#` of its lessons (`None`: of all), writes nothing.
    Teacher(Option<Vec<LessonId>>),
    /// The open realm: free topics below its own root, with retained messages, will, sessions and QoS 0 to 2 out. For
    /// tests and trusted stations.
    Realm {
        /// First level of every topic of this principal, or empty: the principal sees its topics without a root and
        /// no other principal's.
        root: String,
    },
}

/// The door's rules. Calls must be quick (one look-up); slow password hashes belong behind a semaphore in the answer.
#[async_trait]
pub trait Admission: Send + Sync + 'static {
    /// A CONNECT that names a user.
    async fn login(&self, user: &str, password: &[u8]) -> Result<Login, Refusal>;

    /// What a CONNECT without user name opens before its first topic. Nothing, unless the configuration opens the realm
    /// to everybody, as general MQTT test suites need it.
    fn nobody(&self) -> Option<Login> {
        None
    }

    /// Who sends with the token of a topic or an address; a reserved one becomes no Thing by being asked for.
    async fn sender(&self, token: &str) -> Result<Sender, Refusal>;

    /// The Thing of a token. A reserved token is one from now on, if its lesson takes it.
    async fn thing(&self, token: &str) -> Result<Arc<ThingAccess>, Refusal>;
}
