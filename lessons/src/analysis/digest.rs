//! One number that tells whether two machines compute alike.

mod kernel;

use super::*;
use crate::physics::{PendulumParams, RestParams, SpringParams, pendulum, rest, spring};
use crate::quantity::ObservedProperty;
use crate::template::StreamData;

/// A digest over the bits of everything this module computes from a fixed workload (a pendulum, a spring and a phone at
/// rest, simulated). Equal on every machine and in every browser; a test holds the native value and the browser's test
/// compares with it.
pub fn self_test() -> u64 {
    let mut digest = Digest(0xcbf2_9ce4_8422_2325);
    let swinging = pendulum(&PendulumParams { release_s: 1.0, turn: 0.7, theta0: 0.3, ..Default::default() }, 12.0, 1);
    let bouncing = spring(&SpringParams::default(), 8.0, 2);
    let resting = rest(&RestParams::default(), 8.0, 3);
    digest.swing(swinging.stream(ObservedProperty::AngularVelocity), PeriodRange { min_s: 0.5, max_s: 3.0 });
    digest.swing(bouncing.stream(ObservedProperty::LinearAcceleration), PeriodRange { min_s: 0.2, max_s: 2.0 });
    if let Some(stream) = resting.stream(ObservedProperty::Acceleration) {
        let still = longest_still(&stream.time, &stream.z, 0.1);
        digest.all(still.map(|still| [still.first as f64, still.end as f64]));
        digest.all(mean(&stream.z, resolution(&stream.x)).map(|mean| [mean.mean, mean.sd, mean.se, mean.uncertainty]));
        digest.all(line(&stream.time, &stream.z).map(|line| [line.slope.value, line.slope.uncertainty, line.intercept.value]));
        digest.all(line_through_origin(&stream.time, &stream.z).map(|ratio| [ratio.slope.value, ratio.slope.uncertainty]));
        let lags = autocorrelation(&stream.time, &stream.z, 0.5, 0.6);
        digest.all(lags.map(|(lag, value)| [lag.iter().sum::<f64>(), value.iter().sum::<f64>()]));
    }
    for degrees_of_freedom in 1..40 {
        digest.all(student_t(0.975, degrees_of_freedom).map(|t| [t]));
    }
    digest.kernel();
    digest.0
}

/// FNV-1a over the bits of numbers.
struct Digest(u64);

impl Digest {
    fn add(&mut self, value: f64) {
        for byte in value.to_bits().to_le_bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    /// An error counts as a number of its own, so that it cannot pass for a result.
    fn all<const N: usize>(&mut self, values: Result<[f64; N]>) {
        match values {
            Ok(values) => values.into_iter().for_each(|value| self.add(value)),
            Err(error) => error.kind().bytes().for_each(|byte| self.add(f64::from(byte))),
        }
    }

    fn swing(&mut self, stream: Option<&StreamData>, range: PeriodRange) {
        let Some(stream) = stream else { return };
        let components = [&stream.x[..], &stream.y, &stream.z];
        let swing = longest_swing(&stream.time, components, range);
        self.all(swing.map(|swing| [swing.first as f64, swing.end as f64, swing.axis[0], swing.axis[2], swing.period_s]));
        let Ok(swing) = swing else { return };
        let (time, values) = swing.readings(&stream.time, components);
        let rough = period(time, &values, range);
        self.all(rough.map(|rough| [rough.period.value, rough.period.uncertainty, rough.periodicity]));
        let fit = rough.and_then(|rough| damped_sinusoid(time, &values, rough.period.value));
        self.all(fit.map(|fit| [fit.period.value, fit.period.uncertainty, fit.amplitude.value, fit.damping.value, fit.offset.value]));
        let length = Estimate { value: 0.5, uncertainty: 0.002 };
        self.all(fit.and_then(|fit| gravity_of_pendulum(length, fit.period)).map(|g| [g.value, g.uncertainty]));
        self.all(fit.and_then(|fit| small_angle_period(fit.period, fit.amplitude)).map(|t| [t.value, t.uncertainty]));
    }
}
