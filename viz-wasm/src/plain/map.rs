//! The world with a satellite over it: where it is and goes, who sees it, and where it is night.

mod draw;
mod places;

use plotters::prelude::DrawingBackend;
use serde::Serialize;

use super::canvas::Canvas;
use super::cells::{Cell, Cells};
use super::{Place, Plain};
use crate::error::VizError;
use crate::words::{Bilingual, Lang, number};
use places::{course, spot};

/// A map of the whole world (equirectangular: a degree is as wide everywhere, and as high).
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Map {
    /// Rings of land: of each longitude and latitude of its first point in tenths of a degree, then the steps to the next points.
    pub land: Vec<Vec<f64>>,
    /// Lakes within the land, in the same form.
    pub lakes: Vec<Vec<f64>>,
    /// What flies there.
    pub satellite: Option<Satellite>,
    /// Where it was during the last turn: longitude and latitude in degrees.
    pub past: Vec<(f64, f64)>,
    /// Where it will be during the next one.
    pub next: Vec<(f64, f64)>,
    /// The edge of the region that sees it above the horizon.
    pub footprint: Vec<(f64, f64)>,
    /// Where the class is.
    pub school: Option<School>,
    /// Where the Sun stands overhead: longitude and latitude.
    pub sun: Option<(f64, f64)>,
    /// What is to be known besides: how old the elements are.
    pub note: Bilingual,
}

/// A satellite over the ground.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Satellite {
    /// Its name.
    pub name: String,
    /// Longitude and latitude in degrees.
    pub at: (f64, f64),
    /// Where it goes, degrees from north over east.
    pub heading: f64,
    /// km, if it is to be told.
    pub height: Option<f64>,
    /// Over the ground, km/s, if it is to be told.
    pub speed: Option<f64>,
}

/// The school.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct School {
    /// What it is called on the map; empty is "school".
    pub name: String,
    /// Longitude and latitude in degrees.
    pub at: (f64, f64),
}

/// More points than that are no track and no coast.
const MOST: usize = 50_000;

/// The series that are read out: what is there now, the past turn, the next one.
const NOW: usize = 0;

impl Map {
    fn school_name(school: &School, lang: Lang) -> &str {
        if school.name.is_empty() { lang.pick("Schule", "school") } else { &school.name }
    }

    /// What is on the map above all: over which place the satellite is, else what the map shows.
    fn headline(&self, lang: Lang) -> String {
        match &self.satellite {
            Some(satellite) => format!("{}: {}", satellite.name, spot(satellite.at, lang)),
            None => self.title(lang),
        }
    }

    /// Whether it is night where the school is; `None` without both. On the sphere: the Sun is more than a quarter turn away.
    fn is_night(&self, at: (f64, f64)) -> Option<bool> {
        let sun = self.sun?;
        Some(places::apart(at, sun) > 90.0)
    }

    /// What stands at each place of now: the satellite, the school, the Sun.
    fn now(&self, lang: Lang) -> Vec<(String, (f64, f64))> {
        let mut found = Vec::new();
        if let Some(satellite) = &self.satellite {
            found.push((satellite.name.clone(), satellite.at));
        }
        if let Some(school) = &self.school {
            found.push((Self::school_name(school, lang).to_owned(), school.at));
        }
        if let Some(sun) = self.sun {
            found.push((lang.pick("Sonne im Zenit", "Sun overhead").to_owned(), sun));
        }
        found
    }
}

impl Plain for Map {
    fn title(&self, lang: Lang) -> String {
        match (&self.satellite, lang) {
            (Some(satellite), Lang::De) => format!("{}: über welchem Ort", satellite.name),
            (Some(satellite), Lang::En) => format!("{}: over which place", satellite.name),
            (None, _) => lang.pick("Tag und Nacht auf der Erde", "Day and night on Earth").to_owned(),
        }
    }

    fn check(&self) -> Result<(), VizError> {
        let wrong = |what: &str| Err(VizError::Plain(what.to_owned()));
        let points = self.satellite.iter().map(|satellite| satellite.at).chain(self.school.iter().map(|school| school.at)).chain(self.sun);
        let lines = self.past.iter().chain(&self.next).chain(&self.footprint).copied();
        if points.chain(lines).any(|(longitude, latitude)| !((-180.0..=180.0).contains(&longitude) && (-90.0..=90.0).contains(&latitude))) {
            return wrong("a place on a map is a longitude from -180 to 180 and a latitude from -90 to 90");
        }
        if self.satellite.as_ref().is_some_and(|satellite| !(0.0..=360.0).contains(&satellite.heading)) {
            return wrong("`heading` must be an angle from 0 to 360");
        }
        let rings = self.land.iter().chain(&self.lakes);
        let count: usize = rings.clone().map(Vec::len).sum::<usize>() + self.past.len() + self.next.len() + self.footprint.len();
        if count > MOST {
            return wrong("a map has at most 50000 points");
        }
        if rings.flatten().any(|number| !(-3600.0..=3600.0).contains(number)) {
            return wrong("`land` and `lakes` are rings of numbers in tenths of a degree, each step from the point before");
        }
        Ok(())
    }

    fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), VizError> {
        draw::draw(self, canvas)
    }

    fn summary(&self, lang: Lang) -> String {
        let mut text = match (&self.satellite, lang) {
            (Some(satellite), Lang::De) => {
                format!("{} ist über {} und fliegt nach {}", satellite.name, spot(satellite.at, lang), course(satellite.heading, lang))
            }
            (Some(satellite), Lang::En) => {
                format!("{} is over {} and flies {}", satellite.name, spot(satellite.at, lang), course(satellite.heading, lang))
            }
            (None, _) => lang.pick("Eine Weltkarte mit Tag und Nacht", "A map of the world with day and night").to_owned(),
        };
        if let Some(satellite) = &self.satellite {
            if let Some(height) = satellite.height {
                text += &format!(", {} {} km", lang.pick("Höhe", "height"), number::fixed(height, 0, lang));
            }
            if let Some(speed) = satellite.speed {
                let words = lang.pick("über Grund", "over the ground");
                text += &format!(", {} km/s {words}", number::fixed(speed, 2, lang));
            }
        }
        text.push('.');
        if let Some(school) = &self.school
            && let Some(night) = self.is_night(school.at)
        {
            let name = Self::school_name(school, lang);
            text += &match (night, lang) {
                (true, Lang::De) => format!(" Bei {name} ist es Nacht."),
                (false, Lang::De) => format!(" Bei {name} ist es Tag."),
                (true, Lang::En) => format!(" It is night at {name}."),
                (false, Lang::En) => format!(" It is day at {name}."),
            };
        }
        let note = self.note.get(lang).trim_end_matches('.');
        if note.is_empty() { text } else { format!("{text} {note}.") }
    }

    fn cells(&self, lang: Lang) -> Cells {
        let columns = [("was", "what"), ("geografische Länge in °", "longitude in °"), ("geografische Breite in °", "latitude in °")];
        let row =
            |what: String, (longitude, latitude): (f64, f64)| vec![Cell::text(what), Cell::Number(longitude, 1), Cell::Number(latitude, 1)];
        let mut rows: Vec<Vec<Cell>> = self.now(lang).into_iter().map(|(name, at)| row(name, at)).collect();
        for (points, name) in
            [(&self.past, lang.pick("letzter Umlauf", "last orbit")), (&self.next, lang.pick("nächster Umlauf", "next orbit"))]
        {
            rows.extend(points.iter().map(|at| row(name.to_owned(), *at)));
        }
        if rows.is_empty() {
            rows.push(vec![Cell::text(lang.pick("nur die Karte", "the map alone")), Cell::None, Cell::None]);
        }
        Cells { columns: columns.map(|(de, en)| lang.pick(de, en).to_owned()).to_vec(), rows }
    }

    fn lengths(&self) -> Vec<usize> {
        vec![self.now(Lang::En).len(), self.past.len(), self.next.len()]
    }

    fn readout(&self, place: Place, lang: Lang) -> String {
        if place.series == NOW {
            let now = self.now(lang);
            return now.get(place.index).map(|(name, at)| format!("{name}: {}", spot(*at, lang))).unwrap_or_default();
        }
        let (points, name) = match place.series {
            1 => (&self.past, lang.pick("letzter Umlauf", "last orbit")),
            _ => (&self.next, lang.pick("nächster Umlauf", "next orbit")),
        };
        points.get(place.index).map(|at| format!("{name}: {}", spot(*at, lang))).unwrap_or_default()
    }

    fn tune(&self, series: usize, lang: Lang) -> (String, Vec<Option<f64>>, String) {
        // How far north it is: up and down once a turn.
        let points = if series == 1 { &self.past } else { &self.next };
        (lang.pick("geografische Breite", "latitude").to_owned(), points.iter().map(|at| Some(at.1)).collect(), "°".to_owned())
    }
}
