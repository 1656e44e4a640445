//! Rectangles and how tiles share a sheet.

/// A rectangle in pixels; right and bottom are exclusive ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rect {
    /// Left edge.
    pub left: i32,
    /// Upper edge.
    pub top: i32,
    /// Right edge.
    pub right: i32,
    /// Lower edge.
    pub bottom: i32,
}

impl Rect {
    /// The rectangle of a whole sheet.
    pub fn sheet((width, height): (i32, i32)) -> Self {
        Self { left: 0, top: 0, right: width, bottom: height }
    }

    /// Width, at least 1.
    pub fn width(&self) -> i32 {
        (self.right - self.left).max(1)
    }

    /// Height, at least 1.
    pub fn height(&self) -> i32 {
        (self.bottom - self.top).max(1)
    }

    /// Smaller by these margins, never turned inside out.
    pub fn inset(&self, top: i32, right: i32, bottom: i32, left: i32) -> Self {
        let (x, y) = (self.left + left, self.top + top);
        Self { left: x, top: y, right: (self.right - right).max(x + 1), bottom: (self.bottom - bottom).max(y + 1) }
    }

    /// Whether a point lies inside.
    pub fn holds(&self, (x, y): (i32, i32)) -> bool {
        (self.left..self.right).contains(&x) && (self.top..self.bottom).contains(&y)
    }
}

/// Width to height at which a small chart over time reads best.
const ASPECT: f64 = 1.7;

/// Columns and rows for `count` tiles on a sheet of this size: the arrangement whose tiles come nearest to the best
/// aspect, where a hole in the last row counts a little against it.
pub fn arrange(count: usize, width: i32, height: i32) -> (usize, usize) {
    let cost = |columns: usize| {
        let rows = count.div_ceil(columns);
        let aspect = (f64::from(width.max(1)) / columns as f64) / (f64::from(height.max(1)) / rows as f64);
        let holes = (columns * rows - count) as f64 / count as f64;
        (aspect / ASPECT).ln().abs() + 0.5 * holes
    };
    let columns = (1..=count).min_by(|one, other| cost(*one).total_cmp(&cost(*other))).unwrap_or(1);
    (columns, count.div_ceil(columns).max(1))
}

/// The tiles of an arrangement in reading order, `gap` pixels apart.
pub fn cells(rect: Rect, (columns, rows): (usize, usize), gap: i32) -> Vec<Rect> {
    let edge = |from: i32, length: i32, place: usize, of: usize| from + (i64::from(length + gap) * place as i64 / of.max(1) as i64) as i32;
    (0..rows * columns)
        .map(|cell| {
            let (row, column) = (cell / columns, cell % columns);
            let left = edge(rect.left, rect.width(), column, columns);
            let top = edge(rect.top, rect.height(), row, rows);
            let right = (edge(rect.left, rect.width(), column + 1, columns) - gap).max(left + 1);
            let bottom = (edge(rect.top, rect.height(), row + 1, rows) - gap).max(top + 1);
            Rect { left, top, right, bottom }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_are_neither_slivers_nor_lonely() {
        for (count, width, height, expected) in [
            (0, 100, 100, (1, 1)),
            (1, 1000, 500, (1, 1)),
            (2, 1000, 300, (2, 1)),
            (30, 1000, 800, (5, 6)),
            (30, 390, 1200, (2, 15)),
            (7, 0, 0, (2, 4)),
        ] {
            assert_eq!(arrange(count, width, height), expected, "{count} on {width}x{height}");
        }
    }

    #[test]
    fn cells_fill_the_rectangle_without_overlap() {
        let rect = Rect { left: 10, top: 20, right: 111, bottom: 80 };
        let cells = cells(rect, (3, 2), 4);
        assert_eq!(cells.len(), 6);
        assert_eq!((cells[0].left, cells[0].top), (10, 20));
        assert_eq!((cells[5].right, cells[5].bottom), (111, 80));
        assert_eq!(cells[1].left - cells[0].right, 4);
        assert!(cells.iter().all(|cell| cell.width() >= 1 && rect.holds((cell.left, cell.top))));
    }

    #[test]
    fn a_rectangle_never_turns_inside_out() {
        let small = Rect::sheet((10, 10)).inset(20, 20, 20, 20);
        assert_eq!((small.width(), small.height()), (1, 1));
    }
}
