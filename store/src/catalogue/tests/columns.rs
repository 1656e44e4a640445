//! Every column there is, and what it is for. Whoever adds one says here what it is, and that it is no person, no device and
//! no key by which a pupil could be known in the next lesson.

use super::*;

/// By what of `/api/v1/privacy` it is called there, table by table. `key`: a random number of ours, new in each lesson.
const COLUMNS: &str = "
lesson     id:key template:times code:access_tokens created:times ended:times joined:nickname token:access_tokens led:times
           lobby_open:times frozen:times seats:times location:times kept_until:times named:nickname
           template_hash:times
thing      id:key lesson:key number:nickname nickname:nickname token:access_tokens joined:times paused:times hidden:times removed:times
           handed_over:times turns:times
input      thing:key name:inputs value:inputs
exclusion  thing:key run:excluded_runs reason:excluded_runs
take       lesson:key number:times begins:times ends:times rehearsal:times undone:times
reserved   id:key lesson:key token:access_tokens made:times
channel    thing:key property:sensor_resolution resolution:sensor_resolution max_hz:sensor_resolution sign_fixed:sensor_resolution
           source:sensor_resolution alignment_us:sensor_resolution
token      hash:access_tokens role:access_tokens made:times
password   only:key hash:password_hash made:times
session    hash:login made:login seen:login expires:login
log        id:key at:log who:log lesson:log what:log detail:log
template   hash:templates id:templates version:templates source:templates published:templates withdrawn:templates bundle:templates
draft      id:templates title:templates made:templates changed:templates removed:templates bundle:templates
erasure    id:key lesson:key thing:key kind:times run:key
release    id:key lesson:key made:times public:releases given:times file:releases
release_set release:key lesson:key k:releases withdrawn:times salt:release_sets members:release_sets
tombstone  release:key signer:sources statement:releases signature:releases at:times own:releases
foreign_release id:key signer:sources subscription:sources came:times used:sources file:releases
station    log:key settings:stations changed:times
station_key hash:access_tokens station:key
station_channel station:key name:stations thing:key
station_payload id:key station:key at:times door:stations payload:stations
station_learned station:key topic:stations what:stations
station_file id:key station:key at:times source:stations kind:stations bytes:stations state:stations report:stations
feed       name:stations station:key state:stations
source     signer:sources name:sources known:times
subscription url:sources etag:sources asked:times answered:times failures:times error:sources offers:sources
school     only:key name:school latitude:school longitude:school elevation_m:school time_zone:school
element_set norad:satellites name:satellites epoch:satellites came:times source:satellites omm:satellites
";

fn columns(connection: &Connection) -> Vec<(String, String)> {
    let sql = "SELECT m.name, p.name FROM sqlite_schema m JOIN pragma_table_info(m.name) p WHERE m.type = 'table' ORDER BY 1, 2";
    let mut statement = connection.prepare(sql).unwrap();
    statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().collect::<Result<_, _>>().unwrap()
}

#[test]
fn every_column_is_known_for_what_it_is() {
    let (folder, catalogue) = catalogue();
    drop(catalogue);
    let mut known = Vec::new();
    let mut table = "";
    for line in COLUMNS.lines() {
        for word in line.split_whitespace() {
            match word.split_once(':') {
                None => table = word,
                Some((column, _)) => known.push((table.to_owned(), column.to_owned())),
            }
        }
    }
    known.sort();
    let connection = Connection::open(folder.path().join("catalogue.sqlite")).unwrap();
    assert_eq!(columns(&connection), known);
}

#[test]
fn stored_readings_have_no_column_for_a_person_or_device() {
    let known = ["lesson", "thing", "property", "run", "time", "received", "offset", "flags", "x", "y", "z"];
    let names: Vec<String> = crate::schema::observations().fields().iter().map(|field| field.name().clone()).collect();
    assert_eq!(names, known);
    let rolled = crate::schema::rollups();
    let person = rolled.fields().iter().find(|field| ["name", "address", "device", "agent"].iter().any(|part| field.name().contains(part)));
    assert_eq!(person, None);
}

#[test]
fn no_pupil_is_known_beyond_the_lesson() {
    let (folder, catalogue) = catalogue();
    catalogue.add_lesson(&lesson(1, "1", 0)).unwrap();
    catalogue.add_thing(LessonId(1), ThingId(5), &|_, _| "otter".to_owned(), "t5", 0).unwrap();
    catalogue.set_input(ThingId(5), "length_m", 1.0).unwrap();
    catalogue.set_exclusion(ThingId(5), 1, Some("dropped")).unwrap();
    let channel = Channel { resolution: 0.1, max_hz: 60.0, sign_fixed: false, source: "web".to_owned(), alignment_us: None };
    catalogue.set_channel(ThingId(5), messwerk_lessons::quantity::ObservedProperty::Acceleration, &channel).unwrap();
    catalogue.reserve(LessonId(1), "reserved", 0).unwrap();
    catalogue.begin_take(LessonId(1), 0, false).unwrap();
    let whole = Erasure::Lesson(LessonId(1));
    catalogue.begin_erasure(whole).unwrap();
    catalogue.finish_erasure(whole).unwrap();
    drop(catalogue);
    let connection = Connection::open(folder.path().join("catalogue.sqlite")).unwrap();
    let tables: std::collections::BTreeSet<String> = columns(&connection).into_iter().map(|(table, _)| table).collect();
    for table in tables {
        let rows: i64 = connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap();
        assert_eq!(rows, 0, "{table} has something left of a lesson that was erased");
    }
}
