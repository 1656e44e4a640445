use super::*;

fn read(query: &str) -> Options {
    Options::read(query).unwrap()
}

#[test]
fn options_are_read_and_written_into_the_next_link() {
    let options =
        read("$top=5000&$skip=20&$count=true&$orderby=phenomenonTime%20DESC&$filter=phenomenonTime%20ge%202026-01-01T00:00:00%2B01:00");
    assert_eq!((options.top, options.skip, options.count), (1_000, 20, true));
    assert_eq!(options.order, [("phenomenonTime".to_owned(), true)]);
    let next = read(&options.from(1_020));
    assert_eq!((next.skip, next.top, &next.filter, &next.order), (1_020, 1_000, &options.filter, &options.order));
    let behind = read(&options.behind(7, "a.temperature"));
    assert_eq!((behind.skip, behind.after), (0, Some((7, "a.temperature".to_owned()))));
    for (query, status) in [
        ("$top=-1", 400),
        ("$skiptoken=x", 400),
        ("$orderby=a b c", 400),
        ("$resultFormat=dataArray", 501),
        ("$expand=A($top", 400),
        ("$expand=A($top)", 400),
        ("$expand=A,A", 400),
        ("$expand=A($apply=x)", 501),
        ("$expand=A($expand=B($expand=C($expand=D($expand=E))))", 501),
        ("$expand=A/B/C/D/E", 501),
    ] {
        assert_eq!(Options::read(query).unwrap_err().status, status, "{query}");
    }
}

#[test]
fn expansions_have_options_of_their_own() {
    let options = read(
        "$expand=Locations,Datastreams($orderby=name;$top=2;$filter=name%20eq%20'a;b,(c';$expand=Observations($top=1;$select=result,id),Sensor)",
    );
    assert_eq!(options.expand.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["Locations", "Datastreams"]);
    let (_, streams) = &options.expand[1];
    assert_eq!((streams.top, streams.order.len(), streams.filter.is_some()), (2, 1, true));
    assert_eq!(streams.expand.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["Observations", "Sensor"]);
    assert_eq!(streams.expand[0].1.select, ["result", "id"]);
    let next = read(&streams.from(2));
    assert_eq!((next.skip, &next.expand, &next.filter), (2, &streams.expand, &streams.filter));

    let both = read("$expand=Datastreams/Sensor,Datastreams/Observations($top=3)");
    let (name, streams) = &both.expand[0];
    assert_eq!((both.expand.len(), name.as_str(), streams.expand.len(), streams.expand[1].1.top), (1, "Datastreams", 2, 3));
}
