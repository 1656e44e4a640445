//! The template of a Release, as this hub has it.

use std::sync::Arc;

use messwerk_lessons::release::Release;
use messwerk_lessons::template::{self, Template};
use messwerk_store::{Catalogue, Error};

/// The template by which a Release was measured, in any version of the same major number, its own version before others; `None` if
/// this hub has none. Nothing of the Release compares with anything here then.
pub fn find(catalogue: &Catalogue, release: &Release) -> Result<Option<Arc<Template>>, Error> {
    let plan = &release.template;
    let fits = |own: &Template| {
        let same = own.id == plan.id && own.outcome == release.outcome;
        same && Some(own.version.major) == plan.major()
    };
    let mut found: Vec<Arc<Template>> =
        template::builtin(&plan.id).filter(|own| fits(own)).map(|own| Arc::new(own.clone())).into_iter().collect();
    for entry in catalogue.shelf()?.into_iter().filter(|entry| entry.id == plan.id) {
        found.extend(catalogue.template(entry.hash).ok().filter(|own| fits(own)));
    }
    let own = found.iter().position(|own| own.version.to_string() == plan.version).unwrap_or(0);
    Ok((own < found.len()).then(|| found.swap_remove(own)))
}
