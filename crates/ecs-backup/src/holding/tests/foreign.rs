//! What is not a hold.

use super::*;

#[test]
fn something_else_of_that_name_is_left_alone() {
    for make in [(|path: &Path| fs::write(path, "").unwrap()) as fn(&Path), |path| {
        std::os::unix::fs::symlink("/", path).unwrap()
    }] {
        let case = Case::new(&[12]);
        case.run();
        make(&case.dst("held"));
        case.log(13, "log 13");
        assert_eq!(case.run().n_copied, 1);
        assert!(case.begin("a", RANGE).is_err());
        assert!(case.release("a").unwrap_err().is_of_hold());
    }
}

#[test]
fn a_folder_in_held_that_is_no_hold_is_left_alone() {
    let case = Case::new(&[12]);
    fs::create_dir_all(case.dst("held/-a")).unwrap();
    fs::write(case.dst("held/-a").join(name(12)), "other").unwrap();
    assert_eq!(case.run().n_copied, 1);
    assert_eq!(case.lies(""), "12");
}

#[test]
fn a_folder_of_holds_to_which_everybody_may_write_is_refused_and_what_is_held_stays() {
    use std::os::unix::fs::PermissionsExt;
    let case = Case::new(&[12, 30]);
    case.run();
    case.hold("a", RANGE);
    let set = |mode| fs::set_permissions(case.dst("held"), fs::Permissions::from_mode(mode)).unwrap();
    set(0o777);
    case.log(13, "log 13");
    let folders = Folders::prepare(&case.options).unwrap();
    let planned = folders.plan(&case.options, Checking::Newest);
    assert!(planned.unwrap_err().is_open_to_all());
    assert!(case.begin("b", RANGE).unwrap_err().is_open_to_all());
    assert!(case.release("a").unwrap_err().is_open_to_all());
    set(0o755);
    assert_eq!(case.run().n_copied, 1);
    assert_eq!((case.lies(""), case.lies("held/a")), (String::new(), "12 13 30".into()));
}
