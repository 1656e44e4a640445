//! Ingest from outside: captured and simulated payloads of whole classes, stations and weather services.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr, reason = "a test")]

mod class;
mod opendata;
mod sample;
mod samples;
mod stations;
