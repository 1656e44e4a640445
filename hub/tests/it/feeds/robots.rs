//! What a service's `robots.txt` says is heeded (RFC 9309).

use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

/// A service whose rules can be changed, and how often they were asked for.
struct Ruled {
    base: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    rules: Arc<Mutex<(String, String)>>,
    looks: Arc<AtomicUsize>,
}

impl Ruled {
    fn new(status: &str, text: &str) -> Self {
        let rules = Arc::new(Mutex::new((status.to_owned(), text.to_owned())));
        let looks = Arc::new(AtomicUsize::new(0));
        let (now, count) = (Arc::clone(&rules), Arc::clone(&looks));
        let answer = move || {
            count.fetch_add(1, Ordering::Relaxed);
            let (status, text) = now.lock().unwrap().clone();
            let (status, headers) = status.split_once('\n').unwrap_or((&status, ""));
            said(status, headers, text.as_bytes())
        };
        let (base, asked) = service_with(answer, |asked, _| match asked.path.as_str() {
            path if path.ends_with("-BEOB.csv") => said("200 OK", "", REPORT),
            "/moved.txt" => said("200 OK", "", b"User-agent: Messwerk\nDisallow: /"),
            _ => said("404 Not Found", "", b""),
        });
        Self { base, asked, rules, looks }
    }

    fn say(&self, status: &str, text: &str) {
        *self.rules.lock().unwrap() = (status.to_owned(), text.to_owned());
    }

    fn looks(&self) -> usize {
        self.looks.load(Ordering::Relaxed)
    }

    fn paths(&self) -> Vec<String> {
        self.asked.lock().unwrap().iter().map(|asked| asked.path.clone()).collect()
    }
}

/// A hub with one feed for each of these stations.
async fn hub_of(base: &str, stations: &[&str]) -> TestHub {
    let feeds =
        stations.iter().map(|id| FeedConfig { name: (*id).to_owned(), ..feed(base, &format!("kind = \"dwd-poi\"\nstation = \"{id}\"")) });
    let feeds = feeds.collect();
    TestHub::start_with(tempfile::tempdir().unwrap(), |config| config.feeds = feeds).await
}

/// All feeds once each of them was asked.
async fn all_asked(hub: &TestHub) -> Vec<Value> {
    let asked = async {
        loop {
            let views: Vec<Value> =
                hub.request(Method::GET, "/api/v1/feeds", Some(&hub.teacher)).send().await.unwrap().json().await.unwrap();
            if views.iter().all(|view| view["answered"].is_i64() || view["error"].is_string()) {
                return views;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, asked).await.unwrap()
}

async fn ask_for(hub: &TestHub, name: &str) -> (u16, Value) {
    let answer = hub.request(Method::POST, &format!("/api/v1/feeds/{name}/ask"), Some(&hub.teacher)).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

const DAY: i64 = 86_400_000_000;

#[tokio::test(flavor = "multi_thread")]
async fn what_a_services_rules_forbid_is_not_asked_until_they_allow_it() {
    let service =
        Ruled::new("200 OK", "User-agent: *\nDisallow: /\n\nUser-agent: messwerk\nDisallow: /weather/weather_reports/poi/10315\n");
    let hub = hub_of(&service.base, &["10315", "10316", "10317"]).await;
    let views = all_asked(&hub).await;
    assert_eq!(service.looks(), 1, "one question for each host and not for each feed");
    assert!(service.paths().iter().all(|path| !path.contains("10315")), "{:?}", service.paths());
    assert_eq!((&views[0]["code"], &views[0]["failures"], &views[0]["files"]), (&json!("robots"), &json!(1), &json!(0)));
    assert_eq!(views[0]["about"], json!({"host": "127.0.0.1", "path": "/weather/weather_reports/poi/10315-BEOB.csv"}));
    assert!(views[0]["error"].as_str().unwrap().contains("ask the service for leave, or hand its files in"), "{}", views[0]);
    let wait = views[0]["next"].as_i64().unwrap() - views[0]["asked"].as_i64().unwrap();
    assert!((DAY - 60_000_000..=DAY + 120_000_000).contains(&wait), "when the rules are looked at again: {wait}");
    for view in &views[1..] {
        assert_eq!((&view["error"], &view["code"], &view["files"], &view["pause_s"]), (&Value::Null, &Value::Null, &json!(1), &json!(0.0)));
    }
    // By hand the rules are looked at again where they forbid, and only there.
    let (status, view) = ask_for(&hub, "10315").await;
    assert_eq!((status, &view["code"], service.looks()), (200, &json!("robots"), 2), "{view}");
    ask_for(&hub, "10316").await;
    assert_eq!(service.looks(), 2);
    service.say("200 OK", "");
    let (_, view) = ask_for(&hub, "10315").await;
    assert_eq!(
        (&view["error"], &view["code"], &view["about"], &view["files"]),
        (&Value::Null, &Value::Null, &json!({}), &json!(1)),
        "{view}"
    );
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_rules_everything_is_asked_and_where_nobody_knows_nothing() {
    for (status, text) in
        [("404 Not Found", ""), ("403 Forbidden", ""), ("204 No Content", ""), ("200 OK", "<!doctype html><html>We are sorry</html>")]
    {
        let service = Ruled::new(status, text);
        let hub = hub_of(&service.base, &["10315"]).await;
        let views = all_asked(&hub).await;
        assert_eq!((&views[0]["error"], &views[0]["files"]), (&Value::Null, &json!(1)), "{status} {text}");
        hub.stop().await;
    }
    for (status, text, reason) in [
        ("500 Internal Server Error", "", "answers 500"),
        ("503 Service Unavailable", "", "answers 503"),
        ("302 Found\nlocation: http://192.168.1.1/robots.txt\r\n", "", "private network"),
        ("200 OK", &"Disallow: /$\n".repeat(1_001), "too many patterns"),
    ] {
        let service = Ruled::new(status, text);
        let hub = hub_of(&service.base, &["10315", "10316"]).await;
        let views = all_asked(&hub).await;
        for view in &views {
            assert_eq!(
                (&view["code"], &view["files"], &view["about"]["host"]),
                (&json!("no_rules"), &json!(0), &json!("127.0.0.1")),
                "{view}"
            );
            assert!(view["about"]["reason"].as_str().unwrap().contains(reason), "{view}");
            assert!(view["next"].as_i64().unwrap() - view["asked"].as_i64().unwrap() >= 7_200_000_000, "later and later: {view}");
        }
        assert_eq!((service.looks(), service.paths()), (1, vec![]), "{status}: nobody is asked, and the rules once");
        // It is well again: whoever asks by hand need not wait.
        service.say("404 Not Found", "");
        let (_, view) = ask_for(&hub, "10315").await;
        assert_eq!((&view["error"], &view["files"]), (&Value::Null, &json!(1)), "{view}");
        hub.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_are_followed_to_where_they_are() {
    // Elsewhere on the same host: what is found there is of this one.
    let service = Ruled::new("301 Moved Permanently\nlocation: /moved.txt\r\n", "");
    let hub = hub_of(&service.base, &["10315"]).await;
    assert_eq!(all_asked(&hub).await[0]["code"], "robots");
    assert_eq!(service.paths(), ["/moved.txt"]);
    hub.stop().await;
    // In a circle: after five of them there are none (2.3.1.2).
    let service = Ruled::new("301 Moved Permanently\nlocation: /robots.txt\r\n", "");
    let hub = hub_of(&service.base, &["10315"]).await;
    assert_eq!((&all_asked(&hub).await[0]["files"], service.looks()), (&json!(1), 6));
    hub.stop().await;
    // And an address that sends on to what is forbidden leads nowhere.
    let rules = || said("200 OK", "", b"User-agent: *\nDisallow: /secret");
    let (base, asked) = service_with(rules, |asked, _| match asked.path.as_str() {
        "/secret/report" => said("200 OK", "", REPORT),
        _ => said("302 Found", "location: /secret/report\r\n", b""),
    });
    let hub = hub_of(&base, &["10315"]).await;
    let views = all_asked(&hub).await;
    assert_eq!((&views[0]["code"], &views[0]["about"]["path"]), (&json!("robots"), &json!("/secret/report")), "{}", views[0]);
    assert_eq!(asked.lock().unwrap().len(), 1);
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_wants_pauses_is_asked_less_often() {
    let service = Ruled::new("200 OK", "User-agent: *\nCrawl-delay: 36000\n");
    let hub = hub_of(&service.base, &["10315"]).await;
    let views = all_asked(&hub).await;
    assert_eq!((&views[0]["error"], &views[0]["pause_s"]), (&Value::Null, &json!(36_000.0)));
    let wait = views[0]["next"].as_i64().unwrap() - views[0]["asked"].as_i64().unwrap();
    assert!((36_000_000_000..=39_600_000_000).contains(&wait), "{wait}");
    let (status, told) = ask_for(&hub, "10315").await;
    assert_eq!((status, service.asked.lock().unwrap().len()), (429, 1), "not by hand either: {told}");
    hub.stop().await;
}
