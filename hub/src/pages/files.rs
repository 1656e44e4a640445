//! The files of the pages, each under an address that changes with any of them.
//!
//! Pages name their files as `/assets/NAME`; what is sent names `/assets/vHASH/NAME`, in the page and in the scripts and styles it
//! leads to, with one hash over all files of this binary. So a phone loads a file once for as long as the hub stays the same, and
//! a page can never get files of two versions: with a new hub the page itself, which is asked for each time, names others.

use std::borrow::Cow;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::api::extract::At;
use crate::api::problem::Problem;

/// Everything below `viz-wasm/www`. The charts (`pkg/`) are in it when `cargo xtask wasm` has built them; without them
/// the pages say so.
#[derive(RustEmbed)]
#[folder = "../viz-wasm/www"]
struct Www;

/// What a page's files begin with as they are written.
const ASSETS: &str = "/assets/";
/// For a year: nothing else will ever be under that address.
const FOREVER: &str = "public, max-age=31536000, immutable";

pub(super) async fn page(name: &'static str) -> Response {
    let missing = || Problem::internal(&format!("the page {name} is not in this binary")).into_response();
    // Asked for each time, and told cheaply that nothing changed.
    serve(name, Some(&version()), "no-cache").unwrap_or_else(missing)
}

pub(super) async fn asset(At(path): At<String>) -> Response {
    let (asked, name) = split(&path);
    // Pages have addresses of their own; as assets they would resolve their links wrongly.
    let found = if name.ends_with(".html") {
        None
    } else {
        match asked {
            None => serve(name, None, "no-cache"),
            Some(asked) if asked == version() => serve(name, Some(asked), FOREVER),
            // A page that was opened before the hub was renewed, and loads something only now. It keeps its own addresses, so that
            // no script is there twice, and nothing of it is kept.
            Some(asked) => serve(name, Some(asked), "no-store"),
        }
    };
    found.unwrap_or_else(|| Problem::not_found(format!("There is no file /assets/{path}.")).into_response())
}

/// What is wrong with the hub's own pages, with its fix: a binary that was built without them, or, in a build that reads them from the
/// disk, sources that have gone. Readings are taken all the same.
pub fn problem() -> Option<String> {
    // What every page needs: itself, its style and its words.
    let needed = ["style.css", "words.js", "words/de/common.ftl", "words/en/common.ftl"];
    let gone = super::PAGES.iter().map(|(_, file)| *file).chain(needed).find(|file| Www::get(file).is_none())?;
    Some(format!(
        "the hub's pages cannot be read ({gone} is missing): nobody can open the console, the board or a phone's page; put a complete \
         program of Messwerk in its place and restart it. Programs that send by HTTP or MQTT go on"
    ))
}

/// The version in front of a file's name, if there is one.
fn split(path: &str) -> (Option<&str>, &str) {
    let version = |part: &str| part.len() == 17 && part.starts_with('v') && part[1..].bytes().all(|byte| byte.is_ascii_hexdigit());
    match path.split_once('/') {
        Some((first, name)) if version(first) => (Some(first), name),
        _ => (None, path),
    }
}

/// `v` and 16 hexadecimal digits that change with any file.
#[cfg(not(debug_assertions))]
fn version() -> String {
    static VERSION: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    let compute = || digest(Www::iter().filter_map(|name| Some((name.to_string(), Www::get(&name)?.metadata.sha256_hash().to_vec()))));
    VERSION.get_or_init(compute).clone()
}

/// The same while the pages are worked on: files are read from the disk then, and their times tell whether they changed.
#[cfg(debug_assertions)]
fn version() -> String {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../viz-wasm/www");
    let stamp = |name: &str| {
        let file = std::fs::metadata(folder.join(name)).ok()?;
        let changed = file.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
        Some([changed.as_nanos().to_le_bytes(), u128::from(file.len()).to_le_bytes()].concat())
    };
    digest(Www::iter().filter_map(|name| Some((name.to_string(), stamp(&name)?))))
}

fn digest(files: impl Iterator<Item = (String, Vec<u8>)>) -> String {
    use sha2::{Digest as _, Sha256};
    let mut files: Vec<_> = files.collect();
    files.sort();
    let mut all = Sha256::new();
    for (name, content) in files {
        all.update(Sha256::digest(name.as_bytes()));
        all.update(Sha256::digest(content));
    }
    all.finalize().iter().take(8).fold("v".to_owned(), |text, byte| format!("{text}{byte:02x}"))
}

fn serve(path: &str, version: Option<&str>, cache: &'static str) -> Option<Response> {
    let EmbeddedFile { data, metadata } = Www::get(path)?;
    let (kind, names_others) = match path.rsplit('.').next() {
        Some("html") => ("text/html; charset=utf-8", true),
        Some("js") => ("text/javascript; charset=utf-8", true),
        Some("css") => ("text/css; charset=utf-8", true),
        Some("ftl") => ("text/plain; charset=utf-8", false),
        Some("json") => ("application/json", false),
        Some("svg") => ("image/svg+xml", false),
        Some("webmanifest") => ("application/manifest+json", false),
        Some("wasm") => ("application/wasm", false),
        _ => ("application/octet-stream", false),
    };
    let hash: String = metadata.sha256_hash().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let (body, tag) = match version {
        Some(version) if names_others => (renamed(data, version), format!("\"{hash}-{version}\"")),
        _ => (data, format!("\"{hash}\"")),
    };
    let headers = [(header::CONTENT_TYPE, kind.to_owned()), (header::CACHE_CONTROL, cache.to_owned()), (header::ETAG, tag)];
    Some((headers, body.into_owned()).into_response())
}

/// The file with the version in the addresses of the files it names.
fn renamed<'a>(data: Cow<'a, [u8]>, version: &str) -> Cow<'a, [u8]> {
    match std::str::from_utf8(&data) {
        Ok(text) => Cow::Owned(text.replace(ASSETS, &format!("{ASSETS}{version}/")).into_bytes()),
        Err(_) => data,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_no_folder() {
        for (path, expected) in [
            ("v0123456789abcdef/words.js", (Some("v0123456789abcdef"), "words.js")),
            ("v0123456789abcdef/phone/page.js", (Some("v0123456789abcdef"), "phone/page.js")),
            ("words/de/common.ftl", (None, "words/de/common.ftl")),
            ("v0123456789abcdeg/words.js", (None, "v0123456789abcdeg/words.js")),
            ("words.js", (None, "words.js")),
        ] {
            assert_eq!(split(path), expected);
        }
    }

    #[test]
    fn every_change_is_another_version() {
        let of = |files: &[(&str, &[u8])]| digest(files.iter().map(|(name, content)| ((*name).to_owned(), content.to_vec())));
        let one = of(&[("a.js", b"1"), ("b.js", b"2")]);
        assert_eq!(one, of(&[("b.js", b"2"), ("a.js", b"1")]), "in whatever order");
        assert_eq!(split(&format!("{one}/a.js")), (Some(one.as_str()), "a.js"));
        for other in [
            of(&[("a.js", b"1"), ("b.js", b"3")]),
            of(&[("a.js", b"1"), ("c.js", b"2")]),
            of(&[("a.js", b"1")]),
            of(&[("a.jsb.js", b"12")]),
        ] {
            assert_ne!(one, other);
        }
        assert_eq!(version(), version());
    }
}
