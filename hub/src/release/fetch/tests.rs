use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use super::*;

/// A server on loopback that gives each connection the next of some answers; its address.
fn serving(answers: Vec<String>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for answer in answers {
            let (mut socket, _) = listener.accept().unwrap();
            let mut request = [0; 4096];
            let _ = socket.read(&mut request).unwrap();
            socket.write_all(answer.replace("SELF", &address.to_string()).as_bytes()).unwrap();
        }
    });
    format!("http://{address}/catalog.json")
}

fn answer(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
}

fn refusal(answers: Vec<String>) -> String {
    get(&serving(answers), None, 1024).unwrap_err().to_string()
}

#[test]
fn what_is_there_is_fetched_once() {
    let url = serving(vec![answer("200 OK", "etag: \"7\"\r\n", "{}"), answer("304 Not Modified", "", "")]);
    let Answer::Fetched { body, etag, url: from } = get(&url, None, 1024).unwrap() else { panic!("nothing new?") };
    assert_eq!((body, etag.as_deref(), &from), (b"{}".to_vec(), Some("\"7\""), &url));
    assert!(matches!(get(&url, etag.as_deref(), 1024).unwrap(), Answer::NotModified));
}

#[test]
fn one_may_be_sent_on_within_the_same_place() {
    let moved = answer("302 Found", "location: /b/catalog.json\r\n", "");
    let url = serving(vec![moved, answer("200 OK", "", "{}")]);
    let Answer::Fetched { url: from, .. } = get(&url, None, 1024).unwrap() else { panic!("nothing new?") };
    assert_eq!(from, url.replace("/catalog.json", "/b/catalog.json"));
    let round = || answer("302 Found", "location: http://SELF/catalog.json\r\n", "");
    let told = refusal(vec![round(), round(), round(), round()]);
    assert!(told.contains("again and again"), "{told}");
}

#[test]
fn nobody_sends_a_hub_into_a_private_network() {
    for place in [
        "http://127.0.0.1:1/",
        "https://127.0.0.1:1/",
        "https://localhost/",
        "https://10.0.0.1/admin",
        "https://192.168.178.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://[fe80::1]/",
        "https://[fd00::1]/",
        "https://[::ffff:192.168.1.1]/",
        "https://0.0.0.0/",
        "http://hub.example.org/",
        "file:///etc/passwd",
        "//10.0.0.1/",
        "",
    ] {
        let told = refusal(vec![answer("302 Found", &format!("location: {place}\r\n"), "")]);
        assert!(told.contains("sends us on to"), "{place}: {told}");
    }
}

#[test]
fn a_file_is_where_its_catalogue_was_named_or_in_public() {
    let named = serving(vec![answer("200 OK", "", "file")]);
    let beside = named.replace("catalog.json", "a.release");
    assert!(matches!(file(&named, &beside, 1024).unwrap(), Answer::Fetched { body, .. } if body == b"file"));
    for url in ["https://10.0.0.1/a.release", "https://localhost/a.release", "http://127.0.0.1:1/a.release", "https://[fd00::1]/a.release"]
    {
        let told = file("https://hub.example.org/catalog.json", url, 1024).unwrap_err().to_string();
        assert!(told.contains("private network"), "{url}: {told}");
    }
    assert!(file(&named, "http://hub.example.org/a.release", 1024).unwrap_err().to_string().contains("not encrypted"));
}

#[test]
fn a_name_that_means_a_private_address_is_found_out_when_it_is_looked_up() {
    let names = Names { own: false, proxy: None, names: DefaultResolver::default() };
    let resolve = |names: &Names| {
        let timeout = NextTimeout {
            after: ureq::unversioned::transport::time::Duration::NotHappening,
            reason: ureq::Timeout::Resolve,
            per_read: None,
            per_write: None,
        };
        names.resolve(&"https://localhost:443/".parse().unwrap(), &Config::default(), timeout)
    };
    assert!(resolve(&names).unwrap_err().to_string().contains(PRIVATE));
    assert!(resolve(&Names { proxy: Some(("localhost".to_owned(), 8080)), ..names }).is_err(), "another port of the proxy's machine");
    let names = |own: bool, port: u16| Names { own, proxy: Some(("localhost".to_owned(), port)), names: DefaultResolver::default() };
    assert!(resolve(&names(true, 8080)).is_ok());
    assert!(resolve(&names(false, 443)).is_ok(), "the proxy itself, which the operator named");
}

#[test]
fn answers_that_are_none() {
    for (answers, told) in [
        (vec![answer("404 Not Found", "", "")], "answers 404"),
        (vec![answer("304 Not Modified", "", "")], "answers 304"),
        (vec![answer("200 OK", "", &"x".repeat(1025))], "larger than 1 KiB"),
        (vec!["HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nfffffffffffffffff".to_owned()], "cannot be reached"),
        (vec!["SSH-2.0-OpenSSH\r\n".to_owned()], "cannot be reached"),
    ] {
        let refused = refusal(answers);
        assert!(refused.contains(told), "{told}: {refused}");
    }
    let nobody = get("http://127.0.0.1:1/catalog.json", None, 10).unwrap_err().to_string();
    assert!(nobody.contains("cannot be reached"), "{nobody}");
    let plain = get("http://hub.example.org/", None, 10).unwrap_err().to_string();
    assert!(plain.contains("not encrypted"), "{plain}");
}

#[test]
fn public_and_other_addresses() {
    for public in ["93.184.216.34", "8.8.8.8", "2606:2800:220:1::1", "2a00:1450::1", "64:ff9b::808:808"] {
        assert!(!is_private(public.parse().unwrap()), "{public}");
    }
    for private in [
        "127.0.0.1",
        "10.9.8.7",
        "172.16.0.1",
        "192.168.0.1",
        "169.254.1.1",
        "100.64.0.1",
        "0.0.0.0",
        "255.255.255.255",
        "224.0.0.1",
        "198.18.0.1",
        "192.0.0.8",
        "203.0.113.9",
        "::",
        "::1",
        "fc00::1",
        "fe80::1",
        "ff02::1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:a00:1::",
        "2001:db8::1",
    ] {
        assert!(is_private(private.parse().unwrap()), "{private}");
    }
}
