//! What phones that opened `/check` found out: the only way to see the network from where the class sits.
//!
//! Kept in memory, the last few, without anything that tells one phone from another.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use messwerk_lessons::Micros;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Finding, Level, Patient};

/// Reports kept; the oldest go.
const KEPT: usize = 64;
/// Reports taken in a minute. A class that checks at once has thirty.
const A_MINUTE: usize = 120;
const MINUTE: Micros = 60_000_000;
/// Reports older than this say nothing of today's network.
const RECENT: Micros = 60 * MINUTE;
/// An offset, or a way there and back, beyond this is a mistake of the page: ten years, ten minutes.
const OFFSET_MS: f64 = 3.2e11;
const ROUND_TRIP_MS: f64 = 600_000.0;
const TITLE: (&str, &str) = ("Handys", "Phones");

/// What a phone's page found out.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Check {
    /// Whether the browser counts the page as secure: then it gives sensors.
    pub secure: bool,
    /// Whether a WebSocket to the hub came about.
    pub websocket: bool,
    /// How far the phone's clock is ahead of the hub's; null if it could not be measured.
    pub clock_offset_ms: Option<f64>,
    /// The way there and back; null if it could not be measured.
    pub rtt_ms: Option<f64>,
    /// Whether the browser keeps readings over a reload.
    pub indexeddb: bool,
    /// Whether the browser has motion sensors to offer.
    pub motion_api: bool,
}

/// A check with the time of its arrival.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Report {
    /// Hub time in µs.
    pub at: Micros,
    /// What was found out.
    #[serde(flatten)]
    pub check: Check,
}

impl std::ops::Deref for Report {
    type Target = Check;
    fn deref(&self) -> &Check {
        &self.check
    }
}

/// Why a check was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// A number that no phone means.
    Nonsense,
    /// Too many in this minute.
    TooMany,
}

/// The last reports.
#[derive(Debug, Default)]
pub struct Checks(Mutex<VecDeque<Report>>);

impl Checks {
    /// Keeps a report.
    pub fn take(&self, check: Check, now: Micros) -> Result<(), Refused> {
        let within = |value: Option<f64>, most: f64| value.is_none_or(|value| value.is_finite() && value.abs() <= most);
        if !within(check.clock_offset_ms, OFFSET_MS) || !within(check.rtt_ms, ROUND_TRIP_MS) {
            return Err(Refused::Nonsense);
        }
        let mut reports = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // All that are kept came within half a minute: at that pace it would be too many.
        let pace = reports.len() == KEPT && reports.front().is_some_and(|oldest| now - oldest.at < MINUTE * KEPT as i64 / A_MINUTE as i64);
        if pace {
            return Err(Refused::TooMany);
        }
        if reports.len() == KEPT {
            reports.pop_front();
        }
        reports.push_back(Report { at: now, check });
        Ok(())
    }

    /// All that are kept, the newest first.
    pub fn newest_first(&self) -> Vec<Report> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().rev().copied().collect()
    }
}

/// Those of the last hour.
pub(super) fn recent(reports: &[Report], now: Micros) -> impl Iterator<Item = &Report> {
    reports.iter().filter(move |report| (now - RECENT..=now + RECENT).contains(&report.at))
}

/// Client isolation, firewalls and filters: what phones saw of them.
pub(super) fn examine(patient: &Patient, now: Micros, reports: Option<&[Report]>) -> Finding {
    let secure = if patient.secure { "https" } else { "http" };
    let page = match &patient.public_url {
        Some(url) => format!("{}/check", url.trim_end_matches('/')),
        None => {
            let ip = if patient.web.ip().is_unspecified() { crate::address::in_network().first().copied() } else { Some(patient.web.ip()) };
            ip.map_or_else(|| "/check".to_owned(), |ip| format!("{secure}://{}/check", std::net::SocketAddr::new(ip, patient.web.port())))
        }
    };
    let open = (
        format!(
            "Öffnen Sie {page} auf einem Handy im WLAN der Klasse. Lädt die Seite nicht, obwohl dieser Rechner erreichbar ist, hält das WLAN \
             seine Geräte voneinander fern (Client Isolation, Gäste-WLAN): Lassen Sie das für den Hub ausnehmen."
        ),
        format!(
            "Open {page} on a phone in the class's Wi-Fi. If the page does not load although this machine can be reached, the Wi-Fi keeps \
             its devices apart (client isolation, guest network): have an exception made for the hub."
        ),
    );
    let finding = |level, de: String, en: String| Finding::new("phones", level, TITLE, (de, en));
    let Some(reports) = reports else {
        return finding(
            Level::Ok,
            "Was Handys gemeldet haben, zeigt die Konsole (oder doctor mit --token).".to_owned(),
            "What phones reported is shown on the console (or by doctor with --token).".to_owned(),
        )
        .fix(open);
    };
    let recent: Vec<&Report> = recent(reports, now).collect();
    let count = recent.len();
    if count == 0 {
        return finding(
            Level::Warn,
            "In der letzten Stunde hat kein Handy geprüft, ob es den Hub erreicht.".to_owned(),
            "In the last hour no phone has checked whether it reaches the hub.".to_owned(),
        )
        .fix(open);
    }
    let cut_off = recent.iter().filter(|report| !report.websocket).count();
    if cut_off > 0 {
        return finding(
            Level::Bad,
            format!("{cut_off} von {count} Prüfungen: Das Handy lädt die Seite, bekommt aber keine WebSocket-Verbindung."),
            format!("{cut_off} of {count} checks: the phone loads the page, but gets no WebSocket connection."),
        )
        .fix((
            "Ein Proxy oder Filter auf dem Weg hält sie auf: Lassen Sie die Adresse des Hubs davon ausnehmen.",
            "A proxy or filter on the way stops it: have the hub's address exempted.",
        ));
    }
    let blind = recent.iter().filter(|report| !(report.secure && report.motion_api)).count();
    if blind > 0 {
        return finding(
            Level::Warn,
            format!("Prüfungen, bei denen das Handy den Hub erreichte: {count}; davon ohne Bewegungssensoren im Browser: {blind}."),
            format!("Checks in which the phone reached the hub: {count}; without motion sensors in the browser: {blind}."),
        )
        .fix((
            "Ohne HTTPS geben Browser keine Sensoren (docs/https.md); die App phyphox misst auch so.",
            "Without HTTPS browsers give no sensors (docs/https.md); the app phyphox measures all the same.",
        ));
    }
    let mut trips: Vec<f64> = recent.iter().filter_map(|report| report.rtt_ms).collect();
    trips.sort_by(f64::total_cmp);
    let trip = trips.get(trips.len() / 2).map(|ms| format!(" ({ms:.0} ms)")).unwrap_or_default();
    finding(
        Level::Ok,
        format!("Prüfungen, bei denen das Handy den Hub erreichte: {count}{trip}."),
        format!("Checks in which the phone reached the hub: {count}{trip}."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const FINE: Check =
        Check { secure: true, websocket: true, clock_offset_ms: Some(12.0), rtt_ms: Some(8.0), indexeddb: true, motion_api: true };

    #[test]
    fn the_last_reports_are_kept_and_nonsense_is_not() {
        let checks = Checks::default();
        for number in 0..100 {
            checks.take(Check { rtt_ms: Some(number as f64), ..FINE }, number * MINUTE).unwrap();
        }
        let kept = checks.newest_first();
        assert_eq!((kept.len(), kept[0].rtt_ms, kept[63].rtt_ms), (64, Some(99.0), Some(36.0)));
        for bad in [f64::NAN, f64::INFINITY, 1e300] {
            assert_eq!(checks.take(Check { clock_offset_ms: Some(bad), ..FINE }, 0), Err(Refused::Nonsense));
            assert_eq!(checks.take(Check { rtt_ms: Some(bad), ..FINE }, 0), Err(Refused::Nonsense));
        }
    }

    #[test]
    fn a_flood_of_reports_is_refused_and_ends() {
        let checks = Checks::default();
        let taken = (0..500).filter(|_| checks.take(FINE, 1_000 * MINUTE).is_ok()).count();
        assert_eq!(taken, KEPT);
        assert_eq!(checks.take(FINE, 1_000 * MINUTE), Err(Refused::TooMany));
        checks.take(FINE, 1_001 * MINUTE).unwrap();
    }
}
