//! Polygons of well-known text, and whether a point of GeoJSON lies in one.

use serde_json::Value;

/// A polygon with its holes: rings of (longitude, latitude).
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) struct Shape {
    rings: Vec<Vec<(f64, f64)>>,
}

impl Shape {
    /// Reads `Polygon ((x y, x y, x y), (…))`.
    pub(in super::super) fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let rest = text.get(..7).filter(|word| word.eq_ignore_ascii_case("polygon")).and(text.get(7..))?;
        let inside = rest.trim().strip_prefix('(')?.strip_suffix(')')?;
        let ring = |text: &str| -> Option<Vec<(f64, f64)>> {
            let bare = text.trim().trim_start_matches(',').trim().strip_prefix('(')?;
            let points = bare.split(',').map(|pair| {
                let mut numbers = pair.split_whitespace().map(|number| number.parse::<f64>().ok().filter(|number| number.is_finite()));
                Some((numbers.next()??, numbers.next()??))
            });
            points.collect::<Option<Vec<_>>>().filter(|points| points.len() > 2)
        };
        let rings = inside.split(')').filter(|text| !text.trim().is_empty()).map(ring).collect::<Option<Vec<_>>>()?;
        (!rings.is_empty()).then_some(Self { rings })
    }

    /// Whether a GeoJSON point, or that of a feature, lies in it or on its edge. Rings are crossed by a ray: an odd number of times
    /// from inside, and holes count themselves out.
    pub(in super::super) fn has(&self, place: &Value) -> bool {
        let place = place.get("geometry").unwrap_or(place);
        let number = |place: &Value, at: usize| place.get("coordinates")?.get(at)?.as_f64();
        let (Some(x), Some(y)) = (number(place, 0), number(place, 1)) else { return false };
        let mut inside = false;
        for ring in &self.rings {
            let ends = ring.iter().zip(ring.iter().cycle().skip(1));
            for (&(ax, ay), &(bx, by)) in ends {
                let across = (bx - ax) * (y - ay) - (by - ay) * (x - ax);
                let beside = (ax.min(bx)..=ax.max(bx)).contains(&x) && (ay.min(by)..=ay.max(by)).contains(&y);
                if across == 0.0 && beside {
                    return true;
                }
                if (ay > y) != (by > y) && (x - ax) * (by - ay).abs() < (bx - ax) * (y - ay) * (by - ay).signum() {
                    inside = !inside;
                }
            }
        }
        inside
    }
}
