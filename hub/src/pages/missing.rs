//! What a browser shows at an address where there is nothing: a page for people; programs get a Problem.

use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::Response;

use super::files::page;

/// Addresses that programs ask; what is wrong there is a Problem, also in a browser's address bar.
const PROGRAMS: [&str; 9] = ["/api", "/assets", "/i", "/p", "/x", "/tls", "/mqtt", "/metrics", "/readyz"];

/// Whether somebody looks at the answer: a browser says that it wants a page.
pub fn is_for_a_person(method: &Method, path: &str, headers: &HeaderMap) -> bool {
    let program = PROGRAMS.iter().any(|taken| path.strip_prefix(taken).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')));
    let wants = |value: &HeaderValue| value.to_str().is_ok_and(|list| list.split(',').any(is_html));
    matches!(*method, Method::GET | Method::HEAD) && !program && headers.get_all(header::ACCEPT).iter().any(wants)
}

fn is_html(range: &str) -> bool {
    let mut parts = range.split(';').map(str::trim);
    let html = parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case("text/html"));
    // A quality of zero is a refusal.
    html && !parts.any(|part| part.strip_prefix("q=").is_some_and(|quality| quality.parse::<f64>().is_ok_and(|quality| quality == 0.0)))
}

/// The page, as an answer of 404 that no browser keeps: tomorrow something may be there.
pub async fn missing() -> Response {
    let mut response = page("missing.html").await;
    if response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response.headers_mut().remove(header::ETAG);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_for_who_asks_for_one() {
        let check = |method: Method, path: &str, accept: &str, expected: bool| {
            let headers = HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_str(accept).unwrap())]);
            assert_eq!(is_for_a_person(&method, path, &headers), expected, "{method} {path} {accept}");
        };
        let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        check(Method::GET, "/konsole", browser, true);
        check(Method::HEAD, "/konsole", browser, true);
        check(Method::GET, "/t/a/b", "Text/HTML", true);
        check(Method::GET, "/pupils", browser, true);
        check(Method::POST, "/konsole", browser, false);
        check(Method::GET, "/konsole", "*/*", false);
        check(Method::GET, "/konsole", "application/json, text/html;q=0", false);
        for path in ["/api", "/api/v2/lessons", "/assets/none.js", "/p/a/b", "/i/a/b", "/tls/ca.key"] {
            check(Method::GET, path, browser, false);
        }
        assert!(!is_for_a_person(&Method::GET, "/konsole", &HeaderMap::new()));
    }
}
