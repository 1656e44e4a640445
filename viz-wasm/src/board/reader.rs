//! The keyboard: arrows move the readout, + and − zoom, Enter highlights, Escape puts everything back.

use super::{Board, SPAN};
use crate::figure::strip::Content;
use crate::figure::{Cursor, Figure};
use crate::words;
use crate::words::number;

impl Board {
    /// Takes a key by its name in the browser (`ArrowLeft`, `Home`, `+`, …) and returns what is to be read out; nothing
    /// if the key means nothing here, so that the page may pass it on.
    pub fn key(&mut self, figure: Figure, key: &str) -> Option<String> {
        match key {
            "Escape" => {
                self.cursors.remove(&figure);
                self.span = SPAN;
                return Some(self.summary(figure));
            }
            "+" | "=" if figure != Figure::Strip => self.set_span(self.span / 2.0),
            "-" | "−" if figure != Figure::Strip => self.set_span(self.span * 2.0),
            "+" | "=" | "-" | "−" => return None,
            "Enter" | " " => {
                let thing = self.cursors.get(&figure)?.thing;
                self.highlight = if self.highlight == Some(thing) { None } else { Some(thing) };
            }
            _ => {
                let moved = if figure == Figure::Strip { self.strip_key(key)? } else { self.time_key(figure, key)? };
                if figure == Figure::Sweep {
                    self.highlight = Some(moved.thing);
                }
                self.cursors.insert(figure, moved);
            }
        }
        Some(self.readout(figure))
    }

    /// In the strip left and right go by value, up and down by number.
    fn strip_key(&self, key: &str) -> Option<Cursor> {
        let content = Content::of(&self.model)?;
        let by_value = matches!(key, "ArrowLeft" | "ArrowRight" | "Home" | "End");
        let answers = crate::order::ranks(content.answers.iter().map(|answer| if by_value { answer.value } else { 0.0 }));
        let cursor_of = |place: usize| {
            let answer = content.answers[place];
            let before = content.answers[..place].iter().filter(|other| other.thing == answer.thing).count();
            Cursor { thing: answer.thing, index: before as i32 }
        };
        let places: Vec<Cursor> = answers.into_iter().map(cursor_of).collect();
        let now = self.cursors.get(&Figure::Strip).and_then(|cursor| places.iter().position(|place| place == cursor));
        stepped(&places, now, key)
    }

    fn time_key(&self, figure: Figure, key: &str) -> Option<Cursor> {
        let view = self.view(figure);
        let subject = view.cursor.map(|cursor| cursor.thing).filter(|_| figure != Figure::Sweep).or_else(|| view.subject(&self.model))?;
        let (from, to) = view.of(&self.model, subject).windows(&self.model);
        if matches!(key, "ArrowUp" | "ArrowDown") {
            let things: Vec<_> = self.model.things().iter().map(|thing| thing.id).collect();
            let now = things.iter().position(|&thing| thing == subject)?;
            let next = if key == "ArrowUp" { now.checked_sub(1)? } else { now + 1 };
            let thing = *things.get(next)?;
            let index = view.cursor.map_or(to.saturating_sub(1), |cursor| cursor.index);
            // The same moment on the other's clock.
            let shift = (self.model.behind(subject) - self.model.behind(thing)) / self.model.grid()?.seconds();
            return Some(Cursor { thing, index: index.saturating_add(shift.round() as i32) });
        }
        let windows: Vec<Cursor> =
            self.model.ring(subject)?.range(from, to).map(|window| Cursor { thing: subject, index: window.index }).collect();
        // What is read out may have left the picture, or lie in a gap: go on from where it would be.
        let now = view.cursor.and_then(|cursor| {
            let place = windows.partition_point(|window| window.index < cursor.index);
            (!windows.is_empty()).then(|| place.min(windows.len() - 1))
        });
        stepped(&windows, now, key)
    }

    /// The text of the point that is read out; empty if none is.
    pub fn readout(&self, figure: Figure) -> String {
        let Some(cursor) = self.cursors.get(&figure) else { return String::new() };
        if figure == Figure::Strip { self.strip_readout(*cursor) } else { self.time_readout(*cursor) }.unwrap_or_default()
    }

    fn strip_readout(&self, cursor: Cursor) -> Option<String> {
        let content = Content::of(&self.model)?;
        let mut own = content.answers.iter().filter(|answer| answer.thing == cursor.thing);
        let answer = own.nth(usize::try_from(cursor.index).ok()?)?;
        let value = number::with_uncertainty(answer.value, answer.uncertainty, self.lang);
        let mut text = format!("{} {}: {} = {value} {}", answer.number, answer.nickname, content.name, content.unit);
        let note = answer.note(self.lang);
        if !note.is_empty() {
            text += &format!(" ({note})");
        }
        Some(text)
    }

    fn time_readout(&self, cursor: Cursor) -> Option<String> {
        let (thing, lesson, grid) = (self.model.thing(cursor.thing)?, self.model.lesson()?, self.model.grid()?);
        let label = thing.label();
        let behind = self.model.behind(thing.id);
        let time = number::fixed(grid.middle(cursor.index) + behind - self.end, number::decimals_of_step(grid.seconds()).min(3), self.lang);
        let unit = words::unit(&lesson.unit);
        let Some(window) = self.model.ring(cursor.thing)?.range(cursor.index, cursor.index.saturating_add(1)).next() else {
            return Some(format!("{label}, {time} s: {}", self.lang.pick("keine Daten", "no data")));
        };
        let value = |value: f32| number::plain(value.into(), self.lang);
        let mut text = format!("{label}, {time} s: {} {unit}", value(window.mean));
        if window.min < window.max {
            text += &format!(" ({} {} {})", value(window.min), self.lang.pick("bis", "to"), value(window.max));
        }
        if let Some(wrong) = words::clock(behind, self.lang) {
            text += &format!("; {wrong}");
        }
        Some(text)
    }
}

/// One step through a list; without a place yet, its end (the newest, or the highest) for whatever key.
fn stepped(places: &[Cursor], now: Option<usize>, key: &str) -> Option<Cursor> {
    let last = places.len().checked_sub(1)?;
    let next = match (key, now) {
        ("Home", _) => 0,
        ("End", _) => last,
        ("ArrowLeft" | "ArrowUp", Some(now)) => now.saturating_sub(1),
        ("ArrowRight" | "ArrowDown", Some(now)) => (now + 1).min(last),
        ("ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown", None) => last,
        _ => return None,
    };
    Some(places[next])
}
