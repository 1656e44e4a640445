//! What the hub says of itself is what is in force, and there is nothing to set that sends anything anywhere.

use std::collections::BTreeSet;

use messwerk::config::EXAMPLE;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::TestHub;

#[tokio::test(flavor = "multi_thread")]
async fn the_privacy_rules_are_those_of_the_configuration() {
    let hub = TestHub::start_with(tempfile::tempdir().unwrap(), |config| {
        config.privacy.open_hours = 7;
        config.privacy.lesson_hours = 48;
        config.privacy.kept_days_most = 99;
        config.privacy.log_days = 13;
        config.phyphox.mqtt = true;
    })
    .await;
    let answer = hub.request(Method::GET, "/api/v1/privacy", None).send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.headers().get("set-cookie")), (200, None), "anybody may ask");
    let rules: Value = answer.json().await.unwrap();
    let periods =
        json!({"open_hours": 7, "lesson_hours": 48, "kept_days_most": 99, "log_days": 13, "login_hours": 8, "login_idle_minutes": 45});
    assert_eq!(rules["periods"], periods);
    assert_eq!(
        (&rules["recipients"], &rules["outbound"], &rules["cookies_of_pupils"]),
        (&json!(["released", "linked"]), &json!([]), &json!([]))
    );
    assert_eq!((&rules["phyphox_by_mqtt"], &rules["encrypted"], &rules["microphone"]), (&json!(true), &json!(false), &json!("level")));
    // Every period that can be set is told.
    let section = EXAMPLE.split("[privacy]").nth(1).unwrap().split("\n[").next().unwrap();
    let settings = section.lines().filter_map(|line| line.split_once('=')).map(|(name, _)| name.trim());
    for setting in settings.filter(|name| !name.starts_with('#')) {
        assert!(rules["periods"][setting].is_number(), "{setting} is not told");
    }
    hub.stop().await;
}

#[test]
fn no_setting_but_a_subscription_or_feed_makes_the_hub_call_anybody() {
    // Each setting of the example, in its section. A new one belongs here if it makes the hub call nobody; a subscription and a
    // feed do, and the privacy page names their hosts.
    let known = "data_dir http mqtt public_url hosts behind_proxy code_length tls.cert tls.key tls.local tls.mqtts wifi.ssid wifi.password \
                 wifi.hidden phyphox.mqtt privacy.open_hours privacy.lesson_hours privacy.kept_days_most privacy.log_days templates.trusted_keys \
                 limits.readings_per_second limits.messages_per_second limits.packet_bytes limits.connections \
                 limits.connections_per_address limits.web_connections limits.web_connections_per_address limits.things_per_lesson \
                 limits.joins_at_once limits.joins_per_minute store.memory_mib store.commit_interval_ms store.seal_idle_s \
                 store.seal_rows sharing.publish sharing.label sharing.public_k sharing.templates sharing.republish \
                 sharing.subscribe.url sharing.subscribe.key school.name school.latitude school.longitude school.elevation_m \
                 school.time_zone open_data.contact open_data.proxy feeds.name feeds.kind feeds.station feeds.products feeds.history \
                 feeds.every_minutes feeds.base feeds.groups feeds.satellites feeds.latitude feeds.longitude feeds.elevation_m open_realm.user open_realm.password";
    let known: BTreeSet<String> = known.split_whitespace().map(str::to_owned).collect();
    let mut section = String::new();
    let mut found = BTreeSet::new();
    for line in EXAMPLE.lines().map(|line| line.trim_start_matches("# ")) {
        if line.starts_with('[') {
            section = line.split(']').next().unwrap().trim_start_matches('[').to_owned();
        } else if let Some((name, _)) = line.split_once(" = ")
            && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        {
            found.insert(if section.is_empty() { name.to_owned() } else { format!("{section}.{name}") });
        }
    }
    assert_eq!(found, known);
    // And no client for the web is built in but the one that asks subscriptions and feeds; the tests' own is.
    let manifest = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).unwrap();
    let built = manifest.split("[dev-dependencies]").next().unwrap();
    for client in ["reqwest", "hyper-tls", "hyper-rustls", "sentry", "opentelemetry"] {
        assert!(!built.contains(client), "{client}");
    }
    let mut clients = Vec::new();
    sources(std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut |path, text| {
        if text.contains("Agent::") {
            clients.push(path.file_name().unwrap().to_owned());
        }
    });
    assert_eq!(clients, ["fetch.rs"]);
}

/// Looks at every source file below a folder.
fn sources(folder: &std::path::Path, look: &mut dyn FnMut(&std::path::Path, &str)) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, look);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            look(&path, &std::fs::read_to_string(&path).unwrap());
        }
    }
}
