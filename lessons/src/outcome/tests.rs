use super::*;
use crate::template::builtin;

fn outcomes(values: &[f64]) -> Vec<Outcome> {
    let outcome = |(index, value): (usize, &f64)| Outcome {
        thing: ThingId(index as u64),
        run: 1,
        name: "g".to_owned(),
        value: *value,
        uncertainty: 0.05,
        unit: "m/s2".to_owned(),
        excluded: None,
    };
    values.iter().enumerate().map(outcome).collect()
}

fn class(outcomes: &[Outcome]) -> Option<ClassResult> {
    class_result(outcomes, builtin("pendulum").unwrap())
}

#[test]
fn mean_and_interval_of_a_small_class() {
    let result = class(&outcomes(&[9.7, 9.8, 9.9, 10.0])).unwrap();
    assert_eq!(result.n, 4);
    assert!((result.mean - 9.85).abs() < 1e-12);
    assert!((result.sd.unwrap() - 0.129_099).abs() < 1e-6);
    assert!((result.se.unwrap() - 0.064_550).abs() < 1e-6);
    // t(0.975, 3) = 3.182
    let [low, high] = result.ci95.unwrap();
    assert!((low - (9.85 - 3.182_446 * 0.064_550)).abs() < 1e-5 && (high - (9.85 + 3.182_446 * 0.064_550)).abs() < 1e-5);
}

#[test]
fn one_measurement_has_no_scatter_and_none_is_nothing() {
    let one = class(&outcomes(&[9.8])).unwrap();
    assert_eq!((one.n, one.mean, one.sd, one.se, one.ci95), (1, 9.8, None, None, None));
    assert_eq!(class(&[]), None);
}

#[test]
fn only_comparable_outcomes_count() {
    let mut all = outcomes(&[9.7, 9.9, 39.0, 5.0, 6.0, f64::NAN]);
    all[2].excluded = Some("half period".to_owned());
    all[3].name = "T".to_owned();
    all[4].unit = "cm/s2".to_owned();
    let result = class(&all).unwrap();
    assert_eq!(result.n, 2);
    assert!((result.mean - 9.8).abs() < 1e-12);
}

#[test]
fn json_as_the_interface_says() {
    let json = serde_json::to_value(class(&outcomes(&[9.8])).unwrap()).unwrap();
    let expected = serde_json::json!({
        "n": 1, "mean": 9.8, "sd": null, "se": null, "ci95": null, "unit": "m/s2",
        "reference": {"value": 9.81, "tolerance": 0.1, "label": {"de": "Literaturwert", "en": "Literature value"}},
    });
    assert_eq!(json, expected);
    let two = class(&outcomes(&[9.8, 9.9])).unwrap();
    assert_eq!(serde_json::from_value::<ClassResult>(serde_json::to_value(&two).unwrap()).unwrap(), two);
    let outcome = serde_json::to_value(&outcomes(&[9.8])[0]).unwrap();
    assert_eq!(outcome.get("excluded"), None);
}
