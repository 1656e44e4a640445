"""A station read over SensorThings: by FROST's own client for Python, and by the requests that QGIS 3.36 and later build (its provider
`sensorthings`, `qgssensorthingsutils.cpp`), sent by curl with what Qt encodes of an address."""

import json
import subprocess

import frost_sta_client

#: Minutes behind 2026-11-20T06:00:00Z, °C, %.
READINGS = [(0, 10.0, 80), (10, 10.5, 79), (20, 11.25, 77), (30, 12.0, 75), (40, 12.5, 74)]


def sensorthings(yard):
    checks, http = yard.checks, yard.hub.http
    station, key = yard.station("Things for clients", "senml", latitude=54.3, longitude=10.1, elevation_m=12, note="on the roof")
    for minutes, celsius, wet in READINGS:
        at = 1_795_154_400 + 60 * minutes
        pack = [{"n": "temperature", "u": "Cel", "t": at, "v": celsius}, {"n": "relative_humidity", "u": "%RH", "t": at, "v": wet}]
        status, said = curl(f"{http}/s/{key}", "--data-binary", json.dumps(pack))
        checks.equal("a reading is stored", status, 200)
    client(yard, station)
    qgis(yard, station)


def client(yard, station):
    """Things, their Datastreams, their Observations, as somebody's notebook reads them."""
    checks = yard.checks
    service = frost_sta_client.SensorThingsService(f"{yard.hub.http}/v1.1")
    things = service.things().query().filter("name eq 'Things for clients'").list()
    checks.equal("frost: one Thing of that name", [(thing.id, thing.name, thing.description) for thing in things], [(station, "Things for clients", "on the roof")])
    thing = service.things().find(station)
    checks.equal("frost: what is said of it", thing.properties, {"time_zone": "Europe/Berlin", "elevation_m": 12.0})
    places = [place.location["coordinates"] for place in thing.get_locations().query().list()]
    checks.equal("frost: where it stands", places, [[10.1, 54.3, 12.0]])

    streams = {}
    for stream in thing.get_datastreams().query().expand("ObservedProperty").list():
        streams[stream.observed_property.name] = stream
        # Pages of two: the client follows the links.
        query = stream.get_observations().query().orderby("phenomenonTime", "desc").top(2)
        found = [(reading.phenomenon_time[:16], reading.result) for reading in query.list()]
        column = 1 if stream.observed_property.name == "temperature" else 2
        expected = [(f"2026-11-20T06:{row[0]:02}", float(row[column])) for row in reversed(READINGS)]
        checks.equal(f"frost: readings of {stream.observed_property.name}, the newest first", found, expected)
    units = {name: stream.unit_of_measurement.symbol for name, stream in streams.items()}
    checks.equal("frost: units", units, {"temperature": "Cel", "relative_humidity": "%RH"})

    observations = streams["temperature"].get_observations().query()
    late = observations.filter("phenomenonTime gt 2026-11-20T06:20:00Z").count().select("result").list()
    checks.equal("frost: filtered, counted, selected", (late.count, [reading.result for reading in late]), (2, [12.0, 12.5]))
    try:
        observations.filter("result gt 11").list()
        checks.true("frost: what is not done is refused", False, "it was answered")
    except Exception as error:  # noqa: BLE001 - whichever the client makes of 501
        checks.true("frost: what is not done is refused", "501" in str(error), error)


def qgis(yard, station):
    """What QGIS asks when a layer is added, its map is moved, and Datastreams are drawn with their newest values."""
    checks = yard.checks

    def ask(url):
        status, text = curl(url.replace(" ", "%20"))
        checks.equal(f"qgis: {url.partition('/v1.1')[2] or '/'} is answered", status, 200)
        return json.loads(text)

    sets = {one["name"]: one["url"] for one in ask(f"{yard.hub.http}/v1.1")["value"]}
    for name, url in sets.items():
        counted = ask(f"{url}?$top=0&$count=true")
        checks.true(f"qgis: {name} are counted", isinstance(counted["@iot.count"], int) and counted["value"] == [], counted)
    kind = "location/type eq 'Point' or location/geometry/type eq 'Point'"
    here = "geo.intersects(location, geography'Polygon ((10 54.2, 10.2 54.2, 10.2 54.4, 10 54.4, 10 54.2))')"
    places = ask(f"{sets['Locations']}?$top=200&$count=false&$filter=({kind}) and ({here})")["value"]
    mine = [place for place in places if place["@iot.id"] == station]
    checks.equal("qgis: the station is on the map", [place["location"] for place in mine], [{"type": "Point", "coordinates": [10.1, 54.3, 12.0]}])
    elsewhere = ask(f"{sets['Locations']}?$top=200&$count=false&$filter=({kind}) and ({here.replace('54', '-54')})")["value"]
    checks.true("qgis: and nowhere else", station not in [place["@iot.id"] for place in elsewhere], elsewhere)

    area = "observedArea/type eq 'Point' or observedArea/geometry/type eq 'Point'"
    next_page = f"{sets['Datastreams']}?$top=200&$count=false&$filter={area}&$expand=Observations($orderby=phenomenonTime desc;$top=1)"
    newest = {}
    while next_page:
        page = ask(next_page)
        for stream in page["value"]:
            newest[stream["name"]] = (stream["Observations"][0]["result"], stream["unitOfMeasurement"]["symbol"], stream["Observations"][0]["phenomenonTime"])
        next_page = page.get("@iot.nextLink")
    time = "2026-11-20T06:40:00Z"
    checks.equal("qgis: the newest temperature", newest.get("Things for clients temperature"), (12.5, "Cel", time))
    checks.equal("qgis: the newest humidity", newest.get("Things for clients relative_humidity"), (74.0, "%RH", time))
    status, said = curl(f"{sets['Observations']}?$orderby=result")
    checks.true("what is not done is said", status == 501 and "phenomenonTime" in json.loads(said)["detail"], (status, said))


def curl(url, *more):
    """What curl answers: status and text."""
    command = ["curl", "--silent", "--globoff", "--max-time", "20", "--write-out", "\n%{http_code}", *more, url]
    done = subprocess.run(command, capture_output=True, timeout=30)
    text, _, status = done.stdout.decode().rpartition("\n")
    return int(status or 0), text
