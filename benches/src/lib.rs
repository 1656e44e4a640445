//! Measurements beside peers: the same load, the same machine, one run; the table gives ratios.
//!
//! A *reading* is (x, y, z) at one instant, a *sample* is one scalar, so a reading is three samples. CPU seconds are those of
//! all processes of the system under test (from `/proc`), never of the load generator, and hold well against neighbours
//! on the machine; times are the best of several and do not.

pub mod hub;
pub mod load;
pub mod measure;
pub mod mqtt;
pub mod peers;
pub mod process;
pub mod table;
