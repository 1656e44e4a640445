//! The `lesson` message: who takes part and what is drawn.

use messwerk_lessons::Micros;
use messwerk_lessons::frame::Component;
use messwerk_lessons::id::ThingId;
use messwerk_lessons::quantity::ObservedProperty;
use serde::Deserialize;

use crate::error::VizError;
use crate::words::{Bilingual, component_from_name};

/// One phone or station.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Thing {
    /// Its id.
    pub id: ThingId,
    /// Its number in the lesson, from 1: the label that always fits.
    pub number: u32,
    /// Its generated nickname.
    #[serde(default)]
    pub nickname: String,
}

impl Thing {
    /// `7 Otter`, or just `7`.
    pub fn label(&self) -> String {
        if self.nickname.is_empty() { self.number.to_string() } else { format!("{} {}", self.number, self.nickname) }
    }
}

/// What the board shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Lesson {
    /// The lesson's id, only ever compared.
    pub id: String,
    /// The lesson's title.
    pub title: Bilingual,
    /// The property of the live charts; `None` where nothing is recorded, for what counts is entered.
    pub property: Option<ObservedProperty>,
    /// Its component.
    pub component: Component,
    /// The unit symbol of the values.
    pub unit: String,
    /// Fixed y range from the template, if it names one.
    pub range: Option<(f64, f64)>,
    /// The hub's clock when the message was made.
    pub now: Option<Micros>,
    /// When the lesson ended, if it did: then its last seconds are shown, not the present.
    pub ended: Option<Micros>,
    /// The number of the newest Take, where a teacher leads.
    pub take: Option<u32>,
    /// Ascending by number.
    pub things: Vec<Thing>,
}

#[derive(Deserialize)]
struct Message {
    id: String,
    #[serde(default)]
    title: Bilingual,
    property: Option<String>,
    component: Option<String>,
    unit: Option<String>,
    range: Option<(f64, f64)>,
    now: Option<Micros>,
    ended: Option<Micros>,
    take: Option<Take>,
    #[serde(default)]
    things: Vec<Thing>,
}

#[derive(Deserialize)]
struct Take {
    number: u32,
}

impl Lesson {
    /// Reads the message `{"type":"lesson",…}`; unknown fields are ignored, so an older page can follow a newer hub.
    pub fn parse(json: &str) -> Result<Self, VizError> {
        let message: Message = serde_json::from_str(json)?;
        let known = |name: String| ObservedProperty::from_name(&name).ok_or(VizError::Property(name));
        let property = message.property.map(known).transpose()?;
        let component = match property {
            None => Component::X,
            Some(property) => {
                let name = message.component.unwrap_or_default();
                let component = component_from_name(&name).filter(|component| Component::of(property).contains(component));
                component.ok_or(VizError::Component(name))?
            }
        };
        let order = crate::order::ranks(message.things.iter().map(|thing| f64::from(thing.number)));
        let things = order.into_iter().map(|place| message.things[place].clone()).collect();
        Ok(Self {
            id: message.id,
            title: message.title,
            property,
            component,
            unit: message.unit.unwrap_or_else(|| property.map_or("", ObservedProperty::unit).to_owned()),
            range: message.range.filter(|(low, high)| low.is_finite() && high.is_finite() && low < high),
            now: message.now,
            ended: message.ended,
            take: message.take.map(|take| take.number),
            things,
        })
    }
}

#[cfg(test)]
mod tests;
