//! Figures of what a group's steps gave: points with their fit, motions, spectra. The template's analysis is run once more over the
//! recording that the result comes from, with everything it gives.

use std::sync::Arc;

use messwerk_lessons::template::Figure;
use messwerk_query::{Scope, ThingOutcome};

use super::figures::Drawn;
use super::material::Material;
use crate::api::problem::Problem;
use crate::discuss::Own;

impl Material {
    /// What the template shows of a group's own numbers and signals.
    pub(super) async fn worked_figures(&self, outcome: &ThingOutcome) -> Result<Vec<Drawn>, Problem> {
        let wanted = |figure: &Figure| matches!(figure, Figure::Scatter { .. } | Figure::Spectrum { .. } | Figure::Motion { .. });
        if !self.template.figures.iter().any(wanted) {
            return Ok(vec![]);
        }
        let data = self.hub.engine.recording(&Scope::lesson(self.lesson.id), outcome, None).await?;
        let (template, name) = (Arc::clone(&self.template), outcome.nickname.clone());
        // A minute of a fast sensor is milliseconds of work, and a class has many.
        let worked = crate::api::blocking(move || Ok(Own::of(&template, data).drawn(&name))).await?;
        let figures = worked.figures.into_iter().filter(|(place, _)| self.template.figures.get(*place).is_some_and(wanted));
        figures.filter_map(|(_, figure)| figure.ok()).map(|plain| self.drawn(&plain, plain.title(self.lang))).collect()
    }
}
