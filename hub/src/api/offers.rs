//! Templates that subscribed catalogues offer: seen beside their source, and taken onto the shelf one by one, when a teacher says so.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use messwerk_lessons::bundle::{Bundle, SIGNATURE};
use messwerk_store::Catalogue;
use messwerk_store::catalogue::Origin;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::api::blocking;
use crate::api::extract::At;
use crate::api::problem::Problem;
use crate::api::templates::trial::turn;
use crate::api::templates::{TemplateView, view};
use crate::api::who::Teacher;
use crate::release::SharingConfig;
use crate::release::fetch::{self, Answer};
use crate::release::templates::{self, LARGEST, TemplateEntry};
use crate::shelf::Shelf;
use crate::shelf::files::no_bundle;
use crate::state::Hub;

/// A template that a subscribed catalogue offers.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfferView {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of its files' listing: to take in just this one.
    pub sha256: String,
    /// What it is called, by language.
    #[schema(value_type = Object)]
    pub title: Value,
    /// SPDX.
    pub license: String,
    /// Bytes of its file.
    pub bytes: u64,
    /// Whose signature it is said to carry: `trusted` (a key of templates.trusted_keys), `unknown` (another key) or `unsigned`. Whether the
    /// signature fits is seen when it is taken in.
    pub trust: &'static str,
    /// That key, as minisign shows it.
    pub signer: Option<String>,
    /// Whether this very version is on the shelf already.
    pub here: bool,
}

impl OfferView {
    /// What a subscription's catalogue offers, as it was noted.
    pub fn all(shelf: &Shelf, offers: Option<&str>) -> Result<Vec<Self>, Problem> {
        let noted = templates::read(offers);
        if noted.is_empty() {
            return Ok(vec![]);
        }
        let here: Vec<String> = shelf.all()?.iter().map(|known| known.entry.hash.to_string()).collect();
        let view = |offer: TemplateEntry| {
            let signed = shelf.claimed(offer.minisig.as_deref());
            let (trust, signer) = (signed.trust().unwrap_or("unsigned"), signed.signer().map(str::to_owned));
            let TemplateEntry { id, version, sha256, title, license, bytes, .. } = offer;
            Self { here: here.contains(&sha256), id, version, sha256, title: json!(title), license, bytes, trust, signer }
        };
        Ok(noted.into_iter().map(view).collect())
    }
}

/// Takes an offered template onto the shelf, after it was fetched and is what was offered, signed by whom it was said to be.
#[utoipa::path(post, path = "/api/v1/offers/{sha256}", params(("sha256" = String, Path, description = "of a template in a subscription's `templates`")), responses(
    (status = 200, body = TemplateView, description = "this very version is on the shelf already"),
    (status = 201, body = TemplateView),
    (status = 404, body = Problem, description = "no subscribed catalogue offers it (`unknown_template`)"),
    (status = 409, body = Problem, description = "the file is not what was offered (`offer_changed`), or the shelf refuses it as it would a file (`template_id_taken` …)"),
    (status = 503, body = Problem, description = "it could not be fetched (`offer_unreachable`)"),
), security(("token" = [])))]
pub async fn take(State(hub): State<Hub>, _: Teacher, At(sha256): At<String>) -> Result<(StatusCode, Json<TemplateView>), Problem> {
    let from = hub.clone();
    let fetch = move || {
        let (named, offer) = find(from.store.catalogue(), &from.sharing.config, &sha256)?;
        fetched(&named, &offer)
    };
    let bundle = blocking(fetch).await?;
    let place = turn(&hub).await?;
    let publish = move || {
        // Held while it is computed, whoever hangs up.
        let _place = place;
        hub.shelf.publish(&bundle, Origin::Imported, hub.clock.now())
    };
    let (known, new) = blocking(publish).await?;
    Ok((if new { StatusCode::CREATED } else { StatusCode::OK }, Json(view(&known))))
}

/// The offer of a SHA-256, and the catalogue's address as the operator named it; only of catalogues that are subscribed to now.
fn find(catalogue: &Catalogue, config: &SharingConfig, sha256: &str) -> Result<(String, TemplateEntry), Problem> {
    for named in &config.subscribe {
        let state = catalogue.subscription(&named.url)?.unwrap_or_default();
        let offered = templates::read(state.offers.as_deref()).into_iter().find(|offer| offer.sha256 == sha256);
        if let Some(offered) = offered {
            return Ok((named.url.clone(), offered));
        }
    }
    let detail = "No subscribed catalogue offers this template any more. Fetch the catalogues again, and choose from what is there.";
    Err(Problem::not_found(detail).coded("unknown_template"))
}

/// The template of an offer, fetched and looked at: it has the SHA-256 that the other hub signed, is called as it was offered, and has the
/// author's signature that the teacher was shown. Waits for the network.
fn fetched(named: &str, offer: &TemplateEntry) -> Result<Bundle, Problem> {
    let unreachable = |why: &dyn std::fmt::Display| {
        Problem::unavailable(format!("The template could not be fetched: {why}. Try again later.")).coded("offer_unreachable")
    };
    let Answer::Fetched { body, .. } = fetch::file(named, &offer.url, LARGEST).map_err(|error| unreachable(&error))? else {
        return Err(unreachable(&"it was not sent"));
    };
    let bundle = Bundle::from_zip(&body).map_err(|error| no_bundle(&error))?;
    let called = bundle.template().ok().map(|plan| (plan.id.clone(), plan.version.to_string()));
    let same = bundle.sha256() == offer.sha256 && called.is_none_or(|called| called == (offer.id.clone(), offer.version.clone()));
    // The signature is no part of what it signs, and so not of the SHA-256.
    let signed = bundle.file(SIGNATURE) == offer.minisig.as_deref().map(str::as_bytes);
    if same && signed {
        return Ok(bundle);
    }
    let detail = "The file is not the template that was offered, or not signed as it was said to be: it has changed, or somebody has changed it. \
                  Fetch the catalogues again; if it stays like this, ask the other hub's operator.";
    Err(Problem::conflict(detail).coded("offer_changed"))
}
