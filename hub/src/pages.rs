//! Pages and their files, embedded in the binary, with the headers that keep them to themselves.

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::api::extract::At;
use crate::api::problem::Problem;
use crate::state::Hub;

/// Everything below `viz-wasm/www`. The charts (`pkg/`) are in it when `cargo xtask wasm` has built them; without them
/// the pages say so.
#[derive(RustEmbed)]
#[folder = "../viz-wasm/www"]
struct Www;

/// The pages: start, board and join, and their files below `/assets/`.
pub fn routes() -> Router<Hub> {
    Router::new()
        .route("/", get(|| page("index.html")))
        .route("/b/{lesson}", get(|| page("board.html")))
        .route("/j", get(|| page("join.html")))
        .route("/assets/{*path}", get(asset))
}

async fn page(name: &'static str) -> Response {
    serve(name).unwrap_or_else(|| Problem::internal(&format!("the page {name} is not in this binary")).into_response())
}

async fn asset(At(path): At<String>) -> Response {
    // Pages have addresses of their own; as assets they would resolve their links wrongly.
    let found = if path.ends_with(".html") { None } else { serve(&path) };
    found.unwrap_or_else(|| Problem::not_found(format!("There is no file /assets/{path}.")).into_response())
}

fn serve(path: &str) -> Option<Response> {
    let EmbeddedFile { data, metadata } = Www::get(path)?;
    let kind = match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("wasm") => "application/wasm",
        _ => "application/octet-stream",
    };
    let hash: String = metadata.sha256_hash().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    // Files keep their names between versions, so a browser asks each time and is told cheaply that nothing changed.
    let headers =
        [(header::CONTENT_TYPE, kind.to_owned()), (header::CACHE_CONTROL, "no-cache".to_owned()), (header::ETAG, format!("\"{hash}\""))];
    Some((headers, data.into_owned()).into_response())
}

/// Nothing but the hub's own scripts, styles and sockets; nothing inline.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Puts the security headers on every answer and turns away requests that another site's page makes.
pub async fn guard(request: Request, next: Next) -> Response {
    if let Some(problem) = foreign(&request) {
        return problem.into_response();
    }
    let etag = request.headers().get(header::IF_NONE_MATCH).cloned();
    let mut response = next.run(request).await;
    if etag.is_some() && response.headers().get(header::ETAG) == etag.as_ref() {
        response = (StatusCode::NOT_MODIFIED, [(header::ETAG, etag.unwrap_or(HeaderValue::from_static("")))]).into_response();
    }
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

/// A browser names the page's origin with every request that could change something or open a socket. A request without
/// one is not a browser's and passes; one from another origin is refused.
fn foreign(request: &Request) -> Option<Problem> {
    let origin = request.headers().get(header::ORIGIN)?;
    let host = request.headers().get(header::HOST)?.to_str().ok()?;
    let own = origin.to_str().ok().and_then(|origin| origin.split_once("://")).is_some_and(|(_, authority)| authority == host);
    (!own).then(|| Problem::forbidden(format!("This hub answers only pages of its own origin ({host}).")))
}
