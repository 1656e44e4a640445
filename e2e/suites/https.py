"""HTTPS as a school sets it up, looked at by programs that do not know ours: openssl, MQTT clients and a browser."""

import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import time
from pathlib import Path

from harness.checks import eventually
from harness.hub import Scratch, request

BROWSER = Path(__file__).resolve().parents[2] / "viz-wasm" / "tests" / "browser"
BODY = '{"t":[0,0.01],"accX":[0.1,0.2],"accY":[0,0],"accZ":[9.81,9.8]}'
#: A name of somebody else, which a stolen authority would be used for.
BANK = "www.bank.example"


class Secured:
    """`messwerk serve` with flags of its own; never outlives the block."""

    def __init__(self, program, data, *flags):
        command = [program, "serve", "--data-dir", data, "--http", "127.0.0.1:0", "--mqtt", "127.0.0.1:0", *flags]
        with open(f"{data}.log", "ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log)
        self.ready = json.loads(self.process.stdout.readline())
        self.https = self.ready["https"].replace("127.0.0.1", "localhost")
        self.port = int(self.https.rsplit(":", 1)[1])
        self.mqtts = int(self.ready["mqtts"].rsplit(":", 1)[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)


def tool(*command, data=None):
    """Runs a program; its exit code and everything it said."""
    made = subprocess.run([str(part) for part in command], input=data, capture_output=True, text=True, timeout=60)
    return made.returncode, made.stdout + made.stderr


def run(args, checks):
    with Scratch() as scratch:
        data = scratch / "data"
        with checks.guard("a hub starts with an authority of its own"):
            with Secured(args.hub, data, "--tls", "local", "--mqtts", "127.0.0.1:0") as hub:
                plain = hub.ready["http"]
                authority = scratch / "ca.pem"
                authority.write_bytes(request(f"{plain}/tls/ca.pem").body)
                for part in (certificate, mqtt, browser):
                    with checks.guard(f"{part.__name__} runs to its end"):
                        part(args, checks, hub, authority, data, scratch)
        with checks.guard("certificate files are renewed without a restart"):
            files(args, checks, scratch)


def certificate(args, checks, hub, authority, data, scratch):
    _, text = tool("openssl", "x509", "-in", authority, "-noout", "-text")
    checks.true("the authority's name constraints are critical", "Name Constraints: critical" in text, text)
    checks.true("it may sign no other authority", "CA:TRUE, pathlen:0" in text, text)
    checks.equal("its key is its user's alone", oct((data / "tls" / "ca.key").stat().st_mode & 0o777), "0o600")
    ask = ["openssl", "s_client", "-connect", f"127.0.0.1:{hub.port}", "-CAfile", authority, "-verify_return_error"]
    for flags in (["-verify_ip", "127.0.0.1"], ["-verify_hostname", "localhost"], ["-tls1_2"], ["-tls1_3"]):
        code, text = tool(*ask, *flags, data="")
        checks.true(f"openssl takes the hub's certificate {' '.join(flags)}", code == 0 and "Verification: OK" in text, text[-400:])
    code, text = tool(*ask, "-verify_hostname", BANK, data="")
    checks.true("and not for another name", code != 0, text[-400:])
    code, text = tool(*ask, "-tls1_1", "-cipher", "ALL:@SECLEVEL=0", data="")
    checks.true("nothing older than TLS 1.2", code != 0, text[-400:])
    forge(data / "tls", scratch)
    code, text = tool("openssl", "verify", "-CAfile", authority, scratch / "forged.pem")
    checks.true("a forged certificate of the same authority is refused", code != 0 and "permitted subtree violation" in text, text)


def forge(tls, scratch):
    """A certificate for a bank, signed with the hub's own key."""
    tool("openssl", "ecparam", "-genkey", "-name", "prime256v1", "-noout", "-out", scratch / "forged.key")
    tool("openssl", "req", "-new", "-key", scratch / "forged.key", "-subj", f"/CN={BANK}", "-out", scratch / "forged.csr")
    (scratch / "forged.ext").write_text(f"subjectAltName=DNS:{BANK}\nextendedKeyUsage=serverAuth\nbasicConstraints=critical,CA:FALSE\n")
    tool("openssl", "x509", "-req", "-in", scratch / "forged.csr", "-CA", tls / "ca.pem", "-CAkey", tls / "ca.key", "-set_serial", "7",
         "-days", "30", "-extfile", scratch / "forged.ext", "-out", scratch / "forged.pem")


def mqtt(args, checks, hub, authority, data, scratch):
    token = subprocess.run([args.hub, "token", "create", "--role", "teacher", "--data-dir", data], capture_output=True, text=True, check=True)
    token = token.stdout.splitlines()[-1]
    plain = hub.ready["http"]
    lesson = request(f"{plain}/api/v1/lessons", "POST", {"template": "rest"}, token).json()
    thing = request(f"{plain}/api/v1/join", "POST", {"code": lesson["code"]}).json()
    topic = thing["mqtt"]["topic"]
    code, text = tool("mosquitto_pub", "-h", "localhost", "-p", hub.mqtts, "--cafile", authority, "-q", "1", "-t", topic, "-m", BODY)
    checks.true("mosquitto_pub publishes over TLS", code == 0, text)
    import paho.mqtt.client as paho

    client = paho.Client(paho.CallbackAPIVersion.VERSION2)
    client.tls_set(ca_certs=str(authority))
    client.connect("localhost", hub.mqtts)
    client.loop_start()
    message = client.publish(topic, BODY.replace("[0,0.01]", "[5,5.01]"), qos=1)
    message.wait_for_publish(20)
    checks.true("paho-mqtt publishes over TLS", message.is_published(), "")
    client.disconnect()
    client.loop_stop()
    stored = request(f"{plain}/api/v1/lessons/{lesson['id']}/observations?format=csv", token=token).body.decode()
    checks.equal("every reading is there", len(stored.splitlines()), 1 + 4)


def browser(args, checks, hub, authority, data, scratch):
    missing = [program for program in ("certutil", "chromium", "node") if not shutil.which(program)]
    if missing or not (BROWSER / "node_modules").is_dir():
        return checks.skip(f"a browser trusts the hub ({', '.join(missing) or 'playwright-core'} is missing; certutil is in libnss3-tools)")
    store = scratch / "home" / ".pki" / "nssdb"
    store.mkdir(parents=True)
    tool("certutil", "-d", f"sql:{store}", "-N", "--empty-password")
    tool("certutil", "-d", f"sql:{store}", "-A", "-t", "C,,", "-n", "messwerk", "-i", authority)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    forged = subprocess.Popen(["openssl", "s_server", "-accept", str(port), "-cert", scratch / "forged.pem", "-key", scratch / "forged.key", "-www", "-quiet"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        machine = os.uname().nodename.split(".")[0].lower()
        rules = f"MAP {machine}.local 127.0.0.1,MAP {BANK} 127.0.0.1"
        urls = [f"https://127.0.0.1:{hub.port}/", f"https://{machine}.local:{hub.port}/", f"http://{machine}.local:{hub.port}/j", f"https://{BANK}:{port}/"]
        made = subprocess.run(["node", "tls.mjs", scratch / "home", rules, *urls], cwd=BROWSER, capture_output=True, text=True, timeout=120)
        seen = [json.loads(line) for line in made.stdout.splitlines()]
        checks.equal("the browser looked at every page", len(seen), len(urls))
        for page in seen[:3]:
            fine = all(page.get(what) for what in ("secure", "motion", "worker")) and page.get("echo") == "1" and page["address"].startswith("https://")
            checks.true(f"{page['address']} is secure: sensors, service worker, wss", fine, page)
        checks.equal("the browser refuses another name of the same authority", seen[3].get("error"), "ERR_CERT_INVALID")
    finally:
        forged.kill()
        forged.wait()


def files(args, checks, scratch):
    cert, key = scratch / "cert.pem", scratch / "key.pem"

    def issue(serial):
        tool("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{key}.new", "-out", f"{cert}.new", "-subj", "/CN=localhost",
             "-addext", "subjectAltName=DNS:localhost", "-set_serial", serial, "-days", "30")
        os.replace(f"{key}.new", key)
        os.replace(f"{cert}.new", cert)

    def served(port):
        shown = ssl.get_server_certificate(("127.0.0.1", port))
        return tool("openssl", "x509", "-noout", "-serial", data=shown)[1].strip()

    issue(17)
    os.chmod(key, 0o644)
    refused = subprocess.run([args.hub, "serve", "--data-dir", scratch / "files", "--http", "127.0.0.1:0", "--mqtt", "127.0.0.1:0", "--tls-cert", cert, "--tls-key", key],
                             capture_output=True, text=True, timeout=60)
    checks.true("a key that everybody may read is refused with the fix", refused.returncode != 0 and "chmod o=" in refused.stderr, refused.stderr[-300:])
    os.chmod(key, 0o600)
    with Secured(args.hub, scratch / "files", "--tls-cert", cert, "--tls-key", key, "--mqtts", "127.0.0.1:0") as hub:
        checks.equal("the files' certificate is served", served(hub.port), "serial=11")
        issue(18)
        os.chmod(key, 0o600)
        checks.true("a renewed one is served without a restart", eventually(lambda: served(hub.port) == "serial=12"), served(hub.port))
        before = time.monotonic()
        cert.write_text("broken")
        time.sleep(3)
        checks.equal("a broken one is not", served(hub.port), "serial=12")
        checks.true("and nothing hangs", time.monotonic() - before < 10, "")
