use std::io::Cursor;

use messwerk_lessons::bundle::PLAN;
use minisign::KeyPair;

use super::*;

fn bundle(plan: &str, signature: Option<&str>) -> Bundle {
    let mut files = std::collections::BTreeMap::from([(PLAN.to_owned(), plan.as_bytes().to_vec()), ("de.md".to_owned(), b"# x".to_vec())]);
    files.extend(signature.map(|signature| (SIGNATURE.to_owned(), signature.as_bytes().to_vec())));
    Bundle::from_files(files).unwrap()
}

fn sign(keys: &KeyPair, bundle: &Bundle) -> String {
    minisign::sign(Some(&keys.pk), &keys.sk, Cursor::new(listing(bundle)), None, None).unwrap().to_string()
}

#[test]
fn the_listing_is_what_the_checksum_is_of() {
    let bundle = bundle("format = 1", Some("whatever"));
    let hash = Sha256::digest(listing(&bundle).as_bytes()).iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    assert_eq!(hash, bundle.sha256());
}

#[test]
fn a_signature_is_trusted_unknown_or_broken() {
    let (ours, other) = (KeyPair::generate_unencrypted_keypair().unwrap(), KeyPair::generate_unencrypted_keypair().unwrap());
    let known = [TrustedKey::parse(&ours.pk.to_base64()).unwrap()];
    let plain = bundle("format = 1", None);
    let good = bundle("format = 1", Some(&sign(&ours, &plain)));
    let check = |bundle: &Bundle, keys: &[TrustedKey], expected: &Signed| assert_eq!(&look(bundle, keys), expected);
    check(&plain, &known, &Signed::No);
    check(&good, &known, &Signed::Trusted(known[0].id.clone()));
    check(&good, &[], &Signed::Unknown(known[0].id.clone()));
    let foreign = bundle("format = 1", Some(&sign(&other, &plain)));
    check(&foreign, &known, &Signed::Unknown(TrustedKey::parse(&other.pk.to_base64()).unwrap().id));
    check(&bundle("format = 2", Some(&sign(&ours, &plain))), &known, &Signed::Broken);
    check(&bundle("format = 1", Some("no signature")), &known, &Signed::Broken);
    check(&bundle("format = 1", Some("")), &known, &Signed::Broken);
}

#[test]
fn a_key_is_read_with_or_without_its_comment() {
    let keys = KeyPair::generate_unencrypted_keypair().unwrap();
    let line = keys.pk.to_base64();
    let plain = TrustedKey::parse(&line).unwrap();
    assert_eq!(TrustedKey::parse(&format!("untrusted comment: minisign public key\n{line}\n")).unwrap().id, plain.id);
    for bad in ["", "RW", "hello", &line[1..], "untrusted comment: only"] {
        let error = TrustedKey::parse(bad).unwrap_err().to_string();
        assert!(error.contains("minisign"), "{bad}: {error}");
    }
}
