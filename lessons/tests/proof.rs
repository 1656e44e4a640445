//! Thousands of groups with known truth: do the intervals keep their promise, is every planted mistake recognised, and nobody
//! accused who did it right?

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test")]

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use messwerk_lessons::analysis::student_t;
use messwerk_lessons::physics::{mistakes, scene};
use messwerk_lessons::template::{Template, builtin, builtins};

/// How the interval of a lesson's outcome is made, and how long a recording is enough.
struct Promise {
    lesson: &'static str,
    seconds: f64,
    /// Degrees of freedom of its uncertainty; `None` where it comes from what is known beforehand (a ruler, a scale): then 1.96.
    freedom: Option<usize>,
}

const fn promise(lesson: &'static str, seconds: f64, freedom: Option<usize>) -> Promise {
    Promise { lesson, seconds, freedom }
}

/// A line through n points leaves n - 2, a mean n - 1, ten blocks 9.
const PROMISES: [Promise; 18] = [
    promise("centripetal", 12.0, None),
    promise("cooling", 1200.0, None),
    // Twelve days on a line.
    promise("day-length", 60.0, Some(10)),
    promise("elevator", 30.0, None),
    promise("free-fall", 60.0, Some(4)),
    // The height is known beforehand, and the period hardly matters beside it.
    promise("iss", 60.0, None),
    promise("light", 40.0, Some(6)),
    promise("noise", 60.0, None),
    promise("pendulum", 12.0, None),
    promise("reaction", 40.0, Some(9)),
    // Ten blocks of 24 s: a phone's drift hangs together for 1.5 s, and blocks must be much longer for their scatter to know it.
    promise("rest", 240.0, Some(9)),
    promise("sound-speed", 60.0, Some(5)),
    promise("spring", 8.0, None),
    promise("spring-masses", 1.0, Some(4)),
    promise("standstill", 120.0, Some(9)),
    promise("steps", 30.0, None),
    promise("tube", 30.0, Some(4)),
    promise("weather", 43_200.0, Some(11)),
];

fn scenario(template: &Template) -> &str {
    &template.simulation.as_ref().unwrap().scenario
}

/// What became of one seed: whether the interval holds the truth, and which hints were given.
fn measure(template: &Template, promise: &Promise, mistake: Option<&str>, seed: u64) -> (Option<bool>, Vec<String>) {
    let scene = scene(scenario(template), mistake, promise.seconds, seed).unwrap();
    let results = template.analyse(&scene.run);
    let mut hints: Vec<String> = template.hints(&scene.run, &results).iter().map(|hint| hint.name.clone()).collect();
    hints.sort();
    let outcome = results.iter().find(|step| step.name == template.outcome).and_then(|step| step.result.as_ref().ok());
    let reach = promise.freedom.map_or(1.96, |freedom| student_t(0.975, freedom).unwrap());
    (outcome.map(|found| (found.value - scene.truth).abs() <= reach * found.uncertainty), hints)
}

/// Every seed of a range on all processors.
fn all<T: Send>(seeds: std::ops::RangeInclusive<u64>, one: impl Fn(u64) -> T + Sync) -> Vec<T> {
    let next = AtomicU64::new(*seeds.start());
    let work = || {
        let mut found = vec![];
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed > *seeds.end() {
                return found;
            }
            found.push(one(seed));
        }
    };
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        let parts: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        parts.into_iter().flat_map(|part| part.join().unwrap()).collect()
    })
}

/// The seeds are 1 to 1,000 and were before the first run; an interval of exactly 95 % hits 93 to 97 % of them in 996 of 1,000 tries.
fn holds_what_it_promises(lesson: &str) {
    let promise = PROMISES.iter().find(|promise| promise.lesson == lesson).unwrap();
    let template = builtin(lesson).unwrap();
    let found = all(1..=1000, |seed| measure(template, promise, None, seed));
    let hits = found.iter().filter(|(hit, _)| *hit == Some(true)).count();
    let without = found.iter().filter(|(hit, _)| hit.is_none()).count();
    let accused = found.iter().filter(|(_, hints)| !hints.is_empty()).count();
    println!("{lesson}: {hits} of 1000 intervals hold the truth, {without} without result, {accused} with a hint");
    assert_eq!(without, 0, "{lesson}: every careful group gets a result");
    assert!((930..=970).contains(&hits), "{lesson}: {hits} of 1000");
    // A mistake that is suspected where there is none: at most one group in two hundred.
    assert!(accused <= 5, "{lesson}: {accused} of 1000 are told of a mistake that they did not make");
}

macro_rules! promises {
    ($($name:ident: $lesson:literal),* $(,)?) => {
        $(#[test]
        fn $name() {
            holds_what_it_promises($lesson);
        })*

        #[test]
        fn every_lesson_promises_something() {
            let mut promised = [$($lesson),*];
            promised.sort_unstable();
            let lessons: Vec<&str> = builtins().iter().map(|template| template.id.as_str()).collect();
            assert_eq!(promised.to_vec(), lessons);
            assert_eq!(PROMISES.map(|promise| promise.lesson).to_vec(), lessons);
        }
    };
}

promises! {
    centripetal_holds: "centripetal",
    cooling_holds: "cooling",
    day_length_holds: "day-length",
    elevator_holds: "elevator",
    free_fall_holds: "free-fall",
    iss_holds: "iss",
    light_holds: "light",
    noise_holds: "noise",
    pendulum_holds: "pendulum",
    reaction_holds: "reaction",
    rest_holds: "rest",
    sound_speed_holds: "sound-speed",
    spring_holds: "spring",
    spring_masses_holds: "spring-masses",
    standstill_holds: "standstill",
    steps_holds: "steps",
    tube_holds: "tube",
    weather_holds: "weather",
}

/// Of forty groups that make it at least 39 are told of it, and of nothing else.
#[test]
fn every_planted_mistake_is_recognised() {
    for promise in &PROMISES {
        let template = builtin(promise.lesson).unwrap();
        for mistake in mistakes(scenario(template)) {
            let found = all(1..=40, |seed| measure(template, promise, Some(mistake), seed).1.join("+"));
            let right = found.iter().filter(|hints| *hints == mistake).count();
            let mut said: BTreeMap<&str, usize> = BTreeMap::new();
            found.iter().for_each(|hints| *said.entry(hints).or_default() += 1);
            assert!(right >= 39, "{}, {mistake}: {said:?}", promise.lesson);
        }
    }
}
