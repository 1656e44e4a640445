//! Taking a lesson's data out: what files are called, in which format they come, whole workbooks, links for other programs.

pub mod book;
pub mod link;
pub(crate) mod names;
pub(crate) mod writing;

use std::sync::Arc;

use tokio::sync::Semaphore;

pub use link::Links;

/// What taking data out needs of the running hub.
#[derive(Debug)]
pub struct Exports {
    /// Links that open a table to other programs.
    pub links: Links,
    /// Workbooks in the making: each wants a processor, and room in the system's temporary folder.
    pub(crate) books: Arc<Semaphore>,
}

impl Default for Exports {
    fn default() -> Self {
        Self { links: Links::default(), books: Arc::new(Semaphore::new(1)) }
    }
}
