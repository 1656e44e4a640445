//! What the name of a column says: the grammar that JSON keys, CSV topics and SenML names share.

use messwerk_lessons::quantity::ObservedProperty;

use super::rejects::shown;

/// What a column is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field {
    /// `t`, `time`: seconds; `acc_time`: of that stream alone.
    Time(Option<ObservedProperty>),
    /// `x`, `accX`, `acc_x`: a component, 0 to 2, of the stream named by prefix, topic or `stream`.
    Component(Option<ObservedProperty>, usize),
    /// `pres`, `pressure`, `presX`: a scalar.
    Scalar(ObservedProperty),
    /// `boot`: the sender's numbering, 16 hexadecimal digits.
    Boot,
    /// `seq`: its number of the batch.
    Sequence,
    /// `t0`: time of the first reading, µs.
    Start,
    /// `dt`: µs from `t0`.
    Differences,
    /// `stream`: which stream `x`, `y` and `z` are of.
    Stream,
    /// `offset`: hub time − sender's time, µs.
    Offset,
    /// `uncertainty`: of the offset, µs.
    Uncertainty,
    /// `payload`: Sensor Logger's list.
    Payload,
    /// Says who or what the sender is.
    Identifier,
    /// Anything else, by the name as it may be shown.
    Unknown(String),
}

/// Names under which phyphox's `<send type="meta">` and other senders say who they are. The phone's sensor data sheets
/// (`accelerometerName` ...) tell models apart as well and are found by their endings.
const IDENTIFIERS: [&str; 19] = [
    "id",
    "uniqueid",
    "uuid",
    "deviceid",
    "sessionid",
    "userid",
    "clientid",
    "devicemodel",
    "devicebrand",
    "deviceboard",
    "devicemanufacturer",
    "devicebaseos",
    "devicecodename",
    "devicerelease",
    "name",
    "ssid",
    "bssid",
    "ipaddress",
    "mac",
];
const DATA_SHEET: [&str; 3] = ["Name", "Vendor", "Version"];
const SENSORS: [&str; 11] = [
    "accelerometer",
    "linear_acceleration",
    "gravity",
    "gyroscope",
    "magnetic_field",
    "pressure",
    "temperature",
    "humidity",
    "light",
    "proximity",
    "attitude",
];

impl Field {
    /// What a column of this name is.
    pub fn of(name: &str) -> Self {
        match name {
            "x" | "X" => Self::Component(None, 0),
            "y" | "Y" => Self::Component(None, 1),
            "z" | "Z" => Self::Component(None, 2),
            "t" | "time" => Self::Time(None),
            "boot" => Self::Boot,
            "seq" => Self::Sequence,
            "t0" => Self::Start,
            "dt" => Self::Differences,
            "stream" => Self::Stream,
            "offset" => Self::Offset,
            "uncertainty" => Self::Uncertainty,
            "payload" => Self::Payload,
            _ => Self::of_stream(name)
                .unwrap_or_else(|| if identifies(name) { Self::Identifier } else { Self::Unknown(shown(name).to_owned()) }),
        }
    }

    /// A column with a stream's name in it.
    fn of_stream(name: &str) -> Option<Self> {
        if let Some(stream) = name.strip_suffix("_time") {
            return property(stream).map(|property| Self::Time(Some(property)));
        }
        if let Some(property) = property(name).filter(|property| !property.is_vector()) {
            return Some(Self::Scalar(property));
        }
        let (end, _) = name.char_indices().next_back()?;
        let component = ["x", "y", "z"].iter().position(|axis| name[end..].eq_ignore_ascii_case(axis))?;
        let stream = &name[..end];
        let property = property(stream.strip_suffix('_').unwrap_or(stream))?;
        match (property.is_vector(), component) {
            (true, _) => Some(Self::Component(Some(property), component)),
            (false, 0) => Some(Self::Scalar(property)),
            (false, _) => None,
        }
    }
}

/// The property of a stream's short or long name (`pres`, `pressure`).
pub(super) fn property(stream: &str) -> Option<ObservedProperty> {
    ObservedProperty::from_stream(stream).or_else(|| ObservedProperty::from_name(stream))
}

fn identifies(name: &str) -> bool {
    let sensor = |ending: &str| name.strip_suffix(ending).is_some_and(|sensor| SENSORS.contains(&sensor));
    IDENTIFIERS.iter().any(|identifier| name.eq_ignore_ascii_case(identifier)) || DATA_SHEET.into_iter().any(sensor)
}

#[cfg(test)]
mod tests {
    use ObservedProperty as P;

    use super::*;

    #[test]
    fn a_name_says_what_its_column_is() {
        let check = |name: &str, field| assert_eq!(Field::of(name), field, "{name}");
        check("t", Field::Time(None));
        check("acc_time", Field::Time(Some(P::Acceleration)));
        check("pressure_time", Field::Time(Some(P::Pressure)));
        check("accX", Field::Component(Some(P::Acceleration), 0));
        check("gyr_y", Field::Component(Some(P::AngularVelocity), 1));
        check("z", Field::Component(None, 2));
        check("pres", Field::Scalar(P::Pressure));
        check("pressure", Field::Scalar(P::Pressure));
        check("uniqueID", Field::Identifier);
        check("deviceModel", Field::Identifier);
        check("gyroscopeVendor", Field::Identifier);
        check("altitude", Field::Unknown("altitude".into()));
        check("presX", Field::Scalar(P::Pressure));
        check("light_x", Field::Scalar(P::Illuminance));
        check("presY", Field::Unknown("presY".into()));
        check("acc", Field::Unknown("acc".into()));
        check("Mia Müller", Field::Unknown("(name not shown)".into()));
        check("ü", Field::Unknown("(name not shown)".into()));
        check("", Field::Unknown("(name not shown)".into()));
    }
}
