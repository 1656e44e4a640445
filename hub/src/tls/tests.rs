use std::fs;
use std::time::UNIX_EPOCH;

use rcgen::{CertificateParams, IsCa, KeyPair};
use tempfile::TempDir;

use super::*;

const DAY: i64 = 86_400;
const NOW: Micros = 1_795_000_000_000_000;

/// A certificate that begins and ends so many days from now, and its key; PEM.
fn pair(begins: i64, ends: i64) -> (String, String) {
    let at = |days: i64| UNIX_EPOCH + Duration::from_secs((NOW / 1_000_000 + days * DAY).unsigned_abs());
    let mut params = CertificateParams::new(vec!["hub.example".to_owned()]).unwrap();
    (params.not_before, params.not_after) = (at(begins).into(), at(ends).into());
    let key = KeyPair::generate().unwrap();
    (params.self_signed(&key).unwrap().pem(), key.serialize_pem())
}

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn put(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let file = self.0.path().join(name);
        // Renewal programs exchange files.
        let _ = fs::remove_file(&file);
        fs::write(&file, bytes).unwrap();
        #[cfg(unix)]
        fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        file
    }

    fn config(&self) -> TlsConfig {
        TlsConfig { cert: Some(self.0.path().join("cert.pem")), key: Some(self.0.path().join("key.pem")), ..TlsConfig::default() }
    }

    fn open(&self) -> anyhow::Result<Arc<Tls>> {
        Tls::open(&self.config(), self.0.path(), &[], NOW).map(Option::unwrap)
    }
}

#[test]
fn what_is_wrong_with_files_is_named_with_its_fix() {
    let (cert, key) = pair(-1, 90);
    let (_, other) = pair(-1, 90);
    let check = |cert: &[u8], key: &[u8], expected: &str| {
        let folder = Folder::new();
        folder.put("cert.pem", cert);
        folder.put("key.pem", key);
        let told = folder.open().err().map_or_else(|| "in order".to_owned(), |error| format!("{error:#}"));
        assert!(told.contains(expected), "{told}\nshould contain: {expected}");
    };
    let (cert, key) = (cert.as_bytes(), key.as_bytes());
    check(cert, key, "in order");
    check(cert, other.as_bytes(), "does not belong to");
    check(key, cert, "exchanged");
    check(cert, cert, "exchanged");
    check(b"", key, "no certificate in it");
    check(cert, b"hello", "no private key in it");
    check(b"\x30\x82\x01", key, "openssl x509 -inform der");
    check(cert, b"\x30\x82\x01", "openssl pkey -inform der");
    check(cert, b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n", "it has a password");
    check(b"-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n", key, "damaged");
    check(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", key, "no X.509 certificate");
    let (old, its_key) = pair(-90, -1);
    check(old.as_bytes(), its_key.as_bytes(), "it ended on 2026-11-17. Renew it");
    let (early, its_key) = pair(2, 90);
    check(early.as_bytes(), its_key.as_bytes(), "set the hub's clock");
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let its_key = KeyPair::generate().unwrap();
    let pem = authority.self_signed(&its_key).unwrap().pem();
    check(pem.as_bytes(), its_key.serialize_pem().as_bytes(), "has to come first");
}

#[test]
fn a_file_that_is_not_there_or_open_to_everybody_is_named() {
    let folder = Folder::new();
    assert!(format!("{:#}", folder.open().err().unwrap()).contains("Is the path right"));
    let (cert, key) = pair(-1, 90);
    folder.put("cert.pem", cert);
    let key = folder.put("key.pem", key);
    #[cfg(unix)]
    for (mode, fine) in [(0o644, false), (0o604, false), (0o640, true), (0o400, true)] {
        fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
        let told = folder.open().err().map(|error| format!("{error:#}"));
        assert_eq!(told.is_none(), fine, "{mode:o}: {told:?}");
        assert!(told.is_none_or(|told| told.contains("chmod o=")));
    }
    let _ = key;
}

#[test]
fn what_does_not_fit_together_is_refused() {
    let check = |cert: bool, key: bool, local: bool, mqtts: bool, expected: Option<&str>| {
        let file = |is: bool| is.then(|| PathBuf::from("file"));
        let config = TlsConfig { cert: file(cert), key: file(key), local, mqtts: mqtts.then(|| "127.0.0.1:8883".parse().unwrap()) };
        let told = config.check().err().map(|error| error.to_string());
        assert_eq!(told.is_some(), expected.is_some(), "{config:?}: {told:?}");
        assert!(expected.is_none_or(|expected| told.is_some_and(|told| told.contains(expected))), "{config:?}");
    };
    check(false, false, false, false, None);
    check(true, true, false, true, None);
    check(false, false, true, true, None);
    check(true, false, false, false, Some("belong together"));
    check(false, true, false, false, Some("belong together"));
    check(true, true, true, false, Some("leave out"));
    check(false, false, false, true, Some("needs a certificate"));
}

#[test]
fn a_renewed_file_is_taken_and_a_broken_one_is_not() {
    let folder = Folder::new();
    let (cert, key) = pair(-1, 40);
    folder.put("cert.pem", cert);
    folder.put("key.pem", key);
    let tls = folder.open().unwrap();
    let served = || tls.facts().days_left(NOW);
    tls.look(NOW);
    assert_eq!((served(), tls.problems(NOW)), (40, vec![]));
    // Half a renewal, then nonsense: the one before goes on, and it is told.
    let (cert, key) = pair(-1, 80);
    folder.put("key.pem", &key);
    tls.look(NOW);
    assert_eq!(served(), 40);
    assert!(tls.problems(NOW)[0].contains("does not belong to"), "{:?}", tls.problems(NOW));
    folder.put("cert.pem", "nonsense");
    tls.look(NOW);
    assert!(tls.problems(NOW)[0].contains("no certificate in it"), "{:?}", tls.problems(NOW));
    assert_eq!(served(), 40);
    folder.put("cert.pem", cert);
    tls.look(NOW);
    assert_eq!((served(), tls.problems(NOW)), (80, vec![]));
    fs::remove_file(folder.0.path().join("cert.pem")).unwrap();
    tls.look(NOW);
    assert!(served() == 80 && tls.problems(NOW)[0].contains("cannot be read"));
    // Nothing comes, and the end is near.
    let later = NOW + 70 * DAY * 1_000_000;
    assert!(tls.problems(later)[1].contains("(10 days)"), "{:?}", tls.problems(later));
    assert!(tls.problems(later + 20 * DAY * 1_000_000)[1].contains("ended on"));
}

#[test]
fn a_certificate_of_the_local_authority_is_renewed_before_it_ends() {
    let folder = Folder::new();
    let config = TlsConfig { local: true, ..TlsConfig::default() };
    let tls = Tls::open(&config, folder.0.path(), &["vm".to_owned(), "vm.local".to_owned()], NOW).unwrap().unwrap();
    let names = tls.facts().names;
    for name in ["vm", "vm.local", "localhost", "127.0.0.1", "::1"] {
        assert!(names.iter().any(|had| had == name), "{name} is missing in {names:?}");
    }
    let first = tls.facts();
    assert_eq!((first.days_left(NOW), tls.problems(NOW)), (90, vec![]));
    let day = |days: i64| NOW + days * DAY * 1_000_000;
    tls.look(day(59));
    assert_eq!(tls.facts(), first);
    tls.look(day(61));
    assert_eq!(tls.facts().days_left(day(61)), 90);
    // A clock that was wrong and is put right.
    tls.look(day(-300));
    assert!(tls.facts().holds(day(-300)));
}
