//! Pages and their files, embedded in the binary, with the headers that keep them to themselves.

mod files;
mod headers;
mod missing;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

pub use self::files::problem;
use self::files::{asset, page};
pub use self::missing::{is_for_a_person, missing};
use crate::address::Address;
use crate::api::problem::Problem;
use crate::state::Hub;

/// Every page: its address, and its file in `viz-wasm/www`. None of them holds data: what a page shows it asks the API for, so
/// pages are open to everybody.
pub const PAGES: [(&str, &str); 18] = [
    ("/", "index.html"),
    ("/j", "join.html"),
    ("/b/{lesson}", "board.html"),
    ("/b/{lesson}/results", "discuss.html"),
    ("/setup", "setup.html"),
    ("/login", "login.html"),
    ("/t", "library.html"),
    ("/t/compare", "compare.html"),
    ("/t/editor", "editor.html"),
    ("/t/{lesson}", "console.html"),
    ("/t/{lesson}/release", "release.html"),
    ("/releases", "release.html"),
    ("/w", "stations.html"),
    ("/w/{id}", "station.html"),
    ("/privacy", "privacy.html"),
    ("/check", "check.html"),
    ("/help", "help.html"),
    ("/sky", "sky.html"),
];

/// The pages, and their files below `/assets/`.
pub fn routes() -> Router<Hub> {
    let pages = PAGES.iter().fold(Router::new(), |router, (path, file)| router.route(path, get(|| page(file))));
    pages.route("/assets/{*path}", get(asset))
}

/// Where tables are that a teacher opened to programs of any origin: the link is the credential, and nothing else counts there.
const LINKS: &str = "/x/";

/// Turns away requests under a name that is not the hub's and those that another site's page makes, and puts the security
/// headers on every answer.
pub async fn guard(State(hub): State<Hub>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let address = match hub.addresses.asked(&parts) {
        Ok(address) => address,
        Err(problem) => return headers::secured(problem.into_response(), None, false),
    };
    let lasting = hub.addresses.lasting(&address);
    let linked = parts.method == Method::GET && parts.uri.path().starts_with(LINKS);
    if let Some(problem) = foreign(&parts.headers, &address).filter(|_| !linked) {
        return headers::secured(problem.into_response(), Some(&address), lasting);
    }
    parts.extensions.insert(address.clone());
    let etag = parts.headers.get(header::IF_NONE_MATCH).cloned();
    let mut response = next.run(Request::from_parts(parts, body)).await;
    if etag.is_some() && response.headers().get(header::ETAG) == etag.as_ref() {
        response = (StatusCode::NOT_MODIFIED, [(header::ETAG, etag.unwrap_or(HeaderValue::from_static("")))]).into_response();
    }
    headers::secured(response, Some(&address), lasting)
}

/// A browser names the page's origin with every request that could change something or open a socket. A request without
/// one is not a browser's and passes; one from another origin is refused.
fn foreign(headers: &HeaderMap, address: &Address) -> Option<Problem> {
    let origin = headers.get(header::ORIGIN)?;
    let own = origin.to_str().is_ok_and(|origin| address.is_origin(origin));
    (!own).then(|| {
        let origin = address.origin();
        Problem::forbidden(format!("This hub answers only pages of its own origin ({origin}).")).coded("foreign_origin")
    })
}
