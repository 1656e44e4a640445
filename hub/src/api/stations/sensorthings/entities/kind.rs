//! The sets, their links and their properties.

/// The sets (OGC 18-088, "Resource Path": one for each class of the data model).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Kind {
    Things,
    Locations,
    HistoricalLocations,
    Datastreams,
    Sensors,
    ObservedProperties,
    Observations,
    FeaturesOfInterest,
}

impl Kind {
    pub(in super::super) const ALL: [Self; 8] = [
        Self::Things,
        Self::Locations,
        Self::HistoricalLocations,
        Self::Datastreams,
        Self::Sensors,
        Self::ObservedProperties,
        Self::Observations,
        Self::FeaturesOfInterest,
    ];

    pub(in super::super) fn set(self) -> &'static str {
        match self {
            Self::Things => "Things",
            Self::Locations => "Locations",
            Self::HistoricalLocations => "HistoricalLocations",
            Self::Datastreams => "Datastreams",
            Self::Sensors => "Sensors",
            Self::ObservedProperties => "ObservedProperties",
            Self::Observations => "Observations",
            Self::FeaturesOfInterest => "FeaturesOfInterest",
        }
    }

    pub(in super::super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.set() == name)
    }

    /// Links of an entity: name, where they lead, and whether to many.
    pub(in super::super) fn links(self) -> &'static [(&'static str, Self, bool)] {
        match self {
            Self::Things => &[
                ("Locations", Self::Locations, true),
                ("HistoricalLocations", Self::HistoricalLocations, true),
                ("Datastreams", Self::Datastreams, true),
            ],
            Self::Locations => &[("Things", Self::Things, true), ("HistoricalLocations", Self::HistoricalLocations, true)],
            Self::HistoricalLocations => &[("Thing", Self::Things, false), ("Locations", Self::Locations, true)],
            Self::Datastreams => &[
                ("Thing", Self::Things, false),
                ("Sensor", Self::Sensors, false),
                ("ObservedProperty", Self::ObservedProperties, false),
                ("Observations", Self::Observations, true),
            ],
            Self::Sensors | Self::ObservedProperties => &[("Datastreams", Self::Datastreams, true)],
            Self::Observations => &[("Datastream", Self::Datastreams, false), ("FeatureOfInterest", Self::FeaturesOfInterest, false)],
            Self::FeaturesOfInterest => &[("Observations", Self::Observations, true)],
        }
    }

    pub(in super::super) fn link(self, name: &str) -> Option<(Self, bool)> {
        self.links().iter().find(|(known, ..)| *known == name).map(|(_, to, many)| (*to, *many))
    }

    /// Properties that entities of a set have here.
    pub(in super::super) fn properties(self) -> &'static [&'static str] {
        match self {
            Self::Things => &["name", "description", "properties"],
            Self::Locations => &["name", "description", "encodingType", "location"],
            Self::HistoricalLocations => &["time"],
            Self::Datastreams => &["name", "description", "observationType", "unitOfMeasurement", "observedArea"],
            Self::Sensors => &["name", "description", "encodingType", "metadata"],
            Self::ObservedProperties => &["name", "definition", "description"],
            Self::Observations => &["phenomenonTime", "resultTime", "result"],
            Self::FeaturesOfInterest => &["name", "description", "encodingType", "feature"],
        }
    }

    /// Optional properties of the standard that they have not: who selects one gets the others.
    pub(in super::super) fn without(self) -> &'static [&'static str] {
        match self {
            Self::Datastreams => &["properties", "phenomenonTime", "resultTime"],
            Self::Observations => &["resultQuality", "validTime", "parameters"],
            Self::Things | Self::HistoricalLocations => &[],
            Self::Locations | Self::Sensors | Self::ObservedProperties | Self::FeaturesOfInterest => &["properties"],
        }
    }
}
