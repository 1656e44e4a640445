//! What a new template begins with: a small lesson that is right, to be changed piece by piece.

use std::collections::BTreeMap;

use super::files::{Content, Files};

const FILES: [(&str, &str); 4] = [
    ("lesson.toml", include_str!("starter/lesson.toml")),
    ("de.md", include_str!("starter/de.md")),
    ("en.md", include_str!("starter/en.md")),
    ("fixtures/good.toml", include_str!("starter/good.toml")),
];

/// What stands for the id in the plan.
const ID: &str = "my-lesson";

/// The files of a new template of an id; `None` if that can be no id.
pub fn files(id: &str) -> Option<Files> {
    let good = id.starts_with(|first: char| first.is_ascii_lowercase())
        && id.len() <= 32
        && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_');
    let content = |(path, text): (&str, &str)| (path.to_owned(), Content::Text(text.replace(ID, id)));
    good.then(|| Files { files: BTreeMap::from(FILES.map(content)) })
}

#[cfg(test)]
mod tests {
    use messwerk_lessons::bundle::{Bundle, lint, run_fixture};

    use super::*;

    #[test]
    fn it_is_right_as_it_is() {
        let bundle = Bundle::from_files(files("fall-2").unwrap().bytes().unwrap()).unwrap();
        let findings: Vec<String> = lint(&bundle).iter().map(ToString::to_string).collect();
        assert_eq!(findings, Vec::<String>::new());
        assert_eq!(bundle.template().unwrap().id, "fall-2");
        let report = run_fixture(&bundle, "good");
        assert!(report.passed && report.checks.iter().any(|check| check.of == "a"), "{report:?}");
    }

    #[test]
    fn an_id_is_checked() {
        for bad in ["", "Fall", "2fall", "fall/x", "..", "fäll", &"a".repeat(33), "a b"] {
            assert_eq!(files(bad), None, "{bad}");
        }
    }
}
