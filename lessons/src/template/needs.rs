//! What the Outcome is made of.

use std::collections::{BTreeMap, BTreeSet};

use super::expr::Expression;
use super::{Channel, Input, Op, Operand, Operands, Template};

impl Template {
    /// Whether the Outcome is made of what a group enters alone: no recording can change it, however much is recorded beside it.
    /// What merely may be measured by hand does not count as that.
    pub fn outcome_is_entered(&self) -> bool {
        let mut open = vec![self.outcome.split('.').next().unwrap_or_default()];
        let mut seen = BTreeSet::new();
        while let Some(name) = open.pop() {
            if !seen.insert(name) {
                continue;
            }
            if let Some(step) = self.step(name) {
                let Some(names) = entered_names(&step.op) else { return false };
                open.extend(names.into_iter().map(|name| name.split('.').next().unwrap_or(name)));
            }
        }
        // A step of that name would be measured by hand; its recording goes before it.
        !self.inputs_by_hand().any(|input| seen.contains(input.name.as_str()))
    }

    /// The inputs that make a result without a recording, which is run 0: all where the Outcome is made of entries, else what may be
    /// measured by hand.
    pub fn inputs_of_run_0(&self) -> Vec<&Input> {
        let all = self.outcome_is_entered();
        self.inputs.iter().filter(|input| all || input.by_hand).collect()
    }

    /// Whether a group entered any of these.
    pub fn has_run_0(&self, entered: &BTreeMap<String, f64>) -> bool {
        self.inputs_of_run_0().iter().any(|input| input.entry_names().iter().any(|name| entered.contains_key(name)))
    }
}

/// The names that an operation reads; `None` of one that reads a recording.
fn entered_names(op: &Op) -> Option<Vec<&str>> {
    match op {
        Op::Period { .. } | Op::Mean { .. } | Op::Values { .. } => None,
        Op::AverageOf { of } => Some(vec![of]),
        Op::DifferenceOf { a, b } => Some(vec![a, b]),
        Op::GravityOfPendulum { period, length: other } | Op::SpringConstant { period, mass: other } => Some(vec![period, other]),
        Op::Line { x, y, .. } | Op::PowerLaw { x, y, .. } | Op::Parabola { x, y } => {
            let mut names = expression_names(x)?;
            names.extend(expression_names(y)?);
            Some(names)
        }
        Op::Formula { expr, .. } => expression_names(expr),
        other => other.operands().and_then(operand_names),
    }
}

fn expression_names(expression: &Expression) -> Option<Vec<&str>> {
    expression.names().into_iter().map(|name| Channel::parse(name).is_none().then_some(name)).collect()
}

fn operand_names(of: &Operands) -> Option<Vec<&str>> {
    let name = |operand| match operand {
        &Operand::Channel(_) => None,
        Operand::Named(name) => Some(name.as_str()),
    };
    of.iter().map(name).collect()
}

#[cfg(test)]
mod tests {
    use crate::template::{builtin, builtins};

    #[test]
    fn lessons_of_tables_are_told_from_those_of_recordings() {
        let entered: Vec<&str> =
            builtins().iter().filter(|template| template.outcome_is_entered()).map(|template| template.id.as_str()).collect();
        assert_eq!(entered, ["day-length", "free-fall", "iss", "light", "reaction", "sound-speed", "spring-masses", "tube", "weather"]);
    }

    #[test]
    fn a_table_is_a_run_0_and_a_length_is_none() {
        let check = |name: &str, entry: &str, expected: bool| {
            assert_eq!(builtin(name).unwrap().has_run_0(&[(entry.to_owned(), 1.0)].into()), expected, "{name} {entry}");
        };
        check("pendulum", "length_m", false);
        check("pendulum", "T", true);
        check("spring-masses", "m.3", true);
        check("spring-masses", "m", false);
    }
}
