//! A catalogue as the first hubs made it, brought up to this version.

use super::*;

/// The tables of version 1, word for word.
const VERSION_1: &str = "
CREATE TABLE lesson (
    id INTEGER PRIMARY KEY, template TEXT NOT NULL, code TEXT NOT NULL, created INTEGER NOT NULL, ended INTEGER,
    joined INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX open_code ON lesson (code) WHERE ended IS NULL;
CREATE TABLE thing (
    id INTEGER PRIMARY KEY, lesson INTEGER NOT NULL REFERENCES lesson ON DELETE CASCADE, number INTEGER NOT NULL,
    nickname TEXT NOT NULL, token BLOB NOT NULL UNIQUE, joined INTEGER NOT NULL, UNIQUE (lesson, number)
) STRICT;
CREATE TABLE input (
    thing INTEGER NOT NULL REFERENCES thing ON DELETE CASCADE, name TEXT NOT NULL, value REAL NOT NULL, PRIMARY KEY (thing, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE exclusion (
    thing INTEGER NOT NULL REFERENCES thing ON DELETE CASCADE, run INTEGER NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (thing, run)
) STRICT, WITHOUT ROWID;
CREATE TABLE token (hash BLOB PRIMARY KEY, role TEXT NOT NULL, made INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE erasure (id INTEGER PRIMARY KEY, lesson INTEGER NOT NULL, thing INTEGER) STRICT;
PRAGMA user_version = 1;
";

/// What an old hub had stored.
fn old(folder: &Path) {
    let connection = Connection::open(folder.join("catalogue.sqlite")).unwrap();
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(())).unwrap();
    connection.execute_batch(VERSION_1).unwrap();
    connection
        .execute_batch(
            "INSERT INTO lesson VALUES (1, 'pendulum', '123456', 10, NULL, 2), (-1, 'fall', '123456', 5, 9, 0);
             INSERT INTO input SELECT 1, 'x', 1 WHERE 0;
             INSERT INTO erasure (lesson, thing) VALUES (1, 6), (3, NULL);",
        )
        .unwrap();
    let add = "INSERT INTO thing VALUES (?1, 1, ?2, ?3, ?4, 11)";
    connection.execute(add, rusqlite::params![5, 1, "otter", hash("token5")]).unwrap();
    connection.execute("INSERT INTO input VALUES (5, 'length_m', 0.5)", []).unwrap();
    connection.execute("INSERT INTO exclusion VALUES (5, 1, 'dropped')", []).unwrap();
    connection.execute("INSERT INTO token VALUES (?1, 'teacher', 1)", [hash("teacher")]).unwrap();
}

#[test]
fn what_the_first_hubs_stored_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    old(folder.path());
    let catalogue = Catalogue::open(folder.path()).unwrap();
    let lessons = catalogue.lessons().unwrap();
    let token = |at: usize| lessons[at].token.clone();
    let expected = [
        Lesson::free(LessonId(1), "pendulum", "123456", token(0), 10),
        Lesson { ended: Some(9), ..Lesson::free(LessonId(u64::MAX), "fall", "123456", token(1), 5) },
    ];
    assert_eq!(lessons, expected);
    assert!(token(0).len() == 22 && token(1).len() == 22 && token(0) != token(1), "{lessons:?}");
    let mut thing = Thing::new(ThingId(5), LessonId(1), 1, "otter", 11);
    thing.inputs.insert("length_m".to_owned(), 0.5);
    assert_eq!(catalogue.thing_by_token("token5").unwrap(), Some(thing));
    assert_eq!(catalogue.exclusions(LessonId(1)).unwrap(), [(ThingId(5), 1, "dropped".to_owned())]);
    assert_eq!(catalogue.role("teacher").unwrap(), Some(Role::Teacher));
    assert_eq!(catalogue.erasures().unwrap(), [Erasure::Thing(LessonId(1), ThingId(6)), Erasure::Lesson(LessonId(3))]);
    assert_eq!(catalogue.add_thing(LessonId(1), ThingId(7), &|_, _| "fox".to_owned(), "t7", 0).unwrap().number, 3);
    drop(catalogue);
    let again = Catalogue::open(folder.path()).unwrap();
    assert_eq!(again.lesson(LessonId(1)).unwrap().unwrap().token, token(0), "once is enough");
}

/// Takes away what the versions from 4 on brought.
fn back_to_version_3(connection: &Connection) {
    let changes = "DROP TABLE station_file; DROP TABLE feed; DROP TABLE station_learned; DROP TABLE station_payload; DROP TABLE station_channel; DROP TABLE station_key;
                   DROP TABLE station; DROP TABLE school; DROP TABLE element_set; DROP TABLE release_set; DROP TABLE release; DROP TABLE tombstone; DROP TABLE foreign_release; DROP TABLE source;
                   DROP TABLE subscription; DROP INDEX lesson_template; ALTER TABLE lesson DROP COLUMN template_hash; DROP TABLE template; DROP TABLE draft;
                   PRAGMA user_version = 3";
    connection.execute_batch(changes).unwrap();
}

#[test]
fn lessons_of_version_3_have_the_built_in_template_of_their_name() {
    let (folder, catalogue) = catalogue();
    catalogue.add_lesson(&lesson(1, "123456", 10)).unwrap();
    drop(catalogue);
    back_to_version_3(&Connection::open(folder.path().join("catalogue.sqlite")).unwrap());
    let catalogue = Catalogue::open(folder.path()).unwrap();
    let old = catalogue.lesson(LessonId(1)).unwrap().unwrap();
    assert_eq!(old, lesson(1, "123456", 10));
    assert_eq!(catalogue.template_of(&old).unwrap().id, "pendulum");
    drop(catalogue);
    let new = tempfile::tempdir().unwrap();
    Catalogue::open(new.path()).unwrap();
    assert_eq!(shape(folder.path()), shape(new.path()));
}

/// Makes the catalogue of a folder one of version 2, as it was first or with columns that a later build of it had.
fn back_to_version_2(folder: &Path, columns: bool) {
    let connection = Connection::open(folder.join("catalogue.sqlite")).unwrap();
    back_to_version_3(&connection);
    connection.execute_batch("ALTER TABLE lesson DROP COLUMN named; PRAGMA user_version = 2").unwrap();
    if !columns {
        connection.execute_batch("ALTER TABLE thing DROP COLUMN handed_over; ALTER TABLE thing DROP COLUMN turns").unwrap();
    }
}

#[test]
fn a_catalogue_of_version_2_works_whichever_build_made_it() {
    let (new, name) = (tempfile::tempdir().unwrap(), |number: u32, _: &[String]| format!("otter {number}"));
    Catalogue::open(new.path()).unwrap();
    for columns in [false, true] {
        let (folder, catalogue) = catalogue();
        catalogue.add_lesson(&lesson(1, "123456", 10)).unwrap();
        let joined = catalogue.add_thing(LessonId(1), ThingId(5), &name, "token5", 11).unwrap();
        let renamed = catalogue.rename(ThingId(5), &name).unwrap();
        let logged = |what: &str| LogEntry {
            at: 12,
            who: "teacher".to_owned(),
            lesson: Some(LessonId(1)),
            what: what.to_owned(),
            detail: String::new(),
        };
        catalogue.log(&logged("thing.rename")).unwrap();
        catalogue.log(&logged("lobby.lock")).unwrap();
        drop(catalogue);
        back_to_version_2(folder.path(), columns);
        let catalogue = Catalogue::open(folder.path()).unwrap();
        let there = Thing { nickname: renamed, ..joined };
        assert_eq!(catalogue.thing_by_token("token5").unwrap(), Some(there), "columns: {columns}");
        let next = catalogue.hand_over(ThingId(5), ThingId(6), &name, "token6", 13).unwrap();
        assert_eq!((next.number, next.nickname.as_str()), (2, "otter 3"), "the two names before it were counted");
        drop(catalogue);
        assert_eq!(shape(folder.path()), shape(new.path()), "columns: {columns}");
    }
}

/// Tables and indexes with their columns, whatever SQL made them.
fn shape(folder: &Path) -> Vec<String> {
    let connection = Connection::open(folder.join("catalogue.sqlite")).unwrap();
    let mut statement = connection
        .prepare(
            "SELECT m.type || ' ' || m.name || ' ' || p.name || ' ' || p.type || ' ' || p.\"notnull\" FROM sqlite_schema m
             JOIN pragma_table_info(m.name) p ORDER BY 1",
        )
        .unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}

#[test]
fn an_old_catalogue_and_a_new_one_are_alike() {
    let (old_folder, new_folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    old(old_folder.path());
    Catalogue::open(old_folder.path()).unwrap();
    Catalogue::open(new_folder.path()).unwrap();
    assert_eq!(shape(old_folder.path()), shape(new_folder.path()));
}
