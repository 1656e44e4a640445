use std::fs;

use rustls::RootCertStore;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};

use super::*;

const NOW: Micros = 1_795_000_000_000_000;

fn own(names: &[&str], addresses: &[&str]) -> Own {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    Own::new(&names, addresses.iter().map(|address| address.parse().unwrap()).collect())
}

/// What a device says that trusts the authority and nobody else.
fn ask(authority: &str, leaf: &CertificateDer<'_>, name: &str) -> Result<(), String> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority.as_bytes()).unwrap()).unwrap();
    let verifier = WebPkiServerVerifier::builder_with_provider(roots.into(), default_provider().into()).build().unwrap();
    let at = UnixTime::since_unix_epoch(Duration::from_micros(NOW.unsigned_abs()));
    let name = ServerName::try_from(name.to_owned()).unwrap();
    verifier.verify_server_cert(leaf, &[], &name, &[], at).map(drop).map_err(|error| error.to_string())
}

#[test]
fn a_device_takes_the_hub_and_nothing_else_from_the_authority() {
    let folder = tempfile::tempdir().unwrap();
    let here = own(&["vm", "vm.local"], &["192.168.1.5", "fd12::5", "2001:db8::5", "203.0.113.9"]);
    let authority = Authority::open(&folder.path().join("tls"), &here, NOW).unwrap();
    let (leaf, facts) = authority.leaf(&here, &default_provider(), NOW).unwrap();
    let leaf = leaf.end_entity_cert().unwrap();
    for name in ["vm", "vm.local", "localhost", "127.0.0.1", "::1", "192.168.1.5", "fd12::5", "203.0.113.9"] {
        assert_eq!(ask(authority.pem(), leaf, name), Ok(()), "{name}");
    }
    assert!(
        !facts.is_authority && !facts.names.contains(&"2001:db8::5".to_owned()),
        "addresses that change by the day are left out: {facts:?}"
    );
    assert!(ask(authority.pem(), leaf, "www.bank.example").is_err());
    // Whoever steals the key cannot make more of it either.
    let forged = |sans: &[&str]| {
        let mut params = CertificateParams::new(sans.iter().map(|san| (*san).to_owned()).collect::<Vec<_>>()).unwrap();
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        valid(&mut params, seconds(NOW) - DAY, seconds(NOW) + DAY);
        params.signed_by(&KeyPair::generate().unwrap(), &authority.issuer).unwrap().der().clone()
    };
    for name in ["www.bank.example", "10.0.0.1", "8.8.8.8", "203.0.113.10", "2001:db8::6", "local", "evm"] {
        let refused = ask(authority.pem(), &forged(&[name]), name);
        assert!(refused.as_ref().is_err_and(|error| error.contains("NameConstraint")), "{name}: {refused:?}");
    }
    // The other addresses of the network: the router may give the hub one of them tomorrow.
    assert_eq!(ask(authority.pem(), &forged(&["192.168.77.1"]), "192.168.77.1"), Ok(()));
}

#[test]
fn it_is_kept_and_only_its_user_reads_it() {
    let folder = tempfile::tempdir().unwrap();
    let (tls, here) = (folder.path().join("tls"), own(&["vm"], &["10.1.2.3"]));
    let first = Authority::open(&tls, &here, NOW).unwrap();
    let again = Authority::open(&tls, &here, NOW).unwrap();
    assert_eq!(first.pem(), again.pem());
    let (leaf, _) = again.leaf(&here, &default_provider(), NOW).unwrap();
    assert_eq!(ask(first.pem(), leaf.end_entity_cert().unwrap(), "10.1.2.3"), Ok(()), "signed after a restart");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&tls), mode(&tls.join("ca.key"))), (0o700, 0o600));
        fs::set_permissions(tls.join("ca.key"), fs::Permissions::from_mode(0o640)).unwrap();
        assert!(format!("{:#}", Authority::open(&tls, &here, NOW).err().unwrap()).contains("chmod 600"));
        fs::set_permissions(tls.join("ca.key"), fs::Permissions::from_mode(0o600)).unwrap();
    }
    let check = |change: &dyn Fn(), expected: &str| {
        let kept = [fs::read(tls.join("ca.pem")).unwrap(), fs::read(tls.join("ca.key")).unwrap()];
        change();
        let told = format!("{:#}", Authority::open(&tls, &here, NOW).err().unwrap());
        assert!(told.contains(expected) && told.contains("start the hub"), "{told}");
        fs::write(tls.join("ca.pem"), &kept[0]).unwrap();
        fs::write(tls.join("ca.key"), &kept[1]).unwrap();
        #[cfg(unix)]
        fs::set_permissions(tls.join("ca.key"), std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    };
    check(&|| fs::remove_file(tls.join("ca.key")).unwrap(), "ca.key is missing");
    check(&|| fs::write(tls.join("ca.key"), "x").unwrap(), "ca.key is damaged");
    check(&|| fs::write(tls.join("ca.pem"), "x").unwrap(), "ca.pem is damaged");
    check(&|| fs::write(tls.join("ca.key"), KeyPair::generate().unwrap().serialize_pem()).unwrap(), "does not belong");
    // A start that was cut off between the two files: nobody has the certificate yet.
    fs::remove_file(tls.join("ca.pem")).unwrap();
    assert_ne!(Authority::open(&tls, &here, NOW).unwrap().pem(), first.pem());
}

#[test]
fn another_network_is_told_and_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::open(&folder.path().join("tls"), &own(&["vm"], &["192.168.1.5"]), NOW).unwrap();
    let moved = own(&["vm", "new.name"], &["192.168.2.77", "10.0.0.5"]);
    let (leaf, facts) = authority.leaf(&moved, &default_provider(), NOW).unwrap();
    assert!(facts.names.contains(&"192.168.2.77".to_owned()) && !facts.names.contains(&"10.0.0.5".to_owned()), "{facts:?}");
    assert_eq!(ask(authority.pem(), leaf.end_entity_cert().unwrap(), "vm"), Ok(()), "one name too many would spoil them all");
    let problems = authority.problems(&moved, NOW);
    assert!(problems[0].contains("may not vouch for new.name, 10.0.0.5: use vm"), "{problems:?}");
    let years = 3_600 * DAY * 1_000_000;
    let (_, last) = authority.leaf(&moved, &default_provider(), NOW + years).unwrap();
    assert_eq!(last.not_after, authority.facts.not_after, "no longer than the authority");
    for days in [0, 40, 60] {
        assert!(!authority.is_due(&last, NOW + years + days * DAY * 1_000_000), "a new one would hold no longer");
    }
    let problems = authority.problems(&own(&["vm"], &["192.168.1.5"]), NOW + years);
    assert!(problems.len() == 1 && problems[0].contains("ends on"), "{problems:?}");
}

#[test]
fn a_clock_that_was_never_set_makes_no_authority() {
    let folder = tempfile::tempdir().unwrap();
    let told = Authority::open(&folder.path().join("tls"), &own(&["vm"], &[]), 0).err().unwrap();
    assert!(format!("{told:#}").contains("the hub's clock says 1970-01-01"), "{told:#}");
    assert!(!folder.path().join("tls").exists());
}
