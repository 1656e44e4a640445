//! The file itself. Buffers come before what names them: the Android app reads from top to bottom.

use std::io;

use messwerk_lessons::template::Template;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::Destination;
use super::plan::{Plan, Stream};

/// The file format: the first that sends the phone's clock (`type="time"`).
const VERSION: &str = "1.12";
/// Seconds between two messages. Board and phone show results once a second; half of that keeps the curve close behind.
const INTERVAL: &str = "0.5";
/// Seconds between two runs of the analysis, which only copies.
const SLEEP: &str = "0.1";
const CATEGORY: &str = "Messwerk";
/// Curves of a vector: blue, orange and green that are told apart with any colour vision on phyphox's dark ground.
const COLOURS: [&str; 3] = ["56b4e9", "e69f00", "009e73"];

/// What the phone's own view says, English (as in the file) and German (as its translation).
const VIEW: (&str, &str) = ("My measurement", "Meine Messung");
const SENT: (&str, &str) = (
    "Press play. What these sensors measure is sent to your class's hub until you press pause. Your name and your phone's are not.",
    "Drück auf Play. Was diese Sensoren messen, geht an den Hub deiner Klasse, bis du auf Pause drückst. Dein Name und der deines Handys nicht.",
);
const OWN: (&str, &str) = ("My result", "Mein Ergebnis");
const MEAN: (&str, &str) = ("Mean of the class", "Mittelwert der Klasse");
const COUNT: (&str, &str) = ("Results in the class", "Ergebnisse in der Klasse");
/// Buffers of what comes back, the member of the hub's answer, and what it is called.
const ANSWERS: [(&str, &str, (&str, &str)); 3] =
    [("result_own", "lists.own", OWN), ("result_mean", "lists.mean", MEAN), ("result_n", "lists.n", COUNT)];

type Out = Writer<Vec<u8>>;

pub(super) fn experiment(template: &Template, plan: &Plan, destination: &Destination) -> io::Result<String> {
    let mut out = Writer::new_with_indent(Vec::new(), b' ', 1);
    out.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    out.create_element("phyphox").with_attributes([("version", VERSION), ("locale", "en")]).write_inner_content(|out| {
        about(out, template)?;
        translation(out, template, plan)?;
        containers(out, plan, destination)?;
        inputs(out, plan)?;
        network(out, plan, destination)?;
        analysis(out, plan)?;
        view(out, template, plan, destination)?;
        export(out, plan)
    })?;
    String::from_utf8(out.into_inner()).map_err(io::Error::other)
}

fn text(out: &mut Out, name: &str, attributes: &[(&str, &str)], text: &str) -> io::Result<()> {
    out.create_element(name).with_attributes(attributes.iter().copied()).write_text_content(BytesText::new(text)).map(|_| ())
}

fn block(out: &mut Out, name: &str, attributes: &[(&str, &str)], inner: impl FnOnce(&mut Out) -> io::Result<()>) -> io::Result<()> {
    out.create_element(name).with_attributes(attributes.iter().copied()).write_inner_content(inner).map(|_| ())
}

fn about(out: &mut Out, template: &Template) -> io::Result<()> {
    text(out, "title", &[], &template.title.en)?;
    text(out, "category", &[], CATEGORY)?;
    text(out, "icon", &[], "MW")?;
    text(out, "description", &[], &template.task.en)
}

fn translation(out: &mut Out, template: &Template, plan: &Plan) -> io::Result<()> {
    block(out, "translations", &[], |out| {
        block(out, "translation", &[("locale", "de")], |out| {
            text(out, "title", &[], &template.title.de)?;
            text(out, "category", &[], CATEGORY)?;
            text(out, "description", &[], &template.task.de)?;
            let quantities = plan.streams.iter().map(|stream| stream.kind.name);
            for (english, german) in [VIEW, SENT, OWN, MEAN, COUNT].into_iter().chain(quantities) {
                text(out, "string", &[("original", english)], german)?;
            }
            Ok(())
        })
    })
}

fn containers(out: &mut Out, plan: &Plan, destination: &Destination) -> io::Result<()> {
    block(out, "data-containers", &[], |out| {
        for stream in &plan.streams {
            let (unread, waiting) = (plan.unread().to_string(), plan.waiting(stream).to_string());
            for column in stream.columns() {
                text(out, "container", &[("size", &unread)], &column.raw)?;
                text(out, "container", &[("size", &waiting)], &column.sent)?;
                // Without an end, as in phyphox's own experiments: whoever was offline exports all of it.
                text(out, "container", &[("size", "0")], &column.shown)?;
            }
        }
        for (buffer, ..) in answers(destination) {
            text(out, "container", &[("size", "1")], buffer)?;
        }
        Ok(())
    })
}

/// By MQTT nothing comes back.
fn answers(destination: &Destination) -> &'static [(&'static str, &'static str, (&'static str, &'static str))] {
    if destination.mqtt.is_some() { &[] } else { &ANSWERS }
}

fn inputs(out: &mut Out, plan: &Plan) -> io::Result<()> {
    block(out, "input", &[], |out| {
        for stream in &plan.streams {
            let rate = format!("{:.1}", stream.rate);
            let mut attributes = vec![("type", stream.kind.sensor), ("rate", rate.as_str())];
            if stream.optional {
                attributes.push(("ignoreUnavailable", "true"));
            }
            block(out, "sensor", &attributes, |out| {
                stream.columns().iter().try_for_each(|column| text(out, "output", &[("component", column.component)], &column.raw))
            })?;
        }
        Ok(())
    })
}

fn network(out: &mut Out, plan: &Plan, destination: &Destination) -> io::Result<()> {
    let Destination { origin, token, mqtt } = destination;
    let (privacy, post) = (format!("{origin}/privacy"), format!("{origin}/i/{token}"));
    let topic = format!("in/{token}/{}", plan.streams.first().map_or("batch", |stream| stream.stream));
    let mut attributes = vec![("id", "messwerk"), ("privacy", privacy.as_str()), ("interval", INTERVAL)];
    match mqtt {
        None => attributes.extend([("service", "http/post"), ("address", post.as_str()), ("conversion", "json")]),
        Some(door) => {
            attributes.extend([
                ("service", "mqtt/json"),
                ("address", door.as_str()),
                ("sendTopic", topic.as_str()),
                ("conversion", "none"),
            ]);
        }
    }
    block(out, "network", &[], |out| {
        block(out, "connection", &attributes, |out| {
            for column in plan.streams.iter().flat_map(Stream::columns) {
                let attributes =
                    [("id", column.sent.as_str()), ("type", "buffer"), ("datatype", "array"), ("keep", "false"), ("clear", "true")];
                text(out, "send", &attributes, &column.sent)?;
            }
            // Starts and pauses with the phone's clock: the hub places the readings by it.
            out.create_element("send").with_attributes([("id", "clock"), ("type", "time")]).write_empty()?;
            for (buffer, member, _) in answers(destination) {
                text(out, "receive", &[("id", member), ("append", "false"), ("clear", "true")], buffer)?;
            }
            Ok(())
        })
    })
}

/// Twice the same copy: first what is drawn, which leaves the buffers as they are, then what is sent, which empties them.
fn analysis(out: &mut Out, plan: &Plan) -> io::Result<()> {
    block(out, "analysis", &[("sleep", SLEEP)], |out| {
        for stream in &plan.streams {
            let columns = stream.columns();
            for sent in [false, true] {
                block(out, "rangefilter", &[], |out| {
                    for column in &columns {
                        let attributes: &[_] = if sent { &[("as", "in")] } else { &[("as", "in"), ("clear", "false")] };
                        text(out, "input", attributes, &column.raw)?;
                    }
                    columns
                        .iter()
                        .try_for_each(|column| text(out, "output", &[("clear", "false")], if sent { &column.sent } else { &column.shown }))
                })?;
            }
        }
        Ok(())
    })
}

fn view(out: &mut Out, template: &Template, plan: &Plan, destination: &Destination) -> io::Result<()> {
    let unit = template.unit_of(&template.outcome).map_or("", printed);
    block(out, "views", &[], |out| {
        block(out, "view", &[("label", VIEW.0)], |out| {
            for (buffer, _, label) in answers(destination) {
                let attributes: &[_] = match *label {
                    COUNT => &[("label", COUNT.0), ("precision", "0")],
                    OWN => &[("label", OWN.0), ("size", "2"), ("precision", "3"), ("unit", unit)],
                    (label, _) => &[("label", label), ("precision", "3"), ("unit", unit)],
                };
                block(out, "value", attributes, |out| text(out, "input", &[], buffer))?;
            }
            plan.streams.iter().try_for_each(|stream| graph(out, stream))?;
            out.create_element("info").with_attributes([("label", SENT.0)]).write_empty().map(|_| ())
        })
    })
}

fn graph(out: &mut Out, stream: &Stream) -> io::Result<()> {
    let label = format!("{} ({})", stream.kind.symbol, stream.kind.unit);
    let attributes = [("label", stream.kind.name.0), ("labelX", "t (s)"), ("labelY", label.as_str()), ("partialUpdate", "true")];
    block(out, "graph", &attributes, |out| {
        let columns = stream.columns();
        let Some((time, values)) = columns.split_first() else { return Ok(()) };
        for (value, colour) in values.iter().zip(COLOURS) {
            text(out, "input", &[("axis", "x"), ("color", colour)], &time.shown)?;
            text(out, "input", &[("axis", "y")], &value.shown)?;
        }
        Ok(())
    })
}

fn export(out: &mut Out, plan: &Plan) -> io::Result<()> {
    block(out, "export", &[], |out| {
        for stream in &plan.streams {
            block(out, "set", &[("name", stream.kind.name.0)], |out| {
                stream.columns().iter().try_for_each(|column| text(out, "data", &[("name", &column.header)], &column.shown))
            })?;
        }
        Ok(())
    })
}

/// A unit's symbol as people write it.
fn printed(unit: &str) -> &str {
    match unit {
        "m/s2" => "m/s²",
        "uT" => "µT",
        "Cel" => "°C",
        unit => unit,
    }
}
