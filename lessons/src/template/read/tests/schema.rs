//! The schema for editors knows what the reader knows.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{EVERYTHING, asked};

fn schema() -> Value {
    serde_json::from_str(include_str!("../../../../schema/lesson.schema.json")).unwrap()
}

/// What is wrong with a value; only the keywords that the schema uses are known, others are a mistake in it.
fn wrong(value: &Value, schema: &Value, root: &Value) -> Option<String> {
    let object: &Map<String, Value> = schema.as_object().unwrap();
    let number = |rule: &Value| rule.as_f64().unwrap();
    object.iter().find_map(|(keyword, rule)| {
        let bad = match keyword.as_str() {
            "$schema" | "$id" | "$defs" | "title" | "description" | "default" => false,
            "$ref" => {
                let name = rule.as_str().unwrap().strip_prefix("#/$defs/").unwrap();
                return wrong(value, &root["$defs"][name], root);
            }
            "type" => !match rule.as_str().unwrap() {
                "object" => value.is_object(),
                "array" => value.is_array(),
                "string" => value.is_string(),
                "boolean" => value.is_boolean(),
                "integer" => value.is_i64(),
                "number" => value.is_number(),
                other => panic!("type {other}"),
            },
            "const" => value != rule,
            "enum" => !rule.as_array().unwrap().contains(value),
            "minimum" => value.as_f64().is_some_and(|value| value < number(rule)),
            "maximum" => value.as_f64().is_some_and(|value| value > number(rule)),
            "minItems" => value.as_array().is_some_and(|items| (items.len() as f64) < number(rule)),
            "maxItems" => value.as_array().is_some_and(|items| items.len() as f64 > number(rule)),
            "minProperties" => value.as_object().is_some_and(|object| (object.len() as f64) < number(rule)),
            "maxLength" => value.as_str().is_some_and(|text| text.chars().count() as f64 > number(rule)),
            // The patterns are those of names, which the reader's own tests hold.
            "pattern" => !rule.is_string(),
            "required" => rule.as_array().unwrap().iter().any(|key| value.get(key.as_str().unwrap()).is_none()),
            "additionalProperties" => {
                let known = object["properties"].as_object().unwrap();
                value.as_object().is_some_and(|found| found.keys().any(|key| !known.contains_key(key)))
            }
            "properties" => {
                let found = value.as_object()?;
                let rules = rule.as_object().unwrap();
                return found.iter().find_map(|(key, value)| Some(format!("{key}: {}", wrong(value, rules.get(key)?, root)?)));
            }
            "items" => {
                let items = value.as_array()?;
                return items.iter().find_map(|item| wrong(item, rule, root));
            }
            "oneOf" => rule.as_array().unwrap().iter().filter(|one| wrong(value, one, root).is_none()).count() != 1,
            "anyOf" => rule.as_array().unwrap().iter().all(|one| wrong(value, one, root).is_some()),
            other => panic!("the schema has the keyword {other}, which this test does not know"),
        };
        bad.then(|| format!("{keyword} of {value}"))
    })
}

fn json(text: &str) -> Value {
    let value: toml::Value = toml::from_str(text).unwrap();
    serde_json::to_value(value).unwrap()
}

#[test]
fn every_lesson_fits_the_schema() {
    let schema = schema();
    assert_eq!(wrong(&json(EVERYTHING), &schema, &schema), None);
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("library");
    for folder in std::fs::read_dir(root).unwrap() {
        let path = folder.unwrap().path().join("lesson.toml");
        assert_eq!(wrong(&json(&std::fs::read_to_string(&path).unwrap()), &schema, &schema), None, "{path:?}");
    }
}

#[test]
fn what_the_reader_refuses_the_schema_refuses() {
    let schema = schema();
    for (from, to) in [
        ("minutes = 90", "minuets = 90"),
        ("minutes = 90", "minutes = \"90\""),
        ("minutes = 90", "minutes = 0"),
        ("op = \"period\"", "op = \"peroid\""),
        ("min_periods = 4\n", ""),
        ("edge_s = 2", "edge_s = 2\nguess = 1"),
        ("kind = \"box\"", "kind = \"pie\""),
        ("component = \"abs\"", "component = \"w\""),
        ("license = \"CC-BY-SA-4.0\"", "license = \"BY-SA\""),
        ("k = 6", "k = 3"),
        ("mode = \"trigger\"", "mode = \"timed\""),
        ("countdown_s = 5", "countdown_s = 11"),
        ("after_s = 599\n", ""),
        ("stream = \"gyr\"", "stream = \"gyro\""),
        ("languages = [\"de\", \"en\"]", "languages = []"),
    ] {
        assert!(EVERYTHING.contains(from), "{from}");
        let text = EVERYTHING.replacen(from, to, 1);
        assert!(wrong(&json(&text), &schema, &schema).is_some(), "{from} -> {to}");
        assert!(super::read(&text).0.is_none(), "{from} -> {to}");
    }
}

/// The properties of every table of the schema, by the table's key; several of one key are one.
fn properties(schema: &Value) -> BTreeMap<String, BTreeSet<String>> {
    fn collect(one: &Value, into: &mut BTreeSet<String>) {
        into.extend(one["properties"].as_object().into_iter().flat_map(|found| found.keys().cloned()));
        one["oneOf"].as_array().into_iter().flatten().for_each(|branch| collect(branch, into));
        if one["items"].is_object() {
            collect(&one["items"], into);
        }
    }
    let mut found = BTreeMap::new();
    for (key, one) in schema["properties"].as_object().unwrap() {
        let mut names = BTreeSet::new();
        collect(one, &mut names);
        if !names.is_empty() {
            found.insert(key.clone(), names);
        }
    }
    found.insert(String::new(), schema["properties"].as_object().unwrap().keys().cloned().collect());
    found
}

#[test]
fn every_key_of_the_reader_is_in_the_schema_and_no_other() {
    let known = properties(&schema());
    let mut read: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (table, key) in asked(EVERYTHING) {
        // Texts are the same in every table.
        if !["de", "en"].contains(&key.as_str()) {
            read.entry(table).or_default().insert(key);
        }
    }
    assert_eq!(read, known);
}
