//! Taking data out: workbooks, links for other programs, reports.

use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::harness::{Class, TestHub};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A pendulum measured by hand: the shortest way to a result.
async fn measured(hub: &TestHub, class: &Class) {
    let path = format!("/api/v1/things/{}", class.thing);
    let body = json!({"length_m": 0.5, "T": 1.42});
    let answer = hub.request(Method::PATCH, &path, Some(&class.token)).json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 200);
}

async fn exclude(hub: &TestHub, class: &Class, reason: &str) {
    let path = format!("/api/v1/things/{}/runs/0/exclusion", class.thing);
    let answer = hub.request(Method::PUT, &path, Some(&hub.teacher)).json(&json!({ "reason": reason })).send().await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
}

fn header(answer: &Response, name: &str) -> Option<String> {
    answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn workbooks_come_by_format_and_by_accept() {
    let hub = TestHub::start().await;
    let class = hub.class("pendulum").await;
    measured(&hub, &class).await;
    hub.post(&class.token, r#"{"t":[0.01,0.02],"gyrX":[1,2],"gyrY":[2,3],"gyrZ":[3,4]}"#).await;
    let lesson = format!("/api/v1/lessons/{}", class.lesson);
    for (path, accept, token, name) in [
        ("/outcomes?format=xlsx&lang=de", "*/*", &hub.teacher, "-Ergebnisse.xlsx\""),
        ("/outcomes?lang=en", XLSX, &hub.teacher, "-results.xlsx\""),
        ("/observations?format=xlsx&lang=en", "*/*", &class.token, "-readings-group-1.xlsx\""),
        ("/workbook?lang=de", "*/*", &hub.teacher, "-alles.xlsx\""),
        ("/workbook?lang=de", "*/*", &class.token, "-alles-Gruppe-1.xlsx\""),
    ] {
        let answer = hub.request(Method::GET, &format!("{lesson}{path}"), Some(token)).header("accept", accept).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        let (kind, file) = (header(&answer, "content-type").unwrap(), header(&answer, "content-disposition").unwrap());
        assert!(
            kind == XLSX && file.contains("Fadenpendel-2") | file.contains("Pendulum-2") && file.ends_with(name),
            "{path}: {kind} {file}"
        );
        assert!(answer.bytes().await.unwrap().starts_with(b"PK"), "{path}");
    }
    let german = hub.request(Method::GET, &format!("{lesson}/outcomes?format=csv&dialect=de"), None).send().await.unwrap();
    let plain = hub.request(Method::GET, &format!("{lesson}/outcomes"), None).header("accept", "text/csv").send().await.unwrap();
    let names = [&german, &plain].map(|answer| header(answer, "content-disposition").unwrap());
    assert!(names[0].ends_with("-results-Excel.csv\"") && names[1].ends_with("-results.csv\""), "{names:?}");
    for (path, word) in [("/aggregates?format=xlsx", "csv"), ("/outcomes?format=parquet", "xlsx"), ("/observations?format=xls", "xlsx")] {
        let answer = hub.request(Method::GET, &format!("{lesson}{path}"), Some(&hub.teacher)).send().await.unwrap();
        assert_eq!(answer.status(), 400, "{path}");
        assert!(answer.text().await.unwrap().contains(word), "{path}");
    }
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_opens_one_table_to_every_origin_until_it_is_revoked() {
    let hub = TestHub::start().await;
    let class = hub.class("pendulum").await;
    // What a group predicted is for no other program: the heading below has no place for it.
    let predicted = hub.request(Method::PATCH, &format!("/api/v1/things/{}", class.thing), Some(&class.token));
    assert_eq!(predicted.json(&json!({"predict.heavier": 2})).send().await.unwrap().status(), 200);
    measured(&hub, &class).await;
    hub.post(&class.token, r#"{"t":[0.01,0.02],"gyrX":[1,2],"gyrY":[2,3],"gyrZ":[3,4]}"#).await;
    exclude(&hub, &class, "=HYPERLINK(\"http://evil.example\")").await;
    let links = format!("/api/v1/lessons/{}/links", class.lesson);
    let make = async |body: Value| hub.request(Method::POST, &links, Some(&hub.teacher)).json(&body).send().await.unwrap();
    for body in [json!({"what": "everything"}), json!({"what": "results", "hours": 0}), json!({"what": "results", "property": "pressure"})]
    {
        assert_eq!(make(body.clone()).await.status(), 400, "{body}");
    }
    let made: Value = make(json!({"what": "results"})).await.json().await.unwrap();
    let readings: Value = make(json!({"what": "readings", "hours": 5})).await.json().await.unwrap();
    assert_eq!(
        (&readings["property"], readings["ends"].as_i64().unwrap() - readings["made"].as_i64().unwrap()),
        (&json!("angular_velocity"), 5 * 3_600_000_000)
    );
    let path = |link: &Value| format!("/x/{}", link["url"].as_str().unwrap().rsplit('/').next().unwrap());
    let open = async |link: &Value, method: Method| {
        hub.request(method, &path(link), None).header("origin", "https://codap.example").send().await.unwrap()
    };
    let answer = open(&made, Method::GET).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(header(&answer, "access-control-allow-origin").as_deref(), Some("*"));
    assert_eq!(header(&answer, "cross-origin-resource-policy").as_deref(), Some("cross-origin"));
    assert_eq!(header(&answer, "access-control-allow-credentials"), None);
    assert_eq!(header(&answer, "content-type").as_deref(), Some("text/csv; charset=utf-8"));
    let table = answer.text().await.unwrap();
    let mut lines = table.lines();
    assert_eq!(lines.next().unwrap(), "group,g (m/s2),u_g (m/s2),counts,T (s),u_T (s),length_m (m),T_by_hand (s)");
    assert!(lines.next().unwrap().starts_with("1,9.7") && table.contains(",0,1.42,0.014,0.5,1.42"), "{table}");
    assert!(!table.contains("HYPERLINK"), "{table}");
    let curve = open(&readings, Method::GET).await.text().await.unwrap();
    let rows: Vec<&str> = curve.lines().collect();
    assert_eq!(rows[0], "group,recording,t (s),x (rad/s),y (rad/s),z (rad/s)");
    assert_eq!(rows[1..], ["1,1,0,1,2,3", "1,1,0.01,2,3,4"]);
    // Whoever is hidden on the board is hidden here.
    let hide = json!({"do": "hide", "thing": class.thing});
    let hidden = hub
        .request(Method::POST, &format!("/api/v1/lessons/{}/commands", class.lesson), Some(&hub.teacher))
        .json(&hide)
        .send()
        .await
        .unwrap();
    assert_eq!(hidden.status(), 200, "{}", hidden.text().await.unwrap());
    for link in [&made, &readings] {
        assert_eq!(open(link, Method::GET).await.text().await.unwrap().lines().count(), 1);
    }
    // Nothing else is for other origins, and nothing but reading is.
    assert_eq!(open(&made, Method::POST).await.status(), 403);
    let other =
        hub.request(Method::GET, &format!("/api/v1/lessons/{}/outcomes", class.lesson), None).header("origin", "https://codap.example");
    let other = other.send().await.unwrap();
    assert_eq!((other.status().as_u16(), header(&other, "access-control-allow-origin")), (403, None));

    let list: Value = hub.get_json(&links).await;
    assert_eq!((list.as_array().unwrap().len(), &list[0]["opened"], &list[0]["url"]), (2, &json!(2), &made["url"]));
    let revoke =
        async || hub.request(Method::DELETE, &format!("{links}/{}", made["link"]), Some(&hub.teacher)).send().await.unwrap().status();
    assert_eq!([revoke().await, revoke().await].map(|status| status.as_u16()), [204, 404]);
    let gone = open(&made, Method::GET).await;
    assert_eq!((gone.status().as_u16(), header(&gone, "access-control-allow-origin").as_deref()), (404, Some("*")));
    let log = hub.get(&format!("/api/v1/lessons/{}/log", class.lesson)).await;
    assert!(log.contains("link.make") && log.contains("link.revoke"), "{log}");
    // A lesson takes its links along.
    hub.end(&class.lesson).await;
    let erased = hub.request(Method::DELETE, &format!("/api/v1/lessons/{}", class.lesson), Some(&hub.teacher)).send().await.unwrap();
    assert_eq!(erased.status(), 204);
    assert_eq!(open(&readings, Method::GET).await.status(), 404);
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_say_what_was_found_and_stay_texts() {
    let hub = TestHub::start().await;
    let class = hub.class("pendulum").await;
    measured(&hub, &class).await;
    let second = hub.join(&class.code).await;
    let report = format!("/t/lessons/{}/report", class.lesson);
    let page = hub.get(&format!("{report}?lang=de")).await;
    for expected in [
        "<html lang=\"de\">",
        "Fadenpendel: Fallbeschleunigung",
        "9,79 ± 0,20 m/s²",
        "von Hand",
        "Literaturwert: 9,81 m/s²",
        "pendulum 1.",
        "<svg",
    ] {
        assert!(page.contains(expected), "{expected}: {page}");
    }
    assert!(hub.get(&format!("{report}?lang=en")).await.contains("9.79 ± 0.20 m/s²"));
    exclude(&hub, &class, "</p><script>alert(1)</script>").await;
    let own = format!("{report}/{}", class.thing);
    for page in [hub.get(&report).await, hub.get(&own).await, hub.get(&format!("/t/lessons/{}/reports", class.lesson)).await] {
        assert!(!page.contains("<script") && page.contains("&lt;/p&gt;&lt;script&gt;"), "{page}");
    }
    // A phone's own report, by token in a form and as a bearer; nobody else's.
    let form = async |body: String| {
        let request = hub.request(Method::POST, "/report", None).header("content-type", "application/x-www-form-urlencoded");
        request.body(body).send().await.unwrap()
    };
    let answer = form(format!("lang=de&token={}", class.token)).await;
    assert_eq!((answer.status().as_u16(), header(&answer, "cache-control").as_deref()), (200, Some("no-store")));
    assert!(answer.text().await.unwrap().contains("Bericht einer Gruppe"));
    for (body, status) in [("", 400), ("token=", 401), ("token=%00&lang=de", 401), ("lang=de", 400)] {
        assert_eq!(form(body.to_owned()).await.status(), status, "{body}");
    }
    assert_eq!(form(format!("token={}", hub.teacher)).await.status(), 401, "a teacher is no group");
    let with = async |path: &str, token: Option<&str>| hub.request(Method::GET, path, token).send().await.unwrap().status().as_u16();
    assert_eq!(with(&own, Some(&class.token)).await, 200);
    assert_eq!(with(&own, second["token"].as_str()).await, 403);
    assert_eq!(with(&report, Some(&class.token)).await, 403);
    assert_eq!(with(&format!("{report}/{}", class.lesson), Some(&hub.teacher)).await, 404);
    assert_eq!(with(&report, None).await, 401);
    // Somebody at a browser signs in first.
    let direct = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let asked = direct.get(hub.url(&report)).header("accept", "text/html").send().await.unwrap();
    assert_eq!((asked.status().as_u16(), header(&asked, "location").unwrap()), (303, format!("/login?next=%2Ft%2F{}", class.lesson)));
    hub.stop().await;
}
