//! An MQTT 3.1.1 publisher as phones have it: rumqttc's codec, and a [`Session`] and a [`Link`] of our own, because a
//! simulation must see each acknowledgement, break connections and send packets twice on purpose.

mod link;
mod session;

pub(crate) use link::{Credentials, Link};
pub(crate) use session::Session;

/// Packets from a hub are acknowledgements: anything larger is a mistake.
const LARGEST_INCOMING: usize = 64 * 1024;
