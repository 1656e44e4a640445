use super::*;

fn sampled(seconds: f64, rate: f64, value: impl Fn(f64) -> f64) -> (Vec<f64>, Vec<f64>) {
    (0..(seconds * rate) as usize).map(|i| i as f64 / rate).map(|t| (t, value(t))).unzip()
}

#[test]
fn a_tone_has_its_amplitude_and_its_frequency() {
    let check = |window: Window, hz: f64, amplitude: f64, seconds: f64, rate: f64| {
        let (time, values) = sampled(seconds, rate, |t| 3.0 + amplitude * libm::sin(TAU * hz * t + 0.4));
        let spectrum = spectrum(&time, &values, window).unwrap();
        assert_eq!(spectrum.freq.len(), spectrum.amplitude.len());
        assert!((spectrum.freq[spectrum.freq.len() - 1] - 0.5 * rate).abs() < 1e-6 * rate);
        let highest = spectrum.amplitude.iter().copied().fold(0.0, f64::max);
        // Between two frequencies of the grid a line is up to 4 % (Hann) or 10 % (rectangle) lower.
        assert!(highest < 1.03 * amplitude && highest > 0.9 * amplitude, "{highest}");
        let peak = spectral_peak(&time, &values, window, 0.5 * hz, (1.5 * hz).min(0.45 * rate)).unwrap();
        let tolerance = if window == Window::Hann { 1e-4 } else { 5e-3 };
        assert!((peak.value - hz).abs() * seconds < tolerance, "{peak:?}");
    };
    check(Window::Hann, 12.34, 2.0, 10.0, 100.0);
    check(Window::Hann, 440.3, 0.01, 1.0, 48_000.0);
    check(Window::Hann, 1.9, 5.0, 8.0, 50.0);
    check(Window::Rectangle, 12.34, 2.0, 10.0, 100.0);
}

/// What a peak says of its own uncertainty is what it is off by.
#[test]
fn the_uncertainty_is_honest() {
    let mut random = crate::analysis::tests::Random::new(7);
    for (window, noise) in [(Window::Hann, 1.0), (Window::Hann, 0.1), (Window::Rectangle, 1.0)] {
        let (mut off, mut said) = (0.0, 0.0);
        for k in 0..200 {
            let hz = 6.0 + 0.01 * f64::from(k);
            let (time, mut values) = sampled(6.0, 100.0, |t| libm::sin(TAU * hz * t));
            values.iter_mut().for_each(|value| *value += noise * random.normal());
            let peak = spectral_peak(&time, &values, window, 2.0, 20.0).unwrap();
            off += (peak.value - hz) * (peak.value - hz);
            said += peak.uncertainty * peak.uncertainty;
        }
        let ratio = libm::sqrt(said / off);
        assert!((0.85..1.4).contains(&ratio), "{window:?} {noise}: {ratio}");
    }
}

#[test]
fn the_longest_part_without_a_gap_counts() {
    let (mut time, values) = sampled(20.0, 50.0, |t| if t < 5.0 { libm::sin(TAU * 3.0 * t) } else { libm::sin(TAU * 7.0 * t) });
    time.iter_mut().filter(|time| **time >= 5.0).for_each(|time| *time += 2.0);
    assert!((spectral_peak(&time, &values, Window::Hann, 1.0, 20.0).unwrap().value - 7.0).abs() < 1e-3);
}

#[test]
fn what_has_no_peak_says_why() {
    let check = |seconds: f64, low: f64, high: f64, kind: &str, value: fn(f64) -> f64| {
        let (time, values) = sampled(seconds, 100.0, value);
        assert_eq!(spectral_peak(&time, &values, Window::Hann, low, high).map_err(AnalysisError::kind), Err(kind));
    };
    let tone = |t: f64| libm::sin(TAU * 5.0 * t);
    check(0.05, 1.0, 9.0, "too_few", tone);
    check(9.0, 9.0, 1.0, "domain", tone);
    check(9.0, 1.0, f64::NAN, "domain", tone);
    check(9.0, 1.0, 60.0, "too_slow", tone);
    check(9.0, 1.0, 9.0, "constant", |_| 4.0);
    check(9.0, 1.0, 9.0, "not_finite", |t| 1.0 / t);
    check(0.6, 1.0, 9.0, "too_short", tone);
    check(9.0, 20.0, 40.0, "no_oscillation", |t| libm::sin(1e5 * t * t));
    assert_eq!(spectrum(&[0.0; 9], &[1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0], Window::Hann).unwrap_err().kind(), "too_short");
}
