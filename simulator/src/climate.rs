//! A year of weather with known truth: seasons, days, fronts, and values that hang together.
//!
//! Not a model of the atmosphere but of its records in Central Europe. A front comes every three days or so; before it the pressure falls
//! and the sky closes, behind it the wind turns and freshens and the air is another. Cloud takes from the sun and from the day's swing,
//! rain falls under thick cloud only, dew point and temperature give the humidity. Times are the ends of intervals of ten minutes.

pub mod files;

use chrono::{DateTime, Datelike as _, Timelike as _};
use messwerk_lessons::Micros;
use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;

use crate::dice::{Purpose, dice};

/// Ten minutes, µs.
pub const STEP: Micros = 600_000_000;
/// Steps of a day.
const DAY: f64 = 144.0;
/// Degrees north of the simulated place, 62 m above the sea.
pub const LATITUDE: f64 = 51.96;
/// Degrees east.
pub const LONGITUDE: f64 = 7.6;
/// Metres above the sea.
pub const HEIGHT: f64 = 62.0;

/// A time of UTC as people write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Civil {
    pub(crate) year: i32,
    pub(crate) month: u32,
    pub(crate) day: u32,
    pub(crate) hour: u32,
    pub(crate) minute: u32,
    pub(crate) second: u32,
}

pub(crate) fn civil(time: Micros) -> Civil {
    let at = DateTime::from_timestamp_micros(time).unwrap_or_default();
    Civil { year: at.year(), month: at.month(), day: at.day(), hour: at.hour(), minute: at.minute(), second: at.second() }
}

/// Weather at one time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weather {
    /// The end of the ten minutes, µs of UTC.
    pub time: Micros,
    /// At 2 m, °C.
    pub temperature: f64,
    /// At 5 cm, °C.
    pub ground: f64,
    /// %.
    pub humidity: f64,
    /// °C.
    pub dew_point: f64,
    /// At the station, hPa.
    pub pressure: f64,
    /// Reduced to the sea, hPa.
    pub sea_level: f64,
    /// Mean, m/s.
    pub wind: f64,
    /// The fastest 3 s, m/s.
    pub gust: f64,
    /// Degrees, from where it comes; 1 to 360.
    pub direction: f64,
    /// Of the ten minutes, mm.
    pub rain: f64,
    /// Global irradiance, W/m².
    pub sun: f64,
    /// Its diffuse part, W/m².
    pub diffuse: f64,
    /// Seconds of sunshine, of 600.
    pub sunshine: f64,
    /// Parts of the sky, 0 to 1.
    pub cloud: f64,
}

/// Weather from a time on, for ever; the same seed makes the same.
#[derive(Debug)]
pub struct Climate {
    chance: ChaCha8Rng,
    time: Micros,
    /// What the air mass is warmer than the season, and where that is going, K.
    air: (f64, f64),
    /// What the pressure is above its mean, and where that is going, hPa.
    pressure: (f64, f64),
    cloud: (f64, f64),
    /// Where the wind comes from, degrees; the turn that is left; m/s.
    wind: (f64, f64, f64),
    /// Steps until the next front and since the last.
    front: (f64, f64),
    /// What the ground has stored of the sun, K.
    warmth: f64,
}

impl Climate {
    /// From a time on, which is rounded to ten minutes.
    pub fn new(seed: u64, from: Micros) -> Self {
        let mut chance = dice(seed, 0, Purpose::Weather);
        let first = chance.random_range(20.0..3.0 * DAY);
        let time = from.div_euclid(STEP) * STEP;
        Self {
            chance,
            time,
            air: (0.0, 1.0),
            pressure: (0.0, 2.0),
            cloud: (0.5, 0.4),
            wind: (240.0, 0.0, 3.0),
            front: (first, DAY),
            warmth: 0.0,
        }
    }

    /// About normal, mean 0 and deviation 1.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.chance.random::<f64>()).sum::<f64>() - 6.0
    }

    fn fronts(&mut self) {
        self.front = (self.front.0 - 1.0, self.front.1 + 1.0);
        if self.front.0 < 0.6 * DAY {
            // It is coming: the pressure falls and the sky closes.
            self.pressure.1 = -14.0;
            self.cloud.1 = 0.95;
        }
        if self.front.0 <= 0.0 {
            let next = self.chance.random_range(1.2 * DAY..5.0 * DAY);
            self.front = (next, 0.0);
            self.air.1 = 3.5 * self.normal();
            self.pressure.1 = 10.0 + 5.0 * self.normal();
            self.cloud.1 = self.chance.random_range(0.05..0.7);
            self.wind.1 = self.chance.random_range(30.0..110.0);
        }
    }
}

/// Goes a part of the way.
fn near((now, goal): (f64, f64), part: f64, noise: f64) -> (f64, f64) {
    (now + (goal - now) * part + noise, goal)
}

/// Vapour pressure at saturation, hPa (Magnus' formula with the coefficients of the WMO's guide: 6.112, 17.62, 243.12).
fn saturation(temperature: f64) -> f64 {
    6.112 * (17.62 * temperature / (243.12 + temperature)).exp()
}

/// The sine of the Sun's height (Cooper's formula of the declination; mean solar time).
pub fn sun_height(time: Micros) -> f64 {
    let days = time as f64 / 86_400e6;
    // 1970-01-01 is the first day of its year; a year's beginning wanders by less than a day.
    let day = days.rem_euclid(365.2425);
    let declination = 23.45_f64.to_radians() * (std::f64::consts::TAU * (284.0 + day) / 365.0).sin();
    let hour = (days.fract() * 24.0 + LONGITUDE / 15.0 - 12.0) * 15.0_f64.to_radians();
    let latitude = LATITUDE.to_radians();
    latitude.sin() * declination.sin() + latitude.cos() * declination.cos() * hour.cos()
}

impl Iterator for Climate {
    type Item = Weather;

    fn next(&mut self) -> Option<Weather> {
        self.fronts();
        let noise = [self.normal(), self.normal(), self.normal(), self.normal(), self.normal(), self.normal()];
        self.air = near(self.air, 0.008, 0.03 * noise[0]);
        self.pressure = near(self.pressure, 0.012, 0.05 * noise[1]);
        self.cloud = near(self.cloud, 0.03, 0.03 * noise[2]);
        self.cloud.0 = self.cloud.0.clamp(0.0, 1.0);
        let turn = self.wind.1 * 0.05;
        self.wind.0 = (self.wind.0 + turn + 2.0 * noise[3]).rem_euclid(360.0);
        self.wind.1 -= turn;
        let cloud = self.cloud.0;
        let height = sun_height(self.time - STEP / 2).max(0.0);
        let clear = 1_050.0 * height.powf(1.15);
        // Kasten and Czeplak's share of cloud.
        let sun = clear * (1.0 - 0.75 * cloud.powf(3.4));
        let diffuse = sun * (0.15 + 0.85 * cloud).min(1.0);
        let sunshine = if sun - diffuse > 60.0 * height.max(0.1) { 600.0 * (1.0 - cloud).clamp(0.0, 1.0).sqrt() } else { 0.0 };
        // The ground warms while the sun shines and gives it back at night, most of it under a clear sky.
        self.warmth += sun * 3.2e-4 - self.warmth * 0.012 - 0.018 * (1.0 - 0.7 * cloud);
        let day = (self.time as f64 / 86_400e6).rem_euclid(365.2425);
        let season = 9.8 - 8.6 * (std::f64::consts::TAU * (day - 20.0) / 365.2425).cos();
        let temperature = season + self.air.0 + self.warmth - 1.5 + 0.05 * noise[4];
        let ground = temperature + 0.004 * sun - if sun < 5.0 { 1.6 * (1.0 - cloud) } else { 0.0 };
        let gradient = (self.pressure.1 - self.pressure.0).abs();
        self.wind.2 = (self.wind.2 + (1.2 + 0.22 * gradient + 0.0022 * sun - self.wind.2) * 0.1 + 0.12 * noise[5]).max(0.0);
        let (wind, direction) = (self.wind.2, if self.wind.0 < 0.5 { 360.0 } else { self.wind.0 });
        let wet = cloud > 0.85 && self.front.0 < 0.4 * DAY && self.chance.random_bool(0.45);
        let rain = if wet { -0.22 * (1.0 - self.chance.random::<f64>()).ln() } else { 0.0 };
        // The air is the moister the thicker the cloud; the day's swing of temperature dries it.
        let dew_point = (season + self.air.0 - 1.5 - 5.5 * (1.0 - cloud) + 0.15 * self.warmth).min(temperature - 0.1);
        let humidity = (100.0 * saturation(dew_point) / saturation(temperature)).clamp(5.0, 100.0);
        let sea_level = 1015.0 + self.pressure.0;
        // The barometric formula of the standard atmosphere, by which stations reduce.
        let pressure = sea_level * (1.0 - 0.0065 * HEIGHT / 288.15).powf(5.255);
        let time = self.time;
        self.time += STEP;
        let gust = wind * 1.35 + 0.8 * noise[5].abs();
        let direction = direction.round().max(1.0);
        Some(Weather {
            time,
            temperature,
            ground,
            humidity,
            dew_point,
            pressure,
            sea_level,
            wind,
            gust,
            direction,
            rain,
            sun,
            diffuse,
            sunshine,
            cloud,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2025-01-01T00:00:00Z: 20,089 days after 1970.
    const BEGIN: Micros = 20_089 * 86_400_000_000;

    fn mean(values: impl Iterator<Item = f64>) -> f64 {
        let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
        sum / count
    }

    #[test]
    fn a_year_looks_like_one() {
        let year: Vec<_> = Climate::new(7, BEGIN).take(365 * 144).collect();
        assert_eq!(year, Climate::new(7, BEGIN).take(365 * 144).collect::<Vec<_>>(), "the same seed, the same weather");
        assert_ne!(year[500], Climate::new(8, BEGIN).nth(500).unwrap());
        let month = |number: usize| year[number * 30 * 144..(number + 1) * 30 * 144].iter();
        let temperature = |number| mean(month(number).map(|weather| weather.temperature));
        assert!(temperature(6) - temperature(0) > 12.0, "July {} January {}", temperature(6), temperature(0));
        let at_hour =
            |hour: usize| mean(month(6).filter(|weather| (weather.time / STEP / 6) % 24 == hour as i64).map(|weather| weather.temperature));
        assert!(at_hour(14) - at_hour(3) > 4.0, "a summer's day: {} and {}", at_hour(14), at_hour(3));
        let rain: f64 = year.iter().map(|weather| weather.rain).sum();
        assert!((300.0..1_400.0).contains(&rain), "{rain} mm");
        let sun: f64 = year.iter().map(|weather| weather.sun * 600.0 / 3.6e6).sum();
        assert!((700.0..1_500.0).contains(&sun), "{sun} kWh/m²");
        for weather in &year {
            assert!((-30.0..42.0).contains(&weather.temperature) && (940.0..1060.0).contains(&weather.sea_level), "{weather:?}");
            assert!((0.0..=100.0).contains(&weather.humidity) && weather.dew_point < weather.temperature, "{weather:?}");
            assert!(weather.gust >= weather.wind && weather.wind < 40.0 && (1.0..=360.0).contains(&weather.direction), "{weather:?}");
            assert!(weather.sun >= weather.diffuse && weather.diffuse >= 0.0 && weather.sunshine <= 600.0, "{weather:?}");
            assert!(weather.rain == 0.0 || weather.cloud > 0.85, "{weather:?}");
        }
        let (wet, dry): (Vec<_>, Vec<_>) = year.iter().partition(|weather| weather.rain > 0.0);
        let pressure = |of: &[&Weather]| mean(of.iter().map(|weather| weather.sea_level));
        assert!(pressure(&wet) < pressure(&dry) - 2.0, "rain comes with low pressure");
    }
}
