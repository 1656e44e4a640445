use std::io::{Cursor, Write as _};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn refused(bytes: &[u8]) -> BundleError {
    let error = Bundle::from_zip(bytes).unwrap_err();
    let text = error.text();
    assert!(text.de.ends_with('.') && text.en.ends_with('.') && text.de.len() > 20, "{text:?}");
    error
}

#[test]
fn what_is_packed_comes_out_again_in_one_way_only() {
    let whole = bundle();
    let packed = whole.to_zip().unwrap();
    assert_eq!(Bundle::from_zip(&packed).unwrap(), whole);
    assert_eq!(whole.to_zip().unwrap(), packed);
    // In a folder, with what a Mac leaves behind, and with files of other trades.
    let files: Vec<(String, Vec<u8>)> = whole.files().map(|(path, bytes)| (format!("pendulum/{path}"), bytes.to_vec())).collect();
    let mut all: Vec<(&str, &[u8])> = files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
    all.push(("__MACOSX/pendulum/._lesson.toml", b"x"));
    all.push(("pendulum/.DS_Store", b"x"));
    all.push(("pendulum/README.md", b"x"));
    let again = Bundle::from_zip(&archive(&all)).unwrap();
    assert_eq!(again.sha256(), whole.sha256());
    assert_eq!(again.left_out(), ["README.md"]);
    assert_eq!(told(&lint(&again), Level::Warning), ["README.md:0 left_out"]);
}

#[test]
fn what_leads_out_or_pretends_is_refused() {
    let plan = plan();
    let with = |name: &str| refused(&archive(&[(PLAN, plan.as_bytes()), (name, b"x")]));
    for path in ["../evil.md", "assets/../../evil.png", "/etc/passwd", "C:\\evil.md", "assets\\evil.png", "a/./b", "a//b", "x:y"] {
        assert!(matches!(with(path), BundleError::Path(_)), "{path}");
    }
    assert!(matches!(with(&"a".repeat(200)), BundleError::Path(_)));
}

#[test]
fn names_stand_once() {
    // The packer refuses the same name twice, so it is written over.
    let mut bytes = archive(&[(PLAN, plan().as_bytes()), ("de.md", b"one"), ("en.md", b"two")]);
    let places: Vec<usize> = bytes.windows(5).enumerate().filter(|(_, window)| *window == b"en.md").map(|(at, _)| at).collect();
    assert_eq!(places.len(), 2);
    places.iter().for_each(|at| bytes[*at..*at + 2].copy_from_slice(b"de"));
    assert_eq!(refused(&bytes), BundleError::Twice("de.md".to_owned()));
}

#[test]
fn bombs_links_and_passwords_are_refused() {
    let plan = plan();
    let zeros = vec![b' '; 1 << 20];
    assert_eq!(refused(&archive(&[(PLAN, plan.as_bytes()), ("de.md", &zeros)])), BundleError::Bomb("de.md".to_owned()));
    let noise: Vec<u8> = (0..MOST_FILE_BYTES as u32 + 1).map(|index| (index.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    assert_eq!(refused(&archive(&[(PLAN, plan.as_bytes()), ("de.md", &noise)])), BundleError::LargeFile("de.md".to_owned()));
    let many: Vec<String> = (0..MOST_FILES).map(|index| format!("assets/p{index}.png")).collect();
    let mut all: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), &b"x"[..])).collect();
    all.push((PLAN, plan.as_bytes()));
    assert_eq!(refused(&archive(&all)), BundleError::ManyFiles);
    let large: Vec<String> = (0..9).map(|index| format!("assets/p{index}.png")).collect();
    let mut all: Vec<(&str, &[u8])> = large.iter().map(|name| (name.as_str(), &noise[..MOST_FILE_BYTES])).collect();
    all.push((PLAN, plan.as_bytes()));
    assert_eq!(refused(&archive(&all)), BundleError::Large);

    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.add_symlink("de.md", "/etc/passwd", SimpleFileOptions::default()).unwrap();
    assert_eq!(refused(&writer.finish().unwrap().into_inner()), BundleError::Link("de.md".to_owned()));

    // The flag of encryption, in both headers.
    let mut bytes = archive(&[(PLAN, plan.as_bytes())]);
    bytes[6] |= 1;
    let central = bytes.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    bytes[central + 8] |= 1;
    assert_eq!(refused(&bytes), BundleError::Encrypted(PLAN.to_owned()));
}

#[test]
fn what_is_no_template_says_so() {
    assert_eq!(refused(b"hello"), BundleError::NoZip);
    assert_eq!(refused(b""), BundleError::NoZip);
    assert_eq!(refused(&archive(&[("de.md", b"x")])), BundleError::NoPlan);
    assert_eq!(refused(&archive(&[])), BundleError::NoPlan);
    let whole = bundle().to_zip().unwrap();
    for length in (0..whole.len()).step_by(whole.len() / 40 + 1) {
        assert!(Bundle::from_zip(&whole[..length]).is_err(), "{length}");
    }
}
