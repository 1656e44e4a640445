//! Signing in and out, and who one is.

use axum::Json;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::accounts::{cleared, presented};
use crate::address::{Address, Peer};
use crate::api::blocking;
use crate::api::extract::Body;
use crate::api::join::hold;
use crate::api::problem::Problem;
use crate::api::who::{Teacher, from_own_page};
use crate::state::Hub;

/// A password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// As it was set.
    pub password: String,
    /// True asks for the cookie of plain HTTP also on the hub's own machine, for browsers that refuse a `Secure` one there.
    #[serde(default)]
    pub plain_cookie: bool,
}

/// Signs in.
#[utoipa::path(post, path = "/api/v1/login", request_body = SignIn, responses(
    (status = 204, description = "a cookie carries the session: 8 hours at most, 45 minutes without a request"),
    (status = 403, body = Problem, description = "wrong password; answered up to 8 s late after many wrong ones"),
    (status = 409, body = Problem, description = "no password is set yet"),
    (status = 429, body = Problem, description = "too many wrong passwords at once from this network; Retry-After says when to try again"),
    (status = 503, body = Problem),
))]
pub async fn log_in(
    State(hub): State<Hub>,
    Peer(peer): Peer,
    address: Address,
    headers: HeaderMap,
    Body(SignIn { password, plain_cookie }): Body<SignIn>,
) -> Result<(StatusCode, AppendHeaders<[(HeaderName, HeaderValue); 1]>), Problem> {
    from_own_page(&headers, &address, false)?;
    let login = hub.accounts.log_in(peer, &password, |wait| hold(&hub, wait)).await?;
    // The session that this browser had is replaced, not left behind.
    if let Some(before) = presented(&headers, &address) {
        let (hub, before) = (hub.clone(), before.to_owned());
        blocking(move || Ok(hub.store.catalogue().end_session(&before)?)).await?;
    }
    Ok((StatusCode::NO_CONTENT, AppendHeaders([(SET_COOKIE, login.cookie(&address, plain_cookie))])))
}

/// Where to sign out.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignOut {
    /// True ends the sessions of all browsers.
    #[serde(default)]
    pub everywhere: bool,
}

/// Signs out. A browser that is signed out already is signed out.
#[utoipa::path(post, path = "/api/v1/logout", request_body = SignOut, responses(
    (status = 204, description = "the session has ended, and the browser forgets its cookie"),
    (status = 401, body = Problem, description = "only a teacher signs out everywhere"),
))]
pub async fn log_out(
    State(hub): State<Hub>,
    address: Address,
    headers: HeaderMap,
    teacher: Result<Teacher, Problem>,
    Body(SignOut { everywhere }): Body<SignOut>,
) -> Result<(StatusCode, AppendHeaders<[(HeaderName, HeaderValue); 2]>), Problem> {
    from_own_page(&headers, &address, false)?;
    if everywhere {
        teacher?;
    }
    if let Some(token) = presented(&headers, &address).map(str::to_owned) {
        blocking(move || Ok(hub.accounts.log_out(Some(&token), everywhere)?)).await?;
    } else if everywhere {
        blocking(move || Ok(hub.accounts.log_out(None, true)?)).await?;
    }
    Ok((StatusCode::NO_CONTENT, AppendHeaders(cleared().map(|cookie| (SET_COOKIE, cookie)))))
}

/// A teacher who is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    /// `teacher`.
    pub role: &'static str,
    /// Whether nobody on the way can read along: over TLS, or on the hub's own machine. The console warns otherwise.
    pub secure: bool,
    /// Whether no password is set yet (then this is a teacher's token).
    pub setup_needed: bool,
    /// The address that phones reach, as codes and links have it.
    pub phones: String,
    /// False: `phones` is the hub's own machine; `public_url` in messwerk.toml sets an address.
    pub reachable: bool,
    /// True: it listens on its own machine only, whatever its networks. False and not reachable: it found no network.
    pub only_here: bool,
    /// What devices are told: the host of `phones` without scheme and port.
    pub host: String,
    /// The port at which devices that know no TLS reach the hub there; `null` behind a proxy that takes HTTPS only.
    pub plain_port: Option<u16>,
    /// The port of MQTT.
    pub mqtt_port: u16,
}

/// The answer to whoever is not signed in: a Problem, and which page to open.
#[derive(Debug, Serialize, ToSchema)]
pub struct Stranger {
    #[serde(flatten)]
    problem: Problem,
    /// Whether no password is set yet.
    setup_needed: bool,
}

/// Who is signed in.
#[utoipa::path(get, path = "/api/v1/me", responses((status = 200, body = Me), (status = 401, body = Problem, description = "nobody; `setup_needed` says whether a password is set")), security(("token" = []), ("cookie" = [])))]
pub async fn me(State(hub): State<Hub>, address: Address, teacher: Result<Teacher, Problem>) -> Result<Response, Problem> {
    let setup_needed = hub.accounts.setup_needed()?;
    match teacher {
        Ok(_) => {
            let shown = hub.shown(&address);
            let (phones, reachable) = (shown.origin(), !shown.local());
            let me = Me {
                role: "teacher",
                secure: address.trusted(),
                setup_needed,
                phones,
                reachable,
                only_here: hub.addresses.only_here(),
                host: shown.name().to_owned(),
                plain_port: hub.addresses.plain_port(),
                mqtt_port: hub.mqtt.port(),
            };
            Ok(Json(me).into_response())
        }
        Err(problem) if problem.status == StatusCode::UNAUTHORIZED => {
            let mut response = problem.clone().into_response();
            let stranger = Json(Stranger { problem, setup_needed }).into_response();
            *response.body_mut() = stranger.into_body();
            response.headers_mut().remove(axum::http::header::CONTENT_LENGTH);
            Ok(response)
        }
        Err(problem) => Err(problem),
    }
}
