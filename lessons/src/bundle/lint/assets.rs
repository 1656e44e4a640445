//! Pictures: whether they are what they say, small enough, and shown.

use std::collections::BTreeSet;

use super::say;
use crate::bundle::fixture::whole_file;
use crate::bundle::{Bundle, BundleError};
use crate::template::{Finding, Level};

pub(super) fn lint(bundle: &Bundle, shown: &BTreeSet<String>, findings: &mut Vec<Finding>) {
    for (path, _) in bundle.files().filter(|(path, _)| path.starts_with("assets/")) {
        match bundle.picture(path) {
            Ok(picture) if !picture.kind.has_ending(path) => {
                let kind = picture.kind.media_type();
                let text = say(format!("Das ist ein Bild vom Typ {kind}."), format!("This is a picture of type {kind}."));
                findings.push(whole_file(path, Level::Error, "picture_ending", text, say("Ändere die Endung.", "Change the ending.")));
            }
            Ok(_) => {}
            Err(BundleError::Picture { why, .. }) => {
                let text = say("Dieses Bild kann nicht gezeigt werden.", format!("The file {why}."));
                let fix = say("PNG, JPEG oder WebP, höchstens 4096 × 4096 Punkte.", "PNG, JPEG or WebP, 4096 × 4096 points at most.");
                findings.push(whole_file(path, Level::Error, "picture", text, fix));
            }
            Err(_) => {}
        }
        if !shown.contains(path) {
            let text = say("Kein Text zeigt dieses Bild.", "No text shows this picture.");
            let fix = say(
                format!("Zeige es mit ![Beschreibung]({path}) oder lass es weg."),
                format!("Show it with ![description]({path}) or leave it out."),
            );
            findings.push(whole_file(path, Level::Hint, "unused", text, fix));
        }
    }
}
