//! What a request carries, taken apart with the house's errors: a wrong body, query or path is answered with a problem
//! document that says what to write instead, never with a framework's own text.

use axum::Json;
use axum::extract::rejection::{BytesRejection, PathRejection, QueryRejection};
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use bytes::Bytes;
use serde::de::DeserializeOwned;

use crate::api::problem::Problem;

/// What frameworks put in front of what is wrong.
const PREFACES: [&str; 4] = [
    "Failed to deserialize the JSON body into the target type: ",
    "Failed to parse the request body as JSON: ",
    "Failed to deserialize query string: ",
    "Invalid URL: ",
];

/// A programmer's words and a person's.
const WORDS: [(&str, &str); 6] = [
    ("invalid digit found in string", "not a whole number from 0 up, such as 100"),
    ("cannot parse integer from empty string", "not a whole number from 0 up, such as 100"),
    ("number too large to fit in target type", "too large a number"),
    ("number too small to fit in target type", "too small a number"),
    ("to a `u32`", "as a whole number from 0 up"),
    ("expected f64", "expected a number"),
];

/// A framework's text in words of a person who does not know the program.
fn plain(text: &str) -> String {
    let bare = PREFACES.iter().find_map(|preface| text.strip_prefix(preface)).unwrap_or(text);
    WORDS.iter().fold(bare.to_owned(), |text, (theirs, ours)| text.replace(theirs, ours))
}

/// A JSON object as the body, whatever its Content-Type says: no route takes anything else, and `curl -d` says it is a form.
/// That another site's form cannot post one is the Origin check's work (`pages::guard`).
#[derive(Debug, Clone)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;
    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let refused = |rejection: BytesRejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(format!("The body is too large: {}.", rejection.body_text())),
            _ => Problem::bad_request(format!("The body could not be read: {}. Send it again.", rejection.body_text())),
        };
        object(&Bytes::from_request(request, state).await.map_err(refused)?).map(Self)
    }
}

fn object<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    // Some editors begin a file with a byte order mark.
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let refused = |what: &str| {
        Problem::bad_request(format!("The body does not fit: {what}. /api/v1/openapi.json describes the body of each request."))
    };
    // A list would be read as an object's values in their order, which nobody means.
    if body.trim_ascii_start().first() != Some(&b'{') {
        return Err(refused("it is no JSON object, which begins with { and has names in quotes"));
    }
    Json::from_bytes(body).map(|Json(body)| body).map_err(|rejection| refused(&plain(&rejection.body_text())))
}

/// The parameters behind the question mark.
#[derive(Debug, Clone)]
pub struct Parameters<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Parameters<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let refused = |rejection: QueryRejection| {
            let what = plain(&rejection.body_text());
            Problem::bad_request(format!("{what}. /api/v1/openapi.json lists the parameters of each address."))
        };
        Query::from_request_parts(parts, state).await.map(|Query(asked)| Self(asked)).map_err(refused)
    }
}

/// The changing parts of the path.
#[derive(Debug, Clone)]
pub struct At<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for At<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let refused = |rejection: PathRejection| {
            let what = plain(&rejection.body_text());
            Problem::bad_request(format!("The address does not fit: {what}. The API is described at /api/v1/openapi.json."))
        };
        Path::from_request_parts(parts, state).await.map(|Path(place)| Self(place)).map_err(refused)
    }
}

/// A request that wants to become a WebSocket.
#[derive(Debug)]
pub struct Upgrade(WebSocketUpgrade);

/// Bytes that a ping may have.
const CONTROL: usize = 125;

impl Upgrade {
    /// Takes messages of at most so many bytes, in buffers of `buffer` bytes. A frame is bounded as well, because memory for all of it
    /// is taken as soon as its length is read, and by itself that may be 16 MiB.
    pub fn limited(self, message: usize, buffer: usize) -> WebSocketUpgrade {
        let upgrade = self.0.max_message_size(message).max_frame_size(message.max(CONTROL));
        upgrade.read_buffer_size(buffer).write_buffer_size(buffer)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Upgrade {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let refused = |rejection: WebSocketUpgradeRejection| {
            let what = rejection.body_text();
            Problem::bad_request(format!("This address speaks WebSocket: connect with ws:// or wss:// ({what})."))
        };
        WebSocketUpgrade::from_request_parts(parts, state).await.map(Self).map_err(refused)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn what_does_not_fit_is_said_in_plain_words() {
        for (theirs, ours) in [
            (
                "Failed to deserialize query string: limit: invalid digit found in string",
                "limit: not a whole number from 0 up, such as 100",
            ),
            ("Failed to deserialize query string: run: number too large to fit in target type", "run: too large a number"),
            (
                "Invalid URL: Cannot parse value at index 1 with value `one` to a `u32`",
                "Cannot parse value at index 1 with value `one` as a whole number from 0 up",
            ),
            ("something else", "something else"),
        ] {
            assert_eq!(plain(theirs), ours);
        }
    }

    #[test]
    fn a_body_is_an_object_with_or_without_a_byte_order_mark() {
        for (body, expected) in [
            ("{\"length_m\":0.4}", Ok(0.4)),
            ("\u{feff} {\"length_m\":0.4}", Ok(0.4)),
            ("[0.4]", Err("no JSON object")),
            ("", Err("no JSON object")),
            ("length_m=0.4", Err("no JSON object")),
            ("{\"length_m\":\"long\"}", Err("length_m: invalid type: string \"long\", expected a number")),
            ("{\"length_m\":0.4", Err("EOF")),
        ] {
            let read = object::<BTreeMap<String, f64>>(body.as_bytes()).map(|inputs| inputs["length_m"]);
            match (read, expected) {
                (Ok(read), Ok(expected)) => assert_eq!(read, expected, "{body}"),
                (Err(problem), Err(told)) => {
                    assert_eq!(problem.status, 400, "{body}");
                    assert!(problem.detail.contains(told) && problem.detail.contains("openapi.json"), "{body}: {}", problem.detail);
                }
                (read, _) => panic!("{body}: {read:?}"),
            }
        }
    }
}
