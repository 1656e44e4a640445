//! Real recordings, replayed through the built-in templates: the answers of the papers must come out.

#![allow(clippy::unwrap_used, reason = "a test")]

mod samples;
mod sgp4;

use messwerk_lessons::analysis::{Line, Mean, autocorrelation, line, longest_still, mean, resolution};
use messwerk_lessons::template::{Quantity, RunData, builtin};

fn step(template: &str, run: &RunData, name: &str) -> Quantity {
    let results = builtin(template).unwrap().analyse(run);
    results.into_iter().find(|step| step.name == name).unwrap().result.unwrap()
}

fn check(quantity: &Quantity, value: f64, tolerance: f64, unit: &str) {
    assert!((quantity.value - value).abs() <= tolerance, "{quantity:?} instead of {value} ± {tolerance}");
    assert!(quantity.uncertainty > 0.0 && quantity.uncertainty <= tolerance, "{quantity:?}");
    assert_eq!(quantity.unit, unit);
}

#[test]
fn the_pendulum_of_the_saved_state() {
    let Some(mut run) = samples::saved_gyroscope("phyphox_csv/pendulum/pendulum_saved_state.phyphox") else { return };
    check(&step("pendulum", &run, "T"), 1.300, 0.005, "s");
    // The length that was really there, and the one that was left standing in the app: no class misses this.
    run.inputs.insert("length_m".to_owned(), 0.4206);
    check(&step("pendulum", &run, "g"), 9.81, 0.1, "m/s2");
    run.inputs.insert("length_m".to_owned(), 0.5);
    check(&step("pendulum", &run, "g"), 11.66, 0.1, "m/s2");
    let pendulum = builtin("pendulum").unwrap();
    let told: Vec<&str> = pendulum.hints(&run, &pendulum.analyse(&run)).iter().map(|hint| hint.name.as_str()).collect();
    assert_eq!(told, ["default_length"]);
}

#[test]
fn the_springs_and_their_class_regression() {
    let known = [(0.190, 0.4406), (0.253, 0.5064), (0.278, 0.5290), (0.342, 0.5843)];
    let (mut masses, mut squares) = (vec![], vec![]);
    for (mass, period) in known {
        let Some(mut run) = samples::csv(&format!("phyphox_csv/spring_masses/Dinam_{:.0}g.csv", mass * 1000.0)) else { return };
        run.inputs.insert("mass_kg".to_owned(), mass);
        let found = step("spring", &run, "T");
        check(&found, period, 0.0005, "s");
        let k = step("spring", &run, "k");
        assert!((38.5..39.6).contains(&k.value), "{k:?}");
        masses.push(mass);
        squares.push(found.value * found.value);
    }
    // T² = 4π²/k·m + …: the line sees the spring's own mass, single values do not.
    let Line { slope, intercept, .. } = line(&masses, &squares).unwrap();
    let k = 4.0 * std::f64::consts::PI * std::f64::consts::PI / slope.value;
    assert!((k - 40.8).abs() < 0.3, "{k}");
    assert!((intercept.value / slope.value - 0.0109).abs() < 0.0019, "{intercept:?}");

    // The same as a group's own table.
    let mut run = RunData::default();
    for (index, (mass, square)) in masses.iter().zip(&squares).enumerate() {
        run.inputs.insert(format!("m.{}", index + 1), *mass);
        run.inputs.insert(format!("T.{}", index + 1), square.sqrt());
    }
    let k = step("spring-masses", &run, "k");
    assert!((k.value - 40.8).abs() < 0.1 && (0.2..0.4).contains(&k.uncertainty), "{k:?}");
    let own = step("spring-masses", &run, "own_mass");
    assert!((own.value - 10.9).abs() < 0.5 && (1.4..2.4).contains(&own.uncertainty) && own.unit == "g", "{own:?}");
}

/// The first ride goes down and stays there, the second goes up and comes back: its way up is the part until it rests upstairs.
#[test]
fn the_lifts() {
    let check = |file: &str, until: f64, climb: f64| {
        let Some(mut run) = samples::pressure(file, until) else { return };
        run.inputs.insert("theta".to_owned(), 17.0);
        run.inputs.insert("storeys".to_owned(), 5.0);
        let found = step("elevator", &run, "climb");
        assert!((found.value - climb).abs() < 0.1 && found.unit == "m", "{file}: {found:?}");
        // Warmer air than the standard atmosphere's is thinner: the same pressure is more metres.
        let storey = step("elevator", &run, "storey");
        assert!((1.0..1.1).contains(&(5.0 * storey.value / climb.abs())), "{file}: {storey:?}");
    };
    check("phyphox_csv/elevator_de/Pressure and velocity.csv", f64::INFINITY, -21.8);
    check("phyphox_csv/pendulum_elevator_high/Pressure and velocity.csv", 33.5, 16.55);
}

#[test]
fn the_phone_at_rest() {
    let Some(run) = samples::csv("phyphox_csv/rest/Raw Data.csv") else { return };
    let a = step("rest", &run, "a");
    check(&a, 9.7412, 0.0005 + a.uncertainty, "m/s2");
    assert!((a.value - 9.7412).abs() < 0.0005, "{a:?}");
    assert!((0.0005..0.0012).contains(&a.uncertainty), "{a:?}");

    let stream = &run.streams[0];
    let values: Vec<f64> = (0..stream.time.len())
        .map(|i| (stream.x[i] * stream.x[i] + stream.y[i] * stream.y[i] + stream.z[i] * stream.z[i]).sqrt())
        .collect();
    let still = longest_still(&stream.time, &values, 0.1).unwrap();
    assert_eq!((still.first, still.end), (0, values.len()), "the phone lay still all the time");
    let Mean { sd, se, .. } = mean(&values, resolution(&stream.z)).unwrap();
    assert!((sd - 0.0060).abs() < 0.0001, "{sd}");
    assert!((0.0005..0.0012).contains(&se), "{se}");
}

/// What nobody swung must not have a period.
#[test]
fn no_period_is_invented() {
    let Some(mut run) = samples::csv("phyphox_csv/rest/Raw Data.csv") else { return };
    run.inputs.insert("mass_kg".to_owned(), 0.2);
    for result in builtin("spring").unwrap().analyse(&run) {
        assert_eq!(result.result.unwrap_err().kind, "no_oscillation");
    }
}

/// phyphox's own golden vector: input in the experiment, output of the app.
#[test]
fn the_autocorrelation_of_the_phone() {
    let Some(expected) = samples::text("phyphox_analysis_vectors/autocorrelation_x-and-range.expected.json") else { return };
    let experiment = samples::text("phyphox_analysis_vectors/autocorrelation_x-and-range.phyphox").unwrap();
    let (x, y) = (samples::container(&experiment, "x"), samples::container(&experiment, "y"));
    let (lags, values) = autocorrelation(&x, &y, 0.25, 1.0).unwrap();
    let expected: serde_json::Value = serde_json::from_str(&expected).unwrap();
    for (buffer, found) in [("outx", lags), ("outy", values)] {
        let expected: Vec<f64> = serde_json::from_value(expected["expect"][0]["buffers"][buffer]["values"].clone()).unwrap();
        assert_eq!(found.len(), expected.len());
        found.iter().zip(&expected).for_each(|(found, expected)| assert!((found - expected).abs() < 1e-9, "{buffer}"));
    }
}
