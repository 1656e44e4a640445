use std::sync::mpsc;

use super::*;

fn thing(number: u64) -> ThingId {
    ThingId(number)
}

fn left(uploads: &Uploads) -> (usize, usize) {
    (uploads.arriving.available_permits(), uploads.filing.available_permits())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_hangs_up_gives_nothing_back_before_the_work_is_done() {
    let uploads = Uploads::default();
    let mut place = uploads.place(thing(1)).unwrap();
    uploads.turn(&mut place).await.unwrap();
    let (go_on, wait) = mpsc::channel::<()>();
    let waiting = holding(place, move || wait.recv());
    assert!(tokio::time::timeout(Duration::from_millis(50), waiting).await.is_err());
    assert_eq!(left(&uploads), (7, 0));
    assert_eq!(uploads.place(thing(1)).unwrap_err().code, "upload_running");
    let mut next = uploads.place(thing(2)).unwrap();
    go_on.send(()).unwrap();
    uploads.turn(&mut next).await.unwrap();
    drop(next);
    assert_eq!(left(&uploads), (8, 1));
    assert!(uploads.place(thing(1)).is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn work_that_panics_is_a_damaged_file_and_frees_its_place() {
    let uploads = Uploads::default();
    let mut place = uploads.place(thing(1)).unwrap();
    uploads.turn(&mut place).await.unwrap();
    let refused = holding::<()>(place, || panic!("a reader's defect")).await.unwrap_err();
    assert_eq!((refused.code, left(&uploads)), ("export_damaged", (8, 1)));
    assert!(uploads.place(thing(1)).is_ok());
}

#[test]
fn each_thing_has_one_place_of_eight() {
    let uploads = Uploads::default();
    let held: Vec<Place> = (0..8).map(|number| uploads.place(thing(number)).unwrap()).collect();
    assert_eq!(uploads.place(thing(9)).unwrap_err().status, 503);
    drop(held);
    let _one = uploads.place(thing(1)).unwrap();
    let refused = uploads.place(thing(1)).unwrap_err();
    assert_eq!((refused.status, refused.code, left(&uploads)), (409, "upload_running", (7, 1)));
}
