//! A 95 % interval that covers the truth in 93 to 97 of 100 repetitions is one.

use super::random::Random;
use crate::analysis::*;

const SEEDS: u64 = 1000;

/// How often `covers` is true, in per cent; every seed must give an answer.
fn check(name: &str, covers: impl Fn(&mut Random) -> bool) {
    let count = (1..=SEEDS).filter(|seed| covers(&mut Random::new(*seed))).count();
    let share = 100.0 * count as f64 / SEEDS as f64;
    assert!((93.0..=97.0).contains(&share), "{name}: {share} %");
}

fn within(estimate: Estimate, truth: f64, freedom: usize) -> bool {
    (estimate.value - truth).abs() <= student_t(0.975, freedom).unwrap() * estimate.uncertainty
}

#[test]
fn intervals_of_lines_cover() {
    let x: Vec<f64> = (0..12).map(|k| 0.3 + 0.1 * f64::from(k)).collect();
    let noisy = |random: &mut Random| x.iter().map(|x| 4.0 * x + 1.0 + 0.2 * random.normal()).collect::<Vec<f64>>();
    check("slope", |random| within(line(&x, &noisy(random)).unwrap().slope, 4.0, 10));
    check("intercept", |random| within(line(&x, &noisy(random)).unwrap().intercept, 1.0, 10));
    check("parabola", |random| within(parabola(&x, &noisy(random)).unwrap().coefficients[2], 0.0, 9));
    check("plane", |random| {
        let other: Vec<f64> = x.iter().map(|_| random.unit()).collect();
        let y: Vec<f64> = noisy(random).iter().zip(&other).map(|(y, other)| y - 2.0 * other).collect();
        within(multiple_regression(&[&x, &other], &y).unwrap().slopes[1], -2.0, 9)
    });
}

/// With many points, where stated uncertainties and scatter hardly differ.
#[test]
fn intervals_of_weighted_lines_cover() {
    let x: Vec<f64> = (0..200).map(|k| 0.01 * f64::from(k)).collect();
    let u: Vec<f64> = x.iter().map(|x| 0.1 + 0.2 * x).collect();
    check("weighted slope", |random| {
        let y: Vec<f64> = x.iter().zip(&u).map(|(x, u)| 4.0 * x + 1.0 + u * random.normal()).collect();
        within(weighted_line(&x, &y, &u).unwrap().slope, 4.0, 198)
    });
}

#[test]
fn intervals_of_exponentials_cover() {
    let time: Vec<f64> = (0..120).map(|k| 10.0 * f64::from(k)).collect();
    let fit = |random: &mut Random| {
        let values: Vec<f64> = time.iter().map(|t| 21.0 + 60.0 * libm::exp(-t / 400.0) + 0.3 * random.normal()).collect();
        exponential(&time, &values).unwrap()
    };
    check("tau", |random| within(fit(random).tau, 400.0, 117));
    check("room temperature", |random| within(fit(random).offset, 21.0, 117));
    check("half-life", |random| within(fit(random).half_life(), 400.0 * libm::log(2.0), 117));
}

#[test]
fn intervals_of_power_laws_cover() {
    let distance: Vec<f64> = (0..15).map(|k| 0.1 * libm::pow(1.2, f64::from(k))).collect();
    check("exponent of a log-log line", |random| {
        let lux: Vec<f64> = distance.iter().map(|r| 30.0 / (r * r) * libm::exp(0.05 * random.normal())).collect();
        within(log_log(&distance, &lux).unwrap().exponent, -2.0, 13)
    });
    let fit = |random: &mut Random| {
        let lux: Vec<f64> = distance.iter().map(|r| 3.0 / (r * r) + 20.0 + 1.5 * random.normal()).collect();
        power_law_with_background(&distance, &lux).unwrap()
    };
    check("exponent above a background", |random| within(fit(random).exponent, -2.0, 12));
    check("background", |random| within(fit(random).offset.unwrap(), 20.0, 12));
}

#[test]
fn intervals_of_differences_cover() {
    let class = |random: &mut Random, n: usize, mean: f64, sd: f64| (0..n).map(|_| mean + sd * random.normal()).collect::<Vec<f64>>();
    check("welch", |random| {
        let (a, b) = (class(random, 12, 9.81, 0.05), class(random, 7, 9.71, 0.15));
        let (low, high) = welch(&a, &b).unwrap().ci95;
        (low..=high).contains(&0.1)
    });
    check("paired", |random| {
        let a = class(random, 9, 0.3, 0.1);
        let b: Vec<f64> = a.iter().map(|a| a - 0.02 + 0.01 * random.normal()).collect();
        let (low, high) = paired(&a, &b).unwrap().ci95;
        (low..=high).contains(&0.02)
    });
    check("p below 5 %", |random| welch_p(&class(random, 12, 1.0, 0.3), &class(random, 15, 1.0, 0.5)).unwrap() >= 0.05);
}
