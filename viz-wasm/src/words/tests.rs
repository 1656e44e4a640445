use super::*;

#[test]
fn a_language_tag_is_german_or_english() {
    for (tag, lang) in [("de", Lang::De), ("de-AT", Lang::De), ("DE_ch", Lang::De), ("den", Lang::En), ("fr", Lang::En), ("", Lang::En)] {
        assert_eq!(Lang::from_tag(tag), lang, "{tag}");
    }
}

#[test]
fn units_are_written_as_on_paper() {
    for (symbol, paper) in [
        ("m/s2", "m/s²"),
        ("uT", "µT"),
        ("Cel", "°C"),
        ("rad/s", "rad/s"),
        ("hPa", "hPa"),
        ("%RH", "%"),
        ("W/m2", "W/m²"),
        ("ug/m3", "µg/m³"),
    ] {
        assert_eq!(unit(symbol), paper);
    }
}

#[test]
fn every_component_of_every_property_has_a_symbol_and_a_start_range() {
    for property in P::all() {
        for &component in Component::of(property) {
            let name = component.name(property);
            assert_eq!(component_from_name(name), Some(component), "{name}");
            let (low, high) = start_range(property, component);
            assert!(low < high && (component != Component::Abs || low == 0.0));
            assert!(!symbol(property, component).is_empty());
        }
    }
    assert_eq!(symbol(P::AngularVelocity, Component::Abs), "|ω|");
    assert_eq!(symbol(P::Pressure, Component::X), "p");
    assert_eq!(component_from_name("w"), None);
}

#[test]
fn a_wrong_clock_is_told_as_it_is_off() {
    let check = |behind: f64, lang: Lang, expected: Option<&str>| assert_eq!(clock(behind, lang).as_deref(), expected, "{behind}");
    check(0.0, Lang::De, None);
    check(f64::NAN, Lang::De, None);
    check(8.4, Lang::En, Some("clock −8 s"));
    check(-720.0, Lang::De, Some("Uhr +12 min"));
    check(7200.0, Lang::De, Some("Uhr −2 h"));
    check(31_536_000.0, Lang::En, Some("clock −365 d"));
}
