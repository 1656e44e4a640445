//! Whether browsers will take the hub's certificate, and for how long.

use std::net::{IpAddr, SocketAddr};

use messwerk_lessons::Micros;
use rustls::client::verify_server_name;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::server::ParsedCertificate;

use super::{Finding, Level, Patient, probe};
use crate::address;
use crate::tls::Facts;

/// Days before the end from which on it is a warning.
const SOON: i64 = 21;
const TITLE: (&str, &str) = ("Zertifikat", "Certificate");

pub(super) async fn examine(patient: &Patient, answers: Option<SocketAddr>, now: Micros) -> Finding {
    let public = patient.public();
    if !patient.secure {
        if patient.behind_proxy && public.is_some_and(|(.., secure)| secure) {
            let detail = ("Ein Proxy davor sorgt für HTTPS.", "A proxy in front provides HTTPS.");
            return Finding::new("certificate", Level::Ok, TITLE, detail);
        }
        return Finding::new(
            "certificate",
            Level::Warn,
            TITLE,
            (
                "Der Hub hat keines: Browser geben Seiten ohne HTTPS keine Sensoren. Mit der App phyphox und mit Eingaben von Hand lässt sich messen.",
                "The hub has none: browsers give pages without HTTPS no sensors. Measuring works with the app phyphox and by typing.",
            ),
        )
        .fix((
            "docs/https.md nennt den Weg, der zu Ihrer Schule passt.",
            "docs/https.md names the way that fits your school.",
        ));
    }
    let Some(answers) = answers else {
        let detail = ("Nicht geprüft, weil kein Hub antwortet.", "Not checked, because no hub answers.");
        return Finding::new("certificate", Level::Warn, TITLE, detail).fix(("Starten Sie den Hub zuerst.", "Start the hub first."));
    };
    let host = public.map(|(host, ..)| host).or_else(|| address::in_network().first().map(IpAddr::to_string));
    let host = host.unwrap_or_else(|| "localhost".to_owned());
    match probe::certificates(answers, &host).await {
        Ok(chain) => judge(&chain, &host, patient.from_files, now),
        Err(error) => Finding::new(
            "certificate",
            Level::Bad,
            TITLE,
            (
                format!("Unter {answers} kommt keine TLS-Verbindung zustande: {error}."),
                format!("No TLS connection comes about at {answers}: {error}."),
            ),
        )
        .fix(("Das Protokoll des Hubs nennt den Grund.", "The hub's log names the reason.")),
    }
}

fn judge(chain: &[CertificateDer<'_>], host: &str, from_files: bool, now: Micros) -> Finding {
    let finding = |level, de: String, en: String| Finding::new("certificate", level, TITLE, (de, en));
    let Some((leaf, facts)) = chain.first().and_then(|leaf| Some((leaf, Facts::of(leaf).ok()?))) else {
        return finding(Level::Bad, "Es ist nicht lesbar.".to_owned(), "It cannot be read.".to_owned())
            .fix(("Erneuern Sie es.", "Renew it."));
    };
    let (days, ends, names) = (facts.days_left(now), facts.ends(), facts.names.join(", "));
    let renew = (
        "Erneuern Sie es und legen Sie die neuen Dateien an dieselbe Stelle; der Hub nimmt sie ohne Neustart. Stimmt das Datum nicht, \
         stellen Sie die Uhr des Hubs.",
        "Renew it and put the new files in the same place; the hub takes them without a restart. If the date is wrong, set the hub's \
         clock.",
    );
    if !facts.holds(now) {
        return finding(Level::Bad, format!("Es gilt jetzt nicht (Ende: {ends})."), format!("It does not hold now (end: {ends})."))
            .fix(renew);
    }
    if !is_for(leaf, host) {
        return finding(
            Level::Bad,
            format!("Es gilt für {names}, nicht für {host}: Browser warnen und verbinden nicht."),
            format!("It is for {names}, not for {host}: browsers warn and do not connect."),
        )
        .fix((
            "Setzen Sie public_url auf einen Namen, der darin steht, oder lassen Sie ein Zertifikat für diesen Namen ausstellen.",
            "Set public_url to a name that stands in it, or have a certificate issued for this name.",
        ));
    }
    if from_files && chain.len() == 1 && !facts.is_its_own {
        return finding(
            Level::Warn,
            "Die Datei enthält nur das Zertifikat selbst. Rechner ergänzen den Rest oft, Handys nicht.".to_owned(),
            "The file holds the certificate alone. Computers often complete the rest, phones do not.".to_owned(),
        )
        .fix((
            "Geben Sie --tls-cert die Datei mit der ganzen Kette (bei vielen Programmen fullchain.pem).",
            "Give --tls-cert the file with the whole chain (fullchain.pem in many programs).",
        ));
    }
    if days < SOON {
        return finding(Level::Warn, format!("Es endet am {ends} (noch {days} Tage)."), format!("It ends on {ends} ({days} days left)."))
            .fix(renew);
    }
    finding(
        Level::Ok,
        format!("Gilt für {names} bis {ends} (noch {days} Tage)."),
        format!("It is for {names} until {ends} ({days} days left)."),
    )
}

fn is_for(leaf: &CertificateDer<'_>, host: &str) -> bool {
    let name = ServerName::try_from(host.to_owned());
    let parsed = ParsedCertificate::try_from(leaf);
    name.ok().zip(parsed.ok()).is_some_and(|(name, leaf)| verify_server_name(&leaf, &name).is_ok())
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use rcgen::{CertificateParams, KeyPair};

    use super::*;

    const DAY: i64 = 86_400;
    const NOW: i64 = 20_000 * DAY;

    #[test]
    fn a_certificate_is_judged_as_a_browser_would() {
        let check = |host: &str, begins: i64, ends: i64, from_files: bool, level: Level, words: &str| {
            let at = |day: i64| UNIX_EPOCH + Duration::from_secs((NOW + day * DAY).unsigned_abs());
            let mut params = CertificateParams::new(vec!["hub.example".to_owned(), "192.168.1.5".to_owned()]).unwrap();
            (params.not_before, params.not_after) = (at(begins).into(), at(ends).into());
            let key = KeyPair::generate().unwrap();
            let mut other = CertificateParams::default();
            other.distinguished_name.push(rcgen::DnType::CommonName, "somebody else");
            let issuer = rcgen::Issuer::new(other, KeyPair::generate().unwrap());
            let leaf = params.signed_by(&key, &issuer).unwrap();
            let finding = judge(&[leaf.der().clone()], host, from_files, NOW * 1_000_000);
            assert_eq!(finding.level, level, "{finding:?}");
            assert!(finding.detail.en.contains(words), "{finding:?}");
            assert_eq!(finding.fix.is_some(), level != Level::Ok);
        };
        check("hub.example", -1, 90, false, Level::Ok, "90 days");
        check("192.168.1.5", -1, 90, false, Level::Ok, "hub.example");
        check("192.168.1.6", -1, 90, false, Level::Bad, "not for 192.168.1.6");
        check("www.example", -1, 90, false, Level::Bad, "not for www.example");
        check("hub.example", -1, 20, false, Level::Warn, "20 days left");
        check("hub.example", -9, -1, false, Level::Bad, "does not hold");
        check("hub.example", 1, 90, false, Level::Bad, "does not hold");
        check("hub.example", -1, 90, true, Level::Warn, "alone");
    }
}
