//! Who types a code: a class, a guesser, one phone too many.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::Request;
use messwerk::serve::router;
use reqwest::{Method, Response};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::harness::TestHub;

async fn join(hub: &TestHub, body: Value) -> Response {
    hub.request(Method::POST, "/api/v1/join", None).json(&body).send().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_class_may_mistype_and_only_a_guesser_has_to_wait() {
    let hub = TestHub::start().await;
    let lesson = hub.create("pendulum").await;
    let code = lesson["code"].as_str().unwrap().to_owned();
    let wrong = if code == "100000" { "100001" } else { "100000" };
    // Thirty phones behind one address: each mistypes once and then gets in.
    for _ in 0..30 {
        assert_eq!(join(&hub, json!({"code": wrong})).await.status(), 404);
        assert_eq!(join(&hub, json!({"code": format!("{} {}", &code[..3], &code[3..])})).await.status(), 201);
    }
    // Then they wait, each longer than the one before. How many are answered at once depends on how long all this took.
    let (mut waited, mut guesses) = (Duration::ZERO, 0);
    while waited < Duration::from_secs(2) {
        let begun = Instant::now();
        assert_eq!(join(&hub, json!({"code": wrong})).await.status(), 404);
        (waited, guesses) = (begun.elapsed(), guesses + 1);
        assert!(guesses < 60, "nobody was slowed down");
    }
    let begun = Instant::now();
    assert_eq!(join(&hub, json!({"code": code})).await.status(), 201);
    assert!(begun.elapsed() < waited, "a right code waits for nobody's wrong ones");
    assert!(hub.running.hub.joining.alarm(hub.running.hub.clock.now()), "the board tells");
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn parallel_guesses_are_bounded_and_do_not_hold_up_the_end() {
    let hub = TestHub::start().await;
    let guess = || async { join(&hub, json!({"code": "000000"})).await };
    let stop = async {
        // All have come, and 400 wait at most. All others wait for their answers: the hub answers them when it stops.
        while hub.running.hub.joining.by_reason().map(|(_, count)| count).sum::<u64>() < 600 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        hub.running.hub.stopping.cancel();
    };
    let (answers, ()) = tokio::join!(futures::future::join_all((0..900).map(|_| guess())), stop);
    let refused: Vec<Response> = answers.into_iter().filter(|answer| answer.status() == 429).collect();
    assert!(refused.len() > 50, "{}", refused.len());
    for answer in refused {
        let wait: u64 = answer.headers()["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=8).contains(&wait), "{wait}");
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
        assert!(answer.json::<Value>().await.unwrap()["detail"].as_str().unwrap().contains("wrong codes"));
    }
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_has_an_allowance_of_joins_and_the_hubs_own_machine_has_none() {
    let hub = TestHub::start_with(tempfile::tempdir().unwrap(), |config| config.limits.joins_at_once = 3).await;
    let lesson = hub.create("rest").await;
    let routes = router(hub.running.hub.clone());
    let body = json!({"code": lesson["code"]}).to_string();
    let from = async |address: &str| {
        let peer = SocketAddr::new(address.parse().unwrap(), 50_000);
        let request = Request::post("/api/v1/join")
            .header("host", "localhost")
            .header("content-type", "application/json")
            .extension(ConnectInfo(peer));
        routes.clone().oneshot(request.body(Body::from(body.clone())).unwrap()).await.unwrap()
    };
    for expected in [201, 201, 201, 429] {
        let answer = from("192.0.2.1").await;
        assert_eq!(answer.status(), expected);
        assert_eq!(answer.headers().contains_key("retry-after"), expected == 429);
        if expected == 429 {
            let problem = to_bytes(answer.into_body(), 4096).await.unwrap();
            let problem: Value = serde_json::from_slice(&problem).unwrap();
            assert!(problem["detail"].as_str().unwrap().contains("limits.joins_at_once"), "{problem}");
        }
    }
    assert_eq!(from("192.0.2.2").await.status(), 201);
    for _ in 0..5 {
        assert_eq!(from("127.0.0.1").await.status(), 201);
    }
    assert!(hub.get("/metrics").await.contains("messwerk_join_refusals_total{reason=\"too_many_joins\"} 1\n"));
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lesson_takes_a_bounded_number_of_phones() {
    let hub = TestHub::start_with(tempfile::tempdir().unwrap(), |config| config.limits.things_per_lesson = 3).await;
    let lesson = hub.create("rest").await;
    let code = json!({"code": lesson["code"]});
    // All at once: the last seat goes to one of them.
    let answers = futures::future::join_all((0..10).map(|_| join(&hub, code.clone()))).await;
    let statuses: Vec<u16> = answers.iter().map(|answer| answer.status().as_u16()).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 3, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 409).count(), 7, "{statuses:?}");
    let problem: Value = join(&hub, code).await.json().await.unwrap();
    assert!(problem["detail"].as_str().unwrap().contains("limits.things_per_lesson"), "{problem}");
    let other = hub.create("rest").await;
    hub.join(other["code"].as_str().unwrap()).await;
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_joins_is_told_what_the_lesson_records_and_named_in_its_language() {
    let hub = TestHub::start().await;
    let lesson = hub.create("pendulum").await;
    let joined: Value = join(&hub, json!({"code": lesson["code"], "lang": "en-GB"})).await.json().await.unwrap();
    let token = joined["token"].as_str().unwrap();
    let streams: Vec<Value> = joined["streams"].as_array().unwrap().clone();
    assert_eq!(streams.iter().map(|stream| stream["stream"].as_str().unwrap()).collect::<Vec<_>>(), ["gyr", "acc"]);
    assert_eq!(streams[0]["topic"], format!("in/{token}/gyr"));
    assert_eq!((&streams[0]["unit"], &streams[0]["vector"]), (&json!("rad/s"), &json!(true)));
    assert_eq!(joined["mqtt"]["topic"], format!("in/{token}/acc"), "the contract's topic stays");
    let german: Value = join(&hub, json!({"code": lesson["code"]})).await.json().await.unwrap();
    let colour = |joined: &Value| joined["nickname"].as_str().unwrap().split(' ').next().unwrap().to_owned();
    let english = ["Blue", "Red", "Green", "Yellow", "Purple", "Orange", "Teal", "Grey"];
    assert!(english.contains(&colour(&joined).as_str()), "{joined}");
    assert!(colour(&german) == "Orange" || !english.contains(&colour(&german).as_str()), "{german}");
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scanned_token_joins_and_what_is_refused_has_a_word_for_every_reason() {
    let hub = TestHub::start().await;
    let lesson = hub.create("pendulum").await;
    let (code, id) = (lesson["code"].as_str().unwrap(), lesson["id"].as_str().unwrap().parse().unwrap());
    let catalogue = hub.running.hub.store.catalogue();
    let token = catalogue.lesson(id).unwrap().unwrap().token;
    let check = async |body: Value, status: u16, word: &str| {
        let answer = join(&hub, body.clone()).await;
        assert_eq!(answer.status(), status, "{body}");
        // Pupils have no cookie.
        assert!(answer.headers().get("set-cookie").is_none());
        let answer: Value = answer.json().await.unwrap();
        assert_eq!(answer["code"].as_str().unwrap_or_default(), word, "{body}: {answer}");
        answer
    };
    let scanned = check(json!({"token": token, "lang": "en"}), 201, "").await;
    let typed = check(json!({"code": code}), 201, "").await;
    assert_eq!(scanned["words"], typed["words"], "the same for everybody of a lesson, in every language");
    assert_eq!(scanned["words"], json!(messwerk::mint::words(&token)));
    let look = &scanned["look"];
    let name =
        format!("{} {} {}", look["colour_word"].as_str().unwrap(), look["animal_word"].as_str().unwrap(), look["letter"].as_str().unwrap());
    assert_eq!(scanned["nickname"].as_str().unwrap().to_lowercase(), name.to_lowercase());
    assert!(!scanned.to_string().contains(&token), "the lesson's token is not told again");

    check(json!({}), 400, "bad_request").await;
    check(json!({"token": "A".repeat(22)}), 404, "lesson_ended").await;
    check(json!({"token": "<script>"}), 404, "lesson_ended").await;
    check(json!({"code": "100000"}), 404, "wrong_code").await;
    check(json!({"code": "<b>1</b>", "lang": "<script>"}), 404, "wrong_code").await;
    catalogue.set_lobby(id, false).unwrap();
    check(json!({"token": token}), 409, "lobby_locked").await;
    check(json!({"code": code}), 409, "lobby_locked").await;
    catalogue.set_lobby(id, true).unwrap();

    // The next group takes the phone: the token of the Thing it was is enough, of an unknown one it is not.
    let hand_over = async |bearer: &str| {
        let request = hub.request(Method::POST, "/api/v1/join", Some(bearer)).json(&json!({"handover": true}));
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
    };
    let (status, next) = hand_over(scanned["token"].as_str().unwrap()).await;
    assert_eq!((status, &next["lesson"]), (201, &scanned["lesson"]));
    assert_ne!(next["thing"], scanned["thing"]);
    assert_eq!(hand_over(scanned["token"].as_str().unwrap()).await.0, 401, "the old token is dead");
    for stranger in [&"A".repeat(22), &hub.teacher] {
        assert_eq!(hand_over(stranger).await.0, 401);
    }
    // A phone that was handed a QR of a lesson that is over, or that hands over after the end.
    hub.end(&id.to_string()).await;
    check(json!({"token": token}), 404, "lesson_ended").await;
    assert_eq!(hand_over(next["token"].as_str().unwrap()).await.0, 404);
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_that_many_schools_share_has_codes_that_cannot_be_guessed() {
    let hub = TestHub::start_with(tempfile::tempdir().unwrap(), |config| config.code_length = 8).await;
    let lesson = hub.create("rest").await;
    let code = lesson["code"].as_str().unwrap();
    assert_eq!(code.len(), 8, "{code}");
    let typed = format!("{}-{}", code[..4].to_lowercase(), &code[4..]);
    assert_eq!(join(&hub, json!({"code": typed})).await.status(), 201);
    let wrong: Value = join(&hub, json!({"code": "123456"})).await.json().await.unwrap();
    assert!(wrong["detail"].as_str().unwrap().contains("eight letters"), "{wrong}");
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_code_and_a_scanned_one_get_through_while_somebody_guesses() {
    let hub = TestHub::start().await;
    let lesson = hub.create("rest").await;
    let code = lesson["code"].as_str().unwrap().to_owned();
    let id = lesson["id"].as_str().unwrap().parse().unwrap();
    let token = hub.running.hub.store.catalogue().lesson(id).unwrap().unwrap().token;
    // All from one address, as a school behind one router.
    let guesses = futures::future::join_all((0..300).map(|number| join(&hub, json!({"code": format!("0{number:05}")}))));
    let class = async {
        while !hub.running.hub.joining.alarm(hub.running.hub.clock.now()) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        for _ in 0..5 {
            let begun = Instant::now();
            assert_eq!(join(&hub, json!({"token": token})).await.status(), 201);
            // On a busy machine the guesses may still be arriving on top of it: then once more, as the page does.
            while join(&hub, json!({"code": code})).await.status() != 201 {
                assert!(begun.elapsed() < Duration::from_secs(60), "a right code is kept out");
            }
            eprintln!("a scanned and a typed join took {:?}", begun.elapsed());
        }
        assert_eq!(join(&hub, json!({"token": "A".repeat(22)})).await.status(), 404, "a QR of yesterday is no guess");
        hub.running.hub.stopping.cancel();
    };
    let (answers, ()) = tokio::join!(guesses, class);
    assert!(answers.iter().all(|answer| [404, 429].contains(&answer.status().as_u16())));
    hub.stop().await;
}

/// Asks to join with a bearer token: status and answer.
async fn join_as(hub: &TestHub, bearer: &Value, body: Value) -> (u16, Value) {
    let answer = hub.request(Method::POST, "/api/v1/join", bearer.as_str()).json(&body).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_in_is_answered_again_and_the_next_group_takes_its_seat() {
    let hub = TestHub::start().await;
    let body = json!({"template": "rest", "led": true, "seats": 2});
    let made = hub.request(Method::POST, "/api/v1/lessons", Some(&hub.teacher)).json(&body).send().await.unwrap();
    let lesson: Value = made.json().await.unwrap();
    let id = lesson["id"].as_str().unwrap().to_owned();
    let (code, catalogue) = (json!({"code": lesson["code"]}), hub.running.hub.store.catalogue());
    let lesson_id = id.parse().unwrap();
    let scanned = json!({"token": catalogue.lesson(lesson_id).unwrap().unwrap().token});
    let mut class = Vec::new();
    for _ in 0..2 {
        class.push(join(&hub, code.clone()).await.json::<Value>().await.unwrap());
    }
    catalogue.set_lobby(lesson_id, false).unwrap();
    // Full and locked: who is in is in, by code and by QR.
    for body in [&code, &scanned] {
        let (status, again) = join_as(&hub, &class[0]["token"], body.clone()).await;
        assert_eq!(
            (status, &again["thing"], &again["token"], &again["again"]),
            (200, &class[0]["thing"], &class[0]["token"], &json!(true))
        );
        assert_eq!(again["nickname"], class[0]["nickname"]);
    }
    assert_eq!(join_as(&hub, &json!("A".repeat(22)), code.clone()).await.0, 409, "an unknown token is nobody's");
    let other = hub.create("rest").await;
    assert_eq!(join_as(&hub, &class[0]["token"], json!({"code": other["code"]})).await.0, 201, "another lesson is joined");

    // Thirty tablets in thirty seats go to the next group, as often as the lesson has groups.
    let mut names = vec![class[0]["nickname"].clone(), class[1]["nickname"].clone()];
    let mut holder = class[0].clone();
    for _ in 0..3 {
        let (status, next) = join_as(&hub, &holder["token"], json!({"handover": true, "lang": "en"})).await;
        assert_eq!((status, &next["again"]), (201, &Value::Null), "{next}");
        assert_ne!(next["thing"], holder["thing"]);
        assert_eq!(join_as(&hub, &holder["token"], json!({"handover": true})).await.0, 401);
        let (status, _) = hub.post(holder["token"].as_str().unwrap(), "{}").await;
        assert!([401, 404].contains(&status), "its readings are nobody's: {status}");
        names.push(next["nickname"].clone());
        holder = next;
    }
    assert_eq!(catalogue.count_things(lesson_id).unwrap(), 2);
    assert_eq!(names.iter().map(Value::to_string).collect::<std::collections::BTreeSet<_>>().len(), 5);

    // An answer that was lost: asked again with the key, by a bearer that is dead by now.
    let asked = json!({"handover": true, "key": "00ff00ff00ff00ff"});
    let (status, first) = join_as(&hub, &holder["token"], asked.clone()).await;
    assert_eq!(status, 201);
    let (status, second) = join_as(&hub, &holder["token"], asked.clone()).await;
    assert_eq!((status, &second["thing"], &second["token"]), (201, &first["thing"], &first["token"]));
    assert_eq!(join_as(&hub, &json!("A".repeat(22)), asked).await.0, 401, "a key is its asker's");
    let lost = json!({"code": other["code"], "key": "0123456789abcdef"});
    let made = join(&hub, lost.clone()).await.json::<Value>().await.unwrap();
    catalogue.set_lobby(other["id"].as_str().unwrap().parse().unwrap(), false).unwrap();
    let again = join(&hub, lost).await.json::<Value>().await.unwrap();
    assert_eq!((&made["thing"], &made["token"]), (&again["thing"], &again["token"]), "one Thing, also when the lobby was locked meanwhile");
    assert!(made["thing"].is_string());
    assert_eq!(join(&hub, json!({"code": other["code"], "key": "short"})).await.status(), 400);
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_a_name_that_somebody_has_or_had() {
    let hub = TestHub::start().await;
    let lesson = hub.create("rest").await;
    let id = lesson["id"].as_str().unwrap();
    let command = async |body: Value| {
        let request = hub.request(Method::POST, &format!("/api/v1/lessons/{id}/commands"), Some(&hub.teacher)).json(&body);
        assert_eq!(request.send().await.unwrap().status(), 200, "{body}");
    };
    let mut last: Option<Value> = None;
    for (round, lang) in ["de", "en", "de", "en", "de", "en"].into_iter().enumerate() {
        let joined: Value = join(&hub, json!({"code": lesson["code"], "lang": lang})).await.json().await.unwrap();
        if round % 2 == 0 {
            command(json!({"do": "rename", "thing": joined["thing"]})).await;
            command(json!({"do": "rename", "thing": joined["thing"], "lang": "en"})).await;
        }
        if let Some(last) = last.replace(joined["thing"].clone()) {
            command(json!({"do": "remove", "thing": last})).await;
        }
    }
    let things = hub.running.hub.store.catalogue().things(id.parse().unwrap()).unwrap();
    let look = |name: &str| {
        let look = messwerk::mint::look(name);
        assert!(look.colour >= 0 && look.animal >= 0, "{name}");
        (look.colour, look.animal, look.letter)
    };
    let looks: std::collections::BTreeSet<_> = things.iter().map(|thing| look(&thing.nickname)).collect();
    assert_eq!((looks.len(), things.len()), (6, 6), "{things:?}");
    hub.stop().await;
}
