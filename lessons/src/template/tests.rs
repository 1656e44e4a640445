use super::*;

#[test]
fn the_builtins_say_what_they_must() {
    let check = |name: &str, outcome: &str, unit: &str, streams: &[&str], inputs: &[&str], trace: (&str, &str)| {
        let template = builtin(name).unwrap();
        assert_eq!(template.version.to_string(), if template.inputs.is_empty() { "1.1.0" } else { "1.2.0" });
        assert_eq!(template.outcome, outcome);
        assert_eq!(template.step(outcome).unwrap().unit(), unit);
        assert_eq!(template.sensors.iter().map(|sensor| sensor.stream.as_str()).collect::<Vec<_>>(), streams);
        assert!(template.sensors.iter().all(|sensor| sensor.max_hz == 200.0));
        assert_eq!(template.inputs.iter().map(|input| input.name.as_str()).collect::<Vec<_>>(), inputs);
        let (property, component) = template.trace().unwrap();
        assert_eq!((property.name(), component.name(property)), trace);
        assert!(template.figures.iter().any(|figure| matches!(figure, Figure::Strip { of, .. } if of == outcome)));
    };
    check("pendulum", "g", "m/s2", &["gyr", "acc"], &["length_m", "T"], ("angular_velocity", "z"));
    check("spring", "k", "N/m", &["acc", "lin"], &["mass_kg", "T", "stretch_m"], ("acceleration", "y"));
    check("rest", "a", "m/s2", &["acc"], &[], ("acceleration", "abs"));
    assert_eq!(builtin("pendulum").unwrap().reference.as_ref().unwrap().value, 9.81);
    assert_eq!(builtin("spring").unwrap().reference, None);
}

#[test]
fn a_template_speaks_both_languages_in_json() {
    let json = serde_json::to_value(builtin("pendulum").unwrap()).unwrap();
    assert_eq!(json["version"], "1.2.0");
    assert!(json["title"]["de"].as_str().unwrap().starts_with("Fadenpendel"));
    assert_eq!(json["steps"][0]["op"], "period");
    assert_eq!(json["steps"][0]["of"][0], "angular_velocity");
    assert_eq!((json["inputs"][0].get("by_hand"), &json["inputs"][1]["by_hand"]), (None, &serde_json::json!(true)));
    assert_eq!(json["figures"][0]["kind"], "trace");
    assert_eq!(json["figures"][0]["component"], "z");
    let title = &builtin("rest").unwrap().title;
    assert_eq!((title.in_language("de"), title.in_language("fr")), (title.de.as_str(), title.en.as_str()));
}
