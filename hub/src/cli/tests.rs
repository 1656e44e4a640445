use super::*;

/// What a command on a folder is told; empty if it works.
fn told(folder: &Path) -> String {
    open_catalogue(folder).map(|_| String::new()).unwrap_or_else(|error| format!("{error:#}"))
}

#[test]
fn a_token_is_made_before_the_first_start_but_no_path_of_folders_is() {
    let root = tempfile::tempdir().unwrap();
    let (empty, missing, other) = (root.path().join("empty"), root.path().join("missing"), root.path().join("other"));
    std::fs::create_dir(&empty).unwrap();
    std::fs::create_dir(&other).unwrap();
    std::fs::write(other.join("messwerk.toml"), "").unwrap();
    let check = |folder: &Path, expected: &str| {
        let told = told(folder);
        assert!(if expected.is_empty() { told.is_empty() } else { told.contains(expected) }, "{}: {told}", folder.display());
    };
    check(&empty, "");
    check(&empty, "");
    check(&missing, "");
    check(&other, "");
    check(&root.path().join("no/such"), "there is no folder");
    assert!(!root.path().join("no").exists(), "nothing was made");
    check(&other.join("messwerk.toml"), "cannot be written");
}

#[cfg(unix)]
#[test]
fn a_folder_of_another_user_is_named_in_a_sentence() {
    use std::os::unix::fs::PermissionsExt as _;
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("data");
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
