//! Request bodies: read whole, within a size and a time, or refused with the reason that is true.

use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::{Bytes, BytesMut};
use futures::StreamExt;
use tokio::time::timeout;

use super::{WebRefused, WebStats};
use crate::api::problem::Problem;
use crate::api::stations::door;
use crate::state::Hub;

/// Bytes of a body that is no body of readings. The longest is a handful of inputs.
const API: usize = 64 * 1024;

/// Why a body was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// It has more bytes than it may.
    TooLarge,
    /// It did not come in time.
    Late,
    /// It broke off or is wrongly framed.
    Broken,
}

impl Unread {
    /// Counts it and says it to the client; `limit` is what the body may have.
    pub fn refuse(self, limit: usize, stats: &WebStats) -> Problem {
        let (reason, status, title, detail) = match self {
            Self::TooLarge => (
                WebRefused::BodyTooLarge,
                StatusCode::PAYLOAD_TOO_LARGE,
                "Too large",
                format!("A body may have {limit} bytes. Send smaller batches more often."),
            ),
            Self::Late => (
                WebRefused::BodyTimeout,
                StatusCode::REQUEST_TIMEOUT,
                "Too slow",
                "The body did not arrive in time. Send it again, in smaller batches if the network is slow.".to_owned(),
            ),
            Self::Broken => (
                WebRefused::BodyBroken,
                StatusCode::BAD_REQUEST,
                "Bad request",
                "The body broke off or is not what its Content-Length or Transfer-Encoding says. Send it again.".to_owned(),
            ),
        };
        stats.refuse(reason);
        Problem::new(status, title, detail)
    }
}

/// How many bytes a body says it has; `None` if it does not say. A length above `limit` is refused unread.
pub fn announced(body: &Body, limit: usize) -> Result<Option<usize>, Unread> {
    let length = body.size_hint().exact().map(|length| usize::try_from(length).unwrap_or(usize::MAX));
    if length.is_some_and(|length| length > limit) { Err(Unread::TooLarge) } else { Ok(length) }
}

/// Reads a body of at most `limit` bytes, in `time` altogether: a byte now and then keeps nothing open.
pub async fn read(body: Body, limit: usize, time: Duration) -> Result<Bytes, Unread> {
    let announced = announced(&body, limit)?;
    let mut parts = body.into_data_stream();
    let all = async {
        let Some(first) = parts.next().await else { return Ok(Bytes::new()) };
        let first = first.map_err(|_| Unread::Broken)?;
        if announced == Some(first.len()) {
            return Ok(first);
        }
        let mut whole = BytesMut::with_capacity(announced.unwrap_or(first.len()));
        let mut next = Some(Ok(first));
        while let Some(part) = next {
            let part = part.map_err(|_| Unread::Broken)?;
            if whole.len() + part.len() > limit {
                return Err(Unread::TooLarge);
            }
            whole.extend_from_slice(&part);
            next = parts.next().await;
        }
        Ok(whole.freeze())
    };
    timeout(time, all).await.unwrap_or(Err(Unread::Late))
}

/// The refusal of a packed body: the hub unpacks nothing, because a few bytes of gzip may be gigabytes.
fn packed(headers: &HeaderMap) -> Option<Problem> {
    let codings = headers.get_all(header::CONTENT_ENCODING).iter();
    let foreign = codings.map(|coding| coding.to_str().unwrap_or("?").trim()).find(|coding| !coding.eq_ignore_ascii_case("identity"))?;
    let detail = format!("The hub does not unpack a body ({foreign}). Send it plain, without Content-Encoding.");
    Some(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Packed body", detail))
}

/// Reads the bodies of all routes but the readings' doors, which make room for its own first, and of uploaded files and templates, which are larger. Packed ones are refused for all.
pub async fn gather(State(hub): State<Hub>, request: Request, next: Next) -> Response {
    if let Some(problem) = packed(request.headers()) {
        return problem.into_response();
    }
    let path = request.uri().path();
    let is_file = (path.starts_with("/api/v1/things/") && path.ends_with("/upload"))
        || (path.starts_with("/api/v1/stations/") && path.ends_with("/files"))
        || path == "/api/v1/releases";
    // Those read theirs themselves, as much as a template may have.
    let is_template = ["/api/v1/templates", "/api/v1/templates/lint", "/api/v1/templates/preview"].contains(&path)
        || (path == "/api/v1/drafts" || path.starts_with("/api/v1/drafts/") && !path.ends_with("/restore"));
    let is_door = path.starts_with("/i/") || door::PREFIXES.iter().any(|prefix| path.starts_with(prefix));
    if is_door || is_file || is_template || request.body().is_end_stream() {
        return next.run(request).await;
    }
    let (head, body) = request.into_parts();
    match read(body, API, hub.web_limits.body_time).await {
        Ok(body) => next.run(Request::from_parts(head, body.into())).await,
        Err(unread) => unread.refuse(API, &hub.web).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use futures::stream;

    use super::*;

    #[test]
    fn a_packed_body_is_refused_and_a_plain_one_is_not() {
        let cases: [(&[&str], bool); 5] =
            [(&[], false), (&["identity"], false), (&["Identity"], false), (&["gzip"], true), (&["identity", "br"], true)];
        for (codings, refused) in cases {
            let mut headers = HeaderMap::new();
            for coding in codings {
                headers.append(header::CONTENT_ENCODING, coding.parse().unwrap());
            }
            let problem = packed(&headers);
            assert_eq!(problem.is_some(), refused, "{codings:?}");
            assert!(problem.is_none_or(|problem| problem.status == 415 && problem.detail.contains("plain")), "{codings:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_is_whole_or_refused_with_the_reason_that_is_true() {
        let check = async |body: Body, expected: Result<&'static [u8], Unread>| {
            assert_eq!(read(body, 8, Duration::from_secs(1)).await, expected.map(Bytes::from_static));
        };
        let parts = |parts: &[&'static str]| {
            Body::from_stream(stream::iter(parts.iter().map(|&part| Ok::<_, Infallible>(part)).collect::<Vec<_>>()))
        };
        check(Body::empty(), Ok(b"")).await;
        check(Body::from("12345678"), Ok(b"12345678")).await;
        check(Body::from("123456789"), Err(Unread::TooLarge)).await;
        check(parts(&["1234", "5678"]), Ok(b"12345678")).await;
        check(parts(&["1234", "56789"]), Err(Unread::TooLarge)).await;
        let broken = [Ok("12"), Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset))];
        check(Body::from_stream(stream::iter(broken)), Err(Unread::Broken)).await;
        // A byte each 0.3 s keeps it open no longer than the time.
        let drip = stream::unfold((), |()| async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            Some((Ok::<_, Infallible>("1"), ()))
        });
        check(Body::from_stream(drip), Err(Unread::Late)).await;
    }
}
