//! The hub from outside: every test starts a real hub on free ports of the loopback and talks to it as a client would.

mod access;
mod harness;
mod lesson;
mod live;
mod mqtt;
mod pages;
