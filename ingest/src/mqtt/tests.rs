//! The door from outside: raw bytes over TCP or in memory, with a pipeline whose commits the test controls.

pub(super) mod harness;

mod client_library;
mod connecting;
mod identity;
mod norm;
mod publishing;
mod reading;
mod torture;
