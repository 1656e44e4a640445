//! The templates that come with the hub.

use std::sync::LazyLock;

use super::Template;

/// One line per folder of `lessons/library/`; a test compares.
const FILES: [(&str, &str); 18] = [
    ("centripetal", include_str!("../../library/centripetal/lesson.toml")),
    ("cooling", include_str!("../../library/cooling/lesson.toml")),
    ("day-length", include_str!("../../library/day-length/lesson.toml")),
    ("elevator", include_str!("../../library/elevator/lesson.toml")),
    ("free-fall", include_str!("../../library/free-fall/lesson.toml")),
    ("iss", include_str!("../../library/iss/lesson.toml")),
    ("light", include_str!("../../library/light/lesson.toml")),
    ("noise", include_str!("../../library/noise/lesson.toml")),
    ("pendulum", include_str!("../../library/pendulum/lesson.toml")),
    ("reaction", include_str!("../../library/reaction/lesson.toml")),
    ("rest", include_str!("../../library/rest/lesson.toml")),
    ("sound-speed", include_str!("../../library/sound-speed/lesson.toml")),
    ("spring", include_str!("../../library/spring/lesson.toml")),
    ("spring-masses", include_str!("../../library/spring-masses/lesson.toml")),
    ("standstill", include_str!("../../library/standstill/lesson.toml")),
    ("steps", include_str!("../../library/steps/lesson.toml")),
    ("tube", include_str!("../../library/tube/lesson.toml")),
    ("weather", include_str!("../../library/weather/lesson.toml")),
];

/// A template that does not parse is left out here and found by the test.
static TEMPLATES: LazyLock<Vec<Template>> = LazyLock::new(|| FILES.iter().filter_map(|(_, text)| Template::parse(text).ok()).collect());

/// The built-in templates, by name.
pub fn builtins() -> &'static [Template] {
    &TEMPLATES
}

/// The built-in template of a name: `pendulum`.
pub fn builtin(name: &str) -> Option<&'static Template> {
    builtins().iter().find(|template| template.id == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_folder_of_the_library_is_a_builtin() {
        let folders = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/library")).unwrap();
        let mut folders: Vec<String> = folders.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        folders.sort();
        assert_eq!(folders, FILES.map(|(name, _)| name));
        for (name, text) in FILES {
            assert_eq!(Template::parse(text).unwrap().id, name);
            assert!(builtin(name).is_some());
        }
        assert_eq!(builtin("walk"), None);
    }
}
