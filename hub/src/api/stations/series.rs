//! What a station measured over hours, days and years: buckets by its own clock, or the readings themselves.

pub mod edges;
pub mod read;

use axum::Json;
use axum::extract::State;
use messwerk_lessons::Micros;
use messwerk_lessons::weather::{Bucket, Kind};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use self::edges::{By, instant, offset};
use self::read::Stream;
use crate::api::extract::{At, Parameters};
use crate::api::problem::Problem;
use crate::api::stations::seen;
use crate::api::who::Someone;
use crate::state::Hub;

/// Buckets, or raw readings, of one answer: two years of hours, or two weeks of minutes.
pub const MOST: usize = 20_000;

/// Which series.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SelectSeries {
    /// The place of measurement as the station's list names it; without it the main one.
    #[serde(default)]
    channel: String,
    /// What: `temperature`.
    property: String,
    /// From when on: a day of the station (`2026-11-23`) or an instant (RFC 3339). Without it from the first reading.
    from: Option<String>,
    /// Up to when, likewise: the day itself is no part of it. Without it up to the latest reading.
    to: Option<String>,
    /// `raw`, `hour`, `day` or `month`; `auto`, which is the default, chooses by the length.
    by: Option<String>,
}

/// A series as columns: the nth entry of each belongs to the nth bucket.
#[derive(Debug, Serialize, ToSchema)]
pub struct SeriesView {
    /// The place of measurement.
    pub channel: String,
    /// What.
    pub property: &'static str,
    /// In which unit.
    pub unit: &'static str,
    /// `raw`, `hour`, `day` or `month`.
    pub by: &'static str,
    /// The zone in which hours, days and months begin.
    pub time_zone: String,
    /// µs between most readings; `null` below two.
    pub step: Option<Micros>,
    /// When a bucket begins (of amounts: after this instant), µs since 1970 UTC; of raw readings their times.
    pub begin: Vec<Micros>,
    /// When it ends; empty of raw readings.
    pub end: Vec<Micros>,
    /// What the station's clock is ahead of UTC at its beginning, s.
    pub offset: Vec<i32>,
    /// Readings in it; 0 is a gap. Empty of raw readings.
    pub count: Vec<u64>,
    /// Their mean, `null` without any; of wind directions that of their unit vectors; of raw readings the value.
    pub mean: Vec<Option<f64>>,
    /// The least; empty where there is none (raw, amounts, directions).
    pub min: Vec<Option<f64>>,
    /// The largest; likewise.
    pub max: Vec<Option<f64>>,
    /// The amount (rain, sunshine); empty of other properties. A counter's differences are added up, resets and gaps kept apart.
    pub sum: Vec<Option<f64>>,
    /// Share of the time that readings cover, 0 to 1; empty of raw readings.
    pub coverage: Vec<f64>,
    /// Readings that could not be read back from the disk.
    pub missing: u64,
}

/// A station's readings of one property, summed up by hours, days or months of its time zone.
#[utoipa::path(get, path = "/api/v1/stations/{id}/series", params(("id" = String, Path), SelectSeries), responses((status = 200, body = SeriesView), (status = 400, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem, description = "more than 20,000 buckets or readings")))]
pub async fn series(
    State(hub): State<Hub>,
    who: Result<Option<Someone>, Problem>,
    At(id): At<String>,
    Parameters(select): Parameters<SelectSeries>,
) -> Result<Json<SeriesView>, Problem> {
    let (station, settings) = seen(&hub, &id, &who)?;
    let stream = Stream::named(&hub, &station, &select.channel, &select.property)?;
    let zone = settings.time_zone;
    let parse = |name: &str, text: &Option<String>| text.as_deref().map(|text| instant(name, text, zone)).transpose();
    let (from, to) = (parse("from", &select.from)?, parse("to", &select.to)?);
    let _turn = hub.stations.turn().await?;
    let (from, to) = stream.extent(&hub, from, to).await?;
    let by = By::read(select.by.as_deref(), to.saturating_sub(from))?;
    let property = stream.property;
    let mut view = SeriesView {
        channel: select.channel,
        property: property.name(),
        unit: property.unit(),
        by: by.name(),
        time_zone: zone.name().to_owned(),
        step: None,
        begin: vec![],
        end: vec![],
        offset: vec![],
        count: vec![],
        mean: vec![],
        min: vec![],
        max: vec![],
        sum: vec![],
        coverage: vec![],
        missing: 0,
    };
    if by == By::Raw {
        let (readings, missing) = stream.raw(&hub, from, to, MOST).await?;
        view.step = read::median_step(&readings);
        view.begin = readings.iter().map(|(time, _)| *time).collect();
        view.mean = readings.iter().map(|(_, value)| Some(read::shown(*value))).collect();
        view.missing = missing;
    } else {
        let edges = edges::edges(from, to, by, zone, MOST + 1).ok_or_else(too_many)?;
        let (found, missing) = stream.buckets(&hub, edges, by).await?;
        (view.step, view.missing) = (found.step, missing);
        fill(&mut view, &found.buckets, Kind::of(property));
    }
    view.offset = view.begin.iter().map(|begin| offset(*begin, zone)).collect();
    Ok(Json(view))
}

fn fill(view: &mut SeriesView, buckets: &[Bucket], kind: Kind) {
    view.begin = buckets.iter().map(|bucket| bucket.begin).collect();
    view.end = buckets.iter().map(|bucket| bucket.end).collect();
    view.count = buckets.iter().map(|bucket| bucket.count).collect();
    view.coverage = buckets.iter().map(|bucket| (bucket.coverage * 1e4).round() / 1e4).collect();
    let column = |of: fn(&Bucket) -> Option<f64>| buckets.iter().map(|bucket| of(bucket).map(read::rounded)).collect();
    match kind {
        Kind::Amount | Kind::Counter => view.sum = column(|bucket| bucket.sum),
        Kind::Direction => view.mean = column(|bucket| bucket.mean),
        Kind::Mean => {
            view.mean = column(|bucket| bucket.mean);
            view.min = column(|bucket| bucket.min);
            view.max = column(|bucket| bucket.max);
        }
    }
}

/// The Problem that an answer would be too long.
pub fn too_many() -> Problem {
    Problem::too_much(format!("That are more than {MOST} values. Ask for less time, or by=hour, by=day or by=month."))
        .coded("too_many_values")
}

#[cfg(test)]
mod tests;
