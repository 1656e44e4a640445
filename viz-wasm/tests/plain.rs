//! Every plain figure from its JSON in `tests/plain/`: the picture compared with a golden, its words and its table. After a
//! change that is meant: `UPDATE_GOLDENS=1 cargo nextest run -p messwerk-viz-wasm`, then look at them:
//! `GALLERY=FOLDER` writes all of them in both languages and themes at the sizes of a projector and of a phone, and
//! `node tests/browser/plain-gallery.mjs FOLDER` makes pictures of those.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use std::path::{Path, PathBuf};

use messwerk_viz_wasm::MAX_ROWS;
use messwerk_viz_wasm::paint::Theme;
use messwerk_viz_wasm::plain::PlainFigure;
use messwerk_viz_wasm::svg::{self, Sheet};
use messwerk_viz_wasm::words::Lang;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

/// Every figure in `tests/plain/` with its name.
fn figures() -> Vec<(String, PlainFigure)> {
    let mut found: Vec<_> = std::fs::read_dir(folder("plain"))
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let figure = PlainFigure::parse(&std::fs::read_to_string(&path).unwrap());
            (name.clone(), figure.unwrap_or_else(|error| panic!("{name}: {error}")))
        })
        .collect();
    found.sort_by(|one, other| one.0.cmp(&other.0));
    found
}

const SMALL: Sheet = Sheet { width: 480, height: 300, lang: Lang::De, theme: Theme::Light };

#[test]
fn every_figure_looks_as_it_did() {
    let update = std::env::var_os("UPDATE_GOLDENS").is_some();
    let mut changed = Vec::new();
    for (name, figure) in figures() {
        let drawn = svg::plain(&figure, SMALL).unwrap();
        let path = folder("goldens").join(format!("plain_{name}.svg"));
        if update {
            std::fs::write(&path, &drawn).unwrap();
        }
        if std::fs::read_to_string(&path).unwrap_or_default() != drawn {
            changed.push(name);
        }
    }
    assert!(changed.is_empty(), "{changed:?} have changed; draw them anew with UPDATE_GOLDENS=1 and look at them");
}

#[test]
fn any_size_can_be_drawn() {
    for (name, figure) in figures() {
        for (width, height) in [(0, 0), (1, 5000), (5000, 1), (390, 500)] {
            let drawn = svg::plain(&figure, Sheet { width, height, ..SMALL }).unwrap();
            assert!(drawn.starts_with("<svg") && drawn.contains("<desc>"), "{name} {width}x{height}");
        }
    }
}

#[test]
fn words_and_tables_exist_in_both_languages() {
    for (name, figure) in figures() {
        for lang in [Lang::De, Lang::En] {
            let (title, summary, table) = (figure.title(lang), figure.summary(lang), figure.table(lang));
            assert!(title.len() > 2 && summary.len() > 20 && summary.ends_with('.'), "{name}: {title}: {summary}");
            assert!(!summary.contains("NaN") && !summary.contains("..") && !summary.contains("  "), "{name}: {summary}");
            assert!((1..=MAX_ROWS).contains(&table.rows.len()), "{name}: {} rows", table.rows.len());
            assert!(table.rows.iter().all(|row| row.len() == table.columns.len()), "{name}");
            assert!(table.columns.iter().all(|column| !column.is_empty()), "{name}: {:?}", table.columns);
        }
        assert_ne!(figure.summary(Lang::De), figure.summary(Lang::En), "{name}");
        let csv = figure.csv();
        assert_eq!(csv.lines().count() - 1, figure.table(Lang::En).rows.len().max(csv.lines().count() - 1), "{name}");
    }
}

#[test]
fn json_goes_in_and_out() {
    for (name, figure) in figures() {
        let json = serde_json::to_string(&figure).unwrap();
        assert_eq!(PlainFigure::parse(&json).unwrap(), figure, "{name}");
    }
}

#[test]
fn a_gallery_is_drawn_where_it_is_asked_for() {
    let Some(out) = std::env::var_os("GALLERY").map(PathBuf::from) else { return };
    std::fs::create_dir_all(&out).unwrap();
    for (name, figure) in figures() {
        for (width, height) in [(1280, 720), (390, 500)] {
            for (tag, lang) in [("de", Lang::De), ("en", Lang::En)] {
                for (look, theme) in [("light", Theme::Light), ("dark", Theme::Dark)] {
                    let drawn = svg::plain(&figure, Sheet { width, height, lang, theme }).unwrap();
                    std::fs::write(out.join(format!("{name}-{width}-{tag}-{look}.svg")), drawn).unwrap();
                }
            }
        }
    }
}
