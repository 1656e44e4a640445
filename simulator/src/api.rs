//! The hub's API as a teacher's and a pupil's device use it.

mod observations;

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use messwerk_lessons::bundle::Bundle;
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, header};
use serde::Deserialize;
use serde_json::json;
use tokio::time::sleep;

pub(crate) use observations::Stored;

use crate::report::ClassOutcome;

/// How often a request is repeated that the hub answered with "not now".
const ATTEMPTS: u32 = 20;

/// A lesson the simulator made.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Lesson {
    pub(crate) id: String,
    pub(crate) code: String,
    pub(crate) board_url: String,
}

/// What a phone gets when it joins.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Seat {
    pub(crate) thing: String,
    pub(crate) token: String,
    pub(crate) ingest_url: String,
    pub(crate) mqtt: Mqtt,
    /// Not promised; saves the question.
    pub(crate) lesson: Option<String>,
}

/// Where a phone publishes.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Mqtt {
    pub(crate) address: String,
    pub(crate) topic: String,
}

/// The part of `/outcomes` a report shows.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Outcomes {
    #[serde(default)]
    pub(crate) class: BTreeMap<String, ClassOutcome>,
}

/// The part of `/outcomes` that is for the group that asks.
#[derive(Debug, Deserialize)]
struct OwnHints {
    #[serde(default)]
    hints: Vec<OwnHint>,
}

#[derive(Debug, Deserialize)]
struct OwnHint {
    name: String,
}

/// A hub at an address, as seen by somebody with or without a teacher's token.
#[derive(Debug, Clone)]
pub(crate) struct Hub {
    base: String,
    client: Client,
    token: Option<String>,
}

impl Hub {
    pub(crate) fn new(base: &str, token: Option<String>) -> Result<Self> {
        // No limit on a whole answer: an export may be long. A hub that says nothing for a minute is gone.
        let client = Client::builder().connect_timeout(Duration::from_secs(10)).read_timeout(Duration::from_secs(60)).build()?;
        Ok(Self { base: base.trim_end_matches('/').to_owned(), client, token })
    }

    pub(crate) fn has_token(&self) -> bool {
        self.token.is_some()
    }

    /// `http://HOST:PORT`.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// Makes a lesson that is open at once. Needs a teacher's token.
    pub(crate) async fn create_lesson(&self, template: &str) -> Result<Lesson> {
        let request = || self.request(Method::POST, "/api/v1/lessons", self.token.as_deref()).json(&json!({"template": template}));
        Ok(self.send("making a lesson", request).await?.json().await?)
    }

    /// Confirms that phones may tell how far they moved, as a teacher does on the console.
    pub(crate) async fn allow_location(&self, lesson: &str) -> Result<()> {
        let path = format!("/api/v1/lessons/{lesson}/commands");
        let command = json!({"do": "allow_location", "mode": "relative"});
        self.send("allowing location", || self.request(Method::POST, &path, self.token.as_deref()).json(&command)).await?;
        Ok(())
    }

    /// A template with its files, as the hub hands it out.
    pub(crate) async fn template(&self, name: &str) -> Result<Bundle> {
        let path = format!("/api/v1/templates/{name}/download");
        let response = self.send("asking for the template", || self.request(Method::GET, &path, self.token.as_deref())).await?;
        Bundle::from_zip(&response.bytes().await?).with_context(|| format!("the hub's template {name:?}"))
    }

    /// Joins with a code, as a pupil.
    pub(crate) async fn join(&self, code: &str) -> Result<Seat> {
        let request = || self.request(Method::POST, "/api/v1/join", None).json(&json!({"code": code}));
        Ok(self.send("joining", request).await?.json().await?)
    }

    /// Enters what a pupil measured by hand.
    pub(crate) async fn set_inputs(&self, seat: &Seat, inputs: &BTreeMap<String, f64>) -> Result<()> {
        if inputs.is_empty() {
            return Ok(());
        }
        let path = format!("/api/v1/things/{}", seat.thing);
        self.send("entering inputs", || self.request(Method::PATCH, &path, Some(&seat.token)).json(inputs)).await?;
        Ok(())
    }

    /// What the hub has of a lesson.
    pub(crate) async fn stored(&self, lesson: &str) -> Result<Stored> {
        let path = format!("/api/v1/lessons/{lesson}/observations?format=csv");
        let response = self.send("asking for the observations", || self.request(Method::GET, &path, self.token.as_deref())).await?;
        observations::read(response).await
    }

    /// [`stored`](Self::stored), if anybody may ask: not without a teacher's token, nor without the lesson's id.
    pub(crate) async fn stored_if_told(&self, lesson: Option<&str>) -> Result<Option<Stored>> {
        match lesson {
            Some(lesson) if self.has_token() => Ok(Some(self.stored(lesson).await?)),
            _ => Ok(None),
        }
    }

    /// The names of the mistakes that the hub tells a group it may have made.
    pub(crate) async fn hints(&self, lesson: &str, seat: &Seat) -> Result<Vec<String>> {
        let path = format!("/api/v1/lessons/{lesson}/outcomes");
        let response = self.send("asking for a group's hints", || self.request(Method::GET, &path, Some(&seat.token))).await?;
        Ok(response.json::<OwnHints>().await?.hints.into_iter().map(|hint| hint.name).collect())
    }

    /// The class's results so far.
    pub(crate) async fn outcomes(&self, lesson: &str) -> Result<Outcomes> {
        let path = format!("/api/v1/lessons/{lesson}/outcomes");
        Ok(self.send("asking for the outcomes", || self.request(Method::GET, &path, self.token.as_deref())).await?.json().await?)
    }

    fn request(&self, method: Method, path: &str, token: Option<&str>) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.base));
        match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Sends until the hub answers with something else than "not now" (429 and 503, whose Retry-After is honoured).
    async fn send(&self, what: &str, request: impl Fn() -> RequestBuilder) -> Result<Response> {
        for _ in 0..ATTEMPTS {
            let response = request().send().await.with_context(|| format!("{what}: no answer from {}", self.base))?;
            let status = response.status();
            if status.is_success() {
                return Ok(response);
            }
            if !matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
                let problem = response.text().await.unwrap_or_default();
                bail!("{what}: the hub answered {status}: {problem}");
            }
            let seconds = response.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
            sleep(Duration::from_millis(seconds.map_or(250, |seconds: u64| 1000 * seconds.clamp(1, 10)))).await;
        }
        bail!("{what}: the hub is busy and stays so")
    }
}
