//! JSON as a list of leaves with their paths, read in one pass without a tree of the document.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::number::{self, Value};
use super::{MAX_VALUES, Report};
use crate::codec::complaint;

/// Nesting that is followed; Tasmota needs 3.
const DEPTH: usize = 8;
/// Bytes of a path, so that long keys around many values do not add up.
const PATH: usize = 200;
/// Characters of a text that are kept.
const TEXT: usize = 128;

/// A value that is no list and no object.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Scalar {
    Number(f64),
    /// Whole numbers keep their digits: nanoseconds since 1970 do not fit into a float.
    Integer(i64),
    Text(String),
    Bool(bool),
    Null,
}

impl Scalar {
    /// As a reading's value; texts are read as numbers.
    pub(crate) fn value(&self) -> Value {
        match self {
            Self::Number(number) => number::number(*number),
            Self::Integer(number) => number::number(*number as f64),
            Self::Text(text) => number::text(text),
            Self::Null => Value::Missing,
            Self::Bool(_) => Value::NoNumber,
        }
    }

    /// As one would write it.
    pub(crate) fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Number(number) => number.to_string().into(),
            Self::Integer(number) => number.to_string().into(),
            Self::Bool(yes) => yes.to_string().into(),
            Self::Null => "".into(),
        }
    }
}

/// The leaves of a document.
#[derive(Debug, Default)]
pub(crate) struct Flat {
    /// Paths, with dots between keys and numbers of list entries, and values, in the order of the document.
    pub(crate) leaves: Vec<(String, Scalar)>,
    /// What lay deeper, had longer paths or came after too many.
    pub(crate) left: usize,
}

impl Flat {
    /// The first value of a path.
    pub(crate) fn get(&self, path: &str) -> Option<&Scalar> {
        self.leaves.iter().find(|(other, _)| other == path).map(|(_, value)| value)
    }

    /// The first value of a path as text.
    pub(crate) fn text(&self, path: &str) -> Option<Cow<'_, str>> {
        self.get(path).map(Scalar::text)
    }
}

/// The leaves of a body; an error says where it is no JSON, and quotes nothing.
pub(crate) fn flatten(body: &[u8]) -> Result<Flat, String> {
    let mut flat = Flat::default();
    let mut path = String::new();
    let mut document = serde_json::Deserializer::from_slice(body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body));
    let walk = Walk { flat: &mut flat, path: &mut path, depth: 0 };
    walk.deserialize(&mut document).and_then(|()| document.end()).map_err(|error| complaint(&error))?;
    Ok(flat)
}

/// The leaves of a body, or the report that says why there are none.
pub(crate) fn leaves(body: &[u8]) -> Result<Flat, Box<Report>> {
    let undecodable = |detail| Box::new(Report::reject(messwerk_lessons::reject::RejectReason::Undecodable, detail));
    if body.trim_ascii_start().first() == Some(&b'<') {
        return Err(undecodable("HTML or XML instead of data".to_owned()));
    }
    flatten(body).map_err(undecodable)
}

struct Walk<'a> {
    flat: &'a mut Flat,
    path: &'a mut String,
    depth: usize,
}

impl Walk<'_> {
    fn leaf(self, value: Scalar) {
        if self.flat.leaves.len() < MAX_VALUES {
            self.flat.leaves.push((self.path.clone(), value));
        } else {
            self.flat.left += 1;
        }
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.depth > DEPTH || self.path.len() > PATH {
            self.flat.left += 1;
            return IgnoredAny::deserialize(deserializer).map(drop);
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_f64<E>(self, number: f64) -> Result<(), E> {
        self.leaf(Scalar::Number(number));
        Ok(())
    }

    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        self.leaf(Scalar::Integer(number));
        Ok(())
    }

    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        self.leaf(i64::try_from(number).map_or(Scalar::Number(number as f64), Scalar::Integer));
        Ok(())
    }

    fn visit_bool<E>(self, yes: bool) -> Result<(), E> {
        self.leaf(Scalar::Bool(yes));
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.leaf(Scalar::Null);
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.leaf(Scalar::Text(text.chars().take(TEXT).collect()));
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let length = self.path.len();
        for index in 0_usize.. {
            descend(self.path, &index.to_string());
            let inner = Walk { flat: &mut *self.flat, path: &mut *self.path, depth: self.depth + 1 };
            let more = seq.next_element_seed(inner)?.is_some();
            self.path.truncate(length);
            if !more {
                break;
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let length = self.path.len();
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            descend(self.path, &key);
            map.next_value_seed(Walk { flat: &mut *self.flat, path: &mut *self.path, depth: self.depth + 1 })?;
            self.path.truncate(length);
        }
        Ok(())
    }
}

fn descend(path: &mut String, key: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(key);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_have_paths() {
        let flat = flatten(br#"{"a":1,"b":{"c":[2.5,"x",null,true]},"d":1767437013000000000}"#).unwrap();
        let text = |text: &str| Scalar::Text(text.to_owned());
        let expected = [
            ("a", Scalar::Integer(1)),
            ("b.c.0", Scalar::Number(2.5)),
            ("b.c.1", text("x")),
            ("b.c.2", Scalar::Null),
            ("b.c.3", Scalar::Bool(true)),
            ("d", Scalar::Integer(1_767_437_013_000_000_000)),
        ];
        assert_eq!(flat.leaves, expected.map(|(path, value)| (path.to_owned(), value)));
        assert_eq!(flatten(b"23.4").unwrap().leaves, [(String::new(), Scalar::Number(23.4))]);
    }

    #[test]
    fn what_is_too_deep_or_too_much_is_left() {
        let deep = format!("{}1{}", "[".repeat(60), "]".repeat(60));
        let flat = flatten(deep.as_bytes()).unwrap();
        assert_eq!((flat.leaves.len(), flat.left), (0, 1));
        let many = format!("[{}1]", "1,".repeat(20_000));
        let flat = flatten(many.as_bytes()).unwrap();
        assert_eq!((flat.leaves.len(), flat.left), (MAX_VALUES, 20_001 - MAX_VALUES));
        let key = "k".repeat(5_000);
        assert_eq!(flatten(format!(r#"{{"{key}":{{"a":1}}}}"#).as_bytes()).unwrap().left, 1);
        assert!(flatten(b"{\"a\":").is_err());
        assert!(flatten(b"{} {}").is_err());
    }
}
