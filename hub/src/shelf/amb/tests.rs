use messwerk_lessons::template::builtins;

use super::*;

fn uri(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.contains(':') && !text.contains(char::is_whitespace))
}

/// What the profile's JSON Schema (20231019) demands of what we write: the required keys, and for each key its form.
fn fits(told: &Value) -> Result<(), String> {
    let each = |key: &str, good: &dyn Fn(&Value) -> bool| match told[key].as_array() {
        Some(list) if !list.is_empty() && list.iter().all(good) => Ok(()),
        _ => Err(format!("{key}: {}", told[key])),
    };
    let concept = |value: &Value| uri(&value["id"]) && value["type"] == "Concept" && value["prefLabel"]["de"].is_string();
    let context = &told["@context"];
    let language = context[1]["@language"].as_str().unwrap_or_default();
    if context[0] != "https://w3id.org/kim/amb/context.jsonld" || !["de", "en"].contains(&language) {
        return Err(format!("@context: {context}"));
    }
    if !uri(&told["id"]) || told["type"] != json!(["LearningResource"]) || told["name"].as_str().is_none_or(str::is_empty) {
        return Err(format!("id, type or name: {told}"));
    }
    each("mainEntityOfPage", &|page| uri(&page["id"]) && page["type"] == "WebContent")?;
    each("learningResourceType", &|kind| {
        concept(kind) && kind["id"].as_str().is_some_and(|id| id.starts_with("https://w3id.org/kim/hcrt/"))
    })?;
    each("about", &|about| concept(about) && about["id"].as_str().is_some_and(|id| id.starts_with("http://w3id.org/kim/schulfaecher/s1")))?;
    each("creator", &|one| ["Person", "Organization"].contains(&one["type"].as_str().unwrap_or("")) && one["name"].is_string())?;
    each("inLanguage", &|one| one.as_str().is_some_and(|tag| tag.len() == 2))?;
    each("educationalLevel", &concept)?;
    if !uri(&told["license"]["id"]) || !told["isAccessibleForFree"].is_boolean() {
        return Err(format!("license: {}", told["license"]));
    }
    Ok(())
}

fn places() -> Places {
    Places { download: "https://hub.example/a.lesson".to_owned(), description: "https://hub.example/amb.json".to_owned() }
}

#[test]
fn every_builtin_fits_the_profile() {
    for template in builtins() {
        fits(&describe(template, &places())).unwrap_or_else(|wrong| panic!("{}: {wrong}", template.id));
    }
}

#[test]
fn the_check_finds_what_is_missing() {
    let told = describe(&builtins()[0], &places());
    for key in ["@context", "id", "type", "name", "mainEntityOfPage", "learningResourceType", "creator", "about", "license", "inLanguage"] {
        let mut broken = told.clone();
        broken.as_object_mut().unwrap().remove(key);
        assert!(fits(&broken).is_err(), "{key}");
    }
}

#[test]
fn licences_have_the_addresses_that_portals_compare() {
    for (spdx, expected) in [
        ("CC-BY-SA-4.0", "https://creativecommons.org/licenses/by-sa/4.0/"),
        ("CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/"),
        ("CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("MIT", "https://spdx.org/licenses/MIT.html"),
    ] {
        assert_eq!(license(spdx), expected);
    }
}
