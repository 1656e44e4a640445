//! What stands behind the question mark of a SensorThings request.

use chrono::DateTime;
use messwerk_lessons::Micros;

use super::not_here;
use crate::api::problem::Problem;

/// Entities of an answer without `$top`, and at most.
const TOP: (usize, usize) = (100, 1_000);

/// The options that are known.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Options {
    pub(super) top: usize,
    pub(super) skip: usize,
    pub(super) count: bool,
    /// Observations from the newest on.
    pub(super) newest: bool,
    /// Whether an order was asked for.
    pub(super) ordered: bool,
    pub(super) filter: Option<String>,
}

fn wrong(name: &str, value: &str, example: &str) -> Problem {
    Problem::bad_request(format!("{name}={value}: write {example}."))
}

impl Options {
    /// Reads a query. 400 for nonsense, 501 for what the standard has and this does not.
    pub(super) fn read(query: &str) -> Result<Self, Problem> {
        let mut options = Self { top: TOP.0, skip: 0, count: false, newest: false, ordered: false, filter: None };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let number = || value.parse::<usize>().map_err(|_| wrong(&name, &value, "a whole number"));
            match &*name {
                "$top" => options.top = number()?.min(TOP.1),
                "$skip" => options.skip = number()?,
                "$count" => options.count = value.eq_ignore_ascii_case("true"),
                "$filter" => options.filter = Some(value.trim().to_owned()).filter(|filter| !filter.is_empty()),
                "$orderby" => {
                    options.ordered = true;
                    options.newest = match value.split_whitespace().collect::<Vec<_>>()[..] {
                        ["phenomenonTime"] | ["phenomenonTime", "asc"] => false,
                        ["phenomenonTime", "desc"] => true,
                        _ => return Err(not_here(&format!("$orderby={value}"))),
                    };
                }
                other => return Err(not_here(other)),
            }
        }
        Ok(options)
    }

    /// The same query from another place on, as a link has it.
    pub(super) fn from(&self, skip: usize) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("$top", &self.top.to_string()).append_pair("$skip", &skip.to_string());
        if self.count {
            query.append_pair("$count", "true");
        }
        if self.ordered {
            query.append_pair("$orderby", if self.newest { "phenomenonTime desc" } else { "phenomenonTime asc" });
        }
        if let Some(filter) = &self.filter {
            query.append_pair("$filter", filter);
        }
        query.finish()
    }

    /// The half-open span of times that the filter leaves.
    pub(super) fn span(&self) -> Result<(Micros, Micros), Problem> {
        let mut span = (Micros::MIN, Micros::MAX);
        let Some(filter) = &self.filter else { return Ok(span) };
        let bare = filter.replace(['(', ')'], " ");
        for term in bare.split(" and ") {
            let words: Vec<&str> = term.split_whitespace().collect();
            let ["phenomenonTime", comparison, time] = words[..] else { return Err(not_here(&format!("$filter={filter}"))) };
            let at = DateTime::parse_from_rfc3339(time.trim_matches('\''))
                .map_err(|_| wrong("$filter", filter, "phenomenonTime ge 2026-11-23T00:00:00Z"))?
                .timestamp_micros();
            let (from, to) = match comparison {
                "ge" => (at, Micros::MAX),
                "gt" => (at.saturating_add(1), Micros::MAX),
                "lt" => (Micros::MIN, at),
                "le" => (Micros::MIN, at.saturating_add(1)),
                "eq" => (at, at.saturating_add(1)),
                _ => return Err(not_here(&format!("$filter={filter}"))),
            };
            span = (span.0.max(from), span.1.min(to));
        }
        Ok((span.0, span.1.max(span.0)))
    }

    /// Whether the filter of Locations leaves a point: QGIS asks by the type of geometry and by the part of the map that it shows.
    pub(super) fn leaves(&self, latitude: f64, longitude: f64) -> Result<bool, Problem> {
        let Some(filter) = &self.filter else { return Ok(true) };
        let mut left = true;
        for term in filter.split(" and ") {
            let term = term.trim();
            if let Some(rest) = term.split_once("geography'").map(|(_, rest)| rest).filter(|_| term.contains("geo.intersects(")) {
                let numbers: Vec<f64> = rest
                    .split(|sign: char| !(sign.is_ascii_digit() || "+-.eE".contains(sign)))
                    .filter_map(|number| number.parse().ok())
                    .collect();
                let (x, y): (Vec<f64>, Vec<f64>) = numbers.chunks_exact(2).filter_map(|pair| Some((*pair.first()?, *pair.get(1)?))).unzip();
                if x.len() < 3 || !rest.trim_start().to_ascii_lowercase().starts_with("polygon") {
                    return Err(not_here(&format!("$filter={filter}")));
                }
                // The polygon's box: what a map shows is one.
                let within = |place: f64, ends: &[f64]| {
                    ends.iter().copied().fold(f64::INFINITY, f64::min) <= place
                        && place <= ends.iter().copied().fold(f64::NEG_INFINITY, f64::max)
                };
                left &= within(longitude, &x) && within(latitude, &y);
            } else if term.contains("/type eq ") && !term.contains("geo.") {
                left &= term.contains("'Point'");
            } else {
                return Err(not_here(&format!("$filter={filter}")));
            }
        }
        Ok(left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Options {
        Options::read(query).unwrap()
    }

    #[test]
    fn options_are_read_and_written_into_the_next_link() {
        let options =
            read("$top=5000&$skip=20&$count=true&$orderby=phenomenonTime%20desc&$filter=phenomenonTime%20ge%202026-01-01T00:00:00Z");
        assert_eq!((options.top, options.skip, options.count, options.newest), (1_000, 20, true, true));
        let next = read(&options.from(1_020));
        assert_eq!(next, Options { skip: 1_020, ..options });
        assert_eq!(Options::read("$expand=Datastreams").unwrap_err().status, 501);
        assert_eq!(Options::read("$orderby=result").unwrap_err().status, 501);
        assert_eq!(Options::read("$top=-1").unwrap_err().status, 400);
    }

    #[test]
    fn filters_by_time_are_spans() {
        let span = |filter: &str| read(&format!("$filter={filter}")).span();
        let day = 1_767_225_600_000_000;
        assert_eq!(
            span("phenomenonTime ge 2026-01-01T00:00:00Z and phenomenonTime lt 2026-01-02T00:00:00Z").unwrap(),
            (day, day + 86_400_000_000)
        );
        assert_eq!(span("(phenomenonTime gt 2026-01-01T00:00:00Z)").unwrap(), (day + 1, Micros::MAX));
        assert_eq!(span("phenomenonTime le 2026-01-01T01:00:00%2B01:00").unwrap(), (Micros::MIN, day + 1));
        assert_eq!(span("phenomenonTime eq 2026-01-01T00:00:00Z").unwrap(), (day, day + 1));
        assert_eq!(span("phenomenonTime lt 2026-01-01T00:00:00Z and phenomenonTime ge 2026-01-01T00:00:00Z").unwrap(), (day, day));
        assert_eq!(span("result gt 5").unwrap_err().status, 501);
        assert_eq!(span("phenomenonTime ge yesterday").unwrap_err().status, 400);
    }

    #[test]
    fn filters_by_place_are_those_that_qgis_asks() {
        let leaves = |filter: &str| read(&format!("$filter={filter}")).leaves(54.3, 10.1);
        assert!(leaves("location/type eq 'Point' or location/geometry/type eq 'Point'").unwrap());
        assert!(!leaves("location/type eq 'Polygon' or location/geometry/type eq 'Polygon'").unwrap());
        assert!(leaves("geo.intersects(location, geography'Polygon ((9 54, 11 54, 11 55, 9 55, 9 54))')").unwrap());
        assert!(!leaves("(location/type eq 'Point') and geo.intersects(location, geography'Polygon ((1 54, 2 54, 2 55, 1 55))')").unwrap());
        assert_eq!(leaves("name eq 'x'").unwrap_err().status, 501);
    }
}
