//! Marker shapes: with the colour they tell thirty Things apart, without it still five.

use super::Pen;
use super::theme::Colour;
use crate::error::VizError;
use plotters::prelude::DrawingBackend;

/// The shape of a Thing's marker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marker {
    /// ●
    Circle,
    /// ■
    Square,
    /// ▲
    Up,
    /// ◆
    Diamond,
    /// ▼
    Down,
    /// ✚, which no Thing has: measured by hand, whoever it was.
    Cross,
}

const SHAPES: [Marker; 5] = [Marker::Circle, Marker::Square, Marker::Up, Marker::Diamond, Marker::Down];

impl Marker {
    /// The shape of the Thing with this number (from 1): five shapes against six colours repeat after thirty Things.
    pub fn of(number: u32) -> Self {
        SHAPES[(number.max(1) - 1) as usize % SHAPES.len()]
    }

    /// Corners around (x, y); all shapes cover about the area of a circle of this radius.
    pub fn corners(self, (x, y): (i32, i32), radius: i32) -> Vec<(i32, i32)> {
        let scaled = |factor: f64| (f64::from(radius) * factor).round() as i32;
        match self {
            Self::Circle => Vec::new(),
            Self::Square => {
                let half = scaled(0.9);
                vec![(x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)]
            }
            Self::Diamond => {
                let half = scaled(1.25);
                vec![(x, y - half), (x + half, y), (x, y + half), (x - half, y)]
            }
            Self::Up => vec![(x, y - scaled(1.3)), (x + scaled(1.2), y + scaled(0.8)), (x - scaled(1.2), y + scaled(0.8))],
            Self::Cross => {
                let (arm, half) = (scaled(1.3), scaled(0.42));
                let quarter = [(half, -arm), (half, -half), (arm, -half)];
                let turned = |turns: u32| quarter.map(|point| (0..turns).fold(point, |(x, y), _| (-y, x)));
                (0..4).flat_map(turned).map(|(dx, dy)| (x + dx, y + dy)).collect()
            }
            Self::Down => vec![(x, y + scaled(1.3)), (x + scaled(1.2), y - scaled(0.8)), (x - scaled(1.2), y - scaled(0.8))],
        }
    }

    /// Draws the marker: filled, or hollow (paper inside) with an outline.
    pub fn draw<DB: DrawingBackend>(
        self,
        pen: &Pen<'_, DB>,
        at: (i32, i32),
        radius: i32,
        fill: Colour,
        outline: Colour,
        width: u32,
    ) -> Result<(), VizError> {
        if self == Self::Circle {
            pen.disc(at, radius, fill)?;
            return pen.ring(at, radius, outline, width);
        }
        let mut corners = self.corners(at, radius);
        pen.polygon(corners.clone(), fill)?;
        corners.extend_from_within(..2);
        pen.path(corners, outline, width)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirty_things_have_thirty_looks() {
        let looks: std::collections::BTreeSet<_> = (1..=30u32).map(|number| (format!("{:?}", Marker::of(number)), number % 6)).collect();
        assert_eq!(looks.len(), 30);
        assert_eq!(Marker::of(0), Marker::of(1));
    }
}
