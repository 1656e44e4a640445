//! A hub of one's own for each test.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use messwerk::config::{Config, Overrides};
use messwerk::mint;
use messwerk::serve::Running;
use messwerk_store::catalogue::Role;
use messwerk_store::{Clock, SystemClock};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// Longer than anything here takes, short enough that a hanging test ends.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct TestHub {
    pub(crate) running: Running,
    pub(crate) client: Client,
    pub(crate) teacher: String,
    stopping: CancellationToken,
    folder: TempDir,
}

/// A lesson and its first Thing.
pub(crate) struct Class {
    pub(crate) lesson: String,
    pub(crate) code: String,
    pub(crate) thing: String,
    pub(crate) token: String,
    pub(crate) topic: String,
}

impl TestHub {
    pub(crate) async fn start() -> Self {
        Self::start_in(tempfile::tempdir().unwrap()).await
    }

    pub(crate) async fn start_in(folder: TempDir) -> Self {
        Self::start_with(folder, |_| {}).await
    }

    /// A hub whose configuration `set` has changed.
    pub(crate) async fn start_with(folder: TempDir, set: impl FnOnce(&mut Config)) -> Self {
        Self::start_at(folder, set, Arc::new(SystemClock), Duration::from_secs(60)).await
    }

    /// The same with a clock of one's own, and how often the hub looks for what is over.
    pub(crate) async fn start_at(folder: TempDir, set: impl FnOnce(&mut Config), clock: Arc<dyn Clock>, look: Duration) -> Self {
        let free = "127.0.0.1:0".parse().unwrap();
        let overrides = Overrides { data_dir: Some(folder.path().to_path_buf()), http: Some(free), mqtt: Some(free) };
        let stopping = CancellationToken::new();
        let mut config = Config::load(None, overrides).unwrap();
        set(&mut config);
        // The hub before may hold the folder for a moment longer: a board's connection is just ending.
        let patience = tokio::time::Instant::now() + PATIENCE;
        let running = loop {
            match Running::start_at(config.clone(), stopping.clone(), Arc::clone(&clock), look).await {
                Err(error) if format!("{error:#}").contains("in use by another hub") && tokio::time::Instant::now() < patience => {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
                started => break started.unwrap(),
            }
        };
        let teacher = mint::token();
        running.hub.store.catalogue().add_token(&teacher, Role::Teacher, SystemClock.now()).unwrap();
        let client = Client::builder().timeout(PATIENCE).build().unwrap();
        Self { running, client, teacher, stopping, folder }
    }

    /// Stops as SIGTERM does and gives the data folder back.
    pub(crate) async fn stop(self) -> TempDir {
        self.stopping.cancel();
        self.running.stop().await.unwrap();
        self.folder
    }

    /// The data folder.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.running.http)
    }

    pub(crate) fn request(&self, method: Method, path: &str, token: Option<&str>) -> RequestBuilder {
        let request = self.client.request(method, self.url(path));
        match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// A teacher's GET, as text; fails on anything but 200.
    pub(crate) async fn get(&self, path: &str) -> String {
        let response = self.request(Method::GET, path, Some(&self.teacher)).send().await.unwrap();
        let (status, text) = (response.status(), response.text().await.unwrap());
        assert!(status.is_success(), "{path}: {status} {text}");
        text
    }

    pub(crate) async fn get_json(&self, path: &str) -> Value {
        serde_json::from_str(&self.get(path).await).unwrap()
    }

    pub(crate) async fn create(&self, template: &str) -> Value {
        let body = json!({ "template": template });
        let response = self.request(Method::POST, "/api/v1/lessons", Some(&self.teacher)).json(&body).send().await.unwrap();
        assert_eq!(response.status(), 201);
        response.json().await.unwrap()
    }

    pub(crate) async fn join(&self, code: &str) -> Value {
        let response = self.request(Method::POST, "/api/v1/join", None).json(&json!({ "code": code })).send().await.unwrap();
        assert_eq!(response.status(), 201);
        response.json().await.unwrap()
    }

    pub(crate) async fn class(&self, template: &str) -> Class {
        let lesson = self.create(template).await;
        let code = lesson["code"].as_str().unwrap().to_owned();
        let joined = self.join(&code).await;
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        Class {
            lesson: text(&lesson["id"]),
            thing: text(&joined["thing"]),
            token: text(&joined["token"]),
            topic: text(&joined["mqtt"]["topic"]),
            code,
        }
    }

    /// Ends a lesson as its teacher.
    pub(crate) async fn end(&self, lesson: &str) {
        let path = format!("/api/v1/lessons/{lesson}/end");
        assert_eq!(self.request(Method::POST, &path, Some(&self.teacher)).send().await.unwrap().status(), 204);
    }

    /// Posts a JSON body to a Thing's address.
    pub(crate) async fn post(&self, token: &str, body: &str) -> (u16, Value) {
        let request = self.request(Method::POST, &format!("/i/{token}"), None).header("content-type", "application/json; utf-8");
        let response = request.body(body.to_owned()).send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    /// The lesson's readings as CSV rows without the header.
    pub(crate) async fn rows(&self, lesson: &str) -> Vec<Vec<String>> {
        let csv = self.get(&format!("/api/v1/lessons/{lesson}/observations?format=csv")).await;
        let mut lines = csv.lines();
        assert_eq!(lines.next(), Some("lesson,run,thing,property,phenomenon_time,received_time,x,y,z,unit,number,nickname,t_s"));
        lines.map(|line| line.split(',').map(str::to_owned).collect()).collect()
    }
}
