//! Stations: their logs, keys, channels, and what is kept of what arrives.

use super::*;

const LOG: LessonId = LessonId(40);

fn with_station() -> (tempfile::TempDir, Catalogue) {
    let (folder, catalogue) = catalogue();
    catalogue.add_lesson(&lesson(1, "1", 0)).unwrap();
    catalogue.add_station(&lesson(LOG.0, "station 40", 10), "{}", "key").unwrap();
    (folder, catalogue)
}

#[test]
fn a_station_is_found_by_its_keys_and_is_no_lesson() {
    let (_folder, catalogue) = with_station();
    let station = Station { log: LOG, settings: "{}".to_owned(), changed: 10 };
    assert_eq!(catalogue.station_by_key("key").unwrap(), Some(station.clone()));
    assert_eq!(catalogue.stations().unwrap(), [station]);
    assert_eq!(catalogue.lessons().unwrap().len(), 1, "the list of lessons does not show its log");
    catalogue.set_station_keys(LOG, &["new", "its own"]).unwrap();
    let known = ["key", "new", "its own"].map(|token| catalogue.station_by_key(token).unwrap().is_some());
    assert_eq!(known, [false, true, true]);
    catalogue.add_station(&lesson(41, "station 41", 20), "{}", "other").unwrap();
    let taken = catalogue.set_station_keys(LessonId(41), &["new"]).unwrap_err();
    assert!(matches!(taken, Error::Conflict(Conflict::KeyTaken)), "{taken}");
    assert!(catalogue.station_by_key("other").unwrap().is_some(), "nothing changed");
    catalogue.set_station(LOG, "{\"name\":\"Dach\"}", 5).unwrap();
    assert_eq!(catalogue.station(LOG).unwrap().unwrap().changed, 11, "grows also when the clock goes back");
}

#[test]
fn channels_become_things_once() {
    let (_folder, catalogue) = with_station();
    let indoor = catalogue.station_channel(LOG, "indoor", ThingId(5), 11).unwrap();
    assert_eq!(catalogue.station_channel(LOG, "indoor", ThingId(6), 12).unwrap(), indoor);
    catalogue.station_channel(LOG, "", ThingId(7), 12).unwrap();
    assert_eq!(catalogue.station_channels(LOG).unwrap(), [(String::new(), ThingId(7)), ("indoor".to_owned(), ThingId(5))]);
    assert_eq!(catalogue.thing(ThingId(5)).unwrap().unwrap().nickname, "indoor");
    let full = (0..100).map(|at| catalogue.station_channel(LOG, &at.to_string(), ThingId(100 + at), 13)).find_map(Result::err);
    assert!(matches!(full, Some(Error::Conflict(Conflict::ChannelsFull))));
}

#[test]
fn of_what_arrives_the_newest_hundred_are_kept() {
    let (_folder, catalogue) = with_station();
    for at in 0..150 {
        catalogue.keep_payload(LOG, &Payload { at, door: "tele/roof/SENSOR".to_owned(), payload: vec![7; 5_000] }).unwrap();
    }
    let kept = catalogue.payloads(LOG).unwrap();
    assert_eq!((kept.len(), kept[0].at, kept[99].at, kept[0].payload.len()), (100, 149, 50, 4_096));
    catalogue.learn(LOG, "a/b", "old").unwrap();
    catalogue.learn(LOG, "a/b", "new").unwrap();
    assert_eq!(catalogue.learned(LOG).unwrap(), [("a/b".to_owned(), "new".to_owned())]);
    let whole = Erasure::Lesson(LOG);
    catalogue.begin_erasure(whole).unwrap();
    catalogue.finish_erasure(whole).unwrap();
    assert!(catalogue.payloads(LOG).unwrap().is_empty() && catalogue.learned(LOG).unwrap().is_empty());
    assert_eq!(catalogue.station_by_key("key").unwrap(), None);
}

#[test]
fn files_and_feeds_are_noted_and_go_with_their_station() {
    let (_folder, catalogue) = with_station();
    let job = FileJob {
        at: 5,
        source: "teacher".to_owned(),
        kind: "dwd_zip".to_owned(),
        bytes: 7,
        state: "waiting".to_owned(),
        ..FileJob::default()
    };
    let first = catalogue.add_file(LOG, &job).unwrap();
    catalogue.set_file(first, "done", "{}").unwrap();
    let second = catalogue.add_file(LOG, &job).unwrap();
    assert_eq!(catalogue.cut_files().unwrap(), 1, "what a hub before did not finish");
    let files = catalogue.files(LOG).unwrap();
    assert_eq!(files.iter().map(|file| (file.id, file.state.as_str())).collect::<Vec<_>>(), [(second, "cut"), (first, "done")]);
    for _ in 0..120 {
        catalogue.add_file(LOG, &job).unwrap();
    }
    assert_eq!(catalogue.files(LOG).unwrap().len(), 100);
    assert!(catalogue.add_file(LessonId(1), &job).is_err(), "a lesson is no station");
    let feed = Feed { name: "DWD".to_owned(), station: Some(LOG), state: "{}".to_owned() };
    catalogue.set_feed(&feed).unwrap();
    assert_eq!(catalogue.feed("DWD").unwrap(), Some(feed.clone()));
    catalogue.begin_erasure(Erasure::Lesson(LOG)).unwrap();
    catalogue.finish_erasure(Erasure::Lesson(LOG)).unwrap();
    assert_eq!(catalogue.files(LOG).unwrap(), []);
    assert_eq!(catalogue.feed("DWD").unwrap(), Some(Feed { station: None, ..feed }), "it is made again with the next data");
}
