//! The template of a Release, as this hub has it.

use std::sync::Arc;

use messwerk_lessons::release::Release;
use messwerk_lessons::template::{self, Template};
use messwerk_store::{Catalogue, Error};

/// Whether a template is the one that a Release was measured by, in any version of the same major number.
fn fits(own: &Template, release: &Release) -> bool {
    let plan = &release.template;
    own.id == plan.id && own.outcome == release.outcome && Some(own.version.major) == plan.major()
}

/// Whether this hub has the template of a Release: without it nothing here compares with its numbers.
pub fn is_here(catalogue: &Catalogue, release: &Release) -> Result<bool, Error> {
    let builtin = template::builtin(&release.template.id).is_some_and(|own| fits(own, release));
    Ok(builtin || !shelved(catalogue, release)?.is_empty())
}

/// The template of a Release: its own version before others of the same major number; `None` if this hub has none.
pub fn find(catalogue: &Catalogue, release: &Release) -> Result<Option<Arc<Template>>, Error> {
    let mut found = shelved(catalogue, release)?;
    found.extend(template::builtin(&release.template.id).filter(|own| fits(own, release)).map(|own| Arc::new(own.clone())));
    let own = found.iter().position(|own| own.version.to_string() == release.template.version).unwrap_or(0);
    Ok((own < found.len()).then(|| found.swap_remove(own)))
}

/// Those of the shelf; one that cannot be read any more is none.
fn shelved(catalogue: &Catalogue, release: &Release) -> Result<Vec<Arc<Template>>, Error> {
    let shelf = catalogue.shelf()?.into_iter().filter(|entry| entry.id == release.template.id);
    Ok(shelf.filter_map(|entry| catalogue.template(entry.hash).ok()).filter(|own| fits(own, release)).collect())
}
