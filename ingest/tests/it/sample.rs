//! Captured files that lie beside the repository and are no part of it (most have no licence).

use std::path::Path;

const SAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/samples");

/// The bytes of a sample file. Without it a test says so and is skipped; where CI says they must be there it fails.
pub(crate) fn bytes(path: &str) -> Option<Vec<u8>> {
    match std::fs::read(Path::new(SAMPLES).join(path)) {
        Ok(bytes) => Some(bytes),
        Err(error) => {
            assert!(std::env::var_os("CI").is_none(), "{path}: {error}");
            eprintln!("skipped: no sample {path} beside the repository");
            None
        }
    }
}

/// Its text.
pub(crate) fn text(path: &str) -> Option<String> {
    bytes(path).map(|bytes| String::from_utf8(bytes).unwrap())
}
