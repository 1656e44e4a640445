//! Linear regressions of the NIST Statistical Reference Datasets against their certified values.
//!
//! The measure is NIST's: the log relative error, the number of digits that agree (15 at most are certified).

#![allow(clippy::print_stdout, reason = "the table is what a reader wants to see")]

mod certificate;

use certificate::Certificate;
use messwerk_lessons::analysis::{Estimate, line, multiple_regression, polynomial};

struct Problem {
    certified: Vec<f64>,
    sd: Vec<f64>,
    residual_sd: f64,
    r_squared: f64,
    y: Vec<f64>,
    x: Vec<Vec<f64>>,
}

fn read(name: &str) -> Problem {
    let found = Certificate::read(name);
    Problem {
        certified: found.fact("certified"),
        sd: found.fact("sd"),
        residual_sd: found.fact("residual_sd")[0],
        r_squared: found.fact("r_squared")[0],
        y: found.rows.iter().map(|row| row[0]).collect(),
        x: (1..found.rows[0].len()).map(|column| found.rows.iter().map(|row| row[column]).collect()).collect(),
    }
}

/// Digits that agree; of a certified zero, digits behind the point.
fn digits(value: f64, certified: f64) -> f64 {
    let off = if certified == 0.0 { value.abs() } else { (value / certified - 1.0).abs() };
    if off < 1e-15 { 15.0 } else { -libm::log10(off) }
}

/// The digits each must reach are those it does reach, rounded down: a change that loses one is seen.
#[test]
fn certified_values_of_linear_regressions_are_met() {
    println!("{:10} {:>12} {:>10} {:>11} {:>10}", "problem", "coefficients", "errors", "residual sd", "R squared");
    let check = |name: &str, coefficients: f64, errors: f64| {
        let problem = read(name);
        let x: Vec<&[f64]> = problem.x.iter().map(Vec::as_slice).collect();
        let (found, residual_sd, r_squared): (Vec<Estimate>, f64, f64) = match name {
            "Norris" => {
                let line = line(x[0], &problem.y).unwrap();
                (vec![line.intercept, line.slope], line.residual_sd, line.r_squared)
            }
            "Longley" => {
                let plane = multiple_regression(&x, &problem.y).unwrap();
                ([vec![plane.intercept], plane.slopes].concat(), plane.residual_sd, plane.r_squared)
            }
            _ => {
                let curve = polynomial(x[0], &problem.y, problem.certified.len() - 1).unwrap();
                (curve.coefficients, curve.residual_sd, curve.r_squared)
            }
        };
        assert_eq!(found.len(), problem.certified.len());
        let least = |digits: Vec<f64>| digits.into_iter().fold(f64::INFINITY, f64::min);
        let value = least(found.iter().zip(&problem.certified).map(|(found, certified)| digits(found.value, *certified)).collect());
        let error = least(found.iter().zip(&problem.sd).map(|(found, certified)| digits(found.uncertainty, *certified)).collect());
        let sd = digits(residual_sd, problem.residual_sd);
        let r = digits(r_squared, problem.r_squared);
        println!("{name:10} {value:12.1} {error:10.1} {sd:11.1} {r:10.1}");
        assert!(value >= coefficients && error >= errors && sd >= errors && r >= errors, "{name}: {found:?}");
    };
    check("Norris", 12.0, 13.0);
    check("Pontius", 11.0, 13.0);
    check("Longley", 13.0, 14.0);
    check("Wampler1", 9.0, 9.0);
    check("Wampler2", 12.0, 14.0);
    check("Wampler3", 9.0, 13.0);
    check("Wampler4", 9.0, 14.0);
    check("Wampler5", 8.0, 13.0);
    check("Filip", 14.0, 14.0);
}
