//! What the phones send: synthetic accelerometers on a 16-bit grid, in the spellings that arrive in practice.

use std::fmt::Write as _;

/// Steps of a 16-bit sensor with a range of ±4 g, in m/s².
const STEP: f64 = 4.0 * 9.80665 / 32768.0;
/// Noise of a phone's sensor, m/s².
const NOISE: f64 = 0.012;
/// Time between readings, µs, and its jitter.
const PERIOD: i64 = 10_000;
const JITTER: f64 = 60.0;

/// One simulated phone: lies, swings, walks or falls, depending on its number.
#[derive(Debug, Clone)]
pub struct Phone {
    number: u64,
    state: u64,
    row: u64,
    time: i64,
    sequence: u32,
}

/// Time in µs and the three components.
type Row = (i64, [f32; 3]);

impl Phone {
    /// Always the same phone for a number.
    pub fn new(number: u64) -> Self {
        Self { number, state: (number + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1, row: 0, time: 0, sequence: 0 }
    }

    /// Uniform in [0, 1).
    fn uniform(&mut self) -> f64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Normal with variance 1, near enough (sum of twelve).
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }

    /// The next reading: time since the start in µs, and the values as the sensor's steps give them.
    fn next(&mut self) -> (i64, [f32; 3]) {
        let at = self.row as f64 * 0.01;
        self.row += 1;
        self.time += PERIOD + (self.normal() * JITTER) as i64;
        let turn = std::f64::consts::TAU * at;
        let exact = match self.number % 4 {
            0 => [0.05, -0.02, 9.81],
            1 => [3.0 * (0.8 * turn).sin(), 0.0, 9.81 + 0.4 * (1.6 * turn).cos()],
            2 => [1.5 * (1.9 * turn).sin(), (3.8 * turn).cos(), 9.81 + 2.2 * (1.9 * turn).sin() + 1.1 * (3.8 * turn).sin()],
            _ => [0.3, 0.1, if (0.5 * at).fract() < 0.15 { 0.1 } else { 9.81 }],
        };
        let values = exact.map(|value| (((value + self.normal() * NOISE) / STEP).round() * STEP) as f32);
        (self.time, values)
    }

    /// One message: a single reading as most devices send it, or a batch in the hub's JSON spelling.
    pub fn message(&mut self, readings: usize) -> Vec<u8> {
        if readings == 1 {
            let (time, [x, y, z]) = self.next();
            return format!(r#"{{"t":{:.6},"x":{x},"y":{y},"z":{z}}}"#, time as f64 / 1e6).into_bytes();
        }
        let rows: Vec<_> = (0..readings).map(|_| self.next()).collect();
        let first = rows[0].0;
        let mut text = format!(r#"{{"stream":"acc","boot":"{:016x}","seq":{},"t0":{first},"dt":["#, self.number + 1, self.sequence);
        self.sequence += 1;
        let list = |text: &mut String, cell: &dyn Fn(&Row) -> String| {
            let cells: Vec<String> = rows.iter().map(cell).collect();
            text.push_str(&cells.join(","));
        };
        list(&mut text, &|row| (row.0 - first).to_string());
        for (axis, name) in ["x", "y", "z"].iter().enumerate() {
            // Writing to a String cannot fail.
            let _ = write!(text, r#"],"{name}":["#);
            list(&mut text, &|row| row.1[axis].to_string());
        }
        text.push_str("]}");
        text.into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_json_with_rising_times_and_values_on_the_grid() {
        let mut phone = Phone::new(2);
        let one: serde_json::Value = serde_json::from_slice(&phone.message(1)).unwrap();
        let batch: serde_json::Value = serde_json::from_slice(&phone.message(50)).unwrap();
        let x = one["x"].as_f64().unwrap() / STEP;
        assert!((x - x.round()).abs() < 1e-3, "{x}");
        assert_eq!(batch["x"].as_array().unwrap().len(), 50);
        let dt: Vec<i64> = batch["dt"].as_array().unwrap().iter().map(|v| v.as_i64().unwrap()).collect();
        assert!(dt.windows(2).all(|pair| pair[1] > pair[0] + 9000), "{dt:?}");
        assert!(batch["t0"].as_i64().unwrap() as f64 > one["t"].as_f64().unwrap() * 1e6);
    }

    #[test]
    fn a_phone_is_always_the_same() {
        assert_eq!(Phone::new(7).message(5), Phone::new(7).message(5));
        assert_ne!(Phone::new(7).message(5), Phone::new(11).message(5));
    }
}
