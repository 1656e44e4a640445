//! A Release as a class: what it tells, and nothing that it does not.

use messwerk_lessons::compare::{Evidence, Excluded, Sample, Summary};
use messwerk_lessons::release::{AboutSoMany, Release};
use messwerk_lessons::template::{Text, Version};

use super::source::{Origin, refused};
use super::{Class, Of};
use crate::api::blocking;
use crate::api::problem::Problem;
use crate::release::plan;
use crate::release::signed::{self, Signed};
use crate::release::trust::Trust;
use crate::state::Hub;

/// The class of a Release that is here and used.
pub(super) async fn class(hub: &Hub, id: &str, language: &str) -> Result<Class, Problem> {
    let (hub, id, language) = (hub.clone(), id.to_owned(), language.to_owned());
    blocking(move || read(&hub, &id, &language)).await
}

fn read(hub: &Hub, id: &str, language: &str) -> Result<Class, Problem> {
    let catalogue = hub.store.catalogue();
    let (file, trust, source, of) = if let Some(own) = catalogue.release(id)? {
        (own.file, "own", None, own.lesson.map_or(Of::Elsewhere, Of::Lesson))
    } else if let Some(kept) = catalogue.foreign_release(id)? {
        if !kept.used {
            return Err(refused(&unused(), language, "release_unused"));
        }
        let trust = Trust::of(&kept, &catalogue.sources()?, &hub.sharing.config);
        (kept.file, trust.name(), trust.source().map(str::to_owned), Of::Elsewhere)
    } else if catalogue.is_buried(id)? {
        return Err(refused(&withdrawn(), language, "release_withdrawn"));
    } else {
        return Err(Problem::not_found(gone().in_language(language)).coded("release_gone"));
    };
    // Looked at once more: what is said of it in front of a class is what was signed.
    let Signed { release, .. } = signed::read(&file).map_err(|error| Problem::internal(&format!("release {id}: {error}")))?;
    let template = plan::find(catalogue, &release)?;
    let sample = sample(&release).ok_or_else(|| Problem::internal(&format!("release {id} has no version")))?;
    let origin = Origin::Release {
        school: release.source.label,
        region: release.source.region,
        week: release.week.to_string(),
        k: release.k,
        singles: release.singles.is_some(),
        trust,
        source,
    };
    Ok(Class { template, sample, waiting: 0, numbers: vec![], left_out: vec![], origin, of })
}

/// What a Release tells of a class's results; `None` if its template's version is none.
fn sample(release: &Release) -> Option<Sample> {
    let evidence = match &release.singles {
        Some(singles) => Evidence::Singles(singles.clone()),
        None => Evidence::Summary(Summary {
            n: release.n as usize,
            mean: release.mean,
            sd: release.sd,
            histogram: Some(release.histogram.clone()),
        }),
    };
    let AboutSoMany { to, .. } = release.excluded;
    let excluded = (to > 0).then(|| Excluded { reason: String::new(), count: release.excluded });
    Some(Sample {
        label: String::new(),
        template: release.template.id.clone(),
        version: Version::parse(&release.template.version)?,
        outcome: release.outcome.clone(),
        unit: release.unit.clone(),
        evidence,
        excluded: excluded.into_iter().collect(),
    })
}

fn unused() -> Text {
    Text {
        de: "Diese Freigabe wird hier nicht verwendet, weil ihre Quelle unbekannt ist oder Sie es so gesagt haben. Auf der Seite „Freigaben“ \
             können Sie das ändern."
            .to_owned(),
        en: "This release is not used here, because its source is unknown or because you said so. The page “Releases” changes that."
            .to_owned(),
    }
}

fn withdrawn() -> Text {
    Text {
        de: "Diese Freigabe wurde zurückgezogen und soll nicht mehr verwendet werden. Wählen Sie sie ab.".to_owned(),
        en: "This release was withdrawn and is not to be used any more. Take it out of the choice.".to_owned(),
    }
}

fn gone() -> Text {
    Text {
        de: "Diese Freigabe ist nicht hier: Sie wurde entfernt, oder ihre Nummer stimmt nicht. Wählen Sie sie ab.".to_owned(),
        en: "This release is not here: it was removed, or its number is wrong. Take it out of the choice.".to_owned(),
    }
}

/// Neither this hub nor any class chosen has the template.
pub(super) fn no_template(template: &str, version: &str) -> Text {
    Text {
        de: format!(
            "Diesem Hub fehlt die Vorlage „{template}“ in der Fassung {version}: Ohne sie weiß er nicht, was die Zahlen bedeuten. Nehmen Sie sie \
             zuerst ins Regal auf."
        ),
        en: format!(
            "This hub does not have the template “{template}” in version {version}: without it nobody here knows what the numbers mean. Take it \
             onto the shelf first."
        ),
    }
}

#[cfg(test)]
mod tests {
    use messwerk_lessons::release::{Measured, Origin as Source, Plan, Rules, Week, Wish};

    use super::*;

    fn release(singles: bool, excluded: u32) -> Release {
        let results: Vec<f64> = (0..12).map(|group| 9.7 + 0.02 * f64::from(group)).collect();
        let template = Plan { id: "pendulum".to_owned(), version: "1.2.0".to_owned(), sha256: "0".repeat(64) };
        let measured = Measured { week: Week::of(0), template, outcome: "g", unit: "m/s2", results: &results, excluded };
        let source = Source { label: "Seeschule".to_owned(), region: None };
        let wish = Wish { id: "A".repeat(22), source, singles };
        Release::build(&measured, wish, Rules { aggregates: true, singles: true, k: 5 }).unwrap()
    }

    #[test]
    fn of_aggregates_only_the_summary_is_known() {
        let of = release(false, 0);
        let found = sample(&of).unwrap();
        let Evidence::Summary(summary) = &found.evidence else { panic!("{found:?}") };
        assert_eq!((summary.n, summary.mean, summary.sd), (12, of.mean, of.sd));
        assert_eq!(summary.histogram.as_ref().unwrap().counts, of.histogram.counts);
        assert_eq!((found.template.as_str(), found.version.major, found.unit.as_str(), found.excluded.len()), ("pendulum", 1, "m/s2", 0));
    }

    #[test]
    fn single_results_are_taken_as_they_were_shared_and_the_rest_is_about_so_many() {
        let of = release(true, 2);
        let found = sample(&of).unwrap();
        assert_eq!(found.evidence, Evidence::Singles(of.singles.unwrap()));
        assert_eq!(found.excluded, [Excluded { reason: String::new(), count: AboutSoMany { from: 1, to: 4 } }]);
    }
}
