//! The numbers of classes, by what is drawn of them.

use super::*;
use crate::plain::cells::Cell;

impl Classes {
    pub(super) fn tabled(&self, lang: Lang) -> Cells {
        match self.view {
            Kind::Strip => self.every(lang),
            Kind::Box => self.quarters(lang),
            Kind::Histogram => self.counts(lang),
            Kind::Mean => self.means(lang),
        }
    }

    fn columns(&self, lang: Lang, more: &[&str]) -> Vec<String> {
        let class = lang.pick("Klasse", "class").to_owned();
        [class, "n".to_owned()].into_iter().chain(more.iter().map(|column| (*column).to_owned())).collect()
    }

    fn note(&self, class: &Class, lang: Lang) -> Cell {
        let own = class.own.then(|| lang.pick("eigene Klasse", "own class").to_owned());
        let out = values::uncounted(&class.values, lang);
        Cell::text([own, out].into_iter().flatten().collect::<Vec<_>>().join("; "))
    }

    /// Every result of every class, each class closed by its mean.
    fn every(&self, lang: Lang) -> Cells {
        let mut all = Cells::default();
        for class in &self.classes {
            let cells = values::cells(&self.quantity, &class.values, class.mean(), None, lang);
            all.columns = [lang.pick("Klasse", "class").to_owned()].into_iter().chain(cells.columns).collect();
            let named = |row: Vec<Cell>| [Cell::text(class.name.get(lang))].into_iter().chain(row).collect();
            all.rows.extend(cells.rows.into_iter().map(named));
        }
        all
    }

    fn means(&self, lang: Lang) -> Cells {
        let unit = words::unit(&self.quantity.unit);
        let columns = [
            self.quantity.axis(lang),
            words::in_unit(lang.pick("95-%-Intervall von", "95 % interval from"), &unit),
            words::in_unit(lang.pick("bis", "to"), &unit),
            lang.pick("Bemerkung", "note").to_owned(),
        ];
        let row = |class: &Class| {
            let mean = class.mean();
            let ends = mean.and_then(|mean| mean.ci95);
            let decimals = ends.map_or(3, |(low, high)| number::decimals_of_uncertainty((high - low) / 2.0));
            vec![
                Cell::text(class.name.get(lang)),
                Cell::Number(class.n().into(), 0),
                Cell::maybe(mean.map(|mean| mean.mean), decimals),
                Cell::maybe(ends.map(|ends| ends.0), decimals),
                Cell::maybe(ends.map(|ends| ends.1), decimals),
                self.note(class, lang),
            ]
        };
        let columns = self.columns(lang, &columns.each_ref().map(String::as_str));
        Cells { columns, rows: self.classes.iter().map(row).collect() }
    }

    fn quarters(&self, lang: Lang) -> Cells {
        let unit = words::unit(&self.quantity.unit);
        let heads = [
            lang.pick("Arm unten", "lower arm"),
            lang.pick("unteres Viertel bis", "lowest quarter to"),
            lang.pick("Median", "median"),
            lang.pick("oberes Viertel ab", "highest quarter from"),
            lang.pick("Arm oben", "upper arm"),
        ]
        .map(|head| words::in_unit(head, &unit));
        let mut columns = self.columns(lang, &heads.each_ref().map(String::as_str));
        columns.push(lang.pick("Bemerkung", "note").to_owned());
        let row = |class: &Class| {
            let quartiles = Quartiles::of(&values::counted(&class.values));
            let numbers = quartiles.as_ref().map(|of| [of.low, of.first, of.median, of.third, of.high]);
            let decimals = quartiles.as_ref().map_or(3, |of| number::decimals_of_uncertainty((of.third - of.first) / 10.0));
            let mut row = vec![Cell::text(class.name.get(lang)), Cell::Number(class.n().into(), 0)];
            row.extend((0..5).map(|place| Cell::maybe(numbers.map(|numbers| numbers[place]), decimals)));
            row.push(self.note(class, lang));
            row
        };
        let rows = self.classes.iter().map(row).collect();
        Cells { columns, rows }
    }

    fn counts(&self, lang: Lang) -> Cells {
        let axis = self.quantity.axis(lang);
        let heads = [
            format!("{axis}, {}", lang.pick("von", "from")),
            format!("{axis}, {}", lang.pick("bis unter", "to below")),
            lang.pick("Anzahl", "count").to_owned(),
            lang.pick("Anteil in %", "share in %").to_owned(),
        ];
        let columns = self.columns(lang, &heads.each_ref().map(String::as_str));
        let mut rows = Vec::new();
        for class in &self.classes {
            let counted = match (values::counted(&class.values), &class.bins) {
                (values, None) => Counted::of(Some(&Bins { edges: self.edges(), ..Bins::default() }), &values),
                (values, Some(bins)) => Counted::of(Some(bins), &values),
            };
            if counted.total() == 0 {
                rows.push(
                    [Cell::text(class.name.get(lang)), Cell::Number(class.n().into(), 0)]
                        .into_iter()
                        .chain([Cell::None, Cell::None, Cell::None, Cell::None])
                        .collect(),
                );
                continue;
            }
            let decimals = number::decimals_of_step(counted.width().0).min(6);
            let open = class.bins.as_ref().is_some_and(|bins| bins.open);
            let outermost = counted.counts.len().saturating_sub(1);
            // An end that nobody released is not told as a number.
            let edge = |value: f64, unknown: bool| if open && unknown { Cell::None } else { Cell::Number(value, decimals) };
            for (index, (pair, count)) in counted.edges.windows(2).zip(&counted.counts).enumerate() {
                rows.push(vec![
                    Cell::text(class.name.get(lang)),
                    Cell::Number(class.n().into(), 0),
                    edge(pair[0], index == 0),
                    edge(pair[1], index == outermost),
                    Cell::Number(f64::from(*count), 0),
                    Cell::Number(100.0 * f64::from(*count) / f64::from(counted.total()), 0),
                ]);
            }
        }
        Cells { columns, rows }
    }
}
