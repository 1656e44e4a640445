//! The functions beside those that recordings of pendulum, spring and rest need.

use super::Digest;
use crate::analysis::*;

impl Digest {
    /// Each function once, on numbers that exercise every transcendental function it uses.
    pub(super) fn kernel(&mut self) {
        let time: Vec<f64> = (0..600).map(|k| 0.01 * f64::from(k) + 1e-4 * libm::sin(f64::from(k))).collect();
        let of = |value: fn(f64) -> f64| time.iter().map(|t| value(*t)).collect::<Vec<f64>>();
        let wave = of(|t| 9.81 + 1.5 * libm::sin(11.3 * t) + 0.2 * libm::cos(57.0 * t * t));
        let cooling = of(|t| 21.0 + 40.0 * libm::exp(-t / 1.7) + 0.1 * libm::sin(91.0 * t));
        let x: Vec<f64> = (1..=12).map(|k| 0.1 * f64::from(k)).collect();
        let y: Vec<f64> = x.iter().map(|x| 3.0 * libm::pow(*x, -1.9) + 7.0 + 0.2 * libm::sin(40.0 * x)).collect();
        self.fits(&x, &y, &time, &cooling);
        self.signals(&time, &wave);
        self.statistics(&wave, &cooling);
    }

    fn fits(&mut self, x: &[f64], y: &[f64], time: &[f64], cooling: &[f64]) {
        let both =
            |line: Line| [line.slope.value, line.slope.uncertainty, line.intercept.value, line.intercept.uncertainty, line.r_squared];
        self.all(weighted_line(x, y, &x.iter().map(|x| 0.1 + x).collect::<Vec<f64>>()).map(both));
        let law = |law: PowerLaw| [law.factor.value, law.factor.uncertainty, law.exponent.value, law.exponent.uncertainty, law.r_squared];
        self.all(log_log(x, y).map(law));
        self.all(power_law_with_background(x, y).map(law));
        self.all(exponential(time, cooling).map(|fit| {
            [
                fit.tau.value,
                fit.tau.uncertainty,
                fit.amplitude.value,
                fit.offset.value,
                fit.offset.uncertainty,
                fit.half_life().value,
                fit.correlation,
            ]
        }));
        for degree in [1, 2, 7] {
            let curve = polynomial(x, y, degree);
            self.every(curve.map(|curve| curve.coefficients.iter().flat_map(|c| [c.value, c.uncertainty]).collect::<Vec<f64>>()));
        }
        let squares: Vec<f64> = x.iter().map(|x| x * x).collect();
        let plane = multiple_regression(&[x, &squares], y);
        self.every(plane.map(|plane| plane.slopes.iter().flat_map(|slope| [slope.value, slope.uncertainty]).collect::<Vec<f64>>()));
    }

    fn signals(&mut self, time: &[f64], wave: &[f64]) {
        for window in [Window::Hann, Window::Rectangle] {
            self.every(spectrum(time, wave, window).map(|spectrum| spectrum.amplitude));
            self.all(spectral_peak(time, wave, window, 0.5, 20.0).map(|peak| [peak.value, peak.uncertainty]));
        }
        self.every(peaks(time, wave, 0.1, 0.05).map(|peaks| peaks.into_iter().map(|peak| peak as f64).collect()));
        self.every(crossings(time, wave, 9.81, 0.3, Direction::Both));
        self.all(longest_below(time, wave, 9.0).map(|stretch| [stretch.start_s, stretch.duration.value, stretch.duration.uncertainty]));
        self.every(derivative(time, wave, 0.1).map(|slopes| [slopes.slope, slopes.uncertainty].concat()));
        self.every(integrate(time, wave));
        self.every(integrate_without_drift(time, wave).map(|integral| integral.values));
        let grid: Vec<f64> = (0..300).map(|k| 0.02 * f64::from(k)).collect();
        self.every(resample(time, wave, &grid).map(|values| values.into_iter().flatten().collect()));
        self.every(common_times(time, &grid));
        self.every(smooth_mean(time, wave, 0.2));
        self.every(smooth_gauss(time, wave, 0.05));
        self.every(moving_median(time, wave, 0.2));
        self.all(step_rate(time, wave).map(|rate| [rate.value, rate.uncertainty]));
        self.all(time_weighted_mean(time, wave).map(|mean| [mean.value, mean.uncertainty]));
    }

    fn statistics(&mut self, wave: &[f64], cooling: &[f64]) {
        self.all(energy_mean(cooling).map(|level| [level.value, level.uncertainty]));
        self.all(percentile_level(cooling, 10.0).map(|level| [level.value, level.uncertainty]));
        self.all(circular_mean(&wave[..80]).map(|found| [found.mean.value, found.mean.uncertainty, found.resultant]));
        self.all(
            box_plot(wave).map(|plot| [plot.low_whisker, plot.quartiles.q1, plot.quartiles.median, plot.quartiles.q3, plot.high_whisker]),
        );
        for bins in [Bins::Automatic, Bins::Count(17), Bins::Width(0.3)] {
            let counted = histogram(wave, &bins);
            self.every(counted.map(|found| found.edges.into_iter().chain(found.counts.into_iter().map(|count| count as f64)).collect()));
        }
        let hpa = |value: f64| Estimate { value, uncertainty: 0.03 };
        for temperature in [None, Some(Estimate { value: 290.0, uncertainty: 2.0 })] {
            self.all(barometric_height(hpa(754.5), hpa(752.9), temperature).map(|height| [height.value, height.uncertainty]));
        }
        let apart = |difference: Difference| [difference.difference, difference.se, difference.df, difference.ci95.0, difference.ci95.1];
        self.all(welch(&wave[..20], &wave[30..43]).map(apart));
        self.all(paired(&wave[..20], &wave[30..50]).map(apart));
        self.every(holm(&[0.01, 0.04, 0.03]));
        for k in 1..40 {
            let k = f64::from(k);
            self.all(student_p(0.1 * k, 0.7 * k).map(|p| [p]));
            self.all(student_quantile(0.5 + 0.0124 * k, 1.3 * k * k).map(|t| [t]));
        }
    }

    fn every(&mut self, values: Result<Vec<f64>>) {
        match values {
            Ok(values) => values.into_iter().for_each(|value| self.add(value)),
            Err(error) => self.all::<0>(Err(error)),
        }
    }
}
