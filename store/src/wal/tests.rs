//! The log by itself: what comes back after cuts, flips and rotations.

use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_lessons::reject::{Reject, RejectReason};
use tempfile::TempDir;

use super::replay::Replayed;
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

/// The groups that come back, and what replay tells beside them.
fn read_all(folder: &Path, known: Known) -> Result<(Vec<Lsn>, Replayed), Error> {
    let mut groups = Vec::new();
    let replayed = replay(&Disk::default(), folder, &folder.join("damaged"), known, |group, lsn, _| {
        assert_eq!(u64::from(group.rejects[0].reject.count), lsn);
        groups.push(lsn);
        Ok(())
    })?;
    assert_eq!(replayed.lsn, groups.last().copied().unwrap_or(0).max(known.lsn));
    assert_eq!(replayed.next, numbers(folder).unwrap().last().map_or(1, |last| last + 1));
    Ok((groups, replayed))
}

/// The groups that come back of a log without damage, and the torn bytes.
fn read(folder: &Path) -> Result<(Vec<Lsn>, u64), Error> {
    let (groups, replayed) = read_all(folder, Known::default())?;
    assert_eq!(replayed.damage, []);
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

/// A log of three groups in one file, its bytes, and where the frames end.
fn three() -> (TempDir, PathBuf, Vec<u8>, [usize; 4]) {
    let folder = log(3);
    let file = path(folder.path(), 1);
    let bytes = std::fs::read(&file).unwrap();
    let used = bytes.iter().rposition(|&byte| byte != 0).unwrap() + 1;
    let frame = (used - HEADER) / 3;
    (folder, file, bytes, [0, 1, 2, 3].map(|frames| HEADER + frames * frame))
}

#[test]
fn a_flipped_bit_costs_one_frame_at_most_and_is_told() {
    let (folder, file, bytes, ends) = three();
    for at in HEADER..ends[3] {
        let mut flipped = bytes.clone();
        flipped[at] ^= 0x10;
        std::fs::write(&file, flipped).unwrap();
        let hit = (at - HEADER) / (ends[1] - HEADER);
        let (groups, found) = read_all(folder.path(), Known::default()).unwrap();
        if at < ends[hit] + 4 {
            assert_eq!((groups, found.torn, found.damage), (vec![1, 2, 3], 0, vec![]), "a length is told by the content: {at}");
            continue;
        }
        let kept: Vec<Lsn> = (1..=3).filter(|&group| group != hit as Lsn + 1).collect();
        assert_eq!(groups, kept, "flipped at {at}");
        if hit == 2 {
            // Where even the kind is damaged, nobody knows how long it was to be, unless its length says so.
            assert_eq!((found.torn, found.damage[0].bytes), (0, (ends[3] - ends[2]) as u64), "it was written to its end: {at}");
            assert_eq!(found.torn_sentence, None);
            continue;
        }
        assert_eq!(found.torn, 0);
        let [damage] = &found.damage[..] else { panic!("{:?}", found.damage) };
        assert_eq!((damage.places, damage.first, damage.bytes), (1, ends[hit], (ends[1] - ends[0]) as u64), "flipped at {at}");
        assert!((damage.commits.0..=damage.commits.1).contains(&(hit as Lsn + 1)));
        let copy = std::fs::read(&kept_copies(&folder.path().join("damaged"))[0]).unwrap();
        assert_eq!(copy.len() as u64, damage.bytes);
    }
}

#[test]
fn the_sentence_names_file_place_and_loss() {
    let (folder, file, mut bytes, ends) = three();
    bytes[ends[1] + 100] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let (_, found) = read_all(folder.path(), Known::default()).unwrap();
    let sentence = found.damage[0].sentence();
    let place = format!("00000001.wal is damaged at byte {}: {} bytes", ends[1], ends[2] - ends[1]);
    let lesson = format!("a Reject of Thing {} in lesson {}", ThingId(2), LessonId(1));
    for part in [place.as_str(), "commits 1 to 3", &lesson, "00000001.wal.bin"] {
        assert!(sentence.contains(part), "{part}: {sentence}");
    }
}

#[test]
fn damage_is_skipped_wherever_it_is() {
    type Damage = fn(&mut Vec<u8>, [usize; 4]);
    let cases: [(&str, Damage, &[Lsn], u64); 7] = [
        ("a sector of zeros", |bytes, ends| bytes[ends[1]..ends[2]].fill(0), &[1, 3], 1),
        ("two frames", |bytes, ends| bytes[ends[0] + 50..ends[2] - 50].fill(0xff), &[3], 1),
        ("the header", |bytes, _| bytes[3] ^= 1, &[1, 2, 3], 1),
        ("header and first frame", |bytes, ends| bytes[..ends[1] - 5].fill(0x55), &[2, 3], 1),
        ("two places", |bytes, ends| [0, ends[1] + 60].into_iter().for_each(|at| bytes[at] ^= 1), &[1, 3], 2),
        ("an older frame behind the end", |bytes, ends| bytes.copy_within(ends[0]..ends[1], ends[3]), &[1, 2, 3], 0),
        ("noise behind the end", |bytes, ends| bytes[ends[3]..ends[3] + 99].fill(7), &[1, 2, 3], 0),
    ];
    for (why, damage, kept, places) in cases {
        let (folder, file, mut bytes, ends) = three();
        damage(&mut bytes, ends);
        std::fs::write(&file, bytes).unwrap();
        let (groups, found) = read_all(folder.path(), Known::default()).unwrap();
        assert_eq!(groups, kept, "{why}");
        assert_eq!(found.damage.iter().map(|damage| damage.places).sum::<u64>(), places, "{why}");
        assert_eq!(found.torn > 0, places == 0, "{why}");
        let (again, _) = read_all(folder.path(), Known::default()).unwrap();
        assert_eq!(again, kept, "{why}: once more");
    }
}

#[test]
fn damage_before_the_last_file_costs_what_is_damaged() {
    type Damage = fn(&Path);
    let cases: [(&str, Damage, Option<Lsn>); 4] = [
        ("flipped", |folder| change(&path(folder, 1), |bytes| bytes[HEADER + 20] ^= 1), Some(1)),
        ("a length of zero hides nothing", |folder| change(&path(folder, 1), |bytes| bytes[HEADER..HEADER + 8].fill(0)), Some(1)),
        ("header", |folder| change(&path(folder, 2), |bytes| bytes[3] ^= 1), None),
        ("cut", |folder| change(&path(folder, 1), |bytes| bytes.truncate(bytes.len() - 500)), Some(11)),
    ];
    for (why, damage, lost) in cases {
        let folder = log(50);
        damage(folder.path());
        let (groups, found) = read_all(folder.path(), Known::default()).unwrap();
        let missing: Vec<Lsn> = (1..=50).filter(|group| !groups.contains(group)).collect();
        assert_eq!(missing, Vec::from_iter(lost), "{why}");
        let [damage] = &found.damage[..] else { panic!("{why}: {:?}", found.damage) };
        assert!(lost.is_none_or(|lost| (damage.commits.0..=damage.commits.1).contains(&lost)), "{why}: {damage:?}");
    }
}

#[test]
fn a_missing_file_is_refused_until_somebody_says_that_it_is_lost() {
    let files = numbers(log(50).path()).unwrap();
    let (last, all) = (files.len() as u64, Known { lsn: 0, first: 1, last: 1 });
    let cases: [(&str, Vec<u64>, Known, u64); 5] = [
        ("the oldest", vec![1], all, 1),
        ("one between", vec![2], Known::default(), 2),
        ("the newest: the one before says that it follows", vec![last], all, last),
        ("the newest two: the manifest knows one", vec![last - 1, last], Known { last, ..all }, last - 1),
        ("all", files.clone(), Known { lsn: 50, first: 1, last }, 1),
    ];
    for (why, gone, known, named) in cases {
        let folder = log(50);
        gone.iter().for_each(|&number| std::fs::remove_file(path(folder.path(), number)).unwrap());
        let error = read_all(folder.path(), known).unwrap_err();
        assert!(
            matches!(&error, Error::Damaged { file, what } if file.ends_with(&format!("{named:08}.wal")) && what.contains("empty file")),
            "{why}: {error}"
        );
        // Advice that is followed works.
        gone.iter().for_each(|&number| std::fs::write(path(folder.path(), number), b"").unwrap());
        let (groups, found) = read_all(folder.path(), known).unwrap();
        assert_eq!(groups.is_empty(), gone.len() == files.len(), "{why}");
        assert!(found.damage.iter().any(|damage| damage.sentence().contains("is empty")), "{why}: {:?}", found.damage);
    }
}

#[test]
fn a_file_that_belongs_elsewhere_is_refused() {
    let folder = log(50);
    std::fs::copy(path(folder.path(), 1), path(folder.path(), 2)).unwrap();
    let error = read(folder.path()).unwrap_err();
    assert!(error.to_string().contains("it is a copy of file 00000001.wal"), "{error}");
}

#[test]
fn a_log_cut_below_what_the_manifest_knows_is_told_and_goes_on() {
    let (folder, file, bytes, ends) = three();
    let known = Known { lsn: 3, first: 1, last: 1 };
    for end in [ends[2], ends[2] + 40] {
        std::fs::write(&file, &bytes[..end]).unwrap();
        let (groups, found) = read_all(folder.path(), known).unwrap();
        assert_eq!((groups, found.lsn, found.torn), (vec![1, 2], 3, 0), "a commit of before the manifest is not torn");
        assert_eq!(found.damage[0].commits.1, 3);
        let mut wal = Wal::start(&Disk::default(), folder.path(), SIZE, 2, 4).unwrap();
        wal.append(&group(4), 4).unwrap();
        let (groups, found) = read_all(folder.path(), Known { last: 2, ..known }).unwrap();
        assert_eq!((groups, found.damage.len()), (vec![1, 2, 4], 1), "the next start reads on and tells it again");
        std::fs::remove_file(path(folder.path(), 2)).unwrap();
    }
}

#[test]
fn a_full_disk_leaves_the_log_whole_until_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let disk = Disk::default();
    let mut wal = Wal::start(&disk, folder.path(), SIZE, 1, 1).unwrap();
    disk.faults.set_room(4_000);
    let mut lsn = 1;
    while wal.make_room(400, lsn).is_ok() {
        wal.append(&group(lsn), lsn).unwrap();
        lsn += 1;
    }
    assert_eq!(lsn, 12, "eleven groups fill the file");
    assert!(is_full(&wal.make_room(400, lsn).unwrap_err()));
    assert!(std::fs::read_dir(folder.path()).unwrap().count() == 1, "nothing half-made is left");
    disk.faults.set_room(i64::MAX);
    assert!(wal.make_room(400, lsn).is_err(), "without a spare file it is not even tried");
    prepare_spare(&disk, folder.path(), SIZE).unwrap();
    wal.make_room(400, lsn).unwrap();
    wal.append(&group(lsn), lsn).unwrap();
    assert_eq!(read(folder.path()).unwrap(), ((1..=lsn).collect(), 0));
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

#[test]
fn an_end_that_was_being_written_is_told_from_one_that_was_damaged() {
    type Change = fn(&mut Vec<u8>, usize, usize);
    // Whether it is damage, and else what the sentence says.
    let cases: [(&str, Change, Option<&str>); 7] = [
        ("killed: whole sectors are missing", |bytes, start, _| bytes[(start / 512 + 2) * 512..].fill(0), Some("nothing acknowledged")),
        ("killed behind the head", |bytes, start, _| bytes[start + 8..].fill(0), Some("nothing acknowledged")),
        ("a sector between is missing", |bytes, start, _| bytes[(start / 512 + 2) * 512..][..512].fill(0), Some("cannot be known")),
        ("the file was cut", |bytes, start, _| bytes.truncate(start + 600), Some("cannot be known")),
        ("noise", |bytes, start, _| bytes[start..start + 2_000].fill(7), Some("cannot be known")),
        ("one bit", |bytes, start, _| bytes[start + 700] ^= 1, None),
        ("its last byte", |bytes, _, end| bytes[end - 1] = 0, None),
    ];
    for (why, damage, sentence) in cases {
        let folder = tempfile::tempdir().unwrap();
        let mut wal = Wal::start(&Disk::default(), folder.path(), 4 * SIZE, 1, 1).unwrap();
        wal.append(&group(1), 1).unwrap();
        let start = wal.position as usize;
        let mut large = group(2);
        large.rejects[0].reject.detail = "x".repeat(2_900);
        wal.append(&large, 2).unwrap();
        let end = wal.position as usize;
        change(&path(folder.path(), 1), |bytes| damage(bytes, start, end));
        let (groups, found) = read_all(folder.path(), Known::default()).unwrap();
        assert_eq!((groups, found.damage.len()), (vec![1], usize::from(sentence.is_none())), "{why}");
        let told = found.torn_sentence.unwrap_or_default();
        assert_eq!((sentence.is_none(), found.torn > 0), (told.is_empty(), sentence.is_some()), "{why}: {told}");
        assert!(told.contains(sentence.unwrap_or_default()), "{why}: {told}");
        assert_eq!(kept_copies(&folder.path().join("damaged")).len(), found.damage.len(), "{why}");
        let (_, found) = read_all(folder.path(), Known::default()).unwrap();
        assert_eq!((found.torn_sentence, found.damage), (None, vec![]), "{why}: the next start tells it no more");
    }
}
