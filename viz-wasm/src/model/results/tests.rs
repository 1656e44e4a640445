use super::*;

const BODY: &str = r#"{"type":"outcomes","lesson":"a","template":"pendulum","outcomes":[
    {"thing":"0000000000002","number":2,"nickname":"Otter","run":1,"name":"g","value":9.8,"uncertainty":0.02,"unit":"m/s2"},
    {"thing":"0000000000001","number":1,"nickname":"Fuchs","run":1,"name":"g","value":9.1,"uncertainty":0.02,"unit":"m/s2","excluded":"slipped"},
    {"thing":"0000000000001","number":1,"nickname":"Fuchs","run":1,"name":"T","value":1.3,"uncertainty":0.01,"unit":"s"},
    {"thing":"0000000000003","number":3,"run":1,"name":"g","value":9.8,"uncertainty":-1,"unit":"m/s2"}],
  "class":{"g":{"n":1,"mean":9.8,"sd":null,"se":null,"ci95":null,"unit":"m/s2","reference":{"value":9.81,"tolerance":0.01,"label":{"de":"L","en":"L"}}}},
  "pending":[{"thing":"0000000000004","number":4,"nickname":"Luchs","reason":{"de":"Länge fehlt","en":"length missing"}}]}"#;

#[test]
fn the_body_is_read_and_impossible_answers_are_left_out() {
    let results = Results::parse(BODY).unwrap();
    assert_eq!(results.name(), Some("g"));
    assert_eq!(results.of("g").iter().map(|outcome| outcome.number).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(results.class["g"].ci95, None);
    assert_eq!(results.pending[0].reason.de, "Länge fehlt");
}

#[test]
fn nothing_is_a_result_too() {
    let results = Results::parse("{}").unwrap();
    assert_eq!(results, Results::default());
    assert_eq!(results.name(), None);
    assert!(Results::parse(r#"{"outcomes":[{}]}"#).is_err());
}
