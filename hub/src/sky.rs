//! Satellites and the Sun over the school: where it stands, and what is computed for whom. The computing is
//! `messwerk_lessons::sky`'s; here are place, time zone and turns.

mod days;
mod school;
#[cfg(test)]
mod tests;

use std::time::Duration;

use messwerk_lessons::Micros;
use messwerk_lessons::sky::{Elements, Orbit, SkyError, omm};
use messwerk_store::Store;
use messwerk_store::catalogue::ElementSet;
use tokio::sync::{Semaphore, SemaphorePermit};

pub use days::{day, local, year};
pub use school::{School, SchoolConfig, zone};

use crate::api::problem::Problem;

/// Questions that are computed at a time: passes of ten days take a tenth of a second, and anybody may ask.
const AT_ONCE: usize = 2;
/// How long a question waits for its turn.
const PATIENCE: Duration = Duration::from_secs(20);

/// What the routes of the sky share.
#[derive(Debug)]
pub struct Sky {
    config: SchoolConfig,
    turns: Semaphore,
}

impl Sky {
    /// With the place that the configuration names.
    pub fn new(config: SchoolConfig) -> Self {
        Self { config, turns: Semaphore::new(AT_ONCE) }
    }

    /// Where the school stands: what a teacher entered, else what the configuration says.
    pub fn school(&self, store: &Store) -> Result<School, Problem> {
        Ok(match store.catalogue().school()? {
            Some(entered) => School::entered(entered),
            None => School::configured(&self.config),
        })
    }

    /// A turn to compute. Fails with 503 after 20 s.
    pub async fn turn(&self) -> Result<SemaphorePermit<'_>, Problem> {
        let turn = tokio::time::timeout(PATIENCE, self.turns.acquire()).await;
        let busy = || Problem::unavailable("Very many ask about the sky just now. Ask again in a moment.");
        turn.map_err(|_| busy())?.map_err(|_| busy())
    }
}

/// A satellite's elements, ready to be asked.
pub fn orbit(store: &Store, norad: u32) -> Result<(ElementSet, Orbit), Problem> {
    let set = store.catalogue().elements_of(norad)?.ok_or_else(|| missing(norad))?;
    let elements = read_back(&set)?;
    Ok((set, Orbit::new(elements)?))
}

/// What was stored, as it was read when it came. A newer hub may have stored what this one refuses.
pub fn read_back(set: &ElementSet) -> Result<Elements, Problem> {
    let mut found = omm(&set.omm)?;
    let elements = found.pop().ok_or_else(|| missing(set.norad))?;
    Ok(elements)
}

fn missing(norad: u32) -> Problem {
    Problem::not_found(format!("There are no elements of satellite {norad} here. A teacher hands them in on the page /sky."))
        .coded("no_elements")
}

/// Elements as they are kept.
pub fn kept(elements: &Elements, source: &str, now: Micros) -> ElementSet {
    ElementSet {
        norad: elements.norad,
        name: elements.label(),
        epoch: elements.epoch,
        came: now,
        source: source.to_owned(),
        omm: elements.to_omm(),
    }
}

impl From<SkyError> for Problem {
    fn from(error: SkyError) -> Self {
        let mut detail = error.to_string();
        if !detail.ends_with('.') {
            detail.push('.');
        }
        match error {
            SkyError::NoPosition(_) => {
                Self::conflict(format!("{detail} Newer elements or a time nearer to their epoch help.")).coded("no_position")
            }
            SkyError::Question(_) => Self::bad_request(capital(&detail)).coded("sky_question"),
            _ => Self::bad_request(capital(&detail)).coded("elements_unreadable"),
        }
    }
}

/// A sentence begins with a capital.
fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
