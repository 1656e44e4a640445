//! Columns that come one a packet (phyphox mqtt/csv) become readings when the last of a stream is there.
//!
//! A column waits at most [`WAIT`], and a Thing's columns hold at most [`MOST`] values; what waited in vain is a Reject.
//! The packets of waiting columns are acknowledged with the readings they become part of.

use std::time::Duration;

use messwerk_lessons::quantity::ObservedProperty;
use messwerk_lessons::reject::RejectReason;
use tokio::sync::oneshot;
use tokio::time::Instant;

use crate::codec::columns::Columns;
use crate::codec::field::Field;
use crate::codec::{Column, Record, Rejects, Times};

/// The columns of one sending leave the phone in one go and arrive within milliseconds; the next sending is at least
/// 0.1 s later, mostly a second.
pub(super) const WAIT: Duration = Duration::from_secs(1);
/// Values waiting per Thing: three seconds of the default rate, 128 KiB.
const MOST: usize = 16_384;

/// The waiting columns of one Thing, oldest first.
#[derive(Debug, Default)]
pub(super) struct Join {
    waiting: Vec<Waiting>,
    next: u64,
}

#[derive(Debug)]
struct Waiting {
    id: u64,
    field: Field,
    values: Vec<f64>,
    since: Instant,
    /// Streams that a shared time column has served already.
    served: Vec<ObservedProperty>,
    stored: Option<oneshot::Sender<()>>,
}

/// What one more column brought about.
#[derive(Debug, Default)]
pub(super) struct Joined {
    /// Complete readings.
    pub(super) records: Vec<Record>,
    /// Packets to be acknowledged with them.
    pub(super) released: Vec<oneshot::Sender<()>>,
    /// Number of the column itself, and what tells that it was stored, if it waits now.
    pub(super) pending: Option<(u64, oneshot::Receiver<()>)>,
}

impl Join {
    /// Adds a column; what it pushes out joins `rejects`.
    pub(super) fn add(&mut self, column: Column, now: Instant, rejects: &mut Rejects) -> Joined {
        let mut joined = Joined::default();
        let held: usize = self.waiting.iter().map(|waiting| waiting.values.len()).sum();
        let mut excess = (held + column.values.len()).saturating_sub(MOST);
        self.waiting.retain_mut(|waiting| {
            let stale = now.saturating_duration_since(waiting.since) >= WAIT;
            let leaves = stale || excess > 0 || waiting.field == column.field;
            if leaves {
                excess = excess.saturating_sub(waiting.values.len());
                waiting.leave(rejects);
                joined.released.extend(waiting.stored.take());
            }
            !leaves
        });
        let (sender, receiver) = oneshot::channel();
        let id = self.next;
        self.next += 1;
        let properties = match column.field {
            Field::Time(Some(property)) | Field::Component(Some(property), _) | Field::Scalar(property) => vec![property],
            _ => ObservedProperty::all().collect(),
        };
        self.waiting.push(Waiting { id, field: column.field, values: column.values, since: now, served: Vec::new(), stored: Some(sender) });
        for property in properties {
            if let Some(columns) = self.complete(property, &mut joined.released) {
                joined.records.extend(columns.into_record(None, rejects));
            }
        }
        // Used at once, the column's packet is acknowledged with what it completed.
        let waits = self.waiting.iter().any(|waiting| waiting.id == id && waiting.stored.is_some());
        joined.pending = waits.then_some((id, receiver));
        joined
    }

    /// Gives up a waiting column; `false` if it is part of readings by now.
    pub(super) fn give_up(&mut self, id: u64, rejects: &mut Rejects) -> bool {
        let Some(at) = self.waiting.iter().position(|waiting| waiting.id == id && waiting.stored.is_some()) else { return false };
        self.waiting.remove(at).leave(rejects);
        true
    }

    /// Takes the columns of a stream if all are there.
    fn complete(&mut self, property: ObservedProperty, released: &mut Vec<oneshot::Sender<()>>) -> Option<Columns> {
        let find = |field: &Field| self.waiting.iter().position(|waiting| waiting.field == *field);
        let component =
            |component| if property.is_vector() { Field::Component(Some(property), component) } else { Field::Scalar(property) };
        let components: Vec<Field> = (0..property.components()).map(component).collect();
        if !components.iter().all(|field| find(field).is_some()) {
            return None;
        }
        let own = find(&Field::Time(Some(property)));
        let shared = find(&Field::Time(None)).filter(|&at| !self.waiting[at].served.contains(&property));
        let time = own.or(shared)?;
        let mut columns = Columns::new(property);
        let time = &mut self.waiting[time];
        time.served.push(property);
        released.extend(time.stored.take());
        columns.times = Some(Times::Seconds(time.values.clone()));
        for (field, column) in components.iter().zip(&mut columns.values) {
            let at = self.waiting.iter().position(|waiting| waiting.field == *field)?;
            let waiting = self.waiting.remove(at);
            released.extend(waiting.stored);
            *column = Some(waiting.values.into_iter().map(|value| value as f32).collect());
        }
        self.waiting.retain(|waiting| waiting.field != Field::Time(Some(property)));
        Some(columns)
    }
}

impl Waiting {
    /// Counts the values of a column that nothing was made of.
    fn leave(&self, rejects: &mut Rejects) {
        if !self.served.is_empty() {
            return;
        }
        let reason = if matches!(self.field, Field::Time(_)) { RejectReason::MissingComponent } else { RejectReason::MissingTime };
        // An empty column is a packet all the same.
        rejects.add(reason, self.values.len().max(1), || match &self.field {
            Field::Time(None) => "times without values: send accX, accY and accZ with them".to_owned(),
            Field::Time(Some(property)) => format!("times of {} without its values", property.stream()),
            Field::Component(Some(property), _) | Field::Scalar(property) => {
                let stream = property.stream();
                format!("a column of {stream} whose neighbours did not come within a second: send {stream}_time and all its components")
            }
            _ => "a column of no stream".to_owned(),
        });
    }
}

#[cfg(test)]
mod tests;
