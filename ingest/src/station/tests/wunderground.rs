use super::*;

fn decode(query: &str) -> Report {
    let message = Message { topic: "weatherstation/updateweatherstation.php", query, received: RECEIVED, ..Message::default() };
    super::decode(Format::Wunderground, &message, &Context::default())
}

#[test]
fn the_protocol() {
    let report = decode(
        "ID=KXX&PASSWORD=geheim&tempf=50.0&humidity=98&dewptf=41.0&windchillf=50&winddir=129&windspeedmph=1.00&windgustmph=2.00&rainin=0.10\
         &dailyrainin=0.50&solarradiation=7.25&UV=2&indoortempf=77.0&indoorhumidity=49&baromin=30.00&absbaromin=29.00&temp2f=32.0&soiltempf=59\
         &soilmoisture2=40&visibility=2&AqPM2.5=9.5&lowbatt=0&dateutc=2026-1-3%2010:43:3&softwaretype=x&action=updateraw&realtime=1&rtfreq=5",
    );
    check(
        &report,
        Some(RECEIVED - 30_000_000),
        &[
            ("", P::Temperature, 10.0),
            ("", P::RelativeHumidity, 98.0),
            ("", P::DewPoint, 5.0),
            ("", P::WindDirection, 129.0),
            ("", P::WindSpeed, 0.447_04),
            ("", P::WindGust, 0.894_08),
            ("", P::RainTotal, 12.7),
            ("", P::Irradiance, 7.25),
            ("", P::UvIndex, 2.0),
            ("indoor", P::Temperature, 25.0),
            ("indoor", P::RelativeHumidity, 49.0),
            ("", P::SeaLevelPressure, 30.0 * 33.863_886_403_41),
            ("", P::Pressure, 29.0 * 33.863_886_403_41),
            ("2", P::Temperature, 0.0),
            ("soil1", P::Temperature, 15.0),
            ("soil2", P::SoilMoisture, 40.0),
            ("", P::Visibility, 3704.0),
            ("", P::Pm2_5, 9.5),
        ],
        &[],
    );
    assert_eq!(report.dropped, 2);
    assert!(!format!("{report:?}").contains("geheim"));
}

#[test]
fn metric_firmwares() {
    let report = decode(
        "ID=X&PASSWORD=Y&intemp=22.8&outtemp=1.4&dewpoint=1.1&windchill=1.4&inhumi=36&outhumi=98&windspeed=3.6&windgust=7.2&winddir=193\
         &absbaro=1009.5&relbaro=1033.4&rainrate=1.5&dailyrain=0.0&yearlyrain=10.5&light=1724.9&UV=38&dateutc=2026-1-3%2010:43:33",
    );
    check(
        &report,
        Some(RECEIVED),
        &[
            ("indoor", P::Temperature, 22.8),
            ("", P::Temperature, 1.4),
            ("", P::DewPoint, 1.1),
            ("indoor", P::RelativeHumidity, 36.0),
            ("", P::RelativeHumidity, 98.0),
            ("", P::WindSpeed, 1.0),
            ("", P::WindGust, 2.0),
            ("", P::WindDirection, 193.0),
            ("", P::Pressure, 1009.5),
            ("", P::SeaLevelPressure, 1033.4),
            ("", P::RainRate, 1.5),
            ("", P::RainTotal, 10.5),
            ("", P::Illuminance, 1724.9),
        ],
        &[],
    );
    assert_eq!(note(&report, NoteKind::NotKept), Some((3, "windchill, dailyrain, UV")));
}

#[test]
fn acurites_hub_sends_one_sensor_a_request() {
    let tower = decode(
        "dateutc=now&action=updateraw&realtime=1&id=24C86E000000&mt=tower&sensor=00008384&humidity=30&tempf=77&baromin=30&battery=normal&rssi=2",
    );
    let at_hub = 30.0 * 33.863_886_403_41;
    check(
        &tower,
        None,
        &[("tower 00008384", P::RelativeHumidity, 30.0), ("tower 00008384", P::Temperature, 25.0), ("", P::SeaLevelPressure, at_hub)],
        &[],
    );
    assert!(!format!("{tower:?}").contains("24C86E"));
    for part in ["5N1x31", "5N1x38"] {
        let main = decode(&format!("dateutc=now&id=24C86E000000&mt={part}&sensor=00002179&windspeedmph=1&tempf=77"));
        check(&main, None, &[("", P::WindSpeed, 0.447_04), ("", P::Temperature, 25.0)], &[]);
    }
}

#[test]
fn two_firmwares_call_the_stations_pressure_baromin() {
    check(&decode("baromin=30&softwaretype=WH2650A_V1.2.1"), None, &[("", P::Pressure, 30.0 * 33.863_886_403_41)], &[]);
}

#[test]
fn a_console_without_its_outdoor_sensors() {
    check(
        &decode(
            "tempf=-9999&humidity=-9999&winddir=-9999&rainin=0.00&solarradiation=-9999&UV=-9999&indoortempf=68&dateutc=2026-1-3%2010:43:33",
        ),
        Some(RECEIVED),
        &[("indoor", P::Temperature, 20.0)],
        &[(R::NoValue, 5)],
    );
}
