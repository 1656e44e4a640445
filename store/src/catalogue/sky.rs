//! Where the school stands, and the elements of satellites that somebody handed in. Both are the school's; nothing here is of a
//! lesson or a person.

use messwerk_lessons::Micros;
use rusqlite::{OptionalExtension, Row, TransactionBehavior, params};

use super::{Catalogue, found};
use crate::Error;

/// The most satellites that are kept; a school looks at a handful.
const MOST: u32 = 500;

/// The school, as a teacher entered it on the page.
#[derive(Debug, Clone, PartialEq)]
pub struct School {
    /// What the map calls it.
    pub name: String,
    /// Degrees, north positive.
    pub latitude: f64,
    /// Degrees, east positive.
    pub longitude: f64,
    /// Metres.
    pub elevation_m: f64,
    /// As `Europe/Berlin`.
    pub time_zone: String,
}

/// One satellite's elements as they were handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ElementSet {
    /// Catalogue number.
    pub norad: u32,
    /// What lists call it.
    pub name: String,
    /// For when the elements are.
    pub epoch: Micros,
    /// When they came, hub time.
    pub came: Micros,
    /// `teacher`, or the host they were fetched from.
    pub source: String,
    /// The elements as OMM in JSON; the reader in `messwerk_lessons::sky` wrote them.
    pub omm: String,
}

impl Catalogue {
    /// Where a teacher said the school stands; `None` as long as nobody did.
    pub fn school(&self) -> Result<Option<School>, Error> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached("SELECT name, latitude, longitude, elevation_m, time_zone FROM school")?;
        let school = |row: &Row<'_>| {
            Ok(School {
                name: row.get(0)?,
                latitude: row.get(1)?,
                longitude: row.get(2)?,
                elevation_m: row.get(3)?,
                time_zone: row.get(4)?,
            })
        };
        Ok(statement.query_row([], school).optional()?)
    }

    /// Remembers where the school stands; `None` forgets it, and the configuration counts again.
    pub fn set_school(&self, school: Option<&School>) -> Result<(), Error> {
        let connection = self.connection();
        match school {
            None => connection.execute("DELETE FROM school", [])?,
            Some(School { name, latitude, longitude, elevation_m, time_zone }) => connection.execute(
                "INSERT OR REPLACE INTO school (only, name, latitude, longitude, elevation_m, time_zone) VALUES (1, ?1, ?2, ?3, ?4, ?5)",
                params![name, latitude, longitude, elevation_m, time_zone],
            )?,
        };
        Ok(())
    }

    /// Keeps element sets, all or none of them. One of an older epoch than what is there already is left out; of how many that is true is
    /// the answer. The satellites whose elements are oldest go when there are very many.
    pub fn put_elements(&self, sets: &[ElementSet]) -> Result<usize, Error> {
        let mut connection = self.connection();
        let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut kept = 0;
        for ElementSet { norad, name, epoch, came, source, omm } in sets {
            kept += change.execute(
                "INSERT INTO element_set (norad, name, epoch, came, source, omm) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (norad) DO UPDATE SET name = CASE WHEN excluded.name = '' THEN name ELSE excluded.name END,
                     epoch = excluded.epoch, came = excluded.came, source = excluded.source, omm = excluded.omm
                 WHERE excluded.epoch >= element_set.epoch",
                params![norad, name, epoch, came, source, omm],
            )?;
        }
        change
            .execute("DELETE FROM element_set WHERE norad NOT IN (SELECT norad FROM element_set ORDER BY epoch DESC LIMIT ?1)", [MOST])?;
        change.commit()?;
        Ok(sets.len() - kept)
    }

    /// Every satellite there are elements of, by its number.
    pub fn elements(&self) -> Result<Vec<ElementSet>, Error> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached("SELECT norad, name, epoch, came, source, omm FROM element_set ORDER BY norad")?;
        let sets = statement.query_map([], set_of)?.collect::<Result<_, _>>()?;
        Ok(sets)
    }

    /// The elements of one satellite.
    pub fn elements_of(&self, norad: u32) -> Result<Option<ElementSet>, Error> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached("SELECT norad, name, epoch, came, source, omm FROM element_set WHERE norad = ?1")?;
        Ok(statement.query_row([norad], set_of).optional()?)
    }

    /// Forgets a satellite.
    pub fn remove_elements(&self, norad: u32) -> Result<(), Error> {
        let changed = self.connection().execute("DELETE FROM element_set WHERE norad = ?1", [norad])?;
        found(changed, || format!("there are no elements of satellite {norad}"))
    }
}

fn set_of(row: &Row<'_>) -> rusqlite::Result<ElementSet> {
    Ok(ElementSet { norad: row.get(0)?, name: row.get(1)?, epoch: row.get(2)?, came: row.get(3)?, source: row.get(4)?, omm: row.get(5)? })
}
