//! From the readings of a file to numbered batches in hub time.

use messwerk_lessons::Micros;
use messwerk_lessons::export::{Readings, Start, Stream};
use messwerk_lessons::observation::{BatchKey, SenderClock};
use messwerk_lessons::wire::Batch;
use sha2::{Digest, Sha256};

/// Readings in one batch.
const ROWS: usize = 4_096;
/// What the clock of a phone is trusted to: phones ask a time server a few times a day.
const BY_PHONE: Micros = 1_000_000;
/// What "it ends when it was sent" is worth.
const BY_ARRIVAL: Micros = 3_600_000_000;
/// How far ahead of the hub a phone's clock may put a measurement; beyond it, it is wrong and says nothing.
const AHEAD: Micros = 60_000_000;
/// Experiment time beyond which it is none: a quarter of a year.
const LONGEST: Micros = 91 * 86_400 * 1_000_000;
/// How far back: whoever hands in last year's measurement means last year, a phone that says 1970 does not.
const BACK: Micros = 10 * 365 * 86_400 * 1_000_000;

/// The batches of a file. Their numbers are made of its bytes: sent again they are the same, and each recording in it is one
/// for itself.
pub fn batches(readings: Readings, file: &[u8], received: Micros) -> Vec<Batch> {
    let digest: [u8; 32] = Sha256::digest(file).into();
    let mut starts = readings.starts;
    starts.sort_by_key(|start| start.experiment);
    let mut batches = Vec::new();
    for (number, recording) in (0_u64..).zip(readings.recordings) {
        let boot = u64::from_le_bytes(std::array::from_fn(|byte| digest[byte])).wrapping_add(number);
        let offsets = Offsets::of(&recording, &starts, received);
        for stream in recording {
            numbered(stream, boot, &offsets, &mut batches);
        }
    }
    batches
}

/// Hub time − experiment time, from each start on.
struct Offsets {
    starts: Vec<Start>,
    /// Without a start that can be meant.
    arrival: Micros,
}

impl Offsets {
    fn of(recording: &[Stream], starts: &[Start], received: Micros) -> Self {
        // A broken number among the times places nobody else's reading.
        let times = || recording.iter().flat_map(|stream| stream.time.iter().copied()).filter(|time| time.abs() <= LONGEST);
        let (first, last) = (times().min().unwrap_or(0), times().max().unwrap_or(0));
        let told = Self { starts: starts.to_vec(), arrival: received.saturating_sub(last) };
        let at = |time: Micros| time.saturating_add(told.at(time).0);
        let meant = (received - BACK..received + AHEAD).contains(&at(first)) && (received - BACK..received + AHEAD).contains(&at(last));
        if meant { told } else { Self { starts: vec![], ..told } }
    }

    /// The offset at an experiment time, and how far off it may be. A reading before the first start belongs to that.
    fn at(&self, time: Micros) -> (Micros, Micros) {
        let after = self.starts.partition_point(|start| start.experiment <= time);
        match self.starts.get(after.saturating_sub(1)) {
            Some(start) => (start.system.saturating_sub(start.experiment), BY_PHONE),
            None => (self.arrival, BY_ARRIVAL),
        }
    }
}

/// Rows with the same offset that follow each other, at most [`ROWS`] of them, are a batch.
fn numbered(stream: Stream, boot: u64, offsets: &Offsets, batches: &mut Vec<Batch>) {
    let Stream { property, time, values } = stream;
    let mut from = 0;
    for sequence in 0.. {
        let Some(&first) = time.get(from) else { return };
        let (offset, uncertainty) = offsets.at(first);
        let alike = time[from..].iter().take(ROWS).take_while(|&&time| offsets.at(time).0 == offset).count();
        let rows = from..from + alike.max(1);
        from = rows.end;
        let columns = values.each_ref().map(|column| column.get(rows.clone()).unwrap_or_default().to_vec());
        let clock = SenderClock::Offset { offset, uncertainty };
        // The reader's columns are equally long; times that no format can say are no batch.
        batches.extend(Batch::new(property, BatchKey { boot, sequence }, clock, time[rows].to_vec(), columns));
    }
}

#[cfg(test)]
mod tests {
    use messwerk_lessons::quantity::ObservedProperty;

    use super::*;

    const NOW: Micros = 1_767_437_300_000_000;

    /// Batches of a scalar at these seconds: number of rows, hub time of the first and uncertainty, each.
    fn check(times: &[Micros], starts: &[(Micros, Micros)], expected: &[(usize, Micros, Micros)]) {
        let time: Vec<Micros> = times.iter().map(|seconds| seconds * 1_000_000).collect();
        let values = [vec![1.0; time.len()], vec![], vec![]];
        let stream = Stream { property: ObservedProperty::Pressure, time, values };
        let starts = starts.iter().map(|&(experiment, system)| Start { experiment: experiment * 1_000_000, system }).collect();
        let readings = Readings { recordings: vec![vec![stream]], skipped: vec![], starts };
        let found: Vec<_> = batches(readings, b"file", NOW)
            .iter()
            .map(|batch| match batch.clock() {
                SenderClock::Offset { offset, uncertainty } => (batch.time().len(), batch.time()[0] + offset, uncertainty),
                SenderClock::Unknown | SenderClock::Absolute => panic!("no clock"),
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_measurement_is_placed_by_its_starts_or_ends_now() {
        let start = NOW - 300_000_000;
        check(&[0, 1, 2], &[(0, start)], &[(3, start, BY_PHONE)]);
        // A pause of a minute.
        check(&[0, 1, 2, 3], &[(0, start), (2, start + 62_000_000)], &[(2, start, BY_PHONE), (2, start + 62_000_000, BY_PHONE)]);
        check(&[0, 1, 2], &[], &[(3, NOW - 2_000_000, BY_ARRIVAL)]);
        // A clock that is no clock.
        check(&[0, 1, 2], &[(0, 1)], &[(3, NOW - 2_000_000, BY_ARRIVAL)]);
        check(&[0, 1, 2], &[(0, NOW + 86_400_000_000)], &[(3, NOW - 2_000_000, BY_ARRIVAL)]);
        // A time that is none is the store's to refuse; the others are placed as if it were not there.
        check(&[0, 1, 90_000_000_000], &[], &[(3, NOW - 1_000_000, BY_ARRIVAL)]);
        check(&[], &[], &[]);
    }

    #[test]
    fn the_same_file_has_the_same_numbers() {
        let of = |file: &[u8], rows: usize| {
            let stream = || Stream {
                property: ObservedProperty::Pressure,
                time: (0..rows as Micros).collect(),
                values: [vec![1.0; rows], vec![], vec![]],
            };
            let readings = Readings { recordings: vec![vec![stream()], vec![stream()]], ..Readings::default() };
            batches(readings, file, NOW).iter().map(Batch::key).collect::<Vec<_>>()
        };
        let keys = of(b"one", ROWS + 1);
        assert_eq!(keys, of(b"one", ROWS + 1));
        assert_eq!(keys.iter().map(|key| key.sequence).collect::<Vec<_>>(), [0, 1, 0, 1]);
        assert!(keys[0].boot == keys[1].boot && keys[0].boot != keys[2].boot);
        assert_ne!(keys, of(b"two", ROWS + 1));
    }
}
