//! The local certificate authority's certificate, for the management of a school's devices.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::api::problem::Problem;
use crate::state::Hub;

/// The certificate as PEM, also over plain HTTP: it is no secret, and who cannot trust the hub yet has to get it. It is for
/// device management; nobody is asked to install it by hand.
#[utoipa::path(get, path = "/tls/ca.pem", responses(
    (status = 200, description = "the authority's certificate", body = String, content_type = "application/x-x509-ca-cert"),
    (status = 404, body = Problem, description = "the hub has no authority of its own"),
))]
pub async fn certificate(State(hub): State<Hub>) -> Result<Response, Problem> {
    let tls = hub.tls.as_ref();
    let pem = tls.and_then(|tls| tls.authority()).ok_or_else(|| {
        Problem::not_found("This hub has no certificate authority of its own. It gets one when it is started with --tls local.")
    })?;
    let headers = [
        (header::CONTENT_TYPE, "application/x-x509-ca-cert"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"messwerk-ca.pem\""),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    Ok((headers, pem.to_owned()).into_response())
}
