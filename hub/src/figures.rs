//! The board's figures as SVG, drawn on the server from the same messages that a browser gets.

use std::time::Duration;

use messwerk_lessons::frame::Frame;
use messwerk_query::{LiveSpec, Scope, Window};
use messwerk_store::catalogue::Lesson;
use messwerk_viz_wasm::figure::Figure;
use messwerk_viz_wasm::svg::{self, Sheet};
use messwerk_viz_wasm::words::Lang;

use crate::api::lessons::{flow_of, template_of};
use crate::api::live::Shown;
use crate::api::problem::Problem;
use crate::api::questions::shown_outcomes;
use crate::flow::state::Telling;
use crate::state::Hub;

/// A sheet for a projector or a printed page.
const SIZE: (u32, u32) = (1280, 720);
/// How long the windows may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Draws `strip.svg`, `tiles.svg`, `overlay.svg` or `sweep.svg` of a lesson as it is now.
pub async fn draw(hub: &Hub, lesson: &Lesson, name: &str, language: &str) -> Result<String, Problem> {
    let unknown = || Problem::not_found(format!("There is no figure {name}. There are strip.svg, tiles.svg, overlay.svg and sweep.svg."));
    let figure = Figure::from_name(name.strip_suffix(".svg").ok_or_else(unknown)?).map_err(|_| unknown())?;
    let scope = Scope::lesson(lesson.id);
    let template = template_of(hub, lesson)?;
    let property = template.trace().map(|(property, _)| property);
    let view = property.map(|property| hub.engine.live(&scope, LiveSpec { property, window: Window::SHORTEST }));
    let state = flow_of(hub, lesson.id)?.now();
    let shown = Shown::of(&state);
    let outcomes = shown_outcomes(hub, lesson, None).await?;
    let outcomes = serde_json::to_string(&outcomes).map_err(|error| Problem::internal(&error))?;
    // The first version comes even if there is no reading; without one in time the figure is empty, not missing.
    let frame = match view {
        Some(view) => {
            let _ = tokio::time::timeout(PATIENCE, view.changed().wait_for(|version| *version > 0)).await;
            view.changes_since(0).1
        }
        None => Frame { origin: 0, window: 100_000, series: vec![] }.encode().into(),
    };
    let sheet = Sheet { width: SIZE.0, height: SIZE.1, lang: Lang::from_tag(language), ..Sheet::default() };
    let about = state.message(&template, &Telling { property, now: hub.clock.now(), ..Telling::default() })?;
    svg::render(figure, &about, &shown.frame(frame), &outcomes, sheet).map_err(|error| Problem::internal(&error))
}
