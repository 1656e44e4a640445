//! Two or more classes, years or schools on one axis.

use plotters::prelude::DrawingBackend;
use serde::Serialize;

use super::canvas::Canvas;
use super::cells::Cells;
use super::data::{Band, Bins, Mean, Quantity, Value};
use super::histogram::{self, Counted};
use super::stats::{self, Quartiles};
use super::{Place, Plain, boxplot, values};
use crate::error::VizError;
use crate::words::{self, Bilingual, Lang, number};

mod draw;
mod tables;

/// Classes a figure takes; how many it shows depends on its size.
const MOST: usize = 60;

/// Classes below each other on the same axis.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Classes {
    /// What is drawn of each class.
    pub view: Kind,
    /// What was measured.
    pub quantity: Quantity,
    /// The classes, from top to bottom.
    pub classes: Vec<Class>,
    /// The accepted value.
    pub reference: Option<Band>,
}

/// What is drawn of each class. Where a class does not give what is asked for, its row shows what it gives, and a note says
/// why.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Every result, and the mean with its interval.
    #[default]
    Strip,
    /// Quartiles.
    Box,
    /// Shares per bin, for all classes on one scale.
    Histogram,
    /// The mean with its interval and nothing else.
    Mean,
}

/// A class: all its results, or of a release of aggregates its mean and histogram.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Class {
    /// What it is called: "9b 2025", "school by the lake".
    pub name: Bilingual,
    /// The results, where they are known.
    pub values: Vec<Value>,
    /// The mean; left out, it is computed from the values that count.
    pub mean: Option<Mean>,
    /// The histogram, where only that is known.
    pub bins: Option<Bins>,
    /// Whether it is the reader's own.
    pub own: bool,
}

/// What a row shows in the end.
#[derive(Debug, Clone, PartialEq)]
enum Row {
    Dots,
    Box(Quartiles),
    Bars(Counted),
    Mean,
    Nothing,
}

impl Class {
    fn mean(&self) -> Option<Mean> {
        values::mean(self.mean, &self.values)
    }

    /// How many results count.
    fn n(&self) -> u32 {
        self.mean().map_or(0, |mean| mean.n)
    }
}

impl Classes {
    /// The edges that all classes with results share: those of a class of which only bins are known, continued as far as
    /// the results need, or else chosen for all results together.
    fn edges(&self) -> Vec<f64> {
        let all: Vec<f64> = self.classes.iter().flat_map(|class| values::counted(&class.values)).collect();
        let given = self.classes.iter().filter(|class| class.values.is_empty()).find_map(|class| class.bins.as_ref());
        match (given, stats::near(&all)) {
            (Some(bins), Some(range)) => stats::continued(&bins.edges, range),
            _ => stats::edges(&all),
        }
    }

    fn row(&self, class: &Class) -> Row {
        let counted = values::counted(&class.values);
        let rest = match (counted.is_empty(), class.mean()) {
            (false, _) => Row::Dots,
            (true, Some(_)) => Row::Mean,
            (true, None) => Row::Nothing,
        };
        match self.view {
            Kind::Mean => class.mean().map_or(Row::Nothing, |_| Row::Mean),
            Kind::Box if counted.len() >= boxplot::ENOUGH => Quartiles::of(&counted).map_or(rest, Row::Box),
            Kind::Histogram if counted.len() as u32 >= histogram::ENOUGH => {
                let shared = Bins { edges: self.edges(), ..Bins::default() };
                Row::Bars(Counted::of(Some(&shared), &counted))
            }
            Kind::Histogram if counted.is_empty() && class.bins.is_some() => Row::Bars(Counted::of(class.bins.as_ref(), &[])),
            _ => rest,
        }
    }

    /// Why rows show something else than was asked for, and who does not count.
    fn notes(&self, lang: Lang) -> Vec<String> {
        let name = |class: &&Class| class.name.get(lang).to_owned();
        let listed = |found: Vec<&Class>| found.iter().map(name).collect::<Vec<_>>().join(", ");
        let mut notes = Vec::new();
        let closed: Vec<&Class> = self.classes.iter().filter(|class| self.view != Kind::Mean && self.row(class) == Row::Mean).collect();
        if !closed.is_empty() {
            let text = lang.pick("nur das Mittel ist freigegeben", "only the mean is released");
            notes.push(format!("{}: {text}", listed(closed)));
        }
        let few: Vec<&Class> =
            self.classes.iter().filter(|class| matches!(self.view, Kind::Box | Kind::Histogram) && self.row(class) == Row::Dots).collect();
        if !few.is_empty() {
            let text = if self.view == Kind::Box {
                lang.pick("weniger als 5 Werte, darum jeder einzeln", "fewer than 5 values, so each on its own")
            } else {
                lang.pick("weniger als 15 Werte, darum jeder einzeln", "fewer than 15 values, so each on its own")
            };
            notes.push(format!("{}: {text}", listed(few)));
        }
        let open = |class: &&Class| self.view == Kind::Histogram && class.bins.as_ref().is_some_and(|bins| bins.open);
        let open: Vec<&Class> = self.classes.iter().filter(open).collect();
        if !open.is_empty() {
            let text = lang.pick(
                "die äußeren Säulen sind offen, ihr Ende ist nicht freigegeben",
                "the outermost bars are open, their ends are not released",
            );
            notes.push(format!("{}: {text}", listed(open)));
        }
        if self.view == Kind::Box && self.classes.iter().any(|class| matches!(self.row(class), Row::Box(_))) {
            notes.push(boxplot::explained(lang).to_owned());
        }
        let out = |class: &Class| Some(format!("{}: {}", class.name.get(lang), values::uncounted(&class.values, lang)?));
        notes.extend(self.classes.iter().filter_map(out));
        notes
    }

    /// `n = 24, g = 9.79 ± 0.02 m/s²`, for a row's label; shorter without the words.
    fn message(&self, class: &Class, lang: Lang) -> String {
        let Some(mean) = class.mean() else { return lang.pick("noch kein Ergebnis", "no result yet").to_owned() };
        if let (Kind::Box, Row::Box(quartiles)) = (self.view, self.row(class)) {
            let decimals = number::decimals_of_uncertainty((quartiles.third - quartiles.first).max(quartiles.median.abs() * 1e-6));
            let median = self.quantity.with(&number::fixed(quartiles.median, decimals, lang));
            return format!("n = {}, Median {median}", mean.n).replace("Median", lang.pick("Median", "median"));
        }
        let half = mean.ci95.map(|(low, high)| (high - low) / 2.0);
        format!("n = {}, {} {}", mean.n, lang.pick("Mittel", "mean"), self.quantity.told(mean.mean, half, lang))
    }

    /// How many points of a class can be read out.
    fn points(&self, class: &Class) -> usize {
        if self.row(class) == Row::Dots { class.values.len() } else { 1 }
    }
}

impl Plain for Classes {
    fn title(&self, lang: Lang) -> String {
        let axis = self.quantity.axis(lang);
        match lang {
            Lang::De => format!("{axis}: {} Klassen im Vergleich", self.classes.len()),
            Lang::En => format!("{axis}: {} classes compared", self.classes.len()),
        }
    }

    fn check(&self) -> Result<(), VizError> {
        if self.classes.len() > MOST {
            return Err(VizError::Plain(format!("{} classes are more than a figure can show; give at most {MOST}", self.classes.len())));
        }
        for class in &self.classes {
            values::check(&class.values, &[], (class.mean, self.reference.as_ref()))?;
            class.bins.as_ref().map_or(Ok(()), histogram::check_bins)?;
        }
        Ok(())
    }

    fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), VizError> {
        self.paint(canvas)
    }

    fn summary(&self, lang: Lang) -> String {
        let told = |class: &Class| {
            let own = if class.own { lang.pick(" (eigene Klasse)", " (own class)") } else { "" };
            format!("{}{own}: {}.", class.name.get(lang), self.message(class, lang))
        };
        let mut text = self.classes.iter().map(told).collect::<Vec<_>>().join(" ");
        if let Some(band) = &self.reference {
            let value = self.quantity.with(&number::shortest(band.value, lang));
            text += &format!(" {}: {value}.", values::capital(band.name(lang)));
        }
        for note in self.notes(lang) {
            text += &format!(" {note}.");
        }
        if text.is_empty() { lang.pick("Noch keine Klasse mit Ergebnissen.", "No class with results yet.").to_owned() } else { text }
    }

    fn cells(&self, lang: Lang) -> Cells {
        self.tabled(lang)
    }

    fn lengths(&self) -> Vec<usize> {
        self.classes.iter().map(|class| self.points(class)).collect()
    }

    fn readout(&self, place: Place, lang: Lang) -> String {
        let Some(class) = self.classes.get(place.series) else { return String::new() };
        let name = class.name.get(lang);
        match self.row(class) {
            Row::Dots => format!("{name}, {}", values::readout(&self.quantity, &class.values, place.index, lang)),
            _ => format!("{name}: {}", self.message(class, lang)),
        }
    }

    fn tune(&self, series: usize, lang: Lang) -> (String, Vec<Option<f64>>, String) {
        let Some(class) = self.classes.get(series) else { return Default::default() };
        let sorted = stats::sorted(&values::counted(&class.values));
        let values = if sorted.is_empty() { class.mean().map(|mean| mean.mean).into_iter().collect() } else { sorted };
        (class.name.get(lang).to_owned(), values.into_iter().map(Some).collect(), words::unit(&self.quantity.unit))
    }
}
