//! From JSON to figures, by hand: derived readers of all these types weighed 45 kB of the 190 kB that a browser loads, these
//! weigh 8. Members that nobody knows are passed over.

use serde_json::{Map, Value as Json};

use super::data::{Band, Bins, Curve, Dot, Fit, Law, Mean, Prediction, Quantity, Value, Vote};
use super::{
    BoxPlot, Class, Classes, Difference, Differences, Group, Histogram, Kind, Map as WorldMap, Moment, Motion, Overlay, Peak, Phone,
    PlainFigure, Rose, Satellite, Scatter, School, Spectrum, Strip, Trace, Votes, Weather,
};
use crate::words::Bilingual;

/// Made from JSON; the error says where and what.
pub(super) trait Read: Sized {
    fn read(json: &Json) -> Result<Self, String>;
}

fn object(json: &Json) -> Result<&Map<String, Json>, String> {
    json.as_object().ok_or_else(|| "must be an object".to_owned())
}

#[inline(never)]
fn within(name: &str, fault: &str) -> String {
    format!("{name}: {fault}")
}

fn need<T: Read>(object: &Map<String, Json>, name: &str) -> Result<T, String> {
    match object.get(name) {
        Some(json) => T::read(json).map_err(|fault| within(name, &fault)),
        None => Err(format!("`{name}` is missing")),
    }
}

fn or<T: Read>(object: &Map<String, Json>, name: &str, default: T) -> Result<T, String> {
    object.get(name).map_or(Ok(default), |json| T::read(json).map_err(|fault| within(name, &fault)))
}

impl Read for f64 {
    fn read(json: &Json) -> Result<Self, String> {
        json.as_f64().ok_or_else(|| "must be a number".to_owned())
    }
}

impl Read for u32 {
    fn read(json: &Json) -> Result<Self, String> {
        json.as_u64().and_then(|number| number.try_into().ok()).ok_or_else(|| "must be a whole number from 0 on".to_owned())
    }
}

impl Read for bool {
    fn read(json: &Json) -> Result<Self, String> {
        json.as_bool().ok_or_else(|| "must be true or false".to_owned())
    }
}

impl Read for String {
    fn read(json: &Json) -> Result<Self, String> {
        json.as_str().map(str::to_owned).ok_or_else(|| "must be a text".to_owned())
    }
}

impl<T: Read> Read for Option<T> {
    fn read(json: &Json) -> Result<Self, String> {
        if json.is_null() { Ok(None) } else { T::read(json).map(Some) }
    }
}

impl<T: Read> Read for Vec<T> {
    fn read(json: &Json) -> Result<Self, String> {
        let list = json.as_array().ok_or_else(|| "must be a list".to_owned())?;
        let mut read = Self::with_capacity(list.len());
        for (place, json) in list.iter().enumerate() {
            read.push(T::read(json).map_err(|fault| within(&format!("[{place}]"), &fault))?);
        }
        Ok(read)
    }
}

impl<T: Read, const N: usize> Read for [T; N] {
    fn read(json: &Json) -> Result<Self, String> {
        Vec::read(json)?.try_into().map_err(|_| format!("must be {N} of them"))
    }
}

impl Read for (f64, f64) {
    fn read(json: &Json) -> Result<Self, String> {
        <[f64; 2]>::read(json).map(|[first, second]| (first, second))
    }
}

impl Read for Bilingual {
    fn read(json: &Json) -> Result<Self, String> {
        if let Some(text) = json.as_str() {
            return Ok(Self::same(text));
        }
        let object = object(json)?;
        Ok(Self { de: need(object, "de")?, en: need(object, "en")? })
    }
}

impl Read for Value {
    fn read(json: &Json) -> Result<Self, String> {
        if let Some(value) = json.as_f64() {
            return Ok(Self::from(value));
        }
        let object = object(json)?;
        Ok(Self {
            value: need(object, "value")?,
            uncertainty: or(object, "uncertainty", None)?,
            number: or(object, "number", 0)?,
            name: or(object, "name", String::new())?,
            own: or(object, "own", false)?,
            excluded: or(object, "excluded", None)?,
            by_hand: or(object, "by_hand", false)?,
        })
    }
}

/// Readers of plain structures: a member with a value behind it may be missing.
macro_rules! read {
    ($($name:ident { $($field:ident $(= $default:expr)?),* $(,)? })*) => {
        $(impl Read for $name {
            fn read(json: &Json) -> Result<Self, String> {
                let object = object(json)?;
                Ok(Self { $($field: read!(@ object $field $($default)?)?),* })
            }
        })*
    };
    (@ $object:ident $field:ident) => { need($object, stringify!($field)) };
    (@ $object:ident $field:ident $default:expr) => { or($object, stringify!($field), $default) };
}

read! {
    Quantity { name, unit = String::new() }
    Mean { n, mean, ci95 = None }
    Bins { edges, counts = Vec::new(), open = false }
    Band { value, tolerance = 0.0, label = Bilingual::default() }
    Vote { label, votes, right = false }
    Curve { name = Bilingual::default(), x, y, own = false }
    Dot { x, y, ux = None, uy = None, name = String::new(), excluded = None }
    Fit { label, model }
    Strip { quantity, values, mean = None, reference = None, predictions = Vec::new() }
    Histogram { quantity, values = Vec::new(), bins = None, mean = None, reference = None, predictions = Vec::new() }
    BoxPlot { quantity, values, reference = None, predictions = Vec::new() }
    Scatter { x, y, groups, log = false, zero = false, residuals = true, reach = None, predictions = Vec::new() }
    Group { name = Bilingual::default(), points, fit = None }
    Spectrum { quantity, step_hz, amplitudes, peaks = Vec::new(), max_hz = None, top = None }
    Peak { hz, uncertainty = None, label = Bilingual::default() }
    Motion { time, a, v, s, quantities = None, moments = Vec::new(), reach = None }
    Moment { at, label }
    Trace { x, y, curves, range = None, reference = None, moments = Vec::new(), predictions = Vec::new() }
    Overlay { y, curves, level = None, range = None, predictions = Vec::new() }
    Phone { quantity, reading = None, note = Bilingual::default() }
    Classes { view = Kind::default(), quantity, classes, reference = None }
    Class { name, values = Vec::new(), mean = None, bins = None, own = false }
    Differences { quantity, differences, margin = None, corrected = false }
    Difference { name, value, ci95, verdict = Bilingual::default() }
    Votes { question = Bilingual::default(), options }
    Weather {
        quantity, zone = String::new(), by = String::new(), begin, end = Vec::new(), mean = Vec::new(), min = Vec::new(), max = Vec::new(),
        sum = Vec::new(), count = Vec::new(), circular = false,
    }
    Rose { sectors, classes, unit = String::new(), calm = 0, undirected = 0 }
    Satellite { name, at, heading, height = None, speed = None }
    School { name = String::new(), at }
    WorldMap {
        land = Vec::new(), lakes = Vec::new(), satellite = None, past = Vec::new(), next = Vec::new(), footprint = Vec::new(), school = None,
        sun = None, note = Bilingual::default(),
    }
}

impl Read for Kind {
    fn read(json: &Json) -> Result<Self, String> {
        match json.as_str().unwrap_or_default() {
            "strip" => Ok(Self::Strip),
            "box" => Ok(Self::Box),
            "histogram" => Ok(Self::Histogram),
            "mean" => Ok(Self::Mean),
            _ => Err("must be strip, box, histogram or mean".to_owned()),
        }
    }
}

fn kind(json: &Json) -> Result<(&Map<String, Json>, &str), String> {
    let object = object(json)?;
    Ok((object, object.get("kind").and_then(Json::as_str).unwrap_or_default()))
}

impl Read for Prediction {
    fn read(json: &Json) -> Result<Self, String> {
        let (object, kind) = kind(json)?;
        let none = Bilingual::default;
        match kind {
            "number" => Ok(Self::Number { values: need(object, "values")?, label: or(object, "label", none())? }),
            "sketch" => Ok(Self::Sketch { points: need(object, "points")?, label: or(object, "label", none())? }),
            "choice" => Ok(Self::Choice { question: or(object, "question", none())?, options: need(object, "options")? }),
            _ => Err("`kind` must be number, sketch or choice".to_owned()),
        }
    }
}

impl Read for Law {
    fn read(json: &Json) -> Result<Self, String> {
        let (object, kind) = kind(json)?;
        match kind {
            "polynomial" => Ok(Self::Polynomial { coefficients: need(object, "coefficients")? }),
            "power" => {
                let (factor, exponent) = (need(object, "factor")?, need(object, "exponent")?);
                Ok(Self::Power { factor, exponent, offset: or(object, "offset", 0.0)? })
            }
            "exponential" => {
                let (offset, amplitude) = (need(object, "offset")?, need(object, "amplitude")?);
                Ok(Self::Exponential { offset, amplitude, tau: need(object, "tau")? })
            }
            "points" => Ok(Self::Points { points: need(object, "points")? }),
            _ => Err("`kind` must be polynomial, power, exponential or points".to_owned()),
        }
    }
}

impl Read for PlainFigure {
    fn read(json: &Json) -> Result<Self, String> {
        let (_, kind) = kind(json)?;
        match kind {
            "strip" => Read::read(json).map(Self::Strip),
            "histogram" => Read::read(json).map(Self::Histogram),
            "box" => Read::read(json).map(Self::Box),
            "scatter" => Read::read(json).map(Self::Scatter),
            "spectrum" => Read::read(json).map(Self::Spectrum),
            "motion" => Read::read(json).map(Self::Motion),
            "trace" => Read::read(json).map(Self::Trace),
            "overlay" => Read::read(json).map(Self::Overlay),
            "phone" => Read::read(json).map(Self::Phone),
            "classes" => Read::read(json).map(Self::Classes),
            "differences" => Read::read(json).map(Self::Differences),
            "votes" => Read::read(json).map(Self::Votes),
            "map" => Read::read(json).map(Self::Map),
            "weather" => Weather::read(json).map(Self::Weather),
            "rose" => Rose::read(json).map(Self::Rose),
            other => Err(format!(
                "there is no kind `{other}`; there are strip, histogram, box, scatter, spectrum, motion, trace, overlay, phone, classes, \
                 differences, votes, map, weather and rose"
            )),
        }
    }
}
