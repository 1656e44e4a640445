use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

use axum::http::{HeaderMap, HeaderValue, Request, Version, header};
use messwerk_store::Options;

use super::session::*;
use super::*;
use crate::address::{Address, Addresses};
use crate::config::Config;

const START: Micros = 1_767_437_012_000_000;
const MINUTE: Micros = 60_000_000;
const GOOD: &str = "cloud piano seven bridge";

#[derive(Debug)]
struct Hand(AtomicI64);

impl Clock for Hand {
    fn now(&self) -> Micros {
        self.0.load(Relaxed)
    }
}

struct Desk {
    accounts: Accounts,
    clock: Arc<Hand>,
    store: Arc<Store>,
    _folder: tempfile::TempDir,
}

fn desk() -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(Hand(AtomicI64::new(START)));
    let store = Arc::new(Store::open(folder.path(), Options::default(), Arc::clone(&clock) as Arc<dyn Clock>).unwrap());
    let accounts = Accounts::new(Arc::clone(&store), Arc::clone(&clock) as Arc<dyn Clock>);
    Desk { accounts, clock, store, _folder: folder }
}

impl Desk {
    fn later(&self, by: Micros) {
        self.clock.0.fetch_add(by, Relaxed);
    }

    async fn set_up(&self) -> String {
        let secret = self.accounts.first_secret().unwrap().unwrap();
        let login = self.accounts.set_up(&secret, GOOD).await.unwrap();
        token(&login)
    }

    /// Signs in from an address; the wait, if it was wrong, and the word of what was refused.
    async fn try_from(&self, last: u8, password: &str) -> (Duration, Option<&'static str>) {
        let mut waited = Duration::ZERO;
        let from = IpAddr::from([192, 0, 2, last]);
        let answer = self
            .accounts
            .log_in(from, password, |wait| {
                waited = wait;
                std::future::ready(())
            })
            .await;
        (waited, answer.err().map(|problem| problem.code))
    }
}

fn address(url: &str) -> Address {
    crate::address::parse_url(url).unwrap()
}

fn token(login: &Login) -> String {
    let cookie = login.cookie(&address("http://localhost"), false);
    let cookie = cookie.to_str().unwrap();
    cookie.split(['=', ';']).nth(1).unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_password_needs_the_printed_secret_and_uses_it_up() {
    let desk = desk();
    let accounts = &desk.accounts;
    assert!(accounts.setup_needed().unwrap());
    assert_eq!(desk.try_from(1, GOOD).await.1, Some("setup_needed"));
    let secret = accounts.first_secret().unwrap().unwrap();
    for (secret, password, expected) in
        [("guess", GOOD, "old_secret"), (&mint::token(), GOOD, "old_secret"), (&secret, "short", "password_short")]
    {
        assert_eq!(accounts.set_up(secret, password).await.unwrap_err().code, expected);
    }
    // A day later still: the hub may stand unattended before the first lesson.
    desk.later(24 * 60 * MINUTE);
    // Two who have seen the terminal at once: one of them wins.
    let (one, other) = tokio::join!(accounts.set_up(&secret, GOOD), accounts.set_up(&secret, GOOD));
    assert_eq!(u8::from(one.is_ok()) + u8::from(other.is_ok()), 1);
    assert_eq!(accounts.set_up(&secret, GOOD).await.unwrap_err().code, "old_secret");
    assert!(!accounts.setup_needed().unwrap() && accounts.first_secret().unwrap().is_none());
    assert_eq!(desk.try_from(1, GOOD).await, (Duration::ZERO, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_makes_another_secret_and_a_reset_is_good_for_an_hour() {
    let desk = desk();
    let old = desk.accounts.first_secret().unwrap().unwrap();
    let session = desk.set_up().await;
    assert_eq!(desk.accounts.set_up(&old, GOOD).await.unwrap_err().code, "old_secret", "the one before is forgotten");
    // What `messwerk password reset` does, beside the running hub.
    let reset = || {
        let secret = mint::token();
        desk.store.catalogue().add_setup(&secret, desk.clock.now()).unwrap();
        secret
    };
    let late = reset();
    desk.later(61 * MINUTE);
    assert_eq!(desk.accounts.set_up(&late, GOOD).await.unwrap_err().code, "old_secret");
    let secret = reset();
    assert_eq!(desk.try_from(1, GOOD).await.1, None, "until then the old password is good");
    let again = desk.store.catalogue().session(&session).unwrap();
    assert!(again.is_none(), "a session that was over for an hour was forgotten with the next login");
    desk.accounts.set_up(&secret, "another four words here").await.unwrap();
    assert_eq!(desk.try_from(1, GOOD).await.1, Some("wrong_password"));
    assert_eq!(desk.try_from(1, "another four words here").await.1, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_when_idle_when_old_and_when_told() {
    let desk = desk();
    let used = |token: &str| desk.accounts.used(token).unwrap();
    let first = desk.set_up().await;
    assert!(used(&first) && !used(&mint::token()));
    for _ in 0..10 {
        desk.later(44 * MINUTE);
        assert!(used(&first));
        // The note is written beside the request.
        while desk.store.catalogue().session(&first).unwrap().unwrap().seen != desk.clock.now() {
            tokio::task::yield_now().await;
        }
    }
    assert!(desk.accounts.holds(&first).unwrap());
    desk.later(40 * MINUTE);
    assert!(!used(&first), "8 hours are over");

    let login = desk.accounts.log_in(IpAddr::from([192, 0, 2, 1]), GOOD, |_| std::future::ready(())).await.unwrap();
    let second = token(&login);
    desk.later(44 * MINUTE);
    assert!(desk.accounts.holds(&second).unwrap(), "a socket that asks does not keep it");
    desk.later(MINUTE);
    assert!(!used(&second) && !desk.accounts.holds(&second).unwrap());

    let open = async || token(&desk.accounts.log_in(IpAddr::from([192, 0, 2, 1]), GOOD, |_| std::future::ready(())).await.unwrap());
    let (one, two, three) = (open().await, open().await, open().await);
    // What was logged since the last look.
    let logged = || desk.store.catalogue().forget_log(Micros::MAX).unwrap();
    assert!(logged() > 0);
    desk.accounts.log_out(Some(&one), false).unwrap();
    assert_eq!([used(&one), used(&two), used(&three)], [false, true, true]);
    assert_eq!(logged(), 1);
    for nobody in [Some(one.as_str()), Some(&mint::token()), None] {
        desk.accounts.log_out(nobody, false).unwrap();
    }
    assert_eq!(logged(), 0, "nothing ended");
    desk.accounts.log_out(Some(&two), true).unwrap();
    assert_eq!([used(&two), used(&three)], [false, false]);
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_passwords_wait_and_the_right_one_does_not() {
    let desk = desk();
    desk.set_up().await;
    for milliseconds in [0, 0, 0, 0, 0, 500, 1000, 2000, 4000, 8000, 8000] {
        assert_eq!(desk.try_from(1, "not the password").await, (Duration::from_millis(milliseconds), Some("wrong_password")));
        assert_eq!(desk.accounts.alarm(), milliseconds > 0);
        assert_eq!(desk.try_from(1, GOOD).await, (Duration::ZERO, None), "also from the guesser's address");
        assert_eq!(desk.try_from(2, GOOD).await, (Duration::ZERO, None));
    }
    // As many as may wait: then nobody from there is looked at, for half a second, and others are.
    let mut unlooked = 0;
    for _ in 0..40 {
        unlooked += u32::from(desk.try_from(1, "x").await.1 == Some("too_many"));
    }
    assert_eq!(unlooked, 40 - (32 - 6));
    assert_eq!(desk.try_from(1, GOOD).await.1, Some("too_many"));
    assert_eq!(desk.try_from(2, GOOD).await.1, None);
    desk.later(9 * 1_000_000);
    assert_eq!(desk.try_from(1, GOOD).await, (Duration::ZERO, None));
    assert_eq!(desk.try_from(3, &"x".repeat(100_000)).await.1, Some("wrong_password"), "not even hashed");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_stored_opens_nothing() {
    let desk = desk();
    let session = desk.set_up().await;
    desk.try_from(1, "not the password").await;
    let mut bytes = vec![];
    for entry in std::fs::read_dir(desk._folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            bytes.extend(std::fs::read(path).unwrap());
        }
    }
    for secret in [GOOD, &session, "not the password", "192.0.2"] {
        assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "{secret} is in the data folder");
    }
}

#[test]
fn a_cookie_is_as_strict_as_its_address_allows() {
    let login = Login::new(mint::token());
    let check = |url: &str, plain: bool, name: &str, secure: bool| {
        let cookie = login.cookie(&address(url), plain);
        let cookie = cookie.to_str().unwrap();
        assert!(cookie.starts_with(&format!("{name}=")), "{url}: {cookie}");
        assert_eq!(cookie.contains("; Secure"), secure, "{url}");
        assert!(
            cookie.contains("; Path=/; HttpOnly; SameSite=Strict") && !cookie.contains("Domain") && !cookie.contains("Max-Age"),
            "{cookie}"
        );
    };
    check("https://hub.example", false, "__Host-messwerk", true);
    check("https://hub.example", true, "__Host-messwerk", true);
    check("http://localhost:8080", false, "__Host-messwerk", true);
    check("http://127.0.0.1:8080", false, "__Host-messwerk", true);
    check("http://localhost:8080", true, "messwerk", false);
    check("http://192.168.1.5:8080", false, "messwerk", false);
}

#[test]
fn over_tls_only_the_strict_cookie_counts() {
    let (one, other) = (mint::token(), mint::token());
    let check = |url: &str, cookies: &[String], expected: Option<&str>| {
        let mut headers = HeaderMap::new();
        for cookie in cookies {
            headers.append(header::COOKIE, HeaderValue::try_from(cookie).unwrap());
        }
        assert_eq!(presented(&headers, &address(url)), expected, "{url} {cookies:?}");
    };
    let (host, plain) = (format!("__Host-messwerk={one}"), format!("messwerk={other}"));
    let both = format!("a=b; {plain}; {host}");
    check("https://hub.example", std::slice::from_ref(&both), Some(&one));
    check("https://hub.example", std::slice::from_ref(&plain), None);
    check("http://localhost", std::slice::from_ref(&both), Some(&one));
    check("http://localhost", std::slice::from_ref(&plain), Some(&other));
    check("http://192.168.1.5", &[both], Some(&other));
    check("http://192.168.1.5", &["x=y".to_owned(), plain], Some(&other));
    check("http://localhost", &["messwerk=short; __Host-messwerk=".to_owned()], None);
    check("http://localhost", &[], None);
}

#[test]
fn the_address_of_a_request_says_which_cookie() {
    // As the guard reads it: a name of the hub, over plain HTTP.
    let hub = Addresses::new(&Config::default(), "0.0.0.0:8080".parse().unwrap());
    let request = Request::builder().version(Version::HTTP_11).header("host", "192.168.1.5:8080").body(()).unwrap();
    let address = hub.asked(&request.into_parts().0).unwrap();
    assert!(!address.trusted() && !address.local());
}
