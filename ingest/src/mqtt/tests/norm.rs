//! MQTT 3.1.1's normative statements, each a test of ours by number, or listed here with the reason why not.
//!
//! A test carries its numbers as `[MQTT-…]` in its doc comment; [`every_statement_is_tested_or_listed`] holds the
//! two together. What needs retained messages, sessions or QoS above 0 towards the client is tested in the open realm.

mod connecting;
mod flow;
mod publishing;
mod strings;
mod subscribing;
mod websocket;

/// Statements that are the client's to keep, or that a test of ours cannot decide.
const LISTED: &[(&str, &str)] = &[
    ("MQTT-2.3.1-2", "client: takes an unused packet id"),
    ("MQTT-2.3.1-3", "client: sends a packet again with its packet id"),
    ("MQTT-3.1.2-23", "client: sends PINGREQ in time"),
    ("MQTT-3.1.3-2", "definition: client ids identify clients; take-over and sessions are tested as 3.1.4-2 and 3.1.2-4"),
    ("MQTT-3.1.3-7", "client: an empty client id comes with clean session; the server's part is 3.1.3-8"),
    ("MQTT-3.8.3-2", "wildcards are supported"),
    ("MQTT-3.14.4-1", "client: closes after DISCONNECT"),
    ("MQTT-3.14.4-2", "client: sends nothing after DISCONNECT"),
    ("MQTT-4.1.0-1", "definition: state is kept for the session; tested as 3.1.2-4 and 3.1.2-5"),
    ("MQTT-4.5.0-2", "client: acknowledges whatever it does with a message"),
    ("MQTT-4.8.0-2", "a transient error that needs no closing does not occur: every refusal here is definite"),
    ("MQTT-6.0.0-3", "client: offers the subprotocol mqtt"),
    ("MQTT-6.0.0-4", "the web server's route selects the subprotocol, not this room"),
];

/// Sections with the number of their last statement.
const STATEMENTS: &[(&str, usize)] = &[
    ("1.5.3", 3),
    ("2.2.2", 2),
    ("2.3.1", 7),
    ("3.1.0", 2),
    ("3.1.2", 24),
    ("3.1.3", 11),
    ("3.1.4", 5),
    ("3.2.0", 1),
    ("3.2.2", 6),
    ("3.3.1", 12),
    ("3.3.2", 3),
    ("3.3.4", 1),
    ("3.3.5", 2),
    ("3.6.1", 1),
    ("3.8.1", 1),
    ("3.8.3", 4),
    ("3.8.4", 6),
    ("3.9.3", 2),
    ("3.10.1", 1),
    ("3.10.3", 2),
    ("3.10.4", 6),
    ("3.12.4", 1),
    ("3.14.1", 1),
    ("3.14.4", 3),
    ("4.1.0", 2),
    ("4.2.0", 1),
    ("4.3.1", 1),
    ("4.3.2", 2),
    ("4.3.3", 2),
    ("4.4.0", 1),
    ("4.5.0", 2),
    ("4.6.0", 6),
    ("4.7.1", 3),
    ("4.7.2", 1),
    ("4.7.3", 4),
    ("4.8.0", 2),
    ("6.0.0", 4),
];

#[test]
fn every_statement_is_tested_or_listed() {
    let sources = [
        include_str!("norm/connecting.rs"),
        include_str!("norm/flow.rs"),
        include_str!("norm/publishing.rs"),
        include_str!("norm/strings.rs"),
        include_str!("norm/subscribing.rs"),
        include_str!("norm/websocket.rs"),
    ]
    .concat();
    let mut missing = Vec::new();
    for (section, last) in STATEMENTS {
        for number in 1..=*last {
            let statement = format!("MQTT-{section}-{number}");
            let tested = sources.contains(&format!("[{statement}]"));
            let listed = LISTED.iter().any(|(listed, _)| *listed == statement);
            if tested == listed {
                missing.push(format!("{statement} (tested {tested}, listed {listed})"));
            }
        }
    }
    assert_eq!(missing, [""; 0]);
}
