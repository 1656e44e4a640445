//! Errors as RFC 9457 problem documents: a status, a short title, and a sentence that names the fix.

use std::time::Duration;

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// The answer to a request that could not be served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// What kind of problem, in two or three words.
    pub title: &'static str,
    /// The HTTP status again.
    pub status: u16,
    /// The kind in one word that never changes, for programs and for pages that say it in their own language.
    #[schema(example = "wrong_code")]
    pub code: &'static str,
    /// What went wrong here and what to do about it.
    pub detail: String,
    /// What was found instead of what was needed: a file's columns.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub found: Vec<String>,
    /// Seconds after which it may work, as the header `Retry-After`.
    #[serde(skip)]
    pub retry_after: Option<u64>,
}

/// Seconds after which a sender that was turned away may try again: several seals of a full memory budget.
const LATER: u64 = 5;

impl Problem {
    /// Any of them; the constructors below say which one when.
    pub(crate) fn new(status: StatusCode, title: &'static str, detail: impl Into<String>) -> Self {
        Self { title, status: status.as_u16(), code: word(status), detail: detail.into(), found: vec![], retry_after: None }
    }

    /// The same with a word of its own instead of its status' one.
    pub(crate) fn coded(self, code: &'static str) -> Self {
        Self { code, ..self }
    }

    /// The same, told to try again after `wait`, in whole seconds.
    pub(crate) fn after(self, wait: Duration) -> Self {
        Self { retry_after: Some(wait.as_secs_f64().ceil().max(1.0) as u64), ..self }
    }

    /// 400: the request itself is wrong.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "Bad request", detail)
    }

    /// 401: no token, or one the hub does not know.
    pub fn unauthorized(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Not signed in", detail)
    }

    /// 403: the token does not open this.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "Not allowed", detail)
    }

    /// 404: no such thing.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not found", detail)
    }

    /// 405: the address exists, this method does not.
    pub fn wrong_method(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "Wrong method", detail)
    }

    /// 409: the request is right, but not as things stand.
    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "Not as things stand", detail)
    }

    /// 429: too often; `wait` is told in whole seconds.
    pub fn too_many(detail: impl Into<String>, wait: Duration) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "Too many attempts", detail).after(wait)
    }

    /// 413: too large.
    pub fn too_large(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "Too large", detail)
    }

    /// 422: the question is right, but its answer would be too large.
    pub fn too_much(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "Too much asked", detail)
    }

    /// 503: not now; keep the data and try again.
    pub fn unavailable(detail: impl Into<String>) -> Self {
        Self { retry_after: Some(LATER), ..Self::new(StatusCode::SERVICE_UNAVAILABLE, "Not available now", detail) }
    }

    /// 500: a defect of the hub. The cause is logged, not shown.
    pub fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!("{cause}");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "Internal error",
            "The hub could not answer; its log names the cause. Please report it.",
        )
    }
}

/// The word of a status where a Problem has none of its own.
fn word(status: StatusCode) -> &'static str {
    match status {
        StatusCode::BAD_REQUEST => "bad_request",
        StatusCode::UNAUTHORIZED => "not_signed_in",
        StatusCode::FORBIDDEN => "not_allowed",
        StatusCode::NOT_FOUND => "not_found",
        StatusCode::METHOD_NOT_ALLOWED => "wrong_method",
        StatusCode::REQUEST_TIMEOUT => "too_slow",
        StatusCode::CONFLICT => "conflict",
        StatusCode::TOO_MANY_REQUESTS => "too_many",
        StatusCode::PAYLOAD_TOO_LARGE => "too_large",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "packed",
        StatusCode::UNPROCESSABLE_ENTITY => "too_much",
        StatusCode::SERVICE_UNAVAILABLE => "unavailable",
        StatusCode::MISDIRECTED_REQUEST => "unknown_host",
        _ => "internal",
    }
}

/// A number as a sentence can carry it: never three hundred digits.
pub fn short(number: f64) -> String {
    let magnitude = number.abs();
    if magnitude == 0.0 || (1e-4..1e7).contains(&magnitude) { number.to_string() } else { format!("{number:e}") }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let wait = self.retry_after;
        let mut response = (status, Json(self)).into_response();
        let kind = header::HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        if let Some(seconds) = wait {
            response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, header::HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// SQLite's primary result codes that speak of the disk: I/O error (also a quota that is used up), full, read-only.
const DISK: [i32; 3] = [10, 13, 8];

/// Whether SQLite refused a change because of the disk. The low byte of its code is the primary one.
fn of_the_disk(code: i32) -> bool {
    DISK.contains(&(code & 0xff))
}

/// Whether the store failed because of the disk, which somebody at the hub can mend, and not because of a defect.
fn disk_refused(error: &messwerk_store::Error) -> bool {
    use std::io::ErrorKind::{QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    match error {
        messwerk_store::Error::Catalogue(error) => error.sqlite_error().is_some_and(|error| of_the_disk(error.extended_code)),
        messwerk_store::Error::Io(error) => matches!(error.kind(), StorageFull | QuotaExceeded | ReadOnlyFilesystem),
        _ => false,
    }
}

/// The word of a conflict.
fn conflict(error: &messwerk_store::Error) -> &'static str {
    use messwerk_store::catalogue::Conflict;
    match error {
        messwerk_store::Error::Conflict(Conflict::TakeOpen) => "take_open",
        messwerk_store::Error::Conflict(Conflict::DraftsFull) => "drafts_full",
        messwerk_store::Error::Conflict(Conflict::DraftChanged) => "draft_changed",
        messwerk_store::Error::Conflict(Conflict::LobbyLocked) => "lobby_locked",
        messwerk_store::Error::Conflict(Conflict::LessonFull) => "lesson_full",
        messwerk_store::Error::Conflict(Conflict::LessonEnded) => "lesson_ended",
        messwerk_store::Error::Conflict(Conflict::SeatUsedUp) => "seat_used_up",
        _ => "conflict",
    }
}

/// A clause with a capital and a full stop.
fn sentence(clause: &str) -> String {
    let mut characters = clause.chars();
    let first: String = characters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}.", characters.as_str())
}

impl From<messwerk_store::Error> for Problem {
    fn from(error: messwerk_store::Error) -> Self {
        if disk_refused(&error) {
            tracing::error!("{error}: nothing can be changed until the disk takes it");
            return Self::unavailable(
                "The hub's disk takes nothing more: it is full or cannot be written. Free some space on it, then try again; the hub goes \
                 on by itself.",
            );
        }
        match error.kind() {
            messwerk_store::ErrorKind::NotFound => Self::not_found(error.to_string()),
            messwerk_store::ErrorKind::Unavailable => Self::unavailable(error.to_string()),
            messwerk_store::ErrorKind::Conflict => Self::conflict(sentence(&error.to_string())).coded(conflict(&error)),
            _ => Self::internal(&error),
        }
    }
}

impl From<messwerk_query::Error> for Problem {
    fn from(error: messwerk_query::Error) -> Self {
        use messwerk_query::ErrorKind;
        match error.kind() {
            ErrorKind::Invalid => Self::bad_request(error.to_string()),
            ErrorKind::NotFound => Self::not_found(error.to_string()),
            ErrorKind::TooLarge => Self::too_much(error.to_string()),
            ErrorKind::Unavailable => Self::unavailable(error.to_string()),
            _ => Self::internal(&error),
        }
    }
}

#[cfg(test)]
mod tests {
    use messwerk_query::Error;

    use super::*;

    #[test]
    fn who_can_do_something_about_a_failed_question_is_told_what() {
        let check = |error: Error, status: u16, fix: &str| {
            let problem = Problem::from(error);
            assert_eq!(problem.status, status, "{}", problem.detail);
            assert!(problem.detail.contains(fix), "{}", problem.detail);
            assert_eq!(problem.retry_after.is_some(), status == 503, "{}", problem.detail);
        };
        check(Error::Memory, 422, "ask for a shorter time span");
        check(Error::Deadline(Duration::from_secs(30)), 422, "ask for a shorter time span");
        check(Error::Unreadable("a.parquet".to_owned()), 503, "ask again");
        check(Error::Busy, 503, "ask again");
        check(Error::Invalid("write 1".to_owned()), 400, "write 1");
        check(Error::NotFound("no such thing".to_owned()), 404, "no such thing");
        check(Error::Encode("a defect".to_owned()), 500, "report");
    }

    #[test]
    fn a_disk_that_takes_nothing_is_no_defect() {
        // SQLITE_FULL, SQLITE_READONLY, SQLITE_IOERR_WRITE; SQLITE_BUSY and a constraint are something else.
        for (code, disk) in [(13, true), (8, true), (778, true), (5, false), (19, false), (2067, false)] {
            assert_eq!(of_the_disk(code), disk, "{code}");
        }
        let full = messwerk_store::Error::Io(std::io::ErrorKind::StorageFull.into());
        for error in [full, messwerk_store::Error::ReadOnly("the disk is full; free some space".to_owned())] {
            let refused = Problem::from(error);
            assert_eq!((refused.status, refused.retry_after.is_some()), (503, true));
            assert!(refused.detail.contains("ree some space") && refused.detail.contains("disk"), "{}", refused.detail);
        }
        let defect = messwerk_store::Error::Io(std::io::ErrorKind::InvalidData.into());
        assert_eq!(Problem::from(defect).status, 500);
    }

    #[test]
    fn a_number_in_a_sentence_is_short() {
        for (number, expected) in
            [(0.421, "0.421"), (4000.0, "4000"), (0.0, "0"), (-2.5, "-2.5"), (1e308, "1e308"), (-1e-300, "-1e-300"), (2e7, "2e7")]
        {
            assert_eq!(short(number), expected);
        }
    }
}
