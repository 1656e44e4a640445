//! Numbers out of readings.

use super::engine::{Engine, Given, Step, component, shown};
use crate::analysis::{
    self, AnalysisError, Estimate, PeriodRange, Window, crossings, damped_sinusoid, gravity_of_pendulum, longest_above, longest_below,
    longest_still, longest_swing, quantile, spring_constant,
};
use crate::frame::Component;
use crate::template::expr::Known;
use crate::template::expr::value::{Samples, Uncertain, Value, sum};
use crate::template::{Beyond, FrequencyMethod, Method, Op, Operands, Reason, StreamData};
use crate::unit::Unit;

impl Engine<'_> {
    pub(super) fn number_op(&mut self, op: &Op, unit: &str) -> Step<Given> {
        let estimate = match op {
            Op::GravityOfPendulum { period, length } => return self.over_period_squared(length, period, unit, gravity_of_pendulum),
            Op::SpringConstant { period, mass } => return self.over_period_squared(mass, period, unit, spring_constant),
            Op::Period { of, min_s, max_s, min_periods, method } => {
                let stream = self.recorded(of)?;
                let range = PeriodRange { min_s: *min_s, max_s: *max_s };
                period(stream, range, f64::from(*min_periods), *method)?
            }
            Op::Mean { of, component, still_sd, min_s } => {
                let stream = self.recorded(of)?;
                mean_at_rest(stream, *component, *still_sd, *min_s)?
            }
            Op::Average { of } => widened(self.signal(of)?, |s| analysis::time_weighted_mean(&s.time, &s.values))?,
            Op::EnergyMean { of } => analysis::energy_mean(&self.signal(of)?.values)?,
            Op::Exceeded { of, percent } => widened(self.signal(of)?, |s| analysis::percentile_level(&s.values, *percent))?,
            Op::Median { of } | Op::Minimum { of } | Op::Maximum { of } | Op::Range { of } | Op::Sd { of } => {
                self.statistic(op, of, unit)?
            }
            Op::Change { of, edge_s } => change(self.signal(of)?, *edge_s)?,
            Op::Duration { of, beyond, unit: own } => {
                let samples = self.signal(of)?;
                let level = |level: f64| self.level(op, of, own.as_deref(), level);
                let stretch = match *beyond {
                    Beyond::Below(below) => longest_below(&samples.time, &samples.values, level(below))?,
                    Beyond::Above(above) => longest_above(&samples.time, &samples.values, level(above))?,
                };
                stretch.duration
            }
            Op::Count { of, level, hysteresis, edge, unit: own } => {
                let samples = self.signal(of)?;
                let low = self.level(op, of, own.as_deref(), *level);
                let high = self.level(op, of, own.as_deref(), level + hysteresis);
                let found = crossings(&samples.time, &samples.values, low, high - low, (*edge).into())?;
                Estimate { value: found.len() as f64, uncertainty: 0.0 }
            }
            Op::Frequency { of, min_hz, max_hz, method } => frequency(&self.signal(of)?, *min_hz, *max_hz, *method)?,
            _ => return Err(Reason::not_computed("")),
        };
        Ok(self.measured(estimate, unit))
    }

    /// A level in the signal's own unit.
    fn level(&self, _: &Op, of: &Operands, own: Option<&str>, level: f64) -> f64 {
        let signal = of.iter().find_map(|operand| match operand {
            crate::template::Operand::Channel(channel) => Some(channel.unit()),
            crate::template::Operand::Named(name) => self.template.step(name).map(|step| step.unit()),
        });
        match (own.map(Unit::parse), signal.map(Unit::parse)) {
            (Some(Ok(own)), Some(Ok(signal))) if own != signal => signal.from_si(own.to_si(level)),
            _ => level,
        }
    }

    /// An entered number over the square of an earlier step's period. If both are missing the measurement is named first: it takes longer.
    fn over_period_squared(
        &mut self,
        input: &str,
        step: &str,
        unit: &str,
        law: fn(Estimate, Estimate) -> analysis::Result<Estimate>,
    ) -> Step<Given> {
        let period = self.earlier(step)?;
        let entered = self.template.input(input).ok_or_else(|| Reason::not_computed(input))?.entered(self.run)?;
        let found = law(entered, Estimate { value: period.value, uncertainty: period.uncertainty })?;
        // The same to first order, cause by cause, for formulas that come later.
        let (Value::Number(above), Value::Number(below)) = (self.value(input)?, self.value(step)?) else {
            return Err(Reason::not_computed(input));
        };
        let shares = sum(&above.shares, found.value / above.value, &below.shares, -2.0 * found.value / below.value);
        Ok(shown(found, unit, Uncertain { value: found.value, shares }))
    }

    /// The statistic of a signal, in its own unit, or of a list.
    fn statistic(&self, op: &Op, of: &Operands, unit: &str) -> Step<Estimate> {
        match self.signal_or_list(of)? {
            Value::Signal(samples) => {
                let resolution = analysis::resolution(&samples.values) / libm::sqrt(12.0);
                widened(samples, |s| {
                    let extreme = |value: f64| Estimate { value, uncertainty: resolution };
                    let (low, high) = ends(&s.values)?;
                    Ok(match op {
                        Op::Minimum { .. } => extreme(low),
                        Op::Maximum { .. } => extreme(high),
                        Op::Range { .. } => Estimate { value: high - low, uncertainty: resolution * std::f64::consts::SQRT_2 },
                        Op::Sd { .. } => spread_over_time(&s.values)?,
                        _ => analysis::percentile_level(&s.values, 50.0)?,
                    })
                })
                .map_err(Reason::from)
            }
            Value::List(list) => {
                let own = Unit::parse(unit).unwrap_or_default();
                let difference = matches!(op, Op::Range { .. } | Op::Sd { .. });
                let zero = if difference { Unit::si(own.dimension()).unwrap_or_else(Unit::one) } else { own.clone() };
                let values: Vec<Estimate> = list.iter().flatten().map(Uncertain::estimate).collect();
                let found = of_list(op, &values)?;
                let value = if difference { found.value / own.size() } else { zero.from_si(found.value) };
                Ok(Estimate { value, uncertainty: found.uncertainty / own.size() })
            }
            Value::Number(_) => Err(Reason::not_computed("")),
        }
    }
}

/// A number out of a signal, whose readings may all be wrong by the same share.
fn widened(samples: Samples, f: impl Fn(&Samples) -> analysis::Result<Estimate>) -> analysis::Result<Estimate> {
    let found = f(&samples)?;
    if samples.common == 0.0 {
        return Ok(found);
    }
    let share = samples.common * found.value;
    Ok(Estimate { uncertainty: libm::sqrt(found.uncertainty * found.uncertainty + share * share), ..found })
}

fn ends(values: &[f64]) -> analysis::Result<(f64, f64)> {
    let low = values.iter().copied().reduce(f64::min).ok_or(AnalysisError::TooFew { needed: 1, found: 0 })?;
    let high = values.iter().copied().fold(low, f64::max);
    if low.is_finite() && high.is_finite() { Ok((low, high)) } else { Err(AnalysisError::NotFinite) }
}

/// The standard deviation of readings that hang together: the uncertainty is that of the mean squared distance, by block means.
fn spread_over_time(values: &[f64]) -> analysis::Result<Estimate> {
    let mean = analysis::mean(values, analysis::resolution(values))?.mean;
    let squares: Vec<f64> = values.iter().map(|value| (value - mean) * (value - mean)).collect();
    let n = values.len() as f64;
    let square = analysis::mean(&squares, analysis::resolution(&squares))?;
    let sd = libm::sqrt(square.mean * n / (n - 1.0));
    Ok(Estimate { value: sd, uncertainty: if sd > 0.0 { square.se / (2.0 * sd) } else { 0.0 } })
}

/// The statistic of single values; uncertainties from their scatter, as for independent values with a bell's distribution (Kendall and
/// Stuart, The Advanced Theory of Statistics, 10.10 and 14.12), and never less than what is known of one of them.
fn of_list(op: &Op, values: &[Estimate]) -> analysis::Result<Estimate> {
    let plain: Vec<f64> = values.iter().map(|item| item.value).collect();
    let needed = if matches!(op, Op::Minimum { .. } | Op::Maximum { .. }) { 1 } else { 2 };
    if plain.len() < needed {
        return Err(AnalysisError::TooFew { needed, found: plain.len() });
    }
    let (low, high) = ends(&plain)?;
    let of = |value: f64| values.iter().find(|item| item.value == value).map_or(0.0, |item| item.uncertainty);
    let n = plain.len() as f64;
    let mean = plain.iter().sum::<f64>() / n;
    let sd = libm::sqrt(plain.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (n - 1.0).max(1.0));
    Ok(match op {
        Op::Minimum { .. } => Estimate { value: low, uncertainty: of(low) },
        Op::Maximum { .. } => Estimate { value: high, uncertainty: of(high) },
        Op::Range { .. } => Estimate { value: high - low, uncertainty: libm::sqrt(of(low) * of(low) + of(high) * of(high)) },
        Op::Sd { .. } => Estimate { value: sd, uncertainty: sd / libm::sqrt(2.0 * (n - 1.0)) },
        _ => {
            let scatter = libm::sqrt(std::f64::consts::FRAC_PI_2) * sd / libm::sqrt(n);
            let each = values.iter().map(|item| item.uncertainty).fold(0.0, f64::max) / libm::sqrt(n);
            Estimate { value: quantile(&plain, 0.5)?, uncertainty: scatter.max(each) }
        }
    })
}

/// The mean of the last seconds minus that of the first.
fn change(samples: Samples, edge_s: f64) -> analysis::Result<Estimate> {
    let (Some(first), Some(last)) = (samples.time.first(), samples.time.last()) else {
        return Err(AnalysisError::TooFew { needed: 4, found: 0 });
    };
    if last - first < 2.0 * edge_s {
        return Err(AnalysisError::TooShort { needed_s: 2.0 * edge_s, found_s: last - first });
    }
    let begins = samples.time.partition_point(|time| *time <= first + edge_s);
    let ends = samples.time.partition_point(|time| *time < last - edge_s);
    let resolution = analysis::resolution(&samples.values);
    widened(samples, |s| {
        let (before, behind) = (edge(&s.values[..begins], resolution)?, edge(&s.values[ends..], resolution)?);
        let uncertainty = libm::sqrt(before.uncertainty * before.uncertainty + behind.uncertainty * behind.uncertainty);
        Ok(Estimate { value: behind.value - before.value, uncertainty })
    })
}

/// The mean of a few readings: by block means where there are enough, else taken for independent.
fn edge(values: &[f64], resolution: f64) -> analysis::Result<Estimate> {
    if values.len() >= 2 * analysis::BLOCKS {
        let mean = analysis::mean(values, resolution)?;
        return Ok(Estimate { value: mean.mean, uncertainty: mean.uncertainty });
    }
    let n = values.len() as f64;
    if values.len() < 2 {
        return Err(AnalysisError::TooFew { needed: 2, found: values.len() });
    }
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (n - 1.0) / n;
    Ok(Estimate { value: mean, uncertainty: libm::sqrt(variance + resolution * resolution / 12.0) })
}

fn frequency(samples: &Samples, min_hz: f64, max_hz: f64, method: FrequencyMethod) -> analysis::Result<Estimate> {
    let (time, values) = (&samples.time, &samples.values);
    match method {
        FrequencyMethod::Fft => analysis::spectral_peak(time, values, Window::Hann, min_hz, max_hz),
        FrequencyMethod::Autocorrelation => {
            let range = PeriodRange { min_s: 1.0 / max_hz, max_s: 1.0 / min_hz };
            let period = analysis::period(time, values, range)?.period;
            Ok(Estimate { value: 1.0 / period.value, uncertainty: period.uncertainty / (period.value * period.value) })
        }
        FrequencyMethod::Peaks => {
            // A peak stands out by the signal's own standard deviation: what is smaller is noise on the way up or down.
            let n = values.len().max(2) as f64;
            let mean = values.iter().sum::<f64>() / n;
            let sd = libm::sqrt(values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (n - 1.0));
            let found = analysis::peaks(time, values, sd, 0.5 / max_hz)?;
            // Nobody knows how many peaks lie in a gap.
            let sections = analysis::sections(time)?;
            let recorded = |pair: &&[usize]| sections.iter().any(|section| section.contains(&pair[0]) && section.contains(&pair[1]));
            let intervals: Vec<f64> = found.windows(2).filter(recorded).map(|pair| time[pair[1]] - time[pair[0]]).collect();
            if intervals.len() < 3 {
                return Err(AnalysisError::NoOscillation);
            }
            let count = intervals.len() as f64;
            let mean = intervals.iter().sum::<f64>() / count;
            let sd = libm::sqrt(intervals.iter().map(|one| (one - mean) * (one - mean)).sum::<f64>() / (count - 1.0));
            let rate = 1.0 / mean;
            if !(min_hz..=max_hz).contains(&rate) {
                return Err(AnalysisError::NoOscillation);
            }
            Ok(Estimate { value: rate, uncertainty: rate * sd / mean / libm::sqrt(count) })
        }
    }
}

fn period(stream: &StreamData, range: PeriodRange, min_periods: f64, method: Method) -> analysis::Result<Estimate> {
    let nothing = vec![0.0; stream.time.len()];
    let (y, z) = if stream.property.is_vector() { (&stream.y, &stream.z) } else { (&nothing, &nothing) };
    let components = [&stream.x[..], y, z];
    let swing = longest_swing(&stream.time, components, range)?;
    let (time, values) = swing.readings(&stream.time, components);
    let found_s = time[time.len() - 1] - time[0];
    if found_s < min_periods * swing.period_s {
        return Err(AnalysisError::TooShort { needed_s: min_periods * swing.period_s, found_s });
    }
    let rough = analysis::period(time, &values, range)?;
    match method {
        Method::Autocorrelation => Ok(rough.period),
        Method::Fit => Ok(damped_sinusoid(time, &values, rough.period.value)?.period),
    }
}

fn mean_at_rest(stream: &StreamData, of: Component, still_sd: f64, min_s: f64) -> analysis::Result<Estimate> {
    let values = component(stream, of);
    let still = longest_still(&stream.time, &values, still_sd)?;
    let part = still.first..still.end;
    let found_s = stream.time[still.end - 1] - stream.time[still.first];
    if found_s < min_s {
        return Err(AnalysisError::TooShort { needed_s: min_s, found_s });
    }
    // The sensor counts in steps of its components, not of the absolute value.
    let columns = [&stream.x, &stream.y, &stream.z].into_iter().filter(|column| column.len() == values.len());
    let resolution = columns.map(|column| analysis::resolution(&column[part.clone()])).fold(0.0, f64::max);
    let mean = analysis::mean(&values[part], resolution)?;
    Ok(Estimate { value: mean.mean, uncertainty: mean.uncertainty })
}
