use super::*;

fn set(norad: u32, epoch: Micros) -> ElementSet {
    ElementSet { norad, name: format!("sat {norad}"), epoch, came: 7, source: "teacher".to_owned(), omm: format!("{{{epoch}}}") }
}

#[test]
fn newer_elements_replace_older_ones_and_not_the_other_way_round() {
    let (folder, catalogue) = catalogue();
    assert_eq!(catalogue.put_elements(&[set(25544, 10), set(5, 3)]).unwrap(), 0);
    assert_eq!(catalogue.put_elements(&[set(25544, 9), set(5, 4), set(999_999_999, 1)]).unwrap(), 1);
    drop(catalogue);
    let catalogue = Catalogue::open(folder.path()).unwrap();
    assert_eq!(catalogue.elements().unwrap(), [set(5, 4), set(25544, 10), set(999_999_999, 1)]);
    let nameless = ElementSet { name: String::new(), ..set(5, 6) };
    catalogue.put_elements(std::slice::from_ref(&nameless)).unwrap();
    assert_eq!(catalogue.elements_of(5).unwrap(), Some(ElementSet { name: "sat 5".to_owned(), ..nameless }), "a name is not lost");
    catalogue.remove_elements(5).unwrap();
    assert_eq!(catalogue.elements_of(5).unwrap(), None);
    assert!(matches!(catalogue.remove_elements(5), Err(Error::NotFound(_))));
}

#[test]
fn the_oldest_of_very_many_go() {
    let (_folder, catalogue) = catalogue();
    let many: Vec<ElementSet> = (0..510).map(|number| set(number, Micros::from(number))).collect();
    catalogue.put_elements(&many).unwrap();
    let left = catalogue.elements().unwrap();
    assert_eq!((left.len(), left[0].norad), (500, 10));
}

#[test]
fn the_school_is_remembered_and_forgotten() {
    let (folder, catalogue) = catalogue();
    assert_eq!(catalogue.school().unwrap(), None);
    let school =
        School { name: "Otter".to_owned(), latitude: 52.5, longitude: 13.4, elevation_m: 34.0, time_zone: "Europe/Berlin".to_owned() };
    catalogue.set_school(Some(&School { name: "Fox".to_owned(), ..school.clone() })).unwrap();
    catalogue.set_school(Some(&school)).unwrap();
    drop(catalogue);
    let catalogue = Catalogue::open(folder.path()).unwrap();
    assert_eq!(catalogue.school().unwrap(), Some(school));
    catalogue.set_school(None).unwrap();
    assert_eq!(catalogue.school().unwrap(), None);
}
