use super::*;

fn exit(command: &TemplateCommand) -> Result<bool, String> {
    run(command).map(|code| format!("{code:?}") == format!("{:?}", ExitCode::SUCCESS)).map_err(|error| format!("{error:#}"))
}

fn which(template: &Path) -> Which {
    Which { template: template.to_owned(), json: false }
}

#[test]
fn what_is_made_new_is_right_can_be_tested_and_packed() {
    let root = tempfile::tempdir().unwrap();
    let (folder, file) = (root.path().join("my-fall"), root.path().join("my-fall.lesson"));
    assert_eq!(exit(&TemplateCommand::New { name: folder.clone() }), Ok(true));
    assert_eq!(exit(&TemplateCommand::Lint(which(&folder))), Ok(true));
    assert_eq!(exit(&TemplateCommand::Test(which(&folder))), Ok(true));
    let pack = |template: &Path, output: Option<&Path>, listing: Option<&Path>| {
        exit(&TemplateCommand::Pack {
            template: template.to_owned(),
            output: output.map(Path::to_owned),
            listing: listing.map(Path::to_owned),
        })
    };
    assert_eq!(pack(&folder, Some(&file), None), Ok(true));
    assert_eq!(open(&file).unwrap().sha256(), open(&folder).unwrap().sha256(), "however it is kept");
    assert_eq!(exit(&TemplateCommand::Lint(which(&file))), Ok(true));
    let listing = root.path().join("listing");
    assert_eq!(pack(&folder, None, Some(&listing)), Ok(true));
    let listed = std::fs::read_to_string(&listing).unwrap();
    assert!(listed.lines().any(|line| line.ends_with(" lesson.toml")) && !listed.contains("minisig"), "{listed}");
    let again = exit(&TemplateCommand::New { name: folder.clone() }).unwrap_err();
    assert!(again.contains("there already"), "{again}");
}

#[test]
fn what_is_wrong_fails_and_is_not_packed() {
    let root = tempfile::tempdir().unwrap();
    let (folder, file) = (root.path().join("fall"), root.path().join("fall.lesson"));
    exit(&TemplateCommand::New { name: folder.clone() }).unwrap();
    let plan = folder.join("lesson.toml");
    let text = std::fs::read_to_string(&plan).unwrap();
    std::fs::write(&plan, text.replace("op = \"mean\"", "op = \"meen\"")).unwrap();
    assert_eq!(exit(&TemplateCommand::Lint(which(&folder))), Ok(false));
    assert!(exit(&TemplateCommand::Test(which(&folder))).unwrap_err().contains("template lint"));
    assert_eq!(exit(&TemplateCommand::Pack { template: folder.clone(), output: Some(file.clone()), listing: None }), Ok(false));
    assert!(!file.exists());
    let line = text.lines().position(|line| line.starts_with("op =")).unwrap() + 1;
    let said = located(&folder, &bundle::lint(&open(&folder).unwrap())[0]);
    assert!(said.starts_with(&format!("{}:{line}:", plan.display())) && said.contains("mean"), "{said}");
    std::fs::write(&plan, text).unwrap();
    let fixture = folder.join("fixtures/good.toml");
    std::fs::write(&fixture, std::fs::read_to_string(&fixture).unwrap().replace("value = 9.81", "value = 12.0")).unwrap();
    assert_eq!(exit(&TemplateCommand::Test(which(&folder))), Ok(false), "the fixture contradicts the template");
}

#[test]
fn what_is_no_template_is_said() {
    let root = tempfile::tempdir().unwrap();
    let check = |command: TemplateCommand, expected: &str| {
        let told = exit(&command).unwrap_err();
        assert!(told.contains(expected), "{told}");
    };
    check(TemplateCommand::New { name: root.path().join("Fall!") }, "can be no template's name");
    check(TemplateCommand::New { name: root.path().join("no/such/fall") }, "there is no folder above");
    check(TemplateCommand::New { name: root.path().to_owned() }, "can be no template's name");
    std::fs::create_dir(root.path().join("fall")).unwrap();
    check(TemplateCommand::New { name: root.path().join("fall") }, "is there already");
    check(TemplateCommand::Lint(which(root.path())), "lesson.toml is missing");
    check(TemplateCommand::Lint(which(&root.path().join("none.lesson"))), "cannot read");
    let file = root.path().join("a.lesson");
    std::fs::write(&file, b"no zip").unwrap();
    check(TemplateCommand::Test(which(&file)), "no template");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("/etc/hostname", root.path().join("de.md")).unwrap();
        check(TemplateCommand::Lint(which(root.path())), "is a link");
    }
}
