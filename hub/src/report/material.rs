//! What a report is made of, gathered once.

use std::sync::Arc;

use chrono::{DateTime, Local};
use messwerk_lessons::Micros;
use messwerk_lessons::id::ThingId;
use messwerk_lessons::outcome::{ClassResult, unit_text};
use messwerk_lessons::template::{Figure, Template};
use messwerk_query::{LessonOutcomes, ThingOutcome};
use messwerk_store::catalogue::{Lesson, Thing};
use messwerk_viz_wasm::words::Lang;
use messwerk_viz_wasm::words::number::{decimals_of_uncertainty, fixed, shortest};

use crate::api::blocking;
use crate::api::lessons::{flow_of, template_of};
use crate::api::problem::Problem;
use crate::discuss::words::told;
use crate::discuss::{self, Curves, Groups, Predicted};
use crate::state::Hub;

/// Everything that is known of a lesson, for whoever the report is for.
pub(super) struct Material {
    pub(super) hub: Hub,
    pub(super) lesson: Lesson,
    pub(super) template: Arc<Template>,
    pub(super) outcomes: LessonOutcomes,
    pub(super) things: Vec<Thing>,
    /// What was said before measuring, once it is locked.
    pub(super) predicted: Predicted,
    /// Everybody's curves, where the template lays them on one another.
    pub(super) curves: Curves,
    pub(super) lang: Lang,
}

impl Material {
    pub(super) async fn gather(hub: &Hub, lesson: Lesson, outcomes: LessonOutcomes, language: &str) -> Result<Self, Problem> {
        let (reading, id) = (hub.clone(), lesson.id);
        let mut things = blocking(move || Ok(reading.store.catalogue().things(id)?)).await?;
        things.retain(|thing| !thing.removed);
        let template = template_of(hub, &lesson)?;
        let state = flow_of(hub, lesson.id)?.now();
        let locked = discuss::locked(&state.lesson, &state.takes);
        let entered = things.iter().filter(|thing| !thing.hidden).map(|thing| &thing.inputs);
        let predicted = if locked { Predicted::of(&template, entered) } else { Predicted::default() };
        let overlays = template.figures.iter().any(|figure| matches!(figure, Figure::Overlay { .. }));
        let curves = if overlays { Groups::curves(&hub.groups.of(hub, &template, &outcomes, None).await?) } else { Curves::new() };
        Ok(Self { hub: hub.clone(), lesson, template, outcomes, things, predicted, curves, lang: Lang::from_tag(language) })
    }

    pub(super) fn language(&self) -> &'static str {
        self.lang.pick("de", "en")
    }

    /// A text in the report's language.
    pub(super) fn word<'a>(&self, de: &'a str, en: &'a str) -> &'a str {
        self.lang.pick(de, en)
    }

    pub(super) fn outcome_of(&self, thing: ThingId) -> Option<&ThingOutcome> {
        self.outcomes.outcomes.iter().find(|outcome| outcome.thing == thing)
    }

    /// The class's result for the lesson's outcome.
    pub(super) fn class(&self) -> Option<&ClassResult> {
        self.outcomes.class.get(&self.template.outcome)
    }

    /// `9,78 ± 0,05 m/s²`, with the digits that stand in the figures.
    pub(super) fn told(&self, value: f64, uncertainty: f64, unit: &str) -> String {
        told(value, uncertainty, unit, self.lang)
    }

    /// `9,81 m/s²`: a number that stands as it is.
    pub(super) fn exact(&self, value: f64, unit: &str) -> String {
        format!("{} {}", shortest(value, self.lang), unit_text(unit)).trim_end().to_owned()
    }

    /// `9,75 bis 9,83 m/s²`: with the digits that half of its width deserves.
    pub(super) fn interval(&self, [low, high]: [f64; 2], unit: &str) -> String {
        let decimals = decimals_of_uncertainty((high - low) / 2.0);
        let [low, high] = [low, high].map(|end| fixed(end, decimals, self.lang));
        format!("{low} {} {high} {}", self.word("bis", "to"), unit_text(unit)).trim_end().to_owned()
    }

    /// The lesson's day and hours where the hub stands.
    pub(super) fn when(&self) -> String {
        let begun = self.day(self.lesson.created);
        let end = self.lesson.ended.map(|ended| self.hour(ended));
        match end {
            Some(end) => format!("{begun}–{end}"),
            None => format!("{begun} ({})", self.word("läuft noch", "still running")),
        }
    }

    fn day(&self, time: Micros) -> String {
        local(time).format(self.word("%d.%m.%Y, %H:%M", "%-d %B %Y, %H:%M")).to_string()
    }

    pub(super) fn hour(&self, time: Micros) -> String {
        local(time).format("%H:%M").to_string()
    }
}

fn local(time: Micros) -> DateTime<Local> {
    DateTime::from_timestamp_micros(time).unwrap_or_default().with_timezone(&Local)
}
