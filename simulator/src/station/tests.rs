use clap::ValueEnum as _;

use super::*;
use crate::climate::Climate;

/// 2026-06-01T00:00:00Z.
const FROM: Micros = 20_605 * 86_400_000_000;

#[test]
fn every_device_says_something_true() {
    for device in Device::value_variants() {
        let mut station = Station::new(*device);
        for now in Climate::new(3, FROM).take(6) {
            let (messages, truths) = station.send(&now);
            assert!(!messages.is_empty() && !truths.is_empty(), "{device:?}");
            for truth in truths {
                assert!(
                    truth.value.is_finite() && truth.within > 0.0 && truth.time.is_none_or(|time| time == now.time / 1_000_000),
                    "{truth:?}"
                );
            }
        }
        let settings = device.settings("x");
        assert_eq!(settings["format"], device.format());
    }
}

#[test]
fn rain_is_a_counter_that_begins_again_at_midnight() {
    let mut station = Station::new(Device::Ecowitt);
    let weather = Climate::new(3, FROM).next().unwrap();
    let mut send = |minutes: i64| {
        let now = Weather { rain: 1.0, time: FROM + minutes * 60_000_000, ..weather };
        let (messages, truths) = station.send(&now);
        let Message::Http { body, .. } = &messages[0] else { panic!("it posts") };
        let text = String::from_utf8(body.clone()).unwrap();
        let field = |name: &str| text.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')?.parse::<f64>().ok()).unwrap();
        let total = truths.iter().find(|truth| truth.property == "rain_total").unwrap().value;
        ((field("dailyrainin") * 25.4).round(), (field("yearlyrainin") * 25.4).round(), total)
    };
    assert_eq!([send(1_420), send(1_430), send(1_440)], [(1.0, 1.0, 1.0), (2.0, 2.0, 2.0), (1.0, 3.0, 3.0)]);
}
