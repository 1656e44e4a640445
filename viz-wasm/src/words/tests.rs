use super::*;

#[test]
fn a_language_tag_is_german_or_english() {
    for (tag, lang) in [("de", Lang::De), ("de-AT", Lang::De), ("DE_ch", Lang::De), ("den", Lang::En), ("fr", Lang::En), ("", Lang::En)] {
        assert_eq!(Lang::from_tag(tag), lang, "{tag}");
    }
}

#[test]
fn units_are_written_as_on_paper() {
    for (symbol, paper) in [("m/s2", "m/s²"), ("uT", "µT"), ("Cel", "°C"), ("rad/s", "rad/s"), ("hPa", "hPa"), ("%RH", "%")] {
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
