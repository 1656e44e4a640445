"""Feeds over a real hub: services of our own on loopback that behave, break off, want to be left alone, lie; and a proxy. The hub is the
program with its `messwerk.toml`, so that what an operator writes is what is tried."""

import io
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from harness.checks import eventually
from harness.hub import Hub, Scratch, request

LISTING = '<html><body><a href="../">../</a><a href="stundenwerte_TU_01766_20000101_20201231_hist.zip">x</a><a href="stundenwerte_TU_00044_20000101_20201231_hist.zip">x</a></body></html>'
ROOT = "/climate_environment/CDC/observations_germany/climate/hourly/air_temperature"
GEOGRAPHY = "Stations_id;Stationshoehe;Geogr.Breite;Geogr.Laenge;von_datum;bis_datum;Stationsname\r\n1766;   47.80; 52.1344;  7.6969;19891001;        ;Muenster\r\n"


def product(year, hours):
    """A zip of an hourly product: the temperature is the hour of the day."""
    rows = [f"       1766;{year}{1 + hour // 24 // 28:02}{1 + hour // 24 % 28:02}{hour % 24:02};    3;{hour % 24:6.1f};  80.0;eor" for hour in range(hours)]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("Metadaten_Geographie_01766.txt", GEOGRAPHY)
        file.writestr(f"produkt_tu_stunde_{year}0101_{year}1231_01766.txt", "STATIONS_ID;MESS_DATUM;QN_9;TT_TU;RF_TU;eor\r\n" + "\r\n".join(rows) + "\r\n")
    return out.getvalue()


class Service:
    """A server whose answers are a function of the request; it remembers what it was asked, and apart from it how often for its rules."""

    def __init__(self, answer, rules=(404, b"")):
        self.asked = []
        self.rules = rules
        self.looks = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                if self.path == "/robots.txt":
                    service.looks.append(self.headers.get("User-Agent"))
                    status, text = service.rules
                    return say(self, text, status)
                service.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
                answer(self)

            # A proxy may be asked for a way through.
            do_CONNECT = do_GET

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def say(handler, body=b"", status=200, send=None, **headers):
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body[:send])


def run(args, checks):
    recent, history = product(2025, 700), product(2020, 500)
    large = product(2024, 8_000)

    def dwd(handler):
        path, tag = handler.path.removeprefix(ROOT), handler.headers.get("If-None-Match")
        if path == "/historical/":
            return say(handler, LISTING.encode(), Content_Type="text/html")
        if path == "/historical/stundenwerte_TU_01766_20000101_20201231_hist.zip":
            return say(handler, status=304) if tag == '"h"' else say(handler, history, ETag='"h"')
        if path == "/recent/stundenwerte_TU_01766_akt.zip":
            return say(handler, status=304) if tag == '"r"' else say(handler, recent, ETag='"r"')
        return say(handler, status=404)

    def broken(handler):
        part = handler.headers.get("Range")
        if not part:
            return say(handler, large, send=len(large) // 2, ETag='"b"')
        begin = int(part.removeprefix("bytes=").removesuffix("-"))
        return say(handler, large[begin:], 206, ETag='"b"', Content_Range=f"bytes {begin}-{len(large) - 1}/{len(large)}")

    def huge(handler):
        handler.send_response(200)
        handler.end_headers()
        try:
            for _ in range(200):
                handler.wfile.write(b"x" * (1 << 20))
        except OSError:
            handler.close_connection = True

    services = {
        "good": Service(dwd),
        "broken": Service(broken),
        "page": Service(lambda handler: say(handler, b"<html>we are sorry</html>")),
        "huge": Service(huge),
        "away": Service(lambda handler: say(handler, status=302, Location="https://192.168.1.1/admin")),
        "tired": Service(lambda handler: say(handler, status=429, Retry_After="3600")),
    }
    with Scratch() as scratch:
        config = scratch / "messwerk.toml"
        feeds = [f'[[feeds]]\nname = "{name}"\nkind = "dwd-hourly"\nstation = "01766"\nproducts = ["air_temperature"]\nbase = "{service.url}"\n' for name, service in services.items()]
        config.write_text('[open_data]\ncontact = "physics@school.example"\n' + feeds[0] + "history = true\n" + "".join(feeds[1:]))
        with Hub(args.hub, scratch / "data", config) as hub:
            token = hub.teacher_token()

            def all_asked():
                told = {feed["name"]: feed for feed in request(f"{hub.http}/api/v1/feeds", token=token).json()}
                # When it was asked is told from the first question on; what came of it, at the end.
                return told if all(feed["answered"] or feed["error"] for feed in told.values()) else None

            told = eventually(all_asked, 90, 0.2)
            checks.true("every feed is asked by itself, one after the other", told, request(f"{hub.http}/api/v1/feeds", token=token).body)
            good(checks, hub, token, told["good"], services["good"])
            checks.equal("what broke off is gone on with", (told["broken"]["error"], told["broken"]["files"]), (None, 1))
            checks.true("by its range", any("range" in headers for _, headers in services["broken"].asked), services["broken"].asked)
            for name, words in {"page": "web page", "huge": "larger than 65536 KiB", "away": "private network", "tired": "come later"}.items():
                checks.true(f"{name}: told in words", words in (told[name]["error"] or ""), told[name])
                checks.true(f"{name}: nothing is stored", not told[name]["files"], told[name])
            checks.true("a service that is tired is left alone", told["tired"]["next"] - told["tired"]["asked"] >= 3_600_000_000, told["tired"])
            checks.equal("not even by hand", request(f"{hub.http}/api/v1/feeds/tired/ask", "POST", token=token).status, 429)
            checks.equal("nobody else asks", request(f"{hub.http}/api/v1/feeds/good/ask", "POST").status, 401)
            checks.equal("everybody is told whom the hub asks", request(f"{hub.http}/api/v1/privacy").json()["outbound"], ["127.0.0.1"])
        ruled(args, checks, scratch)
        proxied(args, checks, scratch)


def good(checks, hub, token, feed, service):
    """History and recent months in one station; the second look brings nothing."""
    checks.equal("two files came", (feed["error"], feed["files"]), (None, 2))
    station = request(f"{hub.http}/api/v1/stations/{feed['station']}", token=token).json()
    found = {stream["property"]: (stream["value"], stream["time"], stream["count"]) for channel in station["channels"] for stream in channel["streams"]}
    # The last of 700 hours from 2025-01-01T00 on: day 29, 3 o'clock, which is the first day of the second month of 28.
    checks.equal("what is stored", found, {"temperature": (3.0, "2025-02-02T03:00:00.000000Z", 1_200), "relative_humidity": (80.0, "2025-02-02T03:00:00.000000Z", 1_200)})
    checks.equal("the station says where it is", (station["name"], station["latitude"], station["elevation_m"]), ("good", 52.1344, 47.8))
    checks.true("who asks says so", service.asked[0][1]["user-agent"].startswith("Messwerk/") and "physics@school.example" in service.asked[0][1]["user-agent"], service.asked[0])
    checks.true("other stations' files are not asked for", all("00044" not in path for path, _ in service.asked), service.asked)
    before = len(service.asked)
    again = request(f"{hub.http}/api/v1/feeds/good/ask", "POST", token=token, timeout=60).json()
    checks.equal("the second look brings nothing", (again["error"], again["files"]), (None, 2))
    conditional = [headers.get("if-none-match") for path, headers in service.asked[before:] if path.endswith(".zip")]
    checks.equal("and asks only for what is new", sorted(conditional), ['"h"', '"r"'])


def ruled(args, checks, scratch):
    """What services want of programs (robots.txt, RFC 9309)."""
    recent = product(2025, 100)

    def answer(handler):
        say(handler, recent) if handler.path.endswith("_akt.zip") else say(handler, status=404)

    page = b"<!doctype html><html><body>User-agent: * Disallow: / is what we do not mean</body></html>"
    services = {
        "allowed": Service(answer, (200, b"User-agent: *\nDisallow: /\n\nUser-agent: Messwerk\nDisallow: /admin\n")),
        "forbidden": Service(answer, (200, b"User-agent: *\nDisallow: /climate_environment/CDC/\n")),
        "none": Service(answer, (404, b"")),
        "ill": Service(answer, (500, b"User-agent: *\nAllow: /\n")),
        "page": Service(answer, (200, page)),
        "slow": Service(answer, (200, b"User-agent: *\nCrawl-delay: 43200\n")),
    }
    feed = '[[feeds]]\nname = "{}"\nkind = "dwd-hourly"\nstation = "01766"\nproducts = ["air_temperature"]\nbase = "{}"\n'
    feeds = [feed.format(name, service.url) for name, service in services.items()]
    # A second feed of the same host.
    feeds.append(feed.format("forbidden too", services["forbidden"].url))
    config = scratch / "ruled.toml"
    config.write_text("".join(feeds))
    with Hub(args.hub, scratch / "ruled", config) as hub:
        token = hub.teacher_token()

        def all_told():
            told = {feed["name"]: feed for feed in request(f"{hub.http}/api/v1/feeds", token=token).json()}
            return told if all(feed["answered"] or feed["error"] for feed in told.values()) else None

        told = eventually(all_told, 90, 0.2)
        for name in ["allowed", "none", "page", "slow"]:
            checks.equal(f"rules, {name}: asked", (told[name]["error"], told[name]["files"], told[name]["code"]), (None, 1, None))
        for name, code, words in [("forbidden", "robots", "hand its files in"), ("forbidden too", "robots", "robots.txt of 127.0.0.1"), ("ill", "no_rules", "answers 500")]:
            checks.equal(f"rules, {name}: not asked", (told[name]["code"], told[name]["files"], told[name]["failures"]), (code, 0, 1))
            checks.true(f"rules, {name}: told in words", words in told[name]["error"], told[name])
        checks.equal("nothing but its rules", (services["forbidden"].asked, services["ill"].asked), ([], []))
        checks.equal("for which each host is asked once", {name: len(service.looks) for name, service in services.items()}, dict.fromkeys(services, 1))
        checks.true("by the same name as everything", all(agent.startswith("Messwerk/") for service in services.values() for agent in service.looks))
        checks.true("a forbidden feed waits for the next day's rules", 86_000e6 < told["forbidden"]["next"] - told["forbidden"]["asked"] < 87_000e6, told["forbidden"])
        checks.true("a pause is heeded", told["slow"]["pause_s"] == 43_200 and told["slow"]["next"] - told["slow"]["asked"] >= 43_200e6, told["slow"])
        checks.equal("not even by hand", request(f"{hub.http}/api/v1/feeds/slow/ask", "POST", token=token).status, 429)
        for name in ["forbidden", "ill"]:
            services[name].rules = (200, b"User-agent: *\nAllow: /\n")
            again = request(f"{hub.http}/api/v1/feeds/{name}/ask", "POST", token=token, timeout=60).json()
            checks.equal(f"rules, {name}: changed, and by hand it is asked", (again["error"], again["files"], len(services[name].looks)), (None, 1, 2))


def proxied(args, checks, scratch):
    """A proxy that is set is asked instead of the address."""
    proxy = Service(lambda handler: say(handler, status=404))
    config = scratch / "proxied.toml"
    config.write_text(f'[open_data]\nproxy = "{proxy.url}"\n[[feeds]]\nname = "far"\nkind = "dwd-poi"\nstation = "10315"\nbase = "http://127.0.0.1:9/"\n')
    with Hub(args.hub, scratch / "proxied", config) as hub:
        token = hub.teacher_token()
        eventually(lambda: request(f"{hub.http}/api/v1/feeds", token=token).json()[0]["error"], 30)
        told = request(f"{hub.http}/api/v1/feeds", token=token).json()[0]
        checks.true("the proxy is used", told["error"] and proxy.asked and "127.0.0.1:9" in proxy.asked[0][0], (told, proxy.asked))
