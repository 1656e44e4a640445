use serde_json::json;

use super::*;

fn leaves(filter: &str) -> bool {
    let roof = json!({
        "@iot.id": "a.b", "name": "Roof's", "properties": {"elevation_m": 12.5, "zone": null}, "time": "2026-01-01T00:00:00Z",
        "location": {"type": "Point", "coordinates": [10.1, 54.3, 12.0]},
    });
    Filter::read(filter).unwrap().leaves(roof.as_object().unwrap())
}

#[test]
fn filters_compare_properties() {
    for yes in [
        "name eq 'Roof''s'",
        "id eq 'a.b'",
        "@iot.id ne 'x'",
        "properties/elevation_m gt 12 and properties/elevation_m le 12.5",
        "name eq 'x' or (name gt 'R' and not name eq 'Roof')",
        "not (name eq 'x')",
        "properties/zone eq null",
        "properties/nothing eq null",
        "time ge 2026-01-01T01:00:00+01:00",
        "time ge 2026-01-01T01:00:00 01:00",
        "time lt '2026-01-01T00:00:01Z'",
    ] {
        assert!(leaves(yes), "{yes}");
    }
    for no in ["name eq 12", "name lt 12", "properties/elevation_m lt 12", "properties/nothing gt 1", "time gt 2026-01-01T00:00:00Z"] {
        assert!(!leaves(no), "{no}");
    }
}

#[test]
fn filters_by_place_are_those_that_qgis_asks() {
    let square = "geo.intersects(location, geography'Polygon ((9 54, 11 54, 11 55, 9 55, 9 54))')";
    assert!(leaves("location/type eq 'Point' or location/geometry/type eq 'Point'"));
    assert!(!leaves("location/type eq 'LineString' or location/geometry/type eq 'LineString'"));
    assert!(leaves(square));
    assert!(leaves(&format!("(location/type eq 'Point' or location/geometry/type eq 'Point') and ({square})")));
    assert!(!leaves(&square.replace("9 5", "10.2 5")), "a map beside it");
    assert!(leaves("st_within(location, geography'POLYGON((10.1 54.3,10.1 54.3,10.1 54.3))')"), "a map of one point");
    assert!(!leaves("geo.intersects(location, geography'Polygon ((9 54, 11 54, 11 55, 9 55), (10 54.2, 10.2 54.2, 10.2 54.4, 10 54.4))')"));
    assert!(!leaves("geo.intersects(name, geography'Polygon ((9 54, 11 54, 11 55))')"));
}

#[test]
fn what_is_wrong_and_what_is_not_done_is_told() {
    let status = |filter: &str| Filter::read(filter).unwrap_err().status;
    for wrong in
        ["", "name", "name eq", "name eq Roof", "(name eq 'x'", "name eq 'x", "name eq 'x' name eq 'y'", "geo.intersects(location)"]
    {
        assert_eq!(status(wrong), 400, "{wrong}");
    }
    assert_eq!(status("geo.intersects(location, geography'Polygon ((9 54, 11 54))')"), 400);
    assert_eq!(status(&"(".repeat(100)), 400);
    assert_eq!(status(&vec!["name eq 'x'"; 300].join(" and ")), 400);
    for not in ["substringof('x', name)", "name has 'x'", "geo.distance(location, geography'Point (1 2)') lt 5"] {
        assert_eq!(status(not), 501, "{not}");
    }
}

#[test]
fn filters_by_time_are_spans() {
    let span = |filter: &str| Filter::read(filter).unwrap().span();
    let day = 1_767_225_600_000_000;
    let both = "phenomenonTime ge 2026-01-01T00:00:00Z and phenomenonTime lt 2026-01-02T00:00:00Z";
    assert_eq!(span(both).unwrap(), (day, day + 86_400_000_000));
    assert_eq!(span(&format!("({both}) and (phenomenonTime gt '2026-01-01T00:00:00Z')")).unwrap(), (day + 1, day + 86_400_000_000));
    assert_eq!(span("phenomenonTime le 2026-01-01T01:00:00+01:00").unwrap(), (Micros::MIN, day + 1));
    assert_eq!(span("phenomenonTime eq 2026-01-01T00:00:00Z").unwrap(), (day, day + 1));
    assert_eq!(span("phenomenonTime lt 2026-01-01T00:00:00Z and phenomenonTime ge 2026-01-01T00:00:00Z").unwrap(), (day, day));
    for not in
        ["result gt 5", "phenomenonTime ne 2026-01-01T00:00:00Z", "phenomenonTime gt 5", "not phenomenonTime gt 2026-01-01T00:00:00Z"]
    {
        assert_eq!(span(not).unwrap_err().status, 501, "{not}");
    }
    assert_eq!(Filter::read("phenomenonTime ge yesterday").unwrap_err().status, 400);
}
