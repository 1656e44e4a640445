use messwerk_lessons::physics;
use messwerk_lessons::template::{Template, builtin};

use super::*;

/// A careful group of a lesson of the library.
fn own(template: &Template, seed: u64) -> Drawn {
    let scenario = &template.simulation.as_ref().unwrap().scenario;
    let seconds = physics::seconds(scenario).unwrap();
    let run = physics::scenario(scenario, None, seconds, seed).unwrap();
    Own::of(template, run).drawn("Otter")
}

fn figure(name: &str, kind: &str) -> PlainFigure {
    let template = builtin(name).unwrap();
    let place = template.figures.iter().position(|figure| figure.kind() == kind).unwrap();
    own(template, 3).figures.remove(&place).unwrap().unwrap()
}

#[test]
fn points_lie_on_the_axes_that_the_lesson_says_with_units_and_the_fit_in_both_languages() {
    let PlainFigure::Scatter(light) = figure("light", "scatter") else { panic!() };
    assert!(light.log && light.residuals);
    assert_eq!((light.x.unit.as_str(), light.y.unit.as_str(), light.y.name.de.as_str()), ("m", "lx", "E − E0"));
    let fit = light.groups[0].fit.as_ref().unwrap();
    assert!(matches!(fit.model, Law::Power { exponent, .. } if (exponent + 2.0).abs() < 0.2), "{:?}", fit.model);
    assert!(
        fit.label.de.starts_with("Exponent = -2,") || fit.label.de.starts_with("Exponent = −2,") || fit.label.de.contains("1,9"),
        "{:?}",
        fit.label
    );
    let PlainFigure::Scatter(springs) = figure("spring-masses", "scatter") else { panic!() };
    assert!(!springs.log && springs.groups[0].points.len() > 3);
    assert!(springs.groups[0].fit.as_ref().unwrap().label.de.contains("Steigung"));
    let PlainFigure::Scatter(cup) = figure("cooling", "scatter") else { panic!() };
    assert_eq!((cup.x.name.de.as_str(), cup.y.name.de.as_str(), cup.y.unit.as_str()), ("Zeit t", "Temperatur", "Cel"));
    assert!(cup.groups[0].points.len() <= DOTS);
}

#[test]
fn a_motion_is_an_elevators_and_a_spectrum_names_its_tone() {
    let PlainFigure::Motion(ride) = figure("elevator", "motion") else { panic!() };
    let [a, v, s] = ride.quantities.unwrap();
    assert_eq!([a.unit, v.unit, s.unit], ["m/s2", "m/s", "m"]);
    assert!(ride.time.len() > 100 && ride.s.iter().flatten().any(|way| way.abs() > 1.0));
    let PlainFigure::Spectrum(swing) = figure("spring", "spectrum") else { panic!() };
    assert!(swing.peaks.len() == 1 && (0.5..4.0).contains(&swing.peaks[0].hz), "{:?}", swing.peaks);
    let end = swing.amplitudes.len() as f64 * swing.step_hz;
    assert!(swing.max_hz.is_none_or(|max| end < max + 3.0 * swing.step_hz), "what is beyond the axis is not sent");
}

#[test]
fn what_is_missing_is_said_in_both_languages() {
    let template = builtin("spring-masses").unwrap();
    let drawn = Own::of(template, RunData::default()).drawn("Otter");
    let reason = drawn.figures[&0].as_ref().unwrap_err();
    assert!(reason.de.contains("eingetragen") && reason.en.contains("entered"), "{reason:?}");
}

#[test]
fn curves_of_an_overlay_begin_at_their_own_trigger() {
    let text = include_str!("../../../../lessons/library/pendulum/lesson.toml");
    let more =
        "\n[[figure]]\nkind = \"overlay\"\nof = \"angular_velocity.z\"\nlevel = 0.15\nedge = \"rising\"\nbefore_s = 0.5\nafter_s = 2\n";
    let template = Template::parse(&format!("{text}{more}")).unwrap();
    let place = template.figures.len() - 1;
    for seed in 1..4 {
        let curve = own(&template, seed).curves.remove(&place).unwrap();
        let at =
            |wanted: f64| curve.x.iter().zip(&curve.y).min_by(|one, other| (one.0 - wanted).abs().total_cmp(&(other.0 - wanted).abs()));
        assert!(curve.x[0] >= -0.5 && curve.x[curve.x.len() - 1] <= 2.0 && curve.name.de == "Otter");
        assert!((at(0.0).unwrap().1.unwrap() - 0.15).abs() < 0.1, "{seed}");
    }
}
