//! What of a template the app can measure, and the names of its buffers.

use messwerk_lessons::quantity::ObservedProperty as P;
use messwerk_lessons::template::{Sensor, Source, Template};

/// Readings a second that are asked for at most. Everything in the library needs 40 or fewer, iPhones give 100, and from
/// 200 on a gyroscope carries speech.
const MOST_HZ: f64 = 100.0;
/// A sensor that is a little early is not halved by the limit (see the module above).
const EARLY: f64 = 1.1;
/// Seconds that wait to be sent while the network does not answer.
const WAITING_S: f64 = 5.0;
/// Numbers in one packet: iOS writes up to 22 characters each, and a packet has 64 KiB.
const MOST_NUMBERS: usize = 2_600;
/// Readings between two runs of the analysis; an app that is busy runs it late.
const UNREAD: usize = 1_000;

/// What both apps call a property: sensor, name of the quantity in both languages, symbol, unit.
pub(super) struct Kind {
    pub(super) sensor: &'static str,
    pub(super) name: (&'static str, &'static str),
    /// As [`messwerk_lessons::export`] recognises it when the measurement is exported and uploaded.
    pub(super) header: &'static str,
    pub(super) symbol: &'static str,
    pub(super) unit: &'static str,
}

/// `None` for what phyphox cannot send. The sound level is one: its microphone records the sound itself into a buffer of the
/// app, which saved states and exports contain. Temperature is another: iPhones have no such sensor, and Android phones
/// mostly that of their battery.
fn kind(property: P) -> Option<Kind> {
    let row = |sensor, name, header, symbol, unit| Some(Kind { sensor, name, header, symbol, unit });
    match property {
        P::Acceleration => row("accelerometer", ("Acceleration with g", "Beschleunigung mit g"), "Acceleration", "a", "m/s²"),
        P::LinearAcceleration => {
            row("linear_acceleration", ("Acceleration without g", "Beschleunigung ohne g"), "Linear Acceleration", "a", "m/s²")
        }
        P::AngularVelocity => row("gyroscope", ("Angular velocity", "Winkelgeschwindigkeit"), "Gyroscope", "ω", "rad/s"),
        P::MagneticFluxDensity => row("magnetic_field", ("Magnetic field", "Magnetfeld"), "Magnetic field", "B", "µT"),
        P::Pressure => row("pressure", ("Air pressure", "Luftdruck"), "Pressure", "p", "hPa"),
        P::Illuminance => row("light", ("Illuminance", "Beleuchtungsstärke"), "Illuminance", "E", "lx"),
        _ => None,
    }
}

/// One sensor and its buffers.
pub(super) struct Stream {
    pub(super) kind: Kind,
    /// `acc`, as keys and topics have it.
    pub(super) stream: &'static str,
    /// Readings a second, as the app is asked.
    pub(super) rate: f64,
    /// Whether the experiment starts on a phone without this sensor.
    pub(super) optional: bool,
    vector: bool,
}

/// A column of a stream: what the sensor calls it, and its four names.
pub(super) struct Column {
    /// `t`, `x`, `y` or `z`.
    pub(super) component: &'static str,
    /// Key in the message, and the buffer that is sent and cleared.
    pub(super) sent: String,
    /// What the sensor fills.
    pub(super) raw: String,
    /// What is drawn and exported.
    pub(super) shown: String,
    /// In an export.
    pub(super) header: String,
}

impl Stream {
    pub(super) fn columns(&self) -> Vec<Column> {
        let stream = self.stream;
        let components: &[&'static str] = if self.vector { &["t", "x", "y", "z"] } else { &["t", "x"] };
        let column = |&component: &&'static str| {
            let sent = match component {
                "t" => format!("{stream}_time"),
                _ if self.vector => format!("{stream}{}", component.to_uppercase()),
                _ => stream.to_owned(),
            };
            let header = match component {
                "t" => "Time (s)".to_owned(),
                _ if self.vector => format!("{} {component} ({})", self.kind.header, self.kind.unit),
                _ => format!("{} ({})", self.kind.header, self.kind.unit),
            };
            Column { component, raw: format!("{stream}_raw_{component}"), shown: format!("{stream}_shown_{component}"), sent, header }
        };
        components.iter().map(column).collect()
    }
}

pub(super) struct Plan {
    /// The template's sensors that the app can send, the most important first.
    pub(super) streams: Vec<Stream>,
}

impl Plan {
    pub(super) fn of(template: &Template) -> Self {
        let mut streams: Vec<Stream> = template.sensors.iter().filter_map(stream).collect();
        // The analysis needs the first; the others are for the discussion or stand in for it.
        streams.iter_mut().skip(1).for_each(|stream| stream.optional = true);
        Self { streams }
    }

    /// Values that a buffer between sensor and analysis holds.
    pub(super) fn unread(&self) -> usize {
        UNREAD
    }

    /// Values that a buffer holds until they are sent.
    pub(super) fn waiting(&self, stream: &Stream) -> usize {
        let columns: usize = self.streams.iter().map(|stream| stream.columns().len()).sum();
        ((stream.rate * WAITING_S).ceil() as usize).clamp(1, MOST_NUMBERS / columns.max(1))
    }
}

fn stream(sensor: &Sensor) -> Option<Stream> {
    if !sensor.sources.contains(&Source::Phyphox) {
        return None;
    }
    let (kind, property) = (kind(sensor.quantity)?, sensor.quantity);
    let rate = sensor.max_hz.min(MOST_HZ) * EARLY;
    Some(Stream { kind, stream: property.stream(), rate, optional: false, vector: property.is_vector() })
}
