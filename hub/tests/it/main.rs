//! The hub from outside: every test starts a real hub on free ports of the loopback and talks to it as a client would.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod access;
mod flood;
mod harness;
mod health;
mod joining;
mod lesson;
mod live;
mod logging;
mod mqtt;
mod pages;
mod program;
mod web;
