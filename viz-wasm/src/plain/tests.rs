use super::*;
use crate::error::ErrorKind;

fn refused(json: &str, expected: &str) {
    let error = PlainFigure::parse(json).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Input);
    assert!(error.to_string().contains(expected), "{error}");
}

fn parsed(json: &str) -> PlainFigure {
    PlainFigure::parse(json).unwrap()
}

#[test]
fn what_cannot_be_drawn_is_refused_with_what_to_mend() {
    refused("", "figure data");
    refused(r#"{"kind":"pie"}"#, "there is no kind `pie`");
    refused(r#"{"kind":"strip","values":[]}"#, "`quantity` is missing");
    let strip = |values: &str| format!(r#"{{"kind":"strip","quantity":{{"name":"g"}},"values":{values}}}"#);
    refused(&strip(r#"[{"value":1,"uncertainty":-1}]"#), "uncertainty");
    refused(&strip("[1e101]"), "value 1 is not a number");
    refused(&strip(&format!("[{}1]", "1,".repeat(20_000))), "at most");
    let bins = |bins: &str| format!(r#"{{"kind":"histogram","quantity":{{"name":"g"}},"bins":{bins}}}"#);
    refused(&bins(r#"{"edges":[1],"counts":[]}"#), "2 to");
    refused(&bins(r#"{"edges":[1,1],"counts":[3]}"#), "numbers that rise");
    refused(&bins(r#"{"edges":[1,2,3],"counts":[3]}"#), "2 bins between them, but there are 1 counts");
    let trace = |curves: &str| format!(r#"{{"kind":"trace","x":{{"name":"t"}},"y":{{"name":"v"}},"curves":[{curves}]}}"#);
    refused(&trace(r#"{"x":[1,2],"y":[1]}"#), "2 places and 1 readings");
    refused(&trace(r#"{"x":[2,1],"y":[1,1]}"#), "do not fall");
    refused(r#"{"kind":"motion","time":[0,1],"a":[0,0],"v":[0],"s":[0,0]}"#, "readings of v");
    refused(r#"{"kind":"spectrum","quantity":{"name":"a"},"step_hz":0,"amplitudes":[1]}"#, "above 0 Hz");
    refused(r#"{"kind":"votes","options":[]}"#, "1 to 12 options");
    refused(r#"{"kind":"differences","quantity":{"name":"g"},"differences":[{"name":"a","value":1,"ci95":[2,1]}]}"#, "low to high");
    let group = r#"{"points":[]}"#;
    refused(&format!(r#"{{"kind":"scatter","x":{{"name":"x"}},"y":{{"name":"y"}},"groups":[{}]}}"#, [group; 7].join(",")), "at most 6");
}

#[test]
fn values_are_numbers_or_objects_and_texts_one_or_two() {
    let figure =
        parsed(r#"{"kind":"strip","quantity":{"name":{"de":"Fall","en":"fall"},"unit":"m/s2"},"values":[9.8,{"value":9.7,"own":true}]}"#);
    let PlainFigure::Strip(strip) = &figure else { panic!("{figure:?}") };
    assert_eq!((strip.values[0].value, strip.values[1].own), (9.8, true));
    assert_eq!(figure.title(Lang::De), "Fall in m/s²");
}

#[test]
fn few_values_make_no_histogram_and_no_box_and_it_is_said() {
    let few = |kind: &str, count: usize| {
        let values = (0..count).map(|place| format!("{}", 9.7 + 0.01 * place as f64)).collect::<Vec<_>>().join(",");
        parsed(&format!(r#"{{"kind":"{kind}","quantity":{{"name":"g"}},"values":[{values}]}}"#)).summary(Lang::En)
    };
    assert!(few("histogram", 14).contains("No histogram yet: bars show a shape from 15 values on, here are 14."));
    assert!(few("histogram", 15).contains("The highest bar"));
    assert!(few("box", 4).contains("No box yet: quarters need 5 values, here are 4."));
    assert!(few("box", 5).contains("median 9.7"));
}

#[test]
fn a_class_mean_has_its_t_interval() {
    let figure = parsed(r#"{"kind":"strip","quantity":{"name":"g"},"values":[1,2,3,4,{"value":99,"excluded":"slipped"}]}"#);
    // t(0.975, 3) = 3.1824; s/√n = 1.29099/2.
    assert_eq!(figure.table(Lang::En).rows[5][..4], ["n = 4", "mean", "2.5", "2.1"]);
    assert!(figure.summary(Lang::En).contains("1 not counted: 5 (slipped)."), "{}", figure.summary(Lang::En));
}

#[test]
fn released_means_are_shown_without_single_values() {
    let classes = |view: &str| {
        parsed(&format!(
            r#"{{"kind":"classes","view":"{view}","quantity":{{"name":"g","unit":"m/s2"}},"classes":[
                {{"name":"here","values":[9.7,9.8,9.75,9.82,9.79]}},
                {{"name":"there","mean":{{"n":12,"mean":9.8,"ci95":[9.7,9.9]}}}}]}}"#
        ))
    };
    for view in ["strip", "box", "histogram"] {
        let summary = classes(view).summary(Lang::En);
        assert!(summary.contains("there: n = 12, mean 9.80 ± 0.10 m/s²."), "{summary}");
        assert!(summary.contains("there: only the mean is released."), "{summary}");
    }
    assert!(!classes("mean").summary(Lang::En).contains("only"));
    assert!(classes("histogram").summary(Lang::En).contains("here: fewer than 15 values, so each on its own."));
}

#[test]
fn on_logarithmic_axes_what_has_no_logarithm_is_named() {
    let figure = parsed(
        r#"{"kind":"scatter","log":true,"x":{"name":"r","unit":"m"},"y":{"name":"E","unit":"lx"},"groups":[{
            "points":[{"x":1,"y":100},{"x":2,"y":26},{"x":4,"y":0},{"x":-1,"y":5}],
            "fit":{"label":"E = 100 lx/r²","model":{"kind":"power","factor":100,"exponent":-2}}}]}"#,
    );
    let summary = figure.summary(Lang::En);
    assert!(summary.contains("2 not shown: zero or negative has no logarithm."), "{summary}");
    // 26 is 4 % above 25; the other point lies on the curve: √(16/2).
    assert!(summary.contains("The points lie 2.8 % off on average."), "{summary}");
    assert_eq!(figure.table(Lang::En).rows[1][5], "4.0");
}

#[test]
fn curves_that_fit_are_what_they_say() {
    use data::Law;
    let check = |law: Law, x: f64, expected: Option<f64>| {
        let found = law.at(x);
        assert!(found.zip(expected).is_some_and(|(one, other)| (one - other).abs() < 1e-12) || found == expected, "{law:?} {found:?}");
    };
    check(Law::Polynomial { coefficients: vec![1.0, 2.0, 3.0] }, 2.0, Some(17.0));
    check(Law::Polynomial { coefficients: vec![] }, 2.0, Some(0.0));
    check(Law::Power { factor: 2.0, exponent: -2.0, offset: 1.0 }, 2.0, Some(1.5));
    check(Law::Power { factor: 2.0, exponent: -2.0, offset: 1.0 }, 0.0, None);
    check(Law::Exponential { offset: 20.0, amplitude: 50.0, tau: 10.0 }, 0.0, Some(70.0));
    check(Law::Exponential { offset: 20.0, amplitude: 50.0, tau: 0.0 }, 0.0, None);
    let points = || Law::Points { points: vec![(0.0, 0.0), (2.0, 4.0)] };
    check(points(), 0.0, Some(0.0));
    check(points(), 0.5, Some(1.0));
    check(points(), 2.0, Some(4.0));
    check(points(), 2.1, None);
    check(points(), -0.1, None);
}

#[test]
fn a_median_curve_interpolates_nothing() {
    let curve = |from: i32, level: f64| {
        let x: Vec<String> = (from..100).map(|place| format!("{}", f64::from(place) * 0.01)).collect();
        let y: Vec<String> =
            (from..100).map(|place| if (40..60).contains(&place) { "null".to_owned() } else { format!("{level}") }).collect();
        format!(r#"{{"x":[{}],"y":[{}]}}"#, x.join(","), y.join(","))
    };
    let curves = [curve(0, 1.0), curve(0, 2.0), curve(0, 3.0), curve(0, 50.0)].join(",");
    let figure = parsed(&format!(r#"{{"kind":"overlay","y":{{"name":"a","unit":"m/s2"}},"curves":[{curves}]}}"#));
    let rows = figure.table(Lang::En).rows;
    let at = |time: f64| {
        let nearest = rows.iter().min_by(|one, other| {
            let far = |row: &Vec<String>| (row[0].parse::<f64>().unwrap() - time).abs();
            far(one).total_cmp(&far(other))
        });
        nearest.unwrap()[1].clone()
    };
    assert_eq!(at(0.2), "2.50");
    assert_eq!(at(0.5), "–", "where all are silent there is no median");
    assert_eq!(at(0.8), "2.50");
}

#[test]
fn votes_are_shares_only_where_there_are_enough() {
    let votes = |yes: u32| {
        parsed(&format!(
            r#"{{"kind":"votes","question":"Why?","options":[{{"label":"yes","votes":{yes},"right":true}},{{"label":"no","votes":4}}]}}"#
        ))
    };
    assert_eq!(votes(6).summary(Lang::En), "Why? predictions (n = 10): “yes” 60 % (6), is right; “no” 40 % (4).");
    assert_eq!(votes(1).summary(Lang::En), "Why? predictions (n = 5): “yes” 1 of 5, is right; “no” 4 of 5.");
}

#[test]
fn a_table_too_long_is_thinned_and_says_so_and_the_csv_has_all() {
    let numbers = (0..1000).map(|place| place.to_string()).collect::<Vec<_>>().join(",");
    let figure =
        parsed(&format!(r#"{{"kind":"trace","x":{{"name":"t"}},"y":{{"name":"v"}},"curves":[{{"x":[{numbers}],"y":[{numbers}]}}]}}"#));
    let table = figure.table(Lang::En);
    assert_eq!(table.rows.len(), 200);
    assert!(table.caption.ends_with("(one row in 5; the CSV file has all)"), "{}", table.caption);
    assert_eq!(figure.csv().lines().count(), 1001);
}

#[test]
fn a_name_is_no_formula_in_a_spreadsheet() {
    let figure = parsed(r#"{"kind":"strip","quantity":{"name":"=g"},"values":[{"value":1,"name":"=HYPERLINK(1)"}]}"#);
    let csv = figure.csv();
    assert!(csv.contains("'=HYPERLINK(1)") && !csv.contains(",=") && !csv.contains("\n="), "{csv}");
}

#[test]
fn numbers_from_the_ends_of_the_world_do_no_harm() {
    let extremes: [&[f64]; 7] =
        [&[], &[0.0; 20], &[1e100, -1e100], &[5e-324, 0.0, -5e-324], &[1e99; 16], &[-0.0, 1e-99, 1e99, 3.0, 4.0, 5.0], &[9.81]];
    for numbers in extremes {
        let many: Vec<f64> = numbers.iter().copied().cycle().take(numbers.len().min(1) * 20).collect();
        let (one, list) = (serde_json::to_string(numbers).unwrap(), serde_json::to_string(&many).unwrap());
        let x = serde_json::to_string(&(0..many.len()).collect::<Vec<_>>()).unwrap();
        let positive = serde_json::to_string(&many.iter().map(|value| value.abs()).collect::<Vec<_>>()).unwrap();
        let points: Vec<String> = many.iter().map(|value| format!(r#"{{"x":{value:e},"y":{value:e},"uy":{:e}}}"#, value.abs())).collect();
        let fit = r#""fit":{"label":"f","model":{"kind":"power","factor":1e99,"exponent":300}}"#;
        let scatter = |log: bool| {
            let points = points.join(",");
            format!(r#"{{"kind":"scatter","log":{log},"x":{{"name":"x"}},"y":{{"name":"y"}},"groups":[{{"points":[{points}],{fit}}}]}}"#)
        };
        let mut all = vec![
            scatter(false),
            scatter(true),
            format!(r#"{{"kind":"spectrum","quantity":{{"name":"a"}},"step_hz":1e-99,"amplitudes":{positive},"peaks":[{{"hz":1e99}}]}}"#),
            format!(r#"{{"kind":"motion","time":{x},"a":{list},"v":{list},"s":{list}}}"#),
            format!(r#"{{"kind":"trace","x":{{"name":"x"}},"y":{{"name":"y"}},"curves":[{{"x":{x},"y":{list}}}],"range":[1,0]}}"#),
            format!(r#"{{"kind":"overlay","y":{{"name":"y"}},"curves":[{0},{0},{0},{0}]}}"#, format_args!(r#"{{"x":{x},"y":{list}}}"#)),
            r#"{"kind":"phone","quantity":{"name":"a"},"reading":[1e100,-1e100,1e100]}"#.to_owned(),
            r#"{"kind":"differences","quantity":{"name":"g"},"margin":1e100,"differences":[{"name":"a","value":0,"ci95":[-1e100,1e100]}]}"#
                .to_owned(),
            r#"{"kind":"votes","options":[{"label":"a","votes":4294967295},{"label":"b","votes":4294967295}]}"#.to_owned(),
            format!(
                r#"{{"kind":"histogram","quantity":{{"name":"g"}},"values":{list},"bins":{{"edges":[-1e100,0,1e100]}},
                "predictions":[{{"kind":"number","values":{one}}}],"reference":{{"value":1e100,"tolerance":1e100}}}}"#
            ),
        ];
        for kind in ["strip", "histogram", "box"] {
            all.push(format!(
                r#"{{"kind":"{kind}","quantity":{{"name":"g"}},"values":{list},"predictions":[{{"kind":"number","values":{one}}}]}}"#
            ));
            all.push(format!(r#"{{"kind":"{kind}","quantity":{{"name":"g"}},"values":{one}}}"#));
        }
        for view in ["strip", "histogram", "box", "mean"] {
            all.push(format!(
                r#"{{"kind":"classes","view":"{view}","quantity":{{"name":"g"}},"classes":[{{"name":"a","values":{list}}},{{"name":"b"}},
                {{"name":"c","bins":{{"edges":[0,1e-99,1e99],"counts":[1,0]}},"mean":{{"n":2,"mean":1e100}}}}]}}"#
            ));
        }
        for json in all {
            let mut desk = desk::Desk::parse(&json).unwrap_or_else(|error| panic!("{json}: {error}"));
            let _ = (desk.summary(), desk.table(), desk.csv(), desk.melody());
            for key in ["ArrowRight", "End", "ArrowDown"] {
                desk.key(key);
                desk.draw((320, 200), 11.0, 2.0).unwrap();
            }
            desk.point((160, 100), (1, 1), 11.0, 2.0);
        }
    }
}

/// A figure as SVG, with what is said of its axes.
fn drawn(json: &serde_json::Value) -> String {
    let figure = PlainFigure::parse(&json.to_string()).unwrap();
    crate::svg::plain(&figure, crate::svg::Sheet { lang: Lang::De, ..Default::default() }).unwrap()
}

/// Whether a drawing has this text.
fn ticks(svg: &str, label: &str) -> bool {
    svg.lines().any(|line| line.trim() == label)
}

#[test]
fn axes_reach_as_far_as_everybodys() {
    let scatter = |reach: serde_json::Value| {
        let points: Vec<_> = (1..5).map(|x| serde_json::json!({"x": x, "y": 2 * x})).collect();
        serde_json::json!({"kind": "scatter", "x": {"name": "m", "unit": "kg"}, "y": {"name": "T", "unit": "s"},
            "groups": [{"points": points}], "residuals": false, "reach": reach})
    };
    let (own, shared) = (drawn(&scatter(serde_json::Value::Null)), drawn(&scatter(serde_json::json!([[0.0, 100.0], [0.0, 500.0]]))));
    assert!(!ticks(&own, "400") && ticks(&shared, "400") && ticks(&shared, "80"), "{shared}");
    let spectrum = |top: serde_json::Value| {
        serde_json::json!({"kind": "spectrum", "quantity": {"name": "a", "unit": "m/s2"},
        "step_hz": 0.5, "amplitudes": [0.0, 1.0, 2.0, 1.0], "top": top})
    };
    assert!(ticks(&drawn(&spectrum(serde_json::json!(70.0))), "60") && !ticks(&drawn(&spectrum(serde_json::Value::Null)), "60"));
    let motion = |reach: serde_json::Value| {
        serde_json::json!({"kind": "motion", "time": [0.0, 1.0, 2.0], "a": [0.0, 1.0, null],
        "v": [0.0, 0.5, 1.0], "s": [0.0, 0.1, 0.4], "reach": reach})
    };
    let wide = serde_json::json!([[0.0, 40.0], [-1.0, 1.0], [0.0, 3.0], [0.0, 90.0]]);
    assert!(ticks(&drawn(&motion(wide)), "40") && !ticks(&drawn(&motion(serde_json::Value::Null)), "40"));
    for bad in [serde_json::json!([[1.0, 0.0], [0.0, 1.0]]), serde_json::json!([[0.0, 1e300], [0.0, 1.0]])] {
        let told = PlainFigure::parse(&scatter(bad).to_string()).unwrap_err().to_string();
        assert!(told.contains("reach") && told.contains("low to high"), "{told}");
    }
}

#[test]
fn a_low_panel_has_a_scale_all_the_same() {
    let motion = parsed(r#"{"kind":"motion","time":[0,1,2],"a":[-1.3,0,1.3],"v":[0,1.4,0],"s":[0,6,12]}"#);
    // As tall as on a projector, with type that can be read at the back of the room.
    let sheet = crate::svg::Sheet { width: 1800, height: 800, ..Default::default() };
    let svg = crate::svg::plain(&motion, sheet).unwrap();
    assert!(ticks(&svg, "1") && ticks(&svg, "10"), "{svg}");
}
