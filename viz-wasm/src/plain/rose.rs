//! A wind rose: sectors as long as the wind blew from there often, cut by its speed.

use plotters::prelude::DrawingBackend;
use serde::Serialize;

use super::canvas::Canvas;
use super::cells::{Cell, Cells};
use super::{Place, Plain};
use crate::error::VizError;
use crate::paint::pen::Point;
use crate::paint::theme::pale;
use crate::paint::{Anchor, Colour, Look, text_width};
use crate::words::{self, Lang, number};

/// Where wind comes from, clockwise from north (WMO-No. 8, 5.1).
const SECTORS: [(&str, &str); 16] = [
    ("N", "N"),
    ("NNO", "NNE"),
    ("NO", "NE"),
    ("ONO", "ENE"),
    ("O", "E"),
    ("OSO", "ESE"),
    ("SO", "SE"),
    ("SSO", "SSE"),
    ("S", "S"),
    ("SSW", "SSW"),
    ("SW", "SW"),
    ("WSW", "WSW"),
    ("W", "W"),
    ("WNW", "WNW"),
    ("NW", "NW"),
    ("NNW", "NNW"),
];
/// Classes of speed at most.
const CLASSES: usize = 8;

/// How often the wind came from where.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Rose {
    /// Readings in each of 16 sectors from north clockwise, each by class of speed.
    pub sectors: Vec<Vec<u32>>,
    /// Where the classes begin, rising; below the first it is calm, the last has no end.
    pub classes: Vec<f64>,
    /// Their unit.
    pub unit: String,
    /// Readings of no wind.
    pub calm: u32,
    /// Readings of wind without a direction; they are shown nowhere and told.
    pub undirected: u32,
}

impl Rose {
    fn total(&self) -> f64 {
        self.sectors.iter().flatten().map(|count| f64::from(*count)).sum::<f64>() + f64::from(self.calm)
    }

    fn of(&self, sector: usize) -> f64 {
        self.sectors.get(sector).map_or(0.0, |classes| classes.iter().map(|count| f64::from(*count)).sum())
    }

    /// `1.6 – 3.4 m/s`, the last `from 10.8 m/s`.
    fn class(&self, class: usize, lang: Lang) -> String {
        let unit = words::unit(&self.unit);
        let from = number::shortest(self.classes.get(class).copied().unwrap_or_default(), lang);
        match self.classes.get(class + 1) {
            Some(to) => words::with_unit(&format!("{from}–{}", number::shortest(*to, lang)), &unit),
            None => format!("{} {}", lang.pick("ab", "from"), words::with_unit(&from, &unit)),
        }
    }

    fn share(&self, count: f64, lang: Lang) -> String {
        let total = self.total();
        format!("{} %", number::fixed(if total > 0.0 { 100.0 * count / total } else { 0.0 }, 1, lang))
    }

    fn colour(&self, class: usize, look: &Look) -> Colour {
        let steps = self.classes.len().max(2) - 1;
        // From pale to strong: more wind, more colour.
        pale(look.theme.class(), look.theme.paper(), 0.2 + 0.8 * class as f64 / steps as f64)
    }
}

/// A point on a circle; the angle in parts of 32 of a turn clockwise from the top.
fn on((x, y): Point, radius: f64, part: f64) -> Point {
    let (sin, cos) = (part * std::f64::consts::TAU / 32.0).sin_cos();
    (x + (radius * sin).round() as i32, y - (radius * cos).round() as i32)
}

/// A ring as a path.
fn circle(at: Point, radius: f64) -> Vec<Point> {
    (0..=64).map(|step| on(at, radius, f64::from(step) / 2.0)).collect()
}

impl Plain for Rose {
    fn title(&self, lang: Lang) -> String {
        lang.pick("Windrose: woher der Wind kam", "Wind rose: where the wind came from").to_owned()
    }

    fn check(&self) -> Result<(), VizError> {
        let rising =
            self.classes.windows(2).all(|pair| pair[0] < pair[1]) && self.classes.iter().all(|bound| bound.is_finite() && *bound >= 0.0);
        if self.sectors.len() != SECTORS.len() || !(1..=CLASSES).contains(&self.classes.len()) || !rising {
            return Err(VizError::Plain("a rose has 16 `sectors` and 1 to 8 `classes` that rise".to_owned()));
        }
        if self.sectors.iter().any(|sector| sector.len() != self.classes.len()) {
            return Err(VizError::Plain("each sector of a rose has a count for each class".to_owned()));
        }
        Ok(())
    }

    fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), VizError> {
        let (pen, look, sheet) = (&canvas.pen, &canvas.look, canvas.sheet());
        let total = self.total();
        if total == 0.0 {
            return canvas.empty(sheet, look.lang.pick("keine Daten", "no data"));
        }
        let calm = format!("{} {}", lang_calm(look.lang), self.share(f64::from(self.calm), look.lang));
        let names: Vec<String> = (0..self.classes.len()).map(|class| self.class(class, look.lang)).collect();
        let widest =
            names.iter().map(|name| text_width(name, look.text)).fold(text_width(&calm, look.text), f64::max) as i32 + look.em(2.4);
        // The legend beside the rose, or on a tall sheet below it.
        let beside = sheet.width() - widest > sheet.height() * 3 / 4;
        let legend = if beside { widest } else { 0 };
        let lines = names.len() as i32 + 1;
        let below = if beside { 0 } else { look.em(1.25) * ((lines + 1) / 2) + look.em(0.4) };
        let (width, height) = (sheet.width() - legend, sheet.height() - below);
        let radius = f64::from((width.min(height) / 2 - look.em(1.5)).max(4));
        let centre = (sheet.left + width / 2, sheet.top + height / 2);
        let most = (0..SECTORS.len()).map(|sector| self.of(sector)).fold(0.0, f64::max).max(1.0) / total;
        let step = [0.02, 0.05, 0.1, 0.2, 0.25].into_iter().find(|step| most / step <= 4.0).unwrap_or(0.5);
        let rings = (most / step).ceil().max(1.0);
        let scale = radius / (rings * step);
        for ring in 1..=rings as i32 {
            pen.path(circle(centre, f64::from(ring) * step * scale), look.theme.grid(), look.width(0.3))?;
        }
        for sector in 0..SECTORS.len() {
            let mut inner = 0.0;
            let middle = 2.0 * sector as f64;
            for (class, count) in self.sectors.get(sector).into_iter().flatten().enumerate() {
                let outer = inner + f64::from(*count) / total * scale;
                if *count > 0 {
                    let arc = |radius: f64, back: bool| {
                        (0..=4)
                            .map(move |step| {
                                on(centre, radius, middle + 0.2125 * f64::from(if back { 4 - step } else { step }) * 2.0 - 0.85)
                            })
                            .collect::<Vec<_>>()
                    };
                    let mut wedge = arc(outer, false);
                    wedge.extend(arc(inner, true));
                    pen.polygon(wedge.clone(), self.colour(class, look))?;
                    wedge.extend(wedge.first().copied());
                    pen.path(wedge, look.theme.muted(), look.width(0.2))?;
                }
                inner = outer;
            }
            canvas.mark(0, sector, on(centre, inner.max(look.em(0.6).into()), middle));
            if sector % 2 == 0 && (sector % 4 == 0 || radius > f64::from(look.em(5.0))) {
                let (de, en) = SECTORS.get(sector).copied().unwrap_or_default();
                let at = on(centre, radius + f64::from(look.em(0.8)), middle);
                pen.text(look.lang.pick(de, en), at, Anchor::CENTRE, look.text, look.theme.ink())?;
            }
        }
        for ring in 1..=rings as i32 {
            let told = format!("{} %", number::shortest((f64::from(ring) * step * 1000.0).round() / 10.0, look.lang));
            canvas.on_paper(&told, on(centre, f64::from(ring) * step * scale, 5.0), Anchor::CENTRE, look.theme.muted())?;
        }
        for (place, name) in names.iter().chain([&calm]).enumerate() {
            let place = place as i32;
            let at = if beside {
                (
                    sheet.right - widest + look.em(0.6),
                    sheet.top + (sheet.height() - look.em(1.4) * lines) / 2 + look.em(1.4) * place + look.em(0.7),
                )
            } else {
                (
                    sheet.left + look.em(0.6) + place % 2 * sheet.width() / 2,
                    sheet.bottom - below + look.em(0.9) + look.em(1.25) * (place / 2),
                )
            };
            if place < lines - 1 {
                let half = look.em(0.4);
                let (from, to) = ((at.0, at.1 - half), (at.0 + 2 * half, at.1 + half));
                pen.block(from, to, self.colour(place as usize, look))?;
                pen.frame(from, to, look.theme.muted(), look.width(0.2))?;
            }
            pen.text(name, (at.0 + look.em(1.2), at.1), Anchor::LEFT, look.text, look.theme.ink())?;
        }
        Ok(())
    }

    fn summary(&self, lang: Lang) -> String {
        let n = number::fixed(self.total(), 0, lang);
        let most = (0..SECTORS.len())
            .map(|sector| (sector, self.of(sector)))
            .fold((0, 0.0), |best, next| if next.1 > best.1 { next } else { best });
        let mut text = if most.1 > 0.0 {
            let (de, en) = SECTORS.get(most.0).copied().unwrap_or_default();
            let from = lang.pick("Der Wind kam am häufigsten aus", "The wind came most often from");
            format!("{from} {} ({})", lang.pick(de, en), self.share(most.1, lang))
        } else {
            lang.pick("Kein Wind mit Richtung", "No wind with a direction").to_owned()
        };
        text += &format!("; {} {}, n = {n}.", lang_calm(lang), self.share(f64::from(self.calm), lang));
        if self.undirected > 0 {
            let without = lang.pick("Messwerte ohne Richtung sind nicht dabei", "readings without a direction are left out");
            text += &format!(" {} {without}.", self.undirected);
        }
        text
    }

    fn cells(&self, lang: Lang) -> Cells {
        let mut columns = vec![lang.pick("aus", "from").to_owned()];
        columns.extend((0..self.classes.len()).map(|class| self.class(class, lang)));
        columns.push(lang.pick("Anteil in %", "share in %").to_owned());
        let total = self.total().max(1.0);
        let mut rows: Vec<Vec<Cell>> = SECTORS
            .iter()
            .zip(&self.sectors)
            .enumerate()
            .map(|(sector, (name, classes))| {
                let mut row = vec![Cell::text(lang.pick(name.0, name.1))];
                row.extend(classes.iter().map(|count| Cell::Number(f64::from(*count), 0)));
                row.push(Cell::Number(100.0 * self.of(sector) / total, 1));
                row
            })
            .collect();
        let mut calm = vec![Cell::text(lang_calm(lang))];
        calm.extend(self.classes.iter().map(|_| Cell::None));
        calm.push(Cell::Number(100.0 * f64::from(self.calm) / total, 1));
        rows.push(calm);
        Cells { columns, rows }
    }

    fn lengths(&self) -> Vec<usize> {
        vec![SECTORS.len()]
    }

    fn readout(&self, place: Place, lang: Lang) -> String {
        let name = SECTORS.get(place.index).map_or("", |(de, en)| lang.pick(de, en));
        format!("{name}: {}", self.share(self.of(place.index), lang))
    }

    fn tune(&self, _: usize, lang: Lang) -> (String, Vec<Option<f64>>, String) {
        let total = self.total().max(1.0);
        let shares = (0..SECTORS.len()).map(|sector| Some(100.0 * self.of(sector) / total)).collect();
        (self.title(lang), shares, "%".to_owned())
    }
}

fn lang_calm(lang: Lang) -> &'static str {
    lang.pick("Windstille", "calm")
}
