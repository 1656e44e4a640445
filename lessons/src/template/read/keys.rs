//! A table of the file: each key is asked for by its type, and what nobody asked for is unknown.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::ops::Range;

use toml::Spanned;
#[cfg(feature = "bundles")]
use toml::de::DeString;
use toml::de::{DeTable, DeValue};

use super::Notes;
use crate::template::finding::{Issue, Wanted, nearest};
use crate::template::{Language, Text};

pub(crate) struct Keys<'n, 't> {
    pub(in crate::template) notes: &'n Notes,
    table: &'n DeTable<'t>,
    path: String,
    /// Its path without names and numbers: `analysis`, `analysis.label`.
    #[cfg(test)]
    kind: String,
    known: RefCell<BTreeSet<&'static str>>,
    /// Which keys it has is not known, because its kind is not.
    kindless: Cell<bool>,
}

type Value<'n, 't> = &'n Spanned<DeValue<'t>>;

impl<'n, 't> Keys<'n, 't> {
    pub(super) fn new(notes: &'n Notes, table: &'n DeTable<'t>, path: String, span: Range<usize>) -> Self {
        notes.place(&path, &span);
        #[cfg(test)]
        let kind = path.split('.').next().unwrap_or_default().to_owned();
        Self {
            notes,
            table,
            path,
            #[cfg(test)]
            kind,
            known: RefCell::default(),
            kindless: Cell::new(false),
        }
    }

    pub(crate) fn path(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    pub(crate) fn note(&self, key: &str, issue: Issue) {
        self.notes.note(&self.path(key), issue);
    }

    /// The value of a key; from now on the key is known.
    fn value(&self, key: &'static str) -> Option<Value<'n, 't>> {
        self.known.borrow_mut().insert(key);
        #[cfg(test)]
        self.notes.asked.borrow_mut().insert((self.kind.clone(), key.to_owned()));
        let value = self.table.get(key)?;
        self.notes.place(&self.path(key), &value.span());
        Some(value)
    }

    pub(crate) fn has(&self, key: &'static str) -> bool {
        self.value(key).is_some()
    }

    fn typed<T>(&self, key: &'static str, wanted: Wanted, read: impl Fn(&'n DeValue<'t>) -> Option<T>) -> Option<T> {
        let found = read(self.value(key)?.get_ref());
        if found.is_none() {
            self.note(key, Issue::WrongType { wanted });
        }
        found
    }

    /// The value or, having said that it is missing, nothing. (A wrong one was complained about.)
    fn required<T>(&self, key: &'static str, found: Option<T>) -> Option<T> {
        if found.is_none() && !self.has(key) {
            self.note(key, Issue::Missing(key));
        }
        found
    }

    pub(crate) fn text_if(&self, key: &'static str) -> Option<String> {
        self.typed(key, Wanted::Text, |value| value.as_str().map(str::to_owned))
    }

    pub(crate) fn text(&self, key: &'static str) -> Option<String> {
        self.required(key, self.text_if(key))
    }

    pub(crate) fn number_if(&self, key: &'static str) -> Option<f64> {
        self.typed(key, Wanted::Number, number)
    }

    pub(crate) fn number(&self, key: &'static str) -> Option<f64> {
        self.required(key, self.number_if(key))
    }

    pub(crate) fn number_or(&self, key: &'static str, otherwise: f64) -> f64 {
        self.number_if(key).unwrap_or(otherwise)
    }

    pub(crate) fn whole_if(&self, key: &'static str, range: std::ops::RangeInclusive<i64>) -> Option<i64> {
        let found = self.typed(key, Wanted::Whole, whole)?;
        if range.contains(&found) {
            return Some(found);
        }
        self.note(key, Issue::Outside(format!("{} <= {key} <= {}", range.start(), range.end())));
        None
    }

    pub(crate) fn whole(&self, key: &'static str, range: std::ops::RangeInclusive<i64>) -> Option<i64> {
        let found = self.whole_if(key, range);
        self.required(key, found)
    }

    pub(crate) fn flag(&self, key: &'static str, otherwise: bool) -> bool {
        self.typed(key, Wanted::Flag, DeValue::as_bool).unwrap_or(otherwise)
    }

    /// A list of texts, complained about as a whole.
    pub(crate) fn texts_if(&self, key: &'static str) -> Option<Vec<String>> {
        self.typed(key, Wanted::List, |value| {
            value.as_array()?.iter().map(|item| item.get_ref().as_str().map(str::to_owned)).collect::<Option<Vec<String>>>()
        })
    }

    pub(crate) fn texts(&self, key: &'static str) -> Option<Vec<String>> {
        self.required(key, self.texts_if(key))
    }

    pub(crate) fn numbers(&self, key: &'static str) -> Option<Vec<i64>> {
        let list =
            self.typed(key, Wanted::List, |value| value.as_array()?.iter().map(|item| whole(item.get_ref())).collect::<Option<Vec<i64>>>());
        self.required(key, list)
    }

    /// A text or a list of texts.
    pub(crate) fn one_or_more(&self, key: &'static str) -> Option<Vec<String>> {
        let found = self.typed(key, Wanted::Text, |value| match value {
            DeValue::String(one) => Some(vec![one.to_string()]),
            DeValue::Array(several) => several.iter().map(|item| item.get_ref().as_str().map(str::to_owned)).collect(),
            _ => None,
        });
        self.required(key, found)
    }

    /// One word of a closed list.
    pub(crate) fn word_if<T>(&self, key: &'static str, known: &[(&str, T)]) -> Option<T>
    where
        T: Clone,
    {
        let found = self.text_if(key)?;
        self.word_of(key, &found, known)
    }

    pub(crate) fn word<T: Clone>(&self, key: &'static str, known: &[(&str, T)]) -> Option<T> {
        let found = self.word_if(key, known);
        self.required(key, found)
    }

    /// The word that decides which other keys there are.
    pub(crate) fn kind<T: Clone>(&self, key: &'static str, known: &[(&str, T)]) -> Option<T> {
        let found = self.word(key, known);
        self.kindless.set(found.is_none());
        found
    }

    pub(crate) fn word_of<T: Clone>(&self, key: &str, found: &str, known: &[(&str, T)]) -> Option<T> {
        let hit = known.iter().find(|(name, _)| *name == found).map(|(_, value)| value.clone());
        if hit.is_none() {
            let names = || known.iter().map(|(name, _)| *name);
            let near = nearest(found, names()).map(str::to_owned);
            let found = found.chars().take(40).collect();
            self.note(key, Issue::Unknown { found, near, known: names().map(str::to_owned).collect() });
        }
        hit
    }

    /// A text per language.
    pub(crate) fn words(&self, key: &'static str, most: usize) -> Option<Text> {
        let found = self.value(key);
        let Some(found) = found else { return self.required(key, None) };
        match self.in_languages(&self.path(key), found, most) {
            Some(text) => Some(text),
            None if found.get_ref().as_table().is_none() => {
                self.note(key, Issue::WrongType { wanted: Wanted::Words });
                None
            }
            None => None,
        }
    }

    /// A list of texts per language.
    pub(crate) fn words_list(&self, key: &'static str, most: usize) -> Option<Vec<Text>> {
        let list = self.typed(key, Wanted::List, DeValue::as_array);
        let list = self.required(key, list)?;
        let text = |(index, item): (usize, Value<'n, 't>)| self.in_languages(&format!("{}.{}", self.path(key), index + 1), item, most);
        let texts: Vec<Option<Text>> = list.iter().enumerate().map(text).collect();
        texts.into_iter().collect()
    }

    fn in_languages(&self, path: &str, value: Value<'n, 't>, most: usize) -> Option<Text> {
        let keys = Keys::new(self.notes, value.get_ref().as_table()?, path.to_owned(), value.span());
        let languages = self.notes.languages.borrow().clone();
        let mut said = Vec::new();
        for language in Language::ALL {
            let text = if languages.contains(&language) { keys.text(language.name()) } else { keys.text_if(language.name()) };
            if let Some(text) = &text {
                let place = keys.path(language.name());
                if text.trim().is_empty() {
                    self.notes.note(&place, Issue::Empty);
                } else if text.chars().count() > most {
                    self.notes.note(&place, Issue::TooLong { most });
                }
            }
            said.push(text);
        }
        keys.finish();
        let en = said.pop().flatten();
        let de = said.pop().flatten();
        // What only one language has is said in that one.
        let either = de.clone().or_else(|| en.clone())?;
        Some(Text { de: de.unwrap_or_else(|| either.clone()), en: en.unwrap_or(either) })
    }

    /// A table of its own.
    pub(crate) fn table(&self, key: &'static str) -> Option<Keys<'n, 't>> {
        let value = self.value(key)?;
        let table = self.typed(key, Wanted::Table, DeValue::as_table)?;
        Some(Keys::new(self.notes, table, self.path(key), value.span()))
    }

    /// A list of tables, each read by `read`; those that cannot be read are left out, and their names remembered.
    pub(crate) fn tables<T>(&self, key: &'static str, most: usize, read: impl Fn(&Keys<'n, 't>) -> Option<T>) -> Vec<T> {
        let Some(list) = self.typed(key, Wanted::Tables, DeValue::as_array) else { return vec![] };
        if list.len() > most {
            self.note(key, Issue::TooMany { most });
        }
        let mut found = vec![];
        for (index, item) in list.iter().enumerate().take(most) {
            let Some(table) = item.get_ref().as_table() else {
                self.note(key, Issue::WrongType { wanted: Wanted::Tables });
                continue;
            };
            let name = table.get("name").and_then(|name| name.get_ref().as_str());
            let called = name.map_or_else(|| (index + 1).to_string(), |name| name.chars().take(32).collect());
            let mut path = format!("{}.{called}", self.path(key));
            // Of two of one name the second is found by its number.
            if self.notes.places.borrow().contains_key(&path) {
                path = format!("{}.{}", self.path(key), index + 1);
            }
            let keys = Keys::new(self.notes, table, path, item.span());
            let entry = read(&keys);
            keys.finish();
            if let (None, Some(name)) = (&entry, name) {
                self.notes.mark_broken(name);
            }
            found.extend(entry);
        }
        found
    }

    /// Every key of a table whose keys are free, with its number.
    #[cfg(feature = "bundles")]
    pub(crate) fn free_numbers(&self) -> Vec<(String, f64)> {
        let one = |(key, value): (&Spanned<DeString<'t>>, Value<'n, 't>)| {
            self.notes.place(&self.path(key.get_ref()), &value.span());
            let found = number(value.get_ref()).filter(|number| number.is_finite());
            if found.is_none() {
                self.note(key.get_ref(), Issue::WrongType { wanted: Wanted::Number });
            }
            Some((key.get_ref().to_string(), found?))
        };
        self.table.iter().filter_map(one).collect()
    }

    /// Every key of a table whose keys are free, with its table.
    #[cfg(feature = "bundles")]
    pub(crate) fn free_tables(&self) -> Vec<(String, Keys<'n, 't>)> {
        for (key, value) in self.table.iter().filter(|(_, value)| value.get_ref().as_table().is_none()) {
            self.notes.place(&self.path(key.get_ref()), &value.span());
            self.note(key.get_ref(), Issue::WrongType { wanted: Wanted::Table });
        }
        self.free_tables_if()
    }

    /// As [`free_tables`](Self::free_tables), without a word about the rest.
    #[cfg(feature = "bundles")]
    pub(crate) fn free_tables_if(&self) -> Vec<(String, Keys<'n, 't>)> {
        let one = |(key, value): (&Spanned<DeString<'t>>, Value<'n, 't>)| {
            let path = self.path(key.get_ref());
            Some((key.get_ref().to_string(), Keys::new(self.notes, value.get_ref().as_table()?, path, value.span())))
        };
        self.table.iter().filter_map(one).collect()
    }

    /// Complains that the table itself has a name that is none of these.
    #[cfg(feature = "bundles")]
    pub(crate) fn note_here(&self, name: &str, known: &[(&str, ())]) {
        let names = || known.iter().map(|(name, ())| *name);
        let near = nearest(name, names()).map(str::to_owned);
        let found = name.chars().take(40).collect();
        self.notes.note(&self.path, Issue::Unknown { found, near, known: names().map(str::to_owned).collect() });
    }

    /// Complains about the keys nobody asked for.
    pub(crate) fn finish(&self) {
        if self.kindless.get() {
            return;
        }
        let known = self.known.borrow();
        for key in self.table.keys().filter(|key| !known.contains(key.get_ref().as_ref())) {
            let written: String = key.get_ref().chars().take(40).collect();
            let near = nearest(&written, known.iter().copied()).map(str::to_owned);
            self.notes.note_at(key.span().start, &self.path(&written), Issue::UnknownKey { key: written.clone(), near });
        }
    }
}

fn whole(value: &DeValue<'_>) -> Option<i64> {
    let integer = value.as_integer()?;
    i64::from_str_radix(&integer.as_str().replace('_', ""), integer.radix()).ok()
}

fn number(value: &DeValue<'_>) -> Option<f64> {
    match value {
        DeValue::Integer(_) => whole(value).map(|whole| whole as f64),
        DeValue::Float(float) => float.as_str().replace('_', "").parse().ok(),
        _ => None,
    }
}
