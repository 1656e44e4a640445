//! Two stations side by side, and where one station's wind came from.

use axum::Json;
use axum::extract::State;
use chrono_tz::Tz;
use messwerk_lessons::Micros;
use messwerk_lessons::weather::{Bucket, CALM, CLASSES, Kind, Rose, agreement, lag, pairs};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::series::edges::{By, edges, instant, offset};
use super::series::read::{Stream, exchanged, rounded};
use crate::api::blocking;
use crate::api::extract::{At, Parameters};
use crate::api::problem::Problem;
use crate::api::questions::property;
use crate::api::stations::seen;
use crate::api::who::Someone;
use crate::state::Hub;

/// Hours that are compared at most: ten years.
const HOURS: usize = 88_000;
/// Pairs that are told; of more every second, third … is.
const PAIRS: usize = 5_000;
/// Hours by which one may follow the other.
const LAG: i32 = 24;
/// µs of an hour.
const HOUR: Micros = 3_600_000_000;
/// Readings of a piece of the rose.
const PIECE: u64 = 500_000;

/// What is compared.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SelectPair {
    /// The first station.
    a: String,
    /// The second; it may be the same one with another channel.
    b: String,
    /// What: `temperature`.
    property: String,
    /// The first one's channel; without it the main one.
    #[serde(default)]
    channel_a: String,
    /// The second one's.
    #[serde(default)]
    channel_b: String,
    /// From when on: a day of the first station or an instant (RFC 3339). Without it from where both have readings.
    from: Option<String>,
    /// Up to when, likewise.
    to: Option<String>,
}

/// How two stations agree.
#[derive(Debug, Serialize, ToSchema)]
pub struct AgreementView {
    /// What.
    pub property: &'static str,
    /// In which unit.
    pub unit: &'static str,
    /// Hours that both have.
    pub n: usize,
    /// Mean of the first; `null` of directions.
    pub mean_a: Option<f64>,
    /// Mean of the second.
    pub mean_b: Option<f64>,
    /// Mean difference, second less first.
    pub bias: Option<f64>,
    /// Root of the mean squared difference.
    pub rmse: Option<f64>,
    /// Standard deviation of the differences.
    pub sd: Option<f64>,
    /// Pearson's correlation of the hours; `null` of directions, of fewer than three, or where nothing changes.
    pub correlation: Option<f64>,
    /// Hours by which the second follows the first, where they are most alike; negative: it is earlier. `null` below 48 hours.
    pub lag_hours: Option<i32>,
    /// The correlation then.
    pub lag_correlation: Option<f64>,
    /// The zone of the first station.
    pub time_zone: String,
    /// Every how manieth pair is told below.
    pub every: usize,
    /// When the pair's hour begins, µs since 1970 UTC.
    pub at: Vec<Micros>,
    /// What the first station's clock is ahead of UTC then, s.
    pub offset: Vec<i32>,
    /// The first one's mean (of amounts: sum) of the hour.
    pub value_a: Vec<f64>,
    /// The second one's.
    pub value_b: Vec<f64>,
}

/// Compares the hourly means (of rain: sums) of two stations over the hours that both have.
#[utoipa::path(get, path = "/api/v1/stations/compare", params(SelectPair), responses((status = 200, body = AgreementView), (status = 400, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem, description = "more than ten years")))]
pub async fn compare(
    State(hub): State<Hub>,
    who: Result<Option<Someone>, Problem>,
    Parameters(select): Parameters<SelectPair>,
) -> Result<Json<AgreementView>, Problem> {
    let ((station_a, settings), (station_b, _)) = (seen(&hub, &select.a, &who)?, seen(&hub, &select.b, &who)?);
    let zone = settings.time_zone;
    let a = Stream::named(&hub, &station_a, &select.channel_a, &select.property)?;
    let b = Stream::named(&hub, &station_b, &select.channel_b, &select.property)?;
    let (from, to) = asked((&select.from, &select.to), zone)?;
    let _turn = hub.stations.turn().await?;
    let (one, other) = (a.extent(&hub, from, to).await?, b.extent(&hub, from, to).await?);
    let (from, to) = (one.0.max(other.0), one.1.min(other.1));
    // Hours of UTC: they are everybody's, and what both begin and end with.
    let edges = edges(from, to, By::Hour, Tz::UTC, HOURS)
        .ok_or_else(|| Problem::too_much("Stations are compared over ten years at most. Give from and to.").coded("too_many_values"))?;
    let (a, b) = (hours(&hub, a, edges.clone()).await?, hours(&hub, b, edges).await?);
    let known = property(&select.property)?;
    let circular = Kind::of(known) == Kind::Direction;
    // Ten years at 49 shifts take a tenth of a second.
    let judged = blocking(move || {
        let found = pairs(&a, &b);
        let agreed = agreement(&found, circular).ok();
        let later = if circular { None } else { lag(&a, &b, HOUR, LAG) };
        Ok((found, agreed, later))
    });
    let (found, agreed, later) = judged.await?;
    let every = found.len().div_ceil(PAIRS).max(1);
    let told: Vec<_> = found.iter().step_by(every).collect();
    Ok(Json(AgreementView {
        property: known.name(),
        unit: known.unit(),
        n: found.len(),
        mean_a: agreed.and_then(|agreed| agreed.mean_a).map(rounded),
        mean_b: agreed.and_then(|agreed| agreed.mean_b).map(rounded),
        bias: agreed.map(|agreed| rounded(agreed.bias)),
        rmse: agreed.map(|agreed| rounded(agreed.rmse)),
        sd: agreed.and_then(|agreed| agreed.sd).map(rounded),
        correlation: agreed.and_then(|agreed| agreed.correlation).map(rounded),
        lag_hours: later.map(|later| later.steps),
        lag_correlation: later.map(|later| rounded(later.correlation)),
        time_zone: zone.name().to_owned(),
        every,
        at: told.iter().map(|pair| pair.at).collect(),
        offset: told.iter().map(|pair| offset(pair.at, zone)).collect(),
        value_a: told.iter().map(|pair| rounded(pair.a)).collect(),
        value_b: told.iter().map(|pair| rounded(pair.b)).collect(),
    }))
}

fn asked((from, to): (&Option<String>, &Option<String>), zone: Tz) -> Result<(Option<Micros>, Option<Micros>), Problem> {
    let parse = |name: &str, text: &Option<String>| text.as_deref().map(|text| instant(name, text, zone)).transpose();
    Ok((parse("from", from)?, parse("to", to)?))
}

/// Which share of an hour there are readings for, at least: half of it for a mean; of a sum that lacks more, the rest is no sum.
const COVERED: [f64; 2] = [0.5, 0.8];

/// The hours that are over and of which enough is known: their mean, of amounts their sum.
async fn hours(hub: &Hub, stream: Stream, edges: Vec<Micros>) -> Result<Vec<(Micros, f64)>, Problem> {
    let now = hub.clock.now();
    let (found, _) = stream.buckets(hub, edges, By::Hour).await?;
    let whole = |bucket: &&Bucket| bucket.end <= now && bucket.coverage >= COVERED[usize::from(bucket.sum.is_some())];
    Ok(found.buckets.iter().filter(whole).filter_map(|bucket| Some((bucket.begin, bucket.mean.or(bucket.sum)?))).collect())
}

/// Which wind.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SelectWind {
    /// The place of measurement; without it the main one.
    #[serde(default)]
    channel: String,
    /// From when on: a day of the station or an instant (RFC 3339). Without it from the first reading.
    from: Option<String>,
    /// Up to when, likewise. Without it up to now.
    to: Option<String>,
}

/// Where the wind came from.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoseView {
    /// Readings in each of 16 sectors, the first around north, then clockwise; of each by class of speed.
    pub sectors: Vec<Vec<u64>>,
    /// Where the classes begin, m/s: the first where calm ends; the last has no end.
    pub classes: Vec<f64>,
    /// Readings below 0.3 m/s, which have no direction.
    pub calm: u64,
    /// Readings of wind for which no direction was sent at the same time.
    pub undirected: u64,
    /// Readings shown: sectors and calm.
    pub total: u64,
}

/// A station's wind rose: readings of speed and direction that were sent for the same time.
#[utoipa::path(get, path = "/api/v1/stations/{id}/rose", params(("id" = String, Path), SelectWind), responses((status = 200, body = RoseView), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub async fn rose(
    State(hub): State<Hub>,
    who: Result<Option<Someone>, Problem>,
    At(id): At<String>,
    Parameters(select): Parameters<SelectWind>,
) -> Result<Json<RoseView>, Problem> {
    let (station, settings) = seen(&hub, &id, &who)?;
    let speed = Stream::named(&hub, &station, &select.channel, "wind_speed")?;
    let direction = Stream::named(&hub, &station, &select.channel, "wind_direction")?;
    let (from, to) = asked((&select.from, &select.to), settings.time_zone)?;
    if from.zip(to).is_some_and(|(from, to)| from > to) {
        return Err(exchanged());
    }
    // Within what there is, so that pieces of equal length are of equal weight. Nothing may lie within: the rose is empty then.
    let all = speed.extent(&hub, None, None).await?;
    let to = to.map_or(all.1, |to| to.clamp(all.0, all.1));
    let from = from.map_or(all.0, |from| from.clamp(all.0, to));
    let _turn = hub.stations.turn().await?;
    let mut rose = Rose::default();
    // In pieces, so that a station of seconds takes no more memory than one of minutes.
    let pieces = hub.store.count(speed.log, speed.thing, speed.property).div_ceil(PIECE).clamp(1, 1_000) as Micros;
    let length = to.saturating_sub(from).div_euclid(pieces).saturating_add(1);
    for piece in 0..pieces {
        let begin = from.saturating_add(length.saturating_mul(piece)).min(to);
        let end = begin.saturating_add(length).min(to);
        let most = usize::try_from(PIECE).unwrap_or(usize::MAX).saturating_mul(8);
        let (speeds, _) = speed.raw(&hub, begin, end, most).await?;
        let (directions, _) = direction.raw(&hub, begin, end, most).await?;
        let mut directions = directions.into_iter().peekable();
        for (at, speed) in speeds {
            while directions.next_if(|(time, _)| *time < at).is_some() {}
            let direction = directions.next_if(|(time, _)| *time == at).map(|(_, direction)| f64::from(direction));
            rose.push(f64::from(speed), direction);
        }
    }
    Ok(Json(RoseView {
        sectors: rose.sectors.iter().map(|sector| sector.to_vec()).collect(),
        classes: [CALM].iter().chain(CLASSES.iter()).copied().filter(|end| end.is_finite()).collect(),
        calm: rose.calm,
        undirected: rose.undirected,
        total: rose.total(),
    }))
}
