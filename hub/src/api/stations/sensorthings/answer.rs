//! Entities and pages of sets as they are told: filtered, ordered, with what was selected, and with what hangs on them.
//!
//! OGC 18-088, req/request-data/{order, expand, select, orderby, pagination}: filter, order, `$skip` and `$top` in this order, then
//! what is expanded, each with the same options in its brackets, then `$select`.

mod check;

use serde_json::{Map, Value};

pub(super) use self::check::check;
use super::entities::{Kind, World};
use super::filter;
use super::options::Options;
use crate::api::problem::Problem;
use crate::state::Hub;

/// What one answer may bring along by `$expand`: entities, and questions to the store (an Observation page of a Datastream is
/// one, some milliseconds). When it is used up, the page ends before the entity that would be cut, and `@iot.nextLink` leads on.
/// 5,000 Observations are 2 MB of JSON.
const BUDGET: (usize, usize) = (5_000, 100);

/// Entities that are looked at for one answer at most, told or not: beyond, the request is refused.
const WORK: usize = 200_000;

/// Where the entities of a set come from.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) kind: Kind,
    /// Of all but Observations.
    pub(super) ids: Vec<String>,
    /// Of Observations: the numbers of their Datastreams.
    pub(super) streams: Vec<usize>,
    /// Whether Observations come the newest first when nobody says.
    pub(super) newest: bool,
    /// The address of the set.
    pub(super) base: String,
}

impl Source {
    /// A whole set.
    pub(super) fn all(world: &World, kind: Kind) -> Self {
        let streams = if kind == Kind::Observations { (0..world.streams.len()).collect() } else { vec![] };
        Self { kind, ids: world.all(kind), streams, newest: true, base: format!("{}/v1.1/{}", world.origin, kind.set()) }
    }

    /// What a link of an entity leads to.
    pub(super) fn linked(world: &World, kind: Kind, id: &str, link: &str, to: Kind) -> Self {
        let streams = match (kind, to) {
            (Kind::Datastreams, Kind::Observations) => world.number(id).into_iter().collect(),
            (_, Kind::Observations) => world.of_station(id),
            _ => vec![],
        };
        let base = format!("{}/{link}", world.address(kind, id));
        Self { kind: to, ids: world.linked(kind, id, to), streams, newest: kind != Kind::Datastreams, base }
    }
}

/// A page of a set.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) value: Vec<Value>,
    pub(super) next: Option<String>,
    pub(super) count: Option<u64>,
}

/// Makes one answer.
pub(super) struct Teller<'a> {
    pub(super) hub: &'a Hub,
    pub(super) world: &'a World,
    /// Entities that may still be brought along, and questions that may still be asked for them.
    pub(super) rows: usize,
    pub(super) asks: usize,
    /// Whether something was left out that was asked for, because of these two.
    pub(super) cut: bool,
    work: usize,
}

impl<'a> Teller<'a> {
    pub(super) fn new(hub: &'a Hub, world: &'a World) -> Self {
        Self { hub, world, rows: BUDGET.0, asks: BUDGET.1, cut: false, work: WORK }
    }

    /// An entity of a set, unless there is none.
    fn entity(&mut self, kind: Kind, id: &str) -> Result<Option<Map<String, Value>>, Problem> {
        let much =
            || Problem::bad_request("The request asks for too many entities at once. Expand fewer links, or filter.").coded("too_much");
        self.work = self.work.checked_sub(1).ok_or_else(much)?;
        Ok(self.world.entity(kind, id))
    }

    /// A page of a set; with `inner` of one that is expanded.
    pub(super) async fn set(&mut self, source: &Source, options: &Options, inner: bool) -> Result<Page, Problem> {
        if source.kind == Kind::Observations {
            return self.readings(source, options, inner).await;
        }
        let (ids, count) = self.chosen(source, options)?;
        let mut page = Page { count: options.count.then_some(count as u64), ..Page::default() };
        for (place, id) in ids.iter().enumerate() {
            // Told are those before this place.
            let here = || Some(format!("{}?{}", source.base, options.from(options.skip.saturating_add(place))));
            if inner && self.rows == 0 {
                self.cut = true;
                page.next = here();
                return Ok(page);
            }
            self.rows -= usize::from(inner);
            let Some(entity) = self.entity(source.kind, id)? else { continue };
            let told = self.tell(source.kind, entity, options).await?;
            if self.cut && place > 0 {
                page.next = here();
                return Ok(page);
            }
            page.value.push(told);
            let used_up = !options.expand.is_empty() && (self.rows == 0 || self.asks == 0);
            if (self.cut || used_up) && place + 1 < ids.len() {
                page.next = Some(format!("{}?{}", source.base, options.from(options.skip.saturating_add(place + 1))));
                return Ok(page);
            }
        }
        // With $top=0 only the count was asked for.
        let behind = options.skip.saturating_add(ids.len());
        page.next = (options.top > 0 && behind < count).then(|| format!("{}?{}", source.base, options.from(behind)));
        Ok(page)
    }

    /// The ids of a page, and of how many.
    fn chosen(&mut self, source: &Source, options: &Options) -> Result<(Vec<String>, usize), Problem> {
        let mut ids = source.ids.clone();
        if options.filter.is_some() || !options.order.is_empty() {
            let mut found = vec![];
            for id in ids {
                let Some(entity) = self.entity(source.kind, &id)? else { continue };
                if options.filter.as_ref().is_none_or(|filter| filter.leaves(&entity)) {
                    let keys = options.order.iter().map(|(path, _)| filter::at(&entity, path).cloned().unwrap_or_default());
                    found.push((keys.collect::<Vec<Value>>(), id));
                }
            }
            found.sort_by(|(one, _), (other, _)| {
                let by = one.iter().zip(other).zip(&options.order);
                let orders = by.map(|((one, other), (_, down))| {
                    let order = filter::order(one, other).unwrap_or_else(|| one.is_null().cmp(&other.is_null()).reverse());
                    if *down { order.reverse() } else { order }
                });
                orders.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
            });
            ids = found.into_iter().map(|(_, id)| id).collect();
        }
        let count = ids.len();
        Ok((ids.into_iter().skip(options.skip).take(options.top).collect(), count))
    }

    /// An entity with what is expanded and only what is selected.
    pub(super) async fn tell(&mut self, kind: Kind, mut entity: Map<String, Value>, options: &Options) -> Result<Value, Problem> {
        let id = entity.get("@iot.id").and_then(Value::as_str).unwrap_or_default().to_owned();
        let mut links = vec![];
        for (name, inner) in &options.expand {
            let Some((to, many)) = kind.link(name) else { continue };
            let source = Source::linked(self.world, kind, &id, name, to);
            links.push(name.as_str());
            entity.remove(&format!("{name}@iot.navigationLink"));
            if many {
                let page = Box::pin(self.set(&source, inner, true)).await?;
                entity.insert(name.clone(), page.value.into());
                if let Some(next) = page.next {
                    entity.insert(format!("{name}@iot.nextLink"), next.into());
                }
                if let Some(count) = page.count {
                    entity.insert(format!("{name}@iot.count"), count.into());
                }
            } else {
                let one = match source.ids.first() {
                    Some(id) => self.entity(to, id)?,
                    None => None,
                };
                let one = match one {
                    Some(one) => Box::pin(self.tell(to, one, inner)).await?,
                    None => Value::Null,
                };
                entity.insert(name.clone(), one);
            }
        }
        if !options.select.is_empty() {
            let own = self.world.address(kind, &id);
            // A selected link is told as a link, even beside what it leads to.
            for name in options.select.iter().filter(|name| links.contains(&name.as_str())) {
                entity.insert(format!("{name}@iot.navigationLink"), format!("{own}/{name}").into());
            }
            entity.retain(|key, _| {
                let name = key.split("@iot.").next().filter(|name| !name.is_empty()).unwrap_or(key);
                let selected = options.select.iter().any(|wanted| wanted == name || key.strip_prefix("@iot.") == Some(wanted.as_str()));
                selected || links.contains(&name)
            });
        }
        Ok(Value::Object(entity))
    }
}
