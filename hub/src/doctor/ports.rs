//! Whether the hub answers where phones look for it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use super::{Finding, Level, Patient, probe};
use crate::address;

/// What was found, and where the hub answers from here.
pub(super) struct Ports {
    pub(super) findings: Vec<Finding>,
    pub(super) answers: Option<SocketAddr>,
}

const WEB: (&str, &str) = ("Erreichbarkeit", "Reachable");

/// Tries the addresses of this machine in its networks: a hub that listens on its own machine only is not there for phones. A
/// firewall lets a machine reach itself, so phones may still be kept out: that is what `/check` on a phone is for.
pub(super) async fn examine(patient: &Patient) -> Ports {
    let (bound, port) = (patient.web.ip(), patient.web.port());
    // 0.0.0.0 is every address of IPv4, and none of IPv6.
    let own: Vec<IpAddr> = address::in_network().into_iter().filter(|ip| bound.is_ipv6() || ip.is_ipv4()).collect();
    let from_here = if bound.is_unspecified() { SocketAddr::from((Ipv4Addr::LOCALHOST, port)) } else { patient.web };
    let reached = probe::is_open(from_here).await;
    if reached && is_another(patient, from_here).await {
        return Ports { findings: vec![another(from_here)], answers: None };
    }
    let answers = reached.then_some(from_here);
    let mut findings = vec![web(patient, &own, from_here, reached).await];
    if reached {
        let doors = [("mqtt", patient.mqtt), ("mqtts", patient.mqtts)];
        for (name, door) in doors.into_iter().filter_map(|(name, door)| Some((name, door?))) {
            findings.extend(mqtt(name, door, &own).await);
        }
    }
    Ports { findings, answers }
}

/// Whether what answers there is no hub. What does not answer at all, or over another protocol than it should, may well be one.
async fn is_another(patient: &Patient, address: SocketAddr) -> bool {
    let answer = probe::ask(address, patient.secure, "localhost", "/healthz", None).await;
    answer.is_ok_and(|answer| answer.status != 200 || answer.body.trim() != "ok")
}

fn another(address: SocketAddr) -> Finding {
    let detail =
        (format!("Unter {address} antwortet ein anderes Programm, kein Hub."), format!("Another program answers at {address}, not a hub."));
    Finding::new("ports", Level::Bad, WEB, detail).fix((
        "Beenden Sie es oder geben Sie dem Hub einen anderen Port (http in messwerk.toml oder --http). Läuft der Hub auf einem anderen Port, nennen Sie ihn mit --hub.",
        "End it, or give the hub another port (http in messwerk.toml or --http). If the hub runs on another port, name it with --hub.",
    ))
}

async fn web(patient: &Patient, own: &[IpAddr], from_here: SocketAddr, reached: bool) -> Finding {
    let bad = |de: String, en: String| Finding::new("ports", Level::Bad, WEB, (de, en));
    let (bound, port) = (patient.web.ip(), patient.web.port());
    if !reached {
        return bad(format!("Unter {from_here} antwortet kein Hub."), format!("No hub answers at {from_here}.")).fix((
            "Starten Sie den Hub (messwerk serve); wenn er auf einem anderen Port läuft, geben Sie ihn mit --hub an.",
            "Start the hub (messwerk serve); if it runs on another port, name it with --hub.",
        ));
    }
    if bound.is_loopback() {
        return bad(
            format!("Der Hub lauscht nur auf {}: Nur dieser Rechner selbst erreicht ihn.", patient.web),
            format!("The hub listens on {} only: nobody but this machine reaches it.", patient.web),
        )
        .fix((format!("Starten Sie ihn mit --http 0.0.0.0:{port}."), format!("Start it with --http 0.0.0.0:{port}.")));
    }
    if bound.is_unspecified() && own.is_empty() {
        return bad(
            "Dieser Rechner ist in keinem Netz, in dem Handys ihn erreichen.".to_owned(),
            "This machine is in no network in which phones reach it.".to_owned(),
        )
        .fix(("Verbinden Sie ihn mit dem WLAN oder Kabel der Schule.", "Connect it to the school's Wi-Fi or cable."));
    }
    let scheme = if patient.secure { "https" } else { "http" };
    let mut closed = vec![];
    for ip in own.iter().filter(|_| bound.is_unspecified()) {
        let address = SocketAddr::new(*ip, port);
        if !probe::is_open(address).await {
            closed.push(address.to_string());
        }
    }
    if !closed.is_empty() {
        let closed = closed.join(", ");
        return bad(format!("Unter {closed} ist der Hub nicht erreichbar."), format!("The hub cannot be reached at {closed}.")).fix((
            format!("Lassen Sie Port {port} (TCP) in der Firewall dieses Rechners zu."),
            format!("Allow port {port} (TCP) in this machine's firewall."),
        ));
    }
    let first = if bound.is_unspecified() { own.first().map_or(from_here, |ip| SocketAddr::new(*ip, port)) } else { patient.web };
    Finding::new(
        "ports",
        Level::Ok,
        WEB,
        (
            format!("Der Hub antwortet unter {scheme}://{first}. Ob die Firewall auch Handys hereinlässt, zeigt /check auf einem Handy."),
            format!("The hub answers at {scheme}://{first}. Whether the firewall lets phones in, too, /check on a phone shows."),
        ),
    )
}

async fn mqtt(name: &'static str, door: SocketAddr, own: &[IpAddr]) -> Option<Finding> {
    let title = if name == "mqtt" { ("MQTT", "MQTT") } else { ("MQTT mit TLS", "MQTT with TLS") };
    if door.ip().is_loopback() {
        // Meant so, where everything goes by HTTP.
        return None;
    }
    let ip = if door.ip().is_unspecified() { own.first().copied()? } else { door.ip() };
    let address = SocketAddr::new(ip, door.port());
    if probe::is_open(address).await {
        let detail = (format!("Antwortet unter {address}."), format!("Answers at {address}."));
        return Some(Finding::new(name, Level::Ok, title, detail));
    }
    let detail = (
        format!("Unter {address} antwortet nichts. Messstationen kommen nicht durch; Handys brauchen es nicht."),
        format!("Nothing answers at {address}. Stations do not get through; phones do not need it."),
    );
    Some(Finding::new(name, Level::Warn, title, detail).fix((
        format!("Lassen Sie Port {} (TCP) in der Firewall dieses Rechners zu.", address.port()),
        format!("Allow port {} (TCP) in this machine's firewall.", address.port()),
    )))
}
