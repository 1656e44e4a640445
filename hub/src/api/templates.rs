//! The library: what a lesson can be about.

use axum::Json;
use messwerk_lessons::template::{self, Template};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::flow::state::asks_for_location;

/// A template as the library shows it. Texts are by language (`de`, `en`).
#[derive(Debug, Serialize, ToSchema)]
pub struct TemplateView {
    /// Its folder's name: `pendulum`.
    pub id: String,
    /// Results compare within a major version.
    pub version: String,
    /// What the lesson is called.
    #[schema(value_type = Object)]
    pub title: Value,
    /// What a group does.
    #[schema(value_type = Object)]
    pub task: Value,
    /// What is recorded: `stream`, `property`, `unit`, `min_hz`, `max_hz`, `sources`.
    #[schema(value_type = Vec<Object>)]
    pub sensors: Vec<Value>,
    /// What a group types in.
    #[schema(value_type = Vec<Object>)]
    pub inputs: Value,
    /// What the board draws.
    #[schema(value_type = Vec<Object>)]
    pub figures: Value,
    /// Whether it asks where phones are.
    pub location_asked: bool,
}

/// What a template records, as pages and senders are told.
pub fn sensors(template: &Template) -> Vec<Value> {
    let sensor = |sensor: &template::Sensor| {
        let property = sensor.quantity;
        json!({
            "stream": sensor.stream, "property": property.name(), "code": property.code(), "unit": property.unit(),
            "vector": property.is_vector(), "min_hz": sensor.min_hz, "max_hz": sensor.max_hz, "sources": sensor.sources,
        })
    };
    template.sensors.iter().map(sensor).collect()
}

/// The lessons that can be made. Anybody may look.
#[utoipa::path(get, path = "/api/v1/templates", responses((status = 200, body = Vec<TemplateView>)))]
pub async fn list() -> Json<Vec<TemplateView>> {
    let view = |template: &Template| TemplateView {
        id: template.id.clone(),
        version: template.version.to_string(),
        title: json!(template.title),
        task: json!(template.task),
        sensors: sensors(template),
        inputs: json!(template.inputs),
        figures: json!(template.figures),
        location_asked: asks_for_location(template),
    };
    Json(template::builtins().iter().map(view).collect())
}
