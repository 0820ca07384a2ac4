//! Logs that are context.

use super::*;

#[test]
fn context_is_plain_where_there_is_a_choice() {
    let root = folder("a/0800 a/0801 a/0802");
    for packed in ["a/2017-0427-080000.log.gz", "a/2017-0427-080100.log.gz"] {
        fs::write(root.path().join(packed), "").unwrap();
    }
    let until = request(root.path(), &["a"], None, "20170427:0800-20170427:080030");
    assert_eq!(listed(root.path(), &until), "0:a/0800 (0:+a/0801) (0:+a/0802)");
    let last = request(root.path(), &["a"], Some(1), "2017-20170427:080130");
    assert_eq!(listed(root.path(), &last), "0:?a/0801 (0:+a/0802)");
}

#[test]
fn context_is_listed_around_the_chosen_logs_only() {
    let root = folder("a/0800 a/0801 a/0802 a/0803 a/0804 a/0805 a/0806 a/0807 a/0808 a/0809 b/0804");
    let path = |short: &str| {
        let (folder, time) = short.split_once('/').unwrap();
        root.path().join(folder).join(format!("2017-0427-{time}00.log"))
    };
    for (inputs, context, expected) in [
        // No more than four before, which begin with nothing, and four after.
        (
            "a/0805",
            "a/0800 a/0801 a/0802 a/0803 a/0804",
            "<0:a/0801> <0:+a/0802> <0:+a/0803> <0:+a/0804> 0:+a/0805",
        ),
        (
            "a/0804",
            "a/0803 a/0805 a/0806 a/0807 a/0808 a/0809",
            "<0:a/0803> 0:+a/0804 (0:+a/0805) (0:+a/0806) (0:+a/0807) (0:+a/0808)",
        ),
        ("a/0800", "a/0801", "0:a/0800 (0:+a/0801)"),
        ("a/0801", "a/0800", "<0:a/0800> 0:+a/0801"),
        // Between two chosen ones it joins them.
        ("a/0801 a/0803", "a/0802", "0:a/0801 <0:+a/0802> 0:+a/0803"),
        (
            "a/0801 a/0804",
            "a/0802 a/0803",
            "0:a/0801 <0:+a/0802> <0:+a/0803> 0:+a/0804",
        ),
        // Of another server it is of no use.
        ("a/0805 a/0804 a/0803", "b/0804", "0:a/0803 0:+a/0804 0:+a/0805"),
        // It never counts, also where it is named among the others.
        ("a/0800 a/0801", "a/0801", "0:a/0800 (0:+a/0801)"),
    ] {
        let names = |list: &str| list.split_whitespace().map(path).collect::<Vec<_>>();
        let request = Request {
            inputs: names(inputs).into_iter().map(Into::into).collect(),
            context: names(context),
            ..Request::default()
        };
        assert_eq!(listed(root.path(), &request), expected, "{inputs}: {context}");
    }
    let request = Request {
        inputs: vec![path("a/0800").into()],
        context: vec![root.path().join("none.log")],
        ..Request::default()
    };
    let problems = select(&request).problems;
    assert_eq!(problems.len(), 1, "{problems:?}");
}
