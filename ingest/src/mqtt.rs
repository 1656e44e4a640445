//! MQTT 3.1.1 sessions and the fan-out to MQTT subscribers.
//!
//! ```text
//! TCP, TLS, WebSocket -> Door::serve -> CONNECT -> reader: packets of one read -> Intake::submit (one batch)
//!                                                  writer: commit -> PUBACK, PUBREC, PUBCOMP in order; SUBACK, PINGRESP at once
//!                                                          mail   <- Fanout (rumqttd's router, watched and replaced)
//! ```
//! A session never sees a reading or the store; the fan-out never sees a publish of a Thing. What is acknowledged has
//! been committed: `Intake` says when.
//!
//! # What a client may do here
//! | who | writes | reads | will | retained |
//! |---|---|---|---|---|
//! | no user name | becomes the Thing of its first accepted topic | nothing before, then as a Thing | as a Thing, once it is one | flag ignored and counted |
//! | Thing | `in/{own token}/{stream}` | `out/{lesson}/thing/{own}` | taken in CONNECT; published like any packet if its topic is its own, else counted | flag ignored and counted |
//! | teacher | nothing | `out/{lesson}/#` and inside | taken in CONNECT, counted, never published | - |
//! | station in the open realm (configured, off by default) | its root | its root | published | kept in memory |
//!
//! A refusal that MQTT 3.1.1 cannot answer (there is no negative PUBACK) closes the connection; each is counted by
//! reason ([`Refused`]). Outside a realm subscriptions are granted at QoS 0, and sessions end with their connection, whatever clean session
//! says: what matters, the readings, is stored exactly once by the store's own keys, also after a resend.

mod connect;
mod door;
pub mod fanout;
mod intake;
mod limits;
mod packet;
mod presence;
mod publisher;
mod realm;
mod session;
mod stats;
mod subscriptions;
pub mod websocket;
mod writer;

pub use door::{Door, bind, prepare};
pub use fanout::{Fanout, FanoutOptions, Message, RumqttdFanout};
pub use intake::{Commit, Intake};
pub use limits::MqttLimits;
pub use stats::{DoorStats, Refused};

#[cfg(test)]
mod tests;
