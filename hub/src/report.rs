//! Reports to be printed or kept as PDF: of the class, of a group, of all groups one after the other. Pages without scripts, with
//! the figures in them, made by the hub itself.

mod figures;
mod html;
mod material;
mod method;
mod page;
mod recording;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use messwerk_lessons::id::ThingId;
use messwerk_query::{LessonOutcomes, Scope};
use messwerk_store::catalogue::{Lesson, Thing};

use crate::access::Bearer;
use crate::api::export::book::InLanguage;
use crate::api::export::names::language;
use crate::api::extract::{At, Parameters};
use crate::api::lessons::find;
use crate::api::problem::Problem;
use crate::api::questions::shown_outcomes;
use crate::api::things::find_thing;
use crate::api::who::{Someone, Teacher};
use crate::pages::is_for_a_person;
use crate::state::Hub;
use figures::Drawn;
use html::Html;
use material::Material;

/// Groups in one document: a class and a half; a browser prints that.
const GROUPS: usize = 60;

/// A page that nobody keeps: it shows what is known now.
fn shown(page: String) -> Response {
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")], page).into_response()
}

/// Who opens a report in a browser without being signed in signs in first; programs are told.
fn signed_in<T>(who: Result<T, Problem>, uri: &Uri, headers: &HeaderMap, lesson: &str) -> Result<T, Box<Response>> {
    who.map_err(|problem| {
        let page = problem.status == 401
            && is_for_a_person(&Method::GET, uri.path(), headers)
            && lesson.chars().all(|c| c.is_ascii_alphanumeric());
        let answer = if page { Redirect::to(&format!("/login?next=%2Ft%2F{lesson}")).into_response() } else { problem.into_response() };
        Box::new(answer)
    })
}

/// The report of the class, for print: task, result with interval and reference, figures, every group's result, who was not
/// counted and why, and how it was evaluated.
#[utoipa::path(get, path = "/t/lessons/{id}/report", params(("id" = String, Path), InLanguage), responses((status = 200, content_type = "text/html"), (status = 401, body = Problem), (status = 404, body = Problem)), security(("token" = [])))]
pub async fn class(
    State(hub): State<Hub>,
    who: Result<Teacher, Problem>,
    At(id): At<String>,
    Parameters(wanted): Parameters<InLanguage>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    if let Err(answer) = signed_in(who, &uri, &headers, &id) {
        return *answer;
    }
    let make = async {
        let (material, drawn) = of_lesson(&hub, &id, &wanted, &headers).await?;
        Ok::<_, Problem>(document(&material, |page| material.class_report(page, &drawn)))
    };
    make.await.map_or_else(IntoResponse::into_response, shown)
}

/// All reports in one document: the class's, then each group's on a page of its own.
#[utoipa::path(get, path = "/t/lessons/{id}/reports", params(("id" = String, Path), InLanguage), responses((status = 200, content_type = "text/html"), (status = 401, body = Problem), (status = 404, body = Problem)), security(("token" = [])))]
pub async fn all(
    State(hub): State<Hub>,
    who: Result<Teacher, Problem>,
    At(id): At<String>,
    Parameters(wanted): Parameters<InLanguage>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    if let Err(answer) = signed_in(who, &uri, &headers, &id) {
        return *answer;
    }
    let make = async {
        let (material, drawn) = of_lesson(&hub, &id, &wanted, &headers).await?;
        let mut pages = Html::default();
        material.class_report(&mut pages, &drawn);
        // Groups that never measured have nothing to print.
        let known = |thing: &&Thing| material.outcome_of(thing.id).is_some() || !thing.inputs.is_empty();
        let known: Vec<&Thing> = material.things.iter().filter(known).collect();
        for thing in known.iter().take(GROUPS) {
            one(&material, &mut pages, thing).await?;
        }
        if known.len() > GROUPS {
            let left = known.len() - GROUPS;
            let (de, en) = ("weitere Gruppen: ihre Berichte einzeln öffnen.", "more groups: open their reports one by one.");
            pages.styled("p", "notice", &format!("{left} {}", material.word(de, en)));
        }
        Ok::<_, Problem>(document(&material, |page| page.append(pages)))
    };
    make.await.map_or_else(IntoResponse::into_response, shown)
}

/// The report of a group, for print: task, what was entered, result with uncertainty, figures, how it was evaluated, and the class
/// beside it. A Thing's token gets its own.
#[utoipa::path(get, path = "/t/lessons/{id}/report/{thing}", params(("id" = String, Path), ("thing" = String, Path), InLanguage), responses((status = 200, content_type = "text/html"), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)), security(("token" = [])))]
pub async fn group(
    State(hub): State<Hub>,
    who: Result<Someone, Problem>,
    At((id, thing)): At<(String, String)>,
    Parameters(wanted): Parameters<InLanguage>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let Someone(who) = match signed_in(who, &uri, &headers, &id) {
        Ok(who) => who,
        Err(answer) => return *answer,
    };
    let language = language(wanted.lang.as_deref(), &headers);
    let make = async {
        let lesson = find(&hub, &id)?;
        match &who {
            Bearer::Thing(access) if access.lesson != lesson.id => Err(Problem::forbidden("This token belongs to another lesson.")),
            Bearer::Thing(access) if access.thing.to_string() != thing => {
                Err(Problem::forbidden("A Thing's token opens its own report only."))
            }
            Bearer::Thing(access) => of_thing(&hub, lesson, access.thing, language).await,
            Bearer::Teacher => {
                let thing = find_thing(&hub, &thing)?;
                if thing.lesson != lesson.id {
                    return Err(Problem::not_found("This Thing is in another lesson."));
                }
                of_group(&of_teacher(&hub, lesson, language).await?, thing.id).await
            }
        }
    };
    make.await.map_or_else(IntoResponse::into_response, shown)
}

/// A group's own report for its phone: a page's form sends the Thing's token in the body, because a browser that opens a page sends
/// no token, and in an address it would stay behind. `token=…&lang=de`.
#[utoipa::path(post, path = "/report", request_body(content = String, content_type = "application/x-www-form-urlencoded"), responses((status = 200, content_type = "text/html"), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub async fn own(State(hub): State<Hub>, headers: HeaderMap, body: Bytes) -> Result<Response, Problem> {
    // Tokens and languages have no sign that a form writes otherwise.
    let body = std::str::from_utf8(&body).unwrap_or_default();
    let field =
        |wanted: &str| body.split('&').filter_map(|pair| pair.split_once('=')).find(|(name, _)| *name == wanted).map(|(_, value)| value);
    let token = field("token").ok_or_else(|| Problem::bad_request("A form with the field token is needed: token=…&lang=de."))?;
    let Some(Bearer::Thing(access)) = hub.access.bearer(token)? else {
        return Err(Problem::unauthorized("This token is not known here. Join the lesson again.").coded("unknown_token"));
    };
    let language = language(field("lang"), &headers);
    let lesson = find(&hub, &access.lesson.to_string())?;
    Ok(shown(of_thing(&hub, lesson, access.thing, language).await?))
}

/// What a report of the class is made of, with its figures.
async fn of_lesson(hub: &Hub, id: &str, wanted: &InLanguage, headers: &HeaderMap) -> Result<(Material, Vec<Drawn>), Problem> {
    let material = of_teacher(hub, find(hub, id)?, language(wanted.lang.as_deref(), headers)).await?;
    let drawn = of_class(&material)?;
    Ok((material, drawn))
}

fn of_class(material: &Material) -> Result<Vec<Drawn>, Problem> {
    material.class_figures(None)
}

async fn of_teacher(hub: &Hub, lesson: Lesson, language: &str) -> Result<Material, Problem> {
    let outcomes = hub.engine.outcomes(&Scope::lesson(lesson.id)).await?;
    Material::gather(hub, lesson, outcomes, language).await
}

/// What a group may see of the class is what boards show.
async fn of_thing(hub: &Hub, lesson: Lesson, thing: ThingId, language: &str) -> Result<String, Problem> {
    let outcomes: LessonOutcomes = shown_outcomes(hub, &lesson, Some(thing)).await?;
    of_group(&Material::gather(hub, lesson, outcomes, language).await?, thing).await
}

async fn of_group(material: &Material, thing: ThingId) -> Result<String, Problem> {
    let gone = || Problem::not_found("This group is not in the lesson any more.");
    let thing = material.things.iter().find(|one| one.id == thing).ok_or_else(gone)?;
    let mut pages = Html::default();
    one(material, &mut pages, thing).await?;
    Ok(document(material, |page| page.append(pages)))
}

async fn one(material: &Material, pages: &mut Html, thing: &Thing) -> Result<(), Problem> {
    let (traces, begun) = match material.outcome_of(thing.id) {
        Some(outcome) => {
            let (mut traces, begun) = material.traces(thing, outcome).await?;
            traces.extend(material.worked_figures(outcome).await?);
            (traces, begun)
        }
        None => (vec![], None),
    };
    let mut class = material.class_figures(Some(thing))?;
    // The own place among all is what a group looks for; bars and quartiles are on the class's page.
    class.truncate(1);
    material.group_report(pages, thing, begun.map(|begun| material.hour(begun)), &traces, &class);
    Ok(())
}

fn document(material: &Material, inside: impl FnOnce(&mut Html)) -> String {
    let title = material.template.title.in_language(material.language());
    Html::page(material.language(), &format!("{title} · {}", material.word("Bericht", "Report")), inside)
}
