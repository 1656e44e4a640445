//! The analysis kernel as a filter: one question per line in JSON, one answer per line.
//!
//! `{"f": "line", "x": [1, 2, 3], "y": [2, 4, 7]}` is answered `{"ok": {"slope": [2.5, 0.29], …}}` or `{"error": "too_few"}`:
//! numbers as `[value, uncertainty]` where they have one. `e2e/kernel/` asks it beside other people's libraries; it is also a
//! way to try a function by hand.

use std::io::{self, BufRead, Write};

use messwerk_lessons::analysis::{self, *};
use serde_json::{Value, json};

fn main() -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let answer = match serde_json::from_str::<Value>(&line?) {
            Ok(question) => match answer(&Question(question)) {
                Some(Ok(found)) => json!({ "ok": found }),
                Some(Err(error)) => json!({ "error": error.kind() }),
                None => json!({ "error": "no such function" }),
            },
            Err(error) => json!({ "error": error.to_string() }),
        };
        writeln!(out, "{answer}")?;
    }
    out.flush()
}

struct Question(Value);

impl Question {
    /// JSON knows neither NaN nor infinity: `null` is the one, the words "inf" and "-inf" the other.
    fn number(value: &Value) -> f64 {
        match value.as_str() {
            Some("inf") => f64::INFINITY,
            Some("-inf") => f64::NEG_INFINITY,
            _ => value.as_f64().unwrap_or(f64::NAN),
        }
    }

    fn one(&self, name: &str) -> f64 {
        Self::number(&self.0[name])
    }

    fn many(&self, name: &str) -> Vec<f64> {
        self.0[name].as_array().map(|values| values.iter().map(Self::number).collect()).unwrap_or_default()
    }

    fn columns(&self, name: &str) -> Vec<Vec<f64>> {
        let column = |value: &Value| value.as_array().map(|values| values.iter().map(Self::number).collect()).unwrap_or_default();
        self.0[name].as_array().map(|columns| columns.iter().map(column).collect()).unwrap_or_default()
    }

    fn word(&self, name: &str) -> &str {
        self.0[name].as_str().unwrap_or_default()
    }

    /// `[value, uncertainty]`.
    fn estimate(&self, name: &str) -> Estimate {
        let pair = self.many(name);
        let at = |index: usize| pair.get(index).copied().unwrap_or(f64::NAN);
        Estimate { value: at(0), uncertainty: at(1) }
    }
}

fn pair(estimate: Estimate) -> Value {
    json!([estimate.value, estimate.uncertainty])
}

fn straight(line: Line) -> Value {
    json!({ "slope": pair(line.slope), "intercept": pair(line.intercept), "residual_sd": line.residual_sd, "r_squared": line.r_squared })
}

fn law(law: PowerLaw) -> Value {
    json!({ "factor": pair(law.factor), "exponent": pair(law.exponent), "offset": law.offset.map(pair), "residual_sd": law.residual_sd, "r_squared": law.r_squared })
}

fn curve(curve: Polynomial) -> Value {
    let coefficients: Vec<Value> = curve.coefficients.into_iter().map(pair).collect();
    json!({ "coefficients": coefficients, "residual_sd": curve.residual_sd, "r_squared": curve.r_squared })
}

fn apart(difference: Difference) -> analysis::Result<Value> {
    let p = difference.p_value()?;
    Ok(json!({ "difference": difference.difference, "se": difference.se, "df": difference.df, "ci95": difference.ci95, "p": p }))
}

fn stretch(stretch: Stretch) -> Value {
    json!({ "start": stretch.start_s, "duration": pair(stretch.duration) })
}

fn answer(q: &Question) -> Option<analysis::Result<Value>> {
    let (x, y, t) = (q.many("x"), q.many("y"), q.many("t"));
    let window = if q.word("window") == "hann" { Window::Hann } else { Window::Rectangle };
    Some(match q.word("f") {
        "line" => line(&x, &y).map(straight),
        "weighted_line" => weighted_line(&x, &y, &q.many("u")).map(straight),
        "log_log" => log_log(&x, &y).map(law),
        "power_law_with_background" => power_law_with_background(&x, &y).map(law),
        "polynomial" => polynomial(&x, &y, q.one("degree") as usize).map(curve),
        "multiple_regression" => {
            let columns = q.columns("columns");
            let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
            multiple_regression(&columns, &y).map(|plane| {
                let slopes: Vec<Value> = plane.slopes.into_iter().map(pair).collect();
                json!({ "intercept": pair(plane.intercept), "slopes": slopes, "residual_sd": plane.residual_sd, "r_squared": plane.r_squared })
            })
        }
        "exponential" => exponential(&t, &y).map(|fit| {
            json!({ "amplitude": pair(fit.amplitude), "tau": pair(fit.tau), "offset": pair(fit.offset), "half_life": pair(fit.half_life()),
                "residual_sd": fit.residual_sd, "r_squared": fit.r_squared, "correlation": fit.correlation })
        }),
        "damped_sinusoid" => damped_sinusoid(&t, &y, q.one("start")).map(|fit| {
            json!({ "period": pair(fit.period), "amplitude": pair(fit.amplitude), "damping": pair(fit.damping), "offset": pair(fit.offset),
                "residual_sd": fit.residual_sd, "r_squared": fit.r_squared, "correlation": fit.correlation })
        }),
        "autocorrelation" => autocorrelation(&t, &y, q.one("min"), q.one("max")).map(|(lag, value)| json!({ "lag": lag, "value": value })),
        "spectrum" => spectrum(&t, &y, window).map(|found| json!({ "freq": found.freq, "amplitude": found.amplitude })),
        "spectral_peak" => spectral_peak(&t, &y, window, q.one("min"), q.one("max")).map(pair),
        "peaks" => peaks(&t, &y, q.one("prominence"), q.one("distance")).map(|found| json!(found)),
        "crossings" => {
            let direction = match q.word("direction") {
                "rising" => Direction::Rising,
                "falling" => Direction::Falling,
                _ => Direction::Both,
            };
            crossings(&t, &y, q.one("level"), q.one("hysteresis"), direction).map(|found| json!(found))
        }
        "longest_below" => longest_below(&t, &y, q.one("level")).map(stretch),
        "longest_above" => longest_above(&t, &y, q.one("level")).map(stretch),
        "derivative" => derivative(&t, &y, q.one("window_s"))
            .map(|found| json!({ "time": found.time, "slope": found.slope, "uncertainty": found.uncertainty })),
        "integrate" => integrate(&t, &y).map(|found| json!(found)),
        "integrate_without_drift" => integrate_without_drift(&t, &y).map(|found| json!({ "values": found.values, "bias": found.bias })),
        "resample" => resample(&t, &y, &q.many("grid")).map(|found| json!(found)),
        "common_times" => common_times(&x, &t).map(|found| json!(found)),
        "smooth_mean" => smooth_mean(&t, &y, q.one("window_s")).map(|found| json!(found)),
        "smooth_gauss" => smooth_gauss(&t, &y, q.one("sigma_s")).map(|found| json!(found)),
        "moving_median" => moving_median(&t, &y, q.one("window_s")).map(|found| json!(found)),
        "energy_mean" => energy_mean(&y).map(pair),
        "percentile_level" => percentile_level(&y, q.one("percent")).map(pair),
        "time_weighted_mean" => time_weighted_mean(&t, &y).map(pair),
        "circular_mean" => circular_mean(&y).map(|found| json!({ "mean": pair(found.mean), "resultant": found.resultant })),
        "quantile" => quantile(&y, q.one("share")).map(|found| json!(found)),
        "box_plot" => box_plot(&y).map(|found| {
            let box_ = [found.low_whisker, found.quartiles.q1, found.quartiles.median, found.quartiles.q3, found.high_whisker];
            json!({ "box": box_, "outliers": found.outliers })
        }),
        "histogram" => {
            let bins = match q.word("rule") {
                "count" => Bins::Count(q.one("count") as usize),
                "width" => Bins::Width(q.one("width")),
                "edges" => Bins::Edges(q.many("edges")),
                _ => Bins::Automatic,
            };
            histogram(&y, &bins)
                .map(|found| json!({ "edges": found.edges, "counts": found.counts, "below": found.below, "above": found.above }))
        }
        "barometric_height" => {
            let temperature = q.0["temperature"].is_array().then(|| q.estimate("temperature"));
            barometric_height(q.estimate("p0"), q.estimate("p1"), temperature).map(pair)
        }
        "step_rate" => step_rate(&t, &y).map(pair),
        "welch" => welch(&x, &y).and_then(apart),
        "paired" => paired(&x, &y).and_then(apart),
        "holm" => holm(&y).map(|found| json!(found)),
        "self_test" => Ok(json!(format!("{:#x}", self_test()))),
        "student_p" => student_p(q.one("t"), q.one("df")).map(|found| json!(found)),
        "student_quantile" => student_quantile(q.one("probability"), q.one("df")).map(|found| json!(found)),
        _ => return None,
    })
}
