//! The log by itself: what comes back after cuts, flips and rotations.

use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_lessons::reject::{Reject, RejectReason};
use tempfile::TempDir;

use super::*;
use crate::Error;
use crate::group::RejectFrame;

const SIZE: u64 = 4096;

/// A group of one Reject that says which group it is.
fn group(lsn: Lsn) -> Group {
    let reject = Reject { reason: RejectReason::Undecodable, count: lsn as u32, detail: "x".repeat(300) };
    let mut group = Group::default();
    group.rejects.push(RejectFrame { lesson: LessonId(1), thing: ThingId(2), received: 3, reject });
    group
}

/// A log of the groups 1..=`groups` in as many files as they take.
fn log(groups: Lsn) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut wal = Wal::start(&Disk::default(), folder.path(), SIZE, 1, 1).unwrap();
    (1..=groups).for_each(|lsn| wal.append(&group(lsn), lsn).unwrap());
    folder
}

/// The groups that come back, and the torn bytes.
fn read(folder: &Path) -> Result<(Vec<Lsn>, u64), Error> {
    let mut groups = Vec::new();
    let replayed = replay(&Disk::default(), folder, 0, |group, lsn, _| {
        assert_eq!(u64::from(group.rejects[0].reject.count), lsn);
        groups.push(lsn);
        Ok(())
    })?;
    assert_eq!(replayed.lsn, groups.last().copied().unwrap_or(0));
    assert_eq!(replayed.next, numbers(folder).unwrap().last().map_or(1, |last| last + 1));
    Ok((groups, replayed.torn))
}

fn change(file: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = std::fs::read(file).unwrap();
    change(&mut bytes);
    std::fs::write(file, bytes).unwrap();
}

#[test]
fn groups_come_back_from_as_many_files_as_they_took() {
    for groups in [0, 1, 10, 11, 12, 50] {
        let folder = log(groups);
        assert_eq!(read(folder.path()).unwrap(), ((1..=groups).collect(), 0));
        assert_eq!(read(folder.path()).unwrap(), ((1..=groups).collect(), 0), "reading changes nothing");
    }
    assert!(numbers(log(50).path()).unwrap().len() > 3);
}

#[test]
fn a_group_larger_than_a_file_gets_a_file_of_its_size() {
    let folder = log(1);
    let mut wal = Wal::start(&Disk::default(), folder.path(), SIZE, 2, 2).unwrap();
    let mut large = group(2);
    large.rejects = vec![large.rejects.remove(0); 100];
    wal.append(&large, 2).unwrap();
    wal.append(&group(3), 3).unwrap();
    let (groups, _) = read(folder.path()).unwrap();
    assert_eq!((groups.len(), groups.last()), (102, Some(&3)));
}

#[test]
fn the_end_cut_at_every_byte_loses_only_what_was_cut() {
    let whole = log(3);
    let file = path(whole.path(), 1);
    let bytes = std::fs::read(&file).unwrap();
    let used = bytes.iter().rposition(|&byte| byte != 0).unwrap() + 1;
    let frame = (used - HEADER) / 3;
    for end in HEADER..used {
        std::fs::write(&file, &bytes[..end]).unwrap();
        let expected = ((end - HEADER) / frame) as Lsn;
        let torn = !(end - HEADER).is_multiple_of(frame);
        let (groups, bytes_torn) = read(whole.path()).unwrap();
        assert_eq!((groups.len() as Lsn, bytes_torn > 0), (expected, torn), "cut at {end}");
        // Once cut off, the end is no longer torn.
        assert_eq!(read(whole.path()).unwrap().1, 0, "cut at {end}");
    }
}

#[test]
fn a_flipped_bit_in_the_last_file_ends_it_there() {
    let whole = log(3);
    let file = path(whole.path(), 1);
    let bytes = std::fs::read(&file).unwrap();
    let used = bytes.iter().rposition(|&byte| byte != 0).unwrap() + 1;
    let frame = (used - HEADER) / 3;
    for at in HEADER..used {
        let mut flipped = bytes.clone();
        flipped[at] ^= 0x10;
        std::fs::write(&file, flipped).unwrap();
        let (groups, torn) = read(whole.path()).unwrap();
        assert_eq!(groups.len(), (at - HEADER) / frame, "flipped at {at}");
        assert!(torn > 0, "flipped at {at}");
    }
}

#[test]
fn damage_before_the_last_file_is_an_error_that_names_the_file() {
    type Damage = fn(&Path);
    let cases: [(&str, Damage); 5] = [
        ("flipped", |folder| change(&path(folder, 1), |bytes| bytes[HEADER + 20] ^= 1)),
        ("a length of zero hides the rest", |folder| change(&path(folder, 1), |bytes| bytes[HEADER..HEADER + 8].fill(0))),
        ("cut", |folder| change(&path(folder, 1), |bytes| bytes.truncate(HEADER + 100))),
        ("header", |folder| change(&path(folder, 2), |bytes| bytes[3] ^= 1)),
        ("a file is missing", |folder| std::fs::remove_file(path(folder, 2)).unwrap()),
    ];
    for (why, damage) in cases {
        let folder = log(50);
        damage(folder.path());
        let error = read(folder.path()).unwrap_err();
        assert!(matches!(&error, Error::Damaged { file, .. } if file.ends_with(".wal")), "{why}: {error}");
    }
}

#[test]
fn files_are_removed_from_the_front_only() {
    let folder = log(50);
    let all = numbers(folder.path()).unwrap();
    remove_below(&Disk::default(), folder.path(), 3).unwrap();
    assert_eq!(numbers(folder.path()).unwrap(), all[2..]);
    let (groups, _) = read(folder.path()).unwrap();
    assert_eq!(groups.last(), Some(&50));
}

#[test]
fn after_a_failed_flush_the_error_comes_through() {
    let folder = tempfile::tempdir().unwrap();
    let disk = Disk::default();
    let mut wal = Wal::start(&disk, folder.path(), SIZE, 1, 1).unwrap();
    disk.faults.set_dead(true);
    assert!(wal.append(&group(1), 1).is_err());
    disk.faults.set_dead(false);
    disk.faults.set_room(2_000);
    assert!((1..50).any(|lsn| wal.append(&group(lsn), lsn).is_err()), "a full disk");
}

#[test]
fn changing_over_and_zeroing_the_spare_at_once_disturb_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut wal = Wal::start(&Disk::default(), folder.path(), SIZE, 1, 1).unwrap();
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(std::sync::atomic::Ordering::Relaxed) {
                prepare_spare(&Disk::default(), folder.path(), SIZE).unwrap();
            }
        });
        (1..=1_000).for_each(|lsn| wal.append(&group(lsn), lsn).unwrap());
        done.store(true, std::sync::atomic::Ordering::Relaxed);
    });
    assert_eq!(read(folder.path()).unwrap(), ((1..=1_000).collect(), 0));
}
