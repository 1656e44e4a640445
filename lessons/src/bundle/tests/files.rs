use super::*;

#[test]
fn a_folder_is_held_to_the_same_rules() {
    let refused = |path: &str, bytes: &[u8]| {
        let mut files = files();
        files.insert(path.to_owned(), bytes.to_vec());
        Bundle::from_files(files).unwrap_err().kind()
    };
    assert_eq!(refused("../de.md", b"x"), "template_path");
    assert_eq!(refused("fixtures/GOOD.toml", b"x"), "template_twice");
    assert_eq!(refused("assets/p.png", &vec![0; MOST_FILE_BYTES + 1]), "template_large_file");
    assert_eq!(Bundle::from_files(BTreeMap::new()).unwrap_err().kind(), "template_no_plan");
}

#[test]
fn checksums_see_what_counts() {
    let sum = bundle().sha256();
    assert_eq!(sum.len(), 64);
    assert_eq!(with(SIGNATURE, Some(b"untrusted comment: x")).sha256(), sum);
    assert_ne!(with("de.md", Some(b"## Ziele")).sha256(), sum);
    assert_ne!(with("assets/setup.png", None).sha256(), sum);

    let method = bundle().method_hash().unwrap();
    let changed = |from: &str, to: &str| {
        let plan = plan();
        assert!(plan.contains(from), "{from}");
        with(PLAN, Some(plan.replacen(from, to, 1).as_bytes())).method_hash().unwrap()
    };
    for (from, to) in [
        ("de = \"Fadenpendel\"", "de = \"Handypendel\""),
        ("de = \"Periodendauer\"", "de = \"Schwingungsdauer\""),
        ("method = \"fit\"\n", ""),
        ("version = \"1.0.0\"", "version = \"1.0.1\""),
        ("min = -1.0", "min = -2.0"),
        ("max = 2.5\n", "max = 2.50\n"),
    ] {
        assert_eq!(changed(from, to), method, "{from}");
    }
    for (from, to) in [
        ("method = \"fit\"", "method = \"autocorrelation\""),
        ("uncertainty = 0.003", "uncertainty = 0.004"),
        ("min_hz = 20", "min_hz = 25"),
        ("min_periods = 4", "min_periods = 5"),
        ("outcome = \"g\"", "outcome = \"T\""),
    ] {
        assert_ne!(changed(from, to), method, "{from}");
    }
}

#[test]
fn pictures_are_known_by_their_bytes() {
    let check = |bytes: &[u8], expected: Result<(PictureKind, u32, u32), &str>| {
        let found = image::picture(bytes).map(|picture| (picture.kind, picture.width, picture.height));
        match expected {
            Ok(expected) => assert_eq!(found, Ok(expected)),
            Err(part) => assert!(found.unwrap_err().contains(part), "{found:?}"),
        }
    };
    check(&png(800, 600), Ok((PictureKind::Png, 800, 600)));
    check(&png(4097, 1), Err("4096"));
    check(&png(u32::MAX, 1), Err("4096"));
    check(&png(0, 1), Err("empty"));
    check(&png(800, 600)[..20], Err("damaged"));
    // Start, a comment, the frame header.
    let jpeg = b"\xff\xd8\xff\xfe\x00\x04hi\xff\xff\xc0\x00\x11\x08\x01\x02\x03\x04\x03";
    check(jpeg, Ok((PictureKind::Jpeg, 0x304, 0x102)));
    check(b"\xff\xd8\xff\xda\x00\x04hi", Err("damaged"));
    check(b"\xff\xd8\xff\xe0\x00\x00", Err("damaged"));
    check(b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x1f\x03\x00\x57\x02\x00", Ok((PictureKind::WebP, 800, 600)));
    check(b"RIFF\0\0\0\0WEBPVP8L\x0a\0\0\0\x2f\x1f\xc3\x95\x00", Ok((PictureKind::WebP, 800, 600)));
    check(b"RIFF\0\0\0\0WEBPVP8 \x0a\0\0\0abc\x9d\x01\x2a\x20\x03\x58\x02", Ok((PictureKind::WebP, 800, 600)));
    check(b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>", Err("PNG, JPEG or WebP"));
    check(b"GIF89a", Err("PNG, JPEG or WebP"));
    check(b"", Err("PNG, JPEG or WebP"));
}

#[test]
fn wrong_and_idle_pictures_are_told() {
    let errors = |path: &str, bytes: &[u8]| told(&lint(&with(path, Some(bytes))), Level::Error);
    assert_eq!(errors("assets/setup.png", b"<svg/>"), ["assets/setup.png:0 picture"]);
    assert_eq!(errors("assets/setup.png", b"\xff\xd8\xff\xc0\x00\x11\x08\x01\x02\x03\x04\x03"), ["assets/setup.png:0 picture_ending"]);
    assert_eq!(told(&lint(&with("assets/idle.png", Some(&png(1, 1)))), Level::Hint), ["assets/idle.png:0 unused"]);
    assert_eq!(told(&lint(&with("assets/setup.png", None)), Level::Error), ["de.md:3 missing_picture"]);
}
