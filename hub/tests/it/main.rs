//! The hub from outside: every test starts a real hub on free ports of the loopback and talks to it as a client would.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod access;
mod accounts;
mod compare;
mod discussion;
mod export;
mod feeds;
mod files;
mod flood;
mod flow;
mod flow_phone;
mod harness;
mod health;
mod joining;
mod lesson;
mod live;
mod logging;
mod matrix;
mod mqtt;
mod pages;
mod phones;
mod phyphox;
mod privacy;
mod program;
mod sharing;
mod shelf;
mod stations;
mod templates;
mod things;
mod tls;
mod weather;
mod web;
mod words;
