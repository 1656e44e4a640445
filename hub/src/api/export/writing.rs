//! In which format an answer is written, and the headers of its file.

use axum::body::Body;
use axum::http::header::{self, HeaderName};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{AppendHeaders, IntoResponse, Response};
use futures::StreamExt;
use messwerk_query::{Answer, Dialect, Format, Missing};

use crate::api::export::names::FileName;
use crate::api::problem::Problem;
use crate::api::questions::rfc3339;

/// The media type of workbooks.
pub(crate) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// How an answer is written, known to be right before anything is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Writing {
    /// Piece by piece.
    Rows(Format, Dialect),
    /// As a workbook.
    Book,
}

impl Writing {
    /// By the parameters; without `format` by the header `Accept`, and JSON for whoever takes anything.
    pub(crate) fn read(format: Option<&str>, dialect: Option<&str>, headers: &HeaderMap) -> Result<Self, Problem> {
        let writing = match format {
            Some("xlsx") => Self::Book,
            Some(format) => Self::Rows(Format::from_name(format)?, Dialect::default()),
            None => accepted(headers),
        };
        let Some(dialect) = dialect else { return Ok(writing) };
        let dialect = Dialect::from_name(dialect)?;
        match writing {
            Self::Rows(Format::Csv, _) => Ok(Self::Rows(Format::Csv, dialect)),
            _ => Err(Problem::bad_request("dialect is how CSV is written; add format=csv, or leave dialect out.")),
        }
    }

    /// Whether it is CSV, which has columns of its own.
    pub(crate) fn is_csv(self) -> bool {
        matches!(self, Self::Rows(Format::Csv, _))
    }

    /// The answer as it is computed. What is missing in it is said where machines look and where people look: in a header
    /// and in the file's name.
    pub(crate) fn stream(format: Format, dialect: Dialect, answer: Answer, name: FileName, language: &str) -> Response {
        let missing = answer.missing().to_vec();
        // The layer that packs answers asks again after the end.
        let body = Body::from_stream(answer.encode(format, dialect).fuse());
        Self::Rows(format, dialect).respond(&missing, name, language, body)
    }

    /// A file as an answer.
    pub(crate) fn respond(self, missing: &[Missing], name: FileName, language: &str, body: Body) -> Response {
        let (kind, ending, name) = match self {
            Self::Rows(Format::Csv, Dialect::German) => (Format::Csv.media_type(), Format::Csv.name(), name.and("Excel")),
            Self::Rows(format, _) => (format.media_type(), format.name(), name),
            Self::Book => (XLSX, "xlsx", name),
        };
        let name = match missing {
            [] => name,
            _ => name.and(if language == "de" { "unvollstaendig" } else { "incomplete" }),
        };
        let headers = [
            (header::CONTENT_TYPE, kind.to_owned()),
            (header::CONTENT_DISPOSITION, name.disposition(ending)),
            (header::CACHE_CONTROL, "no-store".to_owned()),
            (header::VARY, "accept, accept-language".to_owned()),
        ];
        let missing = missing_header(missing).map(|missing| [(MISSING, missing)]);
        (headers, AppendHeaders(missing.into_iter().flatten()), body).into_response()
    }
}

/// The first format of the header `Accept` that we write; JSON if there is none.
fn accepted(headers: &HeaderMap) -> Writing {
    let lists = headers.get_all(header::ACCEPT).iter().filter_map(|value: &HeaderValue| value.to_str().ok());
    let kind = |range: &str| match range.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        "application/json" | "*/*" => Some(Writing::Rows(Format::Json, Dialect::default())),
        "text/csv" => Some(Writing::Rows(Format::Csv, Dialect::default())),
        "application/vnd.apache.arrow.stream" => Some(Writing::Rows(Format::Arrow, Dialect::default())),
        "application/vnd.apache.parquet" => Some(Writing::Rows(Format::Parquet, Dialect::default())),
        XLSX => Some(Writing::Book),
        _ => None,
    };
    lists.flat_map(|list| list.split(',')).find_map(kind).unwrap_or(Writing::Rows(Format::Json, Dialect::default()))
}

/// The header of an answer that goes without readings whose files cannot be read: a list (RFC 9651) with one entry a file.
const MISSING: HeaderName = HeaderName::from_static("messwerk-missing");

/// `angular_velocity;readings=54000;from="2026-01-03T10:43:32.314000Z";to="…"`, or nothing.
fn missing_header(missing: &[Missing]) -> Option<String> {
    let file = |missing: &Missing| {
        let Missing { property, readings, from, to } = missing;
        format!("{};readings={readings};from=\"{}\";to=\"{}\"", property.name(), rfc3339(*from), rfc3339(*to))
    };
    (!missing.is_empty()).then(|| missing.iter().map(file).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use messwerk_lessons::quantity::ObservedProperty;

    use super::*;

    #[test]
    fn formats_are_said_or_accepted() {
        let check = |format: Option<&str>, dialect: Option<&str>, accept: &str, expected: Option<Writing>| {
            let headers = HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_str(accept).unwrap())]);
            assert_eq!(Writing::read(format, dialect, &headers).ok(), expected, "{format:?} {dialect:?} {accept}");
        };
        let rows = |format| Some(Writing::Rows(format, Dialect::Standard));
        check(None, None, "", rows(Format::Json));
        check(None, None, "text/html, */*;q=0.8", rows(Format::Json));
        check(None, None, "text/csv", rows(Format::Csv));
        check(None, None, "Text/CSV; charset=utf-8, application/json", rows(Format::Csv));
        check(None, None, XLSX, Some(Writing::Book));
        check(None, None, "application/vnd.apache.parquet", rows(Format::Parquet));
        check(None, None, "application/vnd.apache.arrow.stream", rows(Format::Arrow));
        check(Some("csv"), None, XLSX, rows(Format::Csv));
        check(Some("xlsx"), None, "text/csv", Some(Writing::Book));
        check(Some("csv"), Some("de"), "", Some(Writing::Rows(Format::Csv, Dialect::German)));
        check(None, Some("de"), "text/csv", Some(Writing::Rows(Format::Csv, Dialect::German)));
        for (format, dialect) in [(Some("json"), Some("de")), (Some("xlsx"), Some("de")), (Some("csv"), Some("fr")), (Some("xls"), None)] {
            check(format, dialect, "", None);
        }
    }

    #[test]
    fn what_is_missing_stands_in_the_header() {
        assert_eq!(missing_header(&[]), None);
        let file = |property, readings| Missing { property, readings, from: 1_767_437_012_314_000, to: 1_767_437_013_000_000 };
        let found = missing_header(&[file(ObservedProperty::AngularVelocity, 54_000), file(ObservedProperty::Pressure, 7)]).unwrap();
        let span = "from=\"2026-01-03T10:43:32.314000Z\";to=\"2026-01-03T10:43:33.000000Z\"";
        assert_eq!(found, format!("angular_velocity;readings=54000;{span}, pressure;readings=7;{span}"));
    }
}
