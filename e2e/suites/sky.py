"""The sky of a hub beside other people's: sunrise, sunset and the Sun's height beside PyEphem over a year, the passes of the station
beside published ones, both asked through the API."""

import math
from datetime import datetime, timedelta, timezone

import ephem

from harness.hub import Hub, Scratch, request

YEAR = 2026
#: From the polar circle to the tropics: name, degrees of latitude and longitude.
PLACES = (
    ("Tromsø", 69.65, 18.96),
    ("Oulu", 65.01, 25.47),
    ("Lerwick", 60.15, -1.14),
    ("Kiel", 54.32, 10.14),
    ("Munich", 48.14, 11.58),
    ("Athens", 37.98, 23.73),
    ("Aswan", 24.09, 32.90),
    ("Quito", -0.18, -78.47),
    ("Windhoek", -22.57, 17.08),
)
#: The Sun's middle when its upper edge touches the horizon, degrees.
HORIZON = -50 / 60
#: Steeper than this, degrees per minute, times are compared; flatter, heights.
STEEP = 0.05
SECONDS, DEGREES = 60.0, 0.02

#: The station in January 2014, as the documentation of Skyfield has it.
STATION = b"""ISS (ZARYA)
1 25544U 98067A   14020.93268519  .00009878  00000-0  18200-3 0  5082
2 25544  51.6498 109.4756 0003572  55.9686 274.8005 15.49815350868473
"""
BLUFFTON = {"name": "Bluffton", "latitude": 40.8939, "longitude": -83.8917, "elevation_m": 0, "time_zone": "America/New_York"}
#: Rise above 30°, highest stand and set on 23 January 2014, UTC.
PASSES = (("06:25:37", "06:26:58", "06:28:19"), ("12:54:56", "12:56:27", "12:57:58"))


def run(args, checks):
    with Scratch() as scratch, Hub(args.hub, scratch / "data") as hub:
        token = hub.teacher_token()
        for name, latitude, longitude in PLACES:
            with checks.guard(f"the Sun at {name}"):
                sun(hub, checks, name, latitude, longitude)
        with checks.guard("the passes of the station"):
            station(hub, token, checks)
        with checks.guard("what is no elements"):
            refused(hub, token, checks)


def ask(hub, path):
    answer = request(f"{hub.http}/api/v1/sky/{path}")
    assert answer.status == 200, (path, answer.status, answer.body[:300])
    return answer.json()


class Place:
    """PyEphem's Sun at a place: no refraction but that in the height of the horizon, the Sun's middle."""

    def __init__(self, latitude, longitude):
        self.observer = ephem.Observer()
        self.observer.lat, self.observer.lon, self.observer.elevation = str(latitude), str(longitude), 0
        self.observer.pressure, self.observer.horizon = 0, "-0:50"

    def height(self, time):
        """Degrees of the Sun's middle over the horizon at a time."""
        self.observer.date = ephem.Date(time)
        return math.degrees(ephem.Sun(self.observer).alt)

    def slope(self, time):
        """Degrees per minute."""
        half = timedelta(seconds=30)
        return self.height(time + half) - self.height(time - half)

    def event(self, search, start, end):
        """The next or the last rising or setting between two times, or nothing."""
        forwards = search.__name__.startswith("next")
        self.observer.date = ephem.Date(start if forwards else end)
        try:
            found = search(ephem.Sun(), use_center=True).datetime()
        except (ephem.AlwaysUpError, ephem.NeverUpError):
            return None
        return found if start <= found < end else None

    def extreme(self, start, day):
        """The height of the day that is nearest to the horizon's, of its highest and lowest."""
        heights = [self.height(start + day * step / 720) for step in range(721)]
        return min(abs(max(heights) - HORIZON), abs(min(heights) - HORIZON))


def at(micros):
    return None if micros is None else datetime.fromtimestamp(micros / 1e6, timezone.utc).replace(tzinfo=None)


def sun(hub, checks, name, latitude, longitude):
    """Each day of the year: first sunrise, last sunset, polar day and night."""
    days = ask(hub, f"year?year={YEAR}&latitude={latitude}&longitude={longitude}&time_zone=UTC")["days"]
    checks.equal(f"{name}: the year has all its days", len(days), 365)
    place, day = Place(latitude, longitude), timedelta(days=1)
    wrong, compared, flat, polar, worst = [], 0, 0, 0, 0.0
    for found in days:
        start = datetime.fromisoformat(found["date"])
        pairs = (
            (at(found["rise"]), place.event(place.observer.next_rising, start, start + day)),
            (at(found["set"]), place.event(place.observer.previous_setting, start, start + day)),
        )
        for ours, theirs in pairs:
            if ours and theirs:
                compared += 1
                if abs(place.slope(theirs)) > STEEP:
                    off = abs((ours - theirs).total_seconds())
                    worst = max(worst, off)
                    good = off <= SECONDS
                else:
                    flat += 1
                    good = abs(place.height(ours) - HORIZON) <= DEGREES
            elif ours or theirs:
                # One sees it and the other does not: at midnight it is a matter of a second, when the Sun grazes one of 0.02°.
                moment = ours or theirs
                edge = min((moment - start).total_seconds(), (start + day - moment).total_seconds())
                good = edge <= SECONDS or place.extreme(start, day) <= DEGREES
            elif found["rise"] or found["set"]:
                # The other one of this day: around midsummer the Sun sets after midnight.
                good = True
            else:
                polar += 1
                up = place.height(start + day / 2) > HORIZON
                good = found["length_s"] == (86_400 if up else 0) or place.extreme(start, day) <= DEGREES
            if not good:
                wrong.append((found["date"], ours, theirs))
    print(f"{name}: {compared} risings and settings, {flat} of them flat; largest difference of a steep one {worst:.1f} s; {polar} of polar days and nights")
    checks.equal(f"{name}: sunrise and sunset are PyEphem's to 60 s, where flat to 0.02°, polar days and nights agree", wrong[:5], [])
    checks.true(f"{name}: something was compared", compared > 300 and (polar > 100) == (latitude > 66.7), (compared, polar))
    # Heights at any time of the day, wherever the Sun is.
    apart = []
    for month in range(1, 13):
        found = ask(hub, f"sun?date={YEAR}-{month:02d}-21&latitude={latitude}&longitude={longitude}&time_zone=UTC")
        apart.append(abs(found["noon_elevation"] - place.height(at(found["noon"]))))
        for event in found["twilight"]:
            apart.append(abs(place.height(at(event["time"])) + 6))
    checks.true(f"{name}: heights at noon and at twilight are PyEphem's to 0.02°", max(apart) <= DEGREES, max(apart))


def station(hub, token, checks):
    """The passes that the documentation of Skyfield has, within 1 s and 0.01°."""
    answer = request(f"{hub.http}/api/v1/sky/elements", "POST", STATION, token, {"Content-Type": "text/plain"})
    checks.equal("two-line elements are taken in", (answer.status, answer.json()["older"]), (201, 0))
    answer = request(f"{hub.http}/api/v1/sky/school", "PUT", BLUFFTON, token)
    checks.equal("a place is taken in", answer.status, 200)
    midnight = int(datetime(2014, 1, 23, tzinfo=timezone.utc).timestamp() * 1e6)
    passes = ask(hub, f"25544/passes?from={midnight}&days=1&min_elevation=30")["passes"]
    checks.equal("two passes above 30°", len(passes), len(PASSES))
    for found, expected in zip(passes, PASSES):
        for moment, clock in zip(("rise", "culmination", "set"), expected):
            wanted = datetime.fromisoformat(f"2014-01-23T{clock}")
            off = (at(found[moment]["time"]) - wanted).total_seconds()
            checks.true(f"{moment} at {clock} within 1 s", abs(off) <= 1, off)
            local = datetime.fromisoformat(found[moment]["local"])
            checks.equal(f"{moment} at {clock}: the school's clocks", (local.utcoffset(), abs((local.astimezone(timezone.utc).replace(tzinfo=None) - wanted).total_seconds()) <= 2), (timedelta(hours=-5), True))
        for moment in ("rise", "set"):
            checks.true(f"{moment}: it stands at 30°", abs(found[moment]["look"]["elevation"] - 30) < 0.01, found[moment])
    moment = int(datetime(2014, 1, 23, 11, 18, 7, tzinfo=timezone.utc).timestamp() * 1e6)
    found = ask(hub, f"25544?at={moment}")
    degrees = lambda whole, minutes, seconds: whole + minutes / 60 + seconds / 3600
    for what, seen, expected, within in (
        ("elevation", found["look"]["elevation"], degrees(16, 16, 32.6), 0.01),
        ("azimuth", found["look"]["azimuth"], degrees(350, 15, 20.4), 0.01),
        ("distance", found["look"]["range_km"], 1168.7, 1.0),
        ("latitude", found["position"]["latitude"], degrees(50, 14, 37.4), 0.01),
        ("longitude", found["position"]["longitude"], -degrees(86, 23, 23.3), 0.01),
    ):
        checks.true(f"{what} at 11:18:07 is Skyfield's", abs(seen - expected) <= within, (seen, expected))
    sky = ask(hub, "satellites")
    checks.equal("elements of 2014 are old", [one["old"] for one in sky["satellites"]], [True])
    checks.equal("a stranger is no teacher", sky["teacher"], False)


def refused(hub, token, checks):
    """What a school's proxy or a slip of the hand puts in the file's place."""
    lines = STATION.split(b"\n")
    for what, body in (
        ("a web page", b"<!doctype html><title>Sign in</title>"),
        ("nothing", b""),
        ("a line whose checksum is wrong", b"\n".join([lines[0], lines[1][:-1] + b"3", lines[2]])),
        ("half a set", b"\n".join(lines[:2])),
        ("JSON of something else", b'{"temperature": 12}'),
        ("a value that cannot be", b'[{"OBJECT_NAME":"X","NORAD_CAT_ID":1,"EPOCH":"2026-01-01T00:00:00","MEAN_MOTION":"NaN","ECCENTRICITY":0,"INCLINATION":51,"RA_OF_ASC_NODE":0,"ARG_OF_PERICENTER":0,"MEAN_ANOMALY":0,"BSTAR":0}]'),
    ):
        answer = request(f"{hub.http}/api/v1/sky/elements", "POST", body, token, {"Content-Type": "text/plain"})
        checks.equal(f"{what} is refused with a sentence", (answer.status, answer.json()["code"]), (400, "elements_unreadable"))
    answer = request(f"{hub.http}/api/v1/sky/elements", "POST", STATION, None, {"Content-Type": "text/plain"})
    checks.equal("a stranger hands nothing in", answer.status, 401)
    checks.equal("and what was there stays", len(ask(hub, "satellites")["satellites"]), 1)
