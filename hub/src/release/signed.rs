//! The file a Release travels in: a zip named `.release` with
//!
//! ```text
//! release.json            the Release (lessons/src/release.rs); all that counts
//! release.json.minisig    its signature
//! hub.pub                 the key it is signed with
//! outcomes.parquet        the same numbers as a table (table.rs); its SHA-256 stands in release.json
//! ```
//!
//! After unpacking, `minisign -Vm release.json -p hub.pub` says whether it is as it was signed.

use std::io::{Cursor, Read, Write};

use messwerk_lessons::release::{Release, Table};
use sha2::{Digest as _, Sha256};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::import::ImportError;
use super::key::{HubKey, verified};
use super::table::table;

/// Bytes of the whole file. Ten thousand single results are a quarter of it.
pub const LARGEST: usize = 1 << 20;
/// Bytes of each file in it, unpacked.
const UNPACKED: u64 = 1 << 20;
/// Bytes of signature and key.
const SHORT: u64 = 2048;

const JSON: &str = "release.json";
const SIGNATURE: &str = "release.json.minisig";
const KEY: &str = "hub.pub";
const TABLE: &str = "outcomes.parquet";

/// A signed Release as it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Signed {
    /// What it says.
    pub release: Release,
    /// Who signed it: a public key. Whether that is anybody we know is another question.
    pub key: String,
    /// What was signed, byte by byte.
    pub json: Vec<u8>,
}

/// What will leave, as bytes: a Release with its table, as JSON for people.
pub fn complete(mut release: Release) -> anyhow::Result<(Release, Vec<u8>, Vec<u8>)> {
    let parquet = table(&release)?;
    release.table = Some(Table { file: TABLE.to_owned(), sha256: sha256(&parquet), bytes: parquet.len() as u64 });
    let json = serde_json::to_vec_pretty(&release)?;
    Ok((release, json, parquet))
}

/// SHA-256 in hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Signs a complete Release. No time is in it but the week: not in the signature, not in the zip file.
pub fn write(json: &[u8], parquet: &[u8], key: &HubKey) -> anyhow::Result<Vec<u8>> {
    let signature = key.sign(json, JSON)?;
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
    for (name, bytes) in [(JSON, json), (SIGNATURE, signature.as_bytes()), (KEY, key.public_file()?.as_bytes()), (TABLE, parquet)] {
        zip.start_file(name, options)?;
        zip.write_all(bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}

/// Reads a signed file: it is whole, its signature fits, and it says what a Release says. Not whether that is believed.
pub fn read(file: &[u8]) -> Result<Signed, ImportError> {
    if file.len() > LARGEST {
        return Err(ImportError::TooLarge);
    }
    let mut zip = ZipArchive::new(Cursor::new(file)).map_err(|_| ImportError::NoRelease)?;
    if zip.len() > 4 {
        return Err(ImportError::NoRelease);
    }
    let json = entry(&mut zip, JSON, UNPACKED)?;
    let signature = text(entry(&mut zip, SIGNATURE, SHORT)?)?;
    let key = text(entry(&mut zip, KEY, SHORT)?)?;
    // The first line of the file is a comment.
    let key = key.lines().nth(1).unwrap_or_default().trim().to_owned();
    // The name is signed, too: a signature of something else does not make this a Release.
    if verified(&key, &signature, &json).as_deref() != Some(JSON) {
        return Err(ImportError::Signature);
    }
    let release: Release = serde_json::from_slice(&json).map_err(|error| written(&json, &error))?;
    if let Some(table) = &release.table {
        let bytes = entry(&mut zip, TABLE, UNPACKED)?;
        if table.file != TABLE || table.bytes != bytes.len() as u64 || table.sha256 != sha256(&bytes) {
            return Err(ImportError::Table);
        }
    }
    Ok(Signed { release, key, json })
}

/// What is signed and its signature, of a file that was checked before.
pub fn parts(file: &[u8]) -> Result<(Vec<u8>, String), ImportError> {
    let mut zip = ZipArchive::new(Cursor::new(file)).map_err(|_| ImportError::NoRelease)?;
    Ok((entry(&mut zip, JSON, UNPACKED)?, text(entry(&mut zip, SIGNATURE, SHORT)?)?))
}

/// A newer format is another matter than a mistake.
fn written(json: &[u8], error: &serde_json::Error) -> ImportError {
    #[derive(serde::Deserialize)]
    struct Format {
        format: u32,
    }
    match serde_json::from_slice::<Format>(json) {
        Ok(Format { format }) if format != messwerk_lessons::release::FORMAT => {
            ImportError::Refused(messwerk_lessons::release::ReleaseError::Format { found: format })
        }
        _ => ImportError::Written(error.to_string()),
    }
}

fn entry(zip: &mut ZipArchive<Cursor<&[u8]>>, name: &str, most: u64) -> Result<Vec<u8>, ImportError> {
    let file = zip.by_name(name).map_err(|_| ImportError::NoRelease)?;
    let mut bytes = vec![];
    // What a zip file says of sizes is not believed.
    file.take(most + 1).read_to_end(&mut bytes).map_err(|_| ImportError::NoRelease)?;
    if bytes.len() as u64 > most { Err(ImportError::TooLarge) } else { Ok(bytes) }
}

fn text(bytes: Vec<u8>) -> Result<String, ImportError> {
    String::from_utf8(bytes).map_err(|_| ImportError::NoRelease)
}
