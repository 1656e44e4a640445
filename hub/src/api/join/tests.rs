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

#[test]
fn a_code_is_a_text_or_a_number() {
    for (body, expected) in [
        (r#"{"code":"571042"}"#, Ok("571042")),
        (r#"{"code":"571 042"}"#, Ok("571 042")),
        (r#"{"code":571042}"#, Ok("571042")),
        (r#"{"code":57.1}"#, Err("six digits")),
        (r#"{"code":null}"#, Err("six digits")),
        (r#"{}"#, Err("code")),
    ] {
        let read = serde_json::from_str::<Join>(body).map(|join| join.code).map_err(|error| error.to_string());
        match expected {
            Ok(code) => assert_eq!(read.as_deref(), Ok(code), "{body}"),
            Err(told) => assert!(read.as_ref().is_err_and(|error| error.contains(told)), "{body}: {read:?}"),
        }
    }
}
