use super::*;

/// What a command on a folder is told; empty if it works.
fn told(folder: &Path) -> String {
    open_catalogue(folder).map(|_| String::new()).unwrap_or_else(|error| format!("{error:#}"))
}

#[test]
fn a_folder_that_is_no_hubs_is_refused_and_stays_as_it_is() {
    let root = tempfile::tempdir().unwrap();
    let (hub, empty, other) = (root.path().join("hub"), root.path().join("empty"), root.path().join("other"));
    drop(Catalogue::open(&hub).unwrap());
    std::fs::create_dir(&empty).unwrap();
    std::fs::create_dir(&other).unwrap();
    std::fs::write(other.join("messwerk.toml"), "").unwrap();
    let check = |folder: &Path, expected: &str| {
        let told = told(folder);
        assert!(if expected.is_empty() { told.is_empty() } else { told.contains(expected) }, "{}: {told}", folder.display());
    };
    check(&hub, "");
    for folder in [&empty, &other, &root.path().join("typo"), &root.path().join("no/such")] {
        check(folder, "check --data-dir");
    }
    check(&other.join("messwerk.toml"), "check --data-dir");
    assert!(!root.path().join("typo").exists() && !root.path().join("no").exists(), "nothing was made");
    assert_eq!(std::fs::read_dir(&empty).unwrap().count(), 0);
}

#[test]
fn a_token_is_made_before_the_first_start_but_no_path_of_folders_is() {
    let root = tempfile::tempdir().unwrap();
    let new = root.path().join("new");
    found(&new).unwrap();
    found(&new).unwrap();
    assert_eq!(told(&new), "");
    let refused = found(&root.path().join("no/such")).unwrap_err();
    assert!(format!("{refused:#}").contains("there is no folder") && !root.path().join("no").exists());
}

#[test]
fn a_reset_names_the_running_hubs_address() {
    let folder = tempfile::tempdir().unwrap();
    let hub = |bound: &str| doctor::Patient::new(&Config::default(), bound.parse().unwrap(), bound.parse().unwrap(), None);
    let told = reset(folder.path(), "SECRET");
    assert!(told.contains("http://localhost:8080/setup#SECRET") && told.contains("No hub runs"), "{told}");
    card::leave(folder.path(), &hub("127.0.0.1:18080"));
    let left = reset(folder.path(), "SECRET");
    assert!(left == told, "it is not there any more: {left}");
    let _running = card::run_on(folder.path());
    let told = reset(folder.path(), "SECRET");
    assert!(
        told.contains("\n    http://localhost:18080/setup#SECRET\n") && !told.contains(":8080") && !told.contains("No hub runs"),
        "{told}"
    );
    // A hub in one network only: one address, once.
    card::leave(folder.path(), &hub("192.168.7.7:18080"));
    let told = reset(folder.path(), "SECRET");
    assert_eq!(told.matches("http://").count(), 1, "{told}");
    assert_eq!(told.lines().last(), Some("/setup#SECRET"));
}

#[cfg(unix)]
#[test]
fn a_folder_of_another_user_is_named_in_a_sentence() {
    use std::os::unix::fs::PermissionsExt as _;
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("data");
    drop(Catalogue::open(&folder).unwrap());
    assert_eq!(told(&folder), "");
    // Whoever may do everything is stopped by a folder in the file's place; others by the rights of file and folder.
    let file = folder.join("catalogue.sqlite");
    std::fs::remove_file(&file).unwrap();
    std::fs::create_dir(&file).unwrap();
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o555)).unwrap();
    let told = told(&folder);
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).unwrap();
    assert!(told.contains("run this as the user that the hub runs as") && !told.contains("SQL"), "{told}");
}
