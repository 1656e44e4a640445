//! How a map is drawn.

use plotters::prelude::DrawingBackend;

use super::places::{broken, night};
use super::{Map, NOW, Satellite};
use crate::error::VizError;
use crate::figure::layout::Rect;
use crate::paint::pen::Point;
use crate::paint::theme::{Theme, faded, pale};
use crate::paint::{Anchor, text_width};
use crate::plain::canvas::Canvas;

/// Degrees to pixels.
struct Frame {
    rect: Rect,
}

impl Frame {
    /// As large as fits, twice as wide as high, in the middle.
    fn within(rect: Rect) -> Self {
        let width = rect.width().min(rect.height() * 2);
        let height = (width / 2).max(1);
        let (left, top) = (rect.left + (rect.width() - width) / 2, rect.top + (rect.height() - height) / 2);
        Self { rect: Rect { left, top, right: left + width, bottom: top + height } }
    }

    fn at(&self, (longitude, latitude): (f64, f64)) -> Point {
        let across = (longitude + 180.0) / 360.0 * f64::from(self.rect.width());
        let down = (90.0 - latitude) / 180.0 * f64::from(self.rect.height());
        (self.rect.left + across.round() as i32, self.rect.top + down.round() as i32)
    }

    fn line(&self, points: &[(f64, f64)]) -> Vec<Point> {
        points.iter().map(|point| self.at(*point)).collect()
    }

    /// A ring of tenths of degrees in steps.
    fn ring(&self, steps: &[f64]) -> Vec<Point> {
        let (mut longitude, mut latitude) = (0.0, 0.0);
        let mut points: Vec<Point> = Vec::with_capacity(steps.len() / 2);
        for pair in steps.chunks_exact(2) {
            longitude += pair.first().copied().unwrap_or(0.0);
            latitude += pair.last().copied().unwrap_or(0.0);
            let point = self.at((longitude / 10.0, latitude / 10.0));
            if points.last() != Some(&point) {
                points.push(point);
            }
        }
        points
    }
}

pub(super) fn draw<DB: DrawingBackend>(map: &Map, canvas: &Canvas<'_, DB>) -> Result<(), VizError> {
    let (pen, look) = (&canvas.pen, &canvas.look);
    let rect = canvas.headline(&map.headline(look.lang))?;
    let rect = canvas.notes(rect, &[map.note.get(look.lang).to_owned()], 2)?;
    let rect = legend(map, canvas, rect)?;
    let frame = Frame::within(rect.inset(look.em(0.2), look.em(0.3), look.em(0.2), look.em(0.3)));
    let Rect { left, top, right, bottom } = frame.rect;
    let (paper, ink) = (look.theme.paper(), look.theme.ink());
    // Water, land, lakes; then the graticule, then the night over all of it.
    // On dark paper the day is lit and the night is paper: a night brighter than the day would be read the wrong way round.
    let (water, land, night_shade) = match look.theme {
        Theme::Light => (0.1, 0.22, faded(pale(ink, look.theme.class(), 0.75), 0.28)),
        Theme::Dark => (0.3, 0.38, faded(paper, 0.62)),
    };
    let (water, land) = (pale(look.theme.class(), paper, water), pale(ink, paper, land));
    pen.block((left, top), (right, bottom), water)?;
    for (rings, colour) in [(&map.land, land), (&map.lakes, water)] {
        for ring in rings.iter().map(|ring| frame.ring(ring)).filter(|ring| ring.len() > 2) {
            pen.polygon(ring, colour)?;
        }
    }
    for step in 1..6 {
        let longitude = f64::from(step) * 60.0 - 180.0;
        pen.path(frame.line(&[(longitude, 90.0), (longitude, -90.0)]), faded(ink, 0.15), 1)?;
        let latitude = f64::from(step) * 30.0 - 90.0;
        pen.path(frame.line(&[(-180.0, latitude), (180.0, latitude)]), faded(ink, 0.15), 1)?;
    }
    if let Some(sun) = map.sun {
        pen.polygon(frame.line(&night(sun)), night_shade)?;
    }
    pen.frame((left, top), (right, bottom), look.theme.muted(), 1)?;
    for part in broken(&closed(&map.footprint)) {
        pen.dashed_path(&frame.line(&part), look.em(0.35).max(3), look.theme.accent(), look.width(0.5))?;
    }
    // The way that was is thin and dashed, the way to come strong: told apart without colours, too.
    for part in broken(&map.past) {
        pen.dashed_path(&frame.line(&part), look.em(0.18).max(2), look.theme.muted(), look.width(0.45))?;
    }
    for part in broken(&map.next) {
        pen.path(frame.line(&part), look.theme.accent(), look.width(0.8))?;
    }
    for (series, points) in [(1, &map.past), (2, &map.next)] {
        points.iter().enumerate().for_each(|(index, point)| canvas.mark(series, index, frame.at(*point)));
    }
    let mut index = 0;
    if let Some(satellite) = &map.satellite {
        arrow(satellite, canvas, &frame)?;
        canvas.mark(NOW, index, frame.at(satellite.at));
        index += 1;
    }
    if let Some(school) = &map.school {
        let at = frame.at(school.at);
        let half = look.em(0.32).max(3);
        pen.block((at.0 - half - 1, at.1 - half - 1), (at.0 + half + 1, at.1 + half + 1), paper)?;
        pen.block((at.0 - half, at.1 - half), (at.0 + half, at.1 + half), look.theme.reference())?;
        let name = Map::school_name(school, look.lang);
        // Two names on one line and close together would lie on each other: the school's gives way downwards.
        let near = map.satellite.as_ref().map(|satellite| frame.at(satellite.at)).is_some_and(|other| {
            let wide = text_width(name, look.text).max(text_width("ISS (ZARYA)", look.text)) as i32 + look.em(2.8);
            (other.1 - at.1).abs() < look.em(1.4) && (other.0 - at.0).abs() < wide
        });
        label(canvas, frame.rect, (at.0, at.1 + if near { look.em(1.5) } else { 0 }), name)?;
        canvas.mark(NOW, index, at);
        index += 1;
    }
    if let Some(sun) = map.sun {
        let at = frame.at(sun);
        pen.disc(at, look.em(0.42).max(4), ink)?;
        pen.disc(at, (look.em(0.42) - look.width(0.3) as i32).max(3), look.theme.series(4))?;
        canvas.mark(NOW, index, at);
    }
    Ok(())
}

/// The first point again at the end.
fn closed(ring: &[(f64, f64)]) -> Vec<(f64, f64)> {
    ring.iter().chain(ring.first()).copied().collect()
}

/// The satellite as an arrow head on a disc, pointing where it goes. On this map a degree is as wide as it is high, so east is narrowed
/// nowhere: the angle is bent by the latitude.
fn arrow<DB: DrawingBackend>(satellite: &Satellite, canvas: &Canvas<'_, DB>, frame: &Frame) -> Result<(), VizError> {
    let (pen, look) = (&canvas.pen, &canvas.look);
    let at = frame.at(satellite.at);
    let (sin, cos) = satellite.heading.to_radians().sin_cos();
    let wide = satellite.at.1.to_radians().cos().max(0.05);
    let (east, north) = (sin / wide, cos);
    let length = east.hypot(north).max(1e-9);
    let (dx, dy) = (east / length, -north / length);
    let reach = f64::from(look.em(1.0).max(9));
    let point = |along: f64, aside: f64| {
        let (along, aside) = (along * reach, aside * reach);
        ((f64::from(at.0) + dx * along - dy * aside).round() as i32, (f64::from(at.1) + dy * along + dx * aside).round() as i32)
    };
    let shape = |grow: f64| {
        vec![point(1.1 * grow, 0.0), point(-0.75 * grow, 0.7 * grow), point(-0.35 * grow, 0.0), point(-0.75 * grow, -0.7 * grow)]
    };
    pen.polygon(shape(1.35), look.theme.paper())?;
    pen.polygon(shape(1.0), look.theme.accent())?;
    label(canvas, frame.rect, at, &satellite.name)
}

/// A name beside a point, on the side where there is room.
fn label<DB: DrawingBackend>(canvas: &Canvas<'_, DB>, rect: Rect, at: Point, name: &str) -> Result<(), VizError> {
    let look = &canvas.look;
    let away = look.em(1.4);
    let room = at.0 + away + text_width(name, look.text) as i32 <= rect.right;
    let (x, anchor) = if room { (at.0 + away, Anchor::LEFT) } else { (at.0 - away, Anchor::RIGHT) };
    canvas.on_paper(name, (x, at.1), anchor, look.theme.ink())
}

/// What the lines mean, below the map; returns what is left above.
fn legend<DB: DrawingBackend>(map: &Map, canvas: &Canvas<'_, DB>, rect: Rect) -> Result<Rect, VizError> {
    let (pen, look) = (&canvas.pen, &canvas.look);
    let words = |de: &'static str, en: &'static str| look.lang.pick(de, en);
    let entries = [
        (!map.next.is_empty(), words("nächster Umlauf", "next orbit")),
        (!map.past.is_empty(), words("letzter", "last one")),
        (!map.footprint.is_empty(), words("dort zu sehen", "seen from there")),
    ];
    if entries.iter().all(|(there, _)| !there) || rect.height() < look.em(9.0) {
        return Ok(rect);
    }
    let level = rect.bottom - look.em(0.7);
    let mut x = rect.left + look.em(0.4);
    for (kind, (there, text)) in entries.into_iter().enumerate() {
        let wide = text_width(text, look.text) as i32 + look.em(2.6);
        if !there || x + wide > rect.right {
            continue;
        }
        let (from, to) = ((x, level), (x + look.em(1.6), level));
        match kind {
            0 => pen.line(from, to, look.theme.accent(), look.width(0.8))?,
            1 => pen.dashed(from, to, look.em(0.18).max(2), look.theme.muted(), look.width(0.45))?,
            _ => pen.dashed(from, to, look.em(0.35).max(3), look.theme.accent(), look.width(0.5))?,
        }
        pen.text(text, (x + look.em(1.9), level), Anchor::LEFT, look.text, look.theme.ink())?;
        x += wide;
    }
    Ok(Rect { bottom: (rect.bottom - look.em(1.4)).max(rect.top + 1), ..rect })
}
