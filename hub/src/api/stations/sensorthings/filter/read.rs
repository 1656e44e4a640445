//! Expressions as they are written.

use serde_json::Value;

use super::{Comparison, Filter, Literal, Shape, time};
use crate::api::problem::Problem;
use crate::api::stations::sensorthings::not_here;

/// Brackets within brackets, and terms: nobody's filter has more, and reading it must end.
const DEEP: usize = 20;
const TERMS: usize = 200;

/// A piece of an expression.
#[derive(Debug, Clone, PartialEq)]
enum Token {
    Word(String),
    Text(String),
    Open,
    Close,
    Comma,
}

fn wrong(what: &str) -> Problem {
    Problem::bad_request(format!("$filter: {what}. Write as in: name eq 'Roof' and properties/elevation_m gt 10"))
}

pub(super) fn read(text: &str) -> Result<Filter, Problem> {
    let mut reader = Reader { tokens: tokens(text)?, place: 0, terms: 0 };
    let filter = reader.any(0)?;
    if reader.place < reader.tokens.len() { Err(wrong("something follows behind its end")) } else { Ok(filter) }
}

fn tokens(text: &str) -> Result<Vec<Token>, Problem> {
    let mut tokens = vec![];
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '(' => tokens.push(Token::Open),
            ')' => tokens.push(Token::Close),
            ',' => tokens.push(Token::Comma),
            '\'' => {
                let mut inside = String::new();
                loop {
                    match signs.next() {
                        None => return Err(wrong("a text has no end")),
                        // Two of them are one that is meant.
                        Some('\'') if signs.next_if_eq(&'\'').is_none() => break,
                        Some(sign) => inside.push(sign),
                    }
                }
                tokens.push(Token::Text(inside));
            }
            sign if sign.is_whitespace() => {}
            sign => {
                let mut word = String::from(sign);
                while let Some(sign) = signs.next_if(|sign| !sign.is_whitespace() && !"(),'".contains(*sign)) {
                    word.push(sign);
                }
                tokens.push(Token::Word(word));
            }
        }
    }
    Ok(tokens)
}

struct Reader {
    tokens: Vec<Token>,
    place: usize,
    terms: usize,
}

impl Reader {
    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.place).cloned();
        self.place += 1;
        token
    }

    /// Goes on behind a token if it is the next one.
    fn skip(&mut self, wanted: impl Fn(&Token) -> bool) -> bool {
        let found = self.tokens.get(self.place).is_some_and(wanted);
        self.place += usize::from(found);
        found
    }

    fn word(&mut self, wanted: &str) -> bool {
        self.skip(|token| matches!(token, Token::Word(word) if word == wanted))
    }

    fn any(&mut self, depth: usize) -> Result<Filter, Problem> {
        let mut found = self.all(depth)?;
        while self.word("or") {
            found = Filter::Or(Box::new(found), Box::new(self.all(depth)?));
        }
        Ok(found)
    }

    fn all(&mut self, depth: usize) -> Result<Filter, Problem> {
        let mut found = self.one(depth)?;
        while self.word("and") {
            found = Filter::And(Box::new(found), Box::new(self.one(depth)?));
        }
        Ok(found)
    }

    fn one(&mut self, depth: usize) -> Result<Filter, Problem> {
        self.terms += 1;
        if depth > DEEP || self.terms > TERMS {
            return Err(wrong("it is too long"));
        }
        if self.word("not") {
            return Ok(Filter::Not(Box::new(self.one(depth + 1)?)));
        }
        if self.skip(|token| *token == Token::Open) {
            let inner = self.any(depth + 1)?;
            return if self.skip(|token| *token == Token::Close) { Ok(inner) } else { Err(wrong("a bracket is not closed")) };
        }
        let Some(Token::Word(path)) = self.next() else { return Err(wrong("a property's name is missing")) };
        if self.skip(|token| *token == Token::Open) {
            return self.within(&path);
        }
        let comparison = match self.next() {
            Some(Token::Word(word)) => comparison(&word)?,
            _ => return Err(wrong(&format!("behind {path} comes eq, ne, gt, ge, lt or le"))),
        };
        let literal = match self.next() {
            Some(Token::Text(text)) if time(&text).is_some() => Literal::Time(text),
            Some(Token::Text(text)) => Literal::Value(Value::String(text)),
            Some(Token::Word(word)) => self.literal(word)?,
            _ => return Err(wrong(&format!("{path} is compared with nothing"))),
        };
        Ok(Filter::Compare(path, comparison, literal))
    }

    fn literal(&mut self, word: String) -> Result<Literal, Problem> {
        // The + of +01:00 is a space in an address, unless it was written as %2B.
        if let Some(Token::Word(zone)) = self.tokens.get(self.place)
            && word.contains('T')
            && time(&format!("{word}+{zone}")).is_some()
        {
            let text = format!("{word}+{zone}");
            self.place += 1;
            return Ok(Literal::Time(text));
        }
        if time(&word).is_some() {
            return Ok(Literal::Time(word));
        }
        match serde_json::from_str::<Value>(&word) {
            Ok(value) => Ok(Literal::Value(value)),
            Err(_) => Err(wrong(&format!("{word} is no text in '', no number, no time as 2026-11-23T00:00:00Z, not true, false or null"))),
        }
    }

    /// `geo.intersects(location, geography'Polygon ((…))')` behind its bracket.
    fn within(&mut self, function: &str) -> Result<Filter, Problem> {
        if !["geo.intersects", "st_within", "st_intersects"].contains(&function) {
            return Err(not_here(&format!("{function}() in $filter, where geo.intersects and st_within with a polygon are known,")));
        }
        let shape = |text: &str| Shape::read(text).ok_or_else(|| wrong("geography takes 'Polygon ((10 54, 11 54, 11 55, 10 54))'"));
        match (self.next(), self.next(), self.next(), self.next(), self.next()) {
            (Some(Token::Word(path)), Some(Token::Comma), Some(Token::Word(word)), Some(Token::Text(text)), Some(Token::Close))
                if word == "geography" =>
            {
                Ok(Filter::Within(path, shape(&text)?))
            }
            _ => Err(wrong(&format!("{function} takes a property and geography'Polygon ((…))'"))),
        }
    }
}

fn comparison(word: &str) -> Result<Comparison, Problem> {
    Ok(match word {
        "eq" => Comparison::Eq,
        "ne" => Comparison::Ne,
        "gt" => Comparison::Gt,
        "ge" => Comparison::Ge,
        "lt" => Comparison::Lt,
        "le" => Comparison::Le,
        other => return Err(not_here(&format!("{other} in $filter, where eq, ne, gt, ge, lt and le are known,"))),
    })
}
