//! `$filter`: what is done of the expressions of OGC 18-088 (req/request-data/filter, built-in-filter-operations).
//!
//! ```text
//! or, and, not, ( )              path eq|ne|gt|ge|lt|le 'text'|number|true|false|null
//! geo.intersects(path, geography'Polygon ((…))'), st_within, st_intersects      of points
//! ```
//! Over what is in memory: stations, places, Datastreams. Of readings only spans of `phenomenonTime` are, which the store finds
//! without reading the rest. Anything else is refused by name, and never passed over.

mod read;
mod shape;

use std::cmp::Ordering;

use chrono::DateTime;
use messwerk_lessons::Micros;
use serde_json::{Map, Value};

use super::not_here;
use crate::api::problem::Problem;

pub(super) use self::shape::Shape;

/// How two things compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Eq,
    Ne,
    Gt,
    Ge,
    Lt,
    Le,
}

/// A filter.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Filter {
    And(Box<Filter>, Box<Filter>),
    Or(Box<Filter>, Box<Filter>),
    Not(Box<Filter>),
    Compare(String, Comparison, Literal),
    Within(String, Shape),
}

/// What a property is compared with.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Literal {
    Value(Value),
    /// As written; a number or a word may be one, too, so it is looked at when it is needed.
    Time(String),
}

/// What of Observations is possible.
const OF_OBSERVATIONS: &str = "Of Observations $filter takes phenomenonTime with ge, gt, le, lt, eq, joined by 'and', as in \
    phenomenonTime ge 2026-11-23T00:00:00Z; for those of one Datastream ask Datastreams('ID')/Observations. Anything else";

impl Filter {
    /// Reads an expression. 400 if it makes no sense, 501 if it is beyond what is done here.
    pub(super) fn read(text: &str) -> Result<Self, Problem> {
        read::read(text)
    }

    /// The paths of properties in it.
    pub(super) fn paths(&self) -> Vec<&str> {
        match self {
            Self::And(one, other) | Self::Or(one, other) => [one.paths(), other.paths()].concat(),
            Self::Not(inner) => inner.paths(),
            Self::Compare(path, ..) | Self::Within(path, _) => vec![path],
        }
    }

    /// Whether it leaves an entity. A property that is not there is null, and null is equal to null alone.
    pub(super) fn leaves(&self, entity: &Map<String, Value>) -> bool {
        match self {
            Self::And(one, other) => one.leaves(entity) && other.leaves(entity),
            Self::Or(one, other) => one.leaves(entity) || other.leaves(entity),
            Self::Not(inner) => !inner.leaves(entity),
            Self::Within(path, shape) => at(entity, path).is_some_and(|place| shape.has(place)),
            Self::Compare(path, comparison, literal) => {
                let null = Value::Null;
                let found = at(entity, path).unwrap_or(&null);
                let order = match literal {
                    Literal::Value(value) => order(found, value),
                    Literal::Time(text) => found.as_str().and_then(time).zip(time(text)).map(|(found, time)| found.cmp(&time)),
                };
                match (comparison, order) {
                    (Comparison::Eq, order) => order == Some(Ordering::Equal),
                    (Comparison::Ne, order) => order != Some(Ordering::Equal),
                    (_, None) => false,
                    (Comparison::Gt, Some(order)) => order.is_gt(),
                    (Comparison::Ge, Some(order)) => order.is_ge(),
                    (Comparison::Lt, Some(order)) => order.is_lt(),
                    (Comparison::Le, Some(order)) => order.is_le(),
                }
            }
        }
    }

    /// The half-open span of phenomenon times that it leaves.
    pub(super) fn span(&self) -> Result<(Micros, Micros), Problem> {
        let span = match self {
            Self::And(one, other) => {
                let (one, other) = (one.span()?, other.span()?);
                (one.0.max(other.0), one.1.min(other.1))
            }
            Self::Compare(path, comparison, Literal::Time(text)) if path == "phenomenonTime" => {
                let at = time(text).ok_or_else(|| not_here(OF_OBSERVATIONS))?;
                match comparison {
                    Comparison::Ge => (at, Micros::MAX),
                    Comparison::Gt => (at.saturating_add(1), Micros::MAX),
                    Comparison::Lt => (Micros::MIN, at),
                    Comparison::Le => (Micros::MIN, at.saturating_add(1)),
                    Comparison::Eq => (at, at.saturating_add(1)),
                    Comparison::Ne => return Err(not_here(OF_OBSERVATIONS)),
                }
            }
            _ => return Err(not_here(OF_OBSERVATIONS)),
        };
        Ok((span.0, span.1.max(span.0)))
    }
}

/// A time as RFC 3339 has it, µs since 1970 UTC.
fn time(text: &str) -> Option<Micros> {
    DateTime::parse_from_rfc3339(text).ok().map(|time| time.timestamp_micros())
}

/// What stands at a path of an entity: `name`, `id`, `properties/elevation_m`.
pub(super) fn at<'a>(entity: &'a Map<String, Value>, path: &str) -> Option<&'a Value> {
    let mut steps = path.split('/');
    let first = steps.next()?;
    let control = [("id", "@iot.id"), ("selfLink", "@iot.selfLink")].into_iter().find(|(short, _)| *short == first);
    let first = entity.get(control.map_or(first, |(_, whole)| whole))?;
    steps.try_fold(first, |value, step| value.get(step))
}

/// How two values of one type compare; none of two types.
pub(super) fn order(one: &Value, other: &Value) -> Option<Ordering> {
    match (one, other) {
        (Value::Null, Value::Null) => Some(Ordering::Equal),
        (Value::Bool(one), Value::Bool(other)) => Some(one.cmp(other)),
        (Value::Number(one), Value::Number(other)) => one.as_f64()?.partial_cmp(&other.as_f64()?),
        (Value::String(one), Value::String(other)) => Some(one.cmp(other)),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
