//! What a request carries, taken apart with the house's errors: a wrong body, query or path is answered with a problem
//! document that says what to write instead, never with a framework's own text.

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::api::problem::Problem;

/// A JSON body.
#[derive(Debug, Clone)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;
    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let refused = |rejection: JsonRejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(format!("The body is too large: {}.", rejection.body_text())),
            _ => Problem::bad_request(format!("The body does not fit: {}.", rejection.body_text())),
        };
        Json::from_request(request, state).await.map(|Json(body)| Self(body)).map_err(refused)
    }
}

/// The parameters behind the question mark.
#[derive(Debug, Clone)]
pub struct Parameters<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Parameters<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let refused = |rejection: QueryRejection| Problem::bad_request(format!("{}.", rejection.body_text()));
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
            let what = rejection.body_text();
            Problem::bad_request(format!("The address does not fit: {what}. The API is described at /api/v1/openapi.json."))
        };
        Path::from_request_parts(parts, state).await.map(|Path(place)| Self(place)).map_err(refused)
    }
}

/// A request that wants to become a WebSocket.
#[derive(Debug)]
pub struct Upgrade(pub WebSocketUpgrade);

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
