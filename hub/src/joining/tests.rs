use super::*;

const SECOND: Micros = 1_000_000;
const START: Micros = 1_767_437_012_000_000;

fn address(last: u8) -> IpAddr {
    IpAddr::from([192, 0, 2, last])
}

/// What a code got: `Ok(true)` right, `Ok(false)` wrong, `Err` the seconds to wait.
fn attempt(door: &JoinDoor, from: IpAddr, now: Micros, right: bool) -> Result<bool, u64> {
    let found = door.attempt(from, now, || Ok::<_, ()>(right.then_some(())));
    found.map(|found| found.unwrap().is_some()).map_err(|wait| wait.as_secs_f64().ceil() as u64)
}

fn counts(door: &JoinDoor) -> Vec<u64> {
    door.by_reason().map(|(_, count)| count).collect()
}

#[test]
fn a_class_behind_one_router_is_never_held_up() {
    let door = JoinDoor::default();
    for _ in 0..30 {
        assert_eq!(attempt(&door, address(1), START, false), Ok(false));
        assert_eq!(attempt(&door, address(1), START, true), Ok(true));
    }
    // Right codes cost no wrong ones, however many.
    for _ in 0..1000 {
        assert_eq!(attempt(&door, address(1), START, true), Ok(true));
    }
    assert_eq!(counts(&door), [30, 0, 0, 0]);
    assert!(!door.alarm(START));
}

#[test]
fn a_guesser_waits_and_others_do_not() {
    let door = JoinDoor::default();
    let answered = (0..1000).filter(|_| attempt(&door, address(1), START, false).is_ok()).count();
    assert_eq!(answered, 40);
    assert_eq!(attempt(&door, address(1), START, true), Err(6), "not even a right one: the answer would tell");
    assert_eq!(attempt(&door, address(2), START, true), Ok(true));
    assert!(door.alarm(START + 59 * SECOND) && !door.alarm(START + 61 * SECOND));
    assert_eq!(attempt(&door, address(1), START + 6 * SECOND, false), Ok(false));
    assert_eq!(attempt(&door, address(1), START + 6 * SECOND, false), Err(6));
    // The clock set back gives nothing.
    assert!(attempt(&door, address(1), START - 3600 * SECOND, false).is_err());
    assert_eq!(counts(&door), [41, 963, 0, 0]);
    // In 45 minutes a guesser that never rests gets ten a minute.
    let minutes =
        |from: i64, to: i64| (from * 60..to * 60).filter(|second| attempt(&door, address(3), START + second * SECOND, false).is_ok());
    assert_eq!(minutes(0, 45).count(), 40 + 449);
}

#[test]
fn many_addresses_share_one_allowance_and_newcomers_pass() {
    let door = JoinDoor::default();
    let guesses = |now| (0..250).map(|last| (0..3).filter(|_| attempt(&door, address(last), now, false).is_ok()).count()).sum::<usize>();
    // Each may err once as a newcomer; what is beyond that comes out of what all have together.
    let first = guesses(START);
    assert!((250..=250 + 150).contains(&first), "{first}");
    // While the allowance is used up, a minute later brings what a minute brings, not one for each address.
    assert_eq!(guesses(START + 60 * SECOND), 30);
    assert_eq!(attempt(&door, IpAddr::from([198, 51, 100, 7]), START + 60 * SECOND, true), Ok(true));
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
    let joined = |from: IpAddr, now| (0..1000).filter(|_| door.join(from, now).is_ok()).count();
    assert_eq!((joined(address(1), START), joined(address(2), START)), (400, 400), "each address has its own");
    assert_eq!(door.join(address(1), START), Err(Duration::from_secs(1)));
    assert_eq!(joined(address(1), START + 60 * SECOND), 60);
    assert_eq!(joined(address(1), START - 3600 * SECOND), 0, "the clock set back gives nothing");
    assert_eq!(counts(&door), [0, 0, 0, 600 + 600 + 1 + 940 + 1000]);
    for own in ["127.0.0.1", "::1", "::ffff:127.0.0.1"] {
        assert_eq!(joined(own.parse().unwrap(), START), 1000, "a program on the hub's own machine: {own}");
    }
}

#[test]
fn a_bounded_number_of_addresses_is_remembered() {
    let door = JoinDoor::default();
    for number in 0..2 * ADDRESSES as u32 {
        let _ = attempt(&door, IpAddr::from(number.to_be_bytes()), START + i64::from(number), false);
    }
    for number in 0..2 * ADDRESSES as u32 {
        assert_eq!(door.join(IpAddr::from((number + (1 << 24)).to_be_bytes()), START + i64::from(number)), Ok(()));
    }
    assert_eq!((door.tries().addresses.len(), door.joins.lock().unwrap().len()), (ADDRESSES, ADDRESSES));
}

#[test]
fn what_could_not_be_looked_up_is_nobodys_mistake() {
    let door = JoinDoor::default();
    for _ in 0..100 {
        assert_eq!(door.attempt(address(1), START, || Err::<Option<()>, _>("the disk")), Ok(Err("the disk")));
    }
    assert_eq!(counts(&door), [0, 0, 0, 0]);
}
