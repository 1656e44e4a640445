//! What plain HTTP still serves when the hub has a certificate.
//!
//! phyphox and stations cannot do everything a browser can, so readings (`/i/…`, `/s/…` and the paths that stations know),
//! generated experiments (`/p/…`), the local authority's certificate and the sign of life stay. Everything else goes to HTTPS: a page asked for is redirected, and
//! only for now (307), because a browser that remembered it for good would not find a hub that later has no certificate. What was
//! sent with a body is refused instead: it went over the air once already.
//!
//! The hub's own machine, asked for as `localhost` or by a loopback address, is served as before: nobody can read along there,
//! browsers count it as secure, and a certificate names the hub, not `localhost`, so its tools could not use HTTPS.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::uri::{Authority, PathAndQuery};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Secure;
use crate::api::problem::Problem;
use crate::api::stations::door;
use crate::state::Hub;

/// Lets a request through, or sends it to HTTPS.
pub async fn rule(State(hub): State<Hub>, request: Request, next: Next) -> Response {
    let secure = request.extensions().get() == Some(&Secure(true));
    if hub.tls.is_none() || secure || open(request.uri().path()) || of_this_machine(&request) {
        return next.run(request).await;
    }
    match moved(&request) {
        Some(address) => (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, address)]).into_response(),
        None => Problem::forbidden("This hub takes that only over HTTPS: write https:// instead of http:// (or wss:// instead of ws://).")
            .into_response(),
    }
}

fn open(path: &str) -> bool {
    ["/i/", "/p/"].iter().chain(&door::PREFIXES).any(|prefix| path.starts_with(prefix)) || ["/healthz", "/tls/ca.pem"].contains(&path)
}

fn host(request: &Request) -> Option<Authority> {
    request.headers().get(header::HOST)?.to_str().ok()?.parse().ok()
}

fn of_this_machine(request: &Request) -> bool {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let from_here = peer.is_some_and(|ConnectInfo(peer)| peer.ip().to_canonical().is_loopback());
    from_here && host(request).is_some_and(|host| loopback(host.host()))
}

fn loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || bare.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

/// The same address with https, for whoever only wants to read.
fn moved(request: &Request) -> Option<HeaderValue> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) || request.headers().contains_key(header::UPGRADE) {
        return None;
    }
    let path = request.uri().path_and_query().map_or("/", PathAndQuery::as_str);
    HeaderValue::try_from(format!("https://{}{path}", host(request)?)).ok()
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    #[test]
    fn reading_is_redirected_and_nothing_else() {
        let check = |method: Method, host: Option<&str>, path: &str, upgrade: bool, expected: Option<&str>| {
            let mut request = Request::builder().method(method).uri(path);
            if let Some(host) = host {
                request = request.header(header::HOST, host);
            }
            if upgrade {
                request = request.header(header::UPGRADE, "websocket");
            }
            let moved = moved(&request.body(Body::empty()).unwrap());
            assert_eq!(moved.as_ref().map(|address| address.to_str().unwrap()), expected, "{path}");
        };
        let hub = Some("hub.local:8080");
        check(Method::GET, hub, "/j?lang=de", false, Some("https://hub.local:8080/j?lang=de"));
        check(Method::HEAD, hub, "/", false, Some("https://hub.local:8080/"));
        check(Method::GET, Some("[fd00::1]:8080"), "/", false, Some("https://[fd00::1]:8080/"));
        check(Method::POST, hub, "/api/v1/login", false, None);
        check(Method::GET, hub, "/mqtt", true, None);
        check(Method::GET, None, "/", false, None);
        check(Method::GET, Some("not a host"), "/", false, None);
    }

    #[test]
    fn what_phyphox_needs_stays_open() {
        for (path, expected) in [
            ("/i/token", true),
            ("/p/token.phyphox", true),
            ("/healthz", true),
            ("/tls/ca.pem", true),
            ("/", false),
            ("/i", false),
            ("/api/v1/join", false),
            ("/tls/ca.key", false),
        ] {
            assert_eq!(open(path), expected, "{path}");
        }
        for (host, expected) in
            [("localhost", true), ("LOCALHOST", true), ("127.0.0.1", true), ("[::1]", true), ("hub.local", false), ("10.0.0.1", false)]
        {
            assert_eq!(loopback(host), expected, "{host}");
        }
    }
}
