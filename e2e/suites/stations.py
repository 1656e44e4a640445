"""Stations through the real doors: captured payloads by curl and mosquitto_pub, files of open data, the simulator's devices, and what
goes wrong. Values were worked out by hand (°F: (x - 32)/1.8; inHg: x·33.863886; mph: x·0.44704; inch: x·25.4; mmHg: x·1.33322387)."""

import json
import os
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from harness.checks import eventually
from harness.hub import Hub, Scratch, request
from suites.sensorthings import sensorthings

#: Beyond what 32 bits hold of a value.
CLOSE = 2e-4
DEVICES = ("ecowitt", "ambient", "wunderground", "opensensemap", "opensensemap-csv", "luftdaten", "hackair", "sbx-bytes", "sbx-bytes-ts", "weewx",
           "rtl_433", "tasmota", "esphome", "zigbee2mqtt", "sensorthings", "senml", "mapping")


class Yard:
    """A hub with its stations."""

    def __init__(self, hub, token, checks):
        self.hub, self.token, self.checks = hub, token, checks
        self.keys = []

    def station(self, name, form=None, **rest):
        """Makes a station; id and key."""
        made = request(f"{self.hub.http}/api/v1/stations", "POST", {"name": name, "format": form, **rest}, self.token)
        assert made.status == 201, made.body
        self.keys.append(made.json()["key"])
        return made.json()["id"], made.json()["key"]

    def show(self, station):
        return request(f"{self.hub.http}/api/v1/stations/{station}", token=self.token).json()

    def values(self, station):
        """(channel, property) -> (value, seconds since 1970, how many)."""
        found = {}
        for channel in self.show(station)["channels"]:
            for stream in channel["streams"]:
                at = datetime.fromisoformat(stream["time"]).timestamp()
                found[channel["name"], stream["property"]] = (stream["value"], at, stream["count"])
        return found

    def rows(self, station):
        """(channel, property) -> every stored reading as (seconds since 1970, value), oldest first: what a SensorThings client reads."""
        url = f"{self.hub.http}/v1.1/Things('{station}')/Datastreams?$top=100"
        found, name = {}, self.show(station)["name"]
        for stream in request(url, token=self.token).json()["value"]:
            address, rows = f"{stream['@iot.selfLink']}/Observations?$top=1000&$orderby=phenomenonTime%20asc", []
            while address:
                page = request(address, token=self.token).json()
                rows += [(datetime.fromisoformat(one["phenomenonTime"]).timestamp(), one["result"]) for one in page["value"]]
                address = page.get("@iot.nextLink")
            # A Datastream is named by its station, its channel unless that is the main one, and its property.
            *channel, _ = stream["name"].removeprefix(name).split()
            found[" ".join(channel), stream["@iot.id"].rpartition(".")[2]] = rows
        return found

    def check_rows(self, name, station, expected):
        """`expected` is as `rows` gives it, worked out by hand."""
        found = self.rows(station)
        self.checks.equal(f"{name}: its channels", sorted(found), sorted(expected))
        for place, rows in expected.items():
            stored = found.get(place, [])
            self.checks.equal(f"{name}: the times of {place}", [at for at, _ in stored], [float(at) for at, _ in rows])
            for (at, value), (_, result) in zip(rows, stored, strict=False):
                near = abs(result - value) <= CLOSE * max(1.0, abs(value) / 1000)
                self.checks.true(f"{name}: {place} is {value} at {at}", near, result)

    def rejections(self, station):
        return {one["reason"]: one["count"] for one in self.show(station)["rejections"]}

    def check(self, name, station, seconds, expected, rejected=None, window=None):
        """Every stored value, its time, and nothing else."""
        found = self.values(station)
        self.checks.equal(f"{name}: what is stored", sorted(found), sorted(expected))
        for place, value in expected.items():
            if place not in found:
                continue
            stored, at, count = found[place]
            near = abs(stored - value) <= CLOSE * max(1.0, abs(value) / 1000)
            self.checks.true(f"{name}: {place} is {value}", near, stored)
            if window:
                self.checks.true(f"{name}: {place} is of its arrival", window[0] - 1 <= at <= window[1] + 1, (at, window))
            else:
                self.checks.equal(f"{name}: the time of {place}", at, seconds)
            self.checks.equal(f"{name}: {place} is stored once", count, 1)
        self.checks.equal(f"{name}: what is rejected", self.rejections(station), rejected or {})


def curl(url, *more, body=None):
    """What curl answers: status and text."""
    command = ["curl", "--silent", "--globoff", "--max-time", "20", "--write-out", "\n%{http_code}", *more, url]
    command += ["--data-binary", "@-"] if body is not None else []
    done = subprocess.run(command, input=body.encode() if isinstance(body, str) else body, capture_output=True, timeout=30)
    text, _, status = done.stdout.decode().rpartition("\n")
    return int(status or 0), text


def publish(hub, topic, payload, key=None, retain=False):
    """Whether mosquitto_pub says that it was taken."""
    command = ["mosquitto_pub", "-V", "mqttv311", "-h", hub.mqtt_host, "-p", str(hub.mqtt_port), "-q", "1", "-t", topic, "-s"]
    command += ["-u", "station", "-P", key] if key else []
    command += ["-r"] if retain else []
    done = subprocess.run(command, input=payload.encode(), capture_output=True, timeout=20)
    return done.returncode == 0 and not done.stderr


def run(args, checks):
    # As talkative as it can be: nothing of what follows may stand in its log.
    os.environ["RUST_LOG"] = "trace"
    with Scratch() as scratch, Hub(args.hub, scratch / "data") as hub:
        yard = Yard(hub, hub.teacher_token(), checks)
        for part in (consoles, underground, acurite, published, services, opendata):
            with checks.guard(part.__name__):
                if args.samples.exists():
                    part(yard, args.samples)
                else:
                    checks.skip(f"{part.__name__}: no samples in {args.samples}")
        for part in (wrong_values, strangers, repetitions, sensorthings):
            with checks.guard(part.__name__):
                part(yard)
        with checks.guard("simulated devices"):
            simulated(yard, args.simulator, scratch)
        log = hub.log.read_bytes()
        checks.true("the log is talkative", b"TRACE" in log or b"DEBUG" in log, log[-300:])
        checks.equal("no key and no password is in the log", [key for key in [*yard.keys, "SECRETPASSWORD"] if key.encode() in log], [])


def consoles(yard, samples):
    """Ecowitt's posts, at the path that the app proposes."""
    posts = (samples / "ecowitt/posts.txt").read_text().splitlines()
    expected = [
        (1_588_602_866, {
            ("indoor", "temperature"): 26.1111, ("indoor", "relative_humidity"): 33, ("", "sea_level_pressure"): 967.9315, ("", "pressure"): 967.9315,
            ("", "temperature"): 21.2778, ("", "relative_humidity"): 32, ("", "wind_direction"): 200, ("", "wind_speed"): 0.1788,
            ("", "wind_gust"): 0.4917, ("", "rain_rate"): 0, ("", "rain_total"): 2.0066, ("", "irradiance"): 205.52, ("", "uv_index"): 2,
        }),
        (1_706_287_811, {
            ("indoor", "temperature"): 20.8, ("indoor", "relative_humidity"): 47, ("", "sea_level_pressure"): 1023.1973, ("", "pressure"): 985.8116,
            ("", "temperature"): 17.3, ("", "relative_humidity"): 93, ("", "wind_direction"): 56, ("", "wind_speed"): 0.2012, ("", "wind_gust"): 0.5007,
            ("", "irradiance"): 171.59, ("", "uv_index"): 1, ("", "rain_rate"): 0, ("", "rain_total"): 125.603, ("1", "temperature"): 18.2,
            ("1", "relative_humidity"): 59, ("co2", "temperature"): 21.3, ("co2", "relative_humidity"): 51, ("co2", "pm2_5"): 6.6, ("co2", "pm10"): 6.6,
            ("co2", "carbon_dioxide"): 882,
        }),
    ]
    for number, (post, (seconds, values)) in enumerate(zip(posts, expected, strict=True)):
        station, key = yard.station(f"Ecowitt {number}", "ecowitt")
        answer = curl(f"{yard.hub.http}/s/{key}/data/report/", body=post)
        yard.checks.true(f"ecowitt {number} is answered as it expects", answer[0] == 200 and '"errcode":"0"' in answer[1], answer)
        yard.check(f"ecowitt {number}", station, seconds, values)


def queries(text):
    """The queries in a driver's comments: wrapped lines behind `# `."""
    found = [""]
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        if line.startswith("# "):
            found[-1] += line[2:]
        else:
            found.append("")
    return [one.rsplit("?", 1)[-1].split(" HTTP/")[0] for one in found if "&" in one]


def with_password(query, key):
    """The same query with a station's key where its password was; what a browser would encode is."""
    pairs = [pair.partition("=") for pair in query.split("&")]
    names = [name.upper() for name, _, _ in pairs]
    secret = "PASSWORD" if "PASSWORD" in names else "PASSKEY"
    found = "&".join(f"{name}={key}" if name.upper() == secret else f"{name}={value}" for name, _, value in pairs)
    return (found if secret in names else f"{found}&PASSWORD={key}").replace(" ", "%20")


def metric(inside, outside, dew, wet_in, wet_out, direction, pressure, sea, rain, light):
    return {
        ("indoor", "temperature"): inside, ("", "temperature"): outside, ("", "dew_point"): dew, ("indoor", "relative_humidity"): wet_in,
        ("", "relative_humidity"): wet_out, ("", "wind_speed"): 0, ("", "wind_gust"): 0, ("", "wind_direction"): direction, ("", "pressure"): pressure,
        ("", "sea_level_pressure"): sea, ("", "rain_rate"): 0, ("", "rain_total"): rain, ("", "illuminance"): light,
    }


def underground(yard, samples):
    """Weather Underground's and Ambient's requests, with the password in the address."""
    found = queries((samples / "wunderground/interceptor_comment_samples.txt").read_text())
    expected = [
        ("wunderground", 1_451_941_355, {
            ("", "temperature"): 6.2778, ("", "relative_humidity"): 98, ("", "dew_point"): 6.0, ("", "wind_direction"): 129, ("", "wind_speed"): 0,
            ("", "wind_gust"): 0, ("", "rain_total"): 23.114, ("", "irradiance"): 0, ("", "uv_index"): 0, ("indoor", "temperature"): 24.7222,
            ("indoor", "relative_humidity"): 49, ("", "sea_level_pressure"): 983.7459,
        }, {}),
        ("wunderground", 1_461_040_955, metric(22.8, 1.4, 1.1, 36, 98, 193, 1009.5, 1033.4, 10.5, 1724.9), {}),
        ("wunderground", 1_461_052_444, metric(23.2, 10.1, 2.0, 32, 57, 212, 1010.1, 1034.0, 10.5, 31_892), {}),
        ("wunderground", 1_462_050_301, {
            ("", "temperature"): 6.3, ("", "relative_humidity"): 80, ("", "dew_point"): 3.1, ("", "wind_direction"): 197, ("", "wind_speed"): 0,
            ("", "wind_gust"): 0, ("", "rain_rate"): 0, ("", "rain_total"): 0, ("", "illuminance"): 0, ("indoor", "temperature"): 19.8,
            ("indoor", "relative_humidity"): 46, ("", "pressure"): 1018.3, ("", "sea_level_pressure"): 1018.3,
        }, {}),
        ("wunderground", 1_462_847_655, {
            ("", "rain_total"): 0, ("indoor", "temperature"): 19.0, ("indoor", "relative_humidity"): 47, ("", "sea_level_pressure"): 1013.8848,
        }, {"no_value": 8}),
        ("ambient", 1_529_501_940, {
            ("", "wind_direction"): 169, ("", "wind_speed"): 0.8047, ("", "wind_gust"): 0.9835, ("", "temperature"): 20.6111, ("", "rain_total"): 22.098,
            ("", "sea_level_pressure"): 1012.1916, ("", "pressure"): 998.3074, ("", "relative_humidity"): 61, ("indoor", "temperature"): 23.0,
            ("indoor", "relative_humidity"): 51, ("", "uv_index"): 3, ("", "irradiance"): 299.23,
        }, {}),
        ("wunderground", 1_560_647_139, {
            ("indoor", "temperature"): 22.0, ("", "temperature"): 12.8889, ("", "dew_point"): 10.8889, ("indoor", "relative_humidity"): 64,
            ("", "relative_humidity"): 88, ("", "wind_speed"): 0.8941, ("", "wind_gust"): 0.9835, ("", "wind_direction"): 25, ("", "pressure"): 1006.7395,
            ("", "sea_level_pressure"): 1006.7395, ("", "rain_total"): 2.3114, ("", "irradiance"): 0, ("", "uv_index"): 0, ("soil1", "soil_moisture"): 52,
            ("", "pm2_5"): 309,
        }, {}),
    ]
    for number, (query, (form, seconds, values, rejected)) in enumerate(zip(found, expected, strict=True)):
        station, key = yard.station(f"Underground {number}", form)
        path = "weatherstation/updateweatherstation.php"
        answer = curl(f"{yard.hub.http}/{path}?{with_password(query, key)}")
        yard.checks.equal(f"underground {number} is answered as it expects", answer, (200, "success\n"))
        yard.check(f"underground {number}", station, seconds, values, rejected)


def acurite(yard, samples):
    """AcuRite's hub splits one station over several requests, of its arrival."""
    text = (samples / "wunderground/tcpdump-test-1.txt").read_text()
    requests = [part.split(" HTTP/1.1")[0].replace("\n", "") for part in text.split("GET ")[1:]]
    station, key = yard.station("AcuRite", "wunderground")
    begin = time.time()
    for one in requests:
        status, said = curl(f"{yard.hub.http}/weatherstation/updateweatherstation.php?{with_password(one.split('?', 1)[1], key)}")
        yard.checks.equal("acurite is answered as it expects", (status, said), (200, "success\n"))
    found = yard.values(station)
    expected = {
        ("tower 00008384", "temperature"): 26.2778, ("tower 00008384", "relative_humidity"): 30, ("tower 00012694", "temperature"): 21.9444,
        ("tower 00012694", "relative_humidity"): 46, ("", "wind_speed"): 0.447, ("", "wind_direction"): 113, ("", "rain_total"): 5.08,
        ("", "relative_humidity"): 37, ("", "temperature"): 26.3333, ("", "dew_point"): 10.0, ("", "sea_level_pressure"): 991.8732,
    }
    yard.checks.equal("acurite: what is stored", sorted(found), sorted(expected))
    for place, value in expected.items():
        yard.checks.true(f"acurite: {place} is {value}", abs(found[place][0] - value) < 1e-3 and begin - 1 <= found[place][1] <= time.time() + 1, found[place])


def published(yard, samples):
    """What is published: WeeWX, rtl_433, Tasmota, ESPHome, Zigbee2MQTT."""
    hub, check = yard.hub, yard.check

    def send(name, form, topic, payload, topics, context=None):
        station, key = yard.station(name, form, topics=topics, context=context or {})
        begin = time.time()
        yard.checks.true(f"{name} is acknowledged", publish(hub, topic, payload, key))
        return station, (begin, time.time())

    station, _ = send("WeeWX", "weewx", "weather/loop", (samples / "weewx_mqtt/loop.jsonl").read_text().strip(), ["weather/#"])
    check("weewx", station, 1_492_467_300, {
        ("leaf1", "temperature"): 8.3333, ("", "pressure"): 948.0463, ("", "precipitation"): 0, ("", "sea_level_pressure"): 1018.3546,
        ("", "rain_total"): 172.0, ("", "dew_point"): 2.0709, ("indoor", "relative_humidity"): 29, ("", "wind_gust"): 2.6822, ("", "wind_speed"): 1.0984,
        ("", "relative_humidity"): 90, ("", "temperature"): 3.5556, ("indoor", "temperature"): 26.8333, ("", "rain_rate"): 0,
        ("", "wind_direction"): 283.5544, ("", "uv_index"): 0, ("", "irradiance"): 0,
    }, {"unknown_unit": 1})

    events = [line for line in (samples / "rtl_433/events.jsonl").read_text().splitlines() if line]
    own = {"zone": "Europe/Berlin", "own": [{"model": "Nexus-TH", "id": "42"}, {"model": "Bresser-5in1", "id": "176"}]}
    station, _ = send("rtl_433 Nexus", "rtl_433", "rtl_433/pi/events", events[0], ["rtl_433/#"], own)
    check("rtl_433 in Berlin", station, 1_567_060_699, {("Nexus-TH 42 ch2", "temperature"): 20.5, ("Nexus-TH 42 ch2", "relative_humidity"): 83})
    station, _ = send("rtl_433 Bresser", "rtl_433", "rtl_433/pi/events", events[1], ["rtl_433/#"], own)
    bresser = "Bresser-5in1 176"
    check("rtl_433 with a year of rain", station, 1_690_065_640, {
        (bresser, "temperature"): 14.6, (bresser, "relative_humidity"): 91, (bresser, "wind_gust"): 0.8, (bresser, "wind_speed"): 1.1,
        (bresser, "wind_direction"): 180, (bresser, "rain_total"): 20.0,
    })
    station, _ = send("rtl_433 neighbour", "rtl_433", "rtl_433/pi/events", events[1], ["rtl_433/#"], {"own": own["own"][:1]})
    check("rtl_433: the neighbour's", station, 0, {}, {"not_ours": 1})

    lines = [line.split(" ", 1) for line in (samples / "tasmota/tele_SENSOR.txt").read_text().splitlines()]
    expected = [
        ({("wemos1 BME280", "temperature"): 21.4, ("wemos1 BME280", "relative_humidity"): 33.7, ("wemos1 BME280", "pressure"): 1021.9,
          ("wemos1 BH1750", "illuminance"): 0, ("wemos1 MHZ19B", "carbon_dioxide"): 424, ("wemos1 MHZ19B", "temperature"): 19.0}, {}),
        ({("sonoff6 BME280", "temperature"): 16.6, ("sonoff6 BME280", "relative_humidity"): 63.9, ("sonoff6 BME280", "pressure"): 1001.8}, {}),
        ({("roof DS18B20", "temperature"): 21.5, ("roof BME280", "temperature"): 21.1, ("roof BME280", "relative_humidity"): 46.9,
          ("roof BME280", "pressure"): 1014.4}, {"no_value": 2}),
        # The message says °F and mmHg, so that is what its numbers are; a pressure of 1350.8 hPa there is not.
        ({("tasmota_BME280 BME280", "temperature"): -3.8333, ("tasmota_BME280 BME280", "relative_humidity"): 65.5}, {"out_of_range": 1}),
    ]
    for number, ((topic, body), (values, rejected)) in enumerate(zip(lines[:4], expected, strict=True)):
        topic = "tele/roof/SENSOR" if topic == "-" else topic
        station, window = send(f"Tasmota {number}", "tasmota", topic, body, ["tele/#"])
        check(f"tasmota {number}", station, 0, values, rejected, window)
    station, _ = send("Tasmota local", "tasmota", lines[0][0], lines[0][1], ["tele/#"], {"zone": "Europe/Berlin"})
    yard.checks.equal("tasmota: 11:41:50 in summer is 9:41:50 UTC", {at for _, at, _ in yard.values(station).values()}, {1_746_783_710.0})

    lines = [line.split(" ", 1) for line in (samples / "zigbee2mqtt/payloads.txt").read_text().splitlines()]
    station, window = send("Zigbee", "zigbee2mqtt", lines[0][0], lines[0][1], ["zigbee2mqtt/#"])
    check("zigbee2mqtt", station, 0, {("FRIENDLY_NAME", "temperature"): 27.34, ("FRIENDLY_NAME", "relative_humidity"): 44.72}, None, window)
    station, _ = send("Zigbee water", "zigbee2mqtt", lines[1][0], lines[1][1], ["zigbee/#"])
    check("zigbee2mqtt without weather", station, 0, {})
    station, _ = send("Zigbee last seen", "zigbee2mqtt", "zigbee2mqtt/plug", lines[2][1], ["zigbee2mqtt/#"])
    check("zigbee2mqtt with a time", station, 1_582_746_249, {("plug", "temperature"): 16})

    topic = "livingroom/sensor/bme280_temperature/state"
    station, key = yard.station("ESPHome", "esphome", topics=["livingroom/#", "homeassistant/#"])
    yard.checks.true("esphome is acknowledged before its discovery", publish(hub, topic, "23.4", key))
    yard.checks.equal("esphome: without a unit there is no value", (yard.values(station), yard.rejections(station)), ({}, {"unknown_unit": 1}))
    discovery = {"dev_cla": "temperature", "unit_of_meas": "°C", "name": "BME280", "stat_t": topic, "uniq_id": "x", "dev": {"ids": "a0", "name": "livingroom"}}
    config = "homeassistant/sensor/livingroom/bme280_temperature/config"
    yard.checks.true("esphome's discovery is acknowledged", publish(hub, config, json.dumps(discovery), key, retain=True))
    begin = time.time()
    yard.checks.true("esphome is acknowledged", publish(hub, topic, "23.4", key))
    check("esphome", station, 0, {("livingroom bme280", "temperature"): 23.4}, {"unknown_unit": 1}, (begin, time.time()))
    # Somebody changes the unit in the node's configuration: 77 °F are 25 °C.
    publish(hub, config, json.dumps({**discovery, "unit_of_meas": "°F"}), key, retain=True)
    publish(hub, topic, "77", key)
    yard.checks.true("esphome: a changed unit is heeded", abs(yard.values(station)["livingroom bme280", "temperature"][0] - 25) < CLOSE, yard.values(station))


def services(yard, samples):
    """openSenseMap's relatives, SensorThings, SenML."""
    http = yard.hub.http
    for form, file, values in (
        ("luftdaten", "luftdaten.json", {("SDS", "pm10"): 5.38, ("SDS", "pm2_5"): 4.98}),
        ("luftdaten", "luftdaten_NRZ-2018-121.json", {("SDS", "pm10"): 1.87, ("SDS", "pm2_5"): 1.05, ("BMP", "pressure"): 1006.59, ("BMP", "temperature"): 26.8}),
        ("hackair", "hackair.json", {("", "pm2_5"): 7.93, ("", "pm10"): 32.63}),
    ):
        station, key = yard.station(file, form)
        begin = time.time()
        status, said = curl(f"{http}/s/{key}", body=(samples / "opensensemap" / file).read_bytes())
        yard.checks.equal(f"{file} is answered", status, 201)
        yard.check(file, station, 0, values, None, (begin, time.time()))

    sensors = {"1": {"channel": "roof", "property": "temperature", "unit": "Cel"}, "2": {"channel": "roof", "property": "relative_humidity", "unit": "%"}}
    station, key = yard.station("SensorThings", "sensorthings", context={"sensors": sensors})
    body = (samples / "sensorthings/create_observations_dataarray.json").read_bytes()
    yard.checks.equal("sensorthings is answered", curl(f"{http}/v1.1/CreateObservations", "-H", f"Authorization: Bearer {key}", body=body)[0], 201)
    # 10:21 at UTC - 7 h, and one of each before it.
    yard.checks.equal("sensorthings", yard.values(station), {("roof", "temperature"): (30.0, 1_293_124_860.0, 2), ("roof", "relative_humidity"): (60.0, 1_293_124_860.0, 2)})

    lines = (samples / "senml/rfc8428.jsonl").read_text().splitlines()
    station, key = yard.station("SenML 0", "senml")
    begin = time.time()
    curl(f"{http}/s/{key}", body=lines[0])
    yard.check("senml 0", station, 0, {("", "temperature"): 23.1}, None, (begin, time.time()))
    station, key = yard.station("SenML 1", "senml")
    begin = time.time()
    curl(f"{http}/s/{key}", body=lines[1])
    yard.check("senml 1", station, 0, {("", "voltage"): 120.1, ("", "electric_current"): 1.2}, None, (begin, time.time()))
    station, key = yard.station("SenML 2", "senml")
    curl(f"{http}/s/{key}", body=lines[2])
    found = yard.values(station)
    yard.checks.true("senml 2: four times of one sensor", list(found) == [("", "relative_humidity")] and found["", "relative_humidity"][1:] == (1_320_067_644.0, 4), found)
    yard.checks.equal("senml 2: positions and a battery", yard.rejections(station), {"private": 8, "unknown_unit": 1})


def handed_in(yard, station, file, query=""):
    """Hands a file in with curl; what became of it."""
    url = f"{yard.hub.http}/api/v1/stations/{station}/files{query}"
    status, said = curl(url, "-H", f"Authorization: Bearer {yard.token}", "-H", "Content-Type: application/octet-stream", body=file)
    if status != 202:
        return status, json.loads(said)

    def done():
        newest = request(url.split("?")[0], token=yard.token).json()[0]
        return newest if newest["state"] not in ("waiting", "running") else None

    return status, eventually(done, 30)


def opendata(yard, samples):
    """Files of the DWD, Bright Sky: handed in, then every stored value."""
    checks = yard.checks

    def read(path):
        return (samples / path).read_bytes()

    station, _ = yard.station("Air", public=True)
    _, done = handed_in(yard, station, read("dwd/produkt_zehn_min_tu_excerpts.txt"))
    checks.equal("three stations' air: counts", (done["state"], done["stored"], {one["what"]: one["count"] for one in done["reasons"]}), ("done", 34, {"no_value": 1}))
    # Until 1999 files are in Central European Time, but one that begins with the last hour of 1999 is of the time from 2000 on, in UTC.
    times = [946_681_200, 946_681_800, 946_682_400, 1_574_985_600, 1_786_838_400, 1_786_839_000, 1_786_839_600]
    yard.check_rows("air", station, {
        ("", "pressure"): list(zip(times[:3] + times[4:], [997.3, 997.3, 997.3, 1002.8, 1002.9, 1003.0], strict=True)),
        ("", "temperature"): list(zip(times, [4.1, 4.1, 4.2, 7.4, 24.1, 24.3, 24.5], strict=True)),
        ("5cm", "temperature"): list(zip(times, [3.6, 3.6, 3.7, 6.6, 23.7, 21.8, 21.8], strict=True)),
        ("", "relative_humidity"): list(zip(times, [87, 86, 87, 89.5, 48.4, 50.6, 50.6], strict=True)),
        ("", "dew_point"): list(zip(times, [2.1, 2.0, 2.2, 5.8, 12.5, 13.2, 13.2], strict=True)),
    })

    text, packed = read("dwd/produkt_zehn_min_sd_20211209_20230611_01766.txt"), read("dwd/10minutenwerte_SOLAR_01766_akt.zip")
    station, _ = yard.station("Sun")
    _, first = handed_in(yard, station, text)
    _, again = handed_in(yard, station, packed)
    checks.equal("sun: the zip is the text again", (again["stored"], again["duplicates"]), (0, first["stored"]))
    checks.true("sun: longwave has no value", ("longwave", "irradiance") not in yard.values(station), yard.values(station))
    # 2023-06-10T23:50:00Z, at night.
    checks.equal("sun: the last value", yard.values(station)["", "irradiance"][:2], (0.0, 1_686_441_000.0))
    _, half = handed_in(yard, station, packed[: len(packed) // 2])
    checks.true("half a zip is told", half["state"] == "failed" and "cut off" in half["error"], half)

    station, _ = yard.station("Wind", public=True)
    _, wind = handed_in(yard, station, read("dwd/observations_recent_FF_akt.zip"))
    # Ten hours; one has no speed.
    checks.equal("wind: counts", (wind["rows"], wind["stored"]), (10, 19))
    checks.true("wind: moves of the station are told", any(note["what"] == "moved" for note in wind["notes"]), wind["notes"])
    # Five hours of the night to 15 September 2018, one of 20 April 2019 without a speed, four of the evening of 17 March 2020.
    times = [1_536_969_600 + 3600 * hour for hour in range(5)] + [1_555_794_000] + [1_584_475_200 + 3600 * hour for hour in range(4)]
    yard.check_rows("wind", station, {
        ("", "wind_speed"): list(zip(times[:5] + times[6:], [1.6, 1.7, 1.0, 0.9, 1.2, 2.5, 2.5, 2.6, 1.5], strict=True)),
        ("", "wind_direction"): list(zip(times, [80, 140, 130, 120, 180, 90, 110, 110, 110, 130], strict=True)),
    })
    checks.equal("wind: where it stands", yard.show(station)["latitude"], 48.8275)

    station, _ = yard.station("From the list")
    _, listed = handed_in(yard, station, read("dwd/zehn_min_tu_Beschreibung_Stationen_excerpt_latin1.txt"), "?station=44")
    checks.true("the list names the station", any("Großenkneten" in note["detail"] for note in listed["notes"]), listed)
    for page in ("dwd/dwd_opendata_index.html", "dwd/station_list.html"):
        status, problem = handed_in(yard, station, read(page))
        checks.equal(f"{page} is no data", (status, problem["code"]), (400, "file_page"))

    station, _ = yard.station("POI", public=True)
    handed_in(yard, station, read("dwd/observations_current.csv"))
    # Every hour from 5 April 2020 08:00Z on; in the file the newest comes first, as here. Speeds are there in km/h.
    times = [1_586_073_600 + 3600 * hour for hour in range(24, -1, -1)]

    def hours(*values, over=1):
        return [(at, value / over) for at, value in reversed(list(zip(times, values, strict=True))) if value is not None]

    yard.check_rows("poi", station, {
        ("", "temperature"): hours(-3.1, -4.5, -5.8, -6.8, -9.6, -10.3, -9.3, -9.1, -9.3, -8.1, -7.6, -6.4, -3.8, -2.7, -2.1, -2.2, -1.7, -1, 0, -0.8, -1.2, -0.8, -0.7, -0.2, -3.2),
        ("", "dew_point"): hours(-10, -10.2, -10.4, -9.6, -11.3, -11.6, -10.5, -10.8, -10.9, -9.6, -8.7, -8.1, -5.3, -4.3, -3.5, -3.1, -4.3, -6.1, -7.1, -9.4, -10.7, -12.3, -10.8, -6.8, -7.4),
        ("", "relative_humidity"): hours(59, 64, 70, 80, 87, 90, 91, 87, 88, 89, 92, 88, 89, 89, 90, 94, 82, 68, 59, 52, 48, 41, 46, 61, 73),
        ("", "sea_level_pressure"): hours(1023.1, 1023.6, 1023.9, 1024, 1024.1, 1024, 1023.4, 1023.2, 1023.1, 1022.6, 1022, 1021.6, 1020.8, 1020.1, 1019.6, 1019.1, 1019, 1018.3, 1017.9, 1017.5, 1017.2, 1017, 1016.6, 1016.1, 1015.5),
        ("", "wind_direction"): hours(140, 140, 150, 120, 130, 180, 170, 180, 110, 70, 140, 130, 170, 230, 220, 230, 250, 270, 240, 190, 168, 210, 210, 80, 70),
        ("", "wind_speed"): hours(14, 14, 14, 7, 7, 4, 7, 4, 11, 7, 11, 14, 7, 11, 18, 14, 18, 22, 11, 11, 12, 18, 14, 4, 7, over=3.6),
        ("", "wind_gust"): hours(21, 22, 19, 12, 10, 13, 14, 15, 15, 15, 17, 17, 14, 20, 27, 26, 35, 33, 25, 20, 29, 28, 21, 11, 11, over=3.6),
        ("", "precipitation"): hours(*[0] * 12, 0.1, 0, None, 0.6, *[0] * 9),
    })

    station, _ = yard.station("Bright Sky")
    handed_in(yard, station, read("brightsky/current_weather_2026-05-28.json"))
    yard.check("bright sky", station, 1_779_955_200, {
        ("", "cloud_cover"): 38, ("", "dew_point"): 6.54, ("", "irradiance"): 658, ("", "precipitation"): 0, ("", "sea_level_pressure"): 1025.1,
        ("", "relative_humidity"): 53, ("", "visibility"): 33_886, ("", "wind_direction"): 300, ("", "wind_speed"): 3.8056, ("", "wind_gust"): 6.1111,
        ("", "sunshine"): 1800, ("", "temperature"): 16.1,
    }, {})


def wrong_values(yard):
    """-9999, -999, ---, empty and NaN are no values; they are counted, and the rest is stored."""
    station, key = yard.station("Failing", "ecowitt")
    body = "dateutc=2026-11-20 06:00:00&tempf=-9999&humidity=&winddir=---&windspeedmph=nan&baromabsin=-999&solarradiation=100.5"
    yard.checks.equal("it is answered all the same", curl(f"{yard.hub.http}/s/{key}/data/report/", body=body)[0], 200)
    yard.check("failing sensors", station, 1_795_154_400, {("", "irradiance"): 100.5}, {"no_value": 5})
    # A console that was never set, and one whose clock jumps back.
    for stamp in ("2036-01-01 00:00:00", "2026-11-20 05:00:00"):
        curl(f"{yard.hub.http}/s/{key}/data/report/", body=f"dateutc={stamp}&tempf=50.0")
    yard.checks.equal("a year of the future is rejected", yard.rejections(station).get("time_out_of_range"), 1)
    yard.checks.equal("what is late is stored", yard.values(station)["", "temperature"][1], 1_795_150_800.0)


def strangers(yard):
    """Wrong credentials, and topics that are a neighbour's."""
    station, key = yard.station("Mine", "tasmota", topics=["tele/mine/#"])
    http = yard.hub.http
    for path in ("/s/SECRETPASSWORD/data/report/", "/weatherstation/updateweatherstation.php?ID=X&PASSWORD=SECRETPASSWORD&tempf=1", "/data/report/?PASSKEY=SECRETPASSWORD"):
        status, said = curl(f"{http}{path}", body="tempf=1")
        yard.checks.true(f"a wrong credential is refused at {path[:20]}", status == 401 and "SECRETPASSWORD" not in said, (status, said))
    for authorization in ("SECRETPASSWORD", "Bearer SECRETPASSWORD", f"Bearer {yard.token}"):
        status, said = curl(f"{http}/boxes/a/b", "-H", f"Authorization: {authorization}", body="{}")
        yard.checks.equal("nor does a token of others open a box", (status, "SECRETPASSWORD" in said), (401, False))
    body = '{"BME280":{"Temperature":21.4},"TempUnit":"C"}'
    yard.checks.true("a neighbour's topic is refused", not publish(yard.hub, "tele/neighbour/SENSOR", body, key))
    yard.checks.true("a wrong password is refused", not publish(yard.hub, "tele/mine/SENSOR", body, "SECRETPASSWORD"))
    yard.checks.equal("nothing of it is stored", yard.values(station), {})
    yard.checks.true("its own topic is taken", publish(yard.hub, "tele/mine/SENSOR", body, key))
    yard.checks.true("and stored", abs(yard.values(station)["mine BME280", "temperature"][0] - 21.4) < CLOSE)


def repetitions(yard):
    """The same again is stored once; another value of the same time is told."""
    station, key = yard.station("Again", "ecowitt")
    body = "dateutc=2026-11-20 06:00:00&tempf=50.0"
    for sent in (body, body, body.replace("50.0", "59.0")):
        yard.checks.equal("each is answered", curl(f"{yard.hub.http}/s/{key}/data/report/", body=sent)[0], 200)
    yard.check("again", station, 1_795_154_400, {("", "temperature"): 10.0}, {"conflicting": 1})


def simulated(yard, simulator, scratch):
    """One device of each make by messwerk-sim: what is stored last is what it measured last."""

    def one(device):
        file = scratch / f"station-{device}.json"
        command = [simulator, "station", "--format", device, "--hub", yard.hub.http, "--mqtt", f"{yard.hub.mqtt_host}:{yard.hub.mqtt_port}", "--count", "7", "--seed", "5", "--report", file]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, env={"MESSWERK_TOKEN": yard.token, "PATH": "/usr/bin:/bin"})
        return device, done, json.loads(file.read_text()) if file.exists() else {}

    with ThreadPoolExecutor(3) as pool:
        for device, done, report in pool.map(one, DEVICES):
            with yard.checks.guard(f"simulated {device}"):
                yard.checks.equal(f"{device}: everything is acknowledged", (done.returncode, report.get("refused"), report.get("error")), (0, 0, None))
                yard.keys.append(report["key"])
                found = yard.values(report["station"])
                last = {}
                for truth in report["truth"]:
                    place = truth["channel"], truth["property"]
                    # Its times end now, so that what is of its arrival is newer than all of them.
                    if truth["time"] is None or place not in last or last[place]["time"] is not None:
                        last[place] = truth
                for place, truth in last.items():
                    yard.checks.true(f"{device}: {place} is stored", place in found, sorted(found))
                    value, at, _ = found[place]
                    yard.checks.true(f"{device}: {place} is {truth['value']:.3f}", abs(value - truth["value"]) <= truth["within"] + 1e-4, value)
                    if truth["time"] is not None:
                        yard.checks.equal(f"{device}: the time of {place}", at, float(truth["time"]))
                if device == "rtl_433":
                    yard.checks.true("rtl_433: the neighbour's sensor is not stored", all("77" not in channel for channel, _ in found), sorted(found))
                    yard.checks.equal("rtl_433: the neighbour's is counted", yard.rejections(report["station"]).get("not_ours"), 7)
