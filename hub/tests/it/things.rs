//! SensorThings for reading: the requests that QGIS builds, character by character, and what else clients ask.
//!
//! QGIS 3.36 and later, `src/core/providers/sensorthings`: `qgssensorthingsutils.cpp` (filters, expansions, types of geometry),
//! `qgssensorthingsshareddata.cpp` (counts, pages, extents, fields), `qgssensorthingsprovider.cpp` (the root).

use std::fmt::Write as _;

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::TestHub;

/// 2026-03-28T23:00:00Z.
const BEGIN: i64 = 1_774_738_800;

/// Makes a station of SenML that has sent records `(name, unit, minute, value)`; its id.
async fn station(hub: &TestHub, settings: Value, records: &[(&str, &str, i64, f64)]) -> String {
    let mut whole = json!({"format": "senml", "time_zone": "Europe/Berlin"});
    whole.as_object_mut().unwrap().extend(settings.as_object().unwrap().clone());
    let answer = hub.request(Method::POST, "/api/v1/stations", Some(&hub.teacher)).json(&whole).send().await.unwrap();
    let made: Value = answer.json().await.unwrap();
    let path = format!("/s/{}", made["key"].as_str().unwrap());
    for part in records.chunks(500) {
        let mut pack = String::from("[");
        for (place, (name, unit, minute, value)) in part.iter().enumerate() {
            let comma = if place > 0 { "," } else { "" };
            write!(pack, r#"{comma}{{"n":"{name}","u":"{unit}","t":{},"v":{value}}}"#, BEGIN + 60 * minute).unwrap();
        }
        let answer = hub.request(Method::POST, &path, None).header("content-type", "application/senml+json").body(pack + "]");
        assert_eq!(answer.send().await.unwrap().status(), 200);
    }
    made["id"].as_str().unwrap().to_owned()
}

/// Two stations with a place, one without, one that is not public. The roof has 5 minutes of temperature and of humidity.
async fn yard() -> (TestHub, [String; 3]) {
    let hub = TestHub::start().await;
    let mut readings = vec![];
    for minute in 0..5 {
        readings.push(("temperature", "Cel", minute, 20.0 + minute as f64 / 10.0));
        readings.push(("relative_humidity", "%RH", minute, 50.0 + minute as f64));
    }
    let roof = station(&hub, json!({"name": "Roof", "latitude": 54.3, "longitude": 10.1, "elevation_m": 12.0}), &readings).await;
    let yard = station(&hub, json!({"name": "Yard", "latitude": -33.9, "longitude": 18.4}), &[("temperature", "Cel", 2, 9.5)]).await;
    let shed = station(&hub, json!({"name": "Shed"}), &[("temperature", "Cel", 9, 3.25)]).await;
    station(&hub, json!({"name": "Cellar", "latitude": 54.3, "longitude": 10.1, "public": false}), &[("temperature", "Cel", 99, 1.0)])
        .await;
    (hub, [roof, yard, shed])
}

/// An address as Qt sends it: what it encodes of a query is the space and quotation marks, nothing else.
async fn get(hub: &TestHub, url: &str) -> (u16, Value) {
    let path = url.split_once("/v1.1").map_or(url, |(_, path)| path);
    let answer = hub.request(Method::GET, &format!("/v1.1{}", path.replace(' ', "%20")), None).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

async fn ok(hub: &TestHub, url: &str) -> Value {
    let (status, body) = get(hub, url).await;
    assert_eq!(status, 200, "{url}: {body}");
    body
}

/// A property of all entities of a page.
fn all(page: &Value, name: &str) -> Vec<Value> {
    page["value"].as_array().unwrap().iter().map(|one| one[name].clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn qgis_finds_every_set_counts_it_and_reads_its_pages() {
    let (hub, [roof, ..]) = yard().await;
    let root = ok(&hub, "").await;
    // QGIS reads the version out of the class that ends in /datamodel.
    assert_eq!(root["serverSettings"]["conformance"][0], "http://www.opengis.net/spec/iot_sensing/1.1/req/datamodel");
    let counts = [
        ("Things", 3),
        ("Locations", 2),
        ("HistoricalLocations", 0),
        ("Datastreams", 4),
        ("Sensors", 3),
        ("ObservedProperties", 2),
        ("Observations", 12),
        ("FeaturesOfInterest", 2),
    ];
    assert_eq!(root["value"].as_array().unwrap().len(), counts.len());
    for (entry, (name, count)) in root["value"].as_array().unwrap().iter().zip(counts) {
        assert_eq!(entry["name"], name);
        let url = entry["url"].as_str().unwrap();
        assert_eq!(url, hub.url(&format!("/v1.1/{name}")));
        assert_eq!(ok(&hub, &format!("{url}?$top=0&$count=true")).await, json!({"@iot.count": count, "value": []}), "{name}");
        let page = ok(&hub, &format!("{url}?$top=200&$count=false")).await;
        assert_eq!((page["value"].as_array().unwrap().len(), page.get("@iot.count"), page.get("@iot.nextLink")), (count, None, None));
        for entity in page["value"].as_array().unwrap() {
            // What QGIS takes for text must be text where it is there: it reads null as a text and fails.
            for text in ["@iot.id", "@iot.selfLink", "name", "description", "metadata", "definition", "observationType"] {
                assert!(entity.get(text).is_none_or(Value::is_string), "{name}: {text} of {entity}");
            }
            let (_, own) = get(&hub, entity["@iot.selfLink"].as_str().unwrap()).await;
            assert_eq!(own, *entity, "{name}");
        }
        // Page by page it is the same.
        let (mut next, mut ids) = (Some(format!("{url}?$top=2&$count=false")), vec![]);
        while let Some(link) = next {
            let page = ok(&hub, &link).await;
            ids.extend(all(&page, "@iot.id"));
            next = page.get("@iot.nextLink").map(|link| link.as_str().unwrap().to_owned());
        }
        assert_eq!(ids, all(&page, "@iot.id"), "{name}");
    }
    let thing = ok(&hub, "/Things?$top=1").await["value"][0].clone();
    let links = |kind: &str, name: &str| json!(hub.url(&format!("/v1.1/{kind}('{roof}')/{name}")));
    let expected = json!({
        "@iot.id": roof, "@iot.selfLink": hub.url(&format!("/v1.1/Things('{roof}')")), "name": "Roof", "description": "Roof",
        "properties": {"time_zone": "Europe/Berlin", "elevation_m": 12.0}, "Locations@iot.navigationLink": links("Things", "Locations"),
        "HistoricalLocations@iot.navigationLink": links("Things", "HistoricalLocations"),
        "Datastreams@iot.navigationLink": links("Things", "Datastreams"),
    });
    assert_eq!(thing, expected);
    let stream = ok(&hub, "/Datastreams?$filter=name eq 'Roof temperature'").await["value"][0].clone();
    assert_eq!(stream["unitOfMeasurement"]["symbol"], "Cel");
    assert_eq!(stream["observedArea"], json!({"type": "Point", "coordinates": [10.1, 54.3, 12.0]}));
    assert_eq!(stream["observationType"], "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement");
    let reading = ok(&hub, "/Observations?$top=1").await["value"][0].clone();
    assert_eq!(
        (&reading["phenomenonTime"], &reading["resultTime"], &reading["result"]),
        (&json!("2026-03-28T23:09:00Z"), &Value::Null, &json!(3.25))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn qgis_asks_for_types_of_geometry_and_for_what_the_map_shows() {
    let (hub, [roof, yard, _]) = yard().await;
    for (set, field, count) in [("Locations", "location", 2), ("FeaturesOfInterest", "feature", 2), ("Datastreams", "observedArea", 3)] {
        for (shape, count) in [("Point", count), ("LineString", 0), ("Polygon", 0)] {
            let kind = format!("{field}/type eq '{shape}' or {field}/geometry/type eq '{shape}'");
            let found = ok(&hub, &format!("/{set}?$top=0&$count=true&$filter={kind}")).await;
            assert_eq!(found["@iot.count"], count, "{set} {shape}");
        }
        let kind = format!("{field}/type eq 'Point' or {field}/geometry/type eq 'Point'");
        let north = format!("geo.intersects({field}, geography'Polygon ((9 54, 11 54, 11 55, 9 55, 9 54))')");
        let both = format!("({kind}) and ({north})");
        for filter in [&north, &both, &format!("{both} and (name ne 'x')")] {
            // 3.36 puts the filter first, later versions put it behind.
            for query in [format!("$filter={filter}&$top=200&$count=false"), format!("$top=200&$count=false&$filter={filter}")] {
                let page = ok(&hub, &format!("/{set}?{query}")).await;
                assert_eq!(page["value"].as_array().unwrap().len(), if set == "Datastreams" { 2 } else { 1 }, "{set} {query}");
                assert_eq!(page["value"][0][field]["coordinates"], json!([10.1, 54.3, 12.0]));
            }
        }
        let world = format!("geo.intersects({field}, geography'Polygon ((-180 -90, 180 -90, 180 90, -180 90, -180 -90))')");
        assert_eq!(
            ok(&hub, &format!("/{set}?$top=200&$count=false&$filter=({kind}) and ({world})")).await["value"].as_array().unwrap().len(),
            count
        );
    }
    let page = ok(&hub, "/Locations?$filter=location/type eq 'Point' or location/geometry/type eq 'Point'&$top=1&$count=true").await;
    assert_eq!((&page["@iot.count"], &page["value"][0]["@iot.id"]), (&json!(2), &json!(roof)));
    assert_eq!(page["value"][0]["encodingType"], "application/geo+json");
    let next = ok(&hub, page["@iot.nextLink"].as_str().unwrap()).await;
    assert_eq!((all(&next, "@iot.id"), next.get("@iot.nextLink")), (vec![json!(yard)], None));
}

#[tokio::test(flavor = "multi_thread")]
async fn qgis_expands_what_hangs_on_an_entity() {
    let (hub, _) = yard().await;
    // As QgsSensorThingsUtils::asQueryString builds them, with the limits of the dialogue.
    let page = ok(&hub, "/Datastreams?$top=200&$count=false&$expand=Observations($orderby=phenomenonTime desc;$top=2)").await;
    let first = &page["value"][0];
    assert_eq!(first["name"], "Roof temperature");
    let results = |of: &Value| of["Observations"].as_array().unwrap().iter().map(|one| one["result"].as_f64().unwrap()).collect::<Vec<_>>();
    assert_eq!(results(first), [20.4, 20.3]);
    assert_eq!(first.get("Observations@iot.navigationLink"), None);
    let next = ok(&hub, first["Observations@iot.nextLink"].as_str().unwrap()).await;
    assert_eq!(all(&next, "result"), [json!(20.2), json!(20.1)], "behind the two that were told");

    let nested = "$expand=Things($top=100;$expand=Datastreams($top=10;$expand=Observations($orderby=phenomenonTime desc;$top=1)))";
    let page = ok(&hub, &format!("/Locations?$top=200&$count=false&{nested}")).await;
    let roof = &page["value"][0];
    assert_eq!(roof["location"]["coordinates"], json!([10.1, 54.3, 12.0]));
    let streams = roof["Things"][0]["Datastreams"].as_array().unwrap();
    let newest: Vec<_> = streams.iter().map(|one| (one["unitOfMeasurement"]["symbol"].as_str().unwrap(), results(one))).collect();
    assert_eq!(newest, [("Cel", vec![20.4]), ("%RH", vec![54.0])]);

    for (request, name, many) in [
        ("/Things?$top=200&$count=false&$expand=HistoricalLocations($top=100)", "HistoricalLocations", true),
        ("/Things?$top=200&$count=false&$expand=Datastreams($top=10)", "Datastreams", true),
        ("/Locations?$top=200&$count=false&$expand=HistoricalLocations($top=100)", "HistoricalLocations", true),
        ("/Datastreams?$top=200&$count=false&$expand=Thing($top=100)", "Thing", false),
        ("/Datastreams?$top=200&$count=false&$expand=Sensor($top=100)", "Sensor", false),
        ("/Datastreams?$top=200&$count=false&$expand=ObservedProperty($top=10)", "ObservedProperty", false),
        ("/Sensors?$top=200&$count=false&$expand=Datastreams($top=10)", "Datastreams", true),
        ("/ObservedProperties?$top=200&$count=false&$expand=Datastreams($top=10)", "Datastreams", true),
        ("/Observations?$top=200&$count=false&$expand=Datastream($top=10)", "Datastream", false),
        ("/FeaturesOfInterest?$top=200&$count=false&$expand=Observations($orderby=phenomenonTime desc;$top=100)", "Observations", true),
    ] {
        let page = ok(&hub, request).await;
        assert!(!page["value"].as_array().unwrap().is_empty());
        for one in page["value"].as_array().unwrap() {
            assert!(if many { one[name].is_array() } else { one[name]["@iot.id"].is_string() }, "{request}: {one}");
        }
    }
    let feature = ok(&hub, "/FeaturesOfInterest?$expand=Observations($orderby=phenomenonTime desc;$top=3)").await["value"][0].clone();
    assert_eq!(results(&feature), [20.4, 54.0, 20.3], "of one time in the order of the Datastreams");
    assert_eq!(ok(&hub, "/HistoricalLocations?$top=200&$count=false&$expand=Thing($top=100)").await, json!({"value": []}));
}

#[tokio::test(flavor = "multi_thread")]
async fn other_clients_select_order_expand_and_follow_paths() {
    let (hub, [roof, _, shed]) = yard().await;
    let page = ok(&hub, "/Things?$select=name,id,Datastreams&$orderby=name desc&$filter=name ne 'Yard'").await;
    let link = |id: &str| hub.url(&format!("/v1.1/Things('{id}')/Datastreams"));
    let expected = json!([
        {"name": "Shed", "@iot.id": shed, "Datastreams@iot.navigationLink": link(&shed)},
        {"name": "Roof", "@iot.id": roof, "Datastreams@iot.navigationLink": link(&roof)},
    ]);
    assert_eq!(page["value"], expected);
    let one = ok(
        &hub,
        &format!("/Things('{roof}')?$select=name&$expand=Datastreams($select=name;$count=true;$top=1),Locations($select=location)"),
    )
    .await;
    let next = one["Datastreams@iot.nextLink"].as_str().unwrap();
    let expected = json!({
        "name": "Roof", "Datastreams": [{"name": "Roof temperature"}], "Datastreams@iot.count": 2, "Datastreams@iot.nextLink": next,
        "Locations": [{"location": {"type": "Point", "coordinates": [10.1, 54.3, 12.0]}}],
    });
    assert_eq!(one, expected);
    assert_eq!(ok(&hub, next).await["value"], json!([{"name": "Roof relative_humidity"}]));
    let both = ok(&hub, &format!("/Things('{roof}')?$expand=Datastreams/Sensor,Datastreams/ObservedProperty")).await;
    let stream = &both["Datastreams"][1];
    assert_eq!((&stream["Sensor"]["name"], &stream["ObservedProperty"]["name"]), (&json!("senml"), &json!("relative_humidity")));

    let id = stream["@iot.id"].as_str().unwrap();
    let path = format!("/Things('{roof}')/Datastreams('{id}')/Observations?$select=result&$orderby=phenomenonTime desc&$top=1");
    assert_eq!(ok(&hub, &path).await["value"], json!([{"result": 54.0}]));
    let reading = ok(&hub, "/Observations?$top=1&$expand=FeatureOfInterest,Datastream($expand=Thing($select=name))&$select=result").await;
    let reading = &reading["value"][0];
    assert_eq!(
        (&reading["FeatureOfInterest"], &reading["Datastream"]["Thing"]),
        (&Value::Null, &json!({"name": "Shed"})),
        "it has no place"
    );

    for (request, status) in [
        ("/Things?$select=nothing", 400),
        ("/Things?$select=properties/elevation_m", 501),
        ("/Things?$filter=nothing eq 1", 400),
        ("/Things?$filter=Datastreams/name eq 'x'", 501),
        ("/Datastreams?$filter=phenomenonTime gt 2026-01-01T00:00:00Z", 501),
        ("/Observations?$filter=result gt 5", 501),
        ("/Observations?$orderby=result", 501),
        ("/Observations?$skip=20000", 400),
        ("/Things?$expand=Datastreams($filter=nothing eq 1)", 400),
        ("/Datastreams?$expand=Thing($filter=name eq 'x')", 501),
        ("/HistoricalLocations?$select=nothing", 400),
        ("/Things/$ref", 501),
        ("/Things?$resultFormat=GeoJSON", 501),
    ] {
        let (answered, problem) = get(&hub, request).await;
        assert_eq!(answered, status, "{request}: {problem}");
        assert!(problem["detail"].as_str().unwrap().len() > 20, "{request}: {problem}");
    }
    assert_eq!(get(&hub, &format!("/Things('{roof}')?$filter=name eq 'x'")).await.0, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_observations_come_the_newest_first_and_page_by_page() {
    let (hub, _) = yard().await;
    let page = ok(&hub, "/Observations?$top=5").await;
    assert_eq!(all(&page, "result"), [json!(3.25), json!(20.4), json!(54.0), json!(20.3), json!(53.0)]);
    let next = ok(&hub, page["@iot.nextLink"].as_str().unwrap()).await;
    assert_eq!(all(&next, "result"), [json!(20.2), json!(52.0), json!(9.5), json!(20.1), json!(51.0)], "one time over two stations");
    let last = ok(&hub, next["@iot.nextLink"].as_str().unwrap()).await;
    assert_eq!((all(&last, "result"), last.get("@iot.nextLink")), (vec![json!(20.0), json!(50.0)], None));
    let oldest = ok(&hub, "/Observations?$orderby=phenomenonTime asc&$top=3&$skip=1").await;
    assert_eq!(all(&oldest, "result"), [json!(50.0), json!(20.1), json!(51.0)]);
    let next = ok(&hub, oldest["@iot.nextLink"].as_str().unwrap()).await;
    assert_eq!(all(&next, "result"), [json!(20.2), json!(52.0), json!(9.5)], "what was skipped is not skipped twice");
    let span = "$filter=phenomenonTime ge 2026-03-28T23:01:00Z and phenomenonTime lt 2026-03-28T23:03:00Z";
    let within = ok(&hub, &format!("/Observations?$count=true&{span}")).await;
    assert_eq!((&within["@iot.count"], all(&within, "result").len()), (&json!(5), 5));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_expanded_is_bounded_and_links_lead_to_the_rest() {
    let hub = TestHub::start().await;
    let minutes: Vec<_> = (0..3_000).map(|minute| ("temperature", "Cel", minute, (minute % 100) as f64)).collect();
    for name in ["One", "Two", "Three"] {
        station(&hub, json!({"name": name}), &minutes).await;
    }
    // 9,000 are asked for: the page ends before the entity that would be cut, and the links bring each exactly once.
    for top in [1_000, 400] {
        let (mut next, mut found, mut pages) =
            (Some(format!("/Sensors?$select=id&$expand=Datastreams($select=name;$expand=Observations($top={top};$select=result))")), 0, 0);
        while let Some(link) = next {
            let page = ok(&hub, &link).await;
            for stream in page["value"].as_array().unwrap().iter().flat_map(|sensor| sensor["Datastreams"].as_array().unwrap()) {
                assert_eq!(stream["Observations"].as_array().unwrap().len(), top);
                assert!(stream["Observations@iot.nextLink"].is_string());
                found += 1;
            }
            pages += 1;
            next = page.get("@iot.nextLink").map(|link| link.as_str().unwrap().to_owned());
        }
        assert_eq!((found, pages), (3, 1), "3,000 at once are within the bound");
    }
    let mut more = vec![];
    for number in 0..4 {
        more.push(station(&hub, json!({"name": format!("More {number}")}), &minutes[..1_500]).await);
    }
    let (mut next, mut told) =
        (Some("/Things?$select=name&$expand=Datastreams($expand=Observations($top=1000;$select=result))".to_owned()), vec![]);
    let mut pages = vec![];
    while let Some(link) = next {
        let page = ok(&hub, &link).await;
        let rows = |thing: &Value| thing["Datastreams"][0]["Observations"].as_array().unwrap().len();
        assert!(page["value"].as_array().unwrap().iter().map(rows).all(|rows| rows == 1_000), "none is cut");
        told.extend(all(&page, "name"));
        pages.push(page["value"].as_array().unwrap().len());
        next = page.get("@iot.nextLink").map(|link| link.as_str().unwrap().to_owned());
    }
    assert_eq!((told.len(), pages), (7, vec![4, 3]), "5,000 rows with the Datastreams among them");
}
