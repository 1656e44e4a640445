use super::*;

#[test]
fn the_example_names_every_setting_with_its_default() {
    assert_eq!(Config::parse(EXAMPLE).unwrap(), Config::default());
    let settings = EXAMPLE.lines().filter(|line| line.split('#').next().is_some_and(|code| code.contains('='))).count();
    assert_eq!(settings, 3 + 3 + 10 + 4 + 4 + 1 + 5 + 1 + 1 + 3 + 3 + 2, "a setting is missing from the example or from this count");
}

#[test]
fn what_is_wrong_is_named() {
    let check = |text: &str, expected: &str| {
        let error = Config::parse(text).unwrap_err();
        assert!(format!("{error:#}").contains(expected), "{text}: {error:#}");
    };
    check("public_url = \"hub.example\"", "write http:// or https://");
    check("hosts = [\"hub:8080\"]", "without http:// and port");
    check("code_length = 7", "must be 6 or 8");
    check("htp = \"0.0.0.0:1\"", "unknown field `htp`");
    check("http = \"somewhere\"", "0.0.0.0:8080 for all networks");
    check("http = \"0.0.0.0\"", "write 0.0.0.0:8080");
    check("[tls]\nmqtts = \"8883\"", "write 0.0.0.0:8883");
    check("[wifi]\nssid = \"school\"\npassword = \"kurz\"", "wifi.password has 4 characters");
    check(&format!("[wifi]\nssid = \"school\"\npassword = \"{}\"", "x".repeat(64)), "has 8 to 63");
    check(&format!("[wifi]\nssid = \"{}\"", "ü".repeat(17)), "at most 32");
    check("[wifi]\npassword = \"long enough\"", "name the network, too");
    check("[limits]\nreadings_per_second = 0.0", "limits.readings_per_second = 0: must be above 0");
    check("[limits]\nreadings_per_second = nan", "must be above 0");
    check("[limits]\nthings_per_lesson = 0", "limits.things_per_lesson = 0: must be above 0");
    check("[limits]\njoins_per_minute = 0.0", "limits.joins_per_minute = 0: must be above 0");
    check("[privacy]\nlesson_hours = 0", "privacy.lesson_hours = 0: must be 1 to 8760");
    check("[templates]\ntrusted_keys = [\"RWQ\"]", "no public key of minisign");
    check("[school]\nlatitude = 52.5", "latitude and longitude belong together");
    check("[school]\nlatitude = 95.0\nlongitude = 0.0", "a latitude lies between -90 and 90 degrees");
    check("[school]\ntime_zone = \"Berlin\"", "no time zone");
    check("[store]\nmemory_mib = 1", "must be at least 16");
    check("[store]\ncommit_interval_ms = 60000", "must be at most 1000");
    check("[[open_realm]]\nuser = \"teacher\"\npassword = \"\"", "choose another");
}

#[test]
fn what_does_not_fit_together_is_named() {
    let check = |text: &str, expected: &str| {
        let told = Config::parse(text).unwrap().check().map_or_else(|error| format!("{error:#}"), |()| String::new());
        assert!(if expected.is_empty() { told.is_empty() } else { told.contains(expected) }, "{text}: {told}");
    };
    check("", "");
    check("http = \"127.0.0.1:0\"\nmqtt = \"127.0.0.1:0\"", "");
    check("http = \"127.0.0.1:1883\"\nmqtt = \"127.0.0.1:1883\"", "http and mqtt are both 127.0.0.1:1883: choose two ports");
    check("[tls]\nlocal = true\nmqtts = \"0.0.0.0:1883\"", "mqtt and mqtts are both");
    check("[tls]\ncert = \"a.pem\"", "belong together");
    check("[tls]\nkey = \"a.pem\"", "belong together");
    check("[tls]\ncert = \"a.pem\"\nkey = \"b.pem\"\nlocal = true", "--tls local");
    check("[tls]\nmqtts = \"0.0.0.0:8883\"", "needs a certificate");
    check("[tls]\nlocal = true\nmqtts = \"0.0.0.0:8883\"", "");
    check(&format!("[wifi]\nssid = \"school\"\npassword = \"{}\"", "0aF".repeat(21) + "0"), "");
}

#[test]
fn memory_has_one_budget() {
    for memory_mib in [16, 128, 1024] {
        let config = Config { store: StoreConfig { memory_mib, ..StoreConfig::default() }, ..Config::default() };
        let (doors, store) = (config.thing_limits().in_flight, config.store_options().memory);
        assert_eq!(doors + store, (memory_mib << 20) / 4 * 3);
        assert_eq!(config.engine_options().memory, (memory_mib.max(128) << 20) / 4);
        // Room for more than one packet of the largest size, or every large one would wait for all others.
        assert!(doors >= 4 * 4 * config.limits.packet_bytes, "{memory_mib} MiB: {doors}");
    }
}

#[test]
fn flags_come_before_the_file_and_the_file_in_the_data_folder_is_found() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("messwerk.toml"), "http = \"127.0.0.1:1\"\nmqtt = \"127.0.0.1:2\"").unwrap();
    let mqtt = SocketAddr::from(([127, 0, 0, 1], 0));
    let overrides = Overrides { data_dir: Some(folder.path().to_path_buf()), http: None, mqtt: Some(mqtt) };
    let config = Config::load(None, overrides).unwrap();
    assert_eq!((config.http.port(), config.mqtt), (1, mqtt));
    assert!(Config::load(Some(&folder.path().join("none.toml")), Overrides::default()).is_err());
}
