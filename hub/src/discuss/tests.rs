use std::collections::BTreeMap;

use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_lessons::template::{Template, builtin};
use messwerk_query::Step;
use messwerk_viz_wasm::plain::data::Prediction;

use super::*;

fn outcome(number: u32, value: f64) -> ThingOutcome {
    let step = messwerk_lessons::template::Quantity { value: 1.3, uncertainty: 0.01, unit: "s".to_owned() };
    ThingOutcome {
        thing: ThingId(u64::from(number)),
        number,
        nickname: format!("Otter {number}"),
        run: 1,
        by_hand: false,
        name: "g".to_owned(),
        value,
        uncertainty: 0.05,
        unit: "m/s2".to_owned(),
        steps: vec![Step { name: "T".to_owned(), quantity: step }],
        excluded: (number == 2).then(|| "half period".to_owned()),
        undone: false,
        entered: BTreeMap::new(),
        hints: vec![],
    }
}

fn class(values: &[f64]) -> LessonOutcomes {
    let outcomes = values.iter().zip(1..).map(|(value, number)| outcome(number, *value)).collect();
    LessonOutcomes { outcomes, ..LessonOutcomes::none(LessonId(1), "pendulum") }
}

fn drawn(template: &Template, outcomes: &LessonOutcomes, predicted: &Predicted) -> Vec<PlainFigure> {
    Class { template, outcomes, predicted, curves: Curves::new() }.figures()
}

/// The pendulum, and two questions.
fn template() -> Template {
    let text = include_str!("../../../lessons/library/pendulum/lesson.toml");
    let asked = r#"
[[figure]]
kind = "histogram"
of = "T"

[[predict]]
name = "much"
kind = "number"
question = { de = "Wie groß?", en = "How large?" }
unit = "m/s2"
min = 0
max = 20
of = "g"

[[predict]]
name = "mass"
kind = "choice"
question = { de = "Schwerer?", en = "Heavier?" }
options = [{ de = "langsamer", en = "slower" }, { de = "gleich", en = "equal" }]
"#;
    Template::parse(&format!("{text}{asked}")).unwrap()
}

fn said(much: f64, mass: f64) -> BTreeMap<String, f64> {
    [("predict.much".to_owned(), much), ("predict.mass".to_owned(), mass), ("length_m".to_owned(), 0.5)].into()
}

#[test]
fn every_result_with_its_reason_and_the_reference() {
    let figures = drawn(builtin("pendulum").unwrap(), &class(&[9.7, 39.0]), &Predicted::default());
    let strip = figures.iter().find_map(|figure| match figure {
        PlainFigure::Strip(strip) => Some(strip),
        _ => None,
    });
    let strip = strip.unwrap();
    assert_eq!((strip.values[0].value, strip.values[0].number), (9.7, 1));
    assert_eq!(strip.values[1].excluded.as_deref(), Some("half period"));
    assert_eq!((strip.reference.as_ref().unwrap().value, strip.quantity.unit.as_str()), (9.81, "m/s2"));
    figures.iter().for_each(|figure| figure.check().unwrap());
}

#[test]
fn predictions_lie_over_their_result_and_votes_are_counted() {
    let (template, entered) = (template(), [said(9.0, 2.0), said(12.0, 2.0), said(10.0, 1.0)]);
    let predicted = Predicted::of(&template, entered.iter());
    let figures = drawn(&template, &class(&[9.7, 9.9]), &predicted);
    let (mut numbers, mut votes) = (vec![], vec![]);
    for figure in &figures {
        match figure {
            PlainFigure::Strip(strip) => numbers.extend(strip.predictions.clone()),
            // The pendulum has one of g, too.
            PlainFigure::Histogram(histogram) if histogram.quantity.unit == "s" => {
                assert!(histogram.predictions.is_empty(), "nobody predicted T");
                assert_eq!(histogram.values[0].value, 1.3, "what was found on the way");
                assert!(histogram.reference.is_none());
            }
            PlainFigure::Votes(asked) => votes = asked.options.iter().map(|option| option.votes).collect(),
            _ => {}
        }
    }
    let [Prediction::Number { values, .. }] = &numbers[..] else { panic!("{numbers:?}") };
    assert_eq!((&values[..], &votes[..]), (&[9.0, 12.0, 10.0][..], &[1, 2][..]));
}

#[test]
fn everybodys_curves_lie_on_one_another_once_there_are_any() {
    let text = include_str!("../../../lessons/library/pendulum/lesson.toml");
    let overlay =
        "\n[[figure]]\nkind = \"overlay\"\nof = \"angular_velocity.z\"\nlevel = 0.15\nedge = \"rising\"\nbefore_s = 0.5\nafter_s = 2\n";
    let template = Template::parse(&format!("{text}{overlay}")).unwrap();
    let place = template.figures.len() - 1;
    let (outcomes, predicted) = (class(&[9.7, 9.9]), Predicted::default());
    let with = |curves: Curves| Class { template: &template, outcomes: &outcomes, predicted: &predicted, curves }.figure(place);
    assert_eq!(with(Curves::new()), None, "nobody has measured");
    let curve =
        |name: &str| Curve { name: Bilingual::same(name), x: vec![-0.5, 0.0, 2.0], y: vec![None, Some(0.15), Some(0.8)], own: false };
    let Some(PlainFigure::Overlay(drawn)) = with([(place, vec![curve("Otter"), curve("Fuchs")])].into()) else { panic!() };
    assert_eq!((drawn.curves.len(), drawn.level, drawn.y.unit.as_str()), (2, Some(0.15), "rad/s"));
    PlainFigure::Overlay(drawn).check().unwrap();
}

#[test]
fn the_class_draws_its_line_and_says_why_not_before() {
    let template = builtin("pendulum").unwrap();
    let place = template.figures.iter().position(|figure| figure.kind() == "scatter").unwrap();
    let predicted = Predicted::default();
    let few = class(&[9.7]);
    let class_of = |outcomes| Class { template, outcomes, predicted: &predicted, curves: Curves::new() };
    assert_eq!(class_of(&few).figure(place), None);
    assert!(class_of(&few).missing(place).is_some_and(|reason| !reason.de.is_empty() && !reason.en.is_empty()));
    let mut many = class(&[9.7, 9.8, 9.9, 9.6]);
    for (outcome, length) in many.outcomes.iter_mut().zip([0.3, 0.5, 0.7, 0.9]) {
        outcome.entered = [("length_m".to_owned(), length)].into();
        outcome.steps[0].quantity.value = std::f64::consts::TAU * (length / 9.81_f64).sqrt();
    }
    let Some(PlainFigure::Scatter(scatter)) = class_of(&many).figure(place) else { panic!() };
    let names: Vec<&str> = scatter.groups[0].points.iter().map(|dot| dot.name.as_str()).collect();
    assert_eq!(names, ["Otter 1", "Otter 3", "Otter 4"], "who does not count is not in it");
    assert_eq!((scatter.x.unit.as_str(), scatter.y.unit.as_str()), ("m", "s2"));
}
