use super::*;
use crate::{PageSpec, Scope};

const DAY: Micros = 86_400_000_000;

fn ask(class: &Class, spec: PageSpec) -> Vec<(u64, Micros, f32)> {
    let (found, missing) = block_on(class.engine.page(&Scope::lesson(LESSON), &spec)).unwrap();
    assert!(missing.is_empty());
    found.iter().map(|reading| (reading.thing.0, reading.time - T0, reading.value)).collect()
}

fn spec(newest: bool, most: usize) -> PageSpec {
    PageSpec { thing: None, property: None, from: Micros::MIN, to: Micros::MAX, newest, most }
}

#[test]
fn a_page_is_the_newest_or_the_oldest_over_files_and_years() {
    // Three years with a gap, overlapping files, and hot rows that came late.
    let sealed = vec![
        vec![scalar(1, 0, 1.0), scalar(2, 0, 2.0), scalar(1, DAY, 3.0)],
        vec![scalar(1, 900 * DAY, 4.0), scalar(2, 901 * DAY, 5.0), scalar(1, 1_000 * DAY, 6.0)],
    ];
    let class = class(&sealed, &[vec![scalar(1, 1_000 * DAY + 5, 7.0)], vec![scalar(2, 2 * DAY, 8.0)]]);
    let newest = [(1, 1_000 * DAY + 5, 7.0), (1, 1_000 * DAY, 6.0), (2, 901 * DAY, 5.0), (1, 900 * DAY, 4.0), (2, 2 * DAY, 8.0)];
    assert_eq!(ask(&class, spec(true, 5)), newest);
    assert_eq!(ask(&class, spec(true, 2)), newest[..2]);
    assert_eq!(ask(&class, spec(true, 100)).len(), 8, "and it ends");
    let oldest = [(1, 0, 1.0), (2, 0, 2.0), (1, DAY, 3.0), (2, 2 * DAY, 8.0), (1, 900 * DAY, 4.0)];
    assert_eq!(ask(&class, spec(false, 5)), oldest);
    assert_eq!(ask(&class, spec(false, 100)).len(), 8);
    let some = PageSpec { thing: Some(ThingId(2)), property: Some(PRES), to: T0 + 901 * DAY, ..spec(true, 9) };
    assert_eq!(ask(&class, some), [(2, 2 * DAY, 8.0), (2, 0, 2.0)]);
    assert_eq!(ask(&class, PageSpec { from: T0 + 3 * DAY, to: T0 + 800 * DAY, ..spec(true, 9) }), []);
    assert_eq!(ask(&class, PageSpec { property: Some(GYR), ..spec(true, 9) }), []);
    assert_eq!(ask(&class, spec(true, 0)), []);
}

#[test]
fn a_page_of_years_touches_only_the_files_of_its_windows() {
    let sealed: Vec<_> = (0..8).map(|year| (0..10).map(|minute| scalar(1, year * 365 * DAY + minute, 1.0)).collect()).collect();
    let class = class(&sealed, &[]);
    // Were the older ones read, they would be told as missing.
    for year in 0..7 {
        std::fs::remove_file(class.directory.path().join(format!("{year}.parquet"))).unwrap();
    }
    assert_eq!(ask(&class, spec(true, 10)).len(), 10);
}

#[test]
fn a_page_is_of_what_the_asker_may_see() {
    let class = class(&[vec![scalar(1, 0, 1.0), scalar(2, 0, 2.0)]], &[]);
    let found = block_on(class.engine.page(&Scope::thing(LESSON, ThingId(2)), &spec(true, 9))).unwrap().0;
    assert_eq!(found.iter().map(|reading| reading.thing).collect::<Vec<_>>(), [ThingId(2)]);
    assert!(
        block_on(class.engine.page(&Scope::thing(LESSON, ThingId(2)), &PageSpec { thing: Some(ThingId(1)), ..spec(true, 9) })).is_err()
    );
    assert!(block_on(class.engine.page(&Scope::lesson(LESSON), &PageSpec { from: 1, to: 0, ..spec(true, 9) })).is_err());
}
