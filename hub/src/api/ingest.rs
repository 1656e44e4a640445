//! The readings' door over HTTP: `POST /i/{token}`. The answer comes after the commit, and it carries the numbers that a
//! phyphox experiment can show on the phone.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use messwerk_ingest::admission::{Admission, Refusal};
use messwerk_ingest::body::{self, BodyError};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::problem::Problem;
use crate::state::Hub;

/// What a phone is told when its readings are safely stored.
#[derive(Debug, Serialize, ToSchema)]
pub struct Stored {
    /// 1: everything in the body has been dealt with and is on disk.
    pub ok: u8,
    /// Results of the class so far.
    pub n: usize,
    /// Their mean; `null` while there is none.
    pub mean: Option<f64>,
    /// The phone's own result; `null` while there is none.
    pub own: Option<f64>,
    /// Readings of this body newly stored.
    pub stored: u32,
    /// Readings of this body that were there already.
    pub duplicates: u32,
    /// Readings of this body left out, because the stream is faster than the template's `max_hz`.
    pub thinned: u32,
    /// Values or records of this body that could not be stored; the teacher sees why.
    pub rejected: u32,
}

/// Takes a body of readings: phyphox, Sensor Logger, SenML JSON or the hub's own batches (docs/wire.md).
#[utoipa::path(post, path = "/i/{token}", params(("token" = String, Path)), request_body(content = String, content_type = "application/json"), responses((status = 200, body = Stored), (status = 401, body = Problem), (status = 413, body = Problem), (status = 503, body = Problem)))]
pub async fn receive(State(hub): State<Hub>, Path(token): Path<String>, request: Body) -> Result<Json<Stored>, Problem> {
    let access = hub.access.thing(&token).await.map_err(|refusal| match refusal {
        Refusal::Unavailable => Problem::unavailable(refusal.to_string()),
        _ => Problem::unauthorized("No lesson knows this token. Join the lesson again."),
    })?;
    let limit = hub.packet_bytes;
    let too_large = || Problem::too_large(format!("A body may have {limit} bytes. Send smaller batches more often."));
    let payload = axum::body::to_bytes(request, limit).await.map_err(|_| too_large())?;
    let (lesson, thing) = (access.lesson, access.thing);
    let answer = body::submit_body(&hub.pipeline, access, payload, hub.clock.now()).await.map_err(|error| match error {
        BodyError::TooLarge { .. } => too_large(),
        BodyError::Store(error) => error.into(),
        error => Problem::bad_request(error.to_string()),
    })?;
    let class = hub.results.current(lesson);
    let (n, mean, own) = class.map_or((0, None, None), |class| class.for_phone(thing));
    Ok(Json(Stored {
        ok: 1,
        n,
        mean,
        own,
        stored: answer.receipt.stored,
        duplicates: answer.receipt.duplicates,
        thinned: answer.receipt.thinned,
        rejected: answer.rejected,
    }))
}
