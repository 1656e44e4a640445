//! Whether the hub's name leads to the hub. Many routers drop answers that point into the local network (protection from DNS
//! rebinding), and a hub in a school has exactly such an answer.

use std::net::IpAddr;
use std::time::Duration;

use tokio::net::lookup_host;
use tokio::time::timeout;

use super::{Finding, Level, Patient};
use crate::address;

/// Time for an answer. A name server that does not know asks others first.
const PATIENCE: Duration = Duration::from_secs(6);
const TITLE: (&str, &str) = ("Name", "Name");

pub(super) async fn examine(patient: &Patient) -> Finding {
    let Some((host, port, _)) = patient.public() else { return unnamed(patient) };
    if host.parse::<IpAddr>().is_ok() {
        return Finding::new(
            "name",
            Level::Ok,
            TITLE,
            (format!("public_url nennt eine Adresse ({host})."), format!("public_url names an address ({host}).")),
        );
    }
    let found = match timeout(PATIENCE, lookup_host((host.as_str(), port))).await {
        Ok(Ok(found)) => found.map(|address| address.ip().to_canonical()).collect(),
        _ => vec![],
    };
    judge(&host, &found, &address::in_network(), patient.behind_proxy || patient.data_dir.is_none())
}

fn unnamed(patient: &Patient) -> Finding {
    if patient.from_files {
        return Finding::new(
            "name",
            Level::Warn,
            TITLE,
            (
                "Der Hub hat ein Zertifikat, aber public_url ist nicht gesetzt: QR-Codes zeigen die Adresse, unter der Sie die Seite geöffnet haben.",
                "The hub has a certificate, but public_url is not set: QR codes show the address under which you opened the page.",
            ),
        )
        .fix((
            "Setzen Sie public_url in messwerk.toml auf den Namen im Zertifikat, zum Beispiel https://hub.schule.example.",
            "Set public_url in messwerk.toml to the name in the certificate, for example https://hub.school.example.",
        ));
    }
    let detail = (
        "Kein eigener Name gesetzt (public_url): Handys benutzen die Adresse des Rechners. Das ist in Ordnung.",
        "No name of its own is set (public_url): phones use the machine's address. That is fine.",
    );
    Finding::new("name", Level::Ok, TITLE, detail)
}

/// `found` is what the name server said, `own` where this machine is. `elsewhere`: the name may well lead to another machine.
fn judge(host: &str, found: &[IpAddr], own: &[IpAddr], elsewhere: bool) -> Finding {
    let list = |ips: &[IpAddr]| ips.iter().map(IpAddr::to_string).collect::<Vec<_>>().join(", ");
    let (there, here) = (list(found), list(own));
    let finding = |level, de: String, en: String| Finding::new("name", level, TITLE, (de, en));
    let at = own.first().map_or_else(|| "…".to_owned(), IpAddr::to_string);
    if found.is_empty() {
        return finding(
            Level::Bad,
            format!("Für {host} kommt hier keine Antwort: Der Eintrag fehlt, oder der Router verwirft ihn (Rebind-Schutz)."),
            format!("No answer for {host} arrives here: the entry is missing, or the router drops it (rebind protection)."),
        )
        .fix((
            format!(
                "Lassen Sie im DNS der Schule einen A-Eintrag {host} -> {at} anlegen. Gibt es ihn schon: Tragen Sie {host} als Ausnahme im \
                 Rebind-Schutz des Routers ein (FRITZ!Box: Heimnetz, Netzwerk, Netzwerkeinstellungen; Unbound: private-domain; \
                 dnsmasq: rebind-domain-ok)."
            ),
            format!(
                "Have an A record {host} -> {at} made in the school's DNS. If there is one: add {host} as an exception to the router's \
                 rebind protection (FRITZ!Box: Home Network, Network, Network Settings; Unbound: private-domain; dnsmasq: \
                 rebind-domain-ok)."
            ),
        ));
    }
    if found.iter().any(|ip| own.contains(ip)) {
        return finding(
            Level::Ok,
            format!("{host} führt hierher ({there}). Handys können einen anderen Namensdienst haben: /check auf einem Handy zeigt es."),
            format!("{host} leads here ({there}). Phones may use another name server: /check on a phone shows it."),
        );
    }
    if found.iter().all(IpAddr::is_loopback) {
        return finding(
            Level::Warn,
            format!("{host} führt auf diesem Rechner zu sich selbst ({there}), wohl durch seine hosts-Datei: Was Handys sehen, ist von hier nicht zu prüfen."),
            format!("{host} leads to itself on this machine ({there}), probably by its hosts file: what phones see cannot be checked from here."),
        )
        .fix((format!("Öffnen Sie {host}/check auf einem Handy im WLAN der Schule."), format!("Open {host}/check on a phone in the school's Wi-Fi.")));
    }
    if elsewhere {
        return finding(Level::Ok, format!("{host} führt zu {there}."), format!("{host} leads to {there}."));
    }
    finding(
        Level::Bad,
        format!("{host} führt zu {there}, der Hub ist aber unter {here}."),
        format!("{host} leads to {there}, but the hub is at {here}."),
    )
    .fix((
        format!("Lassen Sie den A-Eintrag auf {at} ändern, und geben Sie dem Hub im Router immer dieselbe Adresse."),
        format!("Have the A record changed to {at}, and let the router always give the hub the same address."),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_to_the_hub_or_it_is_said_what_to_do() {
        let check = |found: &[&str], own: &[&str], elsewhere: bool, level: Level, words: &str| {
            let ips = |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect::<Vec<IpAddr>>();
            let finding = judge("hub.schule.example", &ips(found), &ips(own), elsewhere);
            assert_eq!(finding.level, level, "{finding:?}");
            assert_eq!(finding.fix.is_some(), level != Level::Ok, "{finding:?}");
            let all = format!("{finding:?}");
            assert!(all.contains(words), "{all}");
        };
        let here: &[&str] = &["192.168.1.5", "fd00::5"];
        check(&["192.168.1.5"], here, false, Level::Ok, "leads here");
        check(&["2001:db8::1", "fd00::5"], here, false, Level::Ok, "leads here");
        check(&[], here, false, Level::Bad, "rebind");
        check(&[], &[], true, Level::Bad, "rebind");
        check(&["127.0.1.1"], here, false, Level::Warn, "hosts file");
        check(&["192.168.1.77"], here, false, Level::Bad, "changed to 192.168.1.5");
        check(&["203.0.113.9"], here, true, Level::Ok, "203.0.113.9");
    }
}
