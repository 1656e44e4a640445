use super::*;

const OMM: &str = r#"{"OBJECT_NAME":"ISS (ZARYA)","OBJECT_ID":"1998-067A","EPOCH":"2024-05-06T19:53:04.999776","MEAN_MOTION":15.50957674,
"ECCENTRICITY":0.000358,"INCLINATION":51.6393,"RA_OF_ASC_NODE":160.4574,"ARG_OF_PERICENTER":140.6673,"MEAN_ANOMALY":205.725,"EPHEMERIS_TYPE":0,
"CLASSIFICATION_TYPE":"U","NORAD_CAT_ID":25544,"ELEMENT_SET_NO":999,"REV_AT_EPOCH":45212,"BSTAR":0.0002731,"MEAN_MOTION_DOT":0.00015698,
"MEAN_MOTION_DDOT":0}"#;
const TLE: &str = "1 25544U 98067A   24127.82853009  .00015698  00000+0  27310-3 0  9995
2 25544  51.6393 160.4574 0003580 140.6673 205.7250 15.50957674452123";

/// The paper has the same elements in both spellings.
#[test]
fn json_and_lines_say_the_same() {
    let (json, lines) = (read(OMM.as_bytes()).unwrap(), read(TLE.as_bytes()).unwrap());
    assert_eq!(json.len(), 1);
    assert_eq!(json[0], Elements { name: "ISS (ZARYA)".to_owned(), ..lines[0].clone() });
    assert_eq!((json[0].label(), lines[0].label()), ("ISS (ZARYA)".to_owned(), "NORAD 25544".to_owned()));
}

#[test]
fn quoted_numbers_lists_and_marks_are_read() {
    let quoted = OMM.replace("15.50957674", "\"15.50957674\"").replace("25544", "\"25544\"").replace(":0.0002731", ":\"0.0002731\"");
    let both = format!("\u{feff} [{OMM},{quoted}]");
    let found = read(both.as_bytes()).unwrap();
    assert_eq!(found.len(), 2);
    assert_eq!(found[0], found[1]);
    let again = omm(&found[0].to_omm()).unwrap();
    assert_eq!(again[0], found[0]);
}

#[test]
fn names_before_the_lines() {
    let [one, two] = TLE.split('\n').collect::<Vec<_>>()[..] else { panic!() };
    let text = format!("# a remark\r\n0 ISS (ZARYA)\r\n{one}\r\n{two}\r\n\r\nISS again   \n{one}\n{two}\n{one}\n{two}");
    let names: Vec<String> = tle(&text).unwrap().into_iter().map(|elements| elements.name).collect();
    assert_eq!(names, ["ISS (ZARYA)", "ISS again", ""]);
}

#[test]
fn catalogue_numbers_beyond_five_digits() {
    let summed = |line: &str| {
        let sum: u32 = line.chars().map(|letter| if letter == '-' { 1 } else { letter.to_digit(10).unwrap_or(0) }).sum();
        format!("{line}{}", sum % 10)
    };
    let lines = |number: &str| TLE.lines().map(|line| summed(&line[..68].replace("25544", number))).collect::<Vec<_>>().join("\n");
    assert_eq!(tle(&lines("T0001")).unwrap()[0].norad, 270_001);
    assert_eq!(tle(&lines("A0000")).unwrap()[0].norad, 100_000);
    assert_eq!(tle(&lines("Z9999")).unwrap()[0].norad, 339_999);
    for wrong in ["I0001", "O0001", "a0001", "A00 1", "A0x01"] {
        assert!(matches!(tle(&lines(wrong)), Err(SkyError::Line { line: 1, .. })), "{wrong}");
    }
    assert_eq!(omm(&OMM.replace("25544", "799501234")).unwrap()[0].norad, 799_501_234);
}

/// Every bad input is refused with a sentence, and says where.
#[test]
fn what_is_wrong_is_said() {
    let [one, two] = TLE.split('\n').collect::<Vec<_>>()[..] else { panic!() };
    for (text, part) in [
        (String::new(), "it is empty"),
        ("<html>".to_owned(), "web page"),
        ("hello".to_owned(), "no line begins with `1 `"),
        ("{}".to_owned(), "EPOCH"),
        ("[]".to_owned(), "the list is empty"),
        ("{\"a\":".to_owned(), "EOF"),
        (one.to_owned(), "line 1: its second line is missing"),
        (two.to_owned(), "line 1: a second line without its first"),
        (format!("{one}\nNAME\n{two}"), "line 2: behind a first line"),
        (format!("{}\n{two}", one.replace("27310-3", "27311-3")), "line 1: its checksum is 6, but it ends with 5"),
        (format!("{one}\n{}", &two[..64]), "line 2: it ends before column"),
        (OMM.replace("0.000358", "1.2"), "ISS (ZARYA): an eccentricity of 1.2"),
        (OMM.replace("51.6393", "251"), "an inclination of 251 degrees"),
        (OMM.replace("15.50957674", "99"), "a mean motion of 99"),
        (OMM.replace("15.50957674", "\"many\""), "MEAN_MOTION is no number: `many`"),
        (OMM.replace("2024-05-06T", "yesterday "), "EPOCH is no time"),
        (OMM.replace("25544", "25544.5"), "NORAD_CAT_ID is no whole number"),
        (OMM.replace("0.0002731", "1e30"), "a drag term"),
        (OMM.replace("160.4574", "1e300"), "an angle of"),
    ] {
        let error = read(text.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(part), "{error} instead of {part}");
    }
    assert!(matches!(read(&[0xff, 0xfe]), Err(SkyError::Format(_))));
    let many = format!("[{}]", vec![OMM; MOST_OBJECTS + 1].join(","));
    assert_eq!(omm(&many), Err(SkyError::TooMany { found: MOST_OBJECTS + 1, most: MOST_OBJECTS }));
}

proptest::proptest! {
    /// Nothing that is handed in ends the reader, and what passes can be asked for a position without harm.
    #[test]
    fn anything_may_come(lines in proptest::collection::vec("[12][ -~äµ]{55,75}|[ -~]{0,30}", 0..6), cut in 0..140_usize, byte in proptest::prelude::any::<u8>()) {
        let _ = read(lines.join("\n").as_bytes());
        let mut bytes = TLE.as_bytes().to_vec();
        bytes[cut % TLE.len()] = byte;
        let _ = read(&bytes).map(|found| found.into_iter().filter(|elements| Orbit::new(elements.clone()).is_ok_and(|orbit| position(&orbit, 0).is_ok())).count());
    }

    #[test]
    fn no_elements_make_it_panic(e in 0.0..1.0_f64, i in 0.0..180.0_f64, n in 0.011..17.9_f64, b in -1.0..1.0_f64, minutes in -1e6..1e6_f64) {
        let elements = Elements { eccentricity: e, inclination: i, mean_motion: n, bstar: b, ..station().elements().clone() };
        if let Ok(state) = Orbit::new(elements).and_then(|orbit| orbit.after(minutes)) {
            proptest::prop_assert!(state.position.iter().all(|value| value.is_finite()));
        }
    }
}
