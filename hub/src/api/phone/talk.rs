//! What a phone's page and the hub say to each other as text.

use std::collections::BTreeMap;

use messwerk_lessons::Micros;
use messwerk_lessons::id::ThingId;
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_lessons::template::{Template, Text};
use messwerk_store::catalogue::Channel;
use serde::Deserialize;
use serde_json::json;

use crate::api::templates::sensors;
use crate::flow::presence::{Permission, Platform, Seen};
use crate::flow::state::LessonState;
use crate::results::Results;

/// Channels that are written down for one socket.
pub(super) const CHANNELS: u32 = 100;

/// The first message.
#[derive(Debug, Deserialize)]
pub(super) struct Hello {
    /// The Thing's token.
    pub(super) token: String,
    /// Drawn at random when the page was loaded.
    pub(super) page: String,
    /// On what it runs.
    #[serde(default)]
    pub(super) platform: Option<Platform>,
}

impl Hello {
    pub(super) fn read(text: &str) -> Option<Self> {
        #[derive(Deserialize)]
        #[serde(tag = "type", rename_all = "snake_case")]
        enum First {
            Hello(Hello),
        }
        let First::Hello(hello) = serde_json::from_str(text).ok()?;
        let hexadecimal = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        (hello.page.len() == 16 && hello.page.bytes().all(hexadecimal)).then_some(hello)
    }
}

/// Any later message.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Said {
    /// What time is it?
    Ping {
        /// Given back as it was.
        t: serde_json::Number,
    },
    /// How things are.
    Status(Status),
    /// What is known of a sensor.
    Channel(ChannelSaid),
}

impl Said {
    pub(super) fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

/// How things are on a phone; what is left out is as before.
#[derive(Debug, Deserialize)]
pub(super) struct Status {
    #[serde(default)]
    unsent_s: Option<f64>,
    #[serde(default)]
    uncertainty: Option<f64>,
    #[serde(default)]
    permission: Option<Permission>,
}

impl Status {
    pub(super) fn note(self, seen: &mut Seen) {
        let sane = |number: f64, most: f64| (number.is_finite() && number >= 0.0).then_some(number.min(most));
        if let Some(unsent) = self.unsent_s.and_then(|unsent| sane(unsent, 86_400.0)) {
            seen.unsent_s = unsent;
        }
        if let Some(uncertainty) = self.uncertainty.and_then(|uncertainty| sane(uncertainty, 3.6e9)) {
            seen.uncertainty = Some(uncertainty as Micros);
        }
        seen.permission = self.permission.or(seen.permission);
    }
}

/// What is known of a sensor.
#[derive(Debug, Deserialize)]
pub(super) struct ChannelSaid {
    stream: String,
    #[serde(default)]
    resolution: f64,
    #[serde(default)]
    max_hz: f64,
    #[serde(default)]
    sign_fixed: bool,
}

impl ChannelSaid {
    /// As it is written down; `None` if it is of no stream.
    pub(super) fn checked(self, alignment: Option<Micros>) -> Option<(ObservedProperty, Channel)> {
        let property = ObservedProperty::from_stream(&self.stream)?;
        let sane = |number: f64| if (0.0..1e6).contains(&number) { number } else { 0.0 };
        let channel = Channel {
            resolution: sane(self.resolution),
            max_hz: sane(self.max_hz),
            sign_fixed: self.sign_fixed,
            source: "web".to_owned(),
            alignment_us: alignment.and_then(|alignment| u32::try_from(alignment).ok()),
        };
        Some((property, channel))
    }
}

/// The answer to a ping.
pub(super) fn pong(t: &serde_json::Number, hub: Micros) -> String {
    json!({"type": "pong", "t": t, "hub": hub}).to_string()
}

/// The first message to a phone. `lesson` is the lesson message.
pub(super) fn welcome(state: &LessonState, template: &Template, thing: ThingId, token: &str, lesson: &str) -> Option<String> {
    let thing = state.thing(thing)?;
    let mut streams = sensors(template);
    for stream in &mut streams {
        let name = stream["stream"].as_str().map(|name| format!("in/{token}/{name}"));
        stream["topic"] = json!(name);
    }
    let welcome = json!({
        "type": "welcome",
        "thing": {"id": thing.id, "number": thing.number, "nickname": thing.nickname, "inputs": thing.inputs, "look": crate::mint::look(&thing.nickname)},
        "task": template.task,
        "title": template.title,
        "inputs": template.inputs,
        "predictions": template.predictions,
        "labels": labels(template),
        "streams": streams,
        "phyphox": crate::phyphox::offers(template).then(|| format!("/p/{token}.phyphox")),
        "location": state.lesson.location,
    });
    // The lesson message goes in as it is.
    let mut text = welcome.to_string();
    text.pop();
    Some(format!("{text},\"lesson\":{lesson}}}"))
}

/// What numbers on the way to the result are called, where the template says it.
fn labels(template: &Template) -> BTreeMap<&str, &Text> {
    template.steps.iter().filter_map(|step| Some((step.name.as_str(), template.label_of(&step.name)?))).collect()
}

/// What a phone is told of results: its own, and the class's.
pub(super) fn result(results: &Results, thing: ThingId) -> String {
    let all = &results.outcomes;
    let own: Vec<_> = all.outcomes.iter().filter(|outcome| outcome.thing == thing).collect();
    let pending = all.pending.iter().find(|pending| pending.thing == thing).map(|pending| json!({"reason": pending.reason}));
    json!({"type": "result", "own": own, "class": all.class, "pending": pending, "hints": all.hints_of(thing)}).to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn what_a_page_says_is_read_or_refused() {
        let hello = |text: &str| Hello::read(text).map(|hello| (hello.token, hello.page, hello.platform));
        let full = r#"{"type":"hello","token":"t","page":"00ff00ff00ff00ff","lang":"de","platform":"ios"}"#;
        assert_eq!(hello(full), Some(("t".to_owned(), "00ff00ff00ff00ff".to_owned(), Some(Platform::Ios))));
        assert_eq!(hello(r#"{"type":"hello","token":"t","page":"0123456789abcdef","platform":"beos"}"#).unwrap().2, Some(Platform::Other));
        for bad in ["", "{}", r#"{"type":"ping","t":1}"#, r#"{"type":"hello","token":"t"}"#, r#"{"type":"hello","token":"t","page":""}"#] {
            assert_eq!(hello(bad), None, "{bad}");
        }
        for page in ["zz", "zzzzzzzzzzzzzzzz", "00ff", "00FF00FF00FF00FF", "00ff00ff00ff00ff0"] {
            assert_eq!(hello(&full.replace("00ff00ff00ff00ff", page)), None, "{page}");
        }
        for good in [
            r#"{"type":"ping","t":17.25}"#,
            r#"{"type":"status","sensors":["gyr"],"unsent_s":3.2,"offset":5,"uncertainty":8,"permission":"granted","measuring":true}"#,
            r#"{"type":"status"}"#,
            r#"{"type":"channel","stream":"acc","resolution":0.1,"max_hz":60,"sign_fixed":false}"#,
        ] {
            assert!(Said::read(good).is_some(), "{good}");
        }
        for bad in ["", "[]", r#"{"type":"shout"}"#, r#"{"type":"ping"}"#, r#"{"type":"status","permission":"maybe"}"#, full] {
            assert!(Said::read(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_ping_comes_back_as_it_was() {
        let Some(Said::Ping { t }) = Said::read(r#"{"type":"ping","t":123456.0625}"#) else { panic!("a ping") };
        let pong: Value = serde_json::from_str(&pong(&t, 7)).unwrap();
        assert_eq!(pong, json!({"type": "pong", "t": 123_456.062_5, "hub": 7}));
    }

    #[test]
    fn nonsense_is_not_noted() {
        let mut seen = Seen::default();
        for said in [r#"{"type":"status","unsent_s":-1,"uncertainty":-5}"#, r#"{"type":"status","unsent_s":2.5,"uncertainty":8000.5}"#] {
            let Some(Said::Status(status)) = Said::read(said) else { panic!("a status") };
            status.note(&mut seen);
        }
        assert_eq!((seen.unsent_s, seen.uncertainty), (2.5, Some(8000)));
        let Some(Said::Channel(channel)) = Said::read(r#"{"type":"channel","stream":"acc","resolution":1e300}"#) else {
            panic!("a channel")
        };
        let (property, channel) = channel.checked(Some(8_000)).unwrap();
        assert_eq!((property, channel.resolution, channel.alignment_us), (ObservedProperty::Acceleration, 0.0, Some(8_000)));
    }
}
