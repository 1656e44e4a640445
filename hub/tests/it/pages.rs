//! Pages come from the hub alone, may load nothing else, and load it once.

use std::collections::BTreeSet;

use messwerk::pages::PAGES;
use reqwest::Method;

use crate::harness::TestHub;

/// The addresses below `/assets/` that a text names.
fn assets(text: &str) -> BTreeSet<String> {
    let ends = |character: char| !(character.is_ascii_alphanumeric() || "/._-".contains(character));
    text.match_indices("/assets/").map(|(at, _)| text[at..].split(ends).next().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_and_their_files_carry_the_policy_and_load_only_from_the_hub() {
    let hub = TestHub::start().await;
    for (path, file) in PAGES {
        let path = path.replace("{lesson}", "0000000000000");
        let response = hub.request(Method::GET, &path, None).send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}: is there a {file}?");
        let header = |name: &str| response.headers().get(name).unwrap_or_else(|| panic!("{path} has no {name}")).to_str().unwrap();
        let policy = header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe-inline") && !policy.contains("*"), "{policy}");
        for part in
            ["frame-ancestors 'none'", "worker-src 'self'", "media-src 'none'", "manifest-src 'self'", "require-trusted-types-for 'script'"]
        {
            assert!(policy.contains(part), "{part}: {policy}");
        }
        let permissions = header("permissions-policy");
        for sensor in ["accelerometer", "gyroscope", "magnetometer", "microphone", "geolocation", "screen-wake-lock"] {
            assert!(permissions.contains(&format!("{sensor}=(self)")), "{permissions}");
        }
        assert!(permissions.contains("camera=()"), "{permissions}");
        assert_eq!((header("x-content-type-options"), header("referrer-policy")), ("nosniff", "no-referrer"));
        assert_eq!((header("cross-origin-opener-policy"), header("cross-origin-resource-policy")), ("same-origin", "same-origin"));
        assert_eq!(header("cache-control"), "no-cache", "a page is asked for each time");
        assert!(response.headers().get("set-cookie").is_none() && response.headers().get("strict-transport-security").is_none());
        let page = response.text().await.unwrap();
        for attribute in ["src=\"", "href=\""] {
            for target in page.split(attribute).skip(1).filter_map(|rest| rest.split('"').next()) {
                assert!(target.starts_with('/') || target.starts_with('#'), "{path} loads {target}");
            }
        }
        assert!(
            !page.contains("<script>") && !page.contains("<style") && !page.contains(" style=\"") && !page.contains(" onclick="),
            "{path}"
        );
        for target in assets(&page) {
            let response = hub.request(Method::GET, &target, None).send().await.unwrap();
            assert_eq!(response.status(), 200, "{path} needs {target}");
        }
    }
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_where_there_is_nothing_is_a_page_for_people_and_a_problem_for_programs() {
    let hub = TestHub::start().await;
    let get = async |path: &str, accept: &str| {
        let response = hub.request(Method::GET, path, None).header("accept", accept).send().await.unwrap();
        let header = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
        let (kind, cache, policy) = (header("content-type"), header("cache-control"), header("content-security-policy"));
        assert!(policy.starts_with("default-src 'none'"), "{path}: {policy}");
        (response.status().as_u16(), kind, cache, response.text().await.unwrap())
    };
    let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    for path in ["/konsole", "/t/a/b", "/b", "/join.html"] {
        let (status, kind, cache, text) = get(path, browser).await;
        assert_eq!((status, kind.as_str(), cache.as_str()), (404, "text/html; charset=utf-8", "no-store"), "{path}");
        assert!(text.contains("href=\"/\"") && text.contains("missing-title"), "{text}");
        for target in assets(&text) {
            assert_eq!(hub.request(Method::GET, &target, None).send().await.unwrap().status(), 200, "{target}");
        }
    }
    for (path, accept) in [("/konsole", "*/*"), ("/konsole", "application/json"), ("/api/v1/none", browser), ("/assets/none.js", browser)] {
        let (status, kind, _, text) = get(path, accept).await;
        assert_eq!((status, kind.as_str()), (404, "application/problem+json"), "{path}: {text}");
    }
    assert_eq!(hub.request(Method::POST, "/konsole", None).header("accept", browser).send().await.unwrap().status(), 404);
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_loaded_once_and_never_of_two_versions() {
    let hub = TestHub::start().await;
    let page = hub.request(Method::GET, "/", None).send().await.unwrap().text().await.unwrap();
    let first = assets(&page).into_iter().find(|name| name.ends_with(".js")).unwrap();
    let version = first.split('/').nth(2).unwrap().to_owned();
    assert!(version.len() == 17 && version.starts_with('v'), "{first}");
    // Everything that the page leads to, script by script.
    let (mut waiting, mut seen) = (vec![first], BTreeSet::new());
    while let Some(path) = waiting.pop() {
        if !seen.insert(path.clone()) {
            continue;
        }
        let response = hub.request(Method::GET, &path, None).send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        assert_eq!(response.headers()["cache-control"], "public, max-age=31536000, immutable", "{path}");
        let text = response.text().await.unwrap();
        for named in assets(&text) {
            assert!(named.starts_with(&format!("/assets/{version}/")), "{path} names {named}");
            if named.ends_with(".js") {
                waiting.push(named);
            }
        }
    }
    assert!(!seen.is_empty());
    // A page of an older hub is served what there is, keeps its own addresses, and nothing of it is kept.
    let old = "/assets/v0000000000000000/words.js";
    let response = hub.request(Method::GET, old, None).send().await.unwrap();
    assert_eq!((response.status().as_u16(), response.headers()["cache-control"].to_str().unwrap()), (200, "no-store"));
    assert!(assets(&response.text().await.unwrap()).iter().all(|named| named.starts_with("/assets/v0000000000000000/")));
    // Without a version it is asked for each time.
    let plain = hub.request(Method::GET, "/assets/words.js", None).send().await.unwrap();
    assert_eq!((plain.status().as_u16(), plain.headers()["cache-control"].to_str().unwrap()), (200, "no-cache"));
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_did_not_change_is_not_sent_again() {
    let hub = TestHub::start().await;
    let first = hub.request(Method::GET, "/assets/icon.svg", None).send().await.unwrap();
    let etag = first.headers()["etag"].clone();
    let again = hub.request(Method::GET, "/assets/icon.svg", None).header("if-none-match", etag).send().await.unwrap();
    assert_eq!(again.status(), 304);
    assert_eq!(again.text().await.unwrap(), "");
    for missing in
        ["/assets/../Cargo.toml", "/assets/index.html", "/assets/v0000000000000000/index.html", "/assets/v0000000000000000/none.js"]
    {
        assert_eq!(hub.request(Method::GET, missing, None).send().await.unwrap().status(), 404, "{missing}");
    }
    hub.stop().await;
}
