//! The first keyless batch of a Take. See [`super`]; the rule that follows it is in [`super::epoch`].
//!
//! Only the arrival says so here: a buffer that is sent whole with every message brings its readings of an earlier Take each
//! time, and held to their times each message would begin two Runs. Numbered batches are held to them ([`super::keys`]).

use messwerk_lessons::Micros;
use messwerk_lessons::observation::Readings;

use super::{History, Place, Stream};
use crate::Error;
use crate::group::Group;
use crate::submission::{Receipt, Submission};

impl Stream {
    /// If a keyless batch is the first of a new Take, opens an epoch for what of it is new and says what became of all of
    /// it; otherwise `None`.
    pub(super) fn begin_take(
        &mut self,
        slot: u32,
        since: Micros,
        batch: &Submission,
        group: &mut Group,
        history: &impl History,
    ) -> Result<Option<Receipt>, Error> {
        let (Some(last), Some(heard)) = (self.last, self.heard) else { return Ok(None) };
        if heard >= since {
            return Ok(None);
        }
        let times = batch.readings.raw_time();
        let low = times.iter().copied().min().unwrap_or(last);
        if low <= last {
            self.load(slot, &Place::Current, low, batch.received, group, history)?;
        }
        let (old, new): (Vec<usize>, Vec<usize>) =
            (0..times.len()).partition(|&row| times[row] <= last && self.index.contains(times[row], batch.readings.value(row)));
        let Some(high) = new.iter().map(|&row| times[row]).max() else {
            return Ok(Some(Receipt { duplicates: old.len() as u32, run: self.run, ..Receipt::default() }));
        };
        if !self.open(batch, high) {
            let refused = new.len() as u32;
            return Ok(Some(Receipt { duplicates: old.len() as u32, refused, run: self.run, ..Receipt::default() }));
        }
        if old.is_empty() {
            return Ok(Some(self.stage(slot, batch, true, &Place::Current, group)));
        }
        let fresh = Submission { readings: only(&batch.readings, &new)?, ..batch.clone() };
        let staged = self.stage(slot, &fresh, true, &Place::Current, group);
        Ok(Some(Receipt { duplicates: staged.duplicates + old.len() as u32, ..staged }))
    }
}

/// Some rows of a batch.
fn only(readings: &Readings, rows: &[usize]) -> Result<Readings, Error> {
    let pick = |column: &[f32]| if column.is_empty() { Vec::new() } else { rows.iter().map(|&row| column[row]).collect() };
    let times = rows.iter().map(|&row| readings.raw_time()[row]).collect();
    let [x, y, z] = [readings.x(), readings.y(), readings.z()].map(pick);
    // Rows of readings are readings.
    Readings::new(readings.property(), times, x, y, z).map_err(|error| std::io::Error::other(error).into())
}
