//! Where the wind came from, and how strong.

/// Sectors of the rose, 22.5° each; the first is centred on north, the next on north-north-east (WMO-No. 8, 5.1).
pub const SECTORS: usize = 16;

/// Wind slower than this has no direction, m/s: force 0 of Beaufort's scale (WMO-No. 306, code table 1100).
pub const CALM: f64 = 0.3;

/// Where classes of speed end, m/s; the last has no end. They are forces 1 to 5 of the same table, and all beyond.
pub const CLASSES: [f64; 6] = [1.6, 3.4, 5.5, 8.0, 10.8, f64::INFINITY];

/// How often the wind came from where, by speed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rose {
    /// Readings in each sector, by class of speed.
    pub sectors: [[u64; CLASSES.len()]; SECTORS],
    /// Readings slower than [`CALM`], whatever the vane said.
    pub calm: u64,
    /// Readings of wind without a direction; they are no part of the total.
    pub undirected: u64,
}

impl Rose {
    /// Counts one reading of both, speed in m/s, direction in degrees from which it blows.
    pub fn push(&mut self, speed: f64, direction: Option<f64>) {
        if !speed.is_finite() || speed < 0.0 {
            return;
        }
        if speed < CALM {
            self.calm += 1;
            return;
        }
        let Some(direction) = direction.filter(|direction| direction.is_finite()) else {
            self.undirected += 1;
            return;
        };
        let width = 360.0 / SECTORS as f64;
        // Half a sector on, so that north is the middle of the first.
        let sector = (libm::fmod(libm::fmod(direction + width / 2.0, 360.0) + 360.0, 360.0) / width) as usize % SECTORS;
        let class = CLASSES.iter().position(|end| speed < *end).unwrap_or(CLASSES.len() - 1);
        if let Some(count) = self.sectors.get_mut(sector).and_then(|sector| sector.get_mut(class)) {
            *count += 1;
        }
    }

    /// Readings that are shown: with a direction, and calm ones.
    pub fn total(&self) -> u64 {
        self.sectors.iter().flatten().sum::<u64>() + self.calm
    }
}

#[cfg(test)]
mod tests;
