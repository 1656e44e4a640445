//! Two or more classes side by side, and what may be said of them.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use messwerk_lessons::compare::Trend;
use messwerk_viz_wasm::paint::Theme;
use messwerk_viz_wasm::svg::{self, Sheet};
use messwerk_viz_wasm::words::Lang;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};

use crate::api::extract::{At, Body, Parameters};
use crate::api::problem::Problem;
use crate::api::who::Teacher;
use crate::compare::across::{self, Across};
use crate::compare::{self, Compared, Origin, Source, figure, in_short};
use crate::state::Hub;

/// What is to be compared.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// Two to twelve classes: lessons of this hub and releases of schools. Their results must come from the same template and major
    /// version.
    sources: Vec<Source>,
    /// A number of each class, to look whether the results go with it.
    #[serde(default)]
    across: Option<Across>,
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
    /// Where each class's results came from, in the order of the sources.
    origins: Vec<Origin>,
    /// Groups of each class that have no result yet.
    waiting: Vec<usize>,
    /// The line through the means of the classes over the number that was given of each: `verdict` (`rises`, `falls`, `cannot_tell`,
    /// `too_few`, `same_number` or `no_scatter`), `line` with slope, intercept, their standard errors and 95 % intervals, `classes` with
    /// what each lies `above` it, and `words`: `headline`, `slope`, `decided`, `assumptions`, `left_out`. Left out if none was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    across: Option<Value>,
}

impl ComparedView {
    fn of(compared: &Compared, trend: Option<&Trend>) -> Result<Self, serde_json::Error> {
        let Compared { template, comparison, origins, waiting, .. } = compared;
        let across = |trend: &Trend| {
            let mut told = serde_json::to_value(trend)?;
            told["words"] = serde_json::to_value(trend.words())?;
            Ok::<_, serde_json::Error>(told)
        };
        let label = template.label_of(&template.outcome);
        Ok(Self {
            template: json!({ "id": template.id, "version": template.version.to_string(), "title": template.title }),
            outcome: json!({ "name": comparison.outcome, "label": label }),
            verdicts: comparison.pairs.iter().map(|pair| serde_json::to_value(in_short(pair.verdict))).collect::<Result<_, _>>()?,
            words: serde_json::to_value(comparison.words())?,
            comparison: serde_json::to_value(comparison)?,
            origins: origins.clone(),
            waiting: waiting.clone(),
            across: trend.map(across).transpose()?,
        })
    }
}

/// Compares the results of two to twelve classes: do they differ, agree, or can nobody tell yet? Results of different templates or
/// major versions are refused (`not_comparable`), releases that were withdrawn (`release_withdrawn`) or are not used here
/// (`release_unused`), too.
#[utoipa::path(post, path = "/api/v1/compare", params(InLanguage), request_body = Wanted, responses((status = 200, body = ComparedView), (status = 404, body = Problem, description = "there is no such lesson, or no such release here (`release_gone`)"), (status = 409, body = Problem, description = "these do not compare; the sentence says why, in the language asked for")), security(("token" = [])))]
pub async fn compare(
    State(hub): State<Hub>,
    _: Teacher,
    Parameters(InLanguage { lang }): Parameters<InLanguage>,
    Body(Wanted { sources, across }): Body<Wanted>,
) -> Result<Json<ComparedView>, Problem> {
    let compared = compare::of(&hub, &sources, lang.as_deref().unwrap_or("en")).await?;
    let trend = across.map(|across| across.of(&compared)).transpose()?;
    ComparedView::of(&compared, trend.as_ref()).map(Json).map_err(|error| Problem::internal(&error))
}

/// What is to be drawn, and how large.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Drawing {
    /// The list of sources as in the body of `POST /api/v1/compare`, as JSON.
    sources: String,
    /// For `across.svg`: a number of each class as in the body of `POST /api/v1/compare`, as JSON.
    across: Option<String>,
    /// `de` or `en` (default).
    lang: Option<String>,
    /// `dark` or `light` (default).
    theme: Option<String>,
    /// Width in pixels, 160 to 4096; 1280 by default.
    width: Option<u32>,
    /// Height in pixels, 120 to 4096; 720 by default.
    height: Option<u32>,
}

/// Compared classes as SVG: `strip.svg`, `box.svg`, `histogram.svg` with all on one axis, `difference.svg`, or
/// `across.svg` with their means over a number of each.
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
    let lang = Lang::from_tag(language);
    let figure = match wanted {
        "across" => across::drawn(&compared, &entered(drawing.across.as_deref())?.of(&compared)?, lang),
        _ => figure::of(&compared, wanted).ok_or_else(unknown)?,
    };
    let theme = if drawing.theme.as_deref() == Some("dark") { Theme::Dark } else { Theme::Light };
    let side = |given: Option<u32>, least: u32, usual: u32| given.unwrap_or(usual).clamp(least, 4096);
    let (width, height) = (side(drawing.width, 160, 1280), side(drawing.height, 120, 720));
    let sheet = Sheet { width, height, lang, theme };
    let svg = svg::plain(&figure, sheet).map_err(|error| Problem::internal(&error))?;
    Ok(([(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "no-store")], svg).into_response())
}

/// The numbers of the classes in an address.
fn entered(across: Option<&str>) -> Result<Across, Problem> {
    serde_json::from_str(across.unwrap_or_default()).map_err(|error| {
        let example = r#"{"name":"latitude","unit":"°","values":[54.3,48.1,null,52.5]}"#;
        Problem::bad_request(format!("across is no number of each class ({error}): write {example}."))
    })
}
