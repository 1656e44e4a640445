//! Every route of the OpenAPI document with every role. What is not in the table is refused to everybody: a new route without a
//! line here fails the test.

use std::collections::BTreeSet;

use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::accounts::{Browser, signed_in};
use crate::harness::{Class, TestHub};

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Role {
    Nobody,
    /// A Thing of the lesson that is asked about; where one Thing is asked about, this one.
    Pupil,
    /// A Thing of another lesson.
    Stranger,
    /// A teacher by token, as programs are.
    Token,
    /// A teacher by cookie, from a page of the hub.
    Cookie,
    /// The same browser, from a page of another site.
    Lured,
}

const ROLES: [Role; 6] = [Role::Nobody, Role::Pupil, Role::Stranger, Role::Token, Role::Cookie, Role::Lured];

/// To whom a route opens.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Opens {
    /// To everybody, and to pages of other sites: the path is the credential, and no other counts.
    EveryOrigin,
    /// To everybody: it shows what the board shows, or asks for a credential of its own (a code, a password, a token in the path).
    Everybody,
    /// To teachers.
    Teachers,
    /// To teachers, and to the lesson's own Things (for what is theirs).
    TheClass,
}

impl Opens {
    /// The status of the refusal; `None` if the route opens.
    fn refuses(self, role: Role) -> Option<u16> {
        match (self, role) {
            (Self::EveryOrigin, _) => None,
            // Whatever the route: a browser with another site's page is turned away.
            (_, Role::Lured) => Some(403),
            (Self::Everybody, _) | (_, Role::Token | Role::Cookie) | (Self::TheClass, Role::Pupil) => None,
            (_, Role::Nobody) => Some(401),
            (_, Role::Pupil | Role::Stranger) => Some(403),
        }
    }
}

use Opens::{EveryOrigin, Everybody, Teachers, TheClass};

/// Every route: method, path, to whom it opens, and a body that fits.
const TABLE: &[(&str, &str, Opens, &str)] = &[
    ("get", "/api/v1/lessons", Teachers, ""),
    ("post", "/api/v1/lessons", Teachers, r#"{"template":"pendulum"}"#),
    // Who knows the id of a lesson sees what the board shows, without the code.
    ("get", "/api/v1/lessons/{id}", Everybody, ""),
    ("delete", "/api/v1/lessons/{id}", Teachers, ""),
    ("post", "/api/v1/lessons/{id}/end", Teachers, ""),
    ("post", "/api/v1/lessons/{id}/commands", Teachers, r#"{"do":"freeze"}"#),
    ("get", "/api/v1/lessons/{id}/log", Teachers, ""),
    ("get", "/api/v1/lessons/{id}/console", Teachers, "websocket"),
    ("get", "/api/v1/lessons/{id}/live", Everybody, "websocket"),
    ("get", "/api/v1/lessons/{id}/observations", TheClass, ""),
    ("get", "/api/v1/lessons/{id}/aggregates", TheClass, ""),
    ("get", "/api/v1/lessons/{id}/latest", TheClass, ""),
    ("get", "/api/v1/lessons/{id}/rejections", TheClass, ""),
    ("get", "/api/v1/lessons/{id}/outcomes", Everybody, ""),
    ("get", "/api/v1/lessons/{id}/figures/{figure}", Everybody, ""),
    ("get", "/api/v1/lessons/{id}/discussion", Everybody, ""),
    ("get", "/api/v1/lessons/{id}/discussion/group", Everybody, ""),
    ("get", "/api/v1/lessons/{id}/workbook", TheClass, ""),
    ("post", "/api/v1/lessons/{id}/links", Teachers, r#"{"what":"results"}"#),
    ("get", "/api/v1/lessons/{id}/links", Teachers, ""),
    ("delete", "/api/v1/lessons/{id}/links/{link}", Teachers, ""),
    ("get", "/x/{token}", EveryOrigin, ""),
    ("get", "/t/lessons/{id}/report", Teachers, ""),
    ("get", "/t/lessons/{id}/reports", Teachers, ""),
    ("get", "/t/lessons/{id}/report/{thing}", TheClass, ""),
    ("post", "/report", Everybody, "{}"),
    ("get", "/api/v1/lessons/{id}/qr/{code}", Everybody, ""),
    ("post", "/api/v1/compare", Teachers, r#"{"sources":[{"kind":"lesson","id":"{id}"},{"kind":"lesson","id":"{id}"}]}"#),
    ("get", "/api/v1/compare/{figure}", Teachers, ""),
    ("get", "/api/v1/templates", Everybody, ""),
    ("post", "/api/v1/templates", Teachers, r#"{"files":{}}"#),
    ("post", "/api/v1/templates/lint", Teachers, r#"{"files":{}}"#),
    ("post", "/api/v1/templates/preview", Teachers, r#"{"files":{}}"#),
    ("get", "/api/v1/templates/{template}", Everybody, ""),
    ("delete", "/api/v1/templates/{template}", Teachers, ""),
    ("get", "/api/v1/templates/{template}/download", Everybody, ""),
    ("get", "/api/v1/templates/{template}/amb.json", Everybody, ""),
    ("post", "/api/v1/templates/{template}/restore", Teachers, ""),
    ("post", "/api/v1/templates/{template}/fork", Teachers, "{}"),
    ("get", "/api/v1/templates/{template}/versions/{version}/assets/{asset}", Everybody, ""),
    ("get", "/api/v1/drafts", Teachers, ""),
    ("post", "/api/v1/drafts", Teachers, r#"{"files":{}}"#),
    ("get", "/api/v1/drafts/{draft}", Teachers, ""),
    ("put", "/api/v1/drafts/{draft}", Teachers, r#"{"changed":1,"files":{}}"#),
    ("delete", "/api/v1/drafts/{draft}", Teachers, ""),
    ("get", "/api/v1/drafts/{draft}/download", Teachers, ""),
    ("post", "/api/v1/drafts/{draft}/restore", Teachers, ""),
    ("get", "/api/v1/privacy", Everybody, ""),
    ("post", "/api/v1/join", Everybody, r#"{"code":"000000"}"#),
    ("patch", "/api/v1/things/{thing}", TheClass, r#"{"length_m":0.4}"#),
    ("delete", "/api/v1/things/{thing}/runs/{run}", TheClass, ""),
    ("put", "/api/v1/things/{thing}/runs/{run}/exclusion", Teachers, r#"{"reason":"bumped"}"#),
    ("post", "/api/v1/things/{thing}/upload", TheClass, "no export"),
    // Asks for its credential in the first message.
    ("get", "/api/v1/phone", Everybody, "websocket"),
    ("post", "/api/v1/setup", Everybody, r#"{"secret":"AAAAAAAAAAAAAAAAAAAAAA","password":"cloud piano seven bridge"}"#),
    ("post", "/api/v1/login", Everybody, r#"{"password":"not the password"}"#),
    ("post", "/api/v1/logout", Everybody, "{}"),
    ("get", "/api/v1/me", Teachers, ""),
    ("post", "/api/v1/check", Everybody, "{}"),
    ("get", "/api/v1/check", Teachers, ""),
    ("get", "/api/v1/check/socket", Everybody, "websocket"),
    ("get", "/api/v1/doctor", Teachers, ""),
    ("post", "/api/v1/lessons/{id}/releases/preview", Teachers, r#"{"label":"9b"}"#),
    ("post", "/api/v1/lessons/{id}/releases", Teachers, r#"{"wanted":{"label":"9b"},"id":"AAAAAAAAAAAAAAAAAAAAAA","sha256":""}"#),
    ("get", "/api/v1/releases", Teachers, ""),
    ("post", "/api/v1/releases", Teachers, "no release"),
    ("delete", "/api/v1/releases/{release}", Teachers, ""),
    ("get", "/api/v1/releases/{release}/file", Teachers, ""),
    ("put", "/api/v1/releases/{release}/use", Teachers, r#"{"used":true}"#),
    ("delete", "/api/v1/releases/sources", Teachers, ""),
    ("post", "/api/v1/releases/pull", Teachers, ""),
    // The sky is everybody's; what a hub knows of it comes from teachers.
    ("get", "/api/v1/sky/satellites", Everybody, ""),
    ("post", "/api/v1/sky/elements", Teachers, "no elements"),
    ("put", "/api/v1/sky/school", Teachers, r#"{"name":"","latitude":52.5,"longitude":13.4,"elevation_m":34,"time_zone":"Europe/Berlin"}"#),
    ("delete", "/api/v1/sky/school", Teachers, ""),
    ("get", "/api/v1/sky/sun", Everybody, ""),
    ("get", "/api/v1/sky/year", Everybody, ""),
    ("get", "/api/v1/sky/{norad}", Everybody, ""),
    ("delete", "/api/v1/sky/{norad}", Teachers, ""),
    ("get", "/api/v1/sky/{norad}/passes", Everybody, ""),
    // What teachers made public, if the operator publishes.
    ("get", "/catalog.json", Everybody, ""),
    ("get", "/catalog/releases/{file}", Everybody, ""),
    ("get", "/catalog/templates/{file}", Everybody, ""),
    ("post", "/api/v1/offers/{sha256}", Teachers, ""),
    // Those that are public, and to teachers all.
    ("get", "/api/v1/stations", Everybody, ""),
    ("post", "/api/v1/stations", Teachers, r#"{"name":"roof","format":"ecowitt"}"#),
    ("get", "/api/v1/stations/{id}", Everybody, ""),
    ("put", "/api/v1/stations/{id}", Teachers, r#"{"name":"roof"}"#),
    ("delete", "/api/v1/stations/{id}", Teachers, ""),
    ("post", "/api/v1/stations/{id}/key", Teachers, "{}"),
    ("get", "/api/v1/stations/{id}/payloads", Teachers, ""),
    ("post", "/api/v1/stations/{id}/files", Teachers, "no file of open data"),
    ("get", "/api/v1/stations/{id}/files", Teachers, ""),
    ("delete", "/api/v1/stations/{id}/files/{file}", Teachers, ""),
    ("post", "/api/v1/stations/demo", Teachers, ""),
    ("get", "/api/v1/feeds", Teachers, ""),
    ("post", "/api/v1/feeds/{name}/ask", Teachers, ""),
    ("post", "/api/v1/stations/try", Teachers, r#"{"settings":{"name":"roof","format":"ecowitt"},"text":"tempf=70.3"}"#),
    ("get", "/api/v1/stations/{id}/series", Everybody, ""),
    ("get", "/api/v1/stations/{id}/rose", Everybody, ""),
    ("get", "/api/v1/stations/compare", Everybody, ""),
    // Its key is in the address, and a Thing's token is no key.
    ("post", "/s/{key}", Everybody, "tempf=70.3"),
    ("get", "/api/v1/openapi.json", Everybody, ""),
    ("get", "/p/{token}", Everybody, ""),
    ("post", "/i/{token}", Everybody, r#"{"t":[0.01],"accX":[1],"accY":[2],"accZ":[3]}"#),
    ("get", "/mqtt", Everybody, "websocket"),
    ("get", "/tls/ca.pem", Everybody, ""),
    ("get", "/healthz", Everybody, ""),
    ("get", "/readyz", Everybody, ""),
    ("get", "/metrics", Everybody, ""),
];

/// The words of refusals that are about who asks, not about what is asked.
const REFUSALS: &[&str] = &["not_yours", "not_signed_in", "unknown_token", "not_allowed", "foreign_origin"];

#[allow(clippy::too_many_arguments, reason = "a table of who asks what of whom")]
async fn ask(
    hub: &TestHub,
    method: &str,
    path: &str,
    body: &str,
    role: Role,
    class: &Class,
    stranger: &Class,
    browser: &Browser,
) -> Response {
    let filled = [
        ("{id}", class.lesson.as_str()),
        ("{thing}", &class.thing),
        ("{run}", "1"),
        ("{figure}", "strip.svg"),
        ("{link}", "1"),
        ("{code}", "join.svg"),
        ("{key}", "not-a-key-of-a-station"),
        ("{template}", "pendulum"),
        ("{version}", "1.0.0"),
        ("{asset}", "a.png"),
        ("{draft}", "0000000000000001"),
        ("{norad}", "25544"),
        ("{name}", "nobody"),
    ]
    .iter()
    .fold(path.to_owned(), |path, (name, value)| path.replace(name, value))
    .replace("{token}", &class.token);
    let token = match role {
        Role::Pupil => Some(class.token.as_str()),
        Role::Stranger => Some(stranger.token.as_str()),
        Role::Token => Some(hub.teacher.as_str()),
        Role::Nobody | Role::Cookie | Role::Lured => None,
    };
    let mut request = hub.request(Method::from_bytes(method.to_uppercase().as_bytes()).unwrap(), &filled, token);
    let origin = match role {
        Role::Cookie => Some(browser.origin.as_str()),
        Role::Lured => Some("http://evil.example"),
        _ => None,
    };
    if let Some(origin) = origin {
        request = request.header("origin", origin).header("cookie", &browser.cookie);
    }
    if body == "websocket" {
        request = request.header("connection", "Upgrade").header("upgrade", "websocket").header("sec-websocket-version", "13");
        request = request.header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
        if path == "/mqtt" {
            request = request.header("sec-websocket-protocol", "mqtt");
        }
    } else if !body.is_empty() {
        request = request.header("content-type", "application/json").body(body.to_owned());
    }
    request.send().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_opens_to_its_roles_and_to_nobody_else() {
    let hub = TestHub::start().await;
    let document: Value = hub.get_json("/api/v1/openapi.json").await;
    let paths = document["paths"].as_object().unwrap();
    let described: BTreeSet<(&str, &str)> =
        paths.iter().flat_map(|(path, item)| item.as_object().unwrap().keys().map(|method| (method.as_str(), path.as_str()))).collect();
    let listed: BTreeSet<(&str, &str)> = TABLE.iter().map(|(method, path, ..)| (*method, *path)).collect();
    let missing: Vec<_> = described.difference(&listed).collect();
    assert!(missing.is_empty(), "say in the table of hub/tests/it/matrix.rs to whom these routes open: {missing:?}");
    let gone: Vec<_> = listed.difference(&described).collect();
    assert!(gone.is_empty(), "these routes of the table do not exist: {gone:?}");

    let browser = signed_in(&hub).await;
    let stranger = hub.class("pendulum").await;
    for (method, path, opens, body) in TABLE {
        // What is asked must be there, whatever an earlier role did to it.
        let shared = hub.class("pendulum").await;
        for role in ROLES {
            let own = if *method == "delete" || path.ends_with("/end") { Some(hub.class("pendulum").await) } else { None };
            let class = own.as_ref().unwrap_or(&shared);
            // Signing out ends the session, and what comes next needs one.
            let other = if path.ends_with("/logout") {
                Some(Browser { cookie: sign_in(&hub).await, origin: browser.origin.clone() })
            } else {
                None
            };
            let answer = ask(&hub, method, path, body, role, class, &stranger, other.as_ref().unwrap_or(&browser)).await;
            let status = answer.status().as_u16();
            let problem: Value = if status >= 400 { answer.json().await.unwrap() } else { json!({}) };
            let (code, detail) = (problem["code"].as_str().unwrap_or_default(), &problem["detail"]);
            match opens.refuses(role) {
                Some(expected) => {
                    assert_eq!(status, expected, "{method} {path} for {role:?}: {detail}");
                    assert!(REFUSALS.contains(&code), "{method} {path} for {role:?}: {code} {detail}");
                    assert_eq!(role == Role::Lured, code == "foreign_origin", "{method} {path} for {role:?}: {detail}");
                }
                None => {
                    let let_in = status < 500 && !(REFUSALS.contains(&code) && [401, 403].contains(&status));
                    assert!(let_in, "{method} {path} does not open for {role:?}: {status} {code} {detail}");
                }
            }
        }
    }
    hub.stop().await;
}

async fn sign_in(hub: &TestHub) -> String {
    let body = json!({"password": crate::accounts::PASSWORD});
    let answer = hub.request(Method::POST, "/api/v1/login", None).json(&body).send().await.unwrap();
    answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_everybody_may_see_of_a_lesson_holds_no_credential() {
    let hub = TestHub::start().await;
    let class = hub.class("pendulum").await;
    let token = hub.running.hub.store.catalogue().lesson(class.lesson.parse().unwrap()).unwrap().unwrap().token;
    for path in ["", "/outcomes", "/figures/strip.svg"] {
        let path = format!("/api/v1/lessons/{}{path}", class.lesson);
        let shown = hub.request(Method::GET, &path, None).send().await.unwrap().text().await.unwrap();
        for secret in [&class.code, &class.token, &token] {
            assert!(!shown.contains(secret.as_str()), "{path} shows a credential: {shown}");
        }
    }
    hub.stop().await;
}
