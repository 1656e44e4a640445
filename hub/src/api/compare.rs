//! Two or more classes side by side, and what may be said of them.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use messwerk_viz_wasm::paint::Theme;
use messwerk_viz_wasm::svg::{self, Sheet};
use messwerk_viz_wasm::words::Lang;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};

use crate::api::extract::{At, Body, Parameters};
use crate::api::problem::Problem;
use crate::api::who::Teacher;
use crate::compare::{self, Compared, Source, figure, in_short};
use crate::state::Hub;

/// What is to be compared.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// Two to twelve classes. Their results must come from the same template and major version.
    sources: Vec<Source>,
}

/// In which language a refusal is told.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct InLanguage {
    /// `de` or `en` (default).
    lang: Option<String>,
}

/// What a comparison found. Texts are by language (`de`, `en`), numbers in `comparison.unit`.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComparedView {
    /// The template: `id`, `version`, `title`.
    #[schema(value_type = Object)]
    template: Value,
    /// What was compared: `name`, `label`.
    #[schema(value_type = Object)]
    outcome: Value,
    /// `classes` with number, mean, scatter and results, and `pairs` with difference, interval (`interval`; `ci95` is the one of the pair
    /// alone), p-values and `verdict`: `differ`, `differ_but_little`, `agree`, `cannot_tell`, `too_few` or `no_scatter`.
    #[schema(value_type = Object)]
    comparison: Value,
    /// The verdict of each pair in two or three words, in the order of `comparison.pairs`.
    #[schema(value_type = Vec<Object>)]
    verdicts: Vec<Value>,
    /// Everything in sentences: `headline`, `pairs`, `decided`, `assumptions`, `classes`, `excluded`.
    #[schema(value_type = Object)]
    words: Value,
    /// Groups of each class that have no result yet.
    waiting: Vec<usize>,
}

impl ComparedView {
    fn of(compared: &Compared) -> Result<Self, serde_json::Error> {
        let Compared { template, comparison, waiting, .. } = compared;
        let label = template.label_of(&template.outcome);
        Ok(Self {
            template: json!({ "id": template.id, "version": template.version.to_string(), "title": template.title }),
            outcome: json!({ "name": comparison.outcome, "label": label }),
            verdicts: comparison.pairs.iter().map(|pair| serde_json::to_value(in_short(pair.verdict))).collect::<Result<_, _>>()?,
            words: serde_json::to_value(comparison.words())?,
            comparison: serde_json::to_value(comparison)?,
            waiting: waiting.clone(),
        })
    }
}

/// Compares the results of two to twelve classes: do they differ, agree, or can nobody tell yet? Results of different templates or
/// major versions are refused (`not_comparable`).
#[utoipa::path(post, path = "/api/v1/compare", params(InLanguage), request_body = Wanted, responses((status = 200, body = ComparedView), (status = 404, body = Problem), (status = 409, body = Problem, description = "these do not compare; the sentence says why, in the language asked for")), security(("token" = [])))]
pub async fn compare(
    State(hub): State<Hub>,
    _: Teacher,
    Parameters(InLanguage { lang }): Parameters<InLanguage>,
    Body(Wanted { sources }): Body<Wanted>,
) -> Result<Json<ComparedView>, Problem> {
    let compared = compare::of(&hub, &sources, lang.as_deref().unwrap_or("en")).await?;
    ComparedView::of(&compared).map(Json).map_err(|error| Problem::internal(&error))
}

/// What is to be drawn, and how large.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Drawing {
    /// The list of sources as in the body of `POST /api/v1/compare`, as JSON.
    sources: String,
    /// `de` or `en` (default).
    lang: Option<String>,
    /// `dark` or `light` (default).
    theme: Option<String>,
    /// Width in pixels, 160 to 4096; 1280 by default.
    width: Option<u32>,
    /// Height in pixels, 120 to 4096; 720 by default.
    height: Option<u32>,
}

/// Compared classes as SVG: `strip.svg`, `box.svg`, `histogram.svg` with all on one axis, or `difference.svg`.
#[utoipa::path(get, path = "/api/v1/compare/{figure}", params(("figure" = String, Path), Drawing), responses((status = 200, content_type = "image/svg+xml"), (status = 400, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)), security(("token" = [])))]
pub async fn draw(
    State(hub): State<Hub>,
    _: Teacher,
    At(name): At<String>,
    Parameters(drawing): Parameters<Drawing>,
) -> Result<Response, Problem> {
    let unknown = || {
        let names = figure::NAMES.map(|name| format!("{name}.svg")).join(", ");
        Problem::not_found(format!("There is no figure {}. There are {names}.", name.chars().take(40).collect::<String>()))
    };
    let wanted = name.strip_suffix(".svg").filter(|wanted| figure::NAMES.contains(wanted)).ok_or_else(unknown)?;
    let sources: Vec<Source> = serde_json::from_str(&drawing.sources).map_err(|error| {
        Problem::bad_request(format!("sources is no list of sources ({error}): write [{{\"kind\":\"lesson\",\"id\":\"…\"}}, …]."))
    })?;
    let language = drawing.lang.as_deref().unwrap_or("en");
    let compared = compare::of(&hub, &sources, language).await?;
    let figure = figure::of(&compared, wanted).ok_or_else(unknown)?;
    let theme = if drawing.theme.as_deref() == Some("dark") { Theme::Dark } else { Theme::Light };
    let side = |given: Option<u32>, least: u32, usual: u32| given.unwrap_or(usual).clamp(least, 4096);
    let (width, height) = (side(drawing.width, 160, 1280), side(drawing.height, 120, 720));
    let sheet = Sheet { width, height, lang: Lang::from_tag(language), theme };
    let svg = svg::plain(&figure, sheet).map_err(|error| Problem::internal(&error))?;
    Ok(([(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "no-store")], svg).into_response())
}
