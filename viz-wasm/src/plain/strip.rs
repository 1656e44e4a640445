//! Every result with its uncertainty, the mean with its interval, the accepted value: the figure of the board, from data.

use std::collections::BTreeMap;

use messwerk_lessons::id::ThingId;
use plotters::prelude::DrawingBackend;
use serde::Serialize;

use super::canvas::Canvas;
use super::cells::Cells;
use super::data::{Band, Mean, Prediction, Quantity, Value};
use super::{Place, Plain, values};
use crate::error::VizError;
use crate::figure::strip::{self, Content, place};
use crate::figure::{View, layout::Rect};
use crate::model::Model;
use crate::model::results::{Answer, Results};
use crate::words::{self, Lang};

/// Every result on one axis.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Strip {
    /// What was measured.
    pub quantity: Quantity,
    /// The results.
    pub values: Vec<Value>,
    /// Their mean; left out, it is computed from the values that count.
    pub mean: Option<Mean>,
    /// The accepted value.
    pub reference: Option<Band>,
    /// What was predicted before the start.
    pub predictions: Vec<Prediction>,
}

impl Strip {
    /// The same as the live model has it; a Thing's id is its place among the values.
    fn model(&self, lang: Lang) -> Model {
        let name = self.quantity.name.get(lang);
        let answer = |(place, value): (usize, &Value)| Answer {
            thing: ThingId(place as u64),
            number: values::number_of(value, place),
            nickname: value.name.clone(),
            name: name.to_owned(),
            value: value.value,
            uncertainty: value.uncertainty.unwrap_or(0.0),
            unit: self.quantity.unit.clone(),
            excluded: value.excluded.clone(),
            undone: false,
            by_hand: value.by_hand,
        };
        let outcomes = self.values.iter().enumerate().map(answer).collect();
        let mean = values::mean(self.mean, &self.values);
        let class = values::class(mean, self.reference.as_ref(), &self.quantity.unit).map(|class| (name.to_owned(), class));
        let mut model = Model::default();
        model.set_results(Results { outcomes, class: class.into_iter().collect::<BTreeMap<_, _>>(), pending: Vec::new() });
        model
    }

    /// Draws on a sheet that may leave the lower part of the area free.
    pub(super) fn draw_on<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>, sheet: Rect) -> Result<(), VizError> {
        let (pen, look, model) = (&canvas.pen, &canvas.look, self.model(canvas.look.lang));
        let highlight = self.values.iter().position(|value| value.own).map(|place| ThingId(place as u64));
        let view = View { end: 0.0, span: 0.0, range: (0.0, 1.0), highlight, cursor: None, page: 0 };
        strip::draw_on(pen, &model, &view, look, sheet)?;
        let Some(content) = Content::of(&model).filter(|content| !content.answers.is_empty()) else { return Ok(()) };
        let plot = strip::plot(&content, sheet, look);
        let placed = place::place(&content, plot, look);
        let ranked = values::ranked(&self.values);
        for (answer, &at) in content.answers.iter().zip(&placed.dots) {
            if let Some(rank) = ranked.iter().position(|place| *place as u64 == answer.thing.0) {
                canvas.mark(0, rank, at);
            }
        }
        values::predicted(canvas, (plot, &placed.axis), (&self.predictions, &self.quantity))
    }
}

impl Plain for Strip {
    fn title(&self, lang: Lang) -> String {
        words::in_unit(self.quantity.name.get(lang), &words::unit(&self.quantity.unit))
    }

    fn check(&self) -> Result<(), VizError> {
        values::check(&self.values, &self.predictions, (self.mean, self.reference.as_ref()))
    }

    fn predictions(&self) -> &[Prediction] {
        &self.predictions
    }

    fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), VizError> {
        self.draw_on(canvas, canvas.sheet())
    }

    fn summary(&self, lang: Lang) -> String {
        let mean = values::mean(self.mean, &self.values);
        let mut text = format!("{}.", values::told(&self.quantity, mean, self.reference.as_ref(), lang));
        if let Some(out) = values::uncounted(&self.values, lang) {
            text += &format!(" {out}.");
        }
        text + &values::predictions_told(&self.predictions, &self.quantity, lang)
    }

    fn cells(&self, lang: Lang) -> Cells {
        values::cells(&self.quantity, &self.values, values::mean(self.mean, &self.values), self.reference.as_ref(), lang)
    }

    fn lengths(&self) -> Vec<usize> {
        vec![self.values.len()]
    }

    fn readout(&self, place: Place, lang: Lang) -> String {
        values::readout(&self.quantity, &self.values, place.index, lang)
    }

    fn tune(&self, _: usize, lang: Lang) -> (String, Vec<Option<f64>>, String) {
        let name = self.quantity.name.get(lang).to_owned();
        let values = values::ranked(&self.values).into_iter().map(|place| &self.values[place]);
        (name, values.filter(|value| value.counts()).map(|value| Some(value.value)).collect(), words::unit(&self.quantity.unit))
    }
}
