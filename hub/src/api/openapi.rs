//! The OpenAPI document, made from the handlers' own descriptions; a test holds that no route is missing.

use axum::Json;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi};

use crate::api::{health, ingest, lessons, live, mqtt, questions, things};

#[derive(OpenApi)]
#[openapi(
    info(title = "Messwerk", description = "The sensor hub for science lessons. Errors are RFC 9457 problem documents."),
    paths(
        lessons::create, lessons::list, lessons::show, lessons::end, lessons::join,
        things::set_inputs, things::exclude,
        questions::observations, questions::aggregates, questions::latest, questions::outcomes, questions::rejections, questions::figure,
        live::watch, ingest::receive, mqtt::upgrade, document,
        health::alive, health::ready, health::metrics,
    ),
    modifiers(&Token)
)]
struct Document;

struct Token;

impl Modify for Token {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        document.components.get_or_insert_default().add_security_scheme("token", scheme);
    }
}

/// This document.
#[utoipa::path(get, path = "/api/v1/openapi.json", responses((status = 200, description = "OpenAPI 3.1")))]
pub async fn document() -> Json<utoipa::openapi::OpenApi> {
    Json(Document::openapi())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_is_described() {
        let described = Document::openapi().paths.paths;
        let source = include_str!("../api.rs");
        let routes: Vec<&str> = source.split(".route(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert!(routes.len() > 15);
        for route in &routes {
            assert!(described.contains_key(*route), "{route} is not in the OpenAPI document");
        }
        assert_eq!(described.len(), routes.len(), "the document describes routes that do not exist");
    }
}
