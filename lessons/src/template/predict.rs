//! What pupils said before they measured: under which names it is kept, and what can be meant.

use super::{Answer, Prediction, Template};

/// What all names of predictions begin with; no input can be called so.
const PREFIX: &str = "predict.";

/// A curve is so many values, evenly spread over what is measured.
pub const KNOTS: usize = 9;

/// Beyond this no curve of a lesson lies.
const LARGEST: f64 = 1e6;

impl Prediction {
    /// The names under which it is kept beside the inputs: `predict.p`, or `predict.p.1` to `predict.p.9` of a curve.
    pub fn entry_names(&self) -> Vec<String> {
        match self.answer {
            Answer::Sketch { .. } => (1..=KNOTS).map(|knot| format!("{PREFIX}{}.{knot}", self.name)).collect(),
            Answer::Number { .. } | Answer::Choice { .. } => vec![format!("{PREFIX}{}", self.name)],
        }
    }

    /// What can be meant: from, to, and whether only whole numbers (a choice counts from 1).
    pub fn range(&self) -> (f64, f64, bool) {
        match &self.answer {
            Answer::Number { min, max, .. } => (*min, *max, false),
            Answer::Choice { options } => (1.0, options.len() as f64, true),
            Answer::Sketch { .. } => (-LARGEST, LARGEST, false),
        }
    }

    /// Whether a value can be meant.
    pub fn accepts(&self, value: f64) -> bool {
        let (least, most, whole) = self.range();
        (least..=most).contains(&value) && (!whole || libm::trunc(value) == value)
    }
}

impl Template {
    /// The prediction that an entry belongs to: `predict.p`, `predict.s.3` of a curve.
    pub fn prediction_of(&self, entry: &str) -> Option<&Prediction> {
        if !is_prediction(entry) {
            return None;
        }
        self.predictions.iter().find(|prediction| prediction.entry_names().iter().any(|name| name == entry))
    }
}

/// Whether an entry is a prediction, of whatever template.
pub fn is_prediction(entry: &str) -> bool {
    entry.starts_with(PREFIX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::{Channel, Text};

    fn text(said: &str) -> Text {
        Text { de: said.to_owned(), en: said.to_owned() }
    }

    fn prediction(answer: Answer) -> Prediction {
        Prediction { name: "p".to_owned(), question: text("?"), answer }
    }

    #[test]
    fn what_can_be_meant() {
        let number = prediction(Answer::Number { unit: "m".to_owned(), min: 0.0, max: 2.0, of: None });
        assert_eq!(number.entry_names(), ["predict.p"]);
        assert!(number.accepts(1.5) && !number.accepts(2.1) && !number.accepts(f64::NAN));
        let choice = prediction(Answer::Choice { options: vec![text("a"), text("b")] });
        assert!(choice.accepts(2.0) && !choice.accepts(1.5) && !choice.accepts(0.0) && !choice.accepts(3.0));
    }

    #[test]
    fn a_curve_has_nine_values() {
        let channel: Channel = serde_json::from_value(serde_json::json!("acceleration.abs")).unwrap();
        let sketch = prediction(Answer::Sketch { of: channel });
        let names = sketch.entry_names();
        assert_eq!((names.len(), names[8].as_str()), (KNOTS, "predict.p.9"));
        assert!(sketch.accepts(-3.0) && !sketch.accepts(f64::INFINITY));
    }
}
