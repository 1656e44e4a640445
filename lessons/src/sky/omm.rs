//! Orbit mean-elements messages as JSON (CCSDS 502.0-B-3, with the keys of CelesTrak and Space-Track).

use serde::{Deserialize, Serialize};

use super::calendar::{instant, iso};
use super::elements::{Elements, Raw};
use super::read::MOST_OBJECTS;
use super::{Result, SkyError};

/// A number, or a number in quotes as Space-Track writes it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Number {
    Plain(f64),
    Quoted(String),
}

#[derive(Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
struct Omm {
    #[serde(default)]
    object_name: Option<String>,
    #[serde(default)]
    object_id: Option<String>,
    epoch: String,
    mean_motion: Number,
    eccentricity: Number,
    inclination: Number,
    ra_of_asc_node: Number,
    arg_of_pericenter: Number,
    mean_anomaly: Number,
    norad_cat_id: Number,
    #[serde(default)]
    rev_at_epoch: Option<Number>,
    bstar: Number,
}

/// Reads one object or a list of them. Unknown keys are left out; what SGP4 needs must be there.
///
/// Fails with `Format` (not JSON of this kind), `Element` (a value that cannot be) and `TooMany`.
pub fn omm(json: &str) -> Result<Vec<Elements>> {
    let value: serde_json::Value = serde_json::from_str(json).map_err(|error| SkyError::Format(error.to_string()))?;
    let values = match value {
        serde_json::Value::Array(values) => values,
        one => vec![one],
    };
    if values.len() > MOST_OBJECTS {
        return Err(SkyError::TooMany { found: values.len(), most: MOST_OBJECTS });
    }
    let object = |value| serde_json::from_value(value).map_err(|error| SkyError::Format(error.to_string()));
    let objects: Vec<Omm> = values.into_iter().map(object).collect::<Result<_>>()?;
    if objects.is_empty() {
        return Err(SkyError::Format("the list is empty".to_owned()));
    }
    objects.iter().map(Omm::elements).collect()
}

impl Omm {
    fn elements(&self) -> Result<Elements> {
        let name = self.object_name.as_deref().unwrap_or_default();
        let wrong =
            |reason: String| SkyError::Element { object: if name.is_empty() { "an object".to_owned() } else { name.to_owned() }, reason };
        let number = |number: &Number, key: &str| match number {
            Number::Plain(value) => Ok(*value),
            Number::Quoted(text) => text.trim().parse().map_err(|_| wrong(format!("{key} is no number: `{text}`"))),
        };
        let whole = |value: f64, key: &str| {
            let fits = (0.0..=999_999_999.0).contains(&value) && value == libm::floor(value);
            if fits { Ok(value as u32) } else { Err(wrong(format!("{key} is no whole number up to nine digits: {value}"))) }
        };
        let norad = whole(number(&self.norad_cat_id, "NORAD_CAT_ID")?, "NORAD_CAT_ID")?;
        let revolution = match &self.rev_at_epoch {
            Some(count) => whole(number(count, "REV_AT_EPOCH")?, "REV_AT_EPOCH")?,
            None => 0,
        };
        let epoch =
            instant(&self.epoch).ok_or_else(|| wrong(format!("EPOCH is no time as 2024-05-06T19:53:04.999776: `{}`", self.epoch)))?;
        let raw = Raw {
            mean_motion: number(&self.mean_motion, "MEAN_MOTION")?,
            eccentricity: number(&self.eccentricity, "ECCENTRICITY")?,
            inclination: number(&self.inclination, "INCLINATION")?,
            node: number(&self.ra_of_asc_node, "RA_OF_ASC_NODE")?,
            perigee: number(&self.arg_of_pericenter, "ARG_OF_PERICENTER")?,
            mean_anomaly: number(&self.mean_anomaly, "MEAN_ANOMALY")?,
            bstar: number(&self.bstar, "BSTAR")?,
        };
        Elements::checked(name, self.object_id.as_deref().unwrap_or_default(), norad, epoch, revolution, &raw)
    }
}

/// What is written: numbers as numbers.
#[derive(Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
struct Written<'e> {
    object_name: &'e str,
    object_id: &'e str,
    epoch: String,
    mean_motion: f64,
    eccentricity: f64,
    inclination: f64,
    ra_of_asc_node: f64,
    arg_of_pericenter: f64,
    mean_anomaly: f64,
    norad_cat_id: u32,
    rev_at_epoch: u32,
    bstar: f64,
}

impl Elements {
    /// The elements as an OMM in JSON, which [`omm`] reads back to the very same.
    pub fn to_omm(&self) -> String {
        let written = Written {
            object_name: &self.name,
            object_id: &self.designator,
            epoch: iso(self.epoch),
            mean_motion: self.mean_motion,
            eccentricity: self.eccentricity,
            inclination: self.inclination,
            ra_of_asc_node: self.node,
            arg_of_pericenter: self.perigee,
            mean_anomaly: self.mean_anomaly,
            norad_cat_id: self.norad,
            rev_at_epoch: self.revolution,
            bstar: self.bstar,
        };
        // A struct of texts and finite numbers has no way to fail.
        serde_json::to_string(&written).unwrap_or_default()
    }
}
