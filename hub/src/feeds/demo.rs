//! A small set of made-up weather in the services' own formats, for lessons without internet and for trying out.
//!
//! The files in `hub/demo/` were written by `messwerk-sim weather-year --demo` (seed 1, 2025); they come in as a teacher's files do.

use std::fs::File;
use std::io::Write as _;

use messwerk_store::catalogue::Station;

use super::jobs::{Arrived, submit};
use crate::api::blocking;
use crate::api::problem::Problem;
use crate::sky;
use crate::state::Hub;
use crate::station::settings::Settings;
use messwerk_lessons::sky as model;

/// Stations and their files.
const STATIONS: [(&str, &[&[u8]]); 5] = [
    (
        "Demo: hours of a year (DWD, simulated)",
        &[
            include_bytes!("../../demo/stundenwerte_TU_99901_akt.zip"),
            include_bytes!("../../demo/stundenwerte_FF_99901_akt.zip"),
            include_bytes!("../../demo/stundenwerte_RR_99901_akt.zip"),
            include_bytes!("../../demo/stundenwerte_P0_99901_akt.zip"),
        ],
    ),
    (
        "Demo: ten minutes of December (DWD, simulated)",
        &[
            include_bytes!("../../demo/10minutenwerte_TU_99901_akt.zip"),
            include_bytes!("../../demo/10minutenwerte_wind_99901_akt.zip"),
            include_bytes!("../../demo/10minutenwerte_nieder_99901_akt.zip"),
            include_bytes!("../../demo/10minutenwerte_SOLAR_99901_akt.zip"),
        ],
    ),
    // Apart: the one rounds what the other does not, and a time has one value.
    ("Demo: two days (Bright Sky, simulated)", &[include_bytes!("../../demo/brightsky.json")]),
    ("Demo: the last day (DWD POI, simulated)", &[include_bytes!("../../demo/99901-BEOB.csv")]),
    (
        "Demo: a box of openSenseMap (simulated)",
        &[include_bytes!("../../demo/opensensemap_box.json"), include_bytes!("../../demo/opensensemap_temperature.csv")],
    ),
];
/// Elements of satellites that do not exist, as OMM and as two lines.
const ELEMENTS: [&[u8]; 2] = [include_bytes!("../../demo/elements.json"), include_bytes!("../../demo/elements.txt")];

/// Makes the stations that are not there yet by name, and hands each its files; the stations. What is there already counts as a duplicate.
/// Returns when everything is stored.
pub async fn load(hub: &Hub) -> Result<Vec<Station>, Problem> {
    // Two clicks at once would both find nothing there and make everything twice.
    let _turn = hub.feeds.making.lock().await;
    let finding = hub.clone();
    let stations = blocking(move || {
        let known = finding.store.catalogue().stations()?;
        let mut stations = vec![];
        for (name, _) in STATIONS {
            let there = known.iter().find(|one| Settings::read(&one.settings).is_some_and(|settings| settings.name == name));
            let station = match there {
                Some(station) => station.clone(),
                None => {
                    let note = "Made up by messwerk-sim: no weather that ever was.".to_owned();
                    // A POI report does not say where it is of.
                    let (latitude, longitude) = (Some(51.96), Some(7.6));
                    let settings = Settings { note, latitude, longitude, elevation_m: Some(62.0), ..Settings::named(name) };
                    let (log, _) = finding.stations.add(&settings)?;
                    finding.store.catalogue().station(log)?.ok_or_else(|| Problem::conflict("The station was erased meanwhile."))?
                }
            };
            stations.push(station);
        }
        let now = finding.clock.now();
        for file in ELEMENTS {
            let sets: Vec<_> = model::read(file)?.iter().map(|elements| sky::kept(elements, "demo", now)).collect();
            finding.store.catalogue().put_elements(&sets)?;
        }
        Ok(stations)
    })
    .await?;
    for (station, (_, files)) in stations.iter().zip(STATIONS) {
        for bytes in files {
            let place = hub.feeds.jobs.wait_for_place().await.ok_or_else(|| Problem::unavailable("The hub stops."))?;
            let file = blocking(move || written(bytes).map_err(|error| Problem::internal(&error))).await?;
            let arrived = Arrived { file, bytes: bytes.len() as u64, source: "demo".to_owned(), sensor: None, station: None };
            // As it is now: the file before may have told the sensors of a box.
            let now = hub.store.catalogue().station(station.log)?.ok_or_else(|| Problem::conflict("The station was erased meanwhile."))?;
            let (_, job) = submit(hub, now, place, arrived).await?;
            job.await.map_err(|error| Problem::internal(&error))?.done().map_err(|undone| Problem::conflict(undone.said))?;
        }
    }
    Ok(stations)
}

fn written(bytes: &[u8]) -> std::io::Result<File> {
    let mut file = tempfile::tempfile()?;
    file.write_all(bytes)?;
    Ok(file)
}
