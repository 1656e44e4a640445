//! Recordings that come as a file, long after they were measured.
//!
//! Past the pace: a phone that hands in ten minutes at once must not be kept from sending for as long. Instead one file is
//! stored at a time in parts, each waiting for the commit of the one before, so that it takes little memory and little of
//! the store's time whatever its size.

use std::collections::BTreeSet;

use messwerk_lessons::Micros;
use messwerk_lessons::observation::{Readings, SenderClock};
use messwerk_lessons::reject::{Reject, RejectReason};
use messwerk_lessons::wire::Batch;
use messwerk_store::catalogue::Conflict;
use messwerk_store::{Entry, Error, Submission, another_value, too_many_runs};

use super::Pipeline;
use super::stations::by_stream;
use crate::admission::ThingAccess;
use crate::codec::{Clock, Record, Rejects, Times};
use crate::desk::Station;
use crate::gate::Gate;
use crate::normalise::{ClockModel, normalise};
use crate::station::Report;

/// Batches in one part: with 4,096 readings each some 2 MB.
const PART: usize = 16;

/// What became of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filed {
    /// Readings newly stored.
    pub stored: u32,
    /// Readings that were there already.
    pub duplicates: u32,
    /// Readings left out because the stream is faster than the template's `max_hz`.
    pub thinned: u32,
    /// Readings that could not be stored.
    pub rejected: u32,
    /// Why, one per reason and part.
    pub rejects: Vec<Reject>,
    /// The recordings they belong to.
    pub runs: BTreeSet<u32>,
}

impl Pipeline {
    /// Stores numbered batches in a Thing's name; on return all of them are durable. Whether the class measures makes no
    /// difference: it measured when the file was made. The same batches again store nothing. After an error the batches
    /// before it are stored, and sending all again stores the rest.
    pub async fn file(&self, access: &ThingAccess, batches: Vec<Batch>, received: Micros) -> Result<Filed, Error> {
        let access = ThingAccess { gate: Gate::Always, ..access.clone() };
        let mut filed = Filed::default();
        let mut batches = batches.into_iter();
        loop {
            let part: Vec<Batch> = batches.by_ref().take(PART).collect();
            if part.is_empty() {
                return Ok(filed);
            }
            self.file_part(&access, part, received, &mut filed).await?;
        }
    }

    /// Stores what a part of a station's file came to; on return it is durable. What was there already is a duplicate, another value of a
    /// stored time stays out and is rejected: the same file again stores nothing.
    pub async fn file_of_station(&self, access: &ThingAccess, station: &Station, report: Report, received: Micros) -> Result<Filed, Error> {
        let Report { readings, mut rejects, .. } = report;
        let bytes = readings.len() * (size_of::<Micros>() + size_of::<f32>());
        let _room = self.in_flight.enter(1, bytes).await;
        let _pass = access.gate.pass();
        let (mut entries, mut filed) = (Vec::new(), Filed::default());
        for ((channel, property), readings) in by_stream(readings, received, &mut rejects) {
            let thing = match station.0.thing(&channel) {
                Ok(thing) => thing,
                Err(Error::Conflict(Conflict::ChannelsFull)) => {
                    rejects.add(RejectReason::TooLarge, readings.len(), || Conflict::ChannelsFull.to_string());
                    continue;
                }
                Err(error) => return Err(error),
            };
            let (times, values) = readings.into_iter().unzip();
            let Ok(readings) = Readings::new(property, times, values, vec![], vec![]) else { continue };
            let (lesson, clock) = (access.lesson, SenderClock::Absolute);
            entries.push(Entry::Readings(Submission { lesson, thing, readings, key: None, clock, received, max_hz: 0.0, since: None }));
        }
        let mut rejects = rejects.into_vec();
        let (lesson, thing) = (access.lesson, access.thing);
        entries.extend(rejects.iter().map(|reject| Entry::Reject { lesson, thing, reject: reject.clone(), received }));
        if !entries.is_empty() {
            for receipt in self.store.append(entries).await?.await? {
                filed.stored = filed.stored.saturating_add(receipt.stored);
                filed.duplicates = filed.duplicates.saturating_add(receipt.duplicates);
                if receipt.conflicting > 0 {
                    rejects.push(another_value(receipt.conflicting));
                }
            }
        }
        filed.rejected = rejects.iter().fold(0, |sum, reject| sum.saturating_add(reject.count));
        filed.rejects = rejects;
        Ok(filed)
    }

    async fn file_part(&self, access: &ThingAccess, batches: Vec<Batch>, received: Micros, filed: &mut Filed) -> Result<(), Error> {
        let bytes = batches.iter().map(|batch| batch.time().len() * 8 + batch.values().iter().map(Vec::len).sum::<usize>() * 4).sum();
        let _room = self.in_flight.enter(1, bytes).await;
        let (mut entries, mut rejects) = (Vec::new(), Rejects::default());
        let pass = access.gate.pass();
        for batch in batches {
            let (property, key) = (batch.property(), Some(batch.key()));
            let clock = match batch.clock() {
                SenderClock::Unknown | SenderClock::Absolute => Clock::Unknown,
                SenderClock::Offset { offset, uncertainty } => Clock::Offset(offset, uncertainty),
            };
            let (time, values) = batch.into_columns();
            let record = Record { property, times: Times::Micros(time), values, key };
            // Each batch says its clock itself: nothing is to be learned from the one before.
            let mut model = ClockModel::default();
            normalise((access, &pass), vec![record], &clock, &mut model, received, &mut rejects, &mut |submission| {
                entries.push(Entry::Readings(submission));
            });
        }
        let rejects = rejects.into_vec();
        let (lesson, thing) = (access.lesson, access.thing);
        entries.extend(rejects.iter().map(|reject| Entry::Reject { lesson, thing, reject: reject.clone(), received }));
        if !entries.is_empty() {
            for receipt in self.store.append(entries).await?.await? {
                filed.stored = filed.stored.saturating_add(receipt.stored);
                filed.duplicates = filed.duplicates.saturating_add(receipt.duplicates);
                filed.thinned = filed.thinned.saturating_add(receipt.thinned);
                if receipt.refused > 0 {
                    filed.rejected = filed.rejected.saturating_add(receipt.refused);
                    filed.rejects.push(too_many_runs(receipt.refused));
                }
                // A Reject has none.
                filed.runs.extend(Some(receipt.run).filter(|&run| run > 0));
            }
        }
        filed.rejected = rejects.iter().fold(filed.rejected, |sum, reject| sum.saturating_add(reject.count));
        filed.rejects.extend(rejects);
        Ok(())
    }
}
