use super::*;

const HEADER: &str = "lesson,run,thing,property,phenomenon_time,received_time,x,y,z,unit\n";

#[test]
fn rows_are_counted_by_thing_and_property() {
    let mut reader = Reader::default();
    reader.lines(HEADER.as_bytes()).unwrap();
    reader.lines(b"l,1,a,acceleration,t,t,0.5,-1,9.81,m/s2\nl,1,a,pressure,t,t,939.8,,,hPa\nl,1,b,pressure,t,t,939.8,,,hPa").unwrap();
    let prints = |thing: &str, property| reader.stored[&(thing.to_owned(), property)].clone();
    assert_eq!(
        prints("a", ObservedProperty::Acceleration),
        [fingerprint(ObservedProperty::Acceleration, [Some(0.5), Some(-1.0), Some(9.81)])]
    );
    assert_eq!(prints("a", ObservedProperty::Pressure), prints("b", ObservedProperty::Pressure));
    assert_eq!(reader.stored.len(), 3);
}

#[test]
fn what_is_no_observation_is_an_error() {
    let check = |text: &str| assert!(Reader::default().lines(text.as_bytes()).is_err(), "{text:?}");
    check("thing,property,x\n");
    check(&format!("{HEADER}l,1,a,acceleration,t,t,0.5"));
    check(&format!("{HEADER}l,1,a,phlogiston,t,t,0.5,0,0,1"));
    check(&format!("{HEADER}l,1,a,acceleration,t,t,0.5,-1,nine,m/s2"));
}
