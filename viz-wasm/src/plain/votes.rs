//! How many chose which answer.

use plotters::prelude::DrawingBackend;
use serde::Serialize;

use super::canvas::Canvas;
use super::cells::{Cell, Cells};
use super::data::Vote;
use super::{Place, Plain};
use crate::error::VizError;
use crate::figure::layout::Rect;
use crate::paint::pen::Point;
use crate::paint::theme::faded;
use crate::paint::{Anchor, fit, text_width, wrap};
use crate::words::{Bilingual, Lang, number};

/// Options a question has at most.
const MOST: usize = 12;

/// A question and its answers' shares.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Votes {
    /// What was asked.
    pub question: Bilingual,
    /// The answers offered.
    pub options: Vec<Vote>,
}

fn total(options: &[Vote]) -> u32 {
    options.iter().fold(0, |sum, option| sum.saturating_add(option.votes))
}

/// `62 %`; of fewer than ten votes a percentage says more than is known.
fn share(option: &Vote, all: u32, lang: Lang) -> String {
    if all < 10 {
        return format!("{} {} {all}", option.votes, lang.pick("von", "of"));
    }
    let share = 100.0 * f64::from(option.votes) / f64::from(all);
    format!("{} % ({})", number::fixed(share, 0, lang), option.votes)
}

/// The question with every answer's share, as a sentence.
pub(super) fn told(question: &str, options: &[Vote], lang: Lang) -> String {
    let all = total(options);
    let option = |option: &Vote| {
        let right = if option.right { lang.pick(", trifft zu", ", is right") } else { "" };
        let (open, close) = (lang.pick("„", "“"), lang.pick("“", "”"));
        format!("{open}{}{close} {}{right}", option.label.get(lang), share(option, all, lang))
    };
    let told: Vec<String> = options.iter().map(option).collect();
    let head = lang.pick("Vorhersagen", "predictions");
    let question = if question.is_empty() { String::new() } else { format!("{question} ") };
    format!("{question}{head} (n = {all}): {}.", told.join("; "))
}

/// Height that the answers need on a sheet of this width, in pixels.
pub(super) fn height<DB: DrawingBackend>(canvas: &Canvas<'_, DB>, question: &str, options: &[Vote]) -> i32 {
    let look = &canvas.look;
    let lines = wrap(question, look.text, f64::from(canvas.sheet().width() - look.em(0.8))).len().min(2);
    look.em(1.25 * lines as f64 + 1.5 * options.len().min(MOST) as f64 + 0.6)
}

/// Bars from the left, the share behind each; the right one has a tick and a strong frame. Returns the bars' ends.
pub(super) fn draw<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    rect: Rect,
    question: &str,
    options: &[Vote],
) -> Result<Vec<Point>, VizError> {
    let mut found = Vec::new();
    let (pen, look) = (&canvas.pen, &canvas.look);
    let room = f64::from(rect.width() - look.em(0.8));
    let mut top = rect.top + look.em(0.2);
    let mut lines = wrap(question, look.text, room);
    if lines.len() > 2 {
        let rest = lines.split_off(1).join(" ");
        lines.push(fit(&rest, look.text, room));
    }
    for line in &lines {
        pen.text(line, (rect.left + look.em(0.4), top + look.em(0.6)), Anchor::LEFT, look.text, look.theme.ink())?;
        top += look.em(1.25);
    }
    let all = total(options);
    let end = |option: &Vote| format!("{}{}", if option.right { "✓ " } else { "" }, share(option, all, look.lang));
    let widest = |text: &dyn Fn(&Vote) -> f64| options.iter().map(text).fold(0.0, f64::max) as i32 + look.em(0.9);
    let label = widest(&|option| text_width(option.label.get(look.lang), look.text));
    let right = widest(&|option| text_width(&end(option), look.text * 1.08));
    // Answers stand before their bars, or where they are long above them.
    let pitch = ((rect.bottom - top) / (options.len().max(1) as i32)).min(look.em(5.0)).max(1);
    let above = label * 100 > rect.width() * 45 && pitch >= look.em(2.3);
    let left = if above { look.em(0.4) } else { label.min(rect.width() * 45 / 100) };
    let width = (rect.width() - left - right).max(look.em(1.0));
    let most = options.iter().map(|option| option.votes).max().unwrap_or(0).max(1);
    for (place, option) in options.iter().enumerate() {
        let upper = top + pitch * place as i32;
        let (middle, half) = if above {
            (upper + (pitch + look.em(1.2)) / 2, ((pitch - look.em(1.4)) / 2).min(look.em(1.1)))
        } else {
            (upper + pitch / 2, (pitch * 3 / 8).min(look.em(1.1)))
        };
        let (colour, half) = (look.theme.predicted(), half.max(1));
        let from = rect.left + left;
        let to = from + (f64::from(width) * f64::from(option.votes) / f64::from(most)) as i32;
        let room = if above { rect.width() } else { left } - look.em(0.8);
        let name = fit(option.label.get(look.lang), look.text, f64::from(room));
        let (at, anchor) =
            if above { ((from, upper + look.em(0.6)), Anchor::LEFT) } else { ((from - look.em(0.4), middle), Anchor::RIGHT) };
        pen.text(&name, at, anchor, look.text, look.theme.ink())?;
        pen.block((from, middle - half), (to.max(from + 1), middle + half), faded(colour, if option.right { 0.8 } else { 0.4 }))?;
        pen.frame((from, middle - half), (to.max(from + 1), middle + half), colour, look.width(if option.right { 0.8 } else { 0.3 }))?;
        let at = (to + look.em(0.4), middle);
        if option.right {
            pen.bold(&end(option), at, Anchor::LEFT, look.text, look.theme.ink())?;
        } else {
            pen.text(&end(option), at, Anchor::LEFT, look.text, look.theme.ink())?;
        }
        found.push((to, middle));
    }
    Ok(found)
}

impl Plain for Votes {
    fn title(&self, lang: Lang) -> String {
        match self.question.get(lang) {
            "" => lang.pick("Vorhersagen", "predictions").to_owned(),
            question => question.to_owned(),
        }
    }

    fn check(&self) -> Result<(), VizError> {
        match self.options.len() {
            1..=MOST => Ok(()),
            count => Err(VizError::Plain(format!("a question has 1 to {MOST} options, this one {count}"))),
        }
    }

    fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), VizError> {
        let lang = canvas.look.lang;
        let rect = canvas.headline(self.question.get(lang))?;
        let all = format!("{} n = {}", lang.pick("Stimmen:", "votes:"), total(&self.options));
        let rect = canvas.notes(rect, &[all], 1)?;
        draw(canvas, rect, "", &self.options)?.into_iter().enumerate().for_each(|(place, at)| canvas.mark(0, place, at));
        Ok(())
    }

    fn summary(&self, lang: Lang) -> String {
        told(self.question.get(lang), &self.options, lang)
    }

    fn cells(&self, lang: Lang) -> Cells {
        let columns = [lang.pick("Antwort", "answer"), lang.pick("Stimmen", "votes"), lang.pick("trifft zu", "is right")];
        let row = |option: &Vote| {
            let right = if option.right { lang.pick("ja", "yes") } else { "" };
            vec![Cell::text(option.label.get(lang)), Cell::Number(option.votes.into(), 0), Cell::text(right)]
        };
        Cells { columns: columns.map(str::to_owned).to_vec(), rows: self.options.iter().map(row).collect() }
    }

    fn lengths(&self) -> Vec<usize> {
        vec![self.options.len()]
    }

    fn readout(&self, place: Place, lang: Lang) -> String {
        let all = total(&self.options);
        let option = self.options.get(place.index);
        option.map(|option| format!("{}: {}", option.label.get(lang), share(option, all, lang))).unwrap_or_default()
    }

    fn tune(&self, _: usize, lang: Lang) -> (String, Vec<Option<f64>>, String) {
        let votes = self.options.iter().map(|option| Some(f64::from(option.votes))).collect();
        (self.title(lang), votes, lang.pick("Stimmen", "votes").to_owned())
    }
}
