//! Feeds: what the operator named, and how each is.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use messwerk_lessons::Micros;
use messwerk_lessons::id::LessonId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::blocking;
use crate::api::extract::At;
use crate::api::problem::Problem;
use crate::api::who::Teacher;
use crate::feeds::FeedConfig;
use crate::feeds::look::{self, Why};
use crate::feeds::state::FeedState;
use crate::flow::commands::to_the_end;
use crate::state::Hub;

/// A feed.
#[derive(Debug, Serialize, ToSchema)]
pub struct FeedView {
    /// Its name in `messwerk.toml`.
    pub name: String,
    /// `dwd-10min`, `dwd-hourly`, `dwd-poi`, `brightsky`, `opensensemap`, `celestrak`.
    pub kind: &'static str,
    /// Who is asked.
    pub host: Option<String>,
    /// Whose data they are.
    pub source: &'static str,
    /// Its station; `null` before the first data, and of satellites.
    #[schema(value_type = Option<String>)]
    pub station: Option<LessonId>,
    /// When it was asked last, µs since 1970 UTC.
    pub asked: Option<Micros>,
    /// When it answered last.
    pub answered: Option<Micros>,
    /// When it last had something new.
    pub news: Option<Micros>,
    /// When it is asked next; 0: at once.
    pub next: Micros,
    /// Looks in a row that failed.
    pub failures: u32,
    /// Files that came so far; what became of each is in the station's files.
    pub files: u64,
    /// Why the last look failed, with what to do; `null` if it did not.
    pub error: Option<String>,
    /// The same in one word that never changes: `robots` (its robots.txt does not allow it), `no_rules` (its robots.txt cannot be read, so
    /// nothing is asked), `status`, `later`, `unreachable`, `file_page` and others.
    pub code: Option<String>,
    /// What a sentence about it names: `status`, `host`, `path`.
    pub about: BTreeMap<String, String>,
    /// Seconds that the service wants between two questions (`Crawl-delay` of its robots.txt), a day at most; 0 where it says nothing.
    pub pause_s: f64,
}

impl FeedView {
    fn of(hub: &Hub, feed: &FeedConfig) -> Result<Self, Problem> {
        let kept = hub.store.catalogue().feed(&feed.name)?;
        let state = FeedState::of(kept.as_ref());
        Ok(Self {
            name: feed.name.clone(),
            kind: feed.kind.name(),
            host: feed.host(),
            source: feed.kind.source(),
            station: kept.and_then(|feed| feed.station),
            next: state.due(feed),
            asked: state.asked,
            answered: state.answered,
            news: state.news,
            failures: state.failures,
            files: state.files,
            error: state.error,
            code: state.code,
            about: state.about,
            pause_s: state.pause as f64 / 1e6,
        })
    }
}

/// The feeds that the operator named, with how each is.
#[utoipa::path(get, path = "/api/v1/feeds", responses((status = 200, body = Vec<FeedView>)), security(("token" = [])))]
pub async fn list(State(hub): State<Hub>, _: Teacher) -> Result<Json<Vec<FeedView>>, Problem> {
    blocking(move || hub.feeds.named.iter().map(|feed| FeedView::of(&hub, feed)).collect()).await.map(Json)
}

/// Asks a feed now and answers when what came is stored. A service that was asked a moment ago, or that named a time, is not.
#[utoipa::path(post, path = "/api/v1/feeds/{name}/ask", params(("name" = String, Path)), responses((status = 200, body = FeedView), (status = 404, body = Problem, description = "`unknown_feed`"), (status = 429, body = Problem, description = "the service wants to be left alone until then")), security(("token" = [])))]
pub async fn ask(State(hub): State<Hub>, _: Teacher, At(name): At<String>) -> Result<Json<FeedView>, Problem> {
    let missing = || {
        Problem::not_found("There is no feed of this name. GET /api/v1/feeds lists them; messwerk.toml names them.").coded("unknown_feed")
    };
    let feed = hub.feeds.named.iter().find(|feed| feed.name == name).cloned().ok_or_else(missing)?;
    // Whoever hangs up has asked all the same: what comes is stored to its end.
    to_the_end(async move {
        look::ask(&hub, &feed, Why::Wanted).await?;
        blocking(move || FeedView::of(&hub, &feed)).await.map(Json)
    })
    .await
}

/// A station of the demonstration.
#[derive(Debug, Serialize, ToSchema)]
pub struct DemoView {
    /// Its id.
    #[schema(value_type = String)]
    pub id: LessonId,
}

/// Makes stations with made-up weather in the services' own formats, and made-up satellites: for lessons without internet. Again it changes
/// nothing. Answers when everything is stored.
#[utoipa::path(post, path = "/api/v1/stations/demo", responses((status = 200, body = Vec<DemoView>)), security(("token" = [])))]
pub async fn demo(State(hub): State<Hub>, _: Teacher) -> Result<Json<Vec<DemoView>>, Problem> {
    to_the_end(async move {
        let stations = crate::feeds::demo::load(&hub).await?;
        Ok(Json(stations.into_iter().map(|station| DemoView { id: station.log }).collect()))
    })
    .await
}
