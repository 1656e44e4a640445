//! Pages come from the hub alone and may load nothing else.

use reqwest::Method;

use crate::harness::TestHub;

#[tokio::test(flavor = "multi_thread")]
async fn pages_and_their_files_carry_the_policy_and_load_only_from_the_hub() {
    let hub = TestHub::start().await;
    for path in ["/", "/j", "/b/0000000000000"] {
        let response = hub.request(Method::GET, path, None).send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        let policy = response.headers()["content-security-policy"].to_str().unwrap().to_owned();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe-inline"), "{policy}");
        let page = response.text().await.unwrap();
        for attribute in ["src=\"", "href=\""] {
            for target in page.split(attribute).skip(1).filter_map(|rest| rest.split('"').next()) {
                assert!(target.starts_with('/') || target.starts_with('#'), "{path} loads {target}");
                if target.starts_with("/assets/") {
                    let response = hub.request(Method::GET, target, None).send().await.unwrap();
                    assert_eq!(response.status(), 200, "{path} needs {target}");
                }
            }
        }
    }
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_did_not_change_is_not_sent_again() {
    let hub = TestHub::start().await;
    let first = hub.request(Method::GET, "/", None).send().await.unwrap();
    let etag = first.headers()["etag"].clone();
    let again = hub.request(Method::GET, "/", None).header("if-none-match", etag).send().await.unwrap();
    assert_eq!(again.status(), 304);
    assert_eq!(again.text().await.unwrap(), "");
    let missing = hub.request(Method::GET, "/assets/../Cargo.toml", None).send().await.unwrap();
    assert_eq!(missing.status(), 404);
    hub.stop().await;
}
