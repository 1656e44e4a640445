use messwerk_lessons::quantity::ObservedProperty;

use super::*;

const OWN: ThingId = ThingId(1);

fn gate(windows: &[(Micros, Option<Micros>)], paused: &[(ThingId, Micros)]) -> (Arc<Takes>, Gate) {
    let takes = Arc::new(Takes::default());
    let window = |&(begins, ends): &(Micros, Option<Micros>)| Window { begins, ends };
    let pause = |&(thing, begins): &(ThingId, Micros)| (thing, vec![Window { begins, ends: None }]);
    drop(takes.tell(windows.iter().map(window).collect(), paused.iter().map(pause).collect()));
    (Arc::clone(&takes), Gate::Takes(takes))
}

fn readings(times: &[Micros]) -> Readings {
    Readings::new(ObservedProperty::Pressure, times.to_vec(), vec![1.0; times.len()], vec![], vec![]).unwrap()
}

/// Readings at these times that arrive at 100, without a number: the times kept, the beginning of their Take, how many were
/// idle.
fn check(gate: &Gate, clock: SenderClock, times: &[Micros], kept: &[Micros], since: Option<Micros>, idle: u32) {
    let (parts, left) = gate.pass().let_in(OWN, readings(times), clock, 100, false);
    assert!(parts.len() <= 1);
    let seen = parts.first().map(|(readings, _)| readings.raw_time().to_vec()).unwrap_or_default();
    let begins = parts.first().and_then(|(_, take)| Some(take.as_ref()?.begins));
    assert_eq!((seen.as_slice(), begins, left), (kept, since, idle), "{clock:?} {times:?}");
}

const TOLD: SenderClock = SenderClock::Offset { offset: 10, uncertainty: 0 };
const UNTOLD: SenderClock = SenderClock::Unknown;

#[test]
fn without_a_told_clock_the_arrival_says_whether_somebody_measures() {
    for (windows, since) in [
        (&[] as &[(Micros, Option<Micros>)], None),
        (&[(50, None)], Some(50)),
        (&[(100, None)], Some(100)),
        (&[(101, None)], None),
        (&[(10, Some(20)), (60, Some(100))], None),
        (&[(10, Some(20)), (60, Some(101))], Some(60)),
    ] {
        let times = [-5, 1_000];
        let (_, gate) = gate(windows, &[]);
        let kept: &[Micros] = if since.is_some() { &times } else { &[] };
        check(&gate, UNTOLD, &times, kept, since, if since.is_some() { 0 } else { 2 });
    }
    check(&gate(&[(50, None)], &[(OWN, 90)]).1, UNTOLD, &[1, 2, 3], &[], None, 3);
    check(&gate(&[(50, None)], &[(ThingId(2), 90)]).1, UNTOLD, &[1, 2, 3], &[1, 2, 3], Some(50), 0);
    check(&Gate::Always, UNTOLD, &[1], &[1], None, 0);
}

#[test]
fn who_tells_the_clock_is_held_to_it() {
    let (_, open) = gate(&[(20, Some(30)), (50, None)], &[]);
    check(&open, TOLD, &[9, 10, 19, 20, 39, 40, 200], &[10, 19, 40, 200], Some(20), 3);
    check(&open, TOLD, &[10, 11], &[10, 11], Some(20), 0);
    check(&open, TOLD, &[21, 22], &[], None, 2);
    check(&open, TOLD, &[60], &[60], Some(50), 0);
    // Measured before the pause it belongs to the Take, during it to nothing.
    check(&gate(&[(20, None)], &[(OWN, 50)]).1, TOLD, &[20, 39, 40, 41], &[20, 39], Some(20), 2);
    check(&Gate::Always, TOLD, &[1], &[1], None, 0);
    check(&open, SenderClock::Offset { offset: Micros::MAX, uncertainty: 0 }, &[1], &[], None, 1);
}

#[test]
fn a_take_that_goes_on_ends_a_few_seconds_after_now() {
    let (_, open) = gate(&[(20, None)], &[]);
    let told = |uncertainty| SenderClock::Offset { offset: 0, uncertainty };
    check(&open, told(0), &[99, 100 + AHEAD, 101 + AHEAD, 7_000_000_000_000_000], &[99, 100 + AHEAD], Some(20), 2);
    // Who knows little of its clock has more room, and not for ever.
    check(&open, told(1_000), &[1_100 + AHEAD, 1_101 + AHEAD], &[1_100 + AHEAD], Some(20), 1);
    check(&open, told(Micros::MAX), &[100 + AHEAD + UNCERTAIN, 101 + AHEAD + UNCERTAIN], &[100 + AHEAD + UNCERTAIN], Some(20), 1);
    // What is over keeps its end, and without a told clock the times say nothing.
    check(&gate(&[(20, Some(90))], &[]).1, told(0), &[89, 90], &[89], Some(20), 1);
    check(&open, UNTOLD, &[7_000_000_000_000_000], &[7_000_000_000_000_000], Some(20), 0);
}

#[test]
fn a_numbered_batch_is_cut_at_the_borders_of_takes() {
    let (_, gate) = gate(&[(20, Some(30)), (50, Some(60)), (70, None)], &[]);
    let cut = |times: &[Micros]| {
        let (parts, idle) = gate.pass().let_in(OWN, readings(times), TOLD, 100, true);
        let part = |(readings, take): (Readings, Option<InTake>)| {
            let take = take.unwrap();
            (readings.raw_time().to_vec(), take.begins, take.ends, take.further)
        };
        (parts.into_iter().map(part).collect::<Vec<_>>(), idle)
    };
    assert_eq!(cut(&[10, 19]), (vec![(vec![10, 19], 20, Some(30), false)], 0));
    let three = vec![(vec![19], 20, Some(30), false), (vec![40, 41], 50, Some(60), true), (vec![60], 70, None, true)];
    assert_eq!(cut(&[19, 20, 40, 41, 60]), (three, 1));
    assert_eq!(cut(&[1, 2]), (vec![], 2));
}

#[test]
fn what_was_measured_in_a_pause_is_idle_after_it_too() {
    let pauses = |pauses: &[(Micros, Option<Micros>)]| {
        let takes = Arc::new(Takes::default());
        let pauses = pauses.iter().map(|&(begins, ends)| Window { begins, ends }).collect();
        drop(takes.tell(vec![Window { begins: 20, ends: None }], HashMap::from([(OWN, pauses)])));
        Gate::Takes(takes)
    };
    // By the hub's clock from 30 and 60 on: a told clock is 10 behind.
    let twice = pauses(&[(30, Some(40)), (60, Some(70))]);
    check(&twice, TOLD, &[10, 19, 20, 29, 30, 49, 50, 59, 60, 95], &[10, 19, 30, 49, 60, 95], Some(20), 4);
    check(&twice, UNTOLD, &[1, 2], &[1, 2], Some(20), 0);
    check(&pauses(&[(30, Some(101))]), UNTOLD, &[1, 2], &[], None, 2);
    check(&pauses(&[(30, Some(40)), (60, None)]), TOLD, &[19, 20, 30, 50, 95], &[19, 30], Some(20), 3);
    check(&pauses(&[(30, Some(40)), (60, None)]), UNTOLD, &[1], &[], None, 1);
}

#[tokio::test]
async fn what_any_earlier_order_let_in_is_waited_for() {
    let (takes, gate) = gate(&[(0, None)], &[]);
    let pass = gate.pass();
    drop(takes.tell(vec![Window { begins: 0, ends: Some(9) }], HashMap::new()));
    // Somebody else told the same in between: the packet is still on its way.
    drop(takes.tell(vec![Window { begins: 0, ends: Some(9) }], HashMap::new()));
    let _newest = gate.pass();
    let waiting = tokio::spawn(takes.passing().through());
    tokio::time::sleep(LOOK * 3).await;
    assert!(!waiting.is_finished());
    drop(pass);
    assert!(waiting.await.unwrap(), "and who is let in by what holds now is not waited for");
}

#[tokio::test]
async fn what_was_let_in_before_is_waited_for() {
    let (takes, gate) = gate(&[(0, None)], &[]);
    let pass = gate.pass();
    let before = takes.tell(vec![], HashMap::new());
    check(&gate, UNTOLD, &[1], &[], None, 1);
    assert_eq!(pass.let_in(OWN, readings(&[1]), UNTOLD, 5, false).0.len(), 1, "a packet is judged by what held when it came");
    let waiting = tokio::spawn(before.through());
    tokio::time::sleep(LOOK * 3).await;
    assert!(!waiting.is_finished());
    drop(pass);
    assert!(waiting.await.unwrap());
    assert!(takes.tell(vec![], HashMap::new()).through().await, "nobody is on the way");
}

#[tokio::test(start_paused = true)]
async fn a_packet_that_never_gets_through_holds_up_nobody_for_ever() {
    let (takes, gate) = gate(&[(0, None)], &[]);
    let _pass = gate.pass();
    assert!(!takes.tell(vec![], HashMap::new()).through().await);
}
