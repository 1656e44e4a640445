//! From words and signs to a tree; a descent of bounded depth.

use super::token::{Placed, Token, tokens, unexpected};
use super::{Comparison, DEEPEST, ExpressionError, Function, LONGEST, Node, Operator, Test};
use crate::unit::Unit;

type Read<T> = Result<T, ExpressionError>;

pub(super) fn expression(text: &str) -> Read<Node> {
    let mut parser = Parser::new(text)?;
    let node = parser.sum()?;
    parser.end()?;
    Ok(node)
}

pub(super) fn condition(text: &str) -> Read<Test> {
    let mut parser = Parser::new(text)?;
    let test = parser.either()?;
    parser.end()?;
    Ok(test)
}

struct Parser<'t> {
    text: &'t str,
    tokens: Vec<Placed<'t>>,
    next: usize,
    depth: u32,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str) -> Read<Self> {
        if text.len() > LONGEST {
            return Err(ExpressionError::TooLong);
        }
        Ok(Self { text, tokens: tokens(text)?, next: 0, depth: 0 })
    }

    fn peek(&self) -> Option<&Token<'t>> {
        self.tokens.get(self.next).map(|(token, _)| token)
    }

    fn here(&self) -> ExpressionError {
        unexpected(self.text, self.tokens.get(self.next).map_or(self.text.len(), |(_, at)| *at))
    }

    fn end(&self) -> Read<()> {
        if self.next == self.tokens.len() { Ok(()) } else { Err(self.here()) }
    }

    fn sign(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Sign(next)) if *next == sign);
        self.next += usize::from(found);
        found
    }

    fn word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Name(next)) if *next == word);
        self.next += usize::from(found);
        found
    }

    fn demand(&mut self, sign: &str) -> Read<()> {
        if self.sign(sign) { Ok(()) } else { Err(self.here()) }
    }

    /// One level down, and up again.
    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(ExpressionError::TooLong);
        }
        let found = read(self);
        self.depth -= 1;
        found
    }

    fn either(&mut self) -> Read<Test> {
        let mut left = self.both()?;
        while self.word("or") {
            left = Test::Or(Box::new(left), Box::new(self.both()?));
        }
        Ok(left)
    }

    fn both(&mut self) -> Read<Test> {
        let mut left = self.not()?;
        while self.word("and") {
            left = Test::And(Box::new(left), Box::new(self.not()?));
        }
        Ok(left)
    }

    fn not(&mut self) -> Read<Test> {
        if self.word("not") {
            return Ok(Test::Not(Box::new(self.deeper(Self::not)?)));
        }
        // A bracket begins either a condition or the left side of a comparison: try the first, else the second.
        let (next, depth) = (self.next, self.depth);
        if self.sign("(") {
            let inner = self.deeper(Self::either);
            if let Ok(test) = inner
                && self.sign(")")
                && !matches!(self.peek(), Some(Token::Sign(sign)) if *sign != ")")
            {
                return Ok(test);
            }
            (self.next, self.depth) = (next, depth);
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Read<Test> {
        let left = self.sum()?;
        let signs = [
            ("<=", Comparison::LessOrEqual),
            (">=", Comparison::GreaterOrEqual),
            ("==", Comparison::Equal),
            ("<", Comparison::Less),
            (">", Comparison::Greater),
        ];
        let found = signs.into_iter().find(|(sign, _)| self.sign(sign));
        let (_, comparison) = found.ok_or_else(|| self.here())?;
        Ok(Test::Compare(comparison, Box::new(left), Box::new(self.sum()?)))
    }

    fn sum(&mut self) -> Read<Node> {
        let mut left = self.product()?;
        loop {
            let operator = match self.peek() {
                Some(Token::Sign("+")) => Operator::Plus,
                Some(Token::Sign("-")) => Operator::Minus,
                _ => return Ok(left),
            };
            self.next += 1;
            left = Node::Binary(operator, Box::new(left), Box::new(self.product()?));
        }
    }

    fn product(&mut self) -> Read<Node> {
        let mut left = self.signed()?;
        loop {
            let operator = match self.peek() {
                Some(Token::Sign("*")) => Operator::Times,
                Some(Token::Sign("/")) => Operator::Over,
                _ => return Ok(left),
            };
            self.next += 1;
            left = Node::Binary(operator, Box::new(left), Box::new(self.signed()?));
        }
    }

    /// A sign binds weaker than a power: -2^2 is -4.
    fn signed(&mut self) -> Read<Node> {
        if self.sign("-") { Ok(Node::Negative(Box::new(self.deeper(Self::signed)?))) } else { self.power() }
    }

    fn power(&mut self) -> Read<Node> {
        let base = self.single()?;
        if !self.sign("^") {
            return Ok(base);
        }
        let exponent =
            self.deeper(|parser| if parser.sign("-") { Ok(Node::Negative(Box::new(parser.single()?))) } else { parser.single() })?;
        if matches!(self.peek(), Some(Token::Sign("^"))) {
            return Err(self.here());
        }
        Ok(Node::Power(Box::new(base), constant(&exponent).ok_or(ExpressionError::Exponent)?))
    }

    fn single(&mut self) -> Read<Node> {
        match self.peek().cloned() {
            Some(Token::Number(value)) => {
                self.next += 1;
                let unit = match self.peek() {
                    Some(Token::Unit(unit)) => unit.clone(),
                    _ => return Ok(Node::Constant(value, Unit::one())),
                };
                self.next += 1;
                Ok(Node::Constant(unit.to_si(value), unit))
            }
            Some(Token::Name("pi")) => {
                self.next += 1;
                Ok(Node::Constant(std::f64::consts::PI, Unit::one()))
            }
            Some(Token::Name(name)) if !["and", "or", "not"].contains(&name) => {
                let start = self.next;
                self.next += 1;
                if !self.sign("(") {
                    return Ok(Node::Name(name.to_owned()));
                }
                let function = Function::from_name(name).ok_or_else(|| ExpressionError::Function(name.to_owned()))?;
                let mut arguments = vec![self.deeper(Self::sum)?];
                while self.sign(",") || self.sign(";") {
                    arguments.push(self.deeper(Self::sum)?);
                }
                self.demand(")")?;
                if arguments.len() != function.arguments() {
                    self.next = start;
                    return Err(self.here());
                }
                Ok(Node::Call(function, arguments))
            }
            Some(Token::Sign("(")) => {
                self.next += 1;
                let inner = self.deeper(Self::sum)?;
                self.demand(")")?;
                Ok(inner)
            }
            _ => Err(self.here()),
        }
    }
}

/// The value of a node without names and units.
fn constant(node: &Node) -> Option<f64> {
    let value = match node {
        Node::Constant(value, unit) if *unit == Unit::one() => *value,
        Node::Negative(inner) => -constant(inner)?,
        Node::Binary(operator, left, right) => {
            let (left, right) = (constant(left)?, constant(right)?);
            match operator {
                Operator::Plus => left + right,
                Operator::Minus => left - right,
                Operator::Times => left * right,
                Operator::Over => left / right,
            }
        }
        _ => return None,
    };
    value.is_finite().then_some(value)
}
