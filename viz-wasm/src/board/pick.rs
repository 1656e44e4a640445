//! Which point lies under a finger or mouse.

use super::Board;
use crate::figure::axis::Axis;
use crate::figure::layout::Rect;
use crate::figure::{Cursor, Figure, strip, sweep, tiles};
use crate::paint::Look;

impl Board {
    /// Reads out the point nearest to (x, y) of a figure drawn with this size, type and line; the answer is the readout,
    /// empty where there is nothing near.
    pub fn point(&mut self, figure: Figure, at: (i32, i32), size: (u32, u32), text: f64, line: f64) -> String {
        let look = Look { theme: self.theme, lang: self.lang, text, line };
        let sheet = Rect::sheet((size.0 as i32, size.1 as i32));
        let found = match figure {
            Figure::Strip => self.strip_point(at, sheet, &look),
            Figure::Tiles => self.tile_point(at, sheet, &look),
            Figure::Sweep | Figure::Overlay => self.curve_point(figure, at, sheet, &look),
        };
        match found {
            Some(cursor) => self.cursors.insert(figure, cursor),
            None => self.cursors.remove(&figure),
        };
        self.readout(figure)
    }

    fn strip_point(&self, at: (i32, i32), sheet: Rect, look: &Look) -> Option<Cursor> {
        let content = strip::Content::of(&self.model)?;
        let placed = strip::place::place(&content, strip::plot(&content, sheet, look), look);
        let distance = |dot: &(i32, i32)| i64::from(dot.0 - at.0).pow(2) + i64::from(dot.1 - at.1).pow(2);
        let (place, dot) = placed.dots.iter().enumerate().min_by_key(|(_, dot)| distance(dot))?;
        let near = i64::from(look.em(3.0)).pow(2);
        let answer = content.answers.get(place).filter(|_| distance(dot) <= near)?;
        let before = content.answers[..place].iter().filter(|other| other.thing == answer.thing).count();
        Some(Cursor { thing: answer.thing, index: before as i32 })
    }

    fn tile_point(&self, at: (i32, i32), sheet: Rect, look: &Look) -> Option<Cursor> {
        let view = self.view(Figure::Tiles);
        let shown = tiles::shown(sheet, &self.model, &view, look);
        let (thing, tile) = self.model.things().get(shown.things)?.iter().zip(shown.tiles).find(|(_, tile)| tile.holds(at))?;
        let x = sweep::time_axis(tiles::plot(tile, look), &view);
        self.nearest(Figure::Tiles, thing.id, x.value(at.0))
    }

    fn curve_point(&self, figure: Figure, at: (i32, i32), sheet: Rect, look: &Look) -> Option<Cursor> {
        let view = self.view(figure);
        let plot = sweep::plot(&self.model, &view, figure, sheet, look);
        let (x, y) = (sweep::time_axis(plot, &view), Axis::new(view.range, plot.bottom, plot.top));
        let time = x.value(at.0);
        let subject = view.subject(&self.model);
        let things = self.model.things().iter().filter(|thing| figure == Figure::Overlay || Some(thing.id) == subject);
        things
            .filter_map(|thing| {
                let cursor = self.nearest(figure, thing.id, time)?;
                let window = self.model.ring(thing.id)?.range(cursor.index, cursor.index.saturating_add(1)).next()?;
                Some((cursor, (y.pixel(window.mean.into()) - at.1).abs()))
            })
            .min_by_key(|(_, distance)| *distance)
            .map(|(cursor, _)| cursor)
    }

    /// The visible window of a Thing nearest to a time of the hub in seconds.
    fn nearest(&self, figure: Figure, thing: messwerk_lessons::id::ThingId, time: f64) -> Option<Cursor> {
        let grid = self.model.grid()?;
        let time = time - self.model.behind(thing);
        let (from, to) = self.view(figure).of(&self.model, thing).windows(&self.model);
        let distance = |index: i32| (grid.middle(index) - time).abs();
        let windows = self.model.ring(thing)?.range(from, to);
        let window = windows.min_by(|one, other| distance(one.index).total_cmp(&distance(other.index)))?;
        Some(Cursor { thing, index: window.index })
    }
}
