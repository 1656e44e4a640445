//! The library: what a lesson can be about, with everything a teacher needs to know of it.

pub mod publish;
pub mod trial;

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use messwerk_lessons::template::{self, Language, Template};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use self::trial::reader;
use crate::address::Address;
use crate::api::blocking;
use crate::api::extract::{At, Parameters};
use crate::api::problem::Problem;
use crate::flow::state::asks_for_location;
use crate::shelf::amb::{self, Places};
use crate::shelf::nodes::nodes;
use crate::shelf::{Known, zip};
use crate::state::Hub;

/// A template as the library shows it. Texts are by language (`de`, `en`).
#[derive(Debug, Serialize, ToSchema)]
pub struct TemplateView {
    /// Its id: `pendulum`.
    pub id: String,
    /// Results compare within a major version.
    pub version: String,
    /// SHA-256 of its files' listing: the very version.
    pub sha256: String,
    /// `builtin`, `made` (here) or `imported`.
    pub source: &'static str,
    /// Whether it comes from somebody the hub knows: `builtin`, `made`, `trusted` (signed by a key of the configuration), `unknown` (signed
    /// by another key) or `unsigned`.
    pub trust: &'static str,
    /// The key that signed it, as minisign shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signer: Option<String>,
    /// What the lesson is called.
    #[schema(value_type = Object)]
    pub title: Value,
    /// What it is about.
    #[schema(value_type = Object)]
    pub summary: Value,
    /// What a group does.
    #[schema(value_type = Object)]
    pub task: Value,
    /// `physics`, `chemistry` …
    #[schema(value_type = String)]
    pub subject: Value,
    /// School years, from and to.
    pub grades: [u8; 2],
    /// How long it takes.
    pub minutes: u16,
    /// Pupils around one phone.
    pub group: u8,
    /// `de`, `en`.
    pub languages: Vec<&'static str>,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// SPDX.
    pub license: String,
    /// Whose it was, of a fork: `id`, `version`, `sha256`, `authors`, `license`.
    #[schema(value_type = Object)]
    pub origin: Value,
    /// What is recorded: `stream`, `property`, `unit`, `min_hz`, `max_hz`, `sources`.
    #[schema(value_type = Vec<Object>)]
    pub sensors: Vec<Value>,
    /// What a group types in.
    #[schema(value_type = Vec<Object>)]
    pub inputs: Value,
    /// What a group says before it measures.
    #[schema(value_type = Vec<Object>)]
    pub predictions: Value,
    /// What the board draws.
    #[schema(value_type = Vec<Object>)]
    pub figures: Value,
    /// The step whose result classes compare.
    pub outcome: String,
    /// Whether it asks where phones are.
    pub location_asked: bool,
}

/// A template with its texts.
#[derive(Debug, Serialize, ToSchema)]
pub struct WholeTemplate {
    /// What the library shows.
    #[serde(flatten)]
    pub about: TemplateView,
    /// The texts by language, in their order: `key`, `title`, whether only the `teacher` reads it, and `body`: a tree of elements, each a
    /// string or `{tag, children}`, with `href`, or `src` and `alt`.
    #[schema(value_type = Object)]
    pub texts: BTreeMap<&'static str, Vec<Value>>,
}

/// Which version; the newest without it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Which {
    version: Option<String>,
}

/// What a template records, as pages and senders are told.
pub fn sensors(template: &Template) -> Vec<Value> {
    let sensor = |sensor: &template::Sensor| {
        let property = sensor.quantity;
        json!({
            "stream": sensor.stream, "property": property.name(), "code": property.code(), "unit": property.unit(),
            "vector": property.is_vector(), "min_hz": sensor.min_hz, "max_hz": sensor.max_hz, "sources": sensor.sources, "event": sensor.event,
        })
    };
    template.sensors.iter().map(sensor).collect()
}

/// A version as the library shows it.
pub fn view(known: &Known) -> TemplateView {
    let template = &known.template;
    TemplateView {
        id: known.entry.id.clone(),
        version: known.entry.version.clone(),
        sha256: known.entry.hash.to_string(),
        source: known.entry.origin.name(),
        trust: known.trust(),
        signer: known.signer().map(str::to_owned),
        title: json!(template.title),
        summary: json!(template.summary),
        task: json!(template.task),
        subject: json!(template.subject),
        grades: template.grades,
        minutes: template.minutes,
        group: template.group,
        languages: template.languages.iter().map(|language| language.name()).collect(),
        authors: template.authors.clone(),
        license: template.license.clone(),
        origin: json!(template.origin),
        sensors: sensors(template),
        inputs: json!(template.inputs),
        predictions: json!(template.predictions),
        figures: json!(template.figures),
        outcome: template.outcome.clone(),
        location_asked: asks_for_location(template),
    }
}

/// The lessons that can be made: of each template the newest version. Anybody may look.
#[utoipa::path(get, path = "/api/v1/templates", responses((status = 200, body = Vec<TemplateView>)))]
pub async fn list(State(hub): State<Hub>) -> Result<Json<Vec<TemplateView>>, Problem> {
    let list = move || {
        let mut all = hub.shelf.all()?;
        all.dedup_by(|next, first| next.entry.id == first.entry.id);
        Ok(Json(all.iter().map(|known| view(known)).collect()))
    };
    blocking(list).await
}

/// One template with its texts. Anybody may look.
#[utoipa::path(get, path = "/api/v1/templates/{template}", params(("template" = String, Path), ("version" = Option<String>, Query, description = "the newest without it")), responses((status = 200, body = WholeTemplate), (status = 404, body = Problem, description = "`unknown_template`")))]
pub async fn show(
    State(hub): State<Hub>,
    At(id): At<String>,
    Parameters(which): Parameters<Which>,
) -> Result<Json<WholeTemplate>, Problem> {
    let turns = hub.clone();
    let show = move || {
        let known = hub.shelf.find(&id, which.version.as_deref())?;
        let bundle = hub.shelf.bundle(&known)?;
        let base = format!("/api/v1/templates/{}/versions/{}/", known.entry.id, known.entry.version);
        let texts = known.template.languages.iter().filter_map(|language: &Language| {
            let section = |section: &messwerk_lessons::bundle::Section| {
                json!({"key": section.key, "title": section.heading, "teacher": section.teacher, "body": nodes(&section.html)})
            };
            let sections = bundle.texts_at(*language, &base)?;
            Some((language.name(), sections.0.iter().map(section).collect()))
        });
        Ok(Json(WholeTemplate { about: view(&known), texts: texts.collect() }))
    };
    let _turn = reader(&turns).await?;
    blocking(show).await
}

/// A template's file (`.lesson`), as it is taken in elsewhere. Anybody may have it: its licence says what for.
#[utoipa::path(get, path = "/api/v1/templates/{template}/download", params(("template" = String, Path), ("version" = Option<String>, Query, description = "the newest without it")), responses((status = 200, content_type = "application/zip"), (status = 404, body = Problem, description = "`unknown_template`")))]
pub async fn download(State(hub): State<Hub>, At(id): At<String>, Parameters(which): Parameters<Which>) -> Result<Response, Problem> {
    let turns = hub.clone();
    let pack = move || {
        let known = hub.shelf.find(&id, which.version.as_deref())?;
        Ok((format!("{}-{}", known.entry.id, known.entry.version), zip(&hub.shelf.bundle(&known)?)?))
    };
    let _turn = reader(&turns).await?;
    let (name, bytes) = blocking(pack).await?;
    Ok(file(&name, bytes))
}

/// A template's file as an answer.
pub fn file(name: &str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.lesson\"")),
    ];
    (headers, bytes).into_response()
}

/// A picture of a template's texts.
#[utoipa::path(get, path = "/api/v1/templates/{template}/versions/{version}/assets/{asset}", params(("template" = String, Path), ("version" = String, Path), ("asset" = String, Path)), responses((status = 200, content_type = "image/png"), (status = 404, body = Problem)))]
pub async fn asset(State(hub): State<Hub>, At((id, version, name)): At<(String, String, String)>) -> Result<Response, Problem> {
    let turns = hub.clone();
    let read = move || {
        let known = hub.shelf.find(&id, Some(&version))?;
        let bundle = hub.shelf.bundle(&known)?;
        let path = format!("assets/{name}");
        let missing = |_| Problem::not_found(format!("The template {id} has no picture {name:?}."));
        let kind = bundle.picture(&path).map_err(missing)?.kind.media_type();
        Ok((kind, bundle.file(&path).unwrap_or_default().to_vec(), known.entry.hash.to_string()))
    };
    let _turn = reader(&turns).await?;
    let (kind, bytes, hash) = blocking(read).await?;
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CACHE_CONTROL, "max-age=3600".to_owned()),
        (header::ETAG, format!("\"{hash}\"")),
    ];
    Ok((headers, bytes).into_response())
}

/// What education portals read of a template: AMB (schema.org/LRMI) as JSON-LD.
#[utoipa::path(get, path = "/api/v1/templates/{template}/amb.json", params(("template" = String, Path), ("version" = Option<String>, Query, description = "the newest without it")), responses((status = 200, content_type = "application/ld+json"), (status = 404, body = Problem, description = "`unknown_template`")))]
pub async fn metadata(
    State(hub): State<Hub>,
    address: Address,
    At(id): At<String>,
    Parameters(which): Parameters<Which>,
) -> Result<Response, Problem> {
    let shelf = hub.clone();
    let known = blocking(move || shelf.shelf.find(&id, which.version.as_deref())).await?;
    let shown = hub.shown(&address);
    let at = |rest: &str| shown.url(&format!("/api/v1/templates/{}/{rest}?version={}", known.entry.id, known.entry.version));
    let told = amb::describe(&known.template, &Places { download: at("download"), description: at("amb.json") });
    Ok(([(header::CONTENT_TYPE, "application/ld+json")], told.to_string()).into_response())
}
