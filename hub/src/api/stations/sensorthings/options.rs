//! What stands behind the question mark of a SensorThings request, and within the brackets of an `$expand`.
//!
//! OGC 18-088, "Requesting Data": req/request-data/{expand, select, orderby, top, skip, count, filter, pagination}.

use messwerk_lessons::Micros;

use super::filter::Filter;
use super::not_here;
use crate::api::problem::Problem;

/// Entities of an answer without `$top`, and at most.
const TOP: (usize, usize) = (100, 1_000);

/// How deep an `$expand` goes: Locations, their Things, their Datastreams, their Observations, their FeatureOfInterest.
const DEEP: usize = 4;

/// The options that are known.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Options {
    pub(super) top: usize,
    pub(super) skip: usize,
    pub(super) count: bool,
    pub(super) filter: Option<Filter>,
    /// Paths of properties, each with whether it goes down.
    pub(super) order: Vec<(String, bool)>,
    /// Names of properties and links; all without.
    pub(super) select: Vec<String>,
    /// Links whose entities come along.
    pub(super) expand: Vec<(String, Options)>,
    /// Behind which Observation a page begins: its time, and the id of its Datastream. Only our own links have it.
    pub(super) after: Option<(Micros, String)>,
    /// As they were written, for links.
    written: Vec<(String, String)>,
}

fn wrong(name: &str, value: &str, example: &str) -> Problem {
    Problem::bad_request(format!("{name}={value}: write {example}."))
}

impl Options {
    /// Reads a query. 400 for nonsense, 501 for what the standard has and this does not.
    pub(super) fn read(query: &str) -> Result<Self, Problem> {
        Self::of(form_urlencoded::parse(query.as_bytes()).map(|(name, value)| (name.into_owned(), value.into_owned())).collect(), 0)
    }

    fn of(written: Vec<(String, String)>, depth: usize) -> Result<Self, Problem> {
        let mut options = Self {
            top: TOP.0,
            skip: 0,
            count: false,
            filter: None,
            order: vec![],
            select: vec![],
            expand: vec![],
            after: None,
            written: vec![],
        };
        for (name, value) in &written {
            let number = || value.trim().parse::<usize>().map_err(|_| wrong(name, value, "a whole number"));
            match name.as_str() {
                "$top" => options.top = number()?.min(TOP.1),
                "$skip" => options.skip = number()?,
                "$count" => options.count = value.eq_ignore_ascii_case("true"),
                "$filter" if value.trim().is_empty() => {}
                "$filter" => options.filter = Some(Filter::read(value)?),
                "$orderby" => options.order = value.split(',').map(ordering).collect::<Result<_, _>>()?,
                "$select" => options.select = names(value).map(str::to_owned).collect(),
                "$expand" => {
                    if depth >= DEEP {
                        return Err(not_here(&format!("$expand deeper than {DEEP} links")));
                    }
                    for part in split(value, ',') {
                        options.expand(part, depth)?;
                    }
                }
                "$skiptoken" => {
                    let read = value.split_once(',').and_then(|(time, stream)| Some((time.parse().ok()?, stream.to_owned())));
                    options.after = Some(read.ok_or_else(|| wrong(name, value, "none: it belongs to the links of the hub"))?);
                }
                other => {
                    return Err(not_here(&format!(
                        "{other}, where $top, $skip, $count, $filter, $orderby, $select and $expand are known,"
                    )));
                }
            }
        }
        options.written = written;
        Ok(options)
    }

    /// `Datastreams($top=5;$expand=Observations)`, or `Datastreams/Observations`, which means the same without options.
    fn expand(&mut self, part: &str, depth: usize) -> Result<(), Problem> {
        let part = part.trim();
        let (path, inner) = match part.split_once('(') {
            Some((path, inner)) => {
                (path, inner.strip_suffix(')').ok_or_else(|| wrong("$expand", part, "Datastreams($top=5;$expand=Observations($top=1))"))?)
            }
            None => (part, ""),
        };
        let mut written = vec![];
        for option in split(inner, ';').into_iter().filter(|option| !option.trim().is_empty()) {
            let (name, value) = option.split_once('=').ok_or_else(|| wrong("$expand", option, "$top=5 or the like within brackets"))?;
            written.push((name.trim().to_owned(), value.to_owned()));
        }
        let (first, rest) = path.split_once('/').map_or((path, None), |(first, rest)| (first, Some(rest)));
        if let Some(rest) = rest {
            let inner = if inner.is_empty() { rest.to_owned() } else { format!("{rest}({inner})") };
            written = vec![("$expand".to_owned(), inner)];
        }
        let inner = Self::of(written, depth + 1)?;
        let first = first.trim();
        match self.expand.iter_mut().find(|(name, _)| name == first) {
            // `Datastreams/Sensor,Datastreams/ObservedProperty` is one link with two behind it.
            Some((_, known)) if rest.is_some() => {
                known.expand.extend(inner.expand);
                known.written.extend(inner.written);
            }
            Some(_) => return Err(wrong("$expand", part, "each link once")),
            None => self.expand.push((first.to_owned(), inner)),
        }
        Ok(())
    }

    /// The same query from another place on, as a link has it behind its question mark.
    pub(super) fn from(&self, skip: usize) -> String {
        self.link(("$skip", skip.to_string()))
    }

    /// The same query behind an Observation.
    pub(super) fn behind(&self, time: Micros, stream: &str) -> String {
        self.link(("$skiptoken", format!("{time},{stream}")))
    }

    fn link(&self, place: (&str, String)) -> String {
        let kept = self.written.iter().filter(|(name, _)| name != "$skip" && name != "$skiptoken");
        let kept = kept.map(|(name, value)| (name.as_str(), value.as_str())).chain([(place.0, place.1.as_str())]);
        let encoded = |value: &str| form_urlencoded::byte_serialize(value.as_bytes()).collect::<String>().replace('+', "%20");
        kept.map(|(name, value)| format!("{name}={}", encoded(value))).collect::<Vec<_>>().join("&")
    }
}

fn names(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|name| !name.is_empty())
}

/// `name`, `name asc`, `name desc`.
fn ordering(text: &str) -> Result<(String, bool), Problem> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let (path, down) = match words[..] {
        [path] => (path, false),
        [path, way] if way.eq_ignore_ascii_case("asc") => (path, false),
        [path, way] if way.eq_ignore_ascii_case("desc") => (path, true),
        _ => return Err(wrong("$orderby", text, "a property, with asc or desc behind it")),
    };
    Ok((path.to_owned(), down))
}

/// Parts between signs that stand outside of brackets and quotation marks.
fn split(text: &str, at: char) -> Vec<&str> {
    let (mut parts, mut begin, mut depth, mut quoted) = (vec![], 0, 0_i32, false);
    for (place, sign) in text.char_indices() {
        match sign {
            '\'' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            sign if sign == at && depth == 0 && !quoted => {
                parts.push(text.get(begin..place).unwrap_or_default());
                begin = place + at.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(text.get(begin..).unwrap_or_default());
    parts
}

#[cfg(test)]
mod tests;
