//! Releases as pages see them.

use messwerk_lessons::Micros;
use messwerk_lessons::id::LessonId;
use messwerk_lessons::release::Release;
use messwerk_store::Catalogue;
use messwerk_store::catalogue::{ForeignRelease, OwnRelease, Source};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::api::offers::OfferView;
use crate::api::problem::Problem;
use crate::release::trust::Trust;
use crate::release::{SharingConfig, offer, plan, pull, signed};
use crate::state::Hub;

/// Everything about releases on this hub.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReleasesView {
    /// This hub's public key; others name it in their subscription. `null` before the first release.
    pub key: Option<String>,
    /// What the operator calls this hub; a proposal for labels.
    pub label: String,
    /// Whether everybody may fetch `/catalog.json`.
    pub publish: bool,
    /// The least number of results behind a public release.
    pub public_k: u32,
    /// What this hub's teachers shared, the newest first.
    pub own: Vec<OwnView>,
    /// What came from other hubs, the newest first.
    pub foreign: Vec<ForeignView>,
    /// Keys that a teacher knows.
    pub sources: Vec<SourceView>,
    /// Whose catalogues are fetched.
    pub subscriptions: Vec<SubscriptionView>,
}

/// A release of this hub.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnView {
    /// Its id.
    pub id: String,
    /// Of which lesson; `null` once that is erased. The release stays until it is withdrawn.
    #[schema(value_type = Option<String>)]
    pub lesson: Option<LessonId>,
    /// When, µs since 1970 UTC. It is not in the release.
    pub made: Micros,
    /// Whether it is in the catalogue.
    pub public: bool,
    /// When somebody first had it; `null` while withdrawing it leaves nothing behind.
    pub given: Option<Micros>,
    /// What it says.
    #[schema(value_type = Object)]
    pub release: Value,
}

/// Another hub's release.
#[derive(Debug, Serialize, ToSchema)]
pub struct ForeignView {
    /// Its id.
    pub id: String,
    /// The key that signed it.
    pub key: String,
    /// What a teacher calls that key; `null`: the source is unknown.
    pub source: Option<String>,
    /// Whose word it has: `known` (a teacher knows the key), `subscribed` (the operator named the key), `accepted` (a teacher said so of
    /// this one) or `unknown`.
    pub trust: &'static str,
    /// The subscription it came by; `null` for a file.
    pub subscription: Option<String>,
    /// When it came.
    pub came: Micros,
    /// Whether it is offered for comparison: its source is known, or a teacher said so.
    pub used: bool,
    /// Whether this hub's catalogue lists it, too (`sharing.republish`).
    pub passed_on: bool,
    /// Whether this hub has its template in this major version, so that anything could be compared with it.
    pub comparable: bool,
    /// What it says.
    #[schema(value_type = Object)]
    pub release: Value,
}

/// A key that a teacher knows.
#[derive(Debug, Serialize, ToSchema)]
pub struct SourceView {
    /// The public key.
    pub key: String,
    /// What the teacher calls it.
    pub name: String,
    /// Since when.
    pub known: Micros,
}

/// A catalogue that is fetched.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubscriptionView {
    /// Its address.
    pub url: String,
    /// The key it is signed with.
    pub key: String,
    /// When it was asked last.
    pub asked: Option<Micros>,
    /// When it answered last.
    pub answered: Option<Micros>,
    /// When it is asked next.
    pub due: Option<Micros>,
    /// What is wrong, with its fix.
    pub error: Option<String>,
    /// The templates that it offers; a teacher takes one onto the shelf with `POST /api/v1/offers/{sha256}`.
    pub templates: Vec<OfferView>,
}

impl OwnView {
    /// Of a kept release.
    pub fn of(own: &OwnRelease) -> Result<Self, Problem> {
        let release = said(&own.file)?.0;
        Ok(Self { id: own.id.clone(), lesson: own.lesson, made: own.made, public: own.public, given: own.given, release })
    }
}

/// What a file says that was checked when it came.
fn said(file: &[u8]) -> Result<(Value, Release), Problem> {
    let (json, _) = signed::parts(file).map_err(|error| Problem::internal(&error))?;
    let release = serde_json::from_slice(&json).map_err(|error| Problem::internal(&error))?;
    Ok((serde_json::from_slice(&json).map_err(|error| Problem::internal(&error))?, release))
}

/// One that is here; `None` where its file cannot be read any more, which hides no other and stands in the log.
fn foreign(catalogue: &Catalogue, kept: ForeignRelease, sources: &[Source], config: &SharingConfig) -> Option<ForeignView> {
    let unread = |problem: &dyn std::fmt::Debug| tracing::error!(release = %kept.id, "another hub's release cannot be read: {problem:?}");
    let (value, release) = said(&kept.file).inspect_err(|problem| unread(problem)).ok()?;
    let trust = Trust::of(&kept, sources, config);
    let (source, trust) = (trust.source().map(str::to_owned), trust.name());
    let passed_on = offer::passed_on(config, &kept);
    let comparable = plan::is_here(catalogue, &release).inspect_err(|problem| unread(problem)).ok()?;
    let ForeignRelease { id, key, subscription, came, used, .. } = kept;
    Some(ForeignView { id, key, source, trust, subscription, came, used, passed_on, comparable, release: value })
}

impl ReleasesView {
    /// As things stand. Waits for the disk.
    pub fn of(hub: &Hub) -> Result<Self, Problem> {
        let catalogue = hub.store.catalogue();
        let config = &hub.sharing.config;
        let sources = catalogue.sources()?;
        let mut subscriptions = vec![];
        for named in &config.subscribe {
            let state = catalogue.subscription(&named.url)?.unwrap_or_default();
            subscriptions.push(SubscriptionView {
                url: named.url.clone(),
                key: named.key.clone(),
                asked: state.asked,
                answered: state.answered,
                due: state.asked.map(|_| pull::due(&state)),
                templates: OfferView::all(&hub.shelf, state.offers.as_deref())?,
                error: state.error,
            });
        }
        Ok(Self {
            key: hub.sharing.key.known().map_err(|error| Problem::internal(&format!("{error:#}")))?,
            label: config.label.clone(),
            publish: config.publish,
            public_k: config.public_k,
            own: catalogue.releases()?.iter().map(OwnView::of).collect::<Result<_, _>>()?,
            foreign: catalogue.foreign_releases()?.into_iter().filter_map(|kept| foreign(catalogue, kept, &sources, config)).collect(),
            sources: sources.into_iter().map(|Source { key, name, known }| SourceView { key, name, known }).collect(),
            subscriptions,
        })
    }
}
