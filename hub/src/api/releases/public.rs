//! What everybody may fetch, if the operator publishes: the catalogue and the files it lists.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::missing;
use crate::api::blocking;
use crate::api::extract::At;
use crate::api::problem::Problem;
use crate::mint;
use crate::release::signed::sha256;
use crate::release::{offer, templates};
use crate::state::Hub;

fn published(hub: &Hub) -> Result<(), Problem> {
    if hub.sharing.config.publish {
        return Ok(());
    }
    Err(Problem::not_found("This hub publishes no catalogue (sharing.publish = false in messwerk.toml).").coded("not_published"))
}

/// The catalogue: public releases with their files' sizes and hashes, signed withdrawals, and the templates of the shelf.
#[utoipa::path(get, path = "/catalog.json", responses((status = 200, description = "docs/sharing.md describes it", content_type = "application/json"), (status = 404, body = Problem, description = "this hub publishes nothing (`not_published`)")))]
pub async fn catalog(State(hub): State<Hub>) -> Result<Response, Problem> {
    published(&hub)?;
    let list = blocking(move || hub.sharing.catalog(hub.store.catalogue()).map_err(|error| Problem::internal(&format!("{error:#}"))));
    let list = list.await?.to_vec();
    let etag = format!("\"{}\"", &sha256(&list)[..32]);
    // A withdrawal is to be seen at once: nobody answers from a copy without asking.
    let headers =
        [(header::CONTENT_TYPE, "application/json".to_owned()), (header::CACHE_CONTROL, "no-cache".to_owned()), (header::ETAG, etag)];
    Ok((headers, list).into_response())
}

/// A public release, as its signed file.
#[utoipa::path(get, path = "/catalog/releases/{file}", params(("file" = String, Path)), responses((status = 200, description = "the signed file", content_type = "application/zip"), (status = 404, body = Problem, description = "there is none, any more, or this hub publishes nothing (`not_published`)")))]
pub async fn release(State(hub): State<Hub>, At(file): At<String>) -> Result<Response, Problem> {
    published(&hub)?;
    let id = file.strip_suffix(".release").filter(|id| mint::is_token(id)).ok_or_else(|| missing(&file))?.to_owned();
    let bytes = blocking(move || {
        let catalogue = hub.store.catalogue();
        let (file, own) = offer::release_file(catalogue, &hub.sharing.config, &id)?.ok_or_else(|| missing(&id))?;
        // Withdrawn since it was read: nobody has it, and nobody gets it.
        if own && !catalogue.give_release(&id, hub.clock.now())? {
            return Err(missing(&id));
        }
        Ok(file)
    });
    let headers = [(header::CONTENT_TYPE, "application/zip"), (header::CACHE_CONTROL, "no-cache")];
    Ok((headers, bytes.await?).into_response())
}

/// A template of the shelf, as its file (`.lesson`).
#[utoipa::path(get, path = "/catalog/templates/{file}", params(("file" = String, Path)), responses((status = 200, description = "the file", content_type = "application/zip"), (status = 404, body = Problem, description = "there is none, any more, or this hub publishes nothing (`not_published`)")))]
pub async fn template(State(hub): State<Hub>, At(file): At<String>) -> Result<Response, Problem> {
    published(&hub)?;
    let missing = || {
        let shown: String = file.chars().take(60).collect();
        Problem::not_found(format!("This hub offers no template {shown:?}; it may have been taken off the shelf."))
            .coded("unknown_template")
    };
    if !hub.sharing.config.templates {
        return Err(missing());
    }
    let name = file.clone();
    let read = move || templates::file(hub.store.catalogue(), &name).map_err(|error| Problem::internal(&format!("{error:#}")));
    let bytes = blocking(read).await?.ok_or_else(missing)?;
    let headers = [(header::CONTENT_TYPE, "application/zip"), (header::CACHE_CONTROL, "no-cache")];
    Ok((headers, bytes).into_response())
}
