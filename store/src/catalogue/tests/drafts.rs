//! Drafts of templates.

use super::*;

fn draft(id: u64) -> Draft {
    Draft { id, title: format!("Draft {id}"), made: 5, changed: 5, removed: None }
}

#[test]
fn a_draft_is_saved_and_nobody_is_overwritten_unseen() {
    let (folder, catalogue) = catalogue();
    catalogue.add_draft(&draft(u64::MAX), b"one").unwrap();
    catalogue.add_draft(&draft(2), b"two").unwrap();
    assert_eq!(catalogue.save_draft(2, 5, "Fall", b"three", 9).unwrap(), 9);
    let conflict = catalogue.save_draft(2, 5, "Pendulum", b"four", 10);
    assert!(matches!(conflict, Err(Error::Conflict(Conflict::DraftChanged))), "{conflict:?}");
    assert_eq!(catalogue.save_draft(2, 9, "Fall", b"five", 9).unwrap(), 10, "it grows, whatever the clock says");
    assert!(matches!(catalogue.save_draft(3, 5, "", b"", 9), Err(Error::NotFound(_))));
    drop(catalogue);
    let catalogue = Catalogue::open(folder.path()).unwrap();
    let saved = Draft { title: "Fall".to_owned(), changed: 10, ..draft(2) };
    assert_eq!(catalogue.draft(2).unwrap(), Some((saved.clone(), b"five".to_vec())));
    assert_eq!(catalogue.drafts().unwrap(), [saved, draft(u64::MAX)], "the one saved last first");
}

#[test]
fn a_draft_that_was_thrown_away_comes_back_until_it_is_forgotten() {
    let (_folder, catalogue) = catalogue();
    catalogue.add_draft(&draft(1), b"one").unwrap();
    catalogue.remove_draft(1, Some(20)).unwrap();
    assert_eq!(catalogue.draft(1).unwrap().unwrap().0.removed, Some(20));
    assert_eq!(catalogue.forget_drafts(20).unwrap(), 0);
    catalogue.remove_draft(1, None).unwrap();
    assert_eq!(catalogue.draft(1).unwrap().unwrap().0, draft(1));
    catalogue.remove_draft(1, Some(20)).unwrap();
    assert_eq!(catalogue.forget_drafts(21).unwrap(), 1);
    assert!(matches!(catalogue.remove_draft(1, None), Err(Error::NotFound(_))));
}

#[test]
fn drafts_are_bounded() {
    let (_folder, catalogue) = catalogue();
    (0..200).for_each(|id| catalogue.add_draft(&draft(id), b"").unwrap());
    assert!(matches!(catalogue.add_draft(&draft(200), b""), Err(Error::Conflict(Conflict::DraftsFull))));
}
