use super::*;

fn known(what: What) -> Rules {
    let rules = Rules::default();
    rules.hosts().insert("https://a.example".to_owned(), Known { since: Instant::now(), what, asked: None });
    rules
}

/// What the rules of `text` say of a path: the pause in seconds, or that it may not be asked.
fn said(text: &str, path: &str) -> Option<f32> {
    let rules = known(read(text.as_bytes().to_vec()).unwrap());
    let asker = Asker { named: "https://a.example/", caller: TOKEN, proxy: None };
    let url = format!("https://A.example{path}");
    rules.may(&url, asker, &CancellationToken::new()).ok().map(|()| rules.pause(&url).as_secs_f32())
}

#[test]
fn rules_are_read_as_the_rfc_says() {
    for (text, path, pause) in [
        ("", "/x", Some(0.0)),
        ("User-agent: *\nDisallow: /", "/x", None),
        ("\u{feff}user-AGENT: *\r\nDISALLOW: / # all\r\n", "/x", None),
        ("User-agent: *\nDisallow:", "/x", Some(0.0)),
        // Our own group counts instead of everybody's.
        ("User-agent: *\nDisallow: /\n\nUser-agent: messwerk\nAllow: /", "/x", Some(0.0)),
        ("User-agent: *\nAllow: /\n\nUser-agent: other\nUser-agent: Messwerk\nDisallow: /a", "/a/b", None),
        ("User-agent: *\nAllow: /\n\nUser-agent: other\nUser-agent: Messwerk\nDisallow: /a", "/b", Some(0.0)),
        // The longest match counts, of two as long the one that allows (2.2.2).
        ("User-agent: *\nDisallow: /climate\nAllow: /climate/hourly", "/climate/hourly/x", Some(0.0)),
        ("User-agent: *\nAllow: /a\nDisallow: /a", "/a", Some(0.0)),
        ("User-agent: *\nDisallow: /*?GROUP=*&FORMAT=json$", "/gp.php?GROUP=a&FORMAT=json", None),
        ("User-agent: *\nDisallow: /*.csv$", "/a.csv?b", Some(0.0)),
        // A page is no rules.
        ("<!doctype html><html><body>Disallow: / is what we might say</body></html>", "/x", Some(0.0)),
        ("User-agent: *\nCrawl-delay: 7.5", "/x", Some(7.5)),
        ("User-agent: *\nCrawl-delay: 1e30", "/x", Some(86_400.0)),
        ("User-agent: *\nCrawl-delay: soon", "/x", Some(0.0)),
    ] {
        assert_eq!(said(text, path), pause, "{text:?} {path}");
    }
}

#[test]
fn rules_are_bounded() {
    // What was cut off at the bound would forbid everything.
    let mut text = b"User-agent: *\n".to_vec();
    text.resize(MOST - "\nDisallow: /".len(), b'#');
    text.extend_from_slice(b"\nDisallow: /");
    assert_eq!(text.len(), MOST);
    let rules = known(read(text).unwrap());
    let asker = Asker { named: "https://a.example/", caller: TOKEN, proxy: None };
    assert!(rules.may("https://a.example/x", asker, &CancellationToken::new()).is_ok());
    assert!(read("Disallow: /$\n".repeat(ENDS + 1).into_bytes()).is_err());
    assert!(read(format!("User-agent: *\nDisallow: /{}$", "a*".repeat(5_000)).into_bytes()).is_err());
    assert!(read("Disallow: /*a*b\n".repeat(30_000).into_bytes()).is_ok());
}

#[test]
fn what_nobody_knows_may_not_be_asked_and_whoever_names_a_time_is_believed() {
    for (named, told) in [(false, None), (true, Some(99))] {
        let rules = known(What::Unknown {
            why: "it answers 503".to_owned(),
            status: Some(503),
            wait: Duration::from_secs(100),
            named,
            failures: 1,
        });
        let asker = Asker { named: "https://a.example/", caller: TOKEN, proxy: None };
        let Err(LoadError::NoRules { host, why, wait, .. }) = rules.may("https://a.example/x", asker, &CancellationToken::new()) else {
            panic!("nothing may be asked")
        };
        assert_eq!((host.as_str(), why.as_str(), wait.map(|wait| wait.as_secs())), ("a.example", "it answers 503", told));
    }
}

#[test]
fn two_questions_are_a_pause_apart() {
    let rules = known(read(b"User-agent: *\nCrawl-delay: 0.4".to_vec()).unwrap());
    let asker = Asker { named: "https://a.example/", caller: TOKEN, proxy: None };
    let began = Instant::now();
    for _ in 0..3 {
        rules.may("https://a.example/x", asker, &CancellationToken::new()).unwrap();
    }
    assert!(began.elapsed() >= Duration::from_millis(800), "{:?}", began.elapsed());
}
