//! What the class said before it measured.

use std::collections::BTreeMap;

use messwerk_lessons::template::{Answer, Template};
use messwerk_store::catalogue::{Lesson, Take};
use messwerk_viz_wasm::plain::data::{Prediction, Vote};
use messwerk_viz_wasm::plain::{PlainFigure, Votes};

use super::words::bilingual;

/// Everybody's predictions; empty before they are locked, so that nobody is led by the others.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Predicted {
    /// By the names under which they are kept, one value for each group that said something.
    said: BTreeMap<String, Vec<f64>>,
}

/// Whether a led lesson's predictions can be changed no more: a Take that is no rehearsal has begun.
pub fn locked(lesson: &Lesson, takes: &[Take]) -> bool {
    !lesson.led || lesson.ended.is_some() || takes.iter().any(|take| !take.rehearsal)
}

impl Predicted {
    /// Of what the groups have entered.
    pub fn of<'a>(template: &Template, entered: impl Iterator<Item = &'a BTreeMap<String, f64>>) -> Self {
        let names: Vec<String> = template.predictions.iter().flat_map(|prediction| prediction.entry_names()).collect();
        let mut said: BTreeMap<String, Vec<f64>> = BTreeMap::new();
        for entered in entered {
            for name in &names {
                if let Some(value) = entered.get(name) {
                    said.entry(name.clone()).or_default().push(*value);
                }
            }
        }
        Self { said }
    }

    /// The predicted numbers that are laid over a result.
    pub(super) fn numbers(&self, template: &Template, over: &str) -> Vec<Prediction> {
        let laid = template.predictions.iter().filter(|prediction| match &prediction.answer {
            Answer::Number { of, .. } => of.as_deref() == Some(over),
            _ => false,
        });
        let values = laid.filter_map(|prediction| self.said.get(&format!("predict.{}", prediction.name)));
        values.map(|values| Prediction::Number { values: values.clone(), label: Default::default() }).collect()
    }

    /// One figure for each question with answers to choose from, once somebody has answered.
    pub(super) fn votes(&self, template: &Template) -> Vec<PlainFigure> {
        let votes = |(prediction, options): (&messwerk_lessons::template::Prediction, &Vec<_>)| {
            let said = self.said.get(&format!("predict.{}", prediction.name))?;
            let count = |number: usize| said.iter().filter(|chosen| **chosen == number as f64).count();
            let vote = |(index, option)| Vote {
                label: bilingual(option),
                votes: u32::try_from(count(index + 1)).unwrap_or(u32::MAX),
                right: false,
            };
            let options = options.iter().enumerate().map(vote).collect();
            Some(PlainFigure::Votes(Votes { question: bilingual(&prediction.question), options }))
        };
        let choices = template.predictions.iter().filter_map(|prediction| match &prediction.answer {
            Answer::Choice { options } => Some((prediction, options)),
            _ => None,
        });
        choices.filter_map(votes).collect()
    }
}
