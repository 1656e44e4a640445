use super::*;

#[test]
fn the_mqtt_address_has_the_host_without_its_port() {
    for (host, expected) in [
        ("hub.local", "hub.local"),
        ("hub.local:8080", "hub.local"),
        ("192.0.2.1:80", "192.0.2.1"),
        ("[::1]:8080", "[::1]"),
        ("[::1]", "[::1]"),
    ] {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        assert_eq!(host_name(&headers), expected);
    }
}
