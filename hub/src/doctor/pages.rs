//! Whether the hub that answers has its pages: a program that was built without them takes readings, and shows nobody anything.

use std::net::SocketAddr;

use super::{Finding, Level, Patient, probe};

const TITLE: (&str, &str) = ("Seiten", "Pages");

/// Asks for the start page. Nothing is said of pages that are there: everybody sees them.
pub(super) async fn examine(patient: &Patient, answers: Option<SocketAddr>) -> Option<Finding> {
    let address = answers?;
    let host = if address.ip().is_loopback() { "localhost".to_owned() } else { address.ip().to_string() };
    let finding = |de: String, en: String| Finding::new("pages", Level::Bad, TITLE, (de, en));
    match probe::ask(address, patient.secure, &host, "/", None).await {
        Ok(answer) if answer.status == 200 && answer.body.contains("Messwerk") => None,
        Ok(answer) if answer.status >= 500 => Some(
            finding(
                format!("Unter {address} antwortet ein Hub, aber seine Seiten fehlen (Status {}).", answer.status),
                format!("A hub answers at {address}, but its pages are missing (status {}).", answer.status),
            )
            .fix((
                "Ersetzen Sie das Programm durch ein vollständiges und starten Sie den Hub neu; sein Protokoll nennt die Datei.",
                "Replace the program by a complete one and restart the hub; its log names the file.",
            )),
        ),
        // Somebody else's, or a way that is examined by `certificate` and `names`.
        _ => None,
    }
}
