//! What can be observed: a closed list of properties, one canonical unit each.
//!
//! Units are written with the symbols of the SenML registry (RFC 8428, RFC 8798); where it has none, in UCUM (`uT`).

use serde::{Deserialize, Serialize};

/// What an Observation is about (OGC SensorThings: ObservedProperty).
///
/// The discriminant is the code on the wire and on disk; it never changes and is never used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum ObservedProperty {
    /// Acceleration as the sensor feels it, gravity included: a phone at rest shows +9.81 upwards.
    Acceleration = 1,
    /// Acceleration with gravity removed by the phone's own sensor fusion.
    LinearAcceleration = 2,
    /// Angular velocity about the phone's axes.
    AngularVelocity = 3,
    /// Magnetic flux density.
    MagneticFluxDensity = 4,
    /// Air pressure at the sensor (station pressure, not reduced to sea level).
    Pressure = 5,
    /// Illuminance.
    Illuminance = 6,
    /// Temperature.
    Temperature = 7,
    /// Sound level; uncalibrated unless the template says otherwise.
    SoundLevel = 8,
    /// Relative humidity.
    RelativeHumidity = 9,
    /// Voltage.
    Voltage = 10,
    /// Electric current.
    ElectricCurrent = 11,
    /// Orientation as angles about the phone's x, y and z axes, from its own fusion of sensors; z counts from wherever the
    /// phone thinks north is.
    Orientation = 12,
    /// Where a phone is, east, north and up of where its measurement began. The position itself never leaves the phone.
    Displacement = 13,
    /// The time between two events that the sender has marked itself: two sounds (the acoustic stopwatch), or a signal and the tap that
    /// answers it. One reading an interval, at its end.
    TimeInterval = 14,
    /// The frequency of the strongest tone that a microphone hears; only this number leaves the phone.
    Frequency = 15,
    /// Wind speed, averaged over whatever the station averages over.
    WindSpeed = 16,
    /// The strongest gust within whatever the station looks back on.
    WindGust = 17,
    /// Where the wind comes from, degrees clockwise from north (WMO-No. 8, 5.1). Means are those of directions, see
    /// [`ObservedProperty::is_circular`].
    WindDirection = 18,
    /// Precipitation of the interval that ends at the time.
    Precipitation = 19,
    /// Precipitation since a station's counter was last set to zero. It is stored as sent, so that sending again changes
    /// nothing; amounts are differences ([`rain_amounts`](crate::analysis::rain_amounts)).
    RainTotal = 20,
    /// How hard it rains, as the station estimates it.
    RainRate = 21,
    /// Irradiance of the sun and the sky on a horizontal plane: a moment's, or the mean of the interval that ends at the time.
    Irradiance = 22,
    /// Seconds of sunshine in the interval that ends at the time.
    Sunshine = 23,
    /// UV index (WHO, Global Solar UV Index, 2002).
    UvIndex = 24,
    /// Air pressure reduced to sea level; [`ObservedProperty::Pressure`] is the station's own.
    SeaLevelPressure = 25,
    /// Dew point.
    DewPoint = 26,
    /// Mass of particles up to 10 µm in a volume of air.
    Pm10 = 27,
    /// Mass of particles up to 2.5 µm in a volume of air.
    #[serde(rename = "pm2_5")]
    Pm2_5 = 28,
    /// Carbon dioxide in the air, parts per million of its volume.
    CarbonDioxide = 29,
    /// Moisture of soil: volume of water, or whatever share a cheap probe calls it.
    SoilMoisture = 30,
    /// How much of the sky is covered.
    CloudCover = 31,
    /// How far one sees.
    Visibility = 32,
}

/// What the hub knows of an [`ObservedProperty`]; one row of the table below.
struct Row {
    property: ObservedProperty,
    name: &'static str,
    stream: &'static str,
    unit: &'static str,
    components: usize,
    range: (f32, f32),
}

use ObservedProperty as P;

/// Ranges are what the widest common phone sensor or weather station can report. Beyond them a value of a recording, or of a weather
/// service's file, is stored and flagged; one that a station pushes is a Reject ([`RejectReason::OutOfRange`](crate::reject::RejectReason)):
/// a sensor that fails would flatten every chart of its years.
const TABLE: [Row; 32] = [
    Row { property: P::Acceleration, name: "acceleration", stream: "acc", unit: "m/s2", components: 3, range: (-320.0, 320.0) },
    Row {
        property: P::LinearAcceleration,
        name: "linear_acceleration",
        stream: "lin",
        unit: "m/s2",
        components: 3,
        range: (-320.0, 320.0),
    },
    Row { property: P::AngularVelocity, name: "angular_velocity", stream: "gyr", unit: "rad/s", components: 3, range: (-70.0, 70.0) },
    Row {
        property: P::MagneticFluxDensity,
        name: "magnetic_flux_density",
        stream: "mag",
        unit: "uT",
        components: 3,
        range: (-10_000.0, 10_000.0),
    },
    Row { property: P::Pressure, name: "pressure", stream: "pres", unit: "hPa", components: 1, range: (260.0, 1260.0) },
    Row { property: P::Illuminance, name: "illuminance", stream: "light", unit: "lx", components: 1, range: (0.0, 200_000.0) },
    Row { property: P::Temperature, name: "temperature", stream: "temp", unit: "Cel", components: 1, range: (-90.0, 200.0) },
    Row { property: P::SoundLevel, name: "sound_level", stream: "sound", unit: "dB", components: 1, range: (-160.0, 160.0) },
    Row { property: P::RelativeHumidity, name: "relative_humidity", stream: "hum", unit: "%RH", components: 1, range: (0.0, 105.0) },
    Row { property: P::Voltage, name: "voltage", stream: "volt", unit: "V", components: 1, range: (-1000.0, 1000.0) },
    Row { property: P::ElectricCurrent, name: "electric_current", stream: "amp", unit: "A", components: 1, range: (-1000.0, 1000.0) },
    Row { property: P::Orientation, name: "orientation", stream: "ori", unit: "rad", components: 3, range: (-6.3, 6.3) },
    Row { property: P::Displacement, name: "displacement", stream: "disp", unit: "m", components: 3, range: (-100_000.0, 100_000.0) },
    Row { property: P::TimeInterval, name: "time_interval", stream: "dt", unit: "s", components: 1, range: (0.0, 3600.0) },
    Row { property: P::Frequency, name: "frequency", stream: "freq", unit: "Hz", components: 1, range: (0.0, 24_000.0) },
    Row { property: P::WindSpeed, name: "wind_speed", stream: "wind", unit: "m/s", components: 1, range: (0.0, 120.0) },
    Row { property: P::WindGust, name: "wind_gust", stream: "gust", unit: "m/s", components: 1, range: (0.0, 150.0) },
    Row { property: P::WindDirection, name: "wind_direction", stream: "wdir", unit: "deg", components: 1, range: (0.0, 360.0) },
    Row { property: P::Precipitation, name: "precipitation", stream: "rain", unit: "mm", components: 1, range: (0.0, 500.0) },
    Row { property: P::RainTotal, name: "rain_total", stream: "raintotal", unit: "mm", components: 1, range: (0.0, 100_000.0) },
    Row { property: P::RainRate, name: "rain_rate", stream: "rainrate", unit: "mm/h", components: 1, range: (0.0, 2000.0) },
    Row { property: P::Irradiance, name: "irradiance", stream: "irr", unit: "W/m2", components: 1, range: (-20.0, 2000.0) },
    Row { property: P::Sunshine, name: "sunshine", stream: "sunshine", unit: "s", components: 1, range: (0.0, 86_400.0) },
    Row { property: P::UvIndex, name: "uv_index", stream: "uv", unit: "1", components: 1, range: (0.0, 25.0) },
    Row { property: P::SeaLevelPressure, name: "sea_level_pressure", stream: "msl", unit: "hPa", components: 1, range: (850.0, 1100.0) },
    Row { property: P::DewPoint, name: "dew_point", stream: "dew", unit: "Cel", components: 1, range: (-100.0, 60.0) },
    Row { property: P::Pm10, name: "pm10", stream: "pm10", unit: "ug/m3", components: 1, range: (0.0, 10_000.0) },
    Row { property: P::Pm2_5, name: "pm2_5", stream: "pm25", unit: "ug/m3", components: 1, range: (0.0, 10_000.0) },
    Row { property: P::CarbonDioxide, name: "carbon_dioxide", stream: "co2", unit: "ppm", components: 1, range: (0.0, 50_000.0) },
    Row { property: P::SoilMoisture, name: "soil_moisture", stream: "soil", unit: "%", components: 1, range: (0.0, 100.0) },
    Row { property: P::CloudCover, name: "cloud_cover", stream: "cloud", unit: "%", components: 1, range: (0.0, 100.0) },
    Row { property: P::Visibility, name: "visibility", stream: "vis", unit: "m", components: 1, range: (0.0, 200_000.0) },
];

impl ObservedProperty {
    /// Every property, in the order of their codes.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|row| row.property)
    }

    fn row(self) -> &'static Row {
        &TABLE[self as usize - 1]
    }

    /// The code on the wire and on disk.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The property of a code.
    pub fn from_code(code: u8) -> Option<Self> {
        TABLE.iter().map(|row| row.property).find(|property| property.code() == code)
    }

    /// The name in the API, in exports and in file names: `angular_velocity`.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// The property of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        TABLE.iter().find(|row| row.name == name).map(|row| row.property)
    }

    /// The short name in topics and column prefixes: `gyr`.
    pub fn stream(self) -> &'static str {
        self.row().stream
    }

    /// The property of a stream's short name.
    pub fn from_stream(stream: &str) -> Option<Self> {
        TABLE.iter().find(|row| row.stream == stream).map(|row| row.property)
    }

    /// The symbol of the one unit in which values are stored.
    pub fn unit(self) -> &'static str {
        self.row().unit
    }

    /// 3 where a reading is a vector (x, y, z in the phone's frame), 1 where it is a scalar.
    pub fn components(self) -> usize {
        self.row().components
    }

    /// Whether a reading has the components x, y and z.
    pub fn is_vector(self) -> bool {
        self.components() == 3
    }

    /// Whether a reading says where somebody is or was. It is kept only where the template asks for it and the teacher has
    /// confirmed it for the lesson.
    pub fn is_location(self) -> bool {
        self == Self::Displacement
    }

    /// Whether values are directions, of which 350° and 10° have the mean 0° and not 180°: a plain mean of them means nothing.
    pub fn is_circular(self) -> bool {
        self == Self::WindDirection
    }

    /// The range in the canonical unit outside which a value is stored with a flag.
    pub fn range(self) -> std::ops::RangeInclusive<f32> {
        let (low, high) = self.row().range;
        low..=high
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_codes() {
        for (index, property) in ObservedProperty::all().enumerate() {
            assert_eq!(property.code() as usize, index + 1);
            assert_eq!(ObservedProperty::from_code(property.code()), Some(property));
            assert_eq!(ObservedProperty::from_name(property.name()), Some(property));
            assert_eq!(ObservedProperty::from_stream(property.stream()), Some(property));
        }
        assert_eq!(ObservedProperty::from_code(0), None);
        assert_eq!(serde_json::to_value(ObservedProperty::Pm2_5).unwrap(), "pm2_5");
    }

    #[test]
    fn every_canonical_unit_is_one_of_ours_and_every_name_its_own() {
        let mut names: Vec<&str> = ObservedProperty::all().flat_map(|property| [property.name(), property.stream()]).collect();
        for property in ObservedProperty::all() {
            assert!(crate::unit::Unit::parse(property.unit()).is_ok(), "{property:?}");
            assert_eq!(serde_json::to_value(property).unwrap(), property.name());
        }
        names.sort_unstable();
        names.dedup();
        // Two names each; for `pressure` and the like they differ, for `sunshine` and `pm10` they are one.
        assert_eq!(names.len(), 2 * ObservedProperty::all().count() - 2);
    }
}
