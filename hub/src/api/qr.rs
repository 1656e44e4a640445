//! The codes on the board: `GET /api/v1/lessons/{id}/qr/{join|phyphox|wifi}.svg`. As public as the board is.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use messwerk_lessons::template::Template;
use messwerk_store::catalogue::Lesson;
use serde::{Deserialize, Serialize};

use crate::address::Address;
use crate::api::extract::{At, Parameters};
use crate::api::lessons::{find, template_of};
use crate::api::problem::Problem;
use crate::phyphox;
use crate::qr::{self, Theme};
use crate::state::Hub;

/// How a code is to look.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Look {
    theme: Theme,
    lang: Option<String>,
}

/// The codes there are for a lesson that somebody may join; pages ask for no others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Codes {
    /// Address of the code that joins.
    pub qr: String,
    /// Address of the code for the phyphox app; `null` if it cannot measure for the lesson.
    pub phyphox: Option<String>,
    /// Address of the code for the Wi-Fi; `null` without one in the configuration.
    pub wifi: Option<String>,
    /// The Wi-Fi's name.
    pub ssid: Option<String>,
}

impl Codes {
    /// Those of a lesson.
    pub fn of(hub: &Hub, lesson: &Lesson, template: &Template) -> Self {
        let code = |name: &str| format!("/api/v1/lessons/{}/qr/{name}.svg", lesson.id);
        let ssid = Some(hub.wifi.ssid.clone()).filter(|ssid| !ssid.is_empty());
        Self {
            qr: code("join"),
            phyphox: phyphox::offers(template).then(|| code("phyphox")),
            wifi: ssid.is_some().then(|| code("wifi")),
            ssid,
        }
    }
}

/// The page that joins, as phones reach it; the token is in the fragment and reaches no log.
pub fn join_url(shown: &Address, lesson: &Lesson) -> String {
    shown.url(&format!("/j#t={}", lesson.token))
}

/// The link that opens the phyphox app, which tries https and then http.
pub fn phyphox_url(shown: &Address, token: &str) -> String {
    let http = shown.url(&format!("/p/{token}.phyphox"));
    http.split_once("://").map_or(http.clone(), |(_, rest)| format!("phyphox://{rest}"))
}

/// A QR code as SVG: `join` (the page that joins), `phyphox` (the app's experiment) or `wifi`.
#[utoipa::path(get, path = "/api/v1/lessons/{id}/qr/{code}", params(("id" = String, Path), ("code" = String, Path, description = "`join.svg`, `phyphox.svg` or `wifi.svg`"), ("theme" = Option<String>, Query, description = "`light` (default) or `dark`"), ("lang" = Option<String>, Query, description = "language of its name: `de` (default) or `en`")), responses((status = 200, content_type = "image/svg+xml"), (status = 404, body = Problem, description = "nobody may join just now, there is no Wi-Fi in the configuration, or phyphox cannot measure for the lesson")))]
pub async fn code(
    State(hub): State<Hub>,
    address: Address,
    At((id, name)): At<(String, String)>,
    Parameters(look): Parameters<Look>,
) -> Result<Response, Problem> {
    let lesson = find(&hub, &id)?;
    let shown = hub.shown(&address);
    let english = look.lang.as_deref().is_some_and(|lang| lang.starts_with("en"));
    let title = |german: &'static str, in_english: &'static str| if english { in_english } else { german };
    let open =
        || match lesson.ended.is_none() && lesson.lobby_open {
            true => Ok(()),
            false => Err(Problem::not_found("Nobody may join this lesson just now. The teacher opens the lobby on the console.")
                .coded("lobby_locked")),
        };
    let (text, title) = match name.as_str() {
        "join.svg" => {
            open()?;
            (join_url(&shown, &lesson), title("QR-Code: mitmachen", "QR code: join"))
        }
        "phyphox.svg" if phyphox::offers(template_of(&hub, &lesson)?.as_ref()) => {
            open()?;
            (phyphox_url(&shown, &lesson.token), title("QR-Code für die App phyphox", "QR code for the phyphox app"))
        }
        "phyphox.svg" => return Err(Problem::not_found("The phyphox app cannot measure for this lesson.").coded("no_phyphox")),
        "wifi.svg" => {
            let missing =
                || Problem::not_found("There is no Wi-Fi in the hub's configuration: [wifi] ssid in messwerk.toml.").coded("no_wifi");
            (hub.wifi.text().ok_or_else(missing)?, title("QR-Code: WLAN", "QR code: Wi-Fi"))
        }
        _ => return Err(Problem::not_found(format!("There is no code {name}. There are: join.svg, phyphox.svg, wifi.svg."))),
    };
    let svg = qr::svg(&text, title, look.theme).ok_or_else(|| Problem::internal(&format!("{name} is too long for a code")))?;
    Ok(([(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "no-store")], svg).into_response())
}
