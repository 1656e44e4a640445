use super::lan::{Candidate, order};
use super::*;
use axum::http::Request;

fn addresses(bound: &str, change: impl FnOnce(&mut Config)) -> Addresses {
    let mut config = Config::default();
    change(&mut config);
    Addresses::new(&config, bound.parse().unwrap())
}

fn parts(headers: &[(&str, &str)], uri: &str, version: Version) -> Parts {
    let mut request = Request::builder().uri(uri).version(version);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(()).unwrap().into_parts().0
}

fn asked(hub: &Addresses, host: &str) -> Result<Address, u16> {
    hub.asked(&parts(&[("host", host)], "/", Version::HTTP_11)).map_err(|problem| problem.status)
}

#[test]
fn only_the_hubs_own_names_are_answered() {
    let mut hub = addresses("0.0.0.0:8080", |config| {
        config.public_url = Some("https://hub.schule.example".to_owned());
        config.hosts = vec!["Messwerk.Lan".to_owned()];
    });
    hub.names.extend(["raspi", "raspi.local"].map(str::to_owned));
    for host in [
        "localhost",
        "LOCALHOST:8080",
        "localhost.:8080",
        "127.0.0.1:8080",
        "192.168.1.5",
        "192.168.1.5:80",
        "[::1]:8080",
        "[fe80::1]",
        "[::1]",
        "hub.schule.example",
        "HUB.schule.example.:443",
        "messwerk.lan:8080",
        "raspi",
        "raspi.local:8080",
        "203.0.113.9",
    ] {
        assert_eq!(asked(&hub, host).map(|address| address.authority), Ok(host.to_owned()));
    }
    for host in [
        // A name of somebody else that points here for a moment, and what looks like one of ours.
        "evil.example",
        "127.0.0.1.evil.example",
        "192.168.1.5.nip.example:8080",
        "localhost.evil.example",
        "hub.schule.example.evil.example",
        "xhub.schule.example",
        "raspi.local.evil.example",
        "raspi.evil.example",
        "0x7f.1",
        "127.1",
        "2130706433",
        "foo.localhost",
    ] {
        assert_eq!(asked(&hub, host), Err(421), "{host}");
    }
    for host in
        ["", ":8080", "[::1", "::1", "[evil]", "localhost:port", "localhost:99999", "user@localhost", "localhost/evil", "a b", "[::1]x"]
    {
        assert_eq!(asked(&hub, host), Err(400), "{host}");
    }
}

#[test]
fn a_refused_name_is_told_the_setting() {
    let hub = addresses("0.0.0.0:8080", |_| {});
    let problem = hub.asked(&parts(&[("host", "hub.schule.example")], "/", Version::HTTP_11)).unwrap_err();
    assert_eq!((problem.status, problem.code), (421, "unknown_host"));
    for told in ["hub.schule.example", "`hosts`", "`public_url`", "messwerk.toml"] {
        assert!(problem.detail.contains(told), "{}", problem.detail);
    }
}

#[test]
fn there_is_one_host_and_old_clients_need_none() {
    let hub = addresses("127.0.0.1:8080", |_| {});
    let check = |headers: &[(&str, &str)], uri: &str, version, expected: Result<&str, u16>| {
        let found = hub.asked(&parts(headers, uri, version)).map(|address| address.authority).map_err(|problem| problem.status);
        assert_eq!(found.as_deref().map_err(|status| *status), expected, "{headers:?} {uri}");
    };
    check(&[], "/", Version::HTTP_11, Err(400));
    check(&[], "/", Version::HTTP_10, Ok("127.0.0.1:8080"));
    check(&[("host", "evil.example")], "/", Version::HTTP_10, Err(421));
    check(&[("host", "localhost"), ("host", "evil.example")], "/", Version::HTTP_11, Err(400));
    check(&[("host", "localhost"), ("host", "localhost")], "/", Version::HTTP_11, Ok("localhost"));
    // The address of a request that names it whole counts as well.
    check(&[("host", "localhost")], "http://evil.example/", Version::HTTP_11, Err(400));
    check(&[("host", "localhost")], "http://localhost/", Version::HTTP_11, Ok("localhost"));
    check(&[], "http://evil.example/", Version::HTTP_11, Err(421));
}

#[test]
fn a_proxy_is_believed_only_if_there_is_one() {
    let headers = [("host", "localhost"), ("x-forwarded-proto", "https")];
    for (behind_proxy, expected) in [(false, "http://localhost/j"), (true, "https://localhost/j")] {
        let hub = addresses("127.0.0.1:8080", |config| config.behind_proxy = behind_proxy);
        assert_eq!(hub.asked(&parts(&headers, "/", Version::HTTP_11)).unwrap().url("/j"), expected);
    }
    let mut own = parts(&[("host", "hub:8443")], "/", Version::HTTP_11);
    own.extensions.insert(Secure(true));
    let hub = addresses("127.0.0.1:8080", |config| config.hosts = vec!["hub".to_owned()]);
    assert_eq!(hub.asked(&own).unwrap().origin(), "https://hub:8443");
}

#[test]
fn behind_a_proxy_the_one_who_asked_is_counted() {
    let check = |behind_proxy: bool, told: &[&str], expected: &str| {
        let hub = addresses("127.0.0.1:8080", |config| config.behind_proxy = behind_proxy);
        let headers: Vec<_> = told.iter().map(|told| ("x-forwarded-for", *told)).collect();
        let headers = parts(&headers, "/", Version::HTTP_11).headers;
        assert_eq!(hub.peer(&headers, IpAddr::from([127, 0, 0, 1])).to_string(), expected, "{told:?}");
    };
    check(false, &["192.0.2.7"], "127.0.0.1");
    check(true, &[], "127.0.0.1");
    check(true, &["192.0.2.7"], "192.0.2.7");
    check(true, &["10.0.0.1, 192.0.2.7"], "192.0.2.7");
    check(true, &["10.0.0.1", "192.0.2.7"], "192.0.2.7");
    check(true, &["[2001:db8::1]"], "2001:db8::1");
    check(true, &["somebody"], "127.0.0.1");
}

#[test]
fn codes_name_an_address_that_phones_reach() {
    let check = |bound: &str, public: Option<&str>, host: &str, expected: &str| {
        let hub = addresses(bound, |config| config.public_url = public.map(str::to_owned));
        let shown = hub.shown(&Address { secure: false, authority: host.to_owned() });
        assert_eq!(shown.url("/j"), expected, "{bound} {public:?} {host}");
    };
    check("0.0.0.0:8080", None, "192.168.1.5:8080", "http://192.168.1.5:8080/j");
    check("127.0.0.1:8080", None, "localhost:8080", "http://localhost:8080/j");
    check("192.168.1.7:8080", None, "localhost:8080", "http://192.168.1.7:8080/j");
    check("192.168.1.7:80", None, "localhost", "http://192.168.1.7/j");
    check("[fd00::7]:8080", None, "[::1]:8080", "http://[fd00::7]:8080/j");
    check("0.0.0.0:8080", Some("https://hub.example/"), "localhost:8080", "https://hub.example/j");
    check("0.0.0.0:8080", Some("http://hub.example:8080"), "192.168.1.5:8080", "http://hub.example:8080/j");
}

#[test]
fn of_several_networks_the_classrooms_comes_first() {
    let check = |candidates: &[(&str, &str)], expected: &[&str]| {
        let candidates = candidates.iter().map(|(interface, ip)| Candidate {
            interface: interface.trim_start_matches(['-', '~']).to_owned(),
            ip: ip.parse().unwrap(),
            up: !interface.starts_with('-'),
            tunnel: interface.starts_with('~'),
        });
        let expected: Vec<IpAddr> = expected.iter().map(|ip| ip.parse().unwrap()).collect();
        assert_eq!(order(candidates.collect()), expected);
    };
    check(&[("lo", "127.0.0.1"), ("lo", "::1")], &[]);
    check(&[("docker0", "172.17.0.1"), ("wlan0", "192.168.1.5")], &["192.168.1.5"]);
    check(&[("eth0", "203.0.113.9"), ("wlan0", "10.0.0.5")], &["10.0.0.5", "203.0.113.9"]);
    check(&[("-eth0", "10.0.0.9"), ("wlan0", "10.0.0.5")], &["10.0.0.5"]);
    check(&[("~ppp0", "10.0.0.9"), ("vEthernet (WSL)", "172.20.0.1"), ("utun3", "10.1.1.1")], &[]);
    check(&[("eth0", "fe80::1"), ("eth0", "fd00::1"), ("eth0", "2001:db8::1"), ("eth0", "169.254.3.4")], &["2001:db8::1", "fd00::1"]);
    check(&[("eth0", "100.64.0.9"), ("eth1", "fd00::1")], &["fd00::1", "100.64.0.9"]);
}

#[test]
fn an_origin_fits_whatever_its_default_port_and_over_tls_only_over_tls() {
    let of = |secure: bool, authority: &str, origin: &str, expected: bool| {
        let address = Address { secure, authority: authority.to_owned() };
        assert_eq!(address.is_origin(origin), expected, "{} {origin}", address.origin());
    };
    // Asked over TLS: a page of the same host and port that came without it is anybody's.
    of(true, "192.168.7.7:8080", "https://192.168.7.7:8080", true);
    of(true, "192.168.7.7:8080", "http://192.168.7.7:8080", false);
    of(true, "hub", "https://hub:443", true);
    of(true, "hub:443", "https://hub", true);
    for origin in ["http://hub", "http://hub:80", "http://hub:443", "ws://hub", "HTTP://hub", "//hub", "null"] {
        of(true, "hub", origin, false);
        of(true, "hub:443", origin, false);
    }
    let check = |authority: &str, origin: &str, expected: bool| of(false, authority, origin, expected);
    check("hub:8080", "http://hub:8080", true);
    check("HUB:8080", "http://hub:8080", true);
    check("hub", "https://hub", true);
    check("hub:443", "https://hub", true);
    check("hub", "http://hub:80", true);
    check("hub:8080", "http://hub", false);
    check("hub:8080", "http://hub:8081", false);
    check("hub", "http://evil.example", false);
    check("hub", "null", false);
    check("hub", "", false);
    check("hub", "http://hub.evil.example", false);
}

#[test]
fn where_a_browser_opens_the_hub_is_told_once() {
    let check = |bound: &str, public: Option<&str>, secure: bool, expected: &[&str]| {
        let hub = addresses(bound, |config| config.public_url = public.map(str::to_owned));
        let told: Vec<String> = hub.all(secure).iter().map(Address::origin).collect();
        assert_eq!(told, expected, "{bound} {public:?}");
    };
    check("127.0.0.1:8080", None, false, &["http://localhost:8080"]);
    check("127.0.0.1:8080", None, true, &["http://localhost:8080"]);
    check("192.168.1.7:8080", None, false, &["http://192.168.1.7:8080"]);
    check("192.168.1.7:8443", None, true, &["https://192.168.1.7:8443"]);
    check("192.168.1.7:8080", Some("http://192.168.1.7:8080"), false, &["http://192.168.1.7:8080"]);
    check("127.0.0.1:8080", Some("https://hub.example"), false, &["https://hub.example", "http://localhost:8080"]);
    assert!(addresses("127.0.0.1:8080", |_| {}).only_here() && !addresses("0.0.0.0:8080", |_| {}).only_here());
}

#[test]
fn what_is_told_for_a_year_is_told_under_the_public_name_only() {
    let hub = addresses("0.0.0.0:443", |config| config.public_url = Some("https://hub.example".to_owned()));
    let check = |hub: &Addresses, secure, authority: &str, expected: bool| {
        assert_eq!(hub.lasting(&Address { secure, authority: authority.to_owned() }), expected, "{authority}");
    };
    check(&hub, true, "hub.example", true);
    check(&hub, false, "hub.example", false);
    check(&hub, true, "192.168.1.5", false);
    check(&hub, true, "localhost", false);
    check(&addresses("0.0.0.0:443", |_| {}), true, "hub.example", false);
    check(&addresses("0.0.0.0:443", |config| config.public_url = Some("https://10.0.0.1".to_owned())), true, "10.0.0.1", false);
}

#[test]
fn settings_are_read_strictly() {
    for (url, fits) in [
        ("https://hub.example", true),
        ("http://10.0.0.1:8080/", true),
        ("hub.example", false),
        ("ftp://hub.example", false),
        ("https://hub.example/messwerk", false),
        ("https://", false),
        ("https://user@hub.example", false),
    ] {
        assert_eq!(parse_url(url).is_ok(), fits, "{url}");
    }
    for (name, fits) in
        [("hub", true), ("hub.lan", true), ("hub:80", false), ("http://hub", false), ("10.0.0.1", false), ("*", false), ("", false)]
    {
        assert_eq!(is_name(name), fits, "{name}");
    }
}

#[test]
fn devices_without_tls_are_told_a_port_that_takes_them() {
    let check = |bound: &str, public: Option<&str>, behind_proxy: bool, expected: Option<u16>| {
        let hub = addresses(bound, |config| {
            config.public_url = public.map(str::to_owned);
            config.behind_proxy = behind_proxy;
        });
        assert_eq!(hub.plain_port(), expected, "{bound} {public:?} {behind_proxy}");
    };
    check("0.0.0.0:8080", None, false, Some(8080));
    check("0.0.0.0:8443", Some("https://hub.example:8443"), false, Some(8443));
    check("127.0.0.1:8080", Some("http://hub.example"), true, Some(80));
    check("127.0.0.1:8080", Some("http://hub.example:81"), true, Some(81));
    check("0.0.0.0:8080", Some("https://hub.example"), true, None);
    check("127.0.0.1:8080", Some("https://hub.example"), false, None);
}
