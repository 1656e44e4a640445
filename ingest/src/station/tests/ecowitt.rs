use super::*;

fn decode(body: &str) -> Report {
    let message = Message { topic: "data/report/", body: body.as_bytes(), received: RECEIVED, ..Message::default() };
    super::decode(Format::Ecowitt, &message, &Context::default())
}

#[test]
fn a_console_with_every_kind_of_sensor() {
    let report = decode(
        "PASSKEY=0123456789ABCDEF0123456789ABCDEF&stationtype=GW2000A_V3.1.1&runtime=90&dateutc=2026-01-03+10:43:32&tempinf=68.0&humidityin=41\
         &baromrelin=30.000&baromabsin=29.000&tempf=50.0&humidity=80&winddir=359&windspeedmph=10.0&windgustmph=20.0&maxdailygust=31.1\
         &solarradiation=123.45&uv=1&rainratein=0.1&eventrainin=0.5&dailyrainin=0.2&weeklyrainin=0.4&yearlyrainin=2.0\
         &rrain_piezo=0.2&drain_piezo=0.3&temp1f=41.0&humidity1=60&tf_ch2=59.0&soilmoisture3=27&pm25_ch1=12.0&pm25_avg_24h_ch1=9\
         &tf_co2=77.0&humi_co2=35&pm25_co2=6.5&pm10_co2=7.5&co2=800&co2_24h=700&wh65batt=0&soilbatt3=1.4&freq=868M&model=GW2000A",
    );
    let time = Some(RECEIVED - 1_000_000);
    check(
        &report,
        time,
        &[
            ("indoor", P::Temperature, 20.0),
            ("indoor", P::RelativeHumidity, 41.0),
            ("", P::SeaLevelPressure, 30.0 * 33.863_886_403_41),
            ("", P::Pressure, 29.0 * 33.863_886_403_41),
            ("", P::Temperature, 10.0),
            ("", P::RelativeHumidity, 80.0),
            ("", P::WindDirection, 359.0),
            ("", P::WindSpeed, 4.4704),
            ("", P::WindGust, 8.9408),
            ("", P::Irradiance, 123.45),
            ("", P::UvIndex, 1.0),
            ("", P::RainRate, 2.54),
            ("", P::RainTotal, 50.8),
            ("piezo", P::RainRate, 5.08),
            ("piezo", P::RainTotal, 7.62),
            ("1", P::Temperature, 5.0),
            ("1", P::RelativeHumidity, 60.0),
            ("probe2", P::Temperature, 15.0),
            ("soil3", P::SoilMoisture, 27.0),
            ("air1", P::Pm2_5, 12.0),
            ("co2", P::Temperature, 25.0),
            ("co2", P::RelativeHumidity, 35.0),
            ("co2", P::Pm2_5, 6.5),
            ("co2", P::Pm10, 7.5),
            ("co2", P::CarbonDioxide, 800.0),
        ],
        &[],
    );
    assert_eq!(report.dropped, 1, "the passkey");
    assert!(!format!("{report:?}").contains("0123456789ABCDEF"));
    let (count, names) = note(&report, NoteKind::NotKept).unwrap();
    assert_eq!(count, 12);
    assert!(names.starts_with("stationtype, runtime, maxdailygust, eventrainin, dailyrainin, weeklyrainin, pm25_avg_24h_ch1"), "{names}");
    assert_eq!(report.readings[4].sent, Sent { field: "tempf".into(), unit: "[degF]".into() });
}

#[test]
fn the_longest_counter_of_rain_is_the_one() {
    let rain = |body: &str| {
        let report = decode(body);
        let totals: Vec<_> = report.readings.iter().filter(|reading| reading.property == P::RainTotal).collect();
        assert_eq!(totals.len(), 1, "{report:?}");
        (totals[0].sent.field.clone(), (totals[0].value * 1e6).round() / 1e6)
    };
    assert_eq!(rain("dailyrainin=1.0&totalrainin=3.0&yearlyrainin=2.0"), ("totalrainin".into(), 76.2));
    assert_eq!(rain("dailyrainin=1.0&weeklyrainin=1.5"), ("weeklyrainin".into(), 38.1));
    assert_eq!(rain("dailyrainin=1.0&totalrainin=-9999"), ("dailyrainin".into(), 25.4));
}

#[test]
fn times_are_utc_however_they_are_written() {
    for stamp in ["2026-01-03+10%3A43%3A33", "2026-01-03%2010:43:33", "2026-01-03 10: 43: 33", "2026-1-3 10:43:33"] {
        check(&decode(&format!("dateutc={stamp}&tempf=32")), Some(RECEIVED), &[("", P::Temperature, 0.0)], &[]);
    }
    check(&decode("dateutc=now&tempf=32"), None, &[("", P::Temperature, 0.0)], &[]);
    check(&decode("tempf=32"), None, &[("", P::Temperature, 0.0)], &[]);
    check(&decode("dateutc=yesterday&tempf=32"), None, &[], &[(R::TimeOutOfRange, 1)]);
    check(&decode("dateutc=1969-12-31 23:59:59&tempf=32"), None, &[], &[(R::TimeOutOfRange, 1)]);
    let ahead = decode("dateutc=2026-01-03 11:43:33&tempf=32");
    assert_eq!(note(&ahead, NoteKind::Clock), Some((1, "the station's clock is 3600 s ahead")));
}

#[test]
fn what_is_missing_broken_or_unknown_is_counted() {
    check(
        &decode("tempf=&humidity=-9999&winddir=---&windspeedmph=NaN&solarradiation=abc&uv=1e99&tempinf=68&hat=1&Mia+M%C3%BCller=3"),
        None,
        &[("indoor", P::Temperature, 20.0)],
        &[(R::NoValue, 4), (R::NotFinite, 2), (R::UnknownColumn, 2)],
    );
    let report = decode("tempf=50&tempf=50&tempf=51");
    check(&report, None, &[("", P::Temperature, 10.0)], &[(R::LengthMismatch, 1)]);
    assert_eq!(note(&report, NoteKind::Repeated), Some((1, "tempf")));
    check(&decode(""), None, &[], &[(R::Undecodable, 1)]);
    check(&decode("<html><body>404</body></html>"), None, &[], &[(R::Undecodable, 1)]);
    let many = decode(&(0..900).map(|_| "temp1f=1&").collect::<String>());
    assert_eq!((many.readings.len(), many.rejects.count()), (1, 1));
}

#[test]
fn ambient_appends_its_query_to_whatever_path_there_is() {
    let query = "stationtype=AMBWeatherV4.0.2&PASSKEY=AABBCC&dateutc=2026-01-03+10:43:33&tempf=50&totalrainin=1&baromabsin=29&uv=3";
    let expected =
        [("", P::Temperature, 10.0), ("", P::RainTotal, 25.4), ("", P::Pressure, 29.0 * 33.863_886_403_41), ("", P::UvIndex, 3.0)];
    let with = |topic: &str, query: &str| {
        super::decode(Format::Ambient, &Message { topic, query, received: RECEIVED, ..Message::default() }, &Context::default())
    };
    check(&with("data/report", query), Some(RECEIVED), &expected, &[]);
    check(&with(&format!("data/report&{query}"), ""), Some(RECEIVED), &expected, &[]);
    check(&with(&format!("data/{query}"), ""), Some(RECEIVED), &expected, &[]);
}
