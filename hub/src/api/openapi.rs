//! The OpenAPI document, made from the handlers' own descriptions; a test holds that no route is missing.

use axum::Json;
use messwerk_query::Format;
use messwerk_viz_wasm::figure::Figure;
use utoipa::openapi::path::{Operation, Parameter};
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{Content, PathItem, Ref, RefOr};
use utoipa::{Modify, OpenApi};

use crate::api::export::writing::XLSX;
use crate::api::{
    authority, check, commands, compare, console, discussion, drafts, export, feeds, health, ingest, join, lessons, live, login, mqtt,
    offers, phone, phyphox, qr, questions, releases, setup, sky, stations, templates, things, upload,
};
use crate::privacy;
use crate::report;

#[derive(OpenApi)]
#[openapi(
    info(title = "Messwerk", description = "The sensor hub for science lessons. Errors are RFC 9457 problem documents."),
    paths(
        lessons::create, lessons::list, lessons::show, lessons::end, commands::command, commands::log, commands::erase, console::watch, phone::connect, templates::list, templates::show, templates::download, templates::asset, templates::metadata, templates::publish::publish,
        templates::publish::withdraw, templates::publish::restore, templates::publish::forked, templates::trial::lint, templates::trial::preview,
        drafts::list, drafts::begin, drafts::show, drafts::save, drafts::download, drafts::remove, drafts::restore, join::join,
        things::set_inputs, things::exclude, things::erase_run,
        questions::observations, questions::aggregates, questions::latest, questions::outcomes, questions::rejections, questions::figure, discussion::show, discussion::group,
        export::book::workbook, export::link::make, export::link::list, export::link::revoke, export::link::open,
        report::class, report::all, report::group, report::own,
        live::watch, qr::code, phyphox::file, upload::upload, ingest::receive, mqtt::upgrade, document,
        setup::set_up, login::log_in, login::log_out, login::me,
        releases::preview, releases::create, releases::list, releases::file, releases::withdraw, releases::foreign::import,
        releases::foreign::say, releases::foreign::forget, releases::foreign::pull, releases::public::catalog, releases::public::release, releases::public::template, offers::take,
        compare::compare, compare::draw,
        sky::satellites, sky::elements, sky::school, sky::forget_school, sky::sun::day, sky::sun::year, sky::orbit, sky::remove, sky::passes,
        stations::list, stations::create, stations::show, stations::change, stations::erase, stations::renew, stations::payloads, stations::attempt, stations::door::addressed,
        stations::series::series, stations::compare::rose, stations::compare::compare,
        stations::files::hand_in, stations::files::list, stations::files::cancel, feeds::list, feeds::ask, feeds::demo,
        privacy::show, check::report, check::reports, check::socket, check::doctor, authority::certificate, health::alive, health::ready, health::metrics,
    ),
    modifiers(&Token, &Refusals, &Files)
)]
struct Document;

struct Token;

impl Modify for Token {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("token", scheme);
        // Its name is `messwerk` over plain HTTP.
        let cookie = ApiKeyValue::with_description("__Host-messwerk", "a teacher's session, made by /api/v1/login");
        components.add_security_scheme("cookie", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    }
}

/// Completes what each route may answer: refusals come from extractors and layers as well as from the handler, so they are
/// derived from the route's form here, once, and each is described as what it is, a problem document.
struct Refusals;

impl Modify for Refusals {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        for (path, item) in &mut document.paths.paths {
            for operation in operations(item) {
                refusals(path, operation);
            }
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.put, &mut item.post, &mut item.patch, &mut item.delete].into_iter().flatten()
}

/// Routes that are answered from stored readings, however many there are.
const QUESTIONS: [&str; 9] =
    ["/observations", "/aggregates", "/outcomes", "/figures/{figure}", "/workbook", "/x/{token}", "/report", "/reports", "/report/{thing}"];

fn refusals(path: &str, operation: &mut Operation) {
    let mut possible = vec![("403", "a browser's page of another origin asked, or the token does not open this")];
    if path.starts_with("/api/") && (path.contains('{') || operation.request_body.is_some()) {
        possible.push(("400", "something in address, parameters or body does not fit"));
    }
    if operation.request_body.is_some() {
        possible.push(("413", "the body is too large"));
        possible.push(("415", "the body is packed: send it without Content-Encoding"));
    }
    if let Some(security) = operation.security.as_mut().filter(|security| security.len() == 1) {
        // Where a teacher's token opens, a teacher's session does.
        security.push(SecurityRequirement::new::<_, _, &str>("cookie", []));
    }
    if operation.security.is_some() || path == "/api/v1/lessons/{id}" {
        possible.push(("401", "no token, or one that is not known here"));
    }
    if path.contains("{id}") || path.contains("{thing}") {
        possible.push(("404", "there is no such lesson, Thing, run or figure"));
    }
    if path.contains("{id}") || operation.request_body.is_some() {
        possible.push(("503", "not now: the hub is busy, stopping, or its disk is full"));
    }
    if QUESTIONS.iter().any(|question| path.ends_with(question)) {
        possible.push(("422", "the answer would be too large or take too long: ask for less"));
    }
    let responses = &mut operation.responses.responses;
    for (status, description) in possible {
        responses.entry(status.to_owned()).or_insert_with(|| ResponseBuilder::new().description(description).into());
    }
    for (_, response) in responses.iter_mut().filter(|(status, _)| status.starts_with(['4', '5'])) {
        if let RefOr::T(response) = response {
            let problem = Content::new(Some(Ref::from_schema_name("Problem")));
            response.content = [("application/problem+json".to_owned(), problem)].into_iter().collect();
        }
    }
}

/// Answers that are files: their media types, and the names of the figures, from where both are decided.
struct Files;

impl Modify for Files {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        for (path, item) in &mut document.paths.paths {
            for operation in operations(item) {
                if path.ends_with("/observations") || path.ends_with("/aggregates") {
                    rows(operation);
                }
                if path.ends_with("/observations") || path.ends_with("/outcomes") {
                    workbook(operation);
                }
                operation.parameters.iter_mut().flatten().for_each(name_figures);
            }
        }
    }
}

fn rows(operation: &mut Operation) {
    let Some(RefOr::T(answer)) = operation.responses.responses.get_mut("200") else { return };
    for format in [Format::Json, Format::Csv, Format::Arrow, Format::Parquet] {
        let schema = match format {
            Format::Json => ObjectBuilder::new().schema_type(Type::Array).description(Some("an array of objects")),
            Format::Csv => ObjectBuilder::new().schema_type(Type::String),
            // OpenAPI 3.1: bytes have no schema but their media type.
            _ => ObjectBuilder::new().content_media_type(format.media_type()),
        };
        answer.content.insert(format.media_type().to_owned(), Content::new(Some(schema)));
    }
}

fn workbook(operation: &mut Operation) {
    if let Some(RefOr::T(answer)) = operation.responses.responses.get_mut("200") {
        answer.content.insert(XLSX.to_owned(), Content::new(Some(ObjectBuilder::new().content_media_type(XLSX))));
    }
}

fn name_figures(parameter: &mut Parameter) {
    if parameter.name == "figure" {
        let names = Figure::ALL.map(|figure| format!("{}.svg", figure.name()));
        parameter.schema = Some(ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names)).into());
    }
}

/// This document.
#[utoipa::path(get, path = "/api/v1/openapi.json", responses((status = 200, description = "OpenAPI 3.1")))]
pub async fn document() -> Json<utoipa::openapi::OpenApi> {
    Json(Document::openapi())
}

#[cfg(test)]
mod tests;
