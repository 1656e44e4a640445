use serde_json::{Value, json};

use super::*;

fn document() -> Value {
    serde_json::to_value(Document::openapi()).unwrap()
}

#[test]
fn every_route_is_described() {
    let described = Document::openapi().paths.paths;
    let source = include_str!("../../api.rs");
    let routes: Vec<&str> = source.split(".route(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(routes.len() > 15);
    for route in &routes {
        assert!(described.contains_key(*route), "{route} is not in the OpenAPI document");
    }
    assert_eq!(described.len(), routes.len(), "the document describes routes that do not exist");
}

#[test]
fn refusals_are_listed_as_problem_documents() {
    let document = document();
    let check = |path: &str, method: &str, expected: &[&str]| {
        let responses = document["paths"][path][method]["responses"].as_object().unwrap();
        let refusals: Vec<&str> = responses.keys().map(String::as_str).filter(|status| status.starts_with(['4', '5'])).collect();
        assert_eq!(refusals, expected, "{method} {path}");
        for status in refusals {
            let content = responses[status]["content"].as_object().unwrap();
            assert_eq!(content.keys().collect::<Vec<_>>(), ["application/problem+json"], "{method} {path} {status}");
            assert_eq!(content["application/problem+json"]["schema"], json!({"$ref": "#/components/schemas/Problem"}));
        }
    };
    check("/api/v1/join", "post", &["400", "401", "403", "404", "409", "413", "415", "429", "503"]);
    let join = &document["paths"]["/api/v1/join"]["post"]["responses"];
    assert!(["lesson_full", "lobby_locked", "seat_used_up"].iter().all(|code| join["409"].to_string().contains(code)), "{join}");
    check("/api/v1/lessons", "post", &["400", "401", "403", "413", "415", "503"]);
    check("/api/v1/lessons", "get", &["401", "403"]);
    check("/api/v1/lessons/{id}/live", "get", &["400", "403", "404", "503"]);
    check("/api/v1/lessons/{id}/observations", "get", &["400", "401", "403", "404", "422", "503"]);
    check("/api/v1/lessons/{id}/outcomes", "get", &["400", "403", "404", "422", "503"]);
    check("/api/v1/lessons/{id}/latest", "get", &["400", "401", "403", "404", "503"]);
    check("/api/v1/things/{thing}/runs/{run}/exclusion", "put", &["400", "401", "403", "404", "413", "415", "503"]);
    assert!(document["components"]["schemas"]["Problem"].is_object());
}

#[test]
fn files_have_their_media_types_and_figures_their_names() {
    let document = document();
    for question in ["observations", "aggregates"] {
        let content = &document["paths"][format!("/api/v1/lessons/{{id}}/{question}")]["get"]["responses"]["200"]["content"];
        for kind in ["application/json", "text/csv; charset=utf-8", "application/vnd.apache.arrow.stream", "application/vnd.apache.parquet"]
        {
            assert!(content[kind].is_object(), "{question}: {content}");
        }
    }
    let figure = &document["paths"]["/api/v1/lessons/{id}/figures/{figure}"]["get"]["parameters"];
    let figure = figure.as_array().unwrap().iter().find(|parameter| parameter["name"] == "figure").unwrap();
    assert_eq!(figure["schema"]["enum"], json!(["sweep.svg", "tiles.svg", "overlay.svg", "strip.svg"]));
}

#[test]
fn what_is_shared_and_what_is_compared_are_described_apart() {
    let document = document();
    let body = &document["paths"]["/api/v1/lessons/{id}/releases/preview"]["post"]["requestBody"]["content"]["application/json"]["schema"];
    assert_eq!(body, &json!({"$ref": "#/components/schemas/ReleaseWanted"}));
    let keys = |name: &str| document["components"]["schemas"][name]["properties"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert!(keys("ReleaseWanted").contains(&"label".to_owned()) && keys("Wanted").contains(&"sources".to_owned()));
}
