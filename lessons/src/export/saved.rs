//! A saved state: the experiment's own file with its data in `<container init="…">`.
//!
//! The sensors' outputs say which container holds what, without the ambiguity of column names ("Acceleration" with or
//! without gravity). Experiments whose containers are filled otherwise are read through their export sets.

use std::collections::HashMap;

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

use super::{Budget, Content, ExportError, Start, Table, number, times};

/// phyphox's sensor types and the column names this room knows their readings by.
const SENSORS: [(&str, &str, &str, bool); 8] = [
    ("accelerometer", "Acceleration", "m/s^2", true),
    ("linear_acceleration", "Linear Acceleration", "m/s^2", true),
    ("gyroscope", "Gyroscope", "rad/s", true),
    ("magnetic_field", "Magnetic field", "uT", true),
    ("pressure", "Pressure", "hPa", false),
    ("light", "Illuminance", "lx", false),
    ("temperature", "Temperature", "°C", false),
    ("humidity", "Humidity", "%", false),
];

/// Whether bytes look like an experiment's file.
pub(super) fn is_saved_state(bytes: &[u8]) -> bool {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]);
    start.trim_start_matches('\u{feff}').trim_start().starts_with('<') && start.contains("<phyphox")
}

/// Where an element of the file belongs.
#[derive(Debug, Default)]
struct Found {
    /// Values by container.
    containers: HashMap<String, Vec<f64>>,
    /// Sensor type and its outputs: component and container.
    sensors: Vec<(String, Vec<(String, String)>)>,
    /// Export sets: name, and header and container of each column.
    sets: Vec<(String, Vec<(String, String)>)>,
    starts: Vec<Start>,
}

/// The tables of all sensors with data; without any, those of the export sets.
///
/// # Errors
/// Not XML, a document type, or more numbers or names than the budget has.
pub(super) fn read(bytes: &[u8], budget: &mut Budget<'_>) -> Result<Content, ExportError> {
    let found = parse(&String::from_utf8_lossy(bytes), budget)?;
    let tables = named(&found, budget)?;
    Ok(Content { tables, starts: found.starts })
}

fn named(found: &Found, budget: &mut Budget<'_>) -> Result<Vec<Table>, ExportError> {
    let used = found.sensors.iter().chain(&found.sets).flat_map(|(_, columns)| columns);
    for (_, container) in used {
        // A container may be named any number of times, and each time it is a column.
        budget.cells(found.containers.get(container).map_or(0, Vec::len))?;
    }
    let column =
        |header: String, container: &str| Some((header, found.containers.get(container).filter(|values| !values.is_empty())?.clone()));
    let mut tables: Vec<Table> = Vec::new();
    for (kind, outputs) in &found.sensors {
        let Some((_, quantity, unit, vector)) = SENSORS.iter().find(|(known, ..)| known == kind) else { continue };
        let header = |component: &str| match component {
            "t" => "Time (s)".to_owned(),
            component if *vector => format!("{quantity} {component} ({unit})"),
            _ => format!("{quantity} ({unit})"),
        };
        // Time first: it belongs to the columns to its right.
        let (time, values): (Vec<_>, Vec<_>) = outputs.iter().partition(|(component, _)| component == "t");
        let columns = time.into_iter().chain(values).filter(|(component, _)| ["t", "x", "y", "z"].contains(&component.as_str()));
        tables
            .push(Table { name: kind.clone(), columns: columns.filter_map(|(component, name)| column(header(component), name)).collect() });
    }
    tables.retain(|table| table.columns.len() > 1);
    if tables.is_empty() {
        for (name, columns) in &found.sets {
            let columns = columns.iter().filter_map(|(header, container)| column(header.clone(), container));
            tables.push(Table { name: name.clone(), columns: columns.collect() });
        }
    }
    for table in &mut tables {
        pad(table, budget)?;
    }
    Ok(tables)
}

/// Containers fill independently: shorter columns end early, as in an export.
fn pad(table: &mut Table, budget: &mut Budget<'_>) -> Result<(), ExportError> {
    let rows = table.columns.iter().map(|(_, values)| values.len()).max().unwrap_or(0);
    budget.cells(table.columns.iter().map(|(_, values)| rows - values.len()).sum())?;
    table.columns.iter_mut().for_each(|(_, values)| values.resize(rows, f64::NAN));
    Ok(())
}

fn parse(text: &str, budget: &mut Budget<'_>) -> Result<Found, ExportError> {
    let damaged = |_| ExportError::Damaged("not the XML of an experiment".to_owned());
    let mut reader = Reader::from_str(text);
    let mut found = Found::default();
    // The element whose text is being read: its name, and init, component or header.
    let mut open: Option<(String, String)> = None;
    let mut content = String::new();
    let mut depth = 0_u32;
    loop {
        match reader.read_event().map_err(damaged)? {
            // Entities that stand for entities: no experiment has any.
            Event::DocType(_) => return Err(ExportError::Unknown("an experiment's file has no document type".to_owned())),
            Event::Empty(element) if *element.name().as_ref() == *"start" => start(&element, &mut found)?,
            Event::Start(element) => {
                depth += 1;
                if depth > super::DEEPEST {
                    return Err(ExportError::Damaged("not the XML of an experiment".to_owned()));
                }
                content.clear();
                open = None;
                match element.name().as_ref() {
                    "sensor" => {
                        let kind = attribute(&element, "type")?;
                        budget.text(&kind)?;
                        found.sensors.push((kind, Vec::new()));
                    }
                    "set" => {
                        let name = attribute(&element, "name")?;
                        budget.text(&name)?;
                        found.sets.push((name, Vec::new()));
                    }
                    "container" => open = Some(("container".to_owned(), attribute(&element, "init")?)),
                    "output" => open = Some(("output".to_owned(), attribute(&element, "component")?)),
                    "data" => open = Some(("data".to_owned(), attribute(&element, "name")?)),
                    "start" => start(&element, &mut found)?,
                    _ => {}
                }
            }
            Event::Text(text) => content.push_str(&text.xml10_content()),
            Event::End(end) => {
                depth = depth.saturating_sub(1);
                if let Some((name, detail)) = open.take_if(|(name, _)| *name == *end.name().as_ref()) {
                    close(&mut found, &name, detail, content.trim(), budget)?;
                }
            }
            Event::Eof if found.is_empty() => return Err(ExportError::Unknown("an XML file without any data of an experiment".to_owned())),
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

/// An event of the saved measurement; its system time is in milliseconds.
fn start(element: &BytesStart<'_>, found: &mut Found) -> Result<(), ExportError> {
    let of = |name: &str| attribute(element, name).map(|text| number(&text));
    if found.starts.len() >= times::MOST {
        return Ok(());
    }
    found.starts.extend(Start::new(of("experimentTime")?, of("systemTime")? / 1e3));
    Ok(())
}

impl Found {
    fn is_empty(&self) -> bool {
        self.containers.is_empty() && self.sensors.is_empty() && self.sets.is_empty()
    }
}

fn close(found: &mut Found, element: &str, detail: String, content: &str, budget: &mut Budget<'_>) -> Result<(), ExportError> {
    let name = content.to_owned();
    match element {
        "container" => {
            let cells = || detail.split(',').filter(|cell| !cell.trim().is_empty());
            budget.text(&name)?;
            budget.cells(cells().count())?;
            let values: Vec<f64> = cells().map(number).collect();
            found.containers.insert(name, values);
        }
        // Other modules have outputs too, but without a component.
        "output" if !detail.is_empty() => {
            if let Some((_, outputs)) = found.sensors.last_mut() {
                budget.header(&detail)?;
                budget.text(&name)?;
                outputs.push((detail, name));
            }
        }
        "data" => {
            if let Some((_, columns)) = found.sets.last_mut() {
                budget.header(&detail)?;
                budget.text(&name)?;
                columns.push((detail, name));
            }
        }
        _ => {}
    }
    Ok(())
}

/// An attribute's value; empty if it is not there.
fn attribute(element: &BytesStart<'_>, name: &str) -> Result<String, ExportError> {
    let damaged = || ExportError::Damaged("a damaged tag in the XML of the experiment".to_owned());
    match element.try_get_attribute(name).map_err(|_| damaged())? {
        Some(attribute) => Ok(attribute.normalized_value(XmlVersion::Explicit1_0).map_err(|_| damaged())?.into_owned()),
        None => Ok(String::new()),
    }
}

#[cfg(test)]
mod tests;
