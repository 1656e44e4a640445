//! A template as it travels: a folder or a zip file with its plan, texts, pictures and fixtures.
//!
//! Bytes in, bytes out; who reads folders is the caller. Whatever stands in a bundle may come from a stranger: nothing of it is run,
//! sizes and counts are bounded before anything is unpacked, and texts become HTML without any markup of their own.

mod content;
mod error;
mod fixture;
mod hash;
mod image;
mod lint;
mod markdown;
mod zipped;

pub use error::BundleError;
pub use fixture::{Check, FixtureReport, run_fixture};
pub use hash::method_hash;
pub use image::{Picture, PictureKind};
pub use lint::lint;
pub use markdown::{SECTIONS, Section, Sections};

use std::collections::BTreeMap;

use crate::template::{Language, Template, TemplateError};

/// The most bytes of all files together.
pub const MOST_BYTES: usize = 16 << 20;
/// The most bytes of one file.
pub const MOST_FILE_BYTES: usize = 2 << 20;
/// The most files.
pub const MOST_FILES: usize = 200;

/// The plan's file.
pub const PLAN: &str = "lesson.toml";
/// The signature's file, which no checksum covers.
pub const SIGNATURE: &str = "lesson.minisig";

/// The files of a template; within bounds, under names of its own, each once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    files: BTreeMap<String, Vec<u8>>,
    /// What was there and does not belong to a template: left out, and told by [`lint`].
    left_out: Vec<String>,
}

impl Bundle {
    /// From a folder's files, by their paths within it with `/` between the parts.
    ///
    /// # Errors
    /// No `lesson.toml`, a path that leads out of the folder, too many or too large files.
    pub fn from_files(files: BTreeMap<String, Vec<u8>>) -> Result<Self, BundleError> {
        let mut bundle = Self { files: BTreeMap::new(), left_out: vec![] };
        for (path, bytes) in files {
            bundle.add(&path, bytes)?;
        }
        bundle.whole()
    }

    /// From a zip file (`.lesson`). The files may lie in one folder within it.
    ///
    /// # Errors
    /// What is no zip file or a damaged one; encrypted files, links, paths that lead out, a name twice; more files or bytes than
    /// a template has, or packed more tightly than any lesson is.
    pub fn from_zip(bytes: &[u8]) -> Result<Self, BundleError> {
        zipped::unpack(bytes)?.whole()
    }

    /// As a zip file; the same files give the same bytes.
    ///
    /// # Errors
    /// None that is known; the packer's own are handed on.
    pub fn to_zip(&self) -> Result<Vec<u8>, BundleError> {
        zipped::pack(&self.files)
    }

    /// The files by their paths.
    pub fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
    }

    /// A file's bytes.
    pub fn file(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(Vec::as_slice)
    }

    /// What was there and does not belong to a template.
    pub fn left_out(&self) -> &[String] {
        &self.left_out
    }

    /// The text of a file, if it is one.
    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        std::str::from_utf8(self.file(path)?).ok()
    }

    /// The plan.
    ///
    /// # Errors
    /// What is wrong with it, line by line.
    pub fn template(&self) -> Result<Template, TemplateError> {
        Template::parse(self.text(PLAN).unwrap_or_default())
    }

    /// The texts in a language, as HTML that holds nothing but paragraphs, lists, emphasis, tables and the template's own pictures
    /// (`<img src="assets/…">`). `None` if there is no such file.
    pub fn texts(&self, language: Language) -> Option<Sections> {
        self.texts_at(language, "")
    }

    /// As [`texts`](Self::texts), with pictures found below `base`: `/api/v1/templates/pendulum/`.
    pub fn texts_at(&self, language: Language, base: &str) -> Option<Sections> {
        Some(markdown::sections(self.text(&format!("{}.md", language.name()))?, language, base))
    }

    /// The names of its fixtures: `good` for `fixtures/good.toml`.
    pub fn fixtures(&self) -> Vec<&str> {
        let files = self.files.keys().filter_map(|path| path.strip_prefix("fixtures/"));
        files.filter_map(|file| file.strip_suffix(".toml")).collect()
    }

    /// A picture: its kind and size, read from its header.
    ///
    /// # Errors
    /// Why it cannot be shown.
    pub fn picture(&self, path: &str) -> Result<Picture, BundleError> {
        let missing = || BundleError::Picture { path: path.to_owned(), why: "is not there" };
        image::picture(self.file(path).ok_or_else(missing)?).map_err(|why| BundleError::Picture { path: path.to_owned(), why })
    }

    fn add(&mut self, path: &str, bytes: Vec<u8>) -> Result<(), BundleError> {
        content::check_path(path)?;
        if content::belongs(path) {
            if bytes.len() > MOST_FILE_BYTES {
                return Err(BundleError::LargeFile(path.to_owned()));
            }
            // Two names that differ by case are one file on many a laptop.
            let twice = self.files.keys().any(|known| known.eq_ignore_ascii_case(path));
            if twice {
                return Err(BundleError::Twice(path.to_owned()));
            }
            self.files.insert(path.to_owned(), bytes);
            if self.files.len() > MOST_FILES {
                return Err(BundleError::ManyFiles);
            }
        } else if !content::is_litter(path) && self.left_out.len() < MOST_FILES {
            self.left_out.push(path.to_owned());
        }
        Ok(())
    }

    fn whole(self) -> Result<Self, BundleError> {
        if self.files.values().map(Vec::len).sum::<usize>() > MOST_BYTES {
            return Err(BundleError::Large);
        }
        if self.files.contains_key(PLAN) { Ok(self) } else { Err(BundleError::NoPlan) }
    }
}

#[cfg(test)]
mod tests;
