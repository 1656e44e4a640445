use futures::FutureExt as _;

use super::*;

const SECOND: Micros = 1_000_000;
const START: Micros = 1_767_437_012_000_000;
const ONE: LessonId = LessonId(1);
const OTHER: LessonId = LessonId(2);

fn address(last: u8) -> IpAddr {
    IpAddr::from([192, 0, 2, last])
}

/// What became of a code.
fn attempt(door: &JoinDoor, from: IpAddr, now: Micros, right: bool) -> Attempt<()> {
    door.attempt(from, false, now, || Ok::<_, ()>(right.then_some(()))).unwrap()
}

/// What became of a code that had its turn.
fn in_turn(door: &JoinDoor, from: IpAddr, now: Micros, right: bool) -> Attempt<()> {
    door.attempt(from, true, now, || Ok::<_, ()>(right.then_some(()))).unwrap()
}

const RIGHT: Attempt<()> = Attempt::Right(());
/// Wrong, and answered at once.
const WRONG: Attempt<()> = Attempt::Wrong(Duration::ZERO);

fn late(milliseconds: u64) -> Attempt<()> {
    Attempt::Wrong(Duration::from_millis(milliseconds))
}

fn counts(door: &JoinDoor) -> Vec<u64> {
    door.by_reason().map(|(_, count)| count).collect()
}

#[test]
fn a_class_behind_one_router_is_never_held_up() {
    let door = JoinDoor::default();
    for _ in 0..30 {
        assert_eq!(attempt(&door, address(1), START, false), WRONG);
        assert_eq!(attempt(&door, address(1), START, true), RIGHT);
    }
    // Right codes cost no wrong ones, however many.
    for _ in 0..1000 {
        assert_eq!(attempt(&door, address(1), START, true), RIGHT);
    }
    assert_eq!(counts(&door), [30, 0, 0, 0, 0]);
    assert!(!door.alarm(START));
}

#[test]
fn a_guesser_waits_longer_each_time_and_right_codes_pass() {
    let door = JoinDoor::default();
    (0..40).for_each(|_| assert_eq!(attempt(&door, address(1), START, false), WRONG));
    assert!(!door.alarm(START));
    for milliseconds in [500, 1000, 2000, 4000, 8000, 8000, 8000] {
        assert_eq!(attempt(&door, address(1), START, true), Attempt::Unlooked, "codes from there have turns");
        assert_eq!(in_turn(&door, address(1), START, false), late(milliseconds));
        assert_eq!(in_turn(&door, address(1), START, true), RIGHT, "at once, also from the guesser's address");
        assert_eq!(attempt(&door, address(2), START, true), RIGHT, "without a turn from anywhere else");
    }
    assert!(door.alarm(START + 59 * SECOND) && !door.alarm(START + 61 * SECOND));
    // Ten come back each minute; what was overdrawn is paid back first.
    assert_eq!(in_turn(&door, address(1), START + 6 * SECOND, false), late(8000));
    assert_eq!(in_turn(&door, address(1), START + 18 * SECOND, false), late(4000));
    assert_eq!(attempt(&door, address(1), START + 48 * SECOND, false), WRONG);
    assert_eq!(counts(&door), [50, 0, 0, 0, 0]);
}

#[test]
fn a_guesser_with_parallel_requests_is_bounded_also_if_it_hangs_up() {
    let door = JoinDoor::default();
    let looked_at = (0..1000).filter(|_| attempt(&door, address(1), START, false) != Attempt::Unlooked).count();
    assert_eq!(looked_at, 40, "the others wait for their turns, and whoever hangs up has none");
    assert_eq!(attempt(&door, address(2), START, true), RIGHT);
    assert_eq!(attempt(&door, address(1), START + 6 * SECOND, true), RIGHT, "when one is paid back");
    assert_eq!(counts(&door), [40, 0, 0, 0, 0]);
}

#[tokio::test(start_paused = true)]
async fn a_right_code_gets_its_turn_soon_while_somebody_never_rests() {
    let door = JoinDoor::default();
    let now = || START + began().elapsed().as_micros() as Micros;
    let ask = async |right: bool| match attempt(&door, address(1), now(), right) {
        Attempt::Unlooked => match door.turn(address(1)).await {
            Ok(()) => in_turn(&door, address(1), now(), right),
            Err(_) => Attempt::Unlooked,
        },
        looked => looked,
    };
    let guesser = async || {
        loop {
            // Over the network even one that never rests takes some time.
            tokio::time::sleep(match ask(false).await {
                Attempt::Wrong(wait) => wait.max(Duration::from_millis(10)),
                _ => AGAIN,
            })
            .await;
        }
    };
    let class = async {
        let mut prompt = 0;
        for _ in 0..30 {
            tokio::time::sleep(Duration::from_secs(1)).await;
            let begun = tokio::time::Instant::now();
            // At the first or second attempt; a page asks again by itself.
            while ask(true).await != RIGHT {
                tokio::time::sleep(AGAIN).await;
            }
            prompt += u32::from(begun.elapsed() < 2 * ONE_SECOND);
            assert!(begun.elapsed() < 20 * ONE_SECOND, "{:?}", begun.elapsed());
        }
        assert!(prompt >= 24, "{prompt} of 30 within two seconds");
        now() - START
    };
    let crowd = futures::future::join_all((0..300).map(|_| guesser()));
    let took = tokio::select! {
        took = class => took,
        _ = crowd => 0,
    };
    // The arithmetic at `CODES_PACE`: no more than 50 a second, right ones too.
    let looked_at = counts(&door)[0] as i64 + 30;
    assert!(looked_at <= 40 + took * 50 / SECOND + 50, "{looked_at} in {took} µs");
}

/// When the test's clock was looked at first.
fn began() -> tokio::time::Instant {
    thread_local!(static BEGAN: std::cell::OnceCell<tokio::time::Instant> = const { std::cell::OnceCell::new() });
    BEGAN.with(|began| *began.get_or_init(tokio::time::Instant::now))
}

#[test]
fn many_addresses_share_one_allowance_and_newcomers_pass() {
    let door = JoinDoor::default();
    let guess = |now| (0..250).filter(|&last| attempt(&door, address(last), now, false) == WRONG).count();
    assert_eq!(guess(START), 250, "each may err once as a newcomer");
    // What all have together is used up by then: whoever erred lately waits, although each of them erred but once.
    assert_eq!(guess(START + SECOND), 0);
    assert!(matches!(in_turn(&door, address(1), START + SECOND, false), Attempt::Wrong(wait) if !wait.is_zero()));
    assert!(door.alarm(START + SECOND));
    for (right, expected) in [(true, RIGHT), (false, WRONG)] {
        assert_eq!(attempt(&door, IpAddr::from([198, 51, 100, 7]), START + SECOND, right), expected);
    }
    assert_eq!(in_turn(&door, address(1), START + SECOND, true), RIGHT);
}

#[test]
fn the_log_says_once_a_minute_that_somebody_is_guessing() {
    let door = JoinDoor::default();
    let said: Vec<bool> = [0, 1, 59, 60, 61, -3600].map(|seconds| door.tries().guessing(START + seconds * SECOND)).to_vec();
    assert_eq!(said, [true, false, false, true, false, true]);
}

#[test]
fn an_ipv6_network_is_one_address_and_a_mapped_one_is_its_ipv4() {
    let check = |one: &str, other: &str, same: bool| {
        let [one, other] = [one, other].map(|address| network_of(address.parse().unwrap()));
        assert_eq!(one == other, same, "{one} {other}");
    };
    check("2001:db8::1", "2001:db8::ffff:1:2", true);
    check("2001:db8::1", "2001:db8:0:1::1", false);
    check("::ffff:192.0.2.1", "192.0.2.1", true);
    check("192.0.2.1", "192.0.2.2", false);
}

#[test]
fn a_school_joins_at_once_and_one_pupil_is_not_thousands() {
    let door = JoinDoor::default();
    let joined = |from: IpAddr, now| (0..1000).filter(|_| door.join(from, ONE, now).is_ok()).count();
    assert_eq!((joined(address(1), START), joined(address(2), START)), (400, 400), "each address has its own");
    assert_eq!(door.join(address(1), ONE, START), Err(Duration::from_secs(1)));
    assert_eq!(door.join(address(1), OTHER, START), Ok(()), "in each lesson its own");
    assert_eq!(door.file(address(1), ONE, START).now_or_never(), Some(Ok(())), "files have their own");
    assert_eq!(joined(address(1), START + 60 * SECOND), 60);
    assert_eq!(joined(address(1), START - 3600 * SECOND), 0, "the clock set back gives nothing");
    assert_eq!(counts(&door), [0, 0, 0, 600 + 600 + 1 + 940 + 1000, 0]);
    for own in ["127.0.0.1", "::1", "::ffff:127.0.0.1"] {
        assert_eq!(joined(own.parse().unwrap(), START), 1000, "a program on the hub's own machine: {own}");
    }
}

#[test]
fn a_join_that_became_none_costs_nothing() {
    let door = JoinDoor::new(Allowance { most: 2.0, per_minute: 1.0 });
    for _ in 0..100 {
        assert_eq!(door.join(address(1), ONE, START), Ok(()));
        door.not_joined(address(1), ONE);
    }
    assert_eq!([0; 3].map(|_| door.join(address(1), ONE, START).is_ok()), [true, true, false], "and gains nothing");
}

#[tokio::test(start_paused = true)]
async fn files_have_their_own_allowance_and_come_one_by_one_beyond_it() {
    let door = JoinDoor::new(Allowance { most: 2.0, per_minute: 1.0 });
    for lesson in [ONE, OTHER] {
        let at_once = (0..1000).filter(|_| door.file(address(1), lesson, START).now_or_never().is_some()).count();
        assert_eq!(at_once, 200);
    }
    assert_eq!(door.join(address(1), ONE, START), Ok(()));
    // A bot that goes on takes turns with whoever scans.
    let begun = tokio::time::Instant::now();
    let bot = async {
        loop {
            let _ = door.file(address(1), ONE, START).await;
        }
    };
    tokio::select! {
        _ = bot => {}
        file = async { tokio::time::sleep(ONE_SECOND).await; door.file(address(1), ONE, START).await } => assert_eq!(file, Ok(())),
    }
    assert!(begun.elapsed() < 2 * ONE_SECOND, "{:?}", begun.elapsed());
}

const ONE_SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_bounded_number_of_addresses_is_remembered() {
    let door = JoinDoor::default();
    for number in 0..2 * ADDRESSES as u32 {
        let _ = attempt(&door, IpAddr::from(number.to_be_bytes()), START + i64::from(number), false);
    }
    for number in 0..2 * ADDRESSES as u32 {
        assert_eq!(door.join(IpAddr::from((number + (1 << 24)).to_be_bytes()), ONE, START + i64::from(number)), Ok(()));
    }
    assert_eq!((door.tries().remembered(), door.joins.all().len()), (ADDRESSES, ADDRESSES));
}

#[test]
fn what_could_not_be_looked_up_is_nobodys_mistake() {
    let door = JoinDoor::default();
    for _ in 0..100 {
        assert_eq!(door.attempt(address(1), false, START, || Err::<Option<()>, _>("the disk")), Err("the disk"));
    }
    assert_eq!(counts(&door), [0, 0, 0, 0, 0]);
}
