//! What an operation reads: a component of a sensor, or an earlier step.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::frame::Component;
use crate::quantity::ObservedProperty;

/// A component of a property: `acceleration.abs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Channel {
    /// Which property.
    pub property: ObservedProperty,
    /// Which component; a scalar's is [`Component::X`].
    pub component: Component,
}

impl Channel {
    /// Reads `acceleration.abs`, or `pressure` and `pressure.x` of a scalar. `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, component) = text.split_once('.').unwrap_or((text, ""));
        let property = ObservedProperty::from_name(name)?;
        let component = match component {
            "" if !property.is_vector() => Component::X,
            named => component_named(named)?,
        };
        Component::of(property).contains(&component).then_some(Self { property, component })
    }

    /// Its unit.
    pub fn unit(self) -> &'static str {
        self.property.unit()
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.property.name())?;
        if self.property.is_vector() { write!(f, ".{}", self.component.name(self.property)) } else { Ok(()) }
    }
}

impl Serialize for Channel {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Channel {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom(format!("{text:?} is no component of a sensor")))
    }
}

/// A component of a sensor, or the name of an earlier step or input.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    /// What a sensor recorded.
    Channel(Channel),
    /// What a step gave, or a group entered.
    Named(String),
}

impl fmt::Display for Operand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Channel(channel) => channel.fmt(f),
            Self::Named(name) => f.write_str(name),
        }
    }
}

impl Serialize for Operand {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Operand {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(Channel::parse(&text).map_or(Self::Named(text), Self::Channel))
    }
}

/// One or several operands: the first that was recorded counts. Never empty.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Operands(pub(in crate::template) Vec<Operand>);

impl Operands {
    /// In order of preference.
    pub fn iter(&self) -> impl Iterator<Item = &Operand> {
        self.0.iter()
    }

    /// The sensors among them.
    pub fn channels(&self) -> impl Iterator<Item = Channel> {
        self.0.iter().filter_map(|operand| match operand {
            Operand::Channel(channel) => Some(*channel),
            Operand::Named(_) => None,
        })
    }

    pub(super) fn properties(&self) -> Vec<ObservedProperty> {
        self.channels().map(|channel| channel.property).collect()
    }
}

const NAMED: [Component; 4] = [Component::X, Component::Y, Component::Z, Component::Abs];

/// The component of a name in the file: `x`, `y`, `z`, `abs`.
pub(in crate::template) fn component_named(text: &str) -> Option<Component> {
    NAMED.into_iter().find(|component| component.name(ObservedProperty::Acceleration) == text)
}

/// Components by their names in the file.
pub(in crate::template) mod component_name {
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::frame::Component;
    use crate::quantity::ObservedProperty;

    pub(in crate::template) fn serialize<S: Serializer>(component: &Component, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(component.name(ObservedProperty::Acceleration))
    }

    pub(in crate::template) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Component, D::Error> {
        let text = String::deserialize(deserializer)?;
        super::component_named(&text).ok_or_else(|| D::Error::custom(format!("component {text:?}: write x, y, z or abs")))
    }
}
