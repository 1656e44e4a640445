//! The hub: configuration, wiring, start and stop order, accounts and tokens, routes and pages.
//!
//! Only this room knows axum and configuration files. It owns no data and no mathematics: readings go through
//! `messwerk-ingest` into `messwerk-store`, questions go to `messwerk-query`, figures come from `messwerk-viz-wasm`.

pub mod access;
pub mod accounts;
pub mod address;
pub mod api;
pub mod cli;
pub mod compare;
pub mod config;
mod descriptors;
pub mod discuss;
pub mod doctor;
pub mod feeds;
pub mod figures;
pub mod flow;
mod guessing;
pub mod joining;
pub mod mint;
pub mod pages;
pub mod phyphox;
pub mod privacy;
pub mod publisher;
pub mod qr;
pub mod release;
pub mod report;
pub mod results;
pub mod retention;
pub mod serve;
pub mod shelf;
pub mod sky;
pub mod state;
pub mod station;
pub mod telemetry;
pub mod tls;
pub mod web;
