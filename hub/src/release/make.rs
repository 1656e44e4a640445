//! From a lesson to its Release: what would leave, whether it may beside what left before, and then that it does.

use std::collections::BTreeSet;

use messwerk_lessons::id::ThingId;
use messwerk_lessons::release::{Measured, Origin, Plan, Release, ReleaseError, Rules, Week, Wish, differencing};
use messwerk_lessons::template::Template;
use messwerk_query::Scope;
use messwerk_store::catalogue::{Lesson, MEMBER, OwnRelease, ReleaseSet};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use super::import::refusal;
use super::signed;
use crate::api::lessons::template_of;
use crate::api::problem::Problem;
use crate::mint;
use crate::state::Hub;

/// What a teacher wants to share.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ReleaseWanted)]
pub struct Wanted {
    /// Who shares: hub, school or class, 1 to 60 characters. Never a person.
    #[schema(example = "Gymnasium am See, 9b")]
    pub label: String,
    /// A region, if it is to be known.
    #[serde(default)]
    pub region: Option<String>,
    /// With single results, where the template allows it.
    #[serde(default)]
    pub singles: bool,
    /// In the catalogue, for everybody; without it only as a file.
    #[serde(default)]
    pub public: bool,
}

/// A Release that could leave.
#[derive(Debug)]
pub struct Prepared {
    /// What it says.
    pub release: Release,
    /// The very bytes that are signed.
    pub json: Vec<u8>,
    parquet: Vec<u8>,
    results: Vec<(ThingId, f64)>,
}

/// What may leave of a lesson, for everybody or by hand.
pub fn rules(template: &Template, public_k: u32, public: bool) -> Rules {
    let share = template.share;
    Rules { aggregates: share.aggregates, singles: share.singles, k: if public { share.k.max(public_k) } else { share.k } }
}

/// A refusal as a Problem.
pub fn refused(error: &ReleaseError) -> Problem {
    let detail = error.to_string();
    let mut letters = detail.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    let detail = format!("{first}{}.", letters.as_str());
    let problem = match error {
        ReleaseError::Name { .. } => Problem::bad_request(detail),
        _ => Problem::conflict(detail),
    };
    problem.coded(refusal(error))
}

/// What would leave under `id`, or why nothing may.
pub async fn prepare(hub: &Hub, lesson: &Lesson, wanted: &Wanted, id: String) -> Result<Prepared, Problem> {
    if lesson.ended.is_none() {
        let detail = "The lesson is still open. End it first: results that come in later could not be released any more, because two releases \
                      that differ by few results tell of single groups.";
        return Err(Problem::conflict(detail).coded("lesson_open"));
    }
    let template = template_of(hub, lesson)?;
    let found = hub.engine.outcomes(&Scope::lesson(lesson.id)).await?;
    if !found.missing.is_empty() {
        let detail = "Some of the lesson's readings cannot be read now, so its results are not complete. /readyz names the files; put them \
                      back, then release.";
        return Err(Problem::unavailable(detail));
    }
    let results: Vec<(ThingId, f64)> = found
        .outcomes
        .iter()
        .filter(|outcome| outcome.excluded.is_none() && outcome.value.is_finite())
        .map(|outcome| (outcome.thing, outcome.value))
        .collect();
    let values: Vec<f64> = results.iter().map(|(_, value)| *value).collect();
    let unit = found.outcomes.first().map_or("1", |outcome| outcome.unit.as_str());
    let measured = Measured {
        week: Week::of(lesson.created),
        template: plan(lesson, &template),
        outcome: &template.outcome,
        unit,
        results: &values,
        excluded: found.outcomes.iter().filter(|outcome| outcome.excluded.is_some() && !outcome.undone).count() as u32,
    };
    let source = Origin { label: wanted.label.trim().to_owned(), region: named(wanted.region.as_deref()) };
    let wish = Wish { id, source, singles: wanted.singles };
    let release = Release::build(&measured, wish, rules(&template, hub.sharing.config.public_k, wanted.public));
    let release = release.map_err(|error| {
        let mut problem = refused(&error);
        let by_hand = rules(&template, 0, false).k;
        if let ReleaseError::TooFew { n, k } = error
            && (by_hand..k).contains(&n)
        {
            problem.detail.push_str(&format!(
                " Only the catalogue asks for {k}: a file to be handed on by hand takes {by_hand}, so release it without `public`."
            ));
        }
        problem
    })?;
    let earlier = hub.store.catalogue().release_sets(lesson.id)?;
    if let Some(error) = differs(&results, release.k, &earlier) {
        return Err(refused(&error));
    }
    let (release, json, parquet) = signed::complete(release).map_err(|error| Problem::internal(&error))?;
    Ok(Prepared { release, json, parquet, results })
}

/// An empty region is none.
fn named(region: Option<&str>) -> Option<String> {
    region.map(str::trim).filter(|region| !region.is_empty()).map(str::to_owned)
}

/// Signs what was prepared and keeps it. Waits for the disk.
pub fn release(hub: &Hub, lesson: &Lesson, prepared: &Prepared, public: bool) -> Result<OwnRelease, Problem> {
    let key = hub.sharing.key.get().map_err(|error| Problem::internal(&format!("{error:#}")))?;
    let file = signed::write(&prepared.json, &prepared.parquet, &key).map_err(|error| Problem::internal(&error))?;
    let Release { id, k, .. } = &prepared.release;
    let now = hub.clock.now();
    let own = OwnRelease { id: id.clone(), lesson: Some(lesson.id), made: now, public, given: None, file };
    let salt = mint::token().into_bytes();
    let members = members(&prepared.results, &salt).into_iter().flatten().collect();
    let set = ReleaseSet { release: id.clone(), k: *k, withdrawn: false, salt, members };
    let against = |earlier: &[ReleaseSet]| differs(&prepared.results, *k, earlier);
    if let Some(error) = hub.store.catalogue().add_release(lesson.id, &own, &set, against)? {
        return Err(refused(&error));
    }
    hub.sharing.shelf.changed();
    hub.flow.log(lesson, "teacher", "lesson.release", id.clone())?;
    Ok(own)
}

/// The results of a lesson under names that mean nothing without it: hashes of Thing and value with a salt of their own.
fn members(results: &[(ThingId, f64)], salt: &[u8]) -> BTreeSet<[u8; MEMBER]> {
    let member = |(thing, value): &(ThingId, f64)| {
        let hash = Sha256::new().chain_update(salt).chain_update(thing.0.to_le_bytes()).chain_update(value.to_bits().to_le_bytes());
        let mut short = [0; MEMBER];
        short.copy_from_slice(&hash.finalize()[..MEMBER]);
        short
    };
    results.iter().map(member).collect()
}

/// What speaks against a Release of `results` in those that others have of the same lesson.
fn differs(results: &[(ThingId, f64)], k: u32, earlier: &[ReleaseSet]) -> Option<ReleaseError> {
    earlier.iter().find_map(|set| {
        let before = set.members.chunks_exact(MEMBER).filter_map(|member| member.try_into().ok()).collect();
        match differencing::allowed(&members(results, &set.salt), &before, k.max(set.k)) {
            // The same numbers once more, in the same cells: nobody learns anything.
            Err(ReleaseError::Again) if set.withdrawn && set.k == k => None,
            refused => refused.err(),
        }
    })
}

/// The plan of a lesson, with the SHA-256 of its files. Lessons of older hubs did not keep it: then of the plan as it is read.
fn plan(lesson: &Lesson, template: &Template) -> Plan {
    let read = || signed::sha256(&serde_json::to_vec(template).unwrap_or_default());
    let sha256 = lesson.template_hash.map_or_else(read, |hash| hash.to_string());
    Plan { id: template.id.clone(), version: template.version.to_string(), sha256 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(values: &[f64]) -> Vec<(ThingId, f64)> {
        values.iter().enumerate().map(|(index, value)| (ThingId(index as u64), *value)).collect()
    }

    fn set(results: &[(ThingId, f64)], withdrawn: bool) -> ReleaseSet {
        let salt = b"salt".to_vec();
        let members = members(results, &salt).into_iter().flatten().collect();
        ReleaseSet { release: "a".to_owned(), k: 5, withdrawn, salt, members }
    }

    #[test]
    fn earlier_releases_speak_against_a_later_one() {
        let values: Vec<f64> = (0..17).map(f64::from).collect();
        let twelve = class(&values[..12]);
        let earlier = |withdrawn| [set(&twelve, withdrawn)];
        assert_eq!(differs(&twelve, 5, &[]), None);
        assert_eq!(differs(&twelve, 5, &earlier(false)), Some(ReleaseError::Again));
        assert_eq!(differs(&twelve, 5, &earlier(true)), None, "what somebody had may be released again as it was");
        assert_eq!(differs(&twelve, 10, &earlier(true)), Some(ReleaseError::Again), "in other cells it tells more");
        let thirteen = class(&values[..13]);
        for withdrawn in [false, true] {
            let refused = Some(ReleaseError::Difference { more: 1, fewer: 0, k: 5 });
            assert_eq!(differs(&thirteen, 5, &earlier(withdrawn)), refused, "who had the first can still subtract");
        }
        assert_eq!(differs(&class(&values), 5, &earlier(false)), None, "five more tell of five");
        assert_eq!(differs(&class(&values), 10, &earlier(false)), Some(ReleaseError::Difference { more: 5, fewer: 0, k: 10 }));
    }
}
