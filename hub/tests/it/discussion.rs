//! What a class discusses: lessons of tables, single groups' figures, what the class finds together.

use futures::StreamExt;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::timeout;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;

use crate::harness::{Class, PATIENCE, TestHub};

/// Four masses on a spring of this constant, as a group enters them.
fn table(k: f64) -> Value {
    let entries = (1..=4).flat_map(|place| {
        let mass = 0.1 * f64::from(place);
        let period = std::f64::consts::TAU * ((mass + 0.01) / k).sqrt();
        [(format!("m.{place}"), json!(mass)), (format!("T.{place}"), json!(period))]
    });
    Value::Object(entries.collect())
}

async fn enter(hub: &TestHub, thing: &str, token: &str, body: &Value) {
    let answer = hub.request(Method::PATCH, &format!("/api/v1/things/{thing}"), Some(token)).json(body).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{body}");
}

/// One more phone: its id and its token.
async fn join(hub: &TestHub, class: &Class) -> (String, String) {
    let joined = hub.join(&class.code).await;
    [&joined["thing"], &joined["token"]].map(|text| text.as_str().unwrap().to_owned()).into()
}

async fn command(hub: &TestHub, class: &Class, body: Value) {
    let path = format!("/api/v1/lessons/{}/commands", class.lesson);
    let answer = hub.request(Method::POST, &path, Some(&hub.teacher)).json(&body).send().await.unwrap();
    assert!(answer.status().is_success(), "{body}");
}

async fn asked(hub: &TestHub, path: &str) -> (u16, Value) {
    let answer = hub.request(Method::GET, path, None).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lesson_of_tables_has_results_and_no_live_chart() {
    let hub = TestHub::start().await;
    let class = hub.class("spring-masses").await;
    enter(&hub, &class.thing, &class.token, &table(40.0)).await;
    let lesson = format!("/api/v1/lessons/{}", class.lesson);
    let (mut socket, _) = connect_async(format!("ws://{}{lesson}/live", hub.running.http)).await.unwrap();
    let mut told = Value::Null;
    let first = async {
        while told["type"] != "lesson" {
            if let Message::Text(text) = socket.next().await.unwrap().unwrap() {
                told = serde_json::from_str(&text).unwrap();
            }
        }
    };
    timeout(PATIENCE, first).await.expect("the board is told the lesson");
    assert_eq!((&told["property"], &told["unit"], &told["title"]["en"].is_string()), (&Value::Null, &Value::Null, &true));
    let found = hub.get_json(&format!("{lesson}/outcomes")).await;
    let own = &found["outcomes"][0];
    assert!((own["value"].as_f64().unwrap() - 40.0).abs() < 0.01, "{found}");
    assert_eq!((&own["run"], own.get("by_hand"), &found["class"]["k"]["n"]), (&json!(0), None, &json!(1)));
    assert!(hub.get(&format!("{lesson}/figures/strip.svg")).await.starts_with("<svg"));
    let refused = hub.request(Method::GET, &format!("{lesson}/aggregates"), Some(&hub.teacher)).send().await.unwrap();
    assert_eq!(refused.status(), 400);
    assert!(refused.text().await.unwrap().contains("/outcomes"), "the answer names what there is instead");
    // A table is run 0: a teacher can take it out and put it back, and its group can erase it.
    command(&hub, &class, json!({"do": "exclude", "thing": class.thing, "run": 0, "reason": "copied"})).await;
    assert_eq!(hub.get_json(&format!("{lesson}/outcomes")).await["class"], json!({}));
    command(&hub, &class, json!({"do": "exclude", "thing": class.thing, "run": 0, "reason": null})).await;
    let erased = hub.request(Method::DELETE, &format!("/api/v1/things/{}/runs/0", class.thing), Some(&class.token)).send().await.unwrap();
    assert_eq!((erased.status().as_u16(), &hub.get_json(&format!("{lesson}/outcomes")).await["outcomes"]), (204, &json!([])));
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_groups_figures_are_on_everybodys_axes_and_go_with_what_is_hidden() {
    let hub = TestHub::start().await;
    let class = hub.class("spring-masses").await;
    let path = format!("/api/v1/lessons/{}/discussion", class.lesson);
    assert_eq!(asked(&hub, &format!("{path}/group")).await, (200, json!({"groups": [], "number": null, "figures": []})));
    enter(&hub, &class.thing, &class.token, &table(40.0)).await;
    let [second, third] = [join(&hub, &class).await, join(&hub, &class).await];
    enter(&hub, &second.0, &second.1, &table(20.0)).await;
    enter(&hub, &third.0, &third.1, &table(30.0)).await;
    let of = async |number: u32| asked(&hub, &format!("{path}/group?number={number}")).await;
    let (_, first) = asked(&hub, &format!("{path}/group")).await;
    assert_eq!((&first["number"], first["groups"].as_array().unwrap().len()), (&json!(1), 3));
    let scatter = &first["figures"][0]["figure"];
    assert_eq!((&scatter["kind"], &scatter["x"]["unit"], &scatter["y"]["unit"]), (&json!("scatter"), &json!("kg"), &json!("s2")));
    assert_eq!((scatter["groups"][0]["points"].as_array().unwrap().len(), &scatter["residuals"]), (4, &json!(true)));
    let softest = of(2).await.1;
    assert_ne!(softest["figures"][0]["figure"]["groups"], scatter["groups"]);
    assert_eq!(softest["figures"][0]["figure"]["reach"], scatter["reach"], "a steeper line looks steeper");
    let names = |body: &Value| body["groups"].as_array().unwrap().iter().map(|group| group["number"].as_u64().unwrap()).collect::<Vec<_>>();
    command(&hub, &class, json!({"do": "hide", "thing": second.0})).await;
    let (status, hidden) = of(2).await;
    assert_eq!((status, hidden["code"].as_str()), (404, Some("not_found")), "{hidden}");
    assert_eq!(names(&of(1).await.1), [1, 3]);
    command(&hub, &class, json!({"do": "exclude", "thing": third.0, "run": 0, "reason": "copied"})).await;
    assert_eq!((of(3).await.0, names(&of(1).await.1)), (404, vec![1]));
    // What changes is drawn anew.
    enter(&hub, &class.thing, &class.token, &table(50.0)).await;
    assert_ne!(of(1).await.1["figures"], first["figures"]);
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_class_finds_together_stands_in_results_figures_and_workbook() {
    let hub = TestHub::start().await;
    let class = hub.class("pendulum").await;
    let mut things = vec![(class.thing.clone(), class.token.clone())];
    for _ in 0..3 {
        things.push(join(&hub, &class).await);
    }
    for ((thing, token), period) in things.iter().zip([1.0_f64, 1.2, 1.4, 1.6]) {
        let length = 9.81 * (period / std::f64::consts::TAU).powi(2);
        enter(&hub, thing, token, &json!({"length_m": length, "T": period})).await;
    }
    let lesson = format!("/api/v1/lessons/{}", class.lesson);
    let found = hub.get_json(&format!("{lesson}/outcomes")).await;
    let steps = found["class_steps"].as_array().unwrap();
    let slope = steps.iter().find(|step| step["part"] == "slope").unwrap();
    let expected = 4.0 * std::f64::consts::PI.powi(2) / 9.81;
    assert!((slope["value"].as_f64().unwrap() - expected).abs() < 0.01 && slope["label"]["de"].is_string(), "{found}");
    let (_, figures) = asked(&hub, &format!("{lesson}/discussion")).await;
    let scatter = figures.as_array().unwrap().iter().find(|figure| figure["kind"] == "scatter").unwrap();
    assert_eq!(scatter["groups"][0]["points"].as_array().unwrap().len(), 4);
    assert!(scatter["groups"][0]["fit"]["label"]["de"].as_str().unwrap().contains("Steigung"), "{scatter}");
    let report = hub.request(Method::GET, &format!("/t/lessons/{}/report?lang=de", class.lesson), Some(&hub.teacher)).send().await.unwrap();
    assert!(report.text().await.unwrap().contains("Steigung"), "the report draws the same figure");
    let book = hub.request(Method::GET, &format!("{lesson}/outcomes?format=xlsx&lang=de"), Some(&hub.teacher)).send().await.unwrap();
    assert_eq!(book.status(), 200);
    hub.stop().await;
}
