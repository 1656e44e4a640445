//! Every figure as SVG on fixed data, compared as text: what changes a picture shows up in the diff, and a reviewer can
//! open it. After a change that is meant: `UPDATE_GOLDENS=1 cargo nextest run -p messwerk-viz-wasm`, then look at them.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use std::path::Path;

use messwerk_lessons::frame::{Component, Frame, Series, Window};
use messwerk_lessons::id::ThingId;
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_viz_wasm::board::Board;
use messwerk_viz_wasm::figure::Figure;
use messwerk_viz_wasm::paint::Theme;
use messwerk_viz_wasm::svg::{self, Sheet};
use messwerk_viz_wasm::words::Lang;

const NAMES: [&str; 8] = ["Otter", "Fuchs", "Luchs", "Dachs", "Igel", "Reh", "Hase", "Biber"];

fn things(count: u32) -> String {
    let thing =
        |number: u32| format!(r#"{{"id":"{}","number":{number},"nickname":"{}"}}"#, ThingId(number.into()), NAMES[number as usize - 1]);
    (1..=count).map(thing).collect::<Vec<_>>().join(",")
}

fn lesson(count: u32) -> String {
    let things = things(count);
    format!(
        r#"{{"id":"a","title":{{"de":"Pendel","en":"Pendulum"}},"property":"angular_velocity","component":"y","unit":"rad/s","things":[{things}]}}"#
    )
}

/// Triangle waves (the same on every machine, which sines are not): number 2 has a gap, number 3 is silent.
fn frame(count: u32) -> Vec<u8> {
    let wave = |number: u32, index: i32| {
        let phase = (index + 3 * number as i32).rem_euclid(14) as f32;
        (if phase < 7.0 { phase - 3.5 } else { 10.5 - phase }) * 0.2
    };
    let present = |number: u32, index: i32| number != 3 && !(number == 2 && (20..30).contains(&index));
    let series = |number: u32| {
        let window = |index: i32| {
            let mean = wave(number, index);
            Window { index, count: 20, mean, min: mean - 0.05, max: mean + 0.05 }
        };
        let windows = (0..50).filter(|&index| present(number, index)).map(window).collect();
        Series { thing: ThingId(number.into()), property: ObservedProperty::AngularVelocity, component: Component::Y, windows }
    };
    Frame { origin: 0, window: 200_000, series: (1..=count).map(series).collect() }.encode()
}

/// Six answers that count, one excluded, one far away; the class's are what they are.
fn outcomes() -> String {
    let values = [9.79, 9.81, 9.80, 9.74, 9.86, 9.79, 9.42, 2.43];
    let answer = |(place, value): (usize, &f64)| {
        let excluded = if place == 6 { r#","excluded":"slipped""# } else { "" };
        format!(
            r#"{{"thing":"{}","number":{number},"nickname":"{}","run":1,"name":"g","value":{value},"uncertainty":0.03,"unit":"m/s2"{excluded}}}"#,
            ThingId(place as u64 + 1),
            NAMES[place],
            number = place + 1,
        )
    };
    let answers = values.iter().enumerate().map(answer).collect::<Vec<_>>().join(",");
    format!(
        r#"{{"outcomes":[{answers}],"class":{{"g":{{"n":6,"mean":9.798,"sd":0.039,"se":0.016,"ci95":[9.757,9.839],"unit":"m/s2",
        "reference":{{"value":9.81,"tolerance":0.01,"label":{{"de":"Literaturwert","en":"literature"}}}}}}}},"pending":[]}}"#
    )
}

fn check(name: &str, figure: Figure, count: u32, sheet: Sheet, prepare: impl FnOnce(&mut Board)) {
    let mut board = Board::default();
    board.set_language(sheet.lang);
    board.set_theme(sheet.theme);
    board.lesson(&lesson(count), None).unwrap();
    board.frame(&frame(count)).unwrap();
    board.outcomes(&outcomes()).unwrap();
    prepare(&mut board);
    let drawn = svg::draw(figure, &board, sheet).unwrap();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens").join(name).with_extension("svg");
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        std::fs::write(&path, &drawn).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(drawn == golden, "{name} has changed; draw it anew with UPDATE_GOLDENS=1 and look at {}", path.display());
}

const SMALL: Sheet = Sheet { width: 480, height: 300, lang: Lang::De, theme: Theme::Light };

#[test]
fn sweep_with_a_gap_and_a_readout() {
    check("sweep", Figure::Sweep, 2, SMALL, |board| {
        board.set_highlight(Some(ThingId(2)));
        assert!(board.key(Figure::Sweep, "Home").is_some());
    });
}

#[test]
fn tiles_in_the_dark() {
    check("tiles", Figure::Tiles, 6, Sheet { lang: Lang::En, theme: Theme::Dark, ..SMALL }, |_| {});
}

#[test]
fn overlay_of_few_in_their_colours() {
    check("overlay", Figure::Overlay, 4, SMALL, |_| {});
}

#[test]
fn overlay_of_many_with_one_strong() {
    check("overlay_many", Figure::Overlay, 8, Sheet { lang: Lang::En, ..SMALL }, |board| board.set_highlight(Some(ThingId(5))));
}

#[test]
fn strip_with_an_excluded_and_a_far_value() {
    check("strip", Figure::Strip, 8, SMALL, |_| {});
}

#[test]
fn figures_without_data_say_so() {
    for figure in Figure::ALL {
        let drawn = svg::render(figure, &lesson(0), &[], "{}", SMALL).unwrap();
        assert!(drawn.starts_with("<svg") && drawn.contains("<desc>"), "{figure:?}");
    }
}

#[test]
fn bad_input_is_an_error_not_a_picture() {
    assert!(svg::render(Figure::Tiles, "{}", &[], "{}", SMALL).is_err());
    assert!(svg::render(Figure::Tiles, &lesson(1), b"MWF9", "{}", SMALL).is_err());
    assert!(svg::render(Figure::Strip, &lesson(1), &[], "[1]", SMALL).is_err());
}

#[test]
fn any_size_can_be_drawn() {
    for (width, height) in [(0, 0), (1, 5000), (5000, 1), (100_000, 100_000)] {
        for figure in Figure::ALL {
            let sheet = Sheet { width, height, ..SMALL };
            assert!(svg::render(figure, &lesson(8), &frame(8), &outcomes(), sheet).is_ok(), "{figure:?} {width}x{height}");
        }
    }
}
