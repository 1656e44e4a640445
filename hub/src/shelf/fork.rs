//! A template made from another: a name of its own, a first version, and whose it was.

use messwerk_lessons::bundle::{PLAN, SIGNATURE};
use messwerk_lessons::template::Template;
use toml_edit::{DocumentMut, Item, Table, Value, value};

use super::files::{Content, Files};
use crate::api::problem::Problem;

/// The longest id.
const LONGEST: usize = 32;

/// The files of a fork: those of `files` (whose plan is `template`, whose checksum is `sha256`) under a new `id`, with their origin
/// written down and without the signature, which is the other's. Comments and order of the plan stay.
pub fn fork(mut files: Files, template: &Template, sha256: &str, id: &str, authors: Option<&[String]>) -> Result<Files, Problem> {
    let plan = files.text(PLAN).unwrap_or_default();
    let mut document: DocumentMut = plan.parse().map_err(|error: toml_edit::TomlError| Problem::internal(&error))?;
    let keep = |document: &mut DocumentMut, key: &str, new: Value| match document.get_mut(key).and_then(Item::as_value_mut) {
        // What stands behind the value stays: its comment.
        Some(old) => {
            let decor = old.decor().clone();
            *old = new;
            *old.decor_mut() = decor;
        }
        None => document[key] = value(new),
    };
    keep(&mut document, "id", id.into());
    keep(&mut document, "version", "1.0.0".into());
    if let Some(authors) = authors {
        keep(&mut document, "authors", authors.iter().collect());
    }
    let mut origin = Table::new();
    origin["id"] = value(&template.id);
    origin["version"] = value(template.version.to_string());
    origin["sha256"] = value(sha256);
    origin["authors"] = value(template.authors.iter().collect::<Value>());
    origin["license"] = value(&template.license);
    document["origin"] = Item::Table(origin);
    files.files.insert(PLAN.to_owned(), Content::Text(document.to_string()));
    files.files.remove(SIGNATURE);
    Ok(files)
}

/// A free id beside another: `pendulum-2`. `taken` says which are not.
pub fn free_id(id: &str, taken: impl Fn(&str) -> bool) -> String {
    let stem = id.rsplit_once('-').filter(|(_, number)| number.parse::<u32>().is_ok()).map_or(id, |(stem, _)| stem);
    (2_u32..)
        .map(|number| {
            let ending = format!("-{number}");
            format!("{}{ending}", stem.get(..LONGEST - ending.len()).unwrap_or(stem))
        })
        .find(|id| !taken(id))
        .unwrap_or_else(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use messwerk_lessons::bundle::Bundle;

    use super::*;
    use crate::shelf::starter;

    #[test]
    fn a_fork_says_whose_it_was_and_keeps_the_comments() {
        let files = starter::files("first").unwrap();
        let bundle = Bundle::from_files(files.bytes().unwrap()).unwrap();
        let template = bundle.template().unwrap();
        let mut signed = files.clone();
        signed.files.insert(SIGNATURE.to_owned(), Content::Text("x".to_owned()));
        let made = fork(signed, &template, &bundle.sha256(), "second", Some(&["B".to_owned()])).unwrap();
        assert!(!made.files.contains_key(SIGNATURE));
        let comments = |files: &Files| files.text(PLAN).unwrap().matches('#').count();
        assert_eq!(comments(&made), comments(&files));
        let forked = Bundle::from_files(made.bytes().unwrap()).unwrap();
        let plan = forked.template().unwrap();
        let origin = plan.origin.unwrap();
        assert_eq!((plan.id.as_str(), plan.version.to_string().as_str(), plan.authors), ("second", "1.0.0", vec!["B".to_owned()]));
        assert_eq!((origin.id.as_str(), origin.version.as_str(), &origin.authors), ("first", "1.0.0", &template.authors));
        assert_eq!((origin.sha256, origin.license), (bundle.sha256(), template.license));
        let again = fork(made, &forked.template().unwrap(), &forked.sha256(), "third", None).unwrap();
        let again = Bundle::from_files(again.bytes().unwrap()).unwrap().template().unwrap();
        assert_eq!((again.origin.unwrap().id, again.authors), ("second".to_owned(), vec!["B".to_owned()]));
    }

    #[test]
    fn a_free_id_counts_on() {
        let check = |id: &str, taken: &[&str], expected: &str| assert_eq!(free_id(id, |id| taken.contains(&id)), expected);
        check("pendulum", &[], "pendulum-2");
        check("pendulum", &["pendulum-2", "pendulum-3"], "pendulum-4");
        check("pendulum-2", &["pendulum-2"], "pendulum-3");
        check(&"a".repeat(32), &[], &format!("{}-2", "a".repeat(30)));
    }
}
