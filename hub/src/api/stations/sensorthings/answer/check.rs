//! Whether what was asked for is there: told before anything is read, and the same whether a set is empty or not.

use crate::api::problem::Problem;
use crate::api::stations::sensorthings::entities::Kind;
use crate::api::stations::sensorthings::not_here;
use crate::api::stations::sensorthings::options::Options;

/// What of Observations may be skipped: all that is skipped is read. `@iot.nextLink` skips nothing.
const SKIP: usize = 10_000;

/// 400 for names that a set has not, 501 for what is not done of it.
pub(in super::super) fn check(kind: Kind, options: &Options) -> Result<(), Problem> {
    for name in &options.select {
        named(kind, name)?;
        if name.contains('/') {
            return Err(not_here(&format!("$select={name}, a part of a property,")));
        }
    }
    if kind == Kind::Observations {
        observations(options)?;
    } else {
        let filtered = options.filter.iter().flat_map(|filter| filter.paths());
        for path in filtered.chain(options.order.iter().map(|(path, _)| path.as_str())) {
            named(kind, path)?;
            let first = path.split('/').next().unwrap_or(path);
            if kind.link(first).is_some() || kind.without().contains(&first) {
                let detail = format!("{path} in $filter or $orderby of {}, where {} are known,", kind.set(), kind.properties().join(", "));
                return Err(not_here(&detail));
            }
        }
    }
    for (name, inner) in &options.expand {
        let Some((to, many)) = kind.link(name) else {
            let links: Vec<&str> = kind.links().iter().map(|(name, ..)| *name).collect();
            let detail = format!("$expand={name}: {} have no such link; they have {}.", kind.set(), links.join(", "));
            return Err(Problem::bad_request(detail));
        };
        if !many && inner.filter.is_some() {
            return Err(not_here(&format!("$filter of {name}, which is one entity,")));
        }
        check(to, inner)?;
    }
    Ok(())
}

fn observations(options: &Options) -> Result<(), Problem> {
    if let Some(filter) = &options.filter {
        filter.span()?;
    }
    match &options.order[..] {
        [] => {}
        [(path, _)] if path == "phenomenonTime" => {}
        _ => return Err(not_here("$orderby of Observations by anything but phenomenonTime, asc or desc,")),
    }
    if options.skip > SKIP {
        let detail = format!("$skip of Observations goes to {SKIP}. Follow @iot.nextLink, or ask with $filter=phenomenonTime lt TIME.");
        return Err(Problem::bad_request(detail));
    }
    Ok(())
}

/// A property or a link of a set, or the Problem that there is none of that name.
fn named(kind: Kind, path: &str) -> Result<(), Problem> {
    let first = path.split('/').next().unwrap_or(path);
    let control = ["id", "@iot.id", "selfLink", "@iot.selfLink"].contains(&path);
    if control || kind.properties().contains(&first) || kind.without().contains(&first) || kind.link(first).is_some() {
        return Ok(());
    }
    let links = kind.links().iter().map(|(name, ..)| *name);
    let known: Vec<&str> = ["id", "selfLink"].into_iter().chain(kind.properties().iter().copied()).chain(links).collect();
    Err(Problem::bad_request(format!("{} have no {first}; they have {}.", kind.set(), known.join(", "))))
}
