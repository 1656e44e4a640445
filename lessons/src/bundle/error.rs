//! Why a folder or file is no template at all.

use crate::template::Text;

/// A bundle that is refused as a whole. What is wrong within one is told by [`lint`](super::lint).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BundleError {
    /// No zip file, or a damaged one.
    #[error("this is no template: a zip file with lesson.toml in it is needed. Save it again and send it whole")]
    NoZip,
    /// Nothing to read the lesson from.
    #[error("lesson.toml is missing: pack the files of the template's folder")]
    NoPlan,
    /// A path out of the folder, or one that no file of a template has.
    #[error("the path {0:?} leads out of the template: name files plainly, as in assets/picture.png")]
    Path(String),
    /// A link instead of a file.
    #[error("{0:?} is a link: put the file itself there")]
    Link(String),
    /// A file with a password.
    #[error("{0:?} is encrypted: pack the template without a password")]
    Encrypted(String),
    /// One name for two files.
    #[error("the file {0:?} stands twice in it, perhaps with other capital letters: keep one")]
    Twice(String),
    /// More than [`MOST_FILES`](super::MOST_FILES).
    #[error("more than 200 files: a template has a plan, its texts, some pictures and fixtures")]
    ManyFiles,
    /// More than [`MOST_FILE_BYTES`](super::MOST_FILE_BYTES).
    #[error("{0:?} is larger than 2 MB: make the picture smaller, or the recording shorter")]
    LargeFile(String),
    /// More than [`MOST_BYTES`](super::MOST_BYTES).
    #[error("larger than 16 MB unpacked: leave out pictures, or make them smaller")]
    Large,
    /// Packed more tightly than any lesson is.
    #[error("{0:?} unpacks to far more than it holds: a template is not packed like that. Pack it anew")]
    Bomb(String),
    /// No picture that can be shown.
    #[error("{path:?} {why}")]
    Picture {
        /// Which file.
        path: String,
        /// Why not.
        why: &'static str,
    },
}

impl BundleError {
    /// The name in the API: `template_path`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::NoZip => "template_no_zip",
            Self::NoPlan => "template_no_plan",
            Self::Path(_) => "template_path",
            Self::Link(_) => "template_link",
            Self::Encrypted(_) => "template_encrypted",
            Self::Twice(_) => "template_twice",
            Self::ManyFiles => "template_many_files",
            Self::LargeFile(_) => "template_large_file",
            Self::Large => "template_large",
            Self::Bomb(_) => "template_bomb",
            Self::Picture { .. } => "template_picture",
        }
    }

    /// The sentence in both languages.
    pub fn text(&self) -> Text {
        let de = match self {
            Self::NoZip => "Das ist keine Vorlage: Gebraucht wird eine Zip-Datei, in der lesson.toml liegt. Bitte noch einmal speichern und ganz übertragen.".to_owned(),
            Self::NoPlan => "lesson.toml fehlt: Bitte die Dateien aus dem Ordner der Vorlage packen.".to_owned(),
            Self::Path(path) => format!("Der Pfad „{path}“ führt aus der Vorlage hinaus: Dateien heißen einfach, etwa assets/bild.png."),
            Self::Link(path) => format!("„{path}“ ist eine Verknüpfung: Bitte die Datei selbst hineinlegen."),
            Self::Encrypted(path) => format!("„{path}“ ist verschlüsselt: Bitte ohne Kennwort packen."),
            Self::Twice(path) => format!("Die Datei „{path}“ liegt zweimal darin, vielleicht in anderer Groß- und Kleinschreibung: Bitte eine behalten."),
            Self::ManyFiles => "Mehr als 200 Dateien: Eine Vorlage hat einen Plan, Texte, einige Bilder und Prüfdaten.".to_owned(),
            Self::LargeFile(path) => format!("„{path}“ ist größer als 2 MB: Bitte das Bild verkleinern oder die Aufzeichnung kürzen."),
            Self::Large => "Ausgepackt größer als 16 MB: Bitte Bilder weglassen oder verkleinern.".to_owned(),
            Self::Bomb(path) => format!("„{path}“ wird beim Auspacken viel zu groß: So ist keine Vorlage gepackt. Bitte neu packen."),
            Self::Picture { path, .. } => format!("„{path}“ kann nicht gezeigt werden: PNG, JPEG oder WebP, höchstens 4096 × 4096 Punkte."),
        };
        let mut en = self.to_string();
        if let Some(first) = en.get(..1) {
            let first = first.to_uppercase();
            en.replace_range(..1, &first);
        }
        Text { de, en: format!("{en}.") }
    }
}
