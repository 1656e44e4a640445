//! The API below `/api/v1`, the readings' door `/i/{token}`, health and metrics. One file per subject; every handler is
//! described for OpenAPI where it stands.

pub mod authority;
pub mod check;
pub mod commands;
pub mod compare;
pub mod console;
pub mod discussion;
pub mod drafts;
pub mod export;
pub mod extract;
pub mod feeds;
pub mod health;
pub mod ingest;
pub mod join;
pub mod lessons;
pub mod live;
pub mod login;
pub mod mqtt;
pub mod offers;
pub mod openapi;
pub mod phone;
pub mod phyphox;
pub mod problem;
pub mod qr;
pub mod questions;
pub mod releases;
pub mod setup;
pub mod sky;
pub mod socket;
pub mod stations;
pub mod templates;
pub mod things;
pub mod upload;
pub mod who;

use axum::Router;
use axum::routing::{any, delete, get, patch, post, put};

use crate::api::problem::Problem;
use crate::privacy;
use crate::report;
use crate::state::Hub;

/// Runs what waits for the disk on a thread that may wait. The catalogue's reads take microseconds and are made where
/// they are needed; its writes wait for the disk.
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Problem> + Send + 'static) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Err(Problem::internal(&error)))
}

/// Every route of the API.
pub fn routes() -> Router<Hub> {
    Router::new()
        .route("/api/v1/lessons", post(lessons::create).get(lessons::list))
        .route("/api/v1/templates", get(templates::list).post(templates::publish::publish))
        .route("/api/v1/templates/lint", post(templates::trial::lint))
        .route("/api/v1/templates/preview", post(templates::trial::preview))
        .route("/api/v1/templates/{template}", get(templates::show).delete(templates::publish::withdraw))
        .route("/api/v1/templates/{template}/download", get(templates::download))
        .route("/api/v1/templates/{template}/amb.json", get(templates::metadata))
        .route("/api/v1/templates/{template}/restore", post(templates::publish::restore))
        .route("/api/v1/templates/{template}/fork", post(templates::publish::forked))
        .route("/api/v1/templates/{template}/versions/{version}/assets/{asset}", get(templates::asset))
        .route("/api/v1/drafts", get(drafts::list).post(drafts::begin))
        .route("/api/v1/drafts/{draft}", get(drafts::show).put(drafts::save).delete(drafts::remove))
        .route("/api/v1/drafts/{draft}/download", get(drafts::download))
        .route("/api/v1/drafts/{draft}/restore", post(drafts::restore))
        .route("/api/v1/lessons/{id}", get(lessons::show).delete(commands::erase))
        .route("/api/v1/lessons/{id}/commands", post(commands::command))
        .route("/api/v1/lessons/{id}/log", get(commands::log))
        .route("/api/v1/lessons/{id}/console", get(console::watch))
        .route("/api/v1/phone", get(phone::connect))
        .route("/api/v1/lessons/{id}/end", post(lessons::end))
        .route("/api/v1/setup", post(setup::set_up))
        .route("/api/v1/login", post(login::log_in))
        .route("/api/v1/logout", post(login::log_out))
        .route("/api/v1/me", get(login::me))
        .route("/api/v1/join", post(join::join))
        .route("/api/v1/things/{thing}", patch(things::set_inputs))
        .route("/api/v1/things/{thing}/runs/{run}", delete(things::erase_run))
        .route("/api/v1/things/{thing}/runs/{run}/exclusion", put(things::exclude))
        .route("/api/v1/lessons/{id}/observations", get(questions::observations))
        .route("/api/v1/lessons/{id}/aggregates", get(questions::aggregates))
        .route("/api/v1/lessons/{id}/latest", get(questions::latest))
        .route("/api/v1/lessons/{id}/outcomes", get(questions::outcomes))
        .route("/api/v1/lessons/{id}/workbook", get(export::book::workbook))
        .route("/api/v1/lessons/{id}/links", post(export::link::make).get(export::link::list))
        .route("/api/v1/lessons/{id}/links/{link}", delete(export::link::revoke))
        .route("/x/{token}", get(export::link::open))
        .route("/t/lessons/{id}/report", get(report::class))
        .route("/t/lessons/{id}/reports", get(report::all))
        .route("/t/lessons/{id}/report/{thing}", get(report::group))
        .route("/report", post(report::own))
        .route("/api/v1/lessons/{id}/rejections", get(questions::rejections))
        .route("/api/v1/lessons/{id}/live", get(live::watch))
        .route("/api/v1/lessons/{id}/figures/{figure}", get(questions::figure))
        .route("/api/v1/lessons/{id}/discussion", get(discussion::show))
        .route("/api/v1/lessons/{id}/discussion/group", get(discussion::group))
        .route("/api/v1/compare", post(compare::compare))
        .route("/api/v1/compare/{figure}", get(compare::draw))
        .route("/api/v1/privacy", get(privacy::show))
        .route("/api/v1/openapi.json", get(openapi::document))
        .route("/api/v1/things/{thing}/upload", post(upload::upload))
        .route("/api/v1/lessons/{id}/qr/{code}", get(qr::code))
        .route("/api/v1/lessons/{id}/releases", post(releases::create))
        .route("/api/v1/lessons/{id}/releases/preview", post(releases::preview))
        .route("/api/v1/releases", get(releases::list).post(releases::foreign::import))
        .route("/api/v1/releases/pull", post(releases::foreign::pull))
        .route("/api/v1/releases/sources", delete(releases::foreign::forget))
        .route("/api/v1/releases/{release}", delete(releases::withdraw))
        .route("/api/v1/releases/{release}/file", get(releases::file))
        .route("/api/v1/releases/{release}/use", put(releases::foreign::say))
        .route("/api/v1/offers/{sha256}", post(offers::take))
        .route("/api/v1/sky/satellites", get(sky::satellites))
        .route("/api/v1/sky/elements", post(sky::elements))
        .route("/api/v1/sky/school", put(sky::school).delete(sky::forget_school))
        .route("/api/v1/sky/sun", get(sky::sun::day))
        .route("/api/v1/sky/year", get(sky::sun::year))
        .route("/api/v1/sky/{norad}", get(sky::orbit).delete(sky::remove))
        .route("/api/v1/sky/{norad}/passes", get(sky::passes))
        .route("/catalog.json", get(releases::public::catalog))
        .route("/catalog/templates/{file}", get(releases::public::template))
        .route("/catalog/releases/{file}", get(releases::public::release))
        .route("/api/v1/stations", get(stations::list).post(stations::create))
        .route("/api/v1/stations/try", post(stations::attempt))
        .route("/api/v1/stations/{id}", get(stations::show).put(stations::change).delete(stations::erase))
        .route("/api/v1/stations/{id}/files", get(stations::files::list).post(stations::files::hand_in))
        .route("/api/v1/stations/{id}/files/{file}", delete(stations::files::cancel))
        .route("/api/v1/stations/demo", post(feeds::demo))
        .route("/api/v1/feeds", get(feeds::list))
        .route("/api/v1/feeds/{name}/ask", post(feeds::ask))
        .route("/api/v1/stations/{id}/key", post(stations::renew))
        .route("/api/v1/stations/{id}/payloads", get(stations::payloads))
        .route("/api/v1/stations/{id}/series", get(stations::series::series))
        .route("/api/v1/stations/{id}/rose", get(stations::compare::rose))
        .route("/api/v1/stations/compare", get(stations::compare::compare))
        .route("/s/{key}", get(stations::door::addressed).post(stations::door::addressed))
        .merge(stations::door::paths())
        .merge(stations::sensorthings::paths())
        .route("/p/{token}", get(phyphox::file))
        .route("/i/{token}", post(ingest::receive))
        .route("/mqtt", any(mqtt::upgrade))
        .route("/api/v1/check", post(check::report).get(check::reports))
        .route("/api/v1/check/socket", get(check::socket))
        .route("/api/v1/doctor", get(check::doctor))
        .route("/tls/ca.pem", get(authority::certificate))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
}
