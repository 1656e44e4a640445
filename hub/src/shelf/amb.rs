//! A template for open-education portals: AMB, the German profile of schema.org and LRMI for learning resources
//! (<https://w3id.org/kim/amb/>, version 20231019), as JSON-LD.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use messwerk_lessons::template::{Language, Subject, Template};
use serde_json::{Value, json};

/// Where the resource and what is told of it can be fetched.
pub struct Places {
    /// The template's file.
    pub download: String,
    /// This description.
    pub description: String,
}

/// School subjects by the KIM group's list (<http://w3id.org/kim/schulfaecher/>).
fn subject(subject: Subject) -> (&'static str, &'static str, &'static str) {
    match subject {
        Subject::Physics => ("s1022", "Physik", "Physics"),
        Subject::Chemistry => ("s1002", "Chemie", "Chemistry"),
        Subject::Biology => ("s1001", "Biologie", "Biology"),
        Subject::Geography => ("s1010", "Geografie", "Geography"),
        Subject::Mathematics => ("s1017", "Mathematik", "Mathematics"),
        Subject::Computing => ("s1013", "Informatik", "Computer science"),
        Subject::Sports => ("s1031", "Sport", "Physical education"),
        _ => ("s1019", "MINT", "STEM"),
    }
}

/// Stages of school by the KIM group's list (<https://w3id.org/kim/educationalLevel/>), with their last school year.
const LEVELS: [(&str, &str, &str, u8); 3] = [
    ("level_1", "Primarbereich", "Primary education", 4),
    ("level_2", "Sekundarbereich I", "Lower secondary education", 10),
    ("level_3", "Sekundarbereich II", "Upper secondary education", 13),
];

/// What kind of resource it is, by the HCRT list (<https://w3id.org/kim/hcrt/>).
const KINDS: [(&str, &str, &str); 2] = [("experiment", "Experiment", "Experiment"), ("lesson_plan", "Unterrichtsplanung", "Lesson plan")];

fn concept(id: String, de: &str, en: &str) -> Value {
    json!({"id": id, "type": "Concept", "prefLabel": {"de": de, "en": en}})
}

/// The address of a licence: Creative Commons' own, as portals compare it, else SPDX's.
fn license(spdx: &str) -> String {
    let part = |name: &str, version: &str| format!("https://creativecommons.org/licenses/{}/{version}/", name.to_lowercase());
    match spdx.strip_prefix("CC-").and_then(|rest| rest.rsplit_once('-')) {
        Some((name, version)) => part(name, version),
        None if spdx.starts_with("CC0-1.0") => "https://creativecommons.org/publicdomain/zero/1.0/".to_owned(),
        None => format!("https://spdx.org/licenses/{spdx}.html"),
    }
}

/// A person, or the project's own name, which is none.
fn creator(name: &str) -> Value {
    json!({"type": if name == "Messwerk" { "Organization" } else { "Person" }, "name": name})
}

/// The name of what has a SHA-256 and no address (RFC 6920).
fn named_by(sha256: &str) -> String {
    let bytes: Vec<u8> = (0..sha256.len() / 2).filter_map(|at| u8::from_str_radix(sha256.get(2 * at..2 * at + 2)?, 16).ok()).collect();
    format!("ni:///sha-256;{}", URL_SAFE_NO_PAD.encode(bytes))
}

/// The description.
pub fn describe(template: &Template, places: &Places) -> Value {
    let language = template.languages.first().copied().unwrap_or(Language::En).name();
    let (about, de, en) = subject(template.subject);
    let [from, to] = template.grades;
    let mut first = 1;
    let mut levels = vec![];
    for (id, de, en, last) in LEVELS {
        if from <= last && to >= first {
            levels.push(concept(format!("https://w3id.org/kim/educationalLevel/{id}"), de, en));
        }
        first = last + 1;
    }
    let mut told = json!({
        "@context": ["https://w3id.org/kim/amb/context.jsonld", {"@language": language}],
        "id": places.download,
        "type": ["LearningResource"],
        "name": template.title.in_language(language),
        "description": template.summary.in_language(language),
        "about": [concept(format!("http://w3id.org/kim/schulfaecher/{about}"), de, en)],
        "creator": template.authors.iter().map(|name| creator(name)).collect::<Vec<_>>(),
        "license": {"id": license(&template.license)},
        "inLanguage": template.languages.iter().map(|language| language.name()).collect::<Vec<_>>(),
        "learningResourceType": KINDS.map(|(id, de, en)| concept(format!("https://w3id.org/kim/hcrt/{id}"), de, en)),
        "educationalLevel": levels,
        "isAccessibleForFree": true,
        "encoding": [{"type": "MediaObject", "contentUrl": places.download, "encodingFormat": "application/zip"}],
        "mainEntityOfPage": [{"id": places.description, "type": "WebContent"}],
    });
    if let Some(origin) = &template.origin {
        let creators: Vec<Value> = origin.authors.iter().map(|name| creator(name)).collect();
        told["isBasedOn"] = json!([{
            "id": named_by(&origin.sha256), "type": ["LearningResource"], "name": format!("{} {}", origin.id, origin.version),
            "creator": creators, "license": {"id": license(&origin.license)},
        }]);
    }
    told
}

#[cfg(test)]
mod tests;
