//! Batches whose times are UTC for themselves: stations and the files of weather services.
//!
//! They come in any order (ten years of history after a month of live readings) and again (a month's file holds the week's), so
//! neither epochs nor leaps of a clock mean anything: all of it is one Run with offset 0. A reading is a duplicate if time and
//! bits equal a stored one. Another value of a stored time is neither: it is told as [`Receipt::conflicting`] and not stored,
//! because two values of one time would count twice in every mean.

use super::{History, Place, Stream, doubts};
use crate::Error;
use crate::group::{Frame, Group};
use crate::submission::{Receipt, Submission};

/// The one Run.
const RUN: u32 = 1;

impl Stream {
    /// Decides about one such batch and adds what is new to the group.
    pub(super) fn admit_absolute(
        &mut self,
        slot: u32,
        batch: &Submission,
        group: &mut Group,
        history: &impl History,
    ) -> Result<Receipt, Error> {
        if self.run == 0 {
            (self.run, self.offset, self.arrival) = (RUN, 0, false);
        }
        let times = batch.readings.raw_time();
        let low = times.iter().copied().min().unwrap_or_default();
        if self.last.is_some_and(|last| low <= last) {
            self.load(slot, &Place::Current, low, batch.received, group, history)?;
        }
        let mut order: Vec<usize> = (0..times.len()).collect();
        order.sort_by_key(|&row| times[row]);
        let range = self.id.property.range();
        let components = self.id.property.components();
        let start = group.rows();
        let mut receipt = Receipt { run: self.run, ..Receipt::default() };
        let mut fresh: Vec<(i64, [f32; 3])> = Vec::new();
        for row in order {
            let (time, value) = (times[row], batch.readings.value(row));
            let bits = |value: [f32; 3]| value.map(f32::to_bits);
            let in_batch = fresh.last().filter(|last| last.0 == time).map(|last| bits(last.1) == bits(value));
            let same = in_batch.or_else(|| self.index.contains_time(time).then(|| self.index.contains(time, value)));
            match same {
                Some(true) => receipt.duplicates += 1,
                Some(false) => receipt.conflicting += 1,
                None => {
                    group.push(time, doubts(&range, &value[..components], time, batch.received), value);
                    fresh.push((time, value));
                }
            }
        }
        if let Some(&(latest, _)) = fresh.last() {
            self.last = self.last.max(Some(latest));
            self.heard = self.heard.max(Some(batch.received));
            let rows = start..group.rows();
            receipt.stored = rows.len() as u32;
            group.frames.push(Frame {
                stream: self.id,
                slot,
                run: self.run,
                thinned: 0,
                received: batch.received,
                offset: 0,
                key: None,
                rows,
            });
            self.index.merge(fresh);
        }
        Ok(receipt)
    }
}

#[cfg(test)]
mod tests;
