//! The first password, and one after a reset.

use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::AppendHeaders;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::address::Address;
use crate::api::extract::Body;
use crate::api::problem::Problem;
use crate::api::who::from_own_page;
use crate::state::Hub;

/// The secret that the hub printed, and the password to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetUp {
    /// What stands behind the `#` of the printed address.
    pub secret: String,
    /// At least ten characters, any.
    #[schema(example = "cloud piano seven bridge")]
    pub password: String,
}

/// Sets the password with a one-time secret and signs in.
#[utoipa::path(post, path = "/api/v1/setup", request_body = SetUp, responses(
    (status = 204, description = "set; a cookie carries the session, all others have ended"),
    (status = 400, body = Problem, description = "the password is too short; says how to make a good one"),
    (status = 403, body = Problem, description = "the secret is unknown, used or too old"),
    (status = 503, body = Problem),
))]
pub async fn set_up(
    State(hub): State<Hub>,
    address: Address,
    headers: HeaderMap,
    Body(SetUp { secret, password }): Body<SetUp>,
) -> Result<(StatusCode, AppendHeaders<[(axum::http::HeaderName, HeaderValue); 1]>), Problem> {
    from_own_page(&headers, &address, false)?;
    let login = hub.accounts.set_up(secret.trim(), &password).await?;
    tracing::info!("the teacher's password was set");
    Ok((StatusCode::NO_CONTENT, AppendHeaders([(SET_COOKIE, login.cookie(&address, false))])))
}
